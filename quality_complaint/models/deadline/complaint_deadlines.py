from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_list

from ...tools import listed, printed_moment, says_nothing, short_moment

# a batch case has no customer of its own: its children answer and revisit theirs
CUSTOMER_STEPS = (
    "responded",
    "acknowledged",
    "planned",
    "plan_approved",
    "execution_started",
    "executed",
    "replied",
    "revisited",
)
# steps that are taken anew in every round
REPEATED_STEPS = (
    "investigation_started",
    "concluded",
    "planned",
    "plan_approved",
    "executed",
    "replied",
    "form_returned",
    "reopened",
)


class QualityComplaint(models.Model):
    """The time limits of a complaint: started and ended by its steps, paused, and what
    the next one is.
    """

    _inherit = "quality.complaint"

    next_deadline_on = fields.Datetime(
        "Next Deadline",
        compute="_compute_next_deadline",
        store=True,
        index="btree_not_null",
    )
    next_warn_on = fields.Datetime(compute="_compute_next_deadline", store=True)
    next_milestone_id = fields.Many2one(
        "quality.complaint.milestone",
        "Next Step Due",
        compute="_compute_next_deadline",
        store=True,
        ondelete="set null",
    )
    next_deadline = fields.Char(
        "Next Due",
        compute="_compute_deadline_state",
        help="The next step that is due, and when.",
    )
    next_due_text = fields.Char(
        "Next", compute="_compute_next_due_text", compute_sudo=True
    )
    deadline_state = fields.Selection(
        [
            ("none", "Nothing due"),
            ("ok", "In time"),
            ("soon", "Due soon"),
            ("late", "Overdue"),
            ("paused", "Paused"),
        ],
        compute="_compute_deadline_state",
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help=(
            "A step is overdue, or the customer asked for an answer by a time that "
            "has passed."
        ),
    )
    late_reasons_missing = fields.Integer(
        compute="_compute_late_reasons_missing", compute_sudo=True
    )

    # --- passed on
    hand_over_text = fields.Char("Passed On", compute="_compute_hand_over")
    can_take_over = fields.Boolean(compute="_compute_hand_over")

    # --- waiting for the customer
    waiting_for = fields.Selection(
        [
            ("sample", "A sample"),
            ("information", "Information"),
            ("consent", "Consent"),
        ],
        "Waiting for the Customer",
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    waiting_since = fields.Datetime(readonly=True, copy=False, guarded=True)
    waiting_reason = fields.Char(readonly=True, copy=False, guarded=True)

    # === compute ===

    @api.depends("deadline_ids.due_on", "deadline_ids.warn_on", "deadline_ids.state")
    def _compute_next_deadline(self):
        for complaint in self:
            running = complaint.deadline_ids.filtered(
                lambda row: row.state == "running"
            ).sorted("due_on")[:1]
            complaint.next_deadline_on = running.due_on
            complaint.next_warn_on = running.warn_on
            complaint.next_milestone_id = running.milestone_id

    @api.depends(
        "next_deadline_on", "next_warn_on", "next_milestone_id", "waiting_for", "state"
    )
    @api.depends_context("lang", "tz")
    def _compute_deadline_state(self):
        now = fields.Datetime.now()
        for complaint in self:
            due = complaint.next_deadline_on
            if due:
                complaint.deadline_state = (
                    "late"
                    if due < now
                    else "soon"
                    if complaint.next_warn_on <= now
                    else "ok"
                )
                complaint.next_deadline = complaint.next_milestone_id._due_by(due)
            else:
                complaint.deadline_state = "paused" if complaint.waiting_for else "none"
                complaint.next_deadline = (
                    self.env._("Waiting for the customer")
                    if complaint.waiting_for
                    else False
                )

    @api.depends("deadline_ids.due_on", "deadline_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_next_due_text(self):
        for complaint in self:
            rows = complaint.deadline_ids
            row = (
                rows.filtered(lambda row: row.state == "running")
                .sorted("due_on")[:1]
                .with_prefetch(rows.ids)
            )
            if not row:
                complaint.next_due_text = False
                continue
            complaint.next_due_text = self.env._(
                "%(task)s: %(left)s",
                task=row.milestone_id._due_by(row.due_on, row.limit_id.name),
                left=row.time_left,
            )

    @api.depends("customer_due_on", "state", "next_deadline_on")
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain())
        for complaint in self:
            complaint.is_late = complaint in late

    def _search_is_late(self, operator, _value):
        if operator != "in":
            return NotImplemented
        return self._late_domain()

    @api.model
    def _late_domain(self):
        now = fields.Datetime.now()
        unanswered = Domain("state", "not in", ("replied", "closed", "cancelled"))
        return Domain("next_deadline_on", "<", now) | (
            unanswered & Domain("customer_due_on", "<", now)
        )

    @api.depends("deadline_ids.state", "deadline_ids.late_reason")
    def _compute_late_reasons_missing(self):
        for complaint in self:
            complaint.late_reasons_missing = len(complaint._late_without_reason())

    def _late_without_reason(self):
        """Steps done late, or overdue, that nobody has explained yet; none where the
        policy does not ask.
        """
        if not self.policy_id.ask_late_reason:
            return self.deadline_ids.browse()
        return self.deadline_ids.filtered(
            lambda row: (
                (row.state == "missed" or row.is_overdue) and not row.late_reason
            )
        )

    def _deadline_calendar(self):
        """Working hours by which due dates count: the policy's, else the team's, else
        the company's.
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: due dates are the same for everybody
        return (
            complaint.policy_id.calendar_id
            or complaint.team_id.calendar_id
            or complaint.company_id.resource_calendar_id
        )

    # === started and ended by steps ===

    def _on_stamped(self, stamps):
        """Steps have just happened: end the limits up to them, drop those they make
        needless, start those from them.

        :param stamps: new `quality.complaint.deadline` rows of one milestone
        """
        milestone = stamps.milestone_id
        rows = stamps.search(
            Domain("complaint_id", "in", stamps.complaint_id.ids)
            & (
                Domain("state", "in", ("running", "paused"))
                | (Domain("state", "=", "missed") & Domain("done_on", "=", False))
            )
            & (
                Domain("milestone_id", "=", milestone.id)
                | Domain("limit_id.unless_milestone_id", "=", milestone.id)
            )
        )
        given_up = rows.filtered(lambda row: row.state == "missed")
        given_up._end_notices()
        by_complaint = (rows - given_up).grouped("complaint_id")
        for stamp in stamps:
            concerned = by_complaint.get(stamp.complaint_id, rows.browse())
            ended = concerned.filtered(
                lambda row, s=stamp: (
                    row.milestone_id == milestone and row._is_ended_by(s)
                )
            )
            ended._finish(stamp)
            ended._pass_on()
            ended._start_again(stamp)
            (concerned - ended).filtered(
                lambda row: row.limit_id.unless_milestone_id == milestone
            )._cancel()
        open_stamps = stamps.filtered(
            lambda stamp: stamp.complaint_id.state not in ("closed", "cancelled")
        )
        self._start_limits(
            [
                pair
                for complaint, own in open_stamps.grouped("complaint_id").items()
                for pair in complaint._limit_pairs(own)
            ]
        )

    def _limit_pairs(self, stamps):
        """What the policy counts from these stamps of this complaint, as far as its
        conditions hold now.

        :return: list of (stamp, limit)
        """
        self.ensure_one()
        first = {limit: limit._first_milestone() for limit in self.policy_id.limit_ids}
        pairs = [
            (stamp, limit)
            for limit in self.policy_id.limit_ids
            for stamp in stamps
            if stamp.milestone_id == first[limit]
        ]
        if not pairs:
            return pairs
        facts = self._facts()
        holding = {
            limit
            for _stamp, limit in pairs
            if limit._holds(facts) and self._is_counted(limit)
        }
        needless = (
            self._reached_milestones()
            if any(limit.unless_milestone_id for limit in holding)
            else ()
        )
        return [
            (stamp, limit)
            for stamp, limit in pairs
            if limit in holding and limit.unless_milestone_id not in needless
        ]

    def _is_counted(self, limit):
        """Whether a limit is for such a complaint at all: its date is there, its type
        and its place in a batch case fit.
        """
        if limit.start_field and not self[limit.start_field]:
            return False
        nobody_waits = self.is_batch or self._is_asked_back()
        if nobody_waits and limit.to_milestone_id.code in CUSTOMER_STEPS:
            return False
        return self.type_id.uses_severity or limit.all_feedback

    def _start_limits(self, pairs):
        """Start time limits; those whose step happened before are in time, or late, at
        once.

        :param list pairs: (stamp, limit)
        """
        rows = (
            self.env["quality.complaint.deadline"].sudo()._start(pairs)
        )  # sudo: deadlines follow from the policy
        for complaint, own in rows.grouped("complaint_id").items():
            stamps = complaint.deadline_ids._stamps()
            for row in own:
                row._finish_by(stamps)
            own._tell_doers()
            complaint._keep_revisit_window(own)
            if complaint.waiting_for:
                own.filtered(lambda row: row.state == "running")._pause(
                    fields.Datetime.now()
                )

    def _refresh_deadlines(self, moved=False):
        """Bring running limits in line with what is known and with the policy: drop
        those that no longer hold, start those that do now.

        Limits that hold before and after keep their dates; those from a date field
        follow the date. Where another limit counts the same
        step from the same start, the row goes over to it with its paused time, agreed
        date and what was told.

        :param bool moved: to another version of the policy: overdue rows go over as
            well; otherwise they stay missed
        """
        complaints = self.sudo().filtered(
            lambda c: c.state not in ("closed", "cancelled")
        )  # sudo: as in `_start_limits`
        now = fields.Datetime.now()
        pairs = []
        for complaint in complaints:
            rows = complaint.deadline_ids.filtered(
                lambda row, c=complaint: row.round == c.round
            )
            stamps = rows._stamps()
            # what is owed from an earlier round goes on, but nothing starts from there
            # any more
            wanted = complaint._limit_pairs(complaint.deadline_ids._stamps())
            limits = {limit for _stamp, limit in wanted}
            running = rows.filtered(lambda row: row.state in ("running", "paused"))
            dropped = running.filtered(
                lambda row, limits=limits: (
                    row.limit_id not in limits or row._has_other_start()
                )
            )
            kept = (running - dropped) | rows.filtered(
                lambda row: row.limit_id and row.done_on and row.state != "cancelled"
            )
            known = {(row.limit_id, row.source_model, row.source_id) for row in kept}
            clock = complaint._deadline_calendar()._complaint_clock(
                complaint.company_id
            )
            for stamp, limit in wanted:
                if (limit, stamp.source_model, stamp.source_id) in known:
                    continue
                same = dropped.filtered(
                    lambda row, stamp=stamp, limit=limit: (
                        row._counts_same(stamp, limit) and not row._has_other_start()
                    )
                )[:1]
                if same and (
                    moved
                    or same.state == "paused"
                    or (not same.missed_on and same.due_on >= now)
                ):
                    same._change_limit(limit, clock)
                    dropped -= same
                elif stamp in stamps and not stamp._is_followed_by(
                    limit.to_milestone_id, stamps
                ):
                    pairs.append((stamp, limit))
            dropped._cancel()
        self._start_limits(pairs)

    def _next_round(self):
        """Reopened: what was counted from steps that will be taken again ends,
        everything else is still owed.
        """
        rows = self.env[
            "quality.complaint.deadline"
        ].sudo()  # sudo: as in `_start_limits`
        rows = rows.search(
            [("complaint_id", "in", self.ids), ("state", "in", ("running", "paused"))]
        )
        again = rows.filtered(
            lambda row: row.limit_id.start_milestone_id.code in REPEATED_STEPS
        )
        again._cancel()
        # sudo: as above; what was written before is not answered any more
        self.sudo().reply_ids._stop_waiting()
        for complaint, owed in (rows - again).grouped("complaint_id").items():
            owed._advance({"round": complaint.round})

    def _cancel_deadlines(self):
        """Nothing is due any more: closed or cancelled."""
        rows = self.env[
            "quality.complaint.deadline"
        ].sudo()  # sudo: as in `_start_limits`
        rows.search(
            [("complaint_id", "in", self.ids), ("state", "in", ("running", "paused"))]
        )._cancel()
        # sudo: as above; nobody is reminded of investigations of a finished complaint
        investigations = self.sudo().investigation_ids.filtered(
            lambda row: not row.done_on
        )
        investigations._advance({"next_notice_on": False})
        investigations._end_notices()
        self.sudo().reply_ids._stop_waiting()  # sudo: as above
        self.filtered("waiting_for")._advance(
            {"waiting_for": False, "waiting_since": False, "waiting_reason": False}
        )

    # === waiting for the customer ===

    def action_open_pause(self):
        return self._open_reason("pause", self.env._("Wait for the Customer"))

    def action_pause(self, waiting_for, reason):
        """Wait for the customer: deadlines that may be paused stand still until
        `action_resume`.

        :param str waiting_for: `sample`, `information` or `consent`
        :param str reason: mandatory
        """
        self.check_access("write")
        for complaint in self:
            if complaint.state in ("new", "closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is not being handled: there is nothing to pause.",
                        complaint.display_name,
                    )
                )
            if complaint.waiting_for:
                raise UserError(
                    self.env._(
                        "%s waits for the customer already.", complaint.display_name
                    )
                )
            missing = [] if waiting_for else [self.env._("what we wait for")]
            missing += [self.env._("a reason")] if says_nothing(reason) else []
            complaint._refuse(
                self.env._("%(complaint)s cannot be paused without: %(missing)s."),
                missing,
            )
            now = fields.Datetime.now()
            complaint._advance(
                {
                    "waiting_for": waiting_for,
                    "waiting_since": now,
                    "waiting_reason": reason,
                }
            )
            complaint.sudo().deadline_ids._pause(now)  # sudo: as in `_start_limits`
            labels = dict(self._fields["waiting_for"]._description_selection(self.env))
            complaint.message_post(
                body=self.env._(
                    "Waiting for the customer (%(what)s): %(reason)s",
                    what=labels[waiting_for],
                    reason=reason,
                )
            )
        return True

    def action_resume(self):
        """The customer has answered: deadlines run on and get the time back."""
        self.check_access("write")
        for complaint in self:
            if not complaint.waiting_for:
                raise UserError(
                    self.env._(
                        "%s does not wait for the customer.", complaint.display_name
                    )
                )
        self._resume()
        return True

    def _resume(self, *waiting_for):
        """Go on, if it waits (for one of these, when any are given)."""
        for complaint in self.filtered(
            lambda c: (
                c.waiting_for and (not waiting_for or c.waiting_for in waiting_for)
            )
        ):
            since = printed_moment(self.env, complaint.waiting_since)
            complaint._advance(
                {"waiting_for": False, "waiting_since": False, "waiting_reason": False}
            )
            complaint.sudo().deadline_ids._resume(
                fields.Datetime.now()
            )  # sudo: as in `_start_limits`
            complaint.message_post(
                body=self.env._("Waiting for the customer is over (since %s).", since)
            )

    # === steps ticked by a person ===

    def action_open_step(self):
        """State that a step happened, and when."""
        self.ensure_one()
        return self.env["quality.complaint.step"]._get_records_action(
            name=self.env._("Record a Step"),
            target="new",
            context={"default_complaint_id": self.id},
        )

    def _tick(self, milestone, on=None):
        """A person states that a step happened; only steps that are ticked by persons.

        :param datetime on: when, naive UTC; now if not given
        """
        self.check_access("write")
        now = fields.Datetime.now()
        for complaint in self:
            if complaint.state in ("new", "closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(complaint)s is not being handled: “%(step)s” cannot be "
                        "recorded.",
                        complaint=complaint.display_name,
                        step=milestone.name,
                    )
                )
            if not milestone.manual:
                raise UserError(
                    self.env._(
                        "“%s” is stamped when it happens, not by hand.", milestone.name
                    )
                )
            complaint._check_may_tick(milestone)
            if on and (on > now or on < complaint.received_on):
                raise UserError(
                    self.env._(
                        "“%(step)s” of %(complaint)s must lie between its receipt and "
                        "now.",
                        step=milestone.name,
                        complaint=complaint.display_name,
                    )
                )
            complaint._reach(
                milestone.code, on=on, source=complaint._counted_event(milestone)
            )

    def _counted_event(self, milestone):
        """The event under which a step is counted that comes again and again; none the
        first time.
        """
        self.ensure_one()
        row = self.sudo().deadline_ids.filtered(  # sudo: as in `_start_limits`
            lambda row: (
                row.milestone_id == milestone
                and row.state in ("running", "paused")
                and row.limit_id._comes_again()
            )
        )
        return row[:1]._source() if row else None

    def _check_may_tick(self, milestone):
        """
        :raise UserError: naming the team is what stamps the step
        :raise AccessError: the step is for a role to state that the user does not hold
        """
        self.ensure_one()
        self._check_sheet_stamps(milestone)
        if milestone.code == "lead_named" and self._needs_team():
            raise UserError(
                self.env._(
                    "“%s” is stamped when the team is named: press “Name team” on the "
                    "investigation.",
                    milestone.name,
                )
            )
        if milestone.code == "lead_named" and not self.department_id:
            raise UserError(
                self.env._(
                    "%s: choose its lead department first (“Lead Department”).",
                    self.display_name,
                )
            )
        if milestone.code == "lead_named" and not self.env.su:
            self._check_may_name_department()
        role = milestone.role_id
        holders = role._holders(self) if role else self.env["res.users"]
        if role and not self.env.su and self.env.user not in holders:
            raise AccessError(
                self.env._(
                    "“%(step)s” is for the role “%(role)s” to record (%(holders)s).",
                    step=milestone.name,
                    role=role.name,
                    holders=format_list(self.env, holders.mapped("name"))
                    or self.env._("nobody"),
                )
            )

    @api.depends("deadline_ids.passed_on", "deadline_ids.taken_on", "state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_hand_over(self):
        for complaint in self:
            rows = complaint._open_hand_overs()
            complaint.hand_over_text = listed(
                self.env.lang,
                (
                    self.env._(
                        "%(step)s (%(since)s) → %(roles)s",
                        step=row.step_text,
                        since=short_moment(self.env, row.passed_on),
                        roles=format_list(
                            self.env, row.limit_id._told_roles().mapped("name")
                        ),
                    )
                    for row in rows
                ),
                ";",
            )
            complaint.can_take_over = any(row._may_take_over() for row in rows)

    def _open_hand_overs(self):
        """What was passed on and nobody has taken over yet."""
        self.ensure_one()
        if self.state in ("closed", "cancelled"):
            return self.deadline_ids.browse()
        return self.deadline_ids.filtered(
            lambda row: row.passed_on and not row.taken_on
        )

    def action_take_over(self):
        """Take over what was passed on to a role of the user: who and when is recorded.

        :raise UserError: nothing is open that was passed on to them
        """
        for complaint in self:
            rows = (
                complaint.sudo()  # sudo: stamps are written by the flow only
                ._open_hand_overs()
                .sudo(False)
                .filtered(lambda row: row._may_take_over())
                .sudo()
            )
            if not rows:
                raise UserError(
                    self.env._(
                        "Nothing of %s is passed on to you and not taken over yet.",
                        complaint.display_name,
                    )
                )
            rows._take_over()
            complaint.message_post(
                body=self.env._(
                    "Taken over: %s", format_list(self.env, rows.mapped("step_text"))
                ),
                subtype_xmlid="mail.mt_note",
            )
            if any(row.limit_id.takes_case for row in rows):
                # sudo: the case goes to whom it was passed on to, also where only the
                # handler could hand it over
                complaint.sudo().user_id = self.env.user
        return True

    def action_tick_responded(self):
        """A person states that the customer got a first response just now."""
        self._tick(self.env["quality.complaint.milestone"]._by_code("responded"))
        return True

    def action_view_late(self):
        """The late steps that still need their reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Was It Late?"),
            "res_model": "quality.complaint.deadline",
            "view_mode": "list",
            "views": [
                (
                    self.env.ref(
                        "quality_complaint.quality_complaint_deadline_view_list_late"
                    ).id,
                    "list",
                )
            ],
            "domain": [("id", "in", self._late_without_reason().ids)],
            "target": "new",
        }
