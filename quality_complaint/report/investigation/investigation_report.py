"""Forms 3, 4 and 8: what was investigated and found, the re-inspection of a sample, and
what was confirmed at the customer's.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ...models.investigation.investigation import SAMPLE_METHODS
from ..form_labels import TABLES
from ..form_report import _joined

_lt = LazyTranslate(__name__)

TABLES["investigation report"] = {
    # form 3
    "title_investigation": _lt("Investigation Report"),
    "shipped_net": _lt("Shipped, less returned"),
    "part_investigations": _lt("3. Investigation"),
    "part_conclusion": _lt("4. Conclusion"),
    "part_report_signatures": _lt("5. Signatures"),
    "case_complaints": _lt("Complaints of this batch case"),
    "batch_case": _lt("Batch case"),
    "investigated_in_case": _lt("Investigated in the batch case"),
    "earlier_round": _lt("Earlier round"),
    "team": _lt("Investigation team"),
    "team_leader": _lt("Leader of the team"),
    "team_named": _lt("Team named by, on"),
    "person": _lt("Person"),
    "department": _lt("Department"),
    "task": _lt("Task"),
    "due_by": _lt("To be done by"),
    "facts_found": _lt("Facts found"),
    "questions": _lt("Questions and answers"),
    "question": _lt("Question"),
    "answer_given": _lt("Answer"),
    "sample": _lt("Sample"),
    "sample_asked": _lt("Sample asked for on"),
    "sample_expected": _lt("Sample expected on"),
    "measurements": _lt("Measurements"),
    "lot_data": _lt("Lot data"),
    "figures_of": _lt("Figures taken on"),
    "produced": _lt("Produced or bought"),
    "in_stock": _lt("In stock"),
    "shipped_quantity": _lt("Shipped quantity"),
    "returned_quantity": _lt("Returned quantity"),
    "region": _lt("Region"),
    "customers_count": _lt("Number of customers"),
    "proposal": _lt("Proposal"),
    # form 4
    "title_reinspection": _lt("Re-inspection Report"),
    "part_sample": _lt("2. Sample"),
    "part_tests": _lt("3. Results of the re-inspection"),
    "part_verdict": _lt("4. Verdict"),
    "sample_origin": _lt("Origin of the sample"),
    "inspector": _lt("Inspector"),
    "inspected_on": _lt("Inspected on"),
    # form 8
    "title_defect_confirmation": _lt("After-Sales Defect Confirmation"),
    "part_site": _lt("1. Customer and goods"),
    "part_defects": _lt("2. Defects found"),
    "part_site_handling": _lt("3. Handling on the spot and opinion of the customer"),
    "part_confirmation": _lt("4. Confirmation"),
    "confirmed_with": _lt("Confirmed with"),
    "confirmed_on": _lt("Confirmed on"),
    "checked_quantity": _lt("Checked quantity"),
    "good_quantity": _lt("Good quantity"),
    "bad_quantity": _lt("Bad quantity"),
    "phenomenon": _lt("Defect phenomenon"),
    "on_spot": _lt("Handling on the spot"),
    "customer_opinion": _lt("Opinion of the customer"),
    "sign_ours": _lt("Our representative"),
}


class InvestigationForm(models.AbstractModel):
    """What forms on investigations say of one of them."""

    _name = "quality.complaint.investigation.form"
    _description = "Printed Form of an Investigation"
    _inherit = ["quality.complaint.form.report"]

    @api.model
    def _facts_of(self, investigation, page):
        """One investigation on paper.

        :param investigation: `quality.complaint.investigation`, in superuser mode and
            in the language of the form
        :return: dict: row, photos, files (see `_photos`), answers as (question,
            answer), measurements as dicts, fate and quantity (of the
            sample), counts as cells of a row, lots (see `quality.complaint.lot.facts`),
            sampled and checked (whether there is a sample, goods looked at)
        """
        photos, files = self.env["quality.complaint.form.labels"]._photos(
            investigation.attachment_ids
        )
        term = page["term"]
        fate = term(investigation, "sample_fate")
        return {
            "row": investigation,
            "photos": photos,
            "files": files,
            "answers": [
                (self._question(answer, page), self._answer(answer, page))
                for answer in investigation.answer_ids
            ],
            "measurements": [
                self._measurement(row, page) for row in investigation.measurement_ids
            ],
            "fate": f"{fate} ({page['day'](investigation.sample_fate_on)})"
            if fate and investigation.sample_fate_on
            else fate,
            "quantity": self._quantity(investigation, "sample_quantity", term),
            "counts": self._counts(investigation, term),
            "lots": investigation.lot_facts or [],
            "sampled": investigation.method in SAMPLE_METHODS
            or bool(investigation.sample_asked_on or investigation.sample_received_on),
            "checked": bool(
                investigation.checked_quantity
                or investigation.on_spot_handling
                or investigation.customer_opinion
            ),
        }

    @api.model
    def _question(self, answer, page):
        languages = self.env["quality.complaint.form.labels"]._languages(
            page["language"]
        )
        return _joined(
            answer.with_context(lang=code)._printed_question() for code in languages
        )

    @api.model
    def _answer(self, answer, page):
        return " – ".join(filter(None, [page["term"](answer, "yes_no"), answer.answer]))

    @api.model
    def _measurement(self, row, page):
        """A measurement in words; what is judged by eye in the languages of the
        form.
        """
        return {
            "name": row.name,
            "standard": row.standard or "",
            "requirement": row.requirement_text or "",
            "value": row.value_text if row.measured else page["term"](row, "judged"),
            "verdict": page["term"](row, "verdict") if row.verdict != "open" else "",
            "failed": row.verdict == "fail",
            "note": row.note or "",
        }

    @api.model
    def _quantity(self, investigation, name, term):
        """A quantity with its unit, empty when there is none."""
        return (
            f"{investigation[name]:.12g} {term(investigation.product_uom_id, 'name')}".strip()  # noqa: E501
            if investigation[name]
            else ""
        )

    @api.model
    def _counts(self, investigation, term):
        """Goods checked, good and bad as cells of a row; before anything is checked,
        room to write the numbers.
        """
        unit = term(investigation.product_uom_id, "name")
        counted = investigation.checked_quantity or investigation.bad_quantity
        names = ("checked_quantity", "good_quantity", "bad_quantity")
        return [
            (
                name,
                f"{investigation[name]:.12g} {unit}".strip()
                if counted
                else f"________ {unit}".strip(),
                1,
            )
            for name in names
        ]

    @api.model
    def _delivered_line(self, investigation):
        """The line of the complaint that an investigation is about."""
        lines = investigation.complaint_id.line_ids
        lot, product = investigation.lot_id, investigation.product_id
        return (
            lot and lines.filtered(lambda line: line.lot_id == lot)[:1]
        ) or lines.filtered(lambda line: line.product_id == product)[:1]


class ReportInvestigation(models.AbstractModel):
    _name = "report.quality_complaint.investigation_report"
    _description = "Investigation Report"
    _inherit = ["quality.complaint.investigation.form"]
    _form_code = "investigation"

    @api.model
    def _prepare_page(self, doc, page):
        current = doc.investigation_ids.filtered(lambda row: row.round == doc.round)
        earlier = (doc.investigation_ids - current).sorted(
            lambda row: (-row.round, row.id)
        )
        shared = self._shared_investigations(doc)
        blocks = {
            name: [self._facts_of(row, page) for row in rows]
            for name, rows in (
                ("current", current),
                ("shared", shared),
                ("earlier", earlier),
            )
        }
        self._name_lots_once(
            [*blocks["current"], *blocks["shared"], *blocks["earlier"]]
        )
        author = (current | shared).filtered("done_on").sorted("done_on")[-1:]
        return {
            **blocks,
            "preliminary": doc.validity == "unknown"
            or bool(current.filtered(lambda row: not row.done_on)),
            "author": author.user_id.name or author.done_by_id.name,
            "authored_on": author.done_on,
            "children": [
                (child, self._goods_in_words(child, page["term"]))
                for child in doc.child_ids.sorted(
                    lambda child: (child.name or "", child.id)
                )
            ],
        }

    @api.model
    def _name_lots_once(self, blocks):
        """Investigations of the same lot took the same figures: print them with the
        first.
        """
        printed = []
        for block in blocks:
            block["lots"] = [lot for lot in block["lots"] if lot not in printed]
            printed += block["lots"]

    @api.model
    def _shared_investigations(self, complaint):
        """Finished investigations of the batch case a complaint is in, for those who
        may open the case: it names other customers.
        """
        case = complaint.parent_id
        # sudo(False) for everybody but the superuser himself: whether the person
        # printing may open it
        if not case.with_user(self.env.user).sudo(self.env.su).has_access("read"):
            return complaint.investigation_ids.browse()
        return case.investigation_ids.filtered("done_on")

    @api.model
    def _goods_in_words(self, complaint, term):
        """`4 kg (L0042); 2 kg (L0043)`"""
        lines = complaint.line_ids
        return "; ".join(
            f"{line.quantity:.12g} {term(line.product_uom_id, 'name')}".strip()
            + (f" ({name})" if (name := line.lot_id.name or line.lot_name) else "")
            for line in lines
        )


class ReportReinspection(models.AbstractModel):
    _name = "report.quality_complaint.reinspection_report"
    _description = "Re-inspection Report"
    _inherit = ["quality.complaint.investigation.form"]
    _form_code = "reinspection"
    _form_model = "quality.complaint.investigation"

    @api.model
    def _check_printable(self, docs):
        result = super()._check_printable(docs)
        for investigation in docs:
            if investigation.method not in SAMPLE_METHODS:
                raise UserError(
                    self.env._(
                        "“%s” tests no sample. The re-inspection report is for "
                        "samples of the customer and retained ones.",
                        investigation.display_name,
                    )
                )
        return result

    @api.model
    def _prepare_page(self, doc, page):
        standards = dict.fromkeys(filter(None, doc.measurement_ids.mapped("standard")))
        return {
            "facts": self._facts_of(doc, page),
            "standards": "; ".join(standards),
            "preliminary": not doc.done_on,
        }


class ReportDefectConfirmation(models.AbstractModel):
    _name = "report.quality_complaint.defect_confirmation"
    _description = "After-Sales Defect Confirmation"
    _inherit = ["quality.complaint.investigation.form"]
    _form_code = "defect_confirmation"
    _form_model = "quality.complaint.investigation"

    @api.model
    def _prepare_page(self, doc, page):
        return {"facts": self._facts_of(doc, page), "line": self._delivered_line(doc)}
