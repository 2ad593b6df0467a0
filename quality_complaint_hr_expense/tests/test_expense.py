from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestExpense(ComplaintCase):
    """What handlers spend is paid back by Odoo's own Expenses and counts in the cost of
    the complaint (rows 273 and 333).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.approver = new_test_user(
            cls.env,
            "qc_approver",
            "hr_expense.group_hr_expense_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.employee_record = cls.env["hr.employee"].create(
            {
                "name": "Hans Handler",
                "user_id": cls.handler.id,
                "company_id": cls.company.id,
                "expense_manager_id": cls.approver.id,
                "work_contact_id": cls.handler.partner_id.id,
            }
        )
        cls.trip = cls.env["product.product"].create(
            {
                "name": "Trip",
                "type": "service",
                "can_be_expensed": True,
                "standard_price": 0.0,
                "supplier_taxes_id": [Command.clear()],
            }
        )
        cls.travel = cls.env.ref("quality_complaint.cost_item_travel")
        cls.travel.expense_product_ids = cls.trip
        cls.complaint = cls.make_complaint(user=cls.officer, partner_id=cls.customer.id)

    def spend(self, amount, **vals):
        action = self.complaint.with_user(self.handler).action_view_expenses()
        return (
            self.env["hr.expense"]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create(
                {
                    "name": "Train to the customer",
                    "employee_id": self.employee_record.id,
                    "product_id": self.trip.id,
                    "company_id": self.company.id,
                    "date": "2026-03-02",
                    "total_amount_currency": amount,
                    "tax_ids": [Command.clear()],
                    **vals,
                }
            )
        )

    def test_counts_once_it_is_approved_under_the_item_of_its_category(self):
        expense = self.spend(88.4)
        self.assertEqual(
            (expense.complaint_id, expense.complaint_item_id),
            (self.complaint, self.travel),
        )
        self.assertFalse(self.cost_rows(self.complaint))
        expense.action_submit()
        self.assertFalse(self.cost_rows(self.complaint))
        expense.with_user(self.approver).action_approve()
        row = self.cost_rows(self.complaint)
        self.assertEqual(
            (row.source, row.item_id, row.actual, row.document, str(row.date)),
            ("expense", self.travel, 88.4, "Train to the customer", "2026-03-02"),
        )
        self.complaint.invalidate_recordset()
        self.assertEqual(self.complaint.expense_count, 1)

    def test_refused_costs_nothing(self):
        expense = self.spend(10.0)
        expense.action_submit()
        expense.with_user(self.approver).action_approve()
        self.assertEqual(self.cost_rows(self.complaint).actual, 10.0)
        expense.with_user(self.approver)._do_refuse("Private")
        self.assertFalse(self.cost_rows(self.complaint))

    def test_nothing_is_spent_on_what_is_cancelled(self):
        self.complaint.action_cancel("mistake", "Entered twice")
        with self.assertRaisesRegex(ValidationError, "nothing is spent on it"):
            self.spend(1.0)

    def test_people_without_complaints_see_no_complaint(self):
        expense = self.spend(10.0)
        with self.assertRaises(AccessError):
            expense.with_user(self.approver).read(["complaint_id"])

    def test_expense_without_a_complaint_has_no_item(self):
        expense = self.spend(5.0, complaint_id=False)
        self.assertEqual(
            (expense.complaint_id, expense.complaint_item_id),
            (self.complaint.browse(), self.travel.browse()),
        )
        both = expense | self.spend(6.0)
        both.product_id = self.trip
        self.assertEqual(both.complaint_item_id, self.travel)

    def test_parts_of_a_split_expense_belong_to_the_same_complaint(self):
        expense = self.spend(10.0)
        part = expense.with_context(from_split_wizard=True).copy()
        self.assertEqual(
            (part.complaint_id, part.complaint_item_id), (self.complaint, self.travel)
        )
        alone = expense.with_context(default_complaint_id=False).copy()
        self.assertFalse(alone.complaint_id)

    def test_what_a_trip_cost_is_spent_on_its_complaint(self):
        """Row 273."""
        trip = (
            self.env["quality.complaint.service"]
            .with_user(self.handler)
            .create(
                {
                    "name": "To the customer",
                    "kind": "trip",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "complaint_id": self.complaint.id,
                }
            )
        )
        action = trip.action_view_expenses()
        expense = (
            self.env["hr.expense"]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create(
                {
                    "employee_id": self.employee_record.id,
                    "product_id": self.trip.id,
                    "company_id": self.company.id,
                    "total_amount_currency": 120.0,
                }
            )
        )
        self.assertEqual(
            (
                expense.complaint_service_id,
                expense.sudo().complaint_id,
                trip.expense_count,
                trip.expense_total,
            ),
            (trip, self.complaint, 1, 120.0),
        )
