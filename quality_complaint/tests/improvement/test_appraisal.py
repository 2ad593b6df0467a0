from io import BytesIO

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .figures import FiguresCase


@tagged("post_install", "-at_install")
class TestAppraisal(FiguresCase):
    """Points of a month, answered by whoever they are about, confirmed by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.department.manager_id = cls.employee
        cls.complaint = cls.received(
            "2026-10-05 09:00:00", responsible_id=cls.department.id
        )
        cls.complaint.user_id = cls.handler
        scores = cls.env["quality.complaint.score"].sudo()
        for kind, day, points in (
            ("complaint", "2026-10-20", -5.0),
            ("late", "2026-10-31", -2.0),
            ("late", "2026-11-01", -2.0),
        ):
            deadline = (
                cls.complaint.sudo()
                .deadline_ids.filtered("limit_id")
                .filtered(lambda row: row.id not in scores.search([]).deadline_id.ids)[
                    :1
                ]
            )
            scores.create(
                {
                    "complaint_id": cls.complaint.id,
                    "kind": kind,
                    "date": day,
                    "deadline_id": deadline.id if kind == "late" else False,
                    "user_id": cls.handler.id,
                    "proposed_points": points,
                    "points": points,
                }
            )
        cls.env["quality.complaint.merit"].create(
            [
                {
                    "kind": "praise",
                    "date": "2026-10-12",
                    "company_id": cls.company.id,
                    "department_id": cls.department.id,
                    "reason": "Stopped the line at once",
                    "points": 3.0,
                },
                {
                    "kind": "criticism",
                    "date": "2026-10-13",
                    "company_id": cls.company.id,
                    "user_id": cls.handler.id,
                    "reason": "Rude on the phone",
                    "points": -1.0,
                },
            ]
        )

    def make_appraisal(self, **vals):
        return (
            self.env["quality.complaint.appraisal"]
            .with_user(self.manager)
            .create({"company_id": self.company.id, "date_from": "2026-10-15", **vals})
        )

    def points(self, row):
        """What for, and how many points, without indicators."""
        return [(line.kind, line.points) for line in row.line_ids if line.kind != "kpi"]

    def test_department_gets_its_complaints_steps_and_praise(self):
        row = self.make_appraisal(department_id=self.department.id)
        self.assertEqual(row.name, f"2026-10 · {self.department.name}")
        self.assertEqual(
            self.points(row),
            [("points", -5.0), ("points", -2.0), ("praise", 3.0)],
        )
        self.assertEqual(row.total, -4.0)

    def test_person_gets_late_steps_and_criticism_once_it_is_switched_on(self):
        with self.assertRaises(UserError) as caught:
            self.make_appraisal(user_id=self.handler.id)
        self.assertIn("does not appraise persons", str(caught.exception))
        self.company.complaint_accountability = True
        row = self.make_appraisal(user_id=self.handler.id)
        self.assertEqual(self.points(row), [("points", -2.0), ("criticism", -1.0)])

    def test_indicators_give_what_was_reached_of_the_points_of_the_policy(self):
        for name, target in (("response_in_time", 90.0), ("repeats", 10.0)):
            self.env["quality.complaint.kpi.target"].create(
                {
                    "kpi_id": self.env.ref(f"quality_complaint.kpi_{name}").id,
                    "company_id": self.company.id,
                    "date_from": "2026-01-01",
                    "target": target,
                }
            )
        self.complaint.sudo().deadline_ids.filtered("limit_id").unlink()
        for late in (False, True):
            other = self.received(
                "2026-10-06 09:00:00", responsible_id=self.department.id
            )
            other.sudo().deadline_ids.filtered("limit_id").unlink()
            self.limit_of(
                other,
                "responded",
                "2026-10-06 12:00:00",
                "2026-10-06 13:00:00" if late else "2026-10-06 11:00:00",
            )
        policy = self.env.ref("quality_complaint.policy_r1").copy({"active": True})
        policy.kpi_weight_ids = [
            Command.create(
                {
                    "kpi_id": self.env.ref(f"quality_complaint.kpi_{name}").id,
                    "points": points,
                }
            )
            for name, points in (
                ("response_in_time", 18.0),
                ("repeats", 30.0),
                ("satisfaction", 20.0),
            )
        ]
        self.company.complaint_policy_id = policy
        row = self.make_appraisal(department_id=self.department.id)
        found = {
            line.label: (line.at_most, line.points)
            for line in row.line_ids
            if line.kind == "kpi"
        }
        # half of the answers in time: 50 of 90 percent
        self.assertEqual(
            found["First response in time: 50.0 % (target 90.0 %)"], (18.0, 10.0)
        )
        # two of three are alike
        repeats = "Repeat rate of the same problem: 66.7 % (target 10.0 %)"
        self.assertEqual(found.pop(repeats)[0], 30.0)
        # no customer was asked, and no target: no points
        self.assertNotIn("Customer satisfaction", str(found))
        self.assertEqual(found["Steps in time: 50.0 %"], (0.0, 0.0))

    def test_says_when_the_policy_gives_no_points(self):
        row = self.make_appraisal(department_id=self.department.id)
        self.assertTrue(row.without_points)
        policy = self.policy.copy({"active": True})
        policy.kpi_weight_ids = [
            Command.create(
                {
                    "kpi_id": self.env.ref("quality_complaint.kpi_repeats").id,
                    "points": 5.0,
                }
            )
        ]
        self.company.complaint_policy_id = policy
        row.invalidate_recordset()
        self.assertFalse(row.without_points)

    def test_justified_complaint_about_a_person_is_named(self):
        with self.assertRaisesRegex(ValidationError, "does not appraise persons"):
            self.complaint.complained_user_id = self.handler
        self.company.complaint_accountability = True
        self.complaint.complained_user_id = self.handler
        self.complaint.sudo()._advance(
            {
                "state": "closed",
                "closed_on": "2026-10-30 10:00:00",
                "validity": "valid",
            }
        )
        row = self.make_appraisal(user_id=self.handler.id)
        line = row.line_ids.filtered(lambda line: line.kind == "complained")
        self.assertEqual(
            line.label, f"{self.complaint.name}: {self.complaint.severity_id.name}"
        )
        line.points = -3.0
        self.assertEqual(row.total, -6.0)
        # whoever only handles complaints does not see who it is about
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.employee).read(["complained_user_id"])

    def test_spreadsheet_for_the_personnel_department(self):
        row = self.make_appraisal(department_id=self.department.id)
        row.line_ids = [Command.create({"label": "=1+1", "points": 1.5})]
        self.assertIn("/web/content/", row.action_xlsx()["url"])
        sums, points = load_workbook(BytesIO(row._xlsx())).worksheets
        heads, figures = (
            list(cells) for cells in sums.iter_rows(min_row=1, values_only=True)
        )
        self.assertEqual(figures[0], "2026-10")
        self.assertEqual(figures[1], self.department.name)
        self.assertEqual(figures[heads.index("Praise")], 3.0)
        self.assertEqual(figures[heads.index("Points of the policy")], -7.0)
        self.assertEqual(figures[heads.index("Sum of Points")], -2.5)
        texts = [cells[4] for cells in points.iter_rows(min_row=2)]
        self.assertEqual(len(texts), len(row.line_ids))
        self.assertEqual({cell.data_type for cell in texts}, {"s"})

    def test_inspection_is_named_and_a_manager_gives_the_points(self):
        inspection = (
            self.env["quality.complaint.management.inspection"]
            .with_user(self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "date": "2026-10-28",
                    "line_ids": [
                        Command.create(
                            {
                                "complaint_id": self.complaint.id,
                                "timely": "no",
                                "reasonable": "yes",
                                "satisfied": "yes",
                                "effective": "yes",
                                "finding": "Two days on a desk",
                            }
                        )
                    ],
                }
            )
        )
        inspection.action_done()
        row = self.make_appraisal(department_id=self.department.id)
        line = row.line_ids.filtered(lambda line: line.kind == "inspection")
        self.assertEqual(
            line.label, f"{self.complaint.name}: not Timely. Two days on a desk"
        )
        line.points = -1.0
        self.assertEqual(row.total, -5.0)

    def test_answered_by_the_head_and_confirmed_by_another(self):
        row = self.make_appraisal(department_id=self.department.id)
        head = row.with_user(self.employee)
        with self.assertRaises(AccessError):
            head.read(["total"])
        with self.assertRaisesRegex(UserError, "not possible any more, or not yet"):
            row.action_confirm()
        row.action_ask()
        self.assertEqual(head.total, -4.0)
        self.assertEqual(len(self.points(head)), 3)
        with self.assertRaisesRegex(UserError, "not possible any more"):
            row.line_ids[0].points = 0.0
        with self.assertRaisesRegex(UserError, "Only Emil Employee answers"):
            row.action_state("He said so")
        action = head.action_ask_statement()
        self.env["quality.complaint.reason"].with_user(self.employee).with_context(
            **action["context"]
        ).create({"reason": "The press was new"}).action_confirm()
        self.assertEqual((row.state, row.statement), ("answered", "The press was new"))
        self.assertEqual(row.answered_by_id, self.employee)
        # whoever prepared it is told
        self.assertEqual(row.activity_ids.user_id, self.manager)
        row.action_take_back()
        self.assertEqual((row.state, row.statement), ("draft", "The press was new"))
        self.assertFalse(row.activity_ids)
        row.line_ids.filtered(lambda line: line.kind == "points")[0].points = -4.0
        with self.assertRaisesRegex(UserError, "not possible any more, or not yet"):
            row.action_take_back()
        row.action_ask()
        head.action_state("Thank you")
        row.action_confirm()
        self.assertEqual(row.confirmed_by_id, self.manager)
        with self.assertRaisesRegex(UserError, "is confirmed and stays"):
            row.unlink()

    def test_nobody_confirms_their_own(self):
        self.department.manager_id = self.manager
        row = self.make_appraisal(department_id=self.department.id)
        row.action_ask()
        row.action_state("Fine")
        with self.assertRaisesRegex(UserError, "ask another manager"):
            row.action_confirm()

    def test_department_without_a_head_cannot_answer(self):
        self.department.manager_id = False
        row = self.make_appraisal(department_id=self.department.id)
        with self.assertRaisesRegex(UserError, "has no head who could answer"):
            row.action_ask()

    def test_collected_anew_without_what_a_manager_added(self):
        row = self.make_appraisal(department_id=self.department.id)
        row.line_ids = [
            Command.create({"label": "Helped another plant", "points": 1.0})
        ]
        row.action_refill()
        self.assertEqual(row.total, -3.0)
        self.assertEqual(len(self.points(row)), 4)

    def test_one_a_month_and_about_somebody(self):
        self.make_appraisal(department_id=self.department.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_appraisal(department_id=self.department.id)
        with self.assertRaisesRegex(UserError, "Say whom it is about"):
            self.make_appraisal()
        merits = self.env["quality.complaint.merit"]
        with self.assertRaisesRegex(ValidationError, "Say whom it is about"):
            merits.create({"kind": "praise", "reason": "Good"})
        with self.assertRaisesRegex(ValidationError, "criticism takes some"):
            merits.create(
                {
                    "kind": "criticism",
                    "reason": "Bad",
                    "points": 2.0,
                    "user_id": self.handler.id,
                }
            )

    def test_others_and_other_companies_read_nothing(self):
        row = self.make_appraisal(department_id=self.department.id)
        row.action_ask()
        merit = self.env["quality.complaint.merit"].search(
            [("user_id", "=", self.handler.id)]
        )
        for user in (self.officer, self.engineer):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["total"])
            with self.assertRaises(AccessError):
                merit.with_user(user).read(["reason"])
        self.assertEqual(merit.with_user(self.handler).reason, "Rude on the phone")
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            row.with_context(allowed_company_ids=other.ids).read(["total"])
