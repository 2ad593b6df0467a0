"""Combinations of a remedy, and what each must come to, reckoned with `Decimal` from
the case alone: never by the code under test.

A further kind of remedy is one subclass of `Kind`: its class attributes say how it is
planned and what it moves, its `due()` what it
credits. It joins the combinations by its name. A further dimension is a further entry
of `DIMENSIONS`. Kinds with other dimensions make
a draw of their own, see `matrix_goods.py`.
"""

import os
import random
from collections import namedtuple
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, product

DIMENSIONS = {
    "kind": [],  # filled by the subclasses of Kind
    "unit": ["unit", "dozen", "kilo"],  # sold in; complained of in units, units, grams
    "currency": ["company", "foreign"],
    "tax": ["excluded", "included", "two", "none", "mapped"],
    "discount": ["0", "10", "33.33"],
    "price": ["3.33", "19.99", "7.77"],
    "policy": ["order", "delivery"],
    "cost": ["standard", "average", "fifo"],
    "valuation": ["periodic", "real_time"],
    "tracking": ["none", "lot", "valued_lot", "serial", "valued_serial"],
    "deliver": ["ship_only", "pick_ship", "pick_pack_ship"],
    "receive": ["one_step", "two_steps", "three_steps"],
    "part": ["some", "all", "receipts", "complaints"],
    "earlier": ["untouched", "credited", "paid"],
    "settlement": ["offset", "payout"],
}
FACTOR = {"unit": 1, "dozen": 12, "kilo": 1}  # product's units in one unit sold
COMPLAINED = {
    "unit": 1,
    "dozen": 12,
    "kilo": 1000,
}  # units complained of in one unit sold
RATE = {
    "company": (Decimal(1), Decimal(1)),
    "foreign": (Decimal("0.937"), Decimal("1.0713")),
}  # on the invoice's day, on the credit's day
TAXES = {
    "excluded": ["20"],
    "included": ["20"],
    "two": ["10", "5"],
    "none": [],
    "mapped": ["7"],
}
# lots delivered, in the unit sold; the first is complained of, serial numbers one after
# the other
LOTS = {
    ("unit", "none"): ["7"],
    ("unit", "lot"): ["7"],
    ("unit", "valued_lot"): ["4", "3"],
    ("unit", "serial"): ["1", "1", "1"],
    ("unit", "valued_serial"): ["1", "1", "1"],
    ("dozen", "none"): ["2"],
    ("dozen", "lot"): ["2"],
    ("dozen", "valued_lot"): ["1", "1"],
    ("kilo", "none"): ["2.5"],
    ("kilo", "lot"): ["2.5"],
    ("kilo", "valued_lot"): ["1.5", "1"],
}
# quantities complained of, in the unit complained of
SOME, TWO = (
    {"unit": "3", "dozen": "4", "kilo": "500"},
    {"unit": "3", "dozen": "10", "kilo": "700"},
)
TWO_OF_LOT = {"unit": "1", "dozen": "5", "kilo": "400"}
BY_HAND = {
    "unit": "1",
    "dozen": "0.5",
    "kilo": "0.25",
}  # credited earlier by hand, in the unit sold
STANDARD, FIRST, SECOND, LATER = (
    Decimal(cost) for cost in ("4.00", "3.10", "4.27", "9.41")
)  # unit costs of the receipts
FIRST_QUANTITY = {
    "unit": 5,
    "dozen": 10,
    "kilo": 1,
}  # of the first receipt; the second has plenty
SECOND_QUANTITY = 40

KINDS = {}
Note = namedtuple("Note", "untaxed tax untaxed_company cogs quantity")


def rounded(amount, digits="0.01"):
    return Decimal(amount).quantize(Decimal(digits), ROUND_HALF_UP)


