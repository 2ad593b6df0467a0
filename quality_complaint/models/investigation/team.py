from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import format_list


class QualityComplaintInvestigation(models.Model):
    """The team of a serious case: named by a role of the severity, with people from the
    departments it asks for (R1: management).
    """

    _inherit = "quality.complaint.investigation"

    member_ids = fields.One2many(
        "quality.complaint.investigation.member",
        "investigation_id",
        "Investigation Team",
    )
    needs_team = fields.Boolean("Needs a Team", compute="_compute_needs_team")
    team_role_id = fields.Many2one(
        related="complaint_id.severity_id.team_role_id", string="Team Named By"
    )
    missing_department_ids = fields.Many2many(
        "quality.complaint.responsible",
        string="Members Still Wanted From",
        compute="_compute_missing_department_ids",
        help="The severity asks for members from these departments.",
    )
    team_named_on = fields.Datetime("Named On", readonly=True, copy=False, guarded=True)
    team_named_by_id = fields.Many2one(
        "res.users", "Named By", readonly=True, copy=False, guarded=True
    )

    @api.depends(
        "complaint_id.severity_id.needs_team",
        "complaint_id.severity_id.team_for_batch",
        "complaint_id.is_batch",
    )
    def _compute_needs_team(self):
        for row in self:
            row.needs_team = row.complaint_id._needs_team()

    @api.depends(
        "complaint_id.severity_id.team_department_ids", "member_ids.department_id"
    )
    def _compute_missing_department_ids(self):
        for row in self:
            row.missing_department_ids = (
                row._wanted_departments() - row.member_ids.department_id
            )

    def _visiting_department(self):
        """The department that makes visits of this method, by the policy; empty when
        any may.
        """
        self.ensure_one()
        policy = self.complaint_id.policy_id
        return (
            policy.on_site_department_id
            if self.method == "on_site"
            else policy.on_site_department_id.browse()
        )

    def _ask_visiting_department(self):
        """The department for visits on site takes part: its manager, or the department
        by name, who is told.
        """
        for row in self.filtered(lambda row: not row.done_on):
            # sudo: follows from the policy, whoever plans the visit
            department = row._visiting_department().sudo()
            if not department or department in row.sudo().member_ids.department_id:
                continue
            manager = department._local_manager(row.company_id)
            # sudo: as above
            row.sudo().member_ids = [
                Command.create(
                    {
                        "department_id": department.id,
                        "user_id": manager.id,
                        "name": manager.name or department.name,
                    }
                )
            ]
            if manager and manager != self.env.user:
                local = row.with_context(lang=manager.lang).env
                # sudo: the activity is for somebody else
                row.sudo().complaint_id.with_context(
                    lang=manager.lang
                ).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=manager.id,
                    summary=local._(
                        "Visit the customer: %s", row.complaint_id.display_name
                    ),
                )

    def _missing_visitor(self):
        """As in `_missing_to_finish`."""
        department = self._visiting_department()
        return (
            [self.env._("a member from %s", department.name)]
            if department and department not in self.member_ids.department_id
            else []
        )

    def action_name_team(self):
        """Fix leader and team; the leader is told.

        :raise AccessError: the severity has this done by a role the user does not hold
        :raise UserError: leader or a department is missing
        """
        for row in self:
            row._check_may_name_team()
            missing = [] if row.user_id else [self.env._("the leader (“Investigator”)")]
            missing += [
                self.env._("a member from %s", department.name)
                for department in row.missing_department_ids
            ]
            row.complaint_id._refuse(
                self.env._("The team cannot be named yet. Still missing: %s."), missing
            )
            # sudo: the role was checked above
            row.sudo()._advance(
                {
                    "team_named_on": fields.Datetime.now(),
                    "team_named_by_id": self.env.uid,
                }
            )
            row.sudo().complaint_id._reach(
                "lead_named", on=row.team_named_on, source=row
            )
            row._tell_team()
        return True

    def _check_may_name_team(self):
        self.ensure_one()
        self.check_access("write")
        role = self.team_role_id
        holders = role._holders(self.complaint_id) if role else self.env["res.users"]
        if role and not self.env.su and self.env.user not in holders:
            raise AccessError(
                self.env._(
                    "The team of %(investigation)s is named by the role “%(role)s” "
                    "(%(holders)s).",
                    investigation=self.display_name,
                    role=role.name,
                    holders=format_list(self.env, holders.mapped("name"))
                    or self.env._("nobody"),
                )
            )

    def _wanted_departments(self):
        return self.complaint_id.severity_id.team_department_ids

    def _tell_team(self):
        """Everybody of the team with a login gets a task, unless it is done already."""
        for row in self.filtered(lambda row: not row.done_on):
            for user in (row.user_id | row.member_ids.user_id) - self.env.user:
                task = row.member_ids.filtered(
                    lambda member, user=user: member.user_id == user
                )[:1].task
                # sudo: the activity is for others
                row.sudo().complaint_id.with_context(lang=user.lang).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=(row.due_on or fields.Datetime.now()).date(),
                    summary=row._task_of(user),
                    note=task,
                )

    def _task_of(self, user):
        """What the task of somebody of the team is called, in their language."""
        return self.with_context(lang=user.lang).env._(
            "Investigate %s", self.complaint_id.display_name
        )

    def _end_tasks(self):
        """Nobody has to investigate any more, unless another investigation of the
        complaint goes on.
        """
        for row in self:
            complaint = row.complaint_id.sudo()  # sudo: the tasks of others
            going_on = complaint.investigation_ids.filtered(
                lambda other: not other.done_on
            )
            if going_on:
                continue
            tasks = complaint.activity_ids.filtered(
                lambda task, row=row: (
                    task.automated and task.summary == row._task_of(task.user_id)
                )
            )
            tasks.unlink()
