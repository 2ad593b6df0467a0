from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import ComplaintWorld
from .holds import HoldCase
from .test_recall import RecallCase


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


@tagged("post_install", "-at_install")
class TestRecallTours(RecallCase, ComplaintWorld, HttpCase):
    """A recall from the complaint to the goods, by everybody who takes part."""

    def test_from_the_complaint_to_the_goods_that_come_back(self):
        lot = self.make_lot("RECALLED", quantity=20)
        self.sell({lot: 10})
        self.env.ref("quality_complaint.recall_class_food_1").role_id = self.role
        complaint = self.make_complaint(lot_ref="RECALLED", user=self.officer)
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_recall_is_proposed",
            login="qc_officer",
        )
        recall = self.env["quality.complaint.recall"].search(
            [("complaint_id", "=", complaint.id)]
        )
        self.assertEqual(
            (recall.state, recall.proposed_by_id), ("proposed", self.officer)
        )
        address = f"/odoo/complaint-recalls/{recall.id}"
        self.start_tour(
            address, "quality_complaint_recall_is_decided", login="qc_manager"
        )
        self.assertEqual((recall.state, recall.hold_id.state), ("running", "standing"))
        self.asked(recall.with_user(self.officer))
        row = recall.consignee_ids
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            f"/my/recall/{row.id}?access_token={row.access_token}",
            "quality_complaint_consignee_answers",
        )
        self.assertEqual(
            (row.confirmed_by, row.line_ids.stock_quantity, row.line_ids.used_quantity),
            ("Jo Hart", 6, 3),
        )
        self.browser_size, self.touch_enabled = "1366x768", False
        self.start_tour(
            address, "quality_complaint_recall_brings_goods_back", login="qc_officer"
        )
        shop = recall.consignee_ids - row
        self.assertEqual((shop.parent_id, shop.line_ids.shipped_quantity), (row, 1))
        case = recall.case_ids.filtered("parent_id")
        self.assertEqual(case.remedy_ids.picking_ids.move_ids.product_uom_qty, 6)
