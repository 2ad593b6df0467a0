import random

from odoo.tests import BaseCase, tagged

from ...tools.lineage import Conversion, shares, walk
from ..common import OnOneDay


@tagged("post_install", "-at_install")
class TestLineage(OnOneDay, BaseCase):
    """How much of a lot may be, and must be, in what was made of it."""

    def order(self, number, inputs, outputs):
        return Conversion(
            ("order", number),
            {(lot[0], lot): quantity for lot, quantity in inputs.items()},
            {(lot[0], lot): quantity for lot, quantity in outputs.items()},
        )

    def test_several_lots_of_a_component_in_several_lots(self):
        # 10 pieces of c in two lots went into two lots of p, one piece each
        orders = [self.order(1, {"c1": 6, "c2": 4}, {"p1": 4, "p2": 6})]
        totals = {"c1": 6, "c2": 4, "p1": 4, "p2": 6}
        self.assertEqual(
            shares(["c1"], totals, orders),
            {"c1": (6, 6), "p1": (0, 4), "p2": (2, 6)},
        )
        self.assertEqual(
            shares(["p2"], totals, orders, downstream=False),
            {"p2": (6, 6), "c1": (2, 6), "c2": (0, 4)},
        )

    def test_a_part_of_a_lot_may_hold_all_or_nothing(self):
        orders = [
            self.order(1, {"c1": 5, "c2": 5}, {"p1": 10}),
            self.order(2, {"p1": 4}, {"q1": 4}),
            self.order(3, {"p1": 6}, {"q2": 6}),
        ]
        totals = {"c1": 5, "c2": 5, "p1": 10, "q1": 4, "q2": 6}
        self.assertEqual(
            shares(["c1"], totals, orders),
            {"c1": (5, 5), "p1": (5, 5), "q1": (0, 5), "q2": (0, 5)},
        )

    def test_a_lot_used_whole_takes_its_share_along(self):
        orders = [
            self.order(1, {"c1": 5, "c2": 5}, {"p1": 10}),
            self.order(2, {"p1": 10, "r1": 1}, {"q1": 5}),
        ]
        totals = {"c1": 5, "c2": 5, "p1": 10, "r1": 1, "q1": 5}
        self.assertEqual(shares(["c1"], totals, orders)["q1"], (5, 5))
        self.assertEqual(shares(["q1"], totals, orders, False)["c1"], (5, 5))

    def test_beside_by_products_it_may_be_in_any_of_them(self):
        orders = [self.order(1, {"m1": 10}, {"k1": 1, "w1": 9})]
        totals = {"m1": 10, "k1": 1, "w1": 9}
        self.assertEqual(
            shares(["m1"], totals, orders),
            {"m1": (10, 10), "k1": (0, 10), "w1": (0, 10)},
        )

    def test_loops_end_and_say_only_what_is_certain(self):
        orders = [
            self.order(1, {"c1": 2, "p2": 1}, {"p1": 3}),
            self.order(2, {"p1": 3}, {"p2": 3}),
        ]
        totals = {"c1": 2, "p1": 3, "p2": 3}
        self.assertEqual(
            shares(["c1"], totals, orders),
            {"c1": (2, 2), "p1": (0, 2), "p2": (0, 2)},
        )
        self.assertEqual(
            {lot: step[0] for lot, step in walk(["c1"], orders)[0].items()},
            {"c1": 0, "p1": 1, "p2": 2},
        )

    def test_true_shares_of_worlds_at_random_lie_within_the_bounds(self):
        for seed in range(200):
            dice = random.Random(seed)
            # units one by one, each knows how many of the suspect lot are in it
            stock = {f"c{n}": [float(n == 0)] * dice.randint(2, 8) for n in range(3)}
            totals = {lot: len(units) for lot, units in stock.items()}
            truth, orders = {"c0": float(totals["c0"])}, []
            for number in range(dice.randint(1, 6)):
                component = dice.choice("cpq")
                lots = [lot for lot in stock if lot[0] == component and stock[lot]]
                if not lots:
                    continue
                taken = {}
                for lot in dice.sample(lots, dice.randint(1, len(lots))):
                    taken[lot] = dice.randint(1, len(stock[lot]))
                units = []
                for lot, quantity in taken.items():
                    dice.shuffle(stock[lot])
                    units += [stock[lot].pop() for _unit in range(quantity)]
                dice.shuffle(units)
                product = {"c": "p", "p": "q", "q": "r"}[component]
                made = {}
                cut = dice.randint(1, len(units))
                for place, part in enumerate((units[:cut], units[cut:])):
                    if part:
                        lot = f"{product}{number}{place}"
                        made[lot], stock[lot] = len(part), part
                        totals[lot], truth[lot] = len(part), sum(part)
                orders.append(self.order(number, taken, made))
            for lot, (least, most) in shares(["c0"], totals, orders).items():
                self.assertLessEqual(least, truth[lot] + 1e-9, (seed, lot))
                self.assertGreaterEqual(most, truth[lot] - 1e-9, (seed, lot))
