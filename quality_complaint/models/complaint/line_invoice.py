from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class QualityComplaintLine(models.Model):
    """The invoice of goods complained of, also when it comes after the complaint:
    picked up when it is posted, or chosen.
    """

    _inherit = "quality.complaint.line"

    def _lacks_invoice(self):
        """Whether no invoice is linked, or one that was cancelled."""
        self.ensure_one()
        return not self.invoice_line_id or self.invoice_id.state == "cancel"

    def _awaits_invoice(self):
        """Whether the goods were sold on an order and their invoice is still to
        come.
        """
        self.ensure_one()
        return self._lacks_invoice() and self.sale_line_id.state == "sale"

    @api.model
    def _pick_up_invoices(self, invoices):
        """Link invoices that were just posted to the lines that wait for them. Several
        that fit are left to a person.

        Never raises: an invoice is posted, whatever a complaint makes of it.

        :param invoices: posted `account.move`
        """
        sale_lines = invoices.filtered(
            lambda move: move.move_type == "out_invoice"
        ).invoice_line_ids.sale_line_ids
        # a file that is closed stays as it is
        ours = Domain("sale_line_id", "in", sale_lines.ids) & Domain(
            "complaint_id.state", "not in", ("closed", "cancelled")
        )
        waiting = (
            self.search(ours).filtered(lambda line: line._lacks_invoice())
            if sale_lines
            else self
        )
        for line in waiting:
            found = self._invoice_lines_of(line.sale_line_id)
            # what is planned was decided in the currency of the order
            if len(found) == 1 and (
                found.currency_id == line.currency_id or not line.remedy_line_ids
            ):
                try:
                    with self.env.cr.savepoint():
                        line.invoice_line_id = found
                except ValidationError:
                    continue  # made out to somebody else: a person chooses

    def _choose_invoice(self, invoice_line):
        """Link the invoice a person chose."""
        self.ensure_one()
        if not self._lacks_invoice() and self.invoice_line_id != invoice_line:
            raise UserError(
                self.env._(
                    "%(product)s belongs to invoice %(invoice)s already.",
                    product=self._label(),
                    invoice=self.invoice_id.display_name,
                )
            )
        self.write({"invoice_line_id": invoice_line.id})

    def _on_invoiced(self):
        """An invoice was linked: goods still on their way back are on it, and what
        waited for it is made.
        """
        for line in self.sudo().filtered(
            lambda line: not line._lacks_invoice()
        ):  # sudo: whoever posts the invoice or chooses it
            asked = line.remedy_line_ids.filtered(lambda row: row.kind == "return")
            on_their_way = asked._return_moves().filtered(
                lambda move: move.to_refund and move.state != "done"
            )
            on_their_way.to_refund = False
            for remedy in line.remedy_line_ids.remedy_id.filtered(
                lambda row: row.executed_on and row.state in ("approved", "executing")
            ):
                remedy._try_follow_up()
            line.remedy_line_ids.remedy_id._sync_state()
            if line.complaint_id.name:
                note = self.env._(
                    "%(product)s was invoiced by %(invoice)s.",
                    product=line._label(),
                    invoice=line.invoice_id.name,
                )
                line.complaint_id.message_post(body=note)

    # === choosing ===

    def _invoice_choices(self, limit=None):
        """Invoice lines this line may have been paid on: its order's, else the
        customer's of the same product; none where it has one.
        """
        self.ensure_one()
        if not self.move_line_id or not self._lacks_invoice():
            return self.env["account.move.line"]
        if self.sale_line_id:
            return self._invoice_lines_of(self.sale_line_id)
        # sudo: invoices of the customer, read for people without access to Invoicing
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                Domain("parent_state", "=", "posted")
                & Domain("move_id.move_type", "=", "out_invoice")
                & Domain("display_type", "=", "product")
                & Domain("company_id", "=", self.company_id.id)
                & Domain("product_id", "=", self.product_id.id)
                & Domain(
                    "move_id.commercial_partner_id",
                    "in",
                    (
                        self.complaint_id.commercial_partner_id
                        | self.move_id._complaint_customer()
                    ).ids,
                ),
                order="date desc, id desc",
                limit=limit,
            )
        )

    def _invoice_candidates(self):
        """The line's own delivery with each invoice it may have been paid on, as
        candidates of the matching.
        """
        self.ensure_one()
        line = self.sudo()  # sudo: as in `_candidates`
        move = line.move_id
        candidate = {
            "move_line": line.move_line_id,
            "lot": line.lot_id,
            "product": line.product_id,
            "uom": move.product_uom,
            "quantity": move._complaint_done_quantity(line.lot_id),
            "date": move.date,
            "customer": move.picking_id.partner_id or move.partner_id,
            "partner": move._complaint_customer(),
            "company": move.company_id,
            "sale_line": line.sale_line_id,
        }
        return [
            {**candidate, "invoice_line": invoice_line}
            for invoice_line in line._invoice_choices(limit=50)
        ]
