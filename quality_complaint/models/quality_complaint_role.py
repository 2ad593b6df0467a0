from odoo import fields, models
from odoo.fields import Domain


class QualityComplaintRole(models.Model):
    """A role that decides: who holds it is data, so that every regime's chain of command can be set up."""

    _name = "quality.complaint.role"
    _description = "Complaint Role"
    _order = "level, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    level = fields.Integer(default=1, help="The higher, the more it may decide.")
    active = fields.Boolean(default=True)
    holder = fields.Selection(
        [
            ("group", "Members of a group"),
            ("users", "These users"),
            ("team_leader", "Leader of the complaint's team"),
            ("responsible_manager", "Manager of the responsible party"),
        ],
        "Held by",
        required=True,
        default="users",
    )
    group_id = fields.Many2one("res.groups")
    user_ids = fields.Many2many("res.users", "quality_complaint_role_user_rel", string="Users", domain="[('share', '=', False)]")

    _code_uniq = models.Constraint("UNIQUE (code)", "The code of a role must be unique.")

    def _holders(self, complaint):
        """Users holding this role for a complaint, limited to those who may work in its company.

        :param complaint: one `quality.complaint`
        :return: `res.users`, possibly empty
        """
        self.ensure_one()
        # sudo: who holds a role is no secret, but teams, groups and responsible parties are not readable by everybody
        role, complaint = self.sudo(), complaint.sudo()
        if role.holder == "group":
            in_group = Domain("all_group_ids", "in", role.group_id.ids)
            # sudo: as above
            users = self.env["res.users"].sudo().search(in_group & Domain("share", "=", False))
        elif role.holder == "users":
            users = role.user_ids
        elif role.holder == "team_leader":
            users = complaint.team_id.leader_id
        else:
            users = complaint.responsible_id.manager_id
        bot = self.env.ref("base.user_root")
        users = users.filtered(lambda user: user.active and complaint.company_id in user.company_ids) - bot
        return users.sudo(False)  # sudo: given back with the rights of the caller
