from odoo import api, models
from odoo.tools import email_normalize, email_split

from ..tools import automatic


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """A mail that would open a complaint belongs to the one whose number it states,
        when its sender is of that customer; what a machine wrote is parked. A letter
        that comes back to the sender is a bounce, as one that comes to the alias for
        bounces.
        """
        if not message_dict.get("bounced_message"):
            letter = self._returned_letter(message)
            if letter:
                message_dict.update(is_bounce=True, bounced_message=letter)
                message_dict.setdefault("bounced_email", False)
                message_dict.setdefault("bounced_partner", self.env["res.partner"])
                message_dict.setdefault("bounced_msg_ids", False)
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if message_dict.get("is_bounce") and not message_dict["bounced_message"]:
            return self._parked_route(message_dict)
        return [
            self._complaint_route(message, message_dict, route)
            if route[0] == "quality.complaint" and not route[1]
            else route
            for route in routes or []
        ]

    @api.model
    def _parked_route(self, message_dict):
        """A mail server's answer to a team's address that belongs to no letter we know
        is kept where it is found.
        """
        addresses = email_split(message_dict.get("recipients") or "")
        # sudo: the gateway asks for nobody in particular
        team = (
            self.env["quality.complaint.team"]
            .sudo()
            .search(
                [
                    (
                        "alias_id.alias_full_name",
                        "in",
                        [address.lower() for address in addresses],
                    )
                ],
                limit=1,
            )
        )
        if not team:
            return []
        values = {**team._mail_defaults(), "reason": "reply"}
        return [("quality.complaint.parked.mail", 0, values, self.env.uid, None)]

    @api.model
    def _complaint_route(self, message, message_dict, route):
        model, _thread, custom_values, user_id, alias = route
        complaints = self.env["quality.complaint"]
        address = email_normalize(message_dict.get("email_from") or "")
        senders = complaints._mail_senders(address)
        named = complaints._mail_numbered(message_dict.get("subject")).filtered(
            lambda named: (
                senders and named.commercial_partner_id == senders.commercial_partner_id
            )
        )
        if len(named) != 1:
            # an answer to what we mailed before there was a number
            named = complaints._mail_referenced(message_dict.get("subject"), address)
        if len(named) == 1:
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
