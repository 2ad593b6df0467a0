from odoo.tests import HttpCase, freeze_time, tagged

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestStop(SurveyWorld, HttpCase):
    """Customers answer by their link, and end it by another."""

    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey_plan.share = 100
        cls.partner = cls.make_customers(1)
        cls.campaign = cls.survey_plan._start()
        cls.campaign.action_send()
        cls.row = cls.campaign.recipient_ids
        cls.row._prepare_answer()

    def test_opening_the_link_changes_nothing_pressing_the_button_does(self):
        url = self.row._stop_url().replace(self.row.get_base_url(), "")
        page = self.url_open(url)
        self.assertIn("Do Not Ask Me Again", page.text)
        self.assertFalse(self.partner.complaint_survey_stop)
        token = (
            page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        )
        page = self.url_open(url, data={"csrf_token": token})
        self.assertIn("You will not be asked any more", page.text)
        self.assertTrue(self.partner.complaint_survey_stop)

    def test_an_unknown_link_says_nothing(self):
        self.assertEqual(
            self.url_open("/complaint/survey/stop/no-such-token").status_code, 404
        )

    def test_the_officer_enters_what_came_on_paper(self):
        self.follow()
        url = self.row.with_user(self.officer).action_enter_answer()["url"]
        self.authenticate("qc_officer", "qc_officer")
        page = self.url_open(url.replace(self.row.get_base_url(), ""))
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_survey_form", page.text)
        self.assertIn("Customer Satisfaction Survey", page.text)
        self.assertNotIn("wrong", page.url)
        # others' personal answers stay closed to them
        other = self.row.survey_id._create_answer(
            partner=self.customer, check_attempts=False
        )
        page = self.url_open(other.get_start_url())
        self.assertNotIn("o_survey_form", page.text)

    def test_the_customer_opens_the_questionnaire_without_an_account(self):
        url = self.row._start_url().replace(self.row.get_base_url(), "")
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Customer Satisfaction Survey", page.text)
