import random
from collections import defaultdict

from odoo.tests import tagged

from .production import ProductionCase


@tagged("post_install", "-at_install")
class TestGenealogy(ProductionCase):
    def test_every_consumed_lot_is_followed_with_its_share(self):
        first = self.receive_lot("BE-1", self.part, 6)
        second = self.receive_lot("BE-2", self.part, 4)
        motors = self.make_lot("MO-1", self.motor)
        order = self.make({motors: 5}, [(first, 6), (second, 4)])
        pumps = [self.make_lot(f"PU-{n}", self.pump) for n in range(3)]
        for pump in pumps:
            self.make({pump: 1}, [(motors, 1)])
        self.assertEqual(
            self.down(first),
            {
                first.id: (0, 6, 6),
                motors.id: (1, 6, 6),
                **{pump.id: (2, 0, 6) for pump in pumps},
            },
        )
        self.assertEqual(
            self.up(pumps[0]),
            {
                pumps[0].id: (0, 1, 1),
                motors.id: (1, 1, 1),
                first.id: (2, 0, 6),
                second.id: (2, 0, 4),
            },
        )
        row = first._complaint_trace()[1]
        self.assertEqual(
            (row["via"], row["company_id"]),
            (("mrp.production", order.id), self.company.id),
        )
        balance = self.kinds(first)
        self.assertEqual(balance, {"received": 6, "in": 6, "consumed": 6, "out": 6})

    def test_many_serial_numbers_of_one_order_share_a_lot(self):
        lot = self.receive_lot("BE-3", self.part, 5)
        rest = self.receive_lot("BE-4", self.part, 5)
        pumps = [self.make_lot(f"PS-{n}", self.pump) for n in range(5)]
        self.make(dict.fromkeys(pumps, 1), [(lot, 5), (rest, 5)])
        self.assertEqual(
            self.down(lot),
            {lot.id: (0, 5, 5), **{pump.id: (1, 0, 2) for pump in pumps}},
        )

    def test_by_products_may_hold_it_too(self):
        lot = self.receive_lot("BE-5", self.part, 8)
        motors, chips = (
            self.make_lot("MO-2", self.motor),
            self.make_lot("S", self.swarf),
        )
        self.make({motors: 4}, [(lot, 8)], {chips: 3})
        self.assertEqual(
            self.down(lot),
            {lot.id: (0, 8, 8), motors.id: (1, 0, 8), chips.id: (1, 0, 8)},
        )

    def test_what_is_taken_apart_leads_on_to_its_parts_and_loops_end(self):
        lot = self.receive_lot("BE-6", self.part, 4)
        motors = self.make_lot("MO-3", self.motor)
        order = self.make({motors: 2}, [(lot, 4)])
        self.unbuild(order, motors, 1)
        again = self.make_lot("MO-4", self.motor)
        self.make({again: 1}, [(lot, 2)])
        self.assertEqual(
            self.down(motors),
            {motors.id: (0, 2, 2), lot.id: (1, 1, 1), again.id: (2, 0, 1)},
        )
        # two of six that came in came out of a motor again; it may be empty since
        self.assertEqual(
            self.down(lot),
            {lot.id: (0, 4, 6), motors.id: (1, 0, 4), again.id: (1, 2, 2)},
        )
        self.assertEqual(
            self.kinds(lot),
            {
                "received": 4,
                "made": 2,
                "in": 6,
                "consumed": 6,
                "out": 6,
            },
        )
        self.assertEqual(
            self.kinds(motors),
            {
                "made": 2,
                "in": 2,
                "stock": 1,
                "there": 1,
                "consumed": 1,
                "out": 1,
            },
        )

    def test_what_an_order_scraps_is_not_in_what_it_makes(self):
        used = self.receive_lot("BE-20", self.part, 2)
        broken = self.receive_lot("BE-21", self.part, 2)
        motors = self.make_lot("MO-20", self.motor)
        order = self.make({motors: 2}, [(used, 2)])
        scrap = self.move_lot(broken, 1, self.stock, self.inventory)
        scrap.raw_material_production_id = order
        self.assertEqual(set(self.down(broken)), {broken.id})
        self.assertEqual(self.up(motors)[used.id], (1, 2, 2))

    def test_goods_without_lots_are_said_to_end_the_trace(self):
        lot = self.receive_lot("BE-7", self.part, 6)
        plain = self.make_product("Plain motor")
        self.move_lot(self.screw, 40, self.suppliers, self.stock)
        order = self.make({plain: 3}, [(lot, 6), (self.screw, 40)])
        rows, ends = self.env["quality.complaint.genealogy"]._trace(lot, self.company)
        self.assertEqual([row["lot_id"] for row in rows], [lot.id])
        self.assertEqual(
            ends,
            [
                {
                    "product_id": plain.id,
                    "at_most": 3,
                    "lots": [lot.id],
                    "via": ("mrp.production", order.id),
                    "on": order.move_finished_ids.move_line_ids.date,
                }
            ],
        )

    def test_a_company_one_does_not_see_is_not_followed(self):
        other = self.env["res.company"].create({"name": "Sister Works"})
        lot = self.receive_lot("BE-8", self.part, 6)
        motors = self.make_lot("MO-5", self.motor)
        order = self.make({motors: 3}, [(lot, 6)])
        moves = order.move_raw_ids | order.move_finished_ids
        self.env.cr.execute(
            "UPDATE stock_move_line SET company_id = %s WHERE move_id = ANY(%s)",
            [other.id, moves.ids],
        )
        self.env.invalidate_all()
        self.assertEqual(set(self.down(lot)), {lot.id})
        both = lot.with_context(
            allowed_company_ids=[self.company.id, other.id]
        )._complaint_trace()
        self.assertEqual({row["lot_id"] for row in both}, {lot.id, motors.id})

    def test_worlds_at_random_are_found_whole_and_add_up(self):
        for seed in range(2):
            dice = random.Random(seed)
            children, received = defaultdict(set), defaultdict(float)
            made, used = defaultdict(float), defaultdict(float)
            here, orders = defaultdict(float), []

            def book(order, outputs, inputs, maps=(children, made, used, here)):
                children, made, used, here = maps
                for lot, quantity in inputs:
                    used[lot] += quantity
                    here[lot] -= quantity
                    children[lot].update(outputs)
                for lot, quantity in outputs.items():
                    made[lot] += quantity
                    here[lot] += quantity

            parts = []
            for number in range(3):
                lot = self.receive_lot(f"R{seed}-{number}", self.part, 20)
                received[lot], here[lot] = 20.0, 20.0
                parts.append(lot)
            motors = []
            for number in range(7):
                kind = dice.choice(["motor", "motor", "pump", "unbuild"])
                if kind == "motor":
                    lots = dice.sample(parts, dice.randint(1, 3))
                    inputs = [
                        (lot, dice.randint(1, 2)) for lot in lots if here[lot] >= 2
                    ]
                    outputs = {self.make_lot(f"M{seed}-{number}", self.motor): 2}
                    if inputs:
                        order = self.make(outputs, inputs)
                        book(order, outputs, inputs)
                        motors += outputs
                        orders.append((order, next(iter(outputs)), inputs))
                elif kind == "pump" and (left := [m for m in motors if here[m] >= 1]):
                    inputs = [(dice.choice(left), 1)]
                    outputs = {self.make_lot(f"P{seed}-{number}", self.pump): 1}
                    book(self.make(outputs, inputs), outputs, inputs)
                elif kind == "unbuild":
                    whole = [row for row in orders if here[row[1]] == 2]
                    if whole:
                        order, lot, inputs = dice.choice(whole)
                        orders.remove((order, lot, inputs))
                        self.unbuild(order, lot, 2)
                        book(None, dict(inputs), [(lot, 2)])
            for lot in list(here):
                reached, todo = set(), [lot]
                while todo:
                    current = todo.pop()
                    if current not in reached:
                        reached.add(current)
                        todo += children[current]
                with self.subTest(seed=seed, lot=lot.name):
                    found = lot._complaint_trace()
                    self.assertEqual(
                        {row["lot_id"] for row in found}, {one.id for one in reached}
                    )
                    for one in reached:
                        self.assertIn(
                            lot.id,
                            {row["lot_id"] for row in one._complaint_trace("up")},
                        )
                    totals = lot._complaint_balance()[lot]
                    self.assertEqual(
                        [
                            totals[kind]
                            for kind in (
                                "received",
                                "made",
                                "consumed",
                                "there",
                                "unexplained",
                            )
                        ],
                        [received[lot], made[lot], used[lot], here[lot], 0],
                    )
