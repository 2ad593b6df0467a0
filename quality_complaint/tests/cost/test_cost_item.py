from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCostItem(ComplaintCase):
    """Items of the company's own count in the cost of poor quality (row 332)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.travel = cls.env.ref("quality_complaint.cost_item_travel")
        cls.complaint = cls.make_complaint(user=cls.officer, partner_id=cls.customer.id)
        cls.complaint.user_id = cls.handler

    def enter(self, amount, user=None, **vals):
        return (
            self.env["quality.complaint.cost.entry"]
            .with_user(user or self.handler)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "item_id": self.travel.id,
                    "date": "2026-03-02",
                    "amount": amount,
                    "currency_id": self.company.currency_id.id,
                    "note": "Train to the customer",
                    **vals,
                }
            )
        )

    def test_counts_once_by_its_item(self):
        self.enter(120.5)
        self.enter(-20.5, note="Paid back by the railway")
        rows = self.cost_rows(self.complaint).sorted("actual")
        self.assertEqual(
            [
                (row.source, row.item_id, row.actual, row.document, str(row.date))
                for row in rows
            ],
            [
                ("own", self.travel, -20.5, "Paid back by the railway", "2026-03-02"),
                ("own", self.travel, 120.5, "Train to the customer", "2026-03-02"),
            ],
        )
        self.assertEqual(self.complaint.cost_total, 100.0)

    def test_what_changes_is_reckoned_anew(self):
        entry = self.enter(120.5)
        self.cost_rows(self.complaint)
        entry.amount = 99.99
        self.assertEqual(self.cost_rows(self.complaint).actual, 99.99)
        entry.with_user(self.officer).unlink()
        self.assertFalse(self.cost_rows(self.complaint))

    def test_another_currency_counts_at_the_rate_of_its_day(self):
        currency = self.env["res.currency"].create(
            {"name": "QCX", "symbol": "x", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": "2026-03-01",
                "rate": 4.0,
                "company_id": self.company.id,
            }
        )
        entry = self.enter(10.01, currency_id=currency.id)
        self.assertEqual(entry.amount_company, 2.5)
        self.assertEqual(self.cost_rows(self.complaint).actual, 2.5)

    def test_nothing_and_drafts_cost_nothing(self):
        with self.assertRaisesRegex(ValidationError, "enter the amount"):
            self.enter(0.0)
        draft = self.make_complaint(
            user=self.officer, register=False, partner_id=self.customer.id
        )
        with self.assertRaisesRegex(ValidationError, "not registered"):
            self.enter(5.0, complaint_id=draft.id)

    def test_who_enters_and_who_deletes(self):
        entry = self.enter(5.0)
        with self.assertRaises(AccessError):
            entry.with_user(self.handler).unlink()
        with self.assertRaises(AccessError):
            self.enter(5.0, user=self.employee)
        other = self.make_complaint(user=self.officer, partner_id=self.customer.id)
        with self.assertRaises(UserError):
            entry.complaint_id = other

    def test_other_teams_see_no_costs_and_closed_files_keep_theirs(self):
        entry = self.enter(120.5, user=self.officer)
        stranger = self.make_stranger()
        with self.assertRaises(AccessError):
            entry.with_user(stranger).read(["amount"])
        with self.assertRaises(AccessError):
            self.enter(10.0, user=stranger)
        self.complaint.action_cancel("mistake", "Entered twice")
        with self.assertRaisesRegex(ValidationError, "it has no costs"):
            entry.amount = 10.0
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            entry.unlink()
