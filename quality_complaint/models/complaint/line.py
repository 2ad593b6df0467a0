from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import quantity_in_words, with_lot

# what a line says about the trouble: the complaint is told when one of them changes
TELLING = frozenset(
    {"product_id", "lot_id", "lot_name", "defect_id", "note", "move_line_id"}
)
# quantities: a correction is kept with what stood there before
STATED = frozenset({"quantity", "confirmed_quantity", "product_uom_id"})


class QualityComplaintLine(models.Model):
    """A product (and lot) complained of, with the delivery, order and invoice it came
    from.
    """

    _name = "quality.complaint.line"
    _description = "Complaint Line"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.spared",
    ]
    _order = "complaint_id, sequence, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade", fixed=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product", index=True, check_company=True, ondelete="restrict"
    )
    lot_name = fields.Char(
        "Lot/Serial as Stated",
        help="What the customer or the label says, when the lot is not known here.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=?', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    confirmed_quantity = fields.Float(
        digits="Product Unit", help="Quantity found faulty by our investigation."
    )
    defect_id = fields.Many2one(
        "quality.complaint.defect",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('offered_by_id', '=', policy_id)]",
    )
    note = fields.Char("Description")
    policy_id = fields.Many2one(
        related="complaint_id.policy_id", store=True, precompute=True
    )
    properties = fields.Properties(
        "Industry Fields",
        definition="policy_id.line_properties",
        copy=True,
        help="Chassis number, mileage, UDI …, as the policy has them.",
    )

    # --- documents
    move_line_id = fields.Many2one(
        "stock.move.line",
        "Delivered Line",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id",
        store=True,
        index="btree_not_null",
        string="Delivered Move",
    )
    picking_id = fields.Many2one(
        related="move_line_id.picking_id",
        store=True,
        index="btree_not_null",
        string="Delivery",
    )
    delivered_on = fields.Datetime(compute="_compute_delivery", compute_sudo=True)
    days_since_delivery = fields.Integer(
        compute="_compute_delivery",
        compute_sudo=True,
        help="Days from the delivery to the receipt of the complaint.",
    )
    delivered_quantity = fields.Float(
        compute="_compute_delivery",
        compute_sudo=True,
        digits="Product Unit",
        help="Delivered of this lot on this delivery, in the unit of this line.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Line",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    invoice_line_id = fields.Many2one(
        "account.move.line",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    sale_id = fields.Many2one(
        related="sale_line_id.order_id",
        store=True,
        index="btree_not_null",
        string="Sales Order",
    )
    order_as_told = fields.Char(
        "Order as Told",
        help=(
            "Order number and dates as the customer says them, where the order or "
            "delivery is not in the system."
        ),
    )
    ordered_on = fields.Datetime(
        related="sale_line_id.order_id.date_order", string="Ordered On"
    )
    invoice_id = fields.Many2one(
        related="invoice_line_id.move_id",
        store=True,
        index="btree_not_null",
        string="Invoice",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_value", compute_sudo=True, store=True
    )
    value = fields.Monetary(
        compute="_compute_value",
        compute_sudo=True,
        store=True,
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "Price paid for the quantity complained of: untaxed, after discounts, in "
            "the currency of the invoice or order."
        ),
    )
    match_state = fields.Selection(
        [
            ("unmatched", "No delivery found"),
            ("several", "Several deliveries: choose"),
            ("matched", "Delivery found"),
        ],
        "Match",
        compute="_compute_match_state",
        store=True,
        readonly=False,
        precompute=True,
    )
    warning = fields.Char(compute="_compute_warning", compute_sudo=True)
    remedy_line_ids = fields.One2many(
        "quality.complaint.remedy.line", "complaint_line_id", "Remedies"
    )

    # === compute ===

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not line.product_uom_id or (
                product_uom
                and not line.product_uom_id._has_common_reference(product_uom)
            ):
                line.product_uom_id = line.product_id.uom_id

    @api.depends("move_line_id")
    def _compute_match_state(self):
        for line in self:
            if line.move_line_id:
                line.match_state = "matched"
            elif line.match_state != "several":
                line.match_state = "unmatched"

    @api.depends("move_id.date", "lot_id", "product_uom_id", "complaint_id.received_on")
    def _compute_delivery(self):
        rows = (
            self.env["stock.move.line"]
            .search_fetch(
                [("move_id", "in", self.move_id.ids)],
                ["move_id", "state", "lot_id", "product_uom_id", "quantity"],
            )
            .grouped("move_id")
        )
        for line in self:
            move = line.move_id
            line.delivered_on = move.date if move else False
            received = line.complaint_id.received_on or fields.Datetime.now()
            line.days_since_delivery = (received - move.date).days if move else 0
            line.delivered_quantity = (
                line._quantity_of(move, line.lot_id, rows.get(move)) if move else 0.0
            )

    def _quantity_of(self, moves, lot, move_lines=None):
        """Done quantity of a lot on stock moves, in the unit of this line (an empty lot
        means all).

        :param move_lines: those of the moves, where they are known
        """
        lines = (move_lines or moves.move_line_ids).filtered(
            lambda ml: ml.state == "done" and (not lot or ml.lot_id == lot)
        )
        unit = self.product_uom_id or moves.product_id.uom_id
        return sum(
            ml.product_uom_id._compute_quantity(
                ml.quantity, unit, rounding_method="HALF-UP"
            )
            for ml in lines
        )

    @api.depends(
        "quantity",
        "product_uom_id",
        "invoice_line_id.amount_currency",
        "invoice_line_id.quantity",
        "sale_line_id.price_subtotal",
        "sale_line_id.product_uom_qty",
    )
    def _compute_value(self):
        for line in self:
            # the price a private person paid stays when the documents that named them
            # are cut off
            line.currency_id, line.value = (
                (line.currency_id, line.value)
                if line.complaint_id.anonymised_on
                else line._price_paid()
            )

    def _price_paid(self):
        """What the customer paid for this line's quantity.

        :return: (currency, amount): untaxed, after discounts; from the invoice line,
            else the order line, else zero
        """
        self.ensure_one()
        source = self.invoice_line_id or self.sale_line_id
        currency = (
            source.currency_id
            or self.complaint_id.currency_id
            or self.env.company.currency_id
        )
        if source.product_id != self.product_id:
            return currency, self._price_paid_as_part(source)
        total = (
            self.invoice_line_id.quantity
            if self.invoice_line_id
            else self.sale_line_id.product_uom_qty
        )
        units = (self.product_uom_id, source.product_uom_id)
        if not total or not all(units) or not units[0]._has_common_reference(units[1]):
            return currency, 0.0
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, source.product_uom_id, round=False
        )
        if self.invoice_line_id:
            return currency, self.invoice_line_id._complaint_paid_for(quantity).untaxed
        return currency, currency.round(source.price_subtotal * quantity / total)

    def _price_paid_as_part(self, source):
        """Price paid for goods sold under another product (a kit); unknown here, see
        the bridge to manufacturing.

        :param source: the `account.move.line` or `sale.order.line` of what was sold
        """
        return 0.0

    @api.depends(
        "move_line_id",
        "complaint_id.partner_id",
        "complaint_id.received_on",
        "complaint_id.state",
        "quantity",
        "product_uom_id",
        "lot_id",
        "lot_name",
    )
    def _compute_warning(self):
        for line in self:
            line.warning = " ".join(line._warnings()) or False

    def _warnings(self):
        """Plain sentences on what does not fit between this line and its delivery; no
        obstacle to registering.
        """
        self.ensure_one()
        found = []
        if not self.move_line_id:
            if self.lot_name and not self.lot_id:
                found.append(self.env._("The lot %s is not known here.", self.lot_name))
            return found
        receiver = (
            self.sale_id.partner_id or self.move_id._complaint_customer()
        ).commercial_partner_id
        customer = self.complaint_id.commercial_partner_id
        if customer and receiver and receiver != customer:
            found.append(
                self.env._(
                    "Delivered to %s, not to this customer.", receiver.display_name
                )
            )
        if (
            self.delivered_on
            and self.complaint_id.received_on
            and self.complaint_id.received_on < self.delivered_on
        ):
            found.append(self.env._("Received before the delivery was booked."))
        unit = self.product_uom_id
        if unit and unit.compare(self.quantity, self.delivered_quantity) > 0:
            found.append(
                self.env._(
                    "The delivery brought only %s.",
                    quantity_in_words(self.delivered_quantity, unit),
                )
            )
        elif unit and self.complaint_id.state == "new":
            # sudo: how much came back, for whoever takes the call
            back = self.move_id.sudo()._complaint_returned_quantity(self.lot_id)
            back = self.product_id.uom_id._compute_quantity(back, unit, round=False)
            left = self.delivered_quantity - back
            if unit.compare(back, 0) > 0 and unit.compare(self.quantity, left) > 0:
                found.append(
                    self.env._(
                        "The customer already sent back, or is sending back, %s.",
                        quantity_in_words(unit.round(back), unit),
                    )
                )
        return found

    # === constraints ===

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not line.quantity > 0:
                raise ValidationError(
                    self.env._(
                        "%(product)s: the quantity complained of must be more than "
                        "zero.",
                        product=line._label(),
                    )
                )

    @api.constrains("product_id", "product_uom_id")
    def _check_unit(self):
        for line in self:
            if (
                line.product_id
                and line.product_uom_id
                and not line.product_uom_id._has_common_reference(
                    line.product_id.uom_id
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%(unit)s cannot be converted to %(product_unit)s, the unit "
                        "of %(product)s. Choose another unit.",
                        unit=line.product_uom_id.name,
                        product_unit=line.product_id.uom_id.name,
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains(
        "product_id", "lot_id", "move_line_id", "invoice_line_id", "sale_line_id"
    )
    def _check_documents(self):
        for line in (
            self.sudo()
        ):  # sudo: the check reads documents that the person registering may not open
            if (
                line.lot_id
                and line.product_id
                and line.lot_id.product_id != line.product_id
            ):
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is of %(other)s, not of %(product)s. Correct the "
                        "lot or the product.",
                        lot=line.lot_id.name,
                        other=line.lot_id.product_id.display_name,
                        product=line.product_id.display_name,
                    )
                )
            if line.move_line_id and line.move_line_id.product_id != line.product_id:
                raise ValidationError(
                    self.env._(
                        "%(delivery)s did not deliver %(product)s on this line. Look "
                        "for the delivery again.",
                        delivery=line.picking_id.name,
                        product=line.product_id.display_name,
                    )
                )
            invoice_line = line.invoice_line_id
            if invoice_line and (
                invoice_line.move_id.move_type != "out_invoice"
                or invoice_line.parent_state != "posted"
            ):
                raise ValidationError(
                    self.env._(
                        "%s is no posted customer invoice.",
                        invoice_line.move_id.display_name,
                    )
                )
            order = line.sale_line_id.order_id
            customers = (
                line.move_id._complaint_customer()
                | line.complaint_id.commercial_partner_id
                | (order.partner_id | order.partner_invoice_id).commercial_partner_id
            )
            if (
                invoice_line
                and customers
                and invoice_line.move_id.commercial_partner_id not in customers
            ):
                raise ValidationError(
                    self.env._(
                        "Invoice %(invoice)s was made out to %(other)s, not to "
                        "%(customer)s. Choose an invoice of this customer.",
                        invoice=invoice_line.move_id.name,
                        other=invoice_line.move_id.commercial_partner_id.display_name,
                        customer=customers[:1].display_name,
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.complaint_id._on_lines_changed(TELLING)
        return lines

    def write(self, vals):
        documents = {
            "product_id",
            "lot_id",
            "product_uom_id",
            "move_line_id",
            "sale_line_id",
            "invoice_line_id",
        }
        # sudo: remedies count whoever may see them
        planned = self.filtered(
            lambda line: line.sudo().remedy_line_ids.remedy_id._live()
        )
        if vals.get("invoice_line_id") and not documents & vals.keys() - {
            "invoice_line_id"
        }:
            planned = planned.filtered(
                lambda line: not line._lacks_invoice()
            )  # the invoice may come after the plan
        self._lock_fields(vals, documents, planned)
        changed = self._changed_by(vals, TELLING)
        invoiced = self._changed_by(vals, {"invoice_line_id"})
        before = (
            {
                line: line._stated_quantities()
                for line in self.filtered("complaint_id.name")
            }
            if vals.keys() & STATED
            else {}
        )
        result = super().write(vals)
        for line, quantities in before.items():
            line._tell_corrected(quantities)
        if changed:
            changed.complaint_id._on_lines_changed(TELLING & vals.keys())
        if vals.get("invoice_line_id"):
            invoiced._on_invoiced()
        return result

    def _stated_quantities(self):
        """Quantities with their unit, as they are told when they are corrected."""
        self.ensure_one()
        unit = self.product_uom_id.name or ""
        return {
            name: f"{self[name]:.12g} {unit}".strip()
            for name in ("quantity", "confirmed_quantity")
        }

    def _tell_corrected(self, before):
        """The thread of a registered complaint keeps what stood there before."""
        after = self._stated_quantities()
        for name in before:
            if before[name] != after[name]:
                label = self._fields[name]._description_string(self.env)
                body = self.env._(
                    "%(field)s of %(product)s: %(old)s → %(new)s",
                    field=label,
                    product=self._label(),
                    old=before[name],
                    new=after[name],
                )
                self.sudo().complaint_id._message_log(
                    body=body
                )  # sudo: an entry of the log, whoever corrects

    def unlink(self):
        complaints = self.complaint_id
        result = super().unlink()
        complaints.exists()._on_lines_changed(TELLING)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_not_in_use(self):
        # sudo: remedies count whoever may see them
        lines = (
            self.env["quality.complaint.remedy.line"]
            .sudo()
            .search([("complaint_line_id", "in", self.ids)], limit=1)
        )
        if lines:
            raise ValidationError(
                self.env._(
                    "%s has a remedy planned for it and cannot be removed. Delete or "
                    "cancel the remedy first.",
                    lines.complaint_line_id._label(),
                )
            )

    @api.depends("product_id", "lot_id", "lot_name", "complaint_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._label()

    def _label(self):
        """Product and lot in one line of text, for messages and documents."""
        self.ensure_one()
        lot = (
            self.sudo().lot_id.name or self.lot_name
        )  # sudo: the lot's name stands on the complaint
        product = (
            self.product_id.display_name or self.note or self.env._("Unknown product")
        )
        return with_lot(product, lot)

    @api.model
    def _count_complaints(self, field, records):
        """Complaints per document, for its smart button; zero for people without access
        to complaints.

        :param str field: field of this model that links to `records`
        :return: {record: number}
        """
        counts = {}
        if records.ids and self.has_access("read"):
            counts = dict(
                self._read_group(
                    [(field, "in", records.ids)],
                    [field],
                    ["complaint_id:count_distinct"],
                )
            )
        return {record: counts.get(record._origin, 0) for record in records}
