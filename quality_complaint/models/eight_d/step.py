from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_list

from ...tools import IncompleteError
from .limit import STEPS

# steps that may be closed in any order; from D4 on each needs the ones before
FREE_ORDER = ("D0", "D1", "D2", "D3")
# what the later steps do not build on
SEPARATE = ("D0", "D1", "D3")


class Quality8dStep(models.Model):
    """One of the steps D0 to D8 of a report: who owns it, when it is due, when it was
    closed.
    """

    _name = "quality.8d.step"
    _description = "Step of an 8D Report"
    _inherit = [
        "quality.complaint.extendable",
        "quality.complaint.guarded",
        "quality.complaint.due",
    ]
    _due_action = "quality_complaint.action_8d"
    _order = "eight_d_id, code"
    _check_company_auto = True

    start_on = fields.Datetime(guarded=True)
    warn_on = fields.Datetime(guarded=True)
    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(
        related="eight_d_id.company_id", store=True, index=True
    )
    code = fields.Selection(STEPS, "Step", required=True, fixed=True)
    label = fields.Char(compute="_compute_label")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain="[('share', '=', False)]",
        index=True,
        ondelete="restrict",
    )
    responsible_user_id = fields.Many2one(
        "res.users", "Responsible", compute="_compute_responsible_user_id"
    )
    done_by_id = fields.Many2one("res.users", readonly=True, guarded=True)
    done_on = fields.Datetime("Finished On", guarded=True)
    recorded_on = fields.Datetime(readonly=True, guarded=True)
    state = fields.Selection(
        [
            ("waiting", "To do"),
            ("current", "In work"),
            ("done", "Done"),
            ("override", "Done by override"),
            ("stopped", "Stopped"),
        ],
        "Status",
        compute="_compute_state",
    )
    agreed = fields.Boolean(
        readonly=True,
        help=(
            "Somebody set the date: the limits of the policy do not change it any more."
        ),
        guarded=True,
    )
    accepted_on = fields.Date(
        "Accepted by the Customer", help="When the customer accepted this step."
    )
    accepted_by = fields.Char()
    missing = fields.Text("Still Missing", compute="_compute_missing")
    may_close = fields.Boolean(compute="_compute_may_close")
    may_override = fields.Boolean(compute="_compute_may_close")

    _code_uniq = models.Constraint(
        "UNIQUE (eight_d_id, code)", "A report has each step once."
    )

    # === compute ===

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_label(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for step in self:
            step.label = labels.get(step.code)

    @api.depends("label", "eight_d_id.name")
    def _compute_display_name(self):
        for step in self:
            step.display_name = (
                f"{step.eight_d_id.name or ''} {step.label or ''}".strip()
            )

    @api.depends("user_id", "eight_d_id.leader_id")
    def _compute_responsible_user_id(self):
        for step in self:
            step.responsible_user_id = step.user_id or step.eight_d_id.leader_id

    @api.depends(
        "done_on",
        "eight_d_id.current_step",
        "eight_d_id.state",
        "eight_d_id.override_ids",
    )
    def _compute_state(self):
        for step in self:
            report = step.eight_d_id
            if step.done_on:
                step.state = (
                    "override"
                    if report.override_ids.filtered(
                        lambda row, s=step: row.step == s.code and row.is_valid
                    )
                    else "done"
                )
            elif report.state == "cancelled":
                step.state = "stopped"
            else:
                step.state = (
                    "current" if step.code == report.current_step else "waiting"
                )

    @api.depends("user_id", "eight_d_id.leader_id", "eight_d_id.champion_id")
    @api.depends_context("uid")
    def _compute_may_close(self):
        user = self.env.user
        manager = user.has_group("quality_complaint.group_quality_complaint_manager")
        for step in self:
            step.may_close = user in step.user_id or step.eight_d_id.may_lead
            step.may_override = manager

    def _compute_missing(self):
        for step in self:
            step.missing = (
                "\n".join(step._missing())
                if not step.done_on and step.eight_d_id.state == "open"
                else False
            )

    # === due ===

    def _set_due(self, start=None):
        """Due dates from the policy, or the customer's variant of it; what somebody
        agreed or is done stays.

        :param datetime start: of steps that are opened again; else they count from the
            start of the report, and a later date counts as more time
        """
        for report, steps in self.grouped("eight_d_id").items():
            clock = report._calendar()._complaint_clock(report.company_id)
            for step in steps.filtered(
                lambda step: (
                    not step.done_on
                    and (start or not (step.extension_count or step.agreed))
                )
            ):
                begin = start or report.started_on
                due = step._due_by_limit(begin, clock)
                if step.due_on and due > step.due_on and not start:
                    step._advance({"extended_from": step.extended_from or step.due_on})
                if (begin, due) != (step.start_on, step.due_on):
                    step._advance({"start_on": begin, "due_on": due})
                    step._restart_notices()

    def _due_by_limit(self, begin, clock):
        """When the step is due by the policy; as it is where the policy has no limit
        for it.
        """
        self.ensure_one()
        report = self.eight_d_id
        limit = report.sudo().policy_id._eight_d_limit(
            self.code, report.variant_id
        )  # sudo: limits hold whoever works on the report
        return (
            self.env["quality.complaint.limit"]._due_after(
                begin, limit.amount, limit.unit, clock
            )
            if limit
            else self.due_on
        )

    def _follow_calendars(self, calendars):
        """Working hours have changed: open steps that run by them are due anew, unless
        a date was set or moved by people.

        :param calendars: the `resource.calendar` that changed; empty for a holiday of
            all calendars
        """
        reports = self.env["quality.8d"].search([("state", "=", "open")])
        for (calendar, company), group in reports.grouped(
            lambda report: (report._calendar(), report.company_id)
        ).items():
            if not calendar or (calendars and calendar not in calendars):
                continue
            clock = calendar._complaint_clock(company)
            for step in group.step_ids:
                if (
                    step.done_on
                    or step.extension_count
                    or step.agreed
                    or step.extended_from
                ):
                    continue
                due = step._due_by_limit(step.start_on, clock)
                if due != step.due_on:
                    step._advance({"due_on": due})
                    step._restart_notices()

    def _stop(self):
        self._end_notices()
        self._schedule_notices()

    def _due_running(self):
        return (
            super()
            ._due_running()
            .filtered(lambda step: step.eight_d_id.state == "open")
        )

    @api.model
    def _due_running_domain(self):
        return super()._due_running_domain() & Domain("eight_d_id.state", "=", "open")

    def _due_file(self):
        return self.eight_d_id

    def _due_responsible(self):
        return self.responsible_user_id or self.eight_d_id.champion_id

    def _due_levels(self):
        """A day before and when it is due the owner, a day later the champion."""
        champion = (
            self.env.ref("quality_complaint.role_8d_champion", raise_if_not_found=False)
            or self.env["quality.complaint.role"]
        )
        return [
            *super()._due_levels(),
            (fields.Datetime.add(self.due_on, days=1), champion),
        ]

    def _extension_thread(self):
        return self.eight_d_id

    def _check_extendable(self):
        self.eight_d_id._check_changeable(self.code)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The steps D0 to D8 belong to every 8D report."))

    def write(self, vals):
        self._lock_fields(vals, {"user_id", "due_on"}, self.filtered("done_on"))
        if {"accepted_on", "accepted_by"} & vals.keys() and any(
            vals.get(name) for name in ("accepted_on", "accepted_by")
        ):
            for step in self.filtered(lambda step: not step.done_on):
                raise UserError(
                    self.env._(
                        "%s is not closed: the customer cannot have accepted it.",
                        step.display_name,
                    )
                )
        if "user_id" in vals:
            self.eight_d_id._check_leads()
            users = self.env["res.users"].browse(vals["user_id"] or [])
            for report in self.eight_d_id:
                report._check_works_here(users)
        result = super().write(vals)
        if "due_on" in vals:
            self._advance({"agreed": bool(vals["due_on"])})
        return result

    # === the flow ===

    def _check_may_close(self):
        """
        :raise AccessError: neither the owner, nor leader or champion, nor a quality
            engineer
        """
        self.check_access("write")
        for step in self:
            if not self.env.su and not step.may_close:
                raise AccessError(
                    self.env._(
                        "Only its owner, the leader of the team or a quality "
                        "engineer can close %s.",
                        step.display_name,
                    )
                )

    def action_done(self):
        """Close the step, if nothing is missing.

        :raise UserError: naming everything that is missing
        """
        self._check_may_close()
        for step in self:
            step.eight_d_id._check_changeable(step.code)
            missing = step._missing()
            if missing:
                raise IncompleteError(
                    self.env._(
                        "%(step)s cannot be closed yet. Still missing: %(missing)s.",
                        step=step.display_name,
                        missing=format_list(self.env, missing),
                    )
                )
            step._set_done()
        return True

    def action_override(self, reason):
        """A manager closes the step although something is missing: kept, and printed on
        the report.

        :param str reason: mandatory
        :raise AccessError: only complaint managers may
        """
        self.check_access("write")
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a complaint manager can close a step that is not complete."
                )
            )
        for step in self:
            step._check_reason(reason)
            report = step.eight_d_id
            report._check_changeable(step.code)
            missing = step._missing()
            if missing:
                # sudo: overrides are kept by the flow only
                self.env["quality.8d.override"].sudo().create(
                    {
                        "eight_d_id": report.id,
                        "step": step.code,
                        "missing": "\n".join(missing),
                        "reason": reason,
                        "user_id": self.env.uid,
                        "date": fields.Datetime.now(),
                    }
                )
                report.message_post(
                    body=self.env._(
                        "%(step)s closed by override. Missing: %(missing)s. Reason: "
                        "%(reason)s",
                        step=step.display_name,
                        missing=format_list(self.env, missing),
                        reason=reason,
                    )
                )
            step._set_done()
        return True

    def _set_done(self):
        self.ensure_one()
        now = fields.Datetime.now()
        report = self.eight_d_id
        self._advance({"done_on": now, "recorded_on": now, "done_by_id": self.env.uid})
        self._end_notices()
        self._schedule_notices()
        report.message_post(body=self.env._("%s closed.", self.display_name))
        report._on_step_done(self.code)

    def action_reopen(self, reason):
        """Work on the step again, and on those after it that build on it.

        :param str reason: mandatory
        """
        self._check_may_close()
        for step in self:
            step._check_reason(reason)
            report = step.eight_d_id
            if report.state == "cancelled" or not step.done_on:
                raise UserError(self.env._("%s is not closed.", step.display_name))
            report._reopen_from(step.code, reason)
        return True

    def action_open_reason(self):
        """Ask for the reason of an override, reopening or more time (`purpose` in the
        context).
        """
        self.ensure_one()
        names = {
            "reopen": self.env._("Reopen the step"),
            "override": self.env._("Close although something is missing"),
            "extend": self.env._("More time"),
        }
        purpose = self.env.context.get("purpose", "override")
        return self.env["quality.complaint.reason"]._open(
            names[purpose], purpose, step_id=self.id, eight_d_id=self.eight_d_id.id
        )


