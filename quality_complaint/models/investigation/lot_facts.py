"""What the stock moves of a company say about lots: made, bought, shipped where,
returned, still there.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import listed

FIGURES = [
    ("produced", "Quantity produced or bought"),
    ("stock", "Quantity in stock"),
    ("shipped", "Quantity shipped"),
    ("returned", "Quantity returned"),
    ("regions", "Shipped per region"),
    ("customers", "Customers who received it"),
]


# When lots came into being: what production brought in, else a supplier, else a count;
# a lot nothing brought in: when it was entered.
MADE_ON = """
    SELECT lot.id AS lot_id,
           COALESCE(
               MIN(line.date) FILTER (WHERE place.usage = 'production'), MIN(line.date) FILTER (WHERE place.usage = 'supplier'),
               MIN(line.date) FILTER (WHERE place.usage = 'inventory'), date_trunc('second', lot.create_date)
           ) AS made_on
      FROM stock_lot lot
      LEFT JOIN stock_move_line line ON line.lot_id = lot.id AND line.state = 'done'
      LEFT JOIN stock_location place ON place.id = line.location_id
     WHERE lot.id IN (%s)
     GROUP BY lot.id
"""  # noqa: E501
# Deliveries to customers and what came back of them, of the goods that are watched;
# `delivered_on` is that of the first way out.
MOVED = """
    SELECT watch.number, watch.since, watch.first_lot_id, watch.tz, line.lot_id, line.date, line.quantity_product_uom AS quantity,
           target.usage = 'customer' AS is_out,
           CASE WHEN target.usage = 'customer' THEN line.date ELSE COALESCE(origin.date, line.date) END AS delivered_on
      FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::timestamp[], %s::int[], %s::text[])
           AS watch(number, company_id, product_id, since, first_lot_id, tz)
      JOIN stock_move_line line
        ON line.product_id = watch.product_id AND line.company_id = watch.company_id AND line.state = 'done' AND line.date >= watch.since
      JOIN stock_location start ON start.id = line.location_id
      JOIN stock_location target ON target.id = line.location_dest_id
      JOIN stock_move move ON move.id = line.move_id
      LEFT JOIN stock_move origin ON origin.id = move.origin_returned_move_id
     WHERE (start.usage = 'customer') != (target.usage = 'customer')
"""  # noqa: E501
SHIPPED = """
    WITH moved AS (%(moved)s), made AS (%(made)s)
    SELECT moved.number,
           date_trunc('month', COALESCE(made.made_on, moved.delivered_on) AT TIME ZONE 'UTC' AT TIME ZONE moved.tz)::date,
           SUM(CASE WHEN moved.is_out THEN moved.quantity ELSE -moved.quantity END),
           MIN(moved.date) FILTER (WHERE moved.is_out),
           BOOL_OR(moved.lot_id IS NULL)
      FROM moved
      LEFT JOIN made ON made.lot_id = moved.lot_id
     WHERE moved.lot_id = moved.first_lot_id OR COALESCE(made.made_on, moved.delivered_on) >= moved.since
     GROUP BY 1, 2
     ORDER BY 1, 2
