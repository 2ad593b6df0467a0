from odoo import api, models
from odoo.fields import Domain


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    @api.model
    def _delivered_domain(self, product):
        # a kit is delivered as its components: the faulty ones are ticked
        return super()._delivered_domain(product) | Domain("move_id.sale_line_id.product_id", "=", product.id)

    def _price_paid_as_part(self, source):
        """Share of the kit's price: by the components' standard cost, equal when they have none."""
        bom_line = self.move_id.bom_line_id
        sold = source.quantity if source._name == "account.move.line" else source.product_uom_qty
        if not bom_line or not sold or not source.product_uom_id:
            return super()._price_paid_as_part(source)
        kits = source.product_uom_id._compute_quantity(sold, bom_line.bom_id.product_uom_id, round=False)
        _boms, exploded = bom_line.bom_id.explode(source.product_id, kits)
        needed = {line: line.product_uom_id._compute_quantity(data["qty"], line.product_id.uom_id, round=False) for line, data in exploded}
        costs = {line: quantity * line.product_id.with_company(self.company_id).standard_price for line, quantity in needed.items()}
        total = sum(costs.values())
        if bom_line not in needed or not needed[bom_line]:
            return super()._price_paid_as_part(source)
        share = costs[bom_line] / total if total else 1.0 / len(needed)
        quantity = self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id, round=False)
        paid = source._complaint_paid() if source._name == "account.move.line" else source.price_subtotal
        return source.currency_id.round(paid * share * quantity / needed[bom_line])
