from odoo import api, models
from odoo.tools import email_normalize

from ..tools import automatic


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

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """A mail that would open a complaint belongs to the one whose number it states,
        when its sender is of that customer; what a machine wrote is parked.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return [
            self._complaint_route(message, message_dict, route)
            if route[0] == "quality.complaint" and not route[1]
            else route
            for route in routes or []
        ]

    @api.model
    def _complaint_route(self, message, message_dict, route):
        model, _thread, custom_values, user_id, alias = route
        complaints = self.env["quality.complaint"]
        address = email_normalize(message_dict.get("email_from") or "")
        named = complaints._mail_number(message_dict.get("subject"))
        senders = complaints._mail_senders(address)
        if (
            named
            and senders
            and senders.commercial_partner_id == named.commercial_partner_id
        ):
            return model, named.id, custom_values, user_id, alias
        reason = automatic(message)
        # sudo: the list of addresses that may write as programs is Odoo's own
        allowed = self.env["mail.gateway.allowed"].sudo()
        if reason == "reply" or (
            reason
            and not allowed.search_count([("email_normalized", "=", address)], limit=1)
        ):
            values = custom_values if isinstance(custom_values, dict) else {}
            kept = {
                name: values[name]
                for name in ("team_id", "company_id")
                if name in values
            }
            parked = {**kept, "reason": reason}
            return "quality.complaint.parked.mail", 0, parked, user_id, alias
        return route
