"""Combinations of remedies that send goods or pay money on top, and what each must come
to; see `matrix.py`.
"""

from collections import deque, namedtuple
from decimal import Decimal

from . import matrix
from .matrix import (
    COMPLAINED,
    FACTOR,
    FIRST,
    FIRST_QUANTITY,
    LATER,
    RATE,
    SECOND,
    SECOND_QUANTITY,
    SOME,
    STANDARD,
    Kind,
    Note,
    Reckoning,
    Totals,
    rounded,
)

DIMENSIONS = {
    "kind": [],  # filled by the subclasses of Kind below
    "unit": ["unit", "dozen", "kilo"],
    "currency": ["company", "foreign"],
    "policy": ["order", "delivery"],
    "cost": ["standard", "average", "fifo"],
    "valuation": ["periodic", "real_time"],
    "changed": [
        "before",
        "between",
    ],  # the cost: before the complaint, or when the goods are about to be sent
    "tracking": ["none", "lot"],
    "deliver": ["ship_only", "pick_ship", "pick_pack_ship"],
    "receive": ["one_step", "two_steps", "three_steps"],
    "part": [
        "some",
        "all",
        "parts",
        "thirds",
        "complaints",
    ],  # parts: come and go in two transfers; thirds: come in one, go in three
    "first": ["sent", "back", "turns"],  # which goods travel first
    "earlier": ["untouched", "credited", "paid"],
    "invoice": ["invoiced", "none"],
    "goodwill": ["none", "excluded"],  # tax of the compensation product
    "settlement": ["offset", "payout"],
    # the same for all: what is sold
    "tax": ["excluded"],
    "discount": ["0"],
    "price": ["19.99"],
}
# quantities complained of, in the unit complained of; of another product given, in the
# unit it is given in
PARTS = {"unit": ("3", "4"), "dozen": ("5", "5"), "kilo": ("700", "1800")}
THIRD = {"unit": "1", "dozen": "5", "kilo": "310"}
GIFT = {"unit": ("3", "2"), "dozen": ("1", "2"), "kilo": ("0.5", "0.7")}
LATER_QUANTITY = 40
AMOUNTS, MORE_THAN_INVOICED = ("12.34", "7.77"), "250.55"
FIXED_PRICE, LIST_PRICE, LIST_PERCENT = Decimal("5.55"), Decimal("999.00"), Decimal(10)

# way: "back" or "sent"; quantity in the unit the remedy is planned in
Step = namedtuple("Step", "way quantity")
Move = namedtuple("Move", "way quantity value")


class Shipment(Kind, dimensions=None):
    """Sends goods: the product complained of, on a free order, of which nothing comes
    back.
    """

    goods_back = by_quantity = False
    free_order = True
    other_product = False
    money = False

    def parts(self, reckoning, index):
        """Quantities that travel in turn, in the unit the remedy is planned in."""
        return reckoning.receipts[index]

    def steps(self, reckoning, parts):
        """What travels, one after the other."""
        return [Step("sent", part) for part in parts]

    def _both_ways(self, parts, sent):
        return [Step("back", part) for part in parts] + [
            Step("sent", part) for part in sent
        ]


class ReplacementBack(Shipment, dimensions=DIMENSIONS):
    goods_back = True
    free_order = False

    def plan_vals(self, reckoning, index):
        return {"kind": "replacement"}

    def steps(self, reckoning, parts):
        if reckoning.case.part == "thirds":
            return self._both_ways([sum(parts)], parts)
        if reckoning.case.first == "back":
            return self._both_ways(parts, [sum(parts)])
        return [step for part in parts for step in self._both_ways([part], [part])]


class ReplacementAtOnce(Shipment, dimensions=DIMENSIONS):
    goods_back = True

    def plan_vals(self, reckoning, index):
        return {"kind": "replacement", "when": "on_approval"}

    def steps(self, reckoning, parts):
        if reckoning.case.part == "thirds":
            back, *sent = self._both_ways([sum(parts)], parts)
            return {
                "sent": [*sent, back],
                "back": [back, *sent],
                "turns": [*sent[:1], back, *sent[1:]],
            }[reckoning.case.first]
        steps = self._both_ways(parts, [sum(parts)])
        if reckoning.case.first == "sent":
            return steps[-1:] + steps[:-1]
        if reckoning.case.first == "turns" and len(parts) > 1:
            a, b = parts
            return [Step("sent", a), Step("back", b), Step("sent", b), Step("back", a)]
        return (
            steps[:1] + steps[-1:] + steps[1:-1]
            if reckoning.case.first == "turns"
            else steps
        )


