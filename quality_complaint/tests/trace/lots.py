"""Lots that move about, and a ledger beside Odoo's that knows where they must be."""

from collections import defaultdict

from odoo.fields import Command

from ..common import ComplaintCase


class LotsCase(ComplaintCase):
    """Moves of lots between any two places, done at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        places = cls.env["stock.location"]

        def of_usage(usage):
            return places.search(
                [
                    ("usage", "=", usage),
                    ("company_id", "in", [False, cls.company.id]),
                ],
                limit=1,
                order="company_id, id",
            )

        cls.suppliers = of_usage("supplier")
        cls.customers = of_usage("customer")
        cls.production = of_usage("production")
        cls.inventory = of_usage("inventory")
        cls.shelf = places.create(
            {"name": "Shelf", "usage": "internal", "location_id": cls.stock.id}
        )
        cls.van = places.create(
            {"name": "Van", "usage": "transit", "company_id": cls.company.id}
        )

    @classmethod
    def move_lot(
        cls, lot, quantity, start, target, unit=None, partner=None, owner=None, **vals
    ):
        """
        :param lot: `stock.lot`, or a product for goods without a lot
        :return: the done `stock.move`
        """
        product = lot.product_id if lot._name == "stock.lot" else lot
        unit = unit or product.uom_id
        places = {"location_id": start.id, "location_dest_id": target.id}
        move = cls.env["stock.move"].create(
            {
                **places,
                "product_id": product.id,
                "product_uom": unit.id,
                "product_uom_qty": quantity,
                "company_id": cls.company.id,
                "partner_id": partner and partner.id,
                **vals,
            }
        )
        move._action_confirm(merge=False)
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    **places,
                    "product_id": product.id,
                    "lot_id": lot.id if lot._name == "stock.lot" else False,
                    "quantity": quantity,
                    "product_uom_id": unit.id,
                    "owner_id": owner and owner.id,
                }
            )
        ]
        move.picked = True
        move._action_done()
        return move

    maxDiff = None

    def kinds(self, lot):
        """The balance without what is nothing."""
        return {
            kind: quantity
            for kind, quantity in lot._complaint_balance()[lot].items()
            if quantity
        }


class Ledger:
    """What must be where, kept beside Odoo: {lot: {kind: quantity}}."""

    def __init__(self):
        self.rows = defaultdict(lambda: defaultdict(float))

    def book(self, lot, **quantities):
        for kind, quantity in quantities.items():
            self.rows[lot][kind] += quantity

    def expected(self, lot):
        return {kind: quantity for kind, quantity in self.rows[lot].items() if quantity}
