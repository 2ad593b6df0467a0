from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..common import APP
from .builders import EightDCase


@tagged("post_install", "-at_install")
class TestGates(EightDCase):
    """A weak 8D report cannot be closed: each gate names what is missing."""

    def missing(self, report, code):
        return report._step(code)._missing()

    def test_a_complete_report_is_worked_from_d0_to_d8(self):
        report = self.start()
        self.assertRegex(report.name, r"^8D/\d{4}/\d{5}$")
        self.close_up_to(report, "D8")
        self.assertEqual(
            (report.state, report.current_step, bool(report.closed_on)),
            ("closed", False, True),
        )
        self.assertEqual(set(report.step_ids.mapped("state")), {"done"})
        self.assertEqual(report._step("D4").done_by_id, self.engineer)

    def test_every_step_of_an_empty_report_is_refused(self):
        report = self.start()
        for step in report.step_ids:
            with (
                self.subTest(step=step.code),
                self.assertRaisesRegex(UserError, "cannot be closed yet"),
            ):
                step.action_done()
        self.assertFalse(report.step_ids.filtered("done_on"))

    def test_d0_asks_whether_deliveries_are_stopped_and_since_when(self):
        report = self.start()
        self.assertEqual(
            self.missing(report, "D0"), ["the decision whether deliveries are stopped"]
        )
        report.stop_ship = "yes"
        self.assertEqual(
            self.missing(report, "D0"), ["what is stopped, why and since when"]
        )
        report.stop_ship_note = "Lot B-77 since 9:00"
        self.assertEqual(self.missing(report, "D0"), [])

    def test_d1_asks_for_champion_leader_and_members(self):
        report = self.start(leader_id=False, champion_id=False)
        self.assertEqual(
            self.missing(report, "D1"),
            ["Champion", "Team Leader", "the members of the team"],
        )

    def test_d3_asks_for_every_suspect_piece_and_the_clean_point(self):
        report = self.start()
        report.action_propose_containment()
        found = [
            (row.place, row.lot_id.name, row.suspect_quantity)
            for row in report.containment_ids
        ]
        self.assertEqual(found, [("customer", "B-77", 30), ("finished", "B-77", 70)])
        first = report.containment_ids[0]
        first.write(
            {
                "checked_quantity": 29,
                "user_id": self.officer.id,
                "done_on": "2026-03-03",
            }
        )
        self.assertEqual(
            self.missing(report, "D3"),
            [
                "At the customer B-77: all suspect goods checked, by whom and when",
                "Finished goods B-77: all suspect goods checked, by whom and when",
                (
                    "the clean point: the lot or date from which goods are free of the "
                    "fault"
                ),
            ],
        )
        with self.assertRaises(ValidationError):
            first.bad_quantity = 30

    def test_d3_has_a_row_for_each_customer_with_what_became_of_the_goods(self):
        self.sell({self.lot: 12}, partner=self.distributor)
        report = self.start()
        report.action_propose_containment()
        rows = report.containment_ids.filtered(lambda row: row.place == "customer")
        self.assertEqual(
            {row.partner_id: row.suspect_quantity for row in rows},
            {self.customer: 30, self.distributor: 12},
        )
        row = rows.filtered(lambda row: row.partner_id == self.distributor)
        row.write(
            {
                "checked_quantity": 5,
                "bad_quantity": 1,
                "used_quantity": 4,
                "missing_quantity": 2,
                "user_id": self.officer.id,
                "done_on": "2026-03-03",
            }
        )
        self.assertEqual(
            (row.good_quantity, row.open_quantity, row._is_checked()), (4, 1, False)
        )
        row.missing_quantity = 3
        self.assertEqual((row.open_quantity, row._is_checked()), (0, True))
        with self.assertRaises(ValidationError):
            row.used_quantity = -1
        with (
            self.assertRaisesRegex(ValidationError, "at the customer or in transit"),
            self.env.cr.savepoint(),
        ):
            row.place = "finished"
        report.action_propose_containment()
        self.assertEqual(len(report.containment_ids), 3)

    def test_stop_of_deliveries_says_what_it_does(self):
        self.assertIn(
            "puts the lots of the report on hold",
            self.env["quality.8d"].fields_get(["stop_ship"])["stop_ship"]["help"],
        )
        self.assertIn(
            "Nothing is on hold yet",
            self.env.ref("quality_complaint.quality_8d_view_form").arch,
        )

    def test_documents_start_as_to_decide(self):
        report = self.start()
        self.assertEqual(set(report.document_ids.mapped("decision")), {"open"})
        row = report.document_ids[0]
        row.write({"document": "FMEA 12", "revision": "C"})
        self.assertEqual((row.decision, row._is_complete()), ("open", False))
        row.date = "2026-03-20"
        self.assertEqual((row.decision, row._is_complete()), ("updated", True))
        row.write({"decision": "none", "reason": "n/a"})
        self.assertFalse(row._is_complete())
        row.reason = "The standard covers it already"
        self.assertTrue(row._is_complete())

    def test_answers_that_say_nothing_are_none(self):
        report = self.start()
        node = self.node(report, "Fixture lets the part tilt")
        for text in ("n/a", "N.A.", " - ", "—", "无", "\u3000"):
            node.evidence = text
            self.assertIn(
                "the evidence of “Fixture lets the part tilt”",
                self.missing(report, "D4"),
                text,
            )
            with self.assertRaises(UserError):
                self.complaint.action_cancel("withdrawn", text)
        node.evidence = "Trial 14"
        self.assertNotIn(
            "the evidence of “Fixture lets the part tilt”", self.missing(report, "D4")
        )

    def test_proposed_quantities_know_what_is_in_transit_and_keep_what_was_worked_on(
        self,
    ):
        transfer = self.sell({self.lot: 5}, invoice=False).picking_ids
        self.assertEqual(transfer.state, "done")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.lot.product_id.id, "product_uom_qty": 8}
                    )
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, self.lot)
        report = self.start()
        report.action_propose_containment()
        found = {row.place: row.suspect_quantity for row in report.containment_ids}
        self.assertEqual(found, {"customer": 35, "transit": 8, "finished": 57})
        report.containment_ids.filtered(
            lambda row: row.place == "customer"
        ).checked_quantity = 10
        report.action_propose_containment()
        self.assertEqual(len(report.containment_ids), 3)
        self.assertEqual(
            report.containment_ids.filtered(
                lambda row: row.place == "customer"
            ).checked_quantity,
            10,
        )

    def test_d4_asks_for_occurrence_and_escape_with_evidence_and_shares_of_100(self):
        report = self.start()
        report.escape_point = "Final inspection"
        self.assertIn(
            "a verified root cause why it occurred", self.missing(report, "D4")
        )
        self.assertIn(
            "a verified root cause why it escaped", self.missing(report, "D4")
        )
        one = self.node(report, "Fixture lets the part tilt", share=60)
        two = self.node(report, "Tube wall too thin", share=30, evidence=False)
        self.node(report, "Bend is not checked by the gauge", "escape")
        third = self.node(report, "Coolant too warm", verdict="suspected", share=0)
        gaps = self.missing(report, "D4")
        self.assertIn("“Coolant too warm” verified or excluded", gaps)
        self.assertIn("the evidence of “Tube wall too thin”", gaps)
        self.assertIn("shares of “Occurrence” that add up to 100 % (now 90 %)", gaps)
        third.verdict = "excluded"
        two.write({"share": 40, "evidence": "Measured 0.7 mm"})
        self.assertEqual(
            [gap for gap in self.missing(report, "D4") if "steps before" not in gap], []
        )
        self.assertEqual(report._roots("occurrence"), one | two)

    def test_operator_error_needs_a_deeper_why_or_a_quality_managers_reason(self):
        report = self.start()
        for text in (
            "Operator error",
            "Human error of the worker on line 3",
            "操作失误",
            "员工责任心不强",
            "作业员未按作业指导书操作",
        ):
            node = self.node(report, text)
            with self.subTest(text=text):
                self.assertIn(
                    f"a deeper why than “{text}”, or a quality manager's reason for it",
                    self.missing(report, "D4"),
                )
            node.unlink()
        for text in (
            "Operator could load the part upside down because the fixture is symmetric",
            "夹具没有防呆结构导致操作工可以反装零件",
        ):
            node = self.node(report, text)
            with self.subTest(text=text):
                self.assertFalse(
                    [gap for gap in self.missing(report, "D4") if "deeper why" in gap]
                )
            node.unlink()
        node = self.node(report, "Operator error")
        with self.assertRaisesRegex(
            AccessError, "neither wrote it nor works on the report"
        ):
            node.action_accept("One day only")
        other = new_test_user(
            self.env,
            "qc_second",
            f"{APP}quality",
            name="Second Quality",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(UserError):
            node.with_user(other).action_accept(" ")
        node.with_user(other).action_accept("Station was closed the day after")
        self.assertEqual(
            (node.shallow_reason, node.shallow_by_id),
            ("Station was closed the day after", other),
        )
        self.assertFalse(
            [gap for gap in self.missing(report, "D4") if "deeper why" in gap]
        )
        node.name = "Operator mistake"
        self.assertFalse(node.shallow_reason)

    def test_weak_words_are_data(self):
        report = self.start()
        self.node(report, "Gremlins")
        self.assertFalse(
            [gap for gap in self.missing(report, "D4") if "deeper why" in gap]
        )
        self.env["quality.8d.weak.term"].create({"kind": "cause", "name": "gremlins"})
        self.assertTrue(
            [gap for gap in self.missing(report, "D4") if "deeper why" in gap]
        )

    def test_d5_asks_for_an_action_per_root_cause_with_reason_and_check(self):
        report = self.start()
        self.close_up_to(report, "D4")
        self.assertEqual(
            self.missing(report, "D5"),
            [
                "a corrective action against “Fixture lets the part tilt”",
                "a corrective action against “Bend is not checked by the gauge”",
            ],
        )
        one, two = report._roots()
        self.correct(report, one, pre_check=False)
        self.assertEqual(
            self.missing(report, "D5"),
            [
                "a corrective action against “Bend is not checked by the gauge”",
                "“Fixture with a stop for the part”: Checked Beforehand",
            ],
        )
        weak = self.correct(report, two, name="Training of all operators")
        self.assertIn(
            "more than “Training of all operators”, or a quality manager's reason for "
            "it",
            self.missing(report, "D5"),
        )
        weak.name = "对全体员工进行培训"
        self.assertIn(
            "more than “对全体员工进行培训”, or a quality manager's reason for it",
            self.missing(report, "D5"),
        )
        weak.with_user(self.manager).action_accept("Gauge comes with the next tool")
        self.assertEqual(
            self.missing(report, "D5"),
            ["“Fixture with a stop for the part”: Checked Beforehand"],
        )
        report.action_ids.filtered(
            lambda action: action.node_id == one
        ).pre_check = "Trial"
        report._step("D5").action_done()
        with self.assertRaisesRegex(UserError, "D5 is done"):
            self.correct(report, one, name="One more")

    def test_a_manager_lists_a_wording_that_explains_nothing_with_one_click(self):
        report = self.start()
        node = self.node(report, "The moon was full")
        action = self.correct(report, node, "Hope for the best")
        terms = self.env["quality.8d.weak.term"]
        for kind, record, text in (
            ("cause", node, "the Moon was full."),
            ("action", action, "Hope for the best"),
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.engineer).action_add_weak()
            self.assertFalse(terms._is_weak(text, kind))
            record.with_user(self.manager).action_add_weak()
            self.assertTrue(terms._is_weak(text, kind))
            record.with_user(self.manager).action_add_weak()  # once
            self.assertEqual(
                terms.search_count([("kind", "=", kind), ("name", "=", record.name)]), 1
            )

    def test_d6_asks_that_every_action_is_done_with_a_file_and_its_cut_in(self):
        report = self.start()
        self.close_up_to(report, "D5")
        one, two = report._corrective()
        self.carry_out(one, attachment_ids=False, cut_in_on=False)
        self.assertEqual(
            self.missing(report, "D6"),
            [
                f"“{two.name}” done",
                f"“{one.name}”: a file that shows it (report, photo, revised document)",
                f"“{one.name}”: the first lot or date with it (cut-in)",
            ],
        )
        one.write({"attachment_ids": [self.photo(one)], "cut_in_lot_id": self.lot.id})
        self.carry_out(two)
        report._step("D6").action_done()

    def test_d7_asks_for_every_document_and_the_read_across(self):
        report = self.start()
        self.close_up_to(report, "D6")
        self.assertEqual(len(self.missing(report, "D7")), 5)
        for row in report.document_ids[:3]:
            row.write({"document": "FMEA 12", "revision": "C", "date": "2026-03-20"})
        report.document_ids[3].decision = "none"
        self.assertEqual(
            self.missing(report, "D7"),
            [
                (
                    "“Inspection standard”: document, revision and date, or why it does "  # noqa: E501
                    "not apply"
                ),
                "the read-across to other products and plants",
            ],
        )
        report.document_ids[3].reason = "Standard covers it already"
        report.readacross_ids = [Command.create({"name": "Plant 2"})]
        self.assertEqual(
            self.missing(report, "D7"),
            ["read-across: whether “Plant 2” has the trouble too"],
        )
        report.readacross_ids.affected = "yes"
        self.assertEqual(
            self.missing(report, "D7"),
            ["read-across: what is done for “Plant 2”, which has the trouble too"],
        )
        report.readacross_ids.note = "Fixture changed there as well"
        self.assertEqual(self.missing(report, "D7"), [])
        report.document_ids[3].unlink()
        self.assertEqual(
            self.missing(report, "D7"), ["the document “Inspection standard”"]
        )

    def test_d8_asks_that_somebody_else_than_the_owner_verified_the_effect(self):
        report = self.start()
        self.close_up_to(report, "D7")
        report.write({"thanks": "Thanks", "containment_ended_on": "2026-04-01"})
        one, two = report._corrective()
        self.assertEqual(
            self.missing(report, "D8"),
            [
                f"action “{one.name}” (effect to be verified)",
                f"action “{two.name}” (effect to be verified)",
            ],
        )
        one.with_user(self.officer).effect_note = "Works"
        with self.assertRaisesRegex(UserError, "cannot verify your own action"):
            one.with_user(self.officer).action_effective()
        for action in one | two:
            action.effect_note = "Works"
            action.action_effective()
        self.assertEqual(self.missing(report, "D8"), [])

    def test_steps_from_d4_on_need_the_ones_before(self):
        report = self.start()
        self.fill_d3(report)
        report._step("D3").action_done()
        self.fill_d4(report)
        self.assertEqual(
            self.missing(report, "D4"), ["the steps before it: D0, D1, D2"]
        )

    def test_a_manager_overrides_with_a_reason_that_is_kept(self):
        report = self.start()
        with self.assertRaisesRegex(AccessError, "Only a complaint manager"):
            report._step("D0").action_override("Hurry")
        step = report._step("D0").with_user(self.manager)
        with self.assertRaisesRegex(UserError, "give a reason"):
            step.action_override("  ")
        step.action_override("Plant is closed")
        self.assertEqual((step.state, bool(step.done_on)), ("override", True))
        row = report.override_ids
        self.assertEqual(
            (row.step, row.missing, row.reason, row.user_id),
            (
                "D0",
                "the decision whether deliveries are stopped",
                "Plant is closed",
                self.manager,
            ),
        )
        self.assertIn(
            "Plant is closed", report.message_ids[0].body + report.message_ids[1].body
        )
        with self.assertRaises(AccessError):
            row.with_user(self.manager).unlink()
        report._step("D0").action_reopen("Decide after all")
        self.assertFalse(row.is_valid)

    def test_what_a_closed_step_says_cannot_be_changed(self):
        report = self.start()
        self.close_up_to(report, "D4")
        for vals in (
            {"stop_ship": "yes"},
            {"leader_id": self.officer.id},
            {"what": "Other"},
            {"clean_on": "2026-05-01"},
            {"escape_point": "None"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "belongs to the file"),
            ):
                report.write(vals)
        with self.assertRaisesRegex(UserError, "D4 is done"):
            report.node_ids[0].name = "Something else"
        with self.assertRaisesRegex(UserError, "D1 is done"):
            report.member_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "stays there"):
            report.node_ids[0].eight_d_id = self.start(
                self.make_complaint(lot_ref="B-77")
            )

    def test_reopening_a_step_opens_those_that_build_on_it(self):
        report = self.start()
        self.close_up_to(report, "D8")
        with self.assertRaisesRegex(UserError, "give a reason"):
            report._step("D5").action_reopen("")
        report._step("D5").action_reopen("Another action is better")
        self.assertEqual(report.state, "open")
        self.assertEqual(
            sorted(report.step_ids.filtered("done_on").mapped("code")),
            ["D0", "D1", "D2", "D3", "D4"],
        )
        self.assertEqual(report.current_step, "D5")

    def test_a_failed_action_sends_the_report_back_to_choosing(self):
        report = self.start()
        self.close_up_to(report, "D7")
        failed = report._corrective()[0]
        failed.effect_note = "Came again"
        failed.action_ineffective()
        self.assertEqual(
            (report.current_step, self.missing(report, "D5")),
            ("D5", [f"a corrective action against “{failed.node_id.name}”"]),
        )
        self.correct(report, failed.node_id, name="Poka-yoke pin")
        self.close_steps(report, "D5")
        self.carry_out(
            report._corrective().filtered(lambda action: action.state == "open")
        )
        self.close_steps(report, "D6", "D7")
        for action in report._corrective():
            action.effect_note = "Works"
            action.action_effective()
        report.write({"thanks": "Thanks", "containment_ended_on": "2026-04-01"})
        self.close_steps(report, "D8")
        self.assertEqual(report.state, "closed")

    def close_steps(self, report, *codes):
        for code in codes:
            report._step(code).action_done()

    def test_an_action_to_be_done_again_opens_a_closed_report(self):
        report = self.start()
        self.close_up_to(report, "D8")
        report._corrective()[0].action_reopen("The trouble came back")
        self.assertEqual((report.state, report.current_step), ("open", "D6"))


