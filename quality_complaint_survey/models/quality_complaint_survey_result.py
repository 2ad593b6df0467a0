from odoo import fields, models


class QualityComplaintSurveyResult(models.Model):
    """What one customer says of one dimension: for pivots and graphs."""

    _name = "quality.complaint.survey.result"
    _description = "Satisfaction by Dimension"
    _inherit = ["quality.complaint.guarded"]
    _order = "recipient_id, dimension_id"
    _rec_name = "dimension_id"

    recipient_id = fields.Many2one(
        "quality.complaint.survey.recipient",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    campaign_id = fields.Many2one(
        related="recipient_id.campaign_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="recipient_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="recipient_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    user_id = fields.Many2one(
        related="recipient_id.user_id", string="Salesperson", store=True
    )
    categ_id = fields.Many2one(
        related="recipient_id.categ_id", string="Product Group", store=True
    )
    returned_on = fields.Datetime(related="recipient_id.returned_on", store=True)
    dimension_id = fields.Many2one(
        "quality.complaint.survey.dimension",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )
    group = fields.Selection(related="dimension_id.group", store=True)
    weight = fields.Float(readonly=True, fixed=True)
    score = fields.Float(
        "Satisfaction",
        digits=(16, 2),
        aggregator="avg",
        readonly=True,
        fixed=True,
        help="-90 to 90.",
    )
    grade_id = fields.Many2one(
        "quality.complaint.survey.grade",
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )


class QualityComplaintSurveySummary(models.Model):
    """What all customers of a survey say of one dimension, as it was evaluated."""

    _name = "quality.complaint.survey.summary"
    _description = "Result of a Satisfaction Survey"
    _inherit = ["quality.complaint.guarded"]
    _order = "campaign_id, dimension_id"
    _rec_name = "dimension_id"

    campaign_id = fields.Many2one(
        "quality.complaint.survey.campaign",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index=True
    )
    dimension_id = fields.Many2one(
        "quality.complaint.survey.dimension",
        required=True,
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )
    answers = fields.Integer(readonly=True, fixed=True)
    score = fields.Integer("Satisfaction", readonly=True, fixed=True)
    grade_id = fields.Many2one(
        "quality.complaint.survey.grade",
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )
    previous = fields.Integer("Last Time", readonly=True, fixed=True)
    has_previous = fields.Boolean(readonly=True, fixed=True)
