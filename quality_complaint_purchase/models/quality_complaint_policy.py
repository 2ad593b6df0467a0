from odoo import api, fields, models


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    supplier_answer_days = fields.Integer(
        "Supplier Answers Within (days)",
        default=2,
        most=3650,
        help="When the answer to a supplier complaint is due.",
    )
    supplier_rule_ids = fields.One2many(
        "quality.complaint.supplier.rule", "policy_id", "Supplier Rules", copy=False
    )

    _supplier_days_positive = models.Constraint(
        "CHECK (supplier_answer_days >= 1)",
        "A supplier must have at least one day to answer.",
    )

    @api.model
    def _tables(self):
        return [*super()._tables(), "supplier_rule_ids"]
