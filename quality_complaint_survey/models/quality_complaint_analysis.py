from odoo import fields, models


class QualityComplaintAnalysis(models.Model):
    """Surveys evaluated in the period are an input to its analysis."""

    _inherit = "quality.complaint.analysis"

    survey_campaign_ids = fields.Many2many(
        "quality.complaint.survey.campaign",
        string="Satisfaction Surveys",
        compute="_compute_survey_campaign_ids",
    )

    def _compute_survey_campaign_ids(self):
        campaigns = self.env["quality.complaint.survey.campaign"]
        may_read = campaigns.has_access("read")
        for analysis in self:
            analysis.survey_campaign_ids = may_read and campaigns._of_period(
                analysis.company_id, analysis.date_from, analysis.date_to
            )
