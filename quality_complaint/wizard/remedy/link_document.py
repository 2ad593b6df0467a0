from odoo import api, fields, models
from odoo.exceptions import UserError


class QualityComplaintLinkDocument(models.TransientModel):
    """Adopts a return or credit note that somebody made by hand for goods of a
    remedy.
    """

    _name = "quality.complaint.link.document"
    _description = "Link a Document"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "remedy_id"

    remedy_id = fields.Many2one(
        "quality.complaint.remedy", required=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Return", domain="[('id', 'in', candidate_picking_ids)]"
    )
    move_id = fields.Many2one(
        "account.move", "Credit Note", domain="[('id', 'in', candidate_move_ids)]"
    )
    candidate_picking_ids = fields.Many2many(
        "stock.picking", compute="_compute_candidates", compute_sudo=True
    )
    candidate_move_ids = fields.Many2many(
        "account.move", compute="_compute_candidates", compute_sudo=True
    )

    @api.depends("remedy_id")
    def _compute_candidates(self):
        for wizard in self:
            pairs = [wizard._return_moves(line) for line in wizard.remedy_id.line_ids]
            wizard.candidate_picking_ids = (
                self.env["stock.move"].union(*pairs).picking_id
            )
            pairs = [wizard._credit_lines(line) for line in wizard.remedy_id.line_ids]
            wizard.candidate_move_ids = (
                self.env["account.move.line"].union(*pairs).move_id
            )

    def _return_moves(self, line):
        """Returns of the line's delivered move that belong to no remedy yet and carry
        its lot.
        """
        source = line.complaint_line_id
        return source.move_id.returned_move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and not move.remedy_line_id
                and (
                    not source.lot_id
                    or not move.move_line_ids.lot_id
                    or source.lot_id in move.move_line_ids.lot_id
                )
            )
        )

    def _credit_lines(self, line):
        """Credit note lines of the line's invoice line that belong to no remedy yet."""
        if not line.remedy_id._credits():
            return self.env["account.move.line"]
        invoice_line = line.complaint_line_id.invoice_line_id
        rows = (
            invoice_line.complaint_credit_line_ids
            | invoice_line.sale_line_ids.invoice_lines
        )
        typed = self.env["account.move.line"].union(
            *(row for row, _part, _rate in invoice_line._complaint_typed_credits())
        )
        rows |= typed.filtered(lambda row: row.product_id == invoice_line.product_id)
        return rows.filtered(
            lambda row: (
                row.move_id.move_type == "out_refund"
                and row.parent_state != "cancel"
                and not row.remedy_line_id
            )
        )

    def action_link(self):
        """Link the chosen documents; they count for the remedy from now on."""
        self.ensure_one()
        self.remedy_id.check_access("write")
        if not self.picking_id and not self.move_id:
            raise UserError(self.env._("Choose a return or a credit note."))
        # sudo: whoever runs the remedy may link documents offered here, without rights
        # in Inventory or Invoicing
        wizard = self.sudo()
        remedy = wizard.remedy_id
        if remedy.state not in ("approved", "executing"):
            raise UserError(
                self.env._(
                    "Documents are linked to approved remedies; “%s” is not.",
                    remedy.description,
                )
            )
        remedy._lock()
        linked = False
        for line in remedy.line_ids:
            moves = wizard._return_moves(line).filtered(
                lambda move: move.picking_id == wizard.picking_id
            )
            rows = wizard._credit_lines(line).filtered(
                lambda row: row.move_id == wizard.move_id
            )
            moves.remedy_line_id = line
            rows.remedy_line_id = line
            # credited on this invoice line from now on, whatever it was reconciled with
            rows.filtered(
                lambda row: not row.complaint_reversed_line_id
            ).complaint_reversed_line_id = line.complaint_line_id.invoice_line_id
            linked = linked or bool(moves or rows)
        if not linked:
            raise UserError(
                self.env._(
                    "The document has nothing to do with the goods of “%s”.",
                    remedy.description,
                )
            )
        remedy._sync_state()
        return {"type": "ir.actions.act_window_close"}
