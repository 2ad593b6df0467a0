"""What the forms of an investigation, a revisit and a medical complaint have in common:
access, terms in the form's languages, photos.
"""

from base64 import b64encode

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.image import binary_to_image, image_data_uri, image_process
from odoo.tools.translate import LazyTranslate

from .form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["shared by several forms"] = {
    "round": _lt("Round"),
    "row": _lt("No."),
    "step": _lt("Step"),
    "due_on": _lt("Due on"),
    "late_reason": _lt("Reason for being late"),
    "basis": _lt("Basis"),
    "quantity": _lt("Quantity"),
    "receipt": _lt("Receipt"),
    "part_complaint": _lt("1. Complaint"),
    "photos": _lt("Photos"),
    "other_files": _lt("Other files"),
    "handling_no": _lt("Handling sheet No."),
    "product_code": _lt("Product code"),
    "investigation_method": _lt("Method of investigation"),
    "place": _lt("Place"),
    "finished": _lt("Finished on, by"),
    "sample_received": _lt("Sample received on"),
    "sample_quantity": _lt("Sample quantity"),
    "sample_number": _lt("Sample No."),
    "sample_condition": _lt("Condition of the sample"),
    "sample_place": _lt("Kept at"),
    "sample_fate": _lt("What became of the sample"),
    "characteristic": _lt("Characteristic"),
    "standard": _lt("Standard and method"),
    "requirement": _lt("Requirement"),
    "measured": _lt("Measured values"),
    "verdict": _lt("Outcome"),
    "overall_verdict": _lt("Overall verdict"),
    "remark": _lt("Remark"),
    "cause_occurrence": _lt("Cause of occurrence"),
    "cause_escape": _lt("Cause of escape"),
    "responsible_evidence": _lt("Evidence of responsibility"),
    "explanation": _lt("Explanation to the customer"),
    "not_investigated": _lt("Not investigated"),
    "not_investigated_reason": _lt("Reason for not investigating"),
    "not_investigated_by": _lt("Decided by, on"),
    "similar": _lt("Similar complaint investigated"),
    "sign_prepared": _lt("Prepared by"),
    "sign_reviewed": _lt("Reviewed by"),
    "sign_approved": _lt("Approved by"),
    "sign_customer": _lt("Signature of the customer"),
    "preliminary": _lt("Preliminary: the investigation is not finished yet."),
    "no": _lt("No"),
}

# pixels kept of a photo: sharp enough on half a page, small enough for a file with many
# photos
PHOTO_SIZE = (900, 900)
PHOTO_QUALITY = 80
# room of a photo on paper, in pixels of the page
PHOTO_BOX = (320, 220)


