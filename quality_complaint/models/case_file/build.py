import base64
import zipfile
from io import BytesIO
from typing import NamedTuple

from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import merged, page_count, safe_name, stamped
from .case_file import SECTIONS

# printing one takes about four seconds, and a request is given two minutes
MAX_COMPLAINTS = 20


class PrintedPart(NamedTuple):
    """A part with its pages."""

    title: str  # key of its label
    pdf: bytes  # empty: there is nothing of it
    entries: list  # of (`CaseFileAttachment`, index of its page within the part)


class QualityComplaint(models.Model):
    """Printing the parts of a case file and putting them together, with contents and
    page numbers.
    """

    _inherit = "quality.complaint"

    def _make_case_file(self, audience="full", form="pdf"):
        """The case file of each complaint.

        :param str audience: see `_case_file_parts`
        :param str form: `pdf`, or `zip`: one PDF per part, with the original
            attachments; several complaints always make a zip
        :return: (file name, bytes)
        :raise AccessError, UserError: see `_check_case_file`
        """
        self._check_case_file()
        if len(self) > MAX_COMPLAINTS:
            raise UserError(
                self.env._(
                    "%(count)s complaints are too many for one archive. Choose at "
                    "most %(most)s.",
                    count=len(self),
                    most=MAX_COMPLAINTS,
                )
            )
        # sudo: the file holds documents that the person printing may not open; all of
        # them belong to complaints he may read
        complaints = self.sudo().with_context(
            complaint_case_file=True,
            report_pdf_no_attachment=True,
            force_report_rendering=True,
        )
        if len(complaints) == 1 and form == "pdf":
            return complaints._case_file_name() + ".pdf", complaints._case_file_pdf(
                audience
            )
        stream, folders = BytesIO(), set()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for complaint in complaints:
                folder = safe_name(complaint._case_file_name(), folders)
                folders.add(folder.lower())
                for name, content in complaint._case_file_members(audience):
                    archive.writestr(
                        name if len(complaints) == 1 else f"{folder}/{name}", content
                    )
        name = (
            complaints._case_file_name()
            if len(complaints) == 1
            else self.env._("case-files")
        )
        return name + ".zip", stream.getvalue()

    def _case_file_name(self):
        return safe_name(self.name.replace("/", "-"))

    def _case_file_pdf(self, audience):
        label, parts, _attachments = self._case_file_printed(audience)
        return merged(
            [
                (
                    str(label(part.title, inline=True)),
                    part.pdf,
                    [(attachment.name, page) for attachment, page in part.entries],
                )
                for part in parts
                if part.pdf
            ]
        )

    def _case_file_members(self, audience):
        """:return: list of (path in the archive, bytes)"""
        _label, parts, attachments = self._case_file_printed(audience)
        _form, language, _lang = self._case_file_language()
        label = self.env["quality.complaint.form.labels"]._labeller(
            "en_US" if language == "both" else language
        )
        printed = [part for part in parts if part.pdf]
        members = [
            (
                safe_name(
                    f"{number:02d}_{'contents' if not number else label(part.title).replace(' ', '_')}.pdf"  # noqa: E501
                ),
                part.pdf,
            )
            for number, part in enumerate(printed)
        ]
        return members + [
            (f"attachments/{attachment.name}", attachment.file.raw or b"")
            for attachment in attachments
        ]

    def _case_file_language(self):
        return self.env["quality.complaint.form.labels"]._form_of(
            self.policy_id, "case_file"
        )

    def _case_file_printed(self, audience):
        """All parts, the contents first, with the page numbers of the whole file on
        them.

        :return: (labels, list of `PrintedPart`, list of `CaseFileAttachment`)
        """
        self.ensure_one()
        _form, language, lang = self._case_file_language()
        label = self.env["quality.complaint.form.labels"]._labeller(language)
        # each complaint's documents are printed by its own company
        complaint = self.with_company(self.company_id).with_context(lang=lang)
        if audience == "customer":
            complaint = complaint.with_context(complaint_customer_copy=True)
        attachments = complaint._case_file_attachments(audience, label)
        parts = complaint._case_file_print_parts(audience, attachments)
        contents = complaint._case_file_print_contents(audience, parts, attachments)
        parts = [PrintedPart("case_contents", contents, []), *parts]
        return label, complaint._case_file_stamp(parts, label), attachments

    def _case_file_print_parts(self, audience, attachments):
        """Each report once for all of its records, all sections at once."""
        parts = self._case_file_parts(audience)
        photos = [
            attachment for attachment in attachments if attachment.kind == "photo"
        ]
        sections = [part.section for part in parts if part.section and part.records] + (
            ["photos"] if photos else []
        )
        printed = self._case_file_print_sections(sections, audience, photos)
        result = []
        for part in parts:
            pdf = b""
            if part.records:
                pdf = (
                    printed[part.section]
                    if part.section
                    else self._case_file_render(part.report, part.records)
                )
            result.append(PrintedPart(part.title, pdf, []))
        if photos:
            pdf = printed["photos"]
            # one page each, as long as none of the captions is longer than a page
            single = page_count(pdf) == len(photos)
            result.append(
                PrintedPart(
                    "case_photos",
                    pdf,
                    [(photo, page) for page, photo in enumerate(photos)]
                    if single
                    else [],
                )
            )
        documents = [
            attachment for attachment in attachments if attachment.kind == "pdf"
        ]
        if documents:
            entries, page = [], 0
            for document in documents:
                entries.append((document, page))
                page += page_count(document.pages)
            result.append(
                PrintedPart(
                    "case_documents",
                    merged(
                        [(document.name, document.pages, []) for document in documents]
                    ),
                    entries,
                )
            )
        return result

    def _case_file_render(self, report, records, **data):
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            report, records.ids, data=data
        )
        return pdf

    def _case_file_print_sections(self, sections, audience, photos):
        """Sections are printed in one go and taken apart by their headings.

        :return: {section: PDF}
        """
        if not sections:
            return {}
        data = {
            "audience": audience,
            "photos": [
                {
                    "source": "data:image/jpeg;base64,"
                    + base64.b64encode(photo.pages).decode(),
                    "name": photo.file.name,
                    "owner": photo.owner,
                    "date": photo.file.create_date,
                }
                for photo in photos
            ],
        }
        pdf = self._case_file_render(SECTIONS, self, sections=sections, **data)
        split = self.env["report.quality_complaint.case_file"]._split(
            pdf, self, sections
        )
        return split or {
            section: self._case_file_render(SECTIONS, self, sections=[section], **data)
            for section in sections
        }

    def _case_file_print_contents(self, audience, parts, attachments):
        """The first pages; how many they are decides on the numbers they show."""
        own, pdf = 0, b""
        while not pdf or page_count(pdf) > own:
            own = page_count(pdf) if pdf else 1
            rows, page = [], own + 1
            for part in parts:
                rows.append(
                    {
                        "title": part.title,
                        "page": page if part.pdf else False,
                        "entries": [
                            (entry, page + index) for entry, index in part.entries
                        ],
                    }
                )
                page += page_count(part.pdf) if part.pdf else 0
            pdf = self._case_file_render(
                SECTIONS,
                self,
                sections=["contents"],
                audience=audience,
                rows=rows,
                total=page - 1,
                unprinted=[
                    attachment for attachment in attachments if not attachment.pages
                ],
            )
        return pdf

    def _case_file_stamp(self, parts, label):
        """Number and page of the case file on every page."""
        total = sum(page_count(part.pdf) for part in parts if part.pdf)
        stamps = self.env["report.quality_complaint.case_file"]._stamps(
            self.name, total, label
        )
        result, page = [], 0
        for part in parts:
            if part.pdf:
                result.append(part._replace(pdf=stamped(part.pdf, stamps, page)))
                page += page_count(part.pdf)
        return result

    def _keep_case_file(self, name, content):
        """Archive a case file with the complaint.

        :return: the `ir.attachment`
        """
        self.ensure_one()
        self._check_case_file()
        complaint = (
            self.sudo()
        )  # sudo: a closed complaint is not written otherwise; reading it was checked
        # as a value of the field it is readable to the field's groups only, not to
        # everybody who reads the complaint
        file = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "case_file_ids",
                }
            )
        )
        complaint._advance({"case_file_ids": [fields.Command.link(file.id)]})
        link = Markup('<a href="/web/content/%s?download=true">%s</a>') % (
            file.id,
            name,
        )
        complaint.message_post(
            body=Markup(escape(self.env._("Case file archived: %s"))) % link,
            subtype_xmlid="mail.mt_note",
        )
        return file
