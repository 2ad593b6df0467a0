from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .worth import WorthCase


@tagged("post_install", "-at_install")
class TestDiscountLines(WorthCase):
    """What a discount on a line of its own took off belongs to the goods it was given
    for; gift cards are payments.
    """

    def rewarded(
        self,
        order_lines,
        reward,
        price,
        program_type="promotion",
        tax=True,
        apply=False,
    ):
        """The invoice of an order with a reward line of Odoo's loyalty programs."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Spring",
                "program_type": program_type,
                "company_id": self.company.id,
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 1})],
                "reward_ids": [Command.clear(), Command.create(reward)],
            }
        )
        reward = program.reward_ids
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 1000}
        )
        product = reward.discount_line_product_id
        order = self.order_of(*order_lines)
        order.order_line = [
            Command.create(
                {
                    "name": "Reward",
                    "product_id": product.id,
                    "product_uom_qty": 1,
                    "price_unit": price,
                    "reward_id": reward.id,
                    "coupon_id": card.id,
                    "tax_ids": [Command.set(self.tax.ids if tax else [])],
                }
            )
        ]
        order.order_line.filtered("reward_id").price_unit = price
        invoice = self.invoice(order)
        self.assertTrue(
            invoice.invoice_line_ids.filtered(
                lambda line: line.product_id == product and line.price_subtotal == price
            )
        )
        return invoice

    def check_half(self, invoice):
        """Ten pieces at 10.00 for which 50.00 were paid: four are 20.00, then the other
        six settle the invoice.
        """
        line = self.line_of(invoice, self.valve)
        self.assertEqual(self.settle(line, 4), (20.0, 4.0))
        self.assertEqual(self.settle(line, 6), (30.0, 6.0))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_promotion_on_the_order_as_odoo_applies_it(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Half price",
                "program_type": "promotion",
                "company_id": self.company.id,
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_amount": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": 50,
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.valve.id,
                            "product_uom_qty": 10,
                            "price_unit": 10.0,
                        }
                    )
                ],
            }
        )
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            if coupon.program_id == program:
                order._apply_program_reward(rewards, coupon)
        order.action_confirm()
        self.deliver(order)
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_untaxed, 50.0)
        self.check_half(invoice)

    def test_coupon_for_one_product_lowers_that_one_only(self):
        reward = {
            "reward_type": "discount",
            "discount_mode": "percent",
            "discount": 50,
            "discount_applicability": "specific",
            "discount_product_ids": [Command.set(self.valve.ids)],
        }
        invoice = self.rewarded(
            [(self.valve, 10, 10.0), (self.pump, 10, 10.0)], reward, -50.0, "coupons"
        )
        self.assertEqual(
            self.settle(self.line_of(invoice, self.pump), 10), (100.0, 20.0)
        )
        self.check_half(invoice)

    def test_cheapest_product_free(self):
        reward = {
            "reward_type": "discount",
            "discount_mode": "percent",
            "discount": 100,
            "discount_applicability": "cheapest",
        }
        invoice = self.rewarded(
            [(self.valve, 10, 10.0), (self.pump, 2, 30.0)], reward, -10.0
        )
        self.assertEqual(self.settle(self.line_of(invoice, self.pump), 2), (60.0, 12.0))
        self.assertEqual(
            self.settle(self.line_of(invoice, self.valve), 10), (90.0, 18.0)
        )

    def test_free_shipping_is_given_for_the_shipping(self):
        shipping = self.make_product(
            "Parcel", type="service", is_storable=False, invoice_policy="order"
        )
        lines = [
            (self.valve, 10, 10.0),
            {
                "product_id": shipping,
                "product_uom_qty": 1,
                "price_unit": 15.0,
                "is_delivery": True,
            },
        ]
        invoice = self.rewarded(lines, {"reward_type": "shipping"}, -15.0)
        self.assertEqual(self.settle(self.line_of(invoice, self.valve), 4), (40.0, 8.0))
        self.assertEqual(self.line_of(invoice, shipping)._complaint_paid(), 0.0)

    def test_discount_for_fetching_the_goods_lowers_their_price(self):
        """A delivery line with a negative price."""
        fetched = {
            "product_id": self.rebate,
            "product_uom_qty": 1,
            "price_unit": -50.0,
            "is_delivery": True,
        }
        self.check_half(
            self.invoice_of(
                (self.valve, 10, 10.0),
                {**fetched, "tax_ids": [Command.set(self.tax.ids)]},
            )
        )

    def test_gift_card_is_a_payment(self):
        reward = {
            "reward_type": "discount",
            "discount_mode": "per_point",
            "discount": 1,
            "discount_applicability": "order",
        }
        invoice = self.rewarded(
            [(self.valve, 10, 10.0)], reward, -60.0, "gift_card", tax=False
        )
        self.assertEqual(invoice.amount_total, 60.0)
        line = self.line_of(invoice, self.valve)
        self.assertEqual(self.settle(line, 4), (40.0, 8.0))
        self.assertEqual(self.settle(line, 6), (60.0, 12.0))

    def test_rebate_typed_on_the_invoice(self):
        without, product = (
            {"name": "x", "price_unit": -50.0},
            {"product_id": self.rebate.id, "price_unit": -50.0},
        )
        for vals in (
            without,
            product,
            {"name": "x", "quantity": -1, "price_unit": 50.0},
        ):
            with self.subTest(**vals):
                invoice = self.order_of((self.valve, 10, 10.0))._create_invoices()
                invoice.invoice_line_ids = [
                    Command.create({"tax_ids": [Command.set(self.tax.ids)], **vals})
                ]
                invoice.action_post()
                self.assertEqual(invoice.amount_untaxed, 50.0)
                self.check_half(invoice)

    def test_rebate_belongs_to_the_goods_with_its_taxes(self):
        reduced = self.make_sale_tax("VAT 7", 7)
        invoice = self.order_of(
            (self.valve, 10, 10.0),
            {
                "product_id": self.pump,
                "product_uom_qty": 10,
                "price_unit": 10.0,
                "tax_ids": reduced.ids,
            },
        )
        invoice = invoice._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "x",
                    "price_unit": -50.0,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
        ]
        invoice.action_post()
        self.assertEqual(
            self.settle(self.line_of(invoice, self.pump), 10), (100.0, 7.0)
        )
        self.check_half(invoice)

    def test_rebate_over_several_goods_is_spread_to_the_cent(self):
        """10.00 off 20.00, 30.00 and 40.01: 17.78, 26.67 and 35.56; the value on the
        complaint says so.
        """
        bolt = self.make_goods("Bolt")
        invoice = self.order_of(
            (self.valve, 2, 10.0), (self.pump, 3, 10.0), (bolt, 1, 40.01)
        )._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "x",
                    "price_unit": -10.0,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
        ]
        invoice.action_post()
        paid = [
            self.line_of(invoice, product)._complaint_paid()
            for product in (self.valve, self.pump, bolt)
        ]
        self.assertEqual([round(amount, 2) for amount in paid], [17.78, 26.67, 35.56])
        self.assertEqual(
            self.complaint_of(self.line_of(invoice, bolt), 1).line_ids.value, 35.56
        )

    def test_goods_taken_back_and_free_lines_are_no_discounts(self):
        invoice = self.order_of(
            (self.valve, 10, 10.0),
            {
                "product_id": self.pump,
                "product_uom_qty": 1,
                "price_unit": 30.0,
                "discount": 100.0,
            },
        )
        invoice = invoice._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.pump.id,
                    "quantity": -1,
                    "price_unit": 30.0,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
        ]
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 70.0)
        self.assertEqual(self.settle(self.line_of(invoice, self.valve), 4), (40.0, 8.0))

    def test_reversal_by_hand_of_discounted_goods(self):
        """Four pieces and their 20.00 of the rebate reversed by hand: the other six are
        worth 30.00.
        """
        invoice = self.order_of((self.valve, 10, 10.0))._create_invoices()
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "x",
                    "price_unit": -50.0,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            )
        ]
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        wizard.refund_moves()
        note = wizard.new_move_ids
        self.line_of(note, self.valve).quantity = 4
        note.invoice_line_ids.filtered(
            lambda line: line.price_unit < 0
        ).price_unit = -20.0
        note.action_post()
        line = self.line_of(invoice, self.valve)
        self.assertEqual(self.settle(line, 2), (10.0, 2.0))
        self.assertEqual(self.settle(line, 4), (20.0, 4.0))
        self.assertEqual(invoice.amount_residual, 0.0)


@tagged("post_install", "-at_install")
class TestReductionThenRefund(WorthCase):
    """What a remaining piece is worth is what was paid less what was reduced, spread
    over the pieces the reduction was for.
    """

    def setUp(self):
        super().setUp()
        self.paper = self.invoice_of((self.valve, 10, 10.0))
        self.line = self.line_of(self.paper, self.valve)

    def test_half_off_ten_then_two_back(self):
        complaint = self.complaint_of(self.line, 10)
        self.assertEqual(
            self.settle(self.line, 10, "credit", complaint=complaint, percent=50.0),
            (50.0, 10.0),
        )
        self.assertEqual(self.settle(self.line, 2, complaint=complaint), (10.0, 2.0))
        self.assertEqual(self.settle(self.line, 8, complaint=complaint), (40.0, 8.0))
        self.assertEqual(self.paper.amount_residual, 0.0)

    def test_amount_off_then_all_back(self):
        self.assertEqual(self.settle(self.line, 10, "credit", amount=20.0), (20.0, 4.0))
        self.assertEqual(self.settle(self.line, 10), (80.0, 16.0))
        self.assertEqual(self.paper.amount_residual, 0.0)

    def test_reduction_that_is_planned_counts_whatever_is_executed_first(self):
        complaint = self.complaint_of(self.line, 10)
        reduction = self.plan(complaint, "credit", 10, percent=50.0)
        refund = self.plan(complaint, "refund", 2, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        self.assertEqual(refund.line_ids.amount, 10.0)
        refund.action_execute()
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 10.0)
        reduction.action_execute()
        self.assertEqual(reduction.credit_note_ids.amount_untaxed, 50.0)

    def test_pieces_kept_with_a_reduction_and_pieces_refunded_in_one_plan(self):
        """Four stay at half price, six are refunded: these are other pieces, at their
        full price.
        """
        complaint = self.complaint_of(self.line, 10)
        self.assertEqual(
            self.settle(self.line, 4, "credit", complaint=complaint, percent=50.0),
            (20.0, 4.0),
        )
        self.assertEqual(self.settle(self.line, 6, complaint=complaint), (60.0, 12.0))
        self.assertEqual(self.settle(self.line, 4), (20.0, 4.0))
        self.assertEqual(self.paper.amount_residual, 0.0)

    def test_reduction_after_a_refund_is_of_the_rest(self):
        complaint = self.complaint_of(self.line, 10)
        self.assertEqual(self.settle(self.line, 4, complaint=complaint), (40.0, 8.0))
        self.assertEqual(
            self.settle(self.line, 6, "credit", complaint=complaint, percent=50.0),
            (30.0, 6.0),
        )
        self.assertEqual(self.settle(self.line, 3), (15.0, 3.0))

    def test_second_reduction_is_of_the_reduced_price(self):
        complaint = self.complaint_of(self.line, 10)
        self.assertEqual(
            self.settle(self.line, 10, "credit", complaint=complaint, percent=50.0),
            (50.0, 10.0),
        )
        self.assertEqual(
            self.settle(self.line, 10, "credit", complaint=complaint, percent=100.0),
            (50.0, 10.0),
        )
        self.assertEqual(self.paper.amount_residual, 0.0)
        refund = self.plan(complaint, "refund", 2, goods="keep", when="on_approval")
        with self.assertRaisesRegex(UserError, "nothing of what was paid"):
            refund.action_submit()

    def test_reduction_of_another_lot_leaves_the_price(self):
        lots = [self.make_lot(name, quantity=10) for name in ("W-A", "W-B")]
        self.sell(dict.fromkeys(lots, 5))
        self.executed(lots[0], "credit", percent=50.0)
        for lot, expected in zip(lots, (10.0, 20.0), strict=True):
            _complaint, refund = self.executed(
                lot, quantity=2, goods="keep", when="on_approval"
            )
            self.assertEqual(refund.credit_note_ids.amount_untaxed, expected)

    def test_ten_odd_reductions_and_refunds_settle_the_invoice(self):
        """33.33 % off ten pieces at 3.33, then three, three and four back: what was
        paid, to the cent.
        """
        paper = self.invoice_of((self.valve, 10, 3.33))
        line = self.line_of(paper, self.valve)
        notes = [
            self.settle(line, 10, "credit", percent=33.33),
            *(self.settle(line, quantity) for quantity in (3, 3, 4)),
        ]
        self.assertEqual([untaxed for untaxed, _tax in notes], [11.1, 6.66, 6.66, 8.88])
        self.assertEqual(paper.amount_residual, 0.0)


@tagged("post_install", "-at_install")
class TestTypedCreditNotes(WorthCase):
    """A credit note typed by hand counts as credited once it is reconciled: pieces
    where the product is known, else it lowers the rest.
    """

    def setUp(self):
        super().setUp()
        self.paper = self.invoice_of((self.valve, 10, 10.0))
        self.line = self.line_of(self.paper, self.valve)

    def check_refundable(self, line, pieces, amount):
        complaint = self.complaint_of(line, min(pieces + 1, line.quantity))
        if pieces < line.quantity:
            more = self.plan(
                complaint, "refund", pieces + 1, goods="keep", when="on_approval"
            )
            with self.assertRaises(UserError):
                more.action_submit()
            more.unlink()
        self.assertEqual(self.settle(line, pieces, complaint=complaint)[0], amount)

    def test_pieces_of_the_product(self):
        self.reconcile(
            self.paper,
            self.typed_note(
                {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0}
            ),
        )
        self.check_refundable(self.line, 6, 60.0)
        self.assertEqual(self.paper.amount_residual, 0.0)

    def test_pieces_in_another_unit(self):
        self.reconcile(
            self.paper,
            self.typed_note(
                {
                    "product_id": self.valve.id,
                    "product_uom_id": self.dozen.id,
                    "quantity": 0.5,
                    "price_unit": 120.0,
                }
            ),
        )
        self.check_refundable(self.line, 4, 40.0)

    def test_amount_without_product_lowers_what_remains(self):
        self.reconcile(
            self.paper, self.typed_note({"name": "Goodwill", "price_unit": 20.0})
        )
        self.assertEqual(self.settle(self.line, 5), (40.0, 8.0))
        self.assertEqual(self.settle(self.line, 5), (40.0, 8.0))
        self.assertEqual(self.paper.amount_residual, 0.0)

    def test_amount_after_a_refund_lowers_the_rest_only(self):
        self.assertEqual(self.settle(self.line, 5), (50.0, 10.0))
        self.reconcile(
            self.paper, self.typed_note({"name": "Goodwill", "price_unit": 20.0})
        )
        self.assertEqual(self.settle(self.line, 2), (12.0, 2.4))
        self.assertEqual(self.settle(self.line, 3), (18.0, 3.6))

    def test_not_reconciled_it_is_of_nothing(self):
        self.typed_note(
            {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0}
        )
        self.assertEqual(self.settle(self.line, 10), (100.0, 20.0))

    def test_reconciliation_undone_is_read_when_asked(self):
        note = self.typed_note(
            {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0}
        )
        self.reconcile(self.paper, note)
        note.line_ids.remove_move_reconcile()
        self.assertEqual(self.settle(self.line, 10), (100.0, 20.0))

    def test_over_several_invoices_by_reconciled_amounts(self):
        """48.00 for four pieces, half of it on each of two invoices: two pieces
        each.
        """
        other = self.invoice_of((self.valve, 10, 10.0))
        note = self.typed_note(
            {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0}
        )
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.paper.ids
        )
        payment.create({"amount": 96.0})._create_payments()
        self.assertEqual(self.paper.amount_residual, 24.0)
        self.reconcile(self.paper, note)
        self.reconcile(other, note)
        self.assertEqual((note.amount_residual, other.amount_residual), (0.0, 96.0))
        self.check_refundable(self.line, 8, 80.0)
        self.check_refundable(self.line_of(other, self.valve), 8, 80.0)

    def test_exchange_difference_is_none_of_it(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                }
                for day, rate in (("2020-01-01", 0.5), ("2026-03-01", 0.8))
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self.order_of((self.valve, 10, 10.0), pricelist_id=pricelist.id)
        paper = order._create_invoices()
        paper.invoice_date = "2026-02-02"
        paper.action_post()
        note = self.typed_note(
            {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0},
            currency_id=euro.id,
        )
        self.reconcile(paper, note)
        self.assertTrue(
            self.env["account.partial.reconcile"]
            .search([("credit_move_id", "in", note.line_ids.ids)])
            .exchange_move_id
        )
        self.check_refundable(self.line_of(paper, self.valve), 6, 60.0)

    def test_one_order_in_two_invoices_credited_by_hand_on_one(self):
        """6 + 4: the four credited on the second leave six on the first, settled with
        it or with nothing.
        """
        for settled in ("reversal", "reconciled", "typed into the reversal", "open"):
            with self.subTest(settled=settled):
                order = self.order_of((self.valve, 10, 10.0))
                first = order._create_invoices()
                first.invoice_line_ids.quantity = 6
                first.action_post()
                second = self.invoice(order)
                note = self.typed_note(
                    {
                        "product_id": self.valve.id,
                        "quantity": 4,
                        "price_unit": 10.0,
                        "sale_line_ids": [Command.set(order.order_line.ids)],
                    },
                    **(
                        {"reversed_entry_id": second.id}
                        if "reversal" in settled
                        else {}
                    ),
                    post=settled != "reversal",
                )
                if settled == "reversal":
                    note.invoice_line_ids.complaint_reversed_line_id = self.line_of(
                        second, self.valve
                    )
                    note.action_post()
                elif settled == "reconciled":
                    self.reconcile(second, note)
                self.check_refundable(self.line_of(first, self.valve), 6, 60.0)
                complaint = self.complaint_of(self.line_of(second, self.valve), 1)
                self.plan(complaint, "refund", 1, goods="keep", when="on_approval")
                with self.assertRaises(UserError):
                    complaint.action_submit_plan()

    def test_credit_note_that_is_linked_counts_once(self):
        """Adopted by the remedy, it counts on its invoice line whatever it is
        reconciled with.
        """
        note = self.typed_note(
            {"product_id": self.valve.id, "quantity": 4, "price_unit": 10.0}
        )
        self.reconcile(self.paper, note)
        complaint = self.complaint_of(self.line, 10)
        refund = self.plan(complaint, "refund", 6, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        wizard = self.env["quality.complaint.link.document"].create(
            {"remedy_id": refund.id}
        )
        self.assertEqual(wizard.candidate_move_ids, note)
        wizard.move_id = note
        wizard.action_link()
        refund.action_execute()
        self.assertEqual(
            sorted(refund.credit_note_ids.mapped("amount_untaxed")), [20.0, 40.0]
        )
        self.assertEqual(self.line._complaint_credited(), (6.0, 60.0))
