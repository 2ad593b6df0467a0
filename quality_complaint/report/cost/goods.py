from odoo import api, models
from odoo.tools import SQL

from ...models.cost.complaint_cost import INSPECTION, MOVE

# goods of these remedies stay the customer's until another remedy takes them over
PASSING_KINDS = ("return", "repair")
# their goods become ours when they come back
TAKING_KINDS = ("refund", "replacement")
# what the warehouse does with goods that are ours
OURS = ("restock", "repack", "rework", "scrap", "supplier")


class QualityComplaintCost(models.Model):
    """What the goods of complaints cost: done stock moves and scrap orders, at their
    value in stock valuation.

    Goods that are not kept in stock have none: their cost was booked when they were
    bought, whatever becomes of them.
    """

    _inherit = "quality.complaint.cost"

    _depends = {
        "quality.complaint.inspection": [*INSPECTION],
        "product.template": ["is_storable"],
        "stock.location": ["usage"],
        "stock.move": ["remedy_line_id", "complaint_inspection_id", *MOVE],
        "stock.scrap": ["complaint_inspection_id", "picking_id", "product_id"],
    }

    @api.model
    def _move_columns(self):
        """Columns of a valued stock move: what comes in is taken off."""
        return {
            "origin_id": SQL("move.id"),
            "complaint_id": SQL("remedy.complaint_id"),
            "remedy_id": SQL("remedy.id"),
            "complaint_line_id": SQL("remedy_line.complaint_line_id"),
            "goods_id": SQL("move.product_id"),
            "document": SQL("move.reference"),
            "date": self._booked_day(SQL("move.date"), SQL("remedy.company_id")),
            "quantity": self._in_product_unit(SQL("move.quantity")),
            "actual": SQL("CASE WHEN move.is_in THEN -move.value ELSE move.value END"),
        }

    @api.model
    def _moved_goods(self):
        """Moves of a remedy's own transfers."""
        return self._source(
            SQL(
                """
                quality_complaint_remedy_line remedy_line
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                JOIN stock_move move ON move.remedy_line_id = remedy_line.id
                %s
                """,  # noqa: E501
                self._unit_joins(SQL("move.product_id"), SQL("move.product_uom")),
            ),
            SQL(
                "template.is_storable AND move.state = 'done' AND (move.is_in OR "
                "move.is_out) AND remedy.kind NOT IN %s",
                PASSING_KINDS,
            ),
            **self._move_columns(),
            source=SQL(
                """
                CASE
                    WHEN move.is_in THEN 'returned'
                    WHEN move.origin_returned_move_id IS NOT NULL THEN 'sent_back'
                    WHEN remedy.kind = 'product_compensation' THEN 'gift'
                    ELSE 'replacement'
                END
                """
            ),
        )

    @api.model
    def _moved_goods_by_hand(self):
        """Returns of a remedy's transfers that somebody made in Inventory: goods sent
        out again, replacements that came back.
        """
        return self._source(
            SQL(
                """
                quality_complaint_remedy_line remedy_line
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                JOIN stock_move first_move ON first_move.remedy_line_id = remedy_line.id
                JOIN stock_move move ON move.origin_returned_move_id = first_move.id
                %s
                """,  # noqa: E501
                self._unit_joins(SQL("move.product_id"), SQL("move.product_uom")),
            ),
            SQL(
                "template.is_storable AND move.remedy_line_id IS NULL AND move.state "
                "= 'done' AND (move.is_in OR move.is_out) AND remedy.kind NOT IN %s",
                PASSING_KINDS,
            ),
            **self._move_columns(),
            source=SQL("CASE WHEN move.is_in THEN 'returned' ELSE 'sent_back' END"),
        )

    @api.model
    def _received_for_inspection(self, complaint_line):
        """Value and quantity (in the product's unit) that came back of a complaint line
        without becoming ours: aggregated, always one row.
        """
        return SQL(
            """
            SELECT SUM(receipt.value) AS value, SUM(receipt.quantity * unit.factor / own_unit.factor) AS quantity, MIN(back_line.remedy_id) AS remedy_id
            FROM quality_complaint_remedy_line back_line
            JOIN quality_complaint_remedy back ON back.id = back_line.remedy_id
            JOIN quality_complaint_line back_of ON back_of.id = back_line.complaint_line_id
            JOIN stock_move receipt ON receipt.remedy_line_id = back_line.id AND receipt.product_id = back_of.product_id
            %s
            WHERE back_line.complaint_line_id = %s AND back.kind IN %s AND receipt.state = 'done' AND receipt.is_in
                AND template.is_storable
            """,  # noqa: E501
            self._unit_joins(SQL("receipt.product_id"), SQL("receipt.product_uom")),
            complaint_line,
            PASSING_KINDS,
        )

    @api.model
    def _taken_quantity(self, complaint_line, condition):
        """Quantity of goods back for inspection that refunds and replacements took
        over, in the product's unit: aggregated, always one row.
        """
        return SQL(
            """
            SELECT COALESCE(SUM(taker_line.received_before * unit.factor / own_unit.factor), 0) AS quantity, MIN(taker_line.remedy_id) AS remedy_id
            FROM quality_complaint_remedy_line taker_line
            JOIN quality_complaint_remedy taker ON taker.id = taker_line.remedy_id
            JOIN quality_complaint_line taken_of ON taken_of.id = taker_line.complaint_line_id
            %s
            WHERE taker_line.complaint_line_id = %s AND taker_line.received_before > 0 AND taker.kind IN %s
                AND taker.state NOT IN ('refused', 'cancelled') AND %s
            """,  # noqa: E501
            self._unit_joins(
                SQL("taken_of.product_id"), SQL("taker_line.product_uom_id")
            ),
            complaint_line,
            TAKING_KINDS,
            condition,
        )

    @api.model
    def _goods_taken_over(self):
        """Goods back for inspection that a refund or a replacement made ours; one after
        the other, so that all together add up exactly.
        """
        taken = SQL("remedy_line.received_before * unit.factor / own_unit.factor")
        return self._source(
            SQL(
                """
                quality_complaint_remedy_line remedy_line
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                JOIN quality_complaint_line taken_line ON taken_line.id = remedy_line.complaint_line_id
                %s %s
                JOIN LATERAL (%s) pool ON pool.quantity > 0
                JOIN LATERAL (%s) before ON TRUE
                """,  # noqa: E501
                self._unit_joins(
                    SQL("taken_line.product_id"), SQL("remedy_line.product_uom_id")
                ),
                self._currency_joins(SQL("remedy.company_id")),
                self._received_for_inspection(SQL("remedy_line.complaint_line_id")),
                self._taken_quantity(
                    SQL("remedy_line.complaint_line_id"),
                    SQL("taker_line.id < remedy_line.id"),
                ),
            ),
            SQL(
                "remedy_line.received_before > 0 AND remedy.kind IN %s AND "
                "remedy.state NOT IN ('refused', 'cancelled')",
                TAKING_KINDS,
            ),
            origin_id=SQL("remedy_line.id"),
            complaint_id=SQL("remedy.complaint_id"),
            remedy_id=SQL("remedy.id"),
            complaint_line_id=SQL("remedy_line.complaint_line_id"),
            goods_id=SQL("taken_line.product_id"),
            source=SQL("'returned'"),
            date=self._booked_day(
                SQL("COALESCE(remedy.executed_on, remedy.create_date)"),
                SQL("remedy.company_id"),
            ),
            quantity=taken,
            actual=SQL(
                "%s - %s",
                self._rounded(SQL("pool.value * before.quantity / pool.quantity")),
                self._rounded(
                    SQL("pool.value * (before.quantity + %s) / pool.quantity", taken)
                ),
            ),
        )

    @api.model
    def _goods_left_to_us(self):
        """Goods back for inspection or repair that were restocked, scrapped or sent to
        the supplier beyond what remedies took over.
        """
        return self._source(
            SQL(
                """
                quality_complaint_line left_line
                %s
                JOIN LATERAL (%s) pool ON pool.quantity > 0
                JOIN LATERAL (%s) taken ON TRUE
                JOIN LATERAL (%s) disposed ON disposed.quantity > taken.quantity
                """,
                self._currency_joins(SQL("left_line.company_id")),
                self._received_for_inspection(SQL("left_line.id")),
                self._taken_quantity(SQL("left_line.id"), SQL("TRUE")),
                self._disposed_goods(SQL("left_line.id")),
            ),
            SQL("TRUE"),
            origin_id=SQL("left_line.id"),
            complaint_id=SQL("left_line.complaint_id"),
            remedy_id=SQL("COALESCE(taken.remedy_id, pool.remedy_id)"),
            complaint_line_id=SQL("left_line.id"),
            goods_id=SQL("left_line.product_id"),
            source=SQL("'returned'"),
            date=self._booked_day(SQL("disposed.date"), SQL("left_line.company_id")),
            quantity=SQL("disposed.quantity - taken.quantity"),
            actual=SQL(
                "%s - %s",
                self._rounded(SQL("pool.value * taken.quantity / pool.quantity")),
                self._rounded(SQL("pool.value * disposed.quantity / pool.quantity")),
            ),
        )

    @api.model
    def _disposed_goods(self, complaint_line):
        """Quantity (in the product's unit) of goods back for inspection or repair that
        the warehouse has dealt with as ours: always one row.
        """
        return SQL(
            """
            SELECT SUM(inspection.quantity * unit.factor / own_unit.factor) AS quantity, MAX(carried_out.date) AS date
            FROM quality_complaint_remedy_line back_line
            JOIN quality_complaint_remedy back ON back.id = back_line.remedy_id
            JOIN stock_move receipt ON receipt.remedy_line_id = back_line.id
            JOIN quality_complaint_inspection inspection ON inspection.move_id = receipt.id
            %s
            JOIN LATERAL (
                SELECT MAX(move.date) AS date
                FROM stock_move move
                WHERE move.state = 'done' AND (
                    move.complaint_inspection_id = inspection.id
                    OR move.scrap_id IN (SELECT scrap.id FROM stock_scrap scrap WHERE scrap.complaint_inspection_id = inspection.id)
                )
            ) carried_out ON carried_out.date IS NOT NULL
            WHERE back_line.complaint_line_id = %s AND back.kind IN %s AND inspection.disposition IN %s
            """,  # noqa: E501
            self._unit_joins(
                SQL("inspection.product_id"), SQL("inspection.product_uom_id")
            ),
            complaint_line,
            PASSING_KINDS,
            OURS,
        )

    @api.model
    def _inspected_goods(self):
        """Inspections with the receipt they belong to and the remedy that pays."""
        return SQL(
            """
            quality_complaint_inspection inspection
            JOIN stock_move receipt ON receipt.id = COALESCE(
                inspection.move_id,
                (
                    SELECT MIN(other.id) FROM stock_move other
                    WHERE other.picking_id = inspection.picking_id AND other.product_id = inspection.product_id AND other.remedy_line_id IS NOT NULL
                )
            )
            %s
            """,  # noqa: E501
            self._remedy_of_receipt(),
        )

    @api.model
    def _remedy_of_receipt(self):
        """Joins from a receipt to the remedy that pays for what becomes of it: the one
        that took the goods over, else the one they came on.
        """
        return SQL(
            """
            JOIN quality_complaint_remedy_line back_line ON back_line.id = receipt.remedy_line_id
            JOIN quality_complaint_remedy back ON back.id = back_line.remedy_id
            LEFT JOIN LATERAL (%s) taker ON back.kind IN %s
            JOIN quality_complaint_remedy remedy ON remedy.id = COALESCE(taker.remedy_id, back.id)
            """,  # noqa: E501
            self._taken_quantity(SQL("back_line.complaint_line_id"), SQL("TRUE")),
            PASSING_KINDS,
        )

    @api.model
    def _disposition_columns(self):
        return {
            **self._move_columns(),
            "complaint_line_id": SQL("back_line.complaint_line_id"),
            "actual": SQL("move.value"),
        }

    @api.model
    def _scrapped_goods(self):
        return self._source(
            SQL(
                """
                %s
                JOIN stock_scrap scrap ON scrap.complaint_inspection_id = inspection.id
                JOIN stock_move move ON move.scrap_id = scrap.id
                %s
                """,
                self._inspected_goods(),
                self._unit_joins(SQL("move.product_id"), SQL("move.product_uom")),
            ),
            SQL("template.is_storable AND move.state = 'done' AND move.is_out"),
            **self._disposition_columns(),
            source=SQL("'scrap'"),
        )

    @api.model
    def _scrapped_by_hand(self):
        """Scrap orders made on a receipt in Inventory, without an inspection, of goods
        that are ours.
        """
        return self._source(
            SQL(
                """
                stock_scrap scrap
                JOIN stock_move move ON move.scrap_id = scrap.id
                JOIN stock_move receipt ON receipt.id = (
                    SELECT MIN(other.id) FROM stock_move other
                    WHERE other.picking_id = scrap.picking_id AND other.product_id = scrap.product_id AND other.remedy_line_id IS NOT NULL AND other.is_in
                )
                %s %s
                """,  # noqa: E501
                self._remedy_of_receipt(),
                self._unit_joins(SQL("move.product_id"), SQL("move.product_uom")),
            ),
            SQL(
                "template.is_storable AND scrap.complaint_inspection_id IS NULL AND "
                "move.state = 'done' AND move.is_out AND remedy.kind IN %s",
                TAKING_KINDS,
            ),
            **self._disposition_columns(),
            source=SQL("'scrap'"),
        )

    @api.model
    def _goods_to_supplier(self):
        return self._source(
            SQL(
                """
                %s
                JOIN stock_move move ON move.complaint_inspection_id = inspection.id
                JOIN stock_location destination ON destination.id = move.location_dest_id
                %s
                """,  # noqa: E501
                self._inspected_goods(),
                self._unit_joins(SQL("move.product_id"), SQL("move.product_uom")),
            ),
            SQL(
                "template.is_storable AND move.state = 'done' AND move.is_out AND "
                "destination.usage = 'supplier'"
            ),
            **self._disposition_columns(),
            source=SQL("'supplier'"),
        )
