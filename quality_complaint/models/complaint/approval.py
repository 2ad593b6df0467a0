from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_list

from ...tools import listed, says_nothing

# decided before a plan may be executed
PLAN_SUBJECTS = ("plan", "money", "over_ceiling", "responsibility")


class QualityComplaintApproval(models.Model):
    """A decision asked of a role. Nobody decides their own request; who may decide is
    the role's, not a group's.
    """

    _name = "quality.complaint.approval"
    _description = "Complaint Approval"
    _inherit = ["quality.complaint.guarded"]
    _order = "state, requested_on desc, id desc"

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    round = fields.Integer(default=1, readonly=True)
    subject = fields.Selection(
        [
            ("plan", "Plan"),
            ("reply", "Reply to the customer"),
            ("closing", "Closing"),
            ("money", "Claim for money"),
            ("responsibility", "Internal responsibility"),
            ("over_ceiling", "Above the ceiling"),
            ("extension", "Extension"),
        ],
        "Decision About",
        required=True,
        readonly=True,
    )
    reply_id = fields.Many2one(
        "quality.complaint.reply",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    remedy_ids = fields.Many2many(
        "quality.complaint.remedy",
        "quality_complaint_approval_remedy_rel",
        string="Remedies",
        readonly=True,
    )
    role_id = fields.Many2one(
        "quality.complaint.role", required=True, readonly=True, ondelete="restrict"
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, required=True)
    requested_on = fields.Datetime(readonly=True, required=True)
    amount = fields.Monetary(
        readonly=True, help="Untaxed amount asked for, in the company's currency."
    )
    ceiling_text = fields.Text(
        "Ceiling",
        readonly=True,
        help="The rule that is gone above, as it stood when this was asked for.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        "Status",
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    approver_ids = fields.Many2many(
        "res.users",
        "quality_complaint_approval_approver_rel",
        string="Put Before",
        readonly=True,
        help="Holders of the role when it was asked for.",
    )
    severity_id = fields.Many2one(related="complaint_id.severity_id")
    product_id = fields.Many2one(related="complaint_id.product_id")
    description = fields.Text(related="complaint_id.description")
    reply_body = fields.Html(related="reply_id.body")
    activity_ids = fields.Many2many(
        "mail.activity", string="Asked", readonly=True, copy=False
    )
    reason = fields.Text(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    summary = fields.Text(
        compute="_compute_summary",
        compute_sudo=True,
        help="What is asked for, in words.",
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("subject", "complaint_id.name")
    def _compute_display_name(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        for approval in self:
            approval.display_name = listed(
                self.env.lang,
                (
                    approval.complaint_id.display_name,
                    subjects.get(approval.subject),
                ),
                ":",
            )

    @api.depends(
        "remedy_ids.description",
        "complaint_id.description",
        "complaint_id.responsible_id",
        "reply_id.body",
    )
    def _compute_summary(self):
        for approval in self:
            if approval.subject == "reply":
                approval.summary = approval.reply_id.subject
            elif approval.subject == "responsibility":
                complaint = approval.complaint_id
                approval.summary = "\n".join(
                    filter(
                        None,
                        (
                            complaint.responsible_id.name,
                            complaint.responsible_evidence,
                            complaint.root_cause,
                        ),
                    )
                )
            elif approval.subject in PLAN_SUBJECTS:
                approval.summary = "\n".join(approval.remedy_ids.mapped("description"))
            else:
                approval.summary = approval.complaint_id.description

    @api.depends_context("uid")
    @api.depends("state", "role_id", "requested_by_id")
    def _compute_can_decide(self):
        for approval in self:
            approval.can_decide = (
                approval.state == "pending"
                and approval.requested_by_id != self.env.user
                and self.env.user in approval.role_id._holders(approval.complaint_id)
            )

    @api.model
    def _request(self, complaint, subject, role, amount=0.0, **vals):
        """Ask a role for a decision and put it before its holders.

        :raise UserError: nobody but the requester holds the role
        """
        holders = role._holders(complaint) - self.env.user
        if not holders:
            raise UserError(
                self.env._(
                    "Nobody can approve “%(subject)s” of %(complaint)s: the role "
                    "“%(role)s” is held by nobody else. A complaint manager names its "
                    "holders under Configuration ‣ Roles; of a region or a department, "
                    "under Routing or Responsible Parties.",
                    subject=dict(
                        self._fields["subject"]._description_selection(self.env)
                    )[subject],
                    complaint=complaint.display_name,
                    role=role.name,
                )
            )
        # sudo: approvals are made by the flow only; nobody has the right to write one
        # himself
        approval = self.sudo().create(
            {
                "complaint_id": complaint.id,
                "subject": subject,
                "role_id": role.id,
                "round": complaint.round,
                "amount": amount,
                "requested_by_id": self.env.uid,
                "requested_on": fields.Datetime.now(),
                "approver_ids": [Command.set(holders.ids)],
                **vals,
            }
        )
        for holder in holders:
            # sudo: as above
            approval.activity_ids += complaint.sudo().activity_schedule(
                "quality_complaint.mail_activity_approval",
                user_id=holder.id,
                summary=approval.with_context(lang=holder.lang).display_name,
            )
        return approval.sudo(False)

    @api.model
    def _request_plan(self, complaint, remedies):
        """Ask for the approval of exactly these remedies by every role that must agree;
        accept them at once where none must.
        """
        requests = complaint._plan_approvals(remedies)
        for subject, role, asked in requests:
            vals = {
                "amount": sum(asked.mapped("amount_company")),
                "remedy_ids": [Command.set(remedies.ids)],
            }
            if subject == "over_ceiling":
                above = complaint._above_ceilings(asked)
                vals["ceiling_text"] = "\n".join(
                    ceiling._in_words(complaint, limit, given)
                    for ceiling, limit, given, _rows in above
                )
            self._request(complaint, subject, role, **vals)
        if not requests:
            complaint._accept_plan(remedies)

    def action_approve(self):
        """Approve; the flow that asked goes on."""
        for approval in self._check_decidable():
            approval._decide("approved")
            complaint = approval.complaint_id
            if approval.subject in PLAN_SUBJECTS:
                # the plan holds when all who were asked have agreed
                if not complaint.approval_ids.filtered(
                    lambda other: (
                        other.subject in PLAN_SUBJECTS and other.state == "pending"
                    )
                ):
                    complaint._accept_plan(approval.remedy_ids)
                    approval.remedy_ids._release()
            elif approval.subject == "reply":
                if not complaint.approval_ids.filtered(
                    lambda other, a=approval: (
                        other.reply_id == a.reply_id and other.state == "pending"
                    )
                ):
                    approval.reply_id._set_approved()
            # a complaint closes when all who were asked have agreed
            elif not complaint.approval_ids.filtered(
                lambda other: other.subject == "closing" and other.state == "pending"
            ):
                complaint.action_close()
        return True

    def action_refuse(self, reason):
        """Refuse with a reason; what was asked for goes back to its author.

        :param str reason: mandatory
        """
        if says_nothing(reason):
            raise UserError(self.env._("Say why it is refused."))
        for approval in self._check_decidable():
            approval._decide("refused", reason)
            complaint = approval.complaint_id
            if approval.subject in PLAN_SUBJECTS:
                approval.remedy_ids.filtered(
                    lambda remedy: remedy.state == "to_approve"
                )._set_draft()
                approval.remedy_ids._refuse_late(approval)
                complaint.approval_ids.filtered(
                    lambda other: other.subject in PLAN_SUBJECTS
                )._withdraw()
            elif approval.subject == "reply":
                approval.reply_id._set_draft()
                complaint.approval_ids.filtered(
                    lambda other, a=approval: other.reply_id == a.reply_id
                )._withdraw()
            complaint.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=approval.requested_by_id.id,
                summary=self.env._("Refused: %s", approval.display_name),
                note=reason,
            )
        return True

    def action_open_refuse(self):
        return self.env["quality.complaint.reason"]._open(
            self.env._("Refuse"),
            "refuse",
            approval_ids=self.ids,
            complaint_id=self[:1].complaint_id.id,
        )

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._open()

    def _check_decidable(self):
        """The approvals with the rights to carry out their decision, after checking
        that this user may take it.
        """
        for approval in self:
            if approval.state != "pending":
                raise UserError(
                    self.env._("%s is decided already.", approval.display_name)
                )
            if approval.requested_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You cannot decide your own request: somebody else must "
                        "decide %s.",
                        approval.display_name,
                    )
                )
            holders = approval.role_id._holders(approval.complaint_id)
            if self.env.user not in holders:
                raise AccessError(
                    self.env._(
                        "%(approval)s is for the role “%(role)s” to decide "
                        "(%(holders)s).",
                        approval=approval.display_name,
                        role=approval.role_id.name,
                        holders=format_list(self.env, holders.mapped("name")),
                    )
                )
        # sudo: the role was checked above; holders need no further rights on what they
        # decide
        return self.sudo()

    def _decide(self, state, reason=False):
        self.ensure_one()
        self.write(
            {
                "state": state,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )
        self.activity_ids.unlink()
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        self.complaint_id.message_post(
            body=self.env._(
                "%(subject)s: %(decision)s. %(reason)s",
                subject=subjects[self.subject],
                decision=states[state],
                reason=reason or "",
            )
        )

    def _withdraw(self):
        """Pending requests lapse with what they were asked for."""
        pending = self.sudo().filtered(
            lambda approval: approval.state == "pending"
        )  # sudo: see `_request`
        pending.write({"state": "cancelled"})
        pending.activity_ids.unlink()
