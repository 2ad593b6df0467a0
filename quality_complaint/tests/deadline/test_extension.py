from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...tools import short_moment
from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestExtension(DeadlineCase):
    """More time only with the customer's consent; the first date is kept."""

    def setUp(self):
        super().setUp()
        self.complaint = self.complain("2026-03-02 09:00")
        self.deadline = self.row(self.complaint, "replied")

    def ask(self, user=None, **vals):
        return (
            self.env["quality.complaint.extension"]
            .with_user(user or self.officer)
            .create(
                {
                    "deadline_id": self.deadline.id,
                    "due_on": self.utc("2026-04-02 17:00"),
                    "reason": "Laboratory is late",
                    **vals,
                }
            )
        )

    def test_request_leaves_the_old_date(self):
        request = self.ask()
        request.action_request()
        self.assertEqual(
            (request.state, self.local(self.deadline.due_on)),
            ("requested", "2026-03-23 17:00"),
        )
        self.assertEqual(self.deadline.action_extend()["res_id"], request.id)

    def test_list_of_steps_says_what_was_asked_for_and_given(self):
        row = self.deadline.with_user(self.handler).with_context(tz="UTC")
        with self.at("2026-03-10 10:00"):
            left = row.time_left
            self.assertEqual(row.time_note, left)
            request = self.ask()
            asked = short_moment(row.env, row.asked_until)
            self.assertEqual(row.asked_until, self.utc("2026-04-02 17:00"))
            self.assertEqual(
                row.time_note, f"{left}; more time asked for: until {asked}"
            )
            request.action_refuse()
            self.assertEqual((row.asked_until, row.time_note), (False, left))
            self.ask(
                consent_by="Mr Wang",
                consent_on=self.utc("2026-03-10 09:00"),
                consent_note="By phone",
            ).action_grant()
            first = short_moment(row.env, self.utc("2026-03-23 17:00"))
            self.assertEqual(
                row.time_note,
                f"{row.time_left}; more time given: it was due {first}",
            )

    def test_consent_with_evidence_moves_the_date_and_keeps_the_first(self):
        request = self.ask()
        with self.at("2026-03-10 10:00"):
            with self.assertRaisesRegex(
                UserError, "who agreed.*when they agreed.*how they agreed"
            ):
                request.action_grant()
            request.write(
                {
                    "consent_by": "Mr Wang",
                    "consent_on": self.utc("2026-03-10 09:00"),
                    "consent_note": "By phone",
                }
            )
            request.action_grant()
            self.assertEqual(
                (
                    self.local(self.deadline.due_on),
                    self.local(self.deadline.extended_from),
                ),
                ("2026-04-02 17:00", "2026-03-23 17:00"),
            )
            self.assertEqual(
                (request.decided_by_id, self.local(request.first_due_on)),
                (self.officer, "2026-03-23 17:00"),
            )
            again = self.ask(
                due_on=self.utc("2026-04-10 17:00"),
                consent_by="Mr Wang",
                consent_on=self.utc("2026-03-10 09:30"),
                consent_note="Mail",
            )
            again.action_grant()
            self.assertEqual(
                (
                    self.local(self.deadline.due_on),
                    self.local(self.deadline.extended_from),
                ),
                ("2026-04-10 17:00", "2026-03-23 17:00"),
            )
            self.assertIn("Mr Wang", self.complaint.message_ids[:1].body)
            with self.assertRaises(UserError):
                request.due_on = self.utc("2026-05-01 10:00")
            with self.assertRaises(UserError):
                request.unlink()

    def test_people_are_reminded_of_the_new_date(self):
        self.tell_due("2026-03-21 17:00")
        request = self.ask(
            consent_by="Mr Wang",
            consent_on=self.utc("2026-03-10 09:00"),
            consent_note="By phone",
        )
        with self.at("2026-03-22 10:00"):
            request.action_grant()
        self.assertNotIn(
            "Whole case", [what for _who, what in self.tell_due("2026-03-23 17:00")]
        )
        self.assertIn(("Olga Officer", "Whole case"), self.tell_due("2026-03-31 17:00"))

    def test_refused_keeps_the_old_date(self):
        request = self.ask()
        request.action_refuse()
        self.assertEqual(
            (request.state, self.local(self.deadline.due_on)),
            ("refused", "2026-03-23 17:00"),
        )

    def test_only_later_dates(self):
        with self.assertRaisesRegex(ValidationError, "must be later"):
            self.ask(due_on=self.utc("2026-03-20 17:00"))

    def test_only_running_steps(self):
        with self.at("2026-03-02 09:30"):
            self.complaint.action_cancel("withdrawn", "Changed their mind")
        with self.assertRaisesRegex(ValidationError, "nothing to extend"):
            self.ask()

    def test_handlers_ask_and_officers_grant(self):
        request = self.ask(
            user=self.handler,
            consent_by="Mr Wang",
            consent_on=self.utc("2026-03-02 09:00"),
            consent_note="x",
        )
        with self.assertRaisesRegex(UserError, "complaint officer"):
            request.action_grant()
        with self.assertRaises(AccessError):
            self.ask(user=self.employee)
