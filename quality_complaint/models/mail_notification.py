from odoo import models
from odoo.tools import email_normalize


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        result = super().write(vals)
        # bounces come by the gateway; what the sending itself writes in between is not
        # final
        if vals.get("notification_status") in ("bounce", "canceled"):
            self.mail_message_id._tell_complaints_of_delivery()
        return result

    def _address(self):
        """The address a mail was sent to, normalized."""
        self.ensure_one()
        return (
            email_normalize(self.mail_email_address or "")
            or self.res_partner_id.email_normalized
        )

    def _delivery_state(self):
        """One of `DELIVERY_STATES`, of one recipient."""
        self.ensure_one()
        if self.notification_type == "inbox" or self.notification_status in (
            "sent",
            "pending",
        ):
            return "sent"
        if self.notification_status in ("bounce", "exception", "canceled"):
            return "failed"
        return (
            "sending"
            if self.mail_mail_id and self.mail_mail_id.state != "cancel"
            else "failed"
        )  # given up, or deleted before it left
