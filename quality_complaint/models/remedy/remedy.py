from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

LIVE_STATES = ("to_approve", "approved", "executing", "done")
# Decided when planning; afterwards what is approved must be what is executed.
PLAN_FIELDS = {"kind", "goods", "when", "settlement"}
DONE_STATES = ("done", "refused", "cancelled")
# decide what becomes of the goods complained of; together never more than was delivered
OUTCOME_KINDS = ("refund", "replacement", "repair")
# send goods to the customer
SHIP_KINDS = ("replacement", "repair", "product_compensation")
# give goods away, without an invoice
FREE_KINDS = ("replacement", "product_compensation")
# end in a credit note
CREDIT_KINDS = ("refund", "credit", "cash_compensation")

from ...tools import listed


class QualityComplaintRemedy(models.Model):
    """A measure towards the customer: planned, approved, executed once, done when its
    documents are.

    The flow is in `remedy/flow.py`; documents: returns in `…_return.py`, goods sent in
    `…_shipment.py`, credit notes in
    `…_credit.py`, compensation in money in `…_compensation.py`; ceilings in
    `…_ceiling.py`, who pays in `…_bearer.py`.
    """

    _name = "quality.complaint.remedy"
    _description = "Complaint Remedy"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.due",
        "mail.thread",
    ]
    _order = "complaint_id, id"
    _rec_name = "description"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade", fixed=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="complaint_id.partner_id",
        string="Customer",
        store=True,
        index="btree_not_null",
    )
    round = fields.Integer(default=1, readonly=True)
    kind = fields.Selection(
        [
            ("return", "Return for inspection"),
            ("refund", "Refund"),
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("credit", "Price reduction"),
            ("product_compensation", "Compensation in goods"),
            ("cash_compensation", "Compensation in money"),
            ("support", "Technical support"),
            ("explanation", "Explanation only"),
        ],
        required=True,
        default="refund",
        tracking=True,
        help="Return for inspection: goods come back, nothing is promised. Refund: the "
        "price paid is credited. Replacement: the same goods "
        "again. Repair: the goods come back, are repaired and go to the customer "
        "again. Price reduction: the goods stay with the customer. "
        "Compensation: something on top, in goods or in money. Explanation: the reply "
        "is the remedy.",
    )
    goods = fields.Selection(
        [("return_first", "Come back"), ("keep", "Stay with the customer")],
        compute="_compute_goods",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    when = fields.Selection(
        [("on_receipt", "When the goods are received"), ("on_approval", "At once")],
        "Carried Out",
        compute="_compute_when",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help=(
            "When the credit note is drafted or the replacement is sent; on receipt "
            "it follows what was received."
        ),
    )
    settlement = fields.Selection(
        [("offset", "Against the invoice"), ("payout", "Paid out")],
        default="offset",
        required=True,
        help=(
            "Against the invoice: reduces what the customer owes. Paid out: stays "
            "open for a payment to the customer."
        ),
    )
    freight_cost = fields.Monetary(
        "Freight",
        help=(
            "What bringing back and sending cost us, in the company's currency, where "
            "no delivery order says so."
        ),
    )
    line_ids = fields.One2many(
        "quality.complaint.remedy.line", "remedy_id", "Lines", copy=True
    )
    note = fields.Char(
        "Reason", help="Why this remedy, for whoever approves and whoever books it."
    )
    instruction = fields.Char(
        help=(
            "Shown to the warehouse on the receipt and printed on the return slip: "
            "packing, what to look for."
        )
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To approve"),
            ("approved", "Approved"),
            ("executing", "Executing"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guarded=True,
    )
    executed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    failure = fields.Text(
        readonly=True,
        copy=False,
        help=(
            "Why a document could not be made; it is tried again by a scheduled action."
        ),
        guarded=True,
    )
    accepted_as_booked = fields.Boolean(
        readonly=True,
        copy=False,
        help="Ended with what is booked, although it differs from the plan.",
        guarded=True,
    )
    description = fields.Char(compute="_compute_description", compute_sudo=True)
    picking_ids = fields.Many2many(
        "stock.picking",
        compute="_compute_documents",
        compute_sudo=True,
        string="Transfers",
    )
    sale_ids = fields.Many2many(
        "sale.order",
        compute="_compute_documents",
        compute_sudo=True,
        string="Free Orders",
    )
    credit_note_ids = fields.Many2many(
        "account.move",
        compute="_compute_documents",
        compute_sudo=True,
        string="Credit Notes",
    )
    progress = fields.Char(
        compute="_compute_documents",
        compute_sudo=True,
        help="How far the documents are.",
    )
    amount = fields.Monetary(
        "Amount Untaxed",
        currency_field="document_currency_id",
        compute="_compute_amount",
        compute_sudo=True,
        help="In the currency of the invoice; in the company's when the lines have "
        "several.",
    )
    document_currency_id = fields.Many2one(
        "res.currency", compute="_compute_amount", compute_sudo=True
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        compute="_compute_amount_company",
        compute_sudo=True,
        help="Untaxed amount of the lines in the company's currency.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === compute ===

    @api.depends("kind")
    def _compute_goods(self):
        for remedy in self:
            remedy.goods = (
                "return_first" if remedy.kind in ("return", *OUTCOME_KINDS) else "keep"
            )

    @api.depends("kind", "goods")
    def _compute_when(self):
        for remedy in self:
            remedy.when = (
                "on_receipt" if remedy.goods == "return_first" else "on_approval"
            )

    @api.depends(
        "kind",
        "line_ids.quantity",
        "line_ids.amount",
        "line_ids.complaint_line_id.product_id",
        "line_ids.complaint_line_id.lot_id",
        "line_ids.product_id",
        "line_ids.item_id",
        "note",
    )
    @api.depends_context("lang")
    def _compute_description(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self:
            parts = (
                [line._in_words() for line in remedy.line_ids]
                if not remedy._without_lines()
                else []
            )
            said = listed(self.env.lang, parts, ";") or remedy.note
            remedy.description = listed(
                self.env.lang, (kinds.get(remedy.kind), said), ":"
            )

    @api.depends(
        "line_ids.move_ids.state",
        "line_ids.move_ids.quantity",
        "line_ids.account_line_ids.parent_state",
        "line_ids.account_line_ids.quantity",
        "line_ids.sale_line_ids.state",
        "state",
        "line_ids.accepted_lot_ids",
        "line_ids.complaint_line_id.invoice_line_id.parent_state",
    )
    @api.depends_context("lang")
    def _compute_documents(self):
        for remedy in self:
            remedy.picking_ids = remedy.line_ids.move_ids.picking_id
            remedy.sale_ids = remedy.line_ids.sale_line_ids.order_id
            remedy.credit_note_ids = remedy.line_ids.account_line_ids.move_id
            named = [
                (document.name, document)
                for document in [*remedy.sale_ids, *remedy.picking_ids]
            ] + [
                (
                    note.name
                    if note.name and note.name != "/"
                    else self.env._("Credit note"),
                    note,
                )
                for note in remedy.credit_note_ids
            ]
            texts = [
                listed(self.env.lang, (name, self._document_status(document)), ":")
                for name, document in named
            ]
            remedy.progress = (
                listed(self.env.lang, texts + remedy._waiting_texts(), ",") or False
            )

    @api.model
    def _document_status(self, document):
        """Status of a linked document in the user's words."""
        return dict(document._fields["state"]._description_selection(self.env))[
            document.state
        ]

    @api.depends("line_ids.amount")
    def _compute_amount_company(self):
        for remedy in self:
            day = fields.Date.context_today(remedy)
            remedy.amount_company = sum(
                line.currency_id._convert(
                    line.amount, remedy.currency_id, remedy.company_id, day
                )
                if line.currency_id
                else line.amount
                for line in remedy.line_ids
            )

    @api.depends("amount_company", "line_ids.currency_id")
    def _compute_amount(self):
        for remedy in self:
            paid = remedy.line_ids.filtered("amount")
            currency = paid.currency_id
            one = len(currency) == 1
            remedy.document_currency_id = currency if one else remedy.currency_id
            remedy.amount = sum(paid.mapped("amount")) if one else remedy.amount_company

    @api.onchange("kind")
    def _onchange_kind(self):
        """An amount is never taken over from another kind: what is given is decided
        anew.
        """
        if self.kind in ("credit", "cash_compensation"):
            for line in self.line_ids:
                line.amount = line.percent = 0.0

    def _open_documents(self):
        """Linked documents that are not finished (orders not confirmed, transfers not
        done, credit notes not posted).
        """
        self.ensure_one()
        # sudo: number and status of documents are shown to people who may not open them
        remedy = self.sudo()
        pickings = remedy.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        notes = remedy.credit_note_ids.filtered(lambda note: note.state == "draft")
        orders = remedy.sale_ids.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        return [*orders, *pickings, *notes]

    # === what a kind means ===

    def _needs_goods(self):
        self.ensure_one()
        return self.kind == "return" or (
            self.kind in OUTCOME_KINDS and self.goods == "return_first"
        )

    def _credits(self):
        """Whether it ends in a credit note: the customer gets money or owes less."""
        self.ensure_one()
        return self.kind in CREDIT_KINDS

    def _ships(self):
        self.ensure_one()
        return self.kind in SHIP_KINDS and not self._by_hand()

    def _by_hand(self):
        """Whether a person says when it is done: support, or a repair at the customer's
        place.
        """
        self.ensure_one()
        return self.kind == "support" or (
            self.kind == "repair" and self.goods == "keep"
        )

    def _without_lines(self):
        self.ensure_one()
        return self.kind in ("explanation", "support")

    # === CRUD ===

    @api.model
    def default_get(self, fields):
        """A remedy planned from a complaint starts with everything complained of; lines
        not concerned are removed.
        """
        defaults = super().default_get(fields)
        complaint = self.env["quality.complaint"].browse(
            defaults.get("complaint_id") or self.env.context.get("default_complaint_id")
        )
        if "line_ids" in fields and complaint and "line_ids" not in defaults:
            defaults["line_ids"] = [
                Command.create({"complaint_line_id": line.id})
                for line in complaint.line_ids
            ] or [Command.create({})]
        if "kind" in fields and complaint and not self.env.context.get("default_kind"):
            defaults["kind"] = complaint._proposed_kind()
        return defaults

    def _live(self):
        """Those that were decided or wait for it: submitted, and neither refused nor
        cancelled.
        """
        return self.filtered(lambda remedy: remedy.state in LIVE_STATES)

    def _check_plan_open(self, vals):
        if PLAN_FIELDS & vals.keys():
            self._check_editable()

    def _check_editable(self):
        for remedy in self:
            if remedy.state not in ("draft", "refused"):
                raise UserError(
                    self.env._(
                        "“%s” is submitted already; what is approved cannot be "
                        "changed. Cancel it and plan another one.",
                        remedy.description,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for remedy in self:
            if remedy.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” belongs to the file and cannot be deleted. Cancel it "
                        "instead.",
                        remedy.description,
                    )
                )

    # === opening ===

    def action_view_pickings(self):
        return self._view_documents(self.picking_ids, self.env._("Transfers"))

    def action_view_sales(self):
        return self._view_documents(self.sale_ids, self.env._("Free Orders"))

    def action_view_credit_notes(self):
        return self._view_documents(self.credit_note_ids, self.env._("Credit Notes"))

    def _view_documents(self, documents, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": documents._name,
            "context": {"create": False},
        }
        if len(documents) == 1:
            return {**action, "view_mode": "form", "res_id": documents.id}
        return {
            **action,
            "view_mode": "list,form",
            "domain": [("id", "in", documents.ids)],
        }

    def action_link_document(self):
        """Adopt a return or credit note made by hand: choose it in a dialog."""
        self.ensure_one()
        self.check_access("write")
        return self.env["quality.complaint.link.document"]._get_records_action(
            name=self.env._("Link a Document"),
            target="new",
            context={"default_remedy_id": self.id},
        )
