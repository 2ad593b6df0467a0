from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestWarranty(ComplaintCase):
    """What the customer may ask for how long, refund less use, loans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.terms = cls.env["quality.complaint.warranty"]
        cls.terms.search([]).active = False
        cls.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-01-10 10:00:00"):
            cls.lot = cls.make_lot("W-1", quantity=100)
            cls.order = cls.sell({cls.lot: 10})
            cls.invoice = cls.order.invoice_ids

    def make_terms(self, **vals):
        return self.terms.create(
            {"name": "Terms", "company_id": self.company.id, **vals}
        )

    def complaint(self, day, **vals):
        with freeze_time(f"{day} 09:00:00"):
            return self.make_complaint(
                user=self.officer, lot_ref="W-1", received_on=f"{day} 09:00:00", **vals
            )

    def choice(self, day):
        line = self.complaint(day).line_ids
        return line.warranty_choice, str(line.warranty_until)

    def test_days_and_months_to_the_day(self):
        """Rows 101 and 115; China: 7 days return, 15 exchange, then repair."""
        self.make_terms(return_days=7, exchange_days=15, months=12)
        for day, expected in (
            ("2026-01-17", "all"),
            ("2026-01-18", "exchange"),
            ("2026-01-25", "exchange"),
            ("2026-01-26", "repair"),
            ("2027-01-09", "repair"),
            ("2027-01-10", "paid"),
        ):
            self.assertEqual(self.choice(day), (expected, "2027-01-09"), day)

    def test_three_months_of_choice(self):
        """Row 115."""
        self.make_terms(choice_months=3, months=12, within="repair", after="exchange")
        self.assertEqual(self.choice("2026-04-09")[0], "all")
        self.assertEqual(self.choice("2026-04-10")[0], "repair")
        self.assertEqual(self.choice("2027-04-10")[0], "exchange")

    def test_most_particular_terms_count(self):
        """Product, category, contract with the customer, policy, country."""
        self.customer.country_id = self.env.ref("base.de")
        self.strip.categ_id = self.env["product.category"].create({"name": "Coils"})
        made = {}
        for name, vals in (
            ("country", {"country_ids": [Command.set(self.env.ref("base.de").ids)]}),
            ("policy", {"policy_id": self.company._complaint_policy().id}),
            ("partner", {"partner_id": self.customer.id}),
            ("category", {"category_id": self.strip.categ_id.id}),
            ("product", {"product_tmpl_id": self.strip.product_tmpl_id.id}),
        ):
            made[name] = self.make_terms(name=name, months=12, **vals)
            line = self.complaint("2026-02-01").line_ids
            self.assertEqual(line.warranty_id, made[name], name)
        made["product"].valid_from = "2026-01-11"  # the goods came a day earlier
        line.invalidate_recordset()
        self.assertEqual(line.warranty_id, made["category"])

    def test_contract_tells_staff_and_consumers_apart(self):
        """Row 384."""
        self.make_terms(
            name="Contract",
            partner_id=self.customer.id,
            found_by="staff",
            multiple=1.0,
            note="Exchange at the next delivery.",
        )
        consumer = self.complaint("2026-02-01")
        self.assertFalse(consumer.line_ids.warranty_id)
        staff = self.complaint(
            "2026-02-01",
            trigger_ids=[
                Command.set(self.env.ref("quality_complaint.trigger_staff_find").ids)
            ],
        )
        self.assertIn("grants 1 times the value", staff.line_ids.warranty_text)
        self.assertIn("Exchange at the next delivery.", staff.warranty_text)

    def test_without_a_delivery_the_date_of_purchase_said_counts(self):
        self.make_terms(months=12)
        self.env["quality.complaint.property"].create(
            {
                "policy_id": self.company._complaint_policy().id,
                "name": "Purchase date",
                "code": "purchase_date",
                "kind": "date",
            }
        )
        machine = self.make_product("Machine")
        with freeze_time("2026-02-01 09:00:00"):
            complaint = self.make_complaint(
                user=self.officer,
                partner_id=self.customer.id,
                channel_id=self.env.ref("quality_complaint.channel_phone").id,
                line_ids=[Command.create({"product_id": machine.id})],
            )
        line = complaint.line_ids
        self.assertIn("nobody knows since when", line.warranty_text)
        line.properties = {"purchase_date": "2025-12-24"}
        line.invalidate_recordset(["warranty_text", "warranty_until"])
        self.assertEqual(str(line.warranty_until), "2026-12-23")

    def test_refund_less_use_is_a_return_and_a_credit_less_the_wear(self):
        """Row 96."""
        self.make_terms(months=12, wear_percent=0.1, wear_most=50.0)
        complaint = self.complaint("2026-02-09")  # 30 days
        self.assertEqual(complaint.line_ids.wear, 3.0)
        with freeze_time("2026-02-09 10:00:00"):
            with self.assertRaises(UserError):
                complaint.action_plan_less_use()  # not concluded yet
            self.investigated(complaint)
            complaint.action_plan_less_use()
            back, credit = complaint.remedy_ids.sorted("id")
            self.assertEqual((back.kind, credit.kind), ("return", "credit"))
            self.assertEqual(credit.line_ids.percent, 97.0)
            self.assertIn("30 days × 0.1 % = 3 %", credit.line_ids.basis)
            complaint.action_submit_plan()
            if complaint.state == "planning":
                complaint.with_user(self.manager).action_approve_plan()
            complaint.action_execute()
            note = credit.sudo().credit_note_ids
            paid = self.invoice.amount_untaxed
            self.assertAlmostEqual(note.amount_untaxed, round(paid * 0.97, 2), 2)
            self.assertTrue(back.sudo().picking_ids)

    def test_refund_less_use_is_planned_once(self):
        self.make_terms(months=12, wear_percent=0.1)
        complaint = self.complaint("2026-02-10")
        self.investigated(complaint)
        complaint.action_plan_less_use()
        with self.assertRaisesRegex(UserError, "planned already"):
            complaint.action_plan_less_use()
        self.assertEqual(len(complaint.remedy_ids), 2)

    def test_wear_ends_at_its_most(self):
        self.make_terms(months=60, wear_percent=0.1, wear_most=20.0)
        self.assertEqual(self.complaint("2027-01-10").line_ids.wear, 20.0)

    def test_no_wear_no_proposal(self):
        complaint = self.complaint("2026-02-09")
        with freeze_time("2026-02-09 10:00:00"):
            self.investigated(complaint)
            with self.assertRaisesRegex(UserError, "no line has a wear"):
                complaint.action_plan_less_use()

    def test_figures_make_sense(self):
        with self.assertRaisesRegex(ValidationError, "at least as long"):
            self.make_terms(return_days=15, exchange_days=7)
        with self.assertRaisesRegex(ValidationError, "ends before"):
            self.make_terms(valid_from="2026-02-01", valid_to="2026-01-01")

    def test_only_managers_change_terms_and_other_companies_see_none(self):
        terms = self.make_terms(months=12)
        with self.assertRaises(AccessError):
            terms.with_user(self.officer).months = 24
        terms.with_user(self.manager).months = 24
        other = self.env["res.company"].create({"name": "Foreign Works"})
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        foreign = self.terms.with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(foreign.search([("id", "=", terms.id)]))


@tagged("post_install", "-at_install")
class TestLoan(ComplaintCase):
    """A machine lent while the customer's own is repaired (row 99)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.machine = cls.make_product("Spare machine", tracking="serial")
        cls.serial = cls.make_lot("SM-1", cls.machine, quantity=1)
        cls.make_lot("SM-2", cls.machine, quantity=1)
        cls.lot = cls.make_lot("W-1", quantity=100)
        cls.sell({cls.lot: 10})

    def setUp(self):
        super().setUp()
        self.complaint = self.make_complaint(user=self.officer, lot_ref="W-1")
        action = self.complaint.action_new_loan()
        self.loan = (
            self.env["quality.complaint.loan"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create(
                {
                    "product_id": self.machine.id,
                    "lot_id": self.serial.id,
                    "due_on": "2026-12-31 10:00:00",
                }
            )
        )

    def validate(self, picking):
        for line in picking.move_line_ids:
            line.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def test_it_goes_out_stays_ours_and_comes_back(self):
        loan = self.loan
        self.assertEqual(loan.state, "draft")
        loan.action_lend()
        out = loan.sudo().out_picking_id
        self.assertEqual(
            (loan.state, out.move_line_ids.lot_id, out.origin),
            ("going", self.serial, self.complaint.name),
        )
        with self.assertRaisesRegex(UserError, "lent already"):
            loan.action_lend()
        self.validate(out)
        self.assertEqual(loan.state, "lent")
        lent = out.location_dest_id
        self.assertEqual(
            (lent.usage, self.quantity_in(lent, self.machine)), ("internal", 1)
        )
        self.assertNotIn(
            lent, self.warehouse.view_location_id.child_internal_location_ids
        )
        # it is not forgotten: the case stays open, whoever handles it is told
        self.assertEqual(
            [text for text, _record in self.complaint._loan_ends()],
            [f"the loan “{loan.display_name}” is not back"],
        )
        with self.assertRaisesRegex(UserError, "has left us"):
            loan.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            loan.quantity = 2
        loan.action_take_back()
        self.assertEqual(loan.state, "coming")
        self.validate(loan.sudo().back_picking_id)
        self.assertEqual(
            (loan.state, self.quantity_in(lent, self.machine)), ("back", 0)
        )
        self.assertFalse(self.complaint._loan_ends())

    def test_given_up_before_it_leaves(self):
        self.loan.action_lend()
        picking = self.loan.sudo().out_picking_id
        self.loan.action_cancel()
        self.assertEqual((self.loan.state, picking.state), ("cancelled", "cancel"))
        self.assertFalse(self.complaint._loan_ends())
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            self.loan.unlink()

    def lend_chargers(self):
        """:return: a loan of three pieces without numbers, on their way"""
        parts = self.make_product("Charger", is_storable=True)
        self.env["stock.quant"]._update_available_quantity(
            parts, self.warehouse.lot_stock_id, 5
        )
        loan = self.loan.copy(
            {"product_id": parts.id, "lot_id": False, "quantity": 3, "due_on": False}
        )
        loan.action_lend()
        return loan

    def test_lent_in_parts_it_is_back_when_all_of_it_is(self):
        loan = self.lend_chargers()
        self.validate(loan.sudo().out_picking_id)
        loan.action_take_back()
        back = loan.sudo().back_picking_id
        back.move_ids.write({"quantity": 2, "picked": True})
        back._action_done()
        self.assertEqual(loan.state, "coming")
        back.backorder_ids.action_cancel()
        self.assertEqual(loan.state, "lent")
        loan.action_take_back()
        rest = loan.sudo().back_picking_id
        self.assertEqual((rest != back, rest.move_ids.product_uom_qty), (True, 1))
        self.validate(rest)
        self.assertEqual(loan.state, "back")

    def test_goods_that_leave_in_three_parts_are_one_loan(self):
        loan = self.lend_chargers()
        picking = loan.sudo().out_picking_id
        for expected in ("lent", "lent"):
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking._action_done()
            self.assertEqual(loan.state, expected)
            picking = picking.backorder_ids
        self.validate(picking)
        loan.action_take_back()
        self.validate(loan.sudo().back_picking_id)
        self.assertEqual(loan.state, "lent", "Two of the three are still there")
        for _part in range(2):
            loan.action_take_back()
            self.validate(loan.sudo().back_picking_id)
        self.assertEqual(loan.state, "back")

    def test_number_lent_is_one_of_the_product_and_free(self):
        with self.assertRaisesRegex(ValidationError, "is a number of"):
            self.loan.copy({"product_id": self.strip.id})
        self.loan.action_lend()
        again = self.loan.copy()
        with self.assertRaisesRegex(UserError, "is not free in"):
            again.action_lend()
        self.assertEqual(again.state, "draft")

    def test_what_came_back_reminds_nobody(self):
        self.loan.action_lend()
        self.validate(self.loan.sudo().out_picking_id)
        self.assertTrue(self.loan.next_notice_on)
        self.loan.action_take_back()
        self.validate(self.loan.sudo().back_picking_id)
        self.loan.sudo()._notify_due()
        self.assertFalse(self.loan.next_notice_on)
        self.assertFalse(self.loan.notice_activity_ids)
        other = self.loan.copy({"due_on": "2026-12-31 10:00:00"})
        other.action_lend()
        other.action_cancel()
        self.assertFalse(other.next_notice_on)

    def test_other_teams_see_no_loans(self):
        with self.assertRaises(AccessError):
            self.loan.with_user(self.make_stranger()).read(["product_id"])

    def test_only_officers_lend(self):
        with self.assertRaises(AccessError):
            self.loan.with_user(self.handler).action_lend()
        self.assertEqual(
            self.loan.action_lend()["res_model"],
            self.loan.action_open_out()["res_model"],
        )
        self.validate(self.loan.sudo().out_picking_id)
        self.loan.action_take_back()
        self.assertEqual(
            self.loan.action_open_back()["res_id"], self.loan.back_picking_id.id
        )
