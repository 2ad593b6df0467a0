from odoo import api, fields, models

from ...tools import short_moment
from .complaint_deadlines import CUSTOMER_STEPS

# steps that count for all rounds
ONCE_STEPS = (
    "received",
    "registered",
    "responded",
    "assigned",
    "lead_named",
    "passed_on",
    "handed_over",
    "contained",
    "serious_event_answered",
    "adverse_event_reported",
    "adverse_event_evaluated",
    "supplier_told",
)
# icon and text of a step on the timeline
LOOKS = {
    "done": ("fa-check-circle text-success", ""),
    "late": ("fa-check-circle text-danger", "text-danger"),
    "running": ("fa-adjust text-info", ""),
    "soon": ("fa-adjust text-warning", "text-warning-emphasis"),
    "overdue": ("fa-exclamation-circle text-danger", "text-danger"),
    "paused": ("fa-pause-circle text-muted", "text-muted"),
    "future": ("fa-circle-o text-muted", "text-muted"),
}


class QualityComplaint(models.Model):
    """Milestones of a complaint: stamping them and reading which are there."""

    _inherit = "quality.complaint"

    deadline_ids = fields.One2many(
        "quality.complaint.deadline", "complaint_id", "Steps", readonly=True
    )
    limit_deadline_ids = fields.One2many(
        "quality.complaint.deadline",
        "complaint_id",
        "Deadlines",
        domain=[("limit_id", "!=", False)],
        readonly=True,
    )
    responded_on = fields.Datetime(
        "First Response",
        compute="_compute_responded_on",
        help="When a person first answered the customer.",
    )

    timeline = fields.Html(
        compute="_compute_timeline",
        sanitize=False,
        help="Steps done in this round, and those still required.",
    )

    @api.depends(
        "deadline_ids.state",
        "deadline_ids.due_on",
        "deadline_ids.late_reason",
        "type_id",
        "severity_id",
        "round",
    )
    @api.depends_context("lang", "tz")
    def _compute_timeline(self):
        labels = {
            "done": self.env._("done in time"),
            "late": self.env._("done late"),
            "running": self.env._("running"),
            "soon": self.env._("due soon"),
            "overdue": self.env._("overdue"),
            "paused": self.env._("paused"),
            "future": self.env._("still to come"),
        }
        for complaint in self:
            steps = complaint._timeline_steps()
            values = {
                "steps": steps,
                "tips": [
                    " – ".join(
                        filter(None, (step["name"], labels[step["kind"]], step["date"]))
                    )
                    for step in steps
                ],
                # in words: what runs, else the last thing done
                "current": next(
                    (step for step in steps if step["kind"] not in ("done", "late")),
                    steps[-1:] and steps[-1],
                ),
                "looks": LOOKS,
                "labels": labels,
            }
            complaint.timeline = self.env["ir.qweb"]._render(
                "quality_complaint.timeline", values
            )

    def _timeline_steps(self):
        """Steps done in this round by time, those running by due date, then required
        ones still to come.

        :return: list of dicts `name`, `kind` (done, late, running, soon, overdue,
            paused, future), `date` (text in the user's time zone)
            and `note` (time left, reason for being late)
        """
        self.ensure_one()
        now = fields.Datetime.now()
        rows = self.sudo().deadline_ids  # sudo: as in `_reached_milestones`
        rows = rows.filtered(
            lambda row: (
                row.state != "cancelled"
                and (
                    row.round == self.round
                    or row.milestone_code in ("received", "registered")
                )
            )
        )
        missed = rows.filtered(lambda row: row.state == "missed")
        steps = []
        for row in rows._stamps().sorted(
            lambda row: (row.done_on, row.milestone_id.sequence)
        ):
            late = missed.filtered(
                lambda other, row=row: (
                    other.milestone_id == row.milestone_id and other._is_ended_by(row)
                )
            )
            reason = late.filtered("late_reason")[:1].late_reason or (
                self.env._("late: reason missing") if late else False
            )
            steps.append(
                {
                    "name": row.milestone_id.name,
                    "kind": "late" if late else "done",
                    "date": self._short(row.done_on),
                    "note": reason,
                }
            )
        if self.state in ("closed", "cancelled"):
            return steps
        running = rows.filtered(lambda row: row.state in ("running", "paused")).sorted(
            "due_on"
        )
        for row in running:
            kind = (
                "paused"
                if row.state == "paused"
                else "overdue"
                if row.due_on < now
                else "soon"
                if row.warn_on <= now
                else "running"
            )
            steps.append(
                {
                    "name": row.step_text,
                    "kind": kind,
                    "date": self._short(row.due_on),
                    "note": row.time_note,
                }
            )
        known = self._reached_codes() | set(running.mapped("milestone_code"))
        return steps + [
            {
                "name": milestone.task or milestone.name,
                "kind": "future",
                "date": False,
                "note": False,
            }
            for milestone in self._required_milestones()
            if milestone.code not in known
        ]

    def _short(self, moment):
        return short_moment(self.env, moment)

    @api.depends(
        "deadline_ids.done_on", "deadline_ids.milestone_code", "deadline_ids.state"
    )
    def _compute_responded_on(self):
        for complaint in self:
            stamps = complaint.deadline_ids.filtered(
                lambda row: row.milestone_code == "responded"
            )._stamps()
            complaint.responded_on = stamps[:1].done_on

    def _reach(self, code, on=None, source=None):
        """Stamp a milestone on every complaint of the recordset; the only way to do so.

        Once per complaint, round and source: a second call leaves the first stamp as it
        is.

        :param str code: code of a `quality.complaint.milestone`
        :param on: when it happened: naive UTC datetime, or a function of the complaint
            that gives one; now if not given
        :param source: the record whose event it is (a reply, an investigation …),
            optional
        :return: the new `quality.complaint.deadline` rows
        :raise UserError: the milestone is not known
        """
        milestone = self.env["quality.complaint.milestone"]._by_code(code)
        # sudo: stamps are facts set by the flow; nobody has rights to write them
        # himself
        rows = self.env["quality.complaint.deadline"].sudo()
        source_key = (source._name, source.id) if source else (False, 0)
        existing = rows.search(
            [("complaint_id", "in", self.ids), ("milestone_id", "=", milestone.id)]
        )._stamps()
        present = {
            (row.complaint_id.id, row.round, row.source_model, row.source_id)
            for row in existing
        }
        now = fields.Datetime.now()
        stamps = rows.create(
            [
                {
                    "complaint_id": complaint.id,
                    "milestone_id": milestone.id,
                    "round": complaint.round,
                    "start_on": complaint.received_on,
                    "done_on": (on(complaint) if callable(on) else on) or now,
                    "recorded_on": now,
                    "done_by_id": self.env.uid,
                    "source_model": source_key[0],
                    "source_id": source_key[1],
                }
                for complaint in self
                if (complaint.id, complaint.round, *source_key) not in present
            ]
        )
        if stamps:
            self.sudo()._on_stamped(stamps)  # sudo: as above
            self._tell_steps(stamps)
        return stamps

    def _tell_steps(self, stamps):
        """Tell the roles that follow every step by the severity (R2: Customer Care)
        what has just happened.

        :param stamps: new `quality.complaint.deadline` rows of one milestone
        """
        for complaint in stamps.complaint_id.sudo().filtered(
            lambda c: c.name and c.type_id.uses_severity
        ):  # sudo: told whoever takes the step
            holders = self.env["res.users"].union(
                *(
                    role._holders(complaint)
                    for role in complaint.severity_id.step_role_ids
                )
            )
            users = complaint._reachable(holders) - self.env.user
            for lang, group in users.grouped("lang").items():
                local = complaint.with_context(lang=lang)
                step = stamps[:1].milestone_id.with_context(lang=lang).name
                local.message_notify(
                    partner_ids=group.sudo().partner_id.ids,  # sudo: as above
                    subject=local.env._(
                        "%(complaint)s: %(step)s",
                        complaint=complaint.display_name,
                        step=step,
                    ),
                    body=local.env._(
                        "The step “%(step)s” has happened (%(user)s).",
                        step=step,
                        user=self.env.user.name,
                    ),
                )

    def _reached_milestones(self):
        """Milestones stamped in the current round."""
        self.ensure_one()
        # sudo: stamps are read for conditions, whatever the reader may open
        return (
            self.sudo()
            .deadline_ids._stamps()
            .filtered(lambda row: row.round == self.round)
            .milestone_id
        )

    def _reached_codes(self):
        """Codes of the milestones stamped in the current round; receipt and
        registration count for all rounds.
        """
        self.ensure_one()
        # sudo: stamps are read for conditions, whatever the reader may open
        rows = self.sudo().deadline_ids._stamps()
        current = rows.filtered(
            lambda row: row.round == self.round or row.milestone_code in ONCE_STEPS
        )
        return set(current.mapped("milestone_code"))

    def _required_milestones(self):
        """Milestones that must be stamped before closing, from the type and, for
        complaints, the severity.
        """
        self.ensure_one()
        milestones = self.env["quality.complaint.milestone"]
        required = milestones._required_by(self.type_id)
        if self.type_id.uses_severity:
            required |= milestones._required_by(self.severity_id)
        if self.is_batch:
            required = required.filtered(
                lambda milestone: milestone.code not in CUSTOMER_STEPS
            )
        if self._is_not_investigated():
            required = required.filtered(
                lambda milestone: milestone.code != "investigation_started"
            )
        return required

    def _requires(self, code):
        self.ensure_one()
        return (
            self.env["quality.complaint.milestone"]._by_code(code)
            in self._required_milestones()
        )
