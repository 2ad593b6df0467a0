import logging
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from . import matrix_money
from .matrix import rounded
from .worth import WorthCase

_logger = logging.getLogger(__name__)
SELL, COMPLAIN = "2026-03-04 09:00:00", "2026-03-12 11:00:00"


@tagged("post_install", "-at_install")
class TestRemedyMatrixMoney(WorthCase):
    """Whatever lowers the price, and in whatever order it is reduced and refunded, each
    step credits what is left of its pieces, with its tax.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.env["res.currency.rate"].search(
            [("currency_id", "=", cls.euro.id)]
        ).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": cls.euro.id,
                    "company_id": cls.company.id,
                }
                for day, rate in (("2026-01-01", 0.937), ("2026-03-10", 1.0713))
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
        included = {"price_include_override": "tax_included"}
        eco = {"amount_type": "fixed", "sequence": 1}
        cls.taxes = {
            "excluded": cls.tax,
            "included": cls.tax_included,
            "none": cls.env["account.tax"],
            "two": cls.make_sale_tax("State 10", 10) | cls.make_sale_tax("City 5", 5),
            "eco": cls.make_sale_tax("Eco", 0.5, **eco) | cls.tax,
            "eco_included": cls.make_sale_tax("Eco in", 0.5, **eco, **included)
            | cls.tax_included,
        }
        cls.units = {
            "unit": (cls.unit, cls.unit),
            "dozen": (cls.dozen, cls.unit),
            "kilo": (cls.kilo, cls.gram),
        }
        cls.stuff = {
            unit: cls.make_goods(
                f"Goods by {unit}",
                **({"uom_id": cls.kilo.id} if unit == "kilo" else {}),
            )
            for unit in cls.units
        }
        cls.env["product.product"].browse(
            [product.id for product in cls.stuff.values()]
        ).taxes_id = False
        cls.programs = {}
        for kind in ("promotion", "gift_card"):
            program = cls.env["loyalty.program"].create(
                {
                    "name": kind,
                    "program_type": kind,
                    "company_id": cls.company.id,
                    "applies_on": "current",
                    "trigger": "auto",
                    "rule_ids": [
                        Command.clear(),
                        Command.create({"minimum_amount": 1}),
                    ],
                    "reward_ids": [
                        Command.clear(),
                        Command.create(
                            {
                                "reward_type": "discount",
                                "discount_mode": "per_point",
                                "discount": 1,
                            }
                        ),
                    ],
                }
            )
            cls.programs[kind] = (
                program.reward_ids,
                cls.env["loyalty.card"].create(
                    {"program_id": program.id, "points": 1000}
                ),
            )
        cls.company.sale_discount_product_id = cls.make_product(
            "Any name", type="service", is_storable=False, invoice_policy="order"
        )

    def setUp(self):
        super().setUp()
        freezer = freeze_time(SELL)
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def play(self, case):
        self.company.tax_calculation_rounding_method = case.rounding
        reckoning = matrix_money.MoneyReckoning(case)
        self.clock.move_to(SELL)
        order, invoice = self._invoice(case, reckoning)
        exact = (
            case.rounding == "round_per_line"
            # rounded over the invoice, single lines may be a cent off, all of them
            # together
            # are not
        )
        if exact:
            self.check(
                "invoice",
                (invoice.amount_untaxed, invoice.amount_tax),
                self._on_paper(case, reckoning),
            )
        self.clock.move_to(COMPLAIN)
        hand = self._credit_by_hand(case, reckoning, order, invoice)
        line = self.line_of(invoice, self.stuff[case.unit])
        _sold_in, unit = self.units[case.unit]
        complaint = self.complaint_of(
            line, float(reckoning.pieces * matrix_money.COMPLAINED[case.unit]), unit
        )
        notes = []
        for step in reckoning.steps():
            vals = {
                name: float(value)
                for name in ("percent", "amount")
                if (value := getattr(step, name))
            }
            notes.append(
                self.settle(
                    line,
                    float(step.quantity),
                    step.kind,
                    complaint=complaint,
                    settlement=case.settlement,
                    **vals,
                )
            )
            expected = reckoning.play(step)
            if exact:
                self.check(step, notes[-1], (expected.untaxed, expected.tax))
        notes.append(
            self.settle(
                self.line_of(invoice, self.pump),
                float(matrix_money.OTHER[0]),
                settlement=case.settlement,
            )
        )
        if exact:
            self.check(
                "other goods",
                notes[-1],
                (reckoning.rest().untaxed, reckoning.rest().tax),
            )
        if case.hand in ("none", "amount"):
            paid = [invoice.amount_untaxed, invoice.amount_tax]
            if case.discount == "gift_card":
                paid[0] += 5.0
            total = [sum(note[index] for note in [*notes, *hand]) for index in (0, 1)]
            self.check("all together", total, paid)
            still_open = (
                0.0
                if case.settlement == "offset"
                else invoice.amount_total - sum(map(sum, hand))
            )
            self.check("residual", [invoice.amount_residual], [still_open])

    def _invoice(self, case, reckoning):
        sold_in, _unit = self.units[case.unit]
        taxes = {"tax_ids": [Command.set(self.taxes[case.tax].ids)]}
        lines = [
            {
                "product_id": self.stuff[case.unit].id,
                "product_uom_id": sold_in.id,
                "product_uom_qty": float(reckoning.sold),
                "price_unit": float(reckoning.price),
            },
            {
                "product_id": self.pump.id,
                "product_uom_qty": float(matrix_money.OTHER[0]),
                "price_unit": float(matrix_money.OTHER[1]),
            },
        ]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "pricelist_id": self.pricelists[case.currency].id,
                "order_line": [Command.create({**line, **taxes}) for line in lines],
            }
        )
        order.action_confirm()
        self.deliver(order)
        following = {
            "tax_ids": [
                Command.set(
                    self.taxes[case.tax]
                    .filtered(lambda tax: tax.amount_type != "fixed")
                    .ids
                )
            ]
        }
        discount = {
            "product_uom_qty": 1,
            "price_unit": float(reckoning.discount_price()),
            **following,
        }
        if case.discount == "global":
            order.order_line = [
                Command.create(
                    {**discount, "product_id": self.company.sale_discount_product_id.id}
                )
            ]
        elif case.discount in self.programs:
            reward, card = self.programs[case.discount]
            vals = {
                **discount,
                "name": "Reward",
                "product_id": reward.discount_line_product_id.id,
                "reward_id": reward.id,
                "coupon_id": card.id,
            }
            if case.discount == "gift_card":
                vals |= {"price_unit": -5.0, "tax_ids": [Command.clear()]}
            order.order_line = [Command.create(vals)]
        invoice = order._create_invoices()
        if case.discount == "typed":
            invoice.invoice_line_ids = [
                Command.create(
                    {
                        "name": "x",
                        "price_unit": float(reckoning.discount_price()),
                        **following,
                    }
                )
            ]
        invoice.action_post()
        return order, invoice

    def _on_paper(self, case, reckoning):
        whole = reckoning.invoice()
        return whole.untaxed - (5 if case.discount == "gift_card" else 0), whole.tax

    def _credit_by_hand(self, case, reckoning, order, invoice):
        """Post the credit note by hand of the case.

        :return: list of its (untaxed amount, tax)
        """
        typed = reckoning.by_hand()
        if not typed:
            return []
        quantity, amount = typed
        product, (sold_in, _unit) = self.stuff[case.unit], self.units[case.unit]
        if amount:
            taxes = self.taxes[case.tax].filtered(
                lambda tax: tax.amount_type != "fixed"
            )
            price = reckoning.on(amount)
            vals = {
                "name": "Goodwill",
                "price_unit": float(
                    price.untaxed + (price.tax if reckoning.included else 0)
                ),
                "tax_ids": [Command.set(taxes.ids)],
            }
        else:
            vals = {
                "product_id": product.id,
                "product_uom_id": sold_in.id,
                "quantity": float(quantity),
                "price_unit": float(reckoning.hand_price),
                "tax_ids": [Command.set(self.taxes[case.tax].ids)],
            }
        if case.hand == "order":
            vals["sale_line_ids"] = [
                Command.set(self.line_of(invoice, product).sale_line_ids.ids)
            ]
        note = self.typed_note(
            vals,
            currency_id=invoice.currency_id.id,
            invoice_date="2026-03-12",
            **({"reversed_entry_id": invoice.id} if case.hand == "reversal" else {}),
        )
        if case.hand in ("pieces", "amount"):
            self.reconcile(invoice, note)
        return [(note.amount_untaxed, note.amount_tax)]

    def check(self, what, actual, expected):
        actual = [rounded(Decimal(repr(value))) for value in actual]
        self.assertEqual(
            actual,
            [
                rounded(Decimal(repr(value)) if isinstance(value, float) else value)
                for value in expected
            ],
            what,
        )

    def play_all(self, tax):
        cases = [
            (number, case)
            for number, case in enumerate(matrix_money.DRAW.cases)
            if case.tax == tax
        ]
        for number, case in cases:
            with (
                self.subTest(number=number, **case._asdict()),
                self.env.cr.savepoint(flush=True) as savepoint,
            ):
                self.play(case)
                savepoint.rollback()
        self.assertTrue(cases)

    def test_every_possible_pair_of_values_is_combined(self):
        draw = matrix_money.DRAW
        self.assertTrue(all(map(draw.possible, draw.cases)))
        self.assertFalse(draw.out_of_reach)
        _logger.info(
            "%s combinations of discounts, credit notes by hand and remedies",
            len(draw.cases),
        )

    def test_tax_on_top(self):
        self.play_all("excluded")

    def test_tax_included_in_the_price(self):
        self.play_all("included")

    def test_two_taxes(self):
        self.play_all("two")

    def test_no_tax(self):
        self.play_all("none")

    def test_tax_per_unit(self):
        self.play_all("eco")

    def test_tax_per_unit_included_in_the_price(self):
        self.play_all("eco_included")
