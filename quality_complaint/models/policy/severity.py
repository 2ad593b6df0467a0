from odoo import api, fields, models


class QualityComplaintSeverity(models.Model):
    """One step of a policy's severity scale."""

    _name = "quality.complaint.severity"
    _description = "Complaint Severity"
    _inherit = ["quality.complaint.policy.part", "quality.complaint.condition.value"]
    _order = "policy_id, rank, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    rank = fields.Integer(default=1, help="The higher, the more serious.")
    is_default = fields.Boolean(
        "Where No Rule Applies",
        help="Proposed when no rule applies; without one it is the lowest severity.",
    )
    is_major = fields.Boolean("Major")
    needs_8d = fields.Boolean("Needs an 8D Report")
    description = fields.Text("When It Applies", translate=True)
    required_milestone_ids = fields.Many2many(
        "quality.complaint.milestone",
        "quality_complaint_severity_milestone_rel",
        string="Required Steps",
        help="Steps that must have happened before such a complaint may be closed.",
    )
    plan_role_id = fields.Many2one(
        "quality.complaint.role", "Plan Approved By", help="Empty: no approval needed."
    )
    reply_role_id = fields.Many2one(
        "quality.complaint.role", "Reply Approved By", help="Empty: no approval needed."
    )
    close_role_id = fields.Many2one(
        "quality.complaint.role",
        "Closing Approved By",
        help="Empty: no approval needed.",
    )
    judge_role_id = fields.Many2one(
        "quality.complaint.role",
        "Judged By",
        help=(
            "Who says whether it is valid, why it occurred and who is responsible; "
            "empty: whoever handles the complaint. R8: the quality manager."
        ),
    )
    needs_team = fields.Boolean(
        "Needs a Team",
        help=(
            "Nothing is concluded before a leader and a team are named. R1: "
            "management names them from four departments."
        ),
    )
    team_for_batch = fields.Boolean(
        "Only for Batch Cases",
        help="Only the batch case itself needs the team; R3: a task force for a batch.",
    )
    team_role_id = fields.Many2one(
        "quality.complaint.role",
        "Team Named By",
        help="Empty: whoever may work on the investigation.",
    )
    team_department_ids = fields.Many2many(
        "quality.complaint.responsible",
        "quality_complaint_severity_team_rel",
        string="Departments in the Team",
        domain="[('kind', '=', 'department')]",
    )
    notify_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_severity_notify_rel",
        string="Told at Once",
        help="Roles told when a complaint becomes so serious.",
    )
    step_role_ids = fields.Many2many(
        "quality.complaint.role",
        "quality_complaint_severity_step_rel",
        string="Told of Every Step",
        help=(
            "Roles told of every step of such a complaint when it happens; R2: "
            "Customer Care. Of lateness they are told by the time limits."
        ),
    )
    score = fields.Float(
        "Points",
        digits=(16, 2),
        help=(
            "Recorded for the responsible department when such a complaint is closed; "
            "R2: −1 and −5."
        ),
    )

    group_id = fields.Many2one(
        "quality.complaint.severity",
        "Severity in All Versions",
        compute="_compute_group_id",
        store=True,
        index=True,
        ondelete="set null",
        help=(
            "The same severity in the first version of the policy: lists, filters and "
            "reports group by it."
        ),
    )

    _code_uniq = models.Constraint(
        "UNIQUE (policy_id, code)",
        "The code of a severity must be unique in its policy.",
    )

    @api.depends("code", "policy_id.code", "policy_id.version")
    def _compute_group_id(self):
        for severity in self:
            versions = (
                self.search(
                    [
                        ("policy_id.code", "=", severity.policy_id.code),
                        ("code", "=", severity.code),
                    ]
                )
                | severity._origin
            )
            severity.group_id = versions.sorted(
                lambda one: (one.policy_id.version, one.id)
            )[:1]

    def _regroup(self):
        """The first version went away: group by the next one."""
        self.env.add_to_compute(self._fields["group_id"], self)

    def _roles(self):
        """All roles a severity asks for."""
        return (
            self.plan_role_id
            | self.reply_role_id
            | self.close_role_id
            | self.judge_role_id
            | self.notify_role_ids
            | self.team_role_id
            | self.step_role_ids
        )
