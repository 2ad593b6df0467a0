from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..common import APP
from ..policy.regime import RegimeCase


class DeadlineCase(RegimeCase):
    regime = "r1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ask_for_no_papers()

    def row(self, complaint, code):
        return complaint.sudo().deadline_ids.filtered(lambda row: row.limit_id and row.milestone_code == code and row.state != "cancelled")[:1]


@tagged("post_install", "-at_install")
class TestDeadlines(DeadlineCase):
    """Limits start, end, stand still and move with the steps and facts of the complaint."""

    def test_next_deadline_and_its_colour(self):
        complaint = self.complain("2026-03-02 09:00")
        for moment, state in (
            ("2026-03-02 09:44", "ok"), ("2026-03-02 09:45", "soon"), ("2026-03-02 10:00", "soon"), ("2026-03-02 10:01", "late"),
        ):
            with self.at(moment):
                self.assertEqual(complaint.deadline_state, state, moment)
                self.assertEqual(complaint.is_late, state == "late")
                late = complaint.search([("id", "=", complaint.id), ("is_late", "=", True)])
                self.assertEqual(late, complaint if state == "late" else complaint.browse())
        with self.at("2026-03-02 10:05"):
            self.tick(complaint, "responded")
            self.assertEqual((complaint.deadline_state, complaint.next_milestone_id.code), ("ok", "investigation_started"))
            self.assertEqual(self.local(complaint.next_deadline_on), "2026-03-04 17:00")
            self.assertIn("Start investigation by Mar 4, 5:00 PM", complaint.with_context(tz="Asia/Shanghai").next_due_text)
            self.assertIn("21 h 55 min left (working time)", complaint.next_due_text)

    def test_amber_is_a_quarter_of_the_working_time(self):
        complaint = self.complain("2026-03-02 09:00")
        row = self.row(complaint, "investigation_started")  # 23 working hours, a quarter is 5 h 45 min
        self.assertEqual((self.local(row.due_on), self.local(row.warn_on)), ("2026-03-04 17:00", "2026-03-04 10:15"))

    def test_facts_of_the_past_end_a_limit_by_when_they_happened(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 15:00"):
            complaint._tick(self.env["quality.complaint.milestone"]._by_code("responded"), on=self.utc("2026-03-02 09:59"))
        row = self.row(complaint, "responded")
        self.assertEqual((row.state, self.local(row.done_on), self.local(row.recorded_on)), ("met", "2026-03-02 09:59", "2026-03-02 15:00"))

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
            second = first.create({"complaint_id": complaint.id, "method": "customer_sample"})
            first.action_sample_received()
        with self.at("2026-03-04 10:00"):
            second.action_sample_received()
        rows = complaint.sudo().deadline_ids.filtered(lambda row: row.limit_id and row.milestone_code == "reinspected")
        self.assertEqual([self.local(row.due_on) for row in rows.sorted("due_on")], ["2026-03-05 17:00", "2026-03-09 17:00"])
        with self.at("2026-03-05 09:00"):
            second.write({"result": "confirmed", "finding": "Scratches"})
            second.action_done()
        self.assertEqual([row.state for row in rows.sorted("due_on")], ["running", "met"])

    def test_reopening_ends_what_ran_and_starts_the_next_round(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.tick(complaint, "responded")
            self.answer(complaint)
        with self.at("2026-03-03 10:00"):
            complaint.action_reopen("He found more")
        self.assertEqual(self.dues(complaint), {"Investigation report": "2026-03-10 17:00", "Whole case after reopening": "2026-03-24 17:00"})
        self.assertEqual(self.row(complaint, "concluded").sorted("round")[-1:].round, 1)

    def test_cancelling_and_closing_leave_nothing_running(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertTrue(self.dues(complaint))
        with self.at("2026-03-02 09:30"):
            complaint.action_cancel("withdrawn", "Called back")
        self.assertEqual((self.dues(complaint), complaint.next_deadline_on, complaint.deadline_state), ({}, False, "none"))

    def test_limits_of_a_batch_and_many_complaints_at_once(self):
        complaints = self.env["quality.complaint"]
        with self.at("2026-03-02 09:00"):
            for _number in range(12):
                complaints |= self.make_complaint(register=False, partner_id=self.customer.id, team_id=self.team.id)
            complaints.action_register()
            self.env.flush_all()
            with self.assertQueryCount(20):
                complaints._reach("investigation_started")
                self.env.flush_all()
        self.assertEqual({self.dues(complaint)["Investigation report"] for complaint in complaints}, {"2026-03-09 17:00"})

    def test_holiday_entered_later_moves_running_dates_but_no_agreed_ones(self):
        complaint = self.complain("2026-03-02 09:00")
        other = self.complain("2026-03-02 09:00")
        self.row(other, "investigation_started")._extend(self.utc("2026-03-06 12:00"), agreed_on=self.utc("2026-03-02 10:00"))
        with self.at("2026-03-02 10:00"):
            holiday = self.env["resource.calendar.leaves"].create(
                {"name": "Holiday", "calendar_id": self.office.id, "date_from": self.utc("2026-03-04 00:00"), "date_to": self.utc("2026-03-04 23:59")}
            )
            self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-05 17:00")
            self.assertEqual(self.dues(other)["investigation_started"], "2026-03-06 12:00")
            self.office.complaint_makeup_ids = [Command.create({"date": "2026-03-04"})]
            self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-04 17:00")
            self.office.complaint_makeup_ids.unlink()
            holiday.unlink()
            self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-04 17:00")

    def test_calendar_of_the_policy_beats_the_teams_and_the_companys(self):
        saturdays = self.office.copy({"name": "Six days"})
        saturdays.attendance_ids = [Command.create({"name": "Sat", "dayofweek": "5", "hour_from": 8, "hour_to": 12, "day_period": "morning"})]
        self.assertEqual(self.dues(self.complain("2026-03-05 09:00"))["investigation_started"], "2026-03-09 17:00")
        self.team.calendar_id = saturdays
        self.assertEqual(self.dues(self.complain("2026-03-05 09:00"))["investigation_started"], "2026-03-07 12:00")
        other = self.policy.copy({"active": True, "calendar_id": self.office.id})
        self.company.complaint_policy_id = other
        self.assertEqual(self.dues(self.complain("2026-03-05 09:00"))["investigation_started"], "2026-03-09 17:00")

    def test_company_without_working_hours_counts_around_the_clock_and_says_so(self):
        self.company.resource_calendar_id = False
        complaint = self.complain("2026-03-06 16:00")
        self.assertEqual(self.row(complaint, "investigation_started").due_on, self.utc("2026-03-09 07:59") + timedelta(seconds=59))
        self.assertIn("no working hours", self.policy.with_company(self.company).warnings)

    def test_timeline_shows_done_late_running_and_future_steps(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:30"):
            self.tick(complaint, "responded")
            kinds = {step["name"]: step["kind"] for step in complaint._timeline_steps()}
            self.assertEqual(kinds["First response"], "late")
            self.assertEqual((kinds["Registered"], kinds["Investigation started"], kinds["Concluded"]), ("done", "running", "future"))
            self.row(complaint, "responded").late_reason = "Line was busy"
            self.assertIn("Line was busy", complaint.timeline)


@tagged("post_install", "-at_install")
class TestDrafts(DeadlineCase):
    """The clocks run from the receipt, also while nobody registers the complaint."""

    def draft(self, **vals):
        with self.at("2026-03-02 09:10"):
            return self.make_complaint(
                user=self.employee, register=False, partner_id=self.customer.id, team_id=self.team.id, received_on=self.utc("2026-03-02 09:00"), **vals
            )

    def test_forgotten_draft_is_told_to_the_team_leader(self):
        draft = self.draft()
        self.assertEqual(self.dues(draft)["registered"], "2026-03-02 11:00")
        self.assertIn(("Lena Leader", "Registered"), self.tell_due("2026-03-02 10:45"))

    def test_corrected_receipt_moves_the_dates_and_deleting_leaves_nothing(self):
        draft = self.draft()
        with self.at("2026-03-02 09:20"):
            draft.received_on = self.utc("2026-03-02 08:30")
            self.assertEqual(self.dues(draft)["registered"], "2026-03-02 10:30")
            draft.line_ids = [Command.create({"product_id": self.strip.id, "lot_id": lot.id}) for lot in (self.lot, self.make_lot("D-2"))]
            self.assertEqual(self.dues(draft)["Whole case"], "2026-04-13 17:00")  # several lots: major
            rows = draft.sudo().deadline_ids
            draft.unlink()
        self.assertFalse(rows.exists())

    def test_employee_reads_what_he_handed_in_in_every_state(self):
        complaint = self.draft()
        states = []
        with self.at("2026-03-02 09:20"):
            complaint.action_register()
        for step in (
            lambda c: c.action_take(), lambda c: self.investigated(c), lambda c: (self.plan(c, "explanation"), c.action_submit_plan()),
            lambda c: c.action_execute(), lambda c: self.tell(c), lambda c: c.action_open_revisit(),
        ):
            self.env.invalidate_all()
            own = self.env["quality.complaint"].with_user(self.employee)
            form = etree.fromstring(own.get_view(view_type="form")["arch"])
            visible = {node.get("name"): {} for node in form.xpath("//field[not(ancestor::field)]")}
            states.append(complaint.with_user(self.employee).web_read(visible)[0]["state"])
            with self.at("2026-03-02 09:30"):
                step(complaint.with_user(self.officer))
        self.assertEqual(states, ["registered", "registered", "planning", "executing", "executing", "replied"])

    def test_employee_cannot_choose_the_severity(self):
        draft = self.draft()
        draft.write(self.triggers("serious_defect"))
        draft.write({"severity_id": self.severities["general"].id, "severity_reason": "I think so"})
        with self.at("2026-03-02 09:20"):
            draft.action_register()
        self.assertEqual(draft.sudo().severity_code, "major")


@tagged("post_install", "-at_install")
class TestLimitsFollow(DeadlineCase):
    """Severity, policy, dates and rounds change: nothing that is owed gets lost, nothing is counted twice."""

    def test_raised_severity_keeps_paused_time_and_agreed_date(self):
        # both severities limit the same step here
        started = self.env.ref("quality_complaint.milestone_investigation_started")
        self.policy.limit_ids.filtered(lambda row: row.to_milestone_id.code == "lead_named").to_milestone_id = started
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.row(complaint, "replied")._extend(self.utc("2026-04-02 17:00"), agreed_on=self.utc("2026-03-02 09:30"))
            complaint.action_pause("sample", "Asked for")
        with self.at("2026-03-03 10:00"):
            complaint.action_resume()  # 8 working hours later
            complaint.write(self.triggers("serious_defect"))
        row = self.row(complaint, "investigation_started")
        self.assertEqual((self.local(row.due_on), row.paused_seconds, row.limit_id.amount), ("2026-03-04 17:00", 8 * 3600, 1))
        case = self.row(complaint, "replied")
        self.assertEqual((self.local(case.extended_from), self.local(case.due_on)), ("2026-03-23 17:00", "2026-04-03 17:00"))

    def test_overdue_row_does_not_stand_in_the_way_of_its_successor(self):
        self.company.complaint_policy_id = self.env.ref("quality_complaint.policy_r5").copy({"active": True})
        complaint = self.complain("2026-03-02 09:00", customer_due_on=self.utc("2026-03-03 12:00"))
        with self.at("2026-03-04 09:00"):
            complaint.customer_due_on = self.utc("2026-03-06 12:00")
        self.assertEqual(self.dues(complaint), {"Answer by the customer's date": "2026-03-06 12:00"})
        self.assertEqual(self.dues(complaint, "missed"), {"Answer by the customer's date": "2026-03-03 12:00"})

    def test_version_moved_while_overdue_tells_nothing_twice(self):
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 12:00")
        new = self.policy.browse(self.policy.with_user(self.manager).action_new_version()["res_id"]).with_user(self.manager)
        new.action_put_into_force()
        with self.at("2026-03-02 12:10"):
            new.action_move_running()
        self.assertEqual(len(complaint.sudo().deadline_ids.filtered(lambda row: row.limit_id and row.milestone_code == "responded")), 1)
        self.assertEqual(self.tell_due("2026-03-02 12:20"), [])

    def test_levels_are_told_in_the_order_of_their_moments(self):
        limit = self.policy.limit_ids.filtered(lambda limit: limit.to_milestone_id.code == "investigation_started" and limit.amount == 2)
        leader, management = (self.env.ref(f"quality_complaint.role_{code}") for code in ("team_leader", "management"))
        limit.level_ids = [
            Command.clear(),
            Command.create({"when": "after", "amount": 4, "unit": "work_hour", "role_id": leader.id}),
            Command.create({"when": "after", "amount": 1, "unit": "day", "role_id": management.id}),
        ]
        complaint = self.complain("2026-03-04 09:00")  # due on Friday 17:00
        with self.at("2026-03-04 09:30"):
            self.tick(complaint, "responded")
        self.assertEqual(self.tell_due("2026-03-07 17:00"), [(name, "Investigation started") for name in sorted(self.management.mapped("name"))])
        self.assertEqual(self.tell_due("2026-03-09 12:00"), [("Lena Leader", "Investigation started")])

    def test_done_in_time_but_entered_late_is_not_held_against_anybody(self):
        self.policy.score_late = -2
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 10:05")
        self.assertEqual(complaint.sudo().score_ids.points, -2)
        with self.at("2026-03-02 10:30"):
            complaint._tick(self.env["quality.complaint.milestone"]._by_code("responded"), on=self.utc("2026-03-02 09:50"))
        self.assertEqual((self.row(complaint, "responded").state, complaint.sudo().score_ids.ids), ("met", []))

    def test_consent_after_the_date_leaves_the_miss_recorded(self):
        self.policy.score_late = -2
        complaint = self.complain("2026-03-02 09:00")
        deadline = self.row(complaint, "investigation_started")
        self.tell_due("2026-03-04 17:30")
        with self.at("2026-03-05 10:00"):
            extension = self.env["quality.complaint.extension"].create(
                {
                    "deadline_id": deadline.id, "due_on": self.utc("2026-03-10 17:00"), "reason": "x", "consent_by": "Mr Wang",
                    "consent_on": self.utc("2026-03-05 09:00"), "consent_note": "By phone",
                }
            )
            extension.action_grant()
        self.assertTrue(deadline.missed_on)
        self.assertIn(deadline, complaint.sudo().score_ids.deadline_id)

    def test_agreed_date_is_not_moved_by_the_waiting_before_it(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_pause("sample", "Asked for")
        with self.at("2026-03-04 10:00"):
            self.row(complaint, "replied")._extend(self.utc("2026-04-02 17:00"), agreed_on=self.utc("2026-03-04 09:00"))
        with self.at("2026-03-05 10:00"):  # 8 working hours after the agreement
            complaint.action_resume()
        self.assertEqual(self.local(self.row(complaint, "replied").due_on), "2026-04-03 17:00")

    def test_feedback_that_is_no_complaint_has_no_limits_unless_they_say_so(self):
        inquiry = self.env.ref("quality_complaint.type_inquiry")
        self.assertEqual(self.dues(self.complain("2026-03-02 09:00", type_id=inquiry.id)), {})
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            complaint.type_id = inquiry
        self.assertEqual((complaint.severity_id.id, self.dues(complaint)), (False, {}))
        policy = self.policy.copy({"active": True})
        policy.limit_ids.filtered(lambda limit: limit.to_milestone_id.code == "responded").all_feedback = True
        self.company.complaint_policy_id = policy
        self.assertEqual(self.dues(self.complain("2026-03-02 09:00", type_id=inquiry.id)), {"responded": "2026-03-02 10:00"})

    def test_deleted_investigation_takes_its_deadline_along(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            extra = complaint.investigation_ids.create({"complaint_id": complaint.id, "method": "customer_sample"})
            extra.sample_received_on = self.utc("2026-03-02 09:45")
            self.assertEqual(self.dues(complaint)["reinspected"], "2026-03-05 17:00")
            extra.unlink()
            self.assertNotIn("reinspected", self.dues(complaint))
            complaint.user_id = self.handler
        self.assertEqual(self.row(complaint, "concluded").user_id, self.handler)

    def test_severity_of_another_policy_is_refused(self):
        complaint = self.complain("2026-03-02 09:00")
        stranger = self.env.ref("quality_complaint.severity_r12_standard")
        with self.assertRaisesRegex(ValidationError, "no severity of"):
            complaint.write({"severity_id": stranger.id, "severity_reason": "x"})

    def test_severity_raised_after_the_plan_asks_for_the_missing_approval(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.action_execute()
            complaint.write(self.triggers("serious_defect"))
        request = complaint.approval_ids
        self.assertEqual((request.role_id.code, request.state, request.remedy_ids), ("management", "pending", complaint.remedy_ids))
        request.with_user(self.manager).action_approve()
        self.assertFalse([text for text, _record in complaint._get_open_ends() if "approval" in text])

    def test_rise_by_hand_or_by_the_rules_is_told_once(self):
        for vals in (
            {"severity_id": self.severities["major"].id, "severity_reason": "Large customer"},
            {"severity_id": self.severities["general"].id, "severity_reason": "Looks harmless", **self.triggers("serious_defect")},
        ):
            complaint = self.complain("2026-03-02 09:00")
            with self.at("2026-03-02 09:30"):
                complaint.write(vals)
            told = complaint.sudo().activity_ids.filtered(lambda activity: "Major" in activity.summary)
            self.assertEqual((complaint.severity_code, told.user_id, len(told)), ("major", self.management, len(self.management)))

    def test_two_roles_close_together(self):
        self.policy.approval_rule_ids = [
            Command.create({"subject": "closing", "role_id": self.env.ref(f"quality_complaint.role_{code}").id}) for code in ("management", "quality_manager")
        ]
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.answer(complaint)
            complaint.revisit_ids.score = 90
            complaint.revisit_ids.action_done()
            complaint.action_close()
            asked = {approval.role_id.code: approval for approval in complaint.approval_ids}
            asked["management"].with_user(self.manager).action_approve()
            self.assertEqual(complaint.state, "replied")
            asked["quality_manager"].with_user(self.engineer).action_approve()
        self.assertEqual(complaint.state, "closed")


@tagged("post_install", "-at_install")
class TestWaiting(DeadlineCase):
    """Waiting for the customer: what may be paused stands still and gets its working time back."""

    def test_pause_gives_back_working_time(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_pause("sample", "Two pieces asked for")
        self.assertEqual(self.dues(complaint, "paused"), {"investigation_started": "2026-03-04 17:00", "Whole case": "2026-03-23 17:00"})
        self.assertEqual(self.dues(complaint), {"responded": "2026-03-02 10:00"})  # may not be paused
        with self.at("2026-03-06 11:00"):  # 6 + 8 + 8 + 8 + 3 working hours later
            complaint.action_resume()
        self.assertEqual(self.dues(complaint)["investigation_started"], "2026-03-11 09:00")
        self.assertEqual(self.dues(complaint)["Whole case"], "2026-03-30 09:00")
        self.assertEqual(self.row(complaint, "investigation_started").paused_seconds, 33 * 3600)
        self.assertFalse(complaint.waiting_for)

    def test_sample_arriving_ends_the_waiting(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            complaint.investigation_ids.method = "customer_sample"
            complaint.action_pause("sample", "Asked for")
        with self.at("2026-03-03 10:00"):
            complaint.investigation_ids.action_sample_received()
        self.assertFalse(complaint.waiting_for)
        self.assertEqual(self.dues(complaint)["Investigation report"], "2026-03-10 17:00")
        self.assertEqual(self.dues(complaint)["reinspected"], "2026-03-06 17:00")

    def test_limit_that_starts_while_waiting_stands_still_from_the_start(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_pause("information", "Which machine?")
        with self.at("2026-03-02 11:00"):
            complaint.action_start_investigation()
        self.assertIn("Investigation report", self.dues(complaint, "paused"))
        with self.at("2026-03-03 11:00"):
            complaint.action_resume()
        self.assertEqual(self.dues(complaint)["Investigation report"], "2026-03-10 17:00")

    def test_paused_step_can_be_done_and_nobody_is_reminded(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.tick(complaint, "responded")
            complaint.action_pause("sample", "Asked for")
        self.assertEqual(self.tell_due("2026-04-30 10:00"), [])
        with self.at("2026-04-30 11:00"):
            complaint.action_start_investigation()
        self.assertEqual(self.row(complaint, "investigation_started").state, "met")

    def test_pause_needs_what_and_why_and_happens_once(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            with self.assertRaisesRegex(UserError, "what we wait for.*a reason"):
                complaint.action_pause(False, " ")
            complaint.action_pause("sample", "Asked for")
            with self.assertRaisesRegex(UserError, "waits for the customer already"):
                complaint.action_pause("sample", "Again")
            complaint.action_resume()
            with self.assertRaisesRegex(UserError, "does not wait"):
                complaint.action_resume()
            with self.assertRaises(UserError):
                complaint.waiting_for = "sample"


@tagged("post_install", "-at_install")
class TestExtension(DeadlineCase):
    """More time only with the customer's consent; the first date is kept."""

    def setUp(self):
        super().setUp()
        self.complaint = self.complain("2026-03-02 09:00")
        self.deadline = self.row(self.complaint, "replied")

    def ask(self, user=None, **vals):
        return self.env["quality.complaint.extension"].with_user(user or self.officer).create(
            {"deadline_id": self.deadline.id, "due_on": self.utc("2026-04-02 17:00"), "reason": "Laboratory is late", **vals}
        )

    def test_request_leaves_the_old_date(self):
        request = self.ask()
        request.action_request()
        self.assertEqual((request.state, self.local(self.deadline.due_on)), ("requested", "2026-03-23 17:00"))
        self.assertEqual(self.deadline.action_extend()["res_id"], request.id)

    def test_consent_with_evidence_moves_the_date_and_keeps_the_first(self):
        request = self.ask()
        with self.at("2026-03-10 10:00"):
            with self.assertRaisesRegex(UserError, "who agreed.*when he agreed.*how he agreed"):
                request.action_grant()
            request.write({"consent_by": "Mr Wang", "consent_on": self.utc("2026-03-10 09:00"), "consent_note": "By phone"})
            request.action_grant()
            self.assertEqual((self.local(self.deadline.due_on), self.local(self.deadline.extended_from)), ("2026-04-02 17:00", "2026-03-23 17:00"))
            self.assertEqual((request.decided_by_id, self.local(request.first_due_on)), (self.officer, "2026-03-23 17:00"))
            again = self.ask(due_on=self.utc("2026-04-10 17:00"), consent_by="Mr Wang", consent_on=self.utc("2026-03-10 09:30"), consent_note="Mail")
            again.action_grant()
            self.assertEqual((self.local(self.deadline.due_on), self.local(self.deadline.extended_from)), ("2026-04-10 17:00", "2026-03-23 17:00"))
            self.assertIn("Mr Wang", self.complaint.message_ids[:1].body)
            with self.assertRaises(UserError):
                request.due_on = self.utc("2026-05-01 10:00")
            with self.assertRaises(UserError):
                request.unlink()

    def test_people_are_reminded_of_the_new_date(self):
        self.tell_due("2026-03-21 17:00")
        request = self.ask(consent_by="Mr Wang", consent_on=self.utc("2026-03-10 09:00"), consent_note="By phone")
        with self.at("2026-03-22 10:00"):
            request.action_grant()
        self.assertNotIn("Whole case", [what for _who, what in self.tell_due("2026-03-23 17:00")])
        self.assertIn(("Olga Officer", "Whole case"), self.tell_due("2026-03-31 17:00"))

    def test_refused_keeps_the_old_date(self):
        request = self.ask()
        request.action_refuse()
        self.assertEqual((request.state, self.local(self.deadline.due_on)), ("refused", "2026-03-23 17:00"))

    def test_only_later_dates(self):
        with self.assertRaisesRegex(ValidationError, "must be later"):
            self.ask(due_on=self.utc("2026-03-20 17:00"))

    def test_only_running_steps(self):
        with self.at("2026-03-02 09:30"):
            self.complaint.action_cancel("withdrawn", "Changed their mind")
        with self.assertRaisesRegex(ValidationError, "nothing to extend"):
            self.ask()

    def test_handlers_ask_and_officers_grant(self):
        request = self.ask(user=self.handler, consent_by="Mr Wang", consent_on=self.utc("2026-03-02 09:00"), consent_note="x")
        with self.assertRaisesRegex(UserError, "complaint officer"):
            request.action_grant()
        with self.assertRaises(AccessError):
            self.ask(user=self.employee)


@tagged("post_install", "-at_install")
class TestTelling(DeadlineCase):
    """Reminders and escalation: the right people, each level once, in the order of time."""

    def test_after_an_outage_all_due_levels_are_told_once(self):
        complaint = self.complain("2026-03-02 09:00")
        told = self.tell_due("2026-03-02 13:00")
        people = sorted({"Olga Officer", "Lena Leader", *self.management.mapped("name")})
        self.assertEqual(told, [(name, "First response") for name in people])
        self.assertEqual(self.tell_due("2026-03-02 13:05"), [])
        self.assertEqual(self.row(complaint, "responded").notice_level, 3)
        self.assertFalse(self.row(complaint, "responded").next_notice_on)

    def test_reminders_go_when_the_step_is_done(self):
        complaint = self.complain("2026-03-02 09:00")
        self.tell_due("2026-03-02 09:50")
        kind = self.env.ref("quality_complaint.mail_activity_deadline")
        self.assertTrue(complaint.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind))
        with self.at("2026-03-02 09:55"):
            self.tick(complaint, "responded")
        self.assertFalse(complaint.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind))

    def test_mail_links_to_the_complaint(self):
        complaint = self.complain("2026-03-02 09:00")
        self.officer.notification_type = "email"
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda _self: True):
            self.tell_due("2026-03-02 09:50")
        mail = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.officer.partner_id.ids)], order="id desc", limit=1)
        self.assertIn("First response", mail.body_html)
        self.assertRegex(mail.body_html, rf"mail/view\?model=quality\.complaint&(amp;)?res_id={complaint.id}")

    def test_absent_responsible_the_leader_is_told_as_well(self):
        resource = self.env["resource.resource"].create(
            {"name": "Olga", "user_id": self.officer.id, "calendar_id": self.office.id, "company_id": self.company.id}
        )
        self.complain("2026-03-02 09:00")
        self.assertEqual(self.tell_due("2026-03-02 09:45"), [("Olga Officer", "First response")])
        self.complain("2026-03-03 09:00")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday", "calendar_id": self.office.id, "resource_id": resource.id,
                "date_from": self.utc("2026-03-03 00:00"), "date_to": self.utc("2026-03-03 23:59"),
            }
        )
        told = self.tell_due("2026-03-03 09:45")
        self.assertLessEqual({("Olga Officer", "First response"), ("Lena Leader", "First response")}, set(told))

    def test_role_held_by_nobody_is_noted_and_the_rest_is_told(self):
        complaint = self.complain("2026-03-02 09:00")
        self.team.leader_id = False
        self.assertEqual(self.tell_due("2026-03-02 10:00"), [("Olga Officer", "First response")])
        self.assertIn("nobody could be told (Team leader)", "".join(complaint.message_ids.mapped("body")))

    def test_one_that_cannot_be_told_does_not_stop_the_others(self):
        broken, good = self.complain("2026-03-02 09:00"), self.complain("2026-03-02 09:00")
        notify = type(self.env["quality.complaint.deadline"])._notify_due

        def fail(row):
            if row.complaint_id == broken:
                raise ValueError("broken")
            return notify(row)

        deadlines = type(self.env["quality.complaint.deadline"])
        with patch.object(deadlines, "_notify_due", fail), mute_logger("odoo.addons.quality_complaint.models.mixins.due"):
            self.assertEqual(self.tell_due("2026-03-02 09:45"), [("Olga Officer", "First response")])
        self.assertEqual(self.row(good, "responded").notice_level, 1)
        self.assertEqual(self.local(self.row(broken, "responded").next_notice_on), "2026-03-02 10:45")

    def test_investigation_reminds_its_investigator(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:30"):
            self.tick(complaint, "responded")
            complaint.action_start_investigation()
            complaint.investigation_ids.write({"user_id": self.engineer.id, "due_on": self.utc("2026-03-04 12:00")})
        self.assertEqual(self.tell_due("2026-03-03 11:59"), [])
        self.assertEqual(self.tell_due("2026-03-03 12:00"), [("Quentin Quality", "In writing")])

    def test_scheduled_action_runs_as_odoo_runs_it(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 09:46"), self.enter_registry_test_mode(), patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0):
            self.env.ref("quality_complaint.ir_cron_due").method_direct_trigger()
        self.assertEqual(self.row(complaint, "responded").notice_level, 1)

    def test_digest_lists_what_is_late_and_due_today_once_a_day(self):
        self.leader.tz = "Asia/Shanghai"
        late, today, later = self.complain("2026-03-02 09:00"), self.complain("2026-03-02 10:00"), self.complain("2026-03-03 06:30")
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
        for text in (late.name, today.name, "First response", "Investigation started", f"/odoo/complaints/{late.id}"):
            self.assertIn(text, mail.body_html)
        with self.at("2026-03-04 07:00"):
            rows = self.team._digest_rows()
        self.assertEqual(
            [(row["complaint"], row["step"], row["overdue"]) for row in rows],
            [
                (late.name, "First response", True), (later.name, "First response", True), (late.name, "Investigation started", False),
                (today.name, "Investigation started", False),
            ],
        )

    def test_digest_can_be_switched_off(self):
        self.complain("2026-03-02 09:00")
        self.team.digest = False
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0), self.at("2026-03-04 09:00"):
            self.env["quality.complaint.team"]._cron_digest()
        self.assertFalse(self.env["mail.mail"].sudo().search([("subject", "like", "Complaints of Desk%")]))


@tagged("post_install", "-at_install")
class TestDeadlineAccess(DeadlineCase):
    """Steps are facts: read by those who work on the complaint, written by nobody but for the reason of being late."""

    def test_nobody_writes_steps_but_handlers_say_why_they_were_late(self):
        complaint = self.complain("2026-03-02 09:00", user=self.handler, user_id=self.handler.id)
        with self.at("2026-03-02 11:00"):
            self.tick(complaint, "responded")
        row = self.row(complaint, "responded").with_user(self.handler)
        row.late_reason = "Line was busy"
        for vals in ({"due_on": self.utc("2026-05-01 10:00")}, {"state": "met"}, {"done_on": self.utc("2026-03-02 09:10")}, {"next_notice_on": False}):
            with self.assertRaises(UserError):
                row.write(vals)
        for operation in (row.unlink, lambda: row.create({"complaint_id": complaint.id, "milestone_id": row.milestone_id.id})):
            with self.assertRaises(AccessError):
                operation()
        with self.assertRaises(AccessError):
            row.with_user(self.employee).late_reason = "x"

    def test_people_of_another_company_see_no_deadlines_and_no_points(self):
        complaint = self.complain("2026-03-02 09:00")
        other = self.env["res.company"].create({"name": "Other Works"})
        stranger = new_test_user(self.env, "qc_stranger", f"{APP}manager", company_id=other.id, company_ids=[Command.set(other.ids)])
        row = self.row(complaint, "responded")
        extension = self.env["quality.complaint.extension"].create({"deadline_id": row.id, "due_on": self.utc("2026-03-05 10:00"), "reason": "x"})
        score = self.env["quality.complaint.score"].create(
            {"complaint_id": complaint.id, "kind": "late", "date": "2026-03-02", "points": -2, "proposed_points": -2, "user_id": self.officer.id}
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
        complaint = self.complain("2026-03-02 09:00", user=self.employee, lot_ref=False, partner_id=self.customer.id)
        with self.at("2026-03-02 09:30"):
            for step in (lambda: complaint.action_pause("sample", "Asked for it"), complaint.action_tick_responded):
                with self.assertRaises(AccessError):
                    step()
        self.assertTrue(complaint.deadline_ids.with_user(self.employee).mapped("state"))
        self.assertEqual(fields.Datetime.to_string(complaint.received_on), "2026-03-02 01:00:00")


@tagged("post_install", "-at_install")
class TestApprovers(DeadlineCase):
    """Whoever holds the role reads what he is asked to approve, decides it, and gets no other right by it."""

    def setUp(self):
        super().setUp()
        company = {"company_id": self.company.id, "company_ids": [Command.set(self.company.ids)]}
        self.director = new_test_user(self.env, "qc_director", f"{APP}user", name="Dora Director", **company)
        self.role = self.env["quality.complaint.role"].create({"name": "Director", "code": "director", "holder": "users", "user_ids": self.director.ids})
        self.policy.approval_rule_ids = [Command.create({"subject": "money", "role_id": self.role.id})]
        self.complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            self.investigated(self.complaint)

    def test_director_outside_the_team_reads_and_decides(self):
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.director).read(["description"])
        remedy = self.plan(self.complaint, "refund", 10)
        self.complaint.action_submit_plan()
        approval = self.complaint.approval_ids.with_user(self.director)
        self.assertEqual((approval.subject, approval.amount, approval.can_decide), ("money", 100.0, True))
        self.assertEqual(approval.remedy_ids.mapped("kind"), ["refund"])
        self.assertEqual(self.complaint.with_user(self.director).description, "Scratched surface")
        self.assertIn(self.director, self.complaint.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.director).description = "x"
        approval.action_approve()
        self.assertEqual((remedy.state, self.complaint.state), ("approved", "executing"))
        self.assertNotIn(self.director, self.complaint.sudo().activity_ids.user_id)

    def test_plan_holds_when_all_roles_have_agreed_and_falls_with_one(self):
        with self.at("2026-03-02 10:30"):
            self.complaint.write(self.triggers("serious_defect"))  # management approves the plan, the director the money
        remedy = self.plan(self.complaint, "refund", 10)
        self.complaint.action_submit_plan()
        approvals = {approval.subject: approval for approval in self.complaint.approval_ids}
        approvals["plan"].with_user(self.manager).action_approve()
        self.assertEqual((remedy.state, self.complaint.state), ("to_approve", "planning"))
        approvals["money"].with_user(self.director).action_refuse("Too much")
        self.assertEqual((remedy.state, self.complaint.state), ("draft", "planning"))
        self.complaint.action_submit_plan()
        again = self.complaint.approval_ids.filtered(lambda approval: approval.state == "pending")
        self.assertEqual(sorted(again.mapped("subject")), ["money", "plan"])
        again.filtered(lambda a: a.subject == "money").with_user(self.director).action_approve()
        again.filtered(lambda a: a.subject == "plan").with_user(self.manager).action_approve()
        self.assertEqual(self.complaint.state, "executing")

    def test_plan_without_money_needs_no_director(self):
        self.plan(self.complaint, "explanation")
        self.complaint.action_submit_plan()
        self.assertEqual((self.complaint.state, len(self.complaint.approval_ids)), ("executing", 0))
