from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import goods_in_words
from .remedy import SHIP_KINDS

PLAN_FIELDS = {
    "quantity",
    "product_uom_id",
    "amount",
    "percent",
    "complaint_line_id",
    "product_id",
    "item_id",
}


class QualityComplaintRemedyLine(models.Model):
    """Quantity or amount of one complaint line in a remedy, and what its documents have
    done of it.

    What stands against it is in `remedy/coverage.py`.
    """

    _name = "quality.complaint.remedy.line"
    _description = "Remedy Line"
    _inherit = ["quality.complaint.closed", "quality.complaint.guarded"]
    _order = "remedy_id, id"

    remedy_id = fields.Many2one(
        "quality.complaint.remedy",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    complaint_id = fields.Many2one(
        related="remedy_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(related="remedy_id.company_id", store=True, index=True)
    kind = fields.Selection(related="remedy_id.kind")
    complaint_line_id = fields.Many2one(
        "quality.complaint.line",
        "Product Complained Of",
        index=True,
        ondelete="restrict",
        domain="[('complaint_id', '=', complaint_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        "Goods to Send",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        ondelete="restrict",
        check_company=True,
        help=(
            "For a compensation in goods also another product; a replacement is the "
            "product complained of unless sent without a return."
        ),
        index="btree_not_null",
    )
    lot_id = fields.Many2one(related="complaint_line_id.lot_id")
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    percent = fields.Float(
        "Reduction (%)",
        digits=(5, 2),
        help=(
            "Price reduction as a share of what the goods are worth: the price paid "
            "less what was reduced before."
        ),
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True, store=True
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help=(
            "Untaxed, in the currency of the invoice. For a refund: the price paid "
            "for the quantity; for goods on top: their value."
        ),
    )
    basis = fields.Char(help="On which rule or agreement the amount rests.")
    evidence = fields.Char(
        help="Photo, record or receipt that proves it.",
        groups="quality_complaint.group_quality_complaint_user",
    )
    received_before = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Part of the quantity that came back already on a return for inspection.",
        guarded=True,
    )
    move_ids = fields.One2many("stock.move", "remedy_line_id", "Stock Moves")
    sale_line_ids = fields.One2many(
        "sale.order.line", "remedy_line_id", "Free Order Lines"
    )
    account_line_ids = fields.One2many(
        "account.move.line", "remedy_line_id", "Credit Note Lines"
    )
    received_quantity = fields.Float(
        compute="_compute_progress",
        compute_sudo=True,
        digits="Product Unit",
        string="Quantity Received",
    )
    shipped_quantity = fields.Float(
        compute="_compute_progress",
        compute_sudo=True,
        digits="Product Unit",
        string="Quantity Sent",
    )
    credited_amount = fields.Monetary(
        compute="_compute_progress", compute_sudo=True, string="Credited"
    )

    # === compute ===

    @api.depends("complaint_line_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.complaint_line_id.quantity

    @api.depends("complaint_line_id", "product_id")
    def _compute_product_uom_id(self):
        for line in self:
            other = (
                line.product_id and line.product_id != line.complaint_line_id.product_id
            )
            line.product_uom_id = (
                line.product_id.uom_id
                if other
                else line.complaint_line_id.product_uom_id
            )

    @api.depends("complaint_line_id", "remedy_id.kind")
    def _compute_product_id(self):
        for line in self:
            line.product_id = (
                (line.product_id or line.complaint_line_id.product_id)
                if line.remedy_id.kind in SHIP_KINDS
                else False
            )

    @api.depends("complaint_line_id.currency_id", "remedy_id.complaint_id.company_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (
                line.complaint_line_id.currency_id
                or line.remedy_id.complaint_id.currency_id
            )

    @api.depends(
        "quantity",
        "product_uom_id",
        "percent",
        "complaint_line_id.value",
        "remedy_id.kind",
        "product_id",
    )
    def _compute_amount(self):
        for line in self:
            source = (
                line.complaint_line_id.sudo()
            )  # sudo: the price paid is guarded by a field group
            kind = line.remedy_id.kind
            if line.remedy_id.state not in ("draft", "refused"):
                line.amount = line.amount  # what was submitted stays
            elif kind == "refund":
                line.amount = line._worth(line.quantity)
            elif kind == "credit" and line.percent:
                line.amount = (
                    line.currency_id.round(
                        line._worth(line.quantity) * line.percent / 100.0
                    )
                    if source
                    else 0.0
                )
            elif kind == "product_compensation":
                line.amount = line._value_of_goods()
            elif kind == "replacement":
                line.amount = line._surplus_of_goods()
            elif kind not in ("credit", "cash_compensation"):
                line.amount = 0.0
            else:
                line.amount = line.amount

    def _value_of_goods(self):
        """Value of the goods given on top: at the price paid when it is the product
        complained of, else at the customer's list price.

        Goods without a price are worth their cost, so that nothing goes out below every
        ceiling.
        """
        self.ensure_one()
        product, unit, currency = self.product_id, self.product_uom_id, self.currency_id
        if not product or not unit or not currency:
            return 0.0
        source = self.complaint_line_id
        if not source:  # the same goods count alike, whichever line they are for
            source = self.complaint_id.line_ids.filtered(
                lambda row: row.product_id == product
            )[:1]
        value = (
            self._share_of_value(self.quantity, source)
            if product == source.product_id
            else 0.0
        )
        if value:
            return value
        company, today = self.company_id, fields.Date.context_today(self)
        goods = product.with_company(company)
        pricelist = self.complaint_id.partner_id.with_company(
            company
        ).property_product_pricelist.sudo()  # sudo: officers may not read price lists
        # in the list's own currency: Odoo does not convert a fixed price; without a
        # list it is the list price of the product
        listed = pricelist.currency_id or company.currency_id
        price = pricelist.with_company(company)._get_product_price(
            goods, self.quantity, currency=listed, uom=unit, date=today
        )
        if listed.is_zero(price):
            listed = company.currency_id
            price = product.uom_id._compute_price(
                goods.sudo().standard_price, unit
            )  # sudo: cost is guarded by a field group
        return listed._convert(price * self.quantity, currency, company, today)

    def _surplus_of_goods(self):
        """What other goods sent as a replacement are worth above the price paid: given
        on top; never negative.
        """
        self.ensure_one()
        source = self.complaint_line_id
        if not source or not self.product_id or self.product_id == source.product_id:
            return 0.0
        comparable = (
            self.product_uom_id
            and source.product_uom_id
            and self.product_uom_id._has_common_reference(source.product_uom_id)
        )
        paid = self._share_of_value(self.quantity) if comparable else 0.0
        return (
            max(self.currency_id.round(self._value_of_goods() - paid), 0.0)
            if self.currency_id
            else 0.0
        )

    def _worth(self, quantity):
        """What a quantity in this line's unit is still worth, untaxed: the price paid
        less what was reduced or credited.
        """
        line = (
            self.complaint_line_id.sudo()
        )  # sudo: read from invoices that the person planning may not open
        invoice_line, unit = line.invoice_line_id, self.product_uom_id
        comparable = (
            unit
            and invoice_line.product_uom_id
            and unit._has_common_reference(invoice_line.product_uom_id)
        )
        if not comparable or self._sold_as_part():
            return self._share_of_value(quantity)
        exact = unit._compute_quantity(
            quantity, invoice_line.product_uom_id, round=False
        )
        return invoice_line._complaint_worth(exact, line, but=self._origin).untaxed

    def _share_of_value(self, quantity, source=None):
        """Price paid for a quantity in this line's unit, whatever became of it
        since.

        :param source: the `quality.complaint.line` that was paid; its own if not given
        """
        # sudo: see `_compute_amount`
        source = (source or self.complaint_line_id).sudo()
        if not source.quantity or not self.product_uom_id or not source.product_uom_id:
            return 0.0
        share = (
            self.product_uom_id._compute_quantity(
                quantity, source.product_uom_id, round=False
            )
            / source.quantity
        )
        return (
            source.currency_id.round(source.value * share)
            if source.currency_id
            else 0.0
        )

    @api.depends(
        "move_ids.state",
        "move_ids.quantity",
        "move_ids.returned_move_ids.state",
        "account_line_ids.parent_state",
        "account_line_ids.price_subtotal",
        "received_before",
    )
    def _compute_progress(self):
        for line in self:
            line.received_quantity = (
                line._returned() + line.received_before
                if line.kind == "repair"
                else line._received()
            )
            line.shipped_quantity = line._shipped()
            line.credited_amount = line._credited_amount()

    def _in_words(self):
        """`4 Units of Copper strip (L0042), 120.00` for lists, approvals and
        documents.
        """
        self.ensure_one()
        source = self.complaint_line_id
        kind = self.remedy_id.kind
        money = (
            self.currency_id.format(self.amount) if self.currency_id else self.amount
        )
        if kind == "cash_compensation":
            subject = self.item_id.name or (source and source._label())
            return (
                self.env._("%(amount)s for %(subject)s", amount=money, subject=subject)
                if subject
                else money
            )
        if kind == "credit":
            return self.env._(
                "%(amount)s on %(product)s", amount=money, product=source._label()
            )
        other = (
            kind in SHIP_KINDS
            and self.product_id
            and self.product_id != source.product_id
        )
        return self._goods_in_words(
            self.quantity,
            self.product_id.display_name if other or not source else source._label(),
        )

    def _goods_in_words(self, quantity, goods=None):
        """`4 Units of Copper strip (L0042)`.

        :param float quantity: in the unit of the line
        :param str goods: what is complained of, unless said
        """
        self.ensure_one()
        if goods is None:
            goods = self.complaint_line_id._label()
        return goods_in_words(self.env, quantity, self.product_uom_id, goods)

    # === facts from documents (units of this line) ===

    def _to_own_unit(self, quantity, uom):
        return uom._compute_quantity(quantity, self.product_uom_id, round=False)

    def _return_moves(self):
        """Live moves of this line's own returns."""
        return self.move_ids.filtered(
            lambda move: move.state != "cancel" and move.location_id.usage == "customer"
        )

    def _returned(self):
        """Quantity of its lot received on this line's own returns, whatever was sent
        out again since.
        """
        self.ensure_one()
        lot, origin = self._lots_back(), self.complaint_line_id.move_id
        # an anonymised private person's line has lost its delivery, what came back did
        # come back
        moves = self._return_moves().filtered(
            lambda move: (
                move.state == "done"
                and (not origin or move.origin_returned_move_id == origin)
            )
        )
        return self._rounded(
            sum(
                self._to_own_unit(move._complaint_done_quantity(lot), move.product_uom)
                for move in moves
            )
        )

    def _received(self):
        """Quantity that is back: received on this line's returns, of its lot, and what
        came back before, less what went out again.
        """
        self.ensure_one()
        lot = self._lots_back()
        again = self._return_moves().returned_move_ids.filtered(
            lambda move: move.state == "done"
        )
        out = sum(
            self._to_own_unit(move._complaint_done_quantity(lot), move.product_uom)
            for move in again
        )
        return self._rounded(self.received_before + self._returned() - out)

    def _expected(self):
        """Quantity on its way back: open return moves."""
        moves = self._return_moves().filtered(lambda move: move.state != "done")
        return sum(
            self._to_own_unit(move.product_uom_qty, move.product_uom) for move in moves
        )

    def _account_lines(self):
        """Lines of credit notes that stand: neither cancelled nor reversed."""
        return self.account_line_ids.filtered(
            lambda line: (
                line.parent_state != "cancel"
                and line.move_id.move_type == "out_refund"
                and not line.move_id._complaint_taken_back()
            )
        )

    def _credited_quantity(self):
        return sum(line._complaint_exact_quantity() for line in self._account_lines())

    def _credited_amount(self):
        """Untaxed amount of this line's credit notes as booked, drafts included."""
        return sum(line._complaint_booked() for line in self._account_lines())

    def _credit_due(self):
        """What is still to be credited now: a quantity for refunds, an amount for price
        reductions; 0 when nothing is.
        """
        self.ensure_one()
        return 0.0 if self._awaits_invoice() else self._credit_open()

    def _credit_open(self):
        """As `_credit_due`, whether there is an invoice to credit or not yet."""
        self.ensure_one()
        if self.remedy_id.kind in ("credit", "cash_compensation"):
            due = self.amount - self._credited_amount()
            return due if self.currency_id.compare_amounts(due, 0.0) > 0 else 0.0
        if self._free_of_charge():
            return 0.0
        target = self.quantity
        if (
            self.remedy_id.goods == "return_first"
            and self.remedy_id.when == "on_receipt"
        ):
            target = min(target, self._received())
        due = self._rounded(target - self.before_invoice - self._credited_quantity())
        return due if self.product_uom_id.compare(due, 0.0) > 0 else 0.0

    @api.depends("complaint_line_id", "product_id", "item_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._label()

    def _label(self):
        """What the line is about, for messages."""
        self.ensure_one()
        return (
            self.complaint_line_id._label()
            if self.complaint_line_id
            else self.product_id.display_name
            or self.item_id.name
            or self.env._("A line")
        )

    def _outcome_documents(self):
        """Documents of other apps that decide what becomes of the goods, e.g. repair
        orders; see the bridges.
        """
        return []

    def _rounded(self, quantity):
        return (
            self.product_uom_id.round(quantity, rounding_method="HALF-UP")
            if self.product_uom_id
            else quantity
        )

    def _movable(self, quantity):
        """The quantity rounded; 0 where transfers cannot express it: 3 g of goods kept
        in kilograms with two decimals.
        """
        product = self.product_id or self.complaint_line_id.product_id
        quantity = self._rounded(quantity)
        if (
            not product
            or not self.product_uom_id
            or not self.product_uom_id._has_common_reference(product.uom_id)
        ):
            return quantity
        in_stock = self.product_uom_id._compute_quantity(
            quantity, product.uom_id, rounding_method="HALF-UP"
        )
        return 0.0 if product.uom_id.is_zero(in_stock) else quantity

    def _to_bring_back(self):
        """Quantity a return has to be made for: planned less what came back before."""
        return max(self._movable(self.quantity - self.received_before), 0.0)

    def _received_earlier(self):
        """Quantity of this complaint line that came back for inspection and whose
        outcome is still free.
        """
        self.ensure_one()
        siblings = self.complaint_line_id.remedy_line_ids - self
        back = sum(
            sibling.product_uom_id._compute_quantity(
                sibling._received(), self.product_uom_id, round=False
            )
            for sibling in siblings
            if sibling.remedy_id.kind == "return"
        )
        taken = sum(
            sibling.product_uom_id._compute_quantity(
                sibling.received_before - sibling._sent_from_before(),
                self.product_uom_id,
                round=False,
            )
            for sibling in siblings
            if sibling.remedy_id.state not in ("refused", "cancelled")
        )
        return max(back - taken, 0.0)

    # === constraints and CRUD ===

    @api.constrains("complaint_line_id", "remedy_id")
    def _check_complaint_line(self):
        for line in self:
            if (
                line.complaint_line_id
                and line.complaint_line_id.complaint_id != line.remedy_id.complaint_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s belongs to another complaint.",
                        line.complaint_line_id._label(),
                    )
                )

    @api.constrains("quantity", "amount", "percent")
    def _check_numbers(self):
        for line in self:
            if line.quantity < 0 or line.amount < 0 or not 0 <= line.percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%s: quantity and amount cannot be negative, a reduction lies "
                        "between 0 and 100 %%.",
                        line._label(),
                    )
                )

    def write(self, vals):
        if PLAN_FIELDS & vals.keys():
            self.remedy_id._check_editable()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.remedy_id._check_editable()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_editable_only(self):
        self.remedy_id._check_editable()
        if self.move_ids or self.account_line_ids:
            raise UserError(self.env._("A line with documents cannot be deleted."))
