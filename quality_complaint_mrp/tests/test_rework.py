from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestRework(ComplaintCase):
    """Returned goods are reworked by a manufacturing order (row 280)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.planner = new_test_user(
            cls.env,
            "qc_planner",
            "stock.group_stock_user,mrp.group_mrp_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.lot = cls.make_lot("RW-1", quantity=10)
        cls.sell({cls.lot: 10})
        cls.complaint = cls.make_complaint(lot_ref="RW-1")
        remedy = cls.plan(cls.complaint, "return", 6)
        remedy.action_submit()
        remedy.action_execute()
        cls.receipt = cls.receive(remedy)
        cls.result = (
            cls.env["quality.complaint.inspection"]
            .with_user(cls.warehouse_worker)
            .create(
                {
                    "picking_id": cls.receipt.id,
                    "move_id": cls.receipt.move_ids.id,
                    "product_id": cls.strip.id,
                    "lot_id": cls.lot.id,
                    "quantity": 6,
                    "condition": "defective",
                    "grade": "c",
                    "disposition": "rework",
                }
            )
        )

    def test_what_can_be_put_right_is_reworked(self):
        self.assertEqual(self.result._proposed_disposition(), "rework")
        with self.assertRaises(AccessError):
            self.result.action_dispose()  # the warehouse makes no orders
        self.result.with_user(self.planner).action_dispose()
        order = self.result.sudo().production_ids
        self.assertEqual(
            (order.state, order.product_qty, order.product_id),
            ("confirmed", 6, self.strip),
        )
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.lot)
        self.assertEqual(
            order.location_src_id, self.warehouse.complaint_return_location_id
        )
        self.assertIn(order.name, self.result.disposition_status)
        self.assertIn(
            f"{order.name}: rework of returned goods",
            [text for text, _record in self.complaint._get_open_ends()],
        )
        oil = self.make_product("Oil", standard_price=2.5)
        self.env["stock.quant"]._update_available_quantity(
            oil, order.location_src_id, 10
        )
        order.write(
            {
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": oil.id,
                            "product_uom_qty": 2,
                            "product_uom": oil.uom_id.id,
                            "location_id": order.location_src_id.id,
                            "location_dest_id": oil.property_stock_production.id,
                            "company_id": self.company.id,
                        }
                    )
                ]
            }
        )
        order.action_assign()
        order.qty_producing = 6
        order.lot_producing_ids = self.lot
        order.set_qty_producing()
        order.move_raw_ids.picked = True
        order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 0
        )
        rows = self.cost_rows(self.complaint)
        rework = rows.filtered(lambda row: row.source == "rework")
        self.assertEqual((rework.actual, rework.goods_id), (5.0, oil))
        # the goods are ours again: their value is taken off
        self.assertEqual(
            rows.filtered(lambda row: row.source == "returned").quantity, 6
        )
