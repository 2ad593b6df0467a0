from odoo import fields, models


class QualityComplaintPolicy(models.Model):
    """A questionnaire after the answer or the closing (R1 §11)."""

    _inherit = "quality.complaint.policy"

    survey_id = fields.Many2one(
        "survey.survey",
        "Questionnaire",
        ondelete="set null",
        help="Sent to the customer; the answer lands on the revisit.",
    )
    survey_when = fields.Selection(
        [("revisit", "With the revisit"), ("closing", "After closing")],
        "Sent",
        default="revisit",
    )
    survey_not_again = fields.Integer(
        "Not Again Within … Months",
        default=3,
        help="A customer who was asked within this time is not asked again.",
    )
