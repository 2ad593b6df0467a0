from odoo import api, fields, models

from ...tools import listed


class QualityComplaintRound(models.Model):
    """Who handled an earlier round, and why it was not the last."""

    _name = "quality.complaint.round"
    _description = "Earlier Round of a Complaint"
    _inherit = ["quality.complaint.guarded"]
    _order = "complaint_id, round"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    round = fields.Integer(required=True)
    user_id = fields.Many2one("res.users", "Handler", ondelete="restrict")
    ended_on = fields.Datetime()
    reason = fields.Text()

    @api.depends("round", "complaint_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            number = self.env._("Round %s", row.round) if row.round else ""
            row.display_name = listed(
                self.env.lang, (row.complaint_id.display_name, number), ":"
            )
