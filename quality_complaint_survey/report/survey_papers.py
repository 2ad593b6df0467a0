"""Form 14: the questionnaire with its QR code, and the statistics of a survey."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..models.quality_complaint_survey_grade import signed

_lt = LazyTranslate(__name__)

LABELS = {
    "title_questionnaire": _lt("Customer Satisfaction Questionnaire"),
    "title_statistics": _lt("Statistics of the Satisfaction Survey"),
    "part_survey_customer": _lt("1. Customer"),
    "part_survey_questions": _lt("2. Questions"),
    "part_survey_words": _lt("3. In your own words"),
    "part_survey": _lt("1. Survey"),
    "part_survey_result": _lt("2. Result by dimension"),
    "part_survey_grades": _lt("3. Distribution by grade"),
    "part_survey_problems": _lt("4. Neutral and below: analysis and solution"),
    "part_survey_conclusion": _lt("5. Conclusion"),
    "part_survey_signatures": _lt("6. Signatures"),
    "part_survey_customers": _lt("Customers"),
    "survey_online": _lt("Answer online with this code"),
    "survey_back_by": _lt("Please return it by"),
    "survey_question": _lt("Question"),
    "survey_dimension": _lt("Dimension"),
    "survey_answers": _lt("Answers"),
    "survey_grade": _lt("Grade"),
    "survey_last_time": _lt("Last time"),
    "survey_share": _lt("Share"),
    "survey_population": _lt("Customers of the period"),
    "survey_sent": _lt("Sent"),
    "survey_returned": _lt("Returned"),
    "survey_rate": _lt("Return rate"),
    "survey_bounced": _lt("Not delivered"),
    "survey_valid": _lt("Valid"),
    "survey_said": _lt("What they wrote"),
    "survey_problem": _lt("Rated neutral or below"),
    "survey_analysis": _lt("Analysis"),
    "survey_solution": _lt("Solution"),
    "survey_total": _lt("Satisfaction in all"),
    "survey_not_valid": _lt("No: too little came back"),
    "survey_period": _lt("Period"),
    "survey_conclusion": _lt("What it says, and what follows"),
}


class QualityComplaintFormLabels(models.AbstractModel):
    _inherit = "quality.complaint.form.labels"

    @api.model
    def _label_tables(self):
        return [*super()._label_tables(), ("quality_complaint_survey", LABELS)]


class ReportQuestionnaire(models.AbstractModel):
    _name = "report.quality_complaint_survey.questionnaire"
    _description = "Customer Satisfaction Questionnaire"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "survey"
    _form_model = "quality.complaint.survey.recipient"

    @api.model
    def _check_printable(self, docs):
        docs.check_access("read")

    @api.model
    def _form_page(self, doc):
        labels = self.env["quality.complaint.form.labels"]
        form, language, lang = labels._form_of(
            doc.company_id.complaint_policy_id, self._form_code
        )
        doc = doc.with_context(lang=lang)
        voices = labels._voices(language, lang)
        questions = doc.survey_id.question_ids
        if doc.campaign_id.state in ("sending", "running"):
            doc._prepare_answer()  # its code is on the paper
        return {
            "doc": doc,
            "company": doc.company_id,
            "form": form,
            **voices,
            "url": doc._start_url() if doc.user_input_id else False,
            "choices_of": {
                question.id: [
                    voices["term"](answer, "value")
                    for answer in question.suggested_answer_ids
                ]
                for question in questions
            },
            "graded": questions.filtered(
                lambda row: row.question_type == "simple_choice"
            ),
            "words": questions.filtered(
                lambda row: row.question_type in ("text_box", "char_box")
            ),
            "until": voices["day"](doc.campaign_id.answer_until),
        }


class ReportStatistics(models.AbstractModel):
    _name = "report.quality_complaint_survey.statistics"
    _description = "Statistics of a Satisfaction Survey"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "survey"
    _form_model = "quality.complaint.survey.campaign"

    @api.model
    def _prepare_page(self, doc, page):
        day, term, label = page["day"], page["term"], page["label"]
        returned = doc.recipient_ids.filtered(
            lambda row: row.state == "returned" and row.is_scored
        )
        grades = doc.env["quality.complaint.survey.grade"]._scale()
        counted = returned.grouped("grade_id")
        evaluated = bool(doc.evaluated_on)
        return {
            "title": "title_statistics",
            "number": doc.name,
            "parts": [
                {
                    "part": "part_survey",
                    "fields": [
                        [
                            ("service_subject", doc.plan_id.name, 3),
                            ("date", day(doc.sent_on), 1),
                        ],
                        [
                            (
                                "survey_period",
                                f"{day(doc.date_from)} – {day(doc.date_to)}",
                                1,
                            ),
                            ("survey_population", str(doc.population), 1),
                            ("survey_bounced", str(doc.bounced_count), 1),
                        ],
                        [
                            ("survey_sent", str(doc.sent_count), 1),
                            ("survey_returned", str(doc.returned_count), 1),
                            ("survey_rate", f"{doc.return_rate:.1f} %", 1),
                        ],
                        [
                            (
                                "survey_valid",
                                ""
                                if not evaluated
                                else label(
                                    "yes" if doc.is_valid else "survey_not_valid",
                                    inline=True,
                                ),
                                1,
                            ),
                            (
                                "survey_total",
                                f"{signed(doc.score)} · {term(doc.grade_id, 'name')}"
                                if doc.grade_id
                                else "",
                                3,
                            ),
                        ],
                    ],
                },
                {
                    "part": "part_survey_result",
                    "columns": [
                        ("survey_dimension", 36), ("survey_answers", 12),
                        ("satisfaction_score", 12), ("survey_grade", 28),
                        ("survey_last_time", 12),
                    ],
                    "rows": [
                        [
                            term(row.dimension_id, "name"),
                            str(row.answers),
                            signed(row.score),
                            term(row.grade_id, "name"),
                            signed(row.previous) if row.has_previous else "–",
                        ]
                        for row in doc.result_ids
                    ],
                },
                {
                    "part": "part_survey_grades",
                    "columns": [
                        ("survey_grade", 60), ("survey_returned", 20),
                        ("survey_share", 20),
                    ],
                    "rows": [
                        [
                            term(grade, "name"),
                            str(len(counted.get(grade, ()))),
                            f"{100.0 * len(counted.get(grade, ())) / len(returned):.1f}"
                            " %"
                            if returned
                            else "–",
                        ]
                        for grade in grades
                    ],
                },
                {
                    "part": "part_survey_problems",
                    "columns": [
                        ("survey_problem", 26), ("survey_analysis", 26),
                        ("survey_solution", 26), ("done_by", 12), ("due_on", 10),
                    ],
                    "rows": [
                        [
                            "\n".join(filter(None, (problem.name, problem.reason))),
                            problem.answer or "",
                            problem.measure or "",
                            problem.user_id.name or "",
                            day(problem.due_on),
                        ]
                        for problem in doc.problem_ids
                    ],
                },
                {
                    "part": "part_survey_conclusion",
                    "height": 60,
                    "fields": [[("survey_conclusion", doc.conclusion, 5)]],
                },
            ],
            "signing": "part_survey_signatures",
            "signers": [
                ("sign_prepared", doc.user_id.name or "", day(doc.evaluated_on), False),
                (
                    "sign_approved",
                    doc.approved_by_id.name or "",
                    day(doc.approved_on),
                    False,
                ),
            ],
        }  # fmt: skip
