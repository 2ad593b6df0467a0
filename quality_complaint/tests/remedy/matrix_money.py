"""Combinations of what lowers the worth of goods on an invoice, and what each step must
come to, reckoned with `Decimal`; see `matrix.py`.

Nothing here uses the code under test: the price paid, the share of a discount line,
what a reduction or a credit note typed by hand takes off
and the taxes follow from the case alone.
"""

from collections import namedtuple
from decimal import Decimal

from . import matrix
from .matrix import rounded

DIMENSIONS = {
    "kind": ["goods"],
    "unit": ["unit", "dozen", "kilo"],  # sold in; complained of in units, units, grams
    "currency": ["company", "foreign"],
    "tax": ["excluded", "included", "two", "none", "eco", "eco_included"],
    "rounding": ["round_per_line", "round_globally"],
    "price": ["10.00", "9.98", "3.33"],
    "discount": ["none", "typed", "global", "promotion", "gift_card"],
    "hand": [
        "none",
        "pieces",
        "reversal",
        "order",
        "amount",
    ],  # a credit note by hand, before everything
    # what is done with the goods, in this order; the last step is always the refund of
    # all that is left
    "steps": [
        "refunds",
        "pieces",
        "reduced",
        "half",
        "refund_reduced",
        "reduced_twice",
        "all_off",
    ],
    "settlement": ["offset", "payout"],
}
SOLD = {"unit": Decimal(7), "dozen": Decimal(1), "kilo": Decimal("2.5")}
COMPLAINED = {
    "unit": 1,
    "dozen": 12,
    "kilo": 1000,
}  # units complained of in one unit sold
HAND = {
    "unit": Decimal(2),
    "dozen": Decimal("0.25"),
    "kilo": Decimal("0.5"),
}  # credited by hand, in the unit sold
PART = {
    "unit": [Decimal(2), Decimal(1)],
    "dozen": [Decimal(4), Decimal(1)],
    "kilo": [Decimal(700), Decimal(1296)],
}  # in the unit complained of
OTHER = (
    Decimal(3),
    Decimal("7.77"),
)  # quantity and price of other goods on the invoice
TAKEN_OFF = Decimal("0.35")  # of the invoice by a discount line, as a part of its price
TYPED_AMOUNT = Decimal("1.11")
OFF = Decimal("0.37")
RATES = {
    "excluded": ["20"],
    "included": ["20"],
    "two": ["10", "5"],
    "none": [],
    "eco": ["20"],
    "eco_included": ["20"],
}
ECO = Decimal("0.50")  # per unit sold

Step = namedtuple(
    "Step", "kind quantity percent amount", defaults=(Decimal(0), Decimal(0))
)


class Sum(namedtuple("Sum", "untaxed taxes")):
    """An untaxed amount and its taxes; the taxes in the order of the case."""

    def __add__(self, other):
        return Sum(
            self.untaxed + other.untaxed,
            tuple(a + b for a, b in zip(self.taxes, other.taxes, strict=True)),
        )

    def __sub__(self, other):
        return self + other.times(-1)

    def times(self, factor):
        return Sum(self.untaxed * factor, tuple(tax * factor for tax in self.taxes))

    def over(self, part, whole):
        return Sum(
            self.untaxed * part / whole, tuple(tax * part / whole for tax in self.taxes)
        )

    @property
    def tax(self):
        return sum(self.taxes, Decimal(0))


