from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QualityComplaintInvestigationMember(models.Model):
    """Somebody in the team of an investigation."""

    _name = "quality.complaint.investigation.member"
    _description = "Member of an Investigation"
    _inherit = ["quality.complaint.investigation.part"]
    _order = "investigation_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]", index=True, help="May open the complaint and fill in the investigation.")
    name = fields.Char("Person", compute="_compute_name", store=True, readonly=False, precompute=True, help="For people without a login.")
    department_id = fields.Many2one("quality.complaint.responsible", domain="[('kind', '=', 'department')]", check_company=True, ondelete="restrict")
    task = fields.Char()

    def _check_running(self):
        """A team that was named changes by those who may name it only."""
        for investigation in self.investigation_id.filtered("team_named_on"):
            investigation._check_may_name_team()
        # graded higher after the end: who investigated is named afterwards
        late = self.filtered(lambda member: member.investigation_id.needs_team and not member.investigation_id.team_named_on)
        return super(QualityComplaintInvestigationMember, self - late)._check_running()

    @api.depends("user_id")
    def _compute_name(self):
        for member in self:
            member.name = member.user_id.name or member.name

    @api.constrains("user_id", "name")
    def _check_person(self):
        for member in self:
            if not member.name:
                raise ValidationError(self.env._("%s: name every member of the team.", member.investigation_id.display_name))
