from odoo import models
from odoo.fields import Command


class QualityComplaint(models.Model):
    """Investigations of a complaint: samples waited for, teams."""

    _inherit = "quality.complaint"

    def _resume_unless_sample_awaited(self):
        """The clocks run on when no investigation waits for a sample any more."""
        for complaint in self.filtered(
            lambda complaint: complaint.waiting_for == "sample"
        ):
            if not complaint.investigation_ids.filtered(
                lambda row: (
                    row.method == "customer_sample"
                    and row.sample_state == "asked"
                    and not row.done_on
                )
            ):
                complaint._resume("sample")

    def _needs_team(self):
        """Whether its severity wants a named team to investigate it."""
        self.ensure_one()
        return self.severity_id.needs_team and (
            self.is_batch or not self.severity_id.team_for_batch
        )

    def _open_first_investigation(self):
        if self.round not in self.investigation_ids.mapped("round"):
            self._start_new_investigation()

    def _start_new_investigation(self):
        # sudo: a handler who is no officer may start the work
        investigation = (
            self.env["quality.complaint.investigation"]
            .sudo()
            .create(self._prepare_investigation_vals())
        )
        return investigation.sudo(False)  # sudo: given back with the caller's rights

    def _prepare_investigation_vals(self):
        earlier = self.investigation_ids.filtered("team_named_on")[-1:]
        return {
            "complaint_id": self.id,
            "user_id": self.user_id.id,
            "lot_id": self.lot_id.id,
            "round": self.round,
            # the team of the round before is proposed
            "member_ids": [
                Command.create(
                    {
                        "user_id": m.user_id.id,
                        "name": m.name,
                        "department_id": m.department_id.id,
                    }
                )
                for m in earlier.member_ids
            ],
        }
