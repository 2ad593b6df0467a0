from odoo import models

from ...tools import listed


class QualityComplaintReply(models.Model):
    _inherit = "quality.complaint.reply"

    def _sent_entry(self):
        self.ensure_one()
        ways = dict(self._fields["send_as"]._description_selection(self.env))
        return {
            "date": self.sent_on,
            "incoming": False,
            "who": self.sent_by_id.name or "",
            "how": ways.get(self.send_as) or self.env._("Told orally"),
            "subject": self.subject or "",
            "body": self.body or "",
            "files": self.attachment_ids,
        }

    def _answer_entry(self):
        self.ensure_one()
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return {
            "date": self.answered_on,
            "incoming": True,
            "who": self.answered_by or self.recipient_id.name or "",
            "how": self.env._("Answer"),
            "subject": listed(self.env.lang, (answers[self.answer], self.subject), ":"),
            "body": self.answer_note or "",
            "files": self.evidence_ids,
        }
