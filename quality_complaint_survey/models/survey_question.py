from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    complaint_dimension_id = fields.Many2one(
        "quality.complaint.survey.dimension",
        "Dimension of Satisfaction",
        ondelete="set null",
        index="btree_not_null",
        help=(
            "The scores of its choices, from -90 to 90, count for this dimension; one "
            "choice can be taken."
        ),
    )
