from odoo import fields, models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    complaint_recipient_ids = fields.One2many(
        "quality.complaint.survey.recipient", "user_input_id"
    )
    complaint_score = fields.Integer(
        "Satisfaction", readonly=True, help="Weighted over the dimensions, -90 to 90."
    )
    complaint_grade_id = fields.Many2one(
        "quality.complaint.survey.grade", "Grade of Satisfaction", readonly=True
    )

    def _mark_done(self):
        result = super()._mark_done()
        for answer in self.sudo():  # sudo: whoever answers sees no campaigns
            scores = answer._complaint_scores()
            if scores:
                total = answer._complaint_total(scores)
                points, grade = self.env["quality.complaint.survey.grade"]._of(total)
                answer.write(
                    {"complaint_score": points, "complaint_grade_id": grade.id}
                )
            answer.complaint_recipient_ids._on_answered(scores)
        return result

    def _complaint_scores(self):
        """
        :return: {`quality.complaint.survey.dimension`: average of its questions};
            what was skipped is left out
        """
        self.ensure_one()
        points = {}
        for line in self.user_input_line_ids:
            dimension = line.question_id.complaint_dimension_id
            if dimension and line.suggested_answer_id and not line.skipped:
                points.setdefault(dimension, []).append(
                    line.suggested_answer_id.answer_score
                )
        return {
            dimension: sum(values) / len(values) for dimension, values in points.items()
        }

    def _complaint_total(self, scores):
        """The average of dimensions, each by its weight.

        :param dict scores: as of `_complaint_scores`, not empty
        """
        weights = sum(dimension.weight for dimension in scores)
        return (
            sum(dimension.weight * score for dimension, score in scores.items())
            / weights
        )

    def _complaint_words(self):
        """
        :return: list of (question, what the customer wrote)
        """
        self.ensure_one()
        return [
            (line.question_id.title, words.strip())
            for line in self.user_input_line_ids
            if (words := line.value_text_box or line.value_char_box or "").strip()
        ]
