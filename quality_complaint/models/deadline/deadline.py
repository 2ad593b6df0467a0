from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

from ...tools import elapsed, listed, shifted, short_moment
from ..mixins.due import MAX_BATCHES
from ..policy.limit import UNITS, WORKING

# due dates that follow changed working hours at once
AT_ONCE = 500


class QualityComplaintDeadline(models.Model):
    """A step of one complaint in one round: the stamp that it happened, or the time
    limit it has to keep.

    A stamp has no limit: `done_on` is when it happened (stated by a person),
    `recorded_on` when it was entered (by the system, never
    editable). A deadline has one: it runs from `start_on` to `due_on` and ends when its
    step is stamped.
    """

    _name = "quality.complaint.deadline"
    _description = "Complaint Step"
    _inherit = ["quality.complaint.guarded", "quality.complaint.due"]
    _due_action = "quality_complaint.action_deadline_all"
    _order = "done_on, due_on, id"

    # everything but the reason for being late is given by the flow, which changes it by
    # `_advance` only
    start_on = fields.Datetime(fixed=True)
    due_on = fields.Datetime(fixed=True)
    warn_on = fields.Datetime(fixed=True)
    done_on = fields.Datetime(fixed=True)
    missed_on = fields.Datetime(guarded=False, fixed=True)
    notice_level = fields.Integer(guarded=False, fixed=True)
    next_notice_on = fields.Datetime(guarded=False, fixed=True)
    notice_activity_ids = fields.Many2many(guarded=False, fixed=True)

    # --- identity
    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    product_id = fields.Many2one(related="complaint_id.product_id")
    severity_id = fields.Many2one(related="complaint_id.severity_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        index="btree_not_null",
    )
    team_id = fields.Many2one(related="complaint_id.team_id", store=True, index=True)
    is_team_mine = fields.Boolean(
        "My Team's",
        compute="_compute_is_team_mine",
        search="_search_is_team_mine",
        help=(
            "Of a team the user leads or belongs to; of every team for a complaint "
            "manager who is in none."
        ),
    )
    milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Step",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        fixed=True,
    )
    milestone_code = fields.Char(related="milestone_id.code", store=True)
    limit_id = fields.Many2one(
        "quality.complaint.limit",
        "Time Limit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        fixed=True,
    )
    round = fields.Integer(default=1, readonly=True, fixed=True)
    source_model = fields.Char(readonly=True, fixed=True)
    source_id = fields.Many2oneReference(
        model_field="source_model", readonly=True, fixed=True
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Done"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="met",
        required=True,
        readonly=True,
        index=True,
        fixed=True,
    )

    # --- time
    recorded_on = fields.Datetime(readonly=True, fixed=True)
    done_by_id = fields.Many2one("res.users", "By", readonly=True, fixed=True)
    not_before = fields.Datetime(readonly=True, fixed=True)
    unit = fields.Selection(UNITS, readonly=True, fixed=True)
    calendar_changed = fields.Boolean(
        readonly=True,
        help="To be set anew: the working hours have changed.",
        fixed=True,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        fixed=True,
    )
    paused_on = fields.Datetime("Paused Since", readonly=True, fixed=True)
    paused_seconds = fields.Integer(
        "Time Paused (s)",
        readonly=True,
        help="Working time or clock time, as the limit counts, given back so far.",
        fixed=True,
    )
    extended_from = fields.Datetime(
        "First Due",
        readonly=True,
        help="The date before the first extension.",
        fixed=True,
    )
    extension_ids = fields.One2many(
        "quality.complaint.extension", "deadline_id", "Extensions"
    )
    asked_until = fields.Datetime(
        "More Time Asked Until",
        compute="_compute_asked_until",
        store=True,
        help="What the request asks for that the customer has not answered yet.",
    )
    late_reason = fields.Text("Reason for Being Late")
    ended_by_id = fields.Many2one(
        "quality.complaint.deadline",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stamp that ended this limit.",
        fixed=True,
    )
    passed_on = fields.Datetime(
        "Passed On At", readonly=True, help="When the next ones were told.", fixed=True
    )
    taken_by_id = fields.Many2one(
        "res.users", "Taken Over By", readonly=True, fixed=True, ondelete="restrict"
    )
    taken_on = fields.Datetime("Taken Over On", readonly=True, fixed=True)
    message_id = fields.Many2one(
        "mail.message",
        "Rests on the Mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The step counts as long as this mail is delivered.",
        fixed=True,
    )
    revoked_on = fields.Datetime(
        "Taken Back On",
        readonly=True,
        help="Since when the step does not count any more.",
        fixed=True,
    )
    revoked_reason = fields.Char("Why It Does Not Count", readonly=True, fixed=True)
    step_text = fields.Char(
        "Step to Take",
        compute="_compute_step_text",
        help="What is to be done; once it is done: what has happened.",
    )
    time_left = fields.Char(
        compute="_compute_time_left",
        help="Working time or clock time left, as the limit counts.",
    )
    time_note = fields.Char(
        "Time Left or Changed",
        compute="_compute_time_note",
        help="Time left, a request for more time, and when it was due before that.",
    )
    can_tick = fields.Boolean(compute="_compute_can_tick")

    _stamp_once = models.UniqueIndex(
        "(complaint_id, milestone_id, round, coalesce(source_model, ''), "
        "coalesce(source_id, 0)) "
        "WHERE limit_id IS NULL AND state <> 'cancelled'",
        "This step is stamped already in this round.",
    )
    _limit_once = models.UniqueIndex(
        "(complaint_id, limit_id, round, coalesce(source_model, ''), "
        "coalesce(source_id, 0)) "
        "WHERE limit_id IS NOT NULL AND (state IN ('running', 'paused') OR (done_on "
        "IS NOT NULL AND state <> 'cancelled'))",
        "This time limit runs already in this round.",
    )
    _calendar_changed_idx = models.Index("(id) WHERE calendar_changed IS TRUE")
    _running_idx = models.Index(
        "(complaint_id, due_on) WHERE state IN ('running', 'paused')"
    )
    # of the digest
    _team_due_idx = models.Index(
        "(team_id, due_on) WHERE state IN ('running', 'paused')"
    )

    # === compute ===

    @api.depends("team_id")
    @api.depends_context("uid")
    def _compute_is_team_mine(self):
        mine = self.filtered_domain(self._team_mine_domain())
        mine.is_team_mine = True
        (self - mine).is_team_mine = False

    def _search_is_team_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._team_mine_domain()

    @api.model
    def _team_mine_domain(self):
        teams = self.env["quality.complaint.team"].search(
            Domain("member_ids", "in", self.env.uid)
            | Domain("leader_id", "=", self.env.uid)
        )
        if not teams and self.env.user.has_group(
            "quality_complaint.group_quality_complaint_manager"
        ):
            return Domain.TRUE
        return Domain("team_id", "in", teams.ids)

    @api.depends("complaint_id.name", "step_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = listed(
                self.env.lang, (row.complaint_id.display_name, row.step_text), ":"
            )

    @api.depends(
        "complaint_id.user_id",
        "complaint_id.revisit_ids.user_id",
        "complaint_id.revisit_ids.state",
        "complaint_id.department_id",
        "complaint_id.region_manager_id",
        "complaint_id.responsible_id",
        "limit_id",
        "source_model",
        "source_id",
    )
    def _compute_user_id(self):
        for row in self:
            row.user_id = row._doer() or row.complaint_id.user_id
            if row.milestone_code == "revisited":
                # sudo: whose revisit it is does not depend on who looks
                row.user_id = (
                    row.complaint_id.sudo()
                    .revisit_ids.filtered(lambda revisit: revisit.state == "planned")[
                        :1
                    ]
                    .user_id
                    or row.user_id
                )
            if row.source_model == "quality.complaint.investigation":
                row.user_id = (
                    row.env[row.source_model].browse(row.source_id).exists().user_id
                    or row.user_id
                )

    def _doers(self):
        """Holders of the role whose work the step is by its limit; none where it is the
        handler's.
        """
        self.ensure_one()
        role = self.limit_id._doer_role()
        return (
            role._holders(self.complaint_id) if role else self.env["res.users"]
        ).sudo(False)

    def _doer(self):
        """The one in whose list it stands: the handler if it is theirs, too; one who is
        there today.
        """
        doers = self._doers()
        handler = self.complaint_id.user_id
        if handler in doers or not doers:
            return handler & doers
        return doers.filtered(lambda user: not self._is_absent(user))[:1] or doers[:1]

    @api.depends("limit_id.name", "milestone_id.name", "milestone_id.task", "done_on")
    @api.depends_context("lang")
    def _compute_step_text(self):
        for row in self:
            step = row.milestone_id
            row.step_text = row.limit_id.name or (
                step.name if row.done_on else step.task or step.name
            )

    @api.depends("due_on", "state", "done_on")
    def _compute_time_left(self):
        now = fields.Datetime.now()
        for row in self:
            row.time_left = (
                row._time_text(now)
                if row.due_on and row.state in ("running", "paused")
                else False
            )

    @api.depends("extension_ids.state", "extension_ids.due_on")
    def _compute_asked_until(self):
        for row in self:
            asked = row.extension_ids.filtered(lambda e: e.state == "requested")
            row.asked_until = asked[:1].due_on

    @api.depends("time_left", "asked_until", "extended_from")
    @api.depends_context("lang", "tz")
    def _compute_time_note(self):
        for row in self:
            texts = [row.time_left]
            if row.asked_until:
                until = short_moment(self.env, row.asked_until)
                texts.append(self.env._("more time asked for: until %s", until))
            if row.extended_from:
                first = short_moment(self.env, row.extended_from)
                texts.append(self.env._("more time given: it was due %s", first))
            row.time_note = listed(self.env.lang, texts, ";") or False

    @api.depends("milestone_id.manual", "state", "complaint_id.state")
    def _compute_can_tick(self):
        for row in self:
            row.can_tick = (
                row.milestone_id.manual
                and row.state in ("running", "paused")
                and row.complaint_id.state != "new"
            )

    def _time_text(self, now):
        """Time left or overdue in words, in working time where the limit counts it."""
        self.ensure_one()
        moment = self.paused_on or now
        overdue = self.due_on < moment
        working = self.unit in WORKING and not overdue
        minutes = (
            elapsed(self._due_clock(), *sorted((moment, self.due_on)), working) // 60
        )
        days, rest = divmod(minutes, 1440)
        if days and not working:
            text = self.env._("%(days)s d %(hours)s h", days=days, hours=rest // 60)
        elif minutes < 60:
            text = self.env._("%s min", minutes)
        else:
            text = self.env._(
                "%(hours)s h %(minutes)02d min",
                hours=minutes // 60,
                minutes=minutes % 60,
            )
        if overdue:
            return self.env._("%s overdue", text)
        return (
            self.env._("%s left (working time)", text)
            if working
            else self.env._("%s left", text)
        )

    # === due mixin ===

    def _due_running(self):
        return self.filtered(lambda row: row.state == "running")

    @api.model
    def _due_running_domain(self):
        return Domain("state", "=", "running")

    def _due_responsible(self):
        return self._doers() or super()._due_responsible()

    def _due_clock(self):
        return self.calendar_id._complaint_clock(self.company_id)

    def _due_levels(self):
        clock = self._due_clock()
        levels = [
            (level._moment(self.due_on, clock), level.role_id)
            for level in self.limit_id.level_ids
        ]
        return sorted(levels, key=lambda level: level[0])

    def _on_missed(self):
        self.complaint_id._record_late(self)
        if self.limit_id.on_miss == "raise":
            self.complaint_id._raise_severity(
                self.env._("“%s” was not done in time", self.limit_id.display_name)
            )

    # === the flow ===

    def _set_due(self, due_on, **vals):
        """Give running rows a due date, and what follows from it."""
        for row in self:
            row._advance(
                {
                    "due_on": due_on,
                    "warn_on": row._warn_moment(
                        row._due_clock(), row.unit, row.start_on, due_on
                    ),
                    **vals,
                }
            )
        self._schedule_notices()

    @api.model
    def _start(self, pairs, again=()):
        """Start time limits from the stamps of their first steps.

        :param list pairs: (stamp, limit)
        :param again: the rows that have ended, where limits start anew: events of their
            own, so that each is counted
        :return: the new rows
        """
        calendars = {
            complaint: complaint._deadline_calendar()
            for complaint in {stamp.complaint_id for stamp, _limit in pairs}
        }
        keys = {(complaint.company_id, calendars[complaint]) for complaint in calendars}
        clocks = {key: key[1]._complaint_clock(key[0]) for key in keys}
        vals_list = []
        for stamp, limit in pairs:
            complaint = stamp.complaint_id
            calendar = calendars[complaint]
            vals_list.append(
                self._prepare_vals(
                    stamp, limit, calendar, clocks[complaint.company_id, calendar]
                )
            )
        for vals, row in zip(vals_list, again, strict=False):
            vals |= {"source_model": row._name, "source_id": row.id}
        self.flush_model(["state"])  # cancelled rows make room in the unique index
        return self.create(vals_list)

    def _prepare_vals(self, stamp, limit, calendar, clock):
        start = (
            stamp.complaint_id[limit.start_field]
            if limit.start_field
            else stamp.done_on
        )
        due_on, earliest, unit = limit._window(start, clock)
        moments = [level._moment(due_on, clock) for level in limit.level_ids]
        return {
            "complaint_id": stamp.complaint_id.id,
            "milestone_id": limit.to_milestone_id.id,
            "limit_id": limit.id,
            "round": stamp.round,
            "source_model": stamp.source_model,
            "source_id": stamp.source_id,
            "calendar_id": calendar.id,
            "state": "running",
            "unit": unit,
            "start_on": start,
            "due_on": due_on,
            "not_before": earliest,
            "warn_on": self._warn_moment(clock, unit, start, due_on),
            "next_notice_on": min([*moments, due_on]),
        }

    @api.model
    def _warn_moment(self, clock, unit, start, due_on):
        """When less than a quarter of the time is left."""
        working = unit in WORKING
        return shifted(
            clock,
            due_on,
            -(max(elapsed(clock, start, due_on, working), 0) // 4),
            working,
        )

    def _has_other_start(self):
        """The date on the complaint it counts from was changed."""
        field = self.limit_id.start_field
        return (
            bool(field)
            and not self.extended_from
            and self.complaint_id[field] != self.start_on
        )

    def _counts_same(self, stamp, limit):
        """Whether this row counts the step of a limit from this stamp; what comes again
        and again, from where it happened last.
        """
        if self.source_model == self._name and limit._comes_again():
            return self.milestone_id == limit.to_milestone_id
        start = self.limit_id._first_milestone()
        return (self.milestone_id, start, self.source_model, self.source_id) == (
            limit.to_milestone_id,
            stamp.milestone_id,
            stamp.source_model,
            stamp.source_id,
        )

    def _is_ended_by(self, stamp):
        """Whether the stamp is the end of this limit: two events of the same kind (two
        samples) are kept apart.
        """
        return (
            stamp.source_model != self.source_model
            or not self.source_model
            or stamp.source_id == self.source_id
        )

    def _is_followed_by(self, milestone, stamps):
        """Whether a step counted from this stamp has happened already."""
        return bool(
            stamps.filtered(
                lambda stamp: (
                    stamp.milestone_id == milestone and self._is_ended_by(stamp)
                )
            )
        )

    def _finish_by(self, stamps):
        """End with the first of these stamps that is its step in its round, if there is
        one.
        """
        stamp = stamps.filtered(
            lambda s: (
                s.milestone_id == self.milestone_id
                and s.round == self.round
                and self._is_ended_by(s)
            )
        )[:1]
        if stamp:
            self._finish(stamp)

    def _finish(self, stamp):
        """The step happened: in time, or late by comparing when it happened with when
        it was due.

        What was noticed as missed only because it was entered later counts as in time
        after all.
        """
        self.filtered(lambda row: row.state == "paused")._resume(stamp.done_on)
        for state, rows in self.grouped(
            lambda row: "missed" if stamp.done_on > row.due_on else "met"
        ).items():
            rows._advance(
                {
                    "state": state,
                    "done_on": stamp.done_on,
                    "recorded_on": stamp.recorded_on,
                    "done_by_id": stamp.done_by_id.id,
                    "ended_by_id": stamp.id,
                    "next_notice_on": False,
                }
            )
            if state == "missed":
                for complaint, late in rows.grouped("complaint_id").items():
                    complaint._record_late(late)
            else:
                rows._forgive()
        self._end_notices()

    def _tell_doers(self):
        """Steps that are the work of a role stand among their to-dos from the beginning
        of their time.
        """
        for row in self.filtered(lambda row: row.state == "running"):
            if row.limit_id._doer_role():
                row._remind(
                    row.complaint_id._reachable(row._doers())
                    - row.complaint_id.user_id,
                    lambda local: local.env._("To do: %s", local.display_name),
                )

    def _pass_on(self):
        """The step has happened: the next ones are told; who of them takes over is
        recorded by `quality.complaint.action_take_over`.
        """
        for row in self.filtered(lambda row: row.limit_id._told_roles()):
            complaint = row.complaint_id
            users = complaint._reachable(
                self.env["res.users"].union(
                    *(role._holders(complaint) for role in row.limit_id._told_roles())
                )
            )
            row._advance({"passed_on": fields.Datetime.now()})
            if users:
                row._remind(
                    users,
                    lambda local: local.env._("Take over: %s", local.display_name),
                )
                continue
            complaint.message_post(
                body=self.env._(
                    "“%(step)s”: nobody could be told (%(role)s).",
                    step=row.display_name,
                    role=format_list(
                        self.env, row.limit_id._told_roles().mapped("name")
                    ),
                )
            )

    def _may_take_over(self):
        """Whether it was passed on to a role the user holds."""
        self.ensure_one()
        row = self.sudo()  # sudo: who holds a role is no secret
        return any(
            self.env.user in role._holders(row.complaint_id)
            for role in row.limit_id._told_roles()
        )

    def _take_over(self):
        """The user has taken over what was passed on."""
        self._advance({"taken_by_id": self.env.uid, "taken_on": fields.Datetime.now()})
        self._end_notices()

    def _start_again(self, stamp):
        """What comes again and again starts anew from the stamp that ended it."""
        rows = self.filtered(
            lambda row: (
                row.limit_id._comes_again()
                and row.complaint_id.state not in ("closed", "cancelled")
            )
        )
        if not rows:
            return
        started = self._start([(stamp, row.limit_id) for row in rows], again=rows)
        started._tell_doers()
        if stamp.complaint_id.waiting_for:
            started._pause(fields.Datetime.now())

    def _source(self):
        """The record of whose event it is, if it is one's."""
        self.ensure_one()
        return (
            self.env[self.source_model].browse(self.source_id)
            if self.source_model
            else None
        )

    def _forgive(self):
        """Not late after all: nothing is held against anybody."""
        noticed = self.filtered("missed_on")
        noticed._advance({"missed_on": False})
        self.env["quality.complaint.score"].search(
            [("deadline_id", "in", noticed.ids)]
        ).unlink()

    def _extend(self, due_on, agreed_on):
        """Count by a date the customer agreed to; people are reminded of it anew.

        Consent that came when the step was overdue does not make it in time: what was
        missed stays recorded.

        :param datetime agreed_on: when the customer agreed
        """
        self.ensure_one()
        if agreed_on <= self.due_on:
            self._forgive()
        self._end_notices()
        vals = {"extended_from": self.extended_from or self.due_on, "notice_level": 0}
        if self.state == "paused":
            vals["paused_on"] = (
                fields.Datetime.now()
            )  # the agreed date knows of the waiting so far
        self._set_due(due_on, **vals)

    def _count_anew(self, limit, clock):
        """Let a limit count this step from its old start; time paused and an agreed
        date are kept.

        :return: when it is due by that
        """
        self.ensure_one()
        due_on, earliest, unit = limit._window(self.start_on, clock)
        self._advance({"limit_id": limit.id, "unit": unit, "not_before": earliest})
        return (
            self.due_on
            if self.extended_from
            else shifted(clock, due_on, self.paused_seconds, unit in WORKING)
        )

    def _change_limit(self, limit, clock):
        """The same step is counted by another limit from now on; what was told is
        kept.
        """
        due_on = self._count_anew(limit, clock)
        vals = (
            {} if due_on == self.due_on else {"notice_level": self._levels_past(due_on)}
        )
        self._set_due(due_on, **vals)

    def _levels_past(self, due_on):
        """How many levels would have been told by now for a due date."""
        now, clock = fields.Datetime.now(), self._due_clock()
        return len(
            [
                level
                for level in self.limit_id.level_ids
                if level._moment(due_on, clock) <= now
            ]
        )

    def _cancel(self):
        """No longer wanted; what was overdue by then stays missed."""
        overdue = self.filtered(
            lambda row: (
                row.state == "running"
                and (row.missed_on or row.due_on < fields.Datetime.now())
            )
        )
        overdue._advance({"state": "missed", "next_notice_on": False})
        for complaint, late in overdue.grouped("complaint_id").items():
            complaint._record_late(late)
        cancelled = (
            self - overdue
        )  # who was told that a step is late still has to see to it
        cancelled._advance(
            {"state": "cancelled", "next_notice_on": False, "paused_on": False}
        )
        cancelled._end_notices()

    def _pause(self, moment):
        """Stand still from a moment on; only what may and has not been missed."""
        rows = self.filtered(
            lambda row: (
                row.state == "running" and row.limit_id.pausable and row.due_on > moment
            )
        )
        rows._advance({"state": "paused", "paused_on": moment, "next_notice_on": False})
        rows._end_notices()

    def _resume(self, moment):
        """Run on; the time that stood still is given back, as the limit counts it."""
        for row in self.filtered(lambda row: row.state == "paused"):
            clock, working = row._due_clock(), row.unit in WORKING
            stood = max(elapsed(clock, row.paused_on, moment, working), 0)
            due_on = shifted(clock, row.due_on, stood, working)
            row._set_due(
                due_on,
                state="running",
                paused_on=False,
                paused_seconds=row.paused_seconds + stood,
                notice_level=row._levels_past(due_on),
            )

    def _follow_calendars(self, calendars):
        """Working hours have changed: set what runs by them anew, unless a date was
        agreed.

        :param calendars: the `resource.calendar` that changed; empty for a holiday of
            all calendars
        """
        domain = (
            Domain("state", "in", ("running", "paused"))
            & Domain("extended_from", "=", False)
            & Domain("limit_id.start_field", "=", False)
        )
        domain &= (
            Domain("calendar_id", "in", calendars.ids)
            if calendars
            else Domain("calendar_id", "!=", False)
        )
        rows = self.search(domain)
        if len(rows) > AT_ONCE:
            # nobody waits for thousands of dates: the scheduled action moves them,
            # batch by batch
            rows._advance({"calendar_changed": True})
            self.env.ref("quality_complaint.ir_cron_due")._trigger()
        else:
            rows._follow_calendar()

    @api.model
    def _follow_changed_calendars(self):
        """Dates first: what moved with the working hours is not told by its old
        date.
        """
        for _batch in range(MAX_BATCHES):
            rows = self.search(
                [("calendar_changed", "=", True)], limit=AT_ONCE
            ).try_lock_for_update()
            if not rows:
                break
            rows._advance({"calendar_changed": False})
            rows.filtered(
                lambda row: row.state in ("running", "paused")
            )._follow_calendar()
            self.env["ir.cron"]._commit_progress(len(rows))

    def _follow_calendar(self):
        """Set due dates anew by the working hours as they are now."""
        now = fields.Datetime.now()
        for (calendar, company), group in self.grouped(
            lambda row: (row.calendar_id, row.company_id)
        ).items():
            clock = calendar._complaint_clock(company)
            for row in group:
                due_on = row._count_anew(row.limit_id, clock)
                if due_on != row.due_on:
                    if due_on > now:
                        row._forgive()
                    row._set_due(due_on, notice_level=row._levels_past(due_on))

    def _local_date(self, moment):
        """Day of a moment in the time zone of the working hours, the user's where there
        are none.
        """
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.calendar_id.tz or self.env.context.get("tz")),
            moment,
        ).date()

    # === buttons ===

    def action_tick(self):
        """State that this step, which a person ticks, happened just now."""
        for row in self:
            row.complaint_id._tick(row.milestone_id)
        return True

    def action_take_over(self):
        """Take over what was passed on."""
        self.ensure_one()
        return self.complaint_id.action_take_over()

    def action_extend(self):
        """Ask for more time: opens the extension."""
        self.ensure_one()
        if self.state not in ("running", "paused"):
            raise UserError(
                self.env._(
                    "%s is finished: there is nothing to extend.", self.display_name
                )
            )
        request = self.extension_ids.filtered(
            lambda extension: extension.state == "requested"
        )[:1]
        return request._get_records_action(
            name=self.env._("Extension"),
            target="new",
            context={"default_deadline_id": self.id},
        )

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._open()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Steps belong to the file of the complaint and cannot be deleted."
                )
            )
