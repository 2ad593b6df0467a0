from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line", "Complaint Remedy", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{name: value for name, value in vals.items() if name != "remedy_line_id"} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if "remedy_line_id" in vals and not self.env.su:
            raise UserError(self.env._("An order is linked to a complaint by the remedy that made it."))
        return super().write(vals)

    def _prepare_procurement_values(self):
        return {**super()._prepare_procurement_values(), "remedy_line_id": self.sudo().remedy_line_id.id}  # sudo: only its id

    @api.depends("remedy_line_id")
    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        # what a remedy gives is never invoiced
        self.filtered("remedy_line_id").qty_to_invoice = 0.0
        return result