class QualityComplaintFormLabels(models.AbstractModel):
    _inherit = "quality.complaint.form.labels"

    @api.model
    def _languages(self, language):
        """Languages in which the values of a form are printed.

        :param str language: as for `_labeller`
        :return: list of codes of installed languages; English and Chinese for `both`
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = ("en_US", "zh_CN") if language == "both" else (language,)
        return [code for code in wanted if code in installed] or [
            self.env.lang or "en_US"
        ]

    @api.model
    def _speaker(self, language):
        """A function giving a value in the language of the form, in both behind each
        other.

        :param str language: as for `_labeller`
        :return: function(record, name) → str: the term of a selection, or a translated
            text
        """
        languages = self._languages(language)

        def term(record, name):
            return _joined(
                self._in_words(record.with_context(lang=code), name, record[name])
                for code in languages
            )

        return term

    @api.model
    def _voices(self, language, lang):
        """What a template needs to speak: labels, terms, choices, times.

        :param str language: as for `_labeller`
        :param str lang: language of values that have one only
        :return: dict
        """
        return {
            "language": language,
            "lang": lang,
            "label": self._labeller(language),
            "term": self._speaker(language),
            "choices": self._chooser(language),
            **self._moments(lang),
        }

    @api.model
    def _chooser(self, language):
        """A function giving all choices of a selection, to be ticked by hand or printed
        as ticked.

        :param str language: as for `_labeller`
        :return: function(record, name) → list of (text, whether it is chosen)
        """
        languages = self._languages(language)

        def choices(record, name):
            values = [
                value
                for value, _text in record._fields[name]._description_selection(
                    record.env
                )
            ]
            return [
                (
                    _joined(
                        self._in_words(record.with_context(lang=code), name, value)
                        for code in languages
                    ),
                    record[name] == value,
                )
                for value in values
            ]

        return choices

    @api.model
    def _in_words(self, record, name, value):
        """A value of a field in the language of the record."""
        field = record._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(record.env)).get(value, "")
        return record[name] or ""

    @api.model
    def _photos(self, files):
        """Files of a record as a form shows them: the first one first.

        :param files: `ir.attachment`, in superuser mode
        :return: (list of rows of one or two dicts data, width, height, caption; list of
            the names of files that are no pictures)
        """
        shown, others = [], []
        for file in files.sorted("id"):
            picture = self._picture(file)
            if picture:
                shown.append({**picture, "caption": file.description or file.name})
            else:
                others.append(file.name)
        return [shown[start : start + 2] for start in range(0, len(shown), 2)], others

    @api.model
    def _picture(self, file):
        """A picture small enough to print, and its size on paper.

        :return: dict data (URI), width, height (pixels of the page); False for anything
            else
        """
        if not (file.mimetype or "").startswith("image/") or not file.raw:
            return False
        output = "PNG" if file.mimetype == "image/png" else "JPEG"
        try:
            content = image_process(
                file.raw,
                size=PHOTO_SIZE,
                quality=0 if output == "PNG" else PHOTO_QUALITY,
                output_format=output,
            )
            width, height = binary_to_image(content).size
        except (
            UserError,
            ValueError,
        ):  # a kind that cannot be read here, e.g. HEIC: its name is printed
            return False
        scale = min(1.0, PHOTO_BOX[0] / width, PHOTO_BOX[1] / height)
        return {
            "data": image_data_uri(b64encode(content)),
            "width": max(round(width * scale), 1),
            "height": max(round(height * scale), 1),
        }


def _joined(texts):
    """Texts behind each other, each once."""
    return " ".join(dict.fromkeys(filter(None, texts)))


class QualityComplaintFormReport(models.AbstractModel):
    """A form with document control, in the languages its policy wants; `report.…`
    models add what is printed.
    """

    _name = "quality.complaint.form.report"
    _description = "Printed Form of a Complaint"

    # set by every form
    _form_code = ""
    _form_model = "quality.complaint"

    @api.model
    def _get_report_values(self, docids, data=None):
        labels = self.env["quality.complaint.form.labels"]
        docs = self.env[self._form_model].browse(docids)
        self._check_printable(docs)
        # sudo: read access to every record was checked; the form also names deliveries,
        # lots and people that the person printing may not open
        pages = self._form_pages(docs.sudo())
        return {
            "doc_ids": docids,
            "doc_model": docs._name,
            "docs": docs,
            "pages": pages,
            "figure": lambda value: f"{value:.12g}",
            **labels._formatters(),
        }

    @api.model
    def _check_printable(self, docs):
        """Whether these records may be printed by the user.

        :raise AccessError: he may not read them, or no investigations at all (employees
            read what they reported, not what was found)
        :raise UserError: the form is not for them
        """
        docs.check_access("read")
        self.env["quality.complaint.investigation"].check_access("read")

    @api.model
    def _form_pages(self, docs):
        """:return: list of dicts, see `_form_page`"""
        return [self._form_page(doc) for doc in docs]

    @api.model
    def _complaint_of(self, doc):
        """The record whose policy holds for a form: the complaint, or the 8D report."""
        return (
            doc
            if doc._name in ("quality.complaint", "quality.8d")
            else doc.complaint_id
        )

    @api.model
    def _form_page(self, doc):
        """What one form is made of.

        :param doc: record in superuser mode
        :return: dict for the template
        """
        labels = self.env["quality.complaint.form.labels"]
        form, language, lang = labels._form_of(
            self._complaint_of(doc).policy_id, self._form_code
        )
        page = {
            "doc": doc.with_context(lang=lang),
            "form": form,
            **labels._voices(language, lang),
        }
        page.update(self._prepare_page(page["doc"], page))
        return page

    @api.model
    def _prepare_page(self, doc, page):
        """More for the template of a form.

        :param doc: record in superuser mode and in the language of the form
        :param dict page: what all forms have: form, lang, language, label, term,
            choices
        """
        return {}
