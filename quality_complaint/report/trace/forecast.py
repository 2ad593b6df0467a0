from odoo import models
from odoo.fields import Domain


class StockForecasted_Product_Product(models.AbstractModel):
    """Odoo's forecast report does not hand out what is on hold."""

    _inherit = "stock.forecasted_product_product"

    def _get_quant_domain(self, location_ids, products):
        domain = super()._get_quant_domain(location_ids, products)
        if not self.env["quality.complaint.hold"]._any_standing():
            return domain
        held, goods = products._complaint_held_goods()
        # what is planned for something was planned before, or goes to quarantine
        free = ~goods | Domain("reserved_quantity", ">", 0)
        return list(Domain(domain) & free) if held else domain
