"""What the stock moves of a company say about lots: made, bought, shipped where, returned, still there."""

from odoo import api, models
from odoo.fields import Domain

FIGURES = [
    ("produced", "Quantity produced or bought"),
    ("stock", "Quantity in stock"),
    ("shipped", "Quantity shipped"),
    ("returned", "Quantity returned"),
    ("regions", "Shipped per region"),
    ("customers", "Customers who received it"),
]


class QualityComplaintLotFacts(models.AbstractModel):
    _name = "quality.complaint.lot.facts"
    _description = "What Stock Says About Lots"

    @api.model
    def _collect(self, lots, company):
        """Figures of lots in the unit of their product.

        :param lots: `stock.lot`
        :param company: one `res.company`; only its moves and quants count
        :return: list of dict: lot, product, unit (names), produced, stock, shipped, returned (float),
            regions: list of [region, quantity shipped less returned, number of customers], customers: list of [partner id, name, shipped, returned]
        """
        # sudo: quantities per lot, region and customer are told to those who investigate; they have no rights in Inventory
        lots = lots.sudo()
        moves, stock = self._move_rows(lots, company), self._stock_rows(lots, company)
        return [self._lot_row(lot, [row for row in moves if row[0] == lot], stock.get(lot, 0.0)) for lot in lots]

    @api.model
    def _move_rows(self, lots, company):
        """:return: list of (lot, usage it came from, usage it went to, delivery address, quantity) of what was done"""
        lines = self.env["stock.move.line"].sudo()  # sudo: as in `_collect`
        domain = Domain("lot_id", "in", lots.ids) & Domain("state", "=", "done") & Domain("company_id", "=", company.id)
        groups = lines._read_group(domain, ["lot_id", "location_id", "location_dest_id", "picking_id"], ["quantity_product_uom:sum"])
        return [(lot, start.usage, end.usage, picking.partner_id, quantity) for lot, start, end, picking, quantity in groups]

    @api.model
    def _stock_rows(self, lots, company):
        """:return: {lot: quantity in our own locations}"""
        quants = self.env["stock.quant"].sudo()  # sudo: as in `_collect`
        domain = Domain("lot_id", "in", lots.ids) & Domain("location_id.usage", "in", ("internal", "transit")) & Domain("company_id", "=", company.id)
        return dict(quants._read_group(domain, ["lot_id"], ["quantity:sum"]))

    @api.model
    def _lot_row(self, lot, rows, in_stock):
        unit = lot.product_id.uom_id
        ours = ("internal", "transit")
        regions, customers = {}, {}
        for _lot, start, end, address, quantity in rows:
            sign = (end == "customer") - (start == "customer")
            if not sign:
                continue
            partner = address.commercial_partner_id
            shipped, returned = customers.get(partner, (0.0, 0.0))
            customers[partner] = (shipped + quantity, returned) if sign > 0 else (shipped, returned + quantity)
            # a region counts what is still there: goods sent, returned and sent again are there once
            amount, partners = regions.get(self._region(address), (0.0, partner.browse()))
            regions[self._region(address)] = (amount + sign * quantity, partners | partner)
        return {
            "lot": lot.name,
            "product": lot.product_id.display_name,
            "unit": unit.name,
            "produced": unit.round(
                # opening stock and what was counted in was made or bought some time; what went back to the supplier was not
                sum(row[4] for row in rows if row[1] in ("production", "supplier", "inventory") and row[2] in (*ours, "customer"))
                - sum(row[4] for row in rows if row[1] in ours and row[2] == "supplier")
            ),
            "stock": unit.round(in_stock or 0.0),
            "shipped": unit.round(sum(shipped for shipped, _returned in customers.values())),
            "returned": unit.round(sum(returned for _shipped, returned in customers.values())),
            "regions": [[name, unit.round(amount), len(partners)] for name, (amount, partners) in sorted(regions.items())],
            "customers": sorted(
                ([partner.id, partner.name or "", unit.round(shipped), unit.round(returned)] for partner, (shipped, returned) in customers.items()),
                key=lambda row: row[1],
            ),
        }

    @api.model
    def _region(self, address):
        """Where a delivery went: country and state, or city where the address has no state."""
        return ", ".join(filter(None, (address.country_id.name, address.state_id.name or address.city))) or self.env._("Address unknown")

    @api.model
    def _figure_in_words(self, facts, figure):
        """A figure of the lots as the answer to a question.

        :param facts: what `_collect` gave
        :param str figure: one of `FIGURES`
        """
        return "\n".join(f"{row['lot']}: {self._row_in_words(row, figure)}" for row in facts)

    @api.model
    def _row_in_words(self, row, figure):
        unit = row["unit"]
        if figure == "regions":
            return "; ".join(f"{name} {amount:.12g} {unit}" for name, amount, _customers in row["regions"]) or self.env._("nothing shipped")
        if figure == "customers":
            return "; ".join(f"{name} {shipped:.12g} {unit}" for _id, name, shipped, _returned in row["customers"]) or self.env._("nothing shipped")
        return f"{row[figure]:.12g} {unit}"
