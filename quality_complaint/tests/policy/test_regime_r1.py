from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR1Manufacturer(RegimeCase):
    """Manufacturer (source 001): from the call to the closed file, general and
    major.
    """

    regime = "r1"
    particulars = {
        "contact_name": "Jo Hart",
        "phone": "+44 20 7946 0000",
    }

    def test_general_complaint_from_receipt_to_closing(self):
        complaint = self.complain("2026-03-02 09:00", "2026-03-02 09:30")
        self.assertEqual(complaint.severity_code, "general")
        self.assertEqual(
            self.dues(complaint),
            {
                "responded": "2026-03-02 10:00",
                "investigation_started": "2026-03-04 17:00",
                "Whole case": "2026-03-23 17:00",
            },
        )
        self.assertEqual(
            self.dues(complaint, "met"), {"registered": "2026-03-02 11:00"}
        )

        # nobody answers: 15 minutes before, when due, an hour after
        self.assertEqual(self.tell_due("2026-03-02 09:44"), [])
        self.assertEqual(
            self.tell_due("2026-03-02 09:45"),
            [("Olga Officer", "Give the first response")],
        )
        self.assertEqual(self.tell_due("2026-03-02 09:59"), [])
        self.assertEqual(
            self.tell_due("2026-03-02 10:00"),
            [("Lena Leader", "Give the first response")],
        )
        self.assertEqual(
            self.tell_due("2026-03-02 11:00"),
            [
                (name, "Give the first response")
                for name in sorted(self.management.mapped("name"))
            ],
        )
        self.assertEqual(self.tell_due("2026-03-02 15:00"), [])
        with self.at("2026-03-02 10:40"):
            self.tick(complaint, "responded")
        self.assertEqual(self.states(complaint)["responded"], "missed")

        with self.at("2026-03-04 17:00"):
            complaint.action_start_investigation()
        self.assertEqual(self.states(complaint)["investigation_started"], "met")
        self.assertEqual(
            self.dues(complaint)["Investigation report"], "2026-03-11 17:00"
        )
        self.assertNotIn("on_site", self.dues(complaint))
        investigation = complaint.investigation_ids
        with self.at("2026-03-05 10:00"):
            investigation.method = "on_site"
            # row 13: After-sales makes the visit
            self.assertEqual(
                investigation.member_ids.department_id,
                self.env.ref("quality_complaint.responsible_after_sales"),
            )
            self.assertEqual(self.dues(complaint)["on_site"], "2026-03-09 17:00")
            investigation.method = "customer_sample"
            self.assertNotIn("on_site", self.dues(complaint))
        with self.at("2026-03-06 11:00"):
            investigation.action_sample_received()
        self.assertEqual(self.dues(complaint)["reinspected"], "2026-03-11 17:00")
        with self.at("2026-03-11 16:59"):
            self.finish_investigation(complaint)
        self.assertEqual(
            [
                self.states(complaint)[step]
                for step in ("reinspected", "Investigation report")
            ],
            ["met", "met"],
        )
        self.assertEqual(
            {
                step: due
                for step, due in self.dues(complaint).items()
                if step in ("planned", "execution_started")
            },
            {"planned": "2026-03-13 17:00", "execution_started": "2026-03-13 17:00"},
        )
        with self.at("2026-03-13 10:00"):
            self.take_measure(complaint, **self.duties())
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.action_execute()
        self.assertEqual(
            self.dues(complaint)["Reply after execution"], "2026-03-17 17:00"
        )
        with self.at("2026-03-16 10:00"):
            self.reply(complaint)
        self.assertEqual(
            [
                self.states(complaint)[step]
                for step in ("Reply after execution", "Whole case")
            ],
            ["met", "met"],
        )
        self.assertEqual(self.dues(complaint), {"revisited": "2026-03-23 17:00"})
        with self.at("2026-03-20 10:00"):
            complaint.revisit_ids.write({"score": 92.0})
            complaint.revisit_ids.action_done()
            with self.assertRaisesRegex(
                UserError, "the sample of .* nobody said what became of it"
            ):
                complaint.action_close()
            investigation.action_sample_returned()
            with self.assertRaisesRegex(
                UserError, "the reason why “First response” was late"
            ):
                complaint.action_close()
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual((complaint.state, self.dues(complaint)), ("closed", {}))
        self.assertEqual(self.local(complaint.closed_on), "2026-03-20 10:00")

    def finish_investigation(self, complaint):
        self.name_team(complaint)
        complaint.investigation_ids.write(
            {"result": "confirmed", "finding": "Worn roller", "proposal": "Exchange it"}
        )
        complaint.investigation_ids.action_done()
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
                "root_cause": "No interval for the roller",
            }
        )
        complaint.action_conclude()

    def answer(self, complaint):
        self.concluded(complaint)
        self.take_measure(complaint, **self.duties())
        self.settle(complaint)

    def test_first_response_within_four_hours_on_a_saturday(self):
        complaint = self.complain("2026-03-07 22:30")
        self.assertEqual(self.dues(complaint)["responded"], "2026-03-08 02:30")
        self.assertEqual(
            self.dues(complaint)["investigation_started"], "2026-03-10 17:00"
        )

    def test_registration_after_two_hours_is_late(self):
        complaint = self.complain("2026-03-02 09:00", "2026-03-02 11:01")
        self.assertEqual(self.states(complaint)["registered"], "missed")

    def test_major_complaint_with_its_own_limits_and_management(self):
        complaint = self.complain("2026-03-02 09:00", loss_amount=100.0)
        self.assertEqual(complaint.severity_code, "major")
        # row 34: the team within 1 working day
        self.assertEqual(
            (
                self.dues(complaint)["Investigation team named"],
                self.dues(complaint)["Whole case"],
            ),
            ("2026-03-03 17:00", "2026-04-13 17:00"),
        )
        told = (
            complaint.sudo()
            .activity_ids.filtered(lambda activity: "Major" in activity.summary)
            .user_id
        )
        self.assertEqual(told, self.management)
        with self.at("2026-03-03 09:00"):
            complaint.action_start_investigation()
        self.assertEqual(
            self.dues(complaint)["Investigation report"], "2026-03-06 17:00"
        )
        # row 34: it ends with the team, not with the start, and nobody ticks it
        self.assertEqual(self.states(complaint)["Investigation team named"], "running")
        with self.at("2026-03-03 16:00"):
            with self.assertRaisesRegex(
                UserError, "press “Name team” on the investigation"
            ):
                self.tick(complaint, "lead_named")
            self.name_team(complaint)
        self.assertEqual(self.states(complaint)["Investigation team named"], "met")
        with self.at("2026-03-09 09:00"):
            complaint.investigation_ids.write(
                {
                    "result": "confirmed",
                    "finding": "Worn roller",
                    "proposal": "Exchange it",
                }
            )
            complaint.investigation_ids.action_done()
            complaint.write(
                {
                    "validity": "valid",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                    "root_cause": "No interval",
                }
            )
            complaint.action_conclude()
            self.take_measure(complaint, **self.duties())
        self.assertEqual(self.states(complaint)["Investigation report"], "missed")
        # row 49: started within 1 working day of the approval, not of the report
        self.assertNotIn("execution_started", self.dues(complaint))
        self.assertEqual(
            self.dues(complaint)["Plan of a major complaint"], "2026-03-11 17:00"
        )
        with self.at("2026-03-10 10:00"):
            self.plan(complaint, "refund", 10)
            complaint.action_submit_plan()
            self.assertEqual(complaint.state, "planning")
        self.assertEqual(
            self.dues(complaint)["Decision on the plan"], "2026-03-11 17:00"
        )
        with self.at("2026-03-11 16:00"):
            complaint.with_user(self.manager).action_approve_plan()
        self.assertEqual(self.dues(complaint)["execution_started"], "2026-03-12 17:00")
        with self.at("2026-03-12 16:59"):
            complaint.action_execute()
        self.assertEqual(
            [
                self.states(complaint)[step]
                for step in (
                    "Plan of a major complaint",
                    "Decision on the plan",
                    "execution_started",
                )
            ],
            ["met", "met", "met"],
        )

    def test_several_lots_or_a_serious_defect_make_it_major_when_they_become_known(
        self,
    ):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 14:00"):
            complaint.write(self.triggers("serious_defect"))
        self.assertEqual(complaint.severity_code, "major")
        self.assertEqual(
            self.dues(complaint)["Investigation team named"], "2026-03-03 17:00"
        )
        self.assertNotIn("investigation_started", self.dues(complaint))
        self.assertEqual(self.dues(complaint)["Whole case"], "2026-04-13 17:00")
        other = self.make_lot("L-2", quantity=10)
        self.sell({other: 10})
        second = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 14:00"):
            second.write(
                {
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.strip.id,
                                "lot_id": other.id,
                                "quantity": 1,
                            },
                        )
                    ]
                }
            )
        self.assertEqual(second.severity_code, "major")

    def test_customer_is_revisited_within_five_days_until_he_is_satisfied_and_the_file_is_archived(  # noqa: E501
        self,
    ):
        complaint = self.complain("2026-03-02 09:00", complainant="Mr Wang")
        with self.at("2026-03-02 10:00"):
            self.answer(complaint)
        revisit = complaint.revisit_ids
        self.assertEqual(
            (revisit.user_id, str(revisit.planned_on), str(revisit.latest_on)),
            (self.officer, "2026-03-02", "2026-03-09"),
        )
        with self.at("2026-03-06 15:00"):
            revisit.write(
                {
                    "score": 84.9,
                    "reason": "No guarantee for the next lots",
                    "measures": "Certificate with every lot",
                }
            )
            revisit.action_done()
        self.assertEqual(
            (
                complaint.state,
                complaint.round,
                complaint.handling_number,
                complaint.user_id,
            ),
            ("investigating", 2, False, self.officer),
        )
        self.assertEqual(
            self.dues(complaint)["Whole case after reopening"], "2026-03-27 17:00"
        )
        with self.at("2026-03-12 10:00"):
            self.concluded(complaint, root_cause="Certificates were not sent")
            self.settle(complaint)
        second = complaint.revisit_ids.filtered(lambda row: row.state == "planned")
        self.assertEqual((second.round, str(second.latest_on)), (2, "2026-03-19"))
        with self.at("2026-03-13 10:00"):
            second.score = 85
            second.action_done()
            self.explain_late(complaint)
            complaint.action_close()
            self.assertEqual(
                (complaint.state, complaint.satisfaction, str(complaint.retain_until)),
                ("closed", 85.0, "2029-03-13"),
            )
            with self.assertRaisesRegex(UserError, "2029"):
                complaint.with_user(self.manager).action_anonymise()
        with self.at("2029-03-14 10:00"):
            complaint.with_user(self.manager).action_anonymise()
        self.assertEqual(
            (complaint.complainant, complaint.satisfaction, complaint.product_id),
            (False, 85.0, self.strip),
        )

    def test_media_authority_court_lawyer_injury_and_property_damage_are_major_and_told_to_management(  # noqa: E501
        self,
    ):
        """Rows 30 and 31: harm to the brand is major, and management hears of it at
        once; so it does of people hurt and things damaged.
        """
        for trigger in ("media", "authority", "lawyer", "injury", "property", "brand"):
            complaint = self.complain("2026-03-02 09:00", **self.triggers(trigger))
            self.assertEqual(
                (complaint.severity_code, self.told(complaint, "Major")),
                ("major", self.management),
                trigger,
            )
        for channel in ("media", "regulator", "court"):
            complaint = self.complain(
                "2026-03-02 09:00", channel_id=self.channel(channel).id
            )
            self.assertEqual(
                (complaint.severity_code, self.told(complaint, "Major")),
                ("major", self.management),
                channel,
            )
        for kind in ("media", "regulator"):
            complaint = self.complain(
                "2026-03-02 09:00",
                type_id=self.env.ref(f"quality_complaint.type_{kind}").id,
            )
            self.assertEqual(complaint.severity_code, "major", kind)

    def test_valid_and_ours_needs_cause_proposal_and_a_measure(self):
        """Rows 11, 12 and 43: a technical measure against recurrence; cause and
        proposal in the report. Row 32: Quality and Technology investigate.
        """
        complaint = self.complain("2026-03-02 09:00")
        investigation = complaint.investigation_ids
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            investigation = complaint.investigation_ids
            with self.assertRaisesRegex(
                UserError, "a member from Quality and a member from Technology"
            ):
                investigation.action_name_team()
            investigation.write({"result": "confirmed", "finding": "Worn roller"})
            investigation.action_done()
            complaint.write(
                {
                    "validity": "valid",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                }
            )
            with self.assertRaisesRegex(
                UserError,
                "the team of the investigation.*Why It Occurred, and Proposal of the "
                "Investigation",
            ):
                complaint.action_conclude()
            second = investigation.create(
                {"complaint_id": complaint.id, "user_id": self.officer.id}
            )
            self.name_team(complaint)
            second.write(
                {
                    "result": "confirmed",
                    "finding": "Worn roller",
                    "proposal": "Exchange it",
                }
            )
            second.action_done()
            complaint.root_cause = "No interval for the roller"
            complaint.action_conclude()
            self.plan(complaint, "explanation")
            with self.assertRaisesRegex(UserError, r"Action \(correction"):
                complaint.action_submit_plan()
            self.take_measure(complaint, "containment")  # stops the damage only
            with self.assertRaisesRegex(UserError, r"Action \(correction"):
                complaint.action_submit_plan()
            measure = self.take_measure(complaint)
            # row 45: who does it until when
            for department, missing in (
                (self.department, "Due date of every action"),
                (False, "Department and due date of every action"),
            ):
                measure.department_id = department
                with (
                    self.assertRaisesRegex(UserError, rf"missing: {missing}\."),
                    self.env.cr.savepoint(),
                ):
                    complaint.action_submit_plan()
            measure.action_cancel("Planned anew, with its owner")
            measure = self.take_measure(complaint, **self.duties())
            complaint.action_submit_plan()
            complaint.action_execute()
            # row 52: what the reply says
            with (
                self.assertRaisesRegex(UserError, "Write findings, rectification"),
                self.env.cr.savepoint(),
            ):
                complaint.sudo().guide_done_ids = False
                self.tell(complaint)
            self.reply(complaint)
            complaint.revisit_ids.score = 90
            complaint.revisit_ids.action_done()
            measure.action_cancel("Roller is new already")
            self.explain_late(complaint)
            with self.assertRaisesRegex(UserError, r"Still open: Action \(correction"):
                complaint.action_close()
            self.take_measure(complaint, **self.duties())
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_contact_person_and_dated_plan_are_asked_for(self):
        """Rows 20 and 21: contact person, phone, specification and purchase date. Each
        measure of the plan has its department and date (row 45).
        """
        self.assertEqual(
            self.policy.property_ids.mapped("code"), ["specification", "purchase_date"]
        )
        complaint = self.complain("2026-03-02 09:00", contact_name=False)
        with self.at("2026-03-02 10:00"):
            with (
                self.assertRaisesRegex(UserError, "Contact Person"),
                self.env.cr.savepoint(),
            ):
                self.concluded(complaint)
            complaint.complainant = "Sam Porter"
            self.assertNotIn(
                "Contact Person", str(complaint._missing_fields("conclude"))
            )
            complaint.complainant = False
            complaint.contact_name = "Jo Hart"
            self.concluded(complaint)
            self.take_measure(complaint, **self.duties())
            remedy = self.plan(
                complaint, "explanation", department_id=False, due_on=False
            )
            with self.assertRaisesRegex(
                UserError, "Department of every remedy and Due date of every remedy"
            ):
                complaint.action_submit_plan()
            remedy.write(
                {
                    "department_id": self.department.id,
                    "user_id": self.handler.id,
                    "due_on": self.utc("2026-03-05 12:00"),
                }
            )
            complaint.action_submit_plan()
        # followed like any step: the owner, then the head of the department
        self.assertIn(
            ("Hans Handler", remedy.display_name), self.tell_due("2026-03-05 12:00")
        )
        self.assertIn(
            ("Hugo Head", remedy.display_name), self.tell_due("2026-03-06 12:00")
        )

    def test_sales_leads_complaints(self):
        """Row 5."""
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(
            complaint.department_id,
            self.env.ref("quality_complaint.responsible_sales"),
        )

    def test_not_ours_needs_no_measure(self):
        """Row 42: evidence and explanation instead."""
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.concluded(
                complaint,
                validity="invalid",
                validity_reason="Photos of the loading",
                explanation="Damaged on the way",
                root_cause=False,
                responsible_id=self.env.ref("quality_complaint.responsible_carrier").id,
            )
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
        self.assertEqual(complaint.state, "executing")

    def test_after_sales_is_told_of_a_visit_on_site_and_takes_part_in_it(self):
        """Rows 13 and 32: After-sales verifies at the customer's."""
        department = self.env.ref("quality_complaint.responsible_after_sales")
        department.manager_id = self.head
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            visit = complaint.investigation_ids
            visit.method = "on_site"
            self.assertEqual(
                (visit.member_ids.department_id, visit.member_ids.user_id),
                (department, self.head),
            )
            self.assertEqual(self.told(complaint, "Visit the customer"), self.head)
            visit.member_ids.unlink()
            visit.write({"result": "confirmed", "finding": "Seen"})
            with self.assertRaisesRegex(UserError, "a member from After-sales"):
                visit.action_done()
