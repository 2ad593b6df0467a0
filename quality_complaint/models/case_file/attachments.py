from typing import NamedTuple

from odoo import fields, models

from ...tools import is_pdf, printable_pdf, printable_photo, safe_name


class CaseFileAttachment(NamedTuple):
    """A photo or document of the case file."""

    file: models.BaseModel  # `ir.attachment`
    name: str  # unique within the case file, safe for every file system
    owner: str  # what it belongs to, in words
    # `photo`, `pdf`, `broken`: cannot be printed, `other`: of a kind that is not
    # printed
    kind: str
    pages: bytes  # JPEG of a photo, PDF of a document; empty when nothing is printed


class QualityComplaint(models.Model):
    """Photos and documents of the case file."""

    _inherit = "quality.complaint"

    def _case_file_attachments(self, audience, label):
        """Every file of the complaint and its parts, each once, in the order of the
        file.

        :param str audience: see `_case_file_parts`; the customer gets what was sent to
            them
        :param label: function(key, inline) → text, see `quality.complaint.form.labels`
        :return: list of `CaseFileAttachment`
        """
        self.ensure_one()
        found, names, seen = [], set(), self.env["ir.attachment"]
        for owner, record in self._case_file_owners(audience, label):
            for file in (self._case_file_files(record, audience) - seen).sorted(
                lambda file: (file.create_date or fields.Datetime.now(), file.id)
            ):
                seen |= file
                name = safe_name(file.name, names)
                names.add(name.lower())
                found.append(
                    CaseFileAttachment(file, name, owner, *self._case_file_pages(file))
                )
        return found

    def _case_file_owners(self, audience, label):
        """Records whose files belong to the case file.

        :return: list of (name in words, record)
        """
        replies = self._case_file_replies(audience)
        if audience == "customer":
            return [
                (f"{label('case_reply', inline=True)}: {reply.subject or ''}", reply)
                for reply in replies
            ]
        term = self.env["quality.complaint.form.labels"]._speaker(self.env.lang)
        owners = [(label("case_complaint", inline=True), self)]
        owners += [
            (f"{label('case_investigation', inline=True)}: {term(row, 'method')}", row)
            for row in self.investigation_ids
        ]
        owners += [
            (f"{label('case_reply', inline=True)}: {reply.subject or ''}", reply)
            for reply in self.reply_ids
        ]
        owners += [
            (f"{label('remedy', inline=True)}: {remedy.description}", remedy)
            for remedy in self.remedy_ids
        ]
        owners += [
            (f"{label('case_action', inline=True)}: {row.name}", row)
            for row in self.action_ids
        ]
        owners += self._case_file_owners_8d(label)
        owners += [
            (f"{label('case_inspection', inline=True)}: {row.picking_id.name}", row)
            for row in self.inspection_ids
        ]
        owners += [
            (f"{label('case_revisit', inline=True)}: {row.planned_on}", row)
            for row in self.revisit_ids
        ]
        owners += [
            (
                (
                    f"{label('case_extension', inline=True)}: "
                    f"{row.deadline_id.limit_id.name or ''}"
                ),
                row,
            )
            for row in self.deadline_ids.extension_ids
        ]
        return owners

    def _case_file_owners_8d(self, label):
        """The 8D report, its causes and its actions; what was issued goes out with the
        letters.
        """
        report = self._covering_8d()
        if not report or report.state == "cancelled":
            return []
        title = label("title_eight_d", inline=True)
        owners = [(f"{title}: {report.name}", report)]
        owners += [(f"{title}: {node.name}", node) for node in report.node_ids]
        return owners + [
            (f"{label('case_action', inline=True)}: {row.name}", row)
            for row in report.action_ids - self.action_ids
        ]

    def _case_file_files(self, record, audience):
        """Files linked to a record, and in the full version those of its thread;
        archived case files are no part of the next one.
        """
        files = self.env["ir.attachment"]
        for name, field in record._fields.items():
            if (
                field.type == "many2many"
                and field.comodel_name == "ir.attachment"
                and field.store
                and name != "case_file_ids"
            ):
                # what proves the customer's answer is ours, e.g. a note of a call
                files |= (
                    record[name]
                    if audience == "full" or name == "attachment_ids"
                    else files
                )
        if audience == "full":
            files |= files.search(
                [("res_model", "=", record._name), ("res_id", "=", record.id)]
            )
            files |= (
                record.message_ids.attachment_ids if "message_ids" in record else files
            )
        return (files - self.case_file_ids).filtered(lambda file: file.type == "binary")

    def _case_file_pages(self, file):
        """How a file is printed.

        :return: (kind, bytes), see `CaseFileAttachment`
        """
        raw = file.raw or b""
        if is_pdf(raw) or file.mimetype == "application/pdf":
            pages = printable_pdf(raw)
            return ("pdf", pages) if pages else ("broken", b"")
        if (file.mimetype or "").startswith("image/"):
            pages = printable_photo(raw)
            return ("photo", pages) if pages else ("broken", b"")
        return "other", b""
