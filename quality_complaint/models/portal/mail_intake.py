import logging
import re
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import parse_contact_from_email

from ...tools import listed

_logger = logging.getLogger(__name__)
# words of a mail that may be the number of a lot, delivery, order or invoice
NUMBER = re.compile(r"[^\W_][\w./-]{2,39}")
# the same within Chinese text, which leaves no space beside it
LATIN_NUMBER = re.compile(r"[^\W_][\w./-]{2,39}", re.ASCII)
MOST_NUMBERS = 60
MOST_TEXT = 20_000
# where the mail that is answered begins
QUOTED = re.compile(
    r"^\s*(?:>|-{3,}\s*(?:original|原始)|_{8,}|On .{5,80} wrote:"
    r"|发件人\s*[:：]|From:\s)",
    re.IGNORECASE | re.MULTILINE,
)


# signs that are typed or set for a hyphen
HYPHENS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", "-")
)
# what html2plaintext makes of words in bold
STARS = re.compile(r"(?<=\w)\*|\*(?=\w)")


def numbers_in(text):
    """:return: words of a text that have digits, each once; of one with a slash also
    what stands before it
    """
    text = STARS.sub("", unicodedata.normalize("NFKC", text or "").translate(HYPHENS))
    words = NUMBER.findall(text) + LATIN_NUMBER.findall(text)
    words += [word.partition("/")[0] for word in words if "/" in word]
    return [
        word
        for word in dict.fromkeys(word.rstrip(".-/") for word in words)
        if len(word) > 2 and any(map(str.isdigit, word))
    ]


class QualityComplaintTeam(models.Model):
    """A team has an address: what is sent there becomes a complaint."""

    _name = "quality.complaint.team"
    _inherit = ["quality.complaint.team", "mail.alias.mixin.optional"]

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("quality.complaint")
        if self.id:
            values["alias_defaults"] = repr(self._mail_defaults())
        return values

    def _mail_defaults(self):
        """:return: dict of what every mail to the team's address gets"""
        self.ensure_one()
        defaults = {"team_id": self.id}
        if self.company_id:
            defaults["company_id"] = self.company_id.id
        return defaults


