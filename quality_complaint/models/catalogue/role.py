from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class QualityComplaintRole(models.Model):
    """A role that decides: who holds it is data, so that every regime's chain of
    command can be set up.
    """

    _name = "quality.complaint.role"
    _description = "Complaint Role"
    _inherit = ["quality.complaint.guarded"]
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
            ("lead_manager", "Manager of the lead department"),
            ("lead_members", "Members of the lead department"),
            ("region", "Manager of the customer's region"),
            ("duty", "Whoever is on duty"),
            ("champion", "Champion of the 8D report"),
            ("salesperson", "Salesperson of the order or customer"),
        ],
        "Held by",
        required=True,
        default="users",
    )
    group_id = fields.Many2one("res.groups")
    user_ids = fields.Many2many(
        "res.users",
        "quality_complaint_role_user_rel",
        string="Users",
        domain="[('share', '=', False)]",
        help="Of a region or a duty: who decides where nobody is named.",
    )
    blind_user_ids = fields.Many2many(
        "res.users",
        string="Without Access",
        compute="_compute_blind_user_ids",
        help="Hold the role, but cannot open complaints: nothing reaches them.",
    )
    alternative_id = fields.Many2one(
        "quality.complaint.role",
        "Or",
        help=(
            "Holders of this role may decide as well, e.g. management besides the "
            "head of the department."
        ),
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "The code of a role must be unique."
    )

    @api.depends("user_ids.all_group_ids")
    def _compute_blind_user_ids(self):
        for role in self:
            role.blind_user_ids = role.user_ids.filtered(
                lambda user: (
                    not user.has_group("quality_complaint.group_quality_complaint_user")
                )
            )

    @api.constrains("alternative_id")
    def _check_alternative(self):
        if self._has_cycle("alternative_id"):
            raise ValidationError(self.env._("A role cannot stand in for itself."))

    def _holders(self, complaint):
        """Users holding this role for a complaint or an 8D report, limited to those who
        may work in its company.

        :param complaint: one `quality.complaint`, `quality.8d` or
            `quality.complaint.problem`
        :return: `res.users`, possibly empty
        """
        self.ensure_one()
        # sudo: who holds a role is no secret, but teams, groups and responsible parties
        # are not readable by everybody
        role, complaint = self.sudo(), complaint.sudo()
        users = role._members()
        if role.holder == "team_leader":
            users = complaint.team_id.leader_id
        elif role.holder == "responsible_manager":
            # a requirement of a customer has no responsible party
            users = (
                complaint.responsible_id.manager_id
                if "responsible_id" in complaint._fields
                else users
            )
        elif role.holder == "duty":
            team = complaint.team_id
            users = (
                role.env["quality.complaint.duty"]
                ._on_duty(complaint.company_id, team)
                .answering_id
                or role.user_ids
            )
        elif complaint._name not in ("quality.complaint", "quality.8d"):
            users |= role._named_by(complaint.browse())
        elif role.holder == "champion":
            users = (
                complaint if complaint._name == "quality.8d" else complaint.eight_d_id
            ).champion_id
        elif role.holder == "salesperson":
            users = role._salesperson(role._cases(complaint))
        else:
            users |= role._named_by(role._cases(complaint))
        users = role._working_in(users, complaint.company_id)
        if role.alternative_id:
            users |= role.alternative_id._holders(complaint)
        return users.sudo(False)  # sudo: given back with the rights of the caller

    def unlink(self):
        # limits keep the ids of their roles
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _cases(self, record):
        """The complaints of a complaint or an 8D report."""
        return record if record._name == "quality.complaint" else record.complaint_ids

    def _named_by(self, complaints):
        """Whom routing names for complaints; of a region without a manager the users of
        the role. A problem has neither a region nor a lead department.
        """
        if self.holder == "region":
            return (complaints and complaints.region_manager_id) or self.user_ids
        if self.holder == "lead_manager" and complaints:
            return complaints.department_id.manager_id
        if self.holder == "lead_members" and complaints:
            department = complaints.department_id
            return department.member_ids or department.manager_id
        return self.user_ids.browse()

    def _possible_holders(self, company):
        """Users who hold this role in a company for some complaint."""
        self.ensure_one()
        role = self.sudo()  # sudo: as in `_holders`
        users = role._members()
        local = [("company_id", "in", [False, company.id])]
        if role.holder == "team_leader":
            users = role.env["quality.complaint.team"].search(local).leader_id
        elif role.holder == "responsible_manager":
            users = role.env["quality.complaint.responsible"].search(local).manager_id
        elif role.holder in ("lead_manager", "lead_members"):
            departments = role.env["quality.complaint.responsible"].search(
                [*local, ("kind", "=", "department")]
            )
            users = departments.manager_id | departments.member_ids
        elif role.holder == "region":
            rules = role.env["quality.complaint.routing"].search(local)
            users = rules.region_manager_id | role.user_ids
        elif role.holder == "duty":
            users = (
                role.env["quality.complaint.duty"]._possible(company) | role.user_ids
            )
        elif role.holder == "champion":
            users = (
                role.env["quality.8d"]
                .search([*local, ("state", "=", "open")])
                .champion_id
            )
        elif role.holder == "salesperson":
            users = role.env.ref(
                "base.group_user"
            ).all_user_ids  # whoever sells, or handles the complaint
        users = role._working_in(users, company)
        if role.alternative_id:
            users |= role.alternative_id._possible_holders(company)
        return users.sudo(False)  # sudo: given back with the rights of the caller

    @api.model
    def _salesperson(self, complaints):
        """Who sold what is complained of, else who looks after the customer, else the
        handler.
        """
        # who cannot be asked is passed over: a robot of the web shop, somebody who left
        sold = self._working_in(
            complaints.line_ids.sale_id.user_id, complaints.company_id[:1]
        )
        return (
            sold
            or complaints.partner_id.user_id
            or complaints.partner_id.commercial_partner_id.user_id
            or complaints.user_id
        )

    def _members(self):
        """Holders that do not depend on the complaint."""
        if self.holder == "group":
            return self.env["res.users"].search(
                Domain("all_group_ids", "in", self.group_id.ids)
                & Domain("share", "=", False)
            )
        return self.user_ids if self.holder == "users" else self.user_ids.browse()

    def _working_in(self, users, company):
        bot = self.env.ref("base.user_root")
        return (
            users.filtered(lambda user: user.active and company in user.company_ids)
            - bot
        )
