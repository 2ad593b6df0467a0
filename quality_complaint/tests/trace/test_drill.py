from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command, Datetime
from odoo.tests import freeze_time, tagged

from .test_recall import RecallCase

START = "2026-11-25 09:30:00"


@tagged("post_install", "-at_install")
class TestDrill(RecallCase):
    """The same lists against the clock; stock and customers notice nothing."""

    def drill(self, **vals):
        return (
            self.env["quality.complaint.recall"]
            .with_user(self.officer)
            .create(
                {
                    "kind": "drill",
                    "name_of_goods": "Drill",
                    "class_id": self.env.ref("quality_complaint.recall_class_own").id,
                    "question_ids": [
                        Command.create(
                            {"name": "Count it", "user_id": self.engineer.id}
                        )
                    ],
                    **vals,
                }
            )
        )

    def test_clock_stops_with_the_last_answer(self):
        drill = self.drill(root_lot_ids=[Command.set(self.bad.ids)])
        with freeze_time(START):
            drill.action_start_drill()
        self.assertEqual((drill.state, drill.hold_id.id), ("running", False))
        self.assertFalse(self.bad.complaint_held)
        self.assertEqual(
            {row.partner_id for row in drill.consignee_ids},
            {self.customer, self.distributor},
        )
        question = drill.question_ids
        with self.assertRaisesRegex(UserError, "the answer of Quentin"):
            drill.action_finish_drill()
        with self.assertRaisesRegex(UserError, "write the answer"):
            question.with_user(self.engineer).action_answered()
        with freeze_time(Datetime.to_datetime(START) + timedelta(hours=3)):
            question.with_user(self.engineer).answer = "9 on the shelf"
            question.with_user(self.engineer).action_answered()
        drill.conclusion = "All there"
        with freeze_time(Datetime.to_datetime(START) + timedelta(hours=9)):
            drill.action_finish_drill()
        drill.invalidate_recordset()
        self.assertEqual(
            (drill.state, drill.hours_used, drill.is_passed, drill.explained_percent),
            ("closed", 3, True, 100),
        )

    def test_colleagues_without_complaints_answer_on_a_page(self):
        drill = self.drill(
            root_lot_ids=[Command.set(self.bad.ids)],
            question_ids=[
                Command.create(
                    {"name": "Count it", "user_id": self.warehouse_worker.id}
                )
            ],
        )
        drill.action_start_drill()
        question = drill.question_ids
        told = self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.warehouse_worker.partner_id.ids),
                ("body", "ilike", f"/my/drill-question/{question.id}"),
            ]
        )
        self.assertIn("BAD-1", told.body)
        for user in (self.engineer, self.officer, self.accountant):
            self.assertFalse(question.with_user(user)._portal_open(user))
        mine = question.with_user(self.warehouse_worker)._portal_open(
            self.warehouse_worker
        )
        with self.assertRaisesRegex(UserError, "write the answer"):
            mine._answered(" ")
        mine._answered("9 on the shelf")
        self.assertEqual(
            (question.answer, question.answered_by_id),
            ("9 on the shelf", self.warehouse_worker),
        )
        self.assertTrue(question.answered_on)

    def test_what_comes_to_mind_while_the_clock_runs_is_asked_at_once(self):
        drill = self.drill(root_lot_ids=[Command.set(self.bad.ids)], question_ids=[])
        drill.action_start_drill()
        drill.question_ids = [
            Command.create({"name": "And the van?", "user_id": self.engineer.id})
        ]
        self.assertTrue(drill.question_ids.asked_on)
        self.assertIn(
            self.engineer,
            drill.activity_ids.filtered(
                lambda row: "And the van?" in row.summary
            ).user_id,
        )

    def test_report_says_goal_time_answers_and_result(self):
        drill = self.drill(root_lot_ids=[Command.set(self.bad.ids)])
        with freeze_time(START):
            drill.action_start_drill()
        with freeze_time(Datetime.to_datetime(START) + timedelta(hours=3)):
            drill.question_ids.answer = "9 on the shelf"
            drill.question_ids.action_answered()
        render = self.env["ir.actions.report"].with_user(self.officer)._render_qweb_html
        paper = render("quality_complaint.recall_file", drill.ids)[0].decode()
        for words in (
            "Report of a Recall Drill",
            "召回演练报告",
            "4 h, 100 %",
            "3.00 h, 100.0 %",
            "9 on the shelf",
            "Count it",
            self.customer.name,
        ):
            self.assertIn(words, paper)
        for words in ("Recall File", "Effectiveness", "Witnesses"):
            self.assertNotIn(words, paper)

    def test_too_late_is_not_passed(self):
        drill = self.drill(root_lot_ids=[Command.set(self.bad.ids)], goal_hours=2)
        with freeze_time(START):
            drill.action_start_drill()
        with freeze_time(Datetime.to_datetime(START) + timedelta(hours=3)):
            drill.question_ids.answer = "Counted"
            drill.question_ids.action_answered()
        drill.invalidate_recordset()
        self.assertFalse(drill.is_passed)

    def test_a_lot_is_drawn_and_nobody_is_written_to(self):
        drill = self.drill()
        drill.action_start_drill()
        self.assertEqual(drill.root_lot_ids, self.bad)
        with self.assertRaisesRegex(UserError, "This is a drill"):
            drill.action_send_notices()
        with self.assertRaisesRegex(UserError, "nobody decides"):
            self.drill().action_propose()

    def test_next_drill_is_planned_after_six_months(self):
        drills = self.env["quality.complaint.recall"]
        self.company.write(
            {"complaint_drill_months": 6, "complaint_drill_user_id": self.engineer.id}
        )

        def planned():
            drills._cron_drill()
            return drills.search_count(
                [("kind", "=", "drill"), ("company_id", "=", self.company.id)]
            )

        with freeze_time("2026-01-10 08:00:00"):
            self.assertEqual(planned(), 1)
            self.assertEqual(planned(), 1)
        with freeze_time("2026-07-09 08:00:00"):
            self.assertEqual(planned(), 1)
        with freeze_time("2026-07-10 08:00:00"):
            self.assertEqual(planned(), 2)
