from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        messages = self.mail_message_id  # a mail that was sent is deleted
        result = super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
        messages._tell_complaints_of_delivery()
        return result

    def cancel(self):
        result = super().cancel()
        self.mail_message_id._tell_complaints_of_delivery()
        return result

    def unlink(self):
        messages = self.mail_message_id
        result = super().unlink()
        messages._tell_complaints_of_delivery()
        return result
