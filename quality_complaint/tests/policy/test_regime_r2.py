from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR2CarDealer(RegimeCase):
    """Car dealer (source 000): half hours between the desks, revisit on day 5 to 7,
    points.
    """

    regime = "r2"
    led = True
    particulars = {
        "phone": "+86 21 5555 0000",
        "background": "Third visit for the same fault",
        "demand_note": "A working car",
    }
    properties = {"plate": "沪A·12345"}

    def test_general_complaint_with_a_late_result(self):
        complaint = self.complain("2026-03-02 09:00", user=self.handler, user_id=False)
        self.assertEqual(complaint.severity_code, "general")
        self.assertEqual(self.dues(complaint), {"To Customer Care": "2026-03-02 09:30"})
        with self.at("2026-03-02 09:20"):
            self.tick(complaint, "handed_over")
        self.assertEqual(
            self.dues(complaint), {"To the department": "2026-03-02 09:50"}
        )
        with self.at("2026-03-02 09:50"):
            complaint.action_take()
            self.tick(complaint, "passed_on")
        self.assertEqual(
            self.dues(complaint),
            {
                "department_contacted": "2026-03-02 11:50",
                "Result to Customer Care": "2026-03-02 17:00",
                "progress_reported": "2026-03-05 17:00",
            },
        )
        self.assertEqual(
            self.tell_due("2026-03-02 11:20"),
            [("Hugo Head", "contact the customer")],
        )
        with self.at("2026-03-02 11:50"):
            self.tick(complaint, "department_contacted")
        self.assertEqual(
            self.tell_due("2026-03-02 17:00"),
            [
                ("Hugo Head", "Result to Customer Care"),
                ("Lena Leader", "Result to Customer Care"),
            ],
        )
        with self.at("2026-03-04 15:00"):
            self.tick(complaint, "form_returned")
        self.assertEqual(
            self.states(complaint),
            {
                "To Customer Care": "met",
                "To the department": "met",
                "department_contacted": "met",
                "Result to Customer Care": "missed",
                "progress_reported": "cancelled",
                "revisited": "running",
            },
        )
        row = complaint.deadline_ids.filtered(
            lambda row: row.limit_id and row.milestone_code == "revisited"
        )
        self.assertEqual(
            (self.local(row.not_before), self.local(row.due_on)),
            ("2026-03-09 00:00", "2026-03-11 23:59"),
        )
        with self.at("2026-03-04 15:10"):
            self.assertEqual(complaint.next_step, "investigate")
            self.concluded(complaint)
            self.tell(complaint)
        self.assertEqual(str(complaint.revisit_ids.planned_on), "2026-03-09")
        with self.at("2026-03-10 10:00"):
            complaint.with_user(self.officer).revisit_ids.write({"score": 90.0})
            complaint.revisit_ids.action_done()
            self.explain_late(complaint)
            complaint.action_close()
            # row 249: the head confirms the effect and signs the form
            self.assertEqual(complaint.state, "replied")
            self.approve(complaint, self.head)
        self.assertEqual(complaint.state, "closed")
        # row 260: on the department the conclusion names
        points = {
            score.kind: (score.points, score.responsible_id, score.user_id)
            for score in complaint.sudo().score_ids
        }
        self.assertEqual(
            points,
            {
                "late": (-2.0, self.department, self.head),
                "complaint": (-1.0, self.department, self.handler),
            },
        )

    def test_revisit_planned_with_the_reply_moves_into_its_window(self):
        """Day 5 to day 7 (R2), also where the form comes back after the reply."""
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_take()
            self.concluded(complaint)
            self.tell(complaint)
        self.assertEqual(str(complaint.revisit_ids.planned_on), "2026-03-02")
        with self.at("2026-03-03 15:00"):
            self.tick(complaint, "form_returned")
        row = complaint.deadline_ids.filtered(
            lambda row: row.limit_id and row.milestone_code == "revisited"
        )
        self.assertEqual(self.local(row.not_before), "2026-03-08 00:00")
        self.assertEqual(str(complaint.revisit_ids.planned_on), "2026-03-08")

    def test_points_of_a_complaint_always_stand_on_somebody(self):
        complaint = self.complain("2026-03-02 09:00")
        told = "the responsible party, whom the points of its severity stand on"
        self.assertIn(told, [text for text, _record in complaint._get_open_ends()])
        complaint.responsible_id = self.department
        self.assertNotIn(told, [text for text, _record in complaint._get_open_ends()])

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
            # rows 227 and 244: one decision on the plan, one on who is responsible; the
            # money is in the plan
            self.assertEqual(
                sorted(complaint.approval_ids.mapped("subject")),
                ["plan", "responsibility"],
            )
            self.assertEqual(
                set(complaint.approval_ids.role_id.mapped("code")), {"general_manager"}
            )
            complaint.with_user(self.general_manager).action_approve_plan()
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
            # row 249: the head confirms the effect and signs the form
            self.assertEqual(complaint.state, "replied")
            self.approve(complaint, self.head)
        self.assertEqual(
            complaint.sudo()
            .score_ids.filtered(lambda score: score.kind == "complaint")
            .points,
            -5.0,
        )

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
            self.concluded(complaint)
            self.tick(complaint, "form_returned")
            self.tell(complaint)
        revisit = complaint.revisit_ids
        self.assertEqual(
            (revisit.user_id, str(revisit.planned_on), str(revisit.latest_on)),
            (self.head, "2026-03-09", "2026-03-09"),
        )  # day 5 is a Saturday
        with self.at("2026-03-09 09:00"):
            revisit.with_user(self.head).write(
                {
                    "score": 50,
                    "reason": "The noise is back",
                    "measures": "Test drive together",
                }
            )
            revisit.with_user(self.head).action_done()
        self.assertEqual(
            (complaint.state, complaint.handling_number),
            ("investigating", f"{complaint.name}-2"),
        )

    def test_nothing_is_answered_before_it_is_judged_whose_it_is(self):
        """Row 260: the points stand on the department that is responsible."""
        complaint = self.complain("2026-03-02 09:00")
        with (
            self.at("2026-03-02 10:00"),
            self.assertRaisesRegex(UserError, "the step “Concluded”"),
        ):
            self.tell(complaint)

    def test_major_without_money_goes_to_the_general_manager_with_its_responsibility(
        self,
    ):
        """Rows 227 and 244: the general manager decides measures and internal
        responsibility, money or not.
        """
        complaint = self.complain("2026-03-02 09:00", **self.triggers("safety"))
        with self.at("2026-03-02 10:00"):
            self.concluded(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            self.assertEqual(complaint.state, "planning")
            responsibility = complaint.approval_ids.filtered(
                lambda approval: approval.subject == "responsibility"
            )
            self.assertEqual(
                (responsibility.role_id.code, responsibility.summary),
                ("general_manager", f"{self.department.name}\nWorn roller"),
            )
            with self.assertRaisesRegex(UserError, "cannot be changed any more"):
                complaint.responsible_id = self.env.ref(
                    "quality_complaint.responsible_sales"
                )
            responsibility.with_user(self.general_manager).action_refuse(
                "It was the workshop"
            )
            self.assertEqual(
                (complaint.state, set(complaint.approval_ids.mapped("state"))),
                ("planning", {"refused", "cancelled"}),
            )
            complaint.responsible_id = self.env.ref(
                "quality_complaint.responsible_sales"
            )
            complaint.action_submit_plan()
            complaint.with_user(self.general_manager).action_approve_plan()
        self.assertEqual(complaint.state, "executing")

    def test_general_plan_needs_no_general_manager(self):
        """Row 245: general complaints are settled by the manager of the department."""
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.concluded(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
        self.assertEqual(
            (complaint.state, len(complaint.approval_ids)), ("executing", 0)
        )

    def test_customer_care_is_told_of_every_step_and_of_lateness(self):
        """Rows 235 and 247: Customer Care follows and supervises, general and major."""
        self.env.ref("quality_complaint.role_customer_care").user_ids = self.head
        messages = self.env["mail.message"].sudo()
        told = [
            ("model", "=", "quality.complaint"),
            ("message_type", "=", "user_notification"),
            ("partner_ids", "in", self.head.partner_id.ids),
        ]
        for vals in ({}, self.triggers("safety")):
            complaint = self.complain("2026-03-02 09:00", **vals)
            with self.at("2026-03-02 09:10"):
                self.tick(complaint, "handed_over")
            subjects = messages.search(
                [*told, ("res_id", "=", complaint.id)], order="id"
            ).mapped("subject")
            steps = [subject.rpartition(": ")[2] for subject in subjects]
            self.assertEqual(
                [step for step in steps if step in ("Registered", "Handed over")],
                ["Registered", "Handed over"],
            )
        self.assertIn(
            ("Hugo Head", "To the department"), self.tell_due("2026-03-02 09:40")
        )

    def test_car_background_and_demand_are_asked_for(self):
        """Rows 236 and 242."""
        complaint = self.complain("2026-03-02 09:00", background=False)
        complaint.sudo().line_ids.properties = {"plate": False}
        with (
            self.at("2026-03-02 10:00"),
            self.assertRaisesRegex(UserError, "Background.*Licence plate"),
        ):
            self.investigated(complaint)

    def test_department_is_told_and_takes_the_case_over(self):
        """Row 230: by subject to the department, which handles it from then on."""
        subject = self.env.ref("quality_complaint.defect_workshop_not_repaired")
        workshop = self.env.ref("quality_complaint.responsible_workshop")
        (subject | subject.parent_id).active = workshop.active = True
        workshop.manager_id = self.head
        rules = self.env["quality.complaint.routing"].search(
            [("department_id", "=", workshop.id)]
        )
        self.assertEqual(rules.policy_ids.mapped("code"), ["R2"])  # row 226
        self.lot.product_id.name = "Car"
        with self.at("2026-03-02 09:00"):
            complaint = self.make_complaint(
                user=self.officer,
                team_id=self.team.id,
                partner_id=self.customer.id,
                channel_id=self.channel("phone").id,
                line_ids=[(0, 0, {"defect_id": subject.id, "note": "Still stalls"})],
            )
            self.assertEqual(complaint.department_id, workshop)
            self.tick(complaint, "handed_over")
            self.tick(complaint, "passed_on")
            self.assertIn(self.head, self.told(complaint, "Take over"))
            complaint.with_user(self.head).action_take_over()
        self.assertEqual(complaint.user_id, self.head)
