from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.trace.holds import HoldCase

from .production import ProductionCase


@tagged("post_install", "-at_install")
class TestOutside(HoldCase, ProductionCase):
    """Goods that a subcontractor makes, and goods that go from a supplier to a customer
    without ever being here (Odoo's Subcontracting and Dropshipping).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = cls.env["res.partner"].create({"name": "Polishing Works"})
        cls.env["mrp.bom"].create(
            {
                "type": "subcontract",
                "product_tmpl_id": cls.motor.product_tmpl_id.id,
                "subcontractor_ids": [Command.set(cls.maker.ids)],
                "bom_line_ids": [
                    Command.create({"product_id": cls.part.id, "product_qty": 2})
                ],
            }
        )
        cls.outside = cls.maker.with_company(cls.company).property_stock_subcontractor

    def subcontracted(self, lot, component, quantity):
        """Components go out, the subcontractor makes the goods, they are received."""
        self.move_lot(component, 2 * quantity, self.stock, self.outside)
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.maker.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.motor.id,
                            "product_uom_qty": quantity,
                            "product_uom": self.motor.uom_id.id,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        move = receipt.move_ids
        self.take(move, [(lot, quantity)])
        order = move.move_orig_ids.production_id
        self.take(order.move_raw_ids, [(component, 2 * quantity)])
        order.move_raw_ids.picked = True
        move.picked = True
        receipt.button_validate()
        return receipt

    def test_subcontracted_goods_are_followed_and_add_up(self):
        component = self.receive_lot("SUB-C", self.part, 20)
        lot = self.make_lot("SUB-M", self.motor)
        receipt = self.subcontracted(lot, component, 6)
        self.assertEqual(receipt.state, "done")
        self.move_lot(lot, 4, self.stock, self.customers, partner=self.customer)
        self.assertEqual(
            self.down(component), {component.id: (0, 20, 20), lot.id: (1, 12, 12)}
        )
        self.assertEqual(self.up(lot)[component.id][0], 1)
        sums = self.kinds(component)
        # with some apps Odoo means to bring the subcontractor more, and reserves it
        free = sums.pop("stock", 0) + sums.pop("reserved", 0)
        self.assertEqual(
            (free, sums),
            (8, {"received": 20, "in": 20, "there": 8, "consumed": 12, "out": 12}),
        )
        self.assertEqual(
            self.kinds(lot),
            {"made": 6, "in": 6, "stock": 2, "there": 2, "shipped": 4, "out": 4},
        )

    def test_what_is_on_hold_is_not_used_by_a_subcontractor(self):
        component = self.receive_lot("SUB-D", self.part, 20)
        hold = self.hold(component)
        lot = self.make_lot("SUB-N", self.motor)
        self.assert_stops(hold, lambda: self.subcontracted(lot, component, 6))
        self.assertEqual(self.kinds(component)["there"], 20)

    def test_a_lot_that_only_passes_from_supplier_to_customer_is_stopped(self):
        """It never lies here: it leaves in the moment it comes."""
        lot = self.make_lot("DROP-1", self.part)
        operation = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.company.id)], limit=1
        )
        transfer = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "partner_id": self.customer.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_uom_qty": 5,
                            "product_uom": self.part.uom_id.id,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        transfer.action_confirm()
        self.take(transfer.move_ids, [(lot, 5)])
        transfer.move_ids.picked = True
        hold = self.hold(lot)
        self.assert_stops(hold, transfer.button_validate)
        self.lift(hold)
        transfer.button_validate()
        self.assertEqual(
            self.kinds(lot), {"received": 5, "in": 5, "shipped": 5, "out": 5}
        )
