import base64

from odoo import fields, models
from odoo.exceptions import UserError


class QualityComplaintTextFile(models.AbstractModel):
    """A text file somebody uploads to have something made of it."""

    _name = "quality.complaint.text.file"
    _description = "Import of a Text File"
    _inherit = ["quality.complaint.sensible"]

    file = fields.Binary(required=True)
    file_name = fields.Char()

    def _read_text(self):
        """The text of the file, in UTF-8 with or without a byte order mark.

        :raise UserError: it is no text
        """
        self.ensure_one()
        if not self.file:
            raise UserError(
                self.env._("The file is empty. Choose a file made by an export.")
            )
        try:
            return base64.b64decode(self.file).decode("utf-8-sig")
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%s is not a text file. Choose a file made by an export.",
                    self.file_name,
                )
            ) from error
