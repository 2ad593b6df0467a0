from collections import namedtuple

from odoo import models

from ..tools.taxed_amount import spread

# what a credit note, or one that is planned, took off an invoice line: `line` of the
# credit note (empty while planned), `remedy_line` it was
# made for, `quantity` in the invoice line's unit, `TaxedAmount`, and whether it lowers
# what the other pieces are worth
Credit = namedtuple("Credit", "line remedy_line quantity amount lowers")


class AccountMove(models.Model):
    """Which credit notes count on an invoice, whoever made them; read when asked for,
    nothing is stored.
    """

    _inherit = "account.move"

    def _complaint_settled_by(self):
        """Credit notes reconciled with this invoice, or invoices with this credit note:
        {`account.move`: (part of the credit note, rate)}.

        The rate is what one unit of the credit note's currency settled in the
        invoice's. Exchange differences are entries of their own, so
        they are none of it.
        """
        settled = {}
        refund = self.move_type == "out_refund"
        lines = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        for partial in lines.matched_debit_ids if refund else lines.matched_credit_ids:
            other = (
                partial.debit_move_id if refund else partial.credit_move_id
            ).move_id
            note = self if refund else other
            if (
                other.move_type != ("out_invoice" if refund else "out_refund")
                or not note.amount_total
                or not partial.credit_amount_currency
            ):
                continue
            part, _rate = settled.get(other, (0.0, 1.0))
            rate = partial.debit_amount_currency / partial.credit_amount_currency
            settled[other] = (
                part + partial.credit_amount_currency / note.amount_total,
                rate,
            )
        return settled


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _complaint_credits(self, without=None):
        """Everything credited on this invoice line, drafts included: our notes,
        reversals, credit notes typed by hand.

        Lines that say which invoice line they credit count there. Lines typed into a
        reversal, or into a credit note reconciled with the
        invoice, count as pieces where product and unit are known, else their amount
        lowers what all the rest is worth. Credit notes of the
        order that were never settled count where no other invoice of the order has room
        for them.

        :param without: credit note lines not to count
        :return: list of `Credit`, oldest first
        """
        self.ensure_one()
        without = without or self.browse()
        booked = {}

        def amount_of(line):
            if line.move_id not in booked:
                booked[line.move_id] = line.move_id._complaint_booked()
            return booked[line.move_id][line]

        counted = [
            (line, self._complaint_quantity_of(line), amount_of(line))
            for line in self._complaint_credit_lines() - without
        ]
        for line, part, rate in self._complaint_typed_credits():
            if line not in without:
                counted += self._complaint_typed_share(line, part, rate, amount_of)
        counted += self._complaint_order_share(
            self._complaint_order_credits(without), amount_of
        )
        nobody = self.env["quality.complaint.remedy.line"]
        credits = [
            Credit(
                line,
                line.remedy_line_id or nobody,
                quantity,
                amount,
                not quantity and amount.untaxed > 0,
            )
            for line, quantity, amount in counted
        ]
        return sorted(
            credits + self._complaint_discount_credits(without, amount_of),
            key=lambda credit: credit.line.id,
        )

    def _complaint_counts(self):
        """Those of these lines that credit a price: a compensation in money does
        not.
        """
        return self.filtered(
            lambda line: (
                line.move_id.move_type == "out_refund"
                and line.parent_state != "cancel"
                and line.display_type == "product"
                and not line.is_downpayment
                and line.remedy_line_id.kind != "cash_compensation"
                and not line.move_id._complaint_taken_back()
            )
        )

    def _complaint_credit_lines(self):
        """Credit note lines that say they credit this one."""
        return self.complaint_credit_line_ids._complaint_counts()

    def _complaint_quantity_of(self, line):
        """Pieces a credit note line takes off this invoice line, in this line's unit,
        unrounded; price reductions have none.
        """
        if line.product_id and line.product_id != self.product_id:
            return 0.0  # a component of a kit counts by its amount
        if line.remedy_line_id:
            exact = line._complaint_exact_quantity()
            return (
                line.remedy_line_id.product_uom_id._compute_quantity(
                    exact, self.product_uom_id, round=False
                )
                if exact
                else 0.0
            )
        if line.product_id and line.product_uom_id:
            return line.product_uom_id._compute_quantity(
                line.quantity, self.product_uom_id, round=False
            )
        return 0.0

    def _complaint_discount_credits(self, without, amount_of):
        """What reversals gave back of the discounts on this line."""
        credits = []
        for discount, weights in self.move_id._complaint_shares().items():
            if self in weights:
                for line in discount._complaint_credit_lines() - without:
                    amount = spread(amount_of(line), weights, self.currency_id)[self]
                    credits.append(
                        Credit(line, line.remedy_line_id, 0.0, amount, False)
                    )
        return credits

    # === typed by hand ===

    def _complaint_typed_credits(self):
        """Lines that somebody typed into a reversal of this invoice, or into a credit
        note reconciled with it.

        :return: list of (line, part of it that is this invoice's, rate)
        """
        found = {note: (1.0, 1.0) for note in self.move_id.reversal_move_ids}
        for note, settled in self.move_id._complaint_settled_by().items():
            if not note.reversed_entry_id:
                found[note] = settled
        return [
            (line, *settled)
            for note, settled in found.items()
            for line in note.invoice_line_ids._complaint_counts().filtered(
                lambda line: not line.complaint_reversed_line_id
            )
        ]

    def _complaint_typed_share(self, line, part, rate, amount_of):
        """What a typed line of a credit note takes off this invoice line.

        :return: list of at most one (line, quantity, `TaxedAmount`)
        """
        amount = amount_of(line).part(part * rate, 1.0)
        same = self._complaint_same_goods(line, self.move_id)
        if not same:
            goods = self.move_id.invoice_line_ids._complaint_goods()
            shares = spread(
                amount.rounded(self.currency_id),
                {row: row._complaint_paid() for row in goods},
                self.currency_id,
            )
            return [(line, 0.0, shares[self])] if self in shares else []
        if self not in same:
            return []
        quantity = self._complaint_quantity_of(line) * part
        weight = self._complaint_left_over(quantity, same - self)
        return (
            [
                (
                    line,
                    quantity * weight,
                    amount.part(weight, 1.0).rounded(self.currency_id),
                )
            ]
            if weight
            else []
        )

    def _complaint_same_goods(self, line, invoices):
        """The lines of these invoices that a credit note line can be for: of its order
        line if it has one, else of its product.
        """
        unit = line.product_uom_id
        if not line.product_id or not unit:
            return self.browse()
        same = invoices.invoice_line_ids._complaint_goods().filtered(
            lambda row: (
                row.product_id == line.product_id
                and row.product_uom_id
                and row.product_uom_id._has_common_reference(unit)
            )
        )
        return same.filtered(lambda row: row.sale_line_ids & line.sale_line_ids) or same

    def _complaint_left_over(self, quantity, others):
        """Which part of a credited quantity, in this line's unit, counts here because
        other invoice lines it could be for have no room.
        """
        room = 0.0
        for other in others:
            gone = sum(
                other._complaint_quantity_of(line)
                for line in other._complaint_credit_lines()
            )
            room += other.product_uom_id._compute_quantity(
                max(other.quantity - gone, 0.0), self.product_uom_id, round=False
            )
        return (
            max(quantity - room, 0.0) / quantity
            if quantity > 0
            else 1.0 / (len(others) + 1)
        )

    # === of the order ===

    def _complaint_order_credits(self, without):
        """Lines of credit notes made from the order, with the part of each that settled
        no invoice; drafts have settled none.
        """
        rows = self.sale_line_ids.invoice_lines._complaint_counts() - without
        rows = rows.filtered(
            lambda line: (
                not line.complaint_reversed_line_id
                and not line.move_id.reversed_entry_id
            )
        )
        found = []
        for line in rows:
            part = 1.0 - sum(
                part for part, _rate in line.move_id._complaint_settled_by().values()
            )
            if part > 1e-6:
                found.append((line, part))
        return found

    def _complaint_order_share(self, rows, amount_of):
        """What unsettled credit notes of the order take off this invoice line, taken
        together: what its other invoices have no room for.
        """
        total = sum(self._complaint_quantity_of(line) * part for line, part in rows)
        others = (
            self.sale_line_ids.invoice_lines.filtered(
                lambda row: (
                    row.move_id.move_type == "out_invoice"
                    and row.parent_state == "posted"
                    and row.product_id == self.product_id
                )
            )
            - self
        )
        weight = self._complaint_left_over(total, others)
        if not weight:
            return []
        return [
            (
                line,
                self._complaint_quantity_of(line) * part * weight,
                amount_of(line).part(part * weight, 1.0),
            )
            for line, part in rows
        ]
