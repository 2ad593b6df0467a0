from itertools import count

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ComplaintCase


class CompensationCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.expense = cls.env["account.account"].create(
            {"name": "Customer claims", "code": "698765", "account_type": "expense"}
        )
        cls.company.complaint_compensation_account_id = cls.expense

    def setUp(self):
        super().setUp()
        self.lot = self.make_lot("M-100", quantity=100)

    def compensation(self, complaint, amounts, **vals):
        """A draft compensation in money; one line per amount, for the complaint's first
        line when it has one.
        """
        lines = [
            Command.create(
                {
                    "complaint_line_id": complaint.line_ids[:1].id,
                    **(amount if isinstance(amount, dict) else {"amount": amount}),
                }
            )
            for amount in amounts
        ]
        return self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "cash_compensation",
                "line_ids": lines,
                **vals,
            }
        )

    def case(self, **vals):
        """A complaint on a delivered lot, in planning."""
        complaint = self.make_complaint(lot_ref=self.lot.name, **vals)
        return self.investigated(complaint)


@tagged("post_install", "-at_install")
class TestCashCompensation(CompensationCase):
    """Money on top is an expense on a credit note of its own: no revenue, no stock, no
    cost of goods, nothing on the order.
    """

    def test_set_off_against_the_invoice(self):
        order = self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0])
        complaint.action_submit_plan()
        complaint.action_execute()
        note = remedy.credit_note_ids
        line = note.invoice_line_ids
        self.assertEqual(
            (note.move_type, note.state, note.amount_untaxed, note.amount_tax),
            ("out_refund", "draft", 30.0, 0.0),
        )
        self.assertEqual(
            (line.account_id, line.product_id),
            (self.expense, self.env.ref("quality_complaint.product_compensation")),
        )
        self.assertEqual(remedy.state, "executing")
        note.action_post()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(
            (order.invoice_ids.amount_residual, note.amount_residual), (90.0, 0.0)
        )
        self.assertEqual(
            (order.order_line.qty_invoiced, order.order_line.qty_to_invoice),
            (10.0, 0.0),
        )

    def test_paid_out_stays_open(self):
        order = self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0], settlement="payout")
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            (remedy.credit_note_ids.amount_residual, order.invoice_ids.amount_residual),
            (30.0, 120.0),
        )

    def test_customer_without_any_invoice(self):
        complaint = self.investigated(
            self.make_complaint(partner_id=self.distributor.id)
        )
        remedy = self.compensation(complaint, [75.5])
        complaint.action_submit_plan()
        complaint.action_execute()
        note = remedy.credit_note_ids
        self.assertEqual(
            (note.partner_id, note.amount_total, note.reversed_entry_id.id),
            (self.distributor, 75.5, False),
        )
        note.action_post()
        self.assertEqual(remedy.state, "done")

    def test_compensation_leaves_the_price_to_be_refunded(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        money = self.compensation(complaint, [110.0])
        refund = self.plan(complaint, "refund", 10, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(
            (
                money.credit_note_ids.amount_untaxed,
                refund.credit_note_ids.amount_untaxed,
            ),
            (110.0, 100.0),
        )

    def test_invoice_currency_is_kept_with_the_rate_of_the_day(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        rates.create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "EUR", "currency_id": euro.id})
                .id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "product_uom_qty": 3,
                            "price_unit": 20.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.deliver(order, {self.lot: 3})
        self.invoice(order)
        complaint = self.case()
        remedy = self.compensation(complaint, [10.0])
        complaint.action_submit_plan()
        self.assertEqual(
            (remedy.amount, remedy.document_currency_id, remedy.amount_company),
            (10.0, euro, 20.0),
        )
        told = complaint.action_execute()["params"]
        self.assertEqual(
            (told["message"], told["type"]), ("Credit note: Draft", "success")
        )
        note = remedy.credit_note_ids
        self.assertEqual((note.currency_id, note.amount_total), (euro, 10.0))
        self.assertEqual(note.invoice_line_ids.balance, 20.0)

    def test_second_click_makes_no_second_note_and_a_deleted_one_is_made_again(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0])
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.action_execute()
        self.assertEqual(len(remedy.credit_note_ids), 1)
        remedy.credit_note_ids.unlink()
        self.assertEqual(remedy.state, "approved")
        remedy.action_execute()
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 30.0)

    def test_what_is_missing_is_named(self):
        complaint = self.make_complaint(complainant="Passer-by")
        self.investigated(complaint)
        self.compensation(complaint, [0.0])
        with self.assertRaisesRegex(
            UserError, "amount of the compensation[\\s\\S]*customer"
        ):
            complaint.action_submit_plan()

    def test_taxes_of_the_compensation_product_follow_the_customer(self):
        product = self.env["product.product"].create(
            {
                "name": "Goodwill",
                "type": "service",
                "taxes_id": [Command.set(self.tax.ids)],
            }
        )
        self.company.complaint_compensation_product_id = product
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0])
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(
            (
                remedy.credit_note_ids.invoice_line_ids.product_id,
                remedy.credit_note_ids.amount_tax,
            ),
            (product, 6.0),
        )


