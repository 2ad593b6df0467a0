from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestKit(ComplaintCase):
    """A component's lot leads to the kit's order and invoice; its price is its share of
    the kit's.
    """

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
            register=False,
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": self.kit.id, "quantity": 1})],
        )
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        self.assertEqual(wizard.line_ids.product_id, self.bar | self.screw)

    def test_component_is_returned_and_its_share_of_the_price_refunded(self):
        complaint = self.investigated(self.make_complaint(lot_ref="KIT-BAR"))
        complaint.line_ids.quantity = 2
        refund = self.plan(complaint, "refund")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(refund, quantity=1, backorder=True)
        line = refund.credit_note_ids.invoice_line_ids
        self.assertEqual(
            (line.product_id, line.quantity, line.price_subtotal, line.tax_ids),
            (self.bar, 1.0, 40.0, self.tax),
        )
        self.receive(refund)
        refund.credit_note_ids.action_post()
        self.assertEqual(sum(refund.credit_note_ids.mapped("amount_untaxed")), 80.0)
        self.assertEqual(refund.state, "done")
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id, self.bar), 2.0
        )
        order = self.order.order_line
        self.assertEqual((order.qty_delivered, order.qty_to_invoice), (3.0, 0.0))

    def test_components_together_never_more_than_the_kit(self):
        complaint = self.investigated(self.make_complaint(lot_ref="KIT-BAR"))
        self.plan(complaint, "refund", 3)
        self.plan(complaint, "credit", amount=31.0)
        with self.assertRaisesRegex(UserError, "30"):
            complaint.action_submit_plan()

    def test_component_is_replaced_outside_of_the_order(self):
        new = self.make_lot("KIT-BAR-2", self.bar, 5)
        complaint = self.investigated(self.make_complaint(lot_ref="KIT-BAR"))
        complaint.line_ids.quantity = 1
        remedy = self.plan(complaint, "replacement")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(remedy)
        picking = remedy.sale_ids.picking_ids
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, new)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(remedy.state, "done")
        order = self.order.order_line
        self.assertEqual((order.qty_delivered, order.qty_to_invoice), (3.0, 0.0))

    def test_odoo_books_no_cost_for_kits_so_none_is_taken_back(self):
        category = self.env["product.category"].create(
            {"name": "Perpetual", "property_valuation": "real_time"}
        )
        (self.kit | self.bar | self.screw).categ_id = category
        self.env["stock.quant"]._update_available_quantity(
            self.bar, self.stock, -20, lot_id=self.lot
        )
        lot = self.make_lot("KIT-COST", self.bar, 1)
        order = self.sell(1, product=self.kit, price=50.0)
        self.assertFalse(
            order.invoice_ids.line_ids.filtered(
                lambda line: line.display_type == "cogs"
            )
        )
        _complaint, refund = self.executed(lot)
        self.receive(refund)
        refund.credit_note_ids.action_post()
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
        self.assertFalse(
            refund.credit_note_ids.line_ids.filtered(
                lambda line: line.display_type == "cogs"
            )
        )

    def make_kit(self, name, costs, quantity=1):
        """A kit of one piece of each component, whose lots are `{name}-0`, `{name}-1`
        …, and its order at 100.00 each, delivered and invoiced.

        :param list costs: unit cost of each component
        :return: components
        """
        kit = self.make_product(name, is_storable=False)
        category = self.env["product.category"].create(
            {"name": name, "property_cost_method": "standard"}
        )
        parts = [
            self.make_product(
                f"{name} {index}",
                tracking="lot",
                standard_price=cost,
                categ_id=category.id,
            )
            for index, cost in enumerate(costs)
        ]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": 1})
                    for part in parts
                ],
            }
        )
        for index, part in enumerate(parts):
            self.make_lot(f"{name}-{index}", part, 20)
        self.sell(quantity, product=kit, price=100.0)
        return parts

    def shares(self, name, number):
        complaints = [
            self.make_complaint(lot_ref=f"{name}-{index}", register=False)
            for index in range(number)
        ]
        return [complaint.line_ids.value for complaint in complaints]

    def refunded(self, name, index):
        complaint = self.investigated(self.make_complaint(lot_ref=f"{name}-{index}"))
        refund = self.plan(complaint, "refund")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(refund)
        refund.credit_note_ids.action_post()
        return refund.credit_note_ids.amount_untaxed

    def test_price_is_shared_by_the_cost_at_delivery(self):
        parts = self.make_kit("Pair", [20.0, 30.0])
        self.assertEqual(self.shares("Pair", 2), [40.0, 60.0])
        first = self.refunded("Pair", 0)
        parts[0].standard_price = 5.0
        parts[1].standard_price = 95.0
        self.assertEqual((first, self.refunded("Pair", 1)), (40.0, 60.0))

    def test_three_equal_components_come_to_the_whole_price(self):
        self.make_kit("Trio", [10.0, 10.0, 10.0])
        self.assertEqual(
            [self.refunded("Trio", index) for index in (2, 0, 1)], [33.34, 33.33, 33.33]
        )

    def test_components_without_cost_share_the_price_equally(self):
        self.make_kit("Free", [0.0, 0.0, 0.0])
        self.assertEqual(self.shares("Free", 3), [33.33, 33.33, 33.34])

    def test_component_that_costs_nothing_takes_no_rest(self):
        self.make_kit("Gift", [10.0, 10.0, 10.0, 0.0])
        self.assertEqual(self.shares("Gift", 4), [33.33, 33.33, 33.34, 0.0])

    def test_component_complained_of_before_the_kit_is_invoiced_waits_for_the_invoice(
        self,
    ):
        order = self.sell(2, product=self.kit, price=50.0, invoice=False)
        move_lines = order.picking_ids.move_ids.filtered(
            lambda move: move.product_id == self.bar
        )
        candidates = self.env["quality.complaint.line"]._candidates(
            Domain("move_id", "=", move_lines.id), self.company
        )
        complaint = self.make_complaint(register=False, partner_id=self.customer.id)
        complaint.line_ids = [
            Command.create(
                {
                    **complaint.line_ids._prepare_candidate_vals(candidates[0]),
                    "quantity": 1,
                }
            )
        ]
        complaint.action_register()
        self.investigated(complaint)
        refund = self.plan(complaint, "refund")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(refund)
        self.assertEqual(
            (refund.state, order.order_line.qty_delivered), ("executing", 2.0)
        )
        self.assertEqual(self.invoice(order).amount_untaxed, 100.0)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 40.0)
