from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QualityComplaintScore(models.Model):
    """Points for the performance of departments and people (R2: late step −2, general
    complaint −1, major one −5).
    """

    _name = "quality.complaint.score"
    _description = "Complaint Points"
    _inherit = ["quality.complaint.guarded"]
    _order = "date desc, id desc"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [("late", "Late step"), ("complaint", "Complaint")],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True, index=True)
    deadline_id = fields.Many2one(
        "quality.complaint.deadline",
        "Step",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    user_id = fields.Many2one("res.users", "Person", readonly=True, index=True)
    responsible_id = fields.Many2one(
        related="complaint_id.responsible_id",
        string="Department",
        store=True,
        index=True,
    )
    severity_id = fields.Many2one(
        related="complaint_id.severity_group_id", string="Severity", store=True
    )
    proposed_points = fields.Float(
        "Points by the Policy", digits=(16, 2), readonly=True
    )
    points = fields.Float(digits=(16, 2), help="May be adjusted, with a note why.")
    note = fields.Char("Why Adjusted")

    _late_once = models.UniqueIndex("(deadline_id) WHERE deadline_id IS NOT NULL")
    _complaint_once = models.UniqueIndex("(complaint_id) WHERE kind = 'complaint'")

    @api.constrains("points", "proposed_points", "note")
    def _check_note(self):
        for score in self:
            if score.points != score.proposed_points and not score.note:
                raise ValidationError(
                    self.env._(
                        "%(complaint)s: the policy gives %(points).12g points. Say why "
                        "it is to be another number (“Why Adjusted”).",
                        complaint=score.complaint_id.display_name,
                        points=score.proposed_points,
                    )
                )
