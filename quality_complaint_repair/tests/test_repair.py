from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.quality_complaint.tests.common import APP, ComplaintCase


class RepairCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.part = cls.make_product("Bearing", standard_price=3.5)
        cls.env["stock.quant"]._update_available_quantity(cls.part, cls.stock, 50)
        cls.lot = cls.make_lot("P-100", quantity=10)
        cls.order = cls.sell({cls.lot: 10})

    def repair(self, order, parts=(), user=None):
        """Do the repair as the workshop does.

        :param parts: list of (kind of part, product, quantity)
        """
        order = order.with_user(user or self.warehouse_worker)
        order.move_ids = [
            Command.create(
                {
                    "repair_line_type": kind,
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                }
            )
            for kind, product, quantity in parts
        ]
        order.action_repair_start()
        for move in order.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.action_repair_end()
        self.assertEqual(order.state, "done")

    def sent(self, remedy):
        return remedy.picking_ids.filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing" and picking.state != "cancel"
            )
        )

    def finish(self, picking):
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def returned_for_inspection(self, quantity=6):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", quantity)
        back.action_submit()
        back.action_execute()
        return complaint, self.receive(back)

    def inspected(self, receipt, **vals):
        """The receipt's inspection result, as the warehouse enters it."""
        receipt = receipt.with_user(self.warehouse_worker)
        known = (
            self.env["quality.complaint.inspection"]
            .with_user(self.warehouse_worker)
            .search([("picking_id", "=", receipt.id)], limit=1)
        )
        inspection = known or self.inspect(receipt)[:1]
        inspection.write(vals)
        return inspection

    def alerts(self, complaint):
        return complaint.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_warning")
            )
        )

    def serials(self, *names, lot_on_line=False):
        """A complaint about serial numbers, planned to be repaired and received; one
        line for all, or one each.

        :return: (remedy, the serial numbers)
        """
        pump = self.make_product("Pump", tracking="serial")
        lots = [self.make_lot(name, pump, 1) for name in names]
        order = self.sell(dict.fromkeys(lots, 1), product=pump)
        rows = order.picking_ids.move_line_ids
        common = {"product_id": pump.id, "sale_line_id": order.order_line.id}
        if lot_on_line:
            lines = [
                {
                    **common,
                    "lot_id": row.lot_id.id,
                    "move_line_id": row.id,
                    "quantity": 1,
                }
                for row in rows
            ]
        else:
            lines = [{**common, "move_line_id": rows[0].id, "quantity": len(lots)}]
        complaint = self.investigated(
            self.make_complaint(
                partner_id=self.customer.id,
                line_ids=[Command.create(line) for line in lines],
            )
        )
        if not lot_on_line:
            complaint.line_ids.lot_id = False
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "repair",
                "line_ids": [
                    Command.create({"complaint_line_id": line.id})
                    for line in complaint.line_ids
                ],
            }
        )
        complaint.action_submit_plan()
        if complaint.approval_ids:  # several lots are serious
            complaint.with_user(self.manager).action_approve_plan()
        complaint.action_execute()
        receipt = remedy.picking_ids
        if not lot_on_line:
            move = receipt.move_ids
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_id": lot.id,
                        "quantity": 1,
                        "product_uom_id": self.unit.id,
                    }
                )
                for lot in lots
            ]
        self.finish(receipt)
        return remedy, lots


