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
        groups="quality_complaint.group_quality_complaint_user",
    )
