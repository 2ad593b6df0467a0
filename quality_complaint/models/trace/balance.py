"""The mass balance of lots: what came in is somewhere, or left, or is missing.

What came in = what is there + what left + what nobody can explain.
"""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

# in the order of the paper
CAME_IN = ["opening", "received", "made", "returned", "gained", "unscrapped", "named"]
IS_THERE = ["stock", "held", "reserved", "in_work", "in_transit"]
LEFT = ["shipped", "to_supplier", "consumed", "scrapped", "lost"]
# What crossed the border of our locations, by where it came from and went to. A count
# before anything else moved is the opening stock.
CROSSED = """
    WITH line AS (
        SELECT line.id, line.lot_id, line.company_id, line.quantity_product_uom AS quantity, line.date,
               start.usage AS start, target.usage AS target, COALESCE(move.is_inventory, FALSE) AS counted,
               COALESCE(picking.partner_id, move.partner_id) AS partner_id
          FROM stock_move_line line
          JOIN stock_move move ON move.id = line.move_id
          LEFT JOIN stock_picking picking ON picking.id = line.picking_id
          JOIN stock_location start ON start.id = line.location_id
          JOIN stock_location target ON target.id = line.location_dest_id
         WHERE line.lot_id = ANY(%(lots)s) AND line.state = 'done' AND line.quantity_product_uom > 0
           AND (start.usage NOT IN ('internal', 'transit') OR target.usage NOT IN ('internal', 'transit'))
    ),
    began AS (
        SELECT DISTINCT ON (lot_id) lot_id, date, id FROM line WHERE NOT (counted AND start = 'inventory') ORDER BY lot_id, date, id
    ),
    row AS (
        SELECT line.lot_id, line.company_id, line.quantity,
               CASE WHEN line.start = 'supplier' THEN 'received'
                    WHEN line.start = 'production' THEN 'made'
                    WHEN line.start = 'customer' THEN 'returned'
                    WHEN NOT line.counted THEN 'unscrapped'
                    WHEN began.id IS NULL OR (line.date, line.id) < (began.date, began.id) THEN 'opening'
                    ELSE 'gained' END AS kind,
               CASE WHEN line.start IN ('supplier', 'customer') THEN partner.commercial_partner_id END AS partner_id
          FROM line
          LEFT JOIN began ON began.lot_id = line.lot_id
          LEFT JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.start NOT IN ('internal', 'transit')
     UNION ALL
        SELECT line.lot_id, line.company_id, line.quantity,
               CASE line.target
                    WHEN 'supplier' THEN 'to_supplier'
                    WHEN 'production' THEN 'consumed'
                    WHEN 'customer' THEN 'shipped'
                    ELSE CASE WHEN line.counted THEN 'lost' ELSE 'scrapped' END END,
               CASE WHEN line.target IN ('supplier', 'customer') THEN partner.commercial_partner_id END
          FROM line
          LEFT JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.target NOT IN ('internal', 'transit')
    )
    SELECT lot_id, kind, company_id, partner_id, SUM(quantity)::float FROM row GROUP BY 1, 2, 3, 4
"""  # noqa: E501
STOCK = """
    SELECT quant.lot_id, quant.location_id, place.usage, quant.company_id, quant.owner_id,
           SUM(quant.quantity)::float, SUM(quant.reserved_quantity)::float
      FROM stock_quant quant
      JOIN stock_location place ON place.id = quant.location_id
     WHERE quant.lot_id = ANY(%(lots)s) AND place.usage IN ('internal', 'transit')
     GROUP BY 1, 2, 3, 4, 5
    HAVING SUM(quant.quantity) != 0
"""  # noqa: E501
# of what is reserved: for production
IN_WORK = """
    SELECT line.lot_id, line.location_id, line.company_id, line.owner_id, SUM(line.quantity_product_uom)::float
      FROM stock_move_line line
      JOIN stock_location start ON start.id = line.location_id
      JOIN stock_location target ON target.id = line.location_dest_id
     WHERE line.lot_id = ANY(%(lots)s) AND line.state NOT IN ('done', 'cancel', 'draft') AND line.quantity_product_uom > 0
       AND start.usage = 'internal' AND target.usage = 'production'
     GROUP BY 1, 2, 3, 4
"""  # noqa: E501
RECEIVED = """
    SELECT lot_id, GREATEST(CASE WHEN new = 0 THEN back ELSE new END, used)::float
      FROM (
               SELECT line.lot_id,
                      COALESCE(SUM(line.quantity_product_uom) FILTER (WHERE start.usage IN ('supplier', 'production', 'inventory')), 0) AS new,
                      COALESCE(SUM(line.quantity_product_uom) FILTER (WHERE start.usage = 'customer'), 0) AS back,
                      COALESCE(SUM(line.quantity_product_uom) FILTER (WHERE target.usage = 'production'), 0) AS used
                 FROM stock_move_line line
                 JOIN stock_location start ON start.id = line.location_id
                 JOIN stock_location target ON target.id = line.location_dest_id
                WHERE line.lot_id = ANY(%s) AND line.state = 'done'
                GROUP BY 1
           ) AS lot
"""  # noqa: E501
# What left and is there of a product beyond what came in, lot by lot and without one.
# Odoo takes from stock without a lot what is named only when it leaves, and keeps no
# record of it.
DIFFERENCES = """
    SELECT lot_id, SUM(quantity)::float
      FROM (
               SELECT line.lot_id,
                      line.quantity_product_uom * ((start.usage NOT IN ('internal', 'transit'))::int - (target.usage NOT IN ('internal', 'transit'))::int) AS quantity
                 FROM stock_move_line line
                 JOIN stock_location start ON start.id = line.location_id
                 JOIN stock_location target ON target.id = line.location_dest_id
                WHERE line.product_id = %(product)s AND line.state = 'done'
            UNION ALL
               SELECT quant.lot_id, -quant.quantity
                 FROM stock_quant quant
                 JOIN stock_location place ON place.id = quant.location_id
                WHERE quant.product_id = %(product)s AND place.usage IN ('internal', 'transit')
           ) AS row
     GROUP BY lot_id
"""  # noqa: E501


