from tempfile import TemporaryFile

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...models.improvement.ledger_files import ROWS_OF_A_FILE
from ...report.improvement.ledger import COLUMNS
from ...tools import PAPER_LANGUAGES, listed

# rows read from the database at once: a ledger of any size takes the same memory
CHUNK = 2_000
# rows that are printed; more are a spreadsheet
MAX_PRINTED = 2_000


class QualityComplaintLedger(models.TransientModel):
    """The ledger of complaints of a period (form 13), as a spreadsheet or printed."""

    _name = "quality.complaint.ledger"
    _description = "Complaint Ledger"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "date_from"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one("quality.complaint.team", check_company=True)
    date_from = fields.Date(
        "Received From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        "Received Until",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    language = fields.Selection(
        PAPER_LANGUAGES,
        required=True,
        default=lambda self: self.env.lang if self.env.lang == "zh_CN" else "en_US",
    )
    row_count = fields.Integer("Number of Complaints", compute="_compute_row_count")
    has_files = fields.Boolean(compute="_compute_has_files")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for ledger in self:
            if ledger.date_from > ledger.date_to:
                raise ValidationError(
                    self.env._("“Received Until” lies before “Received From”.")
                )

    @api.depends("company_id", "team_id", "date_from", "date_to")
    def _compute_row_count(self):
        for ledger in self:
            ledger.row_count = self.env["quality.complaint.fact"].search_count(
                ledger._domain()
            )

    def _compute_has_files(self):
        self.has_files = bool(
            self.env["quality.complaint.ledger.files"].search_count(
                [("user_id", "=", self.env.uid)], limit=1
            )
        )

    def _domain(self):
        """Figures of registered complaints and other feedback of the period."""
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("received_day", ">=", self.date_from)
            & Domain("received_day", "<=", self.date_to)
            & Domain("complaint_id.name", "!=", False)
        )
        return (
            domain & Domain("team_id", "=", self.team_id.id) if self.team_id else domain
        )

    # === rows ===

    def _rows(self, day=False, number=False):
        """Rows of the ledger with the reader's rights, in the order of their receipt;
        read as they are needed.

        :param day: only what follows in the order; with `number` of the last one
        :return: iterator of tuples in the order of `COLUMNS`: str, date, float or None
        """
        self.ensure_one()
        # what has just happened is in it; the transaction's own changes as well
        self.env["quality.complaint.fact"].sudo()._settle_all()  # sudo: see `_rebuild`
        domain = self._domain()
        if day:
            domain &= Domain("received_day", ">", day) | (
                Domain("received_day", "=", day)
                & Domain("complaint_id.name", ">", number)
            )
        query = self.env["quality.complaint.fact"]._search(domain)
        self.env.flush_all()
        languages = self.env["quality.complaint.form.labels"]._languages(self.language)
        terms = self._terms(languages)

        with self.env.cr._cnx.cursor(name="quality_complaint_ledger") as cursor:
            cursor.itersize = CHUNK
            select = self._select(query, languages)
            cursor.execute(select.code, select.params)
            for row in cursor:
                (
                    number, received, customer, product, lots, quantities, shipped,
                    description, severity, handler, due, responsible, cause, kinds,
                    closed, days, satisfaction, cost, state,
                ) = row  # fmt: skip
                yield (
                    number,
                    received,
                    customer or "",
                    product or "",
                    lots or "",
                    quantities or "",
                    shipped,
                    " ".join(description.split()) if description else "",
                    severity or "",
                    handler or "",
                    due,
                    responsible or "",
                    cause or "",
                    listed(
                        languages[0] if len(languages) == 1 else "en_US",
                        [terms["kind"].get(kind, kind) for kind in kinds or ()],
                    ),
                    closed,
                    days,
                    satisfaction,
                    cost,
                    terms["state"].get(state, state),
                )

    def _terms(self, languages):
        """Words of selections in the languages of the ledger."""
        found = {}
        for name, model, field in (
            ("state", "quality.complaint", "state"),
            ("kind", "quality.complaint.remedy", "kind"),
        ):
            words = [
                dict(
                    self.env[model]
                    ._fields[field]
                    ._description_selection(self.with_context(lang=code).env)
                )
                for code in languages
            ]
            found[name] = {
                key: " ".join(dict.fromkeys(word[key] for word in words))
                for key in words[0]
            }
        return found

    def _said(self, column, languages):
        """A translated column in the languages of the ledger, each text once."""
        texts = [
            SQL(
                "COALESCE(%(name)s->>%(code)s, %(name)s->>'en_US')",
                name=column,
                code=code,
            )
            for code in languages
        ]
        if len(texts) == 1:
            return texts[0]
        first, second = texts
        return SQL(
            "CASE WHEN %(first)s = %(second)s THEN %(first)s "
            "ELSE concat_ws(' ', %(first)s, %(second)s) END",
            first=first,
            second=second,
        )

    def _select(self, query, languages):
        """One statement for all rows: names are those the reader of a complaint sees on
        it anyway.

        :param query: of the figures the reader may see
        :param list languages: codes, one or two
        """

        def said(column):
            return self._said(SQL(column), languages)

        return SQL(
            """
            SELECT c.name, f.received_day, customer.complete_name,
                concat_ws(' ', '[' || NULLIF(product.default_code, '') || ']', %(product)s), goods.lots, goods.quantities,
                goods.shipped, c.description, %(severity)s, handler.name, f.due_day, %(responsible)s, %(cause)s, COALESCE(given.kinds, array_remove(ARRAY[c.imported_facts->>'remedy'], NULL)),
                f.closed_day,
                CASE WHEN f.is_imported THEN (f.closed_day - f.received_day)::float
                     WHEN f.closed_day IS NOT NULL THEN f.closing_days::float END,
                CASE WHEN f.is_rated THEN f.satisfaction::float END, f.cost::float, f.state
            FROM quality_complaint_fact f
            JOIN quality_complaint c ON c.id = f.complaint_id
            LEFT JOIN quality_complaint_type kind ON kind.id = f.type_id
            LEFT JOIN res_partner customer ON customer.id = f.partner_id
            LEFT JOIN product_product product ON product.id = f.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN quality_complaint_severity severity ON severity.id = f.severity_id
            LEFT JOIN res_users person ON person.id = f.user_id
            LEFT JOIN res_partner handler ON handler.id = person.partner_id
            LEFT JOIN quality_complaint_responsible responsible ON responsible.id = f.responsible_id
            LEFT JOIN quality_complaint_cause cause ON cause.id = f.cause_id
            LEFT JOIN LATERAL (
                SELECT string_agg(DISTINCT lot.name, ', ') AS lots,
                    string_agg(concat_ws(' ', trim_scale(line.quantity::numeric)::text, %(unit)s), '; ' ORDER BY line.id) AS quantities,
                    min(line.shipped_day) AS shipped
                FROM quality_complaint_fact_line line
                LEFT JOIN stock_lot lot ON lot.id = line.lot_id
                LEFT JOIN product_product own ON own.id = line.product_id
                LEFT JOIN product_template own_template ON own_template.id = own.product_tmpl_id
                LEFT JOIN uom_uom unit ON unit.id = own_template.uom_id
                WHERE line.fact_id = f.id
            ) goods ON TRUE
            LEFT JOIN LATERAL (
                SELECT array_agg(DISTINCT remedy.kind) AS kinds
                FROM quality_complaint_remedy remedy
                WHERE remedy.complaint_id = c.id AND remedy.state NOT IN ('draft', 'refused', 'cancelled')
            ) given ON TRUE
            WHERE f.id IN %(allowed)s
            ORDER BY f.received_day, c.name
            """,  # noqa: E501
            product=said("template.name"),
            # what has no severity says what it is: an inquiry, praise …
            severity=SQL(
                "COALESCE(NULLIF(%s, ''), %s)", said("severity.name"), said("kind.name")
            ),
            responsible=said("responsible.name"),
            cause=said("cause.name"),
            unit=said("unit.name"),
            allowed=query.subselect(),
        )

    # === spreadsheet ===

    def action_xlsx(self):
        """Download it; what takes longer than a person waits is written by a job."""
        self.ensure_one()
        if self.row_count > ROWS_OF_A_FILE:
            files = self.env["quality.complaint.ledger.files"]._ask(self)
            return files._get_records_action(target="current")
        return {
            "type": "ir.actions.act_url",
            "url": f"/quality_complaint/ledger/{self.id}",
            "target": "download",
        }

    def _file_name(self):
        return self._name_of(self.date_from, self.date_to)

    @api.model
    def _name_of(self, first, last):
        return self.env._(
            "Complaint ledger %(first)s – %(last)s", first=first, last=last
        )

    def _xlsx(self, rows=None):
        """
        :param rows: those of a file, without them all
        :return: an open temporary file, at its beginning
        """
        self.ensure_one()
        label = self.env["quality.complaint.form.labels"]._labeller(self.language)
        file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
        # rows go to the disk one by one
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet(str(label("title_ledger", inline=True))[:31])
        sheet.freeze_panes(1, 1)
        for place, (key, width) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, str(label(key, inline=True)), head)
        number = 0
        for number, row in enumerate(rows or self._rows(), 1):
            for place, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, float):
                    sheet.write_number(number, place, value, money)
                elif isinstance(value, str):
                    # never a formula, whatever a text begins with
                    sheet.write_string(number, place, value)
                else:
                    sheet.write_datetime(number, place, value, day)
        sheet.autofilter(0, 0, max(number, 1), len(COLUMNS) - 1)
        book.close()
        file.seek(0)
        return file

    # === paper ===

    def action_print(self):
        self.ensure_one()
        if self.row_count > MAX_PRINTED:
            raise UserError(
                self.env._(
                    "%(count)s complaints are too many to print (at most %(limit)s). "
                    "Choose a shorter period, or Excel.",
                    count=self.row_count,
                    limit=MAX_PRINTED,
                )
            )
        return self.env.ref("quality_complaint.action_report_ledger").report_action(
            self
        )

    def _printed_rows(self):
        """Rows as they are printed: lists of str."""
        local = self.with_context(lang="zh_CN" if self.language == "zh_CN" else "en_US")
        for row in self._rows():
            yield [
                ""
                if value is None
                else value
                if isinstance(value, str)
                else f"{value:,.2f}"
                if isinstance(value, float)
                else format_date(local.env, value)
                for value in row
            ]
