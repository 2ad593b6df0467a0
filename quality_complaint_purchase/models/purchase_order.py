from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supplier_complaint_count = fields.Integer(
        compute="_compute_supplier_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_supplier_complaint_count(self):
        counts = dict(
            self.env["quality.complaint.chargeback"]._read_group(
                [("purchase_id", "in", self.ids)], ["purchase_id"], ["__count"]
            )
        )
        for order in self:
            order.supplier_complaint_count = counts.get(order._origin, 0)

    def action_view_supplier_complaints(self):
        self.ensure_one()
        return (
            self.env["quality.complaint.chargeback"]
            .search([("purchase_id", "=", self.id)])
            ._open()
        )
