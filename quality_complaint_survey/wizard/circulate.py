from odoo import api, fields, models


class QualityComplaintCirculate(models.TransientModel):
    """A survey is circulated like an analysis."""

    _inherit = "quality.complaint.circulate"

    survey_campaign_id = fields.Many2one(
        "quality.complaint.survey.campaign", ondelete="cascade"
    )

    @api.depends("survey_campaign_id")
    def _compute_company_id(self):
        result = super()._compute_company_id()
        for dialog in self.filtered("survey_campaign_id"):
            dialog.company_id = dialog.survey_campaign_id.company_id
        return result

    @api.depends("survey_campaign_id")
    def _compute_user_ids(self):
        result = super()._compute_user_ids()
        for dialog in self.filtered("survey_campaign_id"):
            campaign = dialog.survey_campaign_id
            dialog.user_ids = (
                campaign.company_id._complaint_readers() - campaign.reader_ids
            )
        return result

    def action_send(self):
        self.ensure_one()
        if self.survey_campaign_id:
            self.survey_campaign_id._circulate(self.user_ids)
            return {"type": "ir.actions.act_window_close"}
        return super().action_send()
