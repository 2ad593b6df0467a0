import logging
from decimal import Decimal

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, tagged

from ..common import ComplaintWorld
from . import matrix

_logger = logging.getLogger(__name__)
DRAW = matrix.Draw(matrix.DIMENSIONS, matrix.IMPOSSIBLE, 240)
STEPS = {
    "ship_only": 1,
    "pick_ship": 2,
    "pick_pack_ship": 3,
    "one_step": 1,
    "two_steps": 2,
    "three_steps": 3,
}
BUY, SELL, REPRICE, COMPLAIN = (
    "2026-03-02 08:00:00",
    "2026-03-04 09:00:00",
    "2026-03-06 10:00:00",
    "2026-03-12 11:00:00",
)


class MatrixWorld(ComplaintWorld):
    """A company with every tax, currency, costing and warehouse of the combinations."""

    @classmethod
    def build_matrix(cls):
        cls.make_world("Matrix Works")
        cls.policy.rule_ids.unlink()  # nothing here waits for an approval
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        rates = {
            "2026-01-01": matrix.RATE["foreign"][0],
            "2026-03-10": matrix.RATE["foreign"][1],
        }
        cls.env["res.currency.rate"].search(
            [("currency_id", "=", cls.euro.id)]
        ).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": float(rate),
                    "currency_id": cls.euro.id,
                    "company_id": cls.company.id,
                }
                for day, rate in rates.items()
            ]
        )
        cls.pricelists = {
            "company": cls.env["product.pricelist"].create(
                {"name": "Company", "currency_id": cls.company.currency_id.id}
            ),
            "foreign": cls.env["product.pricelist"].create(
                {"name": "Euro", "currency_id": cls.euro.id}
            ),
        }
        make_tax = cls.env["account.tax"].create
        base = {"type_tax_use": "sale", "company_id": cls.company.id}
        cls.abroad = cls.env["account.fiscal.position"].create(
            {"name": "Abroad", "company_id": cls.company.id}
        )
        mapped = {
            **base,
            "name": "VAT 7 abroad",
            "amount": 7,
            "fiscal_position_ids": cls.abroad.ids,
            "original_tax_ids": cls.tax.ids,
        }
        make_tax(mapped)
        cls.taxes = {
            "excluded": cls.tax,
            "included": cls.tax_included,
            "none": cls.env["account.tax"],
            "mapped": cls.tax,
            "two": make_tax(
                [
                    {**base, "name": "State 10", "amount": 10},
                    {**base, "name": "City 5", "amount": 5},
                ]
            ),
        }
        accounts = cls.env["account.account"].with_company(cls.company)
        cls.valuation_account = accounts.create(
            {"name": "Goods", "code": "110999", "account_type": "asset_current"}
        )
        cls.cost_account = accounts.create(
            {
                "name": "Cost of goods",
                "code": "500999",
                "account_type": "expense_direct_cost",
            }
        )
        cls.categories = {
            (cost, valuation): cls.env["product.category"].create(
                {
                    "name": f"{cost} {valuation}",
                    "property_cost_method": cost,
                    "property_valuation": valuation,
                    "property_stock_valuation_account_id": cls.valuation_account.id,
                    "property_account_expense_categ_id": cls.cost_account.id,
                }
            )
            for cost in matrix.DIMENSIONS["cost"]
            for valuation in matrix.DIMENSIONS["valuation"]
        }
        cls.warehouses = {
            (deliver, receive): cls.env["stock.warehouse"].create(
                {
                    "name": f"{deliver} {receive}",
                    "code": f"{STEPS[deliver]}{STEPS[receive]}",
                    "company_id": cls.company.id,
                    "delivery_steps": deliver,
                    "reception_steps": receive,
                }
            )
            for deliver in matrix.DIMENSIONS["deliver"]
            for receive in matrix.DIMENSIONS["receive"]
        }

    @classmethod
    def supply(cls, product, location, quantity, cost, lots=()):
        """Receive goods at a unit cost; several lots share the quantity equally."""
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "company_id": cls.company.id,
                "location_id": cls.suppliers.id,
                "location_dest_id": location.id,
                "value_manual": quantity * cost,
                "price_unit": cost,
            }
        )
        move._action_confirm()
        if lots:
            move.move_line_ids.unlink()
            vals = move._prepare_move_line_vals(quantity=quantity / len(lots))
            move.move_line_ids = [
                Command.create({**vals, "lot_id": lot.id}) for lot in lots
            ]
        else:
            move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def credit_by_hand(cls, invoice, quantity):
        """A standard reversal for a part of the quantity, posted."""
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create(
            {
                "journal_id": invoice.journal_id.id,
                "date": fields.Date.context_today(invoice),
            }
        )
        wizard.refund_moves()
        wizard.new_move_ids.invoice_line_ids.quantity = quantity
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    @classmethod
    def pay(cls, invoice):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(
            {"payment_date": fields.Date.context_today(invoice)}
        )._create_payments()


