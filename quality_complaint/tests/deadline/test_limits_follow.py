from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestLimitsFollow(DeadlineCase):
    """Severity, policy, dates and rounds change: nothing that is owed gets lost,
    nothing is counted twice.
    """

    def test_raised_severity_keeps_paused_time_and_agreed_date(self):
        # both severities limit the same step here
        started = self.env.ref("quality_complaint.milestone_investigation_started")
        self.policy.limit_ids.filtered(
            lambda row: row.to_milestone_id.code == "lead_named"
        ).to_milestone_id = started
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.row(complaint, "replied")._extend(
                self.utc("2026-04-02 17:00"), agreed_on=self.utc("2026-03-02 09:30")
            )
            complaint.action_pause("sample", "Asked for")
        with self.at("2026-03-03 10:00"):
            complaint.action_resume()  # 8 working hours later
            complaint.write(self.triggers("serious_defect"))
        row = self.row(complaint, "investigation_started")
        self.assertEqual(
            (self.local(row.due_on), row.paused_seconds, row.limit_id.amount),
            ("2026-03-04 17:00", 8 * 3600, 1),
        )
        case = self.row(complaint, "replied")
        self.assertEqual(
            (self.local(case.extended_from), self.local(case.due_on)),
            ("2026-03-23 17:00", "2026-04-03 17:00"),
        )

    def test_overdue_row_does_not_stand_in_the_way_of_its_successor(self):
        self.company.complaint_policy_id = self.env.ref(
            "quality_complaint.policy_r5"
        ).copy({"active": True})
        complaint = self.complain(
            "2026-03-02 09:00", customer_due_on=self.utc("2026-03-03 12:00")
        )
        with self.at("2026-03-04 09:00"):
            complaint.customer_due_on = self.utc("2026-03-06 12:00")
        self.assertEqual(
            self.dues(complaint), {"Answer by the customer's date": "2026-03-06 12:00"}
        )
        self.assertEqual(
            self.dues(complaint, "missed"),
            {"Answer by the customer's date": "2026-03-03 12:00"},
        )

    def test_version_moved_while_overdue_tells_nothing_twice(self):
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 12:00")
        new = self.policy.browse(
            self.policy.with_user(self.manager).action_new_version()["res_id"]
        ).with_user(self.manager)
        new.action_put_into_force()
        with self.at("2026-03-02 12:10"):
            new.action_move_running()
        self.assertEqual(
            len(
                complaint.sudo().deadline_ids.filtered(
                    lambda row: row.limit_id and row.milestone_code == "responded"
                )
            ),
            1,
        )
        self.assertEqual(self.tell_due("2026-03-02 12:20"), [])

    def test_levels_are_told_in_the_order_of_their_moments(self):
        limit = self.policy.limit_ids.filtered(
            lambda limit: (
                limit.to_milestone_id.code == "investigation_started"
                and limit.amount == 2
            )
        )
        leader, management = (
            self.env.ref(f"quality_complaint.role_{code}")
            for code in ("team_leader", "management")
        )
        limit.level_ids = [
            Command.clear(),
            Command.create(
                {
                    "when": "after",
                    "amount": 4,
                    "unit": "work_hour",
                    "role_id": leader.id,
                }
            ),
            Command.create(
                {"when": "after", "amount": 1, "unit": "day", "role_id": management.id}
            ),
        ]
        complaint = self.complain("2026-03-04 09:00")  # due on Friday 17:00
        with self.at("2026-03-04 09:30"):
            self.tick(complaint, "responded")
        self.assertEqual(
            self.tell_due("2026-03-07 17:00"),
            [
                (name, "Start investigation")
                for name in sorted(self.management.mapped("name"))
            ],
        )
        self.assertEqual(
            self.tell_due("2026-03-09 12:00"),
            [("Lena Leader", "Start investigation")],
        )

    def test_done_in_time_but_entered_late_is_not_held_against_anybody(self):
        self.policy.score_late = -2
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 10:05")
        self.assertEqual(complaint.sudo().score_ids.points, -2)
        with self.at("2026-03-02 10:30"):
            complaint._tick(
                self.env["quality.complaint.milestone"]._by_code("responded"),
                on=self.utc("2026-03-02 09:50"),
            )
        self.assertEqual(
            (self.row(complaint, "responded").state, complaint.sudo().score_ids.ids),
            ("met", []),
        )

    def test_consent_after_the_date_leaves_the_miss_recorded(self):
        self.policy.score_late = -2
        complaint = self.complain("2026-03-02 09:00")
        deadline = self.row(complaint, "investigation_started")
        self.tell_due("2026-03-04 17:30")
        with self.at("2026-03-05 10:00"):
            extension = self.env["quality.complaint.extension"].create(
                {
                    "deadline_id": deadline.id,
                    "due_on": self.utc("2026-03-10 17:00"),
                    "reason": "x",
                    "consent_by": "Mr Wang",
                    "consent_on": self.utc("2026-03-05 09:00"),
                    "consent_note": "By phone",
                }
            )
            extension.action_grant()
        self.assertTrue(deadline.missed_on)
        self.assertIn(deadline, complaint.sudo().score_ids.deadline_id)

    def test_agreed_date_is_not_moved_by_the_waiting_before_it(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_pause("sample", "Asked for")
        with self.at("2026-03-04 10:00"):
            self.row(complaint, "replied")._extend(
                self.utc("2026-04-02 17:00"), agreed_on=self.utc("2026-03-04 09:00")
            )
        with self.at("2026-03-05 10:00"):  # 8 working hours after the agreement
            complaint.action_resume()
        self.assertEqual(
            self.local(self.row(complaint, "replied").due_on), "2026-04-03 17:00"
        )

    def test_feedback_that_is_no_complaint_has_no_limits_unless_they_say_so(self):
        inquiry = self.env.ref("quality_complaint.type_inquiry")
        self.assertEqual(
            self.dues(self.complain("2026-03-02 09:00", type_id=inquiry.id)), {}
        )
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            complaint.type_id = inquiry
        self.assertEqual((complaint.severity_id.id, self.dues(complaint)), (False, {}))
        policy = self.policy.copy({"active": True})
        policy.limit_ids.filtered(
            lambda limit: limit.to_milestone_id.code == "responded"
        ).all_feedback = True
        self.company.complaint_policy_id = policy
        self.assertEqual(
            self.dues(self.complain("2026-03-02 09:00", type_id=inquiry.id)),
            {"responded": "2026-03-02 10:00"},
        )

    def test_deleted_investigation_takes_its_deadline_along(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            extra = complaint.investigation_ids.create(
                {"complaint_id": complaint.id, "method": "customer_sample"}
            )
            extra.sample_received_on = self.utc("2026-03-02 09:45")
            self.assertEqual(self.dues(complaint)["reinspected"], "2026-03-05 17:00")
            extra.unlink()
            self.assertNotIn("reinspected", self.dues(complaint))
            complaint.user_id = self.handler
        self.assertEqual(self.row(complaint, "concluded").user_id, self.handler)

    def test_severity_of_another_policy_is_refused(self):
        complaint = self.complain("2026-03-02 09:00")
        stranger = self.env.ref("quality_complaint.severity_r12_standard")
        with self.assertRaisesRegex(ValidationError, "no severity of"):
            complaint.write({"severity_id": stranger.id, "severity_reason": "x"})

    def test_severity_raised_after_the_plan_asks_for_the_missing_approval(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.action_execute()
            complaint.write(self.triggers("serious_defect"))
        request = complaint.approval_ids
        self.assertEqual(
            (request.role_id.code, request.state, request.remedy_ids),
            ("management", "pending", complaint.remedy_ids),
        )
        request.with_user(self.manager).action_approve()
        self.assertFalse(
            [text for text, _record in complaint._get_open_ends() if "approval" in text]
        )

    def test_rise_by_hand_or_by_the_rules_is_told_once(self):
        for vals in (
            {
                "severity_id": self.severities["major"].id,
                "severity_reason": "Large customer",
            },
            {
                "severity_id": self.severities["general"].id,
                "severity_reason": "Looks harmless",
                **self.triggers("serious_defect"),
            },
        ):
            complaint = self.complain("2026-03-02 09:00")
            with self.at("2026-03-02 09:30"):
                complaint.write(vals)
            told = complaint.sudo().activity_ids.filtered(
                lambda activity: "Major" in activity.summary
            )
            self.assertEqual(
                (complaint.severity_code, told.user_id, len(told)),
                ("major", self.management, len(self.management)),
            )

    def test_two_roles_close_together(self):
        self.policy.approval_rule_ids = [
            Command.create(
                {
                    "subject": "closing",
                    "role_id": self.env.ref(f"quality_complaint.role_{code}").id,
                }
            )
            for code in ("management", "quality_manager")
        ]
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.answer(complaint)
            complaint.revisit_ids.score = 90
            complaint.revisit_ids.action_done()
            complaint.action_close()
            asked = {
                approval.role_id.code: approval for approval in complaint.approval_ids
            }
            asked["management"].with_user(self.manager).action_approve()
            self.assertEqual(complaint.state, "replied")
            asked["quality_manager"].with_user(self.engineer).action_approve()
        self.assertEqual(complaint.state, "closed")
