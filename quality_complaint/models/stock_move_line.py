from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # what moved of a lot: Odoo has no index for it
    _complaint_lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")
