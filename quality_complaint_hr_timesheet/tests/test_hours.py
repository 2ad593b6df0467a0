from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestHours(ComplaintCase):
    """Hours on a complaint are timesheets: their cost is the employee's, they count
    once, and a finished complaint takes none.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env["project.project"].create(
            {
                "name": "Complaints",
                "allow_timesheets": True,
                "company_id": cls.company.id,
            }
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Quentin", "hourly_cost": 40.0, "company_id": cls.company.id}
        )
        cls.complaint = cls.make_complaint(partner_id=cls.customer.id)

    def spend(self, hours, **vals):
        return self.env["account.analytic.line"].create(
            {
                "name": "Sample tested",
                "employee_id": self.employee.id,
                "project_id": self.project.id,
                "unit_amount": hours,
                "date": "2026-03-02",
                "complaint_id": self.complaint.id,
                **vals,
            }
        )

    def test_hours_and_their_cost(self):
        lines = self.spend(1.5) | self.spend(0.25)
        self.assertEqual(self.complaint.timesheet_hours, 1.75)
        self.assertEqual(sorted(lines.mapped("amount")), [-60.0, -10.0])
        rows = self.cost_rows(self.complaint)
        self.assertEqual(
            [(row.source, row.actual, str(row.date)) for row in rows.sorted("actual")],
            [("hours", 10.0, "2026-03-02"), ("hours", 60.0, "2026-03-02")],
        )
        self.assertEqual(self.complaint.cost_total, 70.0)

    def test_a_project_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "project"):
            self.env["account.analytic.line"].create(
                {"name": "Hours", "complaint_id": self.complaint.id, "unit_amount": 1.0}
            )

    def test_finished_complaint_takes_no_hours(self):
        self.complaint.action_cancel("mistake", "Entered twice")
        with self.assertRaisesRegex(ValidationError, "finished"):
            self.spend(1.0)
