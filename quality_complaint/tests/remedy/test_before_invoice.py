from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestBeforeInvoice(ComplaintCase):
    """Goods complained of before their invoice: it is picked up when it comes, and
    nobody pays for goods that are back.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("W-1", quantity=10)
        cls.order = cls.sell({cls.lot: 10}, invoice=False)
        cls.line = cls.order.order_line

    def complain(self, quantity=4):
        complaint = self.make_complaint(lot_ref="W-1")
        complaint.line_ids.quantity = quantity
        return self.investigated(complaint)

    def execute(self, complaint, kind, **vals):
        remedy = self.plan(complaint, kind, **vals)
        if kind == "return":
            remedy.action_submit()
            remedy.action_execute()
        else:
            complaint.action_submit_plan()
            complaint.action_execute()
        return remedy

    def on_order(self):
        return self.line.qty_delivered, self.line.qty_invoiced, self.line.qty_to_invoice

    def test_posted_invoice_is_picked_up(self):
        complaint = self.complain()
        self.assertFalse(complaint.line_ids.invoice_id)
        invoice = self.invoice(self.order)
        self.assertEqual(complaint.line_ids.invoice_line_id, invoice.invoice_line_ids)
        self.assertEqual(complaint.line_ids.value, 40.0)

    def test_closed_file_stays_as_it_is(self):
        complaint = self.complain()
        complaint._advance({"state": "cancelled"})
        self.invoice(self.order)
        self.assertFalse(complaint.line_ids.invoice_id)

    def test_accountant_without_access_to_complaints_posts_the_invoice(self):
        complaint = self.complain()
        accountant = new_test_user(
            self.env,
            "later_accountant",
            "account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        invoice = self.order._create_invoices()
        invoice.with_user(accountant).action_post()
        self.assertEqual(complaint.line_ids.invoice_id, invoice)

    def test_invoice_instead_of_a_cancelled_one_is_picked_up(self):
        complaint = self.complain()
        first = self.invoice(self.order)
        first.button_draft()
        first.button_cancel()
        second = self.invoice(self.order)
        self.assertEqual(complaint.line_ids.invoice_id, second)

    def test_invoice_made_out_to_somebody_else_is_posted_and_left_to_a_person(self):
        complaint = self.complain()
        invoice = self.order._create_invoices()
        invoice.partner_id = self.distributor
        invoice.action_post()
        self.assertEqual(
            (invoice.state, complaint.line_ids.invoice_id.id), ("posted", False)
        )

    def test_return_for_inspection_before_the_invoice_lets_the_order_invoice_six(self):
        complaint = self.complain()
        back = self.execute(complaint, "return")
        self.receive(back)
        self.assertEqual(self.on_order(), (6.0, 0.0, 6.0))
        self.assertEqual(self.invoice(self.order).amount_untaxed, 60.0)

    def test_inspected_then_invoiced_then_refunded_needs_no_credit_note(self):
        complaint = self.complain()
        self.receive(self.execute(complaint, "return"))
        self.invoice(self.order)
        refund = self.execute(complaint, "refund")
        self.assertEqual(
            (refund.state, refund.credit_note_ids.ids, refund.imbalance),
            ("done", [], False),
        )
        self.assertEqual(self.on_order(), (6.0, 6.0, 0.0))

    def test_inspected_and_refunded_before_the_invoice(self):
        complaint = self.complain()
        self.receive(self.execute(complaint, "return"))
        refund = self.execute(complaint, "refund")
        self.assertEqual((refund.state, refund.credit_note_ids.ids), ("done", []))
        self.assertEqual(self.invoice(self.order).amount_untaxed, 60.0)
        self.assertEqual(self.on_order(), (6.0, 6.0, 0.0))

    def test_refunded_before_the_invoice_the_goods_cannot_be_refunded_again(self):
        self.receive(self.execute(self.complain(), "refund"))
        self.invoice(self.order)
        again = self.complain(7)
        self.plan(again, "refund")
        with self.assertRaisesRegex(UserError, "10"):
            again.action_submit_plan()

    def test_refund_before_the_invoice_is_done_by_the_return(self):
        refund = self.execute(self.complain(), "refund")
        self.receive(refund)
        self.assertEqual(
            (refund.state, refund.credit_note_ids.ids, refund.imbalance),
            ("done", [], False),
        )
        self.assertEqual(self.on_order(), (6.0, 0.0, 6.0))
        self.invoice(self.order)
        self.assertEqual((refund.state, refund.imbalance), ("done", False))

    def test_invoiced_while_the_goods_are_on_their_way_is_credited(self):
        refund = self.execute(self.complain(), "refund")
        self.invoice(self.order)
        self.receive(refund)
        refund.credit_note_ids.action_post()
        self.assertEqual(
            (refund.state, refund.credit_note_ids.amount_untaxed), ("done", 40.0)
        )
        self.assertEqual(self.on_order(), (6.0, 6.0, 0.0))

    def test_return_for_inspection_invoiced_on_its_way_promises_nothing(self):
        complaint = self.complain()
        back = self.execute(complaint, "return")
        self.invoice(self.order)
        self.receive(back)
        self.assertEqual(self.on_order(), (10.0, 10.0, 0.0))
        refund = self.execute(complaint, "refund")
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        refund.credit_note_ids.action_post()
        self.assertEqual(self.on_order()[2], 0.0)

    def test_invoice_drafted_while_the_goods_are_on_their_way_has_them_on_it(self):
        complaint = self.complain()
        back = self.execute(complaint, "return")
        invoice = self.order._create_invoices()
        self.receive(back)
        self.assertEqual(self.on_order(), (10.0, 10.0, 0.0))
        invoice.action_post()
        refund = self.execute(complaint, "refund")
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)

    def test_two_receipts_around_the_invoice(self):
        refund = self.execute(self.complain(), "refund")
        self.receive(refund, quantity=3, backorder=True)
        self.assertEqual(self.invoice(self.order).amount_untaxed, 70.0)
        self.receive(refund)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 10.0)
        refund.credit_note_ids.action_post()
        self.assertEqual((refund.state, refund.imbalance), ("done", False))
        self.assertEqual(self.on_order(), (6.0, 6.0, 0.0))

    def test_goods_that_stay_wait_for_the_invoice(self):
        refund = self.execute(
            self.complain(), "refund", goods="keep", when="on_approval"
        )
        self.assertEqual(
            (refund.state, refund.progress, refund.imbalance),
            ("executing", f"waits for the invoice of {self.order.name}", False),
        )
        self.invoice(self.order)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        refund.credit_note_ids.action_post()
        self.assertEqual((refund.state, refund.imbalance), ("done", False))

    def test_price_reduction_waits_for_the_invoice(self):
        reduction = self.execute(self.complain(), "credit", percent=25)
        self.assertEqual(
            (reduction.state, reduction.credit_note_ids.ids), ("executing", [])
        )
        invoice = self.invoice(self.order)
        self.assertEqual(
            (invoice.amount_untaxed, reduction.credit_note_ids.amount_untaxed),
            (100.0, 10.0),
        )

    def test_ordered_quantity_is_invoiced_and_what_came_back_credited(self):
        self.strip.invoice_policy = "order"
        complaint = self.complain()
        self.receive(self.execute(complaint, "return"))
        refund = self.execute(complaint, "refund")
        self.assertEqual((refund.state, refund.credit_note_ids.ids), ("executing", []))
        self.assertEqual(self.invoice(self.order).amount_untaxed, 100.0)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        refund.credit_note_ids.action_post()
        self.assertEqual(refund.state, "done")
        self.assertEqual(self.on_order()[2], 0.0)

    def test_replaced_after_an_inspection_before_the_invoice_all_ten_are_invoiced(self):
        self.make_lot("W-2", quantity=10)
        complaint = self.complain()
        self.receive(self.execute(complaint, "return"))
        self.assertEqual(self.on_order(), (6.0, 0.0, 6.0))
        self.execute(complaint, "replacement")
        self.assertEqual(self.on_order(), (10.0, 0.0, 10.0))
        self.assertEqual(self.invoice(self.order).amount_untaxed, 100.0)

    def test_exchange_before_the_invoice_invoices_all_ten(self):
        self.make_lot("W-2", quantity=10)
        remedy = self.execute(self.complain(), "replacement")
        self.receive(remedy)
        delivery = self.order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.assertEqual(self.on_order(), (10.0, 0.0, 10.0))

    def test_sent_back_faultless_all_ten_are_invoiced(self):
        complaint = self.complain()
        receipt = self.receive(self.execute(complaint, "return"))
        inspection = self.inspect(receipt)
        inspection.disposition = "customer"
        transfer = self.env["stock.picking"].browse(
            inspection.action_dispose()["res_id"]
        )
        transfer.move_ids.picked = True
        transfer.button_validate()
        self.assertEqual(self.on_order(), (10.0, 0.0, 10.0))

    def test_refund_of_goods_back_before_the_invoice_can_get_another_outcome(self):
        complaint = self.complain()
        refund = self.execute(complaint, "refund")
        self.receive(refund, quantity=3, backorder=True)
        refund.action_change_outcome()
        self.assertEqual((refund.kind, self.on_order()), ("return", (7.0, 0.0, 7.0)))

    # === choosing ===

    def test_one_of_two_invoices_is_chosen_after_remedies_ran(self):
        complaint = self.complain()
        reduction = self.execute(complaint, "credit", percent=25)
        first = self.order._create_invoices()
        first.invoice_line_ids.quantity = 6
        second = self.order._create_invoices()
        (first | second).action_post()
        self.assertFalse(complaint.line_ids.invoice_id)
        self.assertTrue(complaint.has_open_matches)
        self.assertIn("W-1", complaint.match_message)
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        self.assertEqual(
            wizard.line_ids.mapped("invoice_name"),
            [first.name, second.name]
            if first.id < second.id
            else [second.name, first.name],
        )
        wizard.line_ids.filtered(
            lambda row: row.invoice_name == second.name
        ).selected = True
        wizard.action_apply()
        self.assertEqual(complaint.line_ids.mapped("invoice_id"), second)
        self.assertEqual(reduction.credit_note_ids.reversed_entry_id, second)
        self.assertEqual(reduction.credit_note_ids.amount_untaxed, 10.0)
        self.assertFalse(complaint.has_open_matches)

    def test_two_invoices_ticked_for_one_line(self):
        complaint = self.complain()
        first = self.order._create_invoices()
        first.invoice_line_ids.quantity = 6
        second = self.order._create_invoices()
        (first | second).action_post()
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        wizard.line_ids.selected = True
        with self.assertRaisesRegex(UserError, "one invoice only"):
            wizard.action_apply()

    def test_linked_invoice_is_not_changed_once_remedies_are_planned(self):
        complaint = self.complain()
        self.execute(complaint, "return")
        invoice = self.invoice(self.order)
        self.assertEqual(complaint.line_ids.invoice_id, invoice)
        with self.assertRaises(UserError):
            complaint.line_ids.invoice_line_id = False

    def test_delivery_without_an_order_offers_the_customers_invoices(self):
        lot = self.make_lot("W-9", quantity=5)
        delivery = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "product_uom_qty": 5,
                            "product_uom": self.unit.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        delivery.action_confirm()
        delivery.move_ids.move_line_ids.unlink()
        delivery.move_ids.move_line_ids = [
            Command.create(
                {
                    **delivery.move_ids._prepare_move_line_vals(quantity=5),
                    "lot_id": lot.id,
                }
            )
        ]
        delivery.move_ids.picked = True
        delivery.button_validate()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": self.strip.id, "quantity": 5, "price_unit": 8.0}
                    )
                ],
            }
        )
        invoice.action_post()
        complaint = self.investigated(self.make_complaint(lot_ref="W-9"))
        self.plan(complaint, "refund")
        with self.assertRaisesRegex(UserError, "Find deliveries and invoices"):
            complaint.action_submit_plan()
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        self.assertEqual(wizard.line_ids.mapped("invoice_name"), [invoice.name])
        wizard.line_ids.selected = True
        wizard.action_apply()
        self.assertEqual(
            (complaint.line_ids.invoice_id, complaint.line_ids.value), (invoice, 40.0)
        )
        complaint.action_submit_plan()

    def test_button_named_by_the_message_is_on_the_form(self):
        complaint = self.complain()
        self.assertIn(
            "Find deliveries and invoices", complaint.get_view(view_type="form")["arch"]
        )
        with Form(complaint) as form, form.line_ids.edit(0) as row:
            row.note = "from the form"
