from odoo import api, models

from ..tools import is_returned, quoted, undelivered


class MailThread(models.AbstractModel):
    """Letters to customers that a mail server sends back."""

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A letter to a customer that was read or is late is not lost; a mail server
        may mean several addresses, or not say which.
        """
        letter = message_dict["bounced_message"]
        if letter.model != "quality.complaint":
            return super()._routing_handle_bounce(email_message, message_dict)
        failed = undelivered(email_message)
        if failed is None:
            return None
        if not failed:
            rows = letter._customer_notifications()
            _text, _references, named = quoted(email_message)
            reached = {row._address(): row for row in rows}
            failed = [address for address in reached if address in named] or (
                list(reached) if len(rows) == 1 else [message_dict["bounced_email"]]
            )
        # sudo: the gateway asks for nobody in particular
        partners = self.env["res.partner"].sudo()
        for address in failed:
            super()._routing_handle_bounce(
                email_message,
                {
                    **message_dict,
                    "bounced_email": address,
                    "bounced_partner": partners.search(
                        [("email_normalized", "=", address)]
                    )
                    if address
                    else partners,
                },
            )
        return None

    @api.model
    def _returned_letter(self, email_message):
        """The letter to a customer that a mail server sends back without a report: by
        its reference, else by number, address and subject when only one fits.

        :return: `mail.message` in superuser mode, possibly empty
        """
        # sudo: the gateway asks for nobody in particular
        messages = self.env["mail.message"].sudo()
        if not is_returned(email_message):
            return messages
        text, references, addresses = quoted(email_message)
        found = messages.search(
            [("model", "=", "quality.complaint"), ("message_id", "in", references)],
            limit=2,
        )
        if not found:
            numbered = self.env["quality.complaint"]._mail_numbered(text)
            found = numbered.message_ids.filtered(
                lambda letter: (
                    letter.subject
                    and letter.subject in text
                    and any(
                        row._address() in addresses
                        for row in letter._customer_notifications()
                    )
                )
            )
        return found if len(found) == 1 else messages
