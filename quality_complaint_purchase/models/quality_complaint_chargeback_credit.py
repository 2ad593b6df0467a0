from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.quality_complaint.tools import goods_in_words


class QualityComplaintChargeback(models.Model):
    """Money from the supplier: his bill is reversed and the reversal reduced to what
    was agreed.
    """

    _inherit = "quality.complaint.chargeback"

    def action_create_vendor_credit_note(self):
        """Draft the vendor credit note over the agreed amount, once, for the accountant
        to post.

        :return: action that opens it, also when it was there already
        :raise UserError: nothing was agreed, or it is more than was billed and not
            credited yet
        """
        self.ensure_one()
        self._check_officer()
        self._check_state("answered", "settled")
        # sudo: what is credited was agreed with the supplier; drafting it needs no
        # rights in Invoicing
        note = self.sudo()._create_vendor_credit_note()
        return self.env["quality.complaint.remedy"]._view_documents(
            note, self.env._("Vendor Credit Notes")
        )

    def _live_account_lines(self):
        # sudo: counted for people who may not open them
        return self.sudo().account_line_ids.filtered(
            lambda line: (
                line.parent_state != "cancel" and line.move_id.move_type == "in_refund"
            )
        )

    def _create_vendor_credit_note(self):
        self.ensure_one()
        self._lock()
        known = self._live_account_lines().move_id
        if known:
            return known
        if self.currency_id.compare_amounts(self.agreed_amount, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "%s: the supplier agreed to bear nothing, so there is nothing to "
                    "credit.",
                    self.display_name,
                )
            )
        if not self.bill_line_id:
            self._advance({"bill_line_id": self._find_bill_line().id})
        note = (
            self._create_note_from_bill()
            if self.bill_line_id
            else self._create_note_without_bill()
        )
        note.message_post(
            body=self.env._("Vendor credit note for supplier complaint %s.", self.name)
        )
        return note

    def _find_bill_line(self):
        """The posted bill line of the order line: the first that has room for the
        quantity, else the first.
        """
        lines = self.purchase_line_id.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.move_type == "in_invoice"
                and line.price_subtotal > 0
            )
        ).sorted(lambda line: (line.date, line.id))
        return lines.filtered(self._fits_on)[:1] or lines[:1]

    def _fits_on(self, bill_line):
        """Whether a bill line has this quantity and some money left to credit."""
        quantity, amount = bill_line._chargeback_left()
        unit = bill_line.product_uom_id
        wanted = 0.0
        if (
            unit
            and self.product_uom_id
            and unit._has_common_reference(self.product_uom_id)
        ):
            wanted = self.product_uom_id._compute_quantity(
                self.quantity, unit, round=False
            )
        return bill_line.currency_id.compare_amounts(amount, 0.0) > 0 and (
            not unit or unit.compare(quantity, wanted) >= 0
        )

    # === from the bill ===

    def _create_note_from_bill(self):
        """Reverse the bill for this line only; journal, taxes, currency, fiscal
        position and analytic distribution are the bill's.
        """
        self.ensure_one()
        bill_line = self.bill_line_id
        bill, amount = bill_line.move_id, self._amount_in(bill_line.currency_id)
        self._check_room(bill_line, amount)
        wizard = (
            self.env["account.move.reversal"]
            .with_company(bill.company_id)
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(
                {
                    "journal_id": bill.journal_id.id,
                    "date": fields.Date.context_today(self),
                    "reason": self.name,
                }
            )
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        copied = note.invoice_line_ids.filtered(
            lambda line: line.chargeback_bill_line_id == bill_line
        )
        vals = self._exactly(
            self._prepare_credit_note_line_vals(copied, amount),
            amount,
            note.currency_id,
        )
        note.write(
            {
                "invoice_line_ids": [
                    *(Command.delete(line.id) for line in note.invoice_line_ids),
                    Command.create(vals),
                ]
            }
        )
        self._check_exact(note.invoice_line_ids, amount)
        return note

    def _amount_in(self, currency):
        """Agreed amount in the currency of the document."""
        return self.currency_id._convert(
            self.agreed_amount,
            currency,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _check_room(self, bill_line, amount):
        """:raise UserError: the bill line has not so much left to credit"""
        currency = bill_line.currency_id
        _quantity, left = bill_line._chargeback_left()
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(number)s: %(bill)s bills %(billed)s for %(product)s and "
                    "%(left)s of it are not credited yet; %(amount)s cannot be "
                    "credited on it. "
                    "Record a smaller agreed share, or credit the rest by hand.",
                    number=self.display_name,
                    bill=bill_line.move_id.display_name,
                    billed=currency.format(bill_line.price_subtotal),
                    product=bill_line.product_id.display_name,
                    left=currency.format(left),
                    amount=currency.format(amount),
                )
            )

    def _prepare_credit_note_line_vals(self, copied, amount):
        """Values of the credit note's line.

        :param copied: the reversal's copy of the bill line
        :param float amount: untaxed, in the bill's currency
        """
        self.ensure_one()
        vals = {
            "sequence": copied.sequence,
            "name": self._credit_note_text(),
            "account_id": copied.account_id.id,
            "tax_ids": [Command.set(copied.tax_ids.ids)],
            "analytic_distribution": copied.analytic_distribution,
            "chargeback_id": self.id,
            "chargeback_bill_line_id": copied.chargeback_bill_line_id.id,
        }
        goods = self._credited_goods(copied)
        if not goods:
            # no product and no order: the goods stay, so neither stock nor the
            # quantities of the order may move
            return {
                **vals,
                "account_id": self._account_without_goods(copied.account_id).id,
                "product_id": False,
                "quantity": 1.0,
                "price_unit": amount,
                "discount": 0.0,
            }
        unit, quantity = goods
        return {
            **vals,
            "product_id": copied.product_id.id,
            "product_uom_id": unit.id,
            "quantity": quantity,
            "price_unit": copied.price_unit
            * unit._compute_quantity(1.0, copied.product_uom_id, round=False),
            "discount": copied.discount,
            "purchase_line_id": copied.purchase_line_id.id
            if self._counts_on_order()
            else False,
        }

    def _credited_goods(self, copied):
        """Unit and quantity of goods that go back and fit what is left on the bill
        line; empty when the credit is money only.
        """
        unit = copied.product_uom_id
        if (
            not self._live_moves()
            or copied.product_id != self.product_id
            or not unit
            or not unit._has_common_reference(self.product_uom_id)
        ):
            return False
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, unit, rounding_method="HALF-UP"
        )
        left, _amount = copied.chargeback_bill_line_id._chargeback_left(without=copied)
        if unit.compare(quantity, left) > 0:
            return False
        exact = unit._compute_quantity(quantity, self.product_uom_id, round=False)
        if unit.is_zero(quantity) or self.product_uom_id.compare(exact, self.quantity):
            # the bill's unit cannot express it (4 pieces of a bill in dozens): use the
            # unit of the complaint
            unit, quantity = self.product_uom_id, self.quantity
        return unit, quantity

    def _counts_on_order(self):
        """Whether the credit note lowers the billed quantity of the order.

        Only where goods go back and the order is billed by what was received; otherwise
        the order would ask to be billed again.
        """
        return (
            bool(self._live_moves().filtered("to_refund"))
            and self.product_id.purchase_method == "receive"
        )

    def _account_without_goods(self, account):
        """Account of a credit that moves no goods: the bill's, unless that is the
        stock's value.
        """
        accounts = self.product_id.product_tmpl_id.with_company(
            self.company_id
        ).get_product_accounts()
        return (
            accounts["expense"] or account
            if account == accounts.get("stock_valuation")
            else account
        )

    def _credit_note_text(self):
        product = self._goods()
        if not self.product_id:
            return self.env._(
                "Supplier complaint %(number)s: %(product)s",
                number=self.name,
                product=product,
            )
        return self.env._(
            "Supplier complaint %(number)s: %(share).12g%% of %(goods)s",
            number=self.name,
            share=self.agreed_share,
            goods=goods_in_words(self.env, self.quantity, self.product_uom_id, product),
        )

    def _exactly(self, vals, amount, currency):
        """Values of a line that comes to the agreed untaxed amount, whatever units,
        discounts and included taxes make of it.

        A tax per piece is credited only for pieces that go back.
        """
        [(_command, _id, tax_ids)] = vals["tax_ids"]
        taxes = self.env["account.tax"].browse(tax_ids)
        if not vals.get("product_id"):
            taxes = taxes._complaint_of_value()
        vals = {**vals, "tax_ids": [Command.set(taxes.ids)]}
        taxes._complaint_make_exact(
            [(vals, taxes._complaint_on(amount, currency, vals["quantity"]))],
            self.company_id,
            currency,
        )
        return vals

    def _check_exact(self, line, amount):
        """:raise UserError: the untaxed amount is not what was agreed"""
        currency = line.currency_id
        if currency.compare_amounts(line.price_subtotal, amount):
            raise UserError(
                self.env._(
                    "%(number)s: the vendor credit note comes to %(actual)s instead "
                    "of %(target)s. Make it by hand in Invoicing.",
                    number=self.display_name,
                    actual=currency.format(line.price_subtotal),
                    target=currency.format(amount),
                )
            )

    # === without a bill ===

    def _create_note_without_bill(self):
        """A draft vendor credit note with the order line's taxes and account, for goods
        that are not billed yet.
        """
        self.ensure_one()
        order = self.purchase_line_id.order_id
        if order:
            ordered = self.purchase_line_id.price_subtotal
            credited = sum(
                line.price_subtotal
                for line in self.env["account.move.line"].search(
                    [
                        (
                            "chargeback_id.purchase_line_id",
                            "=",
                            self.purchase_line_id.id,
                        ),
                        ("parent_state", "!=", "cancel"),
                    ]
                )
            )
            left = ordered - credited
            if self.currency_id.compare_amounts(self.agreed_amount, left) > 0:
                raise UserError(
                    self.env._(
                        "%(number)s: %(order)s orders %(ordered)s of it and %(left)s "
                        "are not credited yet; %(amount)s cannot be credited.",
                        number=self.display_name,
                        order=order.name,
                        ordered=self.currency_id.format(ordered),
                        left=self.currency_id.format(left),
                        amount=self.currency_id.format(self.agreed_amount),
                    )
                )
        note = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(self._prepare_credit_note_vals())
        )
        self._check_exact(note.invoice_line_ids, self.agreed_amount)
        return note

    def _prepare_credit_note_vals(self):
        """A credit note that reverses no bill."""
        self.ensure_one()
        order = self.purchase_line_id.order_id
        vals = (
            order.with_context(default_move_type="in_refund")._prepare_invoice()
            if order
            else {"move_type": "in_refund"}
        )
        return {
            "partner_id": self.partner_id.id,
            **vals,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "ref": self.name,
            "invoice_line_ids": [
                Command.create(
                    self._exactly(
                        self._prepare_unbilled_line_vals(),
                        self.agreed_amount,
                        self.currency_id,
                    )
                )
            ],
        }

    def _prepare_unbilled_line_vals(self):
        self.ensure_one()
        line, product = (
            self.purchase_line_id,
            self.product_id.with_company(self.company_id),
        )
        taxes = (
            line.tax_ids
            if line
            else product.supplier_taxes_id.filtered(
                lambda tax: tax.company_id in self.company_id.parent_ids
            )
        )
        accounts = product.product_tmpl_id.get_product_accounts() if product else {}
        vals = {
            "name": self._credit_note_text(),
            "quantity": 1.0,
            "price_unit": self.agreed_amount,
            "tax_ids": [Command.set(taxes.ids)],
            "analytic_distribution": line.analytic_distribution,
            "chargeback_id": self.id,
        }
        if line and self._counts_on_order():
            return {
                **vals,
                "product_id": product.id,
                "product_uom_id": self.product_uom_id.id,
                "quantity": self.quantity,
                "price_unit": self.agreed_amount / self.quantity,
                "purchase_line_id": line.id,
            }
        if accounts.get("expense"):
            vals["account_id"] = accounts["expense"].id
        return vals
