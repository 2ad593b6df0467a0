from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP
from .holds import HoldCase


@tagged("post_install", "-at_install")
class TestReservation(HoldCase):
    """What is on hold is not reserved, not free and not counted on."""

    def test_orders_get_other_lots(self):
        """Row 351: what is sealed is not delivered."""
        self.hold(self.bad)
        transfer = self.delivery(25)
        self.assertEqual(
            [(line.lot_id, line.quantity) for line in transfer.move_line_ids],
            [(self.good, 20)],
        )

    def test_free_and_forecast_quantities_are_without_it(self):
        def quantities():
            names = ["qty_available", "free_qty", "virtual_available"]
            return self.strip.read(names)[0]

        before = quantities()
        hold = self.hold(self.bad)
        self.env.invalidate_all()
        self.assertEqual(
            [
                quantities()[name] - before[name]
                for name in ("qty_available", "free_qty", "virtual_available")
            ],
            [0, -20, -20],
        )
        self.lift(hold)
        self.env.invalidate_all()
        self.assertEqual(quantities(), before)

    def test_what_was_reserved_is_freed_and_other_lots_taken(self):
        transfer = self.delivery(20)
        self.assertEqual(transfer.move_line_ids.lot_id, self.bad)
        transfer.user_id = self.warehouse_worker
        hold = self.hold(self.bad)
        self.assertEqual(
            [(line.lot_id, line.quantity) for line in transfer.move_line_ids],
            [(self.good, 20)],
        )
        self.assertEqual(hold.told_user_ids, self.warehouse_worker)
        activity = transfer.activity_ids
        self.assertEqual(activity.user_id, self.warehouse_worker)
        self.assertIn("BAD-1", activity.summary)
        self.assertIn(hold.name, transfer.message_ids[:1].body)
        self.assertFalse(hold.open_transfers)

    def test_what_was_picked_is_listed_and_caught(self):
        transfer = self.delivery(20)
        transfer.move_ids.picked = True
        hold = self.hold(self.bad)
        self.assertEqual(transfer.move_line_ids.lot_id, self.bad)
        self.assertIn(transfer.name, hold.open_transfers)
        self.assert_stops(hold, transfer.button_validate)
        self.assertEqual(self.left(self.bad), 0)

    def test_forecast_report_hands_out_nothing_on_hold(self):
        self.hold(self.bad)
        self.delivery(25)
        report = self.env["stock.forecasted_product_product"].with_context(
            warehouse_id=self.warehouse.id
        )
        lines = report.get_report_values([self.strip.id])["docs"]["lines"]
        self.assertEqual(
            sorted((line["quantity"], line["replenishment_filled"]) for line in lines),
            [(5, False), (20, True)],
        )

    def test_a_count_that_takes_held_goods_away_is_told(self):
        hold = self.hold(self.bad)
        quant = self.env["stock.quant"]._gather(self.strip, self.stock, self.bad)
        quant = quant.with_user(self.warehouse_worker).with_context(inventory_mode=True)
        quant.inventory_quantity = 17
        quant.action_apply_inventory()
        note = hold.message_ids[:1]
        self.assertEqual(note.partner_ids, self.engineer.partner_id)
        for words in (
            "3 Units of BAD-1",
            self.stock.display_name,
            self.warehouse_worker.name,
        ):
            self.assertIn(words, note.body)
        found = len(hold.message_ids)
        quant.inventory_quantity = 19
        quant.action_apply_inventory()
        self.assertEqual(len(hold.message_ids), found)

    def test_goods_without_lots_are_held_whole_and_orders_stop(self):
        oil = self.make_product("Oil")
        self.move_lot(oil, 30, self.suppliers, self.stock)
        open_transfer = self.delivery(4, oil)
        hold = self.hold(oil)
        self.assertFalse(open_transfer.move_line_ids)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": oil.id, "product_uom_qty": 1})
                ],
            }
        )
        self.assert_stops(hold, order.action_confirm)
        move = open_transfer.move_ids
        self.assert_stops(hold, lambda: self.type_lot(move, self.env["stock.lot"], 2))
        self.assertEqual(oil.free_qty, 0)
        confirmed = open_transfer.sale_id
        self.assert_stops(
            hold,
            lambda: confirmed.write(
                {
                    "order_line": [
                        Command.create({"product_id": oil.id, "product_uom_qty": 2})
                    ]
                }
            ),
        )
        self.lift(hold)
        order.action_confirm()
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestGate(HoldCase):
    """Nothing on hold leaves, whichever way; what brings it to safety goes on."""

    def test_every_way_out_is_shut(self):
        opened = self.delivery(3)
        done = self.delivery(2)
        self.deliver(done.sale_id, {self.good: 2})
        goods_out = done.move_line_ids
        bad_out = self.delivery(1)
        self.deliver(bad_out.sale_id, {self.bad: 1})
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "2ND", "company_id": self.company.id}
        )
        hold = self.hold(self.bad)
        package = self.env["stock.package"].create({"name": "BOX"})
        move = opened.move_ids
        lines = self.env["stock.move.line"]
        vals = {
            "product_id": self.strip.id,
            "product_uom_id": self.unit.id,
            "lot_id": self.bad.id,
            "quantity": 1,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
        }
        header = {
            "picking_type_id": self.warehouse.out_type_id.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
        }

        def by_another_place():
            line = self.env["stock.picking"].create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.shelf.id,
                    "move_line_ids": [
                        Command.create({**vals, "location_dest_id": self.shelf.id})
                    ],
                }
            )
            line.move_line_ids.location_dest_id = self.customers

        def by_import():
            done = lines.load(
                ["picking_id/.id", "product_id/.id", "lot_id/.id", "quantity",
                 "location_id/.id", "location_dest_id/.id"],
                [[str(opened.id), str(self.strip.id), str(self.bad.id), "1",
                  str(self.stock.id), str(self.customers.id)]],
            )  # fmt: skip
            raise UserError(done["messages"][0]["message"])

        def in_two_steps():
            self.warehouse.delivery_steps = "pick_ship"
            picking = self.delivery(1)
            self.type_lot(picking.move_ids[:1], self.bad)

        ways = {
            "typed": lambda: self.type_lot(move, self.bad),
            "changed": lambda: move.move_line_ids.write({"lot_id": self.bad.id}),
            "through the move": lambda: move.write({"lot_ids": [(6, 0, self.bad.ids)]}),
            "new transfer": lambda: self.env["stock.picking"].create(
                {**header, "move_line_ids": [Command.create(vals)]}
            ),
            "new move": lambda: self.move_lot(self.bad, 1, self.stock, self.customers),
            "into production": lambda: self.move_lot(
                self.bad, 1, self.stock, self.production
            ),
            "to another company": lambda: self.move_lot(
                self.bad, 1, self.stock, self.van
            ),
            "to another warehouse": lambda: self.move_lot(
                self.bad, 1, self.stock, second.lot_stock_id
            ),
            "never here": lambda: self.move_lot(
                self.bad, 1, self.suppliers, self.customers
            ),
            "added to what is done": lambda: lines.create(
                {**vals, "picking_id": done.id}
            ),
            "written on what is done": lambda: goods_out.write({"lot_id": self.bad.id}),
            "more of what is done": lambda: bad_out.move_line_ids.write(
                {"quantity": 2}
            ),
            "in a package": lambda: (
                self.move_lot(self.bad, 1, self.stock, self.customers)
                | package.browse()
            ),
            "another place": by_another_place,
            "imported": by_import,
            "first step": in_two_steps,
        }
        before = self.left(self.bad)
        for name, step in ways.items():
            with self.subTest(name):
                self.assert_stops(hold, step)
        self.assertEqual(self.left(self.bad), before)

    def test_a_product_with_lots_does_not_leave_without_its_lot(self):
        kind = self.warehouse.out_type_id
        kind.write({"use_create_lots": False, "use_existing_lots": False})
        transfer = self.delivery(1)
        transfer.move_ids.move_line_ids.lot_id = False
        transfer.move_ids.picked = True
        hold = self.hold(self.bad)
        self.assert_stops(hold, transfer.button_validate)

    def test_a_second_step_whose_goods_were_fetched_before_waits(self):
        """The hold is ordered all the same, and the scheduler goes on."""
        self.warehouse.delivery_steps = "pick_ship"
        fetch = self.delivery(3)
        self.type_lot(fetch.move_ids, self.bad, 3)
        fetch.move_ids.picked = True
        fetch.button_validate()
        ship = fetch.move_ids.move_dest_ids or fetch.sale_id.picking_ids.move_ids
        ship = (ship - fetch.move_ids)[:1]
        self.assertEqual(ship.move_line_ids.lot_id, self.bad)
        hold = self.hold(self.bad)
        self.assertFalse(ship.move_line_ids)
        ship._action_assign()
        self.assertFalse(ship.move_line_ids)
        self.assertEqual(hold.state, "standing")

    def test_a_typed_quantity_takes_other_lots(self):
        transfer = self.delivery(15)
        transfer.do_unreserve()
        self.hold(self.bad)
        transfer.move_ids.quantity = 15
        self.assertEqual(transfer.move_line_ids.lot_id, self.good)

    def test_goods_whose_lot_is_not_known_are_not_reserved(self):
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.strip, self.stock, 7)
        hold = self.hold(self.bad, self.good)
        transfer = self.delivery(5)
        self.assertFalse(transfer.move_line_ids)
        self.assertEqual(hold.state, "standing")

    def test_quarantine_is_no_way_out(self):
        hold = self.hold(self.bad)
        place = self.warehouse._complaint_quarantine_location()
        self.move_lot(self.bad, 5, self.stock, place)
        common = self.env["stock.location"].create(
            {"name": "Common", "usage": "internal", "company_id": False}
        )
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "2ND", "company_id": self.company.id}
        )
        for target in (
            self.stock,
            second.lot_stock_id,
            self.warehouse._complaint_loan_location(),
            common,
        ):
            with self.subTest(target.display_name):
                self.assert_stops(
                    hold,
                    lambda target=target: self.move_lot(self.bad, 1, place, target),
                )
        with self.assertRaisesRegex(UserError, "move it to quarantine"):
            self.shelf_with_bad().location_id = second.lot_stock_id
        with self.assertRaises(ValidationError):
            second.complaint_quarantine_location_id = second.lot_stock_id

    def shelf_with_bad(self):
        self.move_lot(self.bad, 1, self.stock, self.shelf)
        return self.shelf

    def test_what_is_sold_does_not_leave_to_a_supplier(self):
        transfer = self.delivery(2)
        self.type_lot(transfer.move_ids, self.good, 1)
        hold = self.hold(self.bad)
        move = transfer.move_ids
        move.move_line_ids.unlink()
        move.location_dest_id = self.suppliers
        self.assert_stops(hold, lambda: self.type_lot(move, self.bad))

    def test_what_brings_it_to_safety_goes_on(self):
        delivered = self.delivery(5)
        self.deliver(delivered.sale_id, {self.bad: 5})
        hold = self.hold(self.bad)
        bad_out = delivered.move_line_ids
        bad_out.quantity = 4  # fewer had gone
        self.move_lot(self.bad, 1, self.customers, self.stock)
        self.move_lot(self.bad, 3, self.suppliers, self.stock)
        self.move_lot(self.bad, 1, self.stock, self.suppliers)
        self.move_lot(self.bad, 1, self.stock, self.inventory)
        self.move_lot(self.bad, 1, self.stock, self.inventory, is_inventory=True)
        self.move_lot(self.bad, 1, self.stock, self.shelf)
        place = self.warehouse._create_complaint_return_location()
        self.move_lot(self.bad, 2, self.stock, place)
        quant = self.env["stock.quant"].search(
            [("lot_id", "=", self.bad.id), ("location_id", "=", self.shelf.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 5
        quant.action_apply_inventory()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.strip.id,
                "lot_id": self.bad.id,
                "scrap_qty": 1,
                "location_id": self.shelf.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(hold.lot_ids.here_quantity, 16 + 1 + 3 - 1 - 1 - 1 + 4 - 1)
        self.assertEqual(hold.lot_ids.quarantine_quantity, 2)
        self.assertEqual(hold.lot_ids.shipped_quantity, 3)

    def test_gate_costs_one_query_for_a_transfer(self):
        transfer = self.delivery(30)
        self.assertEqual(len(transfer.move_line_ids), 2)
        # what races of processes may have left standing in their own companies
        rows = self.env["quality.complaint.hold.lot"].search([])
        rows._advance({"state": "lifted"})
        self.env.registry.clear_cache()
        self.assertFalse(self.env["quality.complaint.hold"]._any_standing())
        transfer.move_line_ids._complaint_gate(final=True)  # read what is needed
        self.env.flush_all()
        with self.assertQueryCount(1):
            transfer.move_line_ids._complaint_gate(final=True)
        with self.assertQueryCount(0):
            transfer.move_line_ids._complaint_gate()
            transfer.move_ids._complaint_goods_to_take(self.stock)

    def test_another_company_is_not_stopped_unless_wished(self):
        other = self.env["res.company"].create({"name": "Sister Works"})
        there = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self.move_lot(
            self.bad, 5, self.suppliers, there.lot_stock_id, company_id=other.id
        )
        hold = self.hold(self.bad)

        def send():
            self.move_lot(
                self.bad, 1, there.lot_stock_id, self.customers, company_id=other.id
            )

        send()
        self.lift(hold)
        with self.assertRaises(UserError):
            self.hold(self.bad, all_companies=True)
        self.engineer.company_ids = self.env["res.company"].search([])
        wide = self.hold(self.bad, all_companies=True)
        self.assert_stops(wide, send)

    def test_lots_of_later_days_join(self):
        serials = self.make_product("Valve", tracking="serial")
        with freeze_time("2026-11-20 10:00:00"):
            made = self.make_lot("D-1")
            self.move_lot(made, 5, self.production, self.stock)
        old = self.make_lot("V-099", serials)
        hold = self.env["quality.complaint.hold"].create(
            {
                "reason": "Wrong steel",
                "line_ids": [
                    Command.create(
                        {
                            "kind": "serials",
                            "product_id": serials.id,
                            "first_serial": "V-099",
                            "last_serial": "V-120",
                        }
                    ),
                    Command.create(
                        {
                            "kind": "made",
                            "product_id": self.strip.id,
                            "made_from": "2026-11-19",
                            "made_to": "2026-11-20",
                        }
                    ),
                    Command.create(
                        {
                            "kind": "supplier_lot",
                            "product_id": self.strip.id,
                            "supplier_lot": "HEAT 7",
                        }
                    ),
                ],
            }
        )
        hold.action_order()
        self.assertEqual(hold.lot_ids.lot_id, made | old)
        inside = self.make_lot("V-0100", serials)
        beyond = self.make_lot("V-121", serials)
        heat = self.make_lot("H-1")
        self.assertFalse(heat.complaint_held)
        heat.ref = "HEAT 7"
        late = self.make_lot("D-2")
        with freeze_time("2026-11-19 10:00:00"):
            self.move_lot(late, 5, self.production, self.stock)
        self.env.invalidate_all()
        self.assertEqual(hold.lot_ids.lot_id, made | old | inside | heat | late)
        self.assertEqual(
            [lot.complaint_held for lot in (inside, beyond, heat, late)],
            [True, False, True, True],
        )

    def test_serial_numbers_are_not_patterns(self):
        serials = self.make_product("Tap", tracking="serial")
        inside, beside = (self.make_lot(n, serials) for n in ("SN_005", "SNX005"))
        hold = self.hold(
            line_ids=[
                Command.create(
                    {
                        "kind": "serials",
                        "product_id": serials.id,
                        "first_serial": "SN_001",
                        "last_serial": "SN_010",
                    }
                )
            ]
        )
        self.assertEqual(hold.lot_ids.lot_id, inside)
        self.assertFalse(beside.complaint_held)
        self.assertFalse(self.make_lot("SN_1²", serials).complaint_held)

    def test_what_was_made_of_a_lot_that_joins_joins_too(self):
        hold = self.hold(
            line_ids=[
                Command.create(
                    {
                        "kind": "supplier_lot",
                        "product_id": self.strip.id,
                        "supplier_lot": "HEAT 8",
                    }
                ),
                Command.create({"kind": "lot", "lot_id": self.good.id}),
            ]
        )
        made = self.make_lot("MADE-8")
        used = self.move_lot(self.bad, 5, self.stock, self.production)
        finished = self.move_lot(made, 5, self.production, self.stock)
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        self.bad.ref = "HEAT 8"
        self.assertEqual(hold.lot_ids.lot_id, self.good | self.bad | made)

    def test_the_job_finds_what_a_hold_missed(self):
        hold = self.hold(self.strip)
        late = self.make_lot("LATE-1")
        hold.lot_ids.filtered(lambda row: row.lot_id == late).sudo().unlink()
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_more: 60.0):
            self.env["quality.complaint.hold"]._cron_join()
        self.assertIn(late, hold.lot_ids.lot_id)

    def test_what_was_made_of_them_is_held_too(self):
        made = self.make_lot("MADE-1")
        used = self.move_lot(self.bad, 5, self.stock, self.production)
        finished = self.move_lot(made, 5, self.production, self.stock)
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        alone = self.hold(self.bad, include_made=False)
        self.assertEqual(alone.lot_ids.lot_id, self.bad)
        self.assertEqual(self.hold(self.bad).lot_ids.lot_id, self.bad | made)

    def test_what_says_nothing_is_refused(self):
        line = {"kind": "serials", "product_id": self.strip.id}
        for vals, words in (
            ({"first_serial": "A1"}, "To Number"),
            ({"first_serial": "A9", "last_serial": "A1"}, "A9 to A1"),
            ({"first_serial": "A1", "last_serial": "B9"}, "A1 to B9"),
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self.hold(line_ids=[Command.create({**line, **vals})])
        with self.assertRaisesRegex(UserError, "Nothing was found"):
            self.hold()


@tagged("post_install", "-at_install")
class TestLifting(HoldCase):
    def test_lifted_goods_leave_and_people_are_told(self):
        transfer = self.delivery(20)
        transfer.user_id = self.warehouse_worker
        complaint = self.make_complaint(
            partner_id=self.customer.id, lot_ref="BAD-1", user_id=self.handler.id
        )
        hold = self.hold(self.bad, complaint_id=complaint.id)
        self.lift(hold)
        self.assertEqual(
            (hold.state, hold.lot_ids.state, hold.lot_ids.disposition),
            ("lifted", "lifted", "release"),
        )
        self.assertEqual(hold.lot_ids.lifted_by_id, self.engineer)
        self.assertFalse(self.bad.complaint_held)
        told = (
            self.env["mail.message"]
            .search([("subject", "=like", "Hold lifted: %"), ("res_id", "=", hold.id)])
            .partner_ids
        )
        self.assertEqual(
            told, self.warehouse_worker.partner_id | self.handler.partner_id
        )
        self.move_lot(self.bad, 1, self.stock, self.customers)

    def test_one_of_two_lots_may_be_lifted(self):
        hold = self.hold(self.bad, self.good)
        row = hold.lot_ids.filtered(lambda row: row.lot_id == self.good)
        self.lift(hold, rows=row)
        self.assertEqual(hold.state, "standing")
        self.move_lot(self.good, 1, self.stock, self.customers)
        self.assert_stops(
            hold, lambda: self.move_lot(self.bad, 1, self.stock, self.customers)
        )

    def test_a_lifted_lot_of_a_whole_product_is_free(self):
        hold = self.hold(self.strip)
        row = hold.lot_ids.filtered(lambda row: row.lot_id == self.good)
        self.lift(hold, rows=row)
        self.env.invalidate_all()
        self.assertEqual(self.strip.free_qty, 20)
        transfer = self.delivery(3)
        self.assertEqual(transfer.move_line_ids.lot_id, self.good)

    def test_what_it_stopped_goes_on_and_need_not_go_to_quarantine(self):
        self.move_lot(self.good, 20, self.stock, self.production)
        transfer = self.delivery(20)
        transfer.user_id = self.warehouse_worker
        hold = self.hold(self.bad)
        hold.with_user(self.officer).action_quarantine()
        moved = hold.sudo().transfer_ids
        self.assertFalse(transfer.move_line_ids)
        self.assertTrue(transfer.activity_ids)
        self.lift(hold)
        self.assertEqual(moved.state, "cancel")
        self.assertFalse(transfer.activity_ids)
        self.assertIn("Use as it is", transfer.message_ids[:1].body)
        self.assertEqual(transfer.move_line_ids.lot_id, self.bad)

    def test_what_may_be_used_again_comes_back_from_quarantine(self):
        hold = self.hold(self.bad)
        hold.action_quarantine()
        moved = hold.sudo().transfer_ids
        moved.move_ids.picked = True
        moved.button_validate()
        self.lift(hold)
        hold.invalidate_recordset()
        self.assertTrue(hold.can_bring_back)
        hold.with_user(self.officer).action_bring_back()
        back = hold.sudo().transfer_ids - moved
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self.quantity_in(self.stock, lot=self.bad), 20)
        hold.invalidate_recordset()
        self.assertFalse(hold.can_bring_back)
        with self.assertRaisesRegex(UserError, "Nothing that may be used"):
            hold.action_bring_back()

    def test_a_second_hold_still_stands(self):
        first, second = self.hold(self.bad), self.hold(self.bad)
        self.lift(first)
        self.assertTrue(self.bad.complaint_held)
        self.assert_stops(
            second, lambda: self.move_lot(self.bad, 1, self.stock, self.customers)
        )

    def test_rework_lets_it_into_production_only(self):
        hold = self.hold(self.bad)
        self.lift(hold, "rework")
        self.assertEqual((hold.state, hold.lot_ids.state), ("standing", "rework"))
        self.move_lot(self.bad, 1, self.stock, self.production)
        self.assert_stops(
            hold, lambda: self.move_lot(self.bad, 1, self.stock, self.customers)
        )

    def test_what_is_here_is_not_said_to_be_scrapped(self):
        hold = self.hold(self.bad)
        with self.assertRaisesRegex(UserError, "20 Units are still here"):
            self.lift(hold, "scrap")
        self.move_lot(self.bad, 20, self.stock, self.inventory)
        self.env.invalidate_all()
        self.lift(hold, "scrap")
        self.assertEqual(hold.state, "lifted")

    def test_quarantine_takes_what_is_free_once(self):
        self.move_lot(self.bad, 5, self.stock, self.shelf)
        hold = self.hold(self.bad)
        hold.with_user(self.officer).action_quarantine()
        transfer = hold.sudo().transfer_ids
        self.assertEqual(
            {
                (line.location_id, line.lot_id, line.quantity)
                for line in transfer.move_line_ids
            },
            {(self.stock, self.bad, 15), (self.shelf, self.bad, 5)},
        )
        self.assertEqual(hold.sudo().action_view_transfers()["res_id"], transfer.id)
        self.assertEqual(
            transfer.location_dest_id, self.warehouse.complaint_quarantine_location_id
        )
        with self.assertRaisesRegex(UserError, "lies free"):
            hold.action_quarantine()
        transfer.move_ids.picked = True
        transfer.with_user(self.warehouse_worker).button_validate()
        self.env.invalidate_all()
        self.assertEqual(hold.lot_ids.quarantine_quantity, 20)


@tagged("post_install", "-at_install")
class TestAccess(HoldCase):
    """Officers order, Quality lifts, nobody else; others' companies see nothing."""

    def test_who_may_do_what(self):
        draft = (
            self.env["quality.complaint.hold"]
            .with_user(self.handler)
            .create(
                {
                    "reason": "Sharp",
                    "line_ids": [
                        Command.create({"kind": "lot", "lot_id": self.bad.id})
                    ],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "Officers"):
            draft.action_order()
        draft.with_user(self.officer).action_order()
        with self.assertRaisesRegex(UserError, "Quality engineers"):
            draft.with_user(self.officer).action_lift()
        with self.assertRaises(AccessError):
            self.lift(draft, user=self.officer)
        action = draft.with_user(self.engineer).action_lift()
        self.assertEqual(action["context"], {"default_hold_id": draft.id})
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            draft.with_user(self.manager).reason = "Other"
        with self.assertRaisesRegex(UserError, "stays in the file"):
            draft.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            draft.lot_ids.with_user(self.manager).unlink()
        line = draft.line_ids.with_user(self.manager)
        for step in (
            lambda: line.write({"kind": "product"}),
            lambda: line.copy({"lot_id": self.good.id}),
            line.unlink,
        ):
            with self.assertRaisesRegex(UserError, "On hold"):
                step()
        for user in (self.warehouse_worker, self.employee):
            with self.assertRaises(AccessError):
                draft.with_user(user).read(["reason"])

    def test_marks_are_not_written_by_hand(self):
        hold = self.hold(self.bad)
        stock = self.warehouse_worker
        stock.group_ids += self.env.ref("stock.group_stock_manager")
        for record in (self.bad, self.strip.product_tmpl_id):
            with self.assertRaisesRegex(UserError, "by a hold"):
                record.with_user(stock).write({"complaint_held": False})
        lot = (
            self.env["stock.lot"]
            .with_user(stock)
            .create({"name": "X", "product_id": self.strip.id, "complaint_held": True})
        )
        self.assertFalse(lot.complaint_held)
        self.assert_stops(
            hold,
            lambda: self.type_lot(self.delivery(1).move_ids, self.bad),
        )

    def test_another_company_sees_nothing_of_it(self):
        hold = self.hold(self.bad)
        other = self.env["res.company"].create({"name": "Sister Works"})
        stranger = new_test_user(
            self.env,
            "sister",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (hold, hold.line_ids, hold.lot_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])

    def test_buttons_open_holds_of_lots_and_products(self):
        new = self.bad.with_user(self.officer).action_complaint_hold()
        holds = self.env["quality.complaint.hold"].with_user(self.officer)
        hold = holds.with_context(**new["context"]).create({"reason": "Sharp"})
        self.assertEqual(hold.line_ids.lot_id, self.bad)
        hold.action_order()
        found = self.bad.action_view_holds()
        self.assertEqual(found["res_id"], hold.id)
        whole = self.strip.action_complaint_hold()
        self.assertEqual(
            holds.with_context(**whole["context"])
            .create({"reason": "Sharp"})
            .line_ids.product_id,
            self.strip,
        )
