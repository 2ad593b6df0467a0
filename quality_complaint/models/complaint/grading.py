from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import listed

# what rules and limits look at; a change of one of them may change severity and
# deadlines
FACTS = {
    "type_id",
    "team_id",
    "company_id",
    "severity_id",
    "channel_id",
    "trigger_ids",
    "serious_event",
    "loss_amount",
    "policy_id",
    "customer_due_on",
}


class QualityComplaint(models.Model):
    """Severity: proposed by the rules of the policy, the highest wins; another one
    needs a reason; it rises when more becomes known.
    """

    _inherit = "quality.complaint"

    severity_id = fields.Many2one(
        "quality.complaint.severity",
        compute="_compute_severity_id",
        store=True,
        readonly=False,
        tracking=True,
        index=True,
        domain="[('policy_id', '=', policy_id)]",
        ondelete="restrict",
    )
    severity_group_id = fields.Many2one(
        related="severity_id.group_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help=(
            "The severity, whichever version of the policy the complaint is handled by."
        ),
    )
    severity_code = fields.Char(
        related="severity_id.code", store=True, string="Severity Code"
    )
    is_major = fields.Boolean(related="severity_id.is_major", store=True)
    severity_reason = fields.Char(
        tracking=True, help="Why another severity than the rules propose."
    )
    severity_proposal = fields.Char(
        "Severity by the Rules",
        compute="_compute_severity_proposal",
        help="Which rule proposes which severity, e.g. “Letter → Medium”.",
    )
    severity_differs = fields.Boolean(
        compute="_compute_severity_proposal",
        help="Another severity was chosen than the rules propose.",
    )

    severity_tip = fields.Char(
        compute="_compute_severity_tip",
        help="Why this severity: the rule, the circumstances, the reason given.",
    )

    # === compute ===

    @api.depends(
        "policy_id",
        "type_id",
        "channel_id",
        "trigger_ids",
        "loss_amount",
        "is_batch",
        "parent_id",
        "serious_event",
        "line_ids.lot_id",
        "line_ids.lot_name",
        "line_ids.defect_id",
    )
    def _compute_severity_id(self):
        for complaint in self:
            if complaint.state not in (False, "new") and complaint.severity_id:
                continue  # afterwards it only rises, see `_regrade`
            if not complaint.type_id.uses_severity:
                complaint.severity_id = False
            elif (
                complaint.severity_id.policy_id != complaint.policy_id
                or not complaint.severity_reason
            ):
                complaint.severity_id = complaint._proposed_severity()[0]

    @api.depends(
        "severity_id",
        "policy_id",
        "type_id",
        "channel_id",
        "trigger_ids",
        "loss_amount",
        "serious_event",
        "line_ids.lot_id",
        "line_ids.defect_id",
    )
    @api.depends_context("lang")
    def _compute_severity_proposal(self):
        for complaint in self:
            severity, rule = (
                complaint._proposed_severity()
                if complaint.type_id.uses_severity
                else (complaint.severity_id, False)
            )
            complaint.severity_differs = complaint.severity_id != severity
            complaint.severity_proposal = rule.display_name if rule else severity.name

    @api.depends("severity_proposal", "trigger_ids", "severity_reason")
    @api.depends_context("lang")
    def _compute_severity_tip(self):
        for complaint in self:
            complaint.severity_tip = " · ".join(
                filter(
                    None,
                    (
                        complaint.severity_proposal
                        and self.env._("By the rules: %s", complaint.severity_proposal),
                        *complaint.trigger_ids.mapped("name"),
                        complaint.severity_reason,
                    ),
                )
            )

    def _proposed_severity(self):
        """:return: (severity, the rule that proposes it or an empty one: nothing
        special is known)
        """
        self.ensure_one()
        rules, usual = self.policy_id._severity_table()
        # sudo: the rules hold for everybody who records a complaint
        rule, severity = self.env["quality.complaint.severity.rule"].sudo(), usual
        if rules:
            rule, severity = rule._proposal(rules, self._facts(), usual)
        return self.env["quality.complaint.severity"].browse(severity), rule

    # === changes ===

    @api.constrains("severity_id", "policy_id")
    def _check_severity(self):
        for complaint in self.filtered("severity_id"):
            if complaint.severity_id.policy_id != complaint.policy_id:
                raise ValidationError(
                    self.env._(
                        "“%(severity)s” is no severity of “%(policy)s”, by which "
                        "%(complaint)s is handled.",
                        severity=complaint.severity_id.name,
                        policy=complaint.policy_id.name,
                        complaint=complaint.display_name,
                    )
                )

    def _restart_clocks(self):
        """Another date of receipt of a draft: everything is counted from it."""
        # sudo: as in `_reach`
        self.sudo().deadline_ids.unlink()
        self.sudo()._reach(
            "received", on=lambda complaint: complaint.received_on
        )  # sudo: as above

    def _check_regrading(self, vals):
        """Type and severity decide which steps and approvals are needed: after
        registration officers change them, and say why.
        """
        changed = self.filtered(
            lambda complaint: (
                complaint.name and {"type_id", "severity_id"} & vals.keys()
            )
        )
        if not changed or self.env.su:
            return
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        ):
            raise UserError(
                self.env._(
                    "Type and severity of %s are changed by a complaint officer.",
                    listed(self.env.lang, changed.mapped("name")),
                )
            )
        if "severity_id" not in vals:
            return
        severity = self.env["quality.complaint.severity"].browse(vals["severity_id"])
        for complaint in (
            changed if not vals.get("severity_reason") else changed.browse()
        ):
            if severity.rank < complaint.severity_id.rank:
                raise UserError(
                    self.env._(
                        "Say why the severity of %s is lowered (“Severity Reason”).",
                        complaint.name,
                    )
                )
            if severity not in (
                complaint.severity_id,
                complaint._proposed_severity()[0],
            ):
                raise UserError(
                    self.env._(
                        "The rules propose “%(proposal)s” for %(complaint)s. Say why "
                        "it is to be another severity (“Severity Reason”).",
                        proposal=complaint.severity_proposal,
                        complaint=complaint.name,
                    )
                )

    def _regrade(self):
        """More is known than before: the severity rises to what the rules say (it never
        falls by itself), deadlines follow.
        """
        # sudo: what follows from the rules follows whoever adds a fact
        for complaint in self.sudo().filtered(
            lambda complaint: complaint.state not in ("new", "closed", "cancelled")
        ):
            severity, rule = complaint._proposed_severity()
            if not complaint.type_id.uses_severity:
                if complaint.severity_id:
                    complaint._advance({"severity_id": False})
            elif (
                not complaint.severity_id or severity.rank > complaint.severity_id.rank
            ):
                complaint._set_severity(severity, rule.display_name if rule else False)
        self._refresh_deadlines()

    def _grade_by_rules(self):
        """Forget a severity somebody chose who has no right to."""
        for complaint in self.filtered("severity_differs"):
            complaint._advance(
                {
                    "severity_id": complaint._proposed_severity()[0].id,
                    "severity_reason": False,
                }
            )
        self._refresh_deadlines()

    def _set_severity(self, severity, reason):
        self.ensure_one()
        before = self.severity_id
        self._advance({"severity_id": severity.id})
        if before:
            self.message_post(
                body=self.env._(
                    "Severity raised from “%(before)s” to “%(after)s”: %(reason)s",
                    before=before.name,
                    after=severity.name,
                    reason=reason or "",
                )
            )
        self._on_severity_raised()

    def _raise_severity(self, reason):
        """One level up, e.g. because it was not solved in time (R4); nothing above the
        highest.

        :param str reason: translated sentence
        """
        for complaint in self:
            higher = complaint.policy_id.severity_ids.filtered(
                lambda s, c=complaint: s.rank > c.severity_id.rank
            ).sorted("rank")[:1]
            if higher and complaint.severity_id:
                complaint._set_severity(higher, reason)
                complaint._refresh_deadlines()

    def _tell_severity(self, concerned=None):
        """Roles that a severity wants told at once: an activity and a mail each; the
        team leader where a role reaches nobody.

        :param concerned: function of the role, to tell only some
        """
        for complaint in self:
            roles = complaint.severity_id.sudo().notify_role_ids.filtered(
                concerned or (lambda role: True)
            )  # sudo: told whoever registers
            told = self.env.user
            for role in roles:
                users = complaint._reachable(
                    role._holders(complaint)
                ) or complaint._reachable(complaint.team_id.leader_id)
                if not users:
                    complaint.message_post(
                        body=self.env._(
                            "Nobody could be told that it is “%(severity)s” "
                            "(%(role)s).",
                            severity=complaint.severity_id.name,
                            role=role.name,
                        )
                    )
                told, users = told | users, users - told
                for user in users:
                    local = complaint.with_context(lang=user.lang)
                    summary = local.env._(
                        "%(severity)s complaint %(complaint)s",
                        severity=local.severity_id.name,
                        complaint=local.display_name,
                    )
                    # sudo: as above
                    local.sudo().activity_schedule(
                        "quality_complaint.mail_activity_deadline",
                        user_id=user.id,
                        summary=summary,
                    )

    def _stamp_serious_event(self):
        """The answer about serious injury or death is a step; a yes starts the
        evaluation of the adverse event.
        """
        for complaint in self.sudo():  # sudo: the answer is guarded by a field group
            if complaint.serious_event != "unknown":
                complaint._reach("serious_event_answered")
            if complaint.serious_event == "yes":
                complaint._reach("adverse_event_reported")
