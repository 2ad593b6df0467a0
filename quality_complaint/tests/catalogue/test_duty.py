from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestDuty(ComplaintCase):
    """Who answers, by day and at night (R1: around the clock)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.duties = cls.env["quality.complaint.duty"]
        cls.team = cls.env["quality.complaint.team"].create(
            {
                "name": "Desk",
                "company_id": cls.company.id,
                "leader_id": cls.manager.id,
                "member_ids": [Command.set((cls.officer | cls.handler).ids)],
            }
        )
        cls.handler.partner_id.phone = "+86 21 5555 0101"

    def duty(self, user, start, stop, **vals):
        return self.duties.create(
            {
                "user_id": user.id,
                "company_id": self.company.id,
                "start_on": start,
                "stop_on": stop,
                **vals,
            }
        )

    def on_duty(self, moment, team=None):
        return self.duties._on_duty(
            self.company, team, datetime.fromisoformat(moment)
        ).answering_id

    def test_one_answers_from_the_first_moment_and_not_at_the_last(self):
        self.duty(self.handler, "2026-03-02 09:00:00", "2026-03-03 00:00:00")
        self.assertFalse(self.on_duty("2026-03-02 08:59:59"))
        self.assertEqual(self.on_duty("2026-03-02 09:00:00"), self.handler)
        self.assertFalse(self.on_duty("2026-03-03 00:00:00"))

    def test_substitute_answers_and_a_team_has_its_own(self):
        self.duty(
            self.handler,
            "2026-03-02 09:00:00",
            "2026-03-03 00:00:00",
            substitute_id=self.officer.id,
        )
        self.duty(
            self.engineer,
            "2026-03-02 09:00:00",
            "2026-03-03 00:00:00",
            team_id=self.team.id,
        )
        self.assertEqual(self.on_duty("2026-03-02 10:00:00"), self.officer)
        self.assertEqual(self.on_duty("2026-03-02 10:00:00", self.team), self.engineer)

    def test_two_are_not_on_duty_at_once(self):
        self.duty(self.handler, "2026-03-02 09:00:00", "2026-03-03 00:00:00")
        with (
            self.assertRaisesRegex(ValidationError, "Hans Handler is on duty from"),
            self.env.cr.savepoint(),
        ):
            self.duty(self.officer, "2026-03-02 23:00:00", "2026-03-03 08:00:00")
        self.duty(self.officer, "2026-03-03 00:00:00", "2026-03-03 08:00:00")

    def test_it_ends_after_it_starts(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.duty(self.handler, "2026-03-02 09:00:00", "2026-03-02 09:00:00")

    def test_complaint_without_a_handler_is_put_before_whoever_is_on_duty(self):
        """Rows 17 and 18: somebody answers around the clock."""
        self.duty(self.handler, "2026-03-02 09:00:00", "2026-03-03 00:00:00")
        with freeze_time("2026-03-02 22:00:00"):
            complaint = self.make_complaint(
                user=self.employee,
                partner_id=self.customer.id,
                team_id=self.team.id,
                channel_id=self.env.ref("quality_complaint.channel_phone").id,
            ).sudo()
        self.assertEqual(complaint.activity_ids.user_id, self.handler)
        with freeze_time("2026-03-03 00:00:00"):
            later = self.make_complaint(
                user=self.employee,
                partner_id=self.customer.id,
                team_id=self.team.id,
                channel_id=self.env.ref("quality_complaint.channel_phone").id,
            ).sudo()
        self.assertEqual(later.activity_ids.user_id, self.manager)

    def test_phones_stand_on_the_complaint_outside_working_hours_only(self):
        """Row 239."""
        self.duty(self.handler, "2026-03-01 00:00:00", "2026-03-08 00:00:00")
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-03-02 10:00:00"):  # a Monday
            complaint = self.make_complaint(
                user=self.officer,
                partner_id=self.customer.id,
                team_id=self.team.id,
                channel_id=self.env.ref("quality_complaint.channel_phone").id,
            )
            self.assertFalse(complaint.phone_list)
        with freeze_time("2026-03-02 22:00:00"):
            complaint.invalidate_recordset()
            self.assertIn("Hans Handler", complaint.phone_list)
            self.assertIn("tel:+86 21 5555 0101", complaint.phone_list)

    def plan(self, **vals):
        return (
            self.env["quality.complaint.duty.plan"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "first_day": "2026-03-02",
                    "last_day": "2026-03-15",
                    "line_ids": [
                        Command.create({"sequence": 2, "user_id": self.handler.id}),
                        Command.create({"sequence": 1, "user_id": self.officer.id}),
                    ],
                    **vals,
                }
            )
        )

    def test_roster_is_planned_in_turn_over_midnight(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        plan = self.plan()
        plan.action_plan()
        duties = self.duties.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(duties), 14)
        self.assertEqual(
            duties.user_id.mapped("name"), ["Olga Officer", "Hans Handler"]
        )
        self.assertEqual(duties[:7].user_id, self.officer)
        # 17:00 to 8:00 of the next day in Shanghai
        self.assertEqual(
            (str(duties[0].start_on), str(duties[0].stop_on)),
            ("2026-03-02 09:00:00", "2026-03-03 00:00:00"),
        )

    def test_roster_over_another_one_makes_nothing(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.duty(self.engineer, "2026-03-10 09:00:00", "2026-03-10 23:00:00")
        with (
            self.assertRaisesRegex(ValidationError, "Quentin Quality"),
            self.env.cr.savepoint(),
        ):
            self.plan().action_plan()
        self.assertEqual(
            self.duties.search_count([("company_id", "=", self.company.id)]), 1
        )

    def test_roster_wants_people_and_days(self):
        with self.assertRaisesRegex(UserError, "who is on duty"):
            self.plan(line_ids=False).action_plan()
        with self.assertRaisesRegex(ValidationError, "last day"):
            self.plan(last_day="2026-03-01")
        with self.assertRaisesRegex(ValidationError, "24:00"):
            self.plan(hour_to=25)

    def test_only_officers_plan_and_other_companies_see_nothing(self):
        duty = self.duty(self.handler, "2026-03-02 09:00:00", "2026-03-03 00:00:00")
        with self.assertRaises(AccessError):
            duty.with_user(self.handler).note = "I am ill"
        duty.with_user(self.officer).substitute_id = self.officer
        other = self.env["res.company"].create({"name": "Foreign Works"})
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        foreign = self.duties.with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(foreign.search([("id", "=", duty.id)]))
        with self.assertRaises(AccessError):
            foreign.browse(duty.id).note = "Mine"
        with self.assertRaises(AccessError):
            self.duties.with_user(self.employee).search([])
