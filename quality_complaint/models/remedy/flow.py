from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_list

from ...tools import IncompleteError, listed
from ..complaint.approval import PLAN_SUBJECTS
from .remedy import DONE_STATES


class QualityComplaintRemedy(models.Model):
    """Plan, approve, execute, once; progress is derived from the documents."""

    _inherit = "quality.complaint.remedy"

    def action_submit(self):
        """Draft → to approve, after checking that it can be carried out; a mere return
        needs no approval.
        """
        self.check_access("write")
        for remedy in self:
            if remedy.state not in ("draft", "refused"):
                raise UserError(
                    self.env._("“%s” is submitted already.", remedy.description)
                )
            if remedy.complaint_id.state in ("new", "closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "Remedies belong to a registered, open complaint; %s is not.",
                        remedy.complaint_id.display_name,
                    )
                )
            complaint = remedy.complaint_id
            waiting = complaint._missing_on_sheets("plan")
            if waiting:
                raise IncompleteError(
                    self.env._(
                        "“%(remedy)s” cannot be submitted yet. Still missing: "
                        "%(missing)s.",
                        remedy=remedy.description,
                        missing=format_list(self.env, waiting),
                    )
                )
            if remedy.kind != "return" and complaint.approval_ids.filtered(
                lambda a: a.subject in PLAN_SUBJECTS and a.state == "pending"
            ):
                raise UserError(
                    self.env._(
                        "A plan of %s is waiting for approval; submit this remedy "
                        "when it is decided.",
                        complaint.display_name,
                    )
                )
            # sudo: what is asked for is computed afresh from the price paid, whatever
            # was typed
            remedy.sudo().line_ids._compute_amount()
            # sudo: as above; two plans submitted at the same moment must not both fit
            remedy.sudo()._claim_sources()
            self._touch(
                complaint
                # the ceilings are the complaint's, also where there is no delivery and
                # no
                # invoice
            )
            remedy._set_default_bearers()
            remedy._check_executable()
            remedy._check_plannable()
            remedy._go_to("to_approve")
            if remedy.kind == "return":
                remedy._set_approved()
            elif complaint.state in ("executing", "replied"):
                self.env["quality.complaint.approval"]._request_plan(complaint, remedy)
        return True

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
        """Give up a remedy; open documents must be cancelled first, they free the
        quantities again.
        """
        self.check_access("write")
        for remedy in self:
            if remedy.state in DONE_STATES:
                raise UserError(
                    self.env._("“%s” is finished already.", remedy.description)
                )
            linked = remedy.sudo()  # sudo: see `_open_documents`
            documents = [
                d
                for d in (
                    *linked.sale_ids,
                    *linked.picking_ids,
                    *linked.credit_note_ids,
                )
                if d.state != "cancel"
            ]
            if documents:
                raise UserError(
                    self.env._(
                        "“%(remedy)s” has the document %(document)s. Cancel that "
                        "first (Sales, Inventory or Invoicing), then the remedy.",
                        remedy=remedy.description,
                        document=listed(
                            self.env.lang,
                            (document.display_name for document in documents),
                        ),
                    )
                )
            remedy._set_cancelled()
        return True

    def action_execute(self):
        """Bring the documents up to the plan: returns and credit notes that are due and
        missing, each once.

        Safe to repeat: what exists is counted, under a lock, whoever made it.
        :raise UserError: not approved, or somebody else is executing it at this moment
        """
        self.check_access("write")
        # sudo: the plan is approved and was checked; executing it needs no rights in
        # Inventory and Invoicing
        remedies = self.sudo()
        remedies._lock()
        # what became known since the plan was approved needs other approvals: they are
        # asked for, the others go on
        free = remedies._hold()
        if not free:
            return (remedies - free)._tell_waiting()
        remedies = free
        for remedy in remedies:
            if remedy.state not in ("approved", "executing"):
                raise UserError(
                    self.env._(
                        "“%(remedy)s” cannot be executed: %(state)s.",
                        remedy=remedy.description,
                        state=self._document_status(remedy),
                    )
                )
            if remedy.complaint_id.state in ("new", "closed", "cancelled"):
                raise UserError(
                    self.env._("%s is not open.", remedy.complaint_id.display_name)
                )
            remedy._check_executable()
            remedy._check_no_return_under_way()
            remedy._check_agreement()
        remedies.complaint_id._reach("execution_started")
        remedies._create_returns()
        remedies._check_not_over_returned()
        remedies._create_due_documents()
        remedies.filtered("failure")._advance({"failure": False})
        remedies.filtered(lambda remedy: remedy.kind == "explanation")._set_done()
        remedies._sync_state()
        return remedies._tell_executed()

    def _tell_executed(self):
        """Say which documents there are now, and where they stand."""
        message = "\n".join(self.filtered("progress").mapped("progress"))
        return self._notification(message, "success") if message else True

    def _tell_waiting(self):
        """Nothing could be done: say what is waited for."""
        message = "\n".join(
            self.env._(
                "“%(remedy)s” waits for: %(held)s",
                remedy=remedy.description,
                held=remedy.held,
            )
            for remedy in self
        )
        return self._notification(message, "warning", sticky=True)

    @api.model
    def _notification(self, message, kind, sticky=False):
        """:return: action that shows the message and closes the dialog"""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "sticky": sticky,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _create_due_documents(self):
        """What follows from the plan and from what was received: credit notes and goods
        to send, each once.
        """
        self._create_due_credit_notes()
        self._create_due_shipments()

    def _lock(self, wait=False):
        """Let nobody else execute these remedies, or others on the same deliveries and
        invoices, until this transaction ends.

        :param bool wait: wait for somebody who is executing them; then this transaction
            is repeated, its data being old
        :raise UserError: somebody else is executing them
        """
        if wait:
            self._touch(self)
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is executing this remedy at this moment. Look again "
                    "in a few seconds."
                )
            ) from error
        self._advance({"executed_on": fields.Datetime.now()})
        self.flush_recordset()
        self._claim_sources()

    def _claim_sources(self):
        """Let nobody else plan or execute anything on the same deliveries and invoices
        until this transaction ends.
        """
        lines = self.line_ids.complaint_line_id
        for records in (lines.move_id.sorted("id"), lines.invoice_line_id.sorted("id")):
            self._touch(records)

    @api.model
    def _touch(self, records):
        """Update rows without a change: a transaction that began earlier waits here for
        the one before it, fails to serialize and is
        repeated by Odoo on fresh data, instead of counting documents it cannot see yet.
        """
        if records:
            records.flush_recordset()
            table = SQL.identifier(records._table)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_uid = write_uid WHERE id IN %s",
                    table,
                    tuple(records.ids),
                )
            )

    def _check_executable(self):
        """Everything the lines need, in one message; then coverage."""
        # shares can be written one by one, past the constraint on the remedy
        self._check_bearers()
        for remedy in self:
            if remedy._without_lines():
                continue
            if not remedy.line_ids:
                raise UserError(
                    self.env._(
                        "“%s” has no lines: say for which products it is.",
                        remedy.description,
                    )
                )
            # sudo: checked against deliveries, invoices and other remedies, whoever may
            # open them
            problems = [
                problem
                for line in remedy.sudo().line_ids
                for problem in line._problems()
            ]
            if problems:
                raise UserError(
                    "\n".join(
                        [
                            self.env._(
                                "“%s” cannot be carried out as planned:",
                                remedy.description,
                            ),
                            *(f"• {p}" for p in problems),
                        ]
                    )
                )

    def _check_no_return_under_way(self):
        """What concerns goods that are asked back for inspection already waits for
        them: a second return would ask twice.
        """
        self.ensure_one()
        for line in (
            self.line_ids
            if self.kind != "return" and self._needs_goods()
            else self.line_ids.browse()
        ):
            if line._return_moves():
                continue
            siblings = (line.complaint_line_id.remedy_line_ids - line).filtered(
                lambda row: row.remedy_id.kind == "return"
            )
            waiting = siblings.filtered(
                lambda row: row.remedy_id.state == "approved" or row._expected()
            )
            if waiting:
                raise UserError(
                    self.env._(
                        "%(product)s is asked back by “%(remedy)s” already. Execute "
                        "this remedy when the goods are here, or give up that return.",
                        product=line.complaint_line_id._label(),
                        remedy=waiting.remedy_id[:1].description,
                    )
                )

    def _check_not_over_returned(self):
        """After making returns: all together never more than was delivered."""
        for line in self.line_ids.complaint_line_id.filtered("move_id"):
            unit = line.product_id.uom_id
            delivered = line.product_uom_id._compute_quantity(
                line._quantity_of(line.move_id, line.lot_id),
                unit,
                rounding_method="HALF-UP",
            )
            if (
                unit.compare(
                    line.move_id._complaint_returned_quantity(line.lot_id), delivered
                )
                > 0
            ):
                raise UserError(
                    self.env._(
                        "%s: the returns together are more than was delivered.",
                        line._label(),
                    )
                )

    def action_accept(self):
        """Take what is booked as the end, e.g. when the accountant posted another
        amount than planned; also of a finished remedy that differs.
        """
        self.check_access("write")
        for remedy in self:
            if not (remedy.state == "done" and remedy.imbalance) and (
                remedy.state != "executing" or remedy._open_documents()
            ):
                raise UserError(
                    self.env._(
                        "“%s” still has open documents, or none.", remedy.description
                    )
                )
            remedy._go_to("done", accepted_as_booked=True)
            note = self.env._(
                "Accepted as booked: %(remedy)s (%(documents)s)",
                remedy=remedy.description,
                documents=remedy.progress,
            )
            remedy.complaint_id.message_post(body=note)
        self._stamp_executed()
        self._accept_differences()
        return True

    def action_mark_done(self):
        """Support was given, or the goods were repaired at the customer's place: a
        person says so.
        """
        self.check_access("write")
        for remedy in self:
            if not remedy._by_hand() or remedy.state != "approved":
                raise UserError(
                    self.env._(
                        "“%s” is carried out by its documents, or not approved.",
                        remedy.description,
                    )
                )
        self._check_not_held()
        self.complaint_id._reach("execution_started")
        self._advance({"executed_on": fields.Datetime.now()})
        self._set_done()
        return True

    def action_change_outcome(self):
        """Something else shall become of goods that are back: allowed until a document
        says what.

        The remedy stays as the return it was; a new one is planned for the same goods.
        """
        self.ensure_one()
        self.check_access("write")
        remedy = (
            self.sudo()
        )  # sudo: reads and corrects documents the officer may not open
        received = sum(
            line._returned() + line.received_before for line in remedy.line_ids
        )
        decided = any(
            line._account_lines()
            or line._shipment_moves()
            or line._sale_lines()
            or line._outcome_documents()
            for line in remedy.line_ids
        )
        if (
            remedy.kind == "return"
            or not remedy._needs_goods()
            or remedy.state not in ("approved", "executing")
            or not received
            or decided
        ):
            raise UserError(
                self.env._(
                    "The outcome of “%s” can be changed when its goods are back and as "
                    "long as no credit note, repair or delivery decides it. "
                    "Cancel that document first.",
                    remedy.description,
                )
            )
        remedy._lock()
        old = remedy.description
        quantities = [
            (
                line.complaint_line_id.id,
                line._returned() + line.received_before,
                line.product_uom_id.id,
            )
            for line in remedy.line_ids
        ]
        remedy.line_ids._give_back()
        if any(line._return_moves() for line in remedy.line_ids):
            remedy.line_ids.filtered(
                lambda line: not line.before_invoice
            )._forget_order_update()
            remedy._advance({"kind": "return", "failure": False})
            remedy._sync_state()
        else:  # the goods came back on another remedy's return
            remedy._set_cancelled()
        remedy.complaint_id.message_post(
            body=self.env._(
                "The outcome of “%s” is open again; the goods are here.", old
            )
        )
        return self.browse()._get_records_action(
            name=self.env._("New Outcome"),
            context={
                "default_complaint_id": self.complaint_id.id,
                "default_line_ids": [
                    fields.Command.create(
                        {
                            "complaint_line_id": line,
                            "quantity": quantity,
                            "product_uom_id": unit,
                        }
                    )
                    for line, quantity, unit in quantities
                    if quantity
                ],
            },
        )

    def _go_to(self, state, **vals):
        """Change the status; what is due of a remedy ends with it."""
        self._advance({"state": state, **vals})
        self._schedule_notices()
        (self - self._due_running())._end_notices()

    def _set_draft(self):
        self._go_to("draft")

    def action_revise(self):
        """Refused → draft, to change it and submit it again."""
        self.check_access("write")
        for remedy in self:
            if remedy.state != "refused":
                raise UserError(self.env._("Only a refused remedy can be revised."))
        self._set_draft()
        return True

    def _set_approved(self):
        self._go_to("approved")

    def _set_cancelled(self):
        self._go_to("cancelled")

    def _set_done(self):
        self._go_to("done")
        self._stamp_executed()

    def _stamp_executed(self):
        for complaint in self.complaint_id:
            open_remedies = complaint.remedy_ids.filtered(
                lambda remedy: remedy.state not in DONE_STATES
            )
            if complaint.state in ("executing", "replied") and not open_remedies:
                complaint._reach(
                    "execution_started"
                )  # an explanation is carried out by its reply
                complaint._reach("executed")

    # === progress ===

    def _follow_documents(self):
        """The state that follows from the documents, for those that have some."""
        followed = self.filtered(
            lambda remedy: remedy.state in ("approved", "executing", "done")
        )
        for remedy in followed.filtered(
            lambda remedy: remedy.kind != "explanation" and not remedy._by_hand()
        ):
            state = remedy._derived_state()
            if state != remedy.state:
                reopened = remedy.state == "done"
                remedy._go_to(state)
                if reopened:
                    remedy.complaint_id.message_post(
                        body=self.env._(
                            "“%s” is open again: one of its documents changed.",
                            remedy.description,
                        )
                    )

    def _documents_state(self):
        lines = self.line_ids
        moves = lines.move_ids.filtered(lambda move: move.state != "cancel")
        notes = lines.account_line_ids.filtered(
            lambda line: (
                line.parent_state != "cancel"
                and not line.move_id._complaint_taken_back()
            )
        )
        orders = lines._sale_lines()
        waits = (
            self.executed_on
            and not self.accepted_as_booked
            and any(line._waits_for_invoice() for line in lines)
        )
        if (
            not moves
            and not notes
            and not orders
            and not any(lines.mapped("received_before"))
            and not lines._outcome_documents()
        ):
            return "executing" if waits else "approved"
        if any(move.state != "done" for move in moves) or waits:
            return "executing"
        if (
            self.kind != "return"
            and not self.accepted_as_booked
            and self._undecided_lots()
        ):
            return "executing"  # a person says what another lot than planned counts for
        if self._credits():
            due = not self.accepted_as_booked and any(
                line._credit_due() for line in lines
            )
            if due or any(note.parent_state == "draft" for note in notes):
                return "executing"
        if (
            self._ships()
            and not self.accepted_as_booked
            and any(line._shipment_outstanding() for line in lines)
        ):
            return "executing"
        return "done"