@tagged("post_install", "-at_install")
class TestSettlementAgreement(CompensationCase):
    """Injury and property (regime R4): items with their rule, a signed agreement before
    anything is paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["quality.complaint.compensation.rate"].create(
            [
                {
                    "amount": 20000.0,
                    "date_from": "2020-01-01",
                    "date_to": "2024-12-31",
                    "source": "Bureau of Statistics 2019",
                    "company_id": cls.company.id,
                },
                {
                    "amount": 30000.0,
                    "date_from": "2025-01-01",
                    "source": "Bureau of Statistics 2024",
                    "company_id": cls.company.id,
                },
            ]
        )

    def test_factor_times_the_amount_in_force_on_the_day_of_receipt(self):
        item = self.env.ref("quality_complaint.compensation_item_living_allowance")
        for received, expected in (
            ("2024-06-30 10:00:00", 240000.0),
            ("2025-06-30 10:00:00", 360000.0),
        ):
            complaint = self.make_complaint(
                partner_id=self.customer.id, received_on=received, register=False
            )
            remedy = self.compensation(
                complaint, [{"item_id": item.id, "factor": 12.0}]
            )
            self.assertEqual(remedy.line_ids.proposed_amount, expected)
            self.assertEqual(remedy.line_ids.amount, 0.0)  # nobody confirmed it

    def test_no_amount_in_force_proposes_nothing(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            received_on="2019-06-30 10:00:00",
            register=False,
        )
        item = self.env.ref("quality_complaint.compensation_item_death")
        remedy = self.compensation(complaint, [{"item_id": item.id, "factor": 20.0}])
        self.assertEqual(remedy.line_ids.proposed_amount, 0.0)

    def test_factor_outside_of_the_rule_is_refused(self):
        complaint = self.investigated(self.make_complaint(partner_id=self.customer.id))
        item = self.env.ref("quality_complaint.compensation_item_living_allowance")
        self.compensation(
            complaint,
            [{"item_id": item.id, "factor": 25.0, "amount": 1.0, "basis": "Grade 5"}],
        )
        with self.assertRaisesRegex(UserError, "between 10 and 20"):
            complaint.action_submit_plan()

    def test_what_is_paid_for_an_injury_names_its_proof(self):
        """Row 373: the diagnosis of the hospital."""
        complaint = self.investigated(self.make_complaint(partner_id=self.customer.id))
        medical = self.env.ref("quality_complaint.compensation_item_medical")
        remedy = self.compensation(
            complaint, [{"item_id": medical.id, "amount": 90.0, "basis": "Receipts"}]
        )
        with self.assertRaisesRegex(UserError, "Medical treatment: name the proof"):
            complaint.action_submit_plan()
        remedy.line_ids.evidence = "Diagnosis of the county hospital"
        complaint.action_submit_plan()

    def test_nothing_is_paid_before_the_agreement_is_signed(self):
        complaint = self.investigated(self.make_complaint(partner_id=self.customer.id))
        medical = self.env.ref("quality_complaint.compensation_item_medical")
        funeral = self.env.ref("quality_complaint.compensation_item_funeral")
        remedy = self.compensation(
            complaint,
            [
                {
                    "item_id": medical.id,
                    "amount": 1200.5,
                    "basis": "Receipts of the hospital",
                    "evidence": "Receipts 1 to 14",
                },
                {
                    "item_id": funeral.id,
                    "amount": 800.25,
                    "basis": "Usual in the city",
                    "evidence": "Certificate of the registry",
                },
            ],
            settlement="payout",
        )
        self.assertTrue(remedy.needs_agreement)
        remedy.needs_agreement = False  # an item of an injury leaves no choice
        complaint.action_submit_plan()
        with self.assertRaisesRegex(UserError, "not signed"):
            complaint.action_execute()
        self.assertFalse(remedy.credit_note_ids)
        with self.assertRaises(ValidationError):
            remedy.agreement_signed_on = "2099-01-15"
        remedy.agreement_signed_on = "2026-01-15"
        complaint.action_execute()
        note = remedy.credit_note_ids
        self.assertEqual((len(note), note.amount_total), (1, 2000.75))
        self.assertIn("Receipts of the hospital", note.invoice_line_ids[0].name)


@tagged("post_install", "-at_install")
class TestCeilings(CompensationCase):
    """What may be given follows the policy: first rule that holds, goods value at the
    price paid, above it its role decides (regime R3).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use_policy("r3")
        cls.ask_for_no_papers()
        # ceilings alone: the business manager's signature on every form (row 347) is
        # tested with the regime
        cls.policy.approval_rule_ids.filtered(
            lambda rule: rule.subject == "plan"
        ).unlink()
        cls.numbers = count(1)
        cls.env.ref("quality_complaint.role_area_manager").user_ids = cls.manager
        cls.env.ref("quality_complaint.role_regional_manager").user_ids = cls.engineer
        cls.env.ref("quality_complaint.role_management").write(
            {"holder": "users", "user_ids": [Command.set(cls.manager.ids)]}
        )

    def food(self, trigger, state=False, quantity=10):
        """Ten packs at 10.00 each, complained of under a circumstance."""
        lot = self.make_lot(f"F-{next(self.numbers)}", quantity=10)
        self.sell({lot: 10})
        complaint = self.make_complaint(
            lot_ref=lot.name,
            trigger_ids=[
                Command.set(self.env.ref(f"quality_complaint.trigger_{trigger}").ids)
            ],
            user=self.officer,
        )
        complaint.line_ids.write({"quantity": quantity, "goods_state": state})
        complaint = self.investigated(complaint)
        return complaint.with_user(self.officer)

    def goods(self, complaint, quantity):
        self.make_lot(f"G-{next(self.numbers)}", quantity=100)
        return self.plan(complaint, "product_compensation", quantity)

    def test_figures_of_the_regime(self):
        for trigger, state, form, expected in (
            ("slight_fault", False, "product", 200.0),
            ("spoiled", False, "product", 100.0),
            ("foreign_matter", "unopened", "product", 100.0),
            ("foreign_matter", "opened", "product", 300.0),
            ("foreign_matter", "used", "product", 500.0),
            ("foreign_matter", "used", "cash", 500.0),
            ("malicious", False, "product", 100.0),
            ("malicious", False, "cash", 100.0),
        ):
            with self.subTest(trigger=trigger, state=state, form=form):
                complaint = self.food(trigger, state)
                self.assertEqual(complaint._ceiling_of(form)[1], expected)

    def test_exception_is_approved_by_its_role_up_to_its_multiple(self):
        """Row 379: spoiled goods once their value; to calm the customer up to five
        times, which the regional manager approves.
        """
        for quantity, role in (
            (10, False),
            (11, "regional_manager"),
            (50, "regional_manager"),
            (51, "area_manager"),
        ):
            with self.subTest(quantity=quantity):
                complaint = self.food("spoiled")
                self.goods(complaint, quantity)
                complaint.action_submit_plan()
                self.assertEqual(
                    complaint.approval_ids.filtered(
                        lambda row: row.subject == "over_ceiling"
                    ).role_id.code,
                    role,
                )

    def test_within_the_ceiling_needs_nobody_and_above_it_its_role(self):
        complaint = self.food("slight_fault")
        remedy = self.goods(complaint, 20)
        self.assertIn("200", remedy.ceiling_text)
        self.assertFalse(remedy.above_ceiling)
        remedy.line_ids.quantity = 21
        self.assertTrue(remedy.above_ceiling)
        complaint.action_submit_plan()
        approval = complaint.approval_ids
        self.assertEqual(
            (approval.subject, approval.role_id),
            ("over_ceiling", self.env.ref("quality_complaint.role_area_manager")),
        )
        self.assertIn("210", approval.ceiling_text)
        self.assertEqual(remedy.state, "to_approve")
        with self.assertRaises(AccessError):
            approval.with_user(self.engineer).action_approve()
        approval.with_user(self.manager).action_approve()
        self.assertEqual(remedy.state, "approved")

    def test_ceiling_that_fell_after_the_approval_is_asked_for_before_anything_is_given(
        self,
    ):
        complaint = self.food("foreign_matter", "used")
        remedy = self.goods(complaint, 40)
        complaint.action_submit_plan()
        self.assertEqual((remedy.state, complaint.approval_ids.ids), ("approved", []))
        complaint.line_ids.goods_state = (
            "opened"  # three times instead of five times the value
        )
        complaint.action_execute()
        self.assertEqual(
            (
                remedy.state,
                remedy.sale_ids.ids,
                complaint.approval_ids.mapped("subject"),
            ),
            ("approved", [], ["over_ceiling"]),
        )
        complaint.action_execute()
        self.assertEqual(len(complaint.approval_ids), 1)
        complaint.approval_ids.with_user(self.manager).action_approve()
        complaint.action_execute()
        self.assertEqual((remedy.state, len(remedy.sale_ids)), ("executing", 1))

    def test_several_remedies_add_up(self):
        complaint = self.food("slight_fault")
        self.goods(complaint, 15)
        complaint.action_submit_plan()
        self.assertFalse(complaint.approval_ids)
        more = self.goods(complaint, 6)
        more.action_submit()
        self.assertEqual(complaint.approval_ids.mapped("subject"), ["over_ceiling"])

    def test_money_needs_a_reason_where_goods_come_first(self):
        complaint = self.food("foreign_matter", "used")
        remedy = self.compensation(complaint, [500.0])
        with self.assertRaisesRegex(UserError, "goods before money"):
            complaint.action_submit_plan()
        remedy.note = "Customer refuses our products"
        complaint.action_submit_plan()
        self.assertEqual(complaint.approval_ids.mapped("subject"), ["money"])

    def test_nobody_may_go_above_a_ceiling_without_a_role(self):
        complaint = self.food("slight_fault")
        complaint.policy_id.sudo().with_context(
            install_mode=True
        ).ceiling_ids.exceed_role_id = False
        self.goods(complaint, 21)
        with self.assertRaisesRegex(UserError, "Nobody may go above"):
            complaint.action_submit_plan()

    def test_foreign_currency_is_compared_at_the_day_of_receipt(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        rates.create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        complaint = self.food("slight_fault")
        complaint.policy_id.sudo().with_context(install_mode=True).ceiling_ids.filtered(
            lambda row: row.name.startswith("Slight")
        ).write({"multiple": 0.0, "amount": 60.0, "currency_id": euro.id})
        self.assertEqual(complaint._ceiling_of("product")[1], 120.0)

    def test_without_a_rate_nothing_is_guessed(self):
        yuan = self.env.ref("base.CNY")
        self.env["res.currency.rate"].search([("currency_id", "=", yuan.id)]).unlink()
        complaint = self.food("foreign_matter", "used")
        self.assertEqual([amount for _row, amount in complaint._claims()], [None])
        self.assertIn("CNY", complaint.claims_text)

    def test_claim_by_law_is_proposed_and_planned_only_by_a_person(self):
        yuan = self.env.ref("base.CNY")
        self.env["res.currency.rate"].search([("currency_id", "=", yuan.id)]).unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 5.0,
                "currency_id": yuan.id,
                "company_id": self.company.id,
            }
        )
        complaint = self.food("foreign_matter", "used")
        self.assertEqual(
            [amount for _row, amount in complaint._claims()], [1000.0]
        )  # ten times 100; at least 1,000 CNY = 200
        self.assertFalse(complaint.remedy_ids)
        complaint.action_plan_claims()
        remedy = complaint.remedy_ids
        self.assertEqual(
            (remedy.state, remedy.kind, remedy.line_ids.amount),
            ("draft", "cash_compensation", 1000.0),
        )
        self.assertIn("art. 148", remedy.line_ids.basis)
        self.assertFalse(complaint.claims_text)
        with self.assertRaises(UserError):
            complaint.action_plan_claims()

    def test_at_least_the_legal_minimum(self):
        yuan = self.env.ref("base.CNY")
        self.env["res.currency.rate"].search([("currency_id", "=", yuan.id)]).unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 5.0,
                "currency_id": yuan.id,
                "company_id": self.company.id,
            }
        )
        complaint = self.food("foreign_matter", "used", quantity=1)
        self.assertEqual([amount for _row, amount in complaint._claims()], [200.0])

    def test_old_complaints_keep_the_law_of_their_day(self):
        complaint = self.food("foreign_matter", "used")
        complaint.sudo()._advance({"received_on": "2015-09-30 08:00:00"})
        self.assertFalse(complaint._claims())


