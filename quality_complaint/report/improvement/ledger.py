"""Form 13: the ledger, on paper."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["ledger"] = {
    "title_ledger": _lt("Complaint Ledger"),
    "days": _lt("Days taken"),
}
# columns in the order of form 13, and their widths in the spreadsheet
COLUMNS = {
    "complaint_no": 16,
    "received_on": 12,
    "customer": 24,
    "product": 28,
    "lot": 18,
    "quantity": 14,
    "shipped_on": 12,
    "description": 40,
    "severity": 12,
    "handler": 14,
    "due_on": 12,
    "responsible": 18,
    "cause": 18,
    "remedy": 24,
    "closed_on": 12,
    "days": 9,
    "satisfaction": 12,
    "cost": 14,
    "status": 14,
}


class ReportLedger(models.AbstractModel):
    _name = "report.quality_complaint.ledger"
    _description = "Complaint Ledger"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "ledger"
    _form_model = "quality.complaint.ledger"

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _form_pages(self, docs):
        # not in superuser mode: rows are those the reader may see
        return [self._form_page(doc) for doc in docs.sudo(False)]

    @api.model
    def _form_page(self, doc):
        labels = self.env["quality.complaint.form.labels"]
        form, language, lang = labels.with_context(
            complaint_form_language=doc.language
        )._form_of(doc.company_id.complaint_policy_id, self._form_code)
        return {
            "doc": doc,
            "form": form,
            **labels._voices(language, lang),
            "columns": list(COLUMNS),
            "rows": list(doc._printed_rows()),
        }
