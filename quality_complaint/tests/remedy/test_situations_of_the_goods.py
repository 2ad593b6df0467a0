from odoo.fields import Command
from odoo.tests import tagged

from .situations import SituationCase
from .test_matrix import COMPLAIN, REPRICE, SELL


@tagged("post_install", "-at_install")
class TestSituationsOfTheGoods(SituationCase):
    """Whatever comes back, in which lot, package or quantity, is valued and credited as
    what it is.
    """

    def test_second_delivery_of_one_invoice_comes_back_at_its_own_cost(self):
        """One invoice for two deliveries: the goods of the second one come back at the
        cost they left with.
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
        first = order.picking_ids
        first.move_ids.write({"quantity": 4, "picked": True})
        first.with_context(skip_backorder=True).button_validate()
        self.clock.move_to(REPRICE)
        self.supply(self.goods, self.stock, 96.0, 6.10)
        self.deliver(order)
        second = order.picking_ids - first
        invoice = self.invoice(order)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(second)
        note = self.receive_and_post(remedy)
        self.assertEqual((first.move_ids.value, second.move_ids.value), (12.4, 27.6))
        self.assertEqual(remedy.picking_ids.move_ids.value, 27.6)
        self.assertEqual((note.amount_untaxed, note.reversed_entry_id), (60.0, invoice))
        self.assertEqual(
            (order.order_line.qty_delivered, order.order_line.qty_to_invoice),
            (4.0, 0.0),
        )

    def test_serial_numbers_valued_one_by_one_come_back_at_their_own_cost(self):
        """Pumps bought at 100 and 140: the dear one comes back at 140, the cost of
        goods as booked by the invoice.
        """
        pump = self.make_product(
            "Pump",
            tracking="serial",
            lot_valuated=True,
            categ_id=self.categories["average", "real_time"].id,
        )
        serials = [self.make_lot(f"PV-{number}", pump) for number in range(2)]
        for serial, cost in zip(serials, (100.0, 140.0), strict=True):
            self.supply(pump, self.stock, 1.0, cost, [serial])
        order = self.sell(dict.fromkeys(serials, 1), product=pump, price=200.0)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(serials[1])
        note = self.receive_and_post(remedy)
        self.assertEqual(
            order.picking_ids.filtered(
                lambda picking: picking.picking_type_code == "outgoing"
            ).move_ids.value,
            240.0,
        )
        self.assertEqual(
            (remedy.picking_ids.move_ids.value, serials[1].standard_price),
            (140.0, 140.0),
        )
        self.assertEqual(self._cost_of_goods(note), (120.0, -120.0))

    def test_lot_sold_returned_and_sold_again_keeps_its_cost(self):
        """A lot that came back on one complaint, was sold again beside another lot and
        comes back again still has its own cost.
        """
        rod = self.make_product(
            "Rod",
            tracking="lot",
            lot_valuated=True,
            categ_id=self.categories["fifo", "real_time"].id,
        )
        cheap, dear = self.make_lot("RV-0", rod), self.make_lot("RV-1", rod)
        self.supply(rod, self.stock, 4.0, 3.10, [cheap])
        self.supply(rod, self.stock, 4.0, 7.77, [dear])
        # after the first round, cheap ones are bought at 9.41: 2 at 3.10 and 2 at 9.41
        # are 6.255 each
        for day, delivered in (("2026-03-10", 21.74), ("2026-03-20", 28.05)):
            order = self.sell(
                {cheap: 2, dear: 2}, product=rod, price=20.0, invoice=False
            )
            self.invoice(order)
            self.clock.move_to(f"{day} 08:00:00")
            complaint = self.make_complaint(lot_ref=order.picking_ids.name)
            wizard = self.env["quality.complaint.match"].browse(
                complaint.action_open_match()["res_id"]
            )
            wizard.line_ids.filtered(
                lambda row, o=order: (
                    row.picking_name == o.picking_ids.name and row.lot_id == dear
                )
            ).selected = True
            wizard.action_apply()
            self.investigated(complaint)
            remedy = self.plan(complaint, quantity=2)
            complaint.action_submit_plan()
            complaint.action_execute()
            self.receive_and_post(remedy)
            self.assertEqual(complaint.line_ids.lot_id, dear)
            delivery = order.picking_ids.filtered(
                lambda picking: picking.picking_type_code == "outgoing"
            )
            self.assertEqual(
                (delivery.move_ids.value, remedy.picking_ids.move_ids.value),
                (delivered, 15.54),
            )
            self.supply(rod, self.stock, 2.0, 9.41, [cheap])
            back = remedy.picking_ids.move_ids
            self.env["stock.quant"]._update_available_quantity(
                rod, back.location_dest_id, -2.0, lot_id=dear
            )
            self.env["stock.quant"]._update_available_quantity(
                rod, self.stock, 2.0, lot_id=dear
            )
            self.clock.move_to("2026-03-15 08:00:00")

    def test_goods_without_stock_keeping_have_no_cost_to_take_back(self):
        """Goods delivered but not kept in stock come back without a value."""
        tape = self.make_product(
            "Tape",
            is_storable=False,
            categ_id=self.categories["average", "real_time"].id,
        )
        order = self.sell(10, price=2.5, product=tape)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy)
        self.assertEqual(
            (note.amount_untaxed, self._cost_of_goods(note)), (10.0, (0.0, 0.0))
        )
        self.assertEqual(
            (order.order_line.qty_delivered, order.order_line.qty_to_invoice),
            (6.0, 0.0),
        )

    def test_goods_of_a_package_come_back_out_of_it(self):
        """Scanned by the package they were delivered in, goods come back without it, at
        their cost.
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
        picking = order.picking_ids
        package = self.env["stock.package"].create({"name": "PACK-77"})
        picking.move_ids.move_line_ids.result_package_id = package
        picking.move_ids.picked = True
        picking.button_validate()
        self.invoice(order)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(package, 4)
        note = self.receive_and_post(remedy)
        move = remedy.picking_ids.move_ids
        self.assertEqual((note.amount_untaxed, move.value), (40.0, 12.4))
        self.assertEqual(self.quantity_in(move.location_dest_id, self.goods), 4.0)
        self.assertFalse(move.move_line_ids.result_package_id)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_more_returned_than_planned_is_valued_but_not_credited(self):
        """5 come back instead of 4: stock and value have 5, the credit note and its
        cost of goods 4.
        """
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy, quantity=5)
        self.assertEqual(
            (remedy.picking_ids.move_ids.value, note.amount_untaxed), (15.5, 40.0)
        )
        self.assertEqual(self._cost_of_goods(note), (12.4, -12.4))

    def test_less_returned_than_planned_is_credited_as_returned(self):
        """3 come back instead of 4: value, credit note and cost of goods are those of
        3, nothing is left to invoice.
        """
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy, quantity=3)
        self.assertEqual(
            (remedy.picking_ids.move_ids.value, note.amount_untaxed), (9.3, 30.0)
        )
        self.assertEqual(self._cost_of_goods(note), (9.3, -9.3))
        self.assertEqual(
            (
                order.order_line.qty_delivered,
                order.order_line.qty_to_invoice,
                remedy.state,
            ),
            (7.0, 0.0, "done"),
        )

    def test_another_lot_comes_back_at_the_cost_of_that_lot(self):
        """The dear lot comes back instead of the cheap one complained of: it is valued
        as what it is, and nothing is credited.
        """
        rod = self.make_product(
            "Rod",
            tracking="lot",
            lot_valuated=True,
            categ_id=self.categories["average", "real_time"].id,
        )
        cheap, dear = self.make_lot("RA-0", rod), self.make_lot("RA-1", rod)
        self.supply(rod, self.stock, 4.0, 3.10, [cheap])
        self.supply(rod, self.stock, 4.0, 7.77, [dear])
        self.sell({cheap: 2, dear: 2}, product=rod, price=20.0)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(cheap)
        self.receive(remedy, lot=dear)
        self.assertEqual(remedy.picking_ids.move_ids.value, 15.54)
        self.assertFalse(remedy.credit_note_ids)

    def test_grams_the_delivery_cannot_express_are_credited_as_complained(self):
        """335 g of goods delivered in kilograms with two decimals come back as 0.34 kg;
        335 g are credited.
        """
        rod = self.make_product(
            "Brass rod",
            uom_id=self.kilo.id,
            categ_id=self.categories["average", "real_time"].id,
        )
        self.supply(rod, self.stock, 50.0, 6.0)
        order = self.sell(2.5, price=19.99, product=rod)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(order.picking_ids, 335, self.gram)
        note = self.receive_and_post(remedy)
        self.assertEqual(remedy.picking_ids.move_ids.quantity, 0.34)
        self.assertEqual(
            (note.amount_untaxed, self._cost_of_goods(note)), (6.7, (2.01, -2.01))
        )

    def test_grams_that_do_not_come_are_not_credited(self):
        """333 g of goods kept in kilograms with two decimals come back as 0.33 kg: 330
        g are what the customer is owed.
        """
        rod = self.make_product(
            "Brass rod",
            uom_id=self.kilo.id,
            categ_id=self.categories["average", "real_time"].id,
        )
        self.supply(rod, self.stock, 50.0, 6.0)
        order = self.sell(2.5, price=19.99, product=rod)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(order.picking_ids, 333, self.gram)
        note = self.receive_and_post(remedy)
        self.assertEqual(
            (remedy.picking_ids.move_ids.quantity, remedy.picking_ids.move_ids.value),
            (0.33, 1.98),
        )
        self.assertEqual(
            (note.amount_untaxed, self._cost_of_goods(note)), (6.6, (1.98, -1.98))
        )
        line = order.order_line
        self.assertEqual(
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice, remedy.state),
            (2.17, 2.17, 0.0, "done"),
        )
        self.assertIn("330", remedy.imbalance)

    def test_grams_no_transfer_can_express_are_neither_sent_nor_asked_back(self):
        """333 g go out and come back as 0.33 kg: nothing of 3 g is made afterwards, and
        the remedies end.
        """
        for quantity, moved in ((333, 0.33), (335, 0.34)):
            for kind, vals in (
                ("replacement", {"goods": "keep"}),
                ("replacement", {"when": "on_approval"}),
                ("product_compensation", {}),
                ("replacement", {}),
            ):
                with (
                    self.subTest(quantity=quantity, kind=kind, **vals),
                    self.env.cr.savepoint(flush=True) as savepoint,
                ):
                    self.clock.move_to(SELL)
                    rod = self.make_product(
                        "Brass rod",
                        uom_id=self.kilo.id,
                        categ_id=self.categories["average", "real_time"].id,
                    )
                    self.supply(rod, self.stock, 50.0, 6.0)
                    order = self.sell(2.5, price=19.99, product=rod)
                    self.clock.move_to(COMPLAIN)
                    remedy = self.complain_of(
                        order.picking_ids, quantity, self.gram, kind=kind, **vals
                    )
                    for _transfer in range(2):
                        for picking in remedy.picking_ids.filtered(
                            lambda picking: picking.state != "done"
                        ):
                            picking.move_ids.picked = True
                            picking.button_validate()
                    if remedy.state == "executing":
                        remedy.action_execute()
                    self.assertEqual(
                        set(remedy.picking_ids.move_ids.mapped("quantity")), {moved}
                    )
                    self.assertEqual(
                        len(remedy.picking_ids), 2 if remedy._needs_goods() else 1
                    )
                    self.assertEqual(
                        (
                            remedy.state,
                            order.order_line.qty_delivered,
                            order.order_line.qty_to_invoice,
                        ),
                        ("done", 2.5, 0.0),
                    )
                    savepoint.rollback()

    def test_grams_back_for_inspection_are_replaced_as_received(self):
        """333 g asked back for inspection are 330 g: a replacement of 333 g asks for no
        more and sends 0.33 kg.
        """
        rod = self.make_product(
            "Brass rod",
            uom_id=self.kilo.id,
            categ_id=self.categories["average", "real_time"].id,
        )
        self.supply(rod, self.stock, 50.0, 6.0)
        order = self.sell(2.5, price=19.99, product=rod)
        self.clock.move_to(COMPLAIN)
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        complaint.line_ids.write({"quantity": 333, "product_uom_id": self.gram.id})
        back = self.plan(complaint, "return")
        back.action_submit()
        back.action_execute()
        self.receive(back)
        self.investigated(complaint)
        remedy = self.plan(complaint, "replacement")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(
            (len(remedy.picking_ids), remedy.picking_ids.move_ids.product_qty),
            (1, 0.33),
        )
        self.receive(remedy)
        self.assertEqual((remedy.state, complaint.cost_total), ("done", 0.0))

    def test_fewer_come_back_than_were_credited_at_once(self):
        """4 are credited at once, 3 come: what is missing is told, the loss counts 3,
        and Odoo's closing takes the fourth one's cost to the expense.

        The posted credit note stands as it is decided: money and cost of 4.
        """
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4, when="on_approval")
        complaint = remedy.complaint_id
        note = remedy.credit_note_ids
        note.action_post()
        self.assertEqual(
            (note.amount_untaxed, self._cost_of_goods(note), remedy.state),
            (40.0, (12.4, -12.4), "executing"),
        )
        self.receive(remedy, quantity=3)
        self.assertEqual(
            (remedy.picking_ids.move_ids.value, remedy.state), (9.3, "done")
        )
        self.assertIn("3 Units received instead of the 4 planned", remedy.imbalance)
        self.assertIn(
            remedy.imbalance,
            "".join(text for text, _record in complaint._get_open_ends()),
        )
        self.assertEqual(complaint.cost_total, 30.7)
        self.env.flush_all()
        self.company.action_close_stock_valuation(auto_post=True)
        balance = sum(
            self.env["account.move.line"]
            .search(
                [
                    ("account_id", "=", self.valuation_account.id),
                    ("parent_state", "=", "posted"),
                ]
            )
            .mapped("balance")
        )
        self.assertEqual(
            (round(balance, 2), round(self.goods.total_value, 2)), (288.3, 288.3)
        )

    def test_another_lot_received_replaces_nothing(self):
        """A replacement is sent at once; a wrong lot comes, then the right one: only
        the right one is taken off the cost, once.
        """
        rod = self.make_product(
            "Rod", tracking="lot", categ_id=self.categories["average", "real_time"].id
        )
        bad, other, good = (self.make_lot(f"RW-{number}", rod) for number in range(3))
        for lot in (bad, other, good):
            self.supply(rod, self.stock, 4.0, 3.10, [lot])
        self.sell({bad: 4, other: 4}, product=rod, price=20.0)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(bad, when="on_approval", kind="replacement")
        out = remedy.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        back = remedy.picking_ids - out
        out.action_assign()
        out.move_ids.picked = True
        out.button_validate()
        self.assertEqual(out.move_ids.move_line_ids.lot_id, good)
        back.move_ids.move_line_ids.write({"lot_id": other.id, "quantity": 2})
        back.move_ids.picked = True
        back.with_context(skip_backorder=True).button_validate()
        self.assertFalse(back.move_ids.account_move_id)
        rest = remedy.picking_ids - out - back
        rest.move_ids.move_line_ids.lot_id = bad
        rest.move_ids.picked = True
        rest.button_validate()
        expense = (out | rest).move_ids.account_move_id.line_ids.filtered(
            lambda line: line.account_id == self.cost_account
        )
        self.assertEqual(sorted(expense.mapped("balance")), [-6.2, 12.4])
