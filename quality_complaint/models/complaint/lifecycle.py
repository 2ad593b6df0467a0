from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ...tools import IncompleteError, Missing, printed_day
from .approval import PLAN_SUBJECTS


class QualityComplaint(models.Model):
    """The life cycle up to execution: every transition checks its own conditions and
    names everything that is missing at once.

    Replying, closing, reopening and cancelling are in `complaint/closing.py`.
    """

    _inherit = "quality.complaint"

    next_step = fields.Selection(
        [
            ("register", "Register"),
            ("take", "Take over"),
            ("investigate", "Start investigation"),
            ("conclude", "Conclude"),
            ("plan", "Submit plan"),
            ("approve", "Approve plan"),
            ("execute", "Execute remedies"),
            ("reply", "Reply to customer"),
            ("revisit", "Revisit customer"),
            ("close", "Close case"),
            ("wait", "Wait for documents"),
            ("none", "Nothing"),
        ],
        compute="_compute_next_step",
        compute_sudo=True,
    )
    is_readonly = fields.Boolean(
        compute="_compute_is_readonly",
        help="Finished, or handed in by somebody who does not handle complaints.",
    )
    plain_state = fields.Char(
        "Where It Stands", compute="_compute_plain_state", compute_sudo=True
    )

    # === what is next ===

    @api.depends(
        "state",
        "type_id",
        "severity_id",
        "user_id",
        "approval_ids.state",
        "remedy_ids.state",
        "revisit_ids.state",
        "reply_ids.state",
        "deadline_ids.milestone_code",
    )
    def _compute_next_step(self):
        for complaint in self:
            complaint.next_step = complaint._get_next_step()

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_is_readonly(self):
        handles = self.env.user.has_group(
            "quality_complaint.group_quality_complaint_user"
        )
        for complaint in self:
            complaint.is_readonly = complaint.state in ("closed", "cancelled") or not (
                handles or complaint.state in ("new", False)
            )

    @api.depends("state", "user_id", "replied_on", "closed_on")
    @api.depends_context("lang", "tz")
    def _compute_plain_state(self):
        for complaint in self:
            complaint.plain_state = complaint._in_plain_words()

    def _in_plain_words(self):
        """Where the complaint stands, for people who do not handle complaints."""
        self.ensure_one()
        handler = self.user_id.name
        day = {"date": printed_day(self.env, self.closed_on or self.replied_on)}
        if self.state == "new":
            return self.env._("Not handed in yet.")
        if self.state == "cancelled":
            return self.env._("This complaint was cancelled.")
        if self.state == "closed":
            return self.env._("Closed on %(date)s.", **day)
        if self.state == "replied":
            return self.env._("The customer was answered on %(date)s.", **day)
        if not handler:
            return self.env._("Handed in. Nobody has taken it over yet.")
        if self.state == "registered":
            return self.env._("%s will look into it.", handler)
        if self.state == "investigating":
            return self.env._("%s is looking into it.", handler)
        return self.env._(
            "It was looked into; %s is settling it with the customer.", handler
        )

    def _get_next_step(self):
        self.ensure_one()
        if self.state in ("closed", "cancelled"):
            return "none"
        if self.state == "new":
            return "register"
        if not self.user_id and self.state != "replied":
            return "take"
        if self.state != "replied" and self._final_reply("sending"):
            return "wait"
        if self.state == "registered":
            if self._must_conclude():
                return "investigate"
            return "reply" if self._requires("replied") else "close"
        if self.state == "investigating":
            return "conclude"
        if self.state == "planning" and self.is_batch:
            return "close"  # its children answer their customers
        if self.state == "planning":
            waiting = self.approval_ids.filtered(
                lambda approval: (
                    approval.subject in PLAN_SUBJECTS and approval.state == "pending"
                )
            )
            if (
                not waiting
                and not self._requires("planned")
                and not self._planned_remedies()
                and self._requires("replied")
            ):
                return "reply"
            return "approve" if waiting else "plan"
        if self.state == "executing":
            states = set(self.remedy_ids.mapped("state"))
            if "approved" in states:
                return "execute"
            return (
                "wait" if "executing" in states and not self._final_reply() else "reply"
            )
        open_revisit = self.revisit_ids.filtered(
            lambda revisit: revisit.state == "planned"
        )
        return "revisit" if open_revisit else "close"

    def _must_conclude(self):
        """Whether type and severity want an investigation, or the conclusion that rests
        on one.
        """
        return self._requires("investigation_started") or self._requires("concluded")

    # === registration ===

    def action_register(self):
        """Give the number; what follows is in `_on_registered`."""
        self.check_access("write")
        for complaint in self:
            complaint._check_state("new")
            complaint.line_ids._match_documents()
            complaint._check_registrable()
        # sudo: an employee may hand in a complaint, but not number it or change it
        # afterwards
        registered = self.sudo()
        officer = self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        )
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_user"
        ):
            # the short form has no severity: the rules grade what employees hand in
            registered._grade_by_rules()
        registered._take_number()
        for complaint in registered:
            routed = complaint._routed()
            handler = complaint.user_id or routed["user_id"]
            complaint._advance(
                {
                    "state": "registered",
                    "registered_on": fields.Datetime.now(),
                    "user_id": handler.id or (self.env.uid if officer else False),
                    **{
                        name: routed[name].id
                        for name in ("region_manager_id", "department_id")
                        if routed[name] and not complaint[name]
                    },
                }
            )
        self._on_registered()
        return True

    def _check_registrable(self):
        missing = []
        if not self.description and not self.line_ids.filtered(
            lambda line: line.defect_id or line.note
        ):
            missing.append(self.env._("what happened"))
        if (
            not self.partner_id
            and not self.complainant
            and not self.type_id.from_ourselves
        ):
            missing.append(
                self.env._("the customer or the name of the person who complains")
            )
        if not self.channel_id:
            missing.append(self.env._("the channel"))
        if self.type_id.uses_severity and not self.severity_id:
            missing.append(self.env._("the severity"))
        if (
            self.type_id.uses_severity
            and self.severity_differs
            and not self.severity_reason
        ):
            missing.append(
                self.env._(
                    "why the severity is not the one the rules propose (%s)",
                    self.severity_proposal,
                )
            )
        missing += self._missing_fields("register")
        missing += self._missing_guide("register")
        self._refuse(
            self.env._("This complaint cannot be registered yet. Still missing: %s."),
            missing,
        )
        companies = (
            self.sudo().line_ids.move_id.company_id
        )  # sudo: only the companies are read
        if companies - self.company_id:
            raise UserError(
                self.env._(
                    "The lines come from deliveries of several companies (%s). Record "
                    "one complaint per company.",
                    format_list(self.env, (companies | self.company_id).mapped("name")),
                )
            )

    def _notify_team(self):
        """Nobody's complaint is put before whoever is on duty, else the team leader."""
        for complaint in self.filtered(lambda complaint: not complaint.user_id):
            told = complaint._reachable(complaint._on_duty()) or (
                complaint.team_id.leader_id
            )
            if told:
                complaint.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=told.id,
                    summary=self.env._("New complaint without a handler"),
                )

    def action_take(self):
        """The user becomes the handler."""
        self.check_access("write")
        for complaint in self:
            if complaint.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._("%s is finished already.", complaint.display_name)
                )
        self.user_id = self.env.user
        self.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    # === investigation and conclusion (what it needs: `complaint/conclusion.py`) ===

    def action_start_investigation(self):
        """Registered → investigating; the first investigation is opened if none is
        planned.
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_state("registered")
            complaint._refuse(
                self.env._(
                    "The investigation of %(complaint)s cannot start yet. Still "
                    "missing: %(missing)s."
                ),
                [] if complaint.user_id else [self.env._("a handler (“Take over”)")],
            )
            complaint._advance({"state": "investigating"})
            complaint._on_investigation_started()
        return True

    def action_conclude(self):
        """Investigating → planning, once validity, cause and responsible party are
        known.
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_state("investigating")
            complaint._check_judge()
            complaint._refuse(
                self.env._(
                    "%(complaint)s cannot be concluded yet. Still missing: %(missing)s."
                ),
                complaint._missing_to_conclude(),
            )
            complaint._advance({"state": "planning"})
            complaint._on_concluded()
        return True

    # === plan ===

    def action_submit_plan(self):
        """Ask for the plan's approval by the severity's role, or approve it at once
        when none is needed.
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_state("planning")
            remedies = complaint._planned_remedies()
            complaint._refuse(
                self.env._(
                    "The plan of %(complaint)s cannot be submitted yet. Still missing: "
                    "%(missing)s."
                ),
                [
                    *(
                        []
                        if remedies
                        else [
                            Missing(
                                self.env._(
                                    "at least one remedy (an explanation is one, too)"
                                ),
                                "remedy_ids",
                            )
                        ]
                    ),
                    *complaint._missing_on_sheets("plan"),
                    *complaint._missing_fields("plan"),
                    *complaint._missing_guide("plan"),
                ],
            )
            if complaint.approval_ids.filtered(
                lambda a: a.subject in PLAN_SUBJECTS and a.state == "pending"
            ):
                raise UserError(
                    self.env._(
                        "The plan of %s is waiting for approval already.",
                        complaint.display_name,
                    )
                )
            remedies.filtered(lambda remedy: remedy.state == "draft").action_submit()
            complaint._on_plan_submitted(remedies)
        return True

    def _planned_remedies(self):
        return self.remedy_ids.filtered(
            lambda remedy: remedy.state in ("draft", "to_approve")
        )

    def action_approve_plan(self):
        """Decide the pending plan approval; allowed to holders of its role other than
        the requester.
        """
        for complaint in self:
            complaint._pending_plan_approvals().action_approve()
        return True

    def action_refuse_plan(self, reason=None):
        """Refuse the plan: back to planning with the reason; without one, ask for it.

        :param str reason: told to the person who asked
        """
        if reason is None:
            self.ensure_one()
            return self._pending_plan_approvals().action_open_refuse()
        for complaint in self:
            complaint._pending_plan_approvals()[:1].action_refuse(reason)
        return True

    def _pending_plan_approvals(self):
        """What the user may decide of the plan's pending approvals; all of them when he
        may decide none, for the message.
        """
        self.ensure_one()
        approvals = self.approval_ids.filtered(
            lambda a: a.subject in PLAN_SUBJECTS and a.state == "pending"
        )
        if not approvals:
            raise UserError(
                self.env._("No plan of %s is waiting for approval.", self.display_name)
            )
        return approvals.filtered("can_decide") or approvals

    def _accept_plan(self, remedies):
        """The plan holds: exactly these remedies may be executed."""
        for complaint in self:
            remedies.filtered(
                lambda remedy: remedy.state == "to_approve"
            )._set_approved()
            if complaint.state == "planning":
                complaint._advance({"state": "executing"})
            complaint._on_plan_approved()

    def action_execute(self):
        """Execute all approved remedies of the plan."""
        self.check_access("write")
        for complaint in self:
            complaint._check_state("executing")
        remedies = self.remedy_ids.filtered(
            lambda remedy: remedy.state in ("approved", "executing")
        )
        if not remedies:
            raise UserError(self.env._("There is no approved remedy left to execute."))
        return remedies.action_execute()

    # === guards ===

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(complaint)s is in status “%(state)s”; this step belongs to: "
                    "%(states)s.",
                    complaint=self.display_name,
                    state=names[self.state],
                    states=format_list(self.env, [names[s] for s in states]),
                )
            )

    def _refuse(self, message, missing):
        """Raise one error naming everything that is missing; nothing happens when
        nothing is.

        :param str message: translated text with `%s` or with `%(complaint)s` and
            `%(missing)s`
        :param list missing: translated phrases, `Missing` where a field is meant
        """
        if missing:
            listed = format_list(self.env, missing)
            raise IncompleteError(
                message % {"complaint": self.display_name, "missing": listed}
                if "%(" in message
                else message % listed,
                self,
                missing,
            )