class ReplacementKeep(Shipment, dimensions=DIMENSIONS):
    def plan_vals(self, reckoning, index):
        return {"kind": "replacement", "goods": "keep"}


class ReplacementInspected(Shipment, dimensions=DIMENSIONS):
    goods_back = inspected_first = True

    def plan_vals(self, reckoning, index):
        return {"kind": "replacement"}

    def steps(self, reckoning, parts):
        if reckoning.case.part == "thirds":
            return self._both_ways([sum(parts)], parts)
        return self._both_ways(
            parts, parts if reckoning.case.first == "turns" else [sum(parts)]
        )


class GiftSame(Shipment, dimensions=DIMENSIONS):
    def plan_vals(self, reckoning, index):
        return {"kind": "product_compensation"}

    def worth(self, reckoning, index):
        """Value shown on the plan, in the currency of the invoice: at the price
        paid.
        """
        return rounded(
            reckoning.part_of(reckoning.invoice.untaxed, sum(reckoning.receipts[index]))
        )


class GiftOther(GiftSame, dimensions=DIMENSIONS):
    other_product = True

    def parts(self, reckoning, index):
        first, second = map(Decimal, GIFT[reckoning.case.unit])
        parts = {
            "some": [[first]],
            "all": [[first + second]],
            "parts": [[first, second]],
            "thirds": [[first] * 3],
            "complaints": [[first], [second]],
        }
        return parts[reckoning.case.part][index]

    def by_percent(self, reckoning):
        """Whether the customer's price list takes a percentage off the list price,
        instead of fixing a price.
        """
        return reckoning.case.part in ("all", "parts")

    def worth(self, reckoning, index):
        """At the price of the customer's list, which is in the other one of the two
        currencies.
        """
        rate = RATE["foreign"][1]  # of the day; foreign money for one of the company's
        quantity = sum(self.parts(reckoning, index)) * FACTOR[reckoning.case.unit]
        if self.by_percent(reckoning):
            listed = (
                LIST_PRICE
                * (1 - LIST_PERCENT / 100)
                * (rate if reckoning.case.currency == "foreign" else 1)
            )
        else:
            listed = FIXED_PRICE * (
                rate if reckoning.case.currency == "foreign" else 1 / rate
            )
        return rounded(listed * quantity)


class CashCompensation(Shipment, dimensions=DIMENSIONS):
    money = True
    free_order = False

    def plan_vals(self, reckoning, index):
        return {
            "kind": "cash_compensation",
            "amount": float(self.due(reckoning, index, None, None)),
        }

    def due(self, reckoning, index, quantity, left):
        return Decimal(
            MORE_THAN_INVOICED if reckoning.case.part == "all" else AMOUNTS[index]
        )

    def steps(self, reckoning, parts):
        return []


IMPOSSIBLE = {
    "goods that are replaced or given are invoiced here": lambda c: (
        c.invoice == "none" and c.kind != "CashCompensation"
    ),
    "without an invoice none was credited or paid": lambda c: (
        c.invoice == "none" and c.earlier != "untouched"
    ),
    "money does not travel in parts": lambda c: (
        c.kind == "CashCompensation" and c.part in ("parts", "thirds")
    ),
}


