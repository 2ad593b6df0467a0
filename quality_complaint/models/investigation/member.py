from odoo import fields, models


class QualityComplaintInvestigationMember(models.Model):
    """Somebody in the team of an investigation."""

    _name = "quality.complaint.investigation.member"
    _description = "Member of an Investigation"
    _inherit = ["quality.complaint.investigation.part", "quality.complaint.team.member"]
    _order = "investigation_id, sequence, id"
    _check_company_auto = True
    _team_of = "investigation_id"

    task = fields.Char()

    def _check_running(self):
        """A team that was named changes by those who may name it only."""
        for investigation in self.investigation_id.filtered("team_named_on"):
            investigation._check_may_name_team()
        # graded higher after the end: who investigated is named afterwards
        late = self.filtered(
            lambda member: (
                member.investigation_id.needs_team
                and not member.investigation_id.team_named_on
            )
        )
        return super(QualityComplaintInvestigationMember, self - late)._check_running()
