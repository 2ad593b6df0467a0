from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintCost(models.Model):
    """What suppliers paid back by posted credit notes, and which supplier a complaint's
    costs are due to.
    """

    _inherit = "quality.complaint.cost"

    _depends = {
        "account.move": ["name", "move_type"],
        "account.move.line": [
            "chargeback_id",
            "move_id",
            "parent_state",
            "display_type",
            "date",
            "balance",
            "product_id",
        ],
        "quality.complaint.chargeback": [
            "complaint_id",
            "complaint_line_id",
            "commercial_partner_id",
            "state",
        ],
    }

    @api.model
    def _sources(self):
        return [*super()._sources(), self._recovered()]

    @api.model
    def _recovered(self):
        return self._source(
            SQL(
                """
                account_move_line booked
                JOIN account_move note ON note.id = booked.move_id
                JOIN quality_complaint_chargeback chargeback ON chargeback.id = booked.chargeback_id
                """  # noqa: E501
            ),
            SQL(
                "booked.parent_state = 'posted' AND booked.display_type = 'product' "
                "AND note.move_type = 'in_refund'"
            ),
            origin_id=SQL("booked.id"),
            complaint_id=SQL("chargeback.complaint_id"),
            complaint_line_id=SQL("chargeback.complaint_line_id"),
            goods_id=SQL("booked.product_id"),
            supplier_id=SQL("chargeback.commercial_partner_id"),
            source=SQL("'recovered'"),
            document=SQL("note.name"),
            date=SQL("booked.date"),
            actual=SQL("booked.balance"),
        )

    @api.model
    def _supplier(self):
        # where the origin names none: the supplier of the complaint's chargebacks, if
        # it is one and the same
        return SQL(
            """
            COALESCE(%s, (
                SELECT MIN(vendor.commercial_partner_id)
                FROM quality_complaint_chargeback vendor
                WHERE vendor.complaint_id = item.complaint_id AND vendor.state <> 'cancelled'
                HAVING COUNT(DISTINCT vendor.commercial_partner_id) = 1
            ))
            """,  # noqa: E501
            super()._supplier(),
        )


class QualityComplaintCostBooked(models.Model):
    _inherit = "quality.complaint.cost.booked"

    source = fields.Selection(
        selection_add=[("recovered", "Paid back to us")],
        ondelete={"recovered": "cascade"},
    )


class QualityComplaintCostTodo(models.Model):
    _inherit = "quality.complaint.cost.todo"

    @api.model
    def _origins(self):
        return [*super()._origins(), "quality_complaint_chargeback"]
