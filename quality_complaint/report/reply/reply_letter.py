"""Form 10: a reply as a letter, to the customer or to an authority, in the language of
its text.
"""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["letter"] = {
    "title_authority": _lt("Reply to the Authority"),
    "letter_contact": _lt("Contact person"),
    "enclosures": _lt("Enclosures"),
}


class ReportReplyLetter(models.AbstractModel):
    _name = "report.quality_complaint.reply_letter"
    _description = "Reply Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        labels = self.env["quality.complaint.form.labels"]
        replies = self.env["quality.complaint.reply"].browse(docids)
        replies.check_access("read")
        # sudo: who may read the reply may print it with the address it goes to and how
        # to reach the handler
        pages = [self._page(reply) for reply in replies.sudo()]
        return {
            "doc_ids": docids,
            "doc_model": replies._name,
            "docs": replies,
            "pages": pages,
            **labels._formatters(),
        }

    @api.model
    def _page(self, reply):
        """What one letter is made of.

        :param reply: a `quality.complaint.reply`, in superuser mode
        """
        labels = self.env["quality.complaint.form.labels"]
        complaint, to_authority = reply.complaint_id, reply.kind == "authority"
        form, _language, _lang = labels._form_of(complaint.policy_id, "reply")
        handler = complaint.user_id or reply.sent_by_id or self.env.user
        # the number of the customer's complaint tells an authority nothing
        references = [
            reply.reference,
            False if to_authority else complaint.customer_ref,
        ]
        return {
            "doc": reply.with_context(lang=reply.lang),
            "form": form,
            **labels._voices(reply.lang, reply.lang),
            "title": "title_authority" if to_authority else "title_reply",
            "references": " / ".join(dict.fromkeys(filter(None, references))),
            "contact": complaint._letter_contact(handler),
        }
