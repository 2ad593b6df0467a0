import random
from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.improvement.kpi import Scope
from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestKpi(FiguresCase):
    """Indicators of a generated year, reckoned again by other code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.bar = cls.make_product("Copper bar", uom_id=cls.kilo.id)
        cls.north = cls.env["quality.complaint.team"].create({"name": "North"})
        cls.rolling = cls.env["quality.complaint.responsible"].create(
            {"name": "Rolling mill", "kind": "department"}
        )
        cls.make_users()
        cls.dice = random.Random(19)
        cls.rows = [cls.generated(number) for number in range(70)]
        cls.settle()

    @classmethod
    def generated(cls, number):
        """A complaint with everything an indicator asks for; what was rolled is
        returned, to be counted apart.
        """
        dice = cls.dice
        # around the ends of months, where Shanghai is already in the next one
        received = moment("2026-08-01 00:00") + timedelta(
            days=dice.choice((0, 14, 29, 30, 31, 60, 61)), hours=dice.randrange(24)
        )
        row = {
            "received": received,
            "team": dice.choice((cls.north, cls.north.browse())),
            "product": dice.choice((cls.strip, cls.bar)),
            "is_repeat": dice.random() < 0.3,
            "validity": dice.choice(("valid", "invalid", "unknown")),
            "department": dice.choice((cls.department, cls.rolling)),
            "user": dice.choice((cls.officer, cls.handler)),
            "round": dice.choice((1, 1, 2)),
            "closed": dice.random() < 0.7
            and received + timedelta(days=dice.randrange(1, 40), hours=5),
            "due": received + timedelta(days=dice.choice((1, 3, 30))),
            "counts": number % 10 != 9,
        }
        row["done"] = dice.random() < 0.8 and received + timedelta(
            hours=dice.randrange(1, 120)
        )
        row["score"] = row["closed"] and dice.choice((None, 40.0, 90.0, 100.0))
        complaint = cls.env["quality.complaint"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.customer.id,
                "description": f"Generated {number}",
                "received_on": received,
                "team_id": row["team"].id,
                "responsible_id": row["department"].id,
                "user_id": row["user"].id,
                "line_ids": [
                    Command.create({"product_id": row["product"].id, "quantity": 1})
                ],
                "type_id": cls.env.ref(
                    "quality_complaint.type_complaint"
                    if row["counts"]
                    else "quality_complaint.type_inquiry"
                ).id,
            }
        )
        complaint.sudo()._advance(
            {
                "name": f"GEN/{number:05}",
                "state": "closed" if row["closed"] else "registered",
                "closed_on": row["closed"],
                "repeat_rank": 2 if row["is_repeat"] else 1,
                "validity": row["validity"],
                "round": row["round"],
            }
        )
        complaint.sudo().deadline_ids.filtered("limit_id").unlink()
        cls.limit_of(complaint, "responded", row["due"], row["done"] or None)
        if row["score"] is not None and row["closed"]:
            cls.env["quality.complaint.revisit"].sudo().create(
                {"complaint_id": complaint.id}
            )._advance(
                {
                    "state": "done",
                    "result": "satisfied" if row["score"] >= 60 else "unsatisfied",
                    "score": row["score"],
                    "done_on": row["closed"],
                }
            )
        row["complaint"] = complaint
        return row

    def scope(self, first, last, team=None, **whose):
        return Scope(
            self.company,
            team or self.env["quality.complaint.team"],
            first,
            last,
            **whose,
        )

    def figures(self, *args, **options):
        kpi = self.env["quality.complaint.kpi"]
        return {
            row.code: pair
            for row, pair in kpi._figures(self.scope(*args, **options)).items()
        }

    def test_every_month_is_what_was_rolled(self):
        here = timedelta(hours=8)  # Shanghai knows no summer time
        now = moment("2026-11-25 09:30")
        for first, last in (
            (date(2026, 8, 1), date(2026, 8, 31)),
            (date(2026, 9, 1), date(2026, 9, 30)),
            (date(2026, 10, 1), date(2026, 10, 31)),
        ):
            for whose in (
                {},
                {"team": self.north},
                {"department": self.rolling},
                {"user": self.handler},
                {"team": self.north, "department": self.department},
            ):
                rows = [
                    row
                    for row in self.rows
                    if row["counts"] and whose.items() <= row.items()
                ]

                def within(name, rows=rows, first=first, last=last):
                    return [
                        row
                        for row in rows
                        if row[name] and first <= (row[name] + here).date() <= last
                    ]

                closed, received = within("closed"), within("received")
                ended = [
                    row for row in within("due") if row["done"] or row["due"] < now
                ]
                rated = [row for row in closed if row["score"] is not None]
                judged = [row for row in closed if row["validity"] != "unknown"]
                found = self.figures(first, last, **whose)
                with self.subTest(first=first, **{k: v.name for k, v in whose.items()}):
                    self.assertEqual(
                        found["response_in_time"],
                        (
                            sum(
                                bool(row["done"]) and row["done"] <= row["due"]
                                for row in ended
                            ),
                            len(ended),
                        ),
                    )
                    self.assertEqual(
                        found["repeats"],
                        (sum(row["is_repeat"] for row in received), len(received)),
                    )
                    self.assertEqual(
                        found["closed"],
                        (sum(bool(row["closed"]) for row in received), len(received)),
                    )
                    self.assertEqual(
                        found["justified"],
                        (
                            sum(row["validity"] == "valid" for row in judged),
                            len(judged),
                        ),
                    )
                    self.assertEqual(
                        found["reopened"],
                        (sum(row["round"] > 1 for row in closed), len(closed)),
                    )
                    days, count = found["days_to_closing"]
                    self.assertEqual(count, len(closed))
                    self.assertAlmostEqual(
                        days,
                        sum(
                            round(
                                (row["closed"] - row["received"]) / timedelta(days=1), 2
                            )
                            for row in closed
                        ),
                        2,
                    )
                    self.assertEqual(
                        found["satisfaction"],
                        (sum(row["score"] for row in rated), len(rated)),
                    )

    def test_months_add_up_to_the_quarter(self):
        months = [
            self.figures(date(2026, month, 1), date(2026, month, days))
            for month, days in ((8, 31), (9, 30), (10, 31))
        ]
        whole = self.figures(date(2026, 8, 1), date(2026, 10, 31))
        for code in ("response_in_time", "repeats", "justified", "reopened", "closed"):
            self.assertEqual(
                whole[code],
                tuple(map(sum, zip(*(m[code] for m in months), strict=True))),
            )

    def test_complaints_per_million_in_one_kind_of_unit(self):
        lot = self.make_lot("K-1", quantity=500_000)
        self.sell({lot: 250_000})
        self.env["stock.quant"]._update_available_quantity(self.bar, self.stock, 3_000)
        self.sell(3_000, product=self.bar)
        first, last = date(2026, 11, 1), date(2026, 11, 30)
        for _number in range(2):
            self.received("2026-11-10 01:00:00")
        self.received(
            "2026-11-10 01:00:00",
            line_ids=[Command.create({"product_id": self.bar.id, "quantity": 1})],
        )
        self.settle()
        self.assertEqual(self.figures(first, last)["per_million"], (2, 250_000.0))
        kpi = self.env.ref("quality_complaint.kpi_per_million")
        self.assertEqual(kpi._value(2, 250_000.0), 8.0)
        per_unit = kpi._per_unit(self.scope(first, last))
        weight = kpi._base(self.kilo)
        self.assertEqual(
            per_unit[weight],
            (1, self.kilo._compute_quantity(3_000, weight, round=False)),
        )

    def test_deliveries_sales_and_cost(self):
        lot = self.make_lot("C-1", quantity=100)
        first, last = date(2026, 11, 1), date(2026, 11, 30)
        complaints, deliveries = self.figures(first, last)["per_ten_thousand"]
        self.assertEqual((complaints, deliveries), (0, 0))
        self.sell({lot: 40})
        self.sell({self.make_lot("C-2", quantity=60): 60})
        complaint, remedy = self.executed(lot, "credit", quantity=10, amount=10.0)
        remedy.credit_note_ids.action_post()
        while self.env["quality.complaint.cost.booked"]._settle():
            pass
        self.settle()
        found = self.figures(first, last)
        self.assertEqual(found["per_ten_thousand"], (1, 2))
        cost, sales = found["cost_of_sales"]
        self.assertAlmostEqual(cost, complaint.cost_total, 2)
        self.assertAlmostEqual(sales, 1000.0 - cost, 2)

    def test_light_is_that_of_the_target_in_force(self):
        kpi = self.env.ref("quality_complaint.kpi_response_in_time")
        targets = self.env["quality.complaint.kpi.target"]
        for day, target in (("2026-01-01", 80.0), ("2026-09-01", 95.0)):
            targets.create(
                {
                    "kpi_id": kpi.id,
                    "company_id": self.company.id,
                    "date_from": day,
                    "target": target,
                    "tolerance": 5.0,
                }
            )
        before = targets._in_force(self.company, date(2026, 8, 31))[kpi]
        after = targets._in_force(self.company, date(2026, 9, 1))[kpi]
        self.assertEqual((before.target, after.target), (80.0, 95.0))
        for value, light in (
            (95.0, "green"),
            (94.96, "green"),  # shown as 95.0
            (94.9, "yellow"),
            (90.0, "yellow"),
            (89.9, "red"),
            (None, False),
        ):
            self.assertEqual(after._light(value), light, value)
        repeats = targets.create(
            {
                "kpi_id": self.env.ref("quality_complaint.kpi_repeats").id,
                "target": 10.0,
            }
        )
        self.assertEqual(repeats._light(9.0), "green", "the lower the better")
        self.assertEqual(repeats._light(11.0), "red")

    def test_what_a_department_does_not_ship_says_nothing_about_it(self):
        first, last = date(2026, 8, 1), date(2026, 8, 31)
        whole = self.figures(first, last)
        part = self.figures(first, last, department=self.rolling)
        self.assertLessEqual(
            {"per_million", "per_ten_thousand", "cost_of_sales"},
            whole.keys() - part.keys(),
        )

    def test_department_has_its_own_target_before_that_of_the_company(self):
        kpi = self.env.ref("quality_complaint.kpi_repeats")
        targets = self.env["quality.complaint.kpi.target"]

        def target(day, figure, department=None):
            return targets.create(
                {
                    "kpi_id": kpi.id,
                    "company_id": self.company.id,
                    "department_id": department and department.id,
                    "date_from": day,
                    "target": figure,
                }
            )

        target("2026-01-01", 20.0)
        target("2026-02-01", 12.0, self.rolling)
        target("2026-09-01", 10.0)
        for day, department, figure in (
            (date(2026, 1, 31), self.rolling, 20.0),
            (date(2026, 8, 31), None, 20.0),
            (date(2026, 9, 30), self.rolling, 12.0),
            (date(2026, 9, 30), self.department, 10.0),
        ):
            self.assertEqual(
                targets._in_force(self.company, day, department)[kpi].target, figure
            )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            target("2026-02-01", 13.0, self.rolling)

    def test_target_of_shipments_is_of_no_department(self):
        with self.assertRaisesRegex(ValidationError, "for the company as a whole"):
            self.env["quality.complaint.kpi.target"].create(
                {
                    "kpi_id": self.env.ref("quality_complaint.kpi_per_million").id,
                    "department_id": self.rolling.id,
                    "target": 100.0,
                }
            )

    def test_share_is_no_more_than_all(self):
        for code, target in (("repeats", 195.0), ("repeats", -1.0)):
            with self.assertRaisesRegex(ValidationError, "between 0 and 100"):
                self.env["quality.complaint.kpi.target"].create(
                    {
                        "kpi_id": self.env.ref(f"quality_complaint.kpi_{code}").id,
                        "date_from": f"2026-0{len(str(target))}-01",
                        "target": target,
                    }
                )

    def test_how_much_of_a_target_is_reached(self):
        def attained(code, target, value):
            row = self.env["quality.complaint.kpi.target"].new(
                {
                    "kpi_id": self.env.ref(f"quality_complaint.kpi_{code}").id,
                    "target": target,
                }
            )
            return row._attained(value)

        for code, target, value, expected in (
            ("response_in_time", 95.0, 97.0, 1.0),
            ("response_in_time", 96.0, 48.0, 0.5),
            ("repeats", 10.0, 8.0, 1.0),
            ("repeats", 10.0, 40.0, 0.25),
            ("repeats", 0.0, 40.0, 0.0),
            ("repeats", 10.0, None, None),
        ):
            self.assertEqual(attained(code, target, value), expected)

    @mute_logger("odoo.sql_db")
    def test_tolerance_is_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.env["quality.complaint.kpi.target"].create(
                {
                    "kpi_id": self.env.ref("quality_complaint.kpi_repeats").id,
                    "target": 10.0,
                    "tolerance": -1.0,
                }
            )
