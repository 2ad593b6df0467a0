from odoo import api, models
from odoo.fields import Domain


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    @api.model
    def _delivered_domain(self, product):
        # a kit is delivered as its components: the faulty ones are ticked
        return super()._delivered_domain(product) | Domain(
            "move_id.sale_line_id.product_id", "=", product.id
        )

    def _price_paid_as_part(self, source):
        """Share of the kit's price: by what the components cost when they were
        delivered, equal when they cost nothing.
        """
        bom_line = self.move_id.bom_line_id
        sold = (
            source.quantity
            if source._name == "account.move.line"
            else source.product_uom_qty
        )
        if not bom_line or not sold or not source.product_uom_id:
            return super()._price_paid_as_part(source)
        kits = source.product_uom_id._compute_quantity(
            sold, bom_line.bom_id.product_uom_id, round=False
        )
        _boms, exploded = bom_line.bom_id.explode(source.product_id, kits)
        needed = {
            line: line.product_uom_id._compute_quantity(
                data["qty"], line.product_id.uom_id, round=False
            )
            for line, data in exploded
        }
        if bom_line not in needed or not needed[bom_line]:
            return super()._price_paid_as_part(source)
        paid = (
            source._complaint_paid()
            if source._name == "account.move.line"
            else source.price_subtotal
        )
        whole = self._shares_of_kit(paid, source.currency_id, needed)[bom_line]
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )
        return source.currency_id.round(whole * quantity / needed[bom_line])

    def _shares_of_kit(self, paid, currency, needed):
        """Price of each component: rounded, the last one that costs something takes
        what rounding leaves over.

        :param float paid: untaxed price of all kits
        :param dict needed: {bill of materials line: quantity in the unit of its
            product} of all kits
        :return: {bill of materials line: amount}; together exactly what was paid
        """
        costs = {
            line: quantity * self._unit_cost_at_delivery(line)
            for line, quantity in needed.items()
        }
        if not sum(costs.values()):
            costs = dict.fromkeys(needed, 1.0)
        total = sum(costs.values())
        shares = {
            line: currency.round(paid * cost / total) for line, cost in costs.items()
        }
        last = [line for line, cost in costs.items() if cost][-1]
        shares[last] = currency.round(
            paid - sum(share for line, share in shares.items() if line != last)
        )
        return shares

    def _unit_cost_at_delivery(self, bom_line):
        """Cost of one unit of a component when the kits of this line's order were
        delivered; today's where nothing of it was valued.

        What the deliveries of the order cost together counts: components of one kit may
        leave in several parts.
        """
        moves = self.move_id.sale_line_id.move_ids | self.move_id
        moves = moves.filtered(
            lambda move: (
                move.bom_line_id == bom_line
                and move.state == "done"
                and move.location_dest_id.usage == "customer"
                and not move.origin_returned_move_id
                and move.is_out
            )
        )
        quantity = sum(move._get_valued_qty() for move in moves)
        return (
            sum(moves.mapped("value")) / quantity
            if quantity
            else bom_line.product_id.with_company(self.company_id).standard_price
        )
