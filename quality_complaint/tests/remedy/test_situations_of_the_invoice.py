from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .situations import SituationCase
from .test_matrix import COMPLAIN, SELL


@tagged("post_install", "-at_install")
class TestSituationsOfTheInvoice(SituationCase):
    """Whatever else is on the invoice, the remedy credits what was paid for its
    goods.
    """

    def test_cash_rounding_of_the_invoice_is_credited_with_all_of_it(self):
        """An invoice rounded to 5 cents is settled by the refund of all goods."""
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.cost_account.id,
                "loss_account_id": self.cost_account.id,
            }
        )
        order = self.sell_goods(3, 3.33)
        invoice = order._create_invoices()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual(
            (invoice.amount_total, invoice.invoice_line_ids.price_subtotal),
            (12.0, 9.99),
        )
        note = self.receive_and_post(self.complain_of(invoice))
        self.assertEqual(
            (note.invoice_line_ids.price_subtotal, note.amount_tax, note.amount_total),
            (9.99, 2.0, 12.0),
        )
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_early_payment_discount_that_lowers_the_tax_lowers_the_credited_tax(self):
        """With the discount always taken off the taxed amount, the refund of all goods
        settles the invoice to the cent.
        """
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        order = self.sell_goods()
        order.payment_term_id = term
        invoice = self.invoice(order)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.0, 19.6))
        some = self.receive_and_post(self.complain_of(invoice, 4))
        self.assertEqual((some.amount_untaxed, some.amount_tax), (40.0, 7.84))
        rest = self.receive_and_post(self.complain_of(invoice, 6))
        self.assertEqual((rest.amount_untaxed, rest.amount_tax), (60.0, 11.76))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_early_payment_discount_taken_on_payment_leaves_the_full_price_to_credit(
        self,
    ):
        """Where the tax is lowered on early payment only, the refund is at the price
        and tax invoiced.
        """
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % on payment",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        order = self.sell_goods()
        order.payment_term_id = term
        invoice = self.invoice(order)
        note = self.receive_and_post(self.complain_of(invoice, 4))
        self.assertEqual(
            (note.amount_untaxed, note.amount_tax, invoice.amount_residual),
            (40.0, 8.0, 72.0),
        )

    def test_global_discount_lowers_the_price_paid(self):
        """A discount on the whole order was not paid: 4 of 10 pieces at 10.00 less 10 %
        are 36.00, and all of them can be refunded.
        """
        order = self.sell_goods()
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_untaxed, 90.0)
        some = self.receive_and_post(self.complain_of(order, 4))
        self.assertEqual((some.amount_untaxed, some.amount_total), (36.0, 43.2))
        rest = self.receive_and_post(self.complain_of(order, 6))
        self.assertEqual((rest.amount_untaxed, invoice.amount_residual), (54.0, 0.0))

    def test_down_payment_was_paid_for_the_goods_too(self):
        """What the down payment took off the final invoice was paid before: all goods
        are credited at their price.
        """
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 10,
                            "price_unit": 10.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        order.invoice_ids.action_post()
        self.deliver(order)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 70.0)
        self.clock.move_to(COMPLAIN)
        note = self.receive_and_post(self.complain_of(order.picking_ids))
        self.assertEqual((note.amount_untaxed, note.amount_total), (100.0, 120.0))
        self.assertEqual((invoice.amount_residual, note.amount_residual), (0.0, 36.0))
        line = order.order_line.filtered(lambda line: line.product_id == self.goods)
        self.assertEqual(
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            (0.0, 0.0, 0.0),
        )

    def test_delivery_invoiced_twice_is_credited_on_the_invoice_chosen(self):
        """Two invoices for one delivery: the second, dearer one is chosen, and its
        price and cost are credited.
        """
        order = self.sell_goods()
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 6
        first.action_post()
        second = order._create_invoices()
        second.invoice_line_ids.price_unit = 12.5
        second.action_post()
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        self.assertEqual(complaint.line_ids.match_state, "several")
        remedy = self.complain_of(second, 3)
        note = self.receive_and_post(remedy)
        self.assertEqual((note.amount_untaxed, note.reversed_entry_id), (37.5, second))
        self.assertEqual(
            (self._cost_of_goods(second), self._cost_of_goods(note)),
            ((-12.4, 12.4), (9.3, -9.3)),
        )
        self.assertEqual(
            (order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (7.0, 0.0)
        )

    def test_credit_note_of_a_locked_period_is_booked_after_it(self):
        """The invoice's month is locked before the credit note is posted: it is booked
        in the first open one, cost of goods too.
        """
        for lock in ("fiscalyear_lock_date", "sale_lock_date", "tax_lock_date"):
            with (
                self.subTest(lock=lock),
                self.env.cr.savepoint(flush=True) as savepoint,
            ):
                self.clock.move_to(SELL)
                order = self.sell_goods()
                invoice = self.invoice(order)
                remedy = self.complain_of(order.picking_ids, 4)
                self.receive(remedy)
                self.env.flush_all()
                self.company[lock] = "2026-03-31"
                self.clock.move_to("2026-04-02 08:00:00")
                note = remedy.credit_note_ids
                note.action_post()
                self.assertEqual(
                    (note.state, note.amount_total, invoice.amount_residual),
                    ("posted", 48.0, 72.0),
                )
                self.assertGreater(note.date, fields.Date.to_date("2026-03-31"))
                self.assertEqual(set(note.line_ids.mapped("date")), {note.date})
                savepoint.rollback()

    def test_return_asked_for_before_a_lock_is_received_once_it_is_rescheduled(self):
        """Odoo receives nothing scheduled in a locked period; with a new date the goods
        arrive and are credited in the open one.
        """
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        self.env.flush_all()
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.clock.move_to("2026-04-02 08:00:00")
        with self.assertRaises(
            ValidationError, msg="locked fiscal period"
        ):  # assertRaisesRegex would not roll the receipt back
            self.receive(remedy)
        remedy.picking_ids.scheduled_date = "2026-04-02 08:00:00"
        self.env.flush_all()
        note = self.receive_and_post(remedy)
        self.assertFalse(remedy.failure)
        self.assertEqual(
            (remedy.picking_ids.move_ids.value, note.amount_total, str(note.date)),
            (12.4, 48.0, "2026-04-02"),
        )

    def test_people_without_complaints_book_value_and_cost(self):
        """The warehouse receives and accounting posts, neither sees a complaint: value
        and cost are the same.
        """
        self.make_users()
        order = self.sell_goods()
        self.invoice(order)
        self.supply(self.goods, self.stock, 90.0, 9.10)
        remedy = self.complain_of(order.picking_ids, 4, settlement="payout")
        note = self.receive_and_post_as_staff(remedy)
        self.assertEqual(
            (
                remedy.picking_ids.move_ids.value,
                note.amount_untaxed,
                self._cost_of_goods(note),
            ),
            (12.4, 40.0, (12.4, -12.4)),
        )

    def test_service_without_delivery_is_refunded_from_its_invoice(self):
        """A service has no delivery: its invoice is linked by hand, what was paid is
        credited and not offered for invoicing.
        """
        hours = self.make_product(
            "Fitting", type="service", is_storable=False, invoice_policy="order"
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": hours.id,
                            "product_uom_qty": 8,
                            "price_unit": 60.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        invoice = self.invoice(order)
        self.clock.move_to(COMPLAIN)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create(
                    {
                        "product_id": hours.id,
                        "quantity": 2,
                        "invoice_line_id": invoice.invoice_line_ids.id,
                    }
                )
            ],
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            (remedy.credit_note_ids.amount_untaxed, invoice.amount_residual),
            (120.0, 432.0),
        )
        self.assertEqual(
            (
                order.order_line.qty_invoiced,
                order.order_line.qty_to_invoice,
                remedy.state,
            ),
            (8.0, 0.0, "done"),
        )

    def test_without_a_price_list_other_goods_are_worth_their_list_price(self):
        """A dozen given is worth twelve times the list price, in the currency of the
        invoice.
        """
        self.env["product.pricelist"].search([]).active = False
        gift = self.make_product("Gift box", list_price=5.55)
        order = self.sell_goods()
        self.invoice(order)
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        vals = {
            "complaint_line_id": complaint.line_ids.id,
            "product_id": gift.id,
            "quantity": 1,
            "product_uom_id": self.dozen.id,
        }
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [Command.create(vals)],
            }
        )
        self.assertEqual(remedy.line_ids.amount, 66.6)
