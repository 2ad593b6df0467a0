from odoo import api, fields, models
from odoo.exceptions import UserError


class QualityComplaintProblem(models.Model):
    """A dimension or a customer that a survey found neutral or worse."""

    _inherit = "quality.complaint.problem"

    survey_campaign_id = fields.Many2one(
        "quality.complaint.survey.campaign",
        "Satisfaction Survey",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    survey_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )

    def _is_open_to_changes(self):
        # sudo: only its status
        state = self.sudo().survey_campaign_id.state
        return super()._is_open_to_changes() and state in (
            "running",
            "evaluated",
            "cancelled",
            False,
        )

    @api.model_create_multi
    def create(self, vals_list):
        problems = super().create(vals_list)
        for problem in problems:
            if problem.survey_campaign_id and not problem._is_open_to_changes():
                raise UserError(
                    self.env._(
                        "%s is submitted: take it back to add a problem.",
                        problem.survey_campaign_id.name,
                    )
                )
        return problems

    @api.ondelete(at_uninstall=False)
    def _unlink_with_its_survey_only(self):
        for problem in self:
            if problem.survey_campaign_id and not self.env.su:
                raise UserError(
                    self.env._(
                        "“%s” stays with its survey: say why it is so, and what is "
                        "done.",
                        problem.name,
                    )
                )

    def _complaint_domain(self):
        self.ensure_one()
        if self.survey_campaign_id:
            campaign = self.survey_campaign_id
            return [
                ("company_id", "=", self.company_id.id),
                ("received_on", ">=", campaign.date_from),
                ("received_on", "<=", campaign.date_to),
                *(
                    [("commercial_partner_id", "=", self.survey_partner_id.id)]
                    if self.survey_partner_id
                    else [("id", "=", False)]
                ),
            ]
        return super()._complaint_domain()
