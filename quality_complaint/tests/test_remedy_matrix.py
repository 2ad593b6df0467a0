import logging
from decimal import Decimal

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, tagged

from . import matrix
from .common import ComplaintWorld

_logger = logging.getLogger(__name__)
CASES, OUT_OF_REACH = matrix.generate(240)
STEPS = {"ship_only": 1, "pick_ship": 2, "pick_pack_ship": 3, "one_step": 1, "two_steps": 2, "three_steps": 3}
BUY, SELL, REPRICE, COMPLAIN = "2026-03-02 08:00:00", "2026-03-04 09:00:00", "2026-03-06 10:00:00", "2026-03-12 11:00:00"


class MatrixWorld(ComplaintWorld):
    """A company with every tax, currency, costing and warehouse of the combinations."""

    @classmethod
    def build_matrix(cls):
        cls.build_world("Matrix Works")
        cls.policy.rule_ids.unlink()  # nothing here waits for an approval
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        rates = {"2026-01-01": matrix.RATE["foreign"][0], "2026-03-10": matrix.RATE["foreign"][1]}
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.euro.id)]).unlink()
        cls.env["res.currency.rate"].create(
            [{"name": day, "rate": float(rate), "currency_id": cls.euro.id, "company_id": cls.company.id} for day, rate in rates.items()]
        )
        cls.pricelists = {
            "company": cls.env["product.pricelist"].create({"name": "Company", "currency_id": cls.company.currency_id.id}),
            "foreign": cls.env["product.pricelist"].create({"name": "Euro", "currency_id": cls.euro.id}),
        }
        make_tax = cls.env["account.tax"].create
        base = {"type_tax_use": "sale", "company_id": cls.company.id}
        cls.abroad = cls.env["account.fiscal.position"].create({"name": "Abroad", "company_id": cls.company.id})
        mapped = {**base, "name": "VAT 7 abroad", "amount": 7, "fiscal_position_ids": cls.abroad.ids, "original_tax_ids": cls.tax.ids}
        make_tax(mapped)
        cls.taxes = {
            "excluded": cls.tax, "included": cls.tax_included, "none": cls.env["account.tax"], "mapped": cls.tax,
            "two": make_tax([{**base, "name": "State 10", "amount": 10}, {**base, "name": "City 5", "amount": 5}]),
        }
        accounts = cls.env["account.account"].with_company(cls.company)
        cls.valuation_account = accounts.create({"name": "Goods", "code": "110999", "account_type": "asset_current"})
        cls.cost_account = accounts.create({"name": "Cost of goods", "code": "500999", "account_type": "expense_direct_cost"})
        cls.categories = {
            (cost, valuation): cls.env["product.category"].create({
                "name": f"{cost} {valuation}", "property_cost_method": cost, "property_valuation": valuation,
                "property_stock_valuation_account_id": cls.valuation_account.id, "property_account_expense_categ_id": cls.cost_account.id,
            })
            for cost in matrix.DIMENSIONS["cost"] for valuation in matrix.DIMENSIONS["valuation"]
        }
        cls.warehouses = {
            (deliver, receive): cls.env["stock.warehouse"].create({
                "name": f"{deliver} {receive}", "code": f"{STEPS[deliver]}{STEPS[receive]}", "company_id": cls.company.id,
                "delivery_steps": deliver, "reception_steps": receive,
            })
            for deliver in matrix.DIMENSIONS["deliver"] for receive in matrix.DIMENSIONS["receive"]
        }

    @classmethod
    def supply(cls, product, location, quantity, cost, lots=()):
        """Receive goods at a unit cost; several lots share the quantity equally."""
        move = cls.env["stock.move"].create({
            "product_id": product.id, "product_uom_qty": quantity, "product_uom": product.uom_id.id, "company_id": cls.company.id,
            "location_id": cls.suppliers.id, "location_dest_id": location.id, "value_manual": quantity * cost, "price_unit": cost,
        })
        move._action_confirm()
        if lots:
            move.move_line_ids.unlink()
            vals = move._prepare_move_line_vals(quantity=quantity / len(lots))
            move.move_line_ids = [Command.create({**vals, "lot_id": lot.id}) for lot in lots]
        else:
            move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def credit_by_hand(cls, invoice, quantity):
        """A standard reversal for a part of the quantity, posted."""
        wizard = cls.env["account.move.reversal"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id, "date": fields.Date.context_today(invoice)})
        wizard.refund_moves()
        wizard.new_move_ids.invoice_line_ids.quantity = quantity
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    @classmethod
    def pay(cls, invoice):
        wizard = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        return wizard.create({"payment_date": fields.Date.context_today(invoice)})._create_payments()


