from odoo.tests import HttpCase, tagged

from .common import ComplaintWorld
from .eight_d.builders import EightDWorld
from .reply.mailing import Mailing


@tagged("post_install", "-at_install")
class TestTours(Mailing, EightDWorld, ComplaintWorld, HttpCase):
    """The paths people click, in a real browser, each as the person whose work it
    is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.make_users()

    def delivered(self, name):
        lot = self.make_lot(name, quantity=20)
        self.sell({lot: 5})
        return lot

    def test_officer_registers_from_a_lot(self):
        lot = self.delivered("TOUR-1")
        self.start_tour(
            "/odoo/complaints",
            "quality_complaint_register_from_lot",
            login="qc_officer",
        )
        complaint = self.env["quality.complaint"].search([("lot_id", "=", lot.id)])
        self.assertEqual(
            (complaint.state, complaint.user_id), ("registered", self.officer)
        )

    def test_employee_scans_a_lot_they_may_not_open(self):
        lot = self.delivered("TOUR-E")
        self.start_tour(
            "/odoo/action-quality_complaint.action_complaint_reported/new",
            "quality_complaint_employee_scans",
            login="qc_employee",
        )
        complaint = self.env["quality.complaint"].search([("lot_id", "=", lot.id)])
        self.assertEqual(
            (complaint.state, complaint.reported_by_id, complaint.line_ids.match_state),
            ("registered", self.employee, "matched"),
        )

    def test_officer_plans_a_refund_and_closes_the_case(self):
        self.delivered("TOUR-2")
        complaint = self.investigated(
            self.make_complaint(lot_ref="TOUR-2", user=self.officer)
        )
        url = f"/odoo/complaints/{complaint.id}"
        self.start_tour(
            url, "quality_complaint_plan_return_and_refund", login="qc_officer"
        )
        remedy = complaint.remedy_ids.sudo()
        self.assertEqual((remedy.kind, remedy.state), ("refund", "executing"))
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.start_tour(
            url, "quality_complaint_reply_revisit_close", login="qc_officer"
        )
        self.assertEqual((complaint.state, complaint.satisfaction), ("closed", 92.0))

    def test_officer_compensates_in_money(self):
        self.delivered("TOUR-M")
        complaint = self.investigated(
            self.make_complaint(lot_ref="TOUR-M", user=self.officer)
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_compensate",
            login="qc_officer",
        )
        note = complaint.remedy_ids.sudo().credit_note_ids
        self.assertEqual((note.amount_untaxed, note.state), (25.5, "draft"))

    def test_warehouse_worker_receives_and_inspects(self):
        lot = self.delivered("TOUR-3")
        complaint = self.make_complaint(lot_ref="TOUR-3")
        complaint.line_ids.defect_id = self.scratch
        remedy = self.plan(complaint, "return")
        remedy.action_submit()
        remedy.action_execute()
        url = f"/odoo/action-stock.action_picking_tree_incoming/{remedy.picking_ids.id}"
        self.start_tour(
            url, "quality_complaint_warehouse_receives", login="qc_warehouse"
        )
        self.assertEqual(remedy.picking_ids.state, "done")
        self.assertEqual(
            (complaint.inspection_ids.lot_id, complaint.inspection_ids.note),
            (lot, "Two windings scratched"),
        )
        self.assertEqual(
            (
                complaint.inspection_ids.scrap_ids.state,
                complaint.inspection_ids.scrap_ids.lot_id,
            ),
            ("done", lot),
        )

    def test_manager_changes_a_limit_and_the_next_complaint_follows(self):
        self.make_complaint(partner_id=self.customer.id)
        self.start_tour(
            f"/odoo/action-quality_complaint.action_policy/{self.policy.id}",
            "quality_complaint_manager_changes_a_limit",
            login="qc_manager",
        )
        self.policy.limit_ids.flush_recordset()
        policy = self.company.complaint_policy_id
        self.assertEqual(
            (policy.previous_id, policy.active, self.policy.active),
            (self.policy, True, False),
        )
        limit = policy.limit_ids.filtered(
            lambda limit: limit.to_milestone_id.code == "responded"
        )
        limit.with_context(
            install_mode=True
        ).other_when = False  # whatever day it is today
        complaint = self.make_complaint(partner_id=self.customer.id)
        row = complaint.deadline_ids.filtered(lambda row: row.limit_id == limit)
        self.assertEqual((row.due_on - complaint.received_on).total_seconds(), 3 * 3600)

    def test_officer_ticks_waits_and_extends(self):
        complaint = self.make_complaint(partner_id=self.customer.id, user=self.officer)
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_deadlines",
            login="qc_officer",
        )
        row = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id.name == "Whole case" and row.state == "running"
        )
        self.assertEqual(
            (row.due_on.year, row.extension_ids.consent_by, row.extension_ids.state),
            (2030, "Mr Wang", "granted"),
        )
        self.assertLess(row.extended_from, row.due_on)
        self.assertFalse(complaint.waiting_for)

    def test_officer_plans_and_records_a_visit(self):
        self.start_tour(
            "/odoo/action-quality_complaint.action_service_plan",
            "quality_complaint_plans_and_records_a_visit",
            login="qc_officer",
        )
        visit = self.env["quality.complaint.service"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            (visit.state, visit.findings, visit.feedback_id.description),
            ("done", "The coils run well", "A smaller drum"),
        )

    def answered(self, name):
        complaint = self.investigated(
            self.make_complaint(lot_ref=name, user=self.officer)
        )
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        return complaint

    def test_officer_rejects_with_an_explanation(self):
        self.delivered("TOUR-R")
        complaint = self.make_complaint(lot_ref="TOUR-R", user=self.officer)
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_reject",
            login="qc_officer",
        )
        self.assertEqual(
            (
                complaint.state,
                complaint.validity,
                complaint.remedy_ids.kind,
                complaint.not_investigated_reason,
            ),
            ("replied", "invalid", "explanation", "Rust from outside"),
        )

    def test_an_error_opens_the_tab_and_a_finished_dialog_closes(self):
        complaint = self.make_complaint(partner_id=self.customer.id, user=self.officer)
        complaint.action_start_investigation()
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_missing",
            login="qc_officer",
        )
        self.assertTrue(complaint.investigation_ids.done_on)

    def test_officer_asks_for_a_sample_and_tests_it(self):
        self.delivered("TOUR-S")
        complaint = self.make_complaint(lot_ref="TOUR-S", user=self.officer)
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_sample",
            login="qc_officer",
        )
        investigation = complaint.investigation_ids
        self.assertEqual(
            (
                investigation.sample_state,
                investigation.verdict,
                investigation.measurement_ids.measured,
            ),
            ("kept", "fail", "0.5; 0.53"),
        )

    def test_officer_revisits_below_the_threshold(self):
        self.delivered("TOUR-V")
        complaint = self.answered("TOUR-V")
        self.start_tour(
            f"/odoo/complaint-revisits/{complaint.revisit_ids.id}",
            "quality_complaint_revisit_below_the_threshold",
            login="qc_officer",
        )
        self.assertEqual(
            (complaint.round, complaint.failures, complaint.revisit_ids.result),
            (2, 1, "unsatisfied"),
        )

    def test_objection_of_the_customer_reopens(self):
        self.delivered("TOUR-O")
        complaint = self.answered("TOUR-O")
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_objection_reopens",
            login="qc_officer",
        )
        self.assertEqual((complaint.round, complaint.reply_ids.answer), (2, "objected"))

    def test_quality_engineer_works_an_8d_from_d0_to_d8(self):
        lot = self.make_lot("TOUR-8", quantity=5)
        self.sell({lot: 5})
        complaint = self.make_complaint(
            lot_ref="TOUR-8", user=self.officer, user_id=self.engineer.id
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_8d_to_the_chosen_actions",
            login="qc_engineer",
        )
        report = complaint.eight_d_id.sudo()
        self.assertEqual(
            (
                report.current_step,
                report.leader_id,
                report.containment_ids.good_quantity,
            ),
            ("D6", self.engineer, 2),
        )
        self.assertEqual(
            sorted(report._roots().mapped("kind")), ["escape", "occurrence"]
        )
        self.fill_d6(report)
        self.start_tour(
            f"/odoo/quality-8d/{report.id}",
            "quality_complaint_8d_to_the_end",
            login="qc_engineer",
        )
        self.assertEqual(
            (report.state, report.action_ids.verified_by_id), ("closed", self.engineer)
        )


@tagged("post_install", "-at_install")
class TestPhoneTours(ComplaintWorld, HttpCase):
    """The same on a phone, where other views stand in for the lists."""

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.make_users()

    def test_scanned_lot_and_documents_are_kept(self):
        for login, name in (("qc_employee", "PHONE-1"), ("qc_officer", "PHONE-2")):
            lot = self.make_lot(name, quantity=20)
            order = self.sell({lot: 5})
            self.start_tour(
                f"/odoo/action-quality_complaint.action_complaint_reported/new?lot={name}",
                "quality_complaint_phone_scans",
                login=login,
            )
            line = self.env["quality.complaint.line"].search([("lot_id", "=", lot.id)])
            self.assertEqual(
                (line.picking_id, line.invoice_line_id),
                (order.picking_ids, order.invoice_ids.invoice_line_ids),
                login,
            )
            self.assertEqual(
                (line.match_state, line.complaint_id.state), ("matched", "new"), login
            )
