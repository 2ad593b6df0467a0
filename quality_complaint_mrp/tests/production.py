from collections import defaultdict

from odoo.fields import Command

from odoo.addons.quality_complaint.tests.trace.lots import LotsCase


class ProductionCase(LotsCase):
    """Orders of production with the lots one says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls.make_product("Bearing", tracking="lot")
        cls.screw = cls.make_product("Screw")
        cls.motor = cls.make_product("Motor", tracking="lot")
        cls.pump = cls.make_product("Pump", tracking="serial")
        cls.swarf = cls.make_product("Swarf", tracking="lot")

    @classmethod
    def receive_lot(cls, name, product, quantity, **vals):
        lot = cls.make_lot(name, product)
        cls.move_lot(lot, quantity, cls.suppliers, cls.stock, **vals)
        return lot

    @classmethod
    def make(cls, made, components, beside=()):
        """
        :param dict made: {lot: quantity}, or {product: quantity} for one without lots
        :param components: list of (lot or product, quantity in its unit)
        :param beside: by-products, as `made`
        :return: the done `mrp.production`
        """
        first = next(iter(made))
        product = first if first._name == "product.product" else first.product_id
        total = sum(made.values())
        needs = defaultdict(float)
        for goods, quantity in components:
            needs[cls.product_of(goods)] += quantity
        order = cls.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": total,
                "bom_id": False,
                "move_raw_ids": [
                    Command.create(
                        {
                            "product_id": component.id,
                            "product_uom": component.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": cls.stock.id,
                            "location_dest_id": cls.production.id,
                            "company_id": cls.company.id,
                        }
                    )
                    for component, quantity in needs.items()
                ],
                "move_byproduct_ids": [
                    Command.create(
                        {
                            "product_id": cls.product_of(goods).id,
                            "product_uom": cls.product_of(goods).uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": cls.production.id,
                            "location_dest_id": cls.stock.id,
                        }
                    )
                    for goods, quantity in dict(beside).items()
                ],
            }
        )
        order.action_confirm()
        if first._name == "stock.lot":
            order.lot_producing_ids = cls.env["stock.lot"].union(*made)
        order.qty_producing = total
        order.set_qty_producing()
        cls.take(order.move_raw_ids, components)
        order.move_raw_ids.picked = True
        cls.take(order.move_byproduct_ids, list(dict(beside).items()))
        order.move_byproduct_ids.picked = True
        order.button_mark_done()
        assert order.state == "done", order.state
        return order

    @staticmethod
    def product_of(goods):
        return goods if goods._name == "product.product" else goods.product_id

    @classmethod
    def take(cls, moves, goods):
        for move in moves:
            move.move_line_ids.unlink()
            vals = {**move._prepare_move_line_vals(), "picked": True}
            move.move_line_ids = [
                Command.create(
                    {
                        **vals,
                        "lot_id": item.id if item._name == "stock.lot" else False,
                        "quantity": quantity,
                    }
                )
                for item, quantity in goods
                if cls.product_of(item) == move.product_id
            ]

    @classmethod
    def unbuild(cls, order, lot, quantity):
        unbuild = cls.env["mrp.unbuild"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "mo_id": order.id,
                "product_qty": quantity,
                "product_uom_id": lot.product_id.uom_id.id,
                "location_id": cls.stock.id,
                "location_dest_id": cls.stock.id,
            }
        )
        unbuild.action_unbuild()
        return unbuild

    def down(self, lot):
        return {
            row["lot_id"]: (row["depth"], row["at_least"], row["at_most"])
            for row in lot._complaint_trace()
        }

    def up(self, lot):
        return {
            row["lot_id"]: (row["depth"], row["at_least"], row["at_most"])
            for row in lot._complaint_trace("up")
        }
