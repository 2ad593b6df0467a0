from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    chargeback_id = fields.Many2one(
        "quality.complaint.chargeback",
        "Supplier Complaint",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    chargeback_bill_line_id = fields.Many2one(
        "account.move.line",
        "Credits Bill Line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    chargeback_credit_line_ids = fields.One2many(
        "account.move.line", "chargeback_bill_line_id", "Bill Line Credited By"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name != "chargeback_id"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if (
            vals.keys() & {"chargeback_id", "chargeback_bill_line_id"}
            and not self.env.su
        ):
            raise UserError(
                self.env._(
                    "A vendor credit note is linked to a supplier complaint by the "
                    "complaint's button only."
                )
            )
        return super().write(vals)

    def _copy_data_extend_business_fields(self, values):
        # reversals remember which line they credit, so that hand-made credit notes are
        # counted exactly
        result = super()._copy_data_extend_business_fields(values)
        if self.move_id.move_type == "in_invoice" and self.display_type == "product":
            values["chargeback_bill_line_id"] = self.id
        return result

    def _chargeback_left(self, without=None):
        """What of this vendor bill line is not credited yet, drafts included, whoever
        made the credit notes.

        Credits without goods count by amount only. Credit notes made without reversing
        the bill are found by their order line
        or, on a reversal, by their product.

        :param without: credit note lines not to count
        :return: (quantity in this line's unit, untaxed amount)
        """
        self.ensure_one()
        lines = self.chargeback_credit_line_ids
        lines |= self.move_id.reversal_move_ids.invoice_line_ids.filtered(
            lambda line: (
                not line.chargeback_bill_line_id
                and line.product_id
                and line.product_id == self.product_id
            )
        )
        if (
            len(
                self.purchase_line_id.invoice_lines.filtered(
                    lambda line: (
                        line.move_id.move_type == "in_invoice"
                        and line.parent_state != "cancel"
                    )
                )
            )
            == 1
        ):
            lines |= self.purchase_line_id.invoice_lines.filtered(
                lambda line: not line.chargeback_bill_line_id
            )
            lines |= self.search(
                [
                    ("chargeback_id.purchase_line_id", "=", self.purchase_line_id.id),
                    ("chargeback_bill_line_id", "=", False),
                ]
            )
        lines = lines.filtered(
            lambda line: (
                line.move_id.move_type == "in_refund" and line.parent_state != "cancel"
            )
        ) - (without or self.browse())
        unit = self.product_uom_id
        quantity = sum(
            line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
            for line in lines
            if line.product_id
            and line.product_uom_id
            and unit
            and line.product_uom_id._has_common_reference(unit)
        )
        credited = sum(
            line.currency_id._convert(
                line.price_subtotal, self.currency_id, self.company_id, line.date
            )
            for line in lines
        )
        return self.quantity - quantity, self.currency_id.round(
            self.price_subtotal - credited
        )