class QualityComplaintBalance(models.AbstractModel):
    _name = "quality.complaint.balance"
    _description = "Mass Balance of Lots"

    @api.model
    def _received(self, lots):
        """Everything that ever came into being of lots; what customers returned is not
        new, unless nothing else brought the lot. What was used was there.

        :param list lots: ids of `stock.lot`
        :return: {id of the lot: quantity in the unit of its product}
        """
        return dict(self.env.execute_query(SQL(RECEIVED, list(lots))))

    @api.model
    def _rows(self, lots, companies):
        """What came in, is there and left, lot by lot.

        :param lots: `stock.lot`
        :param companies: `res.company` whose places and partners are named; of others
            only how much
        :return: list of dict: lot_id, kind (of `CAME_IN`, `IS_THERE`, `LEFT`),
            location_id, partner_id, company_id, owner_id (ids or False; company_id is
            False for another company's), quantity in the unit of the product
        """
        if not lots:
            return []
        self._flush()
        rows = defaultdict(float)
        for lot, kind, company, partner, quantity in self.env.execute_query(
            SQL(CROSSED, lots=lots.ids)
        ):
            mine = company in companies.ids
            key = (lot, kind, False, mine and partner, mine and company, False)
            rows[key] += quantity
        in_work = {
            row[:4]: row[4]
            for row in self.env.execute_query(SQL(IN_WORK, lots=lots.ids))
        }
        on_hold = self._on_hold(lots)
        for (
            lot,
            place,
            usage,
            company,
            owner,
            quantity,
            reserved,
        ) in self.env.execute_query(SQL(STOCK, lots=lots.ids)):
            mine = not company or company in companies.ids
            working = min(in_work.get((lot, place, company, owner), 0.0), reserved)
            parts = (
                {"in_transit": quantity}
                if usage == "transit"
                else {
                    (
                        "held" if {(lot, company), (lot, None)} & on_hold else "stock"
                    ): quantity - reserved,
                    "reserved": reserved - working,
                    "in_work": working,
                }
            )
            for kind, part in parts.items():
                if part:
                    key = (
                        lot,
                        kind,
                        mine and place,
                        False,
                        mine and company,
                        mine and owner,
                    )
                    rows[key] += part
        for lot, quantity in self._named_later(lots, rows).items():
            rows[lot.id, "named", False, False, companies[:1].id, False] += quantity
        names = (
            "lot_id", "kind", "location_id", "partner_id", "company_id", "owner_id",
        )  # fmt: skip
        units = {lot.id: lot.product_id.uom_id for lot in lots}
        return [
            dict(
                zip(names, (value or False for value in key), strict=True),
                quantity=units[key[0]].round(quantity),
            )
            for key, quantity in rows.items()
            if not units[key[0]].is_zero(quantity)
        ]

    @api.model
    def _named_later(self, lots, rows):
        """What came without its lot, which was named only when it left: exactly the
        difference where stock without a lot lacks as much as all lots have too much;
        else nobody can tell, and it stays unexplained.

        :param dict rows: {(id of the lot, kind, …): quantity}
        :return: {`stock.lot`: quantity in the unit of the product}
        """
        sums = defaultdict(float)
        for (lot, kind, *_where), quantity in rows.items():
            sums[lot] += quantity if kind in CAME_IN else -quantity
        short = lots.filtered(
            lambda lot: lot.product_id.uom_id.compare(sums[lot.id], 0.0) < 0
        )
        found = {}
        for product, some in short.grouped("product_id").items():
            differences = dict(
                self.env.execute_query(SQL(DIFFERENCES, product=product.id))
            )
            lacking = differences.pop(None, 0.0)
            surplus = -sum(part for part in differences.values() if part < 0)
            if product.uom_id.compare(surplus, lacking) <= 0:
                found.update((lot, -sums[lot.id]) for lot in some)
        return found

    @api.model
    def _on_hold(self, lots):
        """:return: set of (id of the lot, id of the company or None for all)"""
        if not self.env["quality.complaint.hold"]._any_standing():
            return set()
        # sudo: what is on hold is not free for anybody
        rows = self.env["quality.complaint.hold.lot"].sudo()
        return {
            (row.lot_id.id, None if row.all_companies else row.company_id.id)
            for row in rows.search(
                [("lot_id", "in", lots.ids), ("state", "!=", "lifted")]
            )
        }

    @api.model
    def _totals(self, lots, rows):
        """The balance of each lot.

        :param list rows: of `_rows`
        :return: {`stock.lot`: {kind: quantity, "in": what came in, "there": what is
            there, "out": what left, "unexplained": in - there - out}}
        """
        found = {
            lot.id: dict.fromkeys((*CAME_IN, *IS_THERE, *LEFT), 0.0) for lot in lots
        }
        for row in rows:
            found[row["lot_id"]][row["kind"]] += row["quantity"]
        result = {}
        for lot in lots:
            sums, unit = found[lot.id], lot.product_id.uom_id
            sums = {kind: unit.round(quantity) for kind, quantity in sums.items()}
            for name, kinds in (("in", CAME_IN), ("there", IS_THERE), ("out", LEFT)):
                sums[name] = unit.round(sum(sums[kind] for kind in kinds))
            sums["unexplained"] = unit.round(sums["in"] - sums["there"] - sums["out"])
            result[lot] = sums
        return result

    @api.model
    def _flush(self):
        self.env["quality.complaint.lot.facts"]._flush_stock()
        self.env["stock.quant"].flush_model()
        self.env["stock.move"].flush_model(["is_inventory", "partner_id"])
        self.env["stock.move.line"].flush_model(["picking_id", "owner_id"])
        self.env["stock.picking"].flush_model(["partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
