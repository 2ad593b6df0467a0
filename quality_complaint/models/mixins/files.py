import re

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.mimetypes import guess_mimetype

PHOTO_MIMETYPES = re.compile(
    r"image/(png|jpe?g|gif|webp|bmp|heic)|video/|audio/|application/(pdf|zip|msword|vnd\.(ms-|openxml|oasis)|octet-stream)|text/(plain|csv)"
)
MAX_FILE_SIZE = 25 * 1024 * 1024


class QualityComplaintFiles(models.AbstractModel):
    """Photos and documents of a record: which kinds and sizes are accepted, and that
    its access rights hold for them.

    For models with a many2many `attachment_ids`.
    """

    _name = "quality.complaint.files"
    _description = "Photos and Documents"

    def _has_locked_files(self):
        """Whether the files belong to what is closed: they stay as they are."""
        self.ensure_one()
        return hasattr(self, "_is_filed") and self._is_filed()

    @api.constrains("attachment_ids")
    def _check_attachments(self):
        self._check_uploads(self.attachment_ids)

    @api.model
    def _check_uploads(self, files):
        """
        :param files: `ir.attachment`
        :raise ValidationError: one is too large, or of a kind that is not accepted
        """
        for file in files:
            # sudo: whoever may write the complaint may have its files checked
            content = file.sudo().raw or b""
            if len(content) > MAX_FILE_SIZE:
                raise ValidationError(
                    self.env._(
                        "“%(file)s” is larger than %(size)s MB. Make it smaller and "
                        "try again.",
                        file=file.name,
                        size=MAX_FILE_SIZE // 2**20,
                    )
                )
            kind = guess_mimetype(content) if content else file.mimetype
            if kind and not PHOTO_MIMETYPES.match(kind):
                raise ValidationError(
                    self.env._(
                        "“%s” is of a kind that is not accepted. Photos, films, PDF, "
                        "office files and texts are.",
                        file.name,
                    )
                )

    def _attach(self, files):
        """Files from outside as attachments of this record.

        :param files: (name, bytes) pairs
        :return: `ir.attachment`
        :raise ValidationError: one is of a kind or size that is not accepted
        """
        self.ensure_one()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for name, content in files
            ]
        )
        self._check_uploads(attachments)
        return attachments

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._adopt_attachments()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments()
        return result

    def _adopt_attachments(self):
        """Files uploaded before the record was saved belong to it afterwards; only the
        uploader's own, never other people's.
        """
        for record in self:
            # sudo: a file without a record is readable by its uploader only, and is
            # theirs to give
            loose = record.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": record._name, "res_id": record.id})
