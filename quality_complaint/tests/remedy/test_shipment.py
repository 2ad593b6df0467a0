from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestReplacement(ComplaintCase):
    """A replacement sends the same goods again, once, as many as came back, and leaves
    nothing to invoice.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("R-100", quantity=10)
        cls.order = cls.sell({cls.lot: 10})
        cls.good = cls.make_lot("R-200", quantity=50)

    def out(self, remedy):
        return remedy.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing" and picking.state != "cancel"
            )
        )

    def send(self, remedy, quantity=None):
        picking = self.out(remedy).filtered(lambda picking: picking.state != "done")
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.move_line_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def test_replacement_is_sent_when_the_goods_are_here(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.assertEqual((remedy.goods, remedy.when), ("return_first", "on_receipt"))
        self.assertFalse(self.out(remedy))
        self.receive(remedy)
        move = self.out(remedy).move_ids
        self.assertEqual(
            (move.product_uom_qty, move.sale_line_id), (4.0, self.order.order_line)
        )
        self.assertEqual(remedy.state, "executing")
        self.send(remedy)
        self.assertEqual(remedy.state, "done")
        self.assertEqual(remedy.line_ids.shipped_quantity, 4.0)
        line = self.order.order_line
        self.assertEqual(
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            (10.0, 10.0, 0.0),
        )
        self.assertFalse(remedy.credit_note_ids)

    def test_a_lot_that_is_complained_of_is_never_reserved(self):
        self.env["stock.quant"]._update_available_quantity(
            self.strip, self.stock, 20, lot_id=self.lot
        )  # older than R-200's stock
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        picking = self.out(remedy)
        picking.do_unreserve()
        picking.action_assign()
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, self.good)
        self.assertEqual(picking.move_ids.quantity, 4.0)

    def test_only_the_lot_complained_of_left_waits_instead(self):
        self.env["stock.quant"]._update_available_quantity(
            self.strip, self.stock, -50, lot_id=self.good
        )
        self.env["stock.quant"]._update_available_quantity(
            self.strip, self.stock, 20, lot_id=self.lot
        )
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        self.assertEqual(self.out(remedy).move_ids.quantity, 0.0)

    def test_less_received_sends_less(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy, quantity=3)
        self.assertEqual(self.out(remedy).move_ids.product_uom_qty, 3.0)
        self.send(remedy)
        self.assertEqual(remedy.state, "done")
        self.assertEqual(self.order.order_line.qty_delivered, 10.0)

    def test_two_receipts_send_twice_and_never_more(self):
        complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy, quantity=1, backorder=True)
        self.send(remedy)
        self.assertEqual(remedy.state, "executing")
        self.receive(remedy)
        complaint.action_execute()
        self.assertEqual(sum(self.out(remedy).move_ids.mapped("product_uom_qty")), 4.0)
        self.send(remedy)
        self.assertEqual(remedy.state, "done")

    def test_sent_at_once_goes_out_on_a_free_order(self):
        _complaint, remedy = self.executed(
            self.lot, "replacement", 4, when="on_approval"
        )
        order = remedy.sale_ids
        self.assertEqual(
            (order.amount_total, order.order_line.product_uom_qty, order.state),
            (0.0, 4.0, "sale"),
        )
        self.send(remedy)
        self.assertEqual(
            (
                order.order_line.qty_delivered,
                order.order_line.qty_to_invoice,
                order.invoice_status,
            ),
            (4.0, 0.0, "invoiced"),
        )
        self.assertEqual(remedy.state, "executing")
        self.receive(remedy)
        self.assertEqual(remedy.state, "done")
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))

    def test_without_return_nothing_comes_back(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        self.assertEqual(remedy.picking_ids, self.out(remedy))
        self.assertEqual(remedy.sale_ids.partner_id, self.customer)
        self.send(remedy)
        self.assertEqual(remedy.state, "done")

    def test_free_order_stays_free_when_its_quantity_is_changed(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        remedy.sale_ids.order_line.product_uom_qty = 3
        self.assertEqual(remedy.sale_ids.amount_total, 0.0)

    def test_goods_back_for_inspection_are_replaced_without_touching_the_order(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", 6)
        back.action_submit()
        back.action_execute()
        self.receive(back)
        self.investigated(complaint)
        remedy = self.plan(complaint, "replacement", 4)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(remedy.line_ids.received_before, 4.0)
        self.assertEqual(remedy.sale_ids.order_line.product_uom_qty, 4.0)
        self.send(remedy)
        self.assertEqual(remedy.state, "done")
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))

    def test_two_step_delivery_carries_the_remedy_to_the_last_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        pick = remedy.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "internal"
        )
        self.assertEqual(pick.move_ids.product_uom_qty, 4.0)
        remedy.action_execute()
        pick.action_assign()
        pick.move_ids.picked = True
        pick.button_validate()
        self.assertEqual(self.out(remedy).move_ids.mapped("product_uom_qty"), [4.0])
        remedy.action_execute()
        self.send(remedy)
        self.assertEqual(remedy.state, "done")
        self.assertEqual(remedy.line_ids.shipped_quantity, 4.0)

    def test_partial_shipment_keeps_the_rest_due_on_its_backorder(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        self.send(remedy, 1)
        self.assertEqual(remedy.state, "executing")
        remedy.action_execute()
        self.assertEqual(sum(self.out(remedy).move_ids.mapped("product_uom_qty")), 4.0)
        self.send(remedy)
        self.assertEqual(remedy.state, "done")

    def test_cancelled_shipment_is_sent_again(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        self.out(remedy).action_cancel()
        self.assertEqual(remedy.state, "executing")
        remedy.action_execute()
        self.assertEqual(self.out(remedy).move_ids.mapped("product_uom_qty"), [4.0])

    def test_replacement_can_be_complained_of_and_refunded_at_the_price_paid(self):
        _complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        self.send(remedy)
        again = self.make_complaint(lot_ref="R-200")
        self.assertEqual(again.line_ids.invoice_id, self.order.invoice_ids)
        self.assertEqual(again.line_ids.value, 40.0)
        self.investigated(again)
        refund = self.plan(again, "refund", 4)
        again.action_submit_plan()
        again.action_execute()
        self.receive(refund)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))

    def test_goods_replaced_cannot_be_refunded_as_well(self):
        complaint, _remedy = self.executed(self.lot, "replacement", 4)
        other = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        self.plan(other, "refund", 7)
        with self.assertRaisesRegex(UserError, "4 of the 10"):
            other.action_submit_plan()
        self.assertEqual(complaint.state, "executing")

    def test_perpetual_valuation_books_what_is_given_away_and_takes_back_what_came(
        self,
    ):
        self.strip.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        accounts = self.strip._get_product_accounts()
        _complaint, remedy = self.executed(self.lot, "replacement", 4)
        self.receive(remedy)
        self.strip.standard_price = 5.0
        entry = self.send(remedy).move_ids.account_move_id
        self.assertEqual(entry.state, "posted")
        expense = entry.line_ids.filtered(
            lambda row: row.account_id == accounts["expense"]
        )
        stock = entry.line_ids.filtered(
            lambda row: row.account_id == accounts["stock_valuation"]
        )
        self.assertEqual(sum(expense.mapped("balance")), 4 * 5.0 - 4 * 4.0)
        self.assertEqual(sum(stock.mapped("balance")), -4.0)
        self.assertEqual(sorted(expense.mapped("balance")), [-16.0, 20.0])

    def test_perpetual_valuation_of_a_gift_is_cost_of_goods(self):
        self.strip.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        accounts = self.strip._get_product_accounts()
        _complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        entry = self.send(remedy).move_ids.account_move_id
        self.assertEqual(
            [(row.account_id, row.balance) for row in entry.line_ids.sorted("balance")],
            [(accounts["stock_valuation"], -16.0), (accounts["expense"], 16.0)],
        )

    def test_ordinary_delivery_books_nothing_at_the_move(self):
        self.strip.categ_id = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        order = self.sell({self.good: 5}, invoice=False)
        self.assertFalse(order.picking_ids.move_ids.account_move_id)


@tagged("post_install", "-at_install")
class TestRepairAndOutcome(ComplaintCase):
    """Goods that came back go where the outcome says, and the outcome may change until
    a document decides it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("P-100", quantity=10)
        cls.order = cls.sell({cls.lot: 10})

    def finish(self, picking):
        picking.move_ids.picked = True
        picking.button_validate()

    def test_repaired_goods_go_back_to_the_customer_with_their_lot(self):
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        with self.assertRaisesRegex(UserError, "here"):
            remedy.action_send_back()
        self.receive(remedy)
        self.assertEqual(remedy.state, "executing")
        remedy.action_send_back()
        back = remedy.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        self.assertEqual(
            (back.move_ids.product_uom_qty, back.move_ids.move_line_ids.lot_id),
            (2.0, self.lot),
        )
        self.assertEqual(
            back.move_ids.location_id, self.warehouse.complaint_return_location_id
        )
        with self.assertRaisesRegex(UserError, "here"):
            remedy.action_send_back()
        self.finish(back)
        self.assertEqual(remedy.state, "done")
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 0.0
        )

    def test_repaired_goods_may_be_complained_of_again(self):
        _complaint, remedy = self.executed(self.lot, "repair", 10)
        self.receive(remedy)
        remedy.action_send_back()
        self.finish(
            remedy.picking_ids.filtered(lambda picking: picking.state != "done")
        )
        _complaint, refund = self.executed(self.lot, "refund", 10)
        self.assertEqual(refund.state, "executing")

    def test_goods_inspected_first_are_repaired_and_sent_back_from_that_receipt(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", 6)
        back.action_submit()
        back.action_execute()
        self.receive(back)
        self.investigated(complaint)
        remedy = self.plan(complaint, "repair", 2)
        refund = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        remedy.action_send_back()
        self.finish(remedy.picking_ids)
        self.assertEqual(remedy.state, "done")
        self.assertEqual(refund.line_ids.received_quantity, 4.0)

    def test_repair_at_the_customer_and_support_are_done_by_hand(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        repair = self.plan(complaint, "repair", 2, goods="keep")
        support = complaint.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "support",
                "note": "Adjusted the feeder",
            }
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual((repair.state, support.state), ("approved", "approved"))
        repair.action_mark_done()
        support.action_mark_done()
        self.assertEqual((repair.state, support.state), ("done", "done"))
        self.assertIn("executed", complaint._reached_codes())

    def test_outcome_changes_from_refund_to_repair(self):
        complaint, refund = self.executed(self.lot, "refund", 4)
        self.receive(refund)
        with self.assertRaisesRegex(UserError, "decides it"):
            refund.action_change_outcome()
        refund.credit_note_ids.unlink()
        action = refund.action_change_outcome()
        self.assertEqual((refund.kind, refund.state), ("return", "done"))
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))
        repair = refund.with_context(**action["context"]).create({"kind": "repair"})
        self.assertEqual(
            (repair.complaint_id, repair.line_ids.quantity), (complaint, 4.0)
        )
        repair.action_submit()
        repair.action_execute()
        self.assertEqual(repair.line_ids.received_before, 4.0)
        repair.action_send_back()
        self.finish(repair.picking_ids)
        self.assertEqual(repair.state, "done")

    def test_ten_pieces_in_every_combination(self):
        good = self.make_lot("P-200", quantity=20)
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        complaint.line_ids.quantity = 10
        refund = self.plan(complaint, "refund", 4)
        replacement = self.plan(complaint, "replacement", 3)
        repair = self.plan(complaint, "repair", 2)
        reduction = self.plan(complaint, "credit", 1, amount=2.5)
        complaint.action_submit_plan()
        complaint.action_execute()
        incoming = complaint.remedy_ids.picking_ids
        self.assertEqual(len(incoming), 1)  # one return of the delivery for all
        self.assertEqual(
            sorted(incoming.move_ids.mapped("product_uom_qty")), [2.0, 3.0, 4.0]
        )
        self.finish(incoming)
        repair.action_send_back()
        for picking in (replacement | repair).picking_ids.filtered(
            lambda picking: picking.state != "done"
        ):
            picking.action_assign()
            self.finish(picking)
        (refund | reduction).credit_note_ids.action_post()
        self.assertEqual(set(complaint.remedy_ids.mapped("state")), {"done"})
        self.assertEqual(
            sum(complaint.remedy_ids.credit_note_ids.mapped("amount_untaxed")), 42.5
        )
        line = self.order.order_line
        self.assertEqual(
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            (6.0, 6.0, 0.0),
        )
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 7.0
        )
        self.assertEqual(
            replacement.picking_ids.filtered(
                lambda p: p.picking_type_code == "outgoing"
            ).move_ids.move_line_ids.lot_id,
            good,
        )
        other = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        other.line_ids.write({"quantity": 4})
        self.plan(other, "refund", 4)
        with self.assertRaisesRegex(UserError, "7 of the 10"):
            other.action_submit_plan()


