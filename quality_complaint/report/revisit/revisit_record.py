"""Form 11: the talk with the customer afterwards; printed before it, a call sheet to
fill in.
"""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ...models.revisit.revisit import DIMENSIONS
from ..form_labels import TABLES
from ..form_report import _joined

_lt = LazyTranslate(__name__)

TABLES["revisit record"] = {
    "title_revisit": _lt("Customer Revisit Record"),
    "part_talk": _lt("2. Revisit"),
    "part_scores": _lt("3. Satisfaction"),
    "part_remarks": _lt("4. What the customer says"),
    "part_revisit_signatures": _lt("5. Signatures"),
    "measures_taken": _lt("Measures to be carried out"),
    "new_handling_no": _lt("New handling sheet No."),
    "planned_on": _lt("Planned on"),
    "revisited_on": _lt("Revisit date"),
    "visitor": _lt("Visitor"),
    "revisit_method": _lt("Contact method"),
    "window": _lt("Time window"),
    "spoken_with": _lt("Spoken with"),
    "implemented": _lt("Measures carried out"),
    "recurred": _lt("Trouble came back"),
    "dimension": _lt("Graded subject"),
    "score_speed": _lt("Speed of response"),
    "score_attitude": _lt("Attitude"),
    "score_competence": _lt("Competence"),
    "score_result": _lt("Result of handling"),
    "score": _lt("Overall score (0 to 100)"),
    "threshold": _lt("Satisfied from"),
    "recommends": _lt("Would recommend us (0 to 10)"),
    "comment": _lt("Opinion and suggestions"),
    "other_needs": _lt("Other needs"),
    "why_unsatisfied": _lt("Why not satisfied"),
    "further_measures": _lt("Further measures"),
    "attempts": _lt("Failed attempts"),
    "revisit_result": _lt("Result of the revisit"),
    "sign_visitor": _lt("Signature of the visitor"),
}


class ReportRevisitRecord(models.AbstractModel):
    _name = "report.quality_complaint.revisit_record"
    _description = "Customer Revisit Record"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "revisit"
    _form_model = "quality.complaint.revisit"

    @api.model
    def _prepare_page(self, doc, page):
        complaint = doc.complaint_id
        graded = any(doc[name] for name in DIMENSIONS) or doc.score
        return {
            "number": self._number_of_round(complaint, doc.round),
            "new_number": self._number_of_round(complaint, doc.round + 1)
            if doc.result == "unsatisfied"
            else "",
            "dimensions": DIMENSIONS,
            "grades": self._grades(doc, page),
            "measures": complaint.remedy_ids.filtered(
                lambda remedy: remedy.state not in ("draft", "refused", "cancelled")
            ),
            "score": f"{doc.score:.12g}" if graded else "",
            "window": self._window_in_words(doc, page),
        }

    @api.model
    def _number_of_round(self, complaint, number):
        """Number of the handling sheet of a round: the complaint's in the first, one of
        its own afterwards where the policy wants that.
        """
        if number == 1:
            return complaint.name or ""
        if number > complaint.round or not complaint.handling_number:
            return ""
        return (
            complaint.handling_number
            if number == complaint.round
            else f"{complaint.name}-{number}"
        )

    @api.model
    def _window_in_words(self, revisit, page):
        """First and last day of the policy's window: `Mar 2, 2026 – Mar 5, 2026`, `≤
        Mar 5, 2026`.
        """
        first, last = page["day"](revisit.not_before), page["day"](revisit.latest_on)
        if first and last:
            return f"{first} – {last}"
        return f"≤ {last}" if last else f"≥ {first}" if first else ""

    @api.model
    def _grades(self, revisit, page):
        """Names of the grades, best first: `5 – very good 很好`; the figure once."""
        languages = self.env["quality.complaint.form.labels"]._languages(
            page["language"]
        )
        names = [
            dict(revisit.with_context(lang=code)._selection_dimension())
            for code in languages
        ]
        return [
            f"{grade} – {_joined(name[grade].split(' – ')[-1] for name in names)}"
            for grade in names[0]
        ]
