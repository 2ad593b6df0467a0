from io import BytesIO

from pypdf import PdfReader

from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.quality_complaint.tests.golden import assert_golden

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestPapers(SurveyWorld, HttpCase):
    """Form 14: questionnaire and statistics, as pages in both languages."""

    freeze_time = freeze_time("2026-11-25 09:30:00", tick=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey_plan.write({"share": 100, "valid_rate": 0})
        cls.partners = cls.make_customers(2)
        cls.campaign = cls.survey_plan._start()
        cls.campaign.action_send()

    def pages(self, report, record):
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(f"quality_complaint_survey.{report}", record.ids)
        )
        return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]

    def test_questionnaire(self):
        assert_golden(
            self,
            "14_questionnaire",
            self.pages("action_report_questionnaire", self.campaign.recipient_ids[0]),
        )

    def test_statistics(self):
        happy, unhappy = self.campaign.recipient_ids
        self.follow()
        self.answer(happy, 90)
        self.answer(unhappy, -90, words="Too dear")
        self.campaign.action_evaluate()
        self.campaign.conclusion = "Prices are too high."
        assert_golden(
            self,
            "14_statistics",
            self.pages("action_report_statistics", self.campaign),
        )
