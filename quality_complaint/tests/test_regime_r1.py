from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR1Manufacturer(RegimeCase):
    """Manufacturer (source 001): from the call to the closed file, general and major."""

    regime = "r1"

    def test_general_complaint_from_receipt_to_closing(self):
        complaint = self.complain("2026-03-02 09:00", "2026-03-02 09:30")
        self.assertEqual(complaint.severity_code, "general")
        self.assertEqual(
            self.dues(complaint),
            {"responded": "2026-03-02 10:00", "investigation_started": "2026-03-04 17:00", "Whole case": "2026-03-23 17:00"},
        )
        self.assertEqual(self.dues(complaint, "met"), {"registered": "2026-03-02 11:00"})

        # nobody answers: 15 minutes before, when due, an hour after
        self.assertEqual(self.tell_due("2026-03-02 09:44"), [])
        self.assertEqual(self.tell_due("2026-03-02 09:45"), [("Olga Officer", "First response")])
        self.assertEqual(self.tell_due("2026-03-02 09:59"), [])
        self.assertEqual(self.tell_due("2026-03-02 10:00"), [("Lena Leader", "First response")])
        self.assertEqual(self.tell_due("2026-03-02 11:00"), [(name, "First response") for name in sorted(self.management.mapped("name"))])
        self.assertEqual(self.tell_due("2026-03-02 15:00"), [])
        with self.at("2026-03-02 10:40"):
            self.tick(complaint, "responded")
        self.assertEqual(self.states(complaint)["responded"], "missed")

        with self.at("2026-03-04 17:00"):
            complaint.action_start_investigation()
        self.assertEqual(self.states(complaint)["investigation_started"], "met")
        self.assertEqual(self.dues(complaint)["Investigation report"], "2026-03-11 17:00")
        self.assertNotIn("on_site", self.dues(complaint))
        investigation = complaint.investigation_ids
        with self.at("2026-03-05 10:00"):
            investigation.method = "on_site"
            self.assertEqual(self.dues(complaint)["on_site"], "2026-03-09 17:00")
            investigation.method = "customer_sample"
            self.assertNotIn("on_site", self.dues(complaint))
        with self.at("2026-03-06 11:00"):
            investigation.action_sample_received()
        self.assertEqual(self.dues(complaint)["reinspected"], "2026-03-11 17:00")
        with self.at("2026-03-11 16:59"):
            self.finish_investigation(complaint)
        self.assertEqual([self.states(complaint)[step] for step in ("reinspected", "Investigation report")], ["met", "met"])
        self.assertEqual(
            {step: due for step, due in self.dues(complaint).items() if step in ("planned", "execution_started")},
            {"planned": "2026-03-13 17:00", "execution_started": "2026-03-13 17:00"},
        )
        with self.at("2026-03-13 10:00"):
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.action_execute()
        self.assertEqual(self.dues(complaint)["Reply after execution"], "2026-03-17 17:00")
        with self.at("2026-03-16 10:00"):
            self.tell(complaint)
        self.assertEqual([self.states(complaint)[step] for step in ("Reply after execution", "Whole case")], ["met", "met"])
        self.assertEqual(self.dues(complaint), {"revisited": "2026-03-23 17:00"})
        with self.at("2026-03-20 10:00"):
            complaint.revisit_ids.write({"score": 92.0})
            complaint.revisit_ids.action_done()
            with self.assertRaisesRegex(UserError, "the sample of .* nobody said what became of it"):
                complaint.action_close()
            investigation.action_sample_returned()
            with self.assertRaisesRegex(UserError, "the reason why “First response” was late"):
                complaint.action_close()
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual((complaint.state, self.dues(complaint)), ("closed", {}))
        self.assertEqual(self.local(complaint.closed_on), "2026-03-20 10:00")

    def finish_investigation(self, complaint):
        self.name_team(complaint)
        complaint.investigation_ids.write({"result": "confirmed", "finding": "Worn roller"})
        complaint.investigation_ids.action_done()
        complaint.write({"validity": "valid", "cause_id": self.cause.id, "responsible_id": self.department.id})
        complaint.action_conclude()

    def test_first_response_within_four_hours_on_a_saturday(self):
        complaint = self.complain("2026-03-07 22:30")
        self.assertEqual(self.dues(complaint)["responded"], "2026-03-08 02:30")
        self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-10 17:00")

    def test_registration_after_two_hours_is_late(self):
        complaint = self.complain("2026-03-02 09:00", "2026-03-02 11:01")
        self.assertEqual(self.states(complaint)["registered"], "missed")

    def test_major_complaint_with_its_own_limits_and_management(self):
        complaint = self.complain("2026-03-02 09:00", loss_amount=100.0)
        self.assertEqual(complaint.severity_code, "major")
        self.assertEqual((self.dues(complaint)["investigation_started"], self.dues(complaint)["Whole case"]), ("2026-03-03 17:00", "2026-04-13 17:00"))
        told = complaint.sudo().activity_ids.filtered(lambda activity: "Major" in activity.summary).user_id
        self.assertEqual(told, self.management)
        with self.at("2026-03-03 09:00"):
            complaint.action_start_investigation()
        self.assertEqual(self.dues(complaint)["Investigation report"], "2026-03-06 17:00")
        with self.at("2026-03-09 09:00"):
            self.finish_investigation(complaint)
        self.assertEqual(self.states(complaint)["Investigation report"], "missed")
        self.assertEqual(self.dues(complaint)["execution_started"], "2026-03-10 17:00")
        self.assertNotIn("planned", self.dues(complaint))
        with self.at("2026-03-09 10:00"):
            self.plan(complaint, "refund", 10)
            complaint.action_submit_plan()
            self.assertEqual(complaint.state, "planning")
            complaint.with_user(self.manager).action_approve_plan()
            complaint.action_execute()
        self.assertEqual(self.states(complaint)["execution_started"], "met")

    def test_several_lots_or_a_serious_defect_make_it_major_when_they_become_known(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 14:00"):
            complaint.write(self.triggers("serious_defect"))
        self.assertEqual(complaint.severity_code, "major")
        self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-03 17:00")
        self.assertEqual(self.dues(complaint)["Whole case"], "2026-04-13 17:00")
        other = self.make_lot("L-2", quantity=10)
        self.sell({other: 10})
        second = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 14:00"):
            second.write({"line_ids": [(0, 0, {"product_id": self.strip.id, "lot_id": other.id, "quantity": 1})]})
        self.assertEqual(second.severity_code, "major")

    def test_customer_is_revisited_within_five_days_until_he_is_satisfied_and_the_file_is_archived(self):
        complaint = self.complain("2026-03-02 09:00", complainant="Mr Wang")
        with self.at("2026-03-02 10:00"):
            self.answer(complaint)
        revisit = complaint.revisit_ids
        self.assertEqual((revisit.user_id, str(revisit.planned_on), str(revisit.latest_on)), (self.officer, "2026-03-02", "2026-03-09"))
        with self.at("2026-03-06 15:00"):
            revisit.write({"score": 84.9, "reason": "No guarantee for the next lots", "measures": "Certificate with every lot"})
            revisit.action_done()
        self.assertEqual((complaint.state, complaint.round, complaint.handling_number, complaint.user_id), ("investigating", 2, False, self.officer))
        self.assertEqual(self.dues(complaint)["Whole case after reopening"], "2026-03-27 17:00")
        with self.at("2026-03-12 10:00"):
            complaint.investigation_ids.filtered(lambda row: row.round == 2).write({"result": "confirmed", "finding": "Certificates were not sent"})
            complaint.investigation_ids.filtered(lambda row: row.round == 2).action_done()
            complaint.action_conclude()
            self.settle(complaint)
        second = complaint.revisit_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual((second.round, str(second.latest_on)), (2, "2026-03-19"))
        with self.at("2026-03-13 10:00"):
            second.score = 85
            second.action_done()
            self.explain_late(complaint)
            complaint.action_close()
            self.assertEqual((complaint.state, complaint.satisfaction, str(complaint.retain_until)), ("closed", 85.0, "2029-03-13"))
            with self.assertRaisesRegex(UserError, "2029"):
                complaint.with_user(self.manager).action_anonymise()
        with self.at("2029-03-14 10:00"):
            complaint.with_user(self.manager).action_anonymise()
        self.assertEqual((complaint.complainant, complaint.satisfaction, complaint.product_id), (False, 85.0, self.strip))
