from io import BytesIO

from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..golden import assert_golden
from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestPapers(FiguresCase, HttpCase):
    """Forms 12 and 13, minutes of a case review, the record of an inspection: as pages,
    in both languages.
    """

    # the engine fetches its styles from a server, whose clock runs on
    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.department.manager_id = cls.employee
        cls.cases = cls.env["quality.complaint"].union(
            *(
                cls.received(
                    f"2026-10-{day:02} 09:00:00", responsible_id=cls.department.id
                )
                for day in (5, 6, 7)
            )
        )
        for complaint in cls.cases[:2]:
            complaint.sudo()._advance(
                {"state": "closed", "closed_on": moment("2026-10-20 09:00")}
            )
        cls.settle()

    def pages(self, report, record):
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(f"quality_complaint.{report}", record.ids)
        )
        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]

    def decision(self):
        return {
            "decision": "Change the rollers by tonnage",
            "department_id": self.department.id,
            "user_id": self.handler.id,
            "due_on": "2026-12-20",
        }

    def test_analysis(self):
        # as it is without bridges
        self.env["quality.complaint.kpi"].search(
            [("code", "=", "supplier_recovery")]
        ).active = False
        self.env["quality.complaint.kpi.target"].create(
            {
                "kpi_id": self.env.ref("quality_complaint.kpi_repeats").id,
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "target": 10.0,
            }
        )
        analysis = self.env["quality.complaint.analysis"].create(
            {"company_id": self.company.id, "date_from": "2026-10-01"}
        )
        analysis.write(
            {
                "sales_comment": "One customer, the same press.",
                "quality_comment": "Rollers are worn.\nThey are changed too late.",
            }
        )
        analysis.problem_ids.write(
            {
                "answer": "The rollers are changed too late.",
                "measure": "Change the rollers every 400 tons\nand record it.",
                "department_id": self.department.id,
                "user_id": self.handler.id,
                "due_on": "2026-12-20",
            }
        )
        assert_golden(
            self, "12_analysis", self.pages("action_report_analysis", analysis)
        )

    def test_ledger(self):
        ledger = self.env["quality.complaint.ledger"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
                "language": "both",
            }
        )
        assert_golden(self, "13_ledger", self.pages("action_report_ledger", ledger))

    def test_minutes_of_a_case_review(self):
        review = self.env["quality.complaint.case.review"].create(
            {
                "company_id": self.company.id,
                "date": "2026-11-20",
                "user_id": self.manager.id,
                "participant_ids": [Command.set((self.officer | self.engineer).ids)],
                "guests": "Peter Plant",
                "note": "Next time in December.",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_id": self.cases[0].id,
                            "reason": "repeated, late",
                            "good": "Answered within an hour",
                            "bad": "The cause was known since March. " * 4,
                            **self.decision(),
                        }
                    ),
                    Command.create(
                        {"complaint_id": self.cases[1].id, "good": "Settled at once"}
                    ),
                ],
            }
        )
        assert_golden(
            self, "case_review", self.pages("action_report_case_review", review)
        )

    def test_record_of_an_inspection(self):
        inspection = self.env["quality.complaint.management.inspection"].create(
            {
                "company_id": self.company.id,
                "date": "2026-11-20",
                "user_id": self.manager.id,
                "closed_from": "2026-10-01",
                "closed_to": "2026-10-31",
                "conclusion": "Handled well, but late.",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_id": complaint.id,
                            "timely": "no",
                            "reasonable": "yes",
                            "satisfied": "unclear",
                            "effective": "yes",
                            "finding": "Two days on a desk",
                            **self.decision(),
                        }
                    )
                    for complaint in self.cases[:2]
                ],
            }
        )
        assert_golden(
            self,
            "inspection",
            self.pages("action_report_management_inspection", inspection),
        )