class QualityComplaint(models.Model):
    """A complaint that comes by mail waits in *New* until somebody takes it over; it
    burns no number, its clocks run from the arrival. Nothing that is sent is lost.
    """

    _inherit = "quality.complaint"

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Known customers may send as many complaints as they have."""
        if self._mail_senders(email_from_normalized):
            return None
        return super()._detect_loop_sender_domain(email_from_normalized)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Never raises but for what is tried again: Odoo takes a mail that fails for
        handled.
        """
        msg_dict = {
            **msg_dict,
            "subject": (msg_dict.get("subject") or "").replace("\x00", ""),
            "body": (msg_dict.get("body") or "").replace("\x00", ""),
        }
        try:
            with self.env.cr.savepoint():
                vals = self._mail_vals(msg_dict, custom_values or {})
                complaint = super().message_new(
                    {**msg_dict, "email_from": vals["email"]}, vals
                )
                complaint._mail_find_goods(msg_dict)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("A mail could not be read as a complaint")
            complaint = super().message_new(
                msg_dict,
                {
                    **(custom_values or {}),
                    "description": msg_dict.get("subject") or self.env._("(no text)"),
                },
            )
        if complaint._registers_by_itself("mail"):
            complaint._portal_register()
        else:
            complaint._portal_tell_handler(
                complaint.env._("Take over the complaint that came by mail")
            )
        if not complaint.name:
            complaint._intake_received()
        return complaint

    @api.model
    def _mail_senders(self, address):
        """Who writes from an address: people of one company, else nobody.

        :return: `res.partner`, possibly several of one company
        """
        if not address:
            return self.env["res.partner"]
        # sudo: the gateway asks for nobody in particular
        partners = (
            self.env["res.partner"]
            .sudo()
            .search([("email_normalized", "=", address)], limit=20)
        )
        if len(partners.commercial_partner_id) != 1:
            return partners.browse()
        return partners

    @api.model
    def _mail_vals(self, msg_dict, vals):
        """What a mail says of itself; the subject is no number.

        :param dict vals: of the alias
        """
        name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        address = email_normalize(address or "")
        senders = self._mail_senders(address)
        partner = senders if len(senders) == 1 else senders.commercial_partner_id
        text = self._mail_text(msg_dict)
        channel = self.env.ref(
            "quality_complaint.channel_email", raise_if_not_found=False
        )
        now = fields.Datetime.now()
        try:
            sent = fields.Datetime.to_datetime(msg_dict.get("date")) or now
        except ValueError:
            sent = now
        return {
            **vals,
            "name": False,
            "partner_id": partner.id,
            "complainant": False if partner else name or address,
            "email": address or msg_dict.get("email_from"),
            "description": text or msg_dict.get("subject") or self.env._("(no text)"),
            # a clock that is wrong elsewhere neither promises nor forgives
            "received_on": min(max(sent, fields.Datetime.subtract(now, days=7)), now),
            **({"channel_id": channel.id} if channel else {}),
        }

    @api.model
    def _mail_whole(self, msg_dict):
        body = msg_dict.get("body") or ""
        return html2plaintext(body, include_references=False)[:MOST_TEXT]

    @api.model
    def _mail_text(self, msg_dict):
        """The text above what is quoted."""
        text = html2plaintext(msg_dict.get("body") or "", include_references=False)
        quoted = QUOTED.search(text)
        if quoted and text[: quoted.start()].strip():
            text = text[: quoted.start()]
        return text.strip()[:MOST_TEXT]

    def _mail_find_goods(self, msg_dict):
        """Goods named by the number of a lot, delivery, order or invoice: taken over
        when only one fits, else told.
        """
        text = f"{msg_dict.get('subject') or ''}\n{self.description or ''}"
        found = self._mail_candidates(text)
        if not found:
            # a colleague passes on what the customer wrote below
            found = self._mail_candidates(self._mail_whole(msg_dict))
        lines = {row["move_line"] for rows in found.values() for row in rows}
        if len(lines) == 1:
            self.lot_ref = next(iter(found))
        elif lines:
            self.message_post(
                body=self.env._(
                    "Named in the mail, and to be chosen from: %s.",
                    listed(self.env.lang, found),
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _mail_candidates(self, text):
        """
        :return: {number in the text: deliveries it may be}
        """
        numbers = numbers_in(text)[:MOST_NUMBERS]
        matcher = self.env["quality.complaint.line"]
        companies = self.company_id or self.env["res.company"].search(Domain.TRUE)
        found = {}
        for number in numbers:
            candidates = [
                row
                for row in matcher._candidates_of_text(number, companies)
                if not self.partner_id or row["partner"] == self.commercial_partner_id
            ]
            if candidates:
                found[number] = candidates
        return found

    @api.model
    def _mail_numbered(self, text):
        """Complaints whose numbers stand in a text: each company counts its own, so one
        number may be that of several.

        :return: `quality.complaint` in superuser mode
        """
        # sudo: the gateway asks for nobody in particular
        return self.sudo().search(
            [("name", "in", numbers_in(text))], limit=MOST_NUMBERS
        )


class QualityComplaintParkedMail(models.Model):
    """A mail to a team that a machine wrote: it opens no complaint and gets no answer,
    but nobody's ERP is ignored. Whoever looks through the list makes a complaint of it
    with one click.
    """

    _name = "quality.complaint.parked.mail"
    _description = "Parked Mail"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "id desc"
    _primary_email = "email_from"

    name = fields.Char("Subject", readonly=True)
    email_from = fields.Char("From", readonly=True)
    reason = fields.Selection(
        [("reply", "Automatic reply"), ("machine", "Sent by a program")], readonly=True
    )
    team_id = fields.Many2one(
        "quality.complaint.team", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    active = fields.Boolean(default=True)
    complaint_id = fields.Many2one(
        "quality.complaint", readonly=True, index="btree_not_null"
    )

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """All of them are kept: nothing is sent because of one."""
        return

    def action_take_over(self):
        """Make a complaint of it, with its text and files."""
        self.ensure_one()
        self.env["quality.complaint"].check_access("create")
        # sudo: nobody else writes a parked mail
        mail = self.sudo().try_lock_for_update()
        if mail and not mail.complaint_id:
            message = mail.message_ids.filtered(
                lambda row: row.message_type == "email"
            ).sorted("id")[:1]
            complaint = (
                self.env["quality.complaint"]
                .sudo()  # sudo: as a mail to the team's address
                .message_new(
                    {
                        "subject": mail.name,
                        "body": message.body,
                        "email_from": mail.email_from,
                        "date": message.date,
                    },
                    {
                        "team_id": mail.team_id.id,
                        **(
                            {"company_id": mail.company_id.id}
                            if mail.company_id
                            else {}
                        ),
                    },
                )
            )
            complaint.message_post(
                body=message.body,
                subject=message.subject,
                email_from=message.email_from,
                author_id=message.author_id.id,
                message_type="email",
                subtype_xmlid="mail.mt_note",
                attachments=[(file.name, file.raw) for file in message.attachment_ids],
            )
            mail.write({"complaint_id": complaint.id, "active": False})
        return self.complaint_id.sudo(False)._get_records_action()
