from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_complaint_count(self):
        for template in self:
            template.complaint_count = sum(
                template.product_variant_ids.mapped("complaint_count")
            )

    def action_view_complaints(self):
        return self.product_variant_ids.action_view_complaints()
