from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    complaint_held = fields.Boolean(
        "Some of It on Hold", readonly=True, copy=False, help="Some hold is about it."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name != "complaint_held"
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if "complaint_held" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A product is put on hold, and off it, by a hold: see there."
                )
            )
        return super().write(vals)

    def _compute_complaint_count(self):
        for template in self:
            template.complaint_count = sum(
                template.product_variant_ids.mapped("complaint_count")
            )

    def action_view_complaints(self):
        return self.product_variant_ids.action_view_complaints()
