import base64

from odoo import fields, models
from odoo.exceptions import UserError


class QualityComplaintPolicyImport(models.TransientModel):
    """Takes a policy from a file."""

    _name = "quality.complaint.policy.import"
    _description = "Import a Policy"

    file = fields.Binary(required=True)
    file_name = fields.Char()

    def action_import(self):
        """Make the policy and open it; it is not in force yet."""
        self.ensure_one()
        try:
            text = base64.b64decode(self.file).decode()
        except UnicodeDecodeError as error:
            raise UserError(self.env._("%s is not a text file. Choose a file made by “Export” on a policy.", self.file_name)) from error
        return self.env["quality.complaint.policy"]._import_text(text)._open()
