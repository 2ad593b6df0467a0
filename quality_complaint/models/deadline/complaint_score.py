from odoo import fields, models


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    score_ids = fields.One2many("quality.complaint.score", "complaint_id", "Points")

    def _record_late(self, deadlines):
        """Points for steps that were not in time, once for each."""
        self.ensure_one()
        points = self.policy_id.score_late
        scores = self.env[
            "quality.complaint.score"
        ].sudo()  # sudo: points follow from the policy, nobody writes them himself
        if points:
            known = scores.search([("deadline_id", "in", deadlines.ids)]).deadline_id
            scores.create(
                [
                    self._prepare_score_vals("late", points, deadline)
                    for deadline in deadlines - known
                ]
            )

    def _record_points(self):
        """Points of the severity for the responsible department, once per complaint;
        for none that is not valid.
        """
        scores = self.env[
            "quality.complaint.score"
        ].sudo()  # sudo: as in `_record_late`
        known = scores.search(
            [("complaint_id", "in", self.ids), ("kind", "=", "complaint")]
        ).complaint_id
        for complaint in self - known:
            if complaint.severity_id.score and complaint.validity != "invalid":
                scores.create(
                    complaint._prepare_score_vals(
                        "complaint", complaint.severity_id.score
                    )
                )

    def _prepare_score_vals(self, kind, points, deadline=None):
        return {
            "complaint_id": self.id,
            "kind": kind,
            "date": fields.Date.context_today(self),
            "deadline_id": deadline.id if deadline else False,
            "user_id": (deadline and deadline.user_id or self.user_id).id,
            "proposed_points": points,
            "points": points,
        }
