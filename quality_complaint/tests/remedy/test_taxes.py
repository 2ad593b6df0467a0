from odoo.fields import Command
from odoo.tests import tagged

from .worth import WorthCase


class TaxCase(WorthCase):
    def sold(self, quantity, price, taxes, product=None, **vals):
        invoice = self.invoice_of(
            {
                "product_id": product or self.valve,
                "product_uom_qty": quantity,
                "price_unit": price,
                "tax_ids": [Command.set(taxes.ids)],
                **vals,
            }
        )
        return invoice, self.line_of(invoice, product or self.valve)

    def check_settled(self, invoice, notes):
        """Together the notes come to the invoice, untaxed and in tax."""
        self.assertEqual(
            round(sum(untaxed for untaxed, _tax in notes), 2), invoice.amount_untaxed
        )
        self.assertEqual(
            round(sum(tax for _untaxed, tax in notes), 2), invoice.amount_tax
        )
        self.assertEqual(invoice.amount_residual, 0.0)


@tagged("post_install", "-at_install")
class TestPieceByPiece(TaxCase):
    """The last refund settles what rounding left of the untaxed amount and of the tax;
    each piece costs what it cost.
    """

    def test_tax_included_in_the_price(self):
        """7 × 9.99 are 69.93 in all, and 9.99 each."""
        invoice, line = self.sold(7, 9.99, self.tax_included)
        notes = [self.settle(line, 1) for _piece in range(7)]
        self.assertEqual(
            [round(untaxed + tax, 2) for untaxed, tax in notes[:6]], [9.99] * 6
        )
        self.assertEqual(round(sum(map(sum, notes)), 2), 69.93)
        self.check_settled(invoice, notes)

    def test_tax_on_top(self):
        """3 × 10.01 + 21 % are 36.34: 6.31 of tax, not three times 2.10."""
        invoice, line = self.sold(3, 10.01, self.make_sale_tax("VAT 21", 21))
        notes = [self.settle(line, 1) for _piece in range(3)]
        self.assertEqual(notes, [(10.01, 2.1), (10.01, 2.1), (10.01, 2.11)])
        self.check_settled(invoice, notes)

    def test_single_pieces_of_a_dozen(self):
        for taxes, settlement in (
            (self.tax, "offset"),
            (self.tax_included, "offset"),
            (self.tax_included, "payout"),
        ):
            with self.subTest(tax=taxes.name, settlement=settlement):
                invoice, line = self.sold(1, 10.0, taxes, product_uom_id=self.dozen.id)
                notes = [
                    self.settle(line, 1, unit=self.unit, settlement=settlement)
                    for _piece in range(12)
                ]
                self.assertEqual(
                    round(sum(untaxed for untaxed, _tax in notes), 2),
                    invoice.amount_untaxed,
                )
                self.assertEqual(
                    round(sum(tax for _untaxed, tax in notes), 2), invoice.amount_tax
                )
                self.assertEqual(
                    invoice.amount_residual,
                    0.0 if settlement == "offset" else invoice.amount_total,
                )

    def test_nearly_all_is_not_the_last(self):
        """0.75 t at 9,000.00, 746 kg back: 6,714.00 although they show as 0.75 t; the
        last 4 kg are 36.00.
        """
        ton = self.env.ref("uom.product_uom_ton")
        coil = self.make_goods("Coil", uom_id=self.kilo.id)
        invoice, line = self.sold(0.75, 9000.0, self.tax, coil, product_uom_id=ton.id)
        notes = [self.settle(line, quantity, unit=self.kilo) for quantity in (746, 4)]
        self.assertEqual(notes, [(6714.0, 1342.8), (36.0, 7.2)])
        self.check_settled(invoice, notes)

    def test_unit_with_three_decimals(self):
        self.env.ref("uom.decimal_product_uom").digits = 3
        coil = self.make_goods("Wire", uom_id=self.kilo.id)
        invoice, line = self.sold(1.005, 19.99, self.tax, coil)
        self.assertEqual(invoice.amount_untaxed, 20.09)
        notes = [self.settle(line, quantity) for quantity in (1.001, 0.004)]
        self.assertEqual(notes, [(20.01, 4.0), (0.08, 0.02)])
        self.check_settled(invoice, notes)

    def test_company_that_rounds_taxes_over_the_invoice(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        for taxes in (
            self.make_sale_tax("VAT 21", 21),
            self.make_sale_tax(
                "VAT 21 included", 21, price_include_override="tax_included"
            ),
        ):
            with self.subTest(tax=taxes.name):
                values = {
                    "product_uom_qty": 3,
                    "price_unit": 21.53,
                    "tax_ids": [Command.set(taxes.ids)],
                }
                invoice = self.invoice_of(
                    {"product_id": self.valve, **values},
                    {"product_id": self.pump, **values},
                )
                notes = [
                    self.settle(self.line_of(invoice, product), 1)
                    for product in (self.valve, self.pump)
                    for _piece in range(3)
                ]
                self.check_settled(invoice, notes)

    def test_two_lines_on_one_credit_note(self):
        """Lines of one note are each exact, however the company rounds."""
        for method in ("round_per_line", "round_globally"):
            with self.subTest(method=method):
                self.company.tax_calculation_rounding_method = method
                tax = self.make_sale_tax(f"VAT 21 {method}", 21)
                values = {
                    "product_uom_qty": 3,
                    "price_unit": 10.01,
                    "tax_ids": [Command.set(tax.ids)],
                }
                invoice = self.invoice_of(
                    {"product_id": self.valve, **values},
                    {"product_id": self.pump, **values},
                )
                complaint = self.complaint_of(self.line_of(invoice, self.valve), 3)
                pump = self.complaint_of(self.line_of(invoice, self.pump), 3).line_ids
                complaint.line_ids.copy(
                    {
                        "complaint_id": complaint.id,
                        **{
                            name: pump[name].id
                            for name in (
                                "product_id",
                                "move_line_id",
                                "sale_line_id",
                                "invoice_line_id",
                            )
                        },
                    }
                )
                notes = []
                for quantity in (1, 2):
                    refund = self.env["quality.complaint.remedy"].create(
                        {
                            "complaint_id": complaint.id,
                            "kind": "refund",
                            "goods": "keep",
                            "when": "on_approval",
                            "line_ids": [
                                Command.create(
                                    {"complaint_line_id": line.id, "quantity": quantity}
                                )
                                for line in complaint.line_ids
                            ],
                        }
                    )
                    self.submit(complaint, refund)
                    refund.action_execute()
                    refund.credit_note_ids.action_post()
                    self.assertEqual(len(refund.credit_note_ids.invoice_line_ids), 2)
                    notes.append(
                        (
                            refund.credit_note_ids.amount_untaxed,
                            refund.credit_note_ids.amount_tax,
                        )
                    )
                self.check_settled(invoice, notes)

    def test_foreign_currency_piece_by_piece(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 0.937,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        vals = {
            "product_id": self.valve,
            "product_uom_qty": 7,
            "price_unit": 9.99,
            "tax_ids": [Command.set(self.tax_included.ids)],
        }
        invoice = self.invoice_of(vals, pricelist_id=pricelist.id)
        self.assertEqual(invoice.currency_id, euro)
        self.check_settled(
            invoice,
            [self.settle(self.line_of(invoice, self.valve), 1) for _piece in range(7)],
        )

    def test_amounts_are_free_again_when_the_accountant_changes_the_line(self):
        """Laid down amounts are of the proposal only: with another quantity Odoo
        reckons as usual.
        """
        _invoice, line = self.sold(3, 10.01, self.make_sale_tax("VAT 21", 21))
        for _piece in range(2):
            self.assertEqual(self.settle(line, 1), (10.01, 2.1))
        complaint = self.complaint_of(line, 1)
        refund = self.plan(complaint, "refund", 1, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        refund.action_execute()
        note = refund.credit_note_ids
        self.assertEqual(note.amount_tax, 2.11)
        note.invoice_line_ids.price_unit = 5.0
        self.assertEqual((note.amount_untaxed, note.amount_tax), (5.0, 1.05))


@tagged("post_install", "-at_install")
class TestTaxesPerUnit(TaxCase):
    """A tax per piece is not lowered by a price reduction, except where nothing is left
    of the price; refunded pieces take theirs along.
    """

    def setUp(self):
        super().setUp()
        self.eco = self.make_sale_tax("Eco", 0.5, amount_type="fixed", sequence=1)
        self.eco_included = self.make_sale_tax(
            "Eco included",
            0.5,
            amount_type="fixed",
            price_include_override="tax_included",
            sequence=1,
        )

    def test_amount_off(self):
        invoice, line = self.sold(10, 10.0, self.eco | self.tax)
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.0, 25.0))
        self.assertEqual(self.settle(line, 10, "credit", amount=12.0), (12.0, 2.4))
        self.assertEqual(self.settle(line, 10), (88.0, 22.6))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_all_off_takes_all_taxes(self):
        for taxes, price in (
            (self.eco | self.tax, 10.0),
            (self.eco_included | self.tax_included, 12.5),
        ):
            with self.subTest(taxes=taxes.mapped("name")):
                invoice, line = self.sold(10, price, taxes)
                self.assertEqual(
                    (invoice.amount_untaxed, invoice.amount_tax), (100.0, 25.0)
                )
                self.assertEqual(
                    self.settle(line, 10, "credit", percent=100.0), (100.0, 25.0)
                )
                self.assertEqual(invoice.amount_residual, 0.0)

    def test_tax_that_others_are_levied_on(self):
        """20 % on 100.00 and the eco tax: 12.00 off are 2.40, the rest settles all."""
        eco = self.make_sale_tax(
            "Eco first", 0.5, amount_type="fixed", include_base_amount=True, sequence=0
        )
        invoice, line = self.sold(10, 10.0, eco | self.tax)
        self.assertEqual(invoice.amount_tax, 26.0)
        self.assertEqual(self.settle(line, 10, "credit", amount=12.0), (12.0, 2.4))
        notes = [self.settle(line, 4), self.settle(line, 6)]
        self.assertEqual(notes, [(35.2, 9.44), (52.8, 14.16)])
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_included_in_the_price(self):
        invoice, line = self.sold(10, 12.5, self.eco_included | self.tax_included)
        self.assertEqual(self.settle(line, 10, "credit", amount=12.0), (12.0, 2.4))
        self.assertEqual(self.settle(line, 2), (17.6, 4.52))
        self.assertEqual(self.settle(line, 8), (70.4, 18.08))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_tax_per_dozen_for_four_pieces(self):
        """6.00 a dozen are 2.00 for four pieces, although they show as 0.33 dozen."""
        for included in (False, True):
            with self.subTest(included=included):
                how = {"price_include_override": "tax_included"} if included else {}
                eco = self.make_sale_tax(
                    f"Eco a dozen {included}",
                    6.0,
                    amount_type="fixed",
                    sequence=1,
                    **how,
                )
                invoice, line = self.sold(
                    1, 126.0 if included else 120.0, eco, product_uom_id=self.dozen.id
                )
                self.assertEqual(
                    (invoice.amount_untaxed, invoice.amount_tax), (120.0, 6.0)
                )
                notes = [
                    self.settle(line, 4, unit=self.unit),
                    self.settle(line, 8, unit=self.unit),
                ]
                self.assertEqual(notes, [(40.0, 2.0), (80.0, 4.0)])
                self.assertEqual(invoice.amount_residual, 0.0)

    def test_pieces_with_two_taxes_included(self):
        """An odd price with both taxes in it, credited piece by piece."""
        invoice, line = self.sold(7, 9.99, self.eco_included | self.tax_included)
        self.check_settled(
            invoice, [self.settle(line, quantity) for quantity in (2, 1, 3, 1)]
        )

    def test_group_of_taxes(self):
        group = self.make_sale_tax(
            "Eco and VAT",
            0,
            amount_type="group",
            children_tax_ids=[Command.set((self.eco | self.tax).ids)],
        )
        invoice, line = self.sold(10, 10.0, group)
        self.assertEqual(self.settle(line, 10, "credit", amount=12.0), (12.0, 2.4))
        self.assertEqual(self.settle(line, 10), (88.0, 22.6))
        self.assertEqual(invoice.amount_residual, 0.0)


@tagged("post_install", "-at_install")
class TestCompensationWithIncludedTax(TaxCase):
    """A compensation in money comes to its untaxed amount, once, whatever its product's
    tax.
    """

    def test_tax_included_in_prices(self):
        product = self.make_product(
            "Goodwill",
            type="service",
            is_storable=False,
            taxes_id=[Command.set(self.tax_included.ids)],
        )
        self.company.complaint_compensation_product_id = product
        _invoice, line = self.sold(10, 10.0, self.tax)
        complaint = self.complaint_of(line, 10)
        money = self.plan(complaint, "cash_compensation", amount=100.0)
        refund = self.plan(complaint, "refund", 10, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        money.action_execute()
        money.action_execute()
        refund.action_execute()
        self.assertEqual(
            money.credit_note_ids.mapped(
                lambda note: (note.amount_untaxed, note.amount_tax)
            ),
            [(100.0, 20.0)],
        )
        money.credit_note_ids.action_post()
        refund.credit_note_ids.action_post()
        self.assertEqual(
            (money.state, len(money.credit_note_ids), money.imbalance),
            ("done", 1, False),
        )

    def test_odd_amounts_with_tax_included(self):
        product = self.make_product(
            "Goodwill",
            type="service",
            is_storable=False,
            taxes_id=[Command.set(self.tax_included.ids)],
        )
        self.company.complaint_compensation_product_id = product
        _invoice, line = self.sold(10, 10.0, self.tax)
        for amount in (0.01, 8.33, 8.32, 99.99, 12345.67):
            with self.subTest(amount=amount):
                complaint = self.complaint_of(line, 10)
                money = self.plan(complaint, "cash_compensation", amount=amount)
                complaint.action_submit_plan()
                money.action_execute()
                money.credit_note_ids.action_post()
                self.assertEqual(
                    (money.credit_note_ids.amount_untaxed, money.state),
                    (amount, "done"),
                )
