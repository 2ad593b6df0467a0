from odoo.tests import freeze_time, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestLate(ComplaintCase):
    """Late is what the customer wanted answered by now and is not."""

    def test_late_after_the_time_the_customer_asked_for(self):
        complaints = self.env["quality.complaint"]
        self.policy.limit_ids.unlink()
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self.make_complaint(
                partner_id=self.customer.id,
                received_on="2026-03-01 08:00:00",
                customer_due_on="2026-03-04 12:00:00",
            )
        for moment, late in (
            ("2026-03-04 12:00:00", False),
            ("2026-03-04 12:00:01", True),
        ):
            with freeze_time(moment):
                complaint.invalidate_recordset()
                self.assertEqual(complaint.is_late, late, moment)
                mine = [("id", "=", complaint.id)]
                self.assertEqual(
                    complaints.search([*mine, ("is_late", "=", True)]),
                    complaint if late else complaints,
                )
                self.assertEqual(
                    complaints.search([*mine, ("is_late", "=", False)]),
                    complaints if late else complaint,
                )
        complaint.action_cancel("withdrawn", "Called back")
        self.assertFalse(complaint.is_late)
