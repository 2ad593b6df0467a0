from odoo import fields, models


class QualityComplaintTeam(models.Model):
    """The people who handle complaints together."""

    _name = "quality.complaint.team"
    _description = "Complaint Team"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    leader_id = fields.Many2one(
        "res.users", "Team Leader", domain="[('share', '=', False)]"
    )
    member_ids = fields.Many2many(
        "res.users",
        "quality_complaint_team_member_rel",
        string="Members",
        domain="[('share', '=', False)]",
    )
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        help="Rules of this team; empty: those of the company.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        help="Due dates count by them; empty: those of the company.",
    )
    digest = fields.Boolean(
        "Daily Digest",
        default=True,
        help="Every morning the team leader gets a mail with what is late and due.",
    )
    digest_sent_on = fields.Date(readonly=True, copy=False)