class Costing:
    """What goods cost when they leave, by cost method."""

    def __init__(self, method):
        self.method, self.standard = method, STANDARD
        self.quantity = self.total = Decimal(0)
        self.layers = deque()  # [quantity, unit cost] by age

    def receive(self, quantity, value):
        self.quantity += quantity
        self.total += value
        self.layers.append([quantity, value / quantity])

    def send(self, quantity):
        """Take goods out.

        :return: their value
        """
        if self.method == "standard":
            return rounded(self.standard * quantity)
        if self.method == "average":
            value = self.total / self.quantity * quantity
            self.quantity -= quantity
            self.total -= value
            return rounded(value)
        value = Decimal(0)
        while quantity:
            taken = min(quantity, self.layers[0][0])
            value += taken * self.layers[0][1]
            quantity -= taken
            self.layers[0][0] -= taken
            if not self.layers[0][0]:
                self.layers.popleft()
        return rounded(value)

    def change(self):
        """Dearer goods come in; a standard cost is raised."""
        self.receive(Decimal(LATER_QUANTITY), LATER_QUANTITY * LATER)
        self.standard = LATER


class GoodsReckoning(Reckoning):
    """Everything a case must come to."""

    def __init__(self, case):
        super().__init__(case)
        self.moves = self._moves()  # a list for each complaint

    def _receipts(self):
        case = self.case
        whole = self.lots[0] * COMPLAINED[case.unit]
        first, second = map(Decimal, PARTS[case.unit])
        return {
            "some": [[Decimal(SOME[case.unit])]],
            "all": [[whole]],
            "parts": [[first, second]],
            "thirds": [[Decimal(THIRD[case.unit])] * 3],
            "complaints": [[first], [whole - first]],
        }[case.part]

    def _notes(self):
        """The credit notes of a compensation in money."""
        notes = []
        for index in range(len(self.receipts)) if self.kind.money else ():
            due = self.kind.due(self, index, None, None)
            totals = Totals.of(self.case.goodwill, due)
            notes.append(
                Note(
                    totals.untaxed,
                    totals.tax,
                    rounded(due / RATE[self.note_currency][1]),
                    Decimal(0),
                    Decimal(1),
                )
            )
        return notes

    @property
    def note_currency(self):
        return self.case.currency

    @property
    def residuals(self):
        if self.case.invoice == "none":
            return None, [note.untaxed + note.tax for note in self.notes]
        return super().residuals

    @property
    def order(self):
        """(delivered, invoiced, to invoice) as if there were no remedy: what was
        credited by hand is offered again by Odoo.
        """
        if self.case.invoice == "none":
            return self.sold, Decimal(0), self.sold
        return super().order

    def receipt_costs(self):
        return [
            (Decimal(FIRST_QUANTITY[self.case.unit]), FIRST, [0]),
            (Decimal(SECOND_QUANTITY), SECOND, [0]),
        ]

    def in_stock(self, quantity):
        return (
            quantity * FACTOR[self.case.unit]
            if self.kind.other_product
            else super().in_stock(quantity)
        )

    def steps(self, index):
        return self.kind.steps(self, self.kind.parts(self, index))

    def _moves(self):
        """Moves of the goods that are sent and of those that come back, with their
        values.
        """
        costing = Costing(self.case.cost)
        for quantity, cost, _lots in self.receipt_costs():
            costing.receive(quantity, rounded(quantity * cost))
        if not self.kind.other_product:
            costing.send(self.delivered)
        unchanged = self.case.changed == "between"
        if not unchanged:
            costing.change()
        result = []
        for index in range(len(self.receipts)):
            moves = []
            for step in self.steps(index):
                quantity = self.in_stock(step.quantity)
                if step.way == "back":
                    value = self.return_value(index, step.quantity)
                    costing.receive(quantity, value)
                else:
                    if unchanged:
                        costing.change()
                        unchanged = False
                    value = costing.send(quantity)
                moves.append(Move(step.way, quantity, value))
            result.append(moves)
        return result

    def total(self, way, index=None):
        """(quantity, value) sent or back, for one complaint or all of them."""
        moves = [
            move
            for number, moves in enumerate(self.moves)
            for move in moves
            if move.way == way and index in (None, number)
        ]
        return sum((move.quantity for move in moves), Decimal(0)), sum(
            (move.value for move in moves), Decimal(0)
        )

    def loss(self, index):
        """What the complaint costs the company."""
        money = self.notes[index].untaxed_company if self.kind.money else Decimal(0)
        return money + self.total("sent", index)[1] - self.total("back", index)[1]


DRAW = matrix.Draw(DIMENSIONS, IMPOSSIBLE, 160, seed=7)