class Play(MatrixWorld):
    """Plays one combination with Odoo's documents and compares them with the reckoning."""

    def play(self, case, number):
        reckoning = matrix.Reckoning(case)
        self.clock.move_to(BUY)
        product, lots = self._goods(case, reckoning, number)
        self.clock.move_to(SELL)
        order = self._order(case, reckoning, product)
        self.deliver(order, dict(zip(lots, map(float, reckoning.lots), strict=True)) if lots else None)
        delivery = order.picking_ids.filtered(lambda picking: picking.picking_type_code == "outgoing")
        invoice = self.invoice(order)
        cogs = self._cost_of_goods(invoice)
        self.check("delivered value", delivery.move_ids.value, reckoning.delivery_value)
        self.check("invoice", (invoice.amount_untaxed, invoice.amount_tax), reckoning.invoice)
        self.check("booked cost", cogs, (-reckoning.booked_cost, reckoning.booked_cost))
        if case.earlier == "credited":
            self.credit_by_hand(invoice, float(reckoning.by_hand))
        elif case.earlier == "paid":
            self.pay(invoice)
        self._reprice(case, product, lots, number, delivery.picking_type_id.warehouse_id)
        self.clock.move_to(COMPLAIN)
        notes = self.env["account.move"]
        for index in range(len(reckoning.receipts)):
            scanned = lots[index if reckoning.by_piece else 0].name if lots else delivery.name
            notes += self._complain(case, reckoning, index, scanned)
        self._compare(reckoning, order, invoice, notes, product, delivery)

    def _goods(self, case, reckoning, number):
        kilo = {"uom_id": self.kilo.id} if case.unit == "kilo" else {}
        tracking = {"lot": "lot", "valued_lot": "lot", "serial": "serial", "valued_serial": "serial"}.get(case.tracking, "none")
        product = self.make_product(
            f"Goods {number}", tracking=tracking, lot_valuated=reckoning.lot_valued, categ_id=self.categories[case.cost, case.valuation].id,
            invoice_policy=case.policy, taxes_id=[Command.set(self.taxes[case.tax].ids)], standard_price=float(matrix.STANDARD), **kilo,
        )
        lots = [self.make_lot(f"M{number}-{index}", product) for index in range(len(reckoning.lots))] if tracking != "none" else []
        stock = self.warehouses[case.deliver, case.receive].lot_stock_id
        for quantity, cost, indexes in reckoning.receipt_costs():
            self.clock.tick(60)
            self.supply(product, stock, float(quantity), float(cost), [lots[index] for index in indexes] if lots else ())
        return product, lots

    def _order(self, case, reckoning, product):
        unit = {"unit": self.unit, "dozen": self.dozen, "kilo": self.kilo}[case.unit]
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": self.company.id, "pricelist_id": self.pricelists[case.currency].id,
            "warehouse_id": self.warehouses[case.deliver, case.receive].id,
            "fiscal_position_id": self.abroad.id if case.tax == "mapped" else False,
            "order_line": [Command.create({
                "product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": float(reckoning.sold),
                "price_unit": float(case.price), "discount": float(case.discount),
            })],
        })
        order.action_confirm()
        return order

    def _reprice(self, case, product, lots, number, warehouse):
        """Costs change between the delivery and the return: new goods, of the lot complained of where lots have their own value, cost more."""
        self.clock.move_to(REPRICE)
        again = []
        if lots:
            again = [lots[0] if case.tracking == "valued_lot" else self.make_lot(f"M{number}-later", product)]
        self.supply(product, warehouse.lot_stock_id, 1.0 if product.tracking == "serial" else 20.0, float(matrix.LATER), again)
        if case.cost == "standard":
            product.standard_price = float(matrix.LATER)

    def _complain(self, case, reckoning, index, scanned):
        """One complaint from the scan to its posted credit notes, in the order they were made."""
        kind, complained = reckoning.kind, float(reckoning.complained[index])
        unit = {"unit": self.unit, "dozen": self.unit, "kilo": self.gram}[case.unit]
        complaint = self.make_complaint(lot_ref=scanned)
        complaint.line_ids.write({"quantity": complained, "product_uom_id": unit.id})
        if kind.inspected_first:
            back = self.plan(complaint, "return", complained)
            back.action_submit()
            back.action_execute()
            self._receive(reckoning, back, index)
        self.investigated(complaint)
        vals = {"settlement": case.settlement, **kind.plan_vals(reckoning, index)}
        remedy = self.plan(complaint, quantity=complained, **vals)
        complaint.action_submit_plan()
        complaint.action_execute()
        if kind.goods_back and not kind.inspected_first:
            self._receive(reckoning, remedy, index)
        notes = remedy.credit_note_ids.sorted("id")
        notes.action_post()
        self.assertEqual(remedy.state, "done")
        return notes

    def _receive(self, reckoning, remedy, index):
        *firsts, _last = reckoning.receipts[index]
        for part in firsts:
            self.receive(remedy, quantity=float(reckoning.in_stock(part)), backorder=True)
        self.receive(remedy)
        moves = remedy.picking_ids.move_ids.sorted("id")
        self.check("returned value", sorted(moves.mapped("value")), sorted(reckoning.return_value(index, part) for part in reckoning.receipts[index]))

    def _cost_of_goods(self, note):
        """(booked on the valuation account, booked on the cost account)."""
        lines = note.line_ids.filtered(lambda line: line.display_type == "cogs")
        return tuple(sum(lines.filtered(lambda line, a=account: line.account_id == a).mapped("balance")) for account in (self.valuation_account, self.cost_account))

    def check(self, what, actual, expected):
        """Exact to the cent, or to the hundredth of a unit."""
        actual, expected = (list(value) if isinstance(value, (list, tuple)) else [value] for value in (actual, expected))
        self.assertEqual([matrix.rounded(Decimal(repr(value))) for value in actual], [matrix.rounded(value) for value in expected], what)

    def _compare(self, reckoning, order, invoice, notes, product, delivery):
        currency = self.euro if reckoning.case.currency == "foreign" else self.company.currency_id
        self.assertEqual(notes.currency_id, currency)
        self.assertEqual(set(notes.mapped("move_type")), {"out_refund"})
        self.check("untaxed", notes.mapped("amount_untaxed"), [note.untaxed for note in reckoning.notes])
        self.check("tax", notes.mapped("amount_tax"), [note.tax for note in reckoning.notes])
        self.check("total", notes.mapped("amount_total"), [note.untaxed + note.tax for note in reckoning.notes])
        self.check("untaxed in company currency", notes.mapped("amount_untaxed_signed"), [-note.untaxed_company for note in reckoning.notes])
        still_open, left = reckoning.residuals
        self.check("invoice's residual", invoice.amount_residual, still_open)
        self.check("notes' residual", notes.mapped("amount_residual"), left)
        for note, expected in zip(notes, reckoning.notes, strict=True):
            self.check("cost of goods", self._cost_of_goods(note), (expected.cogs, -expected.cogs))
        returns = delivery.picking_type_id.warehouse_id.complaint_return_location_id
        self.check("in the returns location", self.quantity_in(returns, product), reckoning.back)
        self.check("at the customer", self.quantity_in(self.customers, product), reckoning.delivered - reckoning.back)
        line = order.order_line
        self.check("order", (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice), reckoning.order)


