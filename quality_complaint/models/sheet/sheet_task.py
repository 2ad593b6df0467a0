from odoo import fields, models


class QualityComplaintSheetTask(models.Model):
    """A step of a special case: somebody's, due at a moment, reminded and escalated as
    everything that is due.
    """

    _name = "quality.complaint.sheet.task"
    _description = "Step of a Case Sheet"
    _inherit = ["quality.complaint.guarded", "quality.complaint.due"]
    _due_action = "quality_complaint.action_sheet_task"
    _order = "sheet_id, sequence, id"

    sheet_id = fields.Many2one(
        "quality.complaint.sheet",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    complaint_id = fields.Many2one(
        related="sheet_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    step_id = fields.Many2one(
        "quality.complaint.sheet.step",
        "From Template",
        ondelete="set null",
        fixed=True,
        index="btree_not_null",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Done By",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
    )
    done_on = fields.Datetime("Happened On", readonly=True, copy=False, guarded=True)
    done_by_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, copy=False, guarded=True
    )
    note = fields.Text()

    def _due_running(self):
        return self.filtered(
            lambda task: (
                task.due_on
                and not task.done_on
                and task.sheet_id.state == "open"
                and task.complaint_id.state not in ("closed", "cancelled")
            )
        )

    def _due_levels(self):
        """The doer a quarter of a day before and on time, the leader of the team when
        it is late.
        """
        leader = self.env.ref("quality_complaint.role_team_leader")
        nobody = leader.browse()
        return [
            (fields.Datetime.subtract(self.due_on, hours=2), nobody),
            (self.due_on, leader),
        ]

    def write(self, vals):
        if not self.env.su and vals.keys() - {"sequence"}:
            self.sheet_id._check_open()
        result = super().write(vals)
        if {"due_on", "user_id"} & vals.keys():
            self.sudo()._schedule_notices()  # sudo: notices are the flow's
        if "user_id" in vals:
            self.sheet_id.sudo()._choose_readers()  # sudo: as above
        return result

    def action_done(self):
        self.check_access("write")
        self.sheet_id._check_open()
        open_tasks = self.filtered(lambda task: not task.done_on)
        # sudo: the rights were checked
        open_tasks.sudo()._advance(
            {"done_on": fields.Datetime.now(), "done_by_id": self.env.uid}
        )
        open_tasks.sudo()._end_notices()
        open_tasks.sudo()._schedule_notices()
        return True
