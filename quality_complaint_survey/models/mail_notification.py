from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") in ("bounce", "exception", "canceled"):
            messages = self.mail_message_id.filtered(
                lambda message: message.model == "quality.complaint.survey.recipient"
            )
            if messages:
                # sudo: the mail server tells
                self.env["quality.complaint.survey.recipient"].sudo().browse(
                    messages.mapped("res_id")
                ).exists()._on_bounced()
        return result
