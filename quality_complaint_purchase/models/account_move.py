from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    complaint_hold_id = fields.Many2one(
        "quality.complaint.supplier.decision",
        "Payment Hold",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="quality_complaint.group_quality_complaint_user",
        help="The decision by which this bill was put on hold.",
    )

    def _compute_complaint_remedy(self):
        result = super()._compute_complaint_remedy()
        for move in self:
            chargebacks = move.invoice_line_ids.chargeback_id
            if chargebacks:
                move.complaint_number = ", ".join(chargebacks.mapped("display_name"))
                move.complaint_remedy = "\n".join(
                    line.name or ""
                    for line in move.invoice_line_ids
                    if line.chargeback_id
                )
        return result

    def _compute_complaint_count(self):
        result = super()._compute_complaint_count()
        for move in self.filtered(lambda move: move.move_type == "in_refund"):
            # sudo: to find them; only those that may be opened are counted
            complaints = move.sudo().invoice_line_ids.chargeback_id.complaint_id
            move.complaint_count = len(complaints.sudo(False)._filtered_access("read"))
        return result

    def action_view_complaints(self):
        action = super().action_view_complaints()
        if self.move_type == "in_refund":
            action["domain"] = [
                ("chargeback_ids.account_line_ids.move_id", "=", self.id)
            ]
        return action

    # === reporting back to the supplier complaint, and bills of suppliers on hold ===

    def _post(self, soft=True):
        posted = super()._post(soft)
        # sudo: accountants neither see supplier complaints nor decisions, their
        # documents follow them
        posted.sudo()._follow_payment_holds()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._sync_chargebacks()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._sync_chargebacks()
        return result

    def unlink(self):
        chargebacks = self._complaint_chargebacks()
        result = super().unlink()
        chargebacks._sync_state()
        return result

    def _complaint_chargebacks(self):
        # sudo: accountants see no supplier complaints, their documents move them on
        return self.sudo().invoice_line_ids.chargeback_id

    def _sync_chargebacks(self):
        self._complaint_chargebacks()._sync_state()

    def _follow_payment_holds(self):
        """Put the bills of suppliers on hold whose payments are held in the bill's
        company.
        """
        bills = self.filtered(
            lambda move: (
                move.move_type in ("in_invoice", "in_receipt")
                and move.commercial_partner_id
            )
        )
        decisions = self.env["quality.complaint.supplier.decision"]
        if bills:
            decisions = decisions.search(
                [
                    ("kind", "=", "hold"),
                    ("ended_on", "=", False),
                    ("partner_id", "in", bills.commercial_partner_id.ids),
                    ("company_id", "in", bills.company_id.ids),
                ]
            )
        for decision in decisions:
            decision._hold(
                bills.filtered(
                    lambda bill, d=decision: (
                        (bill.company_id, bill.commercial_partner_id)
                        == (d.company_id, d.partner_id)
                    )
                )
            )
