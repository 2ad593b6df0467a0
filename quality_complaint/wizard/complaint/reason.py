from odoo import fields, models


class QualityComplaintReason(models.TransientModel):
    """Asks for the reason of a step that needs one: cancelling, reopening, refusing, waiting."""

    _name = "quality.complaint.reason"
    _description = "Reason"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one("quality.complaint", required=True, ondelete="cascade")
    approval_ids = fields.Many2many("quality.complaint.approval")
    purpose = fields.Selection(
        [("cancel", "Cancel"), ("reopen", "Reopen"), ("refuse", "Refuse"), ("pause", "Pause"), ("skip", "Do not investigate")], required=True
    )
    similar_id = fields.Many2one("quality.complaint", "Similar Complaint Investigated", domain="[('id', '!=', complaint_id), ('state', '!=', 'new')]")
    cancel_kind = fields.Selection(
        [("withdrawn", "Withdrawn by the customer"), ("duplicate", "Duplicate"), ("mistake", "Entered by mistake")], "Cancelled Because"
    )
    duplicate_of_id = fields.Many2one("quality.complaint", domain="[('id', '!=', complaint_id), ('state', '!=', 'new')]")
    waiting_for = fields.Selection([("sample", "A sample"), ("information", "Information"), ("consent", "Consent")])
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step with its reason; all conditions are checked there."""
        self.ensure_one()
        if self.purpose == "cancel":
            self.complaint_id.action_cancel(self.cancel_kind, self.reason, self.duplicate_of_id)
        elif self.purpose == "reopen":
            self.complaint_id.action_reopen(self.reason)
        elif self.purpose == "skip":
            self.complaint_id.action_skip_investigation(self.reason, self.similar_id)
        elif self.purpose == "pause":
            self.complaint_id.action_pause(self.waiting_for, self.reason)
        else:
            self.approval_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
