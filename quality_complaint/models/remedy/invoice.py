from odoo import fields, models


class QualityComplaintRemedy(models.Model):
    """Goods complained of before they are invoiced.

    What is back by then is not invoiced at all, where the order invoices what is
    delivered. Everything else waits for the invoice: the complaint
    picks it up when it is posted, and the credit notes that are due are made.
    """

    _inherit = "quality.complaint.remedy"

    def _waiting_texts(self):
        """What the remedy waits for besides its documents, in words."""
        self.ensure_one()
        if self.state not in ("approved", "executing"):
            return []
        orders = self.line_ids.filtered(
            lambda line: line._waits_for_invoice()
        ).complaint_line_id.sale_id
        texts = [
            self.env._("waits for the invoice of %s", order.name) for order in orders
        ]
        if self._undecided_lots():
            texts.append(self.env._("waits for a decision on another lot"))
        return texts


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    before_invoice = fields.Float(
        "Back before the Invoice",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help=(
            "Part of the quantity that came back before it was invoiced: the order "
            "invoices less, so nothing of it is credited."
        ),
        guarded=True,
    )

    def _awaits_invoice(self):
        """Whether this line ends in a credit note of goods that are not invoiced
        yet.
        """
        self.ensure_one()
        return (
            self.remedy_id.kind in ("refund", "credit")
            and self.complaint_line_id._awaits_invoice()
        )

    def _waits_for_invoice(self):
        """Whether money is due now but for the invoice."""
        self.ensure_one()
        return self._awaits_invoice() and bool(self._credit_open())

    def _free_of_charge(self):
        """Whether nothing was charged for the goods: then nothing is credited either.
        Kits are looked at as a whole.
        """
        self.ensure_one()
        source = self.complaint_line_id
        sold = source.invoice_line_id or source.sale_line_id
        if self.remedy_id.kind != "refund" or not sold or self._sold_as_part():
            return False
        paid = sold._complaint_paid() if source.invoice_line_id else sold.price_subtotal
        return sold.currency_id.is_zero(paid)

    def _lowers_what_is_invoiced(self):
        """Whether the order shall not invoice these goods while they are here: it
        invoices what is delivered and has not invoiced them.
        """
        self.ensure_one()
        source = self.complaint_line_id
        order_line = source.move_id.sale_line_id
        if (
            not source._awaits_invoice()
            or self._sold_as_part()
            or order_line != source.sale_line_id
            or order_line.product_id.invoice_policy != "delivery"
        ):
            return False
        quantity = self.product_uom_id._compute_quantity(
            self._to_bring_back(), order_line.product_uom_id, round=False
        )
        return (
            order_line.product_uom_id.compare(
                order_line.qty_delivered - order_line.qty_invoiced, quantity
            )
            >= 0
        )

    # === goods that are back before the invoice ===

    def _take_over(self):
        """Take over goods that came back on a return for inspection; not invoiced yet,
        they stay so.
        """
        self.ensure_one()
        back, settled = (
            min(self.quantity, self._received_earlier()),
            self._settled_before_invoice(),
        )
        self._advance({"received_before": back, "before_invoice": min(back, settled)})
        if settled:
            self._count_on_order()

    def _give_back(self):
        """What was taken over of goods back for inspection is free again."""
        for line in self.filtered("received_before"):
            line._advance(
                {
                    "received_before": 0.0,
                    **({} if line._return_moves() else {"before_invoice": 0.0}),
                }
            )
            line._count_on_order()

    def _count_on_order(self):
        """Odoo does not follow what the order counts besides its moves."""
        siblings = self.complaint_line_id.remedy_line_ids.filtered(
            lambda row: row.kind == "return"
        )
        siblings._return_moves().modified(["state"])

    def _settled_before_invoice(self):
        """Quantity of this line that is not invoiced because it is back; before
        execution: that will be taken over.
        """
        self.ensure_one()
        if self.before_invoice or self.received_before or self.kind == "return":
            return self.before_invoice
        if self._return_moves() or not self.remedy_id._needs_goods():
            return 0.0
        siblings = self.complaint_line_id.remedy_line_ids - self

        def total(rows):
            return sum(
                row.product_uom_id._compute_quantity(
                    row.before_invoice, self.product_uom_id, round=False
                )
                for row in rows
            )

        back = total(siblings.filtered(lambda row: row.kind == "return"))
        taken = total(
            siblings.filtered(
                lambda row: (
                    row.received_before
                    and row.remedy_id.state not in ("refused", "cancelled")
                )
            )
        )
        return max(min(self.quantity, self._received_earlier(), back - taken), 0.0)

    def _amount_invoiced(self):
        """Part of the amount that an invoice can be credited with: without what is not
        invoiced because it is back.
        """
        self.ensure_one()
        settled = (
            self._settled_before_invoice() if self.remedy_id.kind == "refund" else 0.0
        )
        return (
            self.currency_id.round(
                self.amount * (self.quantity - settled) / self.quantity
            )
            if settled and self.quantity
            else self.amount
        )