class Kind:
    """One kind of remedy: how it is planned, and what becomes of goods, order, cost and
    money.
    """

    goods_back = (
        True  # goods come back, so their cost comes back under perpetual valuation
    )
    lowers_order = False  # the order counts the goods as not delivered any more
    # a return for inspection brings the goods back before the remedy is planned
    inspected_first = False
    note_per_receipt = (
        False  # a credit note for each receipt, instead of one for each complaint
    )
    by_quantity = True  # credits a quantity, not an amount

    def __init_subclass__(cls, dimensions=DIMENSIONS, **vals):
        """
        :param dict dimensions: those the kind is combined with; None for a class that
            others build on
        """
        result = super().__init_subclass__(**vals)
        if dimensions is not None:
            KINDS[cls.__name__] = cls()
            dimensions["kind"].append(cls.__name__)
        return result

    def plan_vals(self, reckoning, index):
        """Values of the remedy planned for the complaint with this index, besides
        quantity and settlement.
        """
        raise NotImplementedError

    def due(self, reckoning, index, quantity, left):
        """Untaxed amount to credit.

        :param Decimal quantity: in the unit complained of
        :param left: untaxed amount of the invoice line, after what was credited before
        """
        return min(reckoning.share(quantity)[0], left)


class RefundBack(Kind):
    lowers_order = True
    note_per_receipt = True

    def plan_vals(self, reckoning, index):
        return {"kind": "refund"}


class RefundKeep(Kind):
    goods_back = False

    def plan_vals(self, reckoning, index):
        return {"kind": "refund", "goods": "keep", "when": "on_approval"}


class RefundAtOnce(Kind):
    def plan_vals(self, reckoning, index):
        return {"kind": "refund", "goods": "return_first", "when": "on_approval"}


class RefundInspected(Kind):
    inspected_first = True

    def plan_vals(self, reckoning, index):
        return {"kind": "refund"}


class CreditAmount(Kind):
    goods_back = by_quantity = False

    def plan_vals(self, reckoning, index):
        return {
            "kind": "credit",
            "amount": float(
                self.due(reckoning, index, reckoning.complained[index], None)
            ),
        }

    def due(self, reckoning, index, quantity, left):
        factor = 1 if reckoning.case.part == "all" else Decimal("0.4")
        return rounded(reckoning.part_of(reckoning.invoice.untaxed * factor, quantity))


class CreditPercent(Kind):
    goods_back = by_quantity = False

    def percent(self, reckoning, index):
        return (
            Decimal(100)
            if reckoning.case.part == "all"
            else Decimal(["15", "12.5"][index])
        )

    def plan_vals(self, reckoning, index):
        return {"kind": "credit", "percent": float(self.percent(reckoning, index))}

    def due(self, reckoning, index, quantity, left):
        return rounded(
            reckoning.share(quantity)[0] * self.percent(reckoning, index) / 100
        )


# --- combinations

IMPOSSIBLE = {
    "kilograms are sold by the lot here": lambda c: (
        c.unit == "kilo" and c.tracking not in ("lot", "valued_lot")
    ),
    "serial numbers are sold by the piece": lambda c: (
        c.unit != "unit" and c.tracking in ("serial", "valued_serial")
    ),
    "one serial number comes back at once": lambda c: (
        c.part == "receipts" and c.tracking in ("serial", "valued_serial")
    ),
    "nothing is received": lambda c: (
        c.part == "receipts" and not KINDS[c.kind].goods_back
    ),
    "all of it was credited in part before": lambda c: (
        c.part == "all" and c.earlier == "credited"
    ),
    "three reductions by all of their rounded values may exceed the invoice": (
        lambda c: (
            c.part == "all"
            and not KINDS[c.kind].by_quantity
            and c.tracking in ("serial", "valued_serial")
        )
    ),
}


def pairs_of(case):
    return set(combinations(zip(case._fields, case, strict=True), 2))


