from dateutil.relativedelta import relativedelta

from odoo import fields, models


class QualityComplaint(models.Model):
    """The questionnaire after a case."""

    _inherit = "quality.complaint"

    survey_recipient_ids = fields.One2many(
        "quality.complaint.survey.recipient",
        "complaint_id",
        "Questionnaires",
        groups="quality_complaint.group_quality_complaint_officer",
    )

    def _plan_revisit(self):
        result = super()._plan_revisit()
        self._send_questionnaire("revisit")
        return result

    def _on_closed(self):
        result = super()._on_closed()
        self._send_questionnaire("closing")
        return result

    def _send_questionnaire(self, when):
        """Ask the customer by the questionnaire of the policy, unless they were asked
        lately or do not want it; the job sends it.

        :param str when: `revisit` or `closing`
        """
        # sudo: the flow asks, whoever answers or closes
        recipients = self.env["quality.complaint.survey.recipient"].sudo()
        for complaint in self.sudo():
            policy = complaint.policy_id
            partner = complaint.partner_id
            if (
                not policy.survey_id.active
                or policy.survey_when != when
                or not partner.email
                or not complaint.uses_severity
                or complaint.is_batch
                or partner.complaint_survey_stop
                or partner.commercial_partner_id.complaint_survey_stop
                or complaint._was_asked_lately()
            ):
                continue
            recipients |= recipients.create(
                {
                    "complaint_id": complaint.id,
                    "revisit_id": complaint.revisit_ids.filtered(
                        lambda row: row.state == "planned"
                    )[:1].id,
                    "company_id": complaint.company_id.id,
                    "partner_id": partner.id,
                    "contact_id": partner.id,
                }
            )
        if recipients:  # the job makes their answers and sends them
            self.env.ref("quality_complaint_survey.ir_cron_survey").sudo()._trigger()

    def _was_asked_lately(self):
        months = self.policy_id.survey_not_again
        since = fields.Datetime.now() - relativedelta(months=months)
        return bool(
            self.env["quality.complaint.survey.recipient"]
            .sudo()  # sudo: whichever company asked
            .search_count(
                [
                    ("commercial_partner_id", "=", self.commercial_partner_id.id),
                    "|",
                    ("sent_on", ">", since),
                    ("complaint_id", "=", self.id),
                    ("left_out", "=", False),
                ],
                limit=1,
            )
        )

    def _dropped_texts(self, person):
        texts = super()._dropped_texts(person)
        if person:
            # what a private person wrote in a questionnaire
            texts["quality.complaint.survey.remark"] = {"text": True}
        return texts
