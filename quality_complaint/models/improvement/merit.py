from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QualityComplaintMerit(models.Model):
    """Praise for good handling, or criticism of bad handling, with the points it gives
    (R1 §13).
    """

    _name = "quality.complaint.merit"
    _description = "Praise or Criticism"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "reason"
    _check_company_auto = True

    kind = fields.Selection(
        [("praise", "Praise"), ("criticism", "Criticism")], required=True
    )
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    user_id = fields.Many2one(
        "res.users", "Person", index=True, domain="[('share', '=', False)]"
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        index=True,
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
    )
    complaint_id = fields.Many2one(
        "quality.complaint", index="btree_not_null", check_company=True
    )
    reason = fields.Text(required=True)
    points = fields.Float(
        digits=(16, 2), help="Above 0 for praise, below 0 for criticism; 0: none."
    )

    @api.constrains("kind", "points", "user_id", "department_id")
    def _check_merit(self):
        for merit in self:
            if not merit.user_id and not merit.department_id:
                raise ValidationError(
                    self.env._("Say whom it is about: a person or a department.")
                )
            if merit.points and (merit.points > 0) != (merit.kind == "praise"):
                raise ValidationError(
                    self.env._(
                        "Praise gives points, criticism takes some: %s does not fit.",
                        f"{merit.points:.12g}",
                    )
                )
