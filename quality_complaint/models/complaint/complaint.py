from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import listed

STATES = [
    ("new", "New"),
    ("registered", "Registered"),
    ("investigating", "Investigating"),
    ("planning", "Planning"),
    ("executing", "Executing"),
    ("replied", "Replied"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]


class QualityComplaint(models.Model):
    """One customer's statement that a delivered product or service fails; also other
    feedback, by its type.

    The life cycle is in `complaint/lifecycle.py`, matching with documents in
    `complaint/matching.py`,
    milestones in `deadline/complaint_steps.py`, time limits in
    `deadline/complaint_deadlines.py`, severity in
    `complaint/grading.py`.
    """

    _name = "quality.complaint"
    _description = "Complaint"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.reachable",
        "quality.complaint.numbered",
        "quality.complaint.tables",
        "quality.complaint.page",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "received_on desc, id desc"
    _tables_computed_from = ("deadline_ids",)
    _rec_names_search = [
        "name",
        "handling_number",
        "customer_ref",
        "partner_id.name",
        "lot_id.name",
    ]
    _check_company_auto = True
    _primary_email = "email"

    # --- identity
    name = fields.Char(
        "Complaint No.",
        readonly=True,
        copy=False,
        index="trigram",
        help="Given on registration; never reused.",
        guarded=True,
    )
    state = fields.Selection(
        STATES,
        "Status",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand="_group_expand_state",
        guarded=True,
    )
    round = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="1, then one more for every reopening.",
        guarded=True,
    )
    type_id = fields.Many2one(
        "quality.complaint.type",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_type(),
        tracking=True,
    )
    uses_severity = fields.Boolean(related="type_id.uses_severity")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)

    # --- customer
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        check_company=True,
        index=True,
        tracking=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        index=True,
    )
    email = fields.Char(
        "E-mail", compute="_compute_contact", store=True, readonly=False
    )
    phone = fields.Char(compute="_compute_contact", store=True, readonly=False)
    complainant = fields.Char(
        help=(
            "Who complains, if not the customer themselves: e.g. the end consumer of "
            "goods sold to a distributor."
        )
    )
    customer_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Written To In",
        help="Language of letters to who complains; empty: that of the customer.",
    )
    customer_ref = fields.Char("Customer's Complaint No.", index="trigram")
    customer_due_on = fields.Datetime(
        "Customer Wants Answer By",
        index="btree_not_null",
        tracking=True,
        help="When the customer asks to have the answer.",
    )

    # --- receipt and people
    channel_id = fields.Many2one(
        "quality.complaint.channel",
        ondelete="restrict",
        default=lambda self: self._default_channel(),
        tracking=True,
    )
    received_on = fields.Datetime(
        default=fields.Datetime.now,
        required=True,
        copy=False,
        index=True,
        help="When the complaint reached us; the clocks start here.",
    )
    reported_by_id = fields.Many2one(
        "res.users",
        "Recorded By",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        tracking=True,
        index=True,
        domain="[('share', '=', False)]",
        copy=False,
    )
    team_id = fields.Many2one(
        "quality.complaint.team",
        check_company=True,
        index=True,
        default=lambda self: self._default_team(),
    )
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=True,
        precompute=True,
        ondelete="restrict",
        copy=False,
        index=True,
        help=(
            "The rules this complaint is handled by; it keeps the version it started "
            "with."
        ),
    )

    # --- severity
    trigger_ids = fields.Many2many(
        "quality.complaint.trigger",
        string="Circumstances",
        help="What may make it serious: injury, media, lawyer, several lots …",
    )
    serious_event = fields.Selection(
        [("unknown", "Not asked yet"), ("no", "No"), ("yes", "Yes")],
        "Serious Injury or Death",
        default="unknown",
        tracking=True,
        copy=False,
        groups="quality_complaint.group_quality_complaint_user",
        help="The customer's answer to whether a serious injury or death happened.",
    )
    serious_event_note = fields.Text(
        "Answer on Injury",
        groups="quality_complaint.group_quality_complaint_user",
        help="Who was asked, when, and what was answered.",
    )
    asks_serious_event = fields.Boolean(related="policy_id.ask_serious_event")

    # --- content
    description = fields.Text(
        "What Happened",
        tracking=True,
        index="trigram",
    )
    usage_scene = fields.Char("Use", help="In which use the trouble showed.")
    found_at = fields.Selection(
        [
            ("incoming", "Incoming inspection"),
            ("production", "Production"),
            ("field", "In the field"),
        ]
    )
    loss_amount = fields.Monetary(
        "Loss of the Customer",
        help="What the trouble costs the customer, in the company's currency.",
    )
    demand = fields.Selection(
        [
            ("repair", "Repair"),
            ("replacement", "Replacement"),
            ("return", "Return and refund"),
            ("reduction", "Price reduction"),
            ("compensation", "Compensation"),
            ("other", "Other"),
        ],
        "Customer Asks For",
    )
    demand_note = fields.Char("Demand in Words")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_attachment_rel",
        string="Photos and Documents",
        copy=False,
        bypass_search_access=True,
    )
    cover_attachment_id = fields.Many2one(
        "ir.attachment", compute="_compute_cover", string="Cover Photo"
    )
    internal_note = fields.Html(
        groups="quality_complaint.group_quality_complaint_user",
        help="For us only: never printed for or sent to the customer.",
    )

    # --- what is complained of
    line_ids = fields.One2many(
        "quality.complaint.line", "complaint_id", "Products Complained Of", copy=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_main_line",
        store=True,
        index="btree_not_null",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        compute="_compute_main_line",
        store=True,
        index="btree_not_null",
    )
    defect_id = fields.Many2one(
        "quality.complaint.defect",
        compute="_compute_main_line",
        store=True,
        index="btree_not_null",
    )
    parent_id = fields.Many2one(
        "quality.complaint",
        "Batch Case",
        index="btree_not_null",
        check_company=True,
        readonly=True,
        ondelete="restrict",
        copy=False,
    )
    child_ids = fields.One2many(
        "quality.complaint", "parent_id", "Complaints of the Case"
    )
    is_batch = fields.Boolean(
        "Is a Batch Case",
        readonly=True,
        copy=False,
        help="Holds the shared investigation of several customers' complaints.",
    )

    # --- judgement
    validity = fields.Selection(
        [
            ("unknown", "Not judged yet"),
            ("valid", "Valid: our quality problem"),
            ("invalid", "Not valid"),
        ],
        default="unknown",
        required=True,
        tracking=True,
        copy=False,
    )
    validity_reason = fields.Text(
        copy=False, help="Why; for a complaint that is not valid: the evidence."
    )
    cause_id = fields.Many2one(
        "quality.complaint.cause",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    responsible_id = fields.Many2one(
        "quality.complaint.responsible",
        "Responsible Party",
        tracking=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        copy=False,
    )
    root_cause = fields.Text(
        "Why It Occurred", copy=False, help="The root cause of the trouble."
    )

    # --- the work
    investigation_ids = fields.One2many(
        "quality.complaint.investigation", "complaint_id", "Investigations"
    )
    approval_ids = fields.One2many(
        "quality.complaint.approval", "complaint_id", "Approvals"
    )
    reply_ids = fields.One2many("quality.complaint.reply", "complaint_id", "Replies")
    remedy_ids = fields.One2many("quality.complaint.remedy", "complaint_id", "Remedies")
    inspection_ids = fields.One2many(
        "quality.complaint.inspection", "complaint_id", "Inspections"
    )
    first_assessment = fields.Text(
        copy=False,
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "What whoever received it thinks of it at first: how serious, whether it "
            "is a single case, who has to look into it."
        ),
    )
    meeting_minutes = fields.Text(
        "Minutes of the Meeting",
        copy=False,
        groups="quality_complaint.group_quality_complaint_user",
        help="Who met when about the complaint, and what they decided.",
    )
    internal_check = fields.Text(
        copy=False,
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "Where the service or the control of goods of our own departments failed, "
            "who puts it right, and what the re-test of the goods showed (R4)."
        ),
    )
    action_ids = fields.One2many("quality.complaint.action", "complaint_id", "Actions")
    revisit_ids = fields.One2many(
        "quality.complaint.revisit", "complaint_id", "Revisits"
    )

    # --- results
    cancel_kind = fields.Selection(
        [
            ("withdrawn", "Withdrawn by the customer"),
            ("duplicate", "Duplicate"),
            ("mistake", "Entered by mistake"),
        ],
        "Cancelled Because",
        readonly=True,
        copy=False,
        guarded=True,
    )
    cancel_reason = fields.Text(readonly=True, copy=False, guarded=True)
    duplicate_of_id = fields.Many2one(
        "quality.complaint",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        guarded=True,
    )
    satisfaction = fields.Float(
        compute="_compute_satisfaction",
        store=True,
        aggregator="avg",
        help="Score of the last revisit, 0 to 100.",
    )
    rated = fields.Boolean(
        "Customer Has Rated", compute="_compute_satisfaction", store=True
    )
    registered_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    replied_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    closed_on = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null", guarded=True
    )
    retain_until = fields.Date(
        "Keep Until",
        compute="_compute_retain_until",
        store=True,
        help="The file must be kept until this day.",
    )
    days_open = fields.Integer(
        compute="_compute_days_open",
        help="Days from receipt to closing, or until today.",
    )

    _open_idx = models.Index(
        "(company_id, state, received_on) WHERE state NOT IN ('closed', 'cancelled')"
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This complaint number exists already.",
    )
    _without_goods_idx = models.Index(
        "(company_id, received_on) WHERE product_id IS NULL"
    )
    _number_idx = models.Index(
        "(company_id, length(name), name) WHERE name IS NOT NULL"
    )

    # === defaults ===

    @api.model
    def _default_type(self):
        return self.env["quality.complaint.type"].search([], limit=1)

    @api.model
    def _default_channel(self):
        return self.env["quality.complaint.channel"].search([], limit=1)

    @api.model
    def _default_team(self):
        # sudo: an employee recording a complaint cannot read teams, their complaint
        # still goes to one
        teams = (
            self.env["quality.complaint.team"]
            .sudo()
            .search([("company_id", "in", [False, self.env.company.id])])
        )
        own = teams.filtered(
            lambda team: self.env.user in team.member_ids | team.leader_id
        )
        return (own or teams)[:1].sudo(False)

    # === compute ===

    @api.depends("partner_id")
    def _compute_contact(self):
        for complaint in self:
            complaint.email = complaint.partner_id.email or complaint.email
            complaint.phone = complaint.partner_id.phone or complaint.phone

    @api.depends("team_id", "company_id")
    def _compute_policy_id(self):
        for complaint in self:
            # the version it started with stays: only drafts follow the team or company
            if complaint.state == "new" or not complaint.policy_id:
                complaint.policy_id = (
                    complaint.team_id.policy_id
                    or complaint.company_id._complaint_policy()
                )

    @api.depends("line_ids.product_id", "line_ids.lot_id", "line_ids.defect_id")
    def _compute_main_line(self):
        for complaint in self:
            line = complaint.line_ids[:1]
            complaint.product_id = line.product_id
            complaint.lot_id = line.lot_id
            complaint.defect_id = line.defect_id

    @api.depends("attachment_ids")
    def _compute_cover(self):
        for complaint in self:
            complaint.cover_attachment_id = complaint.attachment_ids.filtered(
                lambda file: (file.mimetype or "").startswith("image/")
            )[:1]

    @api.depends("revisit_ids.score", "revisit_ids.result")
    def _compute_satisfaction(self):
        for complaint in self:
            done = complaint.revisit_ids.filtered(
                lambda revisit: revisit.result in ("satisfied", "unsatisfied")
            )
            complaint.satisfaction = done.sorted("done_on")[-1:].score
            complaint.rated = bool(done)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "satisfaction:avg":
            # who was not asked, or not reached, is no customer with 0 points
            rated = self._field_to_sql(self._table, "rated", query)
            return SQL(
                "AVG(CASE WHEN %s THEN %s END)",
                rated,
                self._field_to_sql(self._table, "satisfaction", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("received_on", "closed_on")
    def _compute_days_open(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.days_open = (
                (complaint.closed_on or now) - (complaint.received_on or now)
            ).days

    @api.depends("name", "partner_id.name", "product_id.name")
    def _compute_display_name(self):
        for complaint in self:
            complaint.display_name = complaint.name or self.env._("New complaint")

    @api.model
    def _search_display_name(self, operator, value):
        """By number first: of the other fields only what fits no number is looked for,
        an index cannot serve all of them at once.
        """
        if operator in ("ilike", "like", "=") and value and isinstance(value, str):
            by_number = Domain("name", operator, value)
            if self.search_count(by_number, limit=1):
                return by_number
        return super()._search_display_name(operator, value)

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns in the order of the work: also empty ones for whoever moves cases,
        but the finished ones; of an employee those their cases are in.
        """
        moves = self.env.user.has_group(
            "quality_complaint.group_quality_complaint_user"
        )
        return [
            state
            for state, _label in STATES
            if state in states or (moves and state not in ("closed", "cancelled"))
        ]

    # === constraints ===

    @api.constrains("received_on")
    def _check_received_on(self):
        # a minute of grace: clocks of browser and server differ
        latest = fields.Datetime.now() + timedelta(minutes=1)
        for complaint in self:
            if complaint.received_on > latest:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s cannot have been received in the future "
                        "(%(date)s). Correct “Received on”.",
                        complaint=complaint.display_name,
                        date=fields.Datetime.to_string(
                            fields.Datetime.context_timestamp(
                                complaint, complaint.received_on
                            )
                        ),
                    )
                )

    @api.constrains("loss_amount")
    def _check_loss_amount(self):
        for complaint in self:
            if complaint.currency_id.compare_amounts(complaint.loss_amount, 0.0) < 0:
                raise ValidationError(
                    self.env._(
                        "The customer's loss on %s cannot be negative.",
                        complaint.display_name,
                    )
                )

    @api.constrains("serious_event", "serious_event_note")
    def _check_serious_event(self):
        for complaint in self:
            if complaint.serious_event == "yes" and not complaint.serious_event_note:
                raise ValidationError(
                    self.env._(
                        "%s: write down the customer's answer on the serious injury "
                        "or death.",
                        complaint.display_name,
                    )
                )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A complaint cannot be part of itself."))

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_only_own_drafts(self):
        for complaint in self:
            if complaint.name or complaint.state != "new":
                raise UserError(
                    self.env._(
                        "%s is registered and cannot be deleted. Cancel it with a "
                        "reason instead.",
                        complaint.display_name,
                    )
                )
            if complaint.reported_by_id != self.env.user and not self.env.su:
                raise UserError(
                    self.env._(
                        "Only %(author)s can delete this draft, who recorded it.",
                        author=complaint.reported_by_id.name,
                    )
                )

    # === helpers ===

    def _case(self):
        return self

    def _claim(self):
        """Let nobody else take the same step of these complaints until this transaction
        ends.

        :raise UserError: somebody else is at it
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %s at this moment. Look again in a "
                    "few seconds.",
                    listed(self.env.lang, self.mapped("display_name")),
                )
            ) from error

    def _customer_lang(self):
        """Language code to write to the customer in."""
        self.ensure_one()
        return self.customer_lang or self.partner_id.lang or self.env.lang or "en_US"

    def _check_registered(self, vals):
        """
        :raise UserError: facts that the file rests on are not changed any more
        """
        registered = self.filtered("name")
        self._lock_fields(vals, {"company_id", "active", "received_on"}, registered)
        self._lock_fields(
            vals,
            {"type_id"},
            registered.filtered(lambda complaint: complaint.state != "registered"),
        )

    def _stamp_assigned(self):
        self.filtered(
            lambda complaint: complaint.state not in ("new", "closed", "cancelled")
        )._reach("assigned")