@tagged("post_install", "-at_install")
class TestRepair(RepairCase):
    """Goods received for a repair get their repair order, once; what is repaired goes
    back to the customer by itself.
    """

    def test_received_goods_get_one_repair_order_under_warranty(self):
        complaint, remedy = self.executed(
            self.lot, "repair", 2, instruction="Check the bearing"
        )
        self.assertFalse(remedy.repair_ids)
        receipt = self.receive(remedy)
        repair = remedy.repair_ids
        returns = self.warehouse.complaint_return_location_id
        self.assertEqual(
            (
                repair.state,
                repair.under_warranty,
                repair.product_qty,
                repair.product_uom,
            ),
            ("confirmed", True, 2.0, self.unit),
        )
        self.assertEqual(
            (repair.lot_id, repair.product_id, repair.partner_id, repair.picking_id),
            (self.lot, self.strip, self.customer, receipt),
        )
        self.assertEqual(
            (repair.product_location_src_id, repair.product_location_dest_id),
            (returns, returns),
        )
        self.assertEqual(
            (repair.picking_type_id, repair.company_id),
            (self.warehouse.repair_type_id, self.company),
        )
        self.assertFalse(repair.user_id)
        self.assertIn(complaint.name, repair.internal_notes)
        self.assertIn("Check the bearing", repair.internal_notes)
        self.assertEqual(remedy.state, "executing")
        self.assertIn(f"{repair.name}: Confirmed", remedy.progress)

    def test_second_execute_makes_none(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        remedy.action_execute()
        complaint.action_execute()
        self.assertEqual(len(remedy.repair_ids), 1)

    def test_second_receipt_gets_its_own_order(self):
        _complaint, remedy = self.executed(self.lot, "repair", 3)
        self.receive(remedy, quantity=1, backorder=True)
        self.receive(remedy)
        self.assertEqual(
            remedy.repair_ids.sorted("id").mapped("product_qty"), [1.0, 2.0]
        )

    def test_received_nothing_repairs_nothing(self):
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        remedy.action_execute()
        self.assertFalse(remedy.repair_ids)
        remedy.picking_ids.action_cancel()
        self.assertFalse(remedy.repair_ids)

    def test_repair_at_the_customer_makes_no_order(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "repair", 2, goods="keep")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertFalse(remedy.repair_ids)

    def test_repaired_goods_go_back_with_their_lot_and_end_the_remedy(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        line = self.order.order_line
        before = (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice)
        self.repair(remedy.repair_ids, [("add", self.part, 2)])
        picking = self.sent(remedy)
        self.assertEqual(
            (
                picking.move_ids.product_uom_qty,
                picking.move_ids.move_line_ids.lot_id,
                picking.partner_id,
            ),
            (2.0, self.lot, self.customer),
        )
        self.assertEqual(
            picking.move_ids.location_id, self.warehouse.complaint_return_location_id
        )
        self.assertEqual(remedy.state, "executing")
        remedy.action_execute()
        self.assertEqual(self.sent(remedy), picking)
        self.finish(picking)
        self.assertEqual(
            (remedy.state, remedy.line_ids.shipped_quantity), ("done", 2.0)
        )
        self.assertEqual(
            (line.qty_delivered, line.qty_invoiced, line.qty_to_invoice), before
        )
        self.assertEqual(before, (10.0, 10.0, 0.0))
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 0.0
        )
        self.assertIn(
            f"{remedy.repair_ids.name}: 2 Units of Copper strip (P-100) repaired",
            "".join(complaint.message_ids.mapped("body")),
        )

    def test_untracked_goods_are_repaired_in_the_stock_unit(self):
        bolt = self.make_product("Bolt")
        self.env["stock.quant"]._update_available_quantity(bolt, self.stock, 24)
        order = self.sell(2, product=bolt, uom=self.dozen)
        row = order.picking_ids.move_line_ids
        complaint = self.investigated(
            self.make_complaint(
                partner_id=self.customer.id,
                line_ids=[
                    Command.create(
                        {
                            "product_id": bolt.id,
                            "move_line_id": row.id,
                            "quantity": 1,
                            "product_uom_id": self.dozen.id,
                        }
                    )
                ],
            )
        )
        remedy = self.plan(complaint, "repair")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(remedy)
        repair = remedy.repair_ids
        self.assertEqual(
            (repair.product_qty, repair.product_uom, repair.lot_id),
            (12.0, self.unit, self.lot.browse()),
        )
        self.repair(repair)
        self.finish(self.sent(remedy))
        self.assertEqual(
            (remedy.state, remedy.line_ids.shipped_quantity), ("done", 1.0)
        )

    def test_goods_inspected_first_are_repaired_on_execute(self):
        complaint, receipt = self.returned_for_inspection()
        self.investigated(complaint)
        remedy = self.plan(complaint, "repair", 2)
        complaint.action_submit_plan()
        complaint.action_execute()
        repair = remedy.repair_ids
        self.assertEqual(
            (repair.product_qty, repair.picking_id, repair.lot_id, repair.state),
            (2.0, receipt, self.lot, "confirmed"),
        )
        self.assertEqual(remedy.state, "executing")
        remedy.action_execute()
        self.assertEqual(remedy.repair_ids, repair)
        self.repair(repair)
        self.assertEqual(self.sent(remedy).move_ids.product_uom_qty, 2.0)
        self.finish(self.sent(remedy))
        self.assertEqual(remedy.state, "done")

    def test_order_the_warehouse_made_before_is_taken_over(self):
        complaint, receipt = self.returned_for_inspection(2)
        action = receipt.with_user(self.warehouse_worker).action_repair_return()
        form = Form(
            self.env["repair.order"]
            .with_user(self.warehouse_worker)
            .with_context(**action["context"])
        )
        form.product_id = self.strip
        repair = form.save()
        self.investigated(complaint)
        remedy = self.plan(complaint, "repair", 2)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(
            (remedy.repair_ids, repair.sudo().remedy_line_id),
            (repair.sudo(), remedy.line_ids),
        )

    def test_failing_shipment_never_breaks_the_repair(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        line_class = type(self.env["quality.complaint.remedy.line"])
        with (
            patch.object(
                line_class, "_send_back", side_effect=UserError("No way back")
            ),
            mute_logger("odoo.addons.quality_complaint.models.remedy.credit"),
        ):
            self.repair(remedy.repair_ids)
        self.assertEqual((remedy.failure, remedy.state), ("No way back", "executing"))
        self.assertTrue(self.alerts(complaint))
        remedy._try_follow_up()  # as the scheduled action does
        self.assertEqual(self.sent(remedy).move_ids.product_uom_qty, 2.0)
        self.assertFalse(remedy.failure)

    def test_failing_order_never_breaks_the_receipt(self):
        self.warehouse.repair_type_id.active = False
        self.warehouse.repair_type_id = False
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        with mute_logger("odoo.addons.quality_complaint.models.remedy.credit"):
            self.assertEqual(self.receive(remedy).state, "done")
        self.assertIn("operation type", remedy.failure)

    def test_closing_names_the_unfinished_repair(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        texts = [text for text, _record in complaint._get_open_ends()]
        self.assertTrue([text for text in texts if remedy.repair_ids.name in text])
        with self.assertRaisesRegex(UserError, "open documents"):
            remedy.action_accept()

    def test_two_products_on_one_receipt_keep_their_lots(self):
        """Odoo would put the receipt's only lot on both orders."""
        bolt = self.make_product("Bolt")
        self.env["stock.quant"]._update_available_quantity(bolt, self.stock, 5)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 2,
                            "price_unit": 5,
                        }
                    )
                    for product in (self.strip, bolt)
                ],
            }
        )
        self.make_lot("P-300", quantity=2)
        order.action_confirm()
        order.picking_ids.action_assign()
        self.finish(order.picking_ids)
        self.invoice(order)
        rows = order.picking_ids.move_line_ids
        complaint = self.investigated(
            self.make_complaint(
                partner_id=self.customer.id,
                line_ids=[
                    Command.create(
                        {
                            "product_id": row.product_id.id,
                            "lot_id": row.lot_id.id,
                            "move_line_id": row.id,
                            "quantity": 2,
                        }
                    )
                    for row in rows
                ],
            )
        )
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "repair",
                "line_ids": [
                    Command.create({"complaint_line_id": line.id})
                    for line in complaint.line_ids
                ],
            }
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        self.finish(remedy.picking_ids)
        self.env.flush_all()
        self.env.invalidate_all()
        by_product = {
            repair.product_id: (repair.lot_id.name, repair.product_qty)
            for repair in remedy.repair_ids
        }
        self.assertEqual(by_product, {self.strip: ("P-300", 2.0), bolt: (False, 2.0)})


