from odoo.tests import HttpCase, freeze_time, tagged

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestTours(SurveyWorld, HttpCase):
    """A customer who answers on the phone, and the officer who sends the survey."""

    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey_plan.share = 100
        cls.partner = cls.make_customers(1)
        cls.campaign = cls.survey_plan._start()

    def test_a_customer_answers_on_the_phone(self):
        self.campaign.action_send()
        self.follow()
        row = self.campaign.recipient_ids
        self.start_tour(
            row._start_url().replace(row.get_base_url(), ""),
            "quality_complaint_survey_answered_on_the_phone",
            login=None,
        )
        self.env.invalidate_all()
        self.assertEqual(
            (row.state, row.score, row.grade_id.name, row.remark_ids.text),
            ("returned", 90, "Very satisfied", "Thinner sheets"),
        )


@tagged("post_install", "-at_install")
class TestOfficerTour(SurveyWorld, HttpCase):
    """The officer's screens, on a desk."""

    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)

    def test_officer_sends_the_survey(self):
        self.survey_plan.share = 100
        self.make_customers(2)
        campaign = self.survey_plan._start()
        self.start_tour(
            "/odoo/action-quality_complaint_survey.action_campaign",
            "quality_complaint_survey_sent_and_ended",
            login="qc_officer",
        )
        self.assertEqual((campaign.state, campaign.sent_count), ("sending", 2))
