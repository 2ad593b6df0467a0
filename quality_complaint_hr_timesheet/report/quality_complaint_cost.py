from odoo import api, fields, models
from odoo.tools import SQL


class QualityComplaintCost(models.Model):
    """Hours recorded on complaints, at the employees' cost."""

    _inherit = "quality.complaint.cost"

    _depends = {
        "account.analytic.line": [
            "complaint_id",
            "project_id",
            "amount",
            "date",
            "name",
            "company_id",
        ]
    }

    @api.model
    def _sources(self):
        return [*super()._sources(), self._hours()]

    @api.model
    def _hours(self):
        return self._source(
            SQL("account_analytic_line hours"),
            SQL("hours.complaint_id IS NOT NULL AND hours.project_id IS NOT NULL"),
            origin_id=SQL("hours.id"),
            complaint_id=SQL("hours.complaint_id"),
            source=SQL("'hours'"),
            document=SQL("hours.name"),
            date=SQL("hours.date"),
            actual=SQL("-hours.amount"),
        )


class QualityComplaintCostBooked(models.Model):
    _inherit = "quality.complaint.cost.booked"

    source = fields.Selection(
        selection_add=[("hours", "Working time")], ondelete={"hours": "cascade"}
    )


class QualityComplaintCostTodo(models.Model):
    _inherit = "quality.complaint.cost.todo"

    @api.model
    def _origins(self):
        return [*super()._origins(), "account_analytic_line"]
