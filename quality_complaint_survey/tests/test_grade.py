from odoo.tests import tagged

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestGrade(SurveyWorld):
    """Seven grades from -90 to 90 (row 169), dimensions with weights (rows 163 to
    165).
    """

    def test_every_border(self):
        names = {}
        for points in range(-90, 91):
            grade = self.env["quality.complaint.survey.grade"]._of(points)[1]
            names.setdefault(grade.name, []).append(points)
        self.assertEqual(
            {name: (points[0], points[-1]) for name, points in names.items()},
            {
                "Very dissatisfied": (-90, -76),
                "Dissatisfied": (-75, -46),
                "Rather dissatisfied": (-45, -16),
                "Neutral": (-15, 15),
                "Fairly satisfied": (16, 45),
                "Satisfied": (46, 75),
                "Very satisfied": (76, 90),
            },
        )
        self.assertEqual(
            self.env["quality.complaint.survey.grade"]
            .search([("needs_solution", "=", True)])
            .mapped("name"),
            ["Neutral", "Rather dissatisfied", "Dissatisfied", "Very dissatisfied"],
        )

    def test_between_two_grades_it_is_rounded_first(self):
        grades = self.env["quality.complaint.survey.grade"]
        self.assertEqual(
            [
                (grades._of(score)[0], grades._of(score)[1].name)
                for score in (75.4, 75.5, 15.49, 15.5, -15.5, -75.4, -75.5)
            ],
            [
                (75, "Satisfied"),
                (76, "Very satisfied"),
                (15, "Neutral"),
                (16, "Fairly satisfied"),
                (-16, "Rather dissatisfied"),
                (-75, "Dissatisfied"),
                (-76, "Very dissatisfied"),
            ],
        )

    def test_grades_reach_to_the_next_one(self):
        satisfied = self.env.ref("quality_complaint_survey.grade_satisfied")
        self.assertEqual(satisfied.score_to, 75)
        satisfied.score_from = 50
        fairly = self.env.ref("quality_complaint_survey.grade_fairly_satisfied")
        fairly.invalidate_recordset()
        self.assertEqual(fairly.score_to, 49)
        self.assertEqual(self.env["quality.complaint.survey.grade"]._of(47)[1], fairly)

    def test_dimensions_count_by_their_weight_and_what_is_skipped_not_at_all(self):
        quality = self.env.ref("quality_complaint_survey.dimension_quality")
        price = self.env.ref("quality_complaint_survey.dimension_price")
        quality.weight = 3
        answer = self.env["survey.user_input"]
        self.assertEqual(answer._complaint_total({quality: 60.0, price: -60.0}), 30.0)
        self.assertEqual(answer._complaint_total({price: -60.0}), -60.0)
