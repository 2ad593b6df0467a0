from odoo import api, fields, models
from odoo.fields import Domain

# its time is over
FINISHED = ("done", "refused", "cancelled")


class QualityComplaintRemedy(models.Model):
    """A remedy as a part of the plan: the department that sees to it, who, and by when
    (R1, article 9); followed like any other step.
    """

    _inherit = "quality.complaint.remedy"
    _due_action = "quality_complaint.action_remedy"

    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who sees to it; empty: the handler.",
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'department')]",
        default=lambda self: self._default_department(),
        help="The department that carries it out.",
    )
    due_on = fields.Datetime(copy=False, tracking=True)

    @api.model
    def _default_department(self):
        """That of the complaint."""
        complaint = self.env["quality.complaint"].browse(
            self.env.context.get("default_complaint_id")
        )
        ours = complaint.responsible_id.filtered(lambda row: row.kind == "department")
        return complaint.department_id or ours

    def _due_running(self):
        return self.filtered(
            lambda remedy: remedy.due_on and remedy.state not in FINISHED
        )

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("state", "not in", FINISHED)

    def _due_responsible(self):
        return self.user_id or self.complaint_id.user_id

    def _due_levels(self):
        """The owner a day before and at the time, the head of the department a day
        after.
        """
        self.ensure_one()
        role = self.env.ref("quality_complaint.role_department_head")
        return [
            *super()._due_levels(),
            (fields.Datetime.add(self.due_on, days=1), role),
        ]

    def _due_holders(self, role, file):
        return self.department_id._local_manager(self.company_id) or (
            super()._due_holders(role, file)
        )
