from odoo import api, fields, models
from odoo.tools import float_round

LOWEST, HIGHEST = -90, 90


def signed(points):
    """`+60`, `0`, `-30`."""
    return f"{points:+.0f}" if round(points) else "0"


class QualityComplaintSurveyGrade(models.Model):
    """A grade of satisfaction: a range of whole points from -90 to +90 (R5, 003 4.4.2:
    seven grades). It reaches to the next one, so that no score is without a grade.
    """

    _name = "quality.complaint.survey.grade"
    _description = "Grade of Satisfaction"
    _inherit = ["quality.complaint.guarded"]
    _order = "score_from desc"

    name = fields.Char(required=True, translate=True)
    score_from = fields.Integer("From", required=True)
    score_to = fields.Integer("To", compute="_compute_score_to")
    needs_solution = fields.Boolean(
        help="What is rated so is analysed, and a solution is proposed."
    )

    _score_from_uniq = models.Constraint(
        "UNIQUE (score_from)", "Another grade begins with this score."
    )
    _score_on_scale = models.Constraint(
        "CHECK (score_from BETWEEN -90 AND 90)", "Scores lie between -90 and 90."
    )

    @api.depends("score_from")
    def _compute_score_to(self):
        borders = sorted(self._scale().mapped("score_from"))
        for grade in self:
            following = [border for border in borders if border > grade.score_from]
            grade.score_to = following[0] - 1 if following else HIGHEST

    @api.model
    def _scale(self):
        """All grades, best first: a handful."""
        return self.search([("score_from", ">=", LOWEST)])

    @api.model
    def _of(self, score):
        """The grade of a score.

        :param float score: from -90 to 90
        :return: (whole points, rounded half away from zero; the grade, none below the
            lowest)
        """
        points = int(float_round(score, precision_digits=0))
        grades = self.sudo().search(  # sudo: read by whoever answers
            [("score_from", "<=", points)], order="score_from desc", limit=1
        )
        return points, grades
