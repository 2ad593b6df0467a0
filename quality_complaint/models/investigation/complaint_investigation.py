from odoo import models


class QualityComplaint(models.Model):
    """Investigations of a complaint: samples waited for, teams."""

    _inherit = "quality.complaint"

    def _resume_unless_sample_awaited(self):
        """The clocks run on when no investigation waits for a sample any more."""
        for complaint in self.filtered(lambda complaint: complaint.waiting_for == "sample"):
            if not complaint.investigation_ids.filtered(lambda row: row.method == "customer_sample" and row.sample_state == "asked" and not row.done_on):
                complaint._resume("sample")

    def _needs_team(self):
        """Whether its severity wants a named team to investigate it."""
        self.ensure_one()
        return self.severity_id.needs_team and (self.is_batch or not self.severity_id.team_for_batch)
