from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import shifted

MINUTES = {"minute": 1, "hour": 60, "work_hour": 60, "day": 1440}


class QualityComplaintEscalation(models.Model):
    """One level of telling people about a time limit: when, before or after it is due,
    and whom.
    """

    _name = "quality.complaint.escalation"
    _description = "Escalation Level"
    _inherit = "quality.complaint.policy.part"
    _order = "limit_id, offset_minutes, id"

    limit_id = fields.Many2one(
        "quality.complaint.limit", required=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        related="limit_id.policy_id", store=True, required=False, index=True
    )
    when = fields.Selection(
        [("before", "before it is due"), ("after", "after it was due")],
        "Before or After",
        required=True,
        default="before",
    )
    amount = fields.Float(
        "Time", digits=(16, 2), most=20000, help="0: at the moment it is due."
    )
    unit = fields.Selection(
        [
            ("minute", "Minutes"),
            ("hour", "Hours"),
            ("day", "Days"),
            ("work_hour", "Working hours"),
        ],
        required=True,
        default="hour",
    )
    role_id = fields.Many2one(
        "quality.complaint.role",
        "Whom",
        ondelete="restrict",
        help="Empty: the person responsible for the step.",
    )
    offset_minutes = fields.Float(
        compute="_compute_offset_minutes", store=True, help="Order of the levels."
    )

    @api.depends("when", "amount", "unit")
    def _compute_offset_minutes(self):
        for level in self:
            sign = -1 if level.when == "before" else 1
            level.offset_minutes = sign * level.amount * MINUTES.get(level.unit, 0)

    @api.constrains("amount")
    def _check_amount(self):
        if self.filtered(lambda level: level.amount < 0):
            raise ValidationError(
                self.env._(
                    "The time of a reminder cannot be negative; choose “before” or "
                    "“after”."
                )
            )

    @api.depends("when", "amount", "unit", "role_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for level in self:
            values = {
                "time": level.limit_id._amount_text(level.amount, level.unit),
                "whom": level.role_id.name or self.env._("the person responsible"),
            }
            if not level.amount:
                level.display_name = self.env._("when due: %(whom)s", **values)
            elif level.when == "before":
                level.display_name = self.env._("%(time)s before: %(whom)s", **values)
            else:
                level.display_name = self.env._("%(time)s after: %(whom)s", **values)

    def _moment(self, due_on, clock):
        """When this level fires.

        :param datetime due_on: naive UTC
        :param clock: of `resource.calendar._complaint_clock`
        """
        self.ensure_one()
        return shifted(
            clock, due_on, round(self.offset_minutes * 60), self.unit == "work_hour"
        )
