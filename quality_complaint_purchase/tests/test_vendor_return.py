from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestVendorReturn(SupplierCase):
    """Goods go back on their receipt: exactly the lot and quantity, from where they are
    now, once.
    """

    def validate(self, picking):
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def returned(self, chargeback):
        chargeback.action_create_vendor_return()
        return chargeback.vendor_return_ids

    def test_goods_are_taken_from_where_complaint_returns_wait(self):
        self.buy({"L-1": 10, "L-2": 10})
        complaint = self.complained("L-2")
        self.returned_by_customer(complaint)
        waiting = self.warehouse.complaint_return_location_id
        self.assertEqual(self.quantity_in(waiting), 4.0)
        chargeback = self.charge(complaint)
        chargeback.action_mark_sent()
        picking = self.returned(chargeback)
        self.assertEqual(picking.location_id, waiting)
        self.assertEqual(picking.location_dest_id.usage, "supplier")
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(
            (picking.move_line_ids.lot_id, picking.move_line_ids.quantity),
            (self.lot("L-2"), 4.0),
        )
        self.assertEqual(picking.move_ids.origin_returned_move_id, chargeback.move_id)
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.quantity_in(waiting), 0.0)
        self.assertEqual(self.quantity_in(self.stock, lot=self.lot("L-2")), 6.0)
        self.assertEqual(chargeback.returned_quantity, 4.0)
        self.assertEqual(chargeback.purchase_line_id.qty_received, 16.0)

    def test_else_from_the_stock_and_only_the_lot(self):
        self.buy({"L-1": 10, "L-2": 10})
        chargeback = self.charge(self.complained("L-2"))
        chargeback.action_mark_sent()
        picking = self.returned(chargeback)
        self.assertEqual(picking.location_id, self.stock)
        self.assertEqual(
            (picking.move_line_ids.lot_id, picking.move_line_ids.quantity),
            (self.lot("L-2"), 4.0),
        )
        self.validate(picking)
        self.assertEqual(self.quantity_in(self.stock, lot=self.lot("L-1")), 10.0)
        self.assertEqual(self.quantity_in(self.stock, lot=self.lot("L-2")), 2.0)

    def test_partly_back_from_the_customer_is_taken_from_both_places(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1", quantity=3)
        self.returned_by_customer(complaint)
        chargeback = self.charge(complaint, quantity=5.0)
        chargeback.action_mark_sent()
        picking = self.returned(chargeback)
        taken = {line.location_id: line.quantity for line in picking.move_line_ids}
        self.assertEqual(
            taken, {self.warehouse.complaint_return_location_id: 3.0, self.stock: 2.0}
        )
        self.validate(picking)
        self.assertEqual(self.quantity_in(self.stock), 5.0)
        self.assertEqual(chargeback.returned_quantity, 5.0)

    def test_second_click_makes_no_second_return(self):
        chargeback, _order = self.charged()
        picking = self.returned(chargeback)
        action = chargeback.action_create_vendor_return()
        self.assertEqual(action["res_id"], picking.id)
        self.assertEqual(len(chargeback.move_ids), 1)
        picking.action_cancel()
        self.assertNotEqual(
            chargeback.action_create_vendor_return()["res_id"], picking.id
        )

    def test_backorder_belongs_to_the_same_supplier_complaint(self):
        chargeback, _order = self.charged()
        picking = self.returned(chargeback)
        picking.move_line_ids.quantity = 3.0
        picking.move_ids.picked = True
        picking.with_user(self.warehouse_worker).with_context(
            skip_backorder=True
        ).button_validate()
        backorder = chargeback.vendor_return_ids - picking
        self.assertEqual(backorder.backorder_id, picking)
        self.assertEqual(chargeback.returned_quantity, 3.0)
        self.validate(backorder)
        self.assertEqual(chargeback.returned_quantity, 4.0)

    def test_duplicate_and_return_of_the_return_are_not_counted(self):
        chargeback, _order = self.charged()
        picking = self.returned(chargeback)
        self.assertFalse(picking.copy().move_ids.chargeback_id)
        self.validate(picking)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        self.assertFalse(wizard._create_return().move_ids.chargeback_id)
        self.assertEqual(chargeback.returned_quantity, 4.0)

    def test_goods_that_are_not_here_cannot_go_back(self):
        self.buy({"L-1": 4})
        chargeback = self.charge(self.complained("L-1"))
        chargeback.action_mark_sent()
        with self.assertRaisesRegex(
            UserError, r"4 Units of Copper strip \(L-1\) are not here"
        ):
            chargeback.action_create_vendor_return()
        self.assertFalse(chargeback.move_ids)

    def test_never_more_than_was_received_whoever_returned_it(self):
        self.buy({"L-1": 10})
        self.env["stock.quant"]._update_available_quantity(
            self.strip, self.stock, 20, lot_id=self.lot("L-1")
        )
        chargeback = self.charge(self.complained("L-1"), quantity=8.0)
        chargeback.action_mark_sent()
        receipt = chargeback.picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=receipt.id,
                active_ids=receipt.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 3
        self.validate(wizard._create_return())
        with self.assertRaisesRegex(
            UserError, "10 Units came in on .* and 3 went back"
        ):
            chargeback.action_create_vendor_return()

    def test_dozens_received_and_pieces_sent_back(self):
        wire = self.make_product("Wire drum")
        self.buy(2, product=wire, uom=self.dozen, price=60.0)
        self.sell(12, product=wire)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[(0, 0, {"product_id": wire.id, "quantity": 12})],
        )
        chargeback = self.charge(complaint)
        self.assertEqual(
            (chargeback.product_uom_id, chargeback.amount), (self.unit, 60.0)
        )
        chargeback.action_mark_sent()
        picking = self.returned(chargeback)
        self.validate(picking)
        self.assertEqual(self.quantity_in(self.stock, wire), 0.0)
        self.assertEqual(chargeback.purchase_line_id.qty_received, 1.0)

    def test_return_needs_a_sent_complaint(self):
        chargeback, _order = self.charged(send=False)
        with self.assertRaisesRegex(UserError, "Draft"):
            chargeback.action_create_vendor_return()

    def test_inspected_goods_go_back_on_the_complaint_s_or_the_only_receipt(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1")
        self.returned_by_customer(complaint)
        chargebacks, lot = (
            self.env["quality.complaint.chargeback"].with_user(self.warehouse_worker),
            self.lot("L-1"),
        )
        picking = chargebacks._return_inspected(
            complaint, self.strip, lot, 3.0, self.unit
        )
        chargeback = complaint.chargeback_ids
        self.assertEqual(
            (chargeback.state, chargeback.quantity, chargeback.vendor_return_ids),
            ("draft", 3.0, picking),
        )
        self.assertEqual(
            picking.location_id, self.warehouse.complaint_return_location_id
        )
        self.assertEqual(
            chargebacks._return_inspected(complaint, self.strip, lot, 3.0, self.unit),
            picking,
        )
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            chargeback.quantity = 1.0
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            chargeback.unlink()
        chargeback.action_mark_sent()
        self.assertEqual(chargeback.action_create_vendor_return()["res_id"], picking.id)

    def test_warehouse_sends_inspected_goods_back_to_the_supplier(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1")
        receipt = self.returned_by_customer(complaint)
        inspection = self.inspect(receipt.with_user(self.warehouse_worker))
        inspection.write({"disposition": "supplier", "quantity": 2.0})
        transfer = self.env["stock.picking"].browse(
            inspection.action_dispose()["res_id"]
        )
        self.assertEqual(
            (transfer.move_ids.product_qty, transfer.move_ids.chargeback_id),
            (2.0, complaint.chargeback_ids),
        )
        self.assertIn(transfer.name, inspection.disposition_status)
        more = inspection.copy({"disposition": "supplier", "quantity": 1.0})
        with self.assertRaisesRegex(UserError, transfer.name):
            more.action_dispose()

    def test_inspected_goods_of_several_receipts_wait_for_an_officer(self):
        self.buy({"L-1": 10})
        self.buy({"L-1": 5}, vendor=self.other_vendor)
        complaint = self.complained("L-1")
        with self.assertRaisesRegex(UserError, "2 receipts"):
            self.env["quality.complaint.chargeback"]._return_inspected(
                complaint, self.strip, self.lot("L-1"), 3.0, self.unit
            )

    def test_warehouse_sees_number_and_instruction_only(self):
        chargeback, _order = self.charged()
        picking = self.returned(chargeback).with_user(self.warehouse_worker)
        self.env.invalidate_all()
        self.assertEqual(picking.complaint_number, chargeback.name)
        self.assertIn(
            "Back to Rolling Mill: 4 Units of Copper strip (L-1)",
            picking.complaint_instruction,
        )
        self.assertEqual(picking.complaint_count, 0)
        self.assertIn(
            picking, picking.search([("move_ids.chargeback_id", "!=", False)])
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_link_is_set_by_the_button_only(self):
        chargeback, order = self.charged()
        with self.assertRaisesRegex(UserError, "button"):
            order.picking_ids.move_ids.with_user(
                self.warehouse_worker
            ).chargeback_id = chargeback.id
        with Form(
            self.env["stock.picking"]
            .with_user(self.warehouse_worker)
            .with_context(default_picking_type_id=self.warehouse.out_type_id.id)
        ) as form:
            form.partner_id = self.vendor
        move = (
            self.env["stock.move"]
            .with_user(self.warehouse_worker)
            .create(
                {
                    "product_id": self.strip.id,
                    "product_uom_qty": 1,
                    "picking_id": form.record.id,
                    "chargeback_id": chargeback.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.vendor.property_stock_supplier.id,
                }
            )
        )
        self.assertFalse(move.sudo().chargeback_id)

    def test_every_button_opens_its_page(self):
        chargeback, _order = self.charged()
        self.returned(chargeback)
        officer = chargeback.with_user(self.officer)
        self.assertEqual(
            officer.action_view_complaint()["res_id"], chargeback.complaint_id.id
        )
        self.assertTrue(officer.action_view_vendor_returns())
        officer.action_view_vendor_credit_notes()
        action = chargeback.partner_id.with_user(
            self.manager
        ).action_view_supplier_decisions()
        self.assertFalse(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .search(action["domain"])
        )
        choice = self.env["quality.complaint.supplier.choice"].create(
            {"complaint_id": chargeback.complaint_id.id}
        )
        action = choice.action_by_hand()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.complaint_id, chargeback.complaint_id)
