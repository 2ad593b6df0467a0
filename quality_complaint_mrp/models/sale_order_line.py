from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _complaint_goods_to_deliver(self):
        # a kit leaves as its components
        goods = super()._complaint_goods_to_deliver()
        # sudo: whoever sells need not see bills of materials
        boms = self.env["mrp.bom"].sudo()
        for company, lines in self.grouped("company_id").items():
            kits = boms._bom_find(
                lines.product_id, company_id=company.id, bom_type="phantom"
            )
            for product, bom in kits.items():
                if bom:
                    parts = bom.explode(product, 1.0)[1]
                    goods |= goods.union(*(part.product_id for part, _data in parts))
        return goods
