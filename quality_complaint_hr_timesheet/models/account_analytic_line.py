from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        copy=False,
        help="The complaint these hours were spent on.",
    )

    @api.constrains("complaint_id", "project_id")
    def _check_complaint(self):
        for line in self.filtered("complaint_id"):
            if not line.project_id:
                raise ValidationError(
                    self.env._(
                        "Hours on a complaint are a timesheet: choose the project they "
                        "are recorded in."
                    )
                )

    @api.constrains("complaint_id", "unit_amount", "date")
    def _check_complaint_open(self):
        # sudo: the status of the complaint is checked for whoever records hours
        for complaint in self.complaint_id.sudo():
            if complaint.state in ("closed", "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%s is finished; no hours can be recorded on it any more.",
                        complaint.display_name,
                    )
                )
