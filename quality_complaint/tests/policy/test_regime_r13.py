from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR13Service(RegimeCase):
    """Service and online feedback (sources 000-C, D, L, O, Q): answered within 24
    hours.
    """

    regime = "r13"

    def test_everything_is_answered_within_a_day_also_what_is_no_complaint(self):
        """Row 326."""
        complaint = self.complain("2026-03-06 18:00")
        self.assertEqual(
            self.dues(complaint), {"Answer within 24 hours": "2026-03-07 18:00"}
        )
        praise = self.complain(
            "2026-03-06 18:00",
            type_id=self.env.ref("quality_complaint.type_inquiry").id,
        )
        self.assertEqual(
            self.dues(praise), {"Answer within 24 hours": "2026-03-07 18:00"}
        )
        self.assertEqual(
            self.tell_due("2026-03-07 18:00"),
            [("Lena Leader", "Answer within 24 hours")] * 2
            + [("Olga Officer", "Answer within 24 hours")] * 2,
        )

    def test_major_case_is_answered_first_and_settled_later(self):
        """Row 394."""
        complaint = self.complain("2026-03-06 18:00", **self.triggers("urgent"))
        self.assertEqual(
            self.dues(complaint),
            {
                "First answer within 24 hours": "2026-03-07 18:00",
                "Whole case": "2026-03-13 17:00",
            },
        )
        with self.at("2026-03-07 10:00"):
            complaint.action_tick_responded()
        self.assertEqual(self.states(complaint)["First answer within 24 hours"], "met")

    def test_public_notices_are_major_by_whatever_channel(self):
        """Row 212."""
        for code in ("regulator", "media"):
            notice = self.complain(
                "2026-03-02 09:00",
                type_id=self.env.ref(f"quality_complaint.type_{code}").id,
                channel_id=self.channel("letter").id,
            )
            self.assertEqual(notice.severity_code, "major", code)

    def test_customer_is_asked_whether_it_is_solved(self):
        """Row 327."""
        complaint = self.complain("2026-03-02 09:00")
        with self.at("2026-03-02 16:00"):
            self.tell(complaint)
            self.assertEqual(self.dues(complaint), {"revisited": "2026-03-05 17:00"})
            with self.assertRaisesRegex(UserError, "Revisit"):
                complaint.action_close()
            complaint.revisit_ids.write({"score": 95.0})
            complaint.revisit_ids.action_done()
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_urgent_and_public_cases_are_discussed_in_a_meeting(self):
        """Rows 212, 217 and 297."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("urgent"))
        self.assertEqual(complaint.severity_code, "major")
        self.assertEqual(self.told(complaint, "Major"), self.management)
        with self.at("2026-03-02 10:00"):
            with (
                self.assertRaisesRegex(UserError, "Minutes of the Meeting"),
                self.env.cr.savepoint(),
            ):
                self.investigated(complaint)
            self.concluded(complaint)
        self.assertEqual(complaint.state, "planning")
