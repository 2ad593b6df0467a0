from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .lot_facts import FIGURES


class QualityComplaintQuestion(models.Model):
    """What an investigation has to ask or check, chosen by what is known of the
    complaint; a template, copied into the investigation.
    """

    _name = "quality.complaint.question"
    _description = "Question of an Investigation"
    _inherit = ["quality.complaint.condition", "quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    guidance = fields.Char("What to Look For", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    required = fields.Boolean(
        help="The investigation cannot be finished without an answer."
    )
    kind = fields.Selection(
        [
            ("text", "Answered in words"),
            ("yes_no", "Yes or no"),
            ("figure", "Figure from stock"),
        ],
        "Answer",
        required=True,
        default="text",
    )
    figure = fields.Selection(
        FIGURES, help="Taken from the stock moves of the lot by itself."
    )
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        "Only Under",
        ondelete="cascade",
        help="Asked only where complaints are handled by this policy, in any version.",
    )

    @api.constrains("kind", "figure")
    def _check_figure(self):
        for question in self:
            if (question.kind == "figure") != bool(question.figure):
                raise ValidationError(
                    self.env._(
                        "“%s”: choose the figure that answers it.", question.name
                    )
                )

    def _asked(self, investigation):
        """Questions to ask in an investigation.

        :param investigation: one `quality.complaint.investigation`
        """
        complaint = investigation.complaint_id
        facts = complaint._facts(methods={investigation.method})
        return self.search(
            Domain("policy_id", "=", False)
            | Domain("policy_id.code", "=", complaint.policy_id.code)
        ).filtered(lambda question: question._holds(facts))
