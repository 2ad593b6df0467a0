from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line", "Complaint Remedy", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
    complaint_quantity = fields.Float(
        copy=False, readonly=True, help="Exact quantity credited, in the unit of the remedy, where the invoice's unit has to be rounded."
    )
    complaint_reversed_line_id = fields.Many2one(
        "account.move.line", "Credits Invoice Line", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )
    complaint_credit_line_ids = fields.One2many("account.move.line", "complaint_reversed_line_id", "Credited By")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{name: value for name, value in vals.items() if name not in ("remedy_line_id", "complaint_quantity")} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"remedy_line_id", "complaint_quantity", "complaint_reversed_line_id"} and not self.env.su:
            raise UserError(self.env._("A credit note is linked to a complaint from the remedy (“Link a document”)."))
        return super().write(vals)

    def _copy_data_extend_business_fields(self, values):
        # reversals remember which line they credit, so that hand-made credit notes are counted exactly
        result = super()._copy_data_extend_business_fields(values)
        if self.move_id.move_type == "out_invoice" and self.display_type == "product":
            values["complaint_reversed_line_id"] = self.id
        return result

    def _complaint_exact_quantity(self):
        """Credited quantity in the unit of the remedy; the accountant's own change to the line counts."""
        self.ensure_one()
        line, unit = self.remedy_line_id, self.product_uom_id
        if line.remedy_id.kind != "refund" or not unit:
            return 0.0
        expected = line.product_uom_id._compute_quantity(self.complaint_quantity, unit, rounding_method="HALF-UP")
        if self.complaint_quantity and unit.compare(expected, self.quantity) == 0:
            return self.complaint_quantity
        return unit._compute_quantity(self.quantity, line.product_uom_id, round=False)

    def _complaint_credited(self, without=None):
        """Quantity (in this line's unit) and untaxed amount credited on this invoice line, drafts included, whoever made them.

        Price reductions count by amount only. Credit notes made without reversing the invoice are found by their order line.

        :param without: credit note lines not to count
        :return: (quantity, amount)
        """
        self.ensure_one()
        lines = self.complaint_credit_line_ids | self.sale_line_ids.invoice_lines.filtered(lambda line: not line.complaint_reversed_line_id)
        lines |= self.move_id.reversal_move_ids.invoice_line_ids.filtered(
            lambda line: not line.complaint_reversed_line_id and line.product_id and line.product_id == self.product_id
        )
        lines = lines.filtered(lambda line: line.move_id.move_type == "out_refund" and line.parent_state != "cancel") - (without or self.browse())
        quantity = 0.0
        for line in lines:
            if line.remedy_line_id:
                exact = line._complaint_exact_quantity()
                quantity += line.remedy_line_id.product_uom_id._compute_quantity(exact, self.product_uom_id, round=False) if exact else 0.0
            elif line.product_id and line.product_uom_id:
                quantity += line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id, round=False)
        return quantity, sum(lines.mapped("price_subtotal"))
