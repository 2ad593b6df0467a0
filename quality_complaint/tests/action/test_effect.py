from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP, ComplaintCase
from ..eight_d.builders import EightDWorld

NOW = "2026-06-15 10:00:00"


class EffectCase(EightDWorld, ComplaintCase):
    """An old lot with a trouble, a corrective action that came with the lot CUT, and a
    lot made later.

    CUT was made on 10 March at 8:00 UTC; of goods made with the action 65 were shipped,
    first on 20 March.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.policy.write({"effect_units": 1000, "effect_days": 90})
        cls.old = cls.produce("OLD", "2026-02-01 08:00:00", 500)
        cls.ship(cls.old, 100, "2026-02-10 08:00:00")
        cls.complaint = cls.complain("2026-02-20 08:00:00", cls.old)
        cls.cut = cls.produce("CUT", "2026-03-10 08:00:00", 500)
        cls.ship(cls.old, 30, "2026-03-20 07:00:00")
        cls.first_shipment = cls.ship(cls.cut, 40, "2026-03-20 08:00:00")
        cls.new = cls.produce("NEW", "2026-04-05 08:00:00", 500)
        cls.ship(cls.new, 25, "2026-04-10 08:00:00")

    @classmethod
    def ship(cls, lot, quantity, moment, **vals):
        with freeze_time(moment):
            return cls.sell(
                {lot: quantity}, invoice=False, product=lot.product_id, **vals
            )

    @classmethod
    def take_back(cls, order, quantity, moment):
        with freeze_time(moment):
            delivery = order.picking_ids.filtered(
                lambda picking: picking.state == "done"
            )[:1]
            context = {
                "active_id": delivery.id,
                "active_ids": delivery.ids,
                "active_model": "stock.picking",
            }
            wizard = cls.env["stock.return.picking"].with_context(**context).create({})
            wizard.product_return_moves.quantity = quantity
            picking = wizard._create_return()
            picking.move_ids.picked = True
            picking.button_validate()

    @classmethod
    def complain(
        cls,
        moment,
        lot=None,
        product=None,
        defect=None,
        register=True,
        user=None,
        line=None,
        **vals,
    ):
        values = {
            "product_id": (product or cls.strip).id,
            "lot_id": lot.id if lot else False,
            "defect_id": (defect or cls.scratch).id,
            **(line or {}),
        }
        with freeze_time(moment):
            return cls.make_complaint(
                user or cls.officer,
                register,
                partner_id=cls.customer.id,
                line_ids=[Command.create(values)],
                **vals,
            )

    def act(self, report=None, done=True, **vals):
        """A corrective action of the officer with the cut-in lot, done."""
        report = report or self.report()
        action = report.env["quality.complaint.action"].create(
            {
                "eight_d_id": report.id,
                "kind": "corrective",
                "name": "Harder rollers",
                "user_id": self.officer.id,
                "evidence": "Installed, report 77",
            }
        )
        action.write({"cut_in_lot_id": self.cut.id, **vals})
        if done:
            action.with_user(action.user_id).action_done()
        return action

    def report(self):
        return self.complaint.eight_d_id.with_user(self.engineer).sudo(
            False
        ) or self.start(self.complaint)

    def set_policy(self, **vals):
        """Other limits in the version that the complaints are handled by."""
        self.policy.with_context(install_mode=True).write(vals)

    def effect(self, action):
        action.invalidate_recordset()
        return (
            action.effect_proposal,
            action.effect_shipped,
            action.effect_days_since,
            action.sudo().effect_recurrence_ids,
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFigures(EffectCase):
    """What was shipped and complained of since the cut-in is counted by when the goods
    were made, never by when they left.
    """

    def assertEffect(self, action, proposal, shipped, days=87, again=None):
        self.assertEqual(
            self.effect(action),
            (proposal, shipped, days, again or self.env["quality.complaint"]),
        )

    def test_only_goods_made_with_it_count_as_shipped(self):
        action = self.act()
        self.assertEffect(action, "too_early", 65)
        self.assertEqual(
            action.effect_first_on, fields.Datetime.to_datetime("2026-03-20 08:00:00")
        )
        self.assertEqual(
            action.effect_text,
            "65 Units made since lot CUT shipped in 87 days (first on Mar 20, 2026), "
            "no complaint of the same defect. "
            "Too early: the policy asks for 1,000 Units or 90 days.",
        )

    def test_effective_after_so_many_days(self):
        action = self.act()
        with freeze_time("2026-06-17 15:59:00"):  # 23:59 in Shanghai
            self.assertEffect(action, "too_early", 65, 89)
        with freeze_time("2026-06-17 16:00:00"):
            self.assertEffect(action, "effective", 65, 90)

    def test_effective_after_so_many_units(self):
        action = self.act()
        self.set_policy(effect_units=66)
        self.assertEffect(action, "too_early", 65)
        self.set_policy(effect_units=65)
        self.assertEffect(action, "effective", 65)

    def test_what_the_policy_does_not_ask_for_is_not_asked(self):
        action = self.act()
        self.set_policy(effect_days=0)
        with freeze_time("2027-06-17 16:00:00"):
            self.assertEffect(action, "too_early", 65, 455)
        self.set_policy(effect_units=0, effect_days=90)
        self.assertEffect(action, "too_early", 65)
        self.set_policy(effect_days=0)
        self.assertEffect(action, "effective", 65)
        unsold = self.act(cut_in_lot_id=False, cut_in_on="2026-06-01")
        self.assertEffect(unsold, "too_early", 0, 0)
        self.assertEqual(
            unsold.effect_text,
            "Nothing made since Jun 1, 2026 was shipped yet. Too early: the policy "
            "asks for a shipment.",
        )

    def test_nothing_shipped_is_too_early_whatever_the_days(self):
        late = self.produce("LATE", "2026-03-12 08:00:00", 10)
        action = self.act(cut_in_lot_id=late.id)
        self.assertEffect(action, "too_early", 25, 66)
        never = self.produce("NEVER", "2026-05-01 08:00:00", 10)
        action = self.act(cut_in_lot_id=never.id)
        with freeze_time("2027-06-17 16:00:00"):
            self.assertEffect(action, "too_early", 0, 0)

    def test_what_came_back_is_deducted(self):
        action = self.act()
        self.take_back(self.first_shipment, 15, "2026-04-20 08:00:00")
        self.assertEffect(action, "too_early", 50)

    def test_quantities_are_in_the_unit_of_the_product(self):
        self.ship(self.new, 2, "2026-05-01 08:00:00", uom=self.dozen)
        self.assertEffect(self.act(), "too_early", 89)

    def test_products_with_other_units_are_told_apart(self):
        grain = self.make_product("Copper grain", tracking="lot", uom_id=self.kilo.id)
        lot = self.produce("GRAIN", "2026-03-11 08:00:00", 50, grain)
        self.ship(lot, 12, "2026-03-25 08:00:00")
        report = self.report()
        report.sudo().pick_complaint_ids |= self.complain(
            "2026-02-26 08:00:00", product=grain
        )
        action = self.act(report)
        self.assertEffect(action, "too_early", 65)
        self.assertIn("65 Units, 12 kg made since lot CUT", action.effect_text)

    def test_the_day_of_the_cut_in_is_that_of_the_company(self):
        early = self.produce("EARLY", "2026-03-09 15:59:00", 50)
        night = self.produce("NIGHT", "2026-03-09 16:00:00", 50)
        self.ship(early, 3, "2026-03-12 08:00:00")
        self.ship(night, 7, "2026-03-20 09:00:00")
        self.assertEffect(
            self.act(cut_in_lot_id=False, cut_in_on="2026-03-10"), "too_early", 72
        )
        self.assertEffect(
            self.act(cut_in_lot_id=self.cut.id, cut_in_on="2026-01-01"), "too_early", 65
        )

    def test_a_lot_is_as_old_as_its_production_not_as_its_last_receipt(self):
        lots = self.old | self.cut
        moved = self.produce("MOVED", "2026-02-02 08:00:00", 10)
        bought = self.produce("BOUGHT", "2026-02-03 08:00:00", 10, usage="supplier")
        counted = self.produce("COUNTED", "2026-02-04 08:00:00", 10, usage="inventory")
        with freeze_time("2026-01-01 08:00:00"):
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": self.strip.id,
                    "location_id": self.stock.id,
                    "lot_id": moved.id,
                    "inventory_quantity": 12,
                }
            ).action_apply_inventory()
        lots |= moved | bought | counted
        entered = self.make_lot("ENTERED")
        dates = self.env["quality.complaint.lot.facts"]._production_dates(
            lots | entered
        )
        days = {lot.name: str(dates[lot].date()) for lot in lots}
        self.assertEqual(
            days,
            {
                "OLD": "2026-02-01",
                "CUT": "2026-03-10",
                "MOVED": "2026-02-02",
                "BOUGHT": "2026-02-03",
                "COUNTED": "2026-02-04",
            },
        )
        self.assertEqual(dates[entered], entered.create_date.replace(microsecond=0))

    def test_same_defect_on_goods_made_with_it_is_a_recurrence(self):
        action = self.act()
        self.complain("2026-05-02 08:00:00", self.old)
        self.assertEffect(action, "too_early", 65)
        with self.untold():
            on_cut = self.complain("2026-05-03 08:00:00", self.cut)
            on_new = self.complain("2026-05-04 08:00:00", self.new)
        self.assertEffect(action, "ineffective", 65, again=on_cut | on_new)
        self.assertEqual(
            action.effect_text,
            "2 complaint(s) of the same defect on goods made since lot CUT: "
            f"{on_cut.name}, {on_new.name}. "
            "65 Units made since lot CUT shipped in 87 days (first on Mar 20, 2026).",
        )

    def untold(self):
        """Complaints that came while nobody watched, so that the action stays done."""
        return patch.object(
            type(self.env["quality.complaint"]), "_check_recurrence", lambda _self: None
        )

    def test_what_does_not_count_as_a_recurrence(self):
        action = self.act()
        other_product = self.make_product("Copper pipe", tracking="lot")
        pipe = self.produce("PIPE", "2026-04-01 08:00:00", 10, other_product)
        with self.untold():
            self.complain(
                "2026-05-01 08:00:00",
                self.new,
                defect=self.env.ref("quality_complaint.defect_dimension"),
            )
            self.complain("2026-05-01 08:00:00", pipe, product=other_product)
            self.complain("2026-05-01 08:00:00", self.new, register=False)
            self.complain(
                "2026-05-01 08:00:00",
                self.new,
                type_id=self.env.ref("quality_complaint.type_inquiry").id,
            )
            self.complain("2026-05-01 08:00:00", self.new)._advance({"is_batch": True})
            cancelled = self.complain("2026-05-01 08:00:00", self.new)
            cancelled.action_cancel("mistake", "Twice")
            invalid = self.complain("2026-05-01 08:00:00", self.new)
            invalid.validity = "invalid"
            self.assertEffect(action, "too_early", 65)
            invalid.validity = "valid"
        self.assertEffect(action, "ineffective", 65, again=invalid)

    def test_another_company_counts_for_itself(self):
        action = self.act()
        other = self.env["res.company"].create(
            {"name": "Other Works", "country_id": self.env.ref("base.us").id}
        )
        env = self.env(context={**self.env.context, "allowed_company_ids": [other.id]})
        with freeze_time("2026-05-01 08:00:00"), self.untold():
            foreign = env["quality.complaint"].create(
                {
                    "company_id": other.id,
                    "description": "Scratched",
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.strip.id,
                                "lot_id": self.new.id,
                                "defect_id": self.scratch.id,
                            }
                        )
                    ],
                }
            )
            foreign.action_register()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            self.strip, warehouse.lot_stock_id, 10, lot_id=self.new
        )
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        with freeze_time("2026-05-01 08:00:00"):
            move = env["stock.move"].create(
                {
                    **places,
                    "product_id": self.strip.id,
                    "product_uom_qty": 4,
                    "product_uom": self.unit.id,
                    "company_id": other.id,
                }
            )
            move._action_confirm()
            move._action_assign()
            move.picked = True
            move._action_done()
        self.assertEqual(
            (foreign.state, move.state, move.move_line_ids.lot_id),
            ("registered", "done", self.new),
        )
        self.assertEffect(action, "too_early", 65)

    def test_a_group_of_defects_stands_for_the_defects_in_it(self):
        child = self.env["quality.complaint.defect"].create(
            {"name": "Roller marks", "parent_id": self.scratch.id}
        )
        action = self.act()
        with self.untold():
            marks = self.complain("2026-05-01 08:00:00", self.new, defect=child)
        self.assertEffect(action, "ineffective", 65, again=marks)

    def test_product_and_defect_are_those_complained_of_together(self):
        pipe = self.make_product("Copper pipe", tracking="lot")
        lot = self.produce("PIPE", "2026-04-01 08:00:00", 10, pipe)
        dimension = self.env.ref("quality_complaint.defect_dimension")
        report = self.report()
        report.sudo().pick_complaint_ids |= self.complain(
            "2026-02-21 08:00:00", product=pipe, defect=dimension
        )
        action = self.act(report)
        with self.untold():
            self.complain("2026-05-01 08:00:00", lot, product=pipe)
            self.complain("2026-05-01 08:00:00", self.new, defect=dimension)
            self.assertEffect(action, "too_early", 65)
            both = self.complain(
                "2026-05-01 08:00:00", lot, product=pipe, defect=dimension
            )
        self.assertEffect(action, "ineffective", 65, again=both)

    def test_unknown_lots_and_defects_count_neither_way_but_are_told(self):
        action = self.act()
        unknown = self.complain("2026-05-01 08:00:00", line={"lot_name": "worn off"})
        no_defect = self.complain(
            "2026-05-02 08:00:00",
            self.new,
            line={"defect_id": False, "note": "Looks bad"},
        )
        self.complain(
            "2026-05-02 08:00:00",
            self.old,
            line={"defect_id": False, "note": "Looks bad"},
        )
        self.complain("2026-03-01 08:00:00", line={"lot_name": "worn off"})
        self.assertEffect(action, "too_early", 65)
        self.assertEqual(action.effect_unattributed_ids, unknown | no_defect)
        self.assertIn(
            f"Not attributable, since lot or defect is unknown: {unknown.name}, "
            f"{no_defect.name}.",
            action.effect_text,
        )

    def test_goods_without_lots_count_by_delivery_as_an_estimate(self):
        wire = self.make_product("Copper wire")
        self.produce(None, "2026-01-05 08:00:00", 500, wire)
        for moment, quantity in (
            ("2026-03-01 08:00:00", 50),
            ("2026-03-12 08:00:00", 30),
        ):
            with freeze_time(moment):
                order = self.sell(quantity, invoice=False, product=wire)
            if quantity == 50:
                before = order
        self.take_back(before, 5, "2026-04-01 08:00:00")
        self.take_back(order, 4, "2026-04-01 08:00:00")
        complaint = self.complain("2026-02-25 08:00:00", product=wire)
        action = self.act(
            self.start(complaint), cut_in_lot_id=False, cut_in_on="2026-03-10"
        )
        self.assertEffect(action, "effective", 26, 95)
        self.assertIn(
            "Goods without lots are counted by delivery date: an estimate.",
            action.effect_text,
        )
        early, late = (
            {"move_line_id": sale.picking_ids.move_line_ids[:1].id}
            for sale in (before, order)
        )
        with self.untold():
            self.complain("2026-04-02 08:00:00", product=wire, line=early)
            unknown = self.complain("2026-04-02 08:00:00", product=wire)
            unknown.line_ids.move_line_id = False
            again = self.complain("2026-04-02 08:00:00", product=wire, line=late)
        self.assertEffect(action, "ineffective", 26, 95, again)
        self.assertEqual(action.effect_unattributed_ids, unknown)

    def test_without_cut_in_or_defect_nothing_is_proposed(self):
        action = self.act(cut_in_lot_id=False)
        self.assertEffect(action, "unknown", 0, 0)
        self.assertEqual(
            action.effect_text,
            "Enter the cut-in lot or date: then shipments and complaints since are "
            "counted.",
        )
        self.assertEqual((action._effect_series(), action.effect_chart), ([], False))
        with self.assertRaisesRegex(UserError, "Enter the cut-in lot or date"):
            action.action_take_proposal()
        vague = self.complain(
            "2026-02-25 08:00:00", self.old, line={"defect_id": False, "note": "Bad"}
        )
        action = self.act(self.start(vague))
        self.assertEffect(action, "unknown", 0, 0)
        self.assertIn("recurrences cannot be told", action.effect_text)
        self.assertEqual(self.effect(self.act(done=False))[:2], (False, 0))
        self.assertFalse(self.act(kind="containment").effect_proposal)

    def test_numbers_of_complaints_are_told_to_quality_engineers_only(self):
        action = self.act(user_id=self.handler.id)
        with self.untold():
            again = self.complain("2026-05-03 08:00:00", self.cut)
        self.assertIn(again.name, action.effect_text)
        own = action.with_user(self.handler)
        self.assertIn(
            "1 complaint(s) of the same defect on goods made since lot CUT. 65 Units",
            own.effect_text,
        )
        self.assertNotIn(again.name, own.effect_text)
        self.assertNotIn("effect_recurrence_ids", own.fields_get())
        self.assertNotIn(again.name, action._effect_text(with_names=False))

    def test_many_actions_cost_no_more_queries_than_one(self):
        report = self.report()
        one = self.act(report)
        many = self.env["quality.complaint.action"].with_user(self.engineer)
        for number in range(5):
            many |= self.act(
                report,
                name=f"Action {number}",
                cut_in_lot_id=False,
                cut_in_on=f"2026-03-0{number + 1}",
            )
        counts = []
        for actions in (one, many):
            self.env.flush_all()
            self.env.invalidate_all()
            actions.mapped("name")
            before = self.env.cr.sql_log_count
            actions.mapped("effect_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_series_by_month_of_production(self):
        action = self.act()
        with self.untold():
            self.complain("2026-05-03 08:00:00", self.cut)
            self.complain("2026-05-04 08:00:00", self.cut)
            self.complain("2026-05-04 08:00:00", line={"lot_name": "unknown"})
        series = action._effect_series()
        self.assertEqual(
            [row["month"] for row in series],
            [f"2025-{m:02}" for m in (9, 10, 11, 12)]
            + [f"2026-0{m}" for m in range(1, 7)],
        )
        figures = {
            row["month"]: (row["complaints"], row["shipped"], row["ppm"])
            for row in series
        }
        self.assertEqual(figures["2026-01"], (0, 0.0, None))
        self.assertEqual(figures["2026-02"], (1, 130.0, 1 / 130 * 1e6))
        self.assertEqual(figures["2026-03"], (2, 40.0, 50000.0))
        self.assertEqual(figures["2026-04"], (0, 25.0, 0.0))
        self.assertEqual([row["month"] for row in series if row["cut_in"]], ["2026-03"])
        self.assertEqual(series[6]["label"], "Mar 2026")
        self.assertRegex(
            action.effect_chart,
            r"(?s)^<svg.*Complaints per million shipped.*Cut-in.*</svg>$",
        )
        with freeze_time("2028-06-15 10:00:00"):
            series = action._effect_series()
            self.assertEqual(
                (len(series), series[0]["month"], series[0]["cut_in"]),
                (24, "2026-07", True),
            )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestVerification(EffectCase):
    """Data propose, somebody else than the owner decides, and says why when complaints
    speak against it.
    """

    def again(self):
        with patch.object(
            type(self.env["quality.complaint"]), "_check_recurrence", lambda _self: None
        ):
            return self.complain("2026-05-03 08:00:00", self.cut)

    def test_the_proposal_is_taken_over_and_verified_by_somebody_else_than_the_owner(
        self,
    ):
        action = self.act()
        self.set_policy(effect_units=60)
        action.invalidate_recordset()
        action.action_take_proposal()
        action.action_take_proposal()
        self.assertEqual(
            action.effect_note,
            "65 Units made since lot CUT shipped in 87 days (first on Mar 20, 2026), "
            "no complaint of the same defect.",
        )
        with self.assertRaisesRegex(UserError, "cannot verify your own action"):
            action.with_user(self.officer).action_effective()
        action.action_effective()
        self.assertEqual(
            (action.state, action.verified_figures), ("effective", action.effect_note)
        )
        with self.assertRaisesRegex(UserError, "this step is not possible"):
            action.action_take_proposal()

    def test_effective_against_complaints_needs_a_reason_of_the_verifier(self):
        action = self.act(self.report(), done=False)
        given = action.with_context(default_effect_override_reason="It works").copy(
            {"effect_override_reason": "It works"}
        )
        self.assertFalse(given.effect_override_reason)
        action.with_user(self.officer).action_done()
        again = self.again()
        action.effect_note = "Audit passed"
        with self.assertRaisesRegex(
            UserError, "cannot be called effective: 1 complaint"
        ):
            action.action_effective()
        action.effect_override_reason = " "
        with self.assertRaisesRegex(UserError, "Against the Figures"):
            action.action_effective()
        with self.assertRaisesRegex(UserError, "not by its owner"):
            action.with_user(self.officer).effect_override_reason = "It works"
        action.effect_override_reason = "Damaged by the carrier, claim 12"
        action.action_effective()
        self.assertEqual(action.state, "effective")
        self.assertIn("1 complaint(s)", action.verified_figures)
        # what the verifier knew does not open it again
        again.validity = "valid"
        self.assertEqual(
            (action.state, action.sudo().recurrence_ids), ("effective", again)
        )
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            action.effect_override_reason = "Something else"

    def test_not_effective_needs_no_more_than_the_note(self):
        action = self.act()
        action.effect_note = "Scratches in the audit"
        action.action_ineffective()
        self.assertEqual(action.state, "ineffective")

    def test_what_was_verified_says_nothing_about_the_next_attempt(self):
        action = self.act()
        action.write(
            {
                "effect_note": "No complaint",
                "effect_override_reason": "Measured on 50 parts",
            }
        )
        action.action_effective()
        action.action_reopen("Rollers worn")
        self.assertEqual(
            (action.state, action.effect_note, action.verified_figures),
            ("open", False, False),
        )
        self.assertTrue(
            any(
                "No complaint" in (body or "")
                for body in action.message_ids.mapped("body")
            )
        )

    def test_figures_of_the_flow_are_not_written_by_people(self):
        action = self.act()
        for name, value in {
            "verified_figures": "All good",
            "recurrence_ids": [Command.clear()],
            "effect_told_on": NOW,
            "effect_product_ids": [],
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                action[name] = value

    # === reminder ===

    def remind(self, moment):
        activities = self.env["mail.activity"].sudo()
        before = activities.search([])
        with (
            freeze_time(moment),
            patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0),
        ):
            self.env["quality.complaint.action"]._cron_effect()
        new = activities.search([]) - before
        return sorted((activity.user_id.name, activity.summary) for activity in new)

    def test_the_leader_is_told_once_in_his_language_when_it_can_be_verified(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.engineer.lang = "fr_FR"
        action = self.act()
        self.assertEqual(self.remind("2026-06-16 10:00:00"), [])
        self.assertEqual(
            self.remind("2026-06-18 10:00:00"),
            [("Quentin Quality", "Effect can be verified now: Harder rollers")],
        )
        self.assertIn("20 mars 2026", action.sudo().notice_activity_ids.note)
        self.assertEqual(self.remind("2026-06-19 10:00:00"), [])
        action.action_take_proposal()
        with freeze_time("2026-06-19 10:00:00"):
            action.invalidate_recordset()
            action.action_effective()
        self.assertFalse(action.sudo().notice_activity_ids.exists())

    def test_nobody_is_told_to_verify_his_own_action(self):
        self.act(user_id=self.engineer.id)
        self.assertEqual(
            self.remind("2026-06-18 10:00:00"),
            [("Mona Manager", "Effect can be verified now: Harder rollers")],
        )

    def test_another_cut_in_is_looked_at_anew(self):
        action = self.act()
        self.assertEqual(len(self.remind("2026-06-18 10:00:00")), 1)
        action.cut_in_lot_id = self.new
        self.assertEqual(self.remind("2026-06-18 10:00:00"), [])
        self.assertEqual(len(self.remind("2026-07-09 10:00:00")), 1)

    def test_given_up_reports_and_failures_do_not_stand_in_the_way(self):
        given_up = self.act(name="Given up")
        given_up.eight_d_id.sudo().action_cancel("Not ours")
        self.assertEqual(self.remind("2026-06-18 10:00:00"), [])
        self.complaint.sudo()._advance({"eight_d_id": False})
        report = self.start(self.complaint)
        for name in ("Broken", "Sound"):
            self.act(report, name=name)
        model, tell = (
            type(self.env["quality.complaint.action"]),
            type(self.env["quality.complaint.action"])._tell_verifiable,
        )

        def fail(action, effect):
            if action.name == "Broken":
                raise ValueError("no mail")
            return tell(action, effect)

        with (
            patch.object(model, "_tell_verifiable", fail),
            self.assertLogs("odoo.addons.quality_complaint", "ERROR"),
        ):
            self.assertEqual(
                self.remind("2026-06-18 10:00:00"),
                [("Quentin Quality", "Effect can be verified now: Sound")],
            )
        self.assertEqual(
            self.remind("2026-06-19 10:00:00"),
            [("Quentin Quality", "Effect can be verified now: Broken")],
        )


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRecurrence(EffectCase):
    """The same defect on goods made with a corrective action opens it again, once per
    complaint, and those who answer for it are told.
    """

    def told(self, record):
        return sorted(
            record.sudo()
            .activity_ids.filtered(
                lambda activity: "recurrence" in (activity.summary or "")
            )
            .mapped("user_id.name")
        )

    def test_a_recurrence_opens_a_closed_report_and_tells_its_people_once(self):
        report = self.report()
        with freeze_time("2026-04-01 08:00:00"):
            self.close_up_to(report, "D8")
        actions = report.action_ids
        self.assertEqual(
            (report.state, set(actions.mapped("state"))), ("closed", {"effective"})
        )
        hans = self.complain("2026-05-03 08:00:00", self.cut, user=self.employee)
        self.assertEqual(
            (report.state, report.current_step, set(actions.mapped("state"))),
            ("open", "D6", {"open"}),
        )
        self.assertEqual(actions.sudo().recurrence_ids, hans)
        self.assertEqual(
            self.told(report), ["Mona Manager", "Olga Officer", "Quentin Quality"]
        )
        self.assertTrue(
            any(
                hans.name in (body or "") and "came back" in body
                for body in report.message_ids.mapped("body")
            )
        )
        for action in actions:
            self.assertTrue(
                any(
                    f"To be done again: {hans.name}" in (body or "")
                    for body in action.message_ids.mapped("body")
                )
            )
        self.assertTrue(
            any(
                "has to be done again" in (body or "")
                for body in hans.sudo().message_ids.mapped("body")
            )
        )
        # the first complaint is found as the one it repeats, and no second report is
        # started
        self.assertFalse(hans.sudo().eight_d_id)

    def test_the_notice_ends_with_the_work(self):
        action = self.act()
        self.complain("2026-05-03 08:00:00", self.cut)
        activities = action.eight_d_id.sudo().activity_ids.filtered(
            lambda activity: "Harder" in activity.summary
        )
        self.assertEqual(
            set(activities.mapped("user_id")),
            {self.officer, self.engineer, self.manager},
        )
        action.action_done()
        self.assertFalse(activities.exists())

    def test_the_same_complaint_opens_it_once_only(self):
        action = self.act()
        again = self.complain("2026-05-03 08:00:00", self.cut)
        self.assertEqual(action.state, "open")
        action.action_done()
        again.line_ids.lot_id = self.new
        again.validity = "valid"
        again.sudo()._check_recurrence()
        self.assertEqual((action.state, action.sudo().recurrence_ids), ("done", again))
        second = self.complain("2026-05-04 08:00:00", self.cut)
        self.assertEqual(
            (action.state, action.sudo().recurrence_ids), ("open", again | second)
        )

    def test_a_lot_or_defect_found_later_tells_it_too(self):
        for number, change in enumerate(
            (
                {"lot_id": self.cut.id, "lot_name": False},
                {"defect_id": self.scratch.id, "lot_id": self.cut.id},
            )
        ):
            with self.subTest(change):
                action = self.act(name=f"Action {number}")
                line = (
                    {"lot_name": "worn off"}
                    if "lot_name" in change
                    else {"defect_id": False, "note": "Bad", "lot_id": self.cut.id}
                )
                complaint = self.complain("2026-05-03 08:00:00", line=line)
                self.assertEqual(action.state, "done")
                complaint.line_ids.write(change)
                self.assertEqual(
                    (action.state, action.sudo().recurrence_ids), ("open", complaint)
                )

    def test_a_line_added_later_tells_it_too(self):
        action = self.act()
        complaint = self.complain("2026-05-03 08:00:00", self.old)
        self.assertEqual(action.state, "done")
        complaint.line_ids = [
            Command.create(
                {
                    "product_id": self.strip.id,
                    "lot_id": self.new.id,
                    "defect_id": self.scratch.id,
                }
            )
        ]
        self.assertEqual(action.state, "open")

    def test_a_complaint_judged_valid_after_all_tells_it_an_invalid_one_does_not(self):
        action = self.act()
        complaint = self.complain("2026-05-03 08:00:00", self.cut, register=False)
        complaint.validity = "invalid"
        complaint.action_register()
        self.assertEqual(action.state, "done")
        complaint.validity = "valid"
        self.assertEqual(action.state, "open")
        action.action_done()
        self.assertEqual(self.effect(action)[0], "ineffective")
        complaint.validity = "invalid"
        self.assertEqual(
            (self.effect(action)[0], action.sudo().recurrence_ids),
            ("too_early", complaint),
        )

    def test_what_does_not_open_an_action(self):
        report = self.report()
        preventive = self.act(report, kind="preventive", name="Preventive")
        planned = self.act(report, done=False, name="Planned")
        no_cut_in = self.act(report, cut_in_lot_id=False, name="No cut-in")
        later = self.act(report, cut_in_lot_id=self.new.id, name="Later")
        self.complain("2026-05-03 08:00:00", self.cut)
        self.complain(
            "2026-05-03 08:00:00",
            self.new,
            defect=self.env.ref("quality_complaint.defect_dimension"),
        )
        self.assertEqual(
            (preventive | planned | no_cut_in | later).mapped("state"),
            ["done", "open", "done", "done"],
        )
        self.assertFalse(self.told(report))
        report.sudo().action_cancel("Not ours")
        self.complain("2026-05-03 08:00:00", self.new)
        self.assertEqual((later.state, report.state), ("done", "cancelled"))

    def test_an_action_of_a_complaint_without_a_report_tells_its_owner_and_the_team_leader(  # noqa: E501
        self,
    ):
        team = self.env["quality.complaint.team"].create(
            {
                "name": "Desk",
                "company_id": self.company.id,
                "leader_id": self.manager.id,
            }
        )
        complaint = self.complain("2026-02-21 08:00:00", self.old, team_id=team.id)
        action = (
            self.env["quality.complaint.action"]
            .with_user(self.officer)
            .create(
                {
                    "complaint_id": complaint.id,
                    "name": "Soft gloves",
                    "user_id": self.handler.id,
                    "evidence": "Bought",
                    "cut_in_on": "2026-03-10",
                }
            )
        )
        action.action_done()
        again = self.complain("2026-05-03 08:00:00", self.cut)
        self.assertEqual(action.state, "open")
        self.assertEqual(self.told(complaint), ["Hans Handler", "Mona Manager"])
        self.assertFalse(self.told(again))

    def test_another_companys_complaint_opens_nothing(self):
        action = self.act()
        other = self.env["res.company"].create(
            {"name": "Other Works", "country_id": self.env.ref("base.us").id}
        )
        officer = new_test_user(
            self.env,
            "qc_other",
            f"{APP}officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        complaint = (
            self.env["quality.complaint"]
            .with_user(officer)
            .with_context(allowed_company_ids=other.ids)
            .create(
                {
                    "description": "Scratched",
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.strip.id,
                                "lot_id": self.cut.id,
                                "defect_id": self.scratch.id,
                            }
                        )
                    ],
                }
            )
        )
        complaint.action_register()
        self.assertEqual((complaint.state, action.state), ("registered", "done"))

    def test_registering_costs_the_same_with_many_actions(self):
        report = self.report()
        self.act(report)

        complaint = self.complain("2026-05-03 08:00:00", self.old)
        other = self.complain(
            "2026-05-03 08:00:00", product=self.make_product("Pipe", tracking="lot")
        )

        def queries(record):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            record._check_recurrence()
            return self.env.cr.sql_log_count - before

        one = queries(complaint)
        for number in range(19):
            self.act(report, name=f"Action {number}")
        self.assertLessEqual(queries(complaint), one)
        self.assertGreater(one, 0)
        self.assertLess(queries(other), one)
