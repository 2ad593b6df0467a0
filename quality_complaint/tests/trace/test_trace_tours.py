from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import ComplaintWorld
from .holds import HoldCase


@tagged("post_install", "-at_install")
class TestTraceTours(HoldCase, ComplaintWorld, HttpCase):
    """From a complaint to stopped deliveries, in a real browser."""

    def setUp(self):
        super().setUp()
        self.lot, self.made = self.make_lot("TRACED"), self.make_lot("MADE")
        self.move_lot(self.lot, 20, self.suppliers, self.stock)
        used = self.move_lot(self.lot, 12, self.stock, self.production)
        finished = self.move_lot(self.made, 6, self.production, self.stock)
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        self.move_lot(self.made, 4, self.stock, self.customers, partner=self.customer)

    def test_quality_traces_holds_and_lifts(self):
        complaint = self.make_complaint(
            user=self.engineer,
            partner_id=self.customer.id,
            line_ids=[
                Command.create({"product_id": self.strip.id, "lot_id": self.lot.id})
            ],
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_traces_and_holds",
            login="qc_engineer",
        )
        hold = self.env["quality.complaint.hold"].search(
            [("lot_ids.lot_id", "=", self.lot.id)]
        )
        self.assertEqual(
            (hold.state, hold.lot_ids.lot_id, set(hold.lot_ids.mapped("disposition"))),
            ("lifted", self.lot | self.made, {"release"}),
        )
        self.assertEqual(len(hold.sudo().transfer_ids), 1)

    def test_warehouse_is_told_why_it_cannot_deliver(self):
        transfer = self.delivery(2)
        transfer.move_ids.move_line_ids.unlink()
        self.type_lot(transfer.move_ids, self.lot, 2)
        transfer.move_ids.picked = True
        self.hold(self.lot)
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{transfer.id}",
            "quality_complaint_warehouse_is_stopped",
            login="qc_warehouse",
        )
        self.assertEqual(transfer.state, "assigned")
