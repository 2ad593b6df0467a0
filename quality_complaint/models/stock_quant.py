from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        quants = super()._gather(
            product_id,
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            qty=qty,
        )
        avoided = self.env.context.get(
            "complaint_avoided_lot_ids"
        )  # set only for goods that a remedy sends
        return (
            quants.filtered(lambda quant: quant.lot_id.id not in avoided)
            if avoided
            else quants
        )
