from odoo import api, fields, models


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    timesheet_ids = fields.One2many(
        "account.analytic.line", "complaint_id", "Timesheets"
    )
    timesheet_hours = fields.Float(
        "Hours",
        compute="_compute_timesheet_hours",
        help="Hours spent on the complaint, by everybody.",
    )

    @api.model
    def _costs_depend_on(self):
        return [
            *super()._costs_depend_on(),
            *(
                f"timesheet_ids.{name}"
                for name in ("project_id", "amount", "date", "name")
            ),
        ]

    def _compute_timesheet_hours(self):
        # sudo: the sum is shown to who may read the complaint, the single timesheets
        # only to who may read them
        hours = dict(
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [("complaint_id", "in", self.ids)],
                ["complaint_id"],
                ["unit_amount:sum"],
            )
        )
        totals = {complaint.id: total for complaint, total in hours.items()}
        for complaint in self:
            complaint.timesheet_hours = totals.get(complaint._origin.id, 0.0)
