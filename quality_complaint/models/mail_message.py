from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _tell_complaints_of_delivery(self):
        # sudo: mails are sent by whoever runs the queue; only the model is read here
        messages = (
            self.sudo()
            .exists()
            .filtered(lambda message: message.model == "quality.complaint")
        )
        if messages:
            self.env["quality.complaint"]._follow_deliveries(messages)

    def _complaint_delivery(self):
        """What became of a mail to the customer; colleagues who follow the complaint do
        not count.

        :return: (state of `DELIVERY_STATES`, False when it is no mail to the customer;
            why it failed, or False);
            sent as soon as one of several addresses has it
        """
        self.ensure_one()
        rows = self._customer_notifications()
        if not rows and not self.partner_ids and not self.outgoing_email_to:
            return False, False
        states = {row._delivery_state() for row in rows}
        for state in ("sent", "sending"):
            if state in states:
                return state, False
        reasons = [
            row.failure_reason
            or row.mail_mail_id.failure_reason
            or (row.failure_type and row.format_failure_reason())
            for row in rows
        ]
        return "failed", next(filter(None, reasons), False)

    def _customer_notifications(self):
        return self.notification_ids.filtered(
            lambda row: row.mail_email_address or row.res_partner_id in self.partner_ids
        )
