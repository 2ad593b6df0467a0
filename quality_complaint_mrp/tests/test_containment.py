from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestContainment(ComplaintCase):
    """Suspect goods in work are proposed with the others."""

    def order(self, product, component, quantity):
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": 1})
                ],
            }
        )
        order = self.env["mrp.production"].create(
            {"product_id": product.id, "product_qty": quantity, "bom_id": bom.id}
        )
        order.action_confirm()
        order.action_assign()
        return order

    def proposed(self, lot):
        complaint = self.make_complaint(
            description="Whistles",
            partner_id=self.customer.id,
            line_ids=[
                Command.create({"product_id": lot.product_id.id, "lot_id": lot.id})
            ],
        )
        report = complaint._create_8d()
        report.action_propose_containment()
        return {row.place: row.suspect_quantity for row in report.containment_ids}

    def test_components_reserved_and_goods_being_made_are_work_in_progress(self):
        bearing = self.make_product("Bearing", tracking="lot")
        motor = self.make_product("Motor", tracking="lot")
        lot = self.make_lot("B-1", bearing, 20)
        order = self.order(motor, bearing, 8)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, lot)
        self.assertEqual(self.proposed(lot), {"finished": 12, "wip": 8})
        made = self.env["stock.lot"].create({"name": "M-1", "product_id": motor.id})
        order.lot_producing_ids = made
        self.assertEqual(self.proposed(made), {"wip": 8})
        order.qty_producing = 8
        order.set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self.assertEqual(
            (self.proposed(made), self.proposed(lot)),
            ({"finished": 8}, {"finished": 12}),
        )
