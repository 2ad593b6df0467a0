from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..reply.mailing import Mailing
from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR6International(Mailing, RegimeCase):
    """International SOP (source 004): acknowledged within 24 hours, closed by the date
    the customer asks for.
    """

    regime = "r6"
    particulars = {
        "contact_name": "Jo Hart",
    }

    def test_employee_records_and_the_acknowledgement_goes_out_at_once(self):
        complaint = self.complain(
            "2026-03-06 18:00",
            user=self.employee,
            lot_ref=False,
            partner_id=self.customer.id,
        )
        # row 171: our choice of limits for investigation and answer
        self.assertEqual(
            self.states(complaint),
            {
                "acknowledged": "met",
                "investigation_started": "running",
                "Answer": "running",
            },
        )
        self.assertEqual(
            self.dues(complaint, "met"), {"acknowledged": "2026-03-07 18:00"}
        )

    def test_without_address_the_acknowledgement_is_late_and_so_is_closing(self):
        self.customer.email = False
        complaint = self.complain(
            "2026-03-06 18:00",
            email=False,
            customer_due_on=self.utc("2026-03-13 17:00"),
        )
        self.assertEqual(
            self.dues(complaint),
            {
                "acknowledged": "2026-03-07 18:00",
                "Closed by the customer's date": "2026-03-13 17:00",
                "investigation_started": "2026-03-10 17:00",
                "Answer": "2026-04-03 17:00",
            },
        )
        self.assertEqual(
            self.tell_due("2026-03-07 16:00"), [("Olga Officer", "Acknowledge receipt")]
        )
        self.assertEqual(
            self.tell_due("2026-03-07 18:00"), [("Lena Leader", "Acknowledge receipt")]
        )
        with self.at("2026-03-09 08:30"):
            self.tick(complaint, "acknowledged")
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                self.investigated(complaint)
            for paper in (
                "First Assessment",
                "Minutes of the Meeting",
                "Why It Occurred",
            ):  # rows 172 and 176
                self.assertIn(paper, str(refused.exception))
            self.concluded(complaint)
            self.settle(complaint)
        with self.at("2026-03-16 09:00"):
            with self.assertRaisesRegex(UserError, "Closed by the customer's date"):
                complaint.action_close()
            self.take_measure(complaint)
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(
            self.states(complaint),
            {
                "acknowledged": "missed",
                "Closed by the customer's date": "missed",
                "investigation_started": "met",
                "concluded": "met",
                "planned": "met",
                "Answer": "met",
            },
        )

    def test_general_manager_assigns_the_investigation(self):
        """Row 176: by Sales, or by whom the general manager assigns."""
        complaint = self.complain("2026-03-06 10:00")
        with self.at("2026-03-06 11:00"):
            with self.assertRaisesRegex(AccessError, "General manager"):
                self.tick(complaint, "assigned_by_manager")
            self.tick(complaint.with_user(self.general_manager), "assigned_by_manager")
        self.assertIn("assigned_by_manager", complaint._reached_codes())

    def test_fax_and_improvement_are_offered_not_demanded(self):
        """Rows 179 and 184."""
        complaint = self.complain("2026-03-06 10:00")
        self.assertLessEqual(
            {"fax", "improvement_proposal"}, set(complaint.asked_fields.split())
        )
        self.assertFalse(
            {"Fax", "Improvement Proposal"}
            & {str(name) for name in complaint._missing_fields("conclude")}
        )
