from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed


class QualityComplaintApproved(models.AbstractModel):
    """A report of a company that is submitted, approved by a holder of the role
    “Analysis Approved By” and never by whoever submitted it; its problems start then.

    Models that inherit have `name`, `company_id`, `problem_ids` and a `state` that is
    `submitted`, then `approved`; they say in `_before_submitted` from which status it
    is submitted, in `_missing_to_submit` what is still to be written, and in
    `_approval_words` how approvers are asked.
    """

    _name = "quality.complaint.approved"
    _description = "Report That Is Approved"
    _inherit = ["quality.complaint.guarded", "mail.thread", "mail.activity.mixin"]

    _before_submitted = "draft"

    submitted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    approved_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    may_approve = fields.Boolean(compute="_compute_may_approve")

    @api.depends("state", "submitted_by_id")
    @api.depends_context("uid")
    def _compute_may_approve(self):
        for report in self:
            report.may_approve = (
                report.state == "submitted"
                and self.env.user in report._approvers()
                and self.env.user != report.submitted_by_id
            )

    def _missing_to_submit(self):
        """:return: list of str: what has to be written before it is submitted"""
        raise NotImplementedError

    def _approval_words(self):
        """What approvers are asked to do, in the language of the record."""
        raise NotImplementedError

    def _missing_of_problems(self):
        """:return: list of str: problems without a whole answer, and what they lack"""
        return [
            self.env._(
                "“%(problem)s” lacks: %(fields)s.",
                problem=problem.name,
                fields=listed(self.env.lang, missing),
            )
            for problem in self.problem_ids
            if (missing := problem._missing())
        ]

    def _missing_texts(self, *names):
        """:return: list of str: fields that are empty"""
        return [
            self.env._(
                "“%s” is empty.", self._fields[name]._description_string(self.env)
            )
            for name in names
            if self._is_blank(name)
        ]

    def _approvers(self):
        """Users who may approve it: holders of the role who may also open it."""
        self.ensure_one()
        # in its company alone: others that are selected here may not be theirs
        local = self.with_context(allowed_company_ids=self.company_id.ids)
        return self.company_id._complaint_approvers().filtered(
            lambda user: local.with_user(user).has_access("write")
        )

    def action_submit(self):
        """Ask for approval: what is to be written is, and every problem has its
        answer.
        """
        for report in self:
            report.check_access("write")
            report._check_standing(self._before_submitted)
            missing = report._missing_to_submit()
            if missing:
                raise UserError(
                    self.env._(
                        "%(report)s cannot be submitted yet:\n%(missing)s",
                        report=report.name,
                        missing="\n".join(f"• {text}" for text in missing),
                    )
                )
            approvers = report._approvers() - self.env.user
            if not approvers:
                raise UserError(
                    self.env._(
                        "Nobody but you may approve %s. Choose another role in "
                        "Settings (“Analysis Approved By”).",
                        report.name,
                    )
                )
            report._advance({"state": "submitted", "submitted_by_id": self.env.uid})
            # sudo: what was to be commented on is; others' reminders as well
            report.sudo().activity_ids.unlink()
            for user in approvers:
                local = report.with_context(lang=user.lang or self.env.lang)
                local.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=local._approval_words(),
                )

    def action_approve(self):
        """By a holder of the role, never by whoever submitted it; measures may start
        now (000-F 3).
        """
        for report in self:
            report._check_standing("submitted")
            if not report.may_approve:
                raise UserError(
                    self.env._(
                        "%(report)s is approved by: %(users)s; nobody approves what "
                        "they submitted.",
                        report=report.name,
                        users=listed(self.env.lang, report._approvers().mapped("name")),
                    )
                )
            report._advance(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_on": fields.Datetime.now(),
                }
            )
            report._end_activities()
            report.problem_ids._start()
            report._tell_approved()

    def _tell_approved(self):
        """Whoever submitted it goes on: it is circulated now."""
        self.ensure_one()
        writer = self.submitted_by_id
        local = self.with_context(lang=writer.lang)
        local.message_notify(
            partner_ids=writer.partner_id.ids,
            subject=local.env._("Approved: %s", local.display_name),
            body=local.env._(
                "%s is approved. Circulate it to those it concerns.",
                local.display_name,
            ),
        )

    def _end_activities(self):
        self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_todo")
            )
        ).unlink()
