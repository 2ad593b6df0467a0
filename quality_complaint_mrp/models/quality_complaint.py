from odoo import api, models

# move lines followed, newest first: a component lot may be in very many goods
MAX_LINES = 2000


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    @api.model
    def _costs_depend_on(self):
        orders = "inspection_ids.production_ids"
        return [
            *super()._costs_depend_on(),
            f"{orders}.name",
            *(
                f"{orders}.move_raw_ids.{name}"
                for name in ("state", "value", "date", "product_id")
            ),
        ]

    def _get_open_ends(self):
        # sudo: orders are named to whoever closes
        orders = self.sudo().inspection_ids.production_ids.filtered(
            lambda order: order.state not in ("done", "cancel")
        )
        return [
            *super()._get_open_ends(),
            *(
                (self.env._("%s: rework of returned goods", order.name), order)
                for order in orders
            ),
        ]

    def _supplier_lots(self, lots):
        """Also the goods made of the same lots of components."""
        found = super()._supplier_lots(lots)
        lines = self.env["stock.move.line"]
        made = lines.search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("consume_line_ids", "!=", False),
            ],
            limit=MAX_LINES,
        )
        components = made.consume_line_ids.lot_id
        components |= super()._supplier_lots(components)
        used = lines.search(
            [
                ("lot_id", "in", components.ids),
                ("state", "=", "done"),
                ("produce_line_ids", "!=", False),
            ],
            order="date desc, id desc",
            limit=MAX_LINES,
        )
        return (found | used.produce_line_ids.lot_id) - lots
