import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_list

_logger = logging.getLogger(__name__)


class QualityComplaintRemedy(models.Model):
    """Money back: the invoice is reversed and the reversal reduced to the lines and quantities concerned."""

    _inherit = "quality.complaint.remedy"

    def _create_due_credit_notes(self):
        """One draft credit note per invoice for everything that is due on these remedies and not credited yet.

        :return: the new `account.move`
        """
        due = {}
        for line in self.filtered(lambda remedy: remedy.kind in ("refund", "credit")).line_ids:
            if what := line._credit_due():
                due[line] = what
        lines = self.env["quality.complaint.remedy.line"].union(*due)
        notes = self.env["account.move"]
        for (invoice, settlement), group in lines.grouped(
            lambda line: (line.complaint_line_id.invoice_line_id.move_id, line.remedy_id.settlement)
        ).items():
            notes |= group._create_credit_note(invoice, settlement, due)
        return notes | self._create_due_compensations()

    def _try_follow_up(self):
        """Make what is due after a receipt inside a savepoint; keep the reason when it fails.

        :return: whether it went well
        """
        self.ensure_one()
        if self.state not in ("approved", "executing"):
            return True
        self.env.flush_all()  # an error in what the receipt wrote itself is the receipt's
        try:
            with self.env.cr.savepoint():
                self._lock(wait=True)
                self._hold()._create_due_documents()  # goods come in whoever has to agree; money and goods that go out wait
                self._sync_state()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # somebody else was faster: Odoo repeats the receipt on fresh data
        except Exception as error:  # whatever it is, the receipt must not fail
            _logger.warning("Document of remedy %s (%s) failed", self.id, self.complaint_id.name, exc_info=True)
            reason = str(error) if isinstance(error, UserError) else self.env._("An error occurred; the administrator finds it in the server's log.")
            if reason != self.failure:  # told once, not each time the scheduled action tries again
                summary = self.env._("The next document of “%(remedy)s” could not be made: %(reason)s", remedy=self.description, reason=reason)
                self._advance({"failure": reason})
                self._alert_handler(summary)
            return False
        if self.failure:
            self._advance({"failure": False})
        return True

    @api.model
    def _cron_retry_credit_notes(self, batch=50):
        """Try again the credit notes and replacements that failed on receipt; each remedy in its own transaction."""
        domain = [("failure", "!=", False), ("state", "in", ("approved", "executing"))]
        remedies = self.search(domain, limit=batch, order="executed_on, id")
        self.env["ir.cron"]._commit_progress(remaining=len(remedies))
        for remedy in remedies:
            try:
                remedy = remedy.try_lock_for_update(allow_referencing=True).filtered_domain(domain)
                if remedy:
                    remedy._try_follow_up()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()  # somebody else is at it: tried again on the next run
            self.env["ir.cron"]._commit_progress(1)


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _create_credit_note(self, invoice, settlement, due):
        """Reverse an invoice for these lines only; draft, for the accountant to post.

        Journal, taxes, discount, currency, fiscal position, analytic distribution and unit are the invoice's.

        :param str settlement: `offset` settles against the invoice when posted, `payout` leaves it open for a payment
        :param dict due: {remedy line: quantity in its unit, or untaxed amount for a price reduction}
        :return: the `account.move`
        """
        problems = [problem for line in self for problem in line._credit_problems(line.complaint_line_id.invoice_line_id, line.complaint_line_id._label())]
        if problems:
            raise UserError("\n".join(problems))
        wizard = (
            self.env["account.move.reversal"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": invoice.journal_id.id,
                    "date": fields.Date.context_today(self),
                    "reason": format_list(self.env, self.complaint_id.mapped("name")),
                }
            )
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        copies = {line.complaint_reversed_line_id: line for line in note.invoice_line_ids}
        commands = [Command.delete(line.id) for line in note.invoice_line_ids]
        for line in self:
            commands.append(Command.create(line._prepare_credit_note_line_vals(copies[line.complaint_line_id.invoice_line_id], due[line])))
        note.write({"invoice_line_ids": commands})
        for line in self:
            line._make_exact(note.invoice_line_ids.filtered(lambda row, r=line: row.remedy_line_id == r), due[line])
        if settlement == "payout":
            note.reversed_entry_id = False
        return note

    def _prepare_credit_note_line_vals(self, copied, due):
        """Values of the credit note's line.

        :param copied: the reversal's copy of the invoice line
        :param float due: quantity in this line's unit, or untaxed amount for a price reduction
        """
        self.ensure_one()
        vals = {
            "sequence": copied.sequence,
            "account_id": copied.account_id.id,
            "tax_ids": [Command.set(copied.tax_ids.ids)],
            "analytic_distribution": self._analytic_distribution(copied.analytic_distribution),
            "complaint_reversed_line_id": copied.complaint_reversed_line_id.id,
            "remedy_line_id": self.id,
            "name": f"{copied.name or ''}\n{self._credit_note_text(due)}".strip(),
        }
        if self.remedy_id.kind == "credit":
            # no product: the goods stay, so neither stock nor the cost of goods may move
            return {**vals, "product_id": False, "quantity": 1.0, "price_unit": due, "discount": 0.0}
        if self._sold_as_part():
            return {
                **vals, "product_id": self.complaint_line_id.product_id.id, "product_uom_id": self.product_uom_id.id, "quantity": due,
                "complaint_quantity": due, "price_unit": self.amount / self.quantity, "discount": 0.0,
            }
        unit = copied.product_uom_id
        quantity = self.product_uom_id._compute_quantity(due, unit, rounding_method="HALF-UP")
        if unit.is_zero(quantity):
            # less than the invoice's unit can express (1 kg of an invoice in tons): use the unit complained in
            unit, quantity = self.product_uom_id, due
        return {
            **vals,
            "product_id": copied.product_id.id,
            "product_uom_id": unit.id,
            "quantity": quantity,
            "complaint_quantity": due,
            "price_unit": copied.price_unit * unit._compute_quantity(1.0, copied.product_uom_id, round=False),
            "discount": copied.discount,
            "sale_line_ids": [Command.set(copied.sale_line_ids.ids if self._lowers_invoiced(copied) else [])],
        }

    def _lowers_invoiced(self, invoice_line):
        """Whether the credit note counts on the order: only where delivered goods came back and the order invoices what is delivered.

        Otherwise the order would offer the credited quantity for invoicing again.
        """
        return (
            self._updates_order()
            and invoice_line.product_id.invoice_policy == "delivery"
            and self.complaint_line_id.move_id.sale_line_id in invoice_line.sale_line_ids
        )

    def _credit_note_text(self, due):
        """The remedy in words on the credit note's line."""
        label, number = self.complaint_line_id._label(), self.complaint_id.name
        if self.remedy_id.kind == "credit":
            return self.env._("Price reduction, complaint %(number)s: %(product)s", number=number, product=label)
        return self.env._(
            "Complaint %(number)s: %(quantity)g of %(planned)g %(unit)s of %(product)s",
            number=number, quantity=due, planned=self.quantity, unit=self.product_uom_id.name, product=label,
        )

    def _make_exact(self, credit_line, due):
        """Correct the price where unit conversion or rounding made the untaxed amount miss what is due.

        4 pieces of an invoice in dozens are 0.33 dozen: the amount must be that of 4 pieces.
        """
        invoice_line, currency = self.complaint_line_id.invoice_line_id, self.currency_id
        target = due
        if self.remedy_id.kind == "refund":
            target = self._exact_refund(invoice_line, credit_line, due)
        if not currency.compare_amounts(credit_line._complaint_booked(), target):
            return
        unrounded = credit_line._complaint_unrounded_subtotal()
        if unrounded:
            # from the unrounded amount: with tax in the price, the rounded one leads past the target by a cent every third time
            credit_line.price_unit *= target / unrounded
        if currency.compare_amounts(credit_line.price_subtotal, target):
            raise UserError(
                self.env._(
                    "The credit note for %(product)s comes to %(actual)s instead of %(target)s. Make it by hand and link it to the remedy.",
                    product=self.complaint_line_id._label(), actual=currency.format(credit_line.price_subtotal), target=currency.format(target),
                )
            )

    def _exact_refund(self, invoice_line, credit_line, due):
        """Untaxed amount paid for the quantity; the last refund of an invoice line takes what rounding left over."""
        unit, currency = invoice_line.product_uom_id, self.currency_id
        if self._sold_as_part():
            before = self._account_lines() - credit_line
            share = (sum(line._complaint_exact_quantity() for line in before) + due) / self.quantity
            return currency.round(self.amount * share - sum(line._complaint_booked() for line in before))
        quantity = self.product_uom_id._compute_quantity(due, unit, round=False)
        credited_quantity, credited_amount = invoice_line._complaint_credited(without=credit_line)
        paid = invoice_line._complaint_paid()
        left = paid - credited_amount
        if unit.compare(unit.round(credited_quantity + quantity, rounding_method="HALF-UP"), invoice_line.quantity) == 0:
            return currency.round(left)
        return min(currency.round(paid * quantity / invoice_line.quantity), currency.round(left))
