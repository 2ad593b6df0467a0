from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintCost(models.Model):
    """What people spent on complaints and was approved: untaxed, in the company's
    currency.
    """

    _inherit = "quality.complaint.cost"

    _depends = {
        "hr.expense": [
            "complaint_id",
            "complaint_item_id",
            "untaxed_amount",
            "state",
            "date",
            "name",
        ]
    }

    @api.model
    def _sources(self):
        return [*super()._sources(), self._expenses()]

    @api.model
    def _expenses(self):
        return self._source(
            SQL("hr_expense expense"),
            SQL(
                "expense.complaint_id IS NOT NULL AND expense.state IN ('approved', "
                "'posted', 'in_payment', 'paid')"
            ),
            origin_id=SQL("expense.id"),
            complaint_id=SQL("expense.complaint_id"),
            source=SQL("'expense'"),
            document=SQL("expense.name"),
            date=SQL("expense.date"),
            item_id=SQL("expense.complaint_item_id"),
            actual=SQL("expense.untaxed_amount"),
        )


class QualityComplaintCostBooked(models.Model):
    _inherit = "quality.complaint.cost.booked"

    source = fields.Selection(
        selection_add=[("expense", "Expenses")], ondelete={"expense": "cascade"}
    )


class QualityComplaintCostTodo(models.Model):
    _inherit = "quality.complaint.cost.todo"

    @api.model
    def _origins(self):
        return [*super()._origins(), "hr_expense"]
