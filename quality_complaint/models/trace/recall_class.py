from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("notify", "Notices to consignees"),
    ("start_report", "Report to the authority: start"),
    ("progress", "Report to the authority: progress"),
    ("finish", "Recall finished"),
    ("final", "Report to the authority: end"),
]
UNITS = [("hour", "Hours"), ("day", "Days"), ("work_day", "Working days")]


class QualityComplaintRecallClass(models.Model):
    """How dangerous it is, and what must happen by when: as the law of a trade says."""

    _name = "quality.complaint.recall.class"
    _description = "Recall Class"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    source = fields.Char(translate=True, help="Law or rule the times come from.")
    role_id = fields.Many2one(
        "quality.complaint.role",
        "Decided By",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "quality_complaint.role_management", raise_if_not_found=False
        ),
    )
    clock_ids = fields.One2many(
        "quality.complaint.recall.clock", "class_id", "Times", copy=True
    )
    reminder_hours = fields.Integer(
        "Remind After (Hours)",
        default=24,
        help="Consignees who have not confirmed are written to again; 0: not.",
    )
    reminder_count = fields.Integer("Reminders", default=3)
    check_percent = fields.Float(
        "Consignees to Check (%)",
        default=10.0,
        help="Of so many the effectiveness is checked: did it arrive, did they act.",
    )

    _percent = models.Constraint(
        "CHECK (check_percent BETWEEN 0 AND 100)", "A share is from 0 to 100 %."
    )


class QualityComplaintRecallClock(models.Model):
    """One of the times of a recall class."""

    _name = "quality.complaint.recall.clock"
    _description = "Time of a Recall Class"
    _inherit = ["quality.complaint.guarded"]
    _order = "class_id, sequence, id"
    _rec_name = "class_id"

    class_id = fields.Many2one(
        "quality.complaint.recall.class", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, "Time or Report", required=True)
    amount = fields.Integer("How Long", required=True, default=1)
    unit = fields.Selection(UNITS, required=True, default="hour")
    repeats = fields.Boolean(
        "Every", help="Again after the same time, until the recall is finished."
    )

    @api.constrains("amount")
    def _check_amount(self):
        for clock in self:
            if clock.amount <= 0:
                raise ValidationError(
                    self.env._("%s: a time is more than zero.", clock.class_id.name)
                )

    def _due_after(self, moment, company):
        """
        :param moment: naive UTC datetime it counts from
        :param company: `res.company` whose working time counts
        :return: naive UTC datetime
        """
        self.ensure_one()
        # sudo: only when it works
        clock = company.sudo().resource_calendar_id._complaint_clock(company)
        if self.unit == "hour":
            return fields.Datetime.add(moment, hours=self.amount)
        if self.unit == "day":
            return clock.end_of_civil_day(moment, self.amount)
        return clock.end_of_day(moment, self.amount)
