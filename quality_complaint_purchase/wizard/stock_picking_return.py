from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    chargeback_location_id = fields.Many2one(
        "stock.location", help="Where the goods of a supplier complaint are now."
    )

    def _prepare_picking_default_values(self):
        vals = super()._prepare_picking_default_values()
        if self.chargeback_location_id:
            vals["location_id"] = self.chargeback_location_id.id
            vals["location_dest_id"] = self.picking_id.location_id.id
        return vals


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    chargeback_id = fields.Many2one("quality.complaint.chargeback")
    chargeback_location_id = fields.Many2one("stock.location")

    def _prepare_move_default_values(self, new_picking):
        vals = super()._prepare_move_default_values(new_picking)
        if self.env.su and self.chargeback_id:
            vals["chargeback_id"] = self.chargeback_id.id
            if self.chargeback_location_id:
                vals["location_id"] = self.chargeback_location_id.id
        return vals
