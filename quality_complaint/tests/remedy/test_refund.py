from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestRefund(ComplaintCase):
    """A refund after the return credits the price paid for what was received, once, and
    leaves nothing to invoice.
    """

    def setUp(self):
        super().setUp()
        self.lot = self.make_lot("L-100", quantity=100)

    def test_return_takes_exactly_the_lot_and_quantity_to_the_returns_location(self):
        other = self.make_lot("L-101", quantity=100)
        self.sell({self.lot: 6, other: 4})
        _complaint, remedy = self.executed(self.lot, quantity=4)
        move = remedy.picking_ids.move_ids
        self.assertEqual(remedy.state, "executing")
        self.assertEqual(remedy.picking_ids.picking_type_code, "incoming")
        self.assertEqual(move.location_id.usage, "customer")
        self.assertEqual(
            move.location_dest_id, self.warehouse.complaint_return_location_id
        )
        self.assertEqual(
            [(line.lot_id, line.quantity) for line in move.move_line_ids],
            [(self.lot, 4.0)],
        )
        self.receive(remedy)
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 4.0
        )

    def test_who_is_next_is_said_on_the_complaint(self):
        self.sell({self.lot: 6})
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.assertEqual(
            complaint.work_elsewhere, f"Next in Inventory: {remedy.picking_ids.name}."
        )
        self.receive(remedy)
        self.env.invalidate_all()
        self.assertEqual(
            complaint.work_elsewhere,
            "Next in Invoicing: draft credit note "
            f"({remedy.credit_note_ids.reversed_entry_id.name}).",
        )
        remedy.credit_note_ids.action_post()
        self.env.invalidate_all()
        self.assertFalse(complaint.work_elsewhere)

    def test_returned_goods_cannot_be_sold_before_their_inspection(self):
        self.sell({self.lot: 100})
        _complaint, remedy = self.executed(self.lot, quantity=40)
        self.receive(remedy)
        product = self.strip.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual(product.free_qty, 0.0)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.strip.id, "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.state, "confirmed")

    def test_credit_note_is_drafted_on_receipt_with_the_price_paid(self):
        order = self.sell({self.lot: 10}, price=12.5, discount=10.0)
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.assertFalse(remedy.credit_note_ids)
        self.receive(remedy)
        note = remedy.credit_note_ids
        invoice = order.invoice_ids - note
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.journal_id, invoice.journal_id)
        self.assertEqual(note.amount_untaxed, 45.0)
        self.assertEqual(note.amount_tax, 9.0)
        line = note.invoice_line_ids
        self.assertEqual(
            (line.quantity, line.price_unit, line.discount, line.tax_ids),
            (4.0, 12.5, 10.0, self.tax),
        )
        note.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(invoice.amount_residual, 72.0 + 9.0)

    def test_nothing_is_invoiceable_again_when_the_order_invoices_what_is_delivered(
        self,
    ):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
        self.receive(remedy)
        self.assertEqual(order.order_line.qty_delivered, 6.0)
        self.assertEqual(order.order_line.qty_invoiced, 6.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_nothing_is_invoiceable_again_when_the_order_invoices_what_is_ordered(self):
        self.strip.invoice_policy = "order"
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)

    def test_partial_receipt_credits_what_came_and_the_backorder_the_rest(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=10)
        self.receive(remedy, quantity=3, backorder=True)
        self.assertEqual(remedy.credit_note_ids.mapped("amount_untaxed"), [30.0])
        self.assertEqual(remedy.state, "executing")
        self.receive(remedy)
        self.assertEqual(
            sorted(remedy.credit_note_ids.mapped("amount_untaxed")), [30.0, 70.0]
        )
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.state, "done")

    def test_less_received_without_backorder_finishes_with_less(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=10)
        self.receive(remedy, quantity=3)
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 30.0)

    def test_more_received_than_planned_is_noticed_and_not_credited(self):
        self.sell({self.lot: 10})
        complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy, quantity=5)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)
        self.assertIn(
            "5",
            complaint.activity_ids.filtered(
                lambda a: a.activity_category != "upload_file"
            )[-1:].summary,
        )

    def test_another_lot_is_noticed_and_not_credited(self):
        other = self.make_lot("L-102", quantity=10)
        self.sell({self.lot: 5, other: 5})
        complaint, remedy = self.executed(self.lot, quantity=5)
        self.receive(remedy, lot=other)
        self.assertFalse(remedy.credit_note_ids)
        self.assertTrue(
            complaint.activity_ids.filtered(lambda a: "L-102" in (a.summary or ""))
        )

    def test_second_click_makes_no_second_document(self):
        self.sell({self.lot: 10})
        complaint, remedy = self.executed(self.lot, quantity=4)
        complaint.action_execute()
        self.assertEqual(len(remedy.picking_ids), 1)
        self.receive(remedy)
        complaint.action_execute()
        self.assertEqual(len(remedy.credit_note_ids), 1)
        remedy.credit_note_ids.action_post()
        with self.assertRaises(UserError):
            remedy.action_execute()

    def test_deleted_draft_credit_note_can_be_made_again(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy)
        remedy.credit_note_ids.unlink()
        self.assertEqual(remedy.state, "executing")
        remedy.action_execute()
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)

    def test_cancelled_credit_note_frees_the_amount(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=4)
        self.receive(remedy)
        first = remedy.credit_note_ids
        first.button_cancel()
        remedy.action_execute()
        self.assertEqual((remedy.credit_note_ids - first).amount_untaxed, 40.0)

    def test_cancelled_return_frees_the_quantity(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=10)
        remedy.picking_ids.action_cancel()
        self.assertEqual(remedy.state, "approved")
        remedy.action_execute()
        self.assertEqual(
            len(remedy.picking_ids.filtered(lambda p: p.state != "cancel")), 1
        )

    def test_payout_stays_open_for_a_payment(self):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, quantity=4, settlement="payout")
        self.receive(remedy)
        note = remedy.credit_note_ids
        note.action_post()
        invoice = order.invoice_ids - note
        self.assertEqual(note.amount_residual, 48.0)
        self.assertEqual(invoice.amount_residual, 120.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_goods_that_stay_are_credited_at_once_and_not_invoiceable(self):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(
            self.lot, quantity=4, goods="keep", when="on_approval"
        )
        self.assertFalse(remedy.picking_ids)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)
        self.assertEqual(order.order_line.qty_delivered, 10.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_pieces_of_an_invoice_in_dozens_are_credited_exactly(self):
        product = self.make_product("Brass fitting")
        self.env["stock.quant"]._update_available_quantity(product, self.stock, 100)
        order = self.sell(2, price=100.0, product=product, uom=self.dozen)
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        complaint.line_ids.write({"quantity": 4, "product_uom_id": self.unit.id})
        self.assertEqual(complaint.line_ids.value, 33.33)
        self.investigated(complaint)
        remedy = self.plan(complaint)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(remedy.picking_ids.move_ids.product_qty, 4.0)
        self.receive(remedy)
        line = remedy.credit_note_ids.invoice_line_ids
        self.assertEqual(line.product_uom_id, self.dozen)
        self.assertEqual(line.price_subtotal, 33.33)
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_grams_of_an_invoice_in_kilograms(self):
        rod = self.make_product("Brass rod", tracking="lot", uom_id=self.kilo.id)
        lot = self.make_lot("K-1", rod, 500)
        self.sell({lot: 250.5}, price=8.4, product=rod)
        complaint, remedy = self.executed(
            lot, quantity=500, product_uom_id=self.gram.id
        )
        self.receive(remedy)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 4.2)
        self.assertEqual(complaint.line_ids.value, 2104.2)

    def test_credit_note_keeps_the_invoice_currency_and_its_price(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "EUR", "currency_id": euro.id})
                .id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "product_uom_qty": 3,
                            "price_unit": 20.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.deliver(order, {self.lot: 3})
        invoice = self.invoice(order)
        self.assertEqual(invoice.currency_id, euro)
        complaint, remedy = self.executed(self.lot, quantity=1)
        self.assertEqual(
            (complaint.line_ids.currency_id, complaint.line_ids.value), (euro, 60.0)
        )
        self.receive(remedy)
        self.assertEqual(remedy.credit_note_ids.currency_id, euro)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 20.0)
        self.assertEqual(remedy.credit_note_ids.amount_total, 24.0)

    def test_price_including_tax(self):
        order = self.sell(
            {self.lot: 3}, price=12.0, tax_ids=[Command.set(self.tax_included.ids)]
        )
        _complaint, remedy = self.executed(self.lot, quantity=1)
        self.receive(remedy)
        note = remedy.credit_note_ids
        self.assertEqual((note.amount_untaxed, note.amount_total), (10.0, 12.0))
        self.assertEqual((order.invoice_ids - note).amount_total, 36.0)

    def test_last_partial_refund_takes_what_rounding_left(self):
        order = self.sell({self.lot: 3}, price=10.0, discount=33.33)
        invoice = order.invoice_ids
        self.assertEqual(invoice.amount_untaxed, 20.0)
        notes = self.env["account.move"]
        for _part in range(3):
            complaint, remedy = self.executed(self.lot, quantity=1, complained=1)
            self.receive(remedy)
            remedy.credit_note_ids.action_post()
            notes |= remedy.credit_note_ids
            self.assertEqual(complaint.remedy_ids.state, "done")
        self.assertEqual(sum(notes.mapped("amount_untaxed")), 20.0)

    def test_refund_of_goods_that_came_back_for_inspection_makes_no_second_return(self):
        order = self.sell({self.lot: 10})
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", 6)
        back.action_submit()
        self.assertEqual(back.state, "approved")
        back.action_execute()
        self.receive(back)
        self.assertEqual(back.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
        self.investigated(complaint)
        refund = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertFalse(refund.picking_ids)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)