class Play(MatrixWorld):
    """Plays one combination with Odoo's documents and compares them with the
    reckoning.
    """

    def play(self, case, number):
        reckoning = matrix.Reckoning(case)
        self.clock.move_to(BUY)
        product, lots = self._goods(case, reckoning, number)
        self.clock.move_to(SELL)
        order = self._order(case, reckoning, product)
        self.deliver(
            order,
            dict(zip(lots, map(float, reckoning.lots), strict=True)) if lots else None,
        )
        delivery = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        invoice = self.invoice(order)
        cogs = self._cost_of_goods(invoice)
        self.check("delivered value", delivery.move_ids.value, reckoning.delivery_value)
        self.check(
            "invoice", (invoice.amount_untaxed, invoice.amount_tax), reckoning.invoice
        )
        self.check("booked cost", cogs, (-reckoning.booked_cost, reckoning.booked_cost))
        if case.earlier == "credited":
            self.credit_by_hand(invoice, float(reckoning.by_hand))
        elif case.earlier == "paid":
            self.pay(invoice)
        self.clock.move_to(REPRICE)
        self._reprice(
            case, product, lots, number, delivery.picking_type_id.warehouse_id
        )
        self.clock.move_to(COMPLAIN)
        notes = self.env["account.move"]
        for index in range(len(reckoning.receipts)):
            scanned = (
                lots[index if reckoning.by_piece else 0].name if lots else delivery.name
            )
            notes += self._complain(case, reckoning, index, scanned)
        self._compare(reckoning, order, invoice, notes, product, delivery)

    def _goods(self, case, reckoning, number):
        kilo = {"uom_id": self.kilo.id} if case.unit == "kilo" else {}
        tracking = {
            "lot": "lot",
            "valued_lot": "lot",
            "serial": "serial",
            "valued_serial": "serial",
        }.get(case.tracking, "none")
        product = self.make_product(
            f"Goods {number}",
            tracking=tracking,
            lot_valuated=reckoning.lot_valued,
            categ_id=self.categories[case.cost, case.valuation].id,
            invoice_policy=case.policy,
            taxes_id=[Command.set(self.taxes[case.tax].ids)],
            standard_price=float(matrix.STANDARD),
            **kilo,
        )
        lots = (
            [
                self.make_lot(f"M{number}-{index}", product)
                for index in range(len(reckoning.lots))
            ]
            if tracking != "none"
            else []
        )
        stock = self.warehouses[case.deliver, case.receive].lot_stock_id
        for quantity, cost, indexes in reckoning.receipt_costs():
            self.clock.tick(60)
            self.supply(
                product,
                stock,
                float(quantity),
                float(cost),
                [lots[index] for index in indexes] if lots else (),
            )
        return product, lots

    def _order(self, case, reckoning, product):
        unit = {"unit": self.unit, "dozen": self.dozen, "kilo": self.kilo}[case.unit]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "pricelist_id": self.pricelists[case.currency].id,
                "warehouse_id": self.warehouses[case.deliver, case.receive].id,
                "fiscal_position_id": self.abroad.id if case.tax == "mapped" else False,
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
        return order

    def _reprice(self, case, product, lots, number, warehouse, quantity=20.0):
        """Costs change between the delivery and the return: new goods, of the lot
        complained of where lots have their own value, cost more.
        """
        again = []
        if lots:
            again = [
                lots[0]
                if case.tracking == "valued_lot"
                else self.make_lot(f"M{number}-later", product)
            ]
        self.supply(
            product,
            warehouse.lot_stock_id,
            1.0 if product.tracking == "serial" else quantity,
            float(matrix.LATER),
            again,
        )
        if case.cost == "standard":
            product.standard_price = float(matrix.LATER)

    def _complain(self, case, reckoning, index, scanned):
        """One complaint from the scan to its posted credit notes, in the order they
        were made.
        """
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
        # one by one: posted together, Odoo settles the invoice with the first only, see
        # below
        for note in notes:
            note.action_post()
        self.assertEqual(remedy.state, "done")
        return notes

    def _receive(self, reckoning, remedy, index):
        *firsts, _last = reckoning.receipts[index]
        for part in firsts:
            self.receive(
                remedy, quantity=float(reckoning.in_stock(part)), backorder=True
            )
        self.receive(remedy)
        moves = remedy.picking_ids.move_ids.sorted("id")
        self.check(
            "returned value",
            sorted(moves.mapped("value")),
            sorted(
                reckoning.return_value(index, part)
                for part in reckoning.receipts[index]
            ),
        )

    def _cost_of_goods(self, note):
        """(booked on the valuation account, booked on the cost account)."""
        lines = note.line_ids.filtered(lambda line: line.display_type == "cogs")
        accounts = (self.valuation_account, self.cost_account)
        return tuple(
            sum(
                lines.filtered(lambda line, a=account: line.account_id == a).mapped(
                    "balance"
                )
            )
            for account in accounts
        )

    def check(self, what, actual, expected):
        """Exact to the cent, or to the hundredth of a unit."""
        actual, expected = (
            list(value) if isinstance(value, (list, tuple)) else [value]
            for value in (actual, expected)
        )
        self.assertEqual(
            [matrix.rounded(Decimal(repr(value))) for value in actual],
            [matrix.rounded(value) for value in expected],
            what,
        )

    def _compare(self, reckoning, order, invoice, notes, product, delivery):
        currency = (
            self.euro
            if reckoning.case.currency == "foreign"
            else self.company.currency_id
        )
        self.assertEqual(notes.currency_id, currency)
        self.assertEqual(set(notes.mapped("move_type")), {"out_refund"})
        self.check(
            "untaxed",
            notes.mapped("amount_untaxed"),
            [note.untaxed for note in reckoning.notes],
        )
        self.check(
            "tax", notes.mapped("amount_tax"), [note.tax for note in reckoning.notes]
        )
        self.check(
            "total",
            notes.mapped("amount_total"),
            [note.untaxed + note.tax for note in reckoning.notes],
        )
        self.check(
            "untaxed in company currency",
            notes.mapped("amount_untaxed_signed"),
            [-note.untaxed_company for note in reckoning.notes],
        )
        still_open, left = reckoning.residuals
        self.check("invoice's residual", invoice.amount_residual, still_open)
        self.check("notes' residual", notes.mapped("amount_residual"), left)
        for note, expected in zip(notes, reckoning.notes, strict=True):
            self.check(
                "cost of goods",
                self._cost_of_goods(note),
                (expected.cogs, -expected.cogs),
            )
        returns = delivery.picking_type_id.warehouse_id.complaint_return_location_id
        self.check(
            "in the returns location",
            self.quantity_in(returns, product),
            reckoning.back,
        )
        self.check(
            "at the customer",
            self.quantity_in(self.customers, product),
            reckoning.delivered - reckoning.back,
        )
        line = order.order_line
        self.check(
            "order",
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice),
            reckoning.order,
        )


