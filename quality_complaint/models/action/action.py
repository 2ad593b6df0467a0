from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import IncompleteError, listed

# what was done is not rewritten afterwards
DONE_FIELDS = {"name", "kind", "user_id", "due_on", "evidence", "node_id", "eight_d_id"}
# statuses in which a step may be taken that asks for something first
POSSIBLE_IN = {
    "extend": ("open",),
    "done": ("open",),
    "effective": ("done",),
    "ineffective": ("done",),
    "reopen": ("done", "effective", "ineffective"),
    "cancel": ("open", "done"),
}
# the step of an 8D report in which such actions are chosen
STEPS_OF_KINDS = {"corrective": "D5", "preventive": "D7"}


class QualityComplaintAction(models.Model):
    """Something to be done so that the trouble stops, or does not come back:
    containment, correction, corrective or preventive action.

    It is done with evidence, and its effect is verified by somebody else than its
    owner.
    """

    _name = "quality.complaint.action"
    _description = "Complaint Action"
    _inherit = [
        "quality.complaint.extendable",
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _due_action = "quality_complaint.action_action"
    _order = "due_on, id"
    _check_company_auto = True

    start_on = fields.Datetime(guarded=True)
    warn_on = fields.Datetime(guarded=True)
    name = fields.Char("Action", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("containment", "Containment"),
            ("correction", "Correction"),
            ("corrective", "Corrective action"),
            ("preventive", "Preventive action"),
        ],
        required=True,
        default="corrective",
        tracking=True,
        help="Containment stops the damage, a correction repairs what is wrong, a "
        "corrective action removes the cause, a preventive one keeps it from "
        "arising elsewhere.",
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    eight_d_id = fields.Many2one(
        "quality.8d",
        "8D Report",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    problem_id = fields.Many2one(
        "quality.complaint.problem",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        readonly=True,
        fixed=True,
        help="The common problem of a period that it is to end.",
    )
    node_id = fields.Many2one(
        "quality.complaint.cause.node",
        "Removes the Cause",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('eight_d_id', '=', eight_d_id), ('is_root', '=', True)]",
    )
    choice_reason = fields.Text(
        "Why This One",
        copy=False,
        help="Why this action was chosen among the possible ones (D5).",
    )
    pre_check = fields.Text(
        "Checked Beforehand",
        copy=False,
        help=(
            "How it was shown, before introducing it, that it works and does no harm "
            "(D5)."
        ),
    )
    shallow_reason = fields.Char(
        "Accepted as It Is",
        readonly=True,
        copy=False,
        help="A quality manager's reason why an action like “training” is enough.",
        guarded=True,
    )
    shallow_by_id = fields.Many2one(
        "res.users",
        "Accepted By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        guarded=True,
    )
    cut_in_lot_id = fields.Many2one(
        "stock.lot",
        "Cut-in Lot",
        check_company=True,
        copy=False,
        ondelete="restrict",
        help="The first lot made with it.",
    )
    cut_in_on = fields.Date(
        "Cut-in Date", copy=False, help="The first day of production with it."
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", compute="_compute_product_id")
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        compute="_compute_department_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
    )
    due_on = fields.Datetime(tracking=True)
    state = fields.Selection(
        [
            ("open", "To do"),
            ("done", "Done"),
            ("effective", "Effective"),
            ("ineffective", "Not effective"),
            ("cancelled", "Given up"),
        ],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
        guarded=True,
    )
    done_on = fields.Datetime("Finished On", readonly=True, copy=False, guarded=True)
    recorded_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False, guarded=True)
    evidence = fields.Text(
        "What Was Done",
        copy=False,
        help=(
            "What was done, and what shows it: report, revision of a document, test, "
            "photo."
        ),
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_action_attachment_rel",
        string="Evidence",
        copy=False,
        bypass_search_access=True,
    )
    cost = fields.Monetary(copy=False, help="What it costs, in the company's currency.")
    effect = fields.Selection(
        [("effective", "Effective"), ("ineffective", "Not effective")],
        "Effectiveness",
        readonly=True,
        copy=False,
        guarded=True,
    )
    effect_note = fields.Text(
        "Verification",
        copy=False,
        help="How the effect was verified: figures, lots watched, audit.",
    )
    verified_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    verified_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    may_verify = fields.Boolean(
        compute="_compute_may_verify", help="Nobody verifies their own action."
    )
    cancel_reason = fields.Text("Why Given Up", readonly=True, copy=False, guarded=True)

    # === compute, constraints ===

    @api.depends("complaint_id")
    def _compute_department_id(self):
        """Whoever is responsible puts it right, until somebody says otherwise."""
        for action in self:
            party = action.complaint_id.responsible_id
            if not action.department_id and party.kind == "department":
                action.department_id = party

    @api.depends(
        "complaint_id.company_id", "eight_d_id.company_id", "problem_id.company_id"
    )
    def _compute_company_id(self):
        for action in self:
            action.company_id = (
                action.complaint_id.company_id
                or action.eight_d_id.company_id
                or action.problem_id.company_id
                or action.company_id
                or self.env.company
            )

    @api.depends(
        "complaint_id.product_id", "eight_d_id.product_id", "problem_id.product_id"
    )
    def _compute_product_id(self):
        for action in self:
            action.product_id = (
                action.complaint_id.product_id
                or action.eight_d_id.product_id
                or action.problem_id.product_id
            )

    @api.depends("user_id", "done_by_id", "complaint_id.policy_id")
    @api.depends_context("uid")
    def _compute_may_verify(self):
        """Neither the owner nor who did it, and a holder of the role the policy
        names.
        """
        for action in self:
            role = action._verifier_role()
            others = self.env.user not in action.user_id | action.done_by_id
            action.may_verify = others and (
                not role or self.env.user in role._holders(action._due_file())
            )

    @api.constrains("cost")
    def _check_cost(self):
        for action in self:
            if action.currency_id.compare_amounts(action.cost, 0.0) < 0:
                raise ValidationError(
                    self.env._("The cost of “%s” cannot be negative.", action.name)
                )

    @api.constrains("complaint_id", "eight_d_id", "problem_id", "node_id")
    def _check_belongs(self):
        for action in self:
            if not action._due_file():
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to a complaint, an 8D report or a problem: "
                        "choose one.",
                        action.name,
                    )
                )
            # sudo: whoever plans an action may not see every report
            complaint, report = action.sudo().complaint_id, action.sudo().eight_d_id
            if complaint and report and complaint.eight_d_id != report:
                raise ValidationError(
                    self.env._(
                        "“%(action)s”: %(complaint)s is not handled in %(report)s.",
                        action=action.name,
                        complaint=complaint.display_name,
                        report=report.name,
                    )
                )
            # sudo: as above
            if action.node_id and action.sudo().node_id.eight_d_id != report:
                raise ValidationError(
                    self.env._(
                        "“%s” removes a cause of another 8D report. Choose a cause of "
                        "its own.",
                        action.name,
                    )
                )

    # === CRUD ===

    @api.model
    def _check_files(self, vals_list):
        """
        :raise AccessError: an action is planned for a complaint or report its planner
            may not open or write
        """
        self.env["quality.8d"].browse(
            {vals["eight_d_id"] for vals in vals_list} - {None, False}
        ).check_access("write")
        self.env["quality.complaint"].browse(
            {vals["complaint_id"] for vals in vals_list} - {None, False}
        ).check_access("read")
        problems = self.problem_id.browse(
            {vals["problem_id"] for vals in vals_list} - {None, False}
        )
        if problems:  # whoever plans for a complaint need not know any
            problems.check_access("write")

    def _check_done(self, vals):
        """
        :raise UserError: what was done or verified would be changed
        """
        finished = self.filtered(
            lambda action: action.state in ("effective", "ineffective", "cancelled")
        )
        self._lock_fields(
            vals,
            DONE_FIELDS
            | {
                "attachment_ids",
                "effect_note",
                "complaint_id",
                "cut_in_lot_id",
                "cut_in_on",
            },
            finished,
        )
        self._lock_fields(
            vals, DONE_FIELDS, self.filtered(lambda action: action.state == "done")
        )

    def _evidence_before(self, vals):
        return (
            {action: action.attachment_ids for action in self if action.state != "open"}
            if "attachment_ids" in vals
            else {}
        )

    def _check_evidence_kept(self, evidence):
        """
        :param dict evidence: {action: its files before}
        :raise UserError: evidence of what was done is only ever added to
        """
        for action, files in evidence.items():
            if files - action.attachment_ids:
                raise UserError(
                    self.env._(
                        "“%s” is done: its evidence belongs to the file and cannot be "
                        "taken away.",
                        action.name,
                    )
                )

    def _check_report_open(self, vals):
        """What D5 to D7 decided is changed after opening the step again only.

        :param dict vals: of a `write`
        :raise AccessError: it is moved to a complaint or report its planner may not
            open or write
        """
        if "complaint_id" in vals:
            self.env["quality.complaint"].browse(
                vals["complaint_id"] or []
            ).check_access("read")
        if "eight_d_id" in vals:
            new = self.env["quality.8d"].browse(vals["eight_d_id"] or [])
            new.check_access("write")
            for report in new | self.sudo().eight_d_id.filtered(
                lambda report: report.state != "cancelled"
            ):  # sudo: only whether it is open
                report._check_changeable(False)
        for action in self.sudo().filtered(
            lambda action: action.eight_d_id.state != "cancelled"
        ):  # sudo: as above
            for kind in (
                {action.kind, vals.get("kind", action.kind)}
                if {"kind", "eight_d_id"} & vals.keys()
                else ()
            ):
                action._check_step(kind)
            if {"node_id", "choice_reason", "pre_check", "name"} & vals.keys():
                action._check_step(action.kind)
            if (
                {"cut_in_lot_id", "cut_in_on"} & vals.keys()
                and action.kind == "corrective"
                and action.eight_d_id
            ):
                action.eight_d_id._check_changeable("D6")

    def _check_step(self, kind):
        """
        :param str kind: of an action; corrective ones belong to D5, preventive ones to
            D7
        :raise UserError: that step of the report is closed
        """
        if self.eight_d_id and kind in STEPS_OF_KINDS:
            self.eight_d_id._check_changeable(STEPS_OF_KINDS[kind])

    @api.ondelete(at_uninstall=False)
    def _unlink_untouched_only(self):
        for action in self:
            action.sudo()._check_step(
                action.kind
            )  # sudo: only whether the step is open
            if action.state != "open" or action.extension_count or action.problem_id:
                raise UserError(
                    self.env._(
                        "“%s” belongs to the file and cannot be deleted. Give it up "
                        "with a reason instead.",
                        action.name,
                    )
                )

    def _check_open_file(self):
        for action in self:
            problem = action.sudo().problem_id  # sudo: only whether it is in work
            if problem and problem.state != "open":
                raise UserError(
                    self.env._(
                        "“%s” is not in work: actions are planned once its analysis is "
                        "approved.",
                        problem.name,
                    )
                )
            if action.complaint_id.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is finished: nothing can be added to it. Reopen it first.",
                        action.complaint_id.display_name,
                    )
                )
            if action.eight_d_id:
                action.sudo().eight_d_id._check_changeable(
                    STEPS_OF_KINDS.get(action.kind)
                )  # sudo: only whether it is open

    # === due mixin ===

    def _due_running(self):
        return self.filtered(lambda action: action.due_on and action.state == "open")

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("state", "=", "open")

    def _due_file(self):
        return self.complaint_id or self.eight_d_id or self.problem_id

    def _due_levels(self):
        """A day before and when it is due the owner, a day later the leader of the
        complaint's team or the champion of the 8D report, another day later the head of
        the department that was to do it (R1 §14).
        """
        leader = self._role(
            "role_8d_champion"
            if self.eight_d_id and not self.complaint_id
            else "role_team_leader"
        )
        levels = [
            *super()._due_levels(),
            (fields.Datetime.add(self.due_on, days=1), leader),
        ]
        if self.department_id.manager_id:
            head = self._role("role_department_head")
            levels.append((fields.Datetime.add(self.due_on, days=2), head))
        return levels

    def _role(self, name):
        return (
            self.env.ref(f"quality_complaint.{name}", raise_if_not_found=False)
            or self.env["quality.complaint.role"]
        )

    def _due_holders(self, role, file):
        """The head is that of the department of the action, not of the party that is
        responsible for the complaint.
        """
        if role == self._role("role_department_head"):
            return self.department_id._local_manager(self.company_id)
        return super()._due_holders(role, file)

    def _has_locked_files(self):
        return self.state != "open"

    def _is_replaced(self):
        """Something else was planned after it turned out not to work."""
        others = (
            self.complaint_id.action_ids
            | self.eight_d_id.action_ids
            | self.problem_id.action_ids
        )
        later = others.filtered(
            lambda action: (
                action.id > self.id
                and action.kind == self.kind
                and action.node_id == self.node_id
                and action.state != "cancelled"
            )
        )
        return bool(later)

    # === the flow ===

    def action_done(self, evidence=""):
        """Done, with what shows it.

        :param str evidence: for those that have none yet
        """
        self.check_access("write")
        if evidence:
            self.filtered(lambda action: action._is_blank("evidence")).write(
                {"evidence": evidence}
            )
        now = fields.Datetime.now()
        for action in self:
            action._check_state("open")
            missing = (
                []
                if not action._is_blank("evidence")
                else [self.env._("what was done (“What Was Done”)")]
            )
            missing += [] if action.user_id else [self.env._("the owner")]
            if missing:
                raise IncompleteError(
                    self.env._(
                        "“%(action)s” cannot be set to done yet. Still missing: "
                        "%(missing)s.",
                        action=action.name,
                        missing=listed(self.env.lang, missing),
                    )
                )
            action._advance(
                {
                    "state": "done",
                    "done_on": now,
                    "recorded_on": now,
                    "done_by_id": self.env.uid,
                }
            )
        self._on_done()
        return True

    def action_effective(self, note=""):
        """Verified by somebody else than the owner: it works.

        :param str note: how it was verified, for those that do not say it yet
        """
        return self._verify("effective", note)

    def action_ineffective(self, note=""):
        """Verified: it does not work; something else has to be done.

        :param str note: as for `action_effective`
        """
        return self._verify("ineffective", note)

    def _verify(self, effect, note):
        self.check_access("write")
        if note:
            self.filtered(lambda action: action._is_blank("effect_note")).write(
                {"effect_note": note}
            )
        self._check_verifier()
        self._check_not_own()
        for action in self:
            if action._is_blank("effect_note"):
                raise UserError(
                    self.env._(
                        "“%s”: write down how its effect was verified "
                        "(“Verification”).",
                        action.name,
                    )
                )
        self._check_figures(effect)
        self._advance(
            {
                "state": effect,
                "effect": effect,
                "verified_on": fields.Datetime.now(),
                "verified_by_id": self.env.uid,
            }
        )
        self._on_verified(effect)
        return True

    def _check_not_own(self):
        for action in self:
            if not self.env.su and not action.may_verify:
                raise UserError(
                    self.env._(
                        "You cannot verify your own action: somebody else must "
                        "verify “%s”.",
                        action.name,
                    )
                )

    def action_reopen(self, reason):
        """It has to be done again: the trouble came back, or the evidence did not hold.

        :param str reason: mandatory
        """
        self.check_access("write")
        for action in self:
            action._check_state("done", "effective", "ineffective")
            action._check_reason(reason)
        notes = {action: action.effect_note for action in self}
        self._advance(
            {
                "state": "open",
                "done_on": False,
                "recorded_on": False,
                "done_by_id": False,
                "effect": False,
                "verified_on": False,
                "verified_by_id": False,
            }
        )
        self._on_reopened(reason, notes)
        return True

    def _open_work(self):
        """As `_open_end`: the work itself."""
        if self.state == "open":
            return self.env._("action “%s” (to be done)", self.name)
        if self.state == "done" and self.kind in ("corrective", "preventive"):
            return self.env._("action “%s” (effect to be verified)", self.name)
        if (
            self.state == "ineffective"
            and self.kind in ("corrective", "preventive")
            and not self._is_replaced()
        ):
            return self.env._(
                "action “%s” (not effective, and nothing else planned since)", self.name
            )
        return ""

    def _reopen_reports(self, code, reason):
        """The steps that rested on corrective actions of 8D reports are open again.

        :param str code: of the first step
        :param reason: function of the action that gives it in words
        """
        for action in self.filtered(lambda action: action.kind == "corrective"):
            report = (
                action.sudo().eight_d_id
            )  # sudo: follows from the action, whoever opens it again
            done = report.step_ids.filtered(
                lambda step: step.done_on and step.code >= code
            ).sorted("code")[:1]
            if done and report.state != "cancelled":
                report._reopen_from(done.code, reason(action))

    def action_cancel(self, reason):
        """Give it up.

        :param str reason: mandatory
        """
        self.check_access("write")
        for action in self:
            action._check_state("open", "done")
            action._check_reason(reason)
            action._advance({"state": "cancelled", "cancel_reason": reason})
        self._on_given_up(reason)
        return True

    def _check_extendable(self):
        self._check_state("open")

    def action_accept(self, reason):
        """A quality manager accepts an action like “training” as enough.

        :param str reason: mandatory
        """
        for action in self:
            action._check_state("open", "done")
            action._check_reason(reason)
            if not action.eight_d_id:
                raise UserError(
                    self.env._(
                        "“%s” belongs to no 8D report: nothing has to be accepted.",
                        action.name,
                    )
                )
            action.eight_d_id._check_quality_manager(action.create_uid | action.user_id)
            action._advance({"shallow_reason": reason, "shallow_by_id": self.env.uid})
            action.message_post(body=self.env._("Accepted as it is: %s", reason))
        return True

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(action)s” is in status “%(state)s”: this step is not possible.",
                    action=self.name,
                    state=names[self.state],
                )
            )

    def action_open(self):
        """Open the action in a dialog, from its 8D report."""
        self.ensure_one()
        return self._get_records_action(name=self.name, target="new", context={})

    def action_add_weak(self):
        """This wording removes no cause: listed for all reports to come."""
        return self.env["quality.8d.weak.term"]._add("action", self.mapped("name"))

    def action_open_accept(self):
        """Ask the quality manager for the reason why it is enough."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("Accept the action as it is"),
            "accept",
            action_ids=self.ids,
            eight_d_id=self.eight_d_id.id,
        )

    def action_open_reason(self):
        """Ask for what a step on these actions needs said: which one (`purpose`) is in
        the context.
        """
        names = {
            "extend": self.env._("More time"),
            "reopen": self.env._("Do again"),
            "cancel": self.env._("Give up"),
            "done": self.env._("Done"),
            "effective": self.env._("Effective"),
            "ineffective": self.env._("Not effective"),
        }
        purpose = self.env.context.get("purpose", "extend")
        # what is not possible is said before anything is asked
        for action in self:
            action._check_state(*POSSIBLE_IN[purpose])
        if purpose in ("effective", "ineffective"):
            self._check_verifier()
            self._check_not_own()
        return self.env["quality.complaint.reason"]._open(
            names[purpose], purpose, action_ids=self.ids
        )
