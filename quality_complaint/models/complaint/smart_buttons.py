from odoo import api, fields, models

from .approval import PLAN_SUBJECTS


class QualityComplaint(models.Model):
    """Smart buttons: the standard documents around a complaint, one click away."""

    _inherit = "quality.complaint"

    # compute_sudo: only counted; opening them needs the rights of the app they belong
    # to
    delivery_count = fields.Integer(
        compute="_compute_document_counts", compute_sudo=True
    )
    invoice_count = fields.Integer(
        compute="_compute_document_counts", compute_sudo=True
    )
    return_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    credit_note_count = fields.Integer(
        compute="_compute_document_counts", compute_sudo=True
    )
    child_count = fields.Integer(compute="_compute_child_count")
    can_decide_plan = fields.Boolean(compute="_compute_can_decide_plan")

    @api.depends(
        "line_ids.picking_id",
        "line_ids.invoice_id",
        "remedy_ids.picking_ids",
        "remedy_ids.credit_note_ids",
    )
    def _compute_document_counts(self):
        for complaint in self:
            complaint.delivery_count = len(complaint._deliveries())
            complaint.invoice_count = len(complaint.line_ids.invoice_id)
            complaint.return_count = len(complaint._returns())
            complaint.credit_note_count = len(complaint.remedy_ids.credit_note_ids)

    def _compute_child_count(self):
        cases = self.filtered("is_batch")
        counts = dict(
            self._read_group(
                [("parent_id", "in", cases.ids)], ["parent_id"], ["__count"]
            )
        )
        for complaint in self:
            complaint.child_count = counts.get(complaint._origin, 0)

    @api.depends_context("uid")
    @api.depends(
        "approval_ids.state", "approval_ids.role_id", "responsible_id", "team_id"
    )
    def _compute_can_decide_plan(self):
        for complaint in self:
            plans = complaint.sudo().approval_ids.filtered(
                lambda a: a.subject in PLAN_SUBJECTS
            )  # sudo: one's own rights are checked by the role
            complaint.can_decide_plan = any(plans.sudo(False).mapped("can_decide"))

    def _open(self):
        """Action that opens the complaint."""
        self.ensure_one()
        return self._get_records_action(context={})

    def _view_documents(self, records, name):
        self.ensure_one()
        return self.env["quality.complaint.remedy"]._view_documents(records, name)

    def action_view_deliveries(self):
        return self._view_documents(self._deliveries(), self.env._("Deliveries"))

    def _deliveries(self):
        """What was delivered, and what was sent again since."""
        return self.line_ids.picking_id | self.remedy_ids.picking_ids - self._returns()

    def action_view_invoices(self):
        return self._view_documents(self.line_ids.invoice_id, self.env._("Invoices"))

    def _returns(self):
        return self.remedy_ids.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "incoming"
        )

    def action_view_returns(self):
        return self._view_documents(self._returns(), self.env._("Returns"))

    def action_view_credit_notes(self):
        return self._view_documents(
            self.remedy_ids.credit_note_ids, self.env._("Credit Notes")
        )

    def action_view_children(self):
        return self._view_documents(
            self.child_ids, self.env._("Complaints of the Case")
        )

    def action_open_revisit(self):
        """Open the planned revisit of this round."""
        self.ensure_one()
        revisit = self.revisit_ids.filtered(lambda revisit: revisit.state == "planned")[
            :1
        ]
        return revisit._get_records_action(name=self.env._("Revisit"), context={})
