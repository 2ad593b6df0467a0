"""Form 12: the monthly analysis, on paper and as a spreadsheet."""

from io import BytesIO

import xlsxwriter
from markupsafe import Markup

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...models.improvement.analysis import NOT_COUNTED
from ...tools import download, pareto, write_sheet
from ..form_labels import TABLES
from ..form_report import _joined

_lt = LazyTranslate(__name__)

TABLES["monthly analysis"] = {
    "title_analysis": _lt("Complaint Statistics and Analysis"),
    "part_kpis": _lt("1. Indicators"),
    "department_kpis": _lt("KPIs by department"),
    "part_totals": _lt("2. Totals"),
    "part_counts": _lt("3. Breakdown"),
    "part_open": _lt("4. Open and overdue"),
    "part_problems": _lt("5. Problems and measures"),
    "part_comments": _lt("6. Comments"),
    "part_analysis_signatures": _lt("7. Signatures and circulation"),
    "period": _lt("Period"),
    "figures_on": _lt("Figures as of"),
    "indicator": _lt("KPI"),
    "this_period": _lt("This period"),
    "period_before": _lt("Period before"),
    "year_before": _lt("A year before"),
    "target": _lt("Target"),
    "light": _lt("Target reached"),
    "what": _lt("Item"),
    "number": _lt("Count"),
    "analysis_share": _lt("Share"),
    "so_far": _lt("Cumulative"),
    "justified": _lt("Justified"),
    "repeated": _lt("Repeated"),
    "cost_so_far": _lt("Cost so far"),
    "analysis_shipped": _lt("Quantity shipped"),
    "per_million": _lt("Per million"),
    "whose": _lt("Responsible"),
    "problem": _lt("Problem"),
    "why_it_matters": _lt("Why it matters"),
    "problem_analysis": _lt("Cause Analysis"),
    "measure": _lt("Long-Term Measure"),
    "department_owner": _lt("Department, owner"),
    "comment_sales": _lt("Sales"),
    "comment_quality": _lt("Quality"),
    "process_review": _lt("Review of the process"),
    "no_problems": _lt("No problem stands out."),
    "no_rows": _lt("None."),
    "circulated_to": _lt("Circulated to"),
    "read_on": _lt("Read on"),
    "sign_analysis_approved": _lt("Approved by, on"),
    "sign_analysis_prepared": _lt("Prepared by"),
}
# rows of a table on paper; the spreadsheet has all
TOP = 10
# pixels of a page
CHART_WIDTH = 690
# tables with a Pareto chart
CHARTS = ("product", "defect", "cause", "customer")


class ReportAnalysis(models.AbstractModel):
    _name = "report.quality_complaint.analysis"
    _description = "Complaint Analysis"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "analysis"
    _form_model = "quality.complaint.analysis"

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _complaint_of(self, doc):
        return doc

    @api.model
    def _form_page(self, doc):
        local = self.with_context(complaint_form_language=doc.language)
        return super(ReportAnalysis, local)._form_page(doc)

    @api.model
    def _prepare_page(self, doc, page):
        rows = doc.line_ids.grouped("dimension")
        nothing = doc.line_ids.browse()
        term = page["term"]
        return {
            "kpis": doc.kpi_line_ids,
            "department_kpis": doc.department_kpi_ids.grouped("department_name"),
            "totals": rows.get("total", nothing),
            "tables": [
                {
                    "title": term(rows[dimension][0], "dimension"),
                    "rows": rows[dimension][:TOP],
                    "more": len(rows[dimension][TOP:]),
                    "chart": self._chart(rows[dimension], term)
                    if dimension in CHARTS
                    else "",
                }
                for dimension in doc.line_ids._fields["dimension"].get_values(self.env)
                if dimension in rows and dimension not in NOT_COUNTED
            ],
            "units": rows.get("unit", nothing),
            "ages": rows.get("age", nothing),
            "overdue": rows.get("overdue", nothing),
            "work": rows.get("work", nothing),
            "revisits": rows.get("revisit", nothing),
            "inputs": rows.get("input", nothing),
        }

    @api.model
    def _chart(self, rows, term):
        """A Pareto chart of the rows, as SVG."""
        title = term(rows[0], "dimension")
        picture = pareto(
            [(term(row, "label"), row.count) for row in rows],
            {"title_pareto": title, "empty": ""},
            CHART_WIDTH,
        )
        return Markup(picture)  # made by `tools/svg`, which escapes