@tagged("post_install", "-at_install")
class TestSeveralUnits(RepairCase):
    """Each unit goes its own way: only what is repaired is sent."""

    def test_each_serial_number_has_its_order_and_only_the_repaired_one_is_sent(self):
        remedy, (first, second) = self.serials("S-1", "S-2")
        repairs = {repair.lot_id: repair for repair in remedy.repair_ids}
        self.assertEqual(set(repairs), {first, second})
        self.assertEqual(set(remedy.repair_ids.mapped("product_qty")), {1.0})
        self.repair(repairs[second])
        picking = self.sent(remedy)
        self.assertEqual(
            (picking.move_ids.product_uom_qty, picking.move_ids.move_line_ids.lot_id),
            (1.0, second),
        )
        self.finish(picking)
        self.assertEqual(remedy.state, "executing")
        self.repair(repairs[first])
        picking = self.sent(remedy) - picking
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, first)
        self.finish(picking)
        self.assertEqual(remedy.state, "done")

    def test_serial_numbers_on_lines_of_their_own(self):
        remedy, (_first, second) = self.serials("S-1", "S-2", lot_on_line=True)
        self.assertEqual(len(remedy.repair_ids), 2)
        self.repair(remedy.repair_ids.filtered(lambda repair: repair.lot_id == second))
        self.assertEqual(self.sent(remedy).move_ids.move_line_ids.lot_id, second)

    def test_last_of_three_serial_numbers_is_sent_when_repaired_first(self):
        remedy, lots = self.serials("S-1", "S-2", "S-3")
        self.repair(remedy.repair_ids.filtered(lambda repair: repair.lot_id == lots[2]))
        self.assertEqual(self.sent(remedy).move_ids.move_line_ids.lot_id, lots[2])
        self.assertEqual(self.sent(remedy).move_ids.product_uom_qty, 1.0)

    def test_part_of_a_lot_on_the_bench_stays_while_the_later_receipt_is_sent(self):
        _complaint, remedy = self.executed(self.lot, "repair", 4)
        self.receive(remedy, quantity=1, backorder=True)
        self.receive(remedy)
        early, late = remedy.repair_ids.sorted("id")
        early.action_repair_start()
        self.repair(late)
        picking = self.sent(remedy)
        self.assertEqual(
            (picking.move_ids.product_uom_qty, picking.return_id),
            (3.0, late.picking_id),
        )
        with self.assertRaisesRegex(UserError, "here"):
            remedy.action_send_back()
        self.repair(early)
        self.assertEqual(sum(self.sent(remedy).move_ids.mapped("product_uom_qty")), 4.0)

    def test_sending_back_cancels_what_is_not_started_and_leaves_what_is(self):
        remedy, (first, second) = self.serials("S-1", "S-2")
        repairs = {repair.lot_id: repair for repair in remedy.repair_ids}
        repairs[first].action_repair_start()
        remedy.action_send_back()
        picking = self.sent(remedy)
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, second)
        self.assertEqual(
            (repairs[first].state, repairs[second].state), ("under_repair", "cancel")
        )
        self.assertFalse(self.alerts(remedy.complaint_id))
        self.finish(picking)
        self.repair(repairs[first])
        picking = self.sent(remedy) - picking
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, first)
        self.finish(picking)
        self.assertEqual(remedy.state, "done")

    def test_cancelled_shipment_is_sent_again(self):
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        self.repair(remedy.repair_ids)
        self.sent(remedy).action_cancel()
        remedy.action_execute()
        self.assertEqual(
            (self.sent(remedy).move_ids.product_uom_qty, len(remedy.repair_ids)),
            (2.0, 1),
        )