class MatrixCase(Play, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_matrix()

    def setUp(self):
        super().setUp()
        freezer = freeze_time(BUY)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)


@tagged("post_install", "-at_install")
class TestRemedyMatrix(MatrixCase):
    """Whatever is combined, a remedy credits the price paid, brings goods back at the cost they left with, and leaves nothing to invoice."""

    def play_all(self, kind):
        cases = [(number, case) for number, case in enumerate(CASES) if case.kind == kind]
        for number, case in cases:
            with self.subTest(number=number, **case._asdict()), self.env.cr.savepoint(flush=True) as savepoint:
                self.play(case, number)
                savepoint.rollback()
        return len(cases)

    def test_every_possible_pair_of_values_is_combined(self):
        """The combinations are at least 200 different ones, possible by the rules, and no possible pair of values is missing."""
        self.assertEqual(len(set(CASES)), 240)
        self.assertTrue(all(map(matrix.possible, CASES)))
        covered = set().union(*map(matrix.pairs_of, CASES))
        values = sum(
            len(matrix.DIMENSIONS[one]) * len(matrix.DIMENSIONS[other]) for one, other in matrix.combinations(matrix.DIMENSIONS, 2)
        )
        self.assertEqual(len(covered) + len(OUT_OF_REACH), values)
        self.assertEqual(len(OUT_OF_REACH), 11, OUT_OF_REACH)
        _logger.info("%s combinations of a remedy, %s pairs of values", len(CASES), len(covered))

    def test_refund_of_goods_that_come_back(self):
        """Credited per receipt; cost and order follow the goods."""
        self.assertEqual(self.play_all("RefundBack"), 42)

    def test_refund_of_goods_that_stay(self):
        """Credited at once; neither stock nor cost nor order move."""
        self.assertEqual(self.play_all("RefundKeep"), 40)

    def test_refund_before_the_goods_come_back(self):
        """Credited at once, its cost too; what comes back later lowers nothing on the order."""
        self.assertEqual(self.play_all("RefundAtOnce"), 43)

    def test_refund_after_an_inspection(self):
        """Credited when decided; the cost comes back, the order stays delivered."""
        self.assertEqual(self.play_all("RefundInspected"), 45)

    def test_price_reduction_by_an_amount(self):
        """Money only."""
        self.assertEqual(self.play_all("CreditAmount"), 44)

    def test_price_reduction_by_a_percentage(self):
        """Money only, as a share of the price paid."""
        self.assertEqual(self.play_all("CreditPercent"), 26)


