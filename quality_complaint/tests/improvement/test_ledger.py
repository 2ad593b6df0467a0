from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ...models.improvement import ledger_files
from ...report.improvement.ledger import COLUMNS
from ...wizard.improvement import ledger as wizard
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

    def ask_for_files(self, rows):
        """A ledger larger than `rows`, asked for by the officer."""
        for module in (ledger_files, wizard):
            self.patch(module, "ROWS_OF_A_FILE", rows)
        self.settle()
        action = self.make_ledger().action_xlsx()
        return self.env[action["res_model"]].browse(action["res_id"])

    def told(self, files):
        return self.env["mail.message"].search(
            [
                ("model", "=", files._name),
                ("res_id", "=", files.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_large_one_is_written_in_files_by_a_job(self):
        files = self.ask_for_files(1)
        self.assertEqual((files.state, files.row_count), ("waiting", 2))
        with self.enter_registry_test_mode():
            self.env.ref("quality_complaint.ir_cron_ledger").method_direct_trigger()
        files.invalidate_recordset()
        self.assertEqual(
            (files.state, files.written_count, files.progress), ("done", 2, 100)
        )
        numbers = []
        for file in files.file_ids.sorted("id"):
            _head, *rows = (
                load_workbook(BytesIO(file.raw))
                .worksheets[0]
                .iter_rows(values_only=True)
            )
            numbers.append([row[0] for row in rows])
        whole = [row[0].value for row in self.sheet(self.make_ledger()).iter_rows()]
        self.assertEqual(numbers, [[whole[1]], [whole[2]]])
        message = self.told(files)
        self.assertEqual(message.partner_ids, self.officer.partner_id)
        self.assertIn("2 complaints in 2 files", message.body)

    def test_large_one_goes_on_where_it_was_left(self):
        files = self.ask_for_files(1)
        files._write_file()
        self.assertEqual((files.written_count, len(files.file_ids)), (1, 1))
        self.assertEqual((files.state, files.progress), ("waiting", 50))
        files.with_user(self.officer).action_stop()
        self.assertEqual(files.state, "stopped")
        with self.assertRaisesRegex(UserError, "is not being written"):
            files.with_user(self.officer).action_stop()

    def test_large_one_that_fails_is_told_and_stops_nobody(self):
        files = self.ask_for_files(1)
        self.patch(
            self.env.registry["quality.complaint.ledger.files"],
            "_write_file",
            lambda files: 1 / 0,
        )
        with self.enter_registry_test_mode(), mute_logger(ledger_files.__name__):
            self.env.ref("quality_complaint.ir_cron_ledger").method_direct_trigger()
        files.invalidate_recordset()
        self.assertEqual(files.state, "failed")
        self.assertIn("could not be written", self.told(files).body)

    def test_large_one_is_for_who_asked_and_not_for_ever(self):
        files = self.ask_for_files(1)
        while files.state == "waiting":
            files._write_file()
        file = files.file_ids[0]
        self.assertTrue(file.with_user(self.officer).has_access("read"))
        for user in (self.manager, self.employee):
            self.assertFalse(files.with_user(user).has_access("read"))
            self.assertFalse(file.with_user(user).has_access("read"))
        with self.assertRaisesRegex(UserError, "set by its buttons only"):
            files.with_user(self.officer).write({"row_count": 1})
        with freeze_time("2026-12-31 09:30:00"):
            files._gc_old()
        self.assertFalse(files.exists())
        self.assertFalse(file.exists())

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
