"""Minutes of a case review, and the record of an inspection by management."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...models.improvement.management_inspection import CHECKS
from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["look back"] = {
    "title_case_review": _lt("Minutes of a Case Review"),
    "title_inspection_by_management": _lt("Inspection by Management"),
    "led_by": _lt("Led by"),
    "participants": _lt("Participants"),
    "inspected_by": _lt("Inspected by"),
    "closed_between": _lt("Complaints closed"),
    "part_cases": _lt("1. Cases"),
    "part_said": _lt("2. What else was said"),
    "part_look_back_conclusion": _lt("2. Conclusion"),
    "part_look_back_signatures": _lt("3. Signatures"),
    "why_looked_at": _lt("Why looked at"),
    "was_good": _lt("What was good"),
    "was_bad": _lt("What was bad"),
    "checked_timely": _lt("In time"),
    "checked_reasonable": _lt("Reasonable"),
    "checked_satisfied": _lt("Customer satisfied"),
    "checked_effective": _lt("Trouble gone"),
    "found": _lt("Finding"),
    "decision_taken": _lt("Decision"),
}


class ReportLookBack(models.AbstractModel):
    """What both have in common: cases with their decisions, a text, signatures."""

    _name = "report.quality_complaint.look_back"
    _description = "Look Back at Cases"
    _inherit = ["quality.complaint.form.report"]

    # columns before those of the decision: (label, width in percent)
    _before_decision = ()

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _complaint_of(self, doc):
        return doc

    @api.model
    def _prepare_page(self, doc, page):
        return {
            "columns": [
                ("complaint_no", 11),
                *self._before_decision,
                ("decision_taken", 16),
                ("department_owner", 13),
                ("due_on", 9),
            ],
            "rows": [
                [
                    line.complaint_id.name,
                    *self._cells(line, page),
                    line.decision or "",
                    "\n".join(
                        filter(
                            None,
                            (
                                line.department_id
                                and page["term"](line.department_id, "name"),
                                line.user_id.name,
                            ),
                        )
                    ),
                    page["day"](line.due_on),
                ]
                for line in doc.line_ids
            ],
        }

    @api.model
    def _cells(self, line, page):
        """Texts of the columns of one case."""
        raise NotImplementedError


class ReportCaseReview(models.AbstractModel):
    _name = "report.quality_complaint.case_review"
    _description = "Minutes of a Case Review"
    _inherit = ["report.quality_complaint.look_back"]
    _form_code = "case_review"
    _form_model = "quality.complaint.case.review"
    _before_decision = (("why_looked_at", 12), ("was_good", 19), ("was_bad", 19))

    @api.model
    def _prepare_page(self, doc, page):
        people = ", ".join(
            filter(None, (*doc.participant_ids.mapped("name"), doc.guests))
        )
        return {
            **super()._prepare_page(doc, page),
            "title": "title_case_review",
            "heads": [
                ("date", page["day"](doc.date), 1),
                ("led_by", doc.user_id.name, 1),
                ("participants", people, 1),
            ],
            "text": ("part_said", doc.note),
            "signer": "led_by",
        }

    @api.model
    def _cells(self, line, page):
        return line.reason or "", line.good or "", line.bad or ""


class ReportManagementInspection(models.AbstractModel):
    _name = "report.quality_complaint.management_inspection"
    _description = "Inspection by Management"
    _inherit = ["report.quality_complaint.look_back"]
    _form_code = "inspection"
    _form_model = "quality.complaint.management.inspection"
    _before_decision = (
        *((f"checked_{name}", 8.5) for name in CHECKS),
        ("found", 16),
    )

    @api.model
    def _prepare_page(self, doc, page):
        return {
            **super()._prepare_page(doc, page),
            "title": "title_inspection_by_management",
            "heads": [
                ("date", page["day"](doc.date), 1),
                ("inspected_by", doc.user_id.name, 1),
                (
                    "closed_between",
                    f"{page['day'](doc.closed_from)} – {page['day'](doc.closed_to)}",
                    1,
                ),
            ],
            "text": ("part_look_back_conclusion", doc.conclusion),
            "signer": "inspected_by",
        }

    @api.model
    def _cells(self, line, page):
        return (
            *(page["term"](line, name) if line[name] else "" for name in CHECKS),
            line.finding or "",
        )