class Draw:
    """Cases that cover every possible pair of values of some dimensions, and no more
    of them than that takes; the same ones each time.

    :param dict dimensions: {name: values}
    :param dict impossible: {reason: whether a case is impossible for it}
    :param int large: how many before a release (`make test MATRIX=large`), the others
        among them
    """

    def __init__(self, dimensions, impossible, large, seed=19):
        self.dimensions, self.impossible = dimensions, impossible
        self.chance = random.Random(seed)
        self.cases, self.out_of_reach = (
            [],
            [],
        )  # out of reach: pairs no possible case has
        self._case = namedtuple("Case", dimensions)
        self._cover()
        if os.environ.get("QC_MATRIX") == "large":
            self._fill(large)

    def possible(self, case):
        return not any(rule(case) for rule in self.impossible.values())

    def pairs(self):
        """All pairs of values, possible or not."""
        return [
            ((one, a), (other, b))
            for one, other in combinations(self.dimensions, 2)
            for a, b in product(self.dimensions[one], self.dimensions[other])
        ]

    def _attempt(self, *fixed):
        values = {
            name: self.chance.choice(self.dimensions[name]) for name in self.dimensions
        } | dict(fixed)
        case = self._case(**values)
        return case if self.possible(case) else None

    def _cover(self):
        attempt, open_pairs = self._attempt, dict.fromkeys(self.pairs())
        while open_pairs:
            pair = next(iter(open_pairs))
            found = [
                case for case in (attempt(*pair) for _try in range(60)) if case
            ] or [case for case in (attempt(*pair) for _try in range(2000)) if case]
            if not found:
                self.out_of_reach.append(pair)
                del open_pairs[pair]
                continue
            best = max(found, key=lambda case: len(pairs_of(case) & open_pairs.keys()))
            self.cases.append(best)
            for covered in pairs_of(best):
                open_pairs.pop(covered, None)

    def _fill(self, size):
        while len(self.cases) < size:
            case = self._attempt()
            if case and case not in self.cases:
                self.cases.append(case)


# --- what each case must come to


class Totals(namedtuple("Totals", "untaxed tax")):
    """Rounded amounts of a document with one line, from the unrounded amount at the
    price charged.
    """

    @classmethod
    def of(cls, tax, raw):
        taxes = sum(cls.taxes_of(tax, raw), Decimal(0))
        return cls(rounded(raw) - (taxes if tax == "included" else 0), taxes)

    @staticmethod
    def taxes_of(tax, raw):
        """Each tax by itself."""
        rates = [Decimal(rate) / 100 for rate in TAXES[tax]]
        return (
            [rounded(raw - raw / (1 + sum(rates)))]
            if tax == "included"
            else [rounded(raw * rate) for rate in rates]
        )

    @property
    def total(self):
        return self.untaxed + self.tax


