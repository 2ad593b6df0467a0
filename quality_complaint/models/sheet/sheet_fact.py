from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import listed, moment_of, number_of


class QualityComplaintSheetFact(models.Model):
    """A fact of a case sheet: typed, checked when it is written."""

    _name = "quality.complaint.sheet.fact"
    _description = "Fact on a Case Sheet"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files"]
    _order = "sheet_id, entry, sequence, id"
    _rec_name = "question"

    sheet_id = fields.Many2one(
        "quality.complaint.sheet",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    complaint_id = fields.Many2one(
        related="sheet_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True)
    question_id = fields.Many2one(
        "quality.complaint.sheet.question",
        required=True,
        index=True,
        ondelete="restrict",
        fixed=True,
    )
    question = fields.Char(related="question_id.name", string="Fact")
    kind = fields.Selection(related="question_id.kind")
    required = fields.Boolean(related="question_id.required")
    sequence = fields.Integer(default=10)
    entry = fields.Integer(default=1, readonly=True)
    answer = fields.Char(help="In words; a number or date as you write it.")
    choice_id = fields.Many2one(
        "quality.complaint.sheet.choice",
        ondelete="restrict",
        domain="[('question_id', '=', question_id)]",
    )
    partner_id = fields.Many2one("res.partner", "Who", ondelete="restrict")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_sheet_fact_attachment_rel",
        string="Files",
        copy=False,
        bypass_search_access=True,
    )
    number = fields.Float(compute="_compute_typed", store=True)
    day = fields.Date("Date", compute="_compute_typed", store=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    @api.depends("answer", "question_id.kind")
    def _compute_typed(self):
        for fact in self:
            fact.number = fact._number() or 0.0 if fact.kind == "number" else 0.0
            fact.day = fact._day() if fact.kind == "date" else False

    @api.depends("answer", "choice_id", "partner_id", "attachment_ids")
    def _compute_is_open(self):
        for fact in self:
            fact.is_open = not fact._value()

    def _value(self):
        """What is answered, whatever kind it is of."""
        self.ensure_one()
        return {
            "choice": self.choice_id.name,
            "partner": self.partner_id.display_name,
            "file": listed(self.env.lang, self.attachment_ids.mapped("name")),
        }.get(self.kind, (self.answer or "").strip())

    def _number(self):
        try:
            return number_of(self.answer or None)
        except ValueError:
            return None

    def _day(self):
        try:
            return fields.Date.to_date(moment_of(self.answer or None))
        except ValueError:
            return False

    @api.constrains("answer", "choice_id")
    def _check_kind(self):
        for fact in self:
            if not fact.answer and not fact.choice_id:
                continue
            if fact.kind == "number" and fact._number() is None:
                raise ValidationError(
                    self.env._(
                        "“%(fact)s”: “%(answer)s” is not a number.",
                        fact=fact.question,
                        answer=fact.answer,
                    )
                )
            if fact.kind == "date" and not fact._day():
                raise ValidationError(
                    self.env._(
                        "“%(fact)s”: “%(answer)s” is not a date. Write it as "
                        "2026-11-30.",
                        fact=fact.question,
                        answer=fact.answer,
                    )
                )
            if fact.choice_id and fact.choice_id.question_id != fact.question_id:
                raise ValidationError(
                    self.env._("“%s”: choose one of its own choices.", fact.question)
                )

    def write(self, vals):
        names = vals.keys() - {"sequence"}
        if names and not self.env.su:
            self.sheet_id._check_open()
        return super().write(vals)