class MoneyReckoning:
    """What is paid for the goods of a case, and what each step comes to; steps are
    reckoned one after the other.
    """

    def __init__(self, case):
        self.case = case
        self.included = case.tax in ("included", "eco_included")
        self.eco = case.tax in ("eco", "eco_included")
        self.sold, self.price = SOLD[case.unit], Decimal(case.price)
        self.goods = self.booked(self.price, self.sold)
        self.other = self.booked(OTHER[1], OTHER[0])
        self.paid = self.goods - self._taken_off()
        self.left, self.pieces = self.paid, self.sold  # of the goods
        self.lowered = Sum(
            Decimal(0), (Decimal(0),) * len(self.paid.taxes)
        )  # for each unit sold that is left

    # --- documents

    @property
    def rates(self):
        return [Decimal(rate) / 100 for rate in RATES[self.case.tax]]

    def booked(self, price, quantity):
        """Amounts of an invoice line, its price including what the case includes."""
        eco = ECO * quantity if self.eco else Decimal(0)
        raw = price * quantity
        ecos = (rounded(eco),) if self.eco else ()
        if self.included:
            base = (raw - eco) / (1 + sum(self.rates))
            taxes = (*ecos, *(rounded(base * rate) for rate in self.rates))
            return Sum(rounded(raw) - sum(taxes), taxes)
        return Sum(
            rounded(raw),
            (*ecos, *(rounded(rounded(raw) * rate) for rate in self.rates)),
        )

    def on(self, untaxed):
        """Amounts of money without pieces: taxes per unit do not apply."""
        return Sum(
            untaxed,
            ((Decimal(0),) if self.eco else ())
            + tuple(rounded(untaxed * rate) for rate in self.rates),
        )

    def discount_price(self):
        """Price of the discount line, as the case includes tax; negative."""
        whole = self.price * self.sold + OTHER[0] * OTHER[1]
        return -rounded(whole * TAKEN_OFF)

    def _taken_off(self):
        """The goods' share of the discount line, in proportion to the untaxed
        prices.
        """
        return self.round(
            self.discount_line().over(
                self.goods.untaxed, self.goods.untaxed + self.other.untaxed
            )
        )

    def _other_taken_off(self):
        return self.discount_line() - self._taken_off()

    def discount_line(self):
        """What the discount line takes off, positive; a gift card pays, it takes
        nothing off.
        """
        if self.case.discount in ("none", "gift_card"):
            return self.goods.times(0)
        price = -self.discount_price()
        if self.included:
            taxes = tuple(
                rounded(price / (1 + sum(self.rates)) * rate) for rate in self.rates
            )
            return Sum(price - sum(taxes), ((Decimal(0),) if self.eco else ()) + taxes)
        return self.on(price)

    def invoice(self):
        """What the invoice comes to, a gift card apart."""
        return self.goods + self.other - self.discount_line()

    def rest(self):
        """What the refund of all the other goods comes to."""
        typed = (
            self.on(TYPED_AMOUNT) - self.share_of_typed(self.on(TYPED_AMOUNT))
            if self.case.hand == "amount"
            else self.goods.times(0)
        )
        return self.other - self._other_taken_off() - typed

    def round(self, amount):
        """Rounded as it is shown: with tax in the price, the price and the taxes
        are.
        """
        taxes = tuple(rounded(tax) for tax in amount.taxes)
        if self.included:
            return Sum(rounded(amount.untaxed + amount.tax) - sum(taxes), taxes)
        return Sum(rounded(amount.untaxed), taxes)

    # --- what is taken off before

    def by_hand(self):
        """The credit note typed by hand: (quantity in the unit sold, untaxed amount),
        None where there is none.
        """
        if self.case.hand == "none":
            return None
        if self.case.hand == "amount":
            amount = self.on(TYPED_AMOUNT)
            self.left -= self.share_of_typed(amount)
            self.lowered = self.share_of_typed(amount).over(1, self.sold)
            return None, TYPED_AMOUNT
        quantity = HAND[self.case.unit]
        self.left -= self.booked(self.hand_price, quantity)
        self.pieces -= quantity
        return quantity, None

    @property
    def hand_price(self):
        """Per unit sold, about what was paid for one."""
        paid = self.paid.untaxed + (self.paid.tax if self.included else 0)
        return rounded(paid / self.sold)

    def share_of_typed(self, amount):
        """An amount without a product lowers all goods of the invoice in proportion to
        what was paid for them.
        """
        return self.round(
            amount.over(
                self.paid.untaxed,
                self.paid.untaxed
                + self.other.untaxed
                - self._other_taken_off().untaxed,
            )
        )

    # --- steps

    def steps(self):
        """[Step] in the unit complained of."""
        factor = COMPLAINED[self.case.unit]
        first, second = PART[self.case.unit]
        rest = self.pieces * factor
        if self.case.hand not in ("none", "amount"):
            second = min(second, rest - first - 1)
        return {
            "refunds": [
                Step("refund", first),
                Step("refund", second),
                Step("refund", rest - first - second),
            ],
            "pieces": [Step("refund", Decimal(1))] * 3 + [Step("refund", rest - 3)],
            "reduced": [Step("credit", rest, amount=OFF), Step("refund", rest)],
            "half": [
                Step("credit", rest, percent=Decimal(50)),
                Step("refund", first),
                Step("refund", rest - first),
            ],
            "refund_reduced": [
                Step("refund", first),
                Step("credit", rest - first, amount=OFF),
                Step("refund", rest - first),
            ],
            "reduced_twice": [
                Step("credit", rest, percent=Decimal("12.5")),
                Step("credit", rest, percent=Decimal("33.33")),
                Step("refund", second),
                Step("refund", rest - second),
            ],
            "all_off": [
                Step("refund", second),
                Step("credit", rest - second, percent=Decimal(100)),
            ],
        }[self.case.steps]

    def worth(self, quantity):
        """What so many pieces, in the unit complained of, are worth now; the last ones
        are worth what is left, but for whole coins.
        """
        factor = COMPLAINED[self.case.unit]
        sold = quantity / factor
        due = self.round(
            self.paid.over(quantity, factor * self.sold) - self.lowered.times(sold)
        )
        last = abs(sold - self.pieces) < Decimal("1e-9")  # twelfths have no end
        return Sum(*self._settled(due, last))

    def _settled(self, due, last):
        def settle(amount, left):
            if last and abs(left - amount) < Decimal("0.10"):
                return rounded(left)
            return max(rounded(min(amount, left)), Decimal(0))

        taxes = tuple(
            settle(tax, left)
            for tax, left in zip(due.taxes, self.left.taxes, strict=True)
        )
        return settle(due.untaxed, self.left.untaxed), taxes

    def play(self, step):
        """What the credit note of a step comes to."""
        sold = step.quantity / COMPLAINED[self.case.unit]
        worth = self.worth(step.quantity)
        if step.kind == "refund":
            due = worth
            self.pieces -= sold
        else:
            amount = (
                rounded(worth.untaxed * step.percent / 100)
                if step.percent
                else step.amount
            )
            due = worth if amount == worth.untaxed else self.on(amount)
            self.lowered += due.over(1, sold)
        self.left -= due
        return due


IMPOSSIBLE = {
    "a gift card is no tax base to spread": lambda c: (
        c.discount == "gift_card"
        and c.tax in ("eco", "eco_included")
        and c.rounding == "round_globally"
    ),
}
DRAW = matrix.Draw(DIMENSIONS, IMPOSSIBLE, 120, seed=23)
