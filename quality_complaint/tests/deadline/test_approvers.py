from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import APP
from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestApprovers(DeadlineCase):
    """Whoever holds the role reads what he is asked to approve, decides it, and gets no
    other right by it.
    """

    def setUp(self):
        super().setUp()
        company = {
            "company_id": self.company.id,
            "company_ids": [Command.set(self.company.ids)],
        }
        self.director = new_test_user(
            self.env, "qc_director", f"{APP}user", name="Dora Director", **company
        )
        self.role = self.env["quality.complaint.role"].create(
            {
                "name": "Director",
                "code": "director",
                "holder": "users",
                "user_ids": self.director.ids,
            }
        )
        self.policy.approval_rule_ids = [
            Command.create({"subject": "money", "role_id": self.role.id})
        ]
        self.complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.investigated(self.complaint)

    def test_director_outside_the_team_reads_and_decides(self):
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.director).read(["description"])
        remedy = self.plan(self.complaint, "refund", 10)
        self.complaint.action_submit_plan()
        approval = self.complaint.approval_ids.with_user(self.director)
        self.assertEqual(
            (approval.subject, approval.amount, approval.can_decide),
            ("money", 100.0, True),
        )
        self.assertEqual(approval.remedy_ids.mapped("kind"), ["refund"])
        self.assertEqual(
            self.complaint.with_user(self.director).description, "Scratched surface"
        )
        self.assertIn(self.director, self.complaint.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.director).description = "x"
        approval.action_approve()
        self.assertEqual(
            (remedy.state, self.complaint.state), ("approved", "executing")
        )
        self.assertNotIn(self.director, self.complaint.sudo().activity_ids.user_id)

    def test_plan_holds_when_all_roles_have_agreed_and_falls_with_one(self):
        with self.at("2026-03-02 10:30"):
            self.complaint.write(
                self.triggers("serious_defect")
            )  # management approves the plan, the director the money
        remedy = self.plan(self.complaint, "refund", 10)
        self.complaint.action_submit_plan()
        approvals = {
            approval.subject: approval for approval in self.complaint.approval_ids
        }
        approvals["plan"].with_user(self.manager).action_approve()
        self.assertEqual(
            (remedy.state, self.complaint.state), ("to_approve", "planning")
        )
        approvals["money"].with_user(self.director).action_refuse("Too much")
        self.assertEqual((remedy.state, self.complaint.state), ("draft", "planning"))
        self.complaint.action_submit_plan()
        again = self.complaint.approval_ids.filtered(
            lambda approval: approval.state == "pending"
        )
        self.assertEqual(sorted(again.mapped("subject")), ["money", "plan"])
        again.filtered(lambda a: a.subject == "money").with_user(
            self.director
        ).action_approve()
        again.filtered(lambda a: a.subject == "plan").with_user(
            self.manager
        ).action_approve()
        self.assertEqual(self.complaint.state, "executing")

    def test_plan_without_money_needs_no_director(self):
        self.plan(self.complaint, "explanation")
        self.complaint.action_submit_plan()
        self.assertEqual(
            (self.complaint.state, len(self.complaint.approval_ids)), ("executing", 0)
        )
