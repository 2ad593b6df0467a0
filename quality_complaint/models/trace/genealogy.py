"""Where lots came from and what became of them: one recursive statement over what was
really moved, in both directions.

Odoo keeps which lines were consumed for which (`stock_move_line_consume_rel`): every
finished with every consumed one and without quantities. So the orders themselves are
walked, and the relation only where nothing else is known.
"""

from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.lineage import Conversion, shares, walk

# Documents that make lots of other lots: their model; the columns of `stock_move` that
# name them for what goes in and what comes out; what is asked of these moves beside it,
# about `move` and `place` (where goods that go in go to, that come out come from);
# whether it takes goods apart; whether these are still there after it.
Way = namedtuple("Way", "model into out_of is_in is_out is_apart keeps")
ALWAYS = SQL("TRUE")
# Lots are many and each has few movements: every step goes by its index, from the lot
# to its lines, their moves, the document, its moves, their lines. `OFFSET 0` keeps the
# planner from turning a step into a scan of all lines when it expects more.
TOUCHED = """
    SELECT DISTINCT move.%(near)s
      FROM (
               SELECT line.move_id, line.%(near_place)s AS place_id
                 FROM stock_move_line line
                WHERE line.lot_id = reach.lot_id AND line.state = 'done' AND line.quantity_product_uom > 0
                  AND line.company_id = ANY(%(companies)s)
               OFFSET 0
           ) AS line
     CROSS JOIN LATERAL (SELECT * FROM stock_move move WHERE move.id = line.move_id OFFSET 0) AS move
      JOIN stock_location place ON place.id = line.place_id
     WHERE move.%(near)s IS NOT NULL AND %(is_near)s
"""  # noqa: E501
# the lots on the other side of a document
STEP = """
    SELECT line.lot_id
      FROM (%(touched)s) AS found(number)
     CROSS JOIN LATERAL (SELECT * FROM stock_move move WHERE move.%(far)s = found.number OFFSET 0) AS move
     CROSS JOIN LATERAL (
               SELECT line.lot_id, line.%(far_place)s AS place_id
                 FROM stock_move_line line
                WHERE line.move_id = move.id AND line.state = 'done' AND line.quantity_product_uom > 0 AND line.lot_id IS NOT NULL
               OFFSET 0
           ) AS line
      JOIN stock_location place ON place.id = line.place_id
     WHERE %(is_far)s
"""  # noqa: E501
# all that stands on one side of the documents found
GOODS = """
    SELECT found.model, found.number, %(is_out)s AS is_out, line.product_id, line.lot_id, line.company_id,
           line.quantity_product_uom AS quantity, line.date
      FROM found
      JOIN stock_move move ON move.%(column)s = found.number
      JOIN stock_move_line line ON line.move_id = move.id AND line.state = 'done' AND line.quantity_product_uom > 0
      JOIN stock_location place ON place.id = line.%(place)s
     WHERE found.model = %(model)s AND %(condition)s
"""  # noqa: E501
# Lines that no document explains: the relation, whose columns are named the wrong way
# round. A “document” is the line that was made.
RELATED_TOUCHED_DOWN = """
    SELECT DISTINCT made.id
      FROM (
               SELECT line.id
                 FROM stock_move_line line
                WHERE line.lot_id = reach.lot_id AND line.state = 'done' AND line.company_id = ANY(%(companies)s)
               OFFSET 0
           ) AS line
     CROSS JOIN LATERAL (SELECT * FROM stock_move_line_consume_rel rel WHERE rel.produce_line_id = line.id OFFSET 0) AS rel
     CROSS JOIN LATERAL (SELECT * FROM stock_move_line made WHERE made.id = rel.consume_line_id AND made.state = 'done' OFFSET 0) AS made
     CROSS JOIN LATERAL (SELECT * FROM stock_move move WHERE move.id = made.move_id OFFSET 0) AS move
     WHERE %(unknown)s
"""  # noqa: E501
RELATED_TOUCHED_UP = """
    SELECT DISTINCT made.id
      FROM (
               SELECT made.id, made.move_id
                 FROM stock_move_line made
                WHERE made.lot_id = reach.lot_id AND made.state = 'done' AND made.company_id = ANY(%(companies)s)
               OFFSET 0
           ) AS made
     CROSS JOIN LATERAL (SELECT * FROM stock_move move WHERE move.id = made.move_id OFFSET 0) AS move
     WHERE %(unknown)s AND EXISTS (SELECT FROM stock_move_line_consume_rel rel WHERE rel.consume_line_id = made.id)
"""  # noqa: E501
RELATED_STEP_DOWN = """
    SELECT line.lot_id FROM (%(touched)s) AS found(number)
      JOIN LATERAL (SELECT line.lot_id FROM stock_move_line line WHERE line.id = found.number OFFSET 0) AS line ON line.lot_id IS NOT NULL
"""  # noqa: E501
RELATED_STEP_UP = """
    SELECT line.lot_id FROM (%(touched)s) AS found(number)
     CROSS JOIN LATERAL (SELECT * FROM stock_move_line_consume_rel rel WHERE rel.consume_line_id = found.number OFFSET 0) AS rel
      JOIN LATERAL (
               SELECT line.lot_id FROM stock_move_line line WHERE line.id = rel.produce_line_id AND line.state = 'done' OFFSET 0
           ) AS line ON line.lot_id IS NOT NULL
"""  # noqa: E501
RELATED_GOODS = """
    SELECT found.model, found.number, FALSE AS is_out, line.product_id, line.lot_id, line.company_id,
           line.quantity_product_uom AS quantity, line.date
      FROM found
      JOIN stock_move_line_consume_rel rel ON rel.consume_line_id = found.number
      JOIN stock_move_line line ON line.id = rel.produce_line_id AND line.state = 'done' AND line.quantity_product_uom > 0
     WHERE found.model = -1
 UNION ALL
    SELECT found.model, found.number, TRUE, line.product_id, line.lot_id, line.company_id, line.quantity_product_uom, line.date
      FROM found
      JOIN stock_move_line line ON line.id = found.number
     WHERE found.model = -1
"""  # noqa: E501
TRACE = """
    WITH RECURSIVE reach(lot_id) AS (
        SELECT UNNEST(%(roots)s::int[])
         UNION
        SELECT step.lot_id FROM reach CROSS JOIN LATERAL (%(steps)s) AS step
    ),
    found(model, number) AS MATERIALIZED (
        SELECT DISTINCT touched.model, touched.number
          FROM reach CROSS JOIN LATERAL (%(touched)s) AS touched
    )
    SELECT goods.model, goods.number, goods.is_out, goods.product_id, goods.lot_id, goods.company_id,
           SUM(goods.quantity)::float, MIN(goods.date), MAX(goods.date)
      FROM (%(goods)s) AS goods
     GROUP BY 1, 2, 3, 4, 5, 6
     ORDER BY 1, 2, 3, 4, 5
"""  # noqa: E501


