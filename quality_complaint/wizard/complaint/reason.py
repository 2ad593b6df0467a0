from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import pick_due


class QualityComplaintReason(models.TransientModel):
    """Asks for the reason of a step that needs one, on a complaint, approvals, actions,
    a part of an 8D report, an analysis or a customer's requirement.
    """

    _name = "quality.complaint.reason"
    _description = "Reason"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "purpose"

    complaint_id = fields.Many2one("quality.complaint", ondelete="cascade")
    approval_ids = fields.Many2many("quality.complaint.approval")
    action_ids = fields.Many2many("quality.complaint.action")
    eight_d_id = fields.Many2one("quality.8d", ondelete="cascade")
    step_id = fields.Many2one("quality.8d.step", ondelete="cascade")
    node_id = fields.Many2one("quality.complaint.cause.node", ondelete="cascade")
    analysis_id = fields.Many2one("quality.complaint.analysis", ondelete="cascade")
    accountability_id = fields.Many2one(
        "quality.complaint.accountability", ondelete="cascade"
    )
    appraisal_id = fields.Many2one("quality.complaint.appraisal", ondelete="cascade")
    requirement_id = fields.Many2one(
        "quality.complaint.customer.requirement", ondelete="cascade"
    )
    # each is the `action_<purpose>` of what it is about
    purpose = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("reopen", "Reopen"),
            ("refuse", "Refuse"),
            ("approve", "Approve"),
            ("pause", "Pause"),
            ("skip_investigation", "Do not investigate"),
            ("extend", "More time"),
            ("override", "Close although something is missing"),
            ("accept", "Accept as it is"),
            ("done", "Done"),
            ("effective", "Effective"),
            ("ineffective", "Not effective"),
            ("recompute", "Recalculate"),
            ("state", "Statement"),
            ("adopt", "Adopt"),
            ("not_adopt", "Do not adopt"),
        ],
        required=True,
    )
    similar_id = fields.Many2one(
        "quality.complaint",
        "Similar Complaint Investigated",
        domain="[('id', '!=', complaint_id), ('state', '!=', 'new')]",
    )
    cancel_kind = fields.Selection(
        [
            ("withdrawn", "Withdrawn by the customer"),
            ("duplicate", "Duplicate"),
            ("mistake", "Entered by mistake"),
        ],
        "Cancelled Because",
    )
    duplicate_of_id = fields.Many2one(
        "quality.complaint",
        domain="[('id', '!=', complaint_id), ('state', '!=', 'new')]",
    )
    waiting_for = fields.Selection(
        [("sample", "A sample"), ("information", "Information"), ("consent", "Consent")]
    )
    missing = fields.Text(related="step_id.missing")
    current_due_on = fields.Datetime(
        "Current Due Date", compute="_compute_current_due_on"
    )
    due_on = fields.Datetime("New Date")
    reason = fields.Text(required=True)

    @api.depends("action_ids", "step_id")
    def _compute_current_due_on(self):
        for dialog in self:
            asked = dialog.step_id or dialog.action_ids
            dialog.current_due_on = asked.due_on if len(asked) == 1 else False

    @api.onchange("due_on")
    def _onchange_due_on(self):
        return pick_due(self, "due_on")

    @api.model
    def _open(self, name, purpose, **values):
        """:return: the action that asks for a reason; `values` say what it is about"""
        defaults = {"purpose": purpose, **values}
        return self.browse()._get_records_action(
            name=name,
            target="new",
            context={f"default_{key}": value for key, value in defaults.items()},
        )

    def _subject(self):
        """What the step is taken on: the most particular record given."""
        return (
            self.step_id
            or self.node_id
            or self.action_ids
            or self.eight_d_id
            or self.approval_ids
            or self.analysis_id
            or self.accountability_id
            or self.appraisal_id
            or self.requirement_id
            or self.complaint_id
        )

    def action_confirm(self):
        """Take the step with its reason; all conditions are checked there."""
        self.ensure_one()
        subject = self._subject()
        more = {
            "extend": (self.due_on, self.reason),
            "pause": (self.waiting_for, self.reason),
            "skip_investigation": (self.reason, self.similar_id),
        }
        if self.purpose == "cancel" and subject == self.complaint_id:
            subject.action_cancel(self.cancel_kind, self.reason, self.duplicate_of_id)
        else:
            step = getattr(subject, f"action_{self.purpose}", None)
            if not step:
                names = dict(self._fields["purpose"]._description_selection(self.env))
                what = subject[:1].display_name or self._description
                raise UserError(
                    self.env._(
                        "“%(step)s” is no step of %(what)s.",
                        step=names[self.purpose],
                        what=what,
                    )
                )
            step(*more.get(self.purpose, (self.reason,)))
        return (
            {"type": "ir.actions.client", "tag": "soft_reload"}
            if self.eight_d_id
            else {"type": "ir.actions.act_window_close"}
        )
