import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools import pick_due

_logger = logging.getLogger(__name__)

# records noticed in one transaction
BATCH = 50
# transactions of one run for one model
MAX_BATCHES = 1000
# what could not be told is tried again after this time
RETRY = timedelta(hours=1)


class QualityComplaintDue(models.AbstractModel):
    """Something that is due: it reminds, then escalates level by level, each level
    once.

    `next_notice_on` says when there is something to tell; empty when there is nothing
    (done, paused, cancelled, everybody told).
    Whoever changes what it depends on calls `_schedule_notices`.
    """

    _name = "quality.complaint.due"
    _description = "Something Due"
    # external id of the action that lists what is due of this model
    _due_action = None

    start_on = fields.Datetime("Counts From", readonly=True)
    due_on = fields.Datetime("Due Date", index="btree_not_null")
    warn_on = fields.Datetime(
        "Soon From",
        readonly=True,
        help="From then on less than a quarter of the time is left.",
    )
    done_on = fields.Datetime("Happened On", readonly=True)
    missed_on = fields.Datetime("Noticed as Missed", readonly=True, guarded=True)
    notice_level = fields.Integer(
        "Levels Told",
        readonly=True,
        help="How many reminder and escalation levels were told.",
        guarded=True,
    )
    next_notice_on = fields.Datetime(
        "Next Notice", readonly=True, index="btree_not_null", guarded=True
    )
    notice_activity_ids = fields.Many2many(
        "mail.activity", string="Reminders", readonly=True, copy=False, guarded=True
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "guarded" or super()._valid_field_parameter(
            field, name
        )  # as in `quality.complaint.guarded`

    # === what the models say ===

    def _due_running(self):
        """Those whose time runs."""
        return self.filtered(lambda row: row.due_on and not row.done_on)

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("done_on", "=", False)

    def _due_file(self):
        """The record whose people are told, and which the reminders stand on: a
        complaint or an 8D report.
        """
        return self.complaint_id

    def _due_responsible(self):
        """The user who is reminded, possibly empty."""
        return self.user_id

    def _due_levels(self):
        """Levels in the order of their moments.

        :return: list of (moment, role or empty for the responsible)
        """
        roles = self.env["quality.complaint.role"]
        return [(self.due_on - timedelta(days=1), roles), (self.due_on, roles)]

    def _due_holders(self, role, file):
        """Users a level is told to.

        :param role: one `quality.complaint.role`
        :param file: as of `_due_file`
        """
        return role._holders(file)

    def _on_missed(self):
        """Hook: it was noticed that the time is over."""

    # === computing ===

    @api.depends("due_on", "done_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        running = self._due_running()
        for row in self:
            row.is_overdue = row in running and row.due_on < now

    def _search_is_overdue(self, operator, _value):
        if operator != "in":
            return NotImplemented
        return self._due_running_domain() & Domain("due_on", "<", fields.Datetime.now())

    def _schedule_notices(self):
        """Set when the next level is to be told; call after anything about the time has
        changed.
        """
        running = self._due_running()
        (self - running).filtered("next_notice_on")._advance({"next_notice_on": False})
        for row in running:
            moments = [
                moment for moment, _role in row._due_levels()[row.notice_level :]
            ]
            if not row.missed_on:
                moments.append(row.due_on)
            following = min(moments, default=False)
            if following != row.next_notice_on:
                row._advance({"next_notice_on": following})

    def _run_until(self, moment):
        """The time ends at this moment, and everybody is told anew.

        :param moment: naive UTC datetime, or False
        """
        self._advance({"due_on": moment, "notice_level": 0, "missed_on": False})
        self._schedule_notices()

    # === onchange ===

    @api.onchange("due_on")
    def _onchange_due_on(self):
        return pick_due(self, "due_on")

    # === telling ===

    @api.model
    def _cron_notify(self):
        """Tell what is due, in all models, in batches that commit; several may run at
        once.

        What was told is stored in the same transaction as the mails and activities:
        after a crash nothing is told twice or lost.
        """
        self.env["quality.complaint.deadline"]._follow_changed_calendars()
        self.env["quality.complaint"]._follow_open_deliveries()
        for name in self.env.registry.descendants([self._name], "_inherit"):
            model = self.env[name]
            if not model._abstract:
                # what is left when others keep getting in the way is told by the next
                # run
                for _batch in range(MAX_BATCHES):
                    if not model._notify_batch():
                        break

    @api.model
    def _notify_batch(self):
        """Tell one batch and commit.

        :return: whether there may be more to tell
        """
        domain = Domain("next_notice_on", "<=", fields.Datetime.now())
        rows = self.search(domain, order="next_notice_on, id", limit=BATCH)
        if not rows:
            return False
        try:
            # rows another worker is telling are left to it; what changed meanwhile is
            # looked at anew
            rows = rows.try_lock_for_update().filtered_domain(domain)
            for row in rows:
                row._notify_safely()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody changed the same records since this transaction began: once more
            # on what is there now
            self.env.cr.rollback()
            return True
        left = self.env["ir.cron"]._commit_progress(
            len(rows), remaining=self.search_count(domain, limit=10 * BATCH)
        )
        return bool(rows and left)

    def _notify_safely(self):
        """A record that cannot be told must not stand in the way of the others."""
        try:
            with self.env.cr.savepoint():
                self._notify_due()
                self.flush_recordset()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception(
                "Could not tell that %s is due; trying again in an hour", self
            )
            self.invalidate_recordset()
            self._advance({"next_notice_on": fields.Datetime.now() + RETRY})

    def _notify_due(self):
        """Tell every level whose moment has come, in order, and note a missed limit."""
        self.ensure_one()
        if not self._due_running():  # ended by a document, which tells nobody
            self._end_notices()
            self._schedule_notices()
            return
        now = fields.Datetime.now()
        due = [
            role
            for moment, role in self._due_levels()[self.notice_level :]
            if moment <= now
        ]
        if due:
            self._advance({"notice_level": self.notice_level + len(due)})
            self._tell(due)
        if not self.missed_on and self.due_on <= now:
            self._advance({"missed_on": now})
            self._on_missed()
        self._schedule_notices()

    def _tell(self, roles):
        """Activity and mail for the responsible (empty role) and the holders of the
        roles, each once.
        """
        file = self._due_file()
        users = self.env["res.users"]
        for role in roles:
            holders = file._reachable(
                self._due_holders(role, file) if role else self._due_responsible()
            )
            if not role and (not holders or self._is_absent(holders)):
                holders |= file._reachable(file.team_id.leader_id)
            if not holders:
                whom = role.name or self.env._("responsible")
                file.message_post(
                    body=self.env._(
                        "“%(step)s”: nobody could be told (%(role)s).",
                        step=self.display_name,
                        role=whom,
                    )
                )
            users |= holders
        self._remind(users, lambda local: local._notice_summary())

    def _remind(self, users, words):
        """A to-do for each user on the file, instead of an earlier one about the same.

        :param users: `res.users` who may see the file
        :param words: gives the summary of a record in the language of its reader
        """
        file = self._due_file()
        # sudo: whoever is told again is told what holds now, not both
        self.sudo().notice_activity_ids.filtered(
            lambda activity: activity.user_id in users
        ).unlink()
        for user in users:
            lang = user.lang or self.env.lang
            activity = file.with_context(lang=lang).activity_schedule(
                "quality_complaint.mail_activity_deadline",
                date_deadline=fields.Datetime.context_timestamp(
                    self.with_context(tz=user.tz), self.due_on
                ).date(),
                user_id=user.id,
                summary=words(self.with_context(lang=lang)),
            )
            self._advance({"notice_activity_ids": [(4, activity.id)]})

    def _notice_summary(self):
        """One line: what is due, and whether it is late."""
        if self.due_on < fields.Datetime.now():
            return self.env._("Overdue: %s", self.display_name)
        return self.env._("Due soon: %s", self.display_name)

    def _is_absent(self, users):
        """Whether somebody of these users has working hours, but none today."""
        now = fields.Datetime.now()
        for (
            user
        ) in users.sudo():  # sudo: whether somebody works today is read, nothing else
            resource = user.resource_ids.filtered(
                lambda r: r.company_id == self._due_file().company_id
            )[:1]
            calendar = resource.calendar_id
            if not calendar or calendar.flexible_hours:
                continue
            clock = calendar._complaint_clock(resource.company_id)
            midnight = clock.start_of_civil_day(now, 0)
            bounds = [
                fields.Datetime.context_timestamp(self.with_context(tz="UTC"), day)
                for day in (midnight, midnight + timedelta(days=1))
            ]
            if not list(
                calendar._work_intervals_batch(*bounds, resources=resource)[resource.id]
            ):
                return True
        return False

    def _end_notices(self):
        """Done, paused or cancelled: nobody needs to be reminded any more."""
        told = self.filtered("notice_activity_ids")
        # sudo: the reminders of others end with the step
        told.sudo().notice_activity_ids.unlink()
