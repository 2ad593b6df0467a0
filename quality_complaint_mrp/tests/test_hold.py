from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.trace.holds import HoldCase

from .production import ProductionCase


@tagged("post_install", "-at_install")
class TestHold(HoldCase, ProductionCase):
    """Goods on hold are not used in production, nor taken apart."""

    def order(self, quantity):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.motor.id,
                "product_qty": quantity,
                "bom_id": False,
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "product_uom": self.unit.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": self.production.id,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.action_assign()
        return order

    def test_components_are_freed_and_their_planner_is_told(self):
        order = self.order(5)
        order.user_id = self.engineer
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.bad)
        hold = self.hold(self.bad)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.good)
        self.assertEqual(hold.told_user_ids, self.engineer)
        self.assertEqual(order.activity_ids.user_id, self.engineer)

    def test_every_way_into_production_is_shut(self):
        made = self.receive_lot("MO-1", self.motor, 3)
        part = self.receive_lot("BE-1", self.part, 2)
        source = self.make_lot("MO-2", self.motor)
        built = self.make({source: 1}, [(part, 1)])
        order = self.order(5)
        hold = self.hold(self.bad, source, made)
        chained = self.make_lot("MO-3", self.motor)

        def finish():
            order.lot_producing_ids = chained
            order.qty_producing = 5
            order.set_qty_producing()
            self.take(order.move_raw_ids, [(self.bad, 5)])
            order.move_raw_ids.picked = True
            order.button_mark_done()

        ways = {
            "typed": lambda: self.type_lot(order.move_raw_ids, self.bad),
            "finished": finish,
            "taken apart": lambda: self.unbuild(built, source, 1),
            "by an order at once": lambda: self.make({chained: 1}, [(self.bad, 1)]),
        }
        for name, step in ways.items():
            with self.subTest(name):
                self.assert_stops(hold, step)
        self.assertEqual([self.left(lot) for lot in (self.bad, source, made)], [0] * 3)

    def test_what_is_made_in_two_steps_is_not_even_fetched(self):
        self.warehouse.manufacture_steps = "pbm"
        hold = self.hold(self.bad)
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.motor.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.strip.id, "product_qty": 1})
                ],
            }
        )
        order = self.env["mrp.production"].create(
            {
                "product_id": self.motor.id,
                "product_qty": 25,
                "bom_id": bom.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        fetch = order.picking_ids
        fetch.action_assign()
        self.assertEqual(fetch.move_line_ids.lot_id, self.good)
        self.assert_stops(hold, lambda: self.type_lot(fetch.move_ids, self.bad))

    def test_rework_fetches_it_in_two_steps(self):
        self.warehouse.manufacture_steps = "pbm"
        self.move_lot(self.good, 20, self.stock, self.inventory)
        hold = self.hold(self.bad)
        self.lift(hold, "rework")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.motor.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.strip.id, "product_qty": 1})
                ],
            }
        )
        order = self.env["mrp.production"].create(
            {
                "product_id": self.motor.id,
                "product_qty": 4,
                "bom_id": bom.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.bad)

    def test_rework_uses_it_again(self):
        hold = self.hold(self.bad)
        self.lift(hold, "rework")
        lot = self.make_lot("MO-9", self.motor)
        self.make({lot: 2}, [(self.bad, 2)])
        self.assertEqual(self.left(self.bad), 2)
        with self.assertRaises(UserError):
            self.type_lot(self.delivery(1).move_ids, self.bad)

    def test_kits_are_stopped_by_a_component(self):
        kit = self.make_product("Kit", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.strip.id, "product_qty": 2})
                ],
            }
        )
        hold = self.hold(self.bad)
        transfer = self.delivery(2, kit)
        self.assertEqual(transfer.move_line_ids.lot_id, self.good)
        self.assert_stops(hold, lambda: self.type_lot(transfer.move_ids, self.bad))

    def test_kits_of_a_component_on_hold_are_not_ordered(self):
        oil = self.make_product("Oil")
        self.move_lot(oil, 30, self.suppliers, self.stock)
        inner, kit = (
            self.make_product(name, is_storable=False) for name in ("Can", "Kit")
        )
        for product, part in ((inner, oil), (kit, inner)):
            self.env["mrp.bom"].create(
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "type": "phantom",
                    "bom_line_ids": [
                        Command.create({"product_id": part.id, "product_qty": 2})
                    ],
                }
            )
        hold = self.hold(oil)
        self.assert_stops(hold, lambda: self.delivery(1, kit))
        self.lift(hold)
        self.assertEqual(self.delivery(1, kit).move_ids.product_id, oil)
