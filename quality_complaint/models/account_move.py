from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    # compute_sudo: the accountant sees the number and the remedy in words, never the
    # complaint itself
    complaint_number = fields.Char(
        "Complaint", compute="_compute_complaint_remedy", compute_sudo=True
    )
    complaint_remedy = fields.Text(
        "Remedy", compute="_compute_complaint_remedy", compute_sudo=True
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    def _compute_complaint_remedy(self):
        for move in self:
            lines = move.invoice_line_ids.remedy_line_id
            move.complaint_number = (
                ", ".join(lines.complaint_id.mapped("name")) or False
            )
            move.complaint_remedy = (
                "\n".join(lines.remedy_id.mapped("description")) or False
            )

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints(
            "invoice_id", self
        )
        for move in self:
            move.complaint_count = counts[move]
            if move.move_type == "out_refund":
                # sudo: to find them; only those that may be opened are counted
                complaints = move.sudo().invoice_line_ids.remedy_line_id.complaint_id
                move.complaint_count = len(
                    complaints.sudo(False)._filtered_access("read")
                )

    # === reporting back to the remedy ===

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._sync_complaint_remedies()
        # sudo: accountants see no complaints; those that wait for an invoice pick it up
        self.env["quality.complaint.line"].sudo()._pick_up_invoices(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._sync_complaint_remedies()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._sync_complaint_remedies()
        return result

    def unlink(self):
        remedies = self._complaint_remedies()
        result = super().unlink()
        remedies._sync_state()
        return result

    def _complaint_remedies(self):
        # sudo: accountants see no complaints, their documents move them on
        return (
            (self | self.reversed_entry_id)
            .sudo()
            .invoice_line_ids.remedy_line_id.remedy_id
        )

    def _complaint_reversals(self):
        """Posted entries that take this credit note back."""
        return self.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _complaint_taken_back(self):
        """Whether this credit note was reversed as a whole: then it credits nothing any
        more.
        """
        self.ensure_one()
        reversed_amount = sum(self._complaint_reversals().mapped("amount_total"))
        return (
            self.move_type == "out_refund"
            and bool(reversed_amount)
            and self.currency_id.compare_amounts(reversed_amount, self.amount_total)
            >= 0
        )

    def _sync_complaint_remedies(self):
        self._complaint_remedies()._sync_state()

    # === buttons ===

    def action_create_complaint(self):
        """Open a new complaint prefilled with what this invoice was made for."""
        self.ensure_one()
        if self.move_type != "out_invoice" or self.state != "posted":
            raise UserError(
                self.env._(
                    "Complaints are made on posted customer invoices; %s is not one.",
                    self.display_name,
                )
            )
        candidates = self.env["quality.complaint.line"]._candidates_of_invoice(self)
        return self.env["quality.complaint"]._action_new_from(
            candidates, partner_id=self.partner_id.id
        )

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        domain = [
            "|",
            ("line_ids.invoice_id", "=", self.id),
            ("remedy_ids.line_ids.account_line_ids.move_id", "=", self.id),
        ]
        return {**action, "domain": domain, "context": {}}

    # === on its papers ===

    def _complaint_qr_url(self):
        """What the QR code on a customer's invoice leads to, or nothing."""
        self.ensure_one()
        if (
            self.move_type != "out_invoice"
            or self.state != "posted"
            or not self.company_id.complaint_invoice_qr
        ):
            return ""
        return self.env["quality.complaint.intake.token"]._of(self)._url()

    def _complaint_channels(self):
        self.ensure_one()
        if self.move_type != "out_invoice":
            return []
        return self.company_id._complaint_published()
