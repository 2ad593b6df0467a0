from odoo import fields, models


class QualityComplaintService(models.Model):
    """What visits and trips cost (000-H)."""

    _inherit = "quality.complaint.service"

    currency_id = fields.Many2one(related="company_id.currency_id")
    expense_count = fields.Integer(compute="_compute_expenses")
    expense_total = fields.Monetary(
        "Spent", compute="_compute_expenses", help="Untaxed, what was not refused."
    )

    def _compute_expenses(self):
        # sudo: the sum is shown to who may read the trip, the single expenses only to
        # who may read them
        rows = (
            self.env["hr.expense"]
            .sudo()
            ._read_group(
                [("complaint_service_id", "in", self.ids), ("state", "!=", "refused")],
                ["complaint_service_id"],
                ["__count", "untaxed_amount:sum"],
            )
        )
        found = {service.id: (count, total) for service, count, total in rows}
        for service in self:
            service.expense_count, service.expense_total = found.get(
                service._origin.id, (0, 0.0)
            )

    def action_view_expenses(self):
        """What was spent on it; a new one names it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expenses"),
            "res_model": "hr.expense",
            "view_mode": "list,form",
            "domain": [("complaint_service_id", "=", self.id)],
            "context": {
                "default_complaint_service_id": self.id,
                "default_name": self.display_name,
            },
        }
