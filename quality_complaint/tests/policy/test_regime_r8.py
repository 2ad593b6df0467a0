from odoo.exceptions import UserError
from odoo.tests import tagged

from ..eight_d.builders import EightDWorld
from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR8Industry(EightDWorld, RegimeCase):
    """Supplier to industry (source 000): containment the same day, the quality manager
    closes.
    """

    regime = "r8"

    def test_from_receipt_to_closing_with_late_containment(self):
        complaint = self.complain("2026-03-02 14:00")
        self.assertEqual(
            self.dues(complaint),
            {
                "contained": "2026-03-02 17:00",
                "Responsibility judged": "2026-03-09 23:59",  # row 268
                "Whole case": "2026-04-01 23:59",
            },
        )
        report = complaint.eight_d_id.with_user(self.engineer)
        self.assertEqual(
            {step.code: self.local(step.due_on) for step in report.step_ids},
            {
                "D0": "2026-03-02 18:00",
                "D1": "2026-03-03 23:59",
                "D2": "2026-03-03 23:59",
                "D3": "2026-03-03 23:59",
                "D4": "2026-03-09 23:59",
                "D5": "2026-03-16 23:59",
                "D6": "2026-03-16 23:59",
                "D7": "2026-03-27 23:59",
                "D8": "2026-04-01 23:59",
            },
        )
        preparation = f"{report.name} D0 Preparation"
        self.assertEqual(
            self.tell_due("2026-03-02 16:30"),
            [("Lena Leader", preparation), ("Olga Officer", "Contain")],
        )
        self.assertEqual(
            self.tell_due("2026-03-02 17:00"), [("Lena Leader", "Contain")]
        )
        management = [(name, "Contain") for name in self.management.mapped("name")]
        self.assertEqual(
            self.tell_due("2026-03-02 21:00"),
            sorted([*management, ("Lena Leader", preparation)]),
        )
        with self.at("2026-03-03 09:00"):
            self.answer(complaint)
            with self.assertRaisesRegex(UserError, "“Contained”.*8D report"):
                complaint.action_close()
            report.write(
                {"leader_id": self.engineer.id, "champion_id": self.manager.id}
            )
            self.close_up_to(report, "D3")
            self.explain_late(complaint)
        with self.at("2026-03-20 09:00"):
            with self.assertRaisesRegex(UserError, "Still open: 8D report"):
                complaint.action_close()
            self.close_up_to(report, "D8")
            complaint.action_close()
            self.assertEqual(
                (complaint.state, complaint.approval_ids.role_id.code),
                ("replied", "quality_manager"),
            )
            complaint.approval_ids.with_user(self.engineer).action_approve()
        self.assertEqual(
            (complaint.state, self.states(complaint)),
            (
                "closed",
                {
                    "contained": "missed",
                    "Responsibility judged": "met",
                    "Whole case": "met",
                },
            ),
        )

    def test_received_after_work_is_contained_the_next_working_day(self):
        self.assertEqual(
            self.dues(self.complain("2026-03-06 17:00"))["contained"],
            "2026-03-09 17:00",
        )

    def test_registered_complaint_is_told_to_the_quality_manager(self):
        """Row 398."""
        self.assertIn(
            self.engineer, self.told(self.complain("2026-03-02 14:00"), "Standard")
        )

    def test_sales_is_the_only_door(self):
        """Row 397: others hand in, Sales looks after it."""
        complaint = self.complain("2026-03-02 09:00", user=self.employee)
        self.assertEqual(
            complaint.sudo().department_id,
            self.env.ref("quality_complaint.responsible_sales"),
        )
