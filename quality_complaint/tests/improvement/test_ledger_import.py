import base64
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...wizard.improvement.ledger_import import MOST_ROWS
from .figures import FiguresCase

HEADS = (
    "Complaint No.",
    "Received on",
    "Customer",
    "Product",
    "Lot/serial No.",
    "Quantity",
    "What happened",
    "Severity",
    "Responsible party",
    "Handling method",
    "Closed on",
    "Satisfaction (0 to 100)",
    "Cost booked",
)


@tagged("post_install", "-at_install")
class TestLedgerImport(FiguresCase):
    """The ledger a company kept in a spreadsheet: all of it or nothing, and nothing
    follows.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.buyer = cls.customer.copy({"name": "Harbour Cables"})
        cls.tube = cls.make_product("Cable tube", tracking="lot")
        cls.lot = cls.make_lot("T-1", cls.tube)
        cls.row = (
            "OLD-2025-7",
            datetime(2025, 12, 31),
            "Harbour Cables",
            "Cable tube",
            "T-1",
            "12 Units",
            "Scratched",
            "General",
            cls.department.name,
            "Credit note",
            "2026-01-20",
            85,
            1234.567,
        )

    def sheet(self, *rows, heads=HEADS):
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, heads)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    page.write_datetime(place, column, value, day)
                elif value is not None:
                    page.write(place, column, value)
        book.close()
        return stream.getvalue()

    def dialog(self, raw, user=None, **vals):
        return (
            self.env["quality.complaint.ledger.import"]
            .with_user(user or self.manager)
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "company_id": self.company.id,
                    "file": base64.b64encode(raw),
                    "file_name": "ledger.xlsx",
                    **vals,
                }
            )
        )

    def imported(self, raw, **vals):
        action = self.dialog(raw, **vals).action_import()
        return self.env["quality.complaint"].browse(
            action.get("res_id") or action["domain"][0][2]
        )

    def changed(self, **columns):
        """The good row with other values, by heading."""
        row = dict(zip(HEADS, self.row, strict=True))
        return tuple(columns.get(name.split()[0].lower(), row[name]) for name in HEADS)

    def mistakes(self, *rows, **options):
        _rows, mistakes = self.dialog(self.sheet(*rows), **options)._checked()
        return [tuple(mistake) for mistake in mistakes]

    def test_a_row_becomes_a_closed_complaint(self):
        mails = self.env["mail.mail"].search_count([])
        complaint = self.imported(self.sheet(self.row))
        self.assertEqual(
            (
                complaint.name,
                complaint.state,
                complaint.partner_id,
                complaint.severity_id,
                complaint.responsible_id,
                complaint.description,
            ),
            (
                "OLD-2025-7",
                "closed",
                self.buyer,
                self.general,
                self.department,
                "Scratched",
            ),
        )
        # noon in Shanghai
        self.assertEqual(complaint.received_on, datetime(2025, 12, 31, 4))
        self.assertEqual(complaint.closed_on, datetime(2026, 1, 20, 4))
        line = complaint.line_ids
        self.assertEqual(
            (line.product_id, line.lot_id, line.quantity, line.product_uom_id),
            (self.tube, self.lot, 12.0, self.unit),
        )
        self.assertEqual((complaint.satisfaction, complaint.rated), (85.0, True))
        self.assertIn("Remedy: Credit note", complaint.imported_text)
        # nothing follows
        self.assertFalse(complaint.sudo().deadline_ids)
        self.assertFalse(complaint.sudo().activity_ids)
        self.assertFalse(complaint.message_ids)
        self.assertFalse(complaint.approval_ids)
        self.assertFalse(complaint.sudo().score_ids)
        self.assertFalse(complaint.user_id)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        # and the file is as closed as any
        with self.assertRaises(UserError):
            complaint.with_user(self.officer).description = "Mine"
        with self.assertRaises(UserError):
            complaint.with_user(self.manager).is_imported = False

    def test_counts_but_not_in_figures_of_time(self):
        complaint = self.imported(self.sheet(self.row))
        fact = self.fact(complaint)
        self.assertEqual(
            (
                fact.counts,
                fact.received_day,
                fact.closed_day,
                fact.satisfaction,
                fact.cost,
                fact.closing_days,
                fact.within_limit,
            ),
            (True, date(2025, 12, 31), date(2026, 1, 20), 85.0, 1234.57, 0.0, "none"),
        )
        other = self.received("2026-01-02 09:00:00")
        other.sudo()._advance({"state": "closed", "closed_on": "2026-01-12 09:00:00"})
        self.settle()
        facts = self.env["quality.complaint.fact"]
        [(days, count)] = facts._read_group(
            [("complaint_id", "in", (complaint | other).ids)],
            [],
            ["closing_days:avg", "__count"],
        )
        self.assertEqual((days, count), (10.0, 2))
        kpi = self.env.ref("quality_complaint.kpi_days_to_closing")
        analysis = self.env["quality.complaint.analysis"].create(
            {"company_id": self.company.id, "date_from": "2026-01-01"}
        )
        [row] = analysis.kpi_line_ids.filtered(lambda row: row.kpi_id == kpi)
        self.assertEqual((row.numerator, row.denominator), (10.0, 1))

    def test_our_own_ledger_comes_back_as_it_was(self):
        """What the ledger writes, the import reads: in both languages."""
        self.imported(self.sheet(self.row))
        ledger = self.env["quality.complaint.ledger"].create(
            {
                "company_id": self.company.id,
                "date_from": "2025-01-01",
                "date_to": "2026-10-31",
                "language": "both",
            }
        )
        self.settle()
        with ledger._xlsx() as file:
            raw = file.read()
        before = next(
            load_workbook(BytesIO(raw))
            .worksheets[0]
            .iter_rows(min_row=2, values_only=True)
        )
        self.env["quality.complaint"].search(
            [("name", "=", "OLD-2025-7")]
        ).sudo()._advance({"name": "OLD-2025-8"})
        again = self.imported(raw)
        self.assertEqual(again.name, "OLD-2025-7")
        self.assertEqual(again.severity_id, self.general)
        self.assertEqual(again.responsible_id, self.department)
        again.flush_recordset()
        self.settle()
        with ledger._xlsx() as file:
            rows = list(load_workbook(file).worksheets[0].iter_rows(values_only=True))
        self.assertIn(before, rows)
        self.assertEqual(before[:2], ("OLD-2025-7", datetime(2025, 12, 31)))
        self.assertEqual(before[15:18], (20, 85, 1234.57))

    def test_what_has_no_severity_says_what_it_is(self):
        praise = self.env["quality.complaint.type"].search(
            [("uses_severity", "=", False)], limit=1
        )
        done = self.imported(self.sheet(self.changed(severity=praise.name)))
        self.assertEqual((done.type_id, bool(done.severity_id)), (praise, False))
        self.settle()
        ledger = self.env["quality.complaint.ledger"].create(
            {
                "company_id": self.company.id,
                "date_from": "2025-01-01",
                "date_to": "2026-10-31",
                "language": "en_US",
            }
        )
        [row] = ledger._rows()
        self.assertEqual(row[8], praise.name)

    def test_every_mistake_is_named_and_nothing_is_imported(self):
        twin = self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        bad = [
            self.changed(),
            self.changed(complaint="OLD-2", received="yesterday"),
            self.changed(complaint="OLD-3", closed=None),
            self.changed(complaint="OLD-4", customer="Nobody & Sons"),
            self.changed(complaint="OLD-5", customer="Twin"),
            self.changed(complaint="OLD-6", quantity="a few"),
            self.changed(complaint="OLD-7", quantity="3 kg"),
            self.changed(complaint="OLD-8", quantity="3; 4"),
            self.changed(complaint="OLD-9", satisfaction=101),
            self.changed(complaint="OLD-10", severity="Awful"),
            self.changed(complaint="OLD-11", closed="2025-12-01"),
            self.changed(),
        ]
        self.assertEqual(len(twin), 2)
        found = self.mistakes(*bad)
        self.assertEqual(
            [(row, column) for row, column, _text in found],
            [
                (3, "Received on"),
                (4, "Closed on"),
                (5, "Customer"),
                (6, "Customer"),
                (7, "Quantity"),
                (8, "Quantity"),
                (9, "Quantity"),
                (10, "Satisfaction (0 to 100)"),
                (11, "Severity"),
                (12, "Closed on"),
                (13, "Complaint No."),
            ],
        )
        texts = [text for _row, _column, text in found]
        self.assertEqual(texts[0], "“yesterday” is not a date. Write it as 2026-11-30.")
        self.assertIn("register those that are open", texts[1])
        self.assertEqual(texts[2], "“Nobody & Sons” is not known here.")
        self.assertIn("2 records are called “Twin”", texts[3])
        self.assertIn("Cable tube is not counted in kg", texts[5])
        self.assertEqual(texts[10], "OLD-2025-7 stands in row 2 already.")
        before = self.env["quality.complaint"].search_count([])
        with self.assertRaisesRegex(
            UserError,
            "Nothing was imported. Mistakes in the file: 11. The first: row 3",
        ):
            self.dialog(self.sheet(*bad)).action_import()
        self.assertEqual(self.env["quality.complaint"].search_count([]), before)

    def test_number_that_exists_is_not_taken_again(self):
        self.imported(self.sheet(self.row))
        self.assertEqual(
            self.mistakes(self.row),
            [(2, "Complaint No.", "OLD-2025-7 exists already.")],
        )

    def test_numbers_of_our_own_format_are_not_given_twice(self):
        last = self.received("2026-11-20 09:00:00").name
        start, number = last.rsplit("/", 1)
        self.imported(
            self.sheet(self.changed(complaint=f"{start}/{int(number) + 5:05}"))
        )
        self.assertEqual(
            self.received("2026-11-20 09:00:00").name, f"{start}/{int(number) + 6:05}"
        )

    def test_unknown_names_are_kept_as_words_when_wished(self):
        row = self.changed(
            customer="Nobody & Sons", product="Old tube", **{"lot/serial": "X-9"}
        )
        complaint = self.imported(
            self.sheet((*row, "Old Hand"), heads=(*HEADS, "Handler")),
            unknown_as_words=True,
        )
        self.assertIn("Handler: Old Hand", complaint.imported_text)
        self.assertFalse(complaint.user_id or complaint.channel_id)
        self.assertEqual(
            (
                complaint.partner_id.name,
                complaint.complainant,
                complaint.line_ids.product_id.name,
                complaint.line_ids.note,
                complaint.line_ids.lot_name,
            ),
            (False, "Nobody & Sons", False, "Old tube", "X-9"),
        )

    def test_several_lots_of_a_row(self):
        second = self.make_lot("T-2", self.tube)
        complaint = self.imported(
            self.sheet(
                self.changed(**{"lot/serial": "T-1, T-2", "quantity": "3; 1 Units"})
            )
        )
        self.assertEqual(
            [(line.lot_id, line.quantity) for line in complaint.line_ids],
            [(self.lot, 3.0), (second, 1.0)],
        )

    def test_what_is_no_ledger_is_said(self):
        self.assertIn(
            "not an Excel file", self.dialog(b"nothing")._checked()[1][0].text
        )
        self.assertIn(
            "not an Excel file", self.dialog(b"PK\x03\x04 broken")._checked()[1][0].text
        )
        _rows, mistakes = self.dialog(
            self.sheet(("A", "B"), heads=("Number", "Customer"))
        )._checked()
        self.assertEqual(
            [mistake.column for mistake in mistakes],
            ["Complaint No.", "Received on", "What happened", "Closed on"],
        )
        many = [self.changed(complaint=f"N-{place}") for place in range(MOST_ROWS + 1)]
        self.assertIn(
            "more than 5000 rows", self.dialog(self.sheet(*many))._checked()[1][0].text
        )
        with self.assertRaisesRegex(UserError, "no rows below its headings"):
            self.dialog(self.sheet()).action_import()

    def test_seen_while_the_file_is_chosen(self):
        dialog = self.dialog(self.sheet(self.row, self.changed(complaint=None)))
        dialog._onchange_file()
        self.assertEqual((dialog.row_count, dialog.mistake_count), (2, 1))
        self.assertFalse(dialog.left_out)
        dialog.file = base64.b64encode(
            self.sheet((*self.row, 3, "?"), heads=(*HEADS, "Days taken", "Remark"))
        )
        dialog._onchange_file()
        self.assertEqual((dialog.mistake_count, dialog.left_out), (0, "Remark"))
        dialog.file = base64.b64encode(self.sheet(self.changed(complaint=None)))
        dialog._onchange_file()
        self.assertIn("Complaint No.", dialog.mistake_table)

    def test_template_can_be_filled_in(self):
        dialog = self.dialog(self.sheet())
        self.assertIn("/web/content/", dialog.action_template()["url"])
        page, words = load_workbook(BytesIO(dialog._template())).worksheets
        heads = [cell.value for cell in page[1]]
        places, mistakes = dialog._places(heads)
        self.assertFalse(mistakes)
        self.assertEqual(len(places), len(heads))
        found = {value for row in words.iter_rows(values_only=True) for value in row}
        self.assertIn(self.department.display_name, found)

    def test_managers_only_and_only_of_their_company(self):
        with self.assertRaises(AccessError):
            self.dialog(self.sheet(self.row), user=self.engineer)
        with self.assertRaises(AccessError):
            self.env["quality.complaint"].with_user(self.officer)._import_ledger([])
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.env["quality.complaint.ledger.import"].with_user(
                self.manager
            ).with_context(allowed_company_ids=other.ids).create(
                {
                    "company_id": self.company.id,
                    "file": base64.b64encode(self.sheet(self.row)),
                }
            )
