from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestKit(ComplaintCase):
    """A component's lot leads to the kit's order and invoice; its price is its share of the kit's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.make_product("Terminal set", is_storable=False)
        cls.screw = cls.make_product("Screw", standard_price=0.5)
        cls.bar = cls.make_product("Bar", tracking="lot", standard_price=8.0)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.bar.id, "product_qty": 1}),
                    Command.create({"product_id": cls.screw.id, "product_qty": 4}),
                ],
            }
        )
        cls.lot = cls.make_lot("KIT-BAR", cls.bar, 20)
        cls.env["stock.quant"]._update_available_quantity(cls.screw, cls.stock, 100)
        cls.order = cls.sell(3, product=cls.kit, price=50.0)

    def test_components_lot_finds_the_kits_order_invoice_and_price(self):
        complaint = self.make_complaint(lot_ref="KIT-BAR", register=False)
        line = complaint.line_ids
        self.assertEqual((line.product_id, line.quantity), (self.bar, 3.0))
        self.assertEqual(line.sale_line_id, self.order.order_line)
        self.assertEqual(line.invoice_line_id.product_id, self.kit)
        self.assertEqual(line.value, 120.0)
        line.quantity = 1
        self.assertEqual(line.value, 40.0)

    def test_kit_itself_offers_its_components(self):
        complaint = self.make_complaint(
            register=False, partner_id=self.customer.id, line_ids=[Command.create({"product_id": self.kit.id, "quantity": 1})]
        )
        wizard = self.env["quality.complaint.match"].browse(complaint.action_open_match()["res_id"])
        self.assertEqual(wizard.line_ids.product_id, self.bar | self.screw)

    def test_component_is_returned_and_credited_by_price_reduction(self):
        complaint = self.investigated(self.make_complaint(lot_ref="KIT-BAR"))
        complaint.line_ids.quantity = 1
        refused = self.plan(complaint, "refund")
        with self.assertRaisesRegex(UserError, "Terminal set"):
            complaint.action_submit_plan()
        refused.unlink()
        back = self.plan(complaint, "return")
        credit = self.plan(complaint, "credit", percent=100)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(back)
        self.assertEqual(self.quantity_in(self.warehouse.complaint_return_location_id, self.bar), 1.0)
        self.assertEqual(credit.credit_note_ids.amount_untaxed, 40.0)
        self.assertEqual(self.order.order_line.qty_to_invoice, 0.0)
