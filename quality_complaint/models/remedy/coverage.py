from odoo import api, models

from ...tools import listed, quantity_in_words
from .remedy import LIVE_STATES, OUTCOME_KINDS


class QualityComplaintRemedyLine(models.Model):
    """What stands against a remedy line: conditions, and never more than complained of,
    delivered or invoiced.
    """

    _inherit = "quality.complaint.remedy.line"

    @api.onchange("quantity", "product_uom_id")
    def _onchange_quantity(self):
        """Too much is refused while it is typed, not only when the plan is
        submitted.
        """
        line, unit = self.complaint_line_id, self.product_uom_id
        if not line or not unit or self.kind not in ("return", *OUTCOME_KINDS):
            return None
        most = self._rounded(
            line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
        )
        if unit.compare(self._rounded(self.quantity), most) <= 0:
            return None
        self.quantity = most
        return {
            "warning": {
                "title": self.env._("Too Much"),
                "message": self._only_complained(line._label(), most),
            }
        }

    def _only_complained(self, label, quantity):
        return self.env._(
            "%(product)s: the complaint is about %(quantity)s only.",
            product=label,
            quantity=quantity_in_words(quantity, self.product_uom_id),
        )

    def _problems(self):
        """Everything that stands against carrying out this line, as sentences for the
        user.
        """
        self.ensure_one()
        line, remedy = (
            self.complaint_line_id.sudo(),
            self.remedy_id,
        )  # sudo: reads deliveries and invoices to check against
        if remedy.kind == "cash_compensation":
            return self._compensation_problems()
        if not line and remedy.kind != "product_compensation":
            return [
                self.env._(
                    "“%s”: choose for each line the product complained of.",
                    remedy.description,
                )
            ]
        label = line._label() if line else self.product_id.display_name
        problems = []
        if remedy.kind != "credit" and not self.quantity > 0:
            return [self.env._("%s: the quantity must be more than zero.", label)]
        if (
            remedy.kind == "credit"
            and self.currency_id.compare_amounts(self.amount, 0.0) <= 0
        ):
            return [
                self.env._(
                    "%s: enter the amount or the percentage of the price reduction.",
                    label,
                )
            ]
        product = self.product_id or line.product_id
        if (
            not self.product_uom_id
            or not product
            or not self.product_uom_id._has_common_reference(product.uom_id)
        ):
            return [self.env._("%s: the unit does not fit the product.", label)]
        if remedy._ships():
            problems += self._shipment_problems()
        if remedy.kind == "product_compensation":
            return problems
        if remedy._needs_goods() and not line.move_line_id:
            problems.append(
                self.env._(
                    "%s: no delivery is linked to take it back from. Choose it by "
                    "“Find deliveries and invoices” on the complaint.",
                    label,
                )
            )
        if (
            remedy._credits()
            and not line.invoice_line_id
            and not line._awaits_invoice()
            and not self._free_of_charge()
        ):
            problems.append(
                self.env._(
                    "%s: no invoice is linked to credit. Choose it by “Find "
                    "deliveries and invoices” on the complaint.",
                    label,
                )
            )
        customer = line.complaint_id.commercial_partner_id
        receiver = line.move_id._complaint_customer()
        if (
            (remedy._needs_goods() or remedy._credits())
            and receiver
            and receiver != customer
        ):
            problems.append(
                self.env._(
                    "%(product)s was delivered to %(receiver)s: make them the "
                    "customer of this complaint (an end consumer goes into "
                    "“Complainant”).",
                    product=label,
                    receiver=receiver.display_name,
                )
            )
        if not problems:
            problems = self._coverage_problems()
        return problems

    def _coverage_problems(self):
        """Never more than complained of, delivered, or invoiced: over all remedies,
        complaints and hand-made documents.
        """
        self.ensure_one()
        line = self.complaint_line_id.sudo()  # sudo: see `_problems`
        unit, label = self.product_uom_id, line._label()
        problems = []

        def more(quantity, limit):
            return unit.compare(self._rounded(quantity), self._rounded(limit)) > 0

        complained = line.product_uom_id._compute_quantity(
            line.quantity, unit, round=False
        )
        if self.remedy_id.kind != "credit" and more(self.quantity, complained):
            problems.append(self._only_complained(label, complained))
        if line.move_id and self.remedy_id.kind != "credit":
            delivered = line._quantity_of(line.move_id, line.lot_id)
            delivered = line.product_uom_id._compute_quantity(
                delivered, unit, round=False
            )
            returned = self._to_own_unit(
                line.move_id._complaint_returned_quantity(line.lot_id),
                line.product_id.uom_id,
            )
            own = self._received() - self.received_before + self._expected()
            new = 0.0
            if not self._return_moves():
                here = (
                    self._received_earlier()
                    if self.remedy_id.kind != "return" and not self.received_before
                    else 0.0
                )
                new = max(self._to_bring_back() - here, 0.0)
            if (
                self.remedy_id._needs_goods()
                and more(returned + new, delivered)
                and new
            ):
                problems.append(
                    self.env._(
                        "%(product)s: the customer already sent back, or is sending "
                        "back, %(returned).12g of the %(delivered)s delivered on "
                        "%(delivery)s.",
                        product=label,
                        delivered=quantity_in_words(delivered, unit),
                        delivery=line.picking_id.name,
                        returned=self._rounded(returned - own),
                    )
                )
            rivals = self._rivals(
                [
                    ("complaint_line_id.move_id", "=", line.move_id.id),
                    ("complaint_line_id.lot_id", "=", line.lot_id.id),
                ]
            )
            taken = {other: other._outcome_quantity(unit) for other in rivals}
            others = sum(taken.values())
            if self.remedy_id.kind in OUTCOME_KINDS and more(
                others + self.quantity, delivered
            ):
                problems.append(
                    self.env._(
                        "%(product)s: other remedies (%(complaints)s) settle "
                        "%(others).12g of the %(delivered)s delivered already. Plan "
                        "for what is left, or an explanation.",
                        product=label,
                        complaints=listed(
                            self.env.lang,
                            rivals.filtered(taken.get).complaint_id.mapped("name"),
                        ),
                        others=others,
                        delivered=quantity_in_words(delivered, unit),
                    )
                )
        if (
            self.remedy_id._credits()
            and line.invoice_line_id
            and not line._awaits_invoice()
            and not self._free_of_charge()
        ):
            problems += self._credit_problems(line.invoice_line_id, label)
        return problems

    def _sold_as_part(self):
        """Whether the goods were invoiced under another product, a kit: then only
        amounts can be compared with the invoice.
        """
        self.ensure_one()
        line = self.complaint_line_id
        sold = (line.invoice_line_id or line.sale_line_id).product_id
        return bool(sold and sold != line.product_id)

    def _rivals(self, domain):
        """Other live remedy lines on the same goods or invoice line, of all complaints
        of the company.
        """
        live = [("id", "!=", self.id), ("remedy_id.state", "in", LIVE_STATES)]
        return self.sudo().search(
            live + domain
        )  # sudo: coverage counts what others have, whoever may see it

    def _outcome_quantity(self, unit):
        """Quantity whose fate this line decides, in `unit`; what a finished remedy did
        not use is free again.

        Repaired goods are with the customer again: they may be complained of again.
        """
        kind, done = self.remedy_id.kind, self.remedy_id.state == "done"
        if kind not in OUTCOME_KINDS or (done and kind == "repair"):
            return 0.0
        quantity = self.quantity
        if done:
            quantity = (
                self._shipped()
                if kind == "replacement"
                else self._credited_quantity() + self.before_invoice
            )
        return self.product_uom_id._compute_quantity(quantity, unit, round=False)

    def _open_amount(self):
        """Untaxed amount of this refund or price reduction that is still to come: a
        refund's is no more than its goods are still worth.
        """
        self.ensure_one()
        amount = max(self._amount_invoiced() - self._credited_amount(), 0.0)
        if self.remedy_id.kind == "refund" and not self._sold_as_part():
            amount = min(amount, self._worth(self._open_quantity()))
        return amount

    def _open_quantity(self):
        """Quantity of this refund that is still to be credited; what the order does not
        invoice because it is back never is.
        """
        self.ensure_one()
        return max(
            self.quantity - self._settled_before_invoice() - self._credited_quantity(),
            0.0,
        )

    def _credit_problems(self, invoice_line, label):
        self.ensure_one()
        invoice = invoice_line.move_id
        unit, currency = (
            invoice_line.product_uom_id or self.product_uom_id,
            invoice_line.currency_id,
        )
        if invoice_line.parent_state != "posted" or invoice.move_type != "out_invoice":
            return [
                self.env._(
                    "%(product)s: %(invoice)s is not a posted invoice (any more).",
                    product=label,
                    invoice=invoice.display_name,
                )
            ]
        part = self._sold_as_part()
        if self.remedy_id.kind == "refund" and part and currency.is_zero(self.amount):
            sold = invoice_line.product_id.display_name
            return [
                self.env._(
                    "%(product)s was invoiced as part of %(sold)s and its share of "
                    "the price is not known: credit it by a price reduction.",
                    product=label,
                    sold=sold,
                )
            ]
        if part:
            unit = self.product_uom_id
        if not unit._has_common_reference(self.product_uom_id):
            return [
                self.env._(
                    "%(product)s was invoiced in %(unit)s, which does not convert.",
                    product=label,
                    unit=unit.name,
                )
            ]
        quantity, amount = invoice_line._complaint_credited()
        planned_quantity = planned_amount = 0.0
        for rival in self._rivals(
            [("complaint_line_id.invoice_line_id", "=", invoice_line.id)]
        ):
            if rival.remedy_id.state == "done":
                continue
            if rival.remedy_id.kind == "refund" and not rival._sold_as_part():
                planned_quantity += rival.product_uom_id._compute_quantity(
                    rival._open_quantity(), unit, round=False
                )
            if rival.remedy_id.kind in ("refund", "credit"):
                planned_amount += rival._open_amount()
        own_quantity = self._open_quantity() if self.remedy_id.kind == "refund" else 0.0
        own_amount = self._open_amount()
        total = (
            quantity
            + planned_quantity
            + self.product_uom_id._compute_quantity(own_quantity, unit, round=False)
        )
        problems = []
        if (
            not part
            and invoice_line._complaint_compare(total, self.complaint_line_id) > 0
        ):
            problems.append(
                self.env._(
                    "%(product)s: %(invoice)s already has credits, posted or planned, "
                    "for %(credited).12g of its %(invoiced)s.",
                    product=label,
                    invoice=invoice.name,
                    invoiced=quantity_in_words(invoice_line.quantity, unit),
                    credited=unit.round(quantity + planned_quantity),
                )
            )
        paid = invoice_line._complaint_paid()
        if (
            not problems
            and own_quantity
            and currency.is_zero(own_amount)
            and currency.compare_amounts(paid, 0.0) > 0
        ):
            problems.append(
                self.env._(
                    "%(product)s: nothing of what was paid on %(invoice)s is left to "
                    "credit. Plan a return for inspection if the goods come back.",
                    product=label,
                    invoice=invoice.name,
                )
            )
        # lines the accountant typed into a reversal themselves belong to no invoice
        # line: they count for the invoice as a whole
        # compensation is no part of the price
        reversals = invoice.reversal_move_ids.filtered(
            lambda move: move.state != "cancel"
        ).invoice_line_ids
        reversed_total = sum(
            reversals.filtered(
                lambda row: row.remedy_line_id.kind != "cash_compensation"
            ).mapped("price_subtotal")
        )
        # what a down payment or a gift card took off this invoice was paid before, for
        # the same goods
        paid_before = invoice.invoice_line_ids.filtered(
            lambda row: row.is_downpayment or row._complaint_is_payment()
        )
        room_of_invoice = (
            invoice.amount_untaxed
            - sum(row._complaint_booked() for row in paid_before)
            - reversed_total
        )
        # one smallest coin for each partial refund may be lost or won by rounding; the
        # last one takes the difference
        room = min(paid - amount - planned_amount, room_of_invoice)
        tolerance = (
            currency.rounding * (len(invoice_line.complaint_credit_line_ids) + 1)
            if self.remedy_id.kind == "refund"
            else 0.0
        )
        if currency.compare_amounts(own_amount, room + tolerance) > 0:
            problems.append(
                self.env._(
                    "%(product)s: %(room)s of %(invoice)s are left to credit, not "
                    "%(amount)s.",
                    product=label,
                    room=currency.format(max(room, 0.0)),
                    invoice=invoice.name,
                    amount=currency.format(own_amount),
                )
            )
        return problems
