from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import SupplierCase


class StandingCase(SupplierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use_policy("r4")

    def warning(self, partner=None):
        partner = partner or self.vendor
        partner.invalidate_recordset(["complaint_supplier_warning"])
        return partner.complaint_supplier_warning or ""


@tagged("post_install", "-at_install")
class TestStanding(StandingCase):
    """Rates are exact; a rule of the policy warns with its figures, once."""

    def month(self, day, received, charged, lot_name):
        """Receive and charge back in a month."""
        with freeze_time(f"{day} 08:00:00"):
            self.buy({lot_name: received})
            chargeback = self.charge(self.complained(lot_name, quantity=charged))
            chargeback.action_mark_sent()
            chargeback.action_record_answer("refused")
            chargeback.action_settle()
        return chargeback

    def test_recovery_rate_is_credited_of_charged(self):
        first, _order = self.charged("L-1", quantity=4)  # 24
        second, _order = self.charged("L-2", quantity=6)  # 36
        self.charged("L-3", quantity=6, send=False)  # a draft charges nothing
        given_up, _order = self.charged("L-4", quantity=10)
        given_up.action_cancel()
        first.action_record_answer("accepted")
        first.action_create_vendor_credit_note()
        self.assertEqual(self.vendor.supplier_recovery_rate, 0.0)
        first.vendor_credit_note_ids.invoice_date = "2026-02-01"
        first.vendor_credit_note_ids.action_post()
        self.vendor.invalidate_recordset()
        self.assertEqual(
            (self.vendor.supplier_charged, self.vendor.supplier_recovered), (60.0, 24.0)
        )
        self.assertEqual(self.vendor.supplier_recovery_rate, 40.0)
        self.assertEqual(
            (
                self.vendor.supplier_complaint_count,
                self.vendor.supplier_complaint_open_count,
            ),
            (3, 3),
        )
        self.assertEqual(second.state, "sent")

    def test_branch_of_the_supplier_counts_for_his_company(self):
        branch = self.env["res.partner"].create(
            {
                "name": "Mill, plant 2",
                "parent_id": self.vendor.id,
                "email": "plant2@mill.example",
            }
        )
        self.buy({"L-1": 10}, vendor=branch)
        self.charge(self.complained("L-1")).action_mark_sent()
        self.assertEqual(
            (self.vendor.supplier_complaint_count, branch.supplier_complaint_count),
            (1, 1),
        )

    def test_no_answer_in_two_days_warns(self):
        with freeze_time("2026-03-02 08:00:00"):
            chargeback, _order = self.charged()
        with freeze_time("2026-03-04 07:59:00"):
            self.assertFalse(self.warning())
        with freeze_time("2026-03-04 08:01:00"):
            self.assertEqual(
                self.warning(), f"No answer within 2 days to: {chargeback.name}."
            )
            chargeback.action_record_answer("refused")
            self.assertFalse(self.warning())

    def test_facts_warn_until_they_are_settled(self):
        chargeback, _order = self.charged()
        for kind, text in (
            ("counterfeit", "Counterfeit"),
            ("failed_test", "official test"),
            ("uncooperative", "cooperate"),
        ):
            chargeback.reason_kind = kind
            self.assertIn(text, self.warning())
            self.assertIn(chargeback.name, self.warning())
        chargeback.action_record_answer("refused")
        self.assertTrue(self.warning())
        chargeback.action_settle()
        self.assertFalse(self.warning())

    def test_two_service_complaints_within_a_month_warn(self):
        with freeze_time("2026-03-02 08:00:00"):
            self.charged("L-1", reason_kind="service")[0].action_record_answer(
                "accepted"
            )
        with freeze_time("2026-04-10 08:00:00"):
            self.charged("L-2", reason_kind="service")[0].action_record_answer(
                "accepted"
            )
            self.assertFalse(self.warning())
        with freeze_time("2026-04-20 08:00:00"):
            third, _order = self.charged("L-3", reason_kind="service")
            third.action_record_answer("accepted")
            self.assertIn("2 complaints about service", self.warning())

    def test_return_rate_above_two_percent_three_months_running_warns(self):
        self.month("2026-01-10", 100, 3, "A")
        self.month("2026-02-10", 100, 2.5, "B")
        with freeze_time("2026-03-05 08:00:00"):
            self.assertFalse(self.warning())
        self.month("2026-03-10", 200, 5, "C")
        with freeze_time("2026-03-31 12:00:00"):
            self.assertFalse(self.warning())  # the month is not over
        with freeze_time("2026-04-02 08:00:00"):
            self.assertEqual(
                self.warning(),
                "Return rate above 2 % in 3 months running (2026-01: 3.00 %, 2026-02: "
                "2.50 %, 2026-03: 2.50 %).",
            )
            self.assertEqual(
                self.vendor.supplier_return_rates,
                "2026-01: 3.00 %, 2026-02: 2.50 %, 2026-03: 2.50 %",
            )
        with freeze_time("2026-05-02 08:00:00"):
            self.assertFalse(self.warning())  # April without receipts

    def test_product_that_customers_send_back_three_months_running_warns(self):
        """Row 135: by product, what customers returned or exchanged of what was
        delivered to them.
        """
        self.charged()  # who was never complained of has no standing
        self.vendor_product = self.strip
        for month, back in (("01", 3), ("02", 5), ("03", 3)):
            with freeze_time(f"2026-{month}-10 08:00:00"):
                lot = self.make_lot(f"R-{month}", quantity=100)
                self.sell({lot: 100})
                complaint = self.make_complaint(lot_ref=lot.name)
                remedy = self.plan(complaint, "return", back)
                remedy.action_submit()
                remedy.action_execute()
                self.receive(remedy)
        with freeze_time("2026-03-31 12:00:00"):
            self.assertNotIn("Customers returned", self.warning() or "")
        with freeze_time("2026-04-02 08:00:00"):
            self.assertIn(
                "Customers returned or exchanged more than 2 % in 3 months running of: "
                f"{self.strip.product_tmpl_id.display_name} (2026-01: 3.00 %, 2026-02: "
                "5.00 %, 2026-03: 3.00 %)",
                self.warning(),
            )

    def test_exactly_two_percent_is_not_above(self):
        for day, lot_name in (
            ("2026-01-10", "A"),
            ("2026-02-10", "B"),
            ("2026-03-10", "C"),
        ):
            self.month(day, 100, 2, lot_name)
        with freeze_time("2026-04-02 08:00:00"):
            self.assertFalse(self.warning())

    def test_return_rate_adds_dozens_and_pieces_but_not_kilograms(self):
        ore = self.make_product("Ore", uom_id=self.kilo.id)
        with freeze_time("2026-01-10 08:00:00"):
            self.buy(1000, product=ore)
            wire = self.make_product("Wire drum")
            self.buy(10, product=wire, uom=self.dozen)
            self.sell(6, product=wire)
            complaint = self.make_complaint(
                partner_id=self.customer.id,
                line_ids=[Command.create({"product_id": wire.id, "quantity": 6})],
            )
            self.charge(complaint).action_mark_sent()
        with freeze_time("2026-02-02 08:00:00"):
            rates = self.env["quality.complaint.supplier.rule"]._return_rates(
                self.company, self.vendor, 1
            )
        self.assertEqual(rates[self.vendor], [(fields.Date.to_date("2026-01-01"), 5.0)])

    def test_other_policies_warn_of_nothing(self):
        self.use_policy("r1")
        chargeback, _order = self.charged()
        chargeback.reason_kind = "counterfeit"
        self.assertFalse(self.warning())

    # === the scheduled action ===

    def warnings(self):
        return self.env["quality.complaint.supplier.warning"].search(
            [("company_id", "=", self.company.id)]
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "quality_complaint_purchase.ir_cron_supplier_warnings"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_buyer_is_told_once_for_each_rule(self):
        chargeback, _order = self.charged(reason_kind="counterfeit")
        self.vendor.buyer_id = self.officer
        self.run_cron()
        self.assertEqual(self.warnings().rule_id.kind, "counterfeit")
        activity = self.vendor.activity_ids
        self.assertEqual(
            (activity.user_id, activity.summary),
            (self.officer, f"Counterfeit goods: {chargeback.name}."),
        )
        chargeback._advance({"checked_on": False})
        self.run_cron()
        self.assertEqual(len(self.vendor.activity_ids), 1)
        self.charged("L-2", reason_kind="failed_test")
        self.run_cron()
        self.assertEqual(
            set(self.warnings().rule_id.mapped("kind")), {"counterfeit", "failed_test"}
        )
        self.assertEqual(len(self.vendor.activity_ids), 2)

    def test_warning_ends_and_may_come_again(self):
        chargeback, _order = self.charged(reason_kind="counterfeit")
        warnings = self.env["quality.complaint.supplier.warning"]
        warnings._check(self.company, self.vendor)
        chargeback.action_record_answer("refused")
        chargeback.action_settle()
        warnings._check(self.company, self.vendor)
        self.assertTrue(self.warnings().ended_on)
        self.charged("L-2", reason_kind="counterfeit")
        warnings._check(self.company, self.vendor)
        self.assertEqual(len(self.warnings()), 2)

    def test_without_buyer_the_order_s_purchaser_or_the_handler_is_told(self):
        chargeback, order = self.charged(reason_kind="counterfeit")
        order.user_id = self.manager
        self.assertEqual(
            self.env["quality.complaint.supplier.warning"]._responsible(
                self.company, self.vendor
            ),
            self.manager,
        )
        order.user_id = False
        chargeback.complaint_id.user_id = self.handler
        self.assertEqual(
            self.env["quality.complaint.supplier.warning"]._responsible(
                self.company, self.vendor
            ),
            self.handler,
        )


@tagged("post_install", "-at_install")
class TestDecisions(StandingCase):
    """Holding payments and taking off sale are a manager's, with a reason, logged, and
    taken back exactly.
    """

    def setUp(self):
        super().setUp()
        self.mine = self.vendor.with_user(self.manager)

    def decisions(self):
        return self.env["quality.complaint.supplier.decision"].search(
            [("partner_id", "=", self.vendor.id)]
        )

    def test_hold_blocks_posted_unpaid_bills_and_later_ones_and_release_frees_them(
        self,
    ):
        bill = self.buy({"L-1": 10}).invoice_ids
        others = self.buy({"L-2": 10}, vendor=self.other_vendor).invoice_ids
        by_hand = self.buy({"L-3": 10}).invoice_ids
        by_hand.action_toggle_block_payment()
        self.mine.action_hold_payments("Counterfeit goods")
        self.assertEqual(
            (bill.payment_state, others.payment_state), ("blocked", "not_paid")
        )
        self.assertTrue(self.mine.supplier_payment_hold)
        later = self.buy({"L-4": 10}, bill=False)
        later.with_user(self.accountant).sudo().action_create_invoice()
        later.invoice_ids.invoice_date = "2026-02-01"
        later.invoice_ids.with_user(self.accountant).action_post()
        self.assertEqual(later.invoice_ids.payment_state, "blocked")
        self.mine.action_release_payments("Settled")
        self.assertEqual(
            (
                bill.payment_state,
                later.invoice_ids.payment_state,
                by_hand.payment_state,
            ),
            ("not_paid", "not_paid", "blocked"),
        )
        after = self.buy({"L-5": 10}).invoice_ids
        self.assertEqual(after.payment_state, "not_paid")
        decision = self.decisions()
        self.assertEqual(
            (decision.decided_by_id, decision.reason),
            (self.manager, "Counterfeit goods"),
        )
        self.assertEqual(
            (decision.ended_by_id, decision.end_reason), (self.manager, "Settled")
        )

    def test_paid_and_partly_paid_bills(self):
        paid = self.buy({"L-1": 10}).invoice_ids
        partly = self.buy({"L-2": 10}).invoice_ids
        for bill, amount in ((paid, paid.amount_total), (partly, 5.0)):
            register = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            )
            register.create({"amount": amount})._create_payments()
        before = (paid.payment_state, partly.payment_state)
        self.mine.action_hold_payments("No answer")
        self.assertEqual(
            (paid.payment_state, partly.payment_state),
            (
                before[0],
                "blocked" if before[1] in ("not_paid", "partial") else before[1],
            ),
        )
        self.mine.action_release_payments("Answered")
        self.assertEqual((paid.payment_state, partly.payment_state), before)

    def test_only_managers_decide_and_a_reason_is_needed(self):
        self.buy({"L-1": 10})
        for user in (self.engineer, self.officer, self.accountant):
            for method in (
                "action_hold_payments",
                "action_release_payments",
                "action_take_off_sale",
                "action_restore_sale",
            ):
                with self.assertRaises(AccessError, msg=method):
                    getattr(self.vendor.with_user(user), method)("because")
        with self.assertRaises(UserError):
            self.mine.action_hold_payments("  ")
        self.assertEqual(
            self.mine.action_hold_payments()["res_model"],
            "quality.complaint.supplier.decide",
        )
        self.assertFalse(self.decisions())

    def test_nobody_writes_the_log(self):
        self.mine.action_hold_payments("No answer")
        decision = self.decisions().with_user(self.manager)
        made = {
            "partner_id": self.vendor.id,
            "kind": "hold",
            "reason": "x",
            "company_id": self.company.id,
        }
        for method, vals in (("write", {"reason": "x"}), ("create", made)):
            with self.assertRaises(
                UserError
            ):  # by the guard of its stamps, or by the access rights
                getattr(decision, method)(vals)
        with self.assertRaises(AccessError):
            decision.unlink()

    def test_same_decision_is_made_once(self):
        self.mine.action_hold_payments("No answer")
        with self.assertRaisesRegex(UserError, "already"):
            self.mine.action_hold_payments("Again")
        self.mine.action_release_payments("Answered")
        with self.assertRaisesRegex(UserError, "in force"):
            self.mine.action_release_payments("Again")
        self.mine.action_hold_payments("Once more")
        self.assertEqual(len(self.decisions()), 2)

    def test_off_sale_takes_the_products_bought_mainly_from_the_supplier_and_restores_exactly_those(  # noqa: E501
        self,
    ):
        ours, theirs = (
            {"partner_id": vendor.id} for vendor in (self.vendor, self.other_vendor)
        )
        listed = self.make_product(
            "Listed", seller_ids=[Command.create(ours), Command.create(theirs)]
        )
        second = self.make_product(
            "Second source", seller_ids=[Command.create(theirs), Command.create(ours)]
        )
        internal = self.make_product(
            "Internal",
            sale_ok=False,
            seller_ids=[Command.create({"partner_id": self.vendor.id})],
        )
        bought, shared = self.make_product("Bought"), self.make_product("Shared")
        self.buy(5, product=bought)
        self.buy(5, product=shared)
        self.buy(5, product=shared, vendor=self.other_vendor)
        (bought | shared).product_tmpl_id.seller_ids.unlink()
        self.mine.action_take_off_sale("Failed the official test")
        self.assertEqual(
            [product.sale_ok for product in (listed, bought, second, shared, internal)],
            [False, False, True, True, False],
        )
        self.assertEqual(
            self.decisions().product_tmpl_ids, (listed | bought).product_tmpl_id
        )
        self.mine.action_restore_sale("Passed")
        self.assertEqual(
            [product.sale_ok for product in (listed, bought, second, shared, internal)],
            [True, True, True, True, False],
        )

    def test_dialog_shows_what_is_covered_and_lets_products_stay(self):
        one = self.make_product(
            "One", seller_ids=[Command.create({"partner_id": self.vendor.id})]
        )
        two = self.make_product(
            "Two", seller_ids=[Command.create({"partner_id": self.vendor.id})]
        )
        action = self.mine.action_take_off_sale()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "No answer"})
        )
        self.assertEqual(wizard.product_tmpl_ids, (one | two).product_tmpl_id)
        wizard.product_tmpl_ids -= two.product_tmpl_id
        wizard.action_confirm()
        self.assertEqual((one.sale_ok, two.sale_ok), (False, True))
        self.buy({"L-1": 10})
        action = self.mine.action_hold_payments()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "No answer"})
        )
        self.assertEqual(wizard.bill_count, 1)
        wizard.action_confirm()
        self.assertTrue(self.mine.supplier_payment_hold and self.mine.supplier_off_sale)
        for kind in ("hold", "off_sale"):
            action = self.mine._open_supplier_decision(kind, end=True)
            self.env[action["res_model"]].with_user(self.manager).with_context(
                **action["context"]
            ).create({"reason": "Answered"}).action_confirm()
        self.assertFalse(
            self.decisions().filtered(lambda decision: not decision.ended_on)
        )

    def test_foreign_products_cannot_be_slipped_in(self):
        mine = self.make_product(
            "Mine", seller_ids=[Command.create({"partner_id": self.vendor.id})]
        )
        other = self.make_product("Other")
        self.mine.action_take_off_sale("No answer", (mine | other).product_tmpl_id)
        self.assertEqual((mine.sale_ok, other.sale_ok), (False, True))

    def test_bill_kept_in_draft_and_posted_later_stays_held(self):
        bill = self.buy({"L-1": 10}).invoice_ids
        self.mine.action_hold_payments("No answer")
        bill.button_draft()
        bill.action_post()
        self.assertEqual(bill.payment_state, "blocked")
        self.mine.action_release_payments("Answered")
        self.assertEqual(bill.payment_state, "not_paid")

    def test_other_company_s_bills_are_left_alone(self):
        bill = self.buy({"L-1": 10}).invoice_ids
        sister = self.env["res.company"].create({"name": "Sister Works"})
        self.manager.company_ids += sister
        there = self.vendor.with_user(self.manager).with_context(
            allowed_company_ids=sister.ids
        )
        there.action_hold_payments("No answer")
        self.assertEqual(bill.payment_state, "not_paid")
        self.assertFalse(self.mine.supplier_payment_hold)

    def test_warning_is_shown_before_deciding(self):
        chargeback, _order = self.charged(reason_kind="counterfeit")
        wizard = (
            self.env["quality.complaint.supplier.decide"]
            .with_user(self.manager)
            .create(
                {"partner_id": self.vendor.id, "kind": "hold", "reason": "Counterfeit"}
            )
        )
        self.assertIn(chargeback.name, wizard.warning)
        self.assertGreater(chargeback.due_on, fields.Datetime.now() + timedelta(days=1))
