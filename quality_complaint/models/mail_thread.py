from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A mail server that does not say which address it means: there was only
        one.
        """
        message = message_dict["bounced_message"]
        if not message_dict["bounced_email"] and message.model == "quality.complaint":
            row = message._customer_notifications()
            if len(row) == 1:
                message_dict.update(
                    bounced_partner=row.res_partner_id,
                    bounced_email=row.mail_email_address
                    or row.res_partner_id.email_normalized,
                )
        return super()._routing_handle_bounce(email_message, message_dict)
