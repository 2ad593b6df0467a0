from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class QualityComplaintMatch(models.TransientModel):
    """Several deliveries fit: the user ticks what is complained of."""

    _name = "quality.complaint.match"
    _description = "Choose Deliveries"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        "quality.complaint.match.line", "wizard_id", "Deliveries"
    )

    def _fill(self):
        """Offer the candidates of the complaint's open lines, else all that was
        delivered to its customer.
        """
        self.ensure_one()
        complaint = self.complaint_id
        offered = []
        for line in complaint.line_ids.filtered(lambda line: not line.move_line_id):
            offered += [(line, candidate) for candidate in line._candidates_of_line()]
        for line in complaint.line_ids.filtered("move_line_id"):
            offered += [(line, candidate) for candidate in line._invoice_candidates()]
        if not offered and complaint.partner_id:
            lines = self.env["quality.complaint.line"]
            # sudo: orders and deliveries of the customer, read for people without
            # access to Sales or Inventory
            partners = (
                self.env["res.partner"]
                .sudo()
                .search([("id", "child_of", complaint.commercial_partner_id.id)])
            )
            domain = Domain("picking_id.partner_id", "in", partners.ids)
            if products := complaint.line_ids.product_id:
                domain &= Domain.OR(
                    lines._delivered_domain(product) for product in products
                )
            offered = [
                (lines, candidate)
                for candidate in lines._candidates(
                    domain, complaint._match_companies()
                )[:200]
            ]
        # sudo: the rows are offered here and by nobody else; prices in them are shown
        # to complaint handlers only
        self.sudo().line_ids = [
            Command.create(self._prepare_line_vals(line, candidate))
            for line, candidate in offered
        ]

    def _prepare_line_vals(self, line, candidate):
        move = candidate["move_line"].move_id
        returned = move._complaint_returned_quantity(candidate["lot"])
        invoice_line = candidate["invoice_line"]
        source = invoice_line or candidate["sale_line"]
        paid, sold = (
            (invoice_line._complaint_paid(), invoice_line.quantity)
            if invoice_line
            else (source.price_subtotal, source.product_uom_qty)
        )
        return {
            "complaint_line_id": line.id,
            "move_line_id": candidate["move_line"].id,
            "lot_id": candidate["lot"].id,
            "product_id": candidate["product"].id,
            "sale_line_id": candidate["sale_line"].id,
            "invoice_line_id": invoice_line.id,
            "customer_id": candidate["customer"].id,
            "delivered_on": candidate["date"],
            "days_ago": (fields.Datetime.now() - candidate["date"]).days,
            "delivered": candidate["quantity"],
            "returned": candidate["product"].uom_id._compute_quantity(
                returned, candidate["uom"], rounding_method="HALF-UP"
            ),
            # a line that waits for its delivery has no stated quantity yet, unless we
            # ask for so much back
            "quantity": min(line.quantity, candidate["quantity"])
            if line.product_uom_id == candidate["uom"]
            and line.complaint_id._is_asked_back()
            else line.quantity
            if line.product_uom_id == candidate["uom"] and line.match_state != "several"
            else candidate["quantity"],
            "product_uom_id": candidate["uom"].id,
            "currency_id": source.currency_id.id or candidate["company"].currency_id.id,
            "price": paid / (sold or 1.0),
            "price_uom_id": source.product_uom_id.id,
        }

    def action_apply(self):
        """Write the ticked deliveries onto the complaint."""
        self.ensure_one()
        self.complaint_id.check_access("write")
        chosen = self.line_ids.filtered("selected")
        if not chosen:
            raise UserError(
                self.env._("Tick at least one delivery, or close this window.")
            )
        if len(chosen.company_id) > 1:
            raise UserError(
                self.env._(
                    "The ticked deliveries belong to several companies. Record one "
                    "complaint per company."
                )
            )
        lines = self.env["quality.complaint.line"]
        filled = lines
        delivered = chosen.complaint_line_id.filtered(
            "move_line_id"
        )  # these wait for their invoice only
        for row in chosen:
            line = (
                row.complaint_line_id if row.complaint_line_id not in filled else lines
            )
            if row.complaint_line_id in delivered:
                if not line:
                    raise UserError(
                        self.env._(
                            "%s: tick one invoice only.", row.complaint_line_id._label()
                        )
                    )
                filled |= line
                line._choose_invoice(
                    row.sudo().invoice_line_id
                )  # sudo: documents offered by the matching, see there
            elif line:
                filled |= line
                line._apply_candidate(
                    row._candidate(), row.quantity, row.product_uom_id
                )
            else:
                defect = row.complaint_line_id.defect_id
                vals = lines._prepare_candidate_vals(
                    {**row._candidate(), "quantity": row.quantity}
                )
                line = lines.create(
                    {
                        **vals,
                        "complaint_id": self.complaint_id.id,
                        "defect_id": defect.id,
                    }
                )
        if not self.complaint_id.partner_id and len(chosen.customer_id) == 1:
            self.complaint_id.partner_id = chosen.customer_id
        if not self.complaint_id.name:
            self.complaint_id.company_id = chosen.company_id
        return {"type": "ir.actions.act_window_close"}


