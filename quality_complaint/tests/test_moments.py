from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from ..tools import printed_day, printed_moment, short_moment
from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestMoments(ComplaintCase):
    """Dates are written as the reader's language writes them, in the reader's time
    zone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.moment = datetime(2026, 12, 1, 1, 0)
        cls.here = cls.env(
            context={**cls.env.context, "tz": "Asia/Shanghai", "lang": "en_US"}
        )
        cls.there = cls.env(
            context={**cls.env.context, "tz": "Asia/Shanghai", "lang": "zh_CN"}
        )

    def test_sentence_says_the_year_only_when_it_is_another(self):
        with freeze_time("2026-11-28 12:00:00"):
            self.assertEqual(
                (
                    short_moment(self.here, self.moment),
                    short_moment(self.there, self.moment),
                ),
                ("Dec 1, 9:00 AM", "12月1日 09:00"),
            )
        with freeze_time("2027-01-02 12:00:00"):
            self.assertEqual(
                (
                    short_moment(self.here, self.moment),
                    short_moment(self.there, self.moment),
                ),
                ("Dec 1, 2026, 9:00 AM", "2026年12月1日 09:00"),
            )

    def test_day_of_the_reader_is_written(self):
        late = datetime(2026, 12, 1, 17, 30)
        self.assertEqual(
            (printed_day(self.here, late), printed_day(self.there, late)),
            ("Dec 2, 2026", "2026年12月2日"),
        )
        self.assertEqual(printed_day(self.there, date(2026, 12, 1)), "2026年12月1日")

    def test_moment_on_a_form(self):
        self.assertEqual(printed_moment(self.here, self.moment), "Dec 1, 2026, 9:00 AM")
        self.assertEqual(printed_moment(self.there, self.moment), "2026年12月1日 09:00")
        self.assertEqual(printed_moment(self.there, date(2026, 12, 1)), "2026年12月1日")

    def test_nothing_is_nothing(self):
        self.assertEqual(
            (
                short_moment(self.here, False),
                printed_day(self.here, False),
                printed_moment(self.here, None),
            ),
            ("", "", ""),
        )

    @freeze_time("2026-11-27 02:00:00")
    def test_next_due_step_reads_as_a_task(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        row = complaint.deadline_ids.filtered(
            lambda row: row.state == "running"
        ).sorted("due_on")[:1]
        row.milestone_id.with_context(lang="zh_CN").task = "开始调查"
        row.milestone_id.with_context(lang="en_US").task = "Start investigation"
        row._advance({"due_on": self.moment})
        complaint.invalidate_recordset()
        self.assertEqual(
            complaint.with_env(self.here).next_deadline,
            "Start investigation by Dec 1, 9:00 AM",
        )
        self.assertTrue(
            complaint.with_env(self.here).next_due_text.startswith(
                "Start investigation by Dec 1, 9:00 AM: "
            )
        )
        self.assertIn("12月1日 09:00", complaint.with_env(self.there).next_deadline)

    def test_step_without_wording_as_a_task_says_its_name(self):
        step = self.env["quality.complaint.milestone"].create(
            {"name": "Samples kept", "code": "samples_kept"}
        )
        with freeze_time("2026-11-28 12:00:00"):
            self.assertEqual(
                step.with_env(self.here)._due_by(self.moment),
                "Samples kept by Dec 1, 9:00 AM",
            )