class QualityComplaintAnalysis(models.Model):
    _inherit = "quality.complaint.analysis"

    def _file_name(self):
        """Name of its files, without ending."""
        return self.env._("Complaint analysis %s", self.name).replace("/", "-")

    def action_xlsx(self):
        """All figures as a spreadsheet, to be downloaded."""
        self.ensure_one()
        self.check_access("read")
        return download(self.env, f"{self._file_name()}.xlsx", self._xlsx(), self)

    def _xlsx_figures(self, row):
        """Figures of a row of the analysis; what is none of it stays empty."""
        nothing = ("",) * 3
        compared = (row.previous, row.last_year)
        if row.dimension == "total":
            return ("", "", "", row.value, *compared, *nothing, "", "")
        if row.dimension == "unit":
            return (
                row.count, "", "", row.value, *compared, "", "", row.quantity, "", "",
            )  # fmt: skip
        if row.dimension in NOT_COUNTED:
            return (row.count, "", "", row.value, *compared, *nothing, "", "")
        return (
            row.count,
            row.valid_count,
            row.repeat_count,
            row.count,
            *compared,
            row.share,
            row.cumulative,
            "",
            row.loss,
            row.cost,
        )

    def _xlsx(self):
        """:return: bytes of an .xlsx: a sheet of indicators, one of all rows, one of
        problems, in the languages of the form
        """
        self.ensure_one()
        labels = self.env["quality.complaint.form.labels"]
        _form, language, lang = labels._form_of(self.policy_id, "analysis")
        label, term = labels._labeller(language), labels._speaker(language)
        source = self.with_context(lang=lang)
        stream = BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})

        def sheet(title, keys, rows, widths):
            write_sheet(
                book,
                str(label(title, inline=True)),
                [str(label(key, inline=True)) for key in keys],
                rows,
                widths,
            )

        def kpi_cells(row):
            return (
                term(row, "name"),
                row.value if row.is_known else "",
                row.previous if row.has_previous else "",
                row.last_year if row.has_last_year else "",
                row.target if row.has_target else "",
            )

        kpi_keys = (
            "indicator", "this_period", "period_before", "year_before", "target",
        )  # fmt: skip
        sheet(
            "indicator",
            kpi_keys,
            [kpi_cells(row) for row in source.kpi_line_ids],
            (45, 14, 14, 14, 14),
        )
        sheet(
            "department_kpis",
            ("department", *kpi_keys),
            [
                (term(row, "department_name"), *kpi_cells(row))
                for row in source.department_kpi_ids
            ],
            (24, 45, 14, 14, 14, 14),
        )
        sheet(
            "number",
            (
                "what",
                "description",
                "number",
                "justified",
                "repeated",
                "this_period",
                "period_before",
                "year_before",
                "analysis_share",
                "so_far",
                "analysis_shipped",
                "loss",
                "cost_so_far",
                "whose",
            ),
            [
                (
                    term(row, "dimension"),
                    _joined((term(row, "label"), row.note)),
                    *self._xlsx_figures(row),
                    row.user_id.name,
                )
                for row in source.line_ids
            ],
            (22, 50, *[12] * 11, 18),
        )
        sheet(
            "problem",
            (
                "problem",
                "why_it_matters",
                "problem_analysis",
                "measure",
                "department_owner",
                "due_on",
            ),
            [
                (
                    row.name,
                    row.reason,
                    row.answer,
                    row.measure,
                    _joined((term(row.department_id, "name"), row.user_id.name)),
                    str(row.due_on or ""),
                )
                for row in source.problem_ids
            ],
            (40, 40, 40, 40, 25, 12),
        )
        book.close()
        return stream.getvalue()