@tagged("post_install", "-at_install")
class TestDisposition(ComplaintCase):
    """Warehouse staff carry out what becomes of returned goods by standard documents,
    each once, never more than came.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("D-100", quantity=10)
        cls.order = cls.sell({cls.lot: 10})
        complaint = cls.make_complaint(lot_ref=cls.lot.name)
        cls.remedy = cls.plan(complaint, "return", 6)
        cls.remedy.action_submit()
        cls.remedy.action_execute()
        cls.receipt = cls.receive(cls.remedy)
        cls.inspection = cls.inspect(cls.receipt.with_user(cls.warehouse_worker))
        cls.complaint = complaint

    def test_part_is_scrapped_part_restocked_part_goes_back_and_no_more(self):
        self.inspection.write({"quantity": 2, "disposition": "scrap"})
        restock = self.inspection.copy({"disposition": "restock", "quantity": 3})
        back = self.inspection.copy(
            {
                "disposition": "customer",
                "quantity": 1,
                "condition": "used",
                "no_fault_found": True,
            }
        )
        self.assertTrue(self.inspection.can_dispose)
        self.inspection.action_dispose()
        scrap = self.inspection.scrap_ids
        self.assertEqual(
            (scrap.state, scrap.scrap_qty, scrap.lot_id), ("done", 2.0, self.lot)
        )
        self.assertFalse(self.inspection.can_dispose)
        with self.assertRaisesRegex(UserError, scrap.name):
            self.inspection.action_dispose()
        transfer = self.env["stock.picking"].browse(restock.action_dispose()["res_id"])
        self.assertEqual(
            (transfer.location_dest_id, transfer.move_ids.move_line_ids.lot_id),
            (self.stock, self.lot),
        )
        self.assertIn(
            transfer.name,
            "".join(text for text, _record in self.complaint._get_open_ends()),
        )
        for picking in (
            transfer,
            self.env["stock.picking"].browse(back.action_dispose()["res_id"]),
        ):
            picking.move_ids.picked = True
            picking.with_user(self.warehouse_worker).button_validate()
        returns = self.warehouse.complaint_return_location_id
        self.assertEqual(
            (self.quantity_in(returns), self.quantity_in(self.stock, lot=self.lot)),
            (0.0, 3.0),
        )
        self.assertEqual(self.remedy.line_ids.received_quantity, 5.0)
        more = self.inspection.copy({"disposition": "scrap", "quantity": 1})
        with self.assertRaisesRegex(UserError, "6 are dealt with|6 .* dealt with"):
            more.action_dispose()

    def test_what_is_carried_out_is_not_changed(self):
        self.inspection.write({"quantity": 2, "disposition": "scrap"})
        self.inspection.action_dispose()
        with self.assertRaises(UserError):
            self.inspection.quantity = 3

    def test_cancelled_transfer_frees_the_disposition(self):
        self.inspection.disposition = "restock"
        picking = self.env["stock.picking"].browse(
            self.inspection.action_dispose()["res_id"]
        )
        picking.action_cancel()
        self.inspection.disposition = "scrap"
        self.inspection.action_dispose()
        self.assertEqual(self.inspection.scrap_ids.state, "done")

    def test_dispositions_of_other_apps_come_with_their_bridges(self):
        for disposition, model in (
            ("supplier", "quality.complaint.chargeback"),
            ("repair", "repair.order"),
        ):
            self.inspection.disposition = disposition
            self.assertEqual(self.inspection.can_dispose, model in self.env)
        self.inspection.disposition = False
        with self.assertRaisesRegex(UserError, "choose"):
            self.inspection.action_dispose()

    def test_no_fault_found_goes_back_and_is_not_refunded(self):
        self.investigated(self.complaint)
        refund = self.plan(self.complaint, "refund", 4)
        self.inspection.write(
            {
                "disposition": "customer",
                "quantity": 2,
                "condition": "used",
                "no_fault_found": True,
            }
        )
        picking = self.env["stock.picking"].browse(
            self.inspection.action_dispose()["res_id"]
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.complaint.action_submit_plan()
        self.complaint.action_execute()
        self.assertEqual(
            (refund.line_ids.received_before, refund.credit_note_ids.amount_untaxed),
            (4.0, 40.0),
        )
        line = self.order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))


@tagged("post_install", "-at_install")
class TestProductCompensation(ComplaintCase):
    """Free goods go out on an order at price zero, worth what the customer pays for
    them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("G-100", quantity=10)
        cls.sell({cls.lot: 10}, price=12.5, discount=20.0)
        cls.gift = cls.make_product("Gift box", list_price=7.0)

    def test_same_product_is_worth_the_price_paid(self):
        self.make_lot("G-200", quantity=30)
        _complaint, remedy = self.executed(self.lot, "product_compensation", 15)
        self.assertEqual(remedy.line_ids.amount, 150.0)
        self.assertEqual(remedy.sale_ids.order_line.product_uom_qty, 15.0)
        self.assertEqual(remedy.state, "executing")

    def test_other_product_is_worth_its_list_price(self):
        self.env["stock.quant"]._update_available_quantity(self.gift, self.stock, 5)
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_line_id": complaint.line_ids.id,
                            "product_id": self.gift.id,
                            "quantity": 2,
                        }
                    )
                ],
            }
        )
        self.assertEqual(
            (remedy.line_ids.amount, remedy.line_ids.product_uom_id), (14.0, self.unit)
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        order = remedy.sale_ids
        self.assertEqual(
            (order.order_line.product_id, order.amount_total, order.invoice_status),
            (self.gift, 0.0, "no"),
        )
        picking = remedy.picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_services_cannot_be_sent(self):
        service = self.env["product.product"].create(
            {"name": "Training", "type": "service"}
        )
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_line_id": complaint.line_ids.id,
                            "product_id": service.id,
                            "quantity": 1,
                        }
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "Training"):
            complaint.action_submit_plan()
