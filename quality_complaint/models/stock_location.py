from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        if {"location_id", "usage", "company_id"} & vals.keys():
            self._check_complaint_holds()
            # paths of safe places
            self.env.registry.clear_cache()
        return super().write(vals)

    def _check_complaint_holds(self):
        """
        :raise UserError: goods on hold lie there and would be elsewhere
        """
        if not self.env["quality.complaint.hold"]._any_standing():
            return
        # sudo: a hold stops people who may not see it
        quant = (
            self.env["stock.quant"]
            .sudo()
            .search(
                Domain("location_id", "child_of", self.ids)
                & Domain("lot_id.complaint_held", "=", True)
                & Domain("quantity", ">", 0),
                limit=1,
            )
        )
        if quant:
            raise UserError(
                self.env._(
                    "%(lot)s lies in %(place)s and is on hold: move it to quarantine "
                    "first.",
                    lot=quant.lot_id.name,
                    place=quant.location_id.display_name,
                )
            )
