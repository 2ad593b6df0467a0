from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime, is_html_empty

from .quality_complaint_reply import SENT_STATES


class QualityComplaint(models.Model):
    """Everything said between the customer and us, as one thread: mails both ways, letters, talks, answers."""

    _inherit = "quality.complaint"

    correspondence = fields.Html(compute="_compute_correspondence", sanitize=False, groups="quality_complaint.group_quality_complaint_user")

    @api.depends("message_ids", "reply_ids.state", "reply_ids.answer", "reply_ids.answer_note")
    @api.depends_context("lang", "tz")
    def _compute_correspondence(self):
        for complaint in self:
            entries = complaint._correspondence()
            values = {
                "entries": entries,
                "when": lambda moment: format_datetime(self.env, moment, dt_format="short"),
                "is_html": lambda body: isinstance(body, Markup),
            }
            complaint.correspondence = self.env["ir.qweb"]._render("quality_complaint.correspondence", values) if entries else False

    def _correspondence(self):
        """What was written and said, oldest first.

        :return: list of dict: date (naive UTC), incoming (bool), who, how (str), subject, body (Markup or text), files (`ir.attachment`)
        """
        self.ensure_one()
        sent = self.reply_ids.filtered(lambda reply: reply.state in SENT_STATES)
        entries = [self._first_entry()] if self.description else []
        for reply in sent:
            entries.append(reply._sent_entry())
            if reply.answer:
                entries.append(reply._answer_entry())
        for message in self._customer_messages(sent):
            entries.append(self._message_entry(message))
        return sorted(entries, key=lambda entry: entry["date"])

    def _first_entry(self):
        return {
            "date": self.received_on, "incoming": True, "who": self.complainant or self.partner_id.name or "", "how": self.channel_id.name or "",
            "subject": self.customer_ref or "", "body": self.description, "files": self.attachment_ids,
        }

    def _customer_messages(self, sent):
        """Mails to and from the customer that are no replies of ours: acknowledgements, what he writes back."""
        # sudo: messages of the complaint, which was read; notes are left out
        messages = self.sudo().message_ids.filtered(
            lambda message: message.message_type in ("email", "comment", "email_outgoing", "notification") and not message.is_internal
            and message.subtype_id == self.env.ref("mail.mt_comment") and message not in sent.message_id and not is_html_empty(message.body)
            and message._complaint_delivery()[0] in (False, "sent")  # what is on its way, or came back, was not said
        )
        return messages.sorted("id")

    def _message_entry(self, message):
        customer = self.commercial_partner_id
        incoming = message.message_type == "email" or bool(customer and message.author_id.commercial_partner_id == customer)
        return {
            "date": message.date, "incoming": incoming, "who": message.author_id.name or message.email_from or "", "how": self.env._("E-mail"),
            "subject": message.subject or "", "body": message.body, "files": message.attachment_ids,
        }


class QualityComplaintReply(models.Model):
    _inherit = "quality.complaint.reply"

    def _sent_entry(self):
        self.ensure_one()
        ways = dict(self._fields["send_as"]._description_selection(self.env))
        return {
            "date": self.sent_on, "incoming": False, "who": self.sent_by_id.name or "", "how": ways.get(self.send_as) or self.env._("Told orally"),
            "subject": self.subject or "", "body": self.body or "", "files": self.attachment_ids,
        }

    def _answer_entry(self):
        self.ensure_one()
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return {
            "date": self.answered_on, "incoming": True, "who": self.answered_by or self.recipient_id.name or "", "how": self.env._("Answer"),
            "subject": f"{answers[self.answer]}: {self.subject or ''}", "body": self.answer_note or "", "files": self.evidence_ids,
        }
