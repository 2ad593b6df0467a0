from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ...tools import listed
from ..complaint.approval import PLAN_SUBJECTS


class QualityComplaintRemedy(models.Model):
    """An approval that became needed after the plan was made: what is not executed
    waits for it, goods under way still arrive.

    The severity was raised, another round began, more is known of the goods: by what is
    known now a role must agree that was not asked,
    or refused. No credit note is made and nothing is sent until it has agreed.
    """

    _inherit = "quality.complaint.remedy"

    held = fields.Text(
        "Waits For",
        compute="_compute_held",
        compute_sudo=True,
        help="Whose approval is missing by what is known now.",
    )

    @api.depends(
        "state",
        "complaint_id.severity_id",
        "complaint_id.round",
        "complaint_id.approval_ids.state",
        "line_ids.amount",
    )
    @api.depends_context("lang")
    def _compute_held(self):
        waiting = self._missing_roles()
        for remedy in self:
            roles = waiting.get(remedy._origin)
            refused = remedy._refusals()
            remedy.held = False
            if refused:
                remedy.held = self.env._(
                    "%(role)s refused: %(reason)s What happened already: "
                    "%(documents)s. Nothing more is done; cancel open documents, or "
                    "change the outcome "
                    "when the goods are here.",
                    role=refused[:1].role_id.name,
                    reason=refused[:1].reason or "",
                    documents=remedy.progress or self.env._("nothing"),
                )
            elif roles:
                remedy.held = self.env._(
                    "the approval of %s", format_list(self.env, roles.mapped("name"))
                )

    def _missing_roles(self):
        """
        :return: {remedy that is approved or executed: `quality.complaint.role` that has
            to agree and has not}
        """
        missing = {}
        live = self._origin.filtered(
            lambda remedy: remedy.state in ("approved", "executing")
        )
        for complaint in live.complaint_id:
            for _subject, role, rows in complaint._unapproved_remedies():
                for remedy in rows & live:
                    missing[remedy] = (
                        missing.get(remedy, self.env["quality.complaint.role"]) | role
                    )
        return missing

    def _held(self):
        """Those of these remedies that wait for an approval."""
        waiting = self._missing_roles()
        return self.filtered(lambda remedy: remedy in waiting)

    def _refusals(self):
        """Refusals of what is under way, which no later approval of the same role took
        back.
        """
        self.ensure_one()
        if self.state != "executing":
            return self.env["quality.complaint.approval"]
        # sudo: approvals are read for conditions
        decided = self.complaint_id.sudo().approval_ids.filtered(
            lambda row: (
                row.subject in PLAN_SUBJECTS
                and row.state in ("approved", "refused")
                and self._origin in row.remedy_ids
            )
        )
        latest = {
            row.role_id: row
            for row in decided.sorted(lambda row: (row.decided_on, row.id))
        }
        return decided.browse(
            [row.id for row in latest.values() if row.state == "refused"]
        )

    def _hold(self):
        """Ask for what is missing.

        :return: these remedies without those that wait
        """
        held = self._held()
        if held:
            held.complaint_id._request_missing_approvals()
        return self - held

    def _check_not_held(self):
        """
        :raise UserError: an approval is missing by what is known now
        """
        for remedy in self.sudo().filtered("held"):  # sudo: as above
            raise UserError(
                self.env._(
                    "“%(remedy)s” waits for: %(held)s",
                    remedy=remedy.description,
                    held=remedy.held,
                )
            )

    def _refuse_late(self, approval):
        """A refusal after the plan was approved: what was not executed goes back to its
        author, what is under way makes no further documents.

        :param approval: the refused `quality.complaint.approval`
        """
        stopped = self.filtered(lambda remedy: remedy.state == "approved")
        happened = self.filtered(lambda remedy: remedy.state in ("executing", "done"))
        stopped._set_draft()
        if happened:
            told = listed(
                self.env.lang,
                [
                    f"{remedy.description} "
                    f"({remedy.progress or remedy._document_status(remedy)})"
                    for remedy in happened
                ],
                ";",
            )
            approval.complaint_id.message_post(
                body=self.env._(
                    "Refused by %(role)s after it had begun. What happened already: "
                    "%(happened)s. No further credit note is made and nothing more is "
                    "sent. "
                    "Stopped: %(stopped)s.",
                    role=approval.role_id.name,
                    happened=told,
                    stopped=listed(self.env.lang, stopped.mapped("description"), ";")
                    or self.env._("nothing"),
                )
            )

    def _release(self):
        """The approval they waited for was given: what was received meanwhile has its
        consequences now.
        """
        for remedy in self.filtered(
            lambda remedy: remedy.state == "executing" and not remedy._held()
        ):
            remedy._try_follow_up()