class QualityComplaintGenealogy(models.AbstractModel):
    _name = "quality.complaint.genealogy"
    _description = "Where Lots Came From and Went"

    @api.model
    def _ways(self):
        """Documents that make lots of others; bridges add theirs.

        :return: list of `Way`
        """
        return []

    @api.model
    def _statement(self, lots, companies, downstream):
        """The recursive statement: rows of number of the way, id of the document,
        whether it came out, product, lot, company, quantity, first and last date.
        """
        ways = self._ways()
        steps, touched, goods = [], [], []
        for place, way in enumerate(ways):
            sides = [
                # column of the move, place that is asked, what is asked of it
                (SQL.identifier(way.into), SQL("location_dest_id"), way.is_in),
                (SQL.identifier(way.out_of), SQL("location_id"), way.is_out),
            ]
            goods += [
                SQL(
                    GOODS,
                    is_out=is_out,
                    column=column,
                    place=asked,
                    model=place,
                    condition=condition,
                )
                for is_out, (column, asked, condition) in zip(
                    (False, True), sides, strict=True
                )
            ]
            near, far = sides if downstream else sides[::-1]
            found = SQL(
                TOUCHED,
                near=near[0],
                near_place=near[1],
                is_near=near[2],
                companies=companies.ids,
            )
            touched.append(
                SQL("SELECT %s AS model, t.number FROM (%s) AS t(number)", place, found)
            )
            steps.append(
                SQL(STEP, touched=found, far=far[0], far_place=far[1], is_far=far[2])
            )
        columns = sorted({c for way in ways for c in (way.into, way.out_of)})
        unknown = SQL(" AND ").join(
            SQL("move.%s IS NULL", SQL.identifier(column)) for column in columns
        )
        found = SQL(
            RELATED_TOUCHED_DOWN if downstream else RELATED_TOUCHED_UP,
            companies=companies.ids,
            unknown=unknown if columns else ALWAYS,
        )
        touched.append(
            SQL("SELECT -1 AS model, t.number FROM (%s) AS t(number)", found)
        )
        steps.append(
            SQL(RELATED_STEP_DOWN if downstream else RELATED_STEP_UP, touched=found)
        )
        goods.append(SQL(RELATED_GOODS))
        return SQL(
            TRACE,
            roots=lots.ids,
            steps=SQL(" UNION ").join(steps),
            touched=SQL(" UNION ALL ").join(touched),
            goods=SQL(" UNION ALL ").join(goods),
        )

    @api.model
    def _conversions(self, lots, companies, downstream=True):
        """What was made of lots, and of what was made of them, and so on; or of what
        they were made.

        :param lots: `stock.lot`
        :param companies: `res.company`; what others did is not followed
        :return: list of `Conversion`, whose key begins with (model, id)
        """
        self.env["quality.complaint.lot.facts"]._flush_stock()
        ways = dict(enumerate(self._ways()))
        found = {}
        rows = self.env.execute_query(self._statement(lots, companies, downstream))
        for place, number, is_out, product, lot, company, quantity, first, last in rows:
            # one document may be several ways: a repair puts parts in and takes out
            way = ways.get(place)
            key = (way.model if way else "stock.move.line", number, place)
            conversion = found.setdefault(key, Conversion(key))
            conversion.keeps = bool(way and way.keeps)
            side = conversion.outputs if is_out else conversion.inputs
            goods = (product, lot)
            side[goods] = side.get(goods, 0.0) + quantity
            conversion.company = company
            conversion.first = min(filter(None, (conversion.first, first)))
            conversion.last = max(filter(None, (conversion.last, last)))
        return list(found.values())

    @api.model
    def _trace(self, lots, companies, downstream=True):
        """See `stock.lot._complaint_trace`."""
        conversions = self._conversions(lots, companies, downstream)
        ways, conversions = walk(lots.ids, conversions, downstream)
        totals = self.env["quality.complaint.balance"]._received(list(ways))
        again, apart = self._taken_out(conversions)
        products = lots.product_id
        # amounts of different goods do not add up
        bounds = (
            shares(lots.ids, totals, conversions, downstream, again, apart)
            if len(products) == 1 or not downstream
            else {}
        )
        others = self.env["stock.lot"].browse(ways)
        others.fetch(["name", "product_id"])
        rows = []
        for lot in others:
            depth, before, conversion = ways[lot.id]
            unit = products if downstream and len(products) == 1 else lot.product_id
            unit = unit.uom_id
            least, most = bounds.get(lot.id, (None, None))
            rows.append(
                {
                    "lot_id": lot.id,
                    "product_id": lot.product_id.id,
                    "depth": depth,
                    "before": before,
                    "path": self._path(lot.id, ways),
                    "via": conversion and conversion.document,
                    "on": conversion and conversion.last,
                    "company_id": conversion.company if conversion else False,
                    "uom_id": unit.id,
                    "at_least": least
                    if least is None
                    else unit.round(least, rounding_method="DOWN"),
                    "at_most": most
                    if most is None
                    else unit.round(most, rounding_method="UP"),
                    "lot_total": totals.get(lot.id, 0.0),
                }
            )
        return rows, self._untraced(conversions, ways, downstream)

    @api.model
    def _taken_out(self, conversions):
        """What came out of goods that were taken apart: it may have been there before;
        and these goods, of which nothing is certain any more.

        :return: ({id of the lot: quantity}, set of ids of lots)
        """
        ways = {place for place, way in enumerate(self._ways()) if way.is_apart}
        found, apart = defaultdict(float), set()
        for conversion in conversions:
            if conversion.key[2] in ways:
                apart |= {lot for _product, lot in conversion.inputs}
                for (_product, lot), quantity in conversion.outputs.items():
                    found[lot] += quantity
        return found, apart

    @api.model
    def _path(self, lot, ways):
        """:return: ids of lots from the root to this one"""
        path = []
        while lot:
            path.append(lot)
            lot = ways[lot][1]
        return path[::-1]

    @api.model
    def _untraced(self, conversions, ways, downstream):
        """Goods without a lot that lots were made of, or became: the trace ends there.

        :return: list of dict: product_id, at_most in the unit of the product, lots (ids
            of the lots on the other side), via, on
        """
        found = []
        for conversion in conversions:
            near, far = conversion.sides(downstream)
            lots = sorted({lot for _product, lot in near if lot in ways})
            quantities = defaultdict(float)
            for (product, lot), quantity in far.items():
                if not lot:
                    quantities[product] += quantity
            for product, quantity in quantities.items():
                found.append(
                    {
                        "product_id": product,
                        "at_most": quantity,
                        "lots": lots,
                        "via": conversion.document,
                        "on": conversion.last,
                    }
                )
        return found
