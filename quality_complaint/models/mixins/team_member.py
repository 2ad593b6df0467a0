from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QualityComplaintTeamMember(models.AbstractModel):
    """A person in the team of an investigation or an 8D report: a colleague, or a name
    without a login.
    """

    _name = "quality.complaint.team.member"
    _description = "Member of a Team"
    # the field of what the team works on
    _team_of = None

    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        domain="[('share', '=', False)]",
        index=True,
        help="May open what the team works on.",
    )
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="For people without a login.",
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Of a colleague: the one they head, or were in a team for before.",
    )

    @api.depends("user_id")
    def _compute_department_id(self):
        users = self.user_id
        headed = self.browse().department_id.search(
            [("manager_id", "in", users.ids), ("kind", "=", "department")]
        )
        earlier = self.search(
            [("user_id", "in", users.ids), ("department_id", "!=", False)], order="id"
        )
        known = {member.user_id: member.department_id for member in earlier}
        known |= {department.manager_id: department for department in headed}
        for member in self:
            department = known.get(member.user_id)
            if department and not member.department_id:
                member.department_id = department.filtered_domain(
                    [("company_id", "in", [False, member.company_id.id])]
                )

    @api.depends("user_id")
    def _compute_name(self):
        for member in self:
            member.name = member.user_id.name or member.name

    @api.constrains("user_id", "name")
    def _check_person(self):
        for member in self:
            if not member.name:
                raise ValidationError(
                    self.env._(
                        "%s: name every member of the team.",
                        member[self._team_of].display_name,
                    )
                )