@tagged("post_install", "-at_install")
class TestBearers(CompensationCase):
    """Who pays is proposed by rule, sums to 100, and stands on the documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use_policy("r3")
        cls.ask_for_no_papers()
        plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.accounts = cls.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": plan.id, "company_id": cls.company.id}
                for name in ("Production", "Logistics")
            ]
        )
        parties = cls.env["quality.complaint.responsible"]
        cls.production, cls.logistics = (
            parties.create(
                {
                    "name": account.name,
                    "analytic_account_id": account.id,
                    "company_id": cls.company.id,
                }
            )
            for account in cls.accounts
        )
        cls.policy.approval_rule_ids.unlink()
        cls.policy.ceiling_ids.unlink()
        cls.plan_project = cls.env["account.analytic.plan"].create({"name": "Projects"})

    def bear(self, remedy, *shares):
        remedy.bearer_ids = [
            Command.create({"responsible_id": party.id, "percent": percent})
            for party, percent in shares
        ]

    def test_rule_of_the_policy_before_the_responsible_party(self):
        for trigger, party in (
            ("transport_damage", "carrier"),
            ("bad_storage", "customer"),
            ("foreign_matter", "production"),
            ("short_count", "production"),
        ):
            with self.subTest(trigger=trigger):
                complaint = self.make_complaint(
                    partner_id=self.customer.id,
                    trigger_ids=[
                        Command.set(
                            self.env.ref(f"quality_complaint.trigger_{trigger}").ids
                        )
                    ],
                )
                self.assertEqual(
                    complaint._default_bearer(),
                    self.env.ref(f"quality_complaint.responsible_{party}"),
                )
        complaint = self.make_complaint(
            partner_id=self.customer.id, responsible_id=self.logistics.id
        )
        self.assertEqual(complaint._default_bearer(), self.logistics)

    def test_proposed_on_submit_and_kept_when_chosen(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        complaint.responsible_id = self.production
        first, second = (
            self.plan(complaint, "credit", amount=10.0),
            self.plan(complaint, "credit", amount=5.0),
        )
        self.bear(second, (self.logistics, 100))
        complaint.action_submit_plan()
        self.assertEqual(
            (first.bearer_ids.responsible_id, first.bearer_ids.percent),
            (self.production, 100.0),
        )
        self.assertEqual(second.bearer_ids.responsible_id, self.logistics)

    def test_shares_must_sum_to_one_hundred(self):
        self.sell({self.lot: 10})
        remedy = self.plan(self.case(), "credit", amount=10.0)
        with self.assertRaises(ValidationError) as caught:
            self.bear(remedy, (self.production, 60), (self.logistics, 30))
        self.assertIn("90 %", str(caught.exception))
        self.bear(remedy, (self.production, 66.67), (self.logistics, 33.33))

    def test_documents_carry_the_shares(self):
        production, logistics = (str(account.id) for account in self.accounts)
        self.sell({self.lot: 10})
        complaint = self.case()
        credit = self.plan(complaint, "credit", amount=10.0)
        money = self.compensation(complaint, [10.0], note="No goods wanted")
        gift = self.plan(complaint, "product_compensation", 1)
        for remedy in (credit, money, gift):
            self.bear(remedy, (self.production, 70), (self.logistics, 30))
        complaint.action_submit_plan()
        complaint.action_execute()
        expected = {production: 70.0, logistics: 30.0}
        self.assertEqual(
            credit.credit_note_ids.invoice_line_ids.analytic_distribution, expected
        )
        self.assertEqual(
            money.credit_note_ids.invoice_line_ids.analytic_distribution, expected
        )
        self.assertEqual(gift.sale_ids.order_line.analytic_distribution, expected)

    def test_accounts_of_other_plans_stay(self):
        production, logistics = (str(account.id) for account in self.accounts)
        projects = self.env["account.analytic.account"].create(
            [
                {
                    "name": name,
                    "plan_id": self.plan_project.id,
                    "company_id": self.company.id,
                }
                for name in ("A", "B")
            ]
        )
        line = self.compensation(
            self.make_complaint(partner_id=self.customer.id), [1.0]
        ).line_ids
        self.bear(line.remedy_id, (self.production, 70), (self.logistics, 30))
        a, b = (str(project.id) for project in projects)
        self.assertEqual(
            line._analytic_distribution({a: 40.0, b: 60.0, production: 100.0}),
            {
                f"{a},{production}": 28.0,
                f"{a},{logistics}": 12.0,
                f"{b},{production}": 42.0,
                f"{b},{logistics}": 18.0,
                production: 70.0,
                logistics: 30.0,
            },
        )

    def test_who_pays_is_settled_when_there_are_documents(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, "credit", amount=10.0)
        with self.assertRaisesRegex(UserError, "documents already"):
            self.bear(remedy, (self.logistics, 100))

    def test_bearers_of_another_company_are_not_seen(self):
        self.sell({self.lot: 10})
        remedy = self.plan(self.case(), "credit", amount=10.0)
        self.bear(remedy, (self.production, 100))
        other = self.env["res.company"].create({"name": "Other"})
        user = self.officer.copy(
            {
                "login": "other_officer",
                "company_id": other.id,
                "company_ids": [Command.set(other.ids)],
            }
        )
        self.assertFalse(
            self.env["quality.complaint.bearer"]
            .with_user(user)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )
        with self.assertRaises(AccessError):
            remedy.bearer_ids.with_user(self.handler).percent = 50
        self.assertEqual(remedy.bearer_ids.with_user(self.officer).percent, 100.0)
