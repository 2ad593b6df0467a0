from odoo import api, fields, models


class QualityComplaintSupplierDecide(models.TransientModel):
    """Asks for the reason of a decision on a supplier, showing what it covers."""

    _name = "quality.complaint.supplier.decide"
    _description = "Decide on a Supplier"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("hold", "Payments on hold"), ("off_sale", "Products off sale")],
        required=True,
        readonly=True,
    )
    is_end = fields.Boolean(readonly=True)
    warning = fields.Text(compute="_compute_warning")
    bill_count = fields.Integer("Unpaid Bills", compute="_compute_bill_count")
    offered_product_ids = fields.Many2many(
        "product.template", compute="_compute_offered_product_ids", compute_sudo=True
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Products",
        compute="_compute_product_tmpl_ids",
        compute_sudo=True,
        store=True,
        readonly=False,
        domain="[('id', 'in', offered_product_ids)]",
        help="Remove what stays on sale.",
    )
    reason = fields.Text(required=True)

    @api.depends("partner_id")
    def _compute_warning(self):
        for wizard in self:
            wizard.warning = wizard.partner_id.complaint_supplier_warning

    @api.depends("partner_id", "kind", "is_end")
    def _compute_bill_count(self):
        for wizard in self:
            partner = wizard.partner_id
            wizard.bill_count = 0
            if wizard.kind == "hold" and partner:
                # sudo: only counted for the manager who decides
                bills = self.env["account.move"].sudo()
                held = bills.search_count(
                    [
                        ("complaint_hold_id", "in", partner._find_decision("hold").ids),
                        ("payment_state", "=", "blocked"),
                    ]
                )
                wizard.bill_count = (
                    held
                    if wizard.is_end
                    else bills.search_count(partner._unpaid_bills_domain())
                )

    @api.depends("partner_id", "kind", "is_end")
    def _compute_offered_product_ids(self):
        for wizard in self:
            wizard.offered_product_ids = wizard._offered_products()

    @api.depends("partner_id", "kind", "is_end")
    def _compute_product_tmpl_ids(self):
        for wizard in self:
            wizard.product_tmpl_ids = wizard._offered_products()

    def _offered_products(self):
        """Products the decision is about: on sale now, or taken off sale by it."""
        self.ensure_one()
        if self.kind != "off_sale" or not self.partner_id:
            return self.env["product.template"]
        if self.is_end:
            return self.partner_id._find_decision("off_sale").product_tmpl_ids.filtered(
                lambda product: not product.sale_ok
            )
        return self.partner_id._products_mainly_bought().filtered("sale_ok")

    def action_confirm(self):
        """Decide; rights and conditions are checked there."""
        self.ensure_one()
        partner = self.partner_id
        if self.kind == "off_sale" and not self.is_end:
            partner.action_take_off_sale(self.reason, self.product_tmpl_ids)
        elif self.kind == "off_sale":
            partner.action_restore_sale(self.reason)
        elif self.is_end:
            partner.action_release_payments(self.reason)
        else:
            partner.action_hold_payments(self.reason)
        return {"type": "ir.actions.act_window_close"}
