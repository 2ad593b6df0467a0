from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints(
            "product_id", self
        )
        for product in self:
            product.complaint_count = counts[product]

    def action_view_complaints(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {
            **action,
            "domain": [("line_ids.product_id", "in", self.ids)],
            "context": {},
        }
