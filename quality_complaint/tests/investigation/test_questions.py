from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestQuestions(InvestigationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        questions = cls.env["quality.complaint.question"]
        questions.search([]).active = False
        cls.scratches, cls.phone, cls.foreign = questions.create(
            [
                {
                    "name": "How long is the scratch?",
                    "defect_ids": [Command.set(cls.scratch.ids)],
                    "required": True,
                },
                {"name": "Whom did you speak to?", "investigation_method": "phone"},
                {
                    "name": "Only elsewhere",
                    "policy_id": cls.env.ref("quality_complaint.policy_r3").id,
                },
            ]
        )
        cls.stock_figure = questions.create(
            {
                "name": "Still in stock",
                "kind": "figure",
                "figure": "stock",
                "investigation_method": "production_records",
            }
        )

    def test_questions_follow_defect_and_method(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        complaint.line_ids.defect_id = self.scratch
        complaint.action_start_investigation()
        investigation = complaint.investigation_ids
        self.assertEqual(
            investigation.answer_ids.mapped("question"), ["How long is the scratch?"]
        )
        investigation.method = "phone"
        self.assertEqual(
            sorted(investigation.answer_ids.mapped("question")),
            ["How long is the scratch?", "Whom did you speak to?"],
        )
        investigation.answer_ids.filtered(
            lambda answer: answer.question_id == self.phone
        ).answer = "Mr Wang"
        investigation.method = "written"
        # an answer that was given stays, whatever the method
        self.assertEqual(
            sorted(investigation.answer_ids.mapped("question")),
            ["How long is the scratch?", "Whom did you speak to?"],
        )
        with self.assertRaisesRegex(
            UserError, "the answer to “How long is the scratch"
        ):
            self.finish(investigation)
        investigation.answer_ids.filtered("required").answer = "12 mm"
        self.finish(investigation)

    def test_figures_come_from_stock_and_are_taken_anew(self):
        investigation = self.start("production_records")
        self.assertEqual(investigation.answer_ids.answer, "I-1: 90 Units")
        self.sell({self.lot: 15})
        investigation.action_take_lot_facts()
        self.assertEqual(investigation.answer_ids.answer, "I-1: 75 Units")

    def test_question_with_a_figure_must_say_which(self):
        with self.assertRaisesRegex(ValidationError, "choose the figure"):
            self.phone.kind = "figure"