class Quality8d(models.Model):
    _inherit = "quality.8d"

    def _calendar(self):
        """:return: `resource.calendar` its steps run by, possibly empty"""
        self.ensure_one()
        report = self.sudo()  # sudo: working hours hold whoever works on it
        return (
            report.policy_id.calendar_id
            or report.team_id.calendar_id
            or report.company_id.resource_calendar_id
        )

    def _on_step_done(self, code):
        """What follows from a closed step: containment is a step of the complaints, the
        causes are proposed to them, D8 ends the report.
        """
        self.ensure_one()
        if code == "D3":
            # sudo: the step of the complaints follows from the report, whoever closes
            # it
            self.sudo().complaint_ids._learn_contained(self)
        if code == "D4":
            self.sudo().complaint_ids._take_over_causes(self)  # sudo: as above
        if code == "D8":
            self._close()

    def _reopen_from(self, code, reason):
        """Open a step and all closed ones after it again.

        :param str code: of the first step
        :param str reason: translated or typed sentence
        """
        self.ensure_one()
        later = code not in SEPARATE
        steps = self.step_ids.filtered(
            lambda step: (
                step.done_on
                and (
                    step.code == code
                    or (later and step.code > code and step.code not in FREE_ORDER)
                )
            )
        )
        self.override_ids.filtered(
            lambda row: row.step in steps.mapped("code")
        )._outdate()
        self._advance({"state": "open", "closed_on": False})
        steps._advance({"done_on": False, "recorded_on": False, "done_by_id": False})
        steps._set_due(start=fields.Datetime.now())
        self._forget_acceptance(steps)
        self.message_post(
            body=self.env._(
                "%(steps)s opened again: %(reason)s",
                steps=format_list(self.env, steps.sorted("code").mapped("code")),
                reason=reason,
            )
        )


class Quality8dOverride(models.Model):
    """A step that was closed although something was missing: by whom and why."""

    _name = "quality.8d.override"
    _description = "Override in an 8D Report"
    _inherit = ["quality.complaint.guarded"]
    _rec_name = "eight_d_id"
    _order = "eight_d_id, date, id"

    eight_d_id = fields.Many2one(
        "quality.8d", "8D Report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="eight_d_id.company_id", store=True, index=True
    )
    step = fields.Selection(STEPS, required=True)
    missing = fields.Text()
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", "By", required=True, ondelete="restrict")
    date = fields.Datetime(required=True)
    is_valid = fields.Boolean(
        "Valid", default=True, help="No longer, when the step was opened again."
    )

    def _outdate(self):
        # sudo: kept by the flow only
        self.sudo().is_valid = False