@tagged("post_install", "-at_install")
class TestGivenUp(RepairCase):
    """A cancelled repair frees the goods and is put before the handler, who decides
    anew.
    """

    def test_cancelled_repair_alerts_and_the_outcome_can_change(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        with self.assertRaisesRegex(UserError, "decides it"):
            remedy.action_change_outcome()
        remedy.repair_ids.with_user(self.warehouse_worker).action_repair_cancel()
        self.assertIn(remedy.repair_ids.name, self.alerts(complaint).summary)
        self.assertEqual(self.alerts(complaint).user_id, complaint.user_id)
        self.assertEqual(remedy.state, "executing")
        action = remedy.action_change_outcome()
        self.assertEqual((remedy.kind, remedy.state), ("return", "done"))
        refund = (
            self.env["quality.complaint.remedy"]
            .with_context(**action["context"])
            .create({"kind": "refund"})
        )
        refund.action_submit()
        refund.action_execute()
        self.assertEqual(refund.line_ids.received_before, 2.0)

    def test_what_the_workshop_gave_up_is_repaired_only_when_asked_again(self):
        remedy, (first, second) = self.serials("S-1", "S-2")
        repairs = {repair.lot_id: repair for repair in remedy.repair_ids}
        repairs[first].action_repair_cancel()
        self.repair(repairs[second])
        self.assertEqual(len(remedy.repair_ids), 2)
        self.assertEqual(self.sent(remedy).move_ids.move_line_ids.lot_id, second)
        remedy.action_execute()
        again = remedy.repair_ids - repairs[first] - repairs[second]
        self.assertEqual((again.lot_id, again.state), (first, "confirmed"))
        remedy.action_execute()
        self.assertEqual(len(remedy.repair_ids), 3)

    def test_deleted_order_is_made_again_and_told(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        name = remedy.repair_ids.name
        remedy.repair_ids.with_user(self.warehouse_worker).unlink()
        self.assertFalse(remedy.repair_ids)
        self.assertIn(name, self.alerts(complaint).summary)
        remedy.action_execute()
        self.assertEqual(remedy.repair_ids.product_qty, 2.0)

    def test_remedy_with_a_repair_is_not_given_up(self):
        complaint, _receipt = self.returned_for_inspection(2)
        self.investigated(complaint)
        remedy = self.plan(complaint, "repair", 2)
        complaint.action_submit_plan()
        complaint.action_execute()
        with self.assertRaisesRegex(UserError, remedy.repair_ids.name):
            remedy.action_cancel()
        remedy.repair_ids.action_repair_cancel()
        remedy.action_cancel()
        self.assertEqual(remedy.state, "cancelled")

    def test_nothing_was_wrong_goods_go_back_unrepaired(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        remedy.action_send_back()
        self.assertEqual(remedy.repair_ids.state, "cancel")
        self.assertTrue(self.sent(remedy).move_ids.complaint_as_is)
        self.assertFalse(self.alerts(complaint))
        self.finish(self.sent(remedy))
        self.assertEqual(remedy.state, "done")


@tagged("post_install", "-at_install")
class TestPartsCost(RepairCase):
    """What a repair costs is the value of the parts used, less the value of those taken
    out.
    """

    def test_parts_consumed_less_parts_recycled(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        seal = self.make_product("Seal", standard_price=1.25)
        repair = remedy.repair_ids
        self.repair(
            repair, [("add", self.part, 3), ("recycle", seal, 2), ("remove", seal, 1)]
        )
        self.assertEqual(repair._complaint_parts_cost(), 3 * 3.5 - 2 * 1.25)
        rows = self.cost_rows(complaint).filtered(lambda row: row.source == "repair")
        self.assertEqual(
            {(row.goods_id, row.actual) for row in rows},
            {(self.part, 10.5), (seal, -2.5)},
        )
        self.assertEqual(complaint.cost_total, 8.0)

    def test_unfinished_repair_costs_nothing_yet(self):
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        remedy.repair_ids.move_ids = [
            Command.create(
                {
                    "repair_line_type": "add",
                    "product_id": self.part.id,
                    "product_uom_qty": 2,
                }
            )
        ]
        self.assertEqual(remedy.repair_ids._complaint_parts_cost(), 0.0)

    def test_complaint_and_remedy_show_parts_cost_and_result(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        remedy.repair_ids.with_user(
            self.warehouse_worker
        ).complaint_result = "Bearing worn out, replaced"
        self.repair(remedy.repair_ids, [("add", self.part, 3)])
        for record in (remedy, complaint):
            self.env.invalidate_all()
            for text in (
                remedy.repair_ids.name,
                "Repaired",
                "Bearing",
                "10.50",
                "worn out",
            ):
                self.assertIn(text, record.with_user(self.officer).repair_summary)
        self.assertEqual(complaint.with_user(self.officer).repair_count, 1)


@tagged("post_install", "-at_install")
class TestRepairDisposition(RepairCase):
    """The inspection's “Repair” makes the order of the lot as found, or takes over the
    one that is there.
    """

    def test_repair_order_of_the_lot_as_found(self):
        complaint, receipt = self.returned_for_inspection()
        inspection = self.inspected(receipt, quantity=2, disposition="repair")
        self.assertTrue(inspection.can_dispose)
        action = inspection.action_dispose()
        repair = self.env["repair.order"].browse(action["res_id"])
        self.assertEqual(
            (repair.product_qty, repair.lot_id, repair.state, repair.picking_id),
            (2.0, self.lot, "confirmed", receipt),
        )
        self.assertEqual(
            (repair.complaint_inspection_id.id, repair.remedy_line_id.id),
            (inspection.id, False),
        )
        self.assertIn(repair.name, inspection.disposition_status)
        self.assertFalse(inspection.can_dispose)
        self.assertIn(
            repair.name, "".join(text for text, _record in complaint._get_open_ends())
        )
        self.assertEqual(complaint.repair_count, 1)
        with self.assertRaisesRegex(UserError, repair.name):
            inspection.action_dispose()
        with self.assertRaises(UserError):
            inspection.quantity = 3
        repair.action_repair_cancel()
        self.assertTrue(inspection.can_dispose)

    def test_remedy_takes_over_the_order_of_the_inspection(self):
        complaint, receipt = self.returned_for_inspection()
        inspection = self.inspected(receipt, quantity=2, disposition="repair")
        inspection.action_dispose()
        self.repair(inspection.sudo().repair_ids)
        self.investigated(complaint)
        remedy = self.plan(complaint, "repair", 2)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(remedy.repair_ids, inspection.sudo().repair_ids)
        self.assertEqual(self.sent(remedy).move_ids.product_uom_qty, 2.0)
        self.finish(self.sent(remedy))
        self.assertEqual(remedy.state, "done")

    def test_order_of_the_remedy_is_taken_and_reduced(self):
        _complaint, remedy = self.executed(self.lot, "repair", 3)
        receipt = self.receive(remedy)
        repair = remedy.repair_ids
        scrap = self.inspected(receipt, quantity=2, disposition="scrap")
        with self.assertRaisesRegex(UserError, repair.name):
            scrap.action_dispose()
        inspection = scrap.copy({"quantity": 1, "disposition": "repair"})
        inspection.action_dispose()
        self.assertEqual(
            (remedy.repair_ids, repair.product_qty, repair.complaint_inspection_id.id),
            (repair, 1.0, inspection.id),
        )
        scrap.action_dispose()
        self.repair(repair)
        self.assertEqual(self.sent(remedy).move_ids.product_uom_qty, 1.0)
        self.assertEqual(remedy.repair_ids, repair)

    def test_no_fault_found_goes_back_and_the_rest_is_repaired(self):
        _complaint, remedy = self.executed(self.lot, "repair", 2)
        receipt = self.receive(remedy)
        fine = self.inspected(receipt, quantity=1, disposition="repair")
        fine.action_dispose()
        back = fine.copy(
            {
                "quantity": 1,
                "disposition": "customer",
                "condition": "as_new",
                "no_fault_found": True,
            }
        )
        back.action_dispose()
        self.finish(self.sent(remedy))
        self.repair(remedy.repair_ids)
        picking = self.sent(remedy).filtered(lambda picking: picking.state != "done")
        self.assertEqual(picking.move_ids.product_uom_qty, 1.0)
        self.finish(picking)
        self.assertEqual(remedy.state, "done")


@tagged("post_install", "-at_install")
class TestRepairAccess(RepairCase):
    """Repair staff see the number and what to look for, not the complaint; the link is
    made by the flow only.
    """

    def setUp(self):
        super().setUp()
        self.complaint, self.remedy = self.executed(
            self.lot, "repair", 2, instruction="Check the bearing"
        )
        self.receive(self.remedy)
        self.repair_order = self.remedy.repair_ids

    def test_repair_staff_see_number_and_instruction_only(self):
        repair = self.repair_order.with_user(self.warehouse_worker)
        self.assertEqual(repair.complaint_number, self.complaint.name)
        self.assertIn("Check the bearing", repair.complaint_instruction)
        found = repair.search(
            [
                "|",
                ("remedy_line_id", "!=", False),
                ("complaint_inspection_id", "!=", False),
            ]
        )
        self.assertEqual(found, repair)
        with Form(repair) as form:
            form.complaint_result = "Cleaned"
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.warehouse_worker).read(["name"])
        with self.assertRaises(AccessError):
            self.remedy.line_ids.with_user(self.warehouse_worker).read(["quantity"])

    def test_link_is_not_made_by_hand(self):
        repair = self.repair_order.with_user(self.warehouse_worker)
        for name in ("remedy_line_id", "complaint_inspection_id"):
            with self.assertRaisesRegex(UserError, "not by hand"):
                repair.write({name: False})
        vals = {
            "product_id": self.strip.id,
            "lot_id": self.lot.id,
            "picking_type_id": self.warehouse.repair_type_id.id,
        }
        with self.assertRaisesRegex(UserError, "not by hand"):
            repair.create({**vals, "remedy_line_id": self.remedy.line_ids.id})
        with self.assertRaisesRegex(UserError, "not by hand"):
            repair.with_context(default_remedy_line_id=self.remedy.line_ids.id).create(
                vals
            )
        self.assertFalse(repair.copy().sudo().remedy_line_id)

    def test_another_companys_user_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other Works"})
        vals = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        stranger = new_test_user(
            self.env, "qc_other", f"stock.group_stock_user,{APP}officer", **vals
        )
        for record, name in (
            (self.repair_order, "complaint_number"),
            (self.remedy, "repair_summary"),
            (self.complaint, "repair_count"),
        ):
            with self.assertRaisesRegex(AccessError, "Other Works|access"):
                record.with_user(stranger).with_context(
                    allowed_company_ids=other.ids
                ).read([name])
        orders = (
            self.env["repair.order"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(orders.search([("remedy_line_id", "!=", False)]))

    def test_officer_without_inventory_rights_executes_and_reads_the_summary(self):
        remedy = self.remedy.with_user(self.officer)
        self.env.invalidate_all()
        self.assertIn(self.repair_order.name, remedy.repair_summary)
        remedy.action_execute()
        remedy.action_send_back()
        self.assertEqual(self.repair_order.state, "cancel")
        self.assertEqual(self.sent(self.remedy).move_ids.product_uom_qty, 2.0)

    def test_forms_open_for_their_users(self):
        self.assertTrue(Form(self.remedy.with_user(self.officer)))
        self.assertTrue(Form(self.complaint.with_user(self.officer)))
        both = new_test_user(
            self.env,
            "qc_both",
            f"stock.group_stock_user,{APP}officer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(
            self.complaint.with_user(both).action_view_repairs()["res_id"],
            self.repair_order.id,
        )
        self.assertEqual(
            self.remedy.with_user(both).action_view_repairs()["res_id"],
            self.repair_order.id,
        )
