from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from .quality_complaint_approval import PLAN_SUBJECTS

LIVE_STATES = ("to_approve", "approved", "executing", "done")
# Decided when planning; afterwards what is approved must be what is executed.
PLAN_FIELDS = {"kind", "goods", "when", "settlement"}
DONE_STATES = ("done", "refused", "cancelled")


class QualityComplaintRemedy(models.Model):
    """A measure towards the customer: planned, approved, executed once, done when its documents are.

    Quantities and coverage are in `quality_complaint_remedy_line.py`, returns in `quality_complaint_remedy_return.py`,
    credit notes in `quality_complaint_remedy_credit.py`.
    """

    _name = "quality.complaint.remedy"
    _description = "Complaint Remedy"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "complaint_id, id"
    _rec_name = "description"
    _guarded = frozenset({"state", "executed_on", "failure", "accepted_as_booked", "imbalance_told", "imbalance_accepted"})
    _fixed = frozenset({"complaint_id"})

    complaint_id = fields.Many2one("quality.complaint", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer", store=True)
    round = fields.Integer(default=1, readonly=True)
    kind = fields.Selection(
        [
            ("return", "Return for inspection"),
            ("refund", "Refund"),
            ("credit", "Price reduction"),
            ("explanation", "Explanation only"),
        ],
        required=True,
        default="refund",
        tracking=True,
        help="Return for inspection: goods come back, nothing is promised. Refund: the price paid is credited. "
        "Price reduction: the goods stay with the customer. Explanation: the reply is the remedy.",
    )
    goods = fields.Selection(
        [("return_first", "Come back"), ("keep", "Stay with the customer")],
        compute="_compute_goods", store=True, readonly=False, precompute=True, required=True,
    )
    when = fields.Selection(
        [("on_receipt", "When the goods are received"), ("on_approval", "At once")],
        "Credit", compute="_compute_when", store=True, readonly=False, precompute=True, required=True,
        help="When the credit note is drafted; on receipt it follows what was received.",
    )
    settlement = fields.Selection(
        [("offset", "Against the invoice"), ("payout", "Paid out")],
        default="offset",
        required=True,
        help="Against the invoice: reduces what the customer owes. Paid out: stays open for a payment to the customer.",
    )
    line_ids = fields.One2many("quality.complaint.remedy.line", "remedy_id", "Lines", copy=True)
    note = fields.Char("Reason", help="Why this remedy, for whoever approves and whoever books it.")
    instruction = fields.Char(help="Shown to the warehouse on the receipt: what to look for.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To approve"),
            ("approved", "Approved"),
            ("executing", "Executing"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ], "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    executed_on = fields.Datetime(readonly=True, copy=False)
    failure = fields.Text(readonly=True, copy=False, help="Why a document could not be made; it is tried again by a scheduled action.")
    accepted_as_booked = fields.Boolean(readonly=True, copy=False, help="Ended with what is booked, although it differs from the plan.")
    description = fields.Char(compute="_compute_description", compute_sudo=True)
    picking_ids = fields.Many2many("stock.picking", compute="_compute_documents", compute_sudo=True, string="Returns")
    credit_note_ids = fields.Many2many("account.move", compute="_compute_documents", compute_sudo=True, string="Credit Notes")
    progress = fields.Char(compute="_compute_documents", compute_sudo=True, help="How far the documents are.")
    amount_company = fields.Monetary(
        "Amount", compute="_compute_amount_company", compute_sudo=True, help="Untaxed amount of the lines in the company's currency."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === compute ===

    @api.depends("kind")
    def _compute_goods(self):
        for remedy in self:
            remedy.goods = "return_first" if remedy.kind in ("return", "refund") else "keep"

    @api.depends("kind", "goods")
    def _compute_when(self):
        for remedy in self:
            remedy.when = "on_receipt" if remedy.goods == "return_first" else "on_approval"

    @api.depends("kind", "line_ids.quantity", "line_ids.amount", "line_ids.complaint_line_id.product_id", "line_ids.complaint_line_id.lot_id", "note")
    @api.depends_context("lang")
    def _compute_description(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self:
            parts = [line._in_words() for line in remedy.line_ids] if remedy.kind != "explanation" else []
            remedy.description = ": ".join(filter(None, [kinds.get(remedy.kind), "; ".join(parts) or remedy.note]))

    @api.depends("line_ids.move_ids.state", "line_ids.move_ids.quantity", "line_ids.account_line_ids.parent_state", "line_ids.account_line_ids.quantity")
    @api.depends_context("lang")
    def _compute_documents(self):
        for remedy in self:
            remedy.picking_ids = remedy.line_ids.move_ids.picking_id
            remedy.credit_note_ids = remedy.line_ids.account_line_ids.move_id
            texts = [f"{picking.name}: {self._document_status(picking)}" for picking in remedy.picking_ids]
            texts += [
                f"{note.name if note.name and note.name != '/' else self.env._('Credit note')}: {self._document_status(note)}"
                for note in remedy.credit_note_ids
            ]
            remedy.progress = ", ".join(texts) or False

    @api.model
    def _document_status(self, document):
        """Status of a linked document in the user's words."""
        return dict(document._fields["state"]._description_selection(self.env))[document.state]

    @api.depends("line_ids.amount")
    def _compute_amount_company(self):
        for remedy in self:
            day = fields.Date.context_today(remedy)
            remedy.amount_company = sum(
                line.currency_id._convert(line.amount, remedy.currency_id, remedy.company_id, day) if line.currency_id else line.amount
                for line in remedy.line_ids
            )

    def _open_documents(self):
        """Linked documents that are not finished (returns not done, credit notes not posted)."""
        self.ensure_one()
        remedy = self.sudo()  # sudo: number and status of documents are shown to people who may not open them
        pickings = remedy.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        notes = remedy.credit_note_ids.filtered(lambda note: note.state == "draft")
        return [*pickings, *notes]

    # === CRUD ===

    @api.model
    def default_get(self, fields):
        """A remedy planned from a complaint starts with everything complained of; lines not concerned are removed."""
        defaults = super().default_get(fields)
        complaint = self.env["quality.complaint"].browse(defaults.get("complaint_id") or self.env.context.get("default_complaint_id"))
        if "line_ids" in fields and complaint and "line_ids" not in defaults:
            defaults["line_ids"] = [Command.create({"complaint_line_id": line.id}) for line in complaint.line_ids]
        return defaults

    def write(self, vals):
        if PLAN_FIELDS & vals.keys():
            self._check_editable()
        return super().write(vals)

    def _check_editable(self):
        for remedy in self:
            if remedy.state not in ("draft", "refused"):
                raise UserError(
                    self.env._("“%s” is submitted already; what is approved cannot be changed. Cancel it and plan another one.", remedy.description)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for remedy in self:
            if remedy.state != "draft":
                raise UserError(self.env._("“%s” belongs to the file and cannot be deleted. Cancel it instead.", remedy.description))

    # === flow ===

    def action_submit(self):
        """Draft → to approve, after checking that it can be carried out; a mere return needs no approval."""
        self.check_access("write")
        for remedy in self:
            if remedy.state not in ("draft", "refused"):
                raise UserError(self.env._("“%s” is submitted already.", remedy.description))
            if remedy.complaint_id.state in ("new", "closed", "cancelled"):
                raise UserError(self.env._("Remedies belong to a registered, open complaint; %s is not.", remedy.complaint_id.display_name))
            complaint = remedy.complaint_id
            if remedy.kind != "return" and complaint.approval_ids.filtered(lambda a: a.subject in PLAN_SUBJECTS and a.state == "pending"):
                raise UserError(self.env._("A plan of %s is waiting for approval; submit this remedy when it is decided.", complaint.display_name))
            # sudo: what is asked for is computed afresh from the price paid, whatever was typed
            remedy.sudo().line_ids._compute_amount()
            remedy.sudo()._claim_sources()  # sudo: as above; two plans submitted at the same moment must not both fit
            remedy._check_executable()
            remedy._advance({"state": "to_approve"})
            if remedy.kind == "return":
                remedy._set_approved()
            elif complaint.state in ("executing", "replied"):
                self.env["quality.complaint.approval"]._request_plan(complaint, remedy)
        return True

    def _is_money(self):
        """Whether the customer gets money or owes less."""
        self.ensure_one()
        return self.kind in ("refund", "credit")

    def action_approve(self):
        """Approve the plan this remedy waits in; for the holders of its role."""
        for complaint in self.complaint_id:
            complaint.action_approve_plan()
        return True

    def action_refuse(self, reason=None):
        """Refuse the plan this remedy waits in.

        :param str reason: told to the person who asked; asked for when missing
        """
        return self.complaint_id.action_refuse_plan(reason)

    def action_cancel(self):
        """Give up a remedy; open documents must be cancelled first, they free the quantities again."""
        self.check_access("write")
        for remedy in self:
            if remedy.state in DONE_STATES:
                raise UserError(self.env._("“%s” is finished already.", remedy.description))
            linked = remedy.sudo()  # sudo: see `_open_documents`
            documents = linked.picking_ids.filtered(lambda p: p.state != "cancel") or linked.credit_note_ids.filtered(lambda n: n.state != "cancel")
            if documents:
                raise UserError(
                    self.env._(
                        "“%(remedy)s” has the document %(document)s. Cancel that first (Inventory or Invoicing), then the remedy.",
                        remedy=remedy.description,
                        document=", ".join(document.display_name for document in documents),
                    )
                )
            remedy._set_cancelled()
        return True

    def action_execute(self):
        """Bring the documents up to the plan: returns and credit notes that are due and missing, each once.

        Safe to repeat: what exists is counted, under a lock, whoever made it.
        :raise UserError: not approved, or somebody else is executing it at this moment
        """
        self.check_access("write")
        # sudo: the plan is approved and was checked; executing it needs no rights in Inventory and Invoicing
        remedies = self.sudo()
        remedies._lock()
        for remedy in remedies:
            if remedy.state not in ("approved", "executing"):
                raise UserError(
                    self.env._("“%(remedy)s” cannot be executed: %(state)s.", remedy=remedy.description, state=self._document_status(remedy))
                )
            if remedy.complaint_id.state in ("new", "closed", "cancelled"):
                raise UserError(self.env._("%s is not open.", remedy.complaint_id.display_name))
            remedy._check_executable()
            remedy._check_no_return_under_way()
        remedies.complaint_id._reach("execution_started")
        remedies._create_returns()
        remedies._check_not_over_returned()
        remedies._create_due_credit_notes()
        remedies.filtered("failure")._advance({"failure": False})
        remedies.filtered(lambda remedy: remedy.kind == "explanation")._set_done()
        remedies._sync_state()
        return True

    def _lock(self, wait=False):
        """Let nobody else execute these remedies, or others on the same deliveries and invoices, until this transaction ends.

        :param bool wait: wait for somebody who is executing them; then this transaction is repeated, its data being old
        :raise UserError: somebody else is executing them
        """
        if wait:
            self._touch(self)
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._("Somebody else is executing this remedy at this moment. Look again in a few seconds.")) from error
        self._advance({"executed_on": fields.Datetime.now()})
        self.flush_recordset()
        self._claim_sources()

    def _claim_sources(self):
        """Let nobody else plan or execute anything on the same deliveries and invoices until this transaction ends."""
        lines = self.line_ids.complaint_line_id
        for records in (lines.move_id.sorted("id"), lines.invoice_line_id.sorted("id")):
            self._touch(records)

    @api.model
    def _touch(self, records):
        """Update rows without a change: a transaction that began earlier waits here for the one before it, fails to serialize and is
        repeated by Odoo on fresh data, instead of counting documents it cannot see yet.
        """
        if records:
            records.flush_recordset()
            table = SQL.identifier(records._table)
            self.env.cr.execute(SQL("UPDATE %s SET write_uid = write_uid WHERE id IN %s", table, tuple(records.ids)))

    def _check_executable(self):
        """Everything the lines need, in one message; then coverage."""
        for remedy in self:
            if remedy.kind == "explanation":
                continue
            if not remedy.line_ids:
                raise UserError(self.env._("“%s” has no lines: say for which products it is.", remedy.description))
            # sudo: checked against deliveries, invoices and other remedies, whoever may open them
            problems = [problem for line in remedy.sudo().line_ids for problem in line._problems()]
            if problems:
                raise UserError("\n".join([self.env._("“%s” cannot be carried out yet:", remedy.description), *(f"• {p}" for p in problems)]))

    def _check_no_return_under_way(self):
        """A refund of goods that are asked back for inspection already waits for them: a second return would ask twice."""
        self.ensure_one()
        for line in self.line_ids if self.kind == "refund" and self.goods == "return_first" else self.line_ids.browse():
            if line.move_ids.filtered(lambda move: move.state != "cancel"):
                continue
            siblings = (line.complaint_line_id.remedy_line_ids - line).filtered(lambda row: row.remedy_id.kind == "return")
            waiting = siblings.filtered(lambda row: row.remedy_id.state == "approved" or row._expected())
            if waiting:
                raise UserError(
                    self.env._(
                        "%(product)s is asked back by “%(remedy)s” already. Execute the refund when the goods are here, or give up that return.",
                        product=line.complaint_line_id._label(),
                        remedy=waiting.remedy_id[:1].description,
                    )
                )

    def _check_not_over_returned(self):
        """After making returns: all together never more than was delivered."""
        for line in self.line_ids.complaint_line_id.filtered("move_id"):
            unit = line.product_id.uom_id
            delivered = line.product_uom_id._compute_quantity(line._quantity_of(line.move_id, line.lot_id), unit, rounding_method="HALF-UP")
            if unit.compare(line.move_id._complaint_returned_quantity(line.lot_id), delivered) > 0:
                raise UserError(self.env._("%s: the returns together are more than was delivered.", line._label()))

    def action_accept(self):
        """Take what is booked as the end of the remedy, e.g. when the accountant posted another amount than planned."""
        self.check_access("write")
        for remedy in self:
            if remedy.state != "executing" or remedy._open_documents():
                raise UserError(self.env._("“%s” still has open documents, or none.", remedy.description))
            remedy._advance({"state": "done", "accepted_as_booked": True})
            note = self.env._("Accepted as booked: %(remedy)s (%(documents)s)", remedy=remedy.description, documents=remedy.progress)
            remedy.complaint_id.message_post(body=note)
        self._stamp_executed()
        return True

    def _set_draft(self):
        self._advance({"state": "draft"})

    def action_revise(self):
        """Refused → draft, to change it and submit it again."""
        self.check_access("write")
        for remedy in self:
            if remedy.state != "refused":
                raise UserError(self.env._("Only a refused remedy can be revised."))
        self._set_draft()
        return True

    def _set_approved(self):
        self._advance({"state": "approved"})

    def _set_cancelled(self):
        self._advance({"state": "cancelled"})

    def _set_done(self):
        self._advance({"state": "done"})
        self._stamp_executed()

    def _stamp_executed(self):
        for complaint in self.complaint_id:
            open_remedies = complaint.remedy_ids.filtered(lambda remedy: remedy.state not in DONE_STATES)
            if complaint.state in ("executing", "replied") and not open_remedies:
                complaint._reach("execution_started")  # an explanation is carried out by its reply
                complaint._reach("executed")

    # === progress ===

    def _sync_state(self):
        """Derive approved / executing / done from the documents; called whenever one of them changes."""
        for remedy in self.filtered(lambda remedy: remedy.state in ("approved", "executing", "done") and remedy.kind != "explanation"):
            state = remedy._derived_state()
            if state != remedy.state:
                reopened = remedy.state == "done"
                remedy._advance({"state": state})
                if reopened:
                    remedy.complaint_id.message_post(body=self.env._("“%s” is open again: one of its documents changed.", remedy.description))
        self.filtered(lambda remedy: remedy.state == "done")._stamp_executed()

    def _derived_state(self):
        self.ensure_one()
        moves = self.line_ids.move_ids.filtered(lambda move: move.state != "cancel")
        notes = self.line_ids.account_line_ids.filtered(lambda line: line.parent_state != "cancel")
        if not moves and not notes and not any(self.line_ids.mapped("received_before")):
            return "approved"
        if any(move.state != "done" for move in moves):
            return "executing"
        due = not self.accepted_as_booked and any(line._credit_due() for line in self.line_ids)
        if self._credits() and (due or any(note.parent_state == "draft" for note in notes)):
            return "executing"
        return "done"

    def _needs_goods(self):
        self.ensure_one()
        return self.kind == "return" or (self.kind != "explanation" and self.goods == "return_first")

    def _credits(self):
        self.ensure_one()
        return self.kind in ("refund", "credit")

    # === opening ===

    def action_view_pickings(self):
        return self._view_documents(self.picking_ids, self.env._("Returns"))

    def action_view_credit_notes(self):
        return self._view_documents(self.credit_note_ids, self.env._("Credit Notes"))

    def _view_documents(self, documents, name):
        action = {"type": "ir.actions.act_window", "name": name, "res_model": documents._name, "context": {"create": False}}
        if len(documents) == 1:
            return {**action, "view_mode": "form", "res_id": documents.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", documents.ids)]}

    def action_link_document(self):
        """Adopt a return or credit note made by hand: choose it in a dialog."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link a Document"),
            "res_model": "quality.complaint.link.document",
            "view_mode": "form",
            "target": "new",
            "context": {"default_remedy_id": self.id},
        }
