from odoo import api, fields, models


class Quality8dReason(models.TransientModel):
    """Asks for the reason of a step in an 8D report that needs one."""

    _name = "quality.8d.reason"
    _description = "Reason in an 8D Report"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "eight_d_id"

    eight_d_id = fields.Many2one("quality.8d", required=True, ondelete="cascade")
    step_id = fields.Many2one("quality.8d.step", ondelete="cascade")
    node_id = fields.Many2one("quality.complaint.cause.node", ondelete="cascade")
    action_id = fields.Many2one("quality.complaint.action", ondelete="cascade")
    purpose = fields.Selection(
        [
            ("cancel", "Cancel the report"), ("reopen", "Open the step again"), ("override", "Close although something is missing"),
            ("extend", "More time"), ("accept_cause", "Accept the cause as it is"), ("accept_action", "Accept the action as it is"),
        ],
        required=True,
    )
    missing = fields.Text(related="step_id.missing")
    current_due_on = fields.Datetime(related="step_id.due_on", string="Current Due Date")
    due_on = fields.Datetime("New Date")
    reason = fields.Text(required=True)

    @api.model
    def _open(self, report, purpose, step=None, node=None, action=None):
        """:return: the action that asks for a reason"""
        names = dict(self._fields["purpose"]._description_selection(self.env))
        records = {"step": step, "node": node, "action": action}
        return {
            "type": "ir.actions.act_window",
            "name": names[purpose],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_eight_d_id": report.id, "default_purpose": purpose,
                **{f"default_{name}_id": record.id for name, record in records.items() if record},
            },
        }

    def action_confirm(self):
        """Take the step with its reason; all conditions are checked there."""
        self.ensure_one()
        if self.purpose == "cancel":
            self.eight_d_id.action_cancel(self.reason)
        elif self.purpose == "reopen":
            self.step_id.action_reopen(self.reason)
        elif self.purpose == "override":
            self.step_id.action_override(self.reason)
        elif self.purpose == "extend":
            self.step_id.action_extend(self.due_on, self.reason)
        else:
            (self.node_id if self.purpose == "accept_cause" else self.action_id).action_accept(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
