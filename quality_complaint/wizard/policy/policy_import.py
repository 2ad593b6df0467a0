from odoo import models


class QualityComplaintPolicyImport(models.TransientModel):
    """Takes a policy from a file."""

    _name = "quality.complaint.policy.import"
    _description = "Import a Policy"
    _rec_name = "file_name"
    _inherit = ["quality.complaint.text.file"]

    def action_import(self):
        """Make the policy and open it; it is not in force yet."""
        return (
            self.env["quality.complaint.policy"]._import_text(self._read_text())._open()
        )
