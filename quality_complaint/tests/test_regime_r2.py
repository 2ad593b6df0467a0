from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR2CarDealer(RegimeCase):
    """Car dealer (source 000): half hours between the desks, revisit on day 5 to 7, points."""

    regime = "r2"

    def test_general_complaint_with_a_late_result(self):
        complaint = self.complain("2026-03-02 09:00", user=self.handler, user_id=False)
        self.assertEqual(complaint.severity_code, "general")
        self.assertEqual(self.dues(complaint), {"To Customer Care": "2026-03-02 09:30"})
        with self.at("2026-03-02 09:20"):
            self.tick(complaint, "handed_over")
        self.assertEqual(self.dues(complaint), {"To the department": "2026-03-02 09:50"})
        with self.at("2026-03-02 09:50"):
            complaint.action_take()
            self.tick(complaint, "passed_on")
        self.assertEqual(
            self.dues(complaint),
            {"department_contacted": "2026-03-02 11:50", "Result to Customer Care": "2026-03-02 17:00", "progress_reported": "2026-03-05 17:00"},
        )
        self.assertEqual(self.tell_due("2026-03-02 11:20"), [("Hans Handler", "Contacted by the department")])
        with self.at("2026-03-02 11:50"):
            self.tick(complaint, "department_contacted")
        self.assertEqual(self.tell_due("2026-03-02 17:00"), [("Hans Handler", "Result to Customer Care"), ("Lena Leader", "Result to Customer Care")])
        with self.at("2026-03-04 15:00"):
            self.tick(complaint, "form_returned")
        self.assertEqual(
            self.states(complaint),
            {
                "To Customer Care": "met", "To the department": "met", "department_contacted": "met", "Result to Customer Care": "missed",
                "progress_reported": "cancelled", "revisited": "running",
            },
        )
        row = complaint.deadline_ids.filtered(lambda row: row.limit_id and row.milestone_code == "revisited")
        self.assertEqual((self.local(row.not_before), self.local(row.due_on)), ("2026-03-09 00:00", "2026-03-11 23:59"))
        with self.at("2026-03-04 15:10"):
            self.tell(complaint)
        self.assertEqual(str(complaint.revisit_ids.planned_on), "2026-03-09")
        with self.at("2026-03-10 10:00"):
            complaint.with_user(self.officer).revisit_ids.write({"score": 90.0})
            complaint.revisit_ids.action_done()
            complaint.responsible_id = self.department
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        points = {score.kind: (score.points, score.responsible_id, score.user_id) for score in complaint.sudo().score_ids}
        self.assertEqual(points, {"late": (-2.0, self.department, self.handler), "complaint": (-1.0, self.department, self.handler)})

    def test_not_finished_in_three_working_days_needs_a_progress_report(self):
        complaint = self.complain("2026-03-05 09:00")
        with self.at("2026-03-05 09:10"):
            self.tick(complaint, "handed_over")
            self.tick(complaint, "passed_on")
        self.assertEqual(self.dues(complaint)["progress_reported"], "2026-03-10 17:00")

    def test_out_of_hours_the_form_is_filed_the_next_working_day(self):
        complaint = self.complain("2026-03-06 19:00", user=self.handler)
        self.assertEqual(self.dues(complaint)["To Customer Care"], "2026-03-09 17:00")

    def test_compensation_is_major_and_signed_by_the_general_manager(self):
        complaint = self.complain("2026-03-02 09:00", **self.triggers("compensation"))
        self.assertEqual(complaint.severity_code, "major")
        with self.at("2026-03-02 10:00"):
            self.investigated(complaint)
            self.plan(complaint, "credit", amount=20.0)
            complaint.action_submit_plan()
            self.assertEqual((complaint.approval_ids.subject, complaint.approval_ids.role_id.code), ("money", "general_manager"))
            complaint.approval_ids.with_user(self.general_manager).action_approve()
        self.assertEqual(complaint.state, "executing")
        with self.at("2026-03-02 16:00"):
            complaint.action_execute()
            complaint.remedy_ids.sudo().credit_note_ids.action_post()
            self.tick(complaint, "form_returned")
            self.tell(complaint)
        with self.at("2026-03-10 10:00"):
            complaint.revisit_ids.write({"score": 90.0})
            complaint.revisit_ids.action_done()
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.sudo().score_ids.filtered(lambda score: score.kind == "complaint").points, -5.0)

    def test_points_are_adjusted_with_a_reason_by_managers(self):
        complaint = self.complain("2026-03-02 09:00", "2026-03-02 10:00")
        self.tell_due("2026-03-02 17:30")
        score = complaint.sudo().score_ids[:1]
        self.assertEqual(score.points, -2.0)
        with self.assertRaisesRegex(UserError, "Why Adjusted"):
            score.with_user(self.manager).points = 0
        score.with_user(self.manager).write({"points": 0, "note": "System was down"})
        self.assertEqual(score.points, 0.0)

    def test_customer_care_revisits_and_issues_a_new_form_when_not_satisfied(self):
        self.env.ref("quality_complaint.role_customer_care").user_ids = self.head
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.tick(complaint, "form_returned")
            self.tell(complaint)
        revisit = complaint.revisit_ids
        self.assertEqual((revisit.user_id, str(revisit.planned_on), str(revisit.latest_on)), (self.head, "2026-03-09", "2026-03-09"))  # day 5 is a Saturday
        with self.at("2026-03-09 09:00"):
            revisit.with_user(self.head).write({"score": 50, "reason": "The noise is back", "measures": "Test drive together"})
            revisit.with_user(self.head).action_done()
        self.assertEqual((complaint.state, complaint.handling_number), ("investigating", f"{complaint.name}-2"))
