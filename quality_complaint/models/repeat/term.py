from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...tools.complaint_leaning import trained
from ...tools.complaint_text import Vocabulary


class QualityComplaintTerm(models.Model):
    """A symptom, or a part of goods, and the expressions that name it, in any language:
    “leaks”, “dripping” and “漏水” are one trouble.

    The search for repeats compares by them what customers write.
    """

    _name = "quality.complaint.term"
    _description = "Symptom in Complaint Texts"
    _inherit = ["quality.complaint.words"]
    _order = "matter, kind, name"

    name = fields.Char("Symptom", required=True, translate=True)
    kind = fields.Char(
        "Kinds",
        help=(
            "One or several words. Symptoms that share one are easily taken for one "
            "another, e.g. a crack and a break; empty: like no other."
        ),
    )
    matter = fields.Selection(
        [
            ("goods", "The goods"),
            ("delivery", "Delivery and quantity"),
            ("papers", "Papers and money"),
            ("service", "People and service"),
            ("part", "Part or place: no symptom"),
            ("none", "Looks like a symptom and is none"),
        ],
        "What Is Wrong",
        default="goods",
        required=True,
        help=(
            "What is denied (“no leak”) is no trouble of the goods; of papers and "
            "deliveries it is (“no invoice”)."
        ),
    )
    words = fields.Text(
        "Expressions",
        required=True,
        help=(
            "Between commas, in any language. “crack*”: every word that begins so. "
            "“not … work*”: some words may stand between."
        ),
    )
    active = fields.Boolean(default=True)

    @api.constrains("words")
    def _check_words(self):
        for term in self:
            if not Vocabulary([(term.id, "", term.matter, term.words)]).size:
                raise ValidationError(
                    self.env._("“%s”: enter at least one expression.", term.name)
                )

    @api.model
    @tools.ormcache()
    def _vocabulary(self):
        """:return: `Vocabulary` of all symptoms"""
        terms = self.sudo().search([("active", "=", True)])  # sudo: words for everybody
        return Vocabulary(
            [(term.id, term.kind or "", term.matter, term.words) for term in terms],
            trained(),
        )
