from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _complaint_document(self):
        """A component belongs to its order, and to whoever plans it."""
        order = self.raw_material_production_id
        if not order:
            return super()._complaint_document()
        return order, order.user_id.filtered(
            lambda user: user.active and order.company_id in user.company_ids
        )
