from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Kinds that decide what becomes of the goods; together they never exceed what was delivered.
OUTCOME_KINDS = ("refund",)
PLAN_FIELDS = {"quantity", "product_uom_id", "amount", "percent", "complaint_line_id"}


class QualityComplaintRemedyLine(models.Model):
    """Quantity or amount of one complaint line in a remedy, and what its documents have done of it."""

    _name = "quality.complaint.remedy.line"
    _description = "Remedy Line"
    _inherit = ["quality.complaint.guarded"]
    _order = "remedy_id, id"
    _guarded = frozenset({"received_before"})
    _fixed = frozenset({"remedy_id"})

    remedy_id = fields.Many2one("quality.complaint.remedy", required=True, index=True, ondelete="cascade")
    complaint_id = fields.Many2one(related="remedy_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="remedy_id.company_id", store=True, index=True)
    kind = fields.Selection(related="remedy_id.kind")
    complaint_line_id = fields.Many2one(
        "quality.complaint.line", "Product Complained Of", required=True, index=True, ondelete="restrict",
        domain="[('complaint_id', '=', complaint_id)]",
    )
    lot_id = fields.Many2one(related="complaint_line_id.lot_id")
    quantity = fields.Float(
        digits="Product Unit", compute="_compute_quantity", store=True, readonly=False, precompute=True, copy=True
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_product_uom_id", store=True, readonly=False, precompute=True)
    percent = fields.Float("Reduction (%)", digits=(5, 2), help="Price reduction as a share of the price paid.")
    currency_id = fields.Many2one(related="complaint_line_id.currency_id", store=True)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, copy=True,
        help="Untaxed, in the currency of the invoice. For a refund: the price paid for the quantity.",
    )
    basis = fields.Char(help="On which rule or agreement the amount rests.")
    evidence = fields.Char(help="Photo, record or receipt that proves it.", groups="quality_complaint.group_quality_complaint_user")
    received_before = fields.Float(
        digits="Product Unit", readonly=True, copy=False, help="Part of the quantity that came back already on a return for inspection."
    )
    move_ids = fields.One2many("stock.move", "remedy_line_id", "Return Moves")
    account_line_ids = fields.One2many("account.move.line", "remedy_line_id", "Credit Note Lines")
    received_quantity = fields.Float(compute="_compute_progress", compute_sudo=True, digits="Product Unit", string="Received")
    credited_amount = fields.Monetary(compute="_compute_progress", compute_sudo=True, string="Credited")

    # === compute ===

    @api.depends("complaint_line_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.complaint_line_id.quantity

    @api.depends("complaint_line_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.complaint_line_id.product_uom_id

    @api.depends("quantity", "product_uom_id", "percent", "complaint_line_id.value", "remedy_id.kind")
    def _compute_amount(self):
        for line in self:
            source = line.complaint_line_id.sudo()  # sudo: the price paid is guarded by a field group
            if line.remedy_id.state not in ("draft", "refused"):
                line.amount = line.amount  # what was submitted stays
            elif line.remedy_id.kind == "refund":
                line.amount = line._share_of_value(line.quantity)
            elif line.remedy_id.kind == "credit" and line.percent:
                line.amount = source.currency_id.round(line._share_of_value(line.quantity) * line.percent / 100.0)
            elif line.remedy_id.kind != "credit":
                line.amount = 0.0
            else:
                line.amount = line.amount

    def _share_of_value(self, quantity):
        """Price paid for a quantity in this line's unit."""
        source = self.complaint_line_id.sudo()  # sudo: see `_compute_amount`
        if not source.quantity or not self.product_uom_id or not source.product_uom_id:
            return 0.0
        share = self.product_uom_id._compute_quantity(quantity, source.product_uom_id, round=False) / source.quantity
        return source.currency_id.round(source.value * share) if source.currency_id else 0.0

    @api.depends(
        "move_ids.state", "move_ids.quantity", "move_ids.returned_move_ids.state", "account_line_ids.parent_state",
        "account_line_ids.price_subtotal", "received_before",
    )
    def _compute_progress(self):
        for line in self:
            line.received_quantity = line._received()
            line.credited_amount = sum(line._account_lines().mapped("price_subtotal"))

    def _in_words(self):
        """`4 Units of Copper strip (L0042), 120.00` for lists, approvals and documents."""
        self.ensure_one()
        label = self.complaint_line_id._label()
        if self.remedy_id.kind == "credit":
            return self.env._("%(amount)s on %(product)s", amount=self.currency_id.format(self.amount) if self.currency_id else self.amount, product=label)
        return self.env._("%(quantity)g %(unit)s of %(product)s", quantity=self.quantity, unit=self.product_uom_id.name, product=label)

    # === facts from documents (units of this line) ===

    def _to_own_unit(self, quantity, uom):
        return uom._compute_quantity(quantity, self.product_uom_id, round=False)

    def _received(self):
        """Quantity that is back: received on this line's returns, of its lot, and what came back before, less what went out again."""
        self.ensure_one()
        quantity = self.received_before
        lot = self.complaint_line_id.lot_id
        origin = self.complaint_line_id.move_id
        for move in self.move_ids.filtered(lambda move: move.state == "done" and move.origin_returned_move_id == origin):
            quantity += self._to_own_unit(move._complaint_done_quantity(lot), move.product_uom)
            for again in move.returned_move_ids.filtered(lambda move: move.state == "done"):
                quantity -= self._to_own_unit(again._complaint_done_quantity(lot), again.product_uom)
        return self._rounded(quantity)

    def _expected(self):
        """Quantity on its way back: open return moves."""
        moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        return sum(self._to_own_unit(move.product_uom_qty, move.product_uom) for move in moves)

    def _account_lines(self):
        return self.account_line_ids.filtered(lambda line: line.parent_state != "cancel" and line.move_id.move_type == "out_refund")

    def _credited_quantity(self):
        return sum(line._complaint_exact_quantity() for line in self._account_lines())

    def _credit_due(self):
        """What is still to be credited now: a quantity for refunds, an amount for price reductions; 0 when nothing is."""
        self.ensure_one()
        if self.remedy_id.kind == "credit":
            due = self.amount - sum(self._account_lines().mapped("price_subtotal"))
            return due if self.currency_id.compare_amounts(due, 0.0) > 0 else 0.0
        target = self.quantity
        if self.remedy_id.goods == "return_first" and self.remedy_id.when == "on_receipt":
            target = min(target, self._received())
        due = self._rounded(target - self._credited_quantity())
        return due if self.product_uom_id.compare(due, 0.0) > 0 else 0.0

    def _rounded(self, quantity):
        return self.product_uom_id.round(quantity, rounding_method="HALF-UP") if self.product_uom_id else quantity

    # === conditions and coverage ===

    def _problems(self):
        """Everything that stands against carrying out this line, as sentences for the user."""
        self.ensure_one()
        line, remedy = self.complaint_line_id.sudo(), self.remedy_id  # sudo: reads deliveries and invoices to check against
        label = line._label()
        problems = []
        if remedy.kind != "credit" and not self.quantity > 0:
            return [self.env._("%s: the quantity must be more than zero.", label)]
        if remedy.kind == "credit" and self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            return [self.env._("%s: enter the amount or the percentage of the price reduction.", label)]
        if not self.product_uom_id or not self.product_uom_id._has_common_reference(line.product_id.uom_id):
            return [self.env._("%s: the unit does not fit the product.", label)]
        if remedy._needs_goods() and not line.move_line_id:
            problems.append(self.env._("%s: no delivery is linked to take it back from. Choose the delivery on the complaint.", label))
        if remedy._credits() and not line.invoice_line_id:
            problems.append(self.env._("%s: no invoice is linked to credit. Choose delivery and invoice on the complaint.", label))
        customer = line.complaint_id.commercial_partner_id
        receiver = line.move_id._complaint_customer()
        if (remedy._needs_goods() or remedy._credits()) and receiver and receiver != customer:
            problems.append(
                self.env._(
                    "%(product)s was delivered to %(receiver)s: make them the customer of this complaint (an end consumer goes into “Complainant”).",
                    product=label, receiver=receiver.display_name,
                )
            )
        if not problems:
            problems = self._coverage_problems()
        return problems

    def _coverage_problems(self):
        """Never more than complained of, delivered, or invoiced: over all remedies, complaints and hand-made documents."""
        self.ensure_one()
        line = self.complaint_line_id.sudo()  # sudo: see `_problems`
        unit, label = self.product_uom_id, line._label()
        problems = []

        def more(quantity, limit):
            return unit.compare(self._rounded(quantity), self._rounded(limit)) > 0

        complained = line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
        if self.remedy_id.kind != "credit" and more(self.quantity, complained):
            problems.append(self.env._("%(product)s: only %(quantity)g %(unit)s are complained of.", product=label, quantity=complained, unit=unit.name))
        if line.move_id and self.remedy_id.kind != "credit":
            delivered = line._quantity_of(line.move_id, line.lot_id)
            delivered = line.product_uom_id._compute_quantity(delivered, unit, round=False)
            returned = self._to_own_unit(line.move_id._complaint_returned_quantity(line.lot_id), line.product_id.uom_id)
            own = self._received() - self.received_before + self._expected()
            new = 0.0
            if not self.move_ids.filtered(lambda move: move.state != "cancel"):
                here = self._received_earlier() if self.remedy_id.kind != "return" and not self.received_before else 0.0
                new = max(self._to_bring_back() - here, 0.0)
            if self.remedy_id._needs_goods() and more(returned + new, delivered) and new:
                problems.append(
                    self.env._(
                        "%(product)s: %(delivered)g %(unit)s were delivered on %(delivery)s and %(returned)g came back or are on their way already.",
                        product=label, delivered=delivered, unit=unit.name, delivery=line.picking_id.name, returned=self._rounded(returned - own),
                    )
                )
            others = sum(
                other._outcome_quantity(unit)
                for other in self._rivals([("complaint_line_id.move_id", "=", line.move_id.id), ("complaint_line_id.lot_id", "=", line.lot_id.id)])
            )
            if self.remedy_id.kind in OUTCOME_KINDS and more(others + self.quantity, delivered):
                problems.append(
                    self.env._(
                        "%(product)s: other remedies settle %(others)g of the %(delivered)g %(unit)s delivered already.",
                        product=label, others=others, delivered=delivered, unit=unit.name,
                    )
                )
        if self.remedy_id._credits() and line.invoice_line_id:
            problems += self._credit_problems(line.invoice_line_id, label)
        return problems

    def _rivals(self, domain):
        """Other live remedy lines on the same goods or invoice line, of all complaints of the company."""
        live = [("id", "!=", self.id), ("remedy_id.state", "in", ("to_approve", "approved", "executing", "done"))]
        return self.sudo().search(live + domain)  # sudo: coverage counts what others have, whoever may see it

    def _outcome_quantity(self, unit):
        """Quantity whose fate this line decides, in `unit`; what a finished remedy did not use is free again."""
        if self.remedy_id.kind not in OUTCOME_KINDS:
            return 0.0
        quantity = self._credited_quantity() if self.remedy_id.state == "done" else self.quantity
        return self.product_uom_id._compute_quantity(quantity, unit, round=False)

    def _credit_problems(self, invoice_line, label):
        self.ensure_one()
        invoice = invoice_line.move_id
        unit, currency = invoice_line.product_uom_id or self.product_uom_id, invoice_line.currency_id
        if invoice_line.parent_state != "posted" or invoice.move_type != "out_invoice":
            return [self.env._("%(product)s: %(invoice)s is not a posted invoice (any more).", product=label, invoice=invoice.display_name)]
        sold = invoice_line.product_id
        if self.remedy_id.kind == "refund" and sold and sold != self.complaint_line_id.product_id:
            return [self.env._("%(product)s was invoiced as part of %(sold)s: credit it by a price reduction.", product=label, sold=sold.display_name)]
        if not unit._has_common_reference(self.product_uom_id):
            return [self.env._("%(product)s was invoiced in %(unit)s, which does not convert.", product=label, unit=unit.name)]
        quantity, amount = invoice_line._complaint_credited()
        planned_quantity = planned_amount = 0.0
        for rival in self._rivals([("complaint_line_id.invoice_line_id", "=", invoice_line.id)]):
            if rival.remedy_id.state == "done":
                continue
            if rival.remedy_id.kind == "refund":
                open_quantity = max(rival.quantity - rival._credited_quantity(), 0.0)
                planned_quantity += rival.product_uom_id._compute_quantity(open_quantity, unit, round=False)
            if rival.remedy_id._credits():
                planned_amount += max(rival.amount - sum(rival._account_lines().mapped("price_subtotal")), 0.0)
        own_quantity = max(self.quantity - self._credited_quantity(), 0.0) if self.remedy_id.kind == "refund" else 0.0
        own_amount = max(self.amount - sum(self._account_lines().mapped("price_subtotal")), 0.0)
        total = quantity + planned_quantity + self.product_uom_id._compute_quantity(own_quantity, unit, round=False)
        problems = []
        if unit.compare(unit.round(total, rounding_method="HALF-UP"), invoice_line.quantity) > 0:
            problems.append(
                self.env._(
                    "%(product)s: %(invoice)s is for %(invoiced)g %(unit)s, and %(credited)g are credited or planned to be already.",
                    product=label, invoice=invoice.name, invoiced=invoice_line.quantity, unit=unit.name, credited=unit.round(quantity + planned_quantity),
                )
            )
        # lines the accountant typed into a reversal himself belong to no invoice line: they count for the invoice as a whole
        reversed_total = sum(invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel").mapped("amount_untaxed"))
        # what a down payment took off this invoice was paid before, for the same goods
        down_payments = invoice.invoice_line_ids.filtered("is_downpayment")
        room_of_invoice = invoice.amount_untaxed - sum(line._complaint_booked() for line in down_payments) - reversed_total
        # one smallest coin for each partial refund may be lost or won by rounding; the last one takes the difference
        room = min(invoice_line._complaint_paid() - amount - planned_amount, room_of_invoice)
        tolerance = currency.rounding * (len(invoice_line.complaint_credit_line_ids) + 1) if self.remedy_id.kind == "refund" else 0.0
        if currency.compare_amounts(own_amount, room + tolerance) > 0:
            problems.append(
                self.env._(
                    "%(product)s: %(room)s of %(invoice)s are left to credit, not %(amount)s.",
                    product=label, room=currency.format(max(room, 0.0)), invoice=invoice.name, amount=currency.format(own_amount),
                )
            )
        return problems

    def _to_bring_back(self):
        """Quantity a return has to be made for: planned less what came back before."""
        return max(self._rounded(self.quantity - self.received_before), 0.0)

    def _received_earlier(self):
        """Quantity of this complaint line that came back for inspection and whose outcome is still free."""
        self.ensure_one()
        siblings = self.complaint_line_id.remedy_line_ids - self
        back = sum(
            sibling.product_uom_id._compute_quantity(sibling._received(), self.product_uom_id, round=False)
            for sibling in siblings
            if sibling.remedy_id.kind == "return"
        )
        taken = sum(
            sibling.product_uom_id._compute_quantity(sibling.received_before, self.product_uom_id, round=False)
            for sibling in siblings
            if sibling.remedy_id.state not in ("refused", "cancelled")
        )
        return max(back - taken, 0.0)

    # === constraints and CRUD ===

    @api.constrains("complaint_line_id", "remedy_id")
    def _check_complaint_line(self):
        for line in self:
            if line.complaint_line_id.complaint_id != line.remedy_id.complaint_id:
                raise ValidationError(self.env._("%s belongs to another complaint.", line.complaint_line_id._label()))

    @api.constrains("quantity", "amount", "percent")
    def _check_numbers(self):
        for line in self:
            if line.quantity < 0 or line.amount < 0 or not 0 <= line.percent <= 100:
                raise ValidationError(
                    self.env._("%s: quantity and amount cannot be negative, a reduction lies between 0 and 100 %%.", line.complaint_line_id._label())
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
