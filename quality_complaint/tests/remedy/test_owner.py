from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestOwner(ComplaintCase):
    """Goods come back as they went out: whose they are, in which package, and each
    return keeps what it expects.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["res.partner"].create({"name": "Consignor"})
        cls.rod = cls.make_product("Rod")

    def deliver_owned(self, product, quantity, lot=None, package=None):
        self.env["stock.quant"]._update_available_quantity(
            product, self.stock, quantity, lot_id=lot, owner_id=self.owner
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 10.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        vals = {
            **move._prepare_move_line_vals(quantity=quantity),
            "owner_id": self.owner.id,
            "lot_id": lot and lot.id,
        }
        move.move_line_ids = [
            Command.create({**vals, "result_package_id": package and package.id})
        ]
        move.picked = True
        order.picking_ids.button_validate()
        self.invoice(order)
        return order

    def refund_of(self, order, quantity):
        candidates = self.env["quality.complaint.line"]._candidates(
            Domain("move_id.sale_line_id", "=", order.order_line.id), self.company
        )
        complaint = self.make_complaint(register=False, partner_id=self.customer.id)
        vals = self.env["quality.complaint.line"]._prepare_candidate_vals(candidates[0])
        complaint.line_ids = [Command.create({**vals, "quantity": quantity})]
        complaint.action_register()
        self.investigated(complaint)
        refund = self.plan(complaint, "refund")
        complaint.action_submit_plan()
        complaint.action_execute()
        return refund

    def ours(self, product):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.usage", "=", "internal"),
                ("owner_id", "=", False),
            ]
        )
        return sum(quants.mapped("quantity"))

    def theirs(self, product):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id.usage", "=", "internal"),
                ("owner_id", "=", self.owner.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    def test_consigned_lot_comes_back_as_the_owners_without_value(self):
        lot = self.make_lot("OWN-1")
        order = self.deliver_owned(self.strip, 5, lot)
        self.assertEqual(order.picking_ids.move_ids.value, 0.0)
        refund = self.refund_of(order, 4)
        picking = self.receive(refund)
        refund.credit_note_ids.action_post()
        self.assertEqual(
            (refund.complaint_id.cost_planned, refund.complaint_id.cost_total),
            (40.0, 40.0),
        )
        self.assertEqual(
            picking.move_ids.move_line_ids.mapped(
                lambda line: (line.lot_id, line.owner_id, line.quantity)
            ),
            [(lot, self.owner, 4.0)],
        )
        self.assertEqual(
            (picking.move_ids.value, self.ours(self.strip), self.theirs(self.strip)),
            (0.0, 0.0, 4.0),
        )

    def test_consigned_goods_without_lots_come_back_as_the_owners(self):
        refund = self.refund_of(self.deliver_owned(self.rod, 5), 4)
        picking = self.receive(refund)
        self.assertEqual(
            (picking.move_ids.move_line_ids.owner_id, picking.move_ids.value),
            (self.owner, 0.0),
        )
        self.assertEqual((self.ours(self.rod), self.theirs(self.rod)), (0.0, 4.0))

    def test_package_of_the_delivery_is_where_the_goods_come_from(self):
        lot = self.make_lot("OWN-2")
        package = self.env["stock.package"].create({"name": "PAL-1"})
        refund = self.refund_of(self.deliver_owned(self.strip, 5, lot, package), 4)
        picking = self.receive(refund)
        self.assertEqual(picking.move_ids.move_line_ids.package_id, package)
        at_customer = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id.usage", "=", "customer")]
        )
        left = at_customer.filtered("quantity").mapped(
            lambda quant: (quant.package_id, quant.owner_id, quant.quantity)
        )
        self.assertEqual(left, [(package, self.owner, 1.0)])

    def test_consigned_goods_restocked_stay_the_owners(self):
        lot = self.make_lot("OWN-3")
        receipt = self.receive(
            self.refund_of(self.deliver_owned(self.strip, 5, lot), 4)
        )
        inspection = self.inspect(receipt)
        inspection.disposition = "restock"
        transfer = self.env["stock.picking"].browse(
            inspection.action_dispose()["res_id"]
        )
        self.assertEqual(transfer.move_ids.move_line_ids.owner_id, self.owner)
        transfer.move_ids.picked = True
        transfer.button_validate()
        in_stock = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", self.stock.id)]
        )
        self.assertEqual(
            in_stock.filtered("quantity").mapped(
                lambda quant: (quant.owner_id, quant.quantity)
            ),
            [(self.owner, 4.0)],
        )

    def test_consigned_goods_scrapped_are_the_owners(self):
        lot = self.make_lot("OWN-4")
        receipt = self.receive(
            self.refund_of(self.deliver_owned(self.strip, 5, lot), 4)
        )
        inspection = self.inspect(receipt)
        inspection.disposition = "scrap"
        inspection.action_dispose()
        self.assertEqual(
            (inspection.scrap_ids.owner_id, inspection.scrap_ids.move_ids.value),
            (self.owner, 0.0),
        )
        self.assertEqual((self.ours(self.strip), self.theirs(self.strip)), (0.0, 0.0))

    def test_first_return_of_goods_without_lots_stays_expected_when_a_second_is_planned(
        self,
    ):
        self.env["stock.quant"]._update_available_quantity(self.rod, self.stock, 10)
        order = self.sell(10, product=self.rod)
        first = self.refund_of(order, 3)
        second = self.refund_of(order, 4)
        moves = first.picking_ids.move_ids | second.picking_ids.move_ids
        self.assertEqual(
            moves.sorted("id").mapped(lambda move: (move.quantity, move.state)),
            [(3.0, "assigned"), (4.0, "assigned")],
        )
        self.receive(first)
        self.receive(second)
        self.assertEqual(
            (
                first.credit_note_ids.amount_untaxed,
                second.credit_note_ids.amount_untaxed,
            ),
            (30.0, 40.0),
        )

    def test_return_made_by_hand_stays_expected_too(self):
        self.env["stock.quant"]._update_available_quantity(self.rod, self.stock, 10)
        order = self.sell(10, product=self.rod)
        delivery = order.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=delivery.id,
                active_ids=delivery.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 2
        by_hand = wizard._create_return()
        self.refund_of(order, 3)
        self.assertEqual(
            (by_hand.move_ids.quantity, by_hand.move_ids.state), (2.0, "assigned")
        )
