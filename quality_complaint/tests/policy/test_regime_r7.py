from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR7Medical(RegimeCase):
    """Medical devices (source 000): the question about serious injury or death has its
    own clock.
    """

    regime = "r7"
    particulars = {
        "contact_name": "Jo Hart",
        "phone": "+86 21 5555 0000",
        "address": "5 Nanjing Road",
    }

    def complain(self, *args, **vals):
        complaint = super().complain(*args, root_cause="Seal of the pump worn", **vals)
        complaint.line_ids.properties = {"model": "IP-200", "udi": "06901234567892"}
        return complaint

    def test_question_blocks_concluding_and_closing_but_not_registering(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(
            self.dues(complaint), {"serious_event_answered": "2026-03-02 17:00"}
        )
        with (
            self.at("2026-03-02 10:00"),
            self.assertRaisesRegex(UserError, "serious injury or death"),
        ):
            self.investigated(complaint)
        self.assertEqual(
            self.tell_due("2026-03-02 17:00"),
            [
                ("Lena Leader", "Ask about serious injury"),
                ("Olga Officer", "Ask about serious injury"),
            ],
        )
        with self.at("2026-03-03 09:00"):
            complaint.write(
                {"serious_event": "no", "serious_event_note": "Dr Wu, by phone"}
            )
            self.assertEqual(
                (
                    self.states(complaint)["serious_event_answered"],
                    complaint.severity_code,
                ),
                ("missed", "standard"),
            )
            complaint.action_conclude()
            self.settle(complaint)
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_yes_raises_the_severity_and_starts_the_adverse_event_clock(self):
        complaint = self.complain("2026-03-05 16:00")
        with self.at("2026-03-05 16:30"):
            complaint.write(
                {"serious_event": "yes", "serious_event_note": "Patient in hospital"}
            )
        self.assertEqual(complaint.severity_code, "serious")
        self.assertEqual(
            self.dues(complaint), {"adverse_event_evaluated": "2026-03-06 17:00"}
        )
        management = sorted(self.management.mapped("name"))
        self.assertEqual(
            self.tell_due("2026-03-06 13:00"),
            [("Olga Officer", "Evaluate the adverse event")],
        )
        self.assertEqual(
            self.tell_due("2026-03-06 17:00"),
            [(name, "Evaluate the adverse event") for name in management],
        )
        with self.at("2026-03-09 09:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.approval_ids.with_user(self.manager).action_approve()
            complaint.action_execute()
            self.tell(complaint)
            # row 188: the general manager approves the reply of a major case …
            self.assertEqual(
                complaint.approval_ids.filtered(
                    lambda a: a.subject == "reply"
                ).role_id.code,
                "general_manager",
            )
            self.approve(complaint, self.general_manager)
            with self.assertRaisesRegex(UserError, "Adverse event evaluated"):
                complaint.action_close()
            # row 307: it is evaluated on its sheet, nobody says so without it
            with (
                self.assertRaisesRegex(UserError, "case sheet “Adverse Event”"),
                self.env.cr.savepoint(),
            ):
                self.tick(complaint, "adverse_event_evaluated")
            self.close_sheets(complaint)
            self.explain_late(complaint)
            complaint.action_close()
            self.assertEqual(complaint.state, "replied")
            # … and its report
            complaint.approval_ids.filtered(
                lambda approval: approval.subject == "closing"
            ).with_user(self.general_manager).action_approve()
        self.assertEqual(
            (complaint.state, self.states(complaint)["adverse_event_evaluated"]),
            ("closed", "missed"),
        )

    def test_reopened_case_can_be_closed_and_its_evaluation_runs_on(self):
        complaint = self.complain("2026-03-02 09:00", serious_event="no")
        with self.at("2026-03-02 10:00"):
            self.answer(complaint)
        with self.at("2026-03-03 10:00"):
            complaint.write(
                {"serious_event": "yes", "serious_event_note": "Injured after all"}
            )
            complaint.action_reopen("Injured")
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)["adverse_event_evaluated"]),
            ("serious", "2026-03-04 17:00"),
        )
        with self.at("2026-03-04 10:00"):
            self.close_sheets(complaint)
            complaint.investigation_ids.filtered(lambda i: not i.done_on).write(
                {"result": "confirmed", "finding": "x"}
            )
            complaint.investigation_ids.filtered(lambda i: not i.done_on).action_done()
            complaint.action_conclude()
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.approval_ids.filtered(lambda a: a.state == "pending").with_user(
                self.manager
            ).action_approve()
            complaint.action_execute()
            self.tell(complaint)
            self.approve(complaint, self.general_manager)
            complaint.action_close()
            self.approve(complaint, self.general_manager)
        self.assertEqual(
            (complaint.state, self.states(complaint)["adverse_event_evaluated"]),
            ("closed", "met"),
        )

    def test_answer_known_on_registration_is_in_time(self):
        complaint = self.complain("2026-03-02 09:00", serious_event="no")
        self.assertEqual(self.states(complaint)["serious_event_answered"], "met")

    def test_fields_of_the_report_are_needed_before_concluding(self):
        complaint = self.complain("2026-03-02 09:00", serious_event="no")
        complaint.root_cause = False
        complaint.line_ids.properties = {"model": False}
        with self.at("2026-03-02 10:00"):
            with (
                self.assertRaisesRegex(UserError, "Why It Occurred and Model / 型号"),
                self.env.cr.savepoint(),
            ):
                self.investigated(complaint)
            complaint.root_cause = "Seal of the pump worn"
            complaint.line_ids.properties = {"model": "IP-200"}
            self.investigated(complaint)
        self.assertEqual(complaint.state, "planning")

    def test_similar_complaint_investigated_before_needs_no_investigation_of_its_own(
        self,
    ):
        first = self.complain("2026-03-02 09:00", serious_event="no")
        with self.at("2026-03-02 10:00"):
            self.investigated(first)
        second = self.complain("2026-03-03 09:00", serious_event="no")
        with self.at("2026-03-03 10:00"):
            second.action_skip_investigation("Same lot, same seal", first)
            second.write(
                {
                    "validity": "valid",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                }
            )
            second.action_conclude()
            self.settle(second)
            second.action_close()
        self.assertEqual(
            (second.state, second.similar_id, second.not_investigated_by_id),
            ("closed", first, self.officer),
        )

    def test_notice_of_an_authority_is_a_class_of_its_own(self):
        """Row 195: communications of the regulator are told to management; their reply
        and report go to the general manager (row 188).
        """
        for vals in (
            {"channel_id": self.channel("regulator").id},
            {"type_id": self.env.ref("quality_complaint.type_regulator").id},
            self.triggers("authority"),
        ):
            complaint = self.complain("2026-03-02 09:00", serious_event="no", **vals)
            self.assertEqual(
                (complaint.severity_code, complaint.is_major), ("authority", True)
            )
            self.assertEqual(
                self.told(complaint, "Notice of an authority"), self.management
            )
            self.assertEqual(
                complaint._approval_roles("reply").mapped("code"), ["general_manager"]
            )
        complaint.write(
            {"serious_event": "yes", "serious_event_note": "Dr Wu, by phone"}
        )
        self.assertEqual(complaint.severity_code, "serious")

    def test_name_address_and_phone_are_needed(self):
        """Row 308."""
        complaint = self.complain(
            "2026-03-02 09:00", contact_name=False, address=False, phone=False
        )
        complaint.phone = False
        missing = {str(name) for name in complaint._missing_fields("conclude")}
        self.assertLessEqual({"Contact Person", "Address", "Phone"}, missing)

    def test_inquiry_is_answered_in_time_and_at_once_that_it_is_looked_into(self):
        """Row 302."""
        inquiry = self.complain(
            "2026-03-02 09:00",
            type_id=self.env.ref("quality_complaint.type_inquiry").id,
        )
        self.assertEqual(
            self.dues(inquiry),
            {
                "Interim answer": "2026-03-03 17:00",
                "Answer to an inquiry": "2026-03-09 17:00",
            },
        )
