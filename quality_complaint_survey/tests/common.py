from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.quality_complaint.tests.common import ComplaintCase


class SurveyWorld(ComplaintCase):
    """Customers who were delivered to, and a plan to ask them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.survey_plan = cls.env["quality.complaint.survey.plan"].create(
            {
                "name": "Satisfaction",
                "company_id": cls.company.id,
                "user_id": cls.officer.id,
            }
        )
        cls.questions = cls.survey_plan.survey_id.question_ids.filtered(
            "complaint_dimension_id"
        )
        cls.words = cls.env.ref("quality_complaint_survey.question_improve")

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    @classmethod
    def make_customers(cls, count, day="2026-10-01 08:00:00"):
        """Customers with one finished delivery each."""
        partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number:04}",
                    "email": f"c{number:04}@customers.example",
                    "is_company": True,
                    "lang": "en_US",
                }
                for number in range(1, count + 1)
            ]
        )
        cls.deliver_to(partners, day)
        return partners

    @classmethod
    def deliver_to(cls, partners, day="2026-10-01 08:00:00"):
        kind = cls.warehouse.out_type_id
        pickings = cls.env["stock.picking"].create(
            [
                {
                    "picking_type_id": kind.id,
                    "partner_id": partner.id,
                    "location_id": cls.stock.id,
                    "location_dest_id": cls.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                }
                for partner in partners
            ]
        )
        # without moves their status is nobody's business but the test's
        pickings.flush_recordset()
        cls.env.cr.execute(
            "UPDATE stock_picking SET state = 'done', date_done = %s"
            " WHERE id = ANY(%s)",
            (day, pickings.ids),
        )
        pickings.invalidate_recordset()

    def follow(self):
        self.env["quality.complaint.survey.campaign"]._cron_follow()

    def answer(self, recipient, points, words=None, only=None):
        """The customer fills in the questionnaire.

        :param int points: one of the seven choices, for each question
        :param only: dimensions that are answered
        """
        answer = recipient.sudo().user_input_id
        answer._mark_in_progress()
        for question in self.questions:
            if only is not None and question.complaint_dimension_id not in only:
                answer._save_lines(question, "")
                continue
            choice = question.suggested_answer_ids.filtered(
                lambda row: row.answer_score == points
            )
            answer._save_lines(question, str(choice.id))
        if words:
            answer._save_lines(self.words, words)
        answer._mark_done()
        return answer
