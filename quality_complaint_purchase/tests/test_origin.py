from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestOrigin(SupplierCase):
    """Receipt and supplier are found from the lot, from its components, from the
    product; several are offered, none is guessed.
    """

    def choice(self, complaint):
        action = complaint.action_supplier_complaint()
        self.assertEqual(action["res_model"], "quality.complaint.supplier.choice")
        return self.env["quality.complaint.supplier.choice"].browse(action["res_id"])

    def test_lot_finds_its_receipt_order_bill_and_supplier(self):
        order = self.buy({"L-1": 10})
        complaint = self.complained("L-1")
        chargeback = self.charge(complaint)
        self.assertEqual(chargeback.partner_id, self.vendor)
        self.assertEqual(chargeback.purchase_line_id, order.order_line)
        self.assertEqual(chargeback.picking_id, order.picking_ids)
        self.assertEqual(chargeback.bill_id, order.invoice_ids)
        self.assertEqual((chargeback.quantity, chargeback.amount), (4.0, 24.0))
        self.assertEqual(chargeback.lot_id, self.lot("L-1"))
        self.assertEqual(chargeback.description, "Scratched surface")

    def test_second_click_opens_the_same_supplier_complaint(self):
        self.buy({"L-1": 10})
        complaint = self.complained("L-1")
        chargeback = self.charge(complaint)
        self.assertEqual(complaint.action_supplier_complaint()["res_id"], chargeback.id)
        self.assertEqual(complaint.chargeback_ids, chargeback)

    def test_several_receipts_of_a_lot_are_offered_and_the_ticked_one_is_taken(self):
        self.buy({"L-1": 10})
        again = self.buy({"L-1": 5}, vendor=self.other_vendor, price=7.0)
        complaint = self.complained("L-1")
        wizard = self.choice(complaint)
        self.assertEqual(wizard.line_ids.partner_id, self.vendor | self.other_vendor)
        self.assertFalse(complaint.chargeback_ids)
        with self.assertRaisesRegex(UserError, "Tick"):
            wizard.action_apply()
        wizard.line_ids.filtered(lambda row: row.partner_id == self.other_vendor).write(
            {"selected": True, "quantity": 3}
        )
        wizard.action_apply()
        self.assertEqual(complaint.chargeback_ids.purchase_line_id, again.order_line)
        self.assertEqual(complaint.chargeback_ids.amount, 21.0)

    def test_offered_rows_cannot_be_changed_beyond_tick_and_quantity(self):
        self.buy({"L-1": 10})
        self.buy({"L-1": 5}, vendor=self.other_vendor)
        wizard = self.choice(self.complained("L-1"))
        with self.assertRaises(UserError):
            wizard.with_user(self.officer).line_ids[0].partner_id = self.customer

    def test_product_without_lot_offers_its_receipts_of_the_last_year(self):
        wire = self.make_product("Copper wire")
        recent = self.buy(20, product=wire)
        old = self.buy(20, product=wire, vendor=self.other_vendor)
        old.picking_ids.move_ids.date = "2020-01-01 08:00:00"
        old.picking_ids.move_line_ids.date = "2020-01-01 08:00:00"
        self.sell(5, product=wire)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": wire.id, "quantity": 2})],
        )
        chargeback = self.charge(complaint)
        self.assertEqual(chargeback.purchase_line_id, recent.order_line)
        self.assertFalse(chargeback.lot_id)
        self.assertEqual(chargeback.amount, 12.0)

    def test_without_any_receipt_the_supplier_is_chosen_by_hand(self):
        self.make_lot("OWN-1", quantity=10)
        complaint = self.complained("OWN-1")
        action = complaint.action_supplier_complaint()
        self.assertEqual(
            (action["res_model"], action.get("res_id")),
            ("quality.complaint.chargeback", None),
        )
        with Form(
            self.env["quality.complaint.chargeback"].with_context(**action["context"])
        ) as form:
            self.assertEqual(form.quantity, 4.0)
            form.partner_id = self.vendor
            form.amount = 15.0
        chargeback = form.record
        self.assertEqual(
            (chargeback.partner_id, chargeback.product_id, chargeback.amount),
            (self.vendor, self.strip, 15.0),
        )

    def test_receipts_of_another_company_are_no_candidates(self):
        other = self.env["res.company"].create({"name": "Sister Works"})
        self.buy({"L-1": 10})
        complaint = self.complained("L-1")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move_line SET company_id = %s WHERE move_id IN (SELECT id "
            "FROM stock_move WHERE purchase_line_id IS NOT NULL)",
            [other.id],
        )
        self.env.invalidate_all()
        self.assertFalse(complaint.line_ids._supplier_candidates())

    def test_component_lot_leads_to_the_suppliers_of_the_components(self):
        motor = self.make_product("Motor", tracking="lot")
        wire = self.make_product("Magnet wire", tracking="lot")
        order = self.buy({"WIRE-7": 100}, product=wire, price=2.0)
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": motor.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": wire.id, "product_qty": 3})
                ],
            }
        )
        production = self.env["mrp.production"].create(
            {"product_id": motor.id, "product_qty": 5, "bom_id": bom.id}
        )
        production.action_confirm()
        production.action_assign()
        made = self.env["stock.lot"].create({"name": "MOTOR-1", "product_id": motor.id})
        production.lot_producing_ids = made
        production.qty_producing = 5
        production.set_qty_producing()
        production.move_raw_ids.picked = True
        production.button_mark_done()
        complaint = self.complained("MOTOR-1", quantity=2.0, product=motor)
        candidates = complaint.line_ids._supplier_candidates()
        self.assertEqual(
            [(c["lot"].name, c["partner"], c["quantity"]) for c in candidates],
            [("WIRE-7", self.vendor, 6.0)],
        )
        chargeback = self.charge(complaint)
        self.assertEqual(
            (chargeback.product_id, chargeback.lot_id, chargeback.quantity),
            (wire, self.lot("WIRE-7", wire), 6.0),
        )
        self.assertEqual(
            (chargeback.purchase_line_id, chargeback.amount), (order.order_line, 12.0)
        )

    def test_unregistered_and_closed_complaints_put_nothing_before_suppliers(self):
        self.buy({"L-1": 10})
        draft = self.make_complaint(lot_ref="L-1", register=False)
        with self.assertRaisesRegex(UserError, "register"):
            draft.action_supplier_complaint()
