from odoo import api, models
from odoo.tools import SQL

from ...models.cost.complaint_cost import ENTRY


class QualityComplaintCost(models.Model):
    """What the documents of complaints cost in money: posted credit notes, freight."""

    _inherit = "quality.complaint.cost"

    _depends = {
        "account.move": ["name", "move_type"],
        "account.move.line": ["remedy_line_id", "move_id", *ENTRY],
        "stock.move": ["remedy_line_id", "picking_id", "scrap_id", "state"],
        "stock.picking": ["name", "date_done"],
    }

    @api.model
    def _booked_credits(self):
        """Untaxed amounts as they were booked in the company's currency."""
        return self._source(
            SQL(
                """
                account_move_line booked
                JOIN account_move note ON note.id = booked.move_id
                JOIN quality_complaint_remedy_line remedy_line ON remedy_line.id = booked.remedy_line_id
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                LEFT JOIN product_product product ON product.id = booked.product_id
                LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                LEFT JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                LEFT JOIN uom_uom unit ON unit.id = booked.product_uom_id
                """  # noqa: E501
            ),
            SQL(
                "booked.parent_state = 'posted' AND booked.display_type = 'product' "
                "AND note.move_type = 'out_refund'"
            ),
            origin_id=SQL("booked.id"),
            complaint_id=SQL("remedy.complaint_id"),
            remedy_id=SQL("remedy.id"),
            complaint_line_id=SQL("remedy_line.complaint_line_id"),
            goods_id=SQL("CASE remedy.kind WHEN 'refund' THEN booked.product_id END"),
            source=SQL(
                "CASE remedy.kind WHEN 'cash_compensation' THEN 'compensation' ELSE "
                "'credit' END"
            ),
            document=SQL("note.name"),
            date=SQL("booked.date"),
            quantity=SQL(
                "CASE remedy.kind WHEN 'refund' THEN COALESCE(%s, 0) ELSE 0 END",
                self._in_product_unit(SQL("booked.quantity")),
            ),
            actual=SQL("booked.balance"),
        )

    @api.model
    def _typed_freight(self):
        return self._source(
            SQL("quality_complaint_remedy remedy"),
            SQL("remedy.state IN ('executing', 'done') AND remedy.freight_cost <> 0"),
            origin_id=SQL("remedy.id"),
            complaint_id=SQL("remedy.complaint_id"),
            remedy_id=SQL("remedy.id"),
            source=SQL("'freight'"),
            date=self._booked_day(
                SQL("COALESCE(remedy.executed_on, remedy.create_date)"),
                SQL("remedy.company_id"),
            ),
            actual=SQL("remedy.freight_cost"),
        )

    @api.model
    def _own_items(self):
        """Costs typed under items of the company's own."""
        return self._source(
            SQL("quality_complaint_cost_entry entry"),
            SQL("TRUE"),
            origin_id=SQL("entry.id"),
            complaint_id=SQL("entry.complaint_id"),
            source=SQL("'own'"),
            document=SQL("entry.note"),
            date=SQL("entry.date"),
            item_id=SQL("entry.item_id"),
            actual=SQL("entry.amount_company"),
        )

    @api.model
    def _carrier_freight(self):
        """The carrier's price of a remedy's transfers, by its share of the transfer's
        lines; none without the app that keeps it.
        """
        price = self.env["stock.picking"]._fields.get("carrier_price")
        if not price:
            return []
        return [
            self._source(
                SQL(
                    """
                    (
                        SELECT move.picking_id, remedy_line.remedy_id, remedy_line.complaint_id, MIN(move.id) AS origin_id, COUNT(*) AS moves
                        FROM quality_complaint_remedy_line remedy_line
                        JOIN stock_move move ON move.remedy_line_id = remedy_line.id
                        WHERE move.state = 'done' AND move.scrap_id IS NULL
                        GROUP BY move.picking_id, remedy_line.remedy_id, remedy_line.complaint_id
                    ) own
                    JOIN quality_complaint_remedy remedy ON remedy.id = own.remedy_id
                    JOIN stock_picking picking ON picking.id = own.picking_id
                    JOIN LATERAL (
                        SELECT COUNT(*) AS moves
                        FROM stock_move move
                        WHERE move.picking_id = picking.id AND move.state = 'done' AND move.scrap_id IS NULL
                    ) whole ON TRUE
                    %s
                    """,  # noqa: E501
                    self._currency_joins(SQL("remedy.company_id")),
                ),
                SQL(
                    "COALESCE(remedy.freight_cost, 0) = 0 AND picking.carrier_price "
                    "<> 0",
                    to_flush=price,
                ),
                origin_id=SQL("own.origin_id"),
                complaint_id=SQL("own.complaint_id"),
                remedy_id=SQL("own.remedy_id"),
                source=SQL("'freight'"),
                document=SQL("picking.name"),
                date=self._booked_day(
                    SQL("picking.date_done"), SQL("remedy.company_id")
                ),
                actual=self._rounded(
                    SQL("picking.carrier_price::numeric * own.moves / whole.moves")
                ),
            )
        ]
