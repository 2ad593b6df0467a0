from odoo import fields, models


class QualityComplaintDeadline(models.Model):
    """Steps as stamped: which count, and what happens to limits when one did not happen
    after all.
    """

    _inherit = "quality.complaint.deadline"

    def _stamps(self):
        """Those that say that a step happened, and count."""
        return self.filtered(lambda row: not row.limit_id and row.state != "cancelled")

    def _is_started_by(self, stamp):
        """Whether this limit counts from that stamp."""
        self.ensure_one()
        limit = self.limit_id
        return (
            not limit.start_field
            and limit.start_milestone_id == stamp.milestone_id
            and self.start_on == stamp.done_on
            and (self.source_model or False, self.source_id or 0)
            == (stamp.source_model or False, stamp.source_id or 0)
        )

    def _withdraw(self):
        """What it was counted from did not happen: nothing was due, nobody was late."""
        self._forgive()
        self._advance(
            {"state": "cancelled", "next_notice_on": False, "paused_on": False}
        )
        self._end_notices()

    def _run_again(self):
        """Its step did not happen after all: due when it was, as if it had run on; what
        was noticed as late stays so.
        """
        self._advance(
            {
                "state": "running",
                "done_on": False,
                "recorded_on": False,
                "done_by_id": False,
                "ended_by_id": False,
            }
        )
        for complaint, rows in self.grouped("complaint_id").items():
            if complaint.waiting_for:
                rows._pause(fields.Datetime.now())
        self._schedule_notices()
