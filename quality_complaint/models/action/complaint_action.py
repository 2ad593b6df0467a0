from odoo import models


class QualityComplaint(models.Model):
    """Actions of a complaint: the same defect again."""

    _inherit = "quality.complaint"

    def _check_recurrence(self):
        """Look whether these complaints concern goods made after an action against
        their defect.
        """
        # sudo: what follows for actions follows whoever adds a fact to the complaint
        complaints = self.sudo().filtered("name")
        for complaint, actions in (
            self.env["quality.complaint.action"]._find_recurrences(complaints).items()
            if complaints
            else ()
        ):
            actions._recur(complaint)
