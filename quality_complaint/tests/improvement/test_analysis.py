from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestAnalysis(FiguresCase):
    """The analysis of a month: frozen, commented, approved, circulated, read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.burr = cls.env.ref("quality_complaint.defect_dimension")
        cls.department.manager_id = cls.employee
        for day in (5, 6, 7):
            cls.received(f"2026-10-{day:02} 09:00:00", responsible_id=cls.department.id)
        cls.other = cls.received(
            "2026-10-20 09:00:00",
            partner_id=cls.distributor.id,
            line_ids=[
                Command.create(
                    {
                        "product_id": cls.strip.id,
                        "defect_id": cls.burr.id,
                        "quantity": 1,
                    }
                )
            ],
        )
        cls.received("2026-09-10 09:00:00")
        cls.received("2025-10-10 09:00:00")
        cls.settle()

    @classmethod
    def make_analysis(cls, **vals):
        return cls.env["quality.complaint.analysis"].create(
            {"company_id": cls.company.id, "date_from": "2026-10-15", **vals}
        )

    @classmethod
    def answered(cls, analysis):
        analysis.write(
            {
                "sales_comment": "Two customers, the same press.",
                "quality_comment": "Rollers are worn.",
            }
        )
        analysis.problem_ids.write(
            {
                "answer": "The rollers are changed too late.",
                "measure": "Change the rollers every 400 tons\nand record it.",
                "department_id": cls.department.id,
                "user_id": cls.handler.id,
                "due_on": "2026-12-20",
            }
        )
        return analysis

    def rows(self, analysis, dimension):
        return analysis.line_ids.filtered(lambda row: row.dimension == dimension)

    def test_counts_shares_and_what_they_are_compared_with(self):
        analysis = self.make_analysis()
        self.assertEqual(analysis.name, "2026-10")
        self.assertEqual(
            (analysis.date_from, analysis.date_to),
            (date(2026, 10, 1), date(2026, 10, 31)),
        )
        totals = {row.code: row for row in analysis.total_ids}
        self.assertEqual(
            [totals["received"][name] for name in ("value", "previous", "last_year")],
            [4.0, 1.0, 1.0],
        )
        defects = self.rows(analysis, "defect")
        self.assertEqual(
            [(row.label, row.count, row.share, row.cumulative) for row in defects],
            [
                (self.scratch.display_name, 3, 75.0, 75.0),
                (self.burr.display_name, 1, 25.0, 100.0),
            ],
        )
        self.assertEqual(defects.mapped("previous"), [1.0, 0.0])
        self.assertEqual(
            [(row.label, row.count) for row in self.rows(analysis, "customer")],
            [("Northwind Motors", 3), ("Metal Traders", 1)],
        )
        self.assertEqual(
            [(row.label, row.count) for row in self.rows(analysis, "department")],
            [(self.department.name, 3), ("Not said", 1)],
        )
        ages = self.rows(analysis, "age")
        self.assertEqual(ages.mapped("count"), [0, 4, 1, 1])
        kpis = {row.code: row for row in analysis.kpi_line_ids}
        self.assertEqual(
            (kpis["closed"].numerator, kpis["closed"].denominator), (0.0, 4.0)
        )
        self.assertEqual(kpis["satisfaction"].value_text, "–", "nobody was asked")

    def test_row_opens_what_it_stands_for(self):
        self.limit_of(self.other, "replied", moment("2026-10-22 09:00"))
        self.settle()
        row = self.rows(self.make_analysis(), "overdue").filtered(
            lambda row: row.res_id == self.other.id and row.value == 9
        )[:1]
        self.assertIn(self.other.name, row.label)
        self.assertEqual(row.count_text, "9 days late")
        action = row.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (self.other._name, self.other.id)
        )

    def test_figures_stay_when_the_complaints_change(self):
        analysis = self.make_analysis()
        before = [(row.label, row.count, row.loss) for row in analysis.line_ids]
        self.other.write({"partner_id": self.customer.id, "loss_amount": 500.0})
        self.scratch.name = "Renamed"
        self.settle()
        self.assertEqual(
            [(row.label, row.count, row.loss) for row in analysis.line_ids], before
        )
        with self.assertRaisesRegex(UserError, "give a reason"):
            analysis.action_recompute("")
        action = analysis.action_ask_recompute()
        dialog = (
            self.env["quality.complaint.reason"]
            .with_context(**action["context"])
            .create({"reason": "The customer was corrected"})
        )
        dialog.action_confirm()
        self.assertEqual(
            [(row.label, row.count) for row in self.rows(analysis, "customer")],
            [("Northwind Motors", 4)],
        )
        self.assertIn("The customer was corrected", analysis.message_ids[:1].body)

    def test_labels_in_every_language(self):
        analysis = self.make_analysis()
        row = self.rows(analysis, "total")[0]
        self.assertEqual(row.label, "Complaints received")
        self.assertEqual(row.with_context(lang="zh_CN").label, "收到的投诉")

    def test_a_period_has_one_analysis_and_is_over(self):
        self.make_analysis()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_analysis(date_from="2026-10-31")
        with self.assertRaisesRegex(ValidationError, "2026-11 is not over yet"):
            self.make_analysis(date_from="2026-11-02")
        quarter = self.make_analysis(kind="quarter", date_from="2026-08-20")
        self.assertEqual(
            (quarter.name, quarter.date_from, quarter.date_to),
            ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        )

    def test_month_proposed_is_over_where_the_company_is(self):
        """While it is the next month already where somebody sits."""
        self.company.partner_id.tz = False
        ahead = (
            self.env["quality.complaint.analysis"]
            .with_company(self.company)
            .with_context(tz="Asia/Shanghai")
        )
        with freeze_time("2026-11-30 20:00:00"):
            self.assertEqual(ahead._default_date_from(), date(2026, 10, 1))
            self.company.partner_id.tz = "Asia/Shanghai"
            self.assertEqual(ahead._default_date_from(), date(2026, 11, 1))

    def test_problems_are_proposed_in_figures(self):
        analysis = self.make_analysis()
        first, second = analysis.problem_ids
        self.assertEqual(
            (first.product_id, first.defect_id), (self.strip, self.scratch)
        )
        self.assertEqual(second.defect_id, self.burr)
        self.assertIn("3 of 4 complaints (75.0 %), the period before 1;", first.reason)
        self.assertEqual(first.complaint_count, 3)
        shown = self.env["quality.complaint"].search(
            first.action_open_complaints()["domain"]
        )
        self.assertEqual(shown.defect_id, self.scratch)
        analysis._propose_problems()
        self.assertEqual(len(analysis.problem_ids), 2, "each once")

    def test_nothing_is_submitted_half(self):
        analysis = self.make_analysis()
        with self.assertRaises(UserError) as caught:
            analysis.action_submit()
        text = str(caught.exception)
        self.assertIn("“Comment of Sales” is empty", text)
        self.assertIn(
            "lacks: Cause Analysis, Long-Term Measure, Department, Owner, Due", text
        )
        self.answered(analysis)
        analysis.action_submit()
        self.assertEqual(analysis.state, "submitted")
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            analysis.quality_comment = "Something else"
        with self.assertRaisesRegex(UserError, "cannot be changed any more"):
            analysis.problem_ids[0].measure = "Nothing"

    def test_departments_are_measured_by_their_own_targets(self):
        for department, target in ((False, 10.0), (self.department.id, 80.0)):
            self.env["quality.complaint.kpi.target"].create(
                {
                    "kpi_id": self.env.ref("quality_complaint.kpi_repeats").id,
                    "company_id": self.company.id,
                    "department_id": department,
                    "date_from": "2026-01-01",
                    "target": target,
                }
            )
        analysis = self.make_analysis()
        rows = analysis.department_kpi_ids
        self.assertEqual(rows.department_id, self.department)
        self.assertEqual(set(rows.mapped("department_name")), {self.department.name})
        self.assertTrue(all(rows.mapped("is_known")))
        [repeats] = rows.filtered(lambda row: row.code == "repeats")
        # the second and third of the department's complaints in October
        self.assertEqual((repeats.numerator, repeats.denominator), (2, 3))
        self.assertEqual((repeats.target, repeats.light), (80.0, "green"))
        [whole] = analysis.kpi_line_ids.filtered(lambda row: row.code == "repeats")
        self.assertEqual((whole.target, whole.light), (10.0, "red"))
        self.assertFalse(analysis.kpi_line_ids.department_id)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "quality_complaint.action_report_analysis", analysis.ids
        )
        self.assertIn("KPIs by department", html.decode())
        name = self.department.name
        self.department.name = "Pressing"
        self.assertEqual(set(rows.mapped("department_name")), {name}, "frozen")

    def test_year_is_not_submitted_without_a_review_of_the_process(self):
        year = self.answered(
            self.make_analysis(kind="year", date_from="2025-06-01")
        ).with_user(self.engineer)
        with self.assertRaisesRegex(UserError, "“Review of the Process” is empty"):
            year.action_submit()
        year.process_review = "Inquiries get four hours instead of two."
        year.action_submit()
        self.assertEqual(year.state, "submitted")
        with self.assertRaises(UserError):
            year.process_review = "No."
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "quality_complaint.action_report_analysis", year.ids
        )
        self.assertIn("Inquiries get four hours instead of two.", html.decode())

    def test_approved_by_somebody_else_of_the_role(self):
        analysis = self.answered(self.make_analysis()).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Nobody but you may approve"):
            analysis.action_submit()
        self.company.complaint_analysis_role_id = self.env[
            "quality.complaint.role"
        ].create(
            {
                "name": "Board",
                "code": "board",
                "user_ids": [Command.set((self.manager | self.officer).ids)],
            }
        )
        analysis.action_submit()
        self.assertFalse(analysis.may_approve)
        with self.assertRaisesRegex(UserError, "nobody approves what they submitted"):
            analysis.action_approve()
        analysis.action_take_back()
        analysis.with_user(self.officer).action_submit()
        with self.assertRaisesRegex(UserError, "is approved by: "):
            analysis.with_user(self.engineer).action_approve()
        analysis.action_approve()
        self.assertEqual(analysis.state, "approved")
        self.assertEqual(analysis.approved_by_id, self.manager)
        self.assertFalse(analysis.activity_ids)

    def approved(self):
        analysis = self.answered(self.make_analysis())
        analysis.with_user(self.officer).action_submit()
        analysis.with_user(self.manager).action_approve()
        return analysis

    def test_measures_start_with_the_approval(self):
        analysis = self.approved()
        action = analysis.problem_ids[0].action_ids
        self.assertEqual(action.name, "Change the rollers every 400 tons")
        self.assertEqual(
            (action.kind, action.user_id, action.department_id, action.company_id),
            ("preventive", self.handler, self.department, self.company),
        )
        self.assertEqual(action.product_id, self.strip)
        problem = analysis.problem_ids[0]
        with self.assertRaisesRegex(UserError, "is not done yet"):
            problem.action_done()
        action.with_user(self.handler).action_done("Changed on 5 December")
        self.company.complaint_verifier_role_id = self.env.ref(
            "quality_complaint.role_quality_manager"
        )
        self.assertFalse(action.with_user(self.officer).may_verify)
        self.assertTrue(action.with_user(self.engineer).may_verify)
        action.with_user(self.engineer).action_effective("No scratch since")
        problem.action_done()
        self.assertEqual(problem.state, "done")

    def test_overdue_measure_tells_the_head_of_the_department(self):
        analysis = self.approved()
        self.department.manager_id = self.manager
        action = analysis.problem_ids[0].action_ids
        levels = action._due_levels()
        self.assertEqual(
            levels[-1],
            (
                moment("2026-12-22 23:59:59"),
                self.env.ref("quality_complaint.role_department_head"),
            ),
        )
        self.assertEqual(
            action._due_holders(levels[-1][1], action._due_file()), self.manager
        )
        with freeze_time("2026-12-23 08:00:00"):
            action._notify_due()
        self.assertIn(self.manager, analysis.problem_ids[0].activity_ids.user_id)

    def test_what_was_approved_stays_as_it_is(self):
        analysis = self.approved()
        problem = analysis.problem_ids[0].with_user(self.officer)
        for vals in (
            {"analysis_id": False},
            {"measure": "Nothing"},
            {"user_id": self.officer.id},
        ):
            with self.assertRaises(UserError):
                problem.write(vals)
        action = problem.action_ids
        with self.assertRaises(UserError):
            action.problem_id = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            action.unlink()
        with self.assertRaisesRegex(UserError, "submitted: take it back"):
            problem.create({"name": "More", "analysis_id": analysis.id})
        with self.assertRaisesRegex(UserError, "it is taken back by"):
            analysis.with_user(self.officer).action_take_back()

    def test_problem_is_done_when_something_worked(self):
        problem = self.approved().problem_ids[0]
        first = problem.action_ids
        first.with_user(self.handler).action_done("Changed")
        first.with_user(self.engineer).action_ineffective("Scratches again")
        with self.assertRaisesRegex(UserError, "is not done yet"):
            problem.action_done()
        second = first.create(
            {
                "problem_id": problem.id,
                "name": "Polish the rollers",
                "kind": "preventive",
                "user_id": self.handler.id,
            }
        )
        second.with_user(self.handler).action_done("Polished")
        second.with_user(self.engineer).action_effective("No scratch in 40 t")
        problem.action_done()
        self.assertEqual(problem.state, "done")
        with self.assertRaisesRegex(UserError, "is not in work"):
            first.create({"problem_id": problem.id, "name": "Late"})

    def test_nothing_is_planned_before_the_approval(self):
        problem = self.make_analysis().problem_ids[0]
        with self.assertRaisesRegex(UserError, "is not in work"):
            self.env["quality.complaint.action"].create(
                {"problem_id": problem.id, "name": "Early"}
            )

    def test_owner_must_be_able_to_open_the_measure(self):
        analysis = self.answered(self.make_analysis())
        analysis.problem_ids.user_id = self.employee
        with self.assertRaisesRegex(UserError, "an owner with access to Complaints"):
            analysis.action_submit()

    def test_approver_of_one_company_is_asked_by_somebody_of_two(self):
        analysis = self.answered(self.make_analysis())
        analysis.with_user(self.officer).action_submit()
        both = self.company | self.env["res.company"].create({"name": "Other Works"})
        self.officer.company_ids = both
        seen = analysis.with_user(self.officer).with_context(
            allowed_company_ids=both.ids
        )
        self.assertFalse(seen.may_approve)
        # whoever is told of a complaint works in one of them, too
        complaint = self.other.with_user(self.officer).with_context(
            allowed_company_ids=both.ids
        )
        self.assertEqual(complaint._reachable(self.manager), self.manager)

    def test_private_persons_are_not_named(self):
        self.customer.is_company = False
        labels = self.rows(self.make_analysis(), "customer").mapped("label")
        self.assertEqual(labels, ["Private person", "Metal Traders"])

    def test_complaint_without_a_product_is_counted(self):
        self.received("2026-10-21 09:00:00", line_ids=[])
        self.settle()
        products = self.rows(self.make_analysis(), "product")
        self.assertEqual(
            [(row.label, row.count) for row in products],
            [("Copper strip", 4), ("Not said", 1)],
        )

    def test_circulated_read_and_acknowledged(self):
        analysis = self.approved()
        action = analysis.with_user(self.officer).action_open_circulation()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn(self.employee, dialog.user_ids, "head of the department")
        dialog.user_ids = self.employee
        with self.assertRaises(AccessError):
            analysis.with_user(self.employee).read(["sales_comment"])
        dialog.with_user(self.officer).action_send()
        self.assertEqual(analysis.state, "circulated")
        message = (
            self.env["mail.message"]
            .search([("model", "=", analysis._name), ("res_id", "=", analysis.id)])
            .filtered("attachment_ids")
        )
        self.assertEqual(message.partner_ids, self.employee.partner_id)
        self.assertEqual(
            sorted(file.name.split(".")[-1] for file in message.attachment_ids),
            ["pdf", "xlsx"],
        )
        reader = analysis.with_user(self.employee)
        self.assertEqual(reader.sales_comment, "Two customers, the same press.")
        self.assertEqual(len(reader.line_ids), len(analysis.line_ids))
        self.assertTrue(reader.to_read)
        reader.action_acknowledge()
        self.assertEqual(analysis.read_count, 1)
        self.assertFalse(
            analysis.activity_ids.filtered(lambda row: row.user_id == self.employee)
        )
        with self.assertRaisesRegex(UserError, "acknowledged it already"):
            reader.action_acknowledge()
        with self.assertRaisesRegex(UserError, "was not sent to you"):
            analysis.with_user(self.engineer).action_acknowledge()
        with self.assertRaises(AccessError):
            reader.sales_comment = "Mine"
        with self.assertRaisesRegex(UserError, "has got the analysis"):
            analysis._circulate(self.employee)
        stranger = self.env["res.users"].create(
            {"name": "Portal", "login": "qc_portal", "group_ids": [Command.clear()]}
        )
        stranger.group_ids = self.env.ref("base.group_portal")
        with self.assertRaisesRegex(UserError, "has got the analysis"):
            analysis._circulate(stranger)

    def test_whoever_marks_the_to_do_as_done_has_read_it(self):
        analysis = self.approved()
        analysis._circulate(self.employee | self.handler)
        activity = analysis.activity_ids.filtered(
            lambda row: row.user_id == self.employee
        )
        activity.with_user(self.employee).action_done()
        self.assertEqual(analysis.read_count, 1)
        self.assertEqual(analysis.reader_ids.filtered("read_on").user_id, self.employee)

    def test_other_company_sees_no_analysis(self):
        analysis = self.make_analysis()
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        for record in (analysis, analysis.line_ids[:1], analysis.problem_ids[:1]):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).with_context(
                    allowed_company_ids=other.ids
                ).read(["display_name"])

    def test_only_a_draft_is_deleted(self):
        analysis = self.make_analysis()
        analysis.problem_ids.unlink()
        analysis.unlink()
        analysis = self.answered(self.make_analysis())
        analysis.action_submit()
        with self.assertRaisesRegex(UserError, "is submitted and stays"):
            analysis.unlink()

    def test_made_by_itself_on_the_first_working_day(self):
        analyses = self.env["quality.complaint.analysis"]
        mine = [("company_id", "=", self.company.id)]
        with freeze_time("2026-11-01 09:00:00"):  # a Sunday
            analyses._cron_make()
            self.assertFalse(analyses.search(mine))
        with freeze_time("2026-11-02 09:00:00"):
            analyses._cron_make()
            analyses._cron_make()
        found = analyses.search(mine)
        self.assertEqual(sorted(found.mapped("name")), ["2025", "2026-10", "2026-Q3"])
        month = found.filtered(lambda row: row.kind == "month")
        self.assertIn(self.manager, month.activity_ids.user_id)
        month.unlink()
        with freeze_time("2026-11-03 09:00:00"):
            analyses._cron_make()
        self.assertEqual(len(analyses.search(mine)), 2, "deleted on purpose")

    def test_spreadsheet_says_the_same(self):
        analysis = self.answered(self.make_analysis())
        action = analysis.action_xlsx()
        self.assertIn("/web/content/", action["url"])
        book = load_workbook(BytesIO(analysis._xlsx()))
        indicators, departments, rows, problems = book.worksheets
        self.assertEqual(
            [row[0] for row in rows.iter_rows(min_row=2, values_only=True)][:1],
            ["Totals 总计"],
        )
        found = {
            (row[1], row[2]) for row in rows.iter_rows(min_row=2, values_only=True)
        }
        self.assertIn(("Northwind Motors", 3), found)
        self.assertEqual(indicators.max_row, len(analysis.kpi_line_ids) + 1)
        self.assertEqual(problems.max_row, len(analysis.problem_ids) + 1)
        self.assertEqual(departments.max_row, len(analysis.department_kpi_ids) + 1)

    def test_spreadsheet_holds_no_formula(self):
        self.customer.name = "=HYPERLINK(1)"
        self.settle()
        book = load_workbook(BytesIO(self.make_analysis()._xlsx()))
        kinds = {
            cell.data_type for row in book.worksheets[2].iter_rows() for cell in row
        }
        self.assertNotIn("f", kinds)

    def test_printed_in_both_languages(self):
        analysis = self.answered(self.make_analysis())
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "quality_complaint.action_report_analysis", analysis.ids
        )
        text = html.decode()
        for expected in (
            "Complaint Statistics and Analysis",
            "客户投诉统计分析报告",
            "Two customers, the same press.",
            "Change the rollers every 400 tons",
            "<svg",
        ):
            self.assertIn(expected, text)
