"""Combinations of remedies for goods complained of before they are invoiced, and what
each must come to; see `matrix.py`.

Reckoned from the case alone: which pieces are back when the invoice is made decides
whether they are left out of it or credited.
"""

from decimal import Decimal

from . import matrix
from .matrix import STANDARD, Totals, rounded

DIMENSIONS = {
    "kind": ["refund_back", "refund_keep", "refund_inspected", "credit"],
    "invoiced": [
        "at_once",
        "on_its_way",
        "between",
        "received",
        "decided",
    ],  # when the invoice is posted
    "unit": ["unit", "dozen"],  # sold in; complained of in units
    "policy": ["order", "delivery"],
    "tracking": ["none", "lot"],
    "owner": ["ours", "consigned"],
    "tax": ["excluded", "included", "two", "none"],
    "price": ["4.50", "18.00", "96.00"],
    "discount": ["0", "50"],
    "settlement": ["offset", "payout"],
    "deliver": ["ship_only", "pick_ship"],
}
IMPOSSIBLE = {
    "nothing travels": lambda c: (
        c.kind in ("refund_keep", "credit") and c.invoiced in ("on_its_way", "between")
    ),
    "a refund that follows the receipt is decided before it": lambda c: (
        c.kind == "refund_back" and c.invoiced == "decided"
    ),
    "nothing is received": lambda c: (
        c.kind in ("refund_keep", "credit") and c.invoiced == "received"
    ),
}
SOLD = {"unit": Decimal(8), "dozen": Decimal(2)}
FACTOR = {"unit": 1, "dozen": 12}
PARTS = {
    "unit": (Decimal(1), Decimal(3)),
    "dozen": (Decimal(6), Decimal(12)),
}  # received in turn, in pieces
PERCENT = Decimal(25)


class EarlyReckoning:
    """Everything a case must come to."""

    def __init__(self, case):
        self.case = case
        self.sold, self.factor, self.parts = (
            SOLD[case.unit],
            FACTOR[case.unit],
            PARTS[case.unit],
        )
        self.complained = sum(self.parts)
        self.price = Decimal(case.price) * (1 - Decimal(case.discount) / 100)

    @property
    def travels(self):
        return self.case.kind in ("refund_back", "refund_inspected")

    @property
    def back_before(self):
        """Pieces that are back when the invoice is made."""
        if not self.travels:
            return Decimal(0)
        return {
            "at_once": Decimal(0),
            "on_its_way": Decimal(0),
            "between": self.parts[0],
        }.get(self.case.invoiced, self.complained)

    @property
    def left_out(self):
        """Pieces that are not invoiced, being back: only where the order invoices what
        is delivered.
        """
        return self.back_before if self.case.policy == "delivery" else Decimal(0)

    @property
    def invoice(self):
        return Totals.of(
            self.case.tax, self.price * (self.sold - self.left_out / self.factor)
        )

    def paid_for(self, pieces):
        """Untaxed amount of the pieces, as invoiced; with the tax in the price, price
        and tax are rounded.
        """
        untaxed, tax, total = (
            rounded(amount * pieces / (self.sold * self.factor - self.left_out))
            for amount in (*self.invoice, self.invoice.total)
        )
        return total - tax if self.case.tax == "included" else untaxed

    @property
    def notes(self):
        """Untaxed amounts of the credit notes, in their order."""
        if self.case.kind == "credit":
            return [rounded(self.paid_for(self.complained) * PERCENT / 100)]
        if self.case.kind != "refund_back":
            pieces = [self.complained - self.left_out]
        elif self.case.policy == "delivery" or not self.back_before:
            pieces = [
                part
                for part, here in zip(self.parts, self.here_before, strict=True)
                if not here
            ]
        else:  # what is here is credited together when the invoice comes, what comes later by itself  # noqa: E501
            pieces = [self.back_before, self.complained - self.back_before]
        return [self.paid_for(part) for part in pieces if part]

    @property
    def here_before(self):
        """Whether each part is back when the invoice is made."""
        return [
            sum(self.parts[: number + 1]) <= self.back_before
            for number in range(len(self.parts))
        ]

    @property
    def order(self):
        """(delivered, invoiced, to invoice) at the end, in the unit sold."""
        delivered = invoiced = self.sold
        if self.case.kind == "refund_back":
            delivered -= self.complained / self.factor
            if self.case.policy == "delivery":
                invoiced = delivered
        elif self.case.policy == "delivery":
            delivered = invoiced = self.sold - self.left_out / self.factor
        return delivered, invoiced, Decimal(0)

    @property
    def return_values(self):
        """Value of what each receipt brings back: of an owner's goods none is ours."""
        if not self.travels:
            return []
        return [
            rounded(STANDARD * part) if self.case.owner == "ours" else Decimal(0)
            for part in self.parts
        ]


DRAW = matrix.Draw(DIMENSIONS, IMPOSSIBLE, 120, seed=16)
