from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestTeam(InvestigationCase):
    def major_case(self):
        complaint = self.make_complaint(
            lot_ref="I-1", user=self.officer, loss_amount=500
        )
        complaint.action_start_investigation()
        return complaint.investigation_ids

    def members(self, *names):
        return [
            Command.create(
                {
                    "name": name,
                    "department_id": self.env.ref(
                        f"quality_complaint.responsible_{name}"
                    ).id,
                    "task": f"Task of {name}",
                }
            )
            for name in names
        ]

    def test_management_names_leader_and_four_departments_before_anything_is_concluded(
        self,
    ):
        investigation = self.major_case()
        investigation.member_ids = self.members("sales", "quality", "technology")
        with self.assertRaisesRegex(AccessError, "named by the role “Management"):
            investigation.action_name_team()
        self.assertEqual(investigation.missing_department_ids, self.department)
        with self.assertRaisesRegex(UserError, "a member from Production"):
            investigation.with_user(self.manager).action_name_team()
        investigation.with_user(self.manager).member_ids = [
            Command.create(
                {
                    "user_id": self.handler.id,
                    "department_id": self.department.id,
                    "task": "Look at the rollers",
                }
            )
        ]
        complaint = investigation.complaint_id
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Name team"):
            complaint.action_conclude()
        investigation.with_user(self.manager).action_name_team()
        self.assertEqual(investigation.team_named_by_id, self.manager)
        self.assertIn("lead_named", complaint.sudo()._reached_codes())
        told = complaint.sudo().activity_ids.filtered(
            lambda activity: activity.summary == f"Investigate {complaint.name}"
        )
        self.assertEqual(told.user_id, self.officer | self.handler)
        self.finish(investigation)
        self.assertFalse(told.exists(), "Nobody has to investigate any more.")
        complaint.action_conclude()
        self.assertEqual(complaint.state, "planning")

    def test_members_of_other_teams_see_and_fill_in_what_they_investigate(self):
        investigation = self.major_case()
        stranger = investigation.with_user(self.handler)
        with self.assertRaises(AccessError):
            stranger.finding = "x"
        investigation.member_ids = [Command.create({"user_id": self.handler.id})]
        self.assertIn(self.handler, investigation.complaint_id.sudo().worker_ids)
        stranger.finding = "Roller 3 is worn"
        self.assertEqual(
            investigation.complaint_id.with_user(self.handler).name,
            investigation.complaint_id.name,
        )
        investigation.member_ids.unlink()
        with self.assertRaises(AccessError):
            stranger.invalidate_recordset()
            stranger.finding = "y"

    def test_nobody_joins_a_team_through_a_default_in_the_context(self):
        investigation = self.major_case()
        members = (
            self.env["quality.complaint.investigation.member"]
            .with_user(self.handler)
            .with_context(default_investigation_id=investigation.id)
        )
        with self.assertRaises(AccessError):
            members.create({"user_id": self.handler.id})
        self.assertFalse(investigation.sudo().member_ids)

    def test_member_has_a_name(self):
        with self.assertRaisesRegex(ValidationError, "name every member"):
            self.major_case().member_ids = [Command.create({"task": "Somebody"})]

    def test_team_of_the_round_before_is_proposed(self):
        complaint = self.investigated(
            self.make_complaint(lot_ref="I-1", loss_amount=500)
        )
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        complaint.approval_ids.with_user(self.manager).action_approve()
        self.tell(complaint)
        complaint.action_reopen("Again")
        second = complaint.investigation_ids.filtered(lambda row: row.round == 2)
        self.assertEqual(len(second.member_ids), 4)
        self.assertFalse(second.team_named_on)
