from uuid import uuid4

from odoo.fields import Command
from odoo.tests import get_db_name, tagged

from ..committed import CommittedWorld
from ..processes import Processes


@tagged("post_install", "-at_install")
class TestHoldRaces(CommittedWorld):
    """A hold and a delivery at the same moment, with real processes: either the goods
    were gone before, or they stay.
    """

    world_name = "Racing Holds"

    @classmethod
    def setUpClass(cls):
        cls.processes = Processes(get_db_name())
        cls.addClassCleanup(cls.processes.stop)
        super().setUpClass()

    @classmethod
    def prepare_world(cls):
        cls.product_ids = [cls.strip.id, cls.make_product("Oil").id]
        cls.stock_id, cls.company_id = cls.stock.id, cls.company.id
        cls.type_id = cls.warehouse.out_type_id.id

    def prepared(self, product=0):
        """A delivery ready to be validated and a hold ready to be ordered on its goods.

        :return: (id of the transfer, id of the hold)
        """
        with self.session() as env:
            lot = env["stock.lot"]
            product = env["product.product"].browse(self.product_ids[product])
            if product.tracking != "none":
                lot = lot.create({"name": f"RACE-{uuid4()}", "product_id": product.id})
            stock = env["stock.location"].browse(self.stock_id)
            env["stock.quant"]._update_available_quantity(product, stock, 5, lot_id=lot)
            customers = env.ref("stock.stock_location_customers")
            transfer = env["stock.picking"].create(
                {
                    "picking_type_id": self.type_id,
                    "location_id": stock.id,
                    "location_dest_id": customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom": product.uom_id.id,
                                "product_uom_qty": 2,
                                "location_id": stock.id,
                                "location_dest_id": customers.id,
                            }
                        )
                    ],
                }
            )
            transfer.action_confirm()
            transfer.move_ids.move_line_ids.unlink()
            transfer.move_ids.move_line_ids = [
                Command.create(
                    {
                        **transfer.move_ids._prepare_move_line_vals(),
                        "lot_id": lot.id,
                        "quantity": 2,
                        "picked": True,
                    }
                )
            ]
            hold = env["quality.complaint.hold"].create(
                {
                    "reason": "Sharp edges",
                    "company_id": self.company_id,
                    "line_ids": [
                        Command.create(
                            {"kind": "lot", "lot_id": lot.id}
                            if lot
                            else {"kind": "product", "product_id": product.id}
                        )
                    ],
                }
            )
            return transfer.id, hold.id

    def both(self, transfer, hold):
        """Two processes, the delivery's and the hold's, which run nothing yet."""
        with self.session() as env:
            return (
                (self.processes.start(), env["stock.picking"].browse(transfer)),
                (self.processes.start(), env["quality.complaint.hold"].browse(hold)),
            )

    def state(self, transfer):
        with self.session() as env:
            return env["stock.picking"].browse(transfer).state

    def test_a_delivery_that_did_not_see_the_hold_is_refused(self):
        for product in (0, 1):
            with self.subTest(has_lots=not product):
                transfer, hold = self.prepared(product)
                (delivery, goods), (order, paper) = self.both(transfer, hold)
                delivery.run(goods, "button_validate", stop_at=["snapshot"])
                delivery.wait_at("snapshot")
                self.assertEqual(order.run(paper, "action_order").result(), (1, None))
                attempts, error = delivery.go().result()
                self.assertEqual(attempts, 2)
                self.assertIn("Sharp edges", error)
                self.assertEqual(self.state(transfer), "assigned")

    def test_a_delivery_that_was_first_goes_and_the_hold_follows(self):
        transfer, hold = self.prepared()
        (delivery, goods), (order, paper) = self.both(transfer, hold)
        delivery.run(goods, "button_validate", stop_at=["commit"])
        delivery.wait_at("commit")
        order.run(paper, "action_order").wait_blocked()
        self.assertEqual(delivery.go().result(), (1, None))
        self.assertIsNone(order.result()[1])
        self.assertEqual(self.state(transfer), "done")
        with self.session() as env:
            hold = env["quality.complaint.hold"].browse(hold)
            self.assertEqual((hold.state, hold.lot_ids.here_quantity), ("standing", 3))

    def test_a_delivery_waits_for_the_hold_and_is_refused(self):
        transfer, hold = self.prepared()
        (delivery, goods), (order, paper) = self.both(transfer, hold)
        order.run(paper, "action_order", stop_at=["commit"])
        order.wait_at("commit")
        delivery.run(goods, "button_validate").wait_blocked()
        self.assertEqual(order.go().result(), (1, None))
        attempts, error = delivery.result()
        self.assertEqual(attempts, 2)
        self.assertIn("Sharp edges", error)
        self.assertEqual(self.state(transfer), "assigned")

    def test_a_second_hold_of_another_company_is_seen_too(self):
        """The goods are marked already: that must not hide the new hold."""
        transfer, hold = self.prepared()
        with self.session() as env:
            other = env["res.company"].create({"name": f"Sister {uuid4()}"})
            lot = env["quality.complaint.hold"].browse(hold).line_ids.lot_id
            foreign = env["quality.complaint.hold"].create(
                {
                    "reason": "Theirs",
                    "company_id": other.id,
                    "line_ids": [Command.create({"kind": "lot", "lot_id": lot.id})],
                }
            )
            foreign.action_order()
        (delivery, goods), (order, paper) = self.both(transfer, hold)
        delivery.run(goods, "button_validate", stop_at=["snapshot"])
        delivery.wait_at("snapshot")
        self.assertEqual(order.run(paper, "action_order").result(), (1, None))
        attempts, error = delivery.go().result()
        self.assertEqual(attempts, 2)
        self.assertIn("Sharp edges", error)
