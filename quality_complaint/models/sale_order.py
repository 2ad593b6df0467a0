from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    complaint_count = fields.Integer(compute="_compute_complaint_count")

    @api.depends("order_line.invoice_lines.complaint_credit_line_ids.move_id")
    def _get_invoiced(self):
        """Also the credit notes of complaints that are not linked to order lines, so
        that nothing is invoiced twice.
        """
        result = super()._get_invoiced()
        for order in self:
            credited = order.order_line.invoice_lines.complaint_credit_line_ids
            # sudo: salespeople see no complaints
            notes = (
                credited.sudo()
                .filtered("remedy_line_id")
                .move_id.sudo(False)
                .filtered(lambda note: note.move_type == "out_refund")
            )
            order.invoice_ids |= notes
            order.invoice_count = len(order.invoice_ids)
        return result

    def _search_invoice_ids(self, operator, value):
        domain = super()._search_invoice_ids(operator, value)
        if domain is NotImplemented or operator != "in" or not any(value):
            return domain
        return Domain(domain) | Domain(
            "order_line.invoice_lines.complaint_credit_line_ids.move_id",
            "in",
            [move for move in value if move],
        )

    def action_confirm(self):
        result = super().action_confirm()
        self._sync_complaint_remedies()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._sync_complaint_remedies()
        return result

    def action_draft(self):
        # the remedy makes another order for what a cancelled one did not send: both
        # together would give the goods twice
        for order in self.sudo():  # sudo: salespeople see no complaints
            if complaints := order.order_line.remedy_line_id.complaint_id:
                raise UserError(
                    self.env._(
                        "%(order)s was made for complaint %(complaint)s and is not "
                        "opened again. Execute the remedy again; it makes a new order.",
                        order=order.name,
                        complaint=", ".join(complaints.mapped("name")),
                    )
                )
        return super().action_draft()

    def _sync_complaint_remedies(self):
        # sudo: salespeople see no complaints, their orders move them on
        self.sudo().order_line.remedy_line_id.remedy_id._sync_state()

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints("sale_id", self)
        for order in self:
            order.complaint_count = counts[order]

    def action_create_complaint(self):
        """Open a new complaint prefilled with what was delivered for this order."""
        self.ensure_one()
        candidates = self.env["quality.complaint.line"]._candidates(
            Domain("move_id.sale_line_id", "in", self.order_line.ids), self.company_id
        )
        return self.env["quality.complaint"]._action_new_from(
            candidates, partner_id=self.partner_id.id
        )

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {**action, "domain": [("line_ids.sale_id", "=", self.id)], "context": {}}