class QualityComplaintMatchLine(models.TransientModel):
    _name = "quality.complaint.match.line"
    _description = "Delivery to Choose"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "picking_name"
    _order = "delivered_on desc, id"

    wizard_id = fields.Many2one(
        "quality.complaint.match", required=True, ondelete="cascade"
    )
    selected = fields.Boolean("Tick")
    complaint_line_id = fields.Many2one("quality.complaint.line")
    move_line_id = fields.Many2one("stock.move.line", required=True, readonly=True)
    company_id = fields.Many2one(related="move_line_id.company_id", related_sudo=True)
    picking_name = fields.Char("Delivery", compute="_compute_names", compute_sudo=True)
    sale_name = fields.Char("Order", compute="_compute_names", compute_sudo=True)
    invoice_name = fields.Char("Invoice", compute="_compute_names", compute_sudo=True)
    lot_name = fields.Char(
        "Lot/Serial Number", compute="_compute_names", compute_sudo=True
    )
    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    invoice_line_id = fields.Many2one("account.move.line", readonly=True)
    customer_id = fields.Many2one("res.partner", "Delivered To", readonly=True)
    delivered_on = fields.Datetime(readonly=True)
    days_ago = fields.Integer(readonly=True)
    delivered = fields.Float(digits="Product Unit", readonly=True)
    returned = fields.Float("Already Returned", digits="Product Unit", readonly=True)
    quantity = fields.Float("Complained Of", digits="Product Unit")
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    price = fields.Monetary(
        "Price Paid",
        readonly=True,
        groups="quality_complaint.group_quality_complaint_user",
    )
    price_uom_id = fields.Many2one("uom.uom", "Price Per", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    @api.depends("move_line_id", "sale_line_id", "invoice_line_id", "lot_id")
    def _compute_names(self):
        for row in self:
            row.picking_name = row.move_line_id.picking_id.name
            row.sale_name = row.sale_line_id.order_id.name
            row.invoice_name = row.invoice_line_id.move_id.name
            row.lot_name = row.lot_id.name

    def write(self, vals):
        if vals.keys() - {"selected", "quantity"} and not self.env.su:
            raise UserError(
                self.env._("Only the tick and the quantity can be changed here.")
            )
        return super().write(vals)

    @api.onchange("quantity")
    def _onchange_quantity(self):
        self.selected = self.quantity > 0

    def _candidate(self):
        """The row as a candidate, see `quality.complaint.line`."""
        row = self.sudo()  # sudo: documents offered by the matching, see there
        return {
            "move_line": row.move_line_id,
            "lot": row.lot_id,
            "product": row.product_id,
            "uom": row.product_uom_id,
            "quantity": row.delivered,
            "customer": row.customer_id,
            "company": row.move_line_id.company_id,
            "sale_line": row.sale_line_id,
            "invoice_line": row.invoice_line_id,
        }
