from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _tell_complaints_of_delivery(self):
        """Invitations and reminders nobody got are noted on the customer."""
        result = super()._tell_complaints_of_delivery()
        for message in self.sudo().exists():  # sudo: the mail server tells
            if (
                message.model == "quality.complaint.survey.recipient"
                and message.message_type == "email_outgoing"
            ):
                recipient = self.env[message.model].sudo().browse(message.res_id)
                contact = recipient.exists().contact_id
                if any(
                    notification._delivery_state() == "failed"
                    for notification in message.notification_ids
                    if notification.res_partner_id == contact
                ):
                    recipient._on_bounced()
        return result