@tagged("post_install", "-at_install")
class TestEightD(EightDCase):
    """A report and its complaints, dates and people."""

    def test_dates_come_from_the_policy_and_the_customers_variant(self):
        self.use_policy("r8")
        calendar = self.company.resource_calendar_id
        calendar.tz = "UTC"
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.make_complaint(lot_ref="B-77", user=self.officer)
            report = complaint.eight_d_id.with_user(self.engineer)
            self.assertTrue(report)
            dues = {step.code: str(step.due_on) for step in report.step_ids}
            self.assertEqual(
                dues,
                {
                    "D0": "2026-03-02 13:00:00",
                    "D1": "2026-03-03 23:59:59",
                    "D2": "2026-03-03 23:59:59",
                    "D3": "2026-03-03 23:59:59",
                    "D4": "2026-03-09 23:59:59",
                    "D5": "2026-03-16 23:59:59",
                    "D6": "2026-03-16 23:59:59",
                    "D7": "2026-03-27 23:59:59",
                    "D8": "2026-04-01 23:59:59",
                },
            )
            report.variant_id = self.env.ref("quality_complaint.variant_8d_fast")
            self.assertEqual(
                (str(report._step("D3").due_on), str(report._step("D5").due_on)),
                ("2026-03-03 09:00:00", "2026-03-12 23:59:59"),
            )
            report.action_cancel("Test")
            self.customer.sudo().eight_d_variant_id = self.env.ref(
                "quality_complaint.variant_8d_working"
            )
            report = self.make_complaint(
                lot_ref="B-77", user=self.officer
            ).eight_d_id.with_user(self.engineer)
            self.assertEqual(
                (str(report._step("D3").due_on), str(report._step("D4").due_on)),
                ("2026-03-03 17:00:00", "2026-03-09 17:00:00"),
            )

    def test_a_holiday_entered_later_moves_steps_but_no_agreed_ones(self):
        self.use_policy("r8")
        calendar = self.company.resource_calendar_id
        calendar.tz = "UTC"
        self.customer.sudo().eight_d_variant_id = self.env.ref(
            "quality_complaint.variant_8d_working"
        )
        with freeze_time("2026-03-02 09:00:00"):
            report = self.make_complaint(
                lot_ref="B-77", user=self.officer
            ).eight_d_id.with_user(self.engineer)
            d3, d4, d5 = (report._step(code) for code in ("D3", "D4", "D5"))
            d5.due_on = "2026-03-13 12:00:00"
            before = {step.code: step.due_on for step in report.step_ids}
            self.assertEqual(
                (str(d3.due_on), str(d4.due_on)),
                ("2026-03-03 17:00:00", "2026-03-09 17:00:00"),
            )
            holiday = self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": calendar.id,
                    "date_from": "2026-03-04 00:00:00",
                    "date_to": "2026-03-04 23:59:59",
                }
            )
            self.assertEqual(
                (str(d3.due_on), str(d4.due_on), str(d5.due_on)),
                ("2026-03-03 17:00:00", "2026-03-10 17:00:00", "2026-03-13 12:00:00"),
            )
            self.assertFalse(d4.extended_from)
            holiday.unlink()
            self.assertEqual(
                {step.code: step.due_on for step in report.step_ids}, before
            )

    def test_a_step_gets_more_time_with_a_reason_only(self):
        report = self.start()
        step = report._step("D4")
        step.due_on = "2026-03-09 12:00:00"
        with self.assertRaisesRegex(UserError, "More time"):
            step.due_on = "2026-03-12 12:00:00"
        with self.assertRaisesRegex(UserError, "give a reason"):
            step.action_extend("2026-03-12 12:00:00", " ")
        self.env["quality.complaint.reason"].with_user(self.engineer).create(
            {
                "eight_d_id": report.id,
                "step_id": step.id,
                "purpose": "extend",
                "due_on": "2026-03-12 12:00:00",
                "reason": "Laboratory is closed",
            }
        ).action_confirm()
        self.assertEqual(
            (str(step.due_on), str(step.extended_from), step.extension_count),
            ("2026-03-12 12:00:00", "2026-03-09 12:00:00", 1),
        )

    def test_one_report_for_several_complaints_made_once(self):
        other = self.make_complaint(lot_ref="B-77", user=self.officer)
        both = self.complaint | other
        report = both.with_user(self.officer)
        self.assertEqual(report.action_start_8d()["res_model"], "quality.8d")
        self.assertEqual(len(both.eight_d_id), 1)
        self.assertEqual(both.eight_d_id.complaint_count, 2)
        self.assertEqual(both.eight_d_id.lot_ids, self.lot)
        worked = both.eight_d_id.with_user(self.engineer)
        worked.sudo().stop_ship = "no"
        third = self.make_complaint(lot_ref="B-77", user=self.officer)
        worked.pick_complaint_ids = [Command.link(third.id)]
        self.assertEqual(third.eight_d_id, worked)
        second = self.start(self.make_complaint(lot_ref="B-77"))
        with self.assertRaisesRegex(UserError, "has the report"):
            third._join_8d(second.sudo())
        worked.pick_complaint_ids = [Command.unlink(third.id)]
        self.assertFalse(third.eight_d_id)

    def test_an_untouched_report_makes_way(self):
        own = self.complaint.sudo()._create_8d().with_user(self.engineer)
        other = self.make_complaint(lot_ref="B-77", user=self.officer)
        joined = other.sudo()._create_8d()
        own.stop_ship = "no"
        other.sudo()._join_8d(own.sudo())
        self.assertEqual((joined.state, other.eight_d_id), ("cancelled", own))

    def test_a_needed_report_blocks_closing(self):
        self.complaint.severity_id.sudo().with_context(
            install_mode=True
        ).needs_8d = True
        self.complaint.invalidate_recordset(["needs_8d"])
        self.assertIn(
            "the 8D report, which this severity or the repetition asks for",
            [text for text, _record in self.complaint._get_open_ends()],
        )
        report = self.start()
        self.assertIn(
            f"8D report {report.display_name}",
            [text for text, _record in self.complaint._get_open_ends()],
        )
        self.close_up_to(report, "D8")
        self.assertFalse(
            [text for text, _record in self.complaint._get_open_ends() if "8D" in text]
        )

    def test_verified_causes_are_proposed_to_the_complaints_but_overwrite_nothing(self):
        other = self.make_complaint(lot_ref="B-77", user=self.officer)
        other.escape_cause = "Gauge was out of order"
        report = self.start(self.complaint | other)
        self.close_up_to(report, "D4")
        self.assertEqual(
            (self.complaint.root_cause, self.complaint.escape_cause),
            ("Fixture lets the part tilt", "Bend is not checked by the gauge"),
        )
        self.assertEqual(
            (other.root_cause, other.escape_cause),
            ("Fixture lets the part tilt", "Gauge was out of order"),
        )

    def test_anonymising_a_complaint_takes_its_people_out_of_the_report(self):
        report = self.start()
        self.close_up_to(report, "D2")
        self.complaint.sudo().complainant = "Petra Plumber"
        report.sudo()._advance(
            {"who_found": "Petra Plumber", "what": "Petra Plumber saw a crack"}
        )
        report.sudo().member_ids[1]._advance({"function": "Called Petra Plumber"})
        self.complaint._anonymise()
        self.assertEqual(
            (report.who_found, report.what, report.member_ids[1].function),
            ("…", "… saw a crack", "Called …"),
        )

    def test_supplier_of_the_key_component_is_proposed_when_there_is_one(self):
        report = self.start()
        mill, other = self.env["res.partner"].create(
            [{"name": "Mill"}, {"name": "Other mill"}]
        )
        tube = self.make_product(
            "Tube",
            tracking="lot",
            seller_ids=[
                Command.create({"partner_id": mill.id, "product_code": "TM-220"})
            ],
        )
        lot = self.make_lot("H-1", tube)
        report.write({"component_id": tube.id, "component_lot_id": lot.id})
        self.assertEqual((report.supplier_id, report.supplier_code), (mill, "TM-220"))
        both = self.make_product(
            "Cap",
            seller_ids=[
                Command.create({"partner_id": partner.id}) for partner in (mill, other)
            ],
        )
        report.component_id = both
        self.assertEqual((report.supplier_id, report.supplier_code), (mill, False))
        self.assertFalse(report.component_lot_id)
        report.write({"supplier_id": other.id, "supplier_code": "O-1"})
        report.component_id = tube
        self.assertEqual((report.supplier_id, report.supplier_code), (mill, "TM-220"))
        report.supplier_id = False
        report.component_id = both
        self.assertFalse(report.supplier_id or report.supplier_code)

    def test_score_and_accepted_cost_are_sensible(self):
        report = self.start()
        for vals in (
            {"customer_score": 101},
            {"customer_score": -1},
            {"accepted_cost": -0.01},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                report.write(vals)
        self.assertEqual(report.accepted_currency_id, report.company_id.currency_id)

    def test_containment_is_a_step_of_its_complaints(self):
        report = self.start()
        self.close_up_to(report, "D3")
        self.assertIn("contained", self.complaint._reached_codes())

    def test_a_report_is_never_deleted_and_cancelled_with_a_reason(self):
        report = self.start()
        with self.assertRaisesRegex(UserError, "cancel it with a reason"):
            report.with_user(self.engineer).sudo().unlink()
        with self.assertRaisesRegex(UserError, "give a reason"):
            report.action_cancel("")
        report.action_cancel("Not ours")
        self.assertEqual((report.state, report.current_step), ("cancelled", False))
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            report.what = "Other"

    def test_flow_fields_are_not_written_by_hand(self):
        report = self.start()
        for vals in ({"state": "closed"}, {"name": "8D/1"}, {"revision": 9}):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "buttons only"),
            ):
                report.write(vals)
        with self.assertRaisesRegex(UserError, "buttons only"):
            report._step("D4").write({"done_on": "2026-03-01 00:00:00"})
        with self.assertRaisesRegex(UserError, "buttons only"):
            self.complaint.with_user(self.officer).write({"eight_d_id": report.id})

    def test_causes_form_a_tree_within_the_report(self):
        report = self.start()
        top = self.node(report, "Crack at the bend", is_root=False, share=0)
        why = self.node(report, "Part tilts", parent_id=top.id)
        self.assertEqual((top.depth, why.depth), (1, 2))
        with self.assertRaisesRegex(ValidationError, "of another kind"):
            self.node(report, "Not gauged", "escape", parent_id=top.id)
        foreign = self.start(self.make_complaint(lot_ref="B-77"))
        with self.assertRaisesRegex(ValidationError, "another report"):
            self.node(foreign, "Wrong", parent_id=top.id)
        with self.assertRaisesRegex(ValidationError, "another 8D report"):
            self.correct(foreign, why)

    def test_causes_stand_behind_what_they_explain_in_the_order_given(self):
        report = self.start()
        later = self.node(report, "Tube wall too thin", share=40, sequence=20)
        because = self.node(report, "Wrong coil taken", parent_id=later.id, share=0)
        earlier = self.node(report, "Fixture lets the part tilt", share=60, sequence=10)
        rows = because.search([("eight_d_id", "=", report.id)])
        self.assertEqual(rows, earlier + later + because)
        later.sequence = 5
        rows = because.search([("eight_d_id", "=", report.id)])
        self.assertEqual(rows, later + because + earlier)

    def test_a_root_cause_is_offered_what_the_others_leave(self):
        report = self.start()
        self.node(report, "Part tilts", share=70)
        with Form(report) as form, form.node_ids.new() as row:
            row.kind, row.name, row.is_root = "occurrence", "Wall too thin", True
            self.assertEqual(row.share, 30)

    # === who may do what ===

    def test_phone_of_a_colleague_is_filled_in_and_can_be_changed(self):
        self.handler.phone = "+1 555 0123"
        report = self.start()
        report.member_ids = [
            Command.create({"user_id": self.handler.id}),
            Command.create({"name": "Petra Plumber", "phone": "42"}),
        ]
        self.assertEqual(report.member_ids.mapped("phone"), ["+1 555 0123", "42"])
        report.member_ids[0].phone = "extension 7"
        self.assertEqual(report.member_ids[0].phone, "extension 7")

    def test_department_of_a_colleague_is_the_one_they_head_or_were_in(self):
        laboratory = self.department.copy({"name": "Laboratory"})
        first = self.start()
        first.member_ids = [
            Command.create({"user_id": self.handler.id}),
            Command.create(
                {"user_id": self.officer.id, "department_id": laboratory.id}
            ),
        ]
        self.assertFalse(first.member_ids[0].department_id)
        self.department.manager_id = self.handler
        second = self.start(self.make_complaint(lot_ref="B-77", user=self.officer))
        second.member_ids = [
            Command.create({"user_id": person.id})
            for person in (self.handler, self.officer, self.engineer)
        ]
        self.assertEqual(
            [member.department_id.name for member in second.member_ids],
            [self.department.name, "Laboratory", False],
        )

    def test_the_team_writes_and_others_do_not_even_see(self):
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}user",
            name="Stranger",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        report = self.start()
        for user in (stranger, self.handler):
            with self.assertRaises(AccessError):
                report.with_user(user).read(["subject"])
        report.member_ids = [
            Command.create({"user_id": self.handler.id}),
            Command.create({"user_id": stranger.id, "may_write": False}),
        ]
        report.with_user(self.handler).what = "Seen at the bend"
        self.node(report.with_user(self.handler), "Part tilts")
        self.assertEqual(report.with_user(stranger).what, "Seen at the bend")
        with self.assertRaises(AccessError):
            report.with_user(stranger).what = "Nothing"
        with self.assertRaises(AccessError):
            self.node(report.with_user(stranger), "Nothing")
        with self.assertRaises(AccessError):
            report.with_user(stranger).env["quality.8d.member"].create(
                {"eight_d_id": report.id, "user_id": stranger.id}
            )
        with self.assertRaises(AccessError):
            report.with_user(stranger).env["quality.complaint.action"].create(
                {"eight_d_id": report.id, "name": "Mine"}
            )
        with self.assertRaisesRegex(AccessError, "Only its owner"):
            report.with_user(self.handler)._step("D2").action_done()

    def test_officers_start_and_read_reports_but_do_not_write_them(self):
        self.complaint.with_user(self.officer).action_start_8d()
        report = self.complaint.eight_d_id.with_user(self.officer)
        self.assertTrue(report.subject)
        with self.assertRaises(AccessError):
            report.what = "Other"
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.handler).action_start_8d()

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Works"})
        spy = new_test_user(
            self.env,
            "qc_spy8",
            f"{APP}manager",
            name="Spy",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        report = self.start()
        self.close_up_to(report, "D5")
        for record in (
            report,
            report.step_ids,
            report.member_ids,
            report.containment_ids,
            report.node_ids,
            report.document_ids,
            report.action_ids,
        ):
            with self.subTest(model=record._name):
                seen = record.with_user(spy).with_context(
                    allowed_company_ids=company.ids
                )
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    seen[:1].read(["display_name"])

    def test_owner_then_champion_are_told(self):
        report = self.start()
        report._step("D4").write(
            {"user_id": self.officer.id, "due_on": "2026-03-10 12:00:00"}
        )
        step = report._step("D4").sudo()
        self.assertEqual(
            [(str(moment), role.code or "") for moment, role in step._due_levels()],
            [
                ("2026-03-09 12:00:00", ""),
                ("2026-03-10 12:00:00", ""),
                ("2026-03-11 12:00:00", "champion"),
            ],
        )
        with freeze_time("2026-03-11 12:00:00"):
            step._notify_due()
        told = report.sudo().activity_ids.filtered(
            lambda activity: "D4" in activity.summary
        )
        self.assertEqual(
            sorted(told.user_id.mapped("name")), ["Mona Manager", "Olga Officer"]
        )
