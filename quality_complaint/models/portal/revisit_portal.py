from odoo import fields, models
from odoo.exceptions import UserError

from ..revisit.revisit import DIMENSIONS

# what a customer fills in, as the visitor would
ASKED = (*DIMENSIONS, "implemented", "recurred", "recommends")
MOST_TEXT = 5_000


class QualityComplaintRevisit(models.Model):
    """The revisit, answered by the customer online."""

    _inherit = "quality.complaint.revisit"

    rated_on = fields.Datetime(
        "Answered Online On", readonly=True, copy=False, guarded=True
    )

    def _portal_questions(self):
        """:return: list of dicts `name`, `label`, `choices` (pairs)"""
        self.ensure_one()
        return [
            {
                "name": name,
                "label": self._fields[name]._description_string(self.env),
                "choices": self._fields[name]._description_selection(self.env),
            }
            for name in ASKED
        ]

    def _portal_rate(self, answers, comment, person):
        """The customer answers themselves. Satisfied, the revisit is done; else whoever
        is to visit says what we do about it, and the complaint is worked on again.

        :param dict answers: of `ASKED`; others are not taken
        :param str comment: in their own words
        :param person: `Person`
        :raise UserError: nothing was chosen, or it is answered already
        """
        self.ensure_one()
        self.lock_for_update()
        if self.state != "planned" or self.rated_on:
            raise UserError(self.env._("This is answered already. Thank you."))
        chosen = {
            name: value
            for name in ASKED
            if (value := answers.get(name))
            and value in dict(self._fields[name]._description_selection(self.env))
        }
        if not chosen.keys() & set(DIMENSIONS):
            raise UserError(self.env._("Please choose at least one grade."))
        comment = str(comment or "").strip()[:MOST_TEXT]
        self.write(
            {
                **chosen,
                "method": "online",
                "spoken_with": person.name,
                "comment": comment,
            }
        )
        self._advance({"rated_on": fields.Datetime.now()})
        if self.score >= self.threshold:
            self.action_done()
            self.complaint_id._portal_tell_handler(
                self.env._("The customer is satisfied: %.12g", self.score)
            )
            return
        self.reason = comment
        self.complaint_id._portal_tell_handler(
            self.env._(
                "The customer is not satisfied: %.12g. Say in the revisit what we do "
                "about it",
                self.score,
            )
        )


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def _portal_revisit(self):
        """The revisit the customer may answer online, or nothing."""
        self.ensure_one()
        return self.revisit_ids.filtered(
            lambda revisit: (
                revisit.state == "planned"
                and not revisit.rated_on
                and revisit.round == self.round
                and self.state in ("replied", "closed")
            )
        )[:1]
