from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestCaseReview(FiguresCase):
    """A meeting looks back at cases; what it decides is followed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.usual = cls.received("2026-11-02 09:00:00")
        cls.late = cls.received("2026-11-03 09:00:00")
        cls.limit_of(cls.late, "replied", moment("2026-11-05 09:00"))
        cls.serious = cls.received("2026-11-04 09:00:00")
        cls.serious.write(
            {"severity_id": cls.major.id, "severity_reason": "A line stood still"}
        )
        for complaint in cls.usual | cls.late | cls.serious:
            complaint.sudo().deadline_ids.filtered(
                lambda row, late=cls.late: (
                    row.limit_id
                    and (row.complaint_id != late or row.milestone_code != "replied")
                )
            ).unlink()
            complaint.sudo()._advance({"repeat_rank": 1})
        cls.settle()

    def make_review(self, user=None):
        return (
            self.env["quality.complaint.case.review"]
            .with_user(user or self.officer)
            .create({"company_id": self.company.id, "date": "2026-11-25"})
        )

    def test_cases_worth_looking_at_are_proposed(self):
        review = self.make_review()
        review.action_propose()
        self.assertEqual(
            {line.complaint_id: line.reason for line in review.line_ids},
            {self.late: "late", self.serious: "major"},
        )
        review.action_propose()
        self.assertEqual(len(review.line_ids), 2, "each once")

    def test_what_was_looked_at_before_is_not_proposed_again(self):
        review = self.make_review()
        review.action_propose()
        review.line_ids.good = "Quick"
        review.action_done()
        later = self.make_review()
        later.date = "2026-11-26"
        later.action_propose()
        self.assertFalse(later.line_ids)

    def test_every_case_is_talked_about_and_decisions_have_an_owner(self):
        review = self.make_review()
        with self.assertRaisesRegex(UserError, "no case was looked at"):
            review.action_done()
        review.action_propose()
        with self.assertRaisesRegex(UserError, "what was good or bad"):
            review.action_done()
        review.line_ids.bad = "The customer waited"
        line = review.line_ids[0]
        line.decision = "Call back within an hour"
        with self.assertRaisesRegex(UserError, "Department, Owner, Due"):
            review.action_done()
        line.write(
            {
                "department_id": self.department.id,
                "user_id": self.handler.id,
                "due_on": "2026-12-10",
            }
        )
        review.action_done()
        action = line.problem_id.action_ids
        self.assertEqual(action.name, "Call back within an hour")
        self.assertEqual(
            (action.user_id, action.department_id, action.due_on.date()),
            (self.handler, self.department, date(2026, 12, 10)),
        )
        self.assertEqual(line.problem_id.state, "open")
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            line.bad = "Nothing"
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            review.note = "Nothing"
        with self.assertRaisesRegex(UserError, "is finished and stays"):
            review.unlink()
        with self.assertRaisesRegex(UserError, "its cases stay"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "its cases stay"):
            line.create({"review_id": review.id, "complaint_id": self.usual.id})
        with self.assertRaises(UserError):
            line.review_id = self.make_review()

    def test_handlers_and_other_companies_see_none(self):
        review = self.make_review()
        with self.assertRaises(AccessError):
            review.with_user(self.handler).read(["note"])
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            review.with_user(self.manager).with_context(
                allowed_company_ids=other.ids
            ).read(["note"])


@tagged("post_install", "-at_install")
class TestLesson(FiguresCase):
    """What was learned helps where the like is complained of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.solved = cls.received("2026-11-02 09:00:00")
        cls.action = cls.env["quality.complaint.action"].create(
            {
                "name": "Change the rollers by tonnage",
                "complaint_id": cls.solved.id,
                "user_id": cls.handler.id,
            }
        )

    def make_lesson(self, complaint):
        action = complaint.with_user(self.officer).action_make_lesson()
        return (
            self.env["quality.complaint.lesson"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"name": "Worn rollers scratch"})
        )

    def test_only_a_solved_case_teaches(self):
        with self.assertRaisesRegex(UserError, "is not solved yet"):
            self.solved.action_make_lesson()

    def solve(self):
        with freeze_time("2026-11-04 09:00:00"):
            self.investigated(self.solved)
            self.plan(self.solved, "explanation")
            self.solved.action_submit_plan()
            self.solved.action_execute()
            self.tell(self.solved)
        self.action.action_done("Changed")
        self.action.with_user(self.engineer).action_effective("No scratch in 40 t")
        return self.solved

    def test_prefilled_from_the_file(self):
        lesson = self.make_lesson(self.solve())
        self.assertEqual(
            (lesson.product_id, lesson.defect_id, lesson.cause_id, lesson.complaint_id),
            (self.strip, self.scratch, self.cause, self.solved),
        )
        self.assertEqual(lesson.happened, "Scratched surface")
        self.assertEqual(lesson.corrected, "Change the rollers by tonnage")
        self.assertIn("No scratch in 40 t", lesson.effect)
        self.assertEqual(lesson.categ_id, self.strip.categ_id)

    def test_shown_where_the_like_is_complained_of(self):
        lesson = self.make_lesson(self.solve())
        same = self.received("2026-11-20 09:00:00")
        self.assertIn("Worn rollers scratch", same.with_user(self.officer).lesson_table)
        lessons = self.env["quality.complaint.lesson"]
        self.assertEqual(lessons._helpful(same._lesson_case()), lesson)
        self.assertFalse(
            lessons._helpful(self.solved._lesson_case()), "its own file knows it"
        )
        other_defect = self.received(
            "2026-11-20 09:00:00",
            line_ids=[
                Command.create(
                    {
                        "product_id": self.strip.id,
                        "defect_id": self.env.ref(
                            "quality_complaint.defect_dimension"
                        ).id,
                        "quantity": 1,
                    }
                )
            ],
        )
        self.assertFalse(lessons._helpful(other_defect._lesson_case()))
        lesson.sudo().company_id = self.env["res.company"].create(
            {"name": "Other Works"}
        )
        self.assertFalse(lessons._helpful(same._lesson_case()))

    def test_shown_where_causes_and_actions_are_chosen(self):
        self.make_lesson(self.solve())
        same = self.received("2026-11-20 09:00:00")
        same.with_user(self.engineer).action_start_8d()
        report = same.eight_d_id.with_user(self.engineer)
        self.assertIn("Worn rollers scratch", report.lesson_table)
        for vals in (
            {"complaint_id": same.id},
            {"eight_d_id": report.id, "complaint_id": False},
            {
                "problem_id": self.env["quality.complaint.problem"]
                .create(
                    {
                        "name": "Scratches",
                        "product_id": self.strip.id,
                        "defect_id": self.scratch.id,
                    }
                )
                .id
            },
        ):
            # while it is typed
            action = (
                self.env["quality.complaint.action"].with_user(self.engineer).new(vals)
            )
            self.assertIn("Worn rollers scratch", action.lesson_table, vals)
        # its own report knows it
        own = self.solved.with_user(self.engineer)
        own.action_start_8d()
        self.assertFalse(own.eight_d_id.lesson_table)

    def test_from_an_eight_d_report(self):
        self.solved.with_user(self.engineer).action_start_8d()
        report = self.solved.eight_d_id
        report.sudo().lessons = "Tonnage counts, not days.\nMore."
        action = report.with_user(self.engineer).action_make_lesson()
        self.assertEqual(action["context"]["default_name"], "Tonnage counts, not days.")
        self.assertEqual(action["context"]["default_eight_d_id"], report.id)

    def test_handlers_read_lessons_and_write_none(self):
        lesson = self.make_lesson(self.solve())
        self.assertEqual(lesson.with_user(self.handler).name, "Worn rollers scratch")
        with self.assertRaises(AccessError):
            lesson.with_user(self.handler).name = "Mine"
        with self.assertRaises(AccessError):
            lesson.with_user(self.employee).read(["name"])