class Reckoning:
    """Everything a case must come to."""

    def __init__(self, case):
        self.case, self.kind = case, KINDS[case.kind]
        self.lots = [Decimal(quantity) for quantity in LOTS[case.unit, case.tracking]]
        self.by_piece = case.tracking in ("serial", "valued_serial")
        self.lot_valued = case.tracking in ("valued_lot", "valued_serial")
        self.sold = sum(self.lots)
        self.by_hand = (
            Decimal(BY_HAND[case.unit]) if case.earlier == "credited" else Decimal(0)
        )
        self.delivered = self.sold * FACTOR[case.unit]  # in the product's unit
        self.price = Decimal(case.price) * (1 - Decimal(case.discount) / 100)
        self.invoice = Totals.of(case.tax, self.price * self.sold)
        self.hand_note = Totals.of(case.tax, self.price * self.by_hand)
        self.receipts = self._receipts()  # a list for each complaint
        self.complained = [sum(parts) for parts in self.receipts]
        self.delivery_value = self._delivery_value()
        self.booked_cost = self._booked_cost()
        self.notes = self._notes()

    def _receipts(self):
        """Quantities received in turn for each complaint, in the unit complained of;
        also the quantities of remedies that bring nothing back.
        """
        case, factor = self.case, COMPLAINED[self.case.unit]
        if self.by_piece:
            return [[Decimal(1)]] * {"some": 1, "complaints": 2, "all": 3}[case.part]
        whole = min(self.lots[0], self.sold - self.by_hand) * factor
        if case.part == "all":
            return [[whole]]
        if case.part == "some":
            return [[Decimal(SOME[case.unit])]]
        first = Decimal((TWO_OF_LOT if len(self.lots) > 1 else TWO)[case.unit])
        return (
            [[first, whole - first]]
            if case.part == "receipts"
            else [[first], [whole - first]]
        )

    def in_sold(self, quantity):
        """From the unit complained of to the unit sold, unrounded."""
        return quantity / COMPLAINED[self.case.unit]

    def in_stock(self, quantity):
        """From the unit complained of to the product's unit."""
        return quantity * FACTOR[self.case.unit] / COMPLAINED[self.case.unit]

    def part_of(self, amount, quantity):
        """Part of an amount of the whole invoice line for a quantity in the unit
        complained of; one division only, halves of a cent stay exact.
        """
        return amount * quantity / (COMPLAINED[self.case.unit] * self.sold)

    # cost

    def receipt_costs(self):
        """[(quantity in the product's unit, unit cost, indexes of the lots)] before the
        delivery.
        """
        first = Decimal(FIRST_QUANTITY[self.case.unit])
        if self.by_piece:
            return [(Decimal(1), FIRST, [0]), (Decimal(2), SECOND, [1, 2])]
        if self.lot_valued:
            first = self.lots[0] * FACTOR[self.case.unit]
            return [(first, FIRST, [0]), (Decimal(SECOND_QUANTITY), SECOND, [1])]
        return [(first, FIRST, [0]), (Decimal(SECOND_QUANTITY), SECOND, [0])]

    def lot_cost(self, index):
        if self.case.cost == "standard":
            return STANDARD
        return next(
            cost for _quantity, cost, lots in self.receipt_costs() if index in lots
        )

    def average_cost(self):
        receipts = self.receipt_costs()
        return sum(quantity * cost for quantity, cost, _lots in receipts) / sum(
            quantity for quantity, _cost, _lots in receipts
        )

    def _delivery_value(self):
        """Value of the goods when they were delivered."""
        if self.lot_valued:
            return rounded(
                sum(
                    quantity * FACTOR[self.case.unit] * self.lot_cost(index)
                    for index, quantity in enumerate(self.lots)
                )
            )
        if self.case.cost == "standard":
            return rounded(STANDARD * self.delivered)
        if self.case.cost == "average":
            return rounded(self.average_cost() * self.delivered)
        first = self.receipt_costs()[0][0]
        return rounded(
            min(self.delivered, first) * FIRST
            + max(self.delivered - first, Decimal(0)) * SECOND
        )

    def _booked_cost(self):
        """Cost of goods sold booked by the invoice: at the product's cost, for FIFO the
        value delivered.
        """
        if self.case.valuation == "periodic":
            return Decimal(0)
        if self.case.cost == "average":
            return rounded(self.average_cost() * self.delivered)
        return (
            rounded(STANDARD * self.delivered)
            if self.case.cost == "standard"
            else self.delivery_value
        )

    def return_value(self, index, quantity):
        """Value of what one receipt brings back, at its cost when it was delivered."""
        quantity = self.in_stock(quantity)
        if self.lot_valued:
            return rounded(self.lot_cost(index if self.by_piece else 0) * quantity)
        return rounded(self.delivery_value * quantity / self.delivered)

    # stock and order

    @property
    def back(self):
        return (
            sum(self.in_stock(quantity) for quantity in self.complained)
            if self.kind.goods_back
            else Decimal(0)
        )

    @property
    def order(self):
        """(delivered, invoiced, to invoice): what was credited by hand is offered again
        by Odoo, what we credit never is.
        """
        lowered = (
            sum(
                rounded(self.in_sold(part)) for parts in self.receipts for part in parts
            )
            if self.kind.lowers_order
            else Decimal(0)
        )
        invoiced = (
            self.sold
            - self.by_hand
            - (lowered if self.case.policy == "delivery" else 0)
        )
        return self.sold - lowered, invoiced, self.by_hand

    # money

    def share(self, quantity):
        """[untaxed, each tax] paid for a quantity in the unit complained of; with the
        tax in the price, price and tax are rounded.
        """
        case, raw = self.case, self.price * self.sold
        taxes = [
            rounded(self.part_of(tax, quantity))
            for tax in Totals.taxes_of(case.tax, raw)
        ]
        if case.tax == "included":
            return [
                rounded(self.part_of(self.invoice.total, quantity)) - sum(taxes),
                *taxes,
            ]
        return [rounded(self.part_of(self.invoice.untaxed, quantity)), *taxes]

    def _notes(self):
        """Each credits what it is for, untaxed and in each tax; the last pieces take
        what rounding left over.
        """
        notes, tax = [], self.case.tax
        quantity, by_hand = self.by_hand, self.price * self.by_hand
        left = [self.invoice.untaxed - self.hand_note.untaxed]
        left += [
            all_of - part
            for all_of, part in zip(
                Totals.taxes_of(tax, self.price * self.sold),
                Totals.taxes_of(tax, by_hand),
                strict=True,
            )
        ]
        for index, parts in enumerate(self.receipts):
            for part in parts if self.kind.note_per_receipt else [sum(parts)]:
                share = self.share(part)
                last = abs(quantity + self.in_sold(part) - self.sold) < Decimal(
                    "1e-9"
                )  # twelfths have no end
                worth = [
                    rest if last else min(amount, rest)
                    for amount, rest in zip(share, left, strict=True)
                ]
                if self.kind.by_quantity:
                    quantity += self.in_sold(part)
                    due = worth
                else:
                    amount = self.kind.due(self, index, part, left[0])
                    due = (
                        worth
                        if amount == worth[0]
                        else [
                            amount,
                            *Totals.taxes_of(
                                tax,
                                amount * Decimal("1.20")
                                if tax == "included"
                                else amount,
                            ),
                        ]
                    )
                left = [rest - amount for rest, amount in zip(left, due, strict=True)]
                notes.append(self._note(Totals(due[0], sum(due[1:], Decimal(0))), part))
        return notes

    def _note(self, due, part):
        """At the price paid; where its rounded quantity misses what is due, at the
        price that gives exactly that.
        """
        case = self.case
        quantity, rate = rounded(self.in_sold(part)), RATE[case.currency][1]
        raw = self.price * quantity if self.kind.by_quantity else due.untaxed
        priced = due.total if case.tax == "included" else due.untaxed
        if rounded(raw) != priced:
            raw = priced
        # where the price does not lead there, the amounts are laid down, and converted
        # as they are
        company = (
            Totals.of(case.tax, raw / rate).untaxed
            if Totals.of(case.tax, raw) == due
            else rounded(due.untaxed / rate)
        )
        cogs = (
            rounded(self.part_of(self.booked_cost, part))
            if self.kind.goods_back
            else Decimal(0)
        )
        return Note(due.untaxed, due.tax, company, cogs, quantity)

    @property
    def residuals(self):
        """(open amount of the invoice, open amounts of the notes) after posting."""
        still_open = {
            "paid": Decimal(0),
            "credited": self.invoice.total - self.hand_note.total,
            "untouched": self.invoice.total,
        }[self.case.earlier]
        left = []
        for note in self.notes:
            total = note.untaxed + note.tax
            used = (
                min(total, still_open)
                if self.case.settlement == "offset"
                else Decimal(0)
            )
            still_open -= used
            left.append(total - used)
        return still_open, left
