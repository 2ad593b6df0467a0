from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import APP
from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestDeadlineAccess(DeadlineCase):
    """Steps are facts: read by those who work on the complaint, written by nobody but
    for the reason of being late.
    """

    def test_nobody_writes_steps_but_handlers_say_why_they_were_late(self):
        complaint = self.complain(
            "2026-03-02 09:00", user=self.handler, user_id=self.handler.id
        )
        with self.at("2026-03-02 11:00"):
            self.tick(complaint, "responded")
        row = self.row(complaint, "responded").with_user(self.handler)
        row.late_reason = "Line was busy"
        for vals in (
            {"due_on": self.utc("2026-05-01 10:00")},
            {"state": "met"},
            {"done_on": self.utc("2026-03-02 09:10")},
            {"next_notice_on": False},
        ):
            with self.assertRaises(UserError):
                row.write(vals)
        for operation in (
            row.unlink,
            lambda: row.create(
                {"complaint_id": complaint.id, "milestone_id": row.milestone_id.id}
            ),
        ):
            with self.assertRaises(AccessError):
                operation()
        with self.assertRaises(AccessError):
            row.with_user(self.employee).late_reason = "x"

    def test_people_of_another_company_see_no_deadlines_and_no_points(self):
        complaint = self.complain("2026-03-02 09:00")
        other = self.env["res.company"].create({"name": "Other Works"})
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        row = self.row(complaint, "responded")
        extension = self.env["quality.complaint.extension"].create(
            {
                "deadline_id": row.id,
                "due_on": self.utc("2026-03-05 10:00"),
                "reason": "x",
            }
        )
        score = self.env["quality.complaint.score"].create(
            {
                "complaint_id": complaint.id,
                "kind": "late",
                "date": "2026-03-02",
                "points": -2,
                "proposed_points": -2,
                "user_id": self.officer.id,
            }
        )
        for record in (row, extension, score):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        with self.assertRaises(AccessError):
            complaint.with_user(stranger).action_pause("sample", "Asked for it")
        self.assertEqual(score.with_user(self.officer).points, -2)
        with self.assertRaises(AccessError):
            score.with_user(self.handler).read(["points"])
        with self.assertRaises(AccessError):
            score.with_user(self.officer).write({"points": 0, "note": "x"})

    def test_employees_neither_pause_nor_tick_what_they_reported(self):
        complaint = self.complain(
            "2026-03-02 09:00",
            user=self.employee,
            lot_ref=False,
            partner_id=self.customer.id,
        )
        with self.at("2026-03-02 09:30"):
            for step in (
                lambda: complaint.action_pause("sample", "Asked for it"),
                complaint.action_tick_responded,
            ):
                with self.assertRaises(AccessError):
                    step()
        self.assertTrue(complaint.deadline_ids.with_user(self.employee).mapped("state"))
        self.assertEqual(
            fields.Datetime.to_string(complaint.received_on), "2026-03-02 01:00:00"
        )
