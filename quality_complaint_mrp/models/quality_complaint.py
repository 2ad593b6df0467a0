from odoo import models

# move lines followed, newest first: a component lot may be in very many goods
MAX_LINES = 2000


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

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
