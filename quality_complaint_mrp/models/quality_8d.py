from odoo import models
from odoo.fields import Domain

OPEN = ("confirmed", "progress", "to_close")


class Quality8d(models.Model):
    _inherit = "quality.8d"

    def _in_production(self, lots):
        """Components reserved for open manufacturing orders, and what these orders are
        making.
        """
        found = super()._in_production(lots)
        # sudo: quantities only, told to those who contain
        lines, orders = (
            self.env["stock.move.line"].sudo(),
            self.env["mrp.production"].sudo(),
        )
        here = Domain("company_id", "=", self.company_id.id)
        used = (
            here
            & Domain("lot_id", "in", lots.ids)
            & Domain("state", "not in", ("done", "cancel"))
            & Domain("location_id.usage", "=", "internal")
        )
        used &= Domain("move_id.raw_material_production_id.state", "in", OPEN)
        reserved = dict(
            lines._read_group(used, ["lot_id"], ["quantity_product_uom:sum"])
        )
        being_made = dict.fromkeys(lots, 0.0)
        for order in orders.search(
            here
            & Domain("lot_producing_ids", "in", lots.ids)
            & Domain("state", "in", OPEN)
        ):
            quantity = order.product_uom_id._compute_quantity(
                order.product_qty - order.qty_produced, order.product_id.uom_id
            )
            for lot in order.lot_producing_ids & lots:
                being_made[lot] += quantity / len(order.lot_producing_ids)
        return found | {
            lot: (reserved.get(lot, 0.0), being_made[lot])
            for lot in lots
            if reserved.get(lot) or being_made[lot]
        }
