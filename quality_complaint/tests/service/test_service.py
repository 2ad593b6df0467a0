from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestService(ComplaintCase):
    """Visits, training, advice, contacts, trips (rows 209, 272, 273, 275, 395)."""

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def make_service(self, user=None, **vals):
        return (
            self.env["quality.complaint.service"]
            .with_user(user or self.officer)
            .create(
                {
                    "name": "Yearly visit",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "planned_on": "2026-11-25",
                    **vals,
                }
            )
        )

    def test_visit_is_recorded_with_its_findings_and_stays(self):
        visit = self.make_service()
        self.assertEqual(visit.due_on, datetime(2026, 11, 25, 23, 59, 59))
        with self.assertRaisesRegex(UserError, "Still missing: Findings"):
            visit.action_done()
        visit.findings = "Rolls run well"
        visit.action_done()
        self.assertEqual(
            (visit.state, visit.done_by_id, visit.done_on),
            ("done", self.officer, datetime(2026, 11, 25, 9, 30)),
        )
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            visit.findings = "Something else"
        with self.assertRaisesRegex(UserError, "stays in the file"):
            visit.with_user(self.manager).unlink()

    def test_what_lies_ahead_did_not_take_place(self):
        visit = self.make_service(planned_on="2026-11-26", findings="All well")
        with self.assertRaisesRegex(UserError, "lies ahead"):
            visit.action_done()

    def test_contact_is_logged_in_one_dialog(self):
        action = self.customer.with_user(self.officer).action_log_contact()
        dialog = Form(
            self.env["quality.complaint.service"]
            .with_user(self.officer)
            .with_context(**action["context"]),
            view="quality_complaint.service_view_form_quick",
        )
        dialog.findings = "Asks for thinner sheets"
        contact = dialog.save()
        contact.action_done()
        self.assertEqual(
            (contact.kind, contact.partner_id, contact.state),
            ("contact", self.customer, "done"),
        )

    def test_training_needs_content_participants_and_proof(self):
        training = self.make_service(
            kind="staff_training",
            name="How to ask for feedback",
            partner_id=False,
            findings="All passed",
        )
        with self.assertRaisesRegex(UserError, "What It Is For, who took part, proof"):
            training.action_done()
        proof = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create({"name": "list.txt", "raw": b"signed by both"})
        )
        training.write(
            {
                "purpose": "Listening, asking, writing down",
                "participant_ids": [Command.set(self.handler.ids)],
                "attachment_ids": [Command.set(proof.ids)],
            }
        )
        training.action_done()
        self.assertEqual(training.state, "done")
        self.assertEqual(proof.res_model, "quality.complaint.service")

    def test_only_staff_are_trained_without_a_customer(self):
        with self.assertRaisesRegex(ValidationError, "choose the customer"):
            self.make_service(partner_id=False)

    def test_doer_is_reminded_a_day_before_and_the_leader_a_week_later(self):
        team = self.env["quality.complaint.team"].create(
            {
                "name": "Service",
                "company_id": self.company.id,
                "leader_id": self.manager.id,
            }
        )
        visit = self.make_service(user_id=self.handler.id, team_id=team.id)
        model = self.env["quality.complaint.service"]
        model._notify_batch()
        self.assertEqual(visit.activity_ids.user_id, self.handler)
        with freeze_time("2026-12-03 09:00:00"):
            model._notify_batch()
        self.assertEqual(visit.activity_ids.user_id, self.handler | self.manager)
        visit.findings = "Made up for"
        with freeze_time("2026-12-03 10:00:00"):
            visit.action_done()
        self.assertFalse(visit.activity_ids)
        self.assertFalse(visit.next_notice_on)

    def test_cancelled_visit_can_be_planned_again(self):
        visit = self.make_service()
        visit.action_cancel()
        self.assertFalse(visit.next_notice_on)
        with self.assertRaisesRegex(UserError, "in status “Cancelled”"):
            visit.action_done()
        visit.action_plan_again()
        self.assertEqual(visit.state, "planned")

    def test_trip_of_a_complaint_is_named_on_the_return_slip(self):
        lot = self.make_lot("T-1", quantity=5)
        self.sell({lot: 2})
        complaint = self.make_complaint(self.officer, lot_ref="T-1")
        complaint.user_id = self.handler
        action = complaint.action_plan_trip()
        self.assertEqual(action["context"]["default_complaint_id"], complaint.id)
        trip = self.make_service(
            kind="trip",
            name="Look at the rolls",
            complaint_id=complaint.id,
            planned_to="2026-11-27",
            user_id=self.handler.id,
        )
        self.assertEqual(
            self.env["report.quality_complaint.return_slip"]._trips(
                complaint, lambda day: str(day)
            ),
            f"2026-11-25 – 2026-11-27 · {self.handler.name} · Look at the rolls",
        )
        trip.action_cancel()
        self.assertEqual(
            self.env["report.quality_complaint.return_slip"]._trips(complaint, str), ""
        )

    def test_others_see_no_visits(self):
        visit = self.make_service()
        with self.assertRaises(AccessError):
            visit.with_user(self.employee).read(["findings"])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = new_test_user(
            self.env,
            "foreign_visitor",
            groups="quality_complaint.group_quality_complaint_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            visit.with_user(foreign).with_company(other).read(["findings"])

    def test_status_is_set_by_its_buttons_only(self):
        visit = self.make_service()
        with self.assertRaisesRegex(UserError, "set by its buttons only"):
            visit.state = "done"
        self.assertEqual(visit.planned_on, date(2026, 11, 25))
