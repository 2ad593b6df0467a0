from odoo import api, fields, models


class QualityComplaintClose(models.TransientModel):
    """Shows possible repeats nobody has decided about before a complaint is closed."""

    _name = "quality.complaint.close"
    _description = "Close a Complaint"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    repeat_ids = fields.Many2many(
        "quality.complaint.repeat",
        compute="_compute_repeat_ids",
        string="Possible Repeats",
    )

    @api.depends("complaint_id.repeat_ids.state")
    def _compute_repeat_ids(self):
        for dialog in self:
            dialog.repeat_ids = dialog.complaint_id.repeat_ids

    def _show(self):
        return self._get_records_action(
            name=self.env._("Close Case"),
            target="new",
            context={"dialog_size": "extra-large"},
        )

    def action_confirm(self):
        """Close; what is left undecided is recorded."""
        self.ensure_one()
        self.complaint_id.action_close()
        return {"type": "ir.actions.act_window_close"}
