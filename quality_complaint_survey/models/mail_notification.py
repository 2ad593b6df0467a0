from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_status") in ("bounce", "exception", "canceled"):
            for notification in self:
                message = notification.mail_message_id
                if (
                    message.model == "quality.complaint.survey.recipient"
                    and message.message_type == "email_outgoing"
                ):
                    # sudo: the mail server tells
                    recipient = self.env[message.model].sudo().browse(message.res_id)
                    if notification.res_partner_id == recipient.exists().contact_id:
                        recipient._on_bounced()
        return result
