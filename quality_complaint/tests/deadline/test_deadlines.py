from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..policy.regime import RegimeCase


class DeadlineCase(RegimeCase):
    regime = "r1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ask_for_no_papers()

    def row(self, complaint, code):
        return complaint.sudo().deadline_ids.filtered(
            lambda row: (
                row.limit_id and row.milestone_code == code and row.state != "cancelled"
            )
        )[:1]


@tagged("post_install", "-at_install")
class TestDeadlines(DeadlineCase):
    """Limits start, end, stand still and move with the steps and facts of the
    complaint.
    """

    def test_step_reads_as_a_task_until_it_is_done(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:10"):
            self.tick(complaint, "responded")
        started = complaint.deadline_ids.filtered(
            lambda row: row.limit_id and row.milestone_code == "investigation_started"
        )
        self.assertEqual(started.step_text, "Start investigation")
        self.assertNotEqual(
            started.with_context(lang="zh_CN").step_text, "Start investigation"
        )
        with self.at("2026-03-03 09:00"):
            complaint._reach("investigation_started")
        self.assertEqual(started.step_text, "Investigation started")

    def test_next_deadline_and_its_colour(self):
        complaint = self.complain("2026-03-02 09:00")
        for moment, state in (
            ("2026-03-02 09:44", "ok"),
            ("2026-03-02 09:45", "soon"),
            ("2026-03-02 10:00", "soon"),
            ("2026-03-02 10:01", "late"),
        ):
            with self.at(moment):
                self.assertEqual(complaint.deadline_state, state, moment)
                self.assertEqual(complaint.is_late, state == "late")
                late = complaint.search(
                    [("id", "=", complaint.id), ("is_late", "=", True)]
                )
                self.assertEqual(
                    late, complaint if state == "late" else complaint.browse()
                )
        with self.at("2026-03-02 10:05"):
            self.tick(complaint, "responded")
            self.assertEqual(
                (complaint.deadline_state, complaint.next_milestone_id.code),
                ("ok", "investigation_started"),
            )
            self.assertEqual(self.local(complaint.next_deadline_on), "2026-03-04 17:00")
            self.assertIn(
                "Start investigation by Mar 4, 5:00 PM",
                complaint.with_context(tz="Asia/Shanghai").next_due_text,
            )
            self.assertIn("21 h 55 min left (working time)", complaint.next_due_text)
        with self.at("2026-03-04 16:01"):
            complaint.invalidate_recordset(["next_due_text"])
            self.assertIn(" 59 min left (working time)", complaint.next_due_text)

    def test_amber_is_a_quarter_of_the_working_time(self):
        complaint = self.complain("2026-03-02 09:00")
        row = self.row(
            complaint, "investigation_started"
        )  # 23 working hours, a quarter is 5 h 45 min
        self.assertEqual(
            (self.local(row.due_on), self.local(row.warn_on)),
            ("2026-03-04 17:00", "2026-03-04 10:15"),
        )

    def test_facts_of_the_past_end_a_limit_by_when_they_happened(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 15:00"):
            complaint._tick(
                self.env["quality.complaint.milestone"]._by_code("responded"),
                on=self.utc("2026-03-02 09:59"),
            )
        row = self.row(complaint, "responded")
        self.assertEqual(
            (row.state, self.local(row.done_on), self.local(row.recorded_on)),
            ("met", "2026-03-02 09:59", "2026-03-02 15:00"),
        )

    def test_steps_of_the_system_and_impossible_times_cannot_be_ticked(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            with self.assertRaisesRegex(UserError, "not by hand"):
                self.tick(complaint, "concluded")
            responded = self.env["quality.complaint.milestone"]._by_code("responded")
            for moment in ("2026-03-02 10:01", "2026-03-02 08:59"):
                with self.assertRaisesRegex(UserError, "between its receipt and now"):
                    complaint._tick(responded, on=self.utc(moment))

    def test_two_samples_have_a_limit_each(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            first = complaint.investigation_ids
            first.method = "customer_sample"
            second = first.create(
                {"complaint_id": complaint.id, "method": "customer_sample"}
            )
            first.action_sample_received()
        with self.at("2026-03-04 10:00"):
            second.action_sample_received()
        rows = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id and row.milestone_code == "reinspected"
        )
        self.assertEqual(
            [self.local(row.due_on) for row in rows.sorted("due_on")],
            ["2026-03-05 17:00", "2026-03-09 17:00"],
        )
        with self.at("2026-03-05 09:00"):
            second.write({"result": "confirmed", "finding": "Scratches"})
            second.action_done()
        self.assertEqual(
            [row.state for row in rows.sorted("due_on")], ["running", "met"]
        )

    def test_reopening_ends_what_ran_and_starts_the_next_round(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.tick(complaint, "responded")
            self.answer(complaint)
        with self.at("2026-03-03 10:00"):
            complaint.action_reopen("He found more")
        self.assertEqual(
            self.dues(complaint),
            {
                "Investigation report": "2026-03-10 17:00",
                "Whole case after reopening": "2026-03-24 17:00",
            },
        )
        self.assertEqual(self.row(complaint, "concluded").sorted("round")[-1:].round, 1)

    def test_cancelling_and_closing_leave_nothing_running(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertTrue(self.dues(complaint))
        with self.at("2026-03-02 09:30"):
            complaint.action_cancel("withdrawn", "Called back")
        self.assertEqual(
            (
                self.dues(complaint),
                complaint.next_deadline_on,
                complaint.deadline_state,
            ),
            ({}, False, "none"),
        )

    def test_limits_of_a_batch_and_many_complaints_at_once(self):
        complaints = self.env["quality.complaint"]
        with self.at("2026-03-02 09:00"):
            for _number in range(12):
                complaints |= self.make_complaint(
                    register=False, partner_id=self.customer.id, team_id=self.team.id
                )
            complaints.action_register()
            self.env.flush_all()
            with self.assertQueryCount(20):
                complaints._reach("investigation_started")
                self.env.flush_all()
        self.assertEqual(
            {self.dues(complaint)["Investigation report"] for complaint in complaints},
            {"2026-03-09 17:00"},
        )

    def test_holiday_entered_later_moves_running_dates_but_no_agreed_ones(self):
        complaint = self.complain("2026-03-02 09:00")
        other = self.complain("2026-03-02 09:00")
        self.row(other, "investigation_started")._extend(
            self.utc("2026-03-06 12:00"), agreed_on=self.utc("2026-03-02 10:00")
        )
        with self.at("2026-03-02 10:00"):
            holiday = self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "calendar_id": self.office.id,
                    "date_from": self.utc("2026-03-04 00:00"),
                    "date_to": self.utc("2026-03-04 23:59"),
                }
            )
            self.assertEqual(
                self.dues(complaint)["investigation_started"], "2026-03-05 17:00"
            )
            self.assertEqual(
                self.dues(other)["investigation_started"], "2026-03-06 12:00"
            )
            self.office.complaint_makeup_ids = [Command.create({"date": "2026-03-04"})]
            self.assertEqual(
                self.dues(complaint)["investigation_started"], "2026-03-04 17:00"
            )
            self.office.complaint_makeup_ids.unlink()
            holiday.unlink()
            self.assertEqual(
                self.dues(complaint)["investigation_started"], "2026-03-04 17:00"
            )

    def test_calendar_of_the_policy_beats_the_teams_and_the_companys(self):
        saturdays = self.office.copy({"name": "Six days"})
        saturdays.attendance_ids = [
            Command.create(
                {
                    "name": "Sat",
                    "dayofweek": "5",
                    "hour_from": 8,
                    "hour_to": 12,
                    "day_period": "morning",
                }
            )
        ]
        self.assertEqual(
            self.dues(self.complain("2026-03-05 09:00"))["investigation_started"],
            "2026-03-09 17:00",
        )
        self.team.calendar_id = saturdays
        self.assertEqual(
            self.dues(self.complain("2026-03-05 09:00"))["investigation_started"],
            "2026-03-07 12:00",
        )
        other = self.policy.copy({"active": True, "calendar_id": self.office.id})
        self.company.complaint_policy_id = other
        self.assertEqual(
            self.dues(self.complain("2026-03-05 09:00"))["investigation_started"],
            "2026-03-09 17:00",
        )

    def test_company_without_working_hours_counts_around_the_clock_and_says_so(self):
        self.company.resource_calendar_id = False
        complaint = self.complain("2026-03-06 16:00")
        self.assertEqual(
            self.row(complaint, "investigation_started").due_on,
            self.utc("2026-03-09 07:59") + timedelta(seconds=59),
        )
        self.assertIn(
            "no working hours", self.policy.with_company(self.company).warnings
        )

    def test_timeline_shows_done_late_running_and_future_steps(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:30"):
            self.tick(complaint, "responded")
            kinds = {step["name"]: step["kind"] for step in complaint._timeline_steps()}
            self.assertEqual(kinds["First response"], "late")
            self.assertEqual(
                (
                    kinds["Registered"],
                    kinds["Start investigation"],
                    kinds["Conclude"],
                ),
                ("done", "running", "future"),
            )
            self.row(complaint, "responded").late_reason = "Line was busy"
            self.assertIn("Line was busy", complaint.timeline)
