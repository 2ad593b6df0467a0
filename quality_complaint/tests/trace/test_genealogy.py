import random

from odoo.tests import tagged

from .lots import Ledger, LotsCase


@tagged("post_install", "-at_install")
class TestBalance(LotsCase):
    """What came in of a lot is there, or left, or is missing: to the last unit."""

    def test_every_way_in_and_out_has_its_row(self):
        lot = self.make_lot("B-1")
        self.move_lot(lot, 30, self.inventory, self.stock, is_inventory=True)
        self.move_lot(lot, 10, self.suppliers, self.stock, self.dozen)
        self.move_lot(lot, 7, self.inventory, self.stock, is_inventory=True)
        self.move_lot(lot, 40, self.stock, self.customers, partner=self.customer)
        self.move_lot(lot, 5, self.customers, self.shelf, partner=self.customer)
        self.move_lot(lot, 6, self.stock, self.suppliers)
        self.move_lot(lot, 8, self.stock, self.production)
        self.move_lot(lot, 3, self.stock, self.inventory)
        self.move_lot(lot, 2, self.shelf, self.inventory, is_inventory=True)
        self.move_lot(lot, 1, self.inventory, self.stock)
        self.move_lot(lot, 9, self.stock, self.van)
        self.assertEqual(
            self.kinds(lot),
            {
                "opening": 30,
                "received": 120,
                "gained": 7,
                "returned": 5,
                "unscrapped": 1,
                "in": 163,
                "stock": 95,
                "in_transit": 9,
                "there": 104,
                "shipped": 40,
                "to_supplier": 6,
                "consumed": 8,
                "scrapped": 3,
                "lost": 2,
                "out": 59,
            },
        )

    def test_goods_whose_lot_was_named_only_when_they_left(self):
        self.move_lot(self.strip, 10, self.inventory, self.stock, is_inventory=True)
        first, second = self.make_lot("N-1"), self.make_lot("N-2")
        self.move_lot(first, 3, self.suppliers, self.stock)
        self.move_lot(first, 7, self.stock, self.customers, partner=self.customer)
        self.move_lot(second, 5, self.stock, self.production)
        # Odoo takes all of it from what has no lot, as soon as the lot is short
        self.assertEqual(
            self.kinds(first),
            {
                "received": 3,
                "named": 7,
                "in": 10,
                "stock": 3,
                "there": 3,
                "shipped": 7,
                "out": 7,
            },
        )
        self.assertEqual(
            self.kinds(second),
            {"named": 5, "in": 5, "consumed": 5, "out": 5},
        )
        # more than ever came without a lot: nobody can tell whose it was
        self.env["stock.quant"]._update_available_quantity(
            self.strip, self.stock, 2, lot_id=second
        )
        self.assertEqual(
            [self.kinds(lot)["unexplained"] for lot in (first, second)], [-7, -7]
        )

    def test_what_no_movement_explains_is_said(self):
        lot = self.make_lot("B-2")
        self.move_lot(lot, 30, self.suppliers, self.stock)
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.strip, self.stock, -4, lot_id=lot)
        self.assertEqual(
            self.kinds(lot),
            {"received": 30, "in": 30, "stock": 26, "there": 26, "unexplained": 4},
        )

    def test_goods_that_never_were_here_come_in_and_leave(self):
        lot = self.make_lot("B-3")
        self.move_lot(lot, 12, self.suppliers, self.customers, partner=self.distributor)
        self.assertEqual(
            self.kinds(lot), {"received": 12, "in": 12, "shipped": 12, "out": 12}
        )

    def test_reserved_goods_are_there_once(self):
        lot = self.make_lot("B-4")
        self.move_lot(lot, 20, self.suppliers, self.stock)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    (0, 0, {"product_id": self.strip.id, "product_uom_qty": 8})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(
            self.kinds(lot),
            {"received": 20, "in": 20, "stock": 12, "reserved": 8, "there": 20},
        )

    def test_customers_and_places_are_named(self):
        lot = self.make_lot("B-5")
        contact = self.env["res.partner"].create(
            {"name": "Goods in", "parent_id": self.customer.id}
        )
        self.move_lot(lot, 30, self.suppliers, self.stock, owner=self.distributor)
        self.move_lot(lot, 10, self.suppliers, self.shelf)
        self.move_lot(
            lot,
            4,
            self.stock,
            self.customers,
            partner=contact,
            owner=self.distributor,
        )
        rows = self.env["quality.complaint.balance"]._rows(lot, self.company)
        seen = {
            (row["kind"], row["location_id"], row["partner_id"], row["owner_id"]): row[
                "quantity"
            ]
            for row in rows
        }
        self.assertEqual(
            seen,
            {
                ("received", False, False, False): 40,
                ("stock", self.stock.id, False, self.distributor.id): 26,
                ("stock", self.shelf.id, False, False): 10,
                ("shipped", False, self.customer.id, False): 4,
            },
        )

    def test_another_company_is_a_quantity_without_names(self):
        other = self.env["res.company"].create({"name": "Sister Works"})
        there = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        between = self.env["stock.location"].create(
            {"name": "Between companies", "usage": "transit", "company_id": False}
        )
        lot = self.make_lot("B-6")
        self.move_lot(lot, 20, self.suppliers, self.stock)
        self.move_lot(lot, 12, self.stock, between)
        self.move_lot(lot, 9, between, there.lot_stock_id, company_id=other.id)
        self.move_lot(
            lot,
            2,
            there.lot_stock_id,
            self.customers,
            company_id=other.id,
            partner=self.distributor,
        )
        balance = self.env["quality.complaint.balance"]
        mine = balance._rows(lot, self.company)
        hidden = [row for row in mine if not row["company_id"]]
        self.assertEqual(
            sorted(
                (row["kind"], row["quantity"], bool(row["partner_id"]))
                for row in hidden
                if row["kind"] != "in_transit"
            ),
            [("shipped", 2, False), ("stock", 7, False)],
        )
        self.assertEqual(balance._totals(lot, mine)[lot]["unexplained"], 0)
        both = balance._rows(lot, self.company | other)
        self.assertIn(
            ("shipped", self.distributor.id),
            [(row["kind"], row["partner_id"]) for row in both],
        )

    def test_worlds_at_random_add_up(self):
        places = {
            "supplier": self.suppliers,
            "customer": self.customers,
            "production": self.production,
            "inventory": self.inventory,
            "stock": self.stock,
            "shelf": self.shelf,
            "van": self.van,
        }
        came = {"supplier": "received", "customer": "returned", "production": "made"}
        went = {
            "supplier": "to_supplier",
            "customer": "shipped",
            "production": "consumed",
        }
        inside = ("stock", "shelf", "van")
        for seed in range(3):
            dice = random.Random(seed)
            ledger = Ledger()
            lots = [self.make_lot(f"W{seed}-{number}") for number in range(3)]
            here = {(lot, place): 0 for lot in lots for place in inside}
            for lot in lots:  # a movement before any count: no opening stock
                self.move_lot(lot, 60, self.suppliers, self.stock)
                ledger.book(lot, received=60)
                here[lot, "stock"] += 60
            for _step in range(14):
                lot = dice.choice(lots)
                start, target = dice.sample(sorted(places), 2)
                unit = dice.choice([self.unit, self.dozen])
                quantity = dice.randint(1, 3)
                pieces = quantity * (12 if unit == self.dozen else 1)
                if start in inside and here[lot, start] < pieces:
                    continue
                counted = "inventory" in (start, target) and dice.random() < 0.5
                self.move_lot(
                    lot,
                    quantity,
                    places[start],
                    places[target],
                    unit,
                    is_inventory=counted,
                )
                for place, sign in ((start, -1), (target, 1)):
                    if place in inside:
                        here[lot, place] += sign * pieces
                if start not in inside:
                    kind = came.get(start, "gained" if counted else "unscrapped")
                    ledger.book(lot, **{kind: pieces, "in": pieces})
                if target not in inside:
                    kind = went.get(target, "lost" if counted else "scrapped")
                    ledger.book(lot, **{kind: pieces, "out": pieces})
            for lot in lots:
                with self.subTest(seed=seed, lot=lot.name):
                    ledger.book(
                        lot,
                        **{
                            "in": 60,
                            "stock": here[lot, "stock"] + here[lot, "shelf"],
                            "in_transit": here[lot, "van"],
                            "there": sum(here[lot, place] for place in inside),
                        },
                    )
                    self.assertEqual(self.kinds(lot), ledger.expected(lot))


