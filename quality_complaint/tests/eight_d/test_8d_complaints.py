from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .builders import EightDCase


@tagged("post_install", "-at_install")
class TestEightDComplaints(EightDCase):
    """A report and its complaints."""

    def test_two_clicks_make_one_report(self):
        complaint = self.complaint.with_user(self.officer)
        complaint.action_start_8d()
        first = complaint.sudo().eight_d_id
        with self.assertRaises(UserError):
            complaint.action_start_8d()
        self.assertEqual((complaint.sudo().eight_d_id, first.state), (first, "open"))

    def test_a_described_report_does_not_make_way(self):
        other = self.make_complaint(lot_ref="B-77", user=self.officer)
        own = other.sudo()._create_8d().with_user(self.engineer)
        self.fill_d2(own)
        own.isnot_ids = [Command.create({"is_text": "Bend 2", "is_not_text": "Bend 1"})]
        report = self.start()
        with self.assertRaises(UserError):
            other.sudo()._join_8d(report.sudo())

    def test_a_complaint_that_joins_a_contained_report_is_contained_or_opens_d3(self):
        report = self.start()
        self.close_up_to(report, "D3")
        lot = self.make_lot("B-99", quantity=50)
        self.sell({lot: 20})
        late = self.make_complaint(lot_ref="B-99", user=self.officer)
        late.sudo()._join_8d(report.sudo())
        self.assertTrue(
            "contained" in late._reached_codes() or not report._step("D3").done_on,
            "lot B-99 is in no containment, and nobody is told",
        )

    def test_an_action_of_a_complaint_does_not_stay_behind_in_the_report_it_leaves(
        self,
    ):
        report = self.start()
        action = self.correct(
            report,
            report.node_ids[:0],
            kind="containment",
            complaint_id=self.complaint.id,
        )
        try:
            self.complaint.sudo()._leave_8d()
        except UserError:
            return
        self.assertTrue(
            not action.eight_d_id or action.complaint_id.eight_d_id == action.eight_d_id
        )

    def test_an_action_of_a_complaint_can_move_on_from_a_cancelled_report(self):
        report = self.start()
        action = self.correct(
            report,
            report.node_ids[:0],
            kind="containment",
            complaint_id=self.complaint.id,
        )
        report.action_cancel("Wrong subject")
        second = self.complaint.sudo()._create_8d()
        action.with_user(self.engineer).eight_d_id = second
        self.assertEqual(action.eight_d_id, second)

    def test_the_batch_cases_report_covers_a_child_whose_own_report_was_cancelled(self):
        child = self.complaint
        own = self.start(child)
        own.action_cancel("Handled by the batch case")
        child.severity_id.sudo().with_context(install_mode=True).needs_8d = True
        parent = self.make_complaint(lot_ref="B-77", user=self.officer)
        child.sudo()._advance({"parent_id": parent.id})
        report = self.start(parent)
        self.close_up_to(report, "D8")
        child.invalidate_recordset()
        self.assertEqual(
            [text for text, _record in child._get_open_ends() if "8D" in text], []
        )

    def test_the_children_of_a_batch_case_learn_that_they_are_contained(self):
        parent = self.make_complaint(lot_ref="B-77", user=self.officer)
        self.complaint.sudo()._advance({"parent_id": parent.id})
        report = self.start(parent)
        self.close_up_to(report, "D4")
        self.assertIn("contained", self.complaint._reached_codes())

    def test_the_customers_of_a_batch_case_are_those_of_its_children(self):
        parent = self.make_complaint(lot_ref="B-77", user=self.officer)
        parent.sudo()._advance({"partner_id": False})
        self.complaint.sudo()._advance({"parent_id": parent.id})
        report = self.start(parent)
        self.assertEqual(report.customer_ids, self.customer)

    def test_a_corrected_suspect_quantity_is_kept_when_quantities_are_proposed_again(
        self,
    ):
        report = self.start()
        report.action_propose_containment()
        row = report.containment_ids.filtered(lambda row: row.place == "finished")
        row.write({"suspect_quantity": 65, "note": "Five were scrapped yesterday"})
        report.action_propose_containment()
        self.assertEqual(
            report.containment_ids.filtered(
                lambda row: row.place == "finished"
            ).suspect_quantity,
            65,
        )

    def test_what_was_bought_and_sent_back_is_looked_for_at_the_supplier(self):
        lot = self.make_lot("S-1")
        supplier = self.env.ref("stock.stock_location_suppliers")
        for start, end, quantity in (
            (supplier, self.stock, 50),
            (self.stock, supplier, 20),
        ):
            move = self.env["stock.move"].create(
                {
                    "product_id": self.strip.id,
                    "product_uom_qty": quantity,
                    "location_id": start.id,
                    "location_dest_id": end.id,
                    "company_id": self.company.id,
                }
            )
            move._action_confirm()
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_id": lot.id,
                        "quantity": quantity,
                    }
                )
            ]
            move.picked = True
            move._action_done()
        self.sell({lot: 10})
        report = self.start(self.make_complaint(lot_ref="S-1"))
        report.action_propose_containment()
        self.assertIn("supplier", report.containment_ids.mapped("place"))

    def test_a_unit_of_another_kind_is_refused(self):
        report = self.start()
        with self.assertRaises(UserError):
            report.containment_ids = [
                Command.create(
                    {
                        "place": "finished",
                        "product_id": self.strip.id,
                        "product_uom_id": self.kilo.id,
                        "suspect_quantity": 5,
                    }
                )
            ]

    def test_a_lot_of_another_product_is_refused(self):
        report = self.start()
        other = self.make_product("Other")
        with self.assertRaises(UserError):
            report.containment_ids = [
                Command.create(
                    {
                        "place": "finished",
                        "product_id": other.id,
                        "lot_id": self.lot.id,
                        "suspect_quantity": 5,
                    }
                )
            ]

    def test_an_extension_asked_by_rpc_takes_a_date_as_text(self):
        report = self.start()
        step = report._step("D4")
        step.due_on = "2026-03-09 12:00:00"
        step.action_extend("2026-03-12 12:00:00", "Laboratory is closed")
        self.assertEqual(str(step.due_on), "2026-03-12 12:00:00")

    def test_an_employee_can_register_a_complaint_that_needs_a_report(self):
        self.general.sudo().with_context(install_mode=True).needs_8d = True
        complaint = self.make_complaint(lot_ref="B-77", user=self.employee)
        self.assertTrue(complaint.sudo().eight_d_id)

    def test_a_batch_case_has_one_report_and_not_one_per_customer(self):
        self.general.sudo().with_context(install_mode=True).needs_8d = True
        lot = self.make_lot("B-88", quantity=40)
        self.sell({lot: 10})
        self.sell({lot: 10}, partner=self.distributor)
        wizard = (
            self.env["quality.complaint.batch"]
            .with_user(self.officer)
            .with_context(allowed_company_ids=self.company.ids)
        )
        parent = self.env["quality.complaint"].browse(
            wizard.create(
                {"lot_id": lot.id, "description": "Wrong alloy"}
            ).action_create()["res_id"]
        )
        self.assertEqual(
            (len(parent.sudo().eight_d_id), len(parent.child_ids.sudo().eight_d_id)),
            (1, 0),
        )

    def test_a_needed_report_is_started_when_the_one_before_was_cancelled(self):
        report = self.start()
        report.action_cancel("Too early")
        self.complaint.severity_id.sudo().with_context(
            install_mode=True
        ).needs_8d = True
        self.complaint.invalidate_recordset()
        self.complaint._start_needed_8d()
        self.assertEqual(self.complaint.sudo().eight_d_id.state, "open")

    def test_a_closed_complaint_does_not_leave_its_report(self):
        report = self.start()
        self.complaint.sudo()._advance({"state": "closed"})
        with self.assertRaises(UserError):
            report.sudo().pick_complaint_ids = [Command.unlink(self.complaint.id)]

    def test_a_step_opened_again_months_later_is_not_overdue_at_once(self):
        self.use_policy("r8")
        with freeze_time("2026-03-02 09:00:00"):
            report = self.start(self.make_complaint(lot_ref="B-77", user=self.officer))
            self.close_up_to(report, "D4")
        with freeze_time("2026-07-06 09:00:00"):
            report._step("D4").action_reopen("Came again")
            self.env.invalidate_all()
            self.assertFalse(report._step("D4").is_overdue)

    def test_a_date_somebody_agreed_stays_when_the_variant_changes(self):
        self.use_policy("r8")
        report = self.start(self.make_complaint(lot_ref="B-77", user=self.officer))
        step = report._step("D5")
        agreed = step.due_on.replace(hour=6)
        step.due_on = agreed
        report.variant_id = self.env.ref("quality_complaint.variant_8d_working")
        self.assertEqual(step.due_on, agreed)

    def test_a_closed_report_does_not_count_for_a_complaint_reopened_afterwards(self):
        report = self.start()
        self.close_up_to(report, "D8")
        self.complaint.severity_id.sudo().with_context(
            install_mode=True
        ).needs_8d = True
        self.complaint.sudo()._advance({"state": "replied"})
        self.complaint.with_user(self.officer).action_reopen(
            "Came again with the corrected parts"
        )
        self.complaint.invalidate_recordset()
        self.assertTrue(
            [text for text, _record in self.complaint._get_open_ends() if "8D" in text]
            or report.state == "open"
        )

    def test_a_cause_an_action_removes_is_not_deleted_with_a_database_error(self):
        report = self.start()
        node = self.node(report, "Fixture lets the part tilt")
        self.correct(report, node)
        with self.assertRaisesRegex(UserError, "Fixture lets the part tilt"):
            node.unlink()
            self.env.flush_all()

    def test_a_cancelled_complaint_does_not_keep_an_untouched_report_running(self):
        report = self.complaint.sudo()._create_8d()
        self.complaint.with_user(self.officer).action_cancel("mistake", "Wrong file")
        self.assertEqual(report.state, "cancelled")

    def test_the_policy_says_from_which_repeat_a_report_is_needed(self):
        self.assertIn("repeat_8d_from", self.policy._fields)

    def test_an_action_is_not_effective_before_the_units_and_days_of_the_policy(self):
        report = self.start()
        self.close_up_to(report, "D7")
        self.assertEqual(
            (report.policy_id.effect_units, report.policy_id.effect_days), (1000, 90)
        )
        self.complaint.line_ids.defect_id = self.scratch
        action = report._corrective()[0]
        action.effect_note = "Looks good, five seconds after it was done"
        with self.assertRaises(UserError):
            action.action_effective()

    def test_the_way_out_named_for_a_cancelled_report_exists(self):
        report = self.start()
        self.close_up_to(report, "D0")
        report.action_cancel("Not ours")
        with self.assertRaises(UserError) as caught:
            self.node(report, "Fixture")
        self.assertNotIn("Reopen its last step", str(caught.exception))

    def test_a_leader_who_left_is_replaced_without_opening_d4_to_d7(self):
        report = self.start()
        self.close_up_to(report, "D7")
        report._step("D1").with_user(self.manager).action_reopen(
            "The leader left the company"
        )
        self.assertTrue(report._step("D7").done_on)

    def test_a_verified_root_cause_does_not_explain_an_excluded_cause(self):
        report = self.start()
        top = self.node(
            report, "Tube wall too thin", is_root=False, share=0, verdict="excluded"
        )
        self.node(report, "Supplier changed the die", parent_id=top.id)
        self.node(report, "Bend is not checked by the gauge", "escape")
        report.escape_point = "Final inspection"
        self.assertTrue(report._missing_d4())
