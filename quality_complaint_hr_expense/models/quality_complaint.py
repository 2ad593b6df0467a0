from odoo import api, fields, models


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    expense_ids = fields.One2many(
        "hr.expense",
        "complaint_id",
        "Expenses",
        groups="quality_complaint.group_quality_complaint_user",
    )
    expense_count = fields.Integer(
        compute="_compute_expense_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    @api.model
    def _costs_depend_on(self):
        return [
            *super()._costs_depend_on(),
            *(
                f"expense_ids.{name}"
                for name in (
                    "state",
                    "untaxed_amount",
                    "date",
                    "name",
                    "complaint_item_id",
                )
            ),
        ]

    def _compute_expense_count(self):
        # sudo: how many there are is shown to who may read the complaint, the single
        # expenses only to who may read them
        counts = dict(
            self.env["hr.expense"]
            .sudo()
            ._read_group(
                [("complaint_id", "in", self.ids)], ["complaint_id"], ["__count"]
            )
        )
        totals = {complaint.id: count for complaint, count in counts.items()}
        for complaint in self:
            complaint.expense_count = totals.get(complaint._origin.id, 0)

    def action_view_expenses(self):
        """What was spent on it; a new one names it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expenses"),
            "res_model": "hr.expense",
            "view_mode": "list,form",
            "domain": [("complaint_id", "=", self.id)],
            "context": {"default_complaint_id": self.id},
        }
