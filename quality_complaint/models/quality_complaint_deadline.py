from odoo import api, fields, models


class QualityComplaintDeadline(models.Model):
    """One step of one complaint in one round: when it started, was due, and was done.

    A step without a time limit has no `due_on`; its row is the stamp that it happened. `done_on` is when it happened
    (stated by a person), `recorded_on` when it was entered (by the system, never editable).
    """

    _name = "quality.complaint.deadline"
    _description = "Complaint Step"
    _order = "done_on, id"

    complaint_id = fields.Many2one("quality.complaint", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    milestone_id = fields.Many2one("quality.complaint.milestone", required=True, index=True, ondelete="restrict", readonly=True)
    milestone_code = fields.Char(related="milestone_id.code", store=True)
    round = fields.Integer(default=1, readonly=True)
    start_on = fields.Datetime(readonly=True)
    due_on = fields.Datetime(readonly=True, index="btree_not_null")
    done_on = fields.Datetime("Happened On", readonly=True)
    recorded_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", "By", readonly=True)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("met", "Done"), ("missed", "Done late"), ("cancelled", "Cancelled")], "Status",
        default="met",
        required=True,
        readonly=True,
    )

    _once_per_source = models.UniqueIndex(
        "(complaint_id, milestone_id, round, coalesce(source_model, ''), coalesce(source_id, 0))",
        "This step is stamped already in this round.",
    )

    @api.depends("complaint_id.name", "milestone_id.name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.complaint_id.display_name}: {row.milestone_id.name}"
