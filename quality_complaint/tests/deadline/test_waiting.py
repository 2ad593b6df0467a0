from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestWaiting(DeadlineCase):
    """Waiting for the customer: what may be paused stands still and gets its working
    time back.
    """

    def test_pause_gives_back_working_time(self):
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_pause("sample", "Two pieces asked for")
        self.assertEqual(
            self.dues(complaint, "paused"),
            {
                "investigation_started": "2026-03-04 17:00",
                "Whole case": "2026-03-23 17:00",
            },
        )
        self.assertEqual(
            self.dues(complaint), {"responded": "2026-03-02 10:00"}
        )  # may not be paused
        with self.at("2026-03-06 11:00"):  # 6 + 8 + 8 + 8 + 3 working hours later
            complaint.action_resume()
        self.assertEqual(
            self.dues(complaint)["investigation_started"], "2026-03-11 09:00"
        )
        self.assertEqual(self.dues(complaint)["Whole case"], "2026-03-30 09:00")
        self.assertEqual(
            self.row(complaint, "investigation_started").paused_seconds, 33 * 3600
        )
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
        self.assertEqual(
            self.dues(complaint)["Investigation report"], "2026-03-10 17:00"
        )
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
        self.assertEqual(
            self.dues(complaint)["Investigation report"], "2026-03-10 17:00"
        )

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
