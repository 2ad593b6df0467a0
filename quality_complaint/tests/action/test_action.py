from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestActions(ComplaintCase):
    """Actions have an owner, a date and evidence; they are never silently late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("A-1", quantity=100)
        cls.sell({cls.lot: 10})
        cls.team = cls.env["quality.complaint.team"].create(
            {
                "name": "Desk",
                "company_id": cls.company.id,
                "leader_id": cls.engineer.id,
                "member_ids": [Command.set(cls.officer.ids)],
            }
        )

    def plan_action(self, complaint=None, user=None, **vals):
        complaint = complaint or self.make_complaint(
            lot_ref="A-1", user=self.officer, team_id=self.team.id
        )
        return (
            self.env["quality.complaint.action"]
            .with_user(self.officer)
            .create(
                {
                    "complaint_id": complaint.id,
                    "name": "Change the rollers",
                    "user_id": (user or self.handler).id,
                    "due_on": "2026-03-10 12:00:00",
                    **vals,
                }
            )
        )

    def told(self, moment):
        activities = self.env["mail.activity"].sudo()
        before = activities.search([])
        with (
            freeze_time(moment),
            patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0),
        ):
            self.env["quality.complaint.due"]._cron_notify()
        new = activities.search([]) - before
        return sorted(
            (activity.user_id.name, activity.summary)
            for activity in new
            if "Change the rollers" in (activity.summary or "")
        )

    def test_owner_is_reminded_then_the_team_leader_each_once(self):
        with freeze_time("2026-03-02 09:00:00"):
            self.plan_action()
        self.assertEqual(self.told("2026-03-09 11:59:00"), [])
        self.assertEqual(
            self.told("2026-03-09 12:00:00"),
            [("Hans Handler", "Due soon: Change the rollers")],
        )
        self.assertEqual(
            self.told("2026-03-10 12:01:00"),
            [("Hans Handler", "Overdue: Change the rollers")],
        )
        self.assertEqual(
            self.told("2026-03-11 12:00:00"),
            [("Quentin Quality", "Overdue: Change the rollers")],
        )
        self.assertEqual(self.told("2026-03-20 12:00:00"), [])

    def test_done_only_with_evidence_and_verified_by_somebody_else(self):
        action = self.plan_action()
        own = action.with_user(self.handler)
        with self.assertRaisesRegex(UserError, "What Was Done"):
            own.action_done()
        own.evidence = "Rollers 2 and 3 replaced, report 77"
        own.action_done()
        self.assertEqual((action.state, action.done_by_id), ("done", self.handler))
        own.effect_note = "Works"
        with self.assertRaisesRegex(UserError, "cannot verify your own action"):
            own.action_effective()
        action.action_effective()
        self.assertEqual(
            (action.state, action.effect, action.verified_by_id),
            ("effective", "effective", self.officer),
        )

    def test_evidence_of_what_is_done_is_never_taken_away(self):
        photo, other = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create(
                [
                    {"name": name, "raw": b"text", "mimetype": "text/plain"}
                    for name in ("before.txt", "after.txt")
                ]
            )
        )
        action = self.plan_action(
            evidence="Done", attachment_ids=[Command.link(photo.id)]
        )
        action.action_done()
        for change in (
            [Command.unlink(photo.id)],
            [Command.clear()],
            [Command.set(other.ids)],
            [Command.delete(photo.id)],
        ):
            with self.subTest(change), self.assertRaises(UserError):
                action.attachment_ids = change
        action.attachment_ids = [Command.link(other.id)]
        self.assertEqual(action.attachment_ids, photo | other)
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            action.evidence = "Something else"
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            action.unlink()

    def test_today_means_until_tonight_and_a_day_that_is_over_is_said(self):
        self.handler.tz = "Asia/Shanghai"
        action = (
            self.env["quality.complaint.action"]
            .with_user(self.handler)
            .new({"due_on": "2026-03-02 09:00:00"})
        )
        with freeze_time("2026-03-02 09:02:00"):  # 17:02 in Shanghai
            self.assertIsNone(action._onchange_due_on())
            self.assertEqual(str(action.due_on), "2026-03-02 15:59:59")
            self.assertIsNone(action._onchange_due_on())
            self.assertEqual(str(action.due_on), "2026-03-02 15:59:59")
            action.due_on = "2026-03-09 16:00:00"  # typed without an hour
            self.assertIsNone(action._onchange_due_on())
            self.assertEqual(str(action.due_on), "2026-03-10 15:59:59")
            action.due_on = "2026-03-02 15:59:59"
        with freeze_time("2026-03-02 16:10:00"):  # the day after in Shanghai
            warning = action._onchange_due_on()["warning"]
            self.assertEqual(
                (warning["message"], warning["type"]),
                (
                    "Due Date: Mar 2, 2026 is over already. Check the date.",
                    "notification",
                ),
            )
            self.assertEqual(str(action.due_on), "2026-03-02 15:59:59")

    def test_later_date_needs_a_reason_and_the_first_one_is_kept(self):
        with freeze_time("2026-03-02 09:00:00"):
            action = self.plan_action()
            with self.assertRaisesRegex(UserError, "More time"):
                action.due_on = "2026-03-20 12:00:00"
            action.due_on = "2026-03-08 12:00:00"
            with self.assertRaisesRegex(UserError, "give a reason"):
                action.action_extend(
                    fields.Datetime.to_datetime("2026-03-20 12:00:00"), " "
                )
            with self.assertRaisesRegex(UserError, "must be later"):
                action.action_extend(
                    fields.Datetime.to_datetime("2026-03-07 12:00:00"), "Late delivery"
                )
            action.action_extend(
                fields.Datetime.to_datetime("2026-03-20 12:00:00"),
                "Late delivery of rollers",
            )
            action.action_extend(
                fields.Datetime.to_datetime("2026-03-25 12:00:00"), "Still late"
            )
        self.assertEqual(
            (str(action.extended_from), action.extension_count),
            ("2026-03-08 12:00:00", 2),
        )
        self.assertEqual(self.told("2026-03-19 12:00:00"), [])
        self.assertEqual(
            self.told("2026-03-24 12:00:00"),
            [("Hans Handler", "Due soon: Change the rollers")],
        )

    def test_open_actions_stand_against_closing_until_they_work(self):
        complaint = self.make_complaint(lot_ref="A-1", user=self.officer)
        corrective = self.plan_action(complaint)
        containment = self.plan_action(
            complaint, name="Sort the stock", kind="containment"
        )

        def left():
            return [
                text
                for text, record in complaint._get_open_ends()
                if record and record._name == "quality.complaint.action"
            ]

        self.assertEqual(len(left()), 2)
        (corrective | containment).write({"evidence": "Done"})
        (corrective | containment).action_done()
        self.assertEqual(
            left(), ["action “Change the rollers” (effect to be verified)"]
        )
        corrective.effect_note = "Two more complaints"
        corrective.with_user(self.engineer).action_ineffective()
        self.assertEqual(
            left(),
            [
                (
                    "action “Change the rollers” (not effective, and nothing else planned "  # noqa: E501
                    "since)"
                )
            ],
        )
        second = self.plan_action(complaint, name="Harder rollers")
        self.assertEqual(left(), ["action “Harder rollers” (to be done)"])
        second.evidence = "Hardened to 60 HRC"
        second.action_done()
        second.effect_note = "No complaint in 10 lots"
        second.with_user(self.engineer).action_effective()
        self.assertEqual(left(), [])

    def test_several_are_decided_in_one_dialog_each_keeping_what_it_says(self):
        actions = self.plan_action() | self.plan_action(
            name="Replace the guide", evidence="Guide 4 replaced"
        )

        def decide(purpose, reason, by, **values):
            opened = (
                actions.with_user(by).with_context(purpose=purpose).action_open_reason()
            )
            wizard = self.env[opened["res_model"]].with_user(by)
            wizard.with_context(**opened["context"]).create(
                {"reason": reason, **values}
            ).action_confirm()

        decide("extend", "Parts are late", self.officer, due_on="2026-06-01 10:00:00")
        self.assertEqual(
            [str(due) for due in actions.mapped("due_on")], ["2026-06-01 10:00:00"] * 2
        )
        decide("done", "Rollers changed", self.officer)
        self.assertEqual(
            [(action.state, action.evidence) for action in actions],
            [("done", "Rollers changed"), ("done", "Guide 4 replaced")],
        )
        with self.assertRaisesRegex(UserError, "cannot verify your own action"):
            decide("effective", "20 lots without", self.officer)
        decide("effective", "20 lots without", self.engineer)
        self.assertEqual(
            [(action.state, action.effect_note) for action in actions],
            [("effective", "20 lots without")] * 2,
        )

    def test_given_up_only_with_a_reason_and_done_again_with_one(self):
        action = self.plan_action(evidence="New rollers")
        wizard = self.env["quality.complaint.reason"].with_user(self.officer)
        with self.assertRaisesRegex(UserError, "give a reason"):
            action.action_cancel("")
        action.action_done()
        wizard.create(
            {"action_ids": action.ids, "purpose": "reopen", "reason": "Trouble is back"}
        ).action_confirm()
        self.assertEqual((action.state, action.done_on), ("open", False))
        wizard.create(
            {
                "action_ids": action.ids,
                "purpose": "cancel",
                "reason": "Line is scrapped",
            }
        ).action_confirm()
        self.assertEqual(
            (action.state, action.cancel_reason), ("cancelled", "Line is scrapped")
        )
        with self.assertRaisesRegex(UserError, "this step is not possible"):
            action.action_done()

    def test_flow_fields_and_nonsense_are_refused(self):
        action = self.plan_action()
        for vals in (
            {"state": "effective"},
            {"done_on": "2026-01-01"},
            {"verified_by_id": self.officer.id},
            {"extension_count": 0},
            {"effect": "effective"},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                action.write(vals)
        with self.assertRaises(ValidationError):
            action.cost = -1
        with self.assertRaisesRegex(ValidationError, "belongs to a complaint"):
            self.env["quality.complaint.action"].create({"name": "Nobody's"})

    def test_owner_of_another_team_sees_and_does_his_action_others_do_not(self):
        action = self.plan_action()
        self.assertIn(self.handler, action.complaint_id.sudo().worker_ids)
        action.with_user(self.handler).evidence = "Done"
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "qc_foreign",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (foreigner, stranger, self.employee, self.warehouse_worker):
            with self.assertRaises(AccessError, msg=user.name):
                action.with_user(user).read(["name"])