@tagged("post_install", "-at_install")
class TestRelation(LotsCase):
    """Without an order that says so, Odoo's relation of lines is what lots were made
    of.
    """

    def test_lots_are_followed_by_the_relation_both_ways(self):
        part, other, made = (self.make_lot(name) for name in ("P-1", "P-2", "M-1"))
        for lot in (part, other):
            self.move_lot(lot, 10, self.suppliers, self.stock)
        used = self.move_lot(part, 6, self.stock, self.production)
        used |= self.move_lot(other, 2, self.stock, self.production)
        finished = self.move_lot(made, 4, self.production, self.stock)
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        down = part._complaint_trace()
        self.assertEqual(
            [(row["lot_id"], row["depth"], row["path"]) for row in down],
            [(part.id, 0, [part.id]), (made.id, 1, [part.id, made.id])],
        )
        self.assertEqual(
            {
                row["lot_id"]: (row["at_least"], row["at_most"])
                for row in made._complaint_trace("up")
            },
            {made.id: (4, 4), part.id: (6, 6), other.id: (2, 2)},
        )

    def test_lots_that_were_made_of_each_other_end(self):
        first, second = self.make_lot("C-1"), self.make_lot("C-2")
        self.move_lot(first, 5, self.suppliers, self.stock)
        for start, target in ((first, second), (second, first), (first, second)):
            used = self.move_lot(start, 5, self.stock, self.production)
            made = self.move_lot(target, 5, self.production, self.stock)
            made.move_line_ids.consume_line_ids = used.move_line_ids
        rows = first._complaint_trace()
        self.assertEqual([row["lot_id"] for row in rows], [first.id, second.id])
