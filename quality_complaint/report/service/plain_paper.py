"""Papers made of parts that follow one another: fields, tables, signatures."""

from odoo import api, models


class ReportPlainPaper(models.AbstractModel):
    """Forms that inherit say in `_prepare_page` what their `title`, `number`, `parts`
    and `signers` are.

    A part is a dict: `part` (label of its bar) and either `fields` (rows of (label,
    text, columns) triples) or `columns` ((label, width in percent) pairs) and `rows`
    (lists of texts).
    """

    _name = "report.quality_complaint.plain_paper"
    _description = "Paper of a Company"
    _inherit = ["quality.complaint.form.report"]

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _company_of(self, doc):
        return doc.company_id

    @api.model
    def _form_page(self, doc):
        labels = self.env["quality.complaint.form.labels"]
        company = self._company_of(doc)
        form, language, lang = labels._form_of(
            company.complaint_policy_id, self._form_code
        )
        page = {
            "doc": doc.with_context(lang=lang),
            "company": company,
            "form": form,
            "signers": (),
            **labels._voices(language, lang),
        }
        page.update(self._prepare_page(page["doc"], page))
        return page
