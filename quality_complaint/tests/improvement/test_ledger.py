from datetime import datetime

from openpyxl import load_workbook

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged

from ...report.improvement.ledger import COLUMNS
from .figures import FiguresCase


@tagged("post_install", "-at_install")
class TestLedger(FiguresCase):
    """The ledger of a period, as a spreadsheet and on paper (row 25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        lot = cls.make_lot("L-1", quantity=30)
        cls.sell({lot: 30})
        cls.complaint, cls.remedy = cls.executed(
            lot, "credit", quantity=12, complained=24, amount=25.0
        )
        cls.received("2026-10-05 09:00:00", description="=1+1")

    def make_ledger(self, user=None, **vals):
        return (
            self.env["quality.complaint.ledger"]
            .with_user(user or self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "date_from": "2026-10-01",
                    "date_to": "2026-12-31",
                    **vals,
                }
            )
        )

    def sheet(self, ledger):
        self.settle()
        with ledger._xlsx() as file:
            return load_workbook(file).worksheets[0]

    def test_row_says_what_the_complaint_says(self):
        sheet = self.sheet(self.make_ledger())
        head, *rows = sheet.iter_rows(values_only=True)
        self.assertEqual(len(head), len(COLUMNS))
        self.assertEqual(head[:3], ("Complaint No.", "Received on", "Customer"))
        found = dict(zip(COLUMNS, rows[1], strict=True))
        self.assertEqual(len(rows), 2)
        self.assertEqual(found["complaint_no"], self.complaint.name)
        self.assertEqual(found["received_on"], datetime(2026, 11, 25))
        self.assertEqual(found["customer"], "Northwind Motors")
        self.assertEqual(found["product"], "Copper strip")
        self.assertEqual(found["lot"], "L-1")
        self.assertEqual(found["quantity"], "24 Units")
        self.assertEqual(found["remedy"], "Price reduction")
        self.assertEqual(found["responsible"], self.department.name)
        self.assertEqual(found["status"], "Executing")
        self.assertIsNone(found["closed_on"])
        self.assertIsNone(found["days"])
        self.assertIsNone(found["satisfaction"], "nobody was asked")

    def test_text_of_a_customer_is_no_formula(self):
        cell = self.sheet(self.make_ledger())["H2"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))

    def test_in_both_languages(self):
        sheet = self.sheet(self.make_ledger(language="both"))
        head = [cell.value for cell in sheet[1]]
        self.assertEqual(head[0], "Complaint No. 投诉编号")
        self.assertIn("Executing 执行中", [cell.value for cell in sheet[3]])

    def test_reader_gets_what_they_may_see(self):
        self.handler.group_ids += self.env.ref(
            "quality_complaint.group_quality_complaint_user"
        )
        other = self.env["quality.complaint.team"].create({"name": "North"})
        ledger = self.make_ledger(team_id=other.id)
        self.assertEqual(ledger.row_count, 0)
        self.complaint.team_id = other
        self.settle()
        self.env.invalidate_all()
        self.assertEqual(self.make_ledger(team_id=other.id).row_count, 1)

    def test_dates_in_order_and_not_too_many_on_paper(self):
        with self.assertRaisesRegex(ValidationError, "lies before"):
            self.make_ledger(date_from="2027-01-01")
        ledger = self.make_ledger()
        self.patch(
            self.env.registry["quality.complaint.ledger"],
            "row_count",
            2_001,
        )
        with self.assertRaisesRegex(UserError, "2001 complaints are too many"):
            ledger.action_print()

    def test_on_paper(self):
        self.settle()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html(
                "quality_complaint.action_report_ledger",
                self.make_ledger(language="both").ids,
            )
        )
        text = html.decode()
        for expected in (
            self.complaint.name,
            "投诉台账",
            "24 Units",
            "Price reduction",
        ):
            self.assertIn(expected, text)


@tagged("post_install", "-at_install")
class TestLedgerDownload(FiguresCase, HttpCase):
    """It is downloaded by whoever asked for it."""

    def test_own_ledger_only(self):
        self.make_users()
        with freeze_time("2026-11-25 09:30:00"):
            ledger = (
                self.env["quality.complaint.ledger"]
                .with_user(self.officer)
                .create({"company_id": self.company.id})
            )
        self.authenticate("qc_officer", "qc_officer")
        answer = self.url_open(f"/quality_complaint/ledger/{ledger.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        for login in ("qc_manager", "qc_employee"):
            self.authenticate(login, login)
            answer = self.url_open(f"/quality_complaint/ledger/{ledger.id}")
            self.assertEqual(answer.status_code, 404, login)
