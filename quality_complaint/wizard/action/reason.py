from odoo import fields, models


class QualityComplaintActionReason(models.TransientModel):
    """Asks for the reason of giving an action up, doing it again, or more time for it."""

    _name = "quality.complaint.action.reason"
    _description = "Reason of an Action"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "action_id"

    action_id = fields.Many2one("quality.complaint.action", required=True, ondelete="cascade")
    purpose = fields.Selection([("extend", "More time"), ("reopen", "Do again"), ("cancel", "Give up")], required=True)
    current_due_on = fields.Datetime(related="action_id.due_on", string="Current Due Date")
    due_on = fields.Datetime("New Date")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with its reason; all conditions are checked there."""
        self.ensure_one()
        if self.purpose == "extend":
            self.action_id.action_extend(self.due_on, self.reason)
        elif self.purpose == "reopen":
            self.action_id.action_reopen(self.reason)
        else:
            self.action_id.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
