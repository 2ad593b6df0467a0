import base64

from odoo import fields, models
from odoo.exceptions import UserError


class Quality8dImport(models.TransientModel):
    """Takes an 8D report from a file."""

    _name = "quality.8d.import"
    _description = "Import an 8D Report"

    file = fields.Binary(required=True)
    file_name = fields.Char()

    def action_import(self):
        """Make the report and open it."""
        self.ensure_one()
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except ValueError as error:
            raise UserError(self.env._("%s is not a text file. Choose a file made by “Export (JSON)” on an 8D report.", self.file_name)) from error
        return self.env["quality.8d"]._import_text(text)._open()
