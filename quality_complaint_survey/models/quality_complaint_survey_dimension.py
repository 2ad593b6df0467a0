from odoo import fields, models


class QualityComplaintSurveyDimension(models.Model):
    """What a satisfaction survey asks about, and how much it weighs (R5, 003 4.4.1)."""

    _name = "quality.complaint.survey.dimension"
    _description = "Dimension of Satisfaction"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    group = fields.Selection(
        [
            ("communication", "Communication and response"),
            ("goods", "Goods"),
            ("service", "Service"),
        ],
        required=True,
        default="service",
    )
    sequence = fields.Integer(default=10)
    weight = fields.Float(
        default=1.0,
        digits=(16, 2),
        most=1000,
        help="How much it counts in the total; what was not answered counts nothing.",
    )
    active = fields.Boolean(default=True)

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A dimension counts more than nothing."
    )
