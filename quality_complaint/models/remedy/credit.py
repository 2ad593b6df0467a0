import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_list

from ...tools.taxed_amount import TaxedAmount
from ..account_move_credit import Credit
from .remedy import LIVE_STATES

_logger = logging.getLogger(__name__)


class QualityComplaintRemedy(models.Model):
    """Money back: the invoice is reversed and the reversal reduced to the lines and
    quantities concerned.
    """

    _inherit = "quality.complaint.remedy"

    def _create_due_credit_notes(self):
        """One draft credit note per invoice for everything that is due on these
        remedies and not credited yet.

        :return: the new `account.move`
        """
        due = {}
        for line in self.filtered(
            lambda remedy: remedy.kind in ("refund", "credit")
        ).line_ids:
            if what := line._credit_due():
                due[line] = what
        lines = self.env["quality.complaint.remedy.line"].union(*due)
        notes = self.env["account.move"]
        for (invoice, settlement), group in lines.grouped(
            lambda line: (
                line.complaint_line_id.invoice_line_id.move_id,
                line.remedy_id.settlement,
            )
        ).items():
            notes |= group._create_credit_note(invoice, settlement, due)
        return notes | self._create_due_compensations()

    def _try_follow_up(self):
        """Make what is due after a receipt inside a savepoint; keep the reason when it
        fails.

        :return: whether it went well
        """
        self.ensure_one()
        if self.state not in ("approved", "executing"):
            return True
        # an error in what the receipt wrote itself is the receipt's
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self._lock(wait=True)
                # goods come in whoever has to agree; money and goods that go out wait
                self._hold()._create_due_documents()
                self._sync_state()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # somebody else was faster: Odoo repeats the receipt on fresh data
        except Exception as error:  # whatever it is, the receipt must not fail
            _logger.warning(
                "Document of remedy %s (%s) failed",
                self.id,
                self.complaint_id.name,
                exc_info=True,
            )
            reason = (
                str(error)
                if isinstance(error, UserError)
                else self.env._(
                    "An error occurred; the administrator finds it in the server's log."
                )
            )
            if (
                reason != self.failure
            ):  # told once, not each time the scheduled action tries again
                summary = self.env._(
                    "The next document of “%(remedy)s” could not be made: %(reason)s",
                    remedy=self.description,
                    reason=reason,
                )
                self._advance({"failure": reason})
                self._alert_handler(summary)
            return False
        if self.failure:
            self._advance({"failure": False})
        return True

    @api.model
    def _cron_retry_credit_notes(self, batch=50):
        """Try again the credit notes and replacements that failed on receipt; each
        remedy in its own transaction.
        """
        domain = [("failure", "!=", False), ("state", "in", ("approved", "executing"))]
        remedies = self.search(domain, limit=batch, order="executed_on, id")
        self.env["ir.cron"]._commit_progress(remaining=len(remedies))
        for remedy in remedies:
            try:
                remedy = remedy.try_lock_for_update(
                    allow_referencing=True
                ).filtered_domain(domain)
                if remedy:
                    remedy._try_follow_up()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody else is at it: tried again on the next run
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1)


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _create_credit_note(self, invoice, settlement, due):
        """Reverse an invoice for these lines only; draft, for the accountant to post.

        Journal, taxes, discount, currency, fiscal position, analytic distribution and
        unit are the invoice's.

        :param str settlement: `offset` settles against the invoice when posted,
            `payout` leaves it open for a payment
        :param dict due: {remedy line: quantity in its unit, or untaxed amount for a
            price reduction}
        :return: the `account.move`
        """
        problems = [
            problem
            for line in self
            for problem in line._credit_problems(
                line.complaint_line_id.invoice_line_id, line.complaint_line_id._label()
            )
        ]
        if problems:
            raise UserError("\n".join(problems))
        targets = self._credit_targets(due)
        rows = [
            (
                line._prepare_credit_note_line_vals(
                    line.complaint_line_id.invoice_line_id, due[line], target
                ),
                target,
            )
            for line, target in targets.items()
        ]
        self.env["account.tax"]._complaint_make_exact(
            rows, invoice.company_id, invoice.currency_id
        )
        wizard = (
            self.env["account.move.reversal"]
            .with_company(invoice.company_id)
            .with_context(
                active_model="account.move",
                active_ids=invoice.ids,
                complaint_credited=[Command.create(vals) for vals, _target in rows],
            )
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
        self._check_exact(note, targets)
        if settlement == "payout":
            note.reversed_entry_id = False
        return note

    def _prepare_credit_note_line_vals(self, invoice_line, due, target):
        """Values of the credit note's line.

        :param invoice_line: `account.move.line` that is credited
        :param float due: quantity in this line's unit, or untaxed amount for a price
            reduction
        :param target: `TaxedAmount` it has to come to
        """
        self.ensure_one()
        vals = {
            "sequence": invoice_line.sequence,
            "account_id": invoice_line.account_id.id,
            "tax_ids": [Command.set(invoice_line.tax_ids.ids)],
            "analytic_distribution": self._analytic_distribution(
                invoice_line.analytic_distribution
            ),
            "complaint_reversed_line_id": invoice_line.id,
            "remedy_line_id": self.id,
            "name": f"{invoice_line.name or ''}\n{self._credit_note_text(due)}".strip(),
        }
        if self.remedy_id.kind == "credit":
            # no product: the goods stay, so neither stock nor the cost of goods may
            # move
            # a tax per piece that is not reduced is left out, as on Odoo's own
            # discounts
            taxes = (
                invoice_line.tax_ids
                if target.taxes.keys()
                >= set(invoice_line.tax_ids._complaint_flattened())
                else invoice_line.tax_ids._complaint_of_value()
            )
            return {
                **vals,
                "product_id": False,
                "quantity": 1.0,
                "price_unit": target.priced,
                "discount": 0.0,
                "tax_ids": [Command.set(taxes.ids)],
            }
        if self._sold_as_part():
            return {
                **vals,
                "product_id": self.complaint_line_id.product_id.id,
                "product_uom_id": self.product_uom_id.id,
                "quantity": due,
                "complaint_quantity": due,
                "price_unit": self.amount / self.quantity,
                "discount": 0.0,
            }
        unit = invoice_line.product_uom_id
        quantity = self.product_uom_id._compute_quantity(
            due, unit, rounding_method="HALF-UP"
        )
        if unit.is_zero(quantity):
            # less than the invoice's unit can express (1 kg of an invoice in tons): use
            # the unit complained in
            unit, quantity = self.product_uom_id, due
        return {
            **vals,
            "product_id": invoice_line.product_id.id,
            "product_uom_id": unit.id,
            "quantity": quantity,
            "complaint_quantity": due,
            "price_unit": invoice_line.price_unit
            * unit._compute_quantity(1.0, invoice_line.product_uom_id, round=False),
            "discount": invoice_line.discount,
            "sale_line_ids": [
                Command.set(
                    invoice_line.sale_line_ids.ids
                    if self._lowers_invoiced(invoice_line)
                    else []
                )
            ],
        }

    def _lowers_invoiced(self, invoice_line):
        """Whether the credit note counts on the order: only where delivered goods came
        back and the order invoices what is delivered.

        Otherwise the order would offer the credited quantity for invoicing again.
        """
        return (
            self._updates_order()
            and invoice_line.product_id.invoice_policy == "delivery"
            and self.complaint_line_id.move_id.sale_line_id
            in invoice_line.sale_line_ids
        )

    def _credit_note_text(self, due):
        """The remedy in words on the credit note's line, for the customer and in the
        customer's language.

        :param float due: as in `_prepare_credit_note_line_vals`
        """
        customer = (
            self.complaint_line_id.invoice_id.partner_id or self.complaint_id.partner_id
        )
        line = self.with_context(lang=customer.lang or self.env.lang)
        source = line.complaint_line_id
        words = {
            "number": line.complaint_id.name,
            "product": source._label(),
            "unit": line.product_uom_id.name,
        }
        if line.remedy_id.kind != "credit":
            delivered = line._rounded(
                source.product_uom_id._compute_quantity(
                    source.delivered_quantity, line.product_uom_id, round=False
                )
            )
            if not delivered:
                return line.env._(
                    "Complaint %(number)s: %(goods)s",
                    number=words["number"],
                    goods=line._goods_in_words(due),
                )
            return line.env._(
                "Complaint %(number)s: %(quantity).12g of %(delivered).12g %(unit)s "
                "delivered, %(product)s",
                **words,
                quantity=due,
                delivered=delivered,
            )
        goods = line._goods_in_words(line.quantity)
        if line.percent:
            text = line.env._(
                "Price reduction of %(percent).12g %% on %(goods)s, complaint "
                "%(number)s",
                number=words["number"],
                percent=line.percent,
                goods=goods,
            )
        elif line.product_uom_id and line.quantity:
            text = line.env._(
                "Price reduction on %(goods)s, complaint %(number)s",
                number=words["number"],
                goods=goods,
            )
        else:
            text = line.env._(
                "Price reduction, complaint %(number)s: %(product)s",
                number=words["number"],
                product=words["product"],
            )
        # what the customer complained of, not what was found out: that stays inside
        # until somebody tells them
        return (
            line.env._(
                "%(text)s. Reason: %(reason)s", text=text, reason=source.defect_id.name
            )
            if source.defect_id
            else text
        )

    def _credit_targets(self, due):
        """What the lines of one credit note have to come to.

        :param dict due: {remedy line: quantity in its unit, or untaxed amount for a
            price reduction}
        :return: {remedy line: `TaxedAmount`}
        """
        targets, pending = {}, []
        for line in self:
            invoice_line, quantity = line.complaint_line_id.invoice_line_id, 0.0
            before = [
                credit
                for credit in pending
                if credit.remedy_line.complaint_line_id.invoice_line_id == invoice_line
            ]
            if line.remedy_id.kind == "credit":
                target = line._reduction_target(invoice_line, due[line], before)
            elif line._sold_as_part():
                target = line._part_target(invoice_line, due[line])
            else:
                quantity = line.product_uom_id._compute_quantity(
                    due[line], invoice_line.product_uom_id, round=False
                )
                target = invoice_line._complaint_worth(
                    quantity, line.complaint_line_id, pending=before
                )
            targets[line] = target
            pending.append(
                Credit(invoice_line.browse(), line, quantity, target, not quantity)
            )
        return targets

    def _reduction_target(self, invoice_line, amount, pending):
        """A price reduction with the taxes on it; taxes per piece are reduced only
        where nothing is left of the price.
        """
        taxed = invoice_line.tax_ids._complaint_of_value()._complaint_on(
            amount, self.currency_id
        )
        if self._sold_as_part():
            return taxed
        worth = invoice_line._complaint_worth(
            self._reduced_quantity(invoice_line),
            self.complaint_line_id,
            but=self,
            pending=pending,
        )
        return (
            taxed if self.currency_id.compare_amounts(amount, worth.untaxed) else worth
        )

    def _reduced_quantity(self, invoice_line):
        """Pieces a price reduction is for, in the invoice line's unit: those of its
        line that no refund planned before takes back.
        """
        self.ensure_one()
        unit, source = invoice_line.product_uom_id, self.complaint_line_id
        refunds = source.remedy_line_ids.filtered(
            lambda line: (
                line.remedy_id.kind == "refund"
                and line.remedy_id.state in LIVE_STATES
                and line.remedy_id.id < self.remedy_id.id
            )
        )
        refunded = sum(
            line.product_uom_id._compute_quantity(
                line._credited_quantity()
                if line.remedy_id.state == "done"
                else line.quantity,
                unit,
                round=False,
            )
            for line in refunds
        )
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, unit, round=False
        )
        complained = source.product_uom_id._compute_quantity(
            source.quantity, unit, round=False
        )
        rest = min(quantity, complained - refunded)
        return rest if unit.compare(rest, 0.0) > 0 else quantity

    def _part_target(self, invoice_line, due):
        """Share of a kit's price for a quantity of a component, with the same share of
        its taxes.
        """
        before = self._account_lines()
        share = (
            sum(line._complaint_exact_quantity() for line in before) + due
        ) / self.quantity
        amount = self.currency_id.round(
            self.amount * share - sum(line._complaint_booked() for line in before)
        )
        paid = invoice_line._complaint_paid_for(invoice_line.quantity)
        taxes = paid.part(amount, paid.untaxed).rounded(self.currency_id).taxes
        return TaxedAmount(amount, taxes)

    def _check_exact(self, note, targets):
        """Never leave a credit note that comes to something else, e.g. by a tax that
        ignores what is laid down.

        :param dict targets: {remedy line: `TaxedAmount`}
        """
        currency = note.currency_id
        for line, target in targets.items():
            row = note.invoice_line_ids.filtered(
                lambda row, line=line: row.remedy_line_id == line
            )
            if currency.compare_amounts(row._complaint_booked(), target.untaxed):
                raise UserError(
                    self.env._(
                        "The credit note for %(product)s comes to %(actual)s instead "
                        "of %(target)s. Make it by hand and link it to the remedy.",
                        product=line._label(),
                        actual=currency.format(row._complaint_booked()),
                        target=currency.format(target.untaxed),
                    )
                )
