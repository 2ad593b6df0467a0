from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from . import matrix, matrix_goods
from .test_matrix import BUY, COMPLAIN, REPRICE, SELL, MatrixCase


class GoodsMatrixCase(MatrixCase):
    """Plays combinations of `matrix_goods.py`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.env["account.account"].create(
            {"name": "Customer claims", "code": "698766", "account_type": "expense"}
        )
        cls.company.complaint_compensation_account_id = cls.claims
        cls.goodwill = {
            tax: cls.env["product.product"].create(
                {
                    "name": f"Goodwill {tax}",
                    "type": "service",
                    "taxes_id": [Command.set(cls.taxes[tax].ids)],
                }
            )
            for tax in matrix_goods.DIMENSIONS["goodwill"]
        }

    # === a case ===

    def play(self, case, number):
        reckoning = matrix_goods.GoodsReckoning(case)
        self.clock.move_to(BUY)
        product, lots = self._goods(case, reckoning, number)
        sent = (
            self._gift(case, reckoning, number)
            if reckoning.kind.other_product
            else product
        )
        self.clock.move_to(SELL)
        order = self._order(case, reckoning, product)
        self.deliver(order, {lots[0]: float(reckoning.sold)} if lots else None)
        delivery = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        self.check("delivered value", delivery.move_ids.value, reckoning.delivery_value)
        invoice = (
            self.invoice(order)
            if case.invoice == "invoiced"
            else self.env["account.move"]
        )
        if case.earlier == "credited":
            self.credit_by_hand(invoice, float(reckoning.by_hand))
        elif case.earlier == "paid":
            self.pay(invoice)
        self.unchanged = (
            case,
            sent,
            lots if sent == product else (),
            number,
            delivery.picking_type_id.warehouse_id,
        )
        if case.changed == "before":
            self.clock.move_to(REPRICE)
            self._change_cost()
        self.clock.move_to(COMPLAIN)
        self.company.complaint_compensation_product_id = self.goodwill[case.goodwill]
        notes = self.env["account.move"]
        for index in range(len(reckoning.receipts)):
            notes += self._complain(
                case, reckoning, index, lots[0].name if lots else delivery.name, sent
            )
        self._compare_goods(reckoning, product, sent, delivery)
        self._compare_money(reckoning, invoice, notes)
        line = order.order_line
        self.check(
            "order",
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            reckoning.order,
        )
        self.assertEqual(
            order.invoice_status, "to invoice" if reckoning.order[2] else "invoiced"
        )

    def _gift(self, case, reckoning, number):
        """Another product, on a price list of the customer's in the currency the
        invoice is not in.
        """
        kilo = {"uom_id": self.kilo.id} if case.unit == "kilo" else {}
        gift = self.make_product(
            f"Gift {number}",
            categ_id=self.categories[case.cost, case.valuation].id,
            invoice_policy=case.policy,
            standard_price=float(matrix.STANDARD),
            list_price=float(matrix_goods.LIST_PRICE),
            **kilo,
        )
        for quantity, cost, _lots in reckoning.receipt_costs():
            self.clock.tick(60)
            self.supply(
                gift,
                self.warehouses[case.deliver, case.receive].lot_stock_id,
                float(quantity),
                float(cost),
            )
        pricelist = self.pricelists[
            "company" if case.currency == "foreign" else "foreign"
        ]
        rule = {
            "pricelist_id": pricelist.id,
            "applied_on": "0_product_variant",
            "product_id": gift.id,
        }
        if reckoning.kind.by_percent(reckoning):
            rule.update(
                compute_price="percentage",
                percent_price=float(matrix_goods.LIST_PERCENT),
            )
        else:
            rule.update(
                compute_price="fixed", fixed_price=float(matrix_goods.FIXED_PRICE)
            )
        self.env["product.pricelist.item"].create(rule)
        self.customer.property_product_pricelist = pricelist
        return gift

    def _change_cost(self):
        """The cost changes, once."""
        if self.unchanged:
            self._reprice(*self.unchanged, quantity=matrix_goods.LATER_QUANTITY)
            self.unchanged = None

    # === a complaint ===

    def _complain(self, case, reckoning, index, scanned, sent):
        """One complaint from the scan to the end of its remedy.

        :return: its posted credit note, if any
        """
        kind, complained = reckoning.kind, float(reckoning.complained[index])
        unit = {"unit": self.unit, "dozen": self.unit, "kilo": self.gram}[case.unit]
        complaint = self.make_complaint(lot_ref=scanned)
        complaint.line_ids.write({"quantity": complained, "product_uom_id": unit.id})
        steps = [
            (step.way, move)
            for step, move in zip(
                reckoning.steps(index), reckoning.moves[index], strict=True
            )
        ]
        moves = self.env["stock.move"]
        if kind.inspected_first:
            back = self.plan(complaint, "return", complained)
            back.action_submit()
            back.action_execute()
            for move in [move for way, move in steps if way == "back"]:
                moves += self._travel(back, move)
            self.assertEqual(back.state, "done")
            steps = [(way, move) for way, move in steps if way == "sent"]
        self.investigated(complaint)
        if kind.other_product:
            remedy = self._plan_gift(case, reckoning, index, complaint, sent)
        else:
            remedy = self.plan(
                complaint,
                quantity=complained,
                settlement=case.settlement,
                **kind.plan_vals(reckoning, index),
            )
        complaint.action_submit_plan()
        complaint.action_execute()
        for _way, move in steps:
            self.assertEqual(remedy.state, "executing")
            moves += self._travel(remedy, move)
        self._check_free_order(case, reckoning, index, remedy, sent)
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertFalse(remedy.imbalance)
        self._check_entries(case, reckoning, index, moves)
        self.check("loss", complaint.cost_total, reckoning.loss(index))
        return remedy.credit_note_ids

    def _plan_gift(self, case, reckoning, index, complaint, gift):
        vals = {
            "complaint_line_id": complaint.line_ids.id,
            "product_id": gift.id,
            "quantity": float(sum(reckoning.kind.parts(reckoning, index))),
        }
        if case.unit == "dozen":
            vals["product_uom_id"] = self.dozen.id
        return complaint.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [Command.create(vals)],
            }
        )

    def _travel(self, remedy, move):
        """Goods come back, or are sent through every step of the delivery.

        :return: the `stock.move` that brings them over the border
        """
        if move.way == "sent":
            self._change_cost()
        self.clock.tick(60)
        for _step in range(4):
            pickings = remedy.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
            returns = pickings.filtered(
                lambda picking: picking.location_id.usage == "customer"
            )
            if move.way == "back":
                picking = returns
            else:  # the furthest one first: what is left behind waits as a backorder
                picking = (pickings - returns).sorted(
                    lambda picking: (
                        picking.location_dest_id.usage == "customer",
                        "Stock" not in picking.location_id.name,
                    )
                )[-1:]
            self._process(picking, float(move.quantity))
            if "customer" in (
                picking.location_id.usage,
                picking.location_dest_id.usage,
            ):
                break
        done = picking.move_ids
        self.check(f"value {move.way}", sum(done.mapped("value")), move.value)
        return done

    def _process(self, picking, quantity):
        picking.ensure_one()
        moves = picking.move_ids
        if picking.location_id.usage != "customer":
            picking.action_assign()
            self.assertEqual(picking.state, "assigned")
        if round(sum(moves.mapped("product_qty")), 6) != quantity:
            unit = moves.move_line_ids.product_uom_id
            moves.move_line_ids.quantity = moves.product_id.uom_id._compute_quantity(
                quantity, unit
            )
        moves.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    # === comparing ===

    def _check_free_order(self, case, reckoning, index, remedy, sent):
        """Free goods are on an order at price zero, delivered, never invoiceable;
        whatever is worth something only by its plan.
        """
        orders = remedy.sale_ids
        self.assertEqual(len(orders), int(reckoning.kind.free_order))
        for order in orders:
            line = order.order_line
            quantity = sum(reckoning.kind.parts(reckoning, index))
            self.assertEqual(
                (line.product_id, order.partner_id, order.invoice_ids.ids),
                (sent, self.customer, []),
            )
            figures = (
                order.amount_total,
                line.qty_to_invoice,
                line.product_uom_qty,
                line.qty_delivered,
            )
            self.check(
                "free order", figures, (Decimal(0), Decimal(0), quantity, quantity)
            )
            self.assertNotEqual(order.invoice_status, "to invoice")
            self.assertNotEqual(line.invoice_status, "upselling")
        if hasattr(reckoning.kind, "worth"):
            self.check(
                "worth", remedy.line_ids.amount, reckoning.kind.worth(reckoning, index)
            )

    def _check_entries(self, case, reckoning, index, moves):
        """Perpetual: cost of goods for what went out, less what came back for it, in
        total exactly; periodic: none.
        """
        entries = moves.account_move_id
        if case.valuation == "periodic":
            self.assertFalse(entries)
            return
        self.assertEqual(set(entries.mapped("state")), {"posted"} if moves else set())
        out, back = reckoning.total("sent", index)[1], reckoning.total("back", index)[1]
        lines = entries.line_ids
        self.assertFalse(
            lines.filtered(
                lambda line: (
                    line.account_id not in self.cost_account + self.valuation_account
                )
            )
        )
        for what, account, debit, credit in (
            ("cost of goods", self.cost_account, out, back),
            ("stock valuation", self.valuation_account, back, out),
        ):
            rows = lines.filtered(
                lambda line, account=account: line.account_id == account
            )
            self.check(
                what,
                (sum(rows.mapped("debit")), sum(rows.mapped("credit"))),
                (debit, credit),
            )

    def _compare_goods(self, reckoning, product, sent, delivery):
        warehouse = delivery.picking_type_id.warehouse_id
        sent_quantity, back = reckoning.total("sent")[0], reckoning.total("back")[0]
        supplied = sum(quantity for quantity, _cost, _lots in reckoning.receipt_costs())
        later = matrix_goods.LATER_QUANTITY if not self.unchanged else 0
        delivered = reckoning.delivered
        self.check(
            "in the returns location",
            self.quantity_in(warehouse.complaint_return_location_id, product),
            back,
        )
        if sent == product:
            self.check(
                "at the customer",
                self.quantity_in(self.customers, product),
                delivered - back + sent_quantity,
            )
            self.check(
                "in stock",
                self.quantity_in(warehouse.view_location_id, product),
                supplied + later - delivered - sent_quantity,
            )
        else:
            self.check(
                "at the customer",
                (
                    self.quantity_in(self.customers, product),
                    self.quantity_in(self.customers, sent),
                ),
                (delivered, sent_quantity),
            )
            self.check(
                "in stock",
                self.quantity_in(warehouse.view_location_id, product),
                supplied - delivered,
            )
            self.check(
                "gifts in stock",
                self.quantity_in(warehouse.view_location_id, sent),
                supplied + later - sent_quantity,
            )

    def _compare_money(self, reckoning, invoice, notes):
        """The residual of an invoice nobody touches stays; a compensation is an expense
        at the day's rate and moves no goods.
        """
        expected = reckoning.notes
        currency = (
            self.euro
            if reckoning.case.currency == "foreign"
            else self.company.currency_id
        )
        self.assertEqual(
            [(note.move_type, note.currency_id) for note in notes],
            [("out_refund", currency)] * len(expected),
        )
        self.check(
            "untaxed",
            notes.mapped("amount_untaxed"),
            [note.untaxed for note in expected],
        )
        self.check("tax", notes.mapped("amount_tax"), [note.tax for note in expected])
        self.check(
            "total",
            notes.mapped("amount_total"),
            [note.untaxed + note.tax for note in expected],
        )
        for note, due in zip(notes, expected, strict=True):
            line = note.invoice_line_ids
            self.assertEqual(
                (line.account_id, line.product_id),
                (self.claims, self.goodwill[reckoning.case.goodwill]),
            )
            self.check("in company currency", line.balance, due.untaxed_company)
            receivable = note.line_ids.filtered(
                lambda row: row.account_id.account_type == "asset_receivable"
            )
            self.check("receivable", receivable.amount_currency, -due.untaxed - due.tax)
            self.check(
                "entry balances", sum(note.line_ids.mapped("balance")), Decimal(0)
            )
            self.assertFalse(
                note.line_ids.filtered(lambda row: row.display_type == "cogs")
            )
            self.assertFalse(line.sale_line_ids)
        still_open, left = reckoning.residuals
        self.check("notes' residual", notes.mapped("amount_residual"), left)
        if invoice:
            self.check("invoice's residual", invoice.amount_residual, still_open)


@tagged("post_install", "-at_install")
class TestRemedyMatrixGoods(GoodsMatrixCase):
    """Whatever is combined, goods are sent and come back at their cost, the cost of
    what is given away is booked once, and the order is left alone.
    """

    draw = matrix_goods.DRAW

    def test_every_possible_pair_of_values_is_combined(self):
        """The combinations are different ones, possible by the rules, and no possible
        pair of values is missing.
        """
        self.check_draw(12)

    def test_replacement_when_the_goods_are_back(self):
        """Odoo's exchange: delivered goes down and up again, for what came back."""
        self.play_all("ReplacementBack")

    def test_replacement_before_the_goods_come_back(self):
        """Sent on a free order; what comes back is taken off its cost, whichever
        happens first.
        """
        self.play_all("ReplacementAtOnce")

    def test_replacement_of_goods_that_stay(self):
        """Sent on a free order, at full cost."""
        self.play_all("ReplacementKeep")

    def test_replacement_after_an_inspection(self):
        """What came back for inspection is replaced on a free order."""
        self.play_all("ReplacementInspected")

    def test_compensation_in_the_same_goods(self):
        """Worth the price paid, free of charge, at full cost."""
        self.play_all("GiftSame")

    def test_compensation_in_other_goods(self):
        """Worth the price of the customer's list, in the currency of the invoice."""
        self.play_all("GiftOther")

    def test_compensation_in_money(self):
        """An expense with the taxes of the compensation product; neither goods nor
        order move.
        """
        self.play_all("CashCompensation")
