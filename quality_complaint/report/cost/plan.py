from odoo import api, models
from odoo.tools import SQL

from ...models.remedy.remedy import CREDIT_KINDS, LIVE_STATES
from .goods import TAKING_KINDS


class QualityComplaintCost(models.Model):
    """What remedies and inspections plan to cost."""

    _inherit = "quality.complaint.cost"

    _depends = {
        "stock.move.line": ["owner_id"],
        "quality.complaint.inspection": [
            "move_id",
            "product_id",
            "product_uom_id",
            "quantity",
            "disposition",
        ],
    }

    @api.model
    def _plan_columns(self):
        """Columns all plans of a remedy share."""
        return {
            "complaint_id": SQL("remedy.complaint_id"),
            "remedy_id": SQL("remedy.id"),
            "state": SQL("remedy.state"),
            "date": self._day(SQL("plan_complaint.received_on")),
        }

    @api.model
    def _planned_credits(self):
        return self._source(
            SQL(
                """
                quality_complaint_remedy_line remedy_line
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                JOIN quality_complaint plan_complaint ON plan_complaint.id = remedy.complaint_id
                """  # noqa: E501
            ),
            SQL("remedy.state IN %s AND remedy.kind IN %s", LIVE_STATES, CREDIT_KINDS),
            **self._plan_columns(),
            origin_id=SQL("remedy_line.id"),
            complaint_line_id=SQL("remedy_line.complaint_line_id"),
            source=SQL(
                "CASE remedy.kind WHEN 'cash_compensation' THEN 'compensation' ELSE "
                "'credit' END"
            ),
            planned=SQL("COALESCE(remedy_line.amount_planned_company, 0)"),
        )

    @api.model
    def _planned_goods(self):
        """Goods that shall come back (off; an owner's are not ours) and goods that
        shall be sent (on), at today's cost price.
        """
        quantity = self._in_product_unit(SQL("remedy_line.quantity"))
        return self._source(
            SQL(
                """
                quality_complaint_remedy_line remedy_line
                JOIN quality_complaint_remedy remedy ON remedy.id = remedy_line.remedy_id
                JOIN quality_complaint plan_complaint ON plan_complaint.id = remedy.complaint_id
                LEFT JOIN quality_complaint_line plan_line ON plan_line.id = remedy_line.complaint_line_id
                LEFT JOIN stock_move_line delivered ON delivered.id = plan_line.move_line_id
                JOIN (
                    VALUES ('refund', 'returned', -1), ('replacement', 'returned', -1), ('replacement', 'replacement', 1), ('product_compensation', 'gift', 1)
                ) AS way (kind, source, sign) ON way.kind = remedy.kind
                %s %s
                """,  # noqa: E501
                self._unit_joins(
                    SQL(
                        "CASE WHEN way.sign < 0 THEN plan_line.product_id ELSE "
                        "remedy_line.product_id END"
                    ),
                    SQL("remedy_line.product_uom_id"),
                ),
                self._currency_joins(SQL("plan_complaint.company_id")),
            ),
            SQL(
                """
                template.is_storable AND remedy.state IN %s
                AND (way.sign > 0 OR (remedy.goods = 'return_first' AND COALESCE(delivered.owner_id, item_company.partner_id) = item_company.partner_id))
                """,  # noqa: E501
                LIVE_STATES,
            ),
            **self._plan_columns(),
            origin_id=SQL("remedy_line.id::bigint * 2 + (way.sign > 0)::integer"),
            complaint_line_id=SQL("remedy_line.complaint_line_id"),
            goods_id=SQL("product.id"),
            source=SQL("way.source"),
            quantity=quantity,
            planned=SQL(
                "way.sign * %s",
                self._rounded(
                    SQL(
                        "%s * %s",
                        quantity,
                        self._cost_price(SQL("plan_complaint.company_id")),
                    )
                ),
            ),
        )

    @api.model
    def _planned_dispositions(self):
        """What inspections decided about goods that a refund or a replacement makes
        ours: they leave us again.
        """
        quantity = self._in_product_unit(SQL("inspection.quantity"))
        return self._source(
            SQL(
                """
                %s
                JOIN quality_complaint plan_complaint ON plan_complaint.id = remedy.complaint_id
                %s %s
                """,  # noqa: E501
                self._inspected_goods(),
                self._unit_joins(
                    SQL("inspection.product_id"), SQL("inspection.product_uom_id")
                ),
                self._currency_joins(SQL("plan_complaint.company_id")),
            ),
            SQL(
                """
                template.is_storable AND remedy.state IN %s AND remedy.kind IN %s
                AND (inspection.disposition IN ('scrap', 'supplier') OR (inspection.disposition = 'customer' AND back.kind IN %s))
                """,  # noqa: E501
                LIVE_STATES,
                TAKING_KINDS,
                TAKING_KINDS,
            ),
            **self._plan_columns(),
            origin_id=SQL("inspection.id"),
            complaint_line_id=SQL("back_line.complaint_line_id"),
            goods_id=SQL("inspection.product_id"),
            source=SQL(
                "CASE inspection.disposition WHEN 'customer' THEN 'sent_back' ELSE "
                "inspection.disposition END"
            ),
            quantity=quantity,
            planned=self._rounded(
                SQL(
                    "%s * %s",
                    quantity,
                    self._cost_price(SQL("plan_complaint.company_id")),
                )
            ),
        )

    @api.model
    def _planned_freight(self):
        return self._source(
            SQL(
                "quality_complaint_remedy remedy JOIN quality_complaint plan_complaint "
                "ON plan_complaint.id = remedy.complaint_id"
            ),
            SQL("remedy.state IN %s AND remedy.freight_cost <> 0", LIVE_STATES),
            **self._plan_columns(),
            origin_id=SQL("remedy.id"),
            source=SQL("'freight'"),
            planned=SQL("remedy.freight_cost"),
        )
