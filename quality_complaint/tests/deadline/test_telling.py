from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestTelling(DeadlineCase):
    """Reminders and escalation: the right people, each level once, in the order of
    time.
    """

    def test_after_an_outage_all_due_levels_are_told_once(self):
        complaint = self.complain("2026-03-02 09:00")
        told = self.tell_due("2026-03-02 13:00")
        people = sorted(
            {"Olga Officer", "Lena Leader", *self.management.mapped("name")}
        )
        self.assertEqual(told, [(name, "Give the first response") for name in people])
        self.assertEqual(self.tell_due("2026-03-02 13:05"), [])
        self.assertEqual(self.row(complaint, "responded").notice_level, 3)
        self.assertFalse(self.row(complaint, "responded").next_notice_on)

    def test_reminders_go_when_the_step_is_done(self):
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 09:50")
        kind = self.env.ref("quality_complaint.mail_activity_deadline")
        self.assertTrue(
            complaint.sudo().activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
        )
        with self.at("2026-03-02 09:55"):
            self.tick(complaint, "responded")
        self.assertFalse(
            complaint.sudo().activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
        )

    def test_mail_links_to_the_complaint(self):
        complaint = self.complain("2026-03-02 09:00")
        self.officer.notification_type = "email"
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda _self: True):
            self.tell_due("2026-03-02 09:50")
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [("recipient_ids", "in", self.officer.partner_id.ids)],
                order="id desc",
                limit=1,
            )
        )
        self.assertIn("Give the first response", mail.body_html)
        self.assertRegex(
            mail.body_html,
            rf"mail/view\?model=quality\.complaint&(amp;)?res_id={complaint.id}",
        )

    def test_absent_responsible_the_leader_is_told_as_well(self):
        resource = self.env["resource.resource"].create(
            {
                "name": "Olga",
                "user_id": self.officer.id,
                "calendar_id": self.office.id,
                "company_id": self.company.id,
            }
        )
        self.complain("2026-03-02 09:00")
        self.assertEqual(
            self.tell_due("2026-03-02 09:45"),
            [("Olga Officer", "Give the first response")],
        )
        self.complain("2026-03-03 09:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.office.id,
                "resource_id": resource.id,
                "date_from": self.utc("2026-03-03 00:00"),
                "date_to": self.utc("2026-03-03 23:59"),
            }
        )
        told = self.tell_due("2026-03-03 09:45")
        self.assertLessEqual(
            {
                ("Olga Officer", "Give the first response"),
                ("Lena Leader", "Give the first response"),
            },
            set(told),
        )

    def test_role_held_by_nobody_is_noted_and_the_rest_is_told(self):
        complaint = self.complain("2026-03-02 09:00")
        self.team.leader_id = False
        self.assertEqual(
            self.tell_due("2026-03-02 10:00"),
            [("Olga Officer", "Give the first response")],
        )
        self.assertIn(
            "nobody could be told (Team leader)",
            "".join(complaint.message_ids.mapped("body")),
        )

    def test_one_that_cannot_be_told_does_not_stop_the_others(self):
        broken, good = (
            self.complain("2026-03-02 09:00"),
            self.complain("2026-03-02 09:00"),
        )
        notify = type(self.env["quality.complaint.deadline"])._notify_due

        def fail(row):
            if row.complaint_id == broken:
                raise ValueError("broken")
            return notify(row)

        deadlines = type(self.env["quality.complaint.deadline"])
        with (
            patch.object(deadlines, "_notify_due", fail),
            mute_logger("odoo.addons.quality_complaint.models.mixins.due"),
        ):
            self.assertEqual(
                self.tell_due("2026-03-02 09:45"),
                [("Olga Officer", "Give the first response")],
            )
        self.assertEqual(self.row(good, "responded").notice_level, 1)
        self.assertEqual(
            self.local(self.row(broken, "responded").next_notice_on), "2026-03-02 10:45"
        )

    def test_investigation_reminds_its_investigator(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.tick(complaint, "responded")
            complaint.action_start_investigation()
            complaint.investigation_ids.write(
                {"user_id": self.engineer.id, "due_on": self.utc("2026-03-04 12:00")}
            )
        self.assertEqual(self.tell_due("2026-03-03 11:59"), [])
        self.assertEqual(
            self.tell_due("2026-03-03 12:00"), [("Quentin Quality", "In writing")]
        )

    def test_scheduled_action_runs_as_odoo_runs_it(self):
        complaint = self.complain("2026-03-02 09:00")
        with (
            self.at("2026-03-02 09:46"),
            self.enter_registry_test_mode(),
            patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0),
        ):
            self.env.ref("quality_complaint.ir_cron_due").method_direct_trigger()
        self.assertEqual(self.row(complaint, "responded").notice_level, 1)

    def test_digest_lists_what_is_late_and_due_today_once_a_day(self):
        self.leader.tz = "Asia/Shanghai"
        late, today, later = (
            self.complain("2026-03-02 09:00"),
            self.complain("2026-03-02 10:00"),
            self.complain("2026-03-03 06:30"),
        )
        with self.at("2026-03-02 11:00"):
            self.tick(today, "responded")
        mails = self.env["mail.mail"].sudo()
        domain = [("subject", "like", "Complaints of Desk%")]
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0):
            with self.at("2026-03-04 06:59"):
                self.env["quality.complaint.team"]._cron_digest()
            self.assertFalse(mails.search(domain))
            with self.at("2026-03-04 07:00"):
                self.env["quality.complaint.team"]._cron_digest()
                self.env["quality.complaint.team"]._cron_digest()
        mail = mails.search(domain)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.leader.partner_id)
        for text in (
            late.name,
            today.name,
            "Give the first response",
            "Start investigation",
            f"/odoo/complaints/{late.id}",
        ):
            self.assertIn(text, mail.body_html)
        with self.at("2026-03-04 07:00"):
            rows = self.team._digest_rows()
        self.assertEqual(
            [(row["complaint"], row["step"], row["overdue"]) for row in rows],
            [
                (late.name, "Give the first response", True),
                (later.name, "Give the first response", True),
                (late.name, "Start investigation", False),
                (today.name, "Start investigation", False),
            ],
        )

    def test_digest_can_be_switched_off(self):
        self.complain("2026-03-02 09:00")
        self.team.digest = False
        with (
            patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0),
            self.at("2026-03-04 09:00"),
        ):
            self.env["quality.complaint.team"]._cron_digest()
        self.assertFalse(
            self.env["mail.mail"]
            .sudo()
            .search([("subject", "like", "Complaints of Desk%")])
        )
