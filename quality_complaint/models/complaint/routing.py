from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_list

# who judges, where the severity reserves it to a role
JUDGEMENT = frozenset(
    {"validity", "cause_id", "responsible_id", "root_cause", "escape_cause"}
)


class QualityComplaint(models.Model):
    """Who looks after a complaint: region, lead department, handler, duty; and what is
    reserved to a role.
    """

    _inherit = "quality.complaint"

    region_manager_id = fields.Many2one(
        "res.users",
        "Regional Manager",
        compute="_compute_routing",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain="[('share', '=', False)]",
        help="Of the customer's region, by the routing rules.",
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        "Lead Department",
        compute="_compute_routing",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'department')]",
        help=(
            "Leads the handling; who is at fault is said by the conclusion. Proposed "
            "by the routing rules."
        ),
    )
    phone_list = fields.Html(
        compute="_compute_phone_list",
        sanitize=False,
        help="Whom to phone outside working hours, or when it is serious.",
    )
    can_judge = fields.Boolean(compute="_compute_can_judge")

    # === routing ===

    @api.depends(
        "partner_id",
        "company_id",
        "policy_id",
        "type_id",
        "channel_id",
        "trigger_ids",
        "line_ids.defect_id",
        "line_ids.product_id",
    )
    def _compute_routing(self):
        """Proposed while it is being recorded; what stands there afterwards is
        somebody's word.
        """
        for complaint in self:
            routed = (
                complaint._routed()
                if complaint.state == "new"
                else dict.fromkeys(("region_manager_id", "department_id"))
            )
            for name in ("region_manager_id", "department_id"):
                complaint[name] = routed[name] or complaint[name]

    def _routed(self):
        """Who looks after it by the rules.

        :return: dict as of `quality.complaint.routing._route`
        """
        self.ensure_one()
        routing = self.env["quality.complaint.routing"]
        complaint = self.sudo()  # sudo: rules are applied to all that is known
        rules = routing._rules(complaint.company_id.id, complaint.policy_id.code)
        if not any(any(wanted) for wanted, _results in rules):
            # they want nothing: nothing is read
            return routing._route(rules, {}, complaint.company_id)
        facts = complaint._facts()
        partner = complaint.partner_id
        partner = partner if partner.country_id else partner.commercial_partner_id
        products = complaint.line_ids.product_id
        categories = {
            int(part)
            for category in products.categ_id
            for part in (category.parent_path or "").split("/")
            if part
        }
        return routing._route(
            rules,
            {
                "countries": set(partner.country_id.ids),
                "states": set(partner.state_id.ids),
                "customer_tags": set(
                    (
                        partner.category_id | partner.commercial_partner_id.category_id
                    ).ids
                ),
                "types": facts.types,
                "channels": facts.channels,
                "triggers": facts.triggers,
                "defects": facts.defects,
                "categories": categories,
            },
            complaint.company_id,
        )

    def _on_duty(self):
        """Who answers for its team at this moment, if anybody is on duty."""
        self.ensure_one()
        duty = self.env["quality.complaint.duty"]._on_duty(
            self.company_id, self.team_id
        )
        return duty.answering_id.sudo(False)

    def _stamp_lead(self):
        """Lead department and person are named (R11), once both stand there; where it
        is for a role to name them, by the word of one who holds it.
        """
        for complaint in self:
            if (
                complaint.state not in ("new", "closed", "cancelled")
                and complaint.department_id
                and complaint.user_id
                and complaint._requires("lead_named")
                and not complaint._needs_team()
                and complaint._may_name_department()
            ):
                complaint._reach("lead_named")

    def _may_name_department(self):
        self.ensure_one()
        # sudo: the policy's setting, whoever reads it
        role = self.sudo().policy_id.department_role_id
        return not role or self.env.user in role._holders(self)

    # === phones ===

    @api.depends("team_id", "company_id", "severity_id", "region_manager_id")
    @api.depends_context("lang")
    def _compute_phone_list(self):
        for complaint in self:
            rows = complaint._phones() if complaint._is_urgent_now() else []
            complaint.phone_list = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.phone_list", {"rows": rows}
                )
                if rows
                else False
            )

    def _is_urgent_now(self):
        """Whether somebody may have to be phoned: it is serious, or nobody is at
        work.
        """
        self.ensure_one()
        if self.state in ("closed", "cancelled", "replied"):
            return False
        clock = self._deadline_calendar()._complaint_clock(self.company_id)
        return self.severity_id.is_major or not clock.is_open(fields.Datetime.now())

    def _phones(self):
        """
        :return: list of dicts `who`, `name` and `phone`, each person once
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: phones of colleagues, for whoever handles it
        duty = complaint.env["quality.complaint.duty"]._on_duty(
            complaint.company_id, complaint.team_id
        )
        people = [
            (self.env._("On duty"), duty.answering_id),
            (self.env._("Regional manager"), complaint.region_manager_id),
            (self.env._("Head of the department"), complaint.department_id.manager_id),
            (self.env._("Team leader"), complaint.team_id.leader_id),
            *(
                (role.with_context(lang=self.env.lang).name, role._holders(complaint))
                for role in complaint.severity_id.notify_role_ids
            ),
        ]
        known, rows = set(), []
        for who, users in people:
            for user in users.sudo() - self.env.user:
                if user not in known:
                    known.add(user)
                    rows.append(
                        {
                            "who": who,
                            "name": user.name,
                            "phone": user.partner_id.phone or False,
                        }
                    )
        return rows

    # === reserved to a role ===

    @api.depends("severity_id")
    @api.depends_context("uid", "su")
    def _compute_can_judge(self):
        for complaint in self:
            role = complaint.sudo().severity_id.judge_role_id  # sudo: as below
            complaint.can_judge = (
                not role or self.env.su or self.env.user in role._holders(complaint)
            )

    def _check_judge(self, vals=None):
        """
        :param dict vals: of a `write`; all of it is meant when not given
        :raise AccessError: the judgement is reserved to a role the user does not hold
        """
        names = JUDGEMENT if vals is None else JUDGEMENT & vals.keys()
        if not names or self.env.su:
            return
        for complaint in self:
            # sudo: who judges is the policy's, whoever reads it
            role = complaint.sudo().severity_id.judge_role_id
            if not role or self.env.user in role._holders(complaint):
                continue
            if vals is not None and not complaint._changed_by(vals, names):
                continue
            raise AccessError(
                self.env._(
                    "%(complaint)s: whether it is valid, its cause and who is "
                    "responsible are for the role “%(role)s” to say (%(holders)s). Ask "
                    "them; the investigation may say what you think.",
                    complaint=complaint.display_name,
                    role=role.sudo(False).name,
                    holders=format_list(
                        self.env, role._holders(complaint).mapped("name")
                    )
                    or self.env._("nobody"),
                )
            )

    @api.model
    def _check_region(self, vals):
        """
        :raise AccessError: whoever holds the role “Regional manager” approves, and
            follows from the routing rules
        """
        if (
            "region_manager_id" in vals
            and not self.env.su
            and not self.env.user.has_group(
                "quality_complaint.group_quality_complaint_manager"
            )
        ):
            raise AccessError(
                self.env._(
                    "The regional manager follows from the routing rules. Ask a "
                    "complaint manager to change the rules, or to choose another "
                    "one here."
                )
            )

    def _check_department(self, vals):
        """
        :raise AccessError: the policy reserves naming the lead department to a role
        """
        if "department_id" not in vals or self.env.su:
            return
        for complaint in self.filtered("name")._changed_by(vals, {"department_id"}):
            complaint._check_may_name_department()

    def _check_may_name_department(self):
        """
        :raise AccessError: as in `_check_department`
        """
        if self._may_name_department():
            return
        # sudo: as above
        role = self.sudo().policy_id.department_role_id
        raise AccessError(
            self.env._(
                "%(complaint)s: its lead department is for the role “%(role)s” to name "
                "(%(holders)s).",
                complaint=self.display_name,
                role=role.sudo(False).name,
                holders=format_list(self.env, role._holders(self).mapped("name"))
                or self.env._("nobody"),
            )
        )
