"""What the scenarios of the regimes share: an office in Shanghai, Monday to Friday 8–12
and 13–17, and its people.

Times in the scenarios are wall-clock times of the office. 2026-03-02 is a Monday.
"""

from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP, ComplaintCase

ZONE = ZoneInfo("Asia/Shanghai")
UTC = ZoneInfo("UTC")


class RegimeCase(ComplaintCase):
    regime = None
    # what the regime asks of every complaint, beside what its tests are about
    particulars = {}
    properties = {}
    led = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.use_policy(cls.regime)
        cls.office = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "company_id": cls.company.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Office",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning",
                            }
                        )
                        for day in "01234"
                        for start, stop in ((8, 12), (13, 17))
                    ),
                ],
            }
        )
        cls.company.resource_calendar_id = cls.office
        company = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.leader = new_test_user(
            cls.env, "qc_leader", f"{APP}officer", name="Lena Leader", **company
        )
        cls.head = new_test_user(
            cls.env, "qc_head", f"{APP}user", name="Hugo Head", **company
        )
        cls.general_manager = new_test_user(
            cls.env, "qc_general", f"{APP}user", name="Gerda General", **company
        )
        cls.team = cls.env["quality.complaint.team"].create(
            {
                "name": "Desk",
                "company_id": cls.company.id,
                "leader_id": cls.leader.id,
                "member_ids": [
                    Command.set(
                        (cls.officer | cls.handler | cls.head | cls.general_manager).ids
                    )
                ],
            }
        )
        cls.department.manager_id = cls.head
        for code in ("general_manager", "next_level", "regional_manager"):
            cls.env.ref(f"quality_complaint.role_{code}").user_ids = cls.general_manager
        managers = cls.env.ref(f"{APP}manager").all_user_ids
        cls.management = managers.filtered(lambda user: cls.company in user.company_ids)
        with freeze_time("2026-02-02 02:00:00"):
            cls.lot = cls.make_lot("L-1", quantity=100)
            cls.order = cls.sell({cls.lot: 50})

    @contextmanager
    def at(self, text):
        """It is this time in the office."""
        with freeze_time(self.utc(text)):
            self.env.invalidate_all()
            yield

    @staticmethod
    def utc(text):
        return (
            datetime.fromisoformat(text)
            .replace(tzinfo=ZONE)
            .astimezone(UTC)
            .replace(tzinfo=None)
        )

    @staticmethod
    def local(moment):
        return moment and moment.replace(tzinfo=UTC).astimezone(ZONE).strftime(
            "%Y-%m-%d %H:%M"
        )

    def complain(self, received, registered=None, user=None, **vals):
        """A complaint about the lot, received and registered at wall-clock times."""
        with self.at(registered or received):
            complaint = self.make_complaint(
                user=user or self.officer,
                **{
                    "lot_ref": "L-1",
                    "team_id": self.team.id,
                    "received_on": self.utc(received),
                    "channel_id": self.channel("phone").id,
                    **self.particulars,
                    **({"department_id": self.department.id} if self.led else {}),
                    **vals,
                },
            )
            known = complaint.sudo()
            if self.properties:
                known.line_ids.properties = self.properties
            known.guide_done_ids = known.guide_ids
            return complaint

    @classmethod
    def duties(cls):
        """Who does something, and until when."""
        return {
            "department_id": cls.department.id,
            "due_on": cls.utc("2026-12-31 17:00"),
        }

    @classmethod
    def plan(cls, complaint, kind="refund", quantity=None, **vals):
        """A remedy with its department and due date (R1, article 9)."""
        return super().plan(complaint, kind, quantity, **cls.duties() | vals)

    def reply(self, complaint):
        """Do what the guide asks, and answer the customer."""
        complaint.sudo().guide_done_ids = complaint.sudo().guide_ids
        self.tell(complaint)

    def channel(self, code):
        return self.env.ref(f"quality_complaint.channel_{code}")

    def triggers(self, *codes):
        return {
            "trigger_ids": [
                Command.set(
                    [
                        self.env.ref(f"quality_complaint.trigger_{code}").id
                        for code in codes
                    ]
                )
            ]
        }

    def dues(self, complaint, *states):
        """{step: wall-clock time it is due} of the limits in these states (running
        unless given).
        """
        rows = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id and row.state in (states or ("running",))
        )
        return {
            row.limit_id.name or row.milestone_id.code: self.local(row.due_on)
            for row in rows
        }

    def states(self, complaint):
        """{step: state} of the limits."""
        rows = complaint.sudo().deadline_ids.filtered("limit_id").sorted("id")
        return {row.limit_id.name or row.milestone_id.code: row.state for row in rows}

    def tick(self, complaint, code):
        complaint._tick(self.env["quality.complaint.milestone"]._by_code(code))

    def tell_due(self, text):
        """Run what the scheduled action does at a wall-clock time.

        :return: sorted list of (name of the person told, what)
        """
        activities = self.env["mail.activity"].sudo()
        kind = self.env.ref("quality_complaint.mail_activity_deadline")
        before = activities.search([("activity_type_id", "=", kind.id)])
        with (
            self.at(text),
            patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0),
        ):
            self.env["quality.complaint.due"]._cron_notify()
        new = activities.search([("activity_type_id", "=", kind.id)]) - before
        return sorted(
            (activity.user_id.name, activity.summary.split(": ", 1)[-1].split(": ")[-1])
            for activity in new
        )

    def answer(self, complaint):
        """Investigate, explain, reply: all at once."""
        self.investigated(complaint)
        self.settle(complaint)

    def settle(self, complaint):
        """From the conclusion to the reply, by an explanation."""
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.reply(complaint)

    def explain_late(self, complaint):
        for row in complaint._late_without_reason():
            row.late_reason = "Too much to do"

    def concluded(self, complaint, *methods, **vals):
        """Investigate with everything the regimes want written down, by these methods,
        and conclude: valid, and ours.
        """
        if not complaint.user_id:
            complaint.action_take()
        if complaint.state == "registered":
            complaint.action_start_investigation()
        first = complaint.investigation_ids.filtered(lambda row: not row.done_on)[:1]
        if methods:
            first.method = methods[0]
        for method in methods[1:]:
            first.create(
                {
                    "complaint_id": complaint.id,
                    "method": method,
                    "user_id": complaint.user_id.id,
                }
            )
        self.name_team(complaint)
        investigations = complaint.investigation_ids.filtered(
            lambda row: not row.done_on
        )
        investigations.write(
            {
                "result": "confirmed",
                "finding": "Scratches on the inner coil",
                "proposal": "Exchange the roller",
            }
        )
        investigations.action_done()
        papers = {
            "root_cause": "Worn roller",
            "first_assessment": "A single coil",
            "meeting_minutes": "Quality and Production: exchange the roller",
        }
        self.judge(complaint).write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
                **papers,
                **vals,
            }
        )
        self.judge(complaint).action_conclude()

    def close_sheets(self, complaint):
        """Fill in and close the special cases of a complaint."""
        for sheet in complaint.sudo().sheet_ids:
            for row in sheet.fact_ids.filtered("required"):
                if row.kind == "choice":
                    row.choice_id = row.question_id.choice_ids[0]
                elif row.kind == "partner":
                    row.partner_id = self.customer
                elif row.kind == "file":
                    row.attachment_ids = [
                        Command.create({"name": "paper.txt", "raw": b"paper"})
                    ]
                else:
                    row.answer = "2026-03-02" if row.kind == "date" else "1"
            sheet.task_ids.action_done()
            sheet.action_close()

    def approve(self, complaint, *users):
        """Whoever of these may decide what is pending does."""
        for user in users:
            complaint.approval_ids.filtered(lambda a: a.state == "pending").with_user(
                user
            ).filtered("can_decide").with_user(user).action_approve()

    def told(self, complaint, word):
        """Who got an activity on the complaint whose summary contains a word."""
        return (
            complaint.sudo()
            .activity_ids.filtered(lambda activity: word in (activity.summary or ""))
            .user_id
        )
