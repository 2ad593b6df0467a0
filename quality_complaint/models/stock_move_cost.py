from odoo import models

from .remedy.remedy import FREE_KINDS


class StockMove(models.Model):
    """Cost of goods that a remedy gives away.

    Odoo books the cost of goods with the invoice; free goods have none. Under perpetual
    valuation their cost is booked where the company books
    cost of goods when they leave, less the value of what came back in exchange; under
    periodic valuation the closing entry does it.
    """

    _inherit = "stock.move"

    def _should_create_account_move(self):
        return super()._should_create_account_move() or self._complaint_books_cost()

    def _complaint_books_cost(self):
        """Whether the move gives goods away, or brings back goods that were replaced
        before, and its product is valued perpetually.
        """
        self.ensure_one()
        line = self.sudo().remedy_line_id  # sudo: moves of whoever handles the goods
        if (
            not line
            or not self.is_valued
            or not self.product_id.is_storable
            or self.product_id.valuation != "real_time"
        ):
            return False
        if (
            line.kind not in FREE_KINDS
            or self.location_dest_id.valuation_account_id
            or self.location_id.valuation_account_id
        ):
            return False
        accounts = self.product_id.with_company(self.company_id)._get_product_accounts()
        return bool(
            accounts["stock_valuation"]
            and accounts["expense"]
            and any(self._complaint_cost())
        )

    def _complaint_cost(self):
        """Value given away by this move, and value that came back for it, in the
        company's currency.

        What came back counts as far as it is replaced, whichever of the two happens
        first; over all moves it adds up to the cent.

        :return: (value out, value in)
        """
        line = self.sudo().remedy_line_id  # sudo: as above
        value_out = self.value if self.is_out else 0.0
        if line.kind != "replacement" or line.remedy_id.goods == "keep":
            return value_out, 0.0
        sent, back = line._shipped(), line._returned() + line.received_before
        sent_before, back_before = sent, back
        if self.is_out:
            sent_before -= line._to_own_unit(
                self._complaint_done_quantity(self.env["stock.lot"]), self.product_uom
            )
        elif (
            self.origin_returned_move_id == line.complaint_line_id.move_id
        ):  # as `_returned` counts
            back_before -= line._to_own_unit(
                self._complaint_done_quantity(line._lots_back()), self.product_uom
            )
        value_in = line._value_back(min(sent, back)) - line._value_back(
            min(sent_before, back_before)
        )
        return value_out, self.company_id.currency_id.round(value_in)

    def _get_account_move_line_vals(self):
        if not self._complaint_books_cost():
            return super()._get_account_move_line_vals()
        product = self.product_id.with_company(self.company_id)
        accounts = product._get_product_accounts()
        line = self.sudo().remedy_line_id  # sudo: as above
        name = f"{line.complaint_id.name} - {self.reference} - {product.name}"
        value_out, value_in = self._complaint_cost()
        rows = []
        for value, debit, credit in (
            (value_out, "expense", "stock_valuation"),
            (value_in, "stock_valuation", "expense"),
        ):
            if not self.company_id.currency_id.is_zero(value):
                rows += [(accounts[credit], 0.0, value), (accounts[debit], value, 0.0)]
        return [
            {
                "account_id": account.id,
                "name": name,
                "debit": debit,
                "credit": credit,
                "product_id": product.id,
                **(
                    {"analytic_distribution": line._analytic_distribution(False)}
                    if account == accounts["expense"]
                    else {}
                ),
            }
            for account, debit, credit in rows
        ]

    def _get_analytic_distribution(self):
        # without an entry of its own (periodic valuation) the cost still falls to those
        # who pay
        line = self.sudo().remedy_line_id  # sudo: as above
        gives = line.kind in FREE_KINDS and self.location_dest_id.usage == "customer"
        if gives and self.product_id.valuation != "real_time":
            return (
                line._analytic_distribution(False)
                or super()._get_analytic_distribution()
            )
        return super()._get_analytic_distribution()

    # === value of goods that come back ===

    def _get_value_from_returns(self, quantity, at_date=None):
        # goods valued by lot come back at the cost of their own lot: Odoo takes the
        # average over all lots of the delivery
        data = super()._get_value_from_returns(quantity, at_date)
        valued = self._get_valued_qty()
        if (
            self.remedy_line_id
            and self.product_id.lot_valuated
            and data["quantity"]
            and valued
        ):
            origin = self.origin_returned_move_id
            delivered = origin.move_line_ids.grouped("lot_id")
            costs = {
                lot: origin._complaint_lot_cost(lot, self.date) for lot in delivered
            }
            total = sum(costs[lot] * origin._get_valued_qty(lot) for lot in delivered)
            back = self.move_line_ids.lot_id
            if total and back <= origin.move_line_ids.lot_id:
                data["value"] = (
                    origin.value
                    * sum(costs[lot] * self._get_valued_qty(lot) for lot in back)
                    / total
                    * quantity
                    / valued
                )
        return data

    def _complaint_lot_cost(self, lot, returned_on):
        """Unit cost of a lot when this move delivered it.

        :param datetime returned_on: when it came back; it lies later, or the cost of
            that moment is not looked for
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        # strictly earlier: valuing the lot then may value returns of before then, never
        # this one again
        if product.cost_method == "standard" or not self.date < returned_on:
            return lot.with_company(self.company_id).standard_price
        return product._run_avco(at_date=self.date, lot=lot)[0]
