from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list, ormcache

from ...tools import AroundTheClock, NoWorkingTime, listed

UNITS = [
    ("minute", "Minutes"),
    ("hour", "Hours"),
    ("day", "Days"),
    ("work_hour", "Working hours"),
    ("work_day", "Working days"),
    ("same_day", "Same working day"),
]
WHOLE = ("day", "work_day")
# a pause gives back working time, otherwise clock time
WORKING = ("work_hour", "work_day", "same_day")


class People(NamedTuple):
    """Ids of the roles of a limit, and whether it comes again and again."""

    doer: tuple
    told: tuple
    again: bool


class QualityComplaintLimit(models.Model):
    """A time limit: from a step (or a date on the complaint) to a step.

    ==========
    ==========================================================================================================
    unit       the limit ends …
    ==========
    ==========================================================================================================
    minute     so many minutes of clock time after the start
    hour       so many hours of clock time after the start
    day        at the end of the nth civil day after the day of the start
    work_hour  after so many hours of working time; together with a working period, not
    at the beginning of the next one
    work_day   at the end of working time on the nth working day **after** the day of
    the start
    same_day   at the end of working time on the day of the start; of the next working
    day when no work remains on it
    ==========
    ==========================================================================================================

    The other amount applies when the start lies on a non-working day, or outside
    working hours: before the first or after the last
    of the day (a lunch break is not outside). Days are those of the calendar's
    time zone. Sources: the companies' own procedures for the figures, Civil Code of
    China art. 201–203 for what ends a day.
    """

    _name = "quality.complaint.limit"
    _description = "Time Limit"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        translate=True, help="Only where the name of the step is not enough."
    )
    start_milestone_id = fields.Many2one(
        "quality.complaint.milestone", "From", ondelete="restrict", index=True
    )
    start_field = fields.Selection(
        [("customer_due_on", "Date the customer asked for")],
        "From Date",
        help="Instead of a step: the limit is counted from this date.",
    )
    to_milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Step",
        required=True,
        ondelete="restrict",
        index=True,
    )
    unless_milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Unless",
        ondelete="restrict",
        help="No limit once this step has happened.",
    )
    amount = fields.Float("Time", digits=(16, 2), most=20000)
    unit = fields.Selection(UNITS, required=True, default="work_day")
    other_when = fields.Selection(
        [
            ("non_working_day", "on a non-working day"),
            ("outside_hours", "outside working hours"),
        ],
        "Other Time When Started",
        help=(
            "When the start lies there, the other time applies. Outside working "
            "hours: before the first or after the last of the day."
        ),
    )
    other_amount = fields.Float("Other Time", digits=(16, 2), most=20000)
    other_unit = fields.Selection(UNITS)
    not_before = fields.Integer(
        most=20000,
        help=(
            "Earliest time for the step, in the same unit, e.g. 5 for a revisit on "
            "day 5 to day 7."
        ),
    )
    all_feedback = fields.Boolean(
        "Also Other Feedback",
        help=(
            "Also for inquiries, praise and other feedback that is not handled as a "
            "complaint."
        ),
    )
    doer_role_id = fields.Many2one(
        "quality.complaint.role",
        "Done By",
        ondelete="restrict",
        help=(
            "Whose work it is: it stands among theirs when its time begins. Empty: the "
            "handler."
        ),
    )
    told_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_limit_told_rel",
        string="Then Passed To",
        help=(
            "Told when the step happens; who takes over is recorded. R3: the sales "
            "centre, then the regional manager."
        ),
    )
    takes_case = fields.Boolean(
        "With the Case",
        help="Whoever takes over handles the complaint from then on.",
    )
    again = fields.Boolean(
        "Again and Again",
        help=(
            "Starts again whenever the step has happened, until the case is closed: "
            "progress every so many days."
        ),
    )
    pausable = fields.Boolean(
        default=True, help="Stands still while we wait for the customer."
    )
    on_miss = fields.Selection(
        [
            ("notify", "Tell the people below"),
            ("raise", "Also raise the severity by one level"),
        ],
        "When Missed",
        required=True,
        default="notify",
    )
    level_ids = fields.One2many(
        "quality.complaint.escalation", "limit_id", "Reminder and Escalation", copy=True
    )
    summary = fields.Text(
        "Time Limit",
        compute="_compute_summary",
        help="The limit as in the paper procedure.",
    )
    escalation = fields.Text(
        "Reminder and Escalation in Words", compute="_compute_summary"
    )

    # === constraints ===

    @api.constrains(
        "start_milestone_id",
        "start_field",
        "amount",
        "unit",
        "other_when",
        "other_amount",
        "other_unit",
        "not_before",
        "again",
    )
    def _check_limit(self):
        for limit in self:
            problems = []
            if bool(limit.start_milestone_id) == bool(limit.start_field):
                problems.append(
                    self.env._(
                        "say from which step, or from which date, it counts (one of "
                        "them)"
                    )
                )
            if limit.amount < 0 or limit.other_amount < 0 or limit.not_before < 0:
                problems.append(self.env._("times cannot be negative"))
            for amount, unit in (
                (limit.amount, limit.unit),
                (limit.other_amount, limit.other_unit),
            ):
                if unit in WHOLE and amount % 1:
                    problems.append(self.env._("days are whole numbers"))
            if limit.other_when and not limit.other_unit:
                problems.append(self.env._("the other time needs its unit"))
            if limit.again and (limit.unit == "same_day" or not limit.amount):
                problems.append(
                    self.env._("what starts again and again needs a time in between")
                )
            if limit.again and not limit.to_milestone_id.manual:
                problems.append(
                    self.env._(
                        "only a step that is recorded by hand can come again and again"
                    )
                )
            if limit.not_before and limit.unit not in WHOLE:
                problems.append(
                    self.env._("“not before” is for limits in days or working days")
                )
            if limit.not_before and limit.not_before > limit.amount:
                problems.append(
                    self.env._("“not before” cannot be later than the limit itself")
                )
            if problems:
                raise ValidationError(
                    self.env._(
                        "Time limit “%(limit)s”: %(problems)s.",
                        limit=limit.display_name,
                        problems=listed(self.env.lang, problems, ";"),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts(self):
        # sudo: a draft's deadlines go with the limit; policies of registered complaints
        # are read-only
        self.env["quality.complaint.deadline"].sudo().search(
            [("limit_id", "in", self.ids), ("complaint_id.state", "=", "new")]
        ).unlink()

    # === compute ===

    @api.depends("name", "to_milestone_id.name")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = (
                limit.name or limit.to_milestone_id.name or self.env._("New limit")
            )

    @api.depends(
        "amount",
        "unit",
        "other_when",
        "other_amount",
        "other_unit",
        "not_before",
        "unless_milestone_id.name",
        "on_miss",
        "level_ids.display_name",
        "again",
        "doer_role_id.name",
        "told_role_ids.name",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for limit in self:
            parts = limit._time_texts()
            if limit.not_before:
                parts.append(
                    self.env._(
                        "not before %s",
                        limit._amount_text(limit.not_before, limit.unit),
                    )
                )
            if limit.unless_milestone_id:
                parts.append(self.env._("unless “%s”", limit.unless_milestone_id.name))
            if limit.again:
                parts.append(self.env._("again and again"))
            if limit.doer_role_id:
                parts.append(self.env._("by: %s", limit.doer_role_id.name))
            limit.summary = listed(self.env.lang, parts, ",")
            steps = limit.level_ids.sorted("offset_minutes").mapped("display_name")
            if limit.told_role_ids:
                names = format_list(self.env, limit.told_role_ids.mapped("name"))
                steps.append(self.env._("done: passed to %s", names))
            if limit.on_miss == "raise":
                steps.append(self.env._("missed: one level higher"))
            limit.escalation = listed(self.env.lang, steps, ";")

    def _time_texts(self):
        """How long, and how long where another time holds: in words."""
        self.ensure_one()
        texts = [self._amount_text(self.amount, self.unit)]
        if self.other_when:
            places = dict(self._fields["other_when"]._description_selection(self.env))
            texts.append(
                self.env._(
                    "%(time)s when started %(place)s",
                    time=self._amount_text(self.other_amount, self.other_unit),
                    place=places[self.other_when],
                )
            )
        return texts

    @api.model
    def _amount_text(self, amount, unit):
        """An amount of time in words of the user's language."""
        if amount == 1 and unit in ("day", "work_hour", "work_day"):
            return {
                "day": self.env._("1 day"),
                "work_hour": self.env._("1 working hour"),
                "work_day": self.env._("1 working day"),
            }[unit]
        amount = f"{amount:.12g}"
        texts = {
            "minute": self.env._("%s min", amount),
            "hour": self.env._("%s h", amount),
            "day": self.env._("%s days", amount),
            "work_hour": self.env._("%s working hours", amount),
            "work_day": self.env._("%s working days", amount),
            "same_day": self.env._("same working day"),
        }
        return texts.get(unit, "")

    # === who ===

    def _doer_role(self):
        """The role whose work the step is; empty: the handler's."""
        return self.env["quality.complaint.role"].browse(self._people().doer)

    def _told_roles(self):
        """Roles told when the step happens."""
        return self.env["quality.complaint.role"].browse(self._people().told)

    def _comes_again(self):
        return self._people().again

    @ormcache("self.id")
    def _people(self):
        """Who does the step and who is told, read once: every step asks for it.

        :return: `People`
        """
        limit = self.sudo()  # sudo: whose work a step is, is no secret
        return People(limit.doer_role_id._ids, limit.told_role_ids._ids, limit.again)

    # === the clock ===

    def _first_milestone(self):
        """The step whose stamp starts the limit; limits from a date start with the
        registration.
        """
        return self.start_milestone_id or self.env[
            "quality.complaint.milestone"
        ]._by_code("registered")

    def _window(self, start, clock):
        """When the step is due, and from when on it may be done.

        :param datetime start: naive UTC
        :param clock: of `resource.calendar._complaint_clock`
        :return: (due, not_before or False, unit that was applied), naive UTC; a
            calendar without any working time to come counts
            around the clock
        """
        self.ensure_one()
        try:
            return self._window_by(start, clock)
        except NoWorkingTime:
            return self._window_by(start, AroundTheClock(clock.tz.zone))

    def _window_by(self, start, clock):
        amount, unit = self.amount, self.unit
        if (
            self.other_when == "non_working_day" and not clock.is_working_day(start)
        ) or (self.other_when == "outside_hours" and not clock.is_open(start)):
            amount, unit = self.other_amount, self.other_unit
        due = self._due_after(start, amount, unit, clock)
        earliest = False
        if self.not_before:
            earliest = (
                clock.start_of_day(start, self.not_before)
                if self.unit == "work_day"
                else clock.start_of_civil_day(start, self.not_before)
            )
        return due, earliest, unit

    @api.model
    def _due_after(self, start, amount, unit, clock):
        """The moment an amount of time after a start ends.

        :param datetime start: naive UTC
        :param str unit: one of `UNITS`
        :param clock: of `resource.calendar._complaint_clock`
        :return: naive UTC
        """
        if unit == "work_hour":
            return clock.add(start, round(amount * 3600))
        if unit in ("work_day", "same_day"):
            return clock.end_of_day(start, int(amount) if unit == "work_day" else 0)
        if unit == "day":
            return clock.end_of_civil_day(start, int(amount))
        return start + timedelta(
            seconds=round(amount * (3600 if unit == "hour" else 60))
        )
