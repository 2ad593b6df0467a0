from decimal import Decimal
from itertools import product

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase
from odoo.addons.quality_complaint.tests.remedy.matrix import rounded

COSTS = (
    ("10.00", "10.00", "10.00"),
    ("0.37", "12.40"),
    ("3.10", "4.27", "0.00", "9.41"),
    ("0.00", "0.00", "0.00"),
)
PRICES = ("100.00", "33.35")
KITS = (1, 3)
PER_KIT = (1, 2)
WHEN = ("invoiced", "complained")  # which of the two comes first


def shares(price, kits, costs):
    """Price of each component of all kits, reckoned from the costs at delivery: the
    last one that costs something takes the rest.
    """
    paid = rounded(Decimal(price) * kits)
    costs = [Decimal(cost) for cost in costs]
    if not any(costs):
        costs = [Decimal(1)] * len(costs)
    result = [rounded(paid * cost / sum(costs)) for cost in costs]
    last = max(index for index, cost in enumerate(costs) if cost)
    result[last] = paid - sum(
        share for index, share in enumerate(result) if index != last
    )
    return result


@tagged("post_install", "-at_install")
class TestKitMatrix(ComplaintCase):
    """Whatever kits are made of, and whatever becomes of costs, their components
    together are worth the price paid, to the cent.
    """

    def deliver_kits(self, number, costs, kits, per_kit, price):
        kit = self.make_product(f"Kit {number}", is_storable=False)
        parts = [
            self.make_product(
                f"Part {number}-{index}", tracking="lot", standard_price=float(cost)
            )
            for index, cost in enumerate(costs)
        ]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": per_kit})
                    for part in parts
                ],
            }
        )
        for index, part in enumerate(parts):
            self.make_lot(f"K{number}-{index}", part, 50)
        return parts, self.sell(kits, product=kit, price=float(price), invoice=False)

    def test_components_together_are_worth_the_price(self):
        dimensions = (COSTS, PRICES, KITS, PER_KIT, WHEN)
        for number, indexes in enumerate(
            product(*(range(len(values)) for values in dimensions))
        ):
            if sum(indexes) % 2:  # every second one: each pair of values is still there
                continue
            costs, price, kits, per_kit, when = (
                values[index] for values, index in zip(dimensions, indexes, strict=True)
            )
            with (
                self.subTest(
                    costs=costs, price=price, kits=kits, per_kit=per_kit, when=when
                ),
                self.env.cr.savepoint(flush=True) as savepoint,
            ):
                parts, order = self.deliver_kits(number, costs, kits, per_kit, price)
                if when == "invoiced":
                    self.invoice(order)
                for part in parts:
                    part.standard_price = 55.0  # what they cost later shares nothing
                complaints = [
                    self.make_complaint(lot_ref=f"K{number}-{index}", register=False)
                    for index in range(len(parts))
                ]
                if when == "complained":
                    self.invoice(order)
                lines = [complaint.line_ids for complaint in complaints]
                self.assertEqual(
                    [line.invoice_id for line in lines],
                    [order.invoice_ids] * len(parts),
                )
                self.assertEqual(
                    [rounded(Decimal(repr(line.value))) for line in lines],
                    shares(price, kits, costs),
                )
                savepoint.rollback()
