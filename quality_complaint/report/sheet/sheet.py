"""A special case on paper: facts and steps as they stand on the sheet."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["case sheet"] = {
    "title_sheet": _lt("Case Sheet"),
    "sheet_led_by": _lt("Led by"),
    "sheet_opened": _lt("Sheet opened on"),
    "sheet_closed": _lt("Sheet closed on"),
    "part_sheet_facts": _lt("1. Facts"),
    "part_sheet_steps": _lt("2. Steps"),
    "part_sheet_result": _lt("3. Result"),
    "sheet_fact": _lt("Fact"),
    "sheet_answer": _lt("Answer"),
    "sheet_step": _lt("Step"),
    "sheet_by": _lt("Done by"),
    "sheet_until": _lt("Until"),
    "sheet_done": _lt("Done on"),
    "sheet_note": _lt("Note"),
    "sheet_signed": _lt("Signature"),
}


class ReportSheet(models.AbstractModel):
    _name = "report.quality_complaint.sheet"
    _description = "Case Sheet on Paper"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "sheet"
    _form_model = "quality.complaint.sheet"

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _prepare_page(self, doc, page):
        term, when = page["term"], page["when"]
        return {
            "title_text": term(doc.type_id, "name"),
            "heads": [
                ("complaint_no", doc.complaint_id.name, 1),
                ("sheet_led_by", doc.user_id.name, 1),
                ("customer", doc.complaint_id.partner_id.name, 1),
                ("sheet_opened", when(doc.opened_on), 1),
                ("sheet_closed", when(doc.closed_on), 3),
            ],
            "facts": [
                (
                    f"{fact.entry}" if fact.question_id.repeats else "",
                    term(fact.question_id, "name"),
                    term(fact.choice_id, "name")
                    if fact.choice_id
                    else fact._value() or "",
                )
                for fact in doc.fact_ids
            ],
            "steps": [
                [
                    term(task.step_id, "name")
                    if task.step_id and task.step_id.name == task.name
                    else task.name,
                    task.user_id.name or "",
                    when(task.due_on),
                    when(task.done_on),
                    task.note or "",
                ]
                for task in doc.task_ids
            ],
        }
