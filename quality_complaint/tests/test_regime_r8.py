from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR8Industry(RegimeCase):
    """Supplier to industry (source 000): containment the same day, the quality manager closes."""

    regime = "r8"

    def test_from_receipt_to_closing_with_late_containment(self):
        complaint = self.complain("2026-03-02 14:00")
        self.assertEqual(self.dues(complaint), {"contained": "2026-03-02 17:00", "Whole case": "2026-04-01 23:59"})
        self.assertTrue(complaint.severity_id.needs_8d)
        self.assertEqual(self.tell_due("2026-03-02 16:30"), [("Olga Officer", "Contained")])
        self.assertEqual(self.tell_due("2026-03-02 17:00"), [("Lena Leader", "Contained")])
        self.assertEqual(self.tell_due("2026-03-02 21:00"), [(name, "Contained") for name in sorted(self.management.mapped("name"))])
        with self.at("2026-03-03 09:00"):
            self.answer(complaint)
            with self.assertRaisesRegex(UserError, "“Contained”"):
                complaint.action_close()
            self.tick(complaint, "contained")
            self.explain_late(complaint)
            complaint.action_close()
            self.assertEqual((complaint.state, complaint.approval_ids.role_id.code), ("replied", "quality_manager"))
            complaint.approval_ids.with_user(self.engineer).action_approve()
        self.assertEqual((complaint.state, self.states(complaint)), ("closed", {"contained": "missed", "Whole case": "met"}))

    def test_received_after_work_is_contained_the_next_working_day(self):
        self.assertEqual(self.dues(self.complain("2026-03-06 17:00"))["contained"], "2026-03-09 17:00")
