from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line",
        "Complaint Remedy",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name != "remedy_line_id"
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _complaint_goods_to_deliver(self):
        """What leaves the warehouse for these lines; a bridge knows what kits are made
        of.

        :return: `product.product`
        """
        return self.product_id

    def _action_launch_stock_rule(self, **options):
        # also what is added to an order that was confirmed before the hold
        self.order_id._check_complaint_holds(self)
        return super()._action_launch_stock_rule(**options)

    def write(self, vals):
        if "remedy_line_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "An order is linked to a complaint by the remedy that made it."
                )
            )
        return super().write(vals)

    def _prepare_procurement_values(self):
        return {
            **super()._prepare_procurement_values(),
            "remedy_line_id": self.sudo().remedy_line_id.id,
        }  # sudo: only its id

    @api.depends("remedy_line_id")
    def _compute_qty_to_invoice(self):
        result = super()._compute_qty_to_invoice()
        # what a remedy gives is never invoiced
        self.filtered("remedy_line_id").qty_to_invoice = 0.0
        return result

    def _prepare_qty_delivered(self):
        """What an exchange brings back and sends again is the same goods, although each
        transfer is rounded to the order's unit.

        Odoo adds rounded transfers up: 15 pieces back and three times 5 sent are -1.25
        and 3 × 0.42 dozen; 0.01 dozen would be invoiced.
        """
        delivered = super()._prepare_qty_delivered()
        # sudo: salespeople see no complaints; lines without an exchange are left as
        # they are
        for line in self.sudo().filtered(
            lambda line: (
                line.qty_delivered_method == "stock_move"
                and line.move_ids.remedy_line_id
            )
        ):
            outgoing, incoming = line._get_outgoing_incoming_moves()
            exchanged = (outgoing | incoming).filtered(
                lambda move: (
                    move.state == "done" and move.remedy_line_id.kind == "replacement"
                )
            )
            unit = line.product_id.uom_id
            for moves in exchanged.grouped("remedy_line_id").values():
                exact = rounded = 0.0
                for move in moves:
                    sign = 1 if move in outgoing else -1
                    exact += sign * move.product_uom._compute_quantity(
                        move.quantity, unit, round=False
                    )
                    rounded += sign * move.product_uom._compute_quantity(
                        move.quantity, line.product_uom_id, rounding_method="HALF-UP"
                    )
                delivered[line] += (
                    unit._compute_quantity(
                        exact, line.product_uom_id, rounding_method="HALF-UP"
                    )
                    - rounded
                )
            # goods that came back before their invoice and are replaced outside of this
            # order: the customer pays for them after all
            for row in line.move_ids.remedy_line_id.complaint_line_id.remedy_line_ids:
                if (
                    row.kind == "replacement"
                    and row.before_invoice
                    and row.remedy_id.state not in ("refused", "cancelled")
                ):
                    delivered[line] += row.product_uom_id._compute_quantity(
                        row.before_invoice,
                        line.product_uom_id,
                        rounding_method="HALF-UP",
                    )
        return delivered
