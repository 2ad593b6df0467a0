from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestRepeat(ComplaintCase):
    """Goods made of the same lot of a component have the same supplier lot."""

    def make(self, product, name, component, lot):
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": 1})
                ],
            }
        )
        production = self.env["mrp.production"].create(
            {"product_id": product.id, "product_qty": 5, "bom_id": bom.id}
        )
        production.action_confirm()
        production.action_assign()
        production.move_raw_ids.move_line_ids.lot_id = lot
        made = self.env["stock.lot"].create({"name": name, "product_id": product.id})
        production.lot_producing_ids = made
        production.qty_producing = 5
        production.set_qty_producing()
        production.move_raw_ids.picked = True
        production.button_mark_done()
        return made

    def test_goods_of_one_component_lot(self):
        bearing = self.make_product("Bearing", tracking="lot")
        lot, other = (
            self.make_lot("B-1", bearing, 20),
            self.make_lot("B-2", bearing, 20),
        )
        motor, pump, fan = (
            self.make_product(
                name,
                tracking="lot",
                categ_id=self.env["product.category"].create({"name": name}).id,
            )
            for name in ("Motor", "Pump", "Fan")
        )
        made = {
            product: self.make(product, f"{product.name}-1", bearing, used)
            for product, used in ((motor, lot), (pump, lot), (fan, other))
        }
        complaints = {
            product: self.make_complaint(
                description="Bearing whistles",
                partner_id=self.customer.id,
                line_ids=[
                    Command.create(
                        {"product_id": product.id, "lot_id": made[product].id}
                    )
                ],
            )
            for product in (motor, fan, pump)
        }
        row = complaints[pump].repeat_ids
        self.assertEqual(
            (row.other_id, row.same_supplier_lot), (complaints[motor], True)
        )
        self.assertEqual(row.explanation, "same supplier lot, same text")
