from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from . import matrix, matrix_early
from .test_matrix import BUY, COMPLAIN, SELL, MatrixCase


@tagged("post_install", "-at_install")
class TestRemedyMatrixEarly(MatrixCase):
    """Complained of before the invoice: whatever is combined, the customer pays for
    what they keep, once, and an owner's goods stay theirs.
    """

    draw = matrix_early.DRAW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["res.partner"].create({"name": "Consignor"})

    def play(self, case, number):
        reckoning = matrix_early.EarlyReckoning(case)
        self.clock.move_to(BUY)
        order, product, lot = self._deliver_goods(case, reckoning, number)
        self.clock.move_to(COMPLAIN)
        complaint = self.make_complaint(
            lot_ref=lot.name
            or order.picking_ids.filtered(
                lambda p: p.picking_type_code == "outgoing"
            ).name
        )
        complaint.line_ids.write(
            {"quantity": float(reckoning.complained), "product_uom_id": self.unit.id}
        )
        self.assertFalse(complaint.line_ids.invoice_line_id)
        remedy, receipts = self._settle(case, reckoning, complaint, order)
        invoice = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        self.check(
            "invoice", (invoice.amount_untaxed, invoice.amount_tax), reckoning.invoice
        )
        notes = remedy.credit_note_ids.sorted("id")
        for note in notes:
            note.action_post()
        self.check("untaxed", notes.mapped("amount_untaxed"), reckoning.notes)
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))
        line = order.order_line
        self.check(
            "order",
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            reckoning.order,
        )
        self.check(
            "returned value",
            receipts.move_ids.sorted("id").mapped("value"),
            reckoning.return_values,
        )
        self._compare_stock(case, reckoning, order, product)

    def _deliver_goods(self, case, reckoning, number):
        product = self.make_product(
            f"Early {number}",
            tracking=case.tracking,
            categ_id=self.categories["standard", "periodic"].id,
            invoice_policy=case.policy,
            taxes_id=[Command.set(self.taxes[case.tax].ids)],
            standard_price=float(matrix.STANDARD),
        )
        lot = (
            self.make_lot(f"E{number}", product)
            if case.tracking == "lot"
            else self.env["stock.lot"]
        )
        owner = self.owner if case.owner == "consigned" else self.owner.browse()
        warehouse = self.warehouses[case.deliver, "one_step"]
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 100, lot_id=lot, owner_id=owner
        )
        self.clock.move_to(SELL)
        unit = self.dozen if case.unit == "dozen" else self.unit
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": unit.id,
                            "product_uom_qty": float(reckoning.sold),
                            "price_unit": float(case.price),
                            "discount": float(case.discount),
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.deliver(order)
        delivery = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        self.assertEqual(
            (
                delivery.state,
                delivery.move_line_ids.owner_id,
                delivery.move_line_ids.lot_id,
            ),
            ("done", owner, lot),
        )
        return order, product, lot

    def _settle(self, case, reckoning, complaint, order):
        """Goods and remedy in the order of their kind, the invoice at its moment."""

        def moment(name):
            if case.invoiced == name:
                self.invoice(order)

        moment("at_once")
        receipts = self.env["stock.picking"]
        if case.kind == "refund_inspected":
            back = self.plan(complaint, "return")
            back.action_submit()
            back.action_execute()
            receipts = self._receive_parts(reckoning, back, moment)
            moment("received")
        self.investigated(complaint)
        vals = {"kind": "refund", "settlement": case.settlement}
        if case.kind == "refund_keep":
            vals |= {"goods": "keep", "when": "on_approval"}
        elif case.kind == "credit":
            vals |= {"kind": "credit", "percent": float(matrix_early.PERCENT)}
        remedy = self.plan(complaint, **vals)
        complaint.action_submit_plan()
        complaint.action_execute()
        if case.kind == "refund_back":
            receipts = self._receive_parts(reckoning, remedy, moment)
            moment("received")
        moment("decided")
        return remedy, receipts

    def _receive_parts(self, reckoning, remedy, moment):
        moment("on_its_way")
        first = self.receive(remedy, quantity=float(reckoning.parts[0]), backorder=True)
        moment("between")
        return first | self.receive(remedy)

    def _compare_stock(self, case, reckoning, order, product):
        returns = order.warehouse_id.complaint_return_location_id
        quants = (
            self.env["stock.quant"].search(
                [
                    ("product_id", "=", product.id),
                    ("location_id", "child_of", returns.id),
                ]
            )
            if returns
            else []
        )
        back = reckoning.complained if reckoning.travels else Decimal(0)
        expected = (
            {self.owner if case.owner == "consigned" else self.owner.browse(): back}
            if back
            else {}
        )
        self.assertEqual(
            {
                quant.owner_id: Decimal(str(quant.quantity))
                for quant in quants
                if quant.quantity
            },
            expected,
        )

    def test_every_possible_pair_of_values_is_combined(self):
        """The combinations are different ones, possible by the rules, and no possible
        pair of values is missing.
        """
        self.check_draw(7)

    def test_refund_of_goods_that_come_back(self):
        """What is back before the invoice is left out of it, what comes later is
        credited.
        """
        self.play_all("refund_back")

    def test_refund_of_goods_that_stay(self):
        """Credited when the invoice is there."""
        self.play_all("refund_keep")

    def test_refund_after_an_inspection(self):
        """As far as the goods were invoiced."""
        self.play_all("refund_inspected")

    def test_price_reduction(self):
        """Credited when the invoice is there."""
        self.play_all("credit")