class MatrixCase(Play, TransactionCase):
    draw = None  # the `matrix.Draw` whose cases are played

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_matrix()

    def setUp(self):
        super().setUp()
        freezer = freeze_time(BUY)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def play_all(self, kind):
        """Play the combinations of a kind, each on its own."""
        cases = [
            (number, case)
            for number, case in enumerate(self.draw.cases)
            if case.kind == kind
        ]
        for number, case in cases:
            with (
                self.subTest(number=number, **case._asdict()),
                self.env.cr.savepoint(flush=True) as savepoint,
            ):
                self.play(case, number)
                savepoint.rollback()
        self.assertTrue(cases)

    def check_draw(self, out_of_reach):
        cases = self.draw.cases
        self.assertEqual(len(set(cases)), len(cases))
        self.assertTrue(all(map(self.draw.possible, cases)))
        covered = set().union(*map(matrix.pairs_of, cases))
        self.assertEqual(
            len(covered) + len(self.draw.out_of_reach), len(self.draw.pairs())
        )
        self.assertEqual(
            len(self.draw.out_of_reach), out_of_reach, self.draw.out_of_reach
        )
        _logger.info(
            "%s combinations of a remedy, %s pairs of values", len(cases), len(covered)
        )


@tagged("post_install", "-at_install")
class TestRemedyMatrix(MatrixCase):
    """Whatever is combined, a remedy credits the price paid, brings goods back at the
    cost they left with, and leaves nothing to invoice.
    """

    draw = DRAW

    def test_every_possible_pair_of_values_is_combined(self):
        """The combinations are different ones, possible by the rules, and no possible
        pair of values is missing.
        """
        self.check_draw(11)

    def test_refund_of_goods_that_come_back(self):
        """Credited per receipt; cost and order follow the goods."""
        self.play_all("RefundBack")

    def test_refund_of_goods_that_stay(self):
        """Credited at once; neither stock nor cost nor order move."""
        self.play_all("RefundKeep")

    def test_refund_before_the_goods_come_back(self):
        """Credited at once, its cost too; what comes back later lowers nothing on the
        order.
        """
        self.play_all("RefundAtOnce")

    def test_refund_after_an_inspection(self):
        """Credited when decided; the cost comes back, the order stays delivered."""
        self.play_all("RefundInspected")

    def test_price_reduction_by_an_amount(self):
        """Money only."""
        self.play_all("CreditAmount")

    def test_price_reduction_by_a_percentage(self):
        """Money only, as a share of the price paid."""
        self.play_all("CreditPercent")
