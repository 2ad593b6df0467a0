from odoo import models

from .reply import RELOAD


class QualityComplaintReply(models.Model):
    """What follows an event of a reply, and in which order: decided here and nowhere
    else.
    """

    _inherit = "quality.complaint.reply"

    def write(self, vals):
        self._check_answer_kept(vals)
        self._check_letter_kept(vals)
        return super().write(vals)

    def action_accepted(self):
        """The customer agrees."""
        self._record_answer("accepted")
        self._on_accepted()
        return dict(RELOAD)

    def _on_accepted(self):
        # an extension asked for is granted, an offer is an agreement
        self._consent_or_sign()
        self._accept_8d()  # what was issued with the letter is accepted with it

    def _render_template(self, **context):
        """Write the text anew from the template, in the language of the letter.

        :param context: more for the template, as `ctx`
        """
        self.ensure_one()
        self._render_texts(
            complaint_reply={**self._letter_context(), **self._8d_context()}, **context
        )
        self._add_inquiry_answer()
