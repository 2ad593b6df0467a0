from odoo import models


class Quality8dImport(models.TransientModel):
    """Takes an 8D report from a file."""

    _name = "quality.8d.import"
    _description = "Import an 8D Report"
    _rec_name = "file_name"
    _inherit = ["quality.complaint.text.file"]

    def action_import(self):
        """Make the report and open it."""
        return self.env["quality.8d"]._import_text(self._read_text())._open()
