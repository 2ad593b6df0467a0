from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .builders import GIF, EightDCase


@tagged("post_install", "-at_install")
class TestEightDFile(EightDCase):
    """What belongs to a closed step stays."""

    def test_the_evidence_of_a_closed_report_cannot_be_deleted_as_an_attachment(self):
        report = self.start()
        self.close_up_to(report, "D8")
        action = report._corrective()[0]
        with self.assertRaises(UserError):
            action.attachment_ids.with_user(self.officer).unlink()

    def test_the_evidence_of_a_closed_report_cannot_be_replaced_by_another_content(
        self,
    ):
        report = self.start()
        self.close_up_to(report, "D8")
        action = report._corrective()[0]
        with self.assertRaises(UserError):
            action.attachment_ids.with_user(self.officer).raw = b"\x89PNG other"

    def test_photos_of_a_closed_d2_cannot_be_deleted_as_attachments(self):
        report = self.start()
        self.fill_d2(report)
        report.attachment_ids = [self.photo(report)]
        report._step("D2").action_done()
        with self.assertRaises(UserError):
            report.attachment_ids.unlink()

    def test_evidence_of_a_cause_cannot_be_deleted_after_d4(self):
        report = self.start()
        self.close_up_to(report, "D3")
        self.fill_d4(report)
        node = report.node_ids[0]
        node.attachment_ids = [
            Command.create(
                {
                    "name": "m.gif",
                    "datas": GIF,
                    "res_model": node._name,
                    "res_id": node.id,
                }
            )
        ]
        report._step("D4").action_done()
        with self.assertRaises(UserError):
            node.attachment_ids.unlink()

    def test_owner_and_due_date_of_a_closed_step_stay(self):
        report = self.start()
        self.close_up_to(report, "D0")
        step = report._step("D0")
        with self.assertRaises(UserError):
            step.write({"user_id": self.handler.id})
        with self.assertRaises(UserError):
            step.write({"due_on": "2030-01-01 00:00:00"})

    def test_a_missed_date_of_a_closed_step_stays_noticed_when_the_variant_changes(
        self,
    ):
        report = self.start()
        step = report._step("D0")
        step.sudo()._advance({"missed_on": "2026-03-05 00:00:00"})
        self.close_up_to(report, "D0")
        self.assertTrue(step.missed_on)
        report.variant_id = self.env.ref("quality_complaint.variant_8d_fast")
        self.assertTrue(step.missed_on)

    def test_time_limits_are_not_moved_later_by_choosing_another_variant(self):
        self.use_policy("r8")
        report = self.start(
            self.make_complaint(lot_ref="B-77", user=self.officer),
            variant_id=self.env.ref("quality_complaint.variant_8d_fast").id,
        )
        step = report._step("D3")
        first = step.due_on
        slow = self.env["quality.8d.variant"].create({"name": "None", "code": "none"})
        report.variant_id = slow
        self.assertTrue(
            step.due_on <= first or step.extended_from == first,
            f"{first} became {step.due_on} without an extension",
        )

    def test_the_cut_in_stays_after_d6(self):
        report = self.start()
        self.close_up_to(report, "D6")
        with self.assertRaises(UserError):
            report._corrective()[0].cut_in_on = "2026-09-09"

    def test_an_action_cannot_become_corrective_after_d5(self):
        report = self.start()
        self.close_up_to(report, "D4")
        action = self.correct(
            report, report.node_ids[:0], name="Sort", kind="containment"
        )
        self.close_up_to(report, "D5")
        with self.assertRaises(UserError):
            action.kind = "corrective"

    def test_a_preventive_action_stays_in_its_report_after_d7(self):
        report = self.start()
        self.close_up_to(report, "D6")
        action = self.correct(
            report,
            report.node_ids[:0],
            name="Other lines too",
            kind="preventive",
            complaint_id=self.complaint.id,
        )
        self.carry_out(action)
        self.close_up_to(report, "D7")
        with self.assertRaises(UserError):
            action.with_user(self.engineer).eight_d_id = False

    def test_the_head_of_a_closed_report_stays(self):
        report = self.start()
        self.close_up_to(report, "D8")
        with self.assertRaises(UserError):
            report.responsible_id = self.department
        with self.assertRaises(UserError):
            report.reference_id = self.start(self.make_complaint(lot_ref="B-77"))

    def test_the_customers_acceptance_ends_when_a_step_is_opened_again(self):
        report = self.start()
        self.close_up_to(report, "D4")
        step = report._step("D4")
        step.write({"accepted_on": "2026-03-20", "accepted_by": "Mr. North"})
        step.action_reopen("Other cause")
        self.assertFalse(step.accepted_on)

    def test_a_step_that_is_not_closed_is_not_accepted(self):
        report = self.start()
        with self.assertRaises(UserError):
            report._step("D4").write(
                {"accepted_on": "2026-03-20", "accepted_by": "Mr. North"}
            )

    def test_the_customers_acceptance_can_be_recorded_after_d8(self):
        report = self.start()
        self.close_up_to(report, "D8")
        report.write(
            {"customer_accepted_on": "2026-04-09", "customer_accepted_by": "Mr. North"}
        )
        self.assertTrue(report.customer_accepted_on)

    def test_a_copy_says_nothing_of_the_customers_acceptance(self):
        report = self.start()
        report.write(
            {
                "customer_accepted_on": "2026-03-20",
                "thanks": "Thanks",
                "containment_ended_on": "2026-03-20",
            }
        )
        copied = report.copy()
        self.assertFalse(
            copied.customer_accepted_on
            or copied.thanks
            or copied.containment_ended_on
            or copied.stop_ship
        )
