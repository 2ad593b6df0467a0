from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list


class QualityComplaintPolicy(models.Model):
    """The rules complaints are handled by. Shared by all companies; a company or a team
    chooses one.

    A policy that complaints are handled by is read-only: *New version* copies it, *Put
    into force* switches companies and teams
    to the copy. Complaints keep the version they started with.
    """

    _name = "quality.complaint.policy"
    _description = "Complaint Policy"
    _inherit = ["quality.complaint.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    # --- identity
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    version = fields.Integer(default=1, readonly=True, copy=False, fixed=True)
    previous_id = fields.Many2one(
        "quality.complaint.policy",
        "Previous Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        "In Force",
        default=True,
        help="Only policies in force are used for new complaints.",
    )
    description = fields.Text(translate=True)
    in_use = fields.Boolean(
        compute="_compute_in_use",
        help="Complaints are handled by it: it can only be changed by a new version.",
    )
    is_current = fields.Boolean(
        compute="_compute_is_current",
        help=(
            "New complaints of this company are handled by it, unless their team has "
            "its own."
        ),
    )
    running_count = fields.Integer(
        "Running on Earlier Versions", compute="_compute_running_count"
    )
    warnings = fields.Text(
        compute="_compute_warnings",
        help="What keeps the policy from working as it says.",
    )

    # --- tables
    severity_ids = fields.One2many(
        "quality.complaint.severity", "policy_id", "Severities", copy=False
    )
    rule_ids = fields.One2many(
        "quality.complaint.severity.rule", "policy_id", "Severity Rules", copy=False
    )
    limit_ids = fields.One2many(
        "quality.complaint.limit", "policy_id", "Time Limits", copy=False
    )
    requirement_ids = fields.One2many(
        "quality.complaint.requirement", "policy_id", "Required Fields", copy=False
    )
    approval_rule_ids = fields.One2many(
        "quality.complaint.approval.rule", "policy_id", "Approval Rules", copy=False
    )
    ceiling_ids = fields.One2many(
        "quality.complaint.ceiling", "policy_id", "Ceilings and Claims", copy=False
    )
    bearer_rule_ids = fields.One2many(
        "quality.complaint.bearer.rule", "policy_id", "Who Pays", copy=False
    )
    form_ids = fields.One2many(
        "quality.complaint.form", "policy_id", "Printed Forms", copy=False
    )

    # --- figures
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        help="Empty: those of the team, else of the company.",
    )
    acknowledge = fields.Boolean(
        "Acknowledge by E-mail",
        help="Send the customer a mail with the complaint number on registration.",
    )
    register_known = fields.Selection(
        [
            ("nobody", "Nothing"),
            ("portal", "What customers file in the portal"),
            ("known", "Also mails of known customers"),
        ],
        "Registered Automatically",
        default="portal",
        required=True,
        help=(
            "What needs nobody to take it over. Mails of unknown senders and the "
            "public form are always taken over by an officer."
        ),
    )
    qr_days = fields.Integer(
        "QR Codes Valid (days)",
        default=365,
        most=3650,
        help="How long after the delivery its QR code opens the complaint form.",
    )
    ask_serious_event = fields.Boolean(
        "Ask About Serious Injury",
        help=(
            "The customer must be asked whether a serious injury or death happened "
            "before anything is concluded or closed."
        ),
    )
    ask_late_reason = fields.Boolean(
        "Ask Why Steps Were Late",
        default=True,
        help="A complaint is closed only when every late step has its reason.",
    )
    product_before_cash = fields.Boolean(
        "Goods Before Money",
        help=(
            "Compensation in money needs a reason unless compensation in goods was "
            "planned."
        ),
    )
    ask_agreement = fields.Boolean(
        "Ask for a Settlement Agreement",
        help="Compensation in money is paid only when both sides signed the agreement.",
    )
    disposition_role_id = fields.Many2one(
        "quality.complaint.role",
        "Disposition Released By",
        ondelete="restrict",
        help=(
            "Who must agree before returned goods are restocked, scrapped or sent "
            "back to the supplier; empty: the warehouse decides."
        ),
    )
    score_late = fields.Float(
        "Points for a Late Step",
        digits=(16, 2),
        help="Recorded for department and person; R2: −2. 0: not scored.",
    )
    satisfaction_threshold = fields.Float(
        default=85.0,
        help="Score (0 to 100) below which a revisit counts as not satisfied.",
    )
    revisit_role_id = fields.Many2one(
        "quality.complaint.role",
        "Revisited By",
        ondelete="restrict",
        help="Who calls the customer back; empty: the handler. R2: Customer Care.",
    )
    revisit_attempts = fields.Integer(
        default=3,
        most=1000,
        help=(
            "How often a customer must be tried before “not reached” is enough to "
            "close."
        ),
    )
    department_role_id = fields.Many2one(
        "quality.complaint.role",
        "Lead Department Named By",
        ondelete="restrict",
        help=(
            "Who names the department that leads the handling; empty: the routing "
            "rules, or whoever handles the complaint. R11: Quality."
        ),
    )
    tell_handler = fields.Boolean(
        "Tell the Customer Who Handles the Case",
        help="A mail whenever somebody else takes the case over. R4.",
    )
    on_site_department_id = fields.Many2one(
        "quality.complaint.responsible",
        "Visits on Site By",
        ondelete="restrict",
        domain="[('kind', '=', 'department')]",
        help=(
            "The department that takes part in every investigation on site. R1: "
            "After-sales."
        ),
    )
    action_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_policy_action_role_rel",
        string="Measures Signed By",
        help=(
            "Every one of these roles signs a measure before its effect is verified. "
            "R5: the salesperson and the head of the department."
        ),
    )
    verifier_role_id = fields.Many2one(
        "quality.complaint.role",
        "Measures Verified By",
        ondelete="restrict",
        help="Who verifies the effect of measures; empty: anybody but the owner.",
    )
    effect_role_id = fields.Many2one(
        "quality.complaint.role",
        "Effect Signed By",
        ondelete="restrict",
        help="Signs the verified effect of a measure before the complaint is closed.",
    )
    sample_days = fields.Integer(
        "Sample Expected After (days)",
        default=7,
        most=3650,
        help="When the investigator is reminded of a sample that was asked for.",
    )
    answer_days = fields.Integer(
        "Customer's Answer Within (days)",
        default=7,
        most=3650,
        help=(
            "An offer or reply the customer does not answer by then counts as not "
            "answered. 0: we do not wait."
        ),
    )
    first_review = fields.Selection(
        "_selection_review", "After the First Failure", default="same", required=True
    )
    first_review_role_id = fields.Many2one(
        "quality.complaint.role", "First Review By", ondelete="restrict"
    )
    next_review = fields.Selection(
        "_selection_review", "After Further Failures", default="same", required=True
    )
    next_review_role_id = fields.Many2one(
        "quality.complaint.role", "Further Reviews By", ondelete="restrict"
    )
    new_number = fields.Boolean(
        "New Number When Not Satisfied",
        help=(
            "Handled anew under a handling number of its own, the complaint number "
            "with the round. R2: a new form is issued."
        ),
    )
    repeat_window = fields.Integer(
        "Repeat Window (days)",
        default=365,
        most=36500,
        help="How far back the same trouble counts as a repeat.",
    )
    repeat_threshold = fields.Integer(
        "Repeat Proposed From (score)",
        default=50,
        required=True,
        help=(
            "Score, 1 to 100, from which an earlier complaint is proposed as the same "
            "trouble. Lower: more proposals, also wrong ones."
        ),
    )
    repeat_severity_from = fields.Integer(
        "Repetition Raises the Severity From (nth)",
        help=(
            "From this occurrence of the same trouble on, a complaint is one level "
            "more severe. 0: never."
        ),
    )
    repeat_8d_from = fields.Integer(
        "Repetition Asks for an 8D From (nth)",
        help=(
            "From this occurrence of the same trouble on, an 8D report is mandatory. "
            "0: never."
        ),
    )
    retention_years = fields.Integer(
        "Retention (years)",
        default=3,
        most=100,
        help="How long the file is kept after closing.",
    )

    _code_version_uniq = models.Constraint(
        "UNIQUE (code, version)", "A version of this policy exists already."
    )
    _threshold_range = models.Constraint(
        "CHECK (satisfaction_threshold >= 0 AND satisfaction_threshold <= 100)",
        "The satisfaction threshold must be between 0 and 100.",
    )
    _numbers_positive = models.Constraint(
        "CHECK (revisit_attempts >= 1 AND repeat_window >= 0 AND retention_years >= 0 "
        "AND sample_days >= 0 AND answer_days >= 0 AND qr_days >= 0)",
        "Attempts must be at least 1; days, window and retention cannot be negative.",
    )

    _repeats_range = models.Constraint(
        "CHECK (repeat_threshold BETWEEN 1 AND 100 AND (repeat_severity_from = 0 OR "
        "repeat_severity_from >= 2)"
        " AND (repeat_8d_from = 0 OR repeat_8d_from >= 2))",
        "The score must be between 1 and 100; repetition counts from the 2nd "
        "occurrence on, 0 is never.",
    )

    @api.model
    def _selection_review(self):
        """Who handles a complaint again when the customer is not satisfied (R12:
        somebody else, then a higher level).
        """
        return [
            ("same", self.env._("The same person")),
            ("other", self.env._("Another person")),
            ("role", self.env._("A role")),
        ]

    # === compute ===

    @api.depends("version")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for policy in self.filtered(lambda policy: policy.version > 1):
            policy.display_name = self.env._(
                "%(name)s (version %(version)s)",
                name=policy.name,
                version=policy.version,
            )
        return result

    def _compute_in_use(self):
        # sudo: whether a policy is in use does not depend on which complaints the
        # reader may see
        complaints = (
            self.env["quality.complaint"].sudo().with_context(active_test=False)
        )
        used = complaints._read_group(
            [("policy_id", "in", self.ids), ("name", "!=", False)], ["policy_id"]
        )
        used = {policy.id for (policy,) in used}
        for policy in self:
            policy.in_use = policy._origin.id in used

    @api.depends_context("company")
    @api.depends("active")
    def _compute_is_current(self):
        current = self.env.company._complaint_policy()
        for policy in self:
            policy.is_current = policy._origin == current

    def _compute_running_count(self):
        for policy in self:
            policy.running_count = self.env["quality.complaint"].search_count(
                policy._running_domain()
            )

    @api.depends_context("company", "lang")
    @api.depends("severity_ids", "limit_ids", "approval_rule_ids", "calendar_id")
    def _compute_warnings(self):
        for policy in self:
            policy.warnings = "\n".join(policy._get_warnings())

    def _get_warnings(self):
        """What a manager should put right before the policy is used in this company.

        :return: list of translated sentences
        """
        self.ensure_one()
        company = self.env.company
        warnings = []
        for role in self._roles():
            if not role._possible_holders(company):
                places = format_list(self.env, self._uses_of(role))
                warnings.append(
                    self.env._(
                        "Nobody holds the role “%(role)s” (needed for: %(places)s).",
                        role=role.name,
                        places=places,
                    )
                )
        calendar = self.calendar_id or company.resource_calendar_id
        if not calendar:
            warnings.append(
                self.env._(
                    "%s has no working hours: time limits count around the clock.",
                    company.name,
                )
            )
        silent = self.limit_ids.filtered(lambda limit: not limit.level_ids)
        if silent:
            names = format_list(self.env, silent.mapped("display_name"))
            warnings.append(
                self.env._(
                    "Nobody is told when these are due: %s. Add a reminder or an "
                    "escalation level.",
                    names,
                )
            )
        if (
            calendar and not calendar.sudo()._complaint_frame()[1]
        ):  # sudo: only whether there are hours
            warnings.append(
                self.env._(
                    "The schedule “%s” has no fixed working hours: time limits count "
                    "around the clock.",
                    calendar.name,
                )
            )
        return warnings

    def _roles(self):
        """All roles the policy asks for."""
        severities = self.severity_ids
        return (
            severities._roles()
            | self.approval_rule_ids.role_id
            | self.limit_ids.level_ids.role_id
            | self.limit_ids.doer_role_id
            | self.limit_ids.told_role_ids
            | self.department_role_id
            | self.ceiling_ids.exceed_role_id
            | self.ceiling_ids.exception_role_id
            | self.revisit_role_id
            | self.first_review_role_id
            | self.next_review_role_id
            | self.disposition_role_id
            | self.action_role_ids
            | self.verifier_role_id
            | self.effect_role_id
        )

    def _uses_of(self, role):
        uses = [
            rule.display_name
            for rule in self.approval_rule_ids.filtered(
                lambda rule: rule.role_id == role
            )
        ]
        for severity in self.severity_ids:
            if role in severity._roles():
                uses.append(self.env._("severity “%s”", severity.name))
        ceilings = self.ceiling_ids.filtered(
            lambda row: role in row.exceed_role_id | row.exception_role_id
        )
        if ceilings:
            uses.append(self.env._("going above ceilings (%s)", len(ceilings)))
        if (
            role
            in self.revisit_role_id
            | self.first_review_role_id
            | self.next_review_role_id
        ):
            uses.append(self.env._("revisits and reviews"))
        if role == self.disposition_role_id:
            uses.append(self.env._("what becomes of returned goods"))
        if role in self.action_role_ids | self.verifier_role_id | self.effect_role_id:
            uses.append(self.env._("measures"))
        if role == self.department_role_id:
            uses.append(self.env._("naming the lead department"))
        limits = self.limit_ids.filtered(
            lambda limit: (
                role
                in limit.level_ids.role_id | limit.doer_role_id | limit.told_role_ids
            )
        )
        if limits:
            uses.append(
                self.env._(
                    "time limits: %s",
                    format_list(self.env, limits.mapped("display_name")),
                )
            )
        return uses

    # === guards ===

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._with_versions(vals_list))

    def _with_versions(self, vals_list):
        """Values of a `create` with their versions: a further policy of a code is its
        next one. Versions are counted; only the flow chooses one.
        """
        counted = []
        for place, vals in enumerate(vals_list):
            code = vals.get("code")
            self._check_sensible({"code": code})  # it is searched for
            if not self.env.su or (code and not vals.get("version")):
                vals = {
                    **vals,
                    "version": self._next_version(code)
                    + sum(other.get("code") == code for other in vals_list[:place]),
                }
            counted.append(vals)
        return counted

    def write(self, vals):
        # order and being in force are no rules
        if vals.keys() - {"sequence", "active", "previous_id"}:
            self._check_changeable()
        return super().write(vals)

    def _check_changeable(self):
        if self.env.su and self.env.context.get("install_mode"):
            return  # updates of the addon bring new tables along
        used = self.filtered("in_use")
        if used:
            raise UserError(
                self.env._(
                    "Complaints are handled by “%s”: it cannot be changed any more. "
                    "Press “New version”, change that, and put it into force.",
                    used[0].display_name,
                )
            )

    @api.constrains(
        "first_review", "first_review_role_id", "next_review", "next_review_role_id"
    )
    def _check_reviews(self):
        for policy in self:
            for name in ("first_review", "next_review"):
                if policy[name] == "role" and not policy[f"{name}_role_id"]:
                    raise ValidationError(
                        self.env._(
                            "“%(policy)s”: choose the role for “%(field)s”.",
                            policy=policy.name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        for policy in self:
            if policy.calendar_id and not policy.calendar_id._complaint_frame()[1]:
                raise ValidationError(
                    self.env._(
                        "The schedule “%s” has no fixed working hours. Choose another "
                        "one for the policy.",
                        policy.calendar_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self._check_changeable()

    def unlink(self):
        severities = self.severity_ids
        later = (
            self.env["quality.complaint.severity"].search(
                [("group_id", "in", severities.ids)]
            )
            - severities
        )
        result = super().unlink()
        later._regroup()
        return result

    # === versions ===

    def copy(self, default=None):
        """A copy of the policy with its tables, whose rows refer to the severities of
        the copy.
        """
        # catalogues that are switched on with a policy are archived until then
        everything = self.with_context(active_test=False)
        copies = super(QualityComplaintPolicy, everything).copy(default)
        for policy, new in zip(everything, copies, strict=True):
            new._import_tables(policy._export_tables())
        return copies.with_env(self.env)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        default = default or {}
        for policy, vals in zip(self, vals_list, strict=True):
            vals["name"] = default.get("name", policy.name)
            vals["code"] = default.get("code", policy.code)
            vals["version"] = policy._next_version(vals["code"])
        return vals_list

    @api.model
    def _next_version(self, code):
        versions = self.with_context(active_test=False).search(
            [("code", "=", code)], order="version desc", limit=1
        )
        return versions.version + 1

    def action_new_version(self):
        """Copy the policy to change it; the copy is not in force yet."""
        self.ensure_one()
        self._check_manager()
        new = self.copy({"active": False})
        new._advance({"previous_id": self.id})
        return new._open()

    def action_put_into_force(self):
        """From now on new complaints of this company, or of all who used the previous
        version, follow this policy.

        Roles that nobody holds are reported; they do not stop it.
        """
        self.ensure_one()
        self._check_manager()
        if not self.severity_ids:
            raise UserError(
                self.env._(
                    "“%s” has no severities: nothing could be handled by it. Add at "
                    "least one.",
                    self.display_name,
                )
            )
        previous = self.previous_id
        # sudo: managers of complaints set the policy, also of companies and teams they
        # may not edit otherwise
        companies, teams = (
            self.env["res.company"].sudo(),
            self.env["quality.complaint.team"].sudo().with_context(active_test=False),
        )
        mine = self.env.user.company_ids
        using = [previous.id, *([False] if self._default_policy() == previous else [])]
        switched = (
            companies.search(
                [("complaint_policy_id", "in", using), ("id", "in", mine.ids)]
            )
            if previous
            else companies
        )
        switched |= self.env.company.sudo()  # sudo: as above
        self.active = True
        self._offer_catalogues()
        switched.complaint_policy_id = self
        if previous:
            teams.search(
                [
                    ("policy_id", "=", previous.id),
                    ("company_id", "in", [False, *mine.ids]),
                ]
            ).policy_id = self
            if not teams.search_count(
                [("policy_id", "=", previous.id)]
            ) and not companies.search_count([("complaint_policy_id", "in", using)]):
                previous.active = False
        drafts = (
            self.env["quality.complaint"]
            .sudo()
            .search([("state", "=", "new"), ("company_id", "in", switched.ids)])
        )  # sudo: as above
        drafts._compute_policy_id()
        drafts._compute_severity_id()
        drafts._refresh_deadlines()
        self.message_post(
            body=self.env._(
                "Put into force for: %s", format_list(self.env, switched.mapped("name"))
            )
        )
        warnings = self._get_warnings()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("%s is in force", self.display_name),
                "message": "\n".join(warnings)
                or self.env._("New complaints are handled by it."),
                "type": "warning" if warnings else "success",
                "sticky": bool(warnings),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _running_domain(self):
        """Open complaints of earlier versions of this policy."""
        earlier = self.with_context(active_test=False).search(
            [("code", "=", self.code), ("version", "<", self.version)]
        )
        return Domain("state", "not in", ("new", "closed", "cancelled")) & Domain(
            "policy_id", "in", earlier.ids
        )

    def action_move_running(self):
        """Let the running complaints of earlier versions follow this one from now on:
        severities by code, deadlines set anew.

        :raise UserError: a severity in use has no counterpart here
        """
        self.ensure_one()
        self._check_manager()
        complaints = self.env["quality.complaint"].search(self._running_domain())
        severities = {severity.code: severity for severity in self.severity_ids}
        lost = complaints.severity_id.filtered(
            lambda severity: severity.code not in severities
        )
        if lost:
            raise UserError(
                self.env._(
                    "“%(policy)s” has no severity with the code of: %(names)s. Add "
                    "it, or close their complaints first.",
                    policy=self.display_name,
                    names=format_list(self.env, lost.mapped("name")),
                )
            )
        for policy, moved in complaints.grouped("policy_id").items():
            for severity, graded in moved.grouped("severity_id").items():
                graded._advance(
                    {
                        "policy_id": self.id,
                        "severity_id": severities[severity.code].id
                        if severity
                        else False,
                    }
                )
            for complaint in moved:
                complaint.message_post(
                    body=self.env._(
                        "Handled by %(new)s from now on (before: %(old)s).",
                        new=self.display_name,
                        old=policy.display_name,
                    )
                )
        complaints._refresh_deadlines(moved=True)
        self.message_post(
            body=self.env._(
                "%s running complaints moved to this version.", len(complaints)
            )
        )
        return True

    def _check_manager(self):
        self.check_access("write")

    def _open(self):
        return self._get_records_action(name=self.display_name, context={})

    # === reading ===

    @api.model
    def _default_policy(self):
        """The policy of companies that chose none."""
        return self.search([], limit=1)

    def _form(self, code):
        """The policy's settings of a printed form, empty when it has none."""
        return self.form_ids.filtered(lambda form: form.code == code)[:1]
