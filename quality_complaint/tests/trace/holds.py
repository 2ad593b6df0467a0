"""Holds for tests, and what must stop by them."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .lots import LotsCase


class HoldCase(LotsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.bad = cls.make_lot("BAD-1")
        cls.good = cls.make_lot("GOOD-1")
        for lot in (cls.bad, cls.good):
            cls.move_lot(lot, 20, cls.suppliers, cls.stock)

    @classmethod
    def hold(cls, *goods, user=None, **vals):
        """A standing hold of lots and products."""
        holds = cls.env["quality.complaint.hold"].with_user(user or cls.engineer)
        hold = holds.create(
            {
                "reason": "Edges too sharp",
                "line_ids": [
                    Command.create(
                        {"kind": "lot", "lot_id": item.id}
                        if item._name == "stock.lot"
                        else {"kind": "product", "product_id": item.id}
                    )
                    for item in goods
                ],
                **vals,
            }
        )
        hold.action_order()
        return hold

    @classmethod
    def lift(cls, hold, disposition="release", rows=None, user=None):
        dialog = (
            cls.env["quality.complaint.hold.lift"]
            .with_user(user or cls.engineer)
            .create(
                {
                    "hold_id": hold.id,
                    "disposition": disposition,
                    "reason": "Sorted",
                    **({"lot_ids": [Command.set(rows.ids)]} if rows else {}),
                }
            )
        )
        dialog.action_lift()

    @classmethod
    def delivery(cls, quantity, product=None, partner=None):
        """A confirmed delivery of an order, reserved as far as Odoo goes."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.strip).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order.picking_ids

    def type_lot(self, move, lot, quantity=1):
        """What a person does on a transfer: a line with this lot."""
        return self.env["stock.move.line"].create(
            {
                **move._prepare_move_line_vals(),
                "lot_id": lot.id,
                "quantity": quantity,
            }
        )

    def assert_stops(self, hold, step):
        """A step is refused with hold, reason and whom to ask, and nothing of it
        happened.
        """
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            step()
        self.env.invalidate_all()
        for words in (hold.name, hold.reason, hold._whom_to_ask()):
            self.assertIn(words, str(error.exception))

    def left(self, lot):
        """What of a lot is at customers or used."""
        sums = lot._complaint_balance()[lot]
        return sums["shipped"] + sums["consumed"]
