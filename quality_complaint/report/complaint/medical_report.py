"""Form 2: the complaint as ISO 13485 and 21 CFR 820 want it on record, on one form from
receipt to conclusion.
"""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["medical forms"] = {
    "title_medical": _lt("Complaint/Feedback Report"),
    "part_nature": _lt("3. Nature and details of the complaint"),
    "part_events": _lt("4. Serious injury or death, adverse event"),
    "part_corrections": _lt("6. Correction and corrective action"),
    "part_reply_medical": _lt("7. Reply to the complainant"),
    "part_inputs": _lt("8. Conclusion and inputs"),
    "part_medical_signatures": _lt("9. Signatures"),
    "source_form": _lt("Form of the source"),
    "nature": _lt("Nature of the complaint"),
    "event_answer": _lt("Serious injury or death?"),
    "event_asked": _lt("Answered on, entered by"),
    "event_note": _lt("Who was asked, when, and what was said"),
    "event_step": _lt("Adverse-event evaluation"),
    "step_due": _lt("Due by"),
    "step_by": _lt("Done by"),
    "reply_way": _lt("Form of reply"),
    "reply_subject": _lt("Subject"),
    "reply_text": _lt("Text of the reply"),
    "answer_note": _lt("Answer in words"),
    "risk_input": _lt("Input to risk management"),
    "design_input": _lt("Input to design change"),
    "review_input": _lt("Input to management review"),
}

# steps of the evaluation, in their order
EVENT_STEPS = ("adverse_event_reported", "adverse_event_evaluated")


class ReportMedical(models.AbstractModel):
    _name = "report.quality_complaint.medical_report"
    _description = "Complaint/Feedback Report (Medical)"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "medical"

    @api.model
    def _prepare_page(self, doc, page):
        reply = doc.reply_ids.filtered(
            lambda row: row.kind == "final" and row.sent_on
        ).sorted("sent_on")[-1:]
        return {
            "properties": {
                line.id: self._properties(line, page) for line in doc.line_ids
            },
            "asked": self._stamp(doc, "serious_event_answered"),
            "steps": [
                step for code in EVENT_STEPS if (step := self._step(doc, code, page))
            ],
            "reply": reply,
            "remedies": doc.remedy_ids.filtered(
                lambda remedy: remedy.state not in ("refused", "cancelled")
            ),
            "events": bool(doc.asks_serious_event or doc.serious_event != "unknown"),
        }

    @api.model
    def _properties(self, line, page):
        """The fields of the trade of a line, in rows as wide as the form.

        :return: list of rows of up to three (label, value)
        """
        cells = [
            (prop.get("string") or prop["name"], self._property_value(prop, page))
            for prop in line.read(["properties"])[0]["properties"]
        ]
        return [cells[start : start + 3] for start in range(0, len(cells), 3)]

    @api.model
    def _property_value(self, prop, page):
        value = prop.get("value")
        if prop["type"] == "boolean":
            return page["label"]("yes" if value else "no", inline=True)
        if prop["type"] == "selection":
            return dict(map(tuple, prop.get("selection") or [])).get(value, "")
        return "" if value in (None, False) else str(value)

    @api.model
    def _stamp(self, complaint, code):
        """The row that says when a step was done, empty when it was not."""
        return (
            complaint.deadline_ids._stamps()
            .filtered(lambda row: row.milestone_code == code)
            .sorted("done_on")[-1:]
        )

    @api.model
    def _step(self, complaint, code, page):
        """A step of the evaluation: done, or still due.

        :return: dict name, done_on, done_by, due_on; None when it is neither
        """
        rows = complaint.deadline_ids.filtered(
            lambda row: row.milestone_code == code and row.state != "cancelled"
        )
        stamp, limit = self._stamp(complaint, code), rows.filtered("limit_id")[-1:]
        if not rows:
            return None
        return {
            "name": page["term"](rows[0].milestone_id, "name"),
            "done_on": stamp.done_on,
            "done_by": stamp.done_by_id.name,
            "due_on": limit.due_on,
        }
