from odoo import api, fields, models


class QualityComplaintAnswer(models.Model):
    """A question of an investigation and its answer."""

    _name = "quality.complaint.answer"
    _description = "Answer in an Investigation"
    _rec_name = "question"
    _inherit = ["quality.complaint.investigation.part"]
    _order = "investigation_id, sequence, id"

    sequence = fields.Integer(default=10)
    question_id = fields.Many2one(
        "quality.complaint.question",
        "From Template",
        ondelete="set null",
        readonly=True,
    )
    question = fields.Char(
        compute="_compute_question",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    guidance = fields.Char(related="question_id.guidance")
    kind = fields.Selection(related="question_id.kind", string="Kind of Answer")
    required = fields.Boolean(related="question_id.required")
    yes_no = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("not_applicable", "Does not apply")],
        "Yes or No",
    )
    answer = fields.Text()
    is_open = fields.Boolean(compute="_compute_is_open", help="Still to be answered.")

    @api.depends("question_id")
    def _compute_question(self):
        for row in self:
            row.question = row.question or row.question_id.name

    @api.depends("kind", "yes_no", "answer")
    def _compute_is_open(self):
        for row in self:
            row.is_open = (
                not (row.yes_no or (row.answer or "").strip())
                if row.kind == "yes_no"
                else not (row.answer or "").strip()
            )

    def _printed_question(self):
        """The question in the language of the form, as long as its template is there
        and says the same.
        """
        self.ensure_one()
        template = self.question_id
        texts = [
            template.with_context(lang=code).name
            for code, _name in self.env["res.lang"].get_installed()
        ]
        return template.name if template and self.question in texts else self.question
