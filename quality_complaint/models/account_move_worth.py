from odoo import models

from ..tools.taxed_amount import TaxedAmount
from .account_move_credit import Credit


class AccountMoveLine(models.Model):
    """What pieces of an invoice line are still worth: what was paid for them, less what
    was reduced or credited, untaxed and in each tax.

    Refunds, price reductions, coverage and the value on the complaint all read it here.
    """

    _inherit = "account.move.line"

    def _complaint_paid(self):
        """Untaxed amount paid for what this invoice line is for: as booked, less its
        share of discounts on lines of their own.
        """
        self.ensure_one()
        if self.parent_state == "cancel" or not any(
            line._complaint_is_discount() for line in self.move_id.invoice_line_ids
        ):
            return self._complaint_booked()
        return self.move_id._complaint_paid_by_line().get(self, TaxedAmount()).untaxed

    def _complaint_paid_for(self, quantity):
        """What was paid for a quantity in this line's unit, whatever became of it
        since.

        :return: `TaxedAmount`, rounded
        """
        self.ensure_one()
        return (
            self.move_id._complaint_paid_by_line()
            .get(self, TaxedAmount())
            .part(quantity, self.quantity)
            .rounded(self.currency_id)
        )

    def _complaint_credited(self, without=None):
        """Quantity (in this line's unit) and untaxed amount credited on this invoice
        line, see `_complaint_credits`.
        """
        credits = self._complaint_credits(without)
        return sum(credit.quantity for credit in credits), sum(
            credit.amount.untaxed for credit in credits
        )

    def _complaint_worth(self, quantity, source, but=None, pending=()):
        """What pieces complained of are still worth.

        What was paid for them less their share of the reductions made or planned for
        them, never more than is left of the line. The last
        ones settle what rounding left; they are the last when no smallest part of the
        goods is missing, whatever the invoice's unit shows.

        :param float quantity: in this line's unit, unrounded
        :param source: the `quality.complaint.line` of these pieces
        :param but: `quality.complaint.remedy.line` whose own planned reduction does not
            count
        :param pending: list of `Credit` that is about to be made
        :return: `TaxedAmount`, rounded, nothing in it below zero
        """
        self.ensure_one()
        currency = self.currency_id
        credits = [*self._complaint_credits(), *pending]
        paid = self.move_id._complaint_paid_by_line().get(self, TaxedAmount())
        left = paid - sum((credit.amount for credit in credits), TaxedAmount())
        nobody = self.env["quality.complaint.remedy.line"]
        planned = self._complaint_planned_reductions(
            nobody.union(but or nobody, *(credit.remedy_line for credit in pending))
        )
        left -= sum((credit.amount for credit in planned), TaxedAmount())
        regular = paid.part(quantity, self.quantity) - self._complaint_reduced(
            [*credits, *planned], quantity, source
        )
        regular = regular.rounded(currency)
        last = not self._complaint_compare(
            sum(credit.quantity for credit in credits) + quantity, source
        )
        tolerance = currency.rounding * (len(credits) + len(planned) + 1)

        def settled(due, rest):
            if last and abs(rest - due) < tolerance + currency.rounding / 2:
                return currency.round(max(rest, 0.0))
            return currency.round(max(min(due, rest), 0.0))

        taxes = {
            tax: settled(amount, left.taxes.get(tax, 0.0))
            for tax, amount in regular.taxes.items()
        }
        return TaxedAmount(settled(regular.untaxed, left.untaxed), taxes)

    def _complaint_compare(self, quantity, source):
        """Compare a quantity in this line's unit with all of the line, in the smallest
        of the units sold, delivered and complained of.

        :return: -1, 0 or 1
        """
        units = (
            self.product_uom_id | self.product_id.uom_id | source.product_uom_id
        ).filtered(lambda unit: unit._has_common_reference(self.product_uom_id))
        if not units:
            return (quantity > self.quantity) - (quantity < self.quantity)
        unit, convert = (
            min(units, key=lambda unit: unit.factor),
            self.product_uom_id._compute_quantity,
        )
        return unit.compare(
            convert(quantity, unit, round=False),
            convert(self.quantity, unit, round=False),
        )

    def _complaint_planned_reductions(self, but):
        """Price reductions that are agreed and not credited yet, as `Credit` without a
        line: they hold whatever is executed first.
        """
        domain = [
            ("complaint_line_id.invoice_line_id", "=", self.id),
            ("remedy_id.kind", "=", "credit"),
            ("remedy_id.state", "in", ("to_approve", "approved", "executing")),
        ]
        credits = []
        # sudo: what others plan counts, whoever may see it
        for line in (
            self.env["quality.complaint.remedy.line"].sudo().search(domain) - but
        ):
            due = line.amount - line._credited_amount()
            if self.currency_id.compare_amounts(due, 0.0) > 0:
                amount = self.tax_ids._complaint_of_value()._complaint_on(
                    due, self.currency_id
                )
                credits.append(Credit(self.browse(), line, 0.0, amount, True))
        return credits

    def _complaint_reduced(self, credits, quantity, source):
        """What reductions took off pieces complained of.

        A reduction by a remedy was for the pieces of its line; any other one for all
        the pieces that were there. Of the same goods, pieces
        without a reduction are taken to come back first: what stays with a reduction
        and what is refunded are often planned together.

        :return: `TaxedAmount`, unrounded
        """
        reduced, pieces = TaxedAmount(), self.quantity
        for credit in credits:
            pieces -= credit.quantity
            if not credit.lowers:
                continue
            line = credit.remedy_line
            if line.kind == "credit" and not line._sold_as_part():
                concerned = line._reduced_quantity(self)
                hit = self._complaint_hit(line, concerned, credits, quantity, source)
            else:
                concerned, hit = max(pieces, 0.0), min(quantity, max(pieces, 0.0))
            reduced += credit.amount.part(hit, concerned)
        return reduced

    def _complaint_hit(self, line, concerned, credits, quantity, source):
        """How many of the pieces complained of a reduction was for.

        :param line: `quality.complaint.remedy.line` of the reduction
        :param float concerned: pieces it was for
        """
        reduced, goods = line.complaint_line_id, (source.move_id, source.lot_id)
        if source != reduced and goods != (reduced.move_id, reduced.lot_id):
            return 0.0
        complained = reduced.product_uom_id._compute_quantity(
            reduced.quantity, self.product_uom_id, round=False
        )
        same = other = unknown = (
            # gone: of that complaint, of others on these goods, of nobody knows which
            0.0
        )
        for credit in credits:
            row = credit.remedy_line.complaint_line_id
            if row == reduced:
                same += credit.quantity
            elif not row:
                unknown += credit.quantity
            elif goods == (row.move_id, row.lot_id):
                other += credit.quantity
        there = complained
        if source != reduced:
            pool = self._complaint_pool(source)
            there = pool - other - max(unknown - (self.quantity - pool), 0.0)
        # pieces of that complaint without a reduction that are gone
        taken = min(same, max(complained - concerned, 0.0))
        free = there - concerned - taken
        return min(max(quantity - max(free, 0.0), 0.0), concerned)

    def _complaint_pool(self, source):
        """Pieces of the goods complained of that this line can be for, in its unit."""
        if not source.move_id:
            return self.quantity
        delivered = source.product_uom_id._compute_quantity(
            source._quantity_of(source.move_id, source.lot_id),
            self.product_uom_id,
            round=False,
        )
        return min(delivered, self.quantity)
