from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import listed

# what belongs to the file once it is submitted
CARD = (
    "name", "kind", "partner_id", "product_id", "requirement", "proposal",
    "beyond_authority", "supplier_id", "date",
)  # fmt: skip
# what is recorded of the agreement afterwards
AGREEMENT = (
    "agreement", "customer_confirmed_by", "customer_confirmed_on",
    "supplier_confirmed_by", "supplier_confirmed_on",
)  # fmt: skip


class QualityComplaintCustomerRequirement(models.Model):
    """What a customer wants of a product: technical, delivery, support, by law. Beyond
    the salesperson's authority it is a customer registration card, which the head
    decides, and the general manager when the law is concerned; an agreement of three
    parties is confirmed by customer and supplier (003 4.1.1 to 4.1.4).
    """

    _name = "quality.complaint.customer.requirement"
    _description = "Customer Requirement"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.reachable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        index=True,
    )
    product_id = fields.Many2one(
        "product.product", check_company=True, index="btree_not_null"
    )
    kind = fields.Selection(
        [
            ("technical", "Technical"),
            ("delivery", "Delivery of the goods"),
            ("support", "Support"),
            ("legal", "By law"),
        ],
        required=True,
        default="technical",
        index=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    requirement = fields.Text(required=True, help="In the customer's words.")
    proposal = fields.Text(help="What we think of it: can we do it, at what price?")
    beyond_authority = fields.Boolean(
        "Beyond My Authority",
        compute="_compute_beyond_authority",
        store=True,
        readonly=False,
        help="Decided by the head; what the law asks, by the general manager.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    team_id = fields.Many2one("quality.complaint.team", check_company=True)
    user_id = fields.Many2one(
        "res.users",
        "Recorded By",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        fixed=True,
        index=True,
    )
    role_id = fields.Many2one(
        "quality.complaint.role",
        "Decided By Role",
        compute="_compute_role_id",
        compute_sudo=True,
    )
    state = fields.Selection(
        [
            ("draft", "Recorded"),
            ("submitted", "To decide"),
            ("approved", "Accepted"),
            ("refused", "Refused"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        guarded=True,
    )
    submitted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    decided_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    decision_note = fields.Text("Decision", readonly=True, copy=False, guarded=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")
    supplier_id = fields.Many2one(
        "res.partner",
        check_company=True,
        index="btree_not_null",
        help="Who has to be able to deliver it: an agreement of three parties.",
    )
    agreement = fields.Text(
        "What Was Agreed", copy=False, help="What all three accept."
    )
    customer_confirmed_by = fields.Char(copy=False)
    customer_confirmed_on = fields.Date(copy=False)
    supplier_confirmed_by = fields.Char(copy=False)
    supplier_confirmed_on = fields.Date(copy=False)
    agreement_state = fields.Selection(
        [("open", "To be confirmed"), ("confirmed", "Confirmed by both")],
        "Agreement",
        compute="_compute_agreement_state",
        store=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_customer_requirement_attachment_rel",
        string="Attachments",
        copy=False,
        bypass_search_access=True,
    )

    # === compute ===

    @api.depends("kind")
    def _compute_beyond_authority(self):
        for row in self:
            row.beyond_authority = row.beyond_authority or row.kind == "legal"

    @api.depends("kind", "beyond_authority", "company_id")
    def _compute_role_id(self):
        for row in self:
            company = row.company_id
            row.role_id = (
                (
                    company.complaint_legal_role_id
                    or self.env.ref("quality_complaint.role_general_manager")
                )
                if row.kind == "legal"
                else (
                    company.complaint_requirement_role_id
                    or self.env.ref("quality_complaint.role_head_or_management")
                )
                if row.beyond_authority
                else False
            )

    @api.depends("state", "role_id", "submitted_by_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for row in self:
            row.may_decide = (
                row.state == "submitted"
                and self.env.user != row.submitted_by_id
                and self.env.user in row.role_id._holders(row)
            )

    @api.depends(
        "supplier_id", "agreement", "customer_confirmed_on", "supplier_confirmed_on"
    )
    def _compute_agreement_state(self):
        for row in self:
            confirmed = row.customer_confirmed_on and row.supplier_confirmed_on
            row.agreement_state = row.supplier_id and (
                "confirmed" if confirmed and row.agreement else "open"
            )

    # === constraints, CRUD ===

    @api.constrains("kind", "beyond_authority")
    def _check_legal(self):
        for row in self:
            if row.kind == "legal" and not row.beyond_authority:
                raise ValidationError(
                    self.env._(
                        "“%s” is asked by law: the general manager decides it, leave "
                        "“Beyond My Authority” ticked.",
                        row.name,
                    )
                )

    @api.constrains(*AGREEMENT)
    def _check_confirmed(self):
        for row in self:
            for who in ("customer", "supplier"):
                by, on = row[f"{who}_confirmed_by"], row[f"{who}_confirmed_on"]
                if bool(by) != bool(on) or (on and row._is_blank("agreement")):
                    raise ValidationError(
                        self.env._(
                            "“%s”: a confirmation needs what was agreed, who confirmed "
                            "it, and when.",
                            row.name,
                        )
                    )

    def write(self, vals):
        self._lock_fields(
            vals, {*CARD}, self.filtered(lambda row: row.state != "draft")
        )
        self._lock_fields(
            vals,
            {*AGREEMENT},
            self.filtered(lambda row: row.agreement_state == "confirmed"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for row in self:
            if row.state != "draft":
                raise UserError(
                    self.env._("“%s” was submitted and stays in the file.", row.name)
                )

    # === the way through ===

    def action_submit(self):
        """Within their authority it is accepted at once; else its role decides."""
        for row in self:
            row.check_access("write")
            row._check_standing("draft")
            if not row.beyond_authority:
                row._decide("approved", False)
                continue
            holders = row._reachable(row.role_id._holders(row) - self.env.user)
            if not holders:
                raise UserError(
                    self.env._(
                        "Nobody else holds the role “%(role)s”, which decides "
                        "“%(card)s”. A complaint manager names somebody in "
                        "Configuration, Roles.",
                        role=row.role_id.name,
                        card=row.name,
                    )
                )
            row._advance({"state": "submitted", "submitted_by_id": self.env.uid})
            for user in holders:
                local = row.with_context(lang=user.lang or self.env.lang)
                local.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=local.env._("Decide on the customer's requirement"),
                )

    def action_ask_approve(self):
        return self._ask(self.env._("Accept"), "approve")

    def action_ask_refuse(self):
        return self._ask(self.env._("Refuse"), "refuse")

    def _ask(self, name, purpose):
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            name, purpose, requirement_id=self.id
        )

    def action_approve(self, reason):
        """Accepted by a holder of the role, never by whoever submitted it.

        :param str reason: under which conditions; mandatory
        """
        self._check_decision(reason)
        self._decide("approved", reason)

    def action_refuse(self, reason):
        """
        :param str reason: why it cannot be done; mandatory
        """
        self._check_decision(reason)
        self._decide("refused", reason)

    def _check_decision(self, reason):
        for row in self:
            row.check_access("read")
            row._check_standing("submitted")
            row._check_reason(reason)
            if not row.may_decide:
                raise UserError(
                    self.env._(
                        "“%(card)s” is decided by: %(users)s; nobody decides what they "
                        "submitted.",
                        card=row.name,
                        users=listed(
                            self.env.lang, row.role_id._holders(row).mapped("name")
                        )
                        or row.role_id.name,
                    )
                )

    def _decide(self, state, reason):
        # sudo: who decides need not be allowed to change it; others' to-dos end
        rows = self.sudo()
        rows._advance(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "decision_note": reason,
            }
        )
        rows.activity_ids.unlink()
