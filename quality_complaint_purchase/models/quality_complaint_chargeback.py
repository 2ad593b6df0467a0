from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.quality_complaint.tools import with_lot

SENT_STATES = ("sent", "answered", "settled")
# what the supplier is told: fixed when it is sent
CLAIM_FIELDS = {
    "party",
    "partner_id",
    "complaint_line_id",
    "product_id",
    "lot_id",
    "purchase_line_id",
    "move_id",
    "bill_line_id",
    "quantity",
    "product_uom_id",
    "share",
    "amount",
    "basis",
    "description",
}
# what goes back to the supplier: fixed when its return is made
GOODS_FIELDS = {"product_id", "lot_id", "quantity", "product_uom_id", "move_id"}


class QualityComplaintChargeback(models.Model):
    """A complaint of ours to a supplier about goods that a customer complained of, and
    what we get back for it.

    Goods going back are in `quality_complaint_chargeback_return.py`, money in
    `quality_complaint_chargeback_credit.py`.
    """

    _name = "quality.complaint.chargeback"
    _description = "Supplier Complaint"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.due",
        "quality.complaint.files",
        "quality.complaint.spared",
        "quality.complaint.page",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _due_action = "quality_complaint_purchase.action_chargeback"
    _order = "id desc"
    _rec_names_search = ["name", "partner_id.name", "complaint_id.name", "lot_id.name"]
    _check_company_auto = True

    # --- identity
    name = fields.Char(
        "Supplier Complaint No.",
        readonly=True,
        copy=False,
        index="trigram",
        help="Given on sending; never reused.",
        guarded=True,
    )
    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade", fixed=True
    )
    complaint_line_id = fields.Many2one(
        "quality.complaint.line",
        "Product Complained Of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('complaint_id', '=', complaint_id)]",
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        related="complaint_id.user_id", string="Handler", store=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("settled", "Settled"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guarded=True,
    )

    party = fields.Selection(
        [("supplier", "Supplier or maker"), ("carrier", "Carrier")],
        "Put Before",
        default="supplier",
        required=True,
        tracking=True,
        help=(
            "A carrier answers for the goods as they were delivered to the customer; "
            "no receipt of ours is needed."
        ),
    )

    # --- origin of the goods
    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        required=True,
        check_company=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Supplier",
        store=True,
        index=True,
    )
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        "Purchase Order Line",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('product_id', '=?', product_id), ('state', '=', 'purchase')]",
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id",
        string="Purchase Order",
        store=True,
        index="btree_not_null",
    )
    move_id = fields.Many2one(
        "stock.move",
        "Receipt Line",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=(
            "[('product_id', '=?', product_id), ('state', '=', 'done'), "
            "('location_id.usage', '=', 'supplier')]"
        ),
    )
    picking_id = fields.Many2one(
        related="move_id.picking_id",
        string="Receipt",
        store=True,
        index="btree_not_null",
    )
    bill_line_id = fields.Many2one(
        "account.move.line",
        "Vendor Bill Line",
        compute="_compute_bill_line_id",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain=(
            "[('purchase_line_id', '=', purchase_line_id), ('parent_state', '=', "
            "'posted')]"
        ),
    )
    bill_id = fields.Many2one(related="bill_line_id.move_id", string="Vendor Bill")

    # --- claim
    reason_kind = fields.Selection(
        [
            ("quality", "Quality defect"),
            ("counterfeit", "Counterfeit"),
            ("failed_test", "Failed an official test"),
            ("service", "Bad service"),
            ("uncooperative", "Does not cooperate"),
            ("transport", "Damaged or lost in transport"),
            ("goodwill", "Goodwill asked for"),
        ],
        "Reason",
        default="quality",
        required=True,
        tracking=True,
        help="Facts that count in the supplier rules of the policy.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    share = fields.Float(
        "Share (%)",
        digits=(5, 2),
        default=100.0,
        help="Part of the price paid that the supplier is asked to bear.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        compute_sudo=True,
        store=True,
        precompute=True,
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help=(
            "Untaxed, in the currency of the vendor bill or order. Proposed: price "
            "paid for the quantity, by the share."
        ),
    )
    basis = fields.Char(help="On which rule, contract or report the claim rests.")
    description = fields.Text(
        "What Is Wrong",
        compute="_compute_description",
        store=True,
        readonly=False,
        help="Printed for the supplier.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_chargeback_attachment_rel",
        string="Evidence",
        copy=False,
        bypass_search_access=True,
        help="Sent to the supplier with the complaint.",
    )

    # --- answer
    due_on = fields.Datetime(
        "Answer Due",
        copy=False,
        tracking=True,
        help="Empty: as many days after sending as the policy says.",
    )
    sent_on = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null", guarded=True
    )
    answered_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    start_on = fields.Datetime(related="sent_on", string="Counts From")
    done_on = fields.Datetime(related="answered_on", string="Happened On")
    answer = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("partly", "Accepted in part"),
            ("refused", "Refused"),
            ("none", "No answer"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    answer_note = fields.Text(
        "Answer in Words", readonly=True, copy=False, guarded=True
    )
    agreed_share = fields.Float(
        "Agreed Share (%)",
        digits=(5, 2),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Part of the price paid that the supplier bears.",
        guarded=True,
    )
    agreed_amount = fields.Monetary(
        compute="_compute_agreed_amount",
        store=True,
        help="Untaxed amount to be credited by the supplier.",
    )

    # --- documents and money
    move_ids = fields.One2many("stock.move", "chargeback_id", "Return Moves")
    account_line_ids = fields.One2many(
        "account.move.line", "chargeback_id", "Credit Note Lines"
    )
    vendor_return_ids = fields.Many2many(
        "stock.picking",
        compute="_compute_documents",
        compute_sudo=True,
        string="Vendor Returns",
    )
    vendor_credit_note_ids = fields.Many2many(
        "account.move",
        compute="_compute_documents",
        compute_sudo=True,
        string="Vendor Credit Notes",
    )
    returned_quantity = fields.Float(
        compute="_compute_documents",
        compute_sudo=True,
        digits="Product Unit",
        string="Sent Back",
    )
    documents_on = fields.Datetime(
        "Documents Made On", readonly=True, copy=False, guarded=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    charged_company = fields.Monetary(
        "Charged",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        help="Amount asked for, in the company's currency on the day of sending.",
        guarded=True,
    )
    amount_company = fields.Monetary(
        "Cost Recovered",
        compute="_compute_amount_company",
        compute_sudo=True,
        store=True,
        currency_field="company_currency_id",
        help="Posted vendor credit notes in the company's currency: a negative cost.",
    )
    recovered_company = fields.Monetary(
        "Recovered",
        compute="_compute_amount_company",
        compute_sudo=True,
        store=True,
        currency_field="company_currency_id",
        help="Posted vendor credit notes in the company's currency.",
    )
    checked_on = fields.Date(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the supplier rules were last applied to it.",
        guarded=True,
    )

    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)",
        "The share must be above 0 and at most 100 percent.",
    )
    _agreed_range = models.Constraint(
        "CHECK (agreed_share >= 0 AND agreed_share <= share)",
        "The agreed share cannot be more than the share asked for.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount asked of a supplier cannot be negative."
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This supplier complaint number exists already.",
    )
    _open_idx = models.Index(
        "(company_id, commercial_partner_id, sent_on) WHERE state NOT IN ('draft', "
        "'cancelled')"
    )

    # === compute ===

    @api.depends("purchase_line_id", "party")
    def _compute_partner_id(self):
        for chargeback in self:
            if chargeback.party == "carrier":
                chargeback.partner_id = (
                    chargeback.partner_id or chargeback.complaint_id._carrier()
                )
                continue
            # sudo: whose order it was is offered to officers without access to Purchase
            chargeback.partner_id = (
                chargeback.sudo().purchase_line_id.order_id.partner_id
                or chargeback.partner_id
            )

    @api.depends("complaint_line_id")
    def _compute_product_id(self):
        for chargeback in self:
            chargeback.product_id = (
                chargeback.complaint_line_id.product_id or chargeback.product_id
            )

    @api.depends("complaint_line_id", "product_id")
    def _compute_lot_id(self):
        for chargeback in self:
            line = chargeback.complaint_line_id
            if line.product_id == chargeback.product_id and line.lot_id:
                chargeback.lot_id = line.lot_id
            elif chargeback.lot_id.product_id != chargeback.product_id:
                chargeback.lot_id = False

    @api.depends("complaint_line_id")
    def _compute_quantity(self):
        for chargeback in self:
            chargeback.quantity = (
                chargeback.complaint_line_id.quantity or chargeback.quantity
            )

    @api.depends("product_id", "complaint_line_id")
    def _compute_product_uom_id(self):
        for chargeback in self:
            line, product = chargeback.complaint_line_id, chargeback.product_id
            if (
                product
                and chargeback.product_uom_id
                and chargeback.product_uom_id._has_common_reference(product.uom_id)
            ):
                chargeback.product_uom_id = chargeback.product_uom_id
            else:
                chargeback.product_uom_id = (
                    line.product_uom_id
                    if line.product_id == product
                    else product.uom_id
                )

    @api.depends("purchase_line_id")
    def _compute_bill_line_id(self):
        for chargeback in self:
            known = chargeback.bill_line_id
            if not known or known.purchase_line_id != chargeback.purchase_line_id:
                chargeback.bill_line_id = chargeback._find_bill_line()

    @api.depends(
        "bill_line_id", "purchase_line_id", "partner_id", "complaint_id", "party"
    )
    def _compute_currency_id(self):
        for chargeback in self:
            company = chargeback.complaint_id.company_id or self.env.company
            source = chargeback.bill_line_id or chargeback.purchase_line_id
            if chargeback.state != "draft" and chargeback.currency_id:
                continue  # what was sent stays
            if chargeback.party == "carrier":
                # what the customer paid for the goods is claimed
                line = chargeback.sudo().complaint_line_id  # sudo: as above
                chargeback.currency_id = line.currency_id or company.currency_id
                continue
            preferred = chargeback.partner_id.with_company(
                company
            ).property_purchase_currency_id
            chargeback.currency_id = (
                source.currency_id or preferred or company.currency_id
            )

    @api.depends(
        "quantity",
        "product_uom_id",
        "share",
        "bill_line_id",
        "purchase_line_id",
        "product_id",
        "party",
        "complaint_line_id",
    )
    def _compute_amount(self):
        for chargeback in self:
            if chargeback.state == "draft":
                _currency, price = chargeback._price_paid()
                chargeback.amount = chargeback.currency_id.round(
                    price * chargeback.share / 100.0
                )

    def _price_paid(self):
        """What we paid the supplier for the quantity.

        :return: (currency, amount): untaxed, after discounts; from the bill line, else
            the order line, else zero
        """
        self.ensure_one()
        if self.party == "carrier":
            return self._price_as_delivered()
        source = self.bill_line_id or self.purchase_line_id
        total = (
            self.bill_line_id.quantity
            if self.bill_line_id
            else self.purchase_line_id.product_qty
        )
        units = (self.product_uom_id, source.product_uom_id)
        if (
            not total
            or source.product_id != self.product_id
            or not all(units)
            or not units[0]._has_common_reference(units[1])
        ):
            return source.currency_id, 0.0
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, source.product_uom_id, round=False
        )
        return source.currency_id, source.price_subtotal * quantity / total

    def _price_as_delivered(self):
        """What the customer paid us for the quantity that a carrier answers for.

        :return: as of `_price_paid`
        """
        line, unit = self.sudo().complaint_line_id, self.product_uom_id  # sudo: value
        if (
            not line.quantity
            or line.product_id != self.product_id
            or not unit
            or not unit._has_common_reference(line.product_uom_id)
        ):
            return line.currency_id, 0.0
        quantity = unit._compute_quantity(
            self.quantity, line.product_uom_id, round=False
        )
        return line.currency_id, line.value * quantity / line.quantity

    @api.depends("complaint_id")
    def _compute_description(self):
        for chargeback in self:
            chargeback.description = (
                chargeback.description or chargeback.complaint_id.description
            )

    @api.depends("amount", "share", "agreed_share")
    def _compute_agreed_amount(self):
        for chargeback in self:
            amount = (
                chargeback.amount * chargeback.agreed_share / chargeback.share
                if chargeback.share
                else 0.0
            )
            chargeback.agreed_amount = chargeback.currency_id.round(amount)

    @api.depends("move_ids.state", "move_ids.quantity", "account_line_ids.parent_state")
    def _compute_documents(self):
        for chargeback in self:
            moves = chargeback.move_ids
            chargeback.vendor_return_ids = moves.picking_id
            chargeback.vendor_credit_note_ids = chargeback.account_line_ids.move_id
            unit = chargeback.product_uom_id
            chargeback.returned_quantity = sum(
                move.product_uom._compute_quantity(move.quantity, unit, round=False)
                for move in moves
                if unit and move.state == "done"
            )

    @api.depends(
        "account_line_ids.parent_state",
        "account_line_ids.balance",
        "account_line_ids.move_id.move_type",
    )
    def _compute_amount_company(self):
        for chargeback in self:
            lines = chargeback.account_line_ids.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.move_id.move_type == "in_refund"
                )
            )
            chargeback.amount_company = sum(lines.mapped("balance"))
            chargeback.recovered_company = -chargeback.amount_company

    @api.depends("name", "complaint_id.name")
    def _compute_display_name(self):
        for chargeback in self:
            complaint = chargeback.complaint_id.display_name
            draft = (
                self.env._("Draft supplier complaint (%s)", complaint)
                if complaint
                else self.env._("Draft supplier complaint")
            )
            chargeback.display_name = chargeback.name or draft

    def _goods(self):
        """The product with its lot, else the complaint it is about."""
        self.ensure_one()
        return with_lot(
            self.product_id.display_name or self.complaint_id.display_name,
            self.lot_id.name,
        )

    # === what is due: the supplier's answer ===

    def _due_running(self):
        return self.filtered(
            lambda chargeback: chargeback.state == "sent" and chargeback.due_on
        )

    @api.model
    def _due_running_domain(self):
        return Domain("state", "=", "sent") & Domain("due_on", "!=", False)

    def _due_responsible(self):
        return self.complaint_id.user_id

    def _due_levels(self):
        roles = self.env["quality.complaint.role"]
        return [(self.due_on - timedelta(days=1), roles), (self.due_on, roles)]

    def _notice_summary(self):
        values = {"number": self.display_name, "supplier": self.partner_id.display_name}
        if self.due_on < fields.Datetime.now():
            return self.env._(
                "No answer from %(supplier)s to %(number)s yet.", **values
            )
        return self.env._("%(supplier)s is to answer %(number)s soon.", **values)

    # === constraints ===

    @api.constrains("complaint_id", "complaint_line_id")
    def _check_complaint(self):
        for chargeback in self:
            if (
                chargeback.complaint_id.state in ("new", "closed", "cancelled")
                and chargeback.state == "draft"
            ):
                raise ValidationError(
                    self.env._(
                        "A supplier complaint belongs to a registered, open "
                        "complaint; %s is not.",
                        chargeback.complaint_id.display_name,
                    )
                )
            if (
                chargeback.complaint_line_id
                and chargeback.complaint_line_id.complaint_id != chargeback.complaint_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s does not belong to complaint %(complaint)s. "
                        "Choose a product of this complaint.",
                        product=chargeback.complaint_line_id._label(),
                        complaint=chargeback.complaint_id.display_name,
                    )
                )

    @api.constrains("product_id", "lot_id", "product_uom_id", "quantity")
    def _check_goods(self):
        for chargeback in self.filtered("product_id"):
            product, unit = chargeback.product_id, chargeback.product_uom_id
            if not chargeback.quantity > 0:
                raise ValidationError(
                    self.env._(
                        "%s: the quantity put before the supplier must be more than "
                        "zero.",
                        product.display_name,
                    )
                )
            if unit and not unit._has_common_reference(product.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(unit)s cannot be converted to %(product_unit)s, the unit "
                        "of %(product)s. Choose another unit.",
                        unit=unit.name,
                        product_unit=product.uom_id.name,
                        product=product.display_name,
                    )
                )
            if chargeback.lot_id and chargeback.lot_id.product_id != product:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is of %(other)s, not of %(product)s. Correct the "
                        "lot or the product.",
                        lot=chargeback.lot_id.name,
                        other=chargeback.lot_id.product_id.display_name,
                        product=product.display_name,
                    )
                )

    @api.constrains(
        "party", "partner_id", "purchase_line_id", "move_id", "bill_line_id"
    )
    def _check_documents(self):
        for chargeback in (
            self.sudo()
        ):  # sudo: reads purchases and receipts that an officer may not open
            if chargeback.party == "carrier" and (
                chargeback.purchase_line_id or chargeback.move_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s is put before a carrier: it has no order and no receipt "
                        "of a supplier. Clear them.",
                        chargeback.display_name,
                    )
                )
            order, move, bill = (
                chargeback.purchase_line_id.order_id,
                chargeback.move_id,
                chargeback.bill_line_id.move_id,
            )
            if (
                order
                and order.partner_id.commercial_partner_id
                != chargeback.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(order)s was placed with %(other)s, not with %(supplier)s. "
                        "Choose an order of this supplier.",
                        order=order.name,
                        other=order.partner_id.display_name,
                        supplier=chargeback.partner_id.display_name,
                    )
                )
            if move and (
                move.state != "done"
                or move.location_id.usage != "supplier"
                or (chargeback.product_id and move.product_id != chargeback.product_id)
            ):
                raise ValidationError(
                    self.env._(
                        "%(receipt)s is no finished receipt of %(product)s from a "
                        "supplier. Choose another receipt.",
                        receipt=move.display_name,
                        product=chargeback.product_id.display_name,
                    )
                )
            if bill and (
                bill.move_type != "in_invoice"
                or bill.state != "posted"
                or bill.commercial_partner_id != chargeback.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(bill)s is no posted vendor bill of %(supplier)s.",
                        bill=bill.display_name,
                        supplier=chargeback.partner_id.display_name,
                    )
                )

    # === CRUD ===

    def action_trace(self):
        """Where the lot went, and what it was made of."""
        self.check_access("read")
        # sudo: read access was checked; which lot, for people without Inventory
        return self.env["quality.complaint.trace"]._open(self.sudo().lot_id)

    def write(self, vals):
        self._lock_fields(
            vals,
            CLAIM_FIELDS,
            self.filtered(lambda chargeback: chargeback.state != "draft"),
        )
        if vals.keys() & GOODS_FIELDS:
            self._lock_fields(
                vals,
                GOODS_FIELDS,
                self.filtered(lambda chargeback: chargeback._live_moves()),
            )
        self._lock_fields(
            vals,
            {"reason_kind", "due_on"},
            self.filtered(
                lambda chargeback: chargeback.state in ("settled", "cancelled")
            ),
        )
        result = super().write(vals)
        if "due_on" in vals:
            self._schedule_notices()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for chargeback in self:
            if chargeback.state != "draft" or chargeback._live_moves():
                raise UserError(
                    self.env._(
                        "%s belongs to the file and cannot be deleted. Cancel it "
                        "instead.",
                        chargeback.display_name,
                    )
                )
