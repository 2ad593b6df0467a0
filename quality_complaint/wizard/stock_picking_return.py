from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    complaint_return = fields.Boolean(
        help=(
            "Made by a remedy: the goods go to the warehouse's location for returned "
            "goods."
        )
    )

    def _prepare_picking_default_values(self):
        vals = super()._prepare_picking_default_values()
        if self.complaint_return:
            vals["location_dest_id"] = self.picking_id._complaint_return_location().id
        return vals


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    remedy_line_id = fields.Many2one("quality.complaint.remedy.line")

    def _prepare_move_default_values(self, new_picking):
        return {
            **super()._prepare_move_default_values(new_picking),
            "remedy_line_id": self.remedy_line_id.id,
        }