"""  # noqa: E501


class QualityComplaintLotFacts(models.AbstractModel):
    _name = "quality.complaint.lot.facts"
    _description = "What Stock Says About Lots"

    @api.model
    def _collect(self, lots, company):
        """Figures of lots in the unit of their product.

        :param lots: `stock.lot`
        :param company: one `res.company`; only its moves and quants count
        :return: list of dict: lot, product, unit (names), produced, stock, shipped,
            returned (float),
            regions: list of [region, quantity shipped less returned, number of
            customers], customers: list of [partner id, name, shipped, returned]
        """
        # sudo: quantities per lot, region and customer are told to those who
        # investigate; they have no rights in Inventory
        lots = lots.sudo()
        moves, stock = self._move_rows(lots, company), self._stock_rows(lots, company)
        return [
            self._lot_row(
                lot, [row for row in moves if row[0] == lot], stock.get(lot, 0.0)
            )
            for lot in lots
        ]

    @api.model
    def _move_rows(self, lots, company):
        """:return: list of (lot, usage it came from, usage it went to, delivery
        address, quantity) of what was done
        """
        lines = self.env["stock.move.line"].sudo()  # sudo: as in `_collect`
        domain = (
            Domain("lot_id", "in", lots.ids)
            & Domain("state", "=", "done")
            & Domain("company_id", "=", company.id)
        )
        groups = lines._read_group(
            domain,
            ["lot_id", "location_id", "location_dest_id", "picking_id"],
            ["quantity_product_uom:sum"],
        )
        return [
            (lot, start.usage, end.usage, picking.partner_id, quantity)
            for lot, start, end, picking, quantity in groups
        ]

    @api.model
    def _stock_rows(self, lots, company):
        """:return: {lot: quantity in our own locations}"""
        quants = self.env["stock.quant"].sudo()  # sudo: as in `_collect`
        domain = (
            Domain("lot_id", "in", lots.ids)
            & Domain("location_id.usage", "in", ("internal", "transit"))
            & Domain("company_id", "=", company.id)
        )
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
            customers[partner] = (
                (shipped + quantity, returned)
                if sign > 0
                else (shipped, returned + quantity)
            )
            # a region counts what is still there: goods sent, returned and sent again
            # are there once
            amount, partners = regions.get(
                self._region(address), (0.0, partner.browse())
            )
            regions[self._region(address)] = (
                amount + sign * quantity,
                partners | partner,
            )
        return {
            "lot": lot.name,
            "product": lot.product_id.display_name,
            "unit": unit.name,
            "produced": unit.round(
                # opening stock and what was counted in was made or bought some time;
                # what went back to the supplier was not
                sum(
                    row[4]
                    for row in rows
                    if row[1] in ("production", "supplier", "inventory")
                    and row[2] in (*ours, "customer")
                )
                - sum(row[4] for row in rows if row[1] in ours and row[2] == "supplier")
            ),
            "stock": unit.round(in_stock or 0.0),
            "shipped": unit.round(
                sum(shipped for shipped, _returned in customers.values())
            ),
            "returned": unit.round(
                sum(returned for _shipped, returned in customers.values())
            ),
            "regions": [
                [name, unit.round(amount), len(partners)]
                for name, (amount, partners) in sorted(regions.items())
            ],
            "customers": sorted(
                (
                    [
                        partner.id,
                        partner.name or "",
                        unit.round(shipped),
                        unit.round(returned),
                    ]
                    for partner, (shipped, returned) in customers.items()
                ),
                key=lambda row: row[1],
            ),
        }

    @api.model
    def _region(self, address):
        """Where a delivery went: country and state, or city where the address has no
        state.
        """
        return ", ".join(
            filter(
                None, (address.country_id.name, address.state_id.name or address.city)
            )
        ) or self.env._("Address unknown")

    # === when goods were made, and what became of them since ===

    @api.model
    def _production_dates(self, lots):
        """When lots were made: a fact about the lot, whichever company booked it.

        :param lots: `stock.lot`
        :return: {lot: naive UTC datetime}: the first time production brought it in,
            else a supplier, else a count of stock, else when it was entered
        """
        if not lots.ids:
            return {}
        self._flush_stock()
        rows = dict(
            self.env.execute_query(SQL(MADE_ON, SQL("SELECT UNNEST(%s)", lots.ids)))
        )
        return {lot: rows.get(lot.id) for lot in lots}

    @api.model
    def _shipped_since(self, watches):
        """What was shipped to customers, less what came back, of goods made from a
        moment on. One query for all.

        Goods without a lot count by the day of their delivery: an estimate. What left
        before its production was booked is not seen.

        :param list watches: tuples (company, product, naive UTC datetime, `stock.lot`
            that counts in any case or an empty one, name of a time zone)
        :return: list of tuples (position in `watches`, first day of the month of
            production in that time zone, quantity in the product's unit,
            datetime of the first shipment or None, whether it is an estimate)
        """
        if not watches:
            return []
        self._flush_stock()
        companies, products, moments, lots, zones = zip(*watches, strict=True)
        moved = SQL(
            MOVED,
            list(range(len(watches))),
            [company.id for company in companies],
            [product.id for product in products],
            list(moments),
            [lot.id or None for lot in lots],
            list(zones),
        )
        made = SQL(MADE_ON, SQL("SELECT lot_id FROM moved WHERE lot_id IS NOT NULL"))
        return self.env.execute_query(SQL(SHIPPED, moved=moved, made=made))

    @api.model
    def _flush_stock(self):
        self.env["stock.move.line"].flush_model(
            [
                "lot_id",
                "state",
                "date",
                "location_id",
                "location_dest_id",
                "company_id",
                "product_id",
                "quantity_product_uom",
                "move_id",
            ]
        )
        self.env["stock.move"].flush_model(["origin_returned_move_id", "date"])
        self.env["stock.location"].flush_model(["usage"])

    # === in words ===

    @api.model
    def _figure_in_words(self, facts, figure):
        """A figure of the lots as the answer to a question.

        :param facts: what `_collect` gave
        :param str figure: one of `FIGURES`
        """
        return "\n".join(
            f"{row['lot']}: {self._row_in_words(row, figure)}" for row in facts
        )

    @api.model
    def _row_in_words(self, row, figure):
        unit = row["unit"]
        if figure == "regions":
            return listed(
                self.env.lang,
                (
                    f"{name} {amount:.12g} {unit}"
                    for name, amount, _customers in row["regions"]
                ),
                ";",
            ) or self.env._("nothing shipped")
        if figure == "customers":
            return listed(
                self.env.lang,
                (
                    f"{name} {shipped:.12g} {unit}"
                    for _id, name, shipped, _returned in row["customers"]
                ),
                ";",
            ) or self.env._("nothing shipped")
        return f"{row[figure]:.12g} {unit}"
