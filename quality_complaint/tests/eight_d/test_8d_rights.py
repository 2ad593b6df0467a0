"""What an attacker, an auditor and an impatient user try on an 8D report. Each test
proves one defect and is named for what should hold.
"""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import APP
from .builders import EightDCase


@tagged("post_install", "-at_install")
class TestEightDRights(EightDCase):
    """Who gives himself rights."""

    def stranger(self, login="qc_stranger8", group="user"):
        return new_test_user(
            self.env,
            login,
            f"{APP}{group}",
            name=login,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_a_stranger_cannot_join_the_team_through_a_default_in_the_context(self):
        report, stranger = self.start(), self.stranger()
        members = (
            self.env["quality.8d.member"]
            .with_user(stranger)
            .with_context(default_eight_d_id=report.id)
        )
        with self.assertRaises(AccessError):
            members.create({"user_id": stranger.id})

    def test_a_stranger_cannot_read_a_report_by_planning_an_action_through_a_default_in_the_context(  # noqa: E501
        self,
    ):
        report, stranger = self.start(), self.stranger()
        actions = (
            self.env["quality.complaint.action"]
            .with_user(stranger)
            .with_context(default_eight_d_id=report.id)
        )
        with self.assertRaises(AccessError):
            actions.create(
                {"name": "Let me in", "kind": "containment", "user_id": stranger.id}
            )

    def test_a_member_cannot_make_himself_leader_and_close_steps(self):
        report = self.start()
        self.fill_d0(report)
        report.member_ids = [Command.create({"user_id": self.handler.id})]
        with self.assertRaises(AccessError):
            report._step("D0").with_user(self.handler).action_done()
        with self.assertRaises(UserError):
            report.with_user(self.handler).leader_id = self.handler
            report._step("D0").with_user(self.handler).action_done()

    def test_a_member_cannot_make_himself_owner_of_a_step_and_close_it(self):
        report = self.start()
        self.fill_d0(report)
        report.member_ids = [Command.create({"user_id": self.handler.id})]
        with self.assertRaises(UserError):
            report._step("D0").with_user(self.handler).user_id = self.handler
            report._step("D0").with_user(self.handler).action_done()

    def test_a_member_who_may_not_close_a_step_cannot_cancel_the_report(self):
        report = self.start()
        report.member_ids = [Command.create({"user_id": self.handler.id})]
        with self.assertRaises(AccessError):
            report.with_user(self.handler).action_cancel("No time")

    def test_who_words_a_weak_cause_is_not_who_accepts_it(self):
        second = self.stranger("qc_second8", "quality")
        report = self.start()
        node = self.node(report, "Fixture")
        node.with_user(second).name = "Operator error"
        with self.assertRaises(AccessError):
            node.with_user(second).action_accept("I say so")

    def test_the_leader_cannot_accept_after_handing_the_lead_over_for_a_minute(self):
        report = self.start()
        node = self.node(report.with_user(self.officer).sudo(), "Operator error")
        report.leader_id = self.manager
        with self.assertRaises(UserError):
            node.with_user(self.engineer).sudo(False).action_accept("Fine with me")
        report.leader_id = self.engineer

    def test_accepting_an_action_without_a_report_is_an_error_a_person_understands(
        self,
    ):
        action = self.env["quality.complaint.action"].create(
            {
                "complaint_id": self.complaint.id,
                "name": "Training",
                "kind": "corrective",
                "user_id": self.officer.id,
            }
        )
        with self.assertRaises(UserError):
            action.with_user(self.manager).action_accept("Enough")

    def test_a_default_in_the_context_verifies_no_action(self):
        report = self.start()
        self.close_up_to(report, "D4")
        context = {
            "default_state": "effective",
            "default_effect": "effective",
            "default_verified_by_id": self.manager.id,
        }
        action = (
            report.with_user(self.engineer)
            .with_context(**context)
            .env["quality.complaint.action"]
            .create(
                {
                    "eight_d_id": report.id,
                    "node_id": report.node_ids[0].id,
                    "name": "Forged",
                    "kind": "corrective",
                    "user_id": self.engineer.id,
                }
            )
        )
        self.assertEqual(
            (action.state, action.verified_by_id), ("open", self.env["res.users"])
        )

    def test_a_default_in_the_context_accepts_no_weak_cause(self):
        report = self.start()
        node = self.node(
            report.with_context(
                default_shallow_reason="Fine", default_shallow_by_id=self.manager.id
            ),
            "Operator error",
        )
        self.assertFalse(node.shallow_reason)

    def test_a_default_in_the_context_puts_no_complaint_into_a_report(self):
        report = self.start()
        complaint = (
            self.env["quality.complaint"]
            .with_user(self.handler)
            .with_context(default_eight_d_id=report.id)
            .create({"description": "Mine"})
        )
        self.assertFalse(complaint.sudo().eight_d_id)

    def test_a_default_in_the_context_approves_no_remedy(self):
        complaint = self.investigated(self.complaint.with_user(self.officer))
        remedy = self.plan(complaint.with_context(default_state="done"), "explanation")
        self.assertEqual(remedy.state, "draft")

    def test_a_default_in_the_context_makes_no_revision_and_no_closing_date(self):
        context = {
            "default_revision": 7,
            "default_closed_on": "2020-01-01 00:00:00",
            "default_cancel_reason": "Forged",
        }
        report = (
            self.env["quality.8d"]
            .with_user(self.engineer)
            .with_context(**context)
            .create({"subject": "Forged", "company_id": self.company.id})
        )
        self.assertEqual(
            (report.revision, report.closed_on, report.cancel_reason), (0, False, False)
        )

    def test_planning_an_action_opens_no_complaint_to_whoever_plans_it(self):
        complaint = self.complaint.with_user(self.handler)
        with self.assertRaises(AccessError):
            complaint.read(["description"])
        with self.assertRaises(AccessError):
            self.env["quality.complaint.action"].with_user(self.handler).create(
                {
                    "complaint_id": self.complaint.id,
                    "name": "Let me in",
                    "kind": "containment",
                    "user_id": self.handler.id,
                }
            )
            self.env.invalidate_all()
            complaint.read(["description"])

    def test_moving_his_own_action_opens_no_other_complaint_to_its_owner(self):
        own = self.make_complaint(lot_ref="B-77", user=self.handler)
        action = (
            self.env["quality.complaint.action"]
            .with_user(self.handler)
            .create({"complaint_id": own.id, "name": "Mine", "kind": "containment"})
        )
        with self.assertRaises(AccessError):
            action.complaint_id = self.complaint.id
            self.env.invalidate_all()
            self.complaint.with_user(self.handler).read(["description"])

    def test_nobody_leads_a_report_of_a_company_he_does_not_work_for(self):
        company = self.env["res.company"].create({"name": "Other Works"})
        foreign = new_test_user(
            self.env,
            "qc_foreign8",
            f"{APP}quality",
            name="Foreign",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        report = self.start()
        with self.assertRaises(UserError):
            report.leader_id = foreign
            report._step("D4").user_id = foreign
