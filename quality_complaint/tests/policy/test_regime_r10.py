from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR10General(RegimeCase):
    """General manufacturing and service (source 000): service questions are answered,
    serious ones analysed and supervised by Quality.
    """

    regime = "r10"

    def test_service_question_is_answered_late_and_closed(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)),
            ("service", {"Answer to a service question": "2026-03-05 17:00"}),
        )
        self.assertEqual(
            self.tell_due("2026-03-05 17:00"),
            [
                ("Lena Leader", "Answer to a service question"),
                ("Olga Officer", "Answer to a service question"),
            ],
        )
        with self.at("2026-03-05 17:01"):
            self.tell(complaint)
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(
            (complaint.state, self.states(complaint)),
            ("closed", {"Answer to a service question": "missed"}),
        )

    def test_returned_goods_are_released_by_quality(self):
        """Rows 278 and 279."""
        self.assertEqual(
            self.policy.disposition_role_id,
            self.env.ref("quality_complaint.role_quality_manager"),
        )

    def test_quality_problem_is_serious_and_closed_by_quality(self):
        """Row 285: Quality supervises the measures."""
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 11:00"):
            complaint.line_ids.defect_id = self.env.ref(
                "quality_complaint.defect_dimension"
            )
        self.assertEqual(complaint.severity_code, "serious")
        self.assertEqual(
            self.dues(complaint),
            {
                "investigation_started": "2026-03-04 17:00",
                "Whole case": "2026-03-23 17:00",
            },
        )
        with self.at("2026-03-05 09:00"):
            # row 284: the meeting is called at once
            with (
                self.assertRaisesRegex(UserError, "Call the meeting at once"),
                self.env.cr.savepoint(),
            ):
                self.concluded(complaint)
            complaint.sudo().guide_done_ids = complaint.sudo().guide_ids
            self.concluded(complaint)
            self.settle(complaint)
            with self.assertRaisesRegex(
                UserError, r"Action \(correction"
            ):  # row 284: corrective and preventive measures
                complaint.action_close()
            self.take_measure(complaint)
            self.explain_late(complaint)
            complaint.action_close()
            complaint.approval_ids.with_user(self.engineer).action_approve()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(self.states(complaint)["investigation_started"], "missed")

    def test_every_defect_is_serious_and_needs_a_meeting_and_its_cause(self):
        """Row 284: faults of design, production and quality."""
        for name in (
            "performance",
            "dimension",
            "surface",
            "composition",
            "packaging",
            "installation",
            "goods_goods_quality",
        ):
            complaint = self.complain("2026-03-02 09:00")
            complaint.line_ids.defect_id = self.env.ref(
                f"quality_complaint.defect_{name}"
            )
            self.assertEqual(complaint.severity_code, "serious", name)
        self.assertIn(self.engineer, self.told(complaint, "Serious"))
        with (
            self.at("2026-03-02 10:00"),
            self.assertRaisesRegex(UserError, "Why It Occurred|Minutes of the Meeting"),
        ):
            self.investigated(complaint)
