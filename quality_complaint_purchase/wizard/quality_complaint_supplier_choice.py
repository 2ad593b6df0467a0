from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class QualityComplaintSupplierChoice(models.TransientModel):
    """Several receipts fit: the officer ticks where the goods came from."""

    _name = "quality.complaint.supplier.choice"
    _description = "Choose Receipts"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "quality.complaint.supplier.choice.line", "wizard_id", "Receipts"
    )

    def _fill(self, candidates):
        """:param candidates: list of (complaint line, candidate of
        `_supplier_candidates`)
        """
        # sudo: the rows are offered here and by nobody else
        self.sudo().line_ids = [
            Command.create(self._prepare_line_vals(line, candidate))
            for line, candidate in candidates
        ]

    def _prepare_line_vals(self, line, candidate):
        return {
            "complaint_line_id": line.id,
            "move_id": candidate["move"].id,
            "lot_id": candidate["lot"].id,
            "product_id": candidate["product"].id,
            "partner_id": candidate["partner"].id,
            "purchase_line_id": candidate["purchase_line"].id,
            "received_on": candidate["date"],
            "received": candidate["received"],
            "quantity": candidate["quantity"],
            "product_uom_id": candidate["uom"].id,
        }

    def action_apply(self):
        """Make a supplier complaint for every ticked receipt."""
        self.ensure_one()
        self.complaint_id.check_access("write")
        chosen = self.line_ids.filtered("selected")
        if not chosen:
            raise UserError(
                self.env._("Tick at least one receipt, or choose the supplier by hand.")
            )
        self.complaint_id._lock_for_suppliers()
        fresh = chosen.filtered(
            lambda row: not row.complaint_line_id._is_charged(row._candidate())
        )
        chargebacks = self.env["quality.complaint.chargeback"].create(
            [
                row.complaint_line_id._prepare_chargeback_vals(row._candidate())
                for row in fresh
            ]
        )
        return (chargebacks or self.complaint_id.chargeback_ids)._open()

    def action_by_hand(self):
        """None of them: a supplier complaint whose supplier is chosen by hand."""
        self.ensure_one()
        return self.env["quality.complaint.chargeback"]._get_records_action(
            name=self.env._("Supplier Complaint"),
            context={
                "default_complaint_id": self.complaint_id.id,
                "default_complaint_line_id": self.complaint_id.line_ids[:1].id,
            },
        )


class QualityComplaintSupplierChoiceLine(models.TransientModel):
    _name = "quality.complaint.supplier.choice.line"
    _description = "Receipt to Choose"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "picking_name"
    _order = "received_on desc, id"

    wizard_id = fields.Many2one(
        "quality.complaint.supplier.choice", required=True, ondelete="cascade"
    )
    selected = fields.Boolean("Tick")
    complaint_line_id = fields.Many2one(
        "quality.complaint.line", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", required=True, readonly=True)
    purchase_line_id = fields.Many2one("purchase.order.line", readonly=True)
    picking_name = fields.Char("Receipt", compute="_compute_names", compute_sudo=True)
    purchase_name = fields.Char("Order", compute="_compute_names", compute_sudo=True)
    lot_name = fields.Char(
        "Lot/Serial Number", compute="_compute_names", compute_sudo=True
    )
    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    received_on = fields.Datetime(readonly=True)
    received = fields.Float(digits="Product Unit", readonly=True)
    quantity = fields.Float("Faulty", digits="Product Unit")
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)

    @api.depends("move_id", "purchase_line_id", "lot_id")
    def _compute_names(self):
        for row in self:
            row.picking_name = row.move_id.picking_id.name or row.move_id.reference
            row.purchase_name = row.purchase_line_id.order_id.name
            row.lot_name = row.lot_id.name

    def write(self, vals):
        if vals.keys() - {"selected", "quantity"} and not self.env.su:
            raise UserError(
                self.env._("Only the tick and the quantity can be changed here.")
            )
        return super().write(vals)

    def _candidate(self):
        """The row as a candidate, see `quality.complaint.line`."""
        row = (
            self.sudo()
        )  # sudo: receipts offered to officers without access to Inventory
        return {
            "move": row.move_id,
            "lot": row.lot_id,
            "product": row.product_id,
            "partner": row.partner_id,
            "purchase_line": row.purchase_line_id,
            "quantity": row.quantity,
            "received": row.received,
            "uom": row.product_uom_id,
            "date": row.received_on,
        }
