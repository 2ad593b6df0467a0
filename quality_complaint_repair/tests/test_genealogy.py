from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.trace.lots import LotsCase


@tagged("post_install", "-at_install")
class TestGenealogy(LotsCase):
    """A repair puts parts into goods and takes others out of them."""

    def repair(self, lot, parts):
        """
        :param parts: list of (kind, lot)
        """
        order = self.env["repair.order"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "product_qty": 1,
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.repair_type_id.id,
                "product_location_src_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "repair_line_type": kind,
                            "product_id": part.product_id.id,
                            "product_uom_qty": 1,
                        }
                    )
                    for kind, part in parts
                ],
            }
        )
        order.action_validate()
        order.action_repair_start()
        for move, (_kind, part) in zip(order.move_ids, parts, strict=True):
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_id": part.id,
                        "quantity": 1,
                        "picked": True,
                    }
                )
            ]
            move.picked = True
        order.action_repair_end()
        self.assertEqual(order.state, "done")
        return order

    def test_a_part_put_in_is_in_the_goods_and_a_part_taken_out_is_not_used(self):
        bearing = self.make_product("Bearing", tracking="lot")
        pump = self.make_product("Pump", tracking="serial")
        new, old, goods = (
            self.make_lot("NEW", bearing),
            self.make_lot("OLD", bearing),
            self.make_lot("PUMP", pump),
        )
        self.move_lot(new, 5, self.suppliers, self.stock)
        self.move_lot(goods, 1, self.suppliers, self.stock)
        order = self.repair(goods, [("add", new), ("remove", old)])

        def found(lot, direction):
            return {
                (row["lot_id"], row["at_least"], row["at_most"], row["via"])
                for row in lot._complaint_trace(direction)[1:]
            }

        via = ("repair.order", order.id)
        self.assertEqual(found(new, "down"), {(goods.id, 1, 1, via)})
        self.assertEqual(found(goods, "up"), {(new.id, 1, 1, via)})
        self.assertEqual(found(old, "down"), set())
        self.assertEqual(found(old, "up"), {(goods.id, 0, 1, via)})
        self.assertEqual(found(goods, "down"), {(old.id, 0, 1, via)})
        self.assertEqual(old._complaint_balance()[old]["unexplained"], 0)
