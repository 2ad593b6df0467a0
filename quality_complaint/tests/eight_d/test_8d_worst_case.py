from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common import ComplaintCase
from .builders import EightDWorld


@tagged("post_install", "-at_install")
class TestWorstCase(EightDWorld, ComplaintCase):
    """Three customers, one lot, two causes, an action that fails: from the first
    complaint to the verified effect.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.policy.write({"effect_units": 1000, "effect_days": 90})
        cls.customers = cls.customer | cls.env["res.partner"].create(
            [{"name": "Pine Pumps"}, {"name": "Oak Ovens"}]
        )
        cls.lot = cls.produce("W-1", "2026-02-01 08:00:00", 100)
        with freeze_time("2026-02-02 08:00:00"):
            for customer in cls.customers:
                cls.sell({cls.lot: 20}, partner=customer)

    def complain(self, moment, lot, customer):
        with freeze_time(moment):
            self.env.invalidate_all()
            complaint = self.make_complaint(
                lot_ref=lot.name,
                user=self.officer,
                partner_id=customer.id,
                description="Pipe cracked at the bend",
                register=False,
            )
            complaint.action_open_match()
            complaint.line_ids.write({"defect_id": self.scratch.id})
            complaint.action_register()
        return complaint

    def test_from_the_first_complaint_to_the_verified_effect(self):
        first = self.complain("2026-03-02 08:00:00", self.lot, self.customers[0])
        second = self.complain("2026-03-03 08:00:00", self.lot, self.customers[1])
        third = self.complain("2026-03-04 08:00:00", self.lot, self.customers[2])
        self.assertEqual(
            [complaint.repeat_rank for complaint in (first, second, third)], [1, 2, 3]
        )
        # one report for the three of them, by two clicks
        with freeze_time("2026-03-04 09:00:00"):
            first.action_start_8d()
            for complaint in (second, third):
                row = complaint.repeat_ids.filtered(lambda row: row.other_id == first)
                self.assertIn("same lot", row.explanation)
                row.action_merge_8d()
        report = first.eight_d_id.with_user(self.engineer)
        self.assertEqual(
            (report.complaint_count, report.customer_ids, report.lot_names),
            (3, self.customers, "W-1"),
        )
        report.sudo().write(
            {"leader_id": self.engineer.id, "champion_id": self.manager.id}
        )
        with freeze_time("2026-03-05 09:00:00"):
            self.close_up_to(report, "D3")
            found = {
                (row.place, row.partner_id.name or ""): row.suspect_quantity
                for row in report.containment_ids
            }
            at_customers = {
                ("customer", customer.name): 20 for customer in self.customers
            }
            self.assertEqual(found, {**at_customers, ("finished", ""): 40})
            self.work_on_causes(report)
        # the action against the first cause fails on the next lot
        next_lot = self.produce("W-2", "2026-03-10 08:00:00", 200)
        with freeze_time("2026-03-11 08:00:00"):
            for action in report._corrective():
                self.carry_out(action, cut_in_on=False, cut_in_lot_id=next_lot.id)
            report._step("D6").action_done()
            self.sell({next_lot: 50}, partner=self.customers[1])
        fourth = self.complain("2026-03-20 08:00:00", next_lot, self.customers[1])
        self.assertEqual(
            (report.current_step, set(report.action_ids.mapped("state"))),
            ("D6", {"open"}),
        )
        self.assertIn(fourth.name, "".join(report.message_ids.mapped("body")))
        fourth.repeat_ids.filtered(lambda row: row.other_id == first).action_merge_8d()
        self.assertEqual(fourth.eight_d_id, first.eight_d_id)
        with freeze_time("2026-03-23 08:00:00"):
            self.choose_another_action(report)
        # the second attempt holds: 1,000 pieces without the defect
        last_lot = self.produce("W-3", "2026-04-01 08:00:00", 1500)
        with freeze_time("2026-04-02 08:00:00"):
            for action in report._corrective():
                self.carry_out(action, cut_in_on=False, cut_in_lot_id=last_lot.id)
            report._step("D6").action_done()
            self.close_up_to(report, "D7")
            self.sell({last_lot: 999}, partner=self.customers[0])
        with freeze_time("2026-04-20 08:00:00"):
            self.env.invalidate_all()
            self.assertEqual(
                set(report._corrective().mapped("effect_proposal")), {"too_early"}
            )
            self.sell({last_lot: 1}, partner=self.customers[2])
            self.env.invalidate_all()
            self.assertEqual(
                set(report._corrective().mapped("effect_proposal")), {"effective"}
            )
            for action in report._corrective():
                action.action_take_proposal()
                with self.assertRaisesRegex(UserError, "cannot verify your own action"):
                    action.with_user(action.user_id).action_effective()
                action.action_effective()
            report.write(
                {"thanks": "Thank you all", "containment_ended_on": "2026-04-20"}
            )
            report._step("D8").action_done()
        self.assertEqual(report.state, "closed")
        self.assertEqual(
            report.action_ids.sorted("id").mapped("state"),
            ["cancelled", "effective", "effective", "effective"],
        )

    def work_on_causes(self, report):
        self.node(report, "Fixture lets the part tilt", category="machine", share=60)
        self.node(report, "Tube wall below 0.8 mm", category="material", share=40)
        self.node(
            report, "Bend is not checked by the gauge", "escape", category="measurement"
        )
        report.escape_point = "Final inspection"
        report._step("D4").action_done()
        for node in report._roots():
            self.correct(report, node, name=f"Against: {node.name}")
        report._step("D5").action_done()

    def choose_another_action(self, report):
        """What failed is given up, which opens D5, and replaced."""
        failed = report._corrective().sorted("id")[0]
        node = failed.node_id
        failed.action_cancel("The stop bends under load")
        self.assertEqual(report.current_step, "D3")  # lot W-2 is not contained yet
        report.action_propose_containment()
        for row in report.containment_ids.filtered(
            lambda row: not row.checked_quantity
        ):
            row.write(
                {
                    "checked_quantity": row.suspect_quantity,
                    "method": "Gauge",
                    "user_id": self.officer.id,
                    "done_on": "2026-03-23",
                }
            )
        report._step("D3").action_done()
        self.assertEqual(report.current_step, "D5")
        self.correct(report, node, name="Hardened stop with a sensor")
        report._step("D5").action_done()
