from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    complaint_survey_stop = fields.Boolean(
        "No Surveys",
        help="Does not want to be asked by satisfaction surveys.",
    )
    complaint_survey_ids = fields.One2many(
        "quality.complaint.survey.recipient",
        "commercial_partner_id",
        "Satisfaction Surveys",
        domain=[("returned_on", "!=", False)],
        groups="quality_complaint.group_quality_complaint_officer",
    )

    def _declines_surveys(self):
        """Whether nobody of this customer wants to be asked: they themselves, or all
        their people who have an address.
        """
        self.ensure_one()
        if self.complaint_survey_stop:
            return True
        people = self.child_ids.filtered(
            lambda person: person.type == "contact" and person.email
        )
        return bool(
            not self.email
            and people
            and all(person.complaint_survey_stop for person in people)
        )
