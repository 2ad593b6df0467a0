from odoo import api, fields, models


class QualityComplaintKpiWeight(models.Model):
    """How much an indicator counts in the appraisal of a department or a person
    (R1 §13: the results count in the appraisal).
    """

    _name = "quality.complaint.kpi.weight"
    _description = "Weight of a KPI"
    _inherit = ["quality.complaint.policy.part"]
    _order = "policy_id, kpi_id"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one(
        "quality.complaint.kpi", "KPI", required=True, ondelete="cascade"
    )
    points = fields.Float(
        digits=(16, 2),
        required=True,
        help=(
            "Given when the target is reached; below it, the part of them that was "
            "reached of the target."
        ),
    )

    _kpi_uniq = models.Constraint(
        "UNIQUE (policy_id, kpi_id)", "A KPI has one weight in a policy."
    )
    _points_positive = models.Constraint(
        "CHECK (points > 0)", "The points of a KPI must be more than 0."
    )


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    kpi_weight_ids = fields.One2many(
        "quality.complaint.kpi.weight", "policy_id", "KPIs in Appraisals", copy=False
    )

    @api.model
    def _tables(self):
        return [*super()._tables(), "kpi_weight_ids"]