@tagged("post_install", "-at_install")
class TestRemedySituations(MatrixCase):
    """Situations that no combination has: whatever else is on the invoice, the remedy credits what was paid for its goods."""

    def setUp(self):
        super().setUp()
        self.goods = self.make_product("Valve", categ_id=self.categories["average", "real_time"].id)
        self.supply(self.goods, self.stock, 100.0, 3.10)
        self.clock.move_to(SELL)

    def sell_goods(self, quantity=10, price=10.0, **vals):
        order = self.sell(quantity, price=price, product=self.goods, invoice=False, **vals)
        self.clock.move_to(COMPLAIN)
        return order

    def complain_of(self, document, quantity=None, unit=None, **vals):
        """From the number of a document to an executed remedy."""
        complaint = self.make_complaint(lot_ref=document.name)
        if quantity:
            complaint.line_ids.write({"quantity": quantity, "product_uom_id": (unit or complaint.line_ids.product_uom_id).id})
        self.investigated(complaint)
        remedy = self.plan(complaint, **vals)
        complaint.action_submit_plan()
        complaint.action_execute()
        return remedy

    def receive_and_post(self, remedy, **vals):
        self.receive(remedy, **vals)
        remedy.credit_note_ids.action_post()
        return remedy.credit_note_ids

    def test_cash_rounding_of_the_invoice_is_credited_with_all_of_it(self):
        """An invoice rounded to 5 cents is settled by the refund of all goods."""
        rounding = self.env["account.cash.rounding"].create({
            "name": "5 cents", "rounding": 0.05, "strategy": "add_invoice_line",
            "profit_account_id": self.cost_account.id, "loss_account_id": self.cost_account.id,
        })
        order = self.sell_goods(3, 3.33)
        invoice = order._create_invoices()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual((invoice.amount_total, invoice.invoice_line_ids.price_subtotal), (12.0, 9.99))
        note = self.receive_and_post(self.complain_of(invoice))
        self.assertEqual((note.invoice_line_ids.price_subtotal, note.amount_tax, note.amount_total), (9.99, 2.0, 12.0))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_early_payment_discount_that_lowers_the_tax_lowers_the_credited_tax(self):
        """With the discount always taken off the taxed amount, the refund of all goods settles the invoice to the cent."""
        term = self.env["account.payment.term"].create({
            "name": "2 % within 7 days", "early_discount": True, "discount_percentage": 2, "discount_days": 7, "early_pay_discount_computation": "mixed",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        order = self.sell_goods()
        order.payment_term_id = term
        invoice = self.invoice(order)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.0, 19.6))
        some = self.receive_and_post(self.complain_of(invoice, 4))
        self.assertEqual((some.amount_untaxed, some.amount_tax), (40.0, 7.84))
        rest = self.receive_and_post(self.complain_of(invoice, 6))
        self.assertEqual((rest.amount_untaxed, rest.amount_tax), (60.0, 11.76))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_early_payment_discount_taken_on_payment_leaves_the_full_price_to_credit(self):
        """Where the tax is lowered on early payment only, the refund is at the price and tax invoiced."""
        term = self.env["account.payment.term"].create({
            "name": "2 % on payment", "early_discount": True, "discount_percentage": 2, "discount_days": 7, "early_pay_discount_computation": "included",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })
        order = self.sell_goods()
        order.payment_term_id = term
        invoice = self.invoice(order)
        note = self.receive_and_post(self.complain_of(invoice, 4))
        self.assertEqual((note.amount_untaxed, note.amount_tax, invoice.amount_residual), (40.0, 8.0, 72.0))

    def test_global_discount_lowers_the_price_paid(self):
        """A discount on the whole order was not paid: 4 of 10 pieces at 10.00 less 10 % are 36.00, and all of them can be refunded."""
        order = self.sell_goods()
        self.env["sale.order.discount"].create({"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.1}).action_apply_discount()
        invoice = self.invoice(order)
        self.assertEqual(invoice.amount_untaxed, 90.0)
        some = self.receive_and_post(self.complain_of(order, 4))
        self.assertEqual((some.amount_untaxed, some.amount_total), (36.0, 43.2))
        rest = self.receive_and_post(self.complain_of(order, 6))
        self.assertEqual((rest.amount_untaxed, invoice.amount_residual), (54.0, 0.0))

    def test_down_payment_was_paid_for_the_goods_too(self):
        """What the down payment took off the final invoice was paid before: all goods are credited at their price."""
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": self.company.id,
            "order_line": [Command.create({"product_id": self.goods.id, "product_uom_qty": 10, "price_unit": 10.0})],
        })
        order.action_confirm()
        self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids).create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        order.invoice_ids.action_post()
        self.deliver(order)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 70.0)
        self.clock.move_to(COMPLAIN)
        note = self.receive_and_post(self.complain_of(order.picking_ids))
        self.assertEqual((note.amount_untaxed, note.amount_total), (100.0, 120.0))
        self.assertEqual((invoice.amount_residual, note.amount_residual), (0.0, 36.0))
        line = order.order_line.filtered(lambda line: line.product_id == self.goods)
        self.assertEqual((line.qty_delivered, line.qty_invoiced, line.qty_to_invoice), (0.0, 0.0, 0.0))

    def test_delivery_invoiced_twice_is_credited_on_the_invoice_chosen(self):
        """Two invoices for one delivery: the second, dearer one is chosen, and its price and cost are credited."""
        order = self.sell_goods()
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 6
        first.action_post()
        second = order._create_invoices()
        second.invoice_line_ids.price_unit = 12.5
        second.action_post()
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        self.assertEqual(complaint.line_ids.match_state, "several")
        remedy = self.complain_of(second, 3)
        note = self.receive_and_post(remedy)
        self.assertEqual((note.amount_untaxed, note.reversed_entry_id), (37.5, second))
        self.assertEqual((self._cost_of_goods(second), self._cost_of_goods(note)), ((-12.4, 12.4), (9.3, -9.3)))
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_to_invoice), (7.0, 0.0))

    def test_second_delivery_of_one_invoice_comes_back_at_its_own_cost(self):
        """One invoice for two deliveries: the goods of the second one come back at the cost they left with."""
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": self.company.id,
            "order_line": [Command.create({"product_id": self.goods.id, "product_uom_qty": 10, "price_unit": 10.0})],
        })
        order.action_confirm()
        first = order.picking_ids
        first.move_ids.write({"quantity": 4, "picked": True})
        first.with_context(skip_backorder=True).button_validate()
        self.clock.move_to(REPRICE)
        self.supply(self.goods, self.stock, 96.0, 6.10)
        self.deliver(order)
        second = order.picking_ids - first
        invoice = self.invoice(order)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(second)
        note = self.receive_and_post(remedy)
        self.assertEqual((first.move_ids.value, second.move_ids.value), (12.4, 27.6))
        self.assertEqual(remedy.picking_ids.move_ids.value, 27.6)
        self.assertEqual((note.amount_untaxed, note.reversed_entry_id), (60.0, invoice))
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (4.0, 0.0))

    def test_credit_note_of_a_locked_period_is_booked_after_it(self):
        """The invoice's month is locked before the credit note is posted: it is booked in the first open one, cost of goods too."""
        for lock in ("fiscalyear_lock_date", "sale_lock_date", "tax_lock_date"):
            with self.subTest(lock=lock), self.env.cr.savepoint(flush=True) as savepoint:
                self.clock.move_to(SELL)
                order = self.sell_goods()
                invoice = self.invoice(order)
                remedy = self.complain_of(order.picking_ids, 4)
                self.receive(remedy)
                self.env.flush_all()
                self.company[lock] = "2026-03-31"
                self.clock.move_to("2026-04-02 08:00:00")
                note = remedy.credit_note_ids
                note.action_post()
                self.assertEqual((note.state, note.amount_total, invoice.amount_residual), ("posted", 48.0, 72.0))
                self.assertGreater(note.date, fields.Date.to_date("2026-03-31"))
                self.assertEqual(set(note.line_ids.mapped("date")), {note.date})
                savepoint.rollback()

    def test_return_asked_for_before_a_lock_is_received_after_it(self):
        """The month in which the goods were asked back is locked when they arrive: they are received and credited in the open one."""
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        self.env.flush_all()
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.clock.move_to("2026-04-02 08:00:00")
        note = self.receive_and_post(remedy)
        self.assertEqual((remedy.picking_ids.move_ids.value, note.amount_total, str(note.date)), (12.4, 48.0, "2026-04-02"))

    def test_serial_numbers_valued_one_by_one_come_back_at_their_own_cost(self):
        """Pumps bought at 100 and 140: the dear one comes back at 140, the cost of goods as booked by the invoice."""
        pump = self.make_product("Pump", tracking="serial", lot_valuated=True, categ_id=self.categories["average", "real_time"].id)
        serials = [self.make_lot(f"PV-{number}", pump) for number in range(2)]
        for serial, cost in zip(serials, (100.0, 140.0), strict=True):
            self.supply(pump, self.stock, 1.0, cost, [serial])
        order = self.sell(dict.fromkeys(serials, 1), product=pump, price=200.0)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(serials[1])
        note = self.receive_and_post(remedy)
        self.assertEqual(order.picking_ids.filtered(lambda picking: picking.picking_type_code == "outgoing").move_ids.value, 240.0)
        self.assertEqual((remedy.picking_ids.move_ids.value, serials[1].standard_price), (140.0, 140.0))
        self.assertEqual(self._cost_of_goods(note), (120.0, -120.0))

    def test_lot_sold_returned_and_sold_again_keeps_its_cost(self):
        """A lot that came back on one complaint, was sold again beside another lot and comes back again still has its own cost."""
        rod = self.make_product("Rod", tracking="lot", lot_valuated=True, categ_id=self.categories["fifo", "real_time"].id)
        cheap, dear = self.make_lot("RV-0", rod), self.make_lot("RV-1", rod)
        self.supply(rod, self.stock, 4.0, 3.10, [cheap])
        self.supply(rod, self.stock, 4.0, 7.77, [dear])
        # after the first round, cheap ones are bought at 9.41: 2 at 3.10 and 2 at 9.41 are 6.255 each
        for day, delivered in (("2026-03-10", 21.74), ("2026-03-20", 28.05)):
            order = self.sell({cheap: 2, dear: 2}, product=rod, price=20.0, invoice=False)
            self.invoice(order)
            self.clock.move_to(f"{day} 08:00:00")
            complaint = self.make_complaint(lot_ref=order.picking_ids.name)
            wizard = self.env["quality.complaint.match"].browse(complaint.action_open_match()["res_id"])
            wizard.line_ids.filtered(lambda row, o=order: row.picking_name == o.picking_ids.name and row.lot_id == dear).selected = True
            wizard.action_apply()
            self.investigated(complaint)
            remedy = self.plan(complaint, quantity=2)
            complaint.action_submit_plan()
            complaint.action_execute()
            self.receive_and_post(remedy)
            self.assertEqual(complaint.line_ids.lot_id, dear)
            delivery = order.picking_ids.filtered(lambda picking: picking.picking_type_code == "outgoing")
            self.assertEqual((delivery.move_ids.value, remedy.picking_ids.move_ids.value), (delivered, 15.54))
            self.supply(rod, self.stock, 2.0, 9.41, [cheap])
            back = remedy.picking_ids.move_ids
            self.env["stock.quant"]._update_available_quantity(rod, back.location_dest_id, -2.0, lot_id=dear)
            self.env["stock.quant"]._update_available_quantity(rod, self.stock, 2.0, lot_id=dear)
            self.clock.move_to("2026-03-15 08:00:00")

    def test_goods_without_stock_keeping_have_no_cost_to_take_back(self):
        """Goods delivered but not kept in stock come back without a value."""
        tape = self.make_product("Tape", is_storable=False, categ_id=self.categories["average", "real_time"].id)
        order = self.sell(10, price=2.5, product=tape)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy)
        self.assertEqual((note.amount_untaxed, self._cost_of_goods(note)), (10.0, (0.0, 0.0)))
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice), (6.0, 0.0))

    def test_service_without_delivery_is_refunded_from_its_invoice(self):
        """A service has no delivery: its invoice is linked by hand, what was paid is credited and not offered for invoicing."""
        hours = self.make_product("Fitting", type="service", is_storable=False, invoice_policy="order")
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": self.company.id,
            "order_line": [Command.create({"product_id": hours.id, "product_uom_qty": 8, "price_unit": 60.0})],
        })
        order.action_confirm()
        invoice = self.invoice(order)
        self.clock.move_to(COMPLAIN)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": hours.id, "quantity": 2, "invoice_line_id": invoice.invoice_line_ids.id})],
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.credit_note_ids.action_post()
        self.assertEqual((remedy.credit_note_ids.amount_untaxed, invoice.amount_residual), (120.0, 432.0))
        self.assertEqual((order.order_line.qty_invoiced, order.order_line.qty_to_invoice, remedy.state), (8.0, 0.0, "done"))

    def test_goods_of_a_package_come_back_out_of_it(self):
        """Scanned by the package they were delivered in, goods come back without it, at their cost."""
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id, "company_id": self.company.id,
            "order_line": [Command.create({"product_id": self.goods.id, "product_uom_qty": 10, "price_unit": 10.0})],
        })
        order.action_confirm()
        picking = order.picking_ids
        package = self.env["stock.package"].create({"name": "PACK-77"})
        picking.move_ids.move_line_ids.result_package_id = package
        picking.move_ids.picked = True
        picking.button_validate()
        self.invoice(order)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(package, 4)
        note = self.receive_and_post(remedy)
        move = remedy.picking_ids.move_ids
        self.assertEqual((note.amount_untaxed, move.value), (40.0, 12.4))
        self.assertEqual(self.quantity_in(move.location_dest_id, self.goods), 4.0)
        self.assertFalse(move.move_line_ids.result_package_id)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_more_returned_than_planned_is_valued_but_not_credited(self):
        """5 come back instead of 4: stock and value have 5, the credit note and its cost of goods 4."""
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy, quantity=5)
        self.assertEqual((remedy.picking_ids.move_ids.value, note.amount_untaxed), (15.5, 40.0))
        self.assertEqual(self._cost_of_goods(note), (12.4, -12.4))

    def test_less_returned_than_planned_is_credited_as_returned(self):
        """3 come back instead of 4: value, credit note and cost of goods are those of 3, nothing is left to invoice."""
        order = self.sell_goods()
        self.invoice(order)
        remedy = self.complain_of(order.picking_ids, 4)
        note = self.receive_and_post(remedy, quantity=3)
        self.assertEqual((remedy.picking_ids.move_ids.value, note.amount_untaxed), (9.3, 30.0))
        self.assertEqual(self._cost_of_goods(note), (9.3, -9.3))
        self.assertEqual((order.order_line.qty_delivered, order.order_line.qty_to_invoice, remedy.state), (7.0, 0.0, "done"))

    def test_another_lot_comes_back_at_the_cost_of_that_lot(self):
        """The dear lot comes back instead of the cheap one complained of: it is valued as what it is, and nothing is credited."""
        rod = self.make_product("Rod", tracking="lot", lot_valuated=True, categ_id=self.categories["average", "real_time"].id)
        cheap, dear = self.make_lot("RA-0", rod), self.make_lot("RA-1", rod)
        self.supply(rod, self.stock, 4.0, 3.10, [cheap])
        self.supply(rod, self.stock, 4.0, 7.77, [dear])
        self.sell({cheap: 2, dear: 2}, product=rod, price=20.0)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(cheap)
        self.receive(remedy, lot=dear)
        self.assertEqual(remedy.picking_ids.move_ids.value, 15.54)
        self.assertFalse(remedy.credit_note_ids)

    def test_grams_the_delivery_cannot_express_are_credited_as_complained(self):
        """335 g of goods delivered in kilograms with two decimals come back as 0.34 kg; 335 g are credited."""
        rod = self.make_product("Brass rod", uom_id=self.kilo.id, categ_id=self.categories["average", "real_time"].id)
        self.supply(rod, self.stock, 50.0, 6.0)
        order = self.sell(2.5, price=19.99, product=rod)
        self.clock.move_to(COMPLAIN)
        remedy = self.complain_of(order.picking_ids, 335, self.gram)
        note = self.receive_and_post(remedy)
        self.assertEqual(remedy.picking_ids.move_ids.quantity, 0.34)
        self.assertEqual((note.amount_untaxed, self._cost_of_goods(note)), (6.7, (2.01, -2.01)))

    def test_odoo_books_a_wrong_cost_on_the_second_invoice_of_an_order_in_another_unit(self):
        """A fault of Odoo, kept in sight: 24 pieces at 3.10 invoiced as two times 1 dozen should cost 37.20 each time.

        The second invoice books its cost per dozen as if it were pieces. A remedy takes back what was booked, nothing else.
        """
        order = self.sell_goods(2, 100.0, uom=self.dozen)
        first = order._create_invoices()
        first.invoice_line_ids.quantity = 1
        first.action_post()
        second = self.invoice(order)
        self.assertEqual(self._cost_of_goods(first), (-37.2, 37.2))
        booked = self._cost_of_goods(second)
        self.assertNotEqual(booked, (-37.2, 37.2), "Odoo has mended it: this test can go")
        note = self.receive_and_post(self.complain_of(second, 12, self.unit))
        self.assertEqual(self._cost_of_goods(note), (-booked[0], -booked[1]))

    def test_odoo_averages_lots_in_a_return_made_by_hand(self):
        """A fault of Odoo, kept in sight, and standard documents left alone: without a complaint, the dear lot comes back at the average."""
        rod = self.make_product("Rod", tracking="lot", lot_valuated=True, categ_id=self.categories["average", "real_time"].id)
        cheap, dear = self.make_lot("RH-0", rod), self.make_lot("RH-1", rod)
        self.supply(rod, self.stock, 4.0, 3.0, [cheap])
        self.supply(rod, self.stock, 4.0, 7.0, [dear])
        order = self.sell({cheap: 2, dear: 2}, product=rod, price=20.0)
        delivery = order.picking_ids.filtered(lambda picking: picking.picking_type_code == "outgoing")
        self.clock.move_to(COMPLAIN)
        wizard = self.env["stock.return.picking"].with_context(active_id=delivery.id, active_ids=delivery.ids, active_model="stock.picking").create({})
        wizard.product_return_moves.quantity = 2
        back = wizard._create_return()
        back.move_ids.move_line_ids.lot_id = dear
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.move_ids.value, 10.0)
