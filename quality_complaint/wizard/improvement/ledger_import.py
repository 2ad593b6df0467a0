import base64
from io import BytesIO

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...report.improvement.ledger import COLUMNS
from ...tools import download, listed, read_table, write_sheet
from .ledger_reader import REQUIRED, LedgerReader, Mistake, key_of

# cases of one file
MOST_ROWS = 5_000
MOST_BYTES = 10 * 1024 * 1024
# mistakes that are shown at once
MOST_SHOWN = 200
# columns of form 13, and what is worth knowing beside them
TAKEN = ["defect" if name == "status" else name for name in COLUMNS if name != "days"]


class QualityComplaintLedgerImport(models.TransientModel):
    """Brings over the ledger of complaints that a company has kept in a spreadsheet:
    all rows or none, closed cases only.
    """

    _name = "quality.complaint.ledger.import"
    _description = "Import of an Old Ledger"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "file_name"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one("quality.complaint.team", check_company=True)
    file = fields.Binary()
    file_name = fields.Char()
    unknown_as_words = fields.Boolean(
        "Keep Unknown Names as Words",
        help=(
            "Customers, products and lots that are not known here are kept as they are "
            "written. Otherwise each is a mistake to be mended first."
        ),
    )
    row_count = fields.Integer("Complaints in the File", readonly=True)
    mistake_count = fields.Integer("Mistakes", readonly=True)
    left_out = fields.Char(
        "Columns Left Out", readonly=True, help="Their headings are not known."
    )
    mistake_table = fields.Html(readonly=True, sanitize=False)

    # === the empty table ===

    def action_template(self):
        """Download a spreadsheet with the columns, and the words that are known."""
        self.ensure_one()
        title = self.env._("Old ledger")
        return download(self.env, f"{title}.xlsx", self._template(), self)

    def _template(self):
        """:return: bytes of an .xlsx"""
        label = self._labeller()
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        heads = [str(label(name, inline=True)) for name in TAKEN]
        write_sheet(
            book,
            str(label("title_ledger", inline=True)),
            heads,
            [],
            [COLUMNS.get(name, 18) for name in TAKEN],
        )
        known = {
            name: records.mapped("display_name")
            for name, records in self._catalogues().items()
        }
        longest = max(map(len, known.values()), default=0)
        write_sheet(
            book,
            self.env._("Words that are known"),
            [str(label(name, inline=True)) for name in known],
            [
                [names[place] if place < len(names) else "" for names in known.values()]
                for place in range(longest)
            ],
            [30] * len(known),
        )
        book.close()
        return stream.getvalue()

    def _labeller(self):
        language = "zh_CN" if self.env.lang == "zh_CN" else "en_US"
        return self.env["quality.complaint.form.labels"]._labeller(language)

    def _catalogues(self):
        """:return: {column: records it may name}"""
        company = self.company_id
        of_company = Domain("company_id", "in", [False, company.id])
        return {
            "severity": self._policy().severity_ids,
            "kind": self.env["quality.complaint.type"].search(
                [("uses_severity", "=", False)]
            ),
            "responsible": self.env["quality.complaint.responsible"].search(of_company),
            "cause": self.env["quality.complaint.cause"].search(Domain.TRUE),
            "defect": self.env["quality.complaint.defect"].search(Domain.TRUE),
            "handler": self.env["res.users"].search(
                Domain("share", "=", False) & Domain("company_ids", "in", company.ids)
            ),
        }

    def _policy(self):
        return self.team_id.policy_id or self.company_id._complaint_policy()

    # === checked ===

    @api.onchange("file", "unknown_as_words", "company_id", "team_id")
    def _onchange_file(self):
        self.row_count = self.mistake_count = 0
        self.mistake_table = self.left_out = False
        if not self.file:
            return
        _rows, mistakes = self._checked()
        self.mistake_count = len(mistakes)
        self.mistake_table = (
            self.env["ir.qweb"]._render(
                "quality_complaint.ledger_mistakes",
                {
                    "mistakes": mistakes[:MOST_SHOWN],
                    "more": len(mistakes[MOST_SHOWN:]),
                },
            )
            if mistakes
            else False
        )

    def _checked(self):
        """
        :return: (rows for `_import_ledger`, those without mistakes, list of `Mistake`)
        """
        raw = base64.b64decode(self.file or b"")
        if len(raw) > MOST_BYTES:
            return [], [
                Mistake(0, "", self.env._("The file is larger than 10 MB. Split it."))
            ]
        try:
            heads, table, more = read_table(raw, MOST_ROWS)
        except ValueError:
            return [], [
                Mistake(
                    0,
                    "",
                    self.env._(
                        "This is not an Excel file (.xlsx). Save it as one, or fill in "
                        "the template."
                    ),
                )
            ]
        self.row_count = len(table)
        places, mistakes = self._places(heads)
        self.left_out = listed(
            self.env.lang,
            (
                head
                for place, head in enumerate(heads)
                if head and place not in places.values() and not self._is_figure(head)
            ),
        )
        if more:
            mistakes.append(
                Mistake(
                    0,
                    "",
                    self.env._(
                        "There are more than %s rows. Split the file, e.g. by years.",
                        MOST_ROWS,
                    ),
                )
            )
        if mistakes:
            return [], mistakes
        reader = LedgerReader(self, places, table)
        return reader.rows(), sorted(reader.mistakes)

    def _places(self, heads):
        """Which column stands where: by the headings of form 13 in English, Chinese or
        both.

        :return: ({column: place}, list of `Mistake`)
        """
        words = self._headings(TAKEN)
        places = {}
        for place, head in enumerate(heads):
            name = words.get(key_of(head))
            if name:
                places.setdefault(name, place)
        label = self._labeller()
        return places, [
            Mistake(
                1,
                str(label(name, inline=True)),
                self.env._("This column is missing. Headings stand in the first row."),
            )
            for name in REQUIRED
            if name not in places
        ]

    def _headings(self, columns):
        """:return: {heading in any language, as it is compared: column}"""
        return {
            key_of(
                str(
                    self.env["quality.complaint.form.labels"]._labeller(language)(
                        name, inline=True
                    )
                )
            ): name
            for language in ("en_US", "zh_CN", "both")
            for name in columns
        }

    def _is_figure(self, head):
        """Whether a column says nothing that is not known from the others."""
        return key_of(head) in self._headings(COLUMNS.keys() - set(TAKEN))

    # === taken over ===

    def action_import(self):
        """Make the complaints, all or none, and show them."""
        self.ensure_one()
        self.env["quality.complaint.policy"]._check_manager()
        if not self.file:
            raise UserError(self.env._("Choose the file first."))
        rows, mistakes = self._checked()
        if mistakes:
            raise UserError(
                self.env._(
                    "Nothing was imported. Mistakes in the file: %(count)s. The first: "
                    "%(first)s",
                    count=len(mistakes),
                    first=self._said(mistakes[0]),
                )
            )
        if not rows:
            raise UserError(self.env._("The file has no rows below its headings."))
        complaints = self.env["quality.complaint"]._import_ledger(rows)
        return complaints._get_records_action(name=self.env._("From the Old Ledger"))

    def _said(self, mistake):
        if not mistake.row:
            return mistake.text
        return self.env._(
            "row %(row)s, %(column)s: %(text)s",
            row=mistake.row,
            column=mistake.column,
            text=mistake.text,
        )
