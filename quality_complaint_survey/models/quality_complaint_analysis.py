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
        for analysis in self:
            analysis.survey_campaign_ids = self.env[
                "quality.complaint.survey.campaign"
            ]._of_period(analysis.company_id, analysis.date_from, analysis.date_to)
