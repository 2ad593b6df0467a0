from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestManagementInspection(FiguresCase):
    """Management looks at closed cases; what it finds is followed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.cases = cls.env["quality.complaint"]
        for day in (2, 3, 4):
            complaint = cls.received(f"2026-11-{day:02} 09:00:00")
            complaint.sudo().deadline_ids.filtered("limit_id").unlink()
            complaint.sudo()._advance(
                {"state": "closed", "closed_on": moment(f"2026-11-{day + 10} 09:00")}
            )
            cls.cases |= complaint
        cls.limit_of(
            cls.cases[0],
            "replied",
            moment("2026-11-05 09:00"),
            moment("2026-11-06 09:00"),
        )
        cls.limit_of(
            cls.cases[1],
            "replied",
            moment("2026-11-06 09:00"),
            moment("2026-11-05 09:00"),
        )
        cls.settle()

    def make_inspection(self, **vals):
        return (
            self.env["quality.complaint.management.inspection"]
            .with_user(self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "closed_from": "2026-11-01",
                    "closed_to": "2026-11-25",
                    **vals,
                }
            )
        )

    def test_sample_is_drawn_and_figures_are_proposed(self):
        inspection = self.make_inspection(sample_size=2)
        inspection.action_sample()
        self.assertEqual(len(inspection.line_ids), 2)
        with self.assertRaisesRegex(UserError, "no further case can be drawn"):
            inspection.action_sample()
        inspection.sample_size = 9
        inspection.action_sample()
        found = {line.complaint_id: line for line in inspection.line_ids}
        self.assertEqual(found.keys(), set(self.cases))
        self.assertEqual(
            [found[case].timely for case in self.cases], ["no", "yes", False]
        )
        self.assertFalse(any(line.satisfied for line in inspection.line_ids))

    def test_every_check_is_answered_and_findings_are_followed(self):
        inspection = self.make_inspection()
        with self.assertRaisesRegex(UserError, "no case was looked at"):
            inspection.action_done()
        inspection.line_ids = [Command.create({"complaint_id": self.cases[0].id})]
        line = inspection.line_ids
        with self.assertRaisesRegex(
            UserError, "Reasonable, Customer Satisfied, Effective, Finding"
        ):
            inspection.action_done()
        line.write(
            {
                "reasonable": "yes",
                "satisfied": "unclear",
                "effective": "yes",
                "finding": "The letter lay for a day",
                "decision": "Answer letters the same day",
                "department_id": self.department.id,
                "user_id": self.handler.id,
                "due_on": "2026-12-10",
            }
        )
        inspection.action_done()
        action = line.problem_id.action_ids
        self.assertEqual(
            (action.name, action.user_id, action.due_on.date()),
            ("Answer letters the same day", self.handler, date(2026, 12, 10)),
        )
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            line.effective = "no"
        with self.assertRaisesRegex(UserError, "is finished and stays"):
            inspection.unlink()

    def test_officers_read_and_do_not_inspect(self):
        inspection = self.make_inspection()
        officer = inspection.with_user(self.officer)
        self.assertEqual(officer.sample_size, 5)
        with self.assertRaises(AccessError):
            officer.action_sample()
        with self.assertRaises(AccessError):
            inspection.with_user(self.handler).read(["sample_size"])

    def planned(self, day):
        """What the job of a day plans."""
        with freeze_time(f"{day} 01:00:00"):
            self.env["quality.complaint.analysis"]._cron_make()
        return self.env["quality.complaint.management.inspection"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_planned_on_the_first_working_day_with_a_sample(self):
        self.assertFalse(self.planned("2026-12-01"), "not wanted")
        self.company.write(
            {
                "complaint_inspection_every": "month",
                "complaint_inspector_id": self.manager.id,
                "complaint_analysis_made_on": False,
            }
        )
        inspection = self.planned("2026-12-01")
        self.assertEqual(
            (inspection.closed_from, inspection.closed_to, inspection.user_id),
            (date(2026, 11, 1), date(2026, 11, 30), self.manager),
        )
        self.assertEqual(inspection.line_ids.complaint_id, self.cases)
        self.assertEqual(inspection.activity_ids.user_id, self.manager)
        self.company.complaint_analysis_made_on = False
        self.assertEqual(self.planned("2026-12-02"), inspection, "once a month")
        self.company.complaint_analysis_made_on = False
        self.assertEqual(self.planned("2027-01-04"), inspection, "nothing was closed")

    def test_planned_by_the_quarter(self):
        self.company.write(
            {
                "complaint_inspection_every": "quarter",
                "complaint_inspector_id": self.manager.id,
            }
        )
        self.assertFalse(self.planned("2026-12-01"), "the third was empty")
        self.company.complaint_analysis_made_on = False
        inspection = self.planned("2027-01-04")
        self.assertEqual(
            (inspection.closed_from, inspection.closed_to),
            (date(2026, 10, 1), date(2026, 12, 31)),
        )

    def test_minutes_and_inspection_are_printed(self):
        inspection = self.make_inspection()
        inspection.line_ids = [
            Command.create(
                {
                    "complaint_id": self.cases[0].id,
                    "reasonable": "yes",
                    "satisfied": "no",
                    "finding": "Two days on a desk",
                    "decision": "A second desk",
                    "department_id": self.department.id,
                    "user_id": self.handler.id,
                    "due_on": "2026-12-20",
                }
            )
        ]
        review = self.env["quality.complaint.case.review"].create(
            {
                "company_id": self.company.id,
                "date": "2026-11-20",
                "participant_ids": [Command.set(self.officer.ids)],
                "guests": "Peter Plant",
                "note": "Next time in December.",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_id": self.cases[1].id,
                            "good": "Answered within an hour",
                        }
                    )
                ],
            }
        )
        for report, docs, expected in (
            (
                "management_inspection",
                inspection,
                (
                    "Inspection by Management",
                    "管理层监督检查",
                    self.cases[0].name,
                    "Two days on a desk",
                    "A second desk",
                    "Hans Handler",
                    "Dec 20, 2026",
                ),
            ),
            (
                "case_review",
                review,
                (
                    "Minutes of a Case Review",
                    "案例复盘",
                    "Peter Plant",
                    "Olga Officer",
                    "Answered within an hour",
                    "Next time in December.",
                ),
            ),
        ):
            html, _kind = (
                self.env["ir.actions.report"]
                .with_user(self.manager)
                ._render_qweb_html(
                    f"quality_complaint.action_report_{report}", docs.ids
                )
            )
            for text in expected:
                self.assertIn(text, html.decode())
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(
                    self.employee
                )._render_qweb_html(
                    f"quality_complaint.action_report_{report}", docs.ids
                )


@tagged("post_install", "-at_install")
class TestAccountability(FiguresCase):
    """Who is held to account is heard, and only they and managers read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.company.complaint_accountability = True
        cls.complaint = cls.received("2026-11-02 09:00:00")

    def make_case(self, **vals):
        return (
            self.env["quality.complaint.accountability"]
            .with_user(self.manager)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "kind": "evasion",
                    "user_id": self.handler.id,
                    "fault": "The call was not recorded for two days",
                    **vals,
                }
            )
        )

    def test_off_until_switched_on(self):
        self.company.complaint_accountability = False
        with self.assertRaisesRegex(UserError, "Accountability of Persons"):
            self.make_case()

    def test_person_is_heard_before_it_is_decided(self):
        case = self.make_case()
        self.assertEqual(case.activity_ids.user_id, self.handler)
        case.write({"decision": "A talk", "consequence": "Training"})
        with self.assertRaisesRegex(
            UserError, "still missing: Statement of the Person"
        ):
            case.action_decide()
        person = case.with_user(self.handler)
        self.assertTrue(person.is_mine)
        action = person.action_ask_statement()
        self.env["quality.complaint.reason"].with_user(self.handler).with_context(
            **action["context"]
        ).create({"reason": "I was ill"}).action_confirm()
        self.assertEqual((case.statement, case.state), ("I was ill", "heard"))
        self.assertFalse(case.activity_ids)
        case.action_decide()
        self.assertEqual((case.state, case.decided_by_id), ("decided", self.manager))
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            case.decision = "Another"
        with self.assertRaisesRegex(UserError, "before it is decided"):
            person.action_state("Later")
        with self.assertRaisesRegex(UserError, "stays in the file"):
            case.unlink()

    def test_who_does_not_answer_is_decided_on_all_the_same(self):
        case = self.make_case(statement_refused=True)
        case.write({"decision": "A talk", "consequence": "Training"})
        case.action_decide()
        self.assertEqual(case.state, "decided")

    def test_nobody_speaks_or_decides_for_another(self):
        case = self.make_case()
        with self.assertRaisesRegex(UserError, "Only Hans Handler gives"):
            case.action_state("He said so")
        with self.assertRaises(UserError):
            case.statement = "He said so"
        with self.assertRaises(AccessError):
            case.with_user(self.handler).fault = "Nothing"
        with self.assertRaises(AccessError):
            case.with_user(self.handler).action_decide()
        with self.assertRaisesRegex(UserError, "Nobody holds themselves"):
            self.make_case(user_id=self.manager.id)

    def test_only_managers_and_the_person_read_it(self):
        case = self.make_case()
        self.assertEqual(case.with_user(self.handler).kind, "evasion")
        for user in (self.officer, self.engineer, self.employee):
            with self.assertRaises(AccessError):
                case.with_user(user).read(["kind"])
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            case.with_context(allowed_company_ids=other.ids).read(["kind"])
