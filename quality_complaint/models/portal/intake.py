import re
from secrets import choice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, escape_psql, plaintext2html
from odoo.tools.translate import LazyTranslate

from ...tools import listed

_lt = LazyTranslate(__name__)

# no sign that is read as another one
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 3, 4
REFERENCE = re.compile(rf"\b[{SIGNS}]{{{GROUP}}}(?:-[{SIGNS}]{{{GROUP}}}){{2}}\b")
# promised on the page "How to complain", when they count from the customer's message
PROMISED = ("acknowledged", "responded", "replied")
ARRIVED = ("received", "registered")
# acknowledgements to one sender within an hour; more of them are told in one mail
MOST_TOLD = 5
# digits of a phone number somebody can be called on
FEWEST_DIGITS = 5
# of the public form
LONGEST = {
    "complainant": 100,
    "email": 200,
    "phone": 50,
    "product": 200,
    "lot": 100,
    "customer_ref": 100,
    "description": 20_000,
}


class QualityComplaint(models.Model):
    """What reaches us before it is a complaint: by mail or through a page that is open
    to everybody. It has a reference that nobody guesses and waits in *New* until an
    officer takes it over; it burns no number, its clocks run from the arrival.
    """

    _inherit = "quality.complaint"

    sender_notice = fields.Char(compute="_compute_sender_notice")
    intake_ref = fields.Char(
        "Reference",
        readonly=True,
        copy=False,
        guarded=True,
        help="Told to who wrote to us, until the complaint has its number.",
    )
    intake_told_on = fields.Datetime(
        readonly=True, copy=False, guarded=True, index="btree_not_null"
    )
    intake_token_id = fields.Many2one(
        "quality.complaint.intake.token",
        "QR Code",
        readonly=True,
        copy=False,
        guarded=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _intake_ref_uniq = models.UniqueIndex("(intake_ref) WHERE intake_ref IS NOT NULL")
    _intake_untold_idx = models.Index(
        "(id) WHERE intake_ref IS NOT NULL AND intake_told_on IS NULL"
    )

    # === the reference ===

    @api.model
    def _new_intake_ref(self):
        """60 bits, readable on the phone: ABCD-EFGH-JKLM."""
        return "-".join(
            "".join(choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS)
        )

    @api.model
    def _with_intake_ref(self, text):
        """
        :param str text: as somebody types it
        :return: the complaint in superuser mode, empty when there is none
        """
        signs = "".join(filter(str.isalnum, str(text or "").upper()))[:100]
        if len(signs) != GROUPS * GROUP:
            return self.sudo().browse()
        parts = (signs[at : at + GROUP] for at in range(0, len(signs), GROUP))
        # sudo: whoever knows the reference wrote it
        return self.sudo().search(
            [("intake_ref", "=", "-".join(parts)), ("anonymised_on", "=", False)]
        )

    @api.model
    def _mail_referenced(self, subject, address):
        """The complaint whose reference stands in a subject, when the sender is who it
        was told to.

        :param str address: normalized
        """
        found = REFERENCE.search(str(subject or "").upper())
        complaint = self._with_intake_ref(found[0] if found else "")
        return complaint.filtered(
            lambda row: address and email_normalize(row.email or "") == address
        )

    def _intake_received(self):
        """It gets its reference, and who wrote to us is told it."""
        for complaint in self:
            complaint._advance({"intake_ref": self._new_intake_ref()})
            complaint._intake_tell()

    @api.depends("state", "intake_ref", "email", "partner_id")
    @api.depends_context("lang")
    def _compute_sender_notice(self):
        """Whoever has the paper may write: its customer is not who they are."""
        for complaint in self:
            address = email_normalize(complaint.email or "")
            customer = complaint.commercial_partner_id
            known = not (
                complaint.state == "new"
                and complaint.intake_ref
                and address
                and customer
            ) or self.env["res.partner"].search_count(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("email_normalized", "=", address),
                ],
                limit=1,
            )
            complaint.sender_notice = not known and self.env._(
                "%(address)s is not an address of %(customer)s. Make sure who wrote "
                "before you register: letters and codes go to this address.",
                address=address,
                customer=customer.display_name,
            )

    def _end_intake(self):
        """It is taken over: nobody else needs to."""
        self.filtered("intake_ref").activity_unlink(["mail.mail_activity_data_todo"])

    # === telling it ===

    def _intake_tell(self):
        """Mail the reference, unless the sender was told of several within the hour:
        then one mail lists the rest.
        """
        self.ensure_one()
        address = email_normalize(self.email or "")
        if not address:
            self._advance({"intake_told_on": fields.Datetime.now()})
            return
        told = self.sudo().search_count(
            [
                ("email", "=ilike", escape_psql(address)),
                (
                    "intake_told_on",
                    ">",
                    fields.Datetime.subtract(fields.Datetime.now(), hours=1),
                ),
            ],
            limit=MOST_TOLD,
        )
        if told < MOST_TOLD:
            self._intake_mail()

    def _intake_mail(self):
        """One mail about these complaints of one sender; no machine answers it."""
        first = self[:1]
        template = self.env.ref(
            "quality_complaint.mail_template_intake", raise_if_not_found=False
        )
        if template:
            texts = first._in_their_words(template, intake_ids=self.ids)
            # sudo: sent by the gateway or a visitor
            self.env["mail.mail"].sudo().create(
                {
                    "subject": texts["subject"],
                    "body_html": texts["body_html"],
                    # kept in the thread
                    "body": texts["body_html"],
                    "email_from": texts["email_from"],
                    "email_to": email_normalize(first.email),
                    "auto_delete": False,
                    "model": first._name,
                    "res_id": first.id,
                    # an answer to it joins the complaint
                    "message_type": "auto_comment",
                    "is_notification": False,
                    "headers": repr(
                        {
                            "Auto-Submitted": "auto-replied",
                            "X-Auto-Response-Suppress": "All",
                        }
                    ),
                }
            )
            # it is promised at once: the queue need not wait for its hour
            # sudo: as above
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self._advance({"intake_told_on": fields.Datetime.now()})

    def _intake_told(self):
        """What a mail names: several when a sender was told of many."""
        return self.browse(self.env.context.get("intake_ids") or self.ids)

    def _intake_url(self):
        """Where it stands, without a login."""
        self.ensure_one()
        return f"{self.get_base_url()}/complaint/follow?ref={self.intake_ref}"

    @api.model
    def _portal_mail_link(self, number, email):
        """Mail the link to a complaint to the address its letters go to; whoever asks
        learns nothing.

        :param str number: of the complaint
        :param str email: as typed
        """
        address = email_normalize(email)
        # sudo: mailed to the customer of the complaint alone
        found = self.sudo().search(
            [("name", "=", number.strip()), ("anonymised_on", "=", False)], limit=20
        )
        for complaint in found.filtered(
            lambda row: address and email_normalize(row.email or "") == address
        ):
            complaint._portal_ensure_token()
            local = complaint.with_context(lang=complaint._customer_lang()).env
            complaint._mail_plain(
                address,
                local._("Your complaint %s", complaint.name),
                local._(
                    "See where it stands: %s",
                    complaint.get_base_url() + complaint.get_portal_url(),
                ),
            )

    def _mail_plain(self, address, subject, text):
        """Mail a line to a customer that is not kept in the thread.

        :param str address: normalized
        """
        self.ensure_one()
        self.env["mail.mail"].sudo().create(
            {
                "subject": subject,
                "body_html": plaintext2html(text),
                "email_from": self.company_id.email_formatted
                or self.env.user.email_formatted,
                "email_to": address,
                "auto_delete": True,
            }
        ).send()

    @api.model
    def _cron_intake_tell(self, limit=200):
        """Tell senders of what they were not told of yet, in one mail each."""
        waiting = self.search(
            [("intake_ref", "!=", False), ("intake_told_on", "=", False)],
            order="id",
            limit=limit,
        )
        groups = waiting.grouped(
            lambda complaint: (
                email_normalize(complaint.email or ""),
                complaint.company_id,
            )
        )
        remaining = len(waiting)
        for some in groups.values():
            locked = some.try_lock_for_update()
            locked.filtered(lambda row: not row.intake_told_on)._intake_mail()
            remaining -= len(some)
            self.env["ir.cron"]._commit_progress(len(some), remaining=remaining)

    # === the page "How to complain" ===

    @api.model
    def _intake_companies(self):
        """Companies with a public form, in superuser mode."""
        # sudo: visitors have no company
        return self.env["res.company"].sudo().search([("complaint_form", "=", True)])

    @api.model
    def _intake_ways(self, company):
        """How to reach a company, and what it promises: plain values.

        :param company: `res.company` in superuser mode
        """
        policy = company._complaint_policy()
        texts = {
            "acknowledged": self.env._("We confirm that we have it"),
            "responded": self.env._("You hear from us"),
            "replied": self.env._("You have our answer"),
        }
        limits = policy.limit_ids.filtered(
            lambda limit: (
                limit.to_milestone_id.code in PROMISED
                and limit.start_milestone_id.code in ARRIVED
                and limit._asks_severity_alone()
            )
        )
        return {
            "company": company.name,
            "company_id": company.id,
            "address": "\n".join(
                filter(
                    str.strip,
                    company.partner_id._display_address(
                        without_company=True
                    ).splitlines(),
                )
            ),
            "channels": company._complaint_channels(),
            "promises": [
                {
                    "step": texts[step.code],
                    "times": [self._promised(limit) for limit in some],
                }
                for step, some in limits.grouped("to_milestone_id").items()
            ],
        }

    @api.model
    def _promised(self, limit):
        """How soon, and of which complaints, in words."""
        time = listed(self.env.lang, limit._time_texts(), ",")
        severities = listed(self.env.lang, limit.severity_ids.mapped("name"))
        if not severities:
            return self.env._("within %s", time)
        return self.env._(
            "within %(time)s (%(severities)s)", time=time, severities=severities
        )

    @api.model
    def _intake_types(self):
        """Kinds of feedback somebody may send.

        :return: list of (id, name)
        """
        # sudo: names of the catalogue
        types = (
            self.env["quality.complaint.type"].sudo().search([("public", "=", True)])
        )
        return [(row.id, row.name) for row in types]

    # === filing ===

    @api.model
    def _intake_file(self, company, key, vals, quantities=None, files=(), token=None):
        """Keep what somebody wrote on a page that is open to everybody.

        :param company: `res.company` with a public form
        :param str key: of the form; the same one files it once
        :param dict vals: `LONGEST`, `type_id`, `defect_id`; nothing else is taken
        :param dict quantities: as in `_portal_file_complaint`, of the token's goods
        :param files: (name, bytes) pairs
        :param token: `quality.complaint.intake.token` it was opened with
        :return: the complaint, in superuser mode
        :raise UserError: what is wrong, and what to do
        """
        known = self.sudo().search([("portal_key", "=", key)])
        if known:
            return known
        typed = {
            name: str(vals.get(name) or "").replace("\x00", "").strip()[:most]
            for name, most in LONGEST.items()
        }
        self._intake_check(typed)
        lines = []
        if token:
            lines = self._portal_chosen(token._goods(), quantities or {})
        types = dict(self._intake_types())
        senders = self._mail_senders(email_normalize(typed["email"]))
        partner = (
            token.partner_id
            if token
            else senders
            if len(senders) == 1
            else senders.commercial_partner_id
        )
        complaint = self._portal_create(
            "public",
            company,
            key,
            {
                "partner_id": partner.id,
                "complainant": typed["complainant"],
                "email": typed["email"],
                "phone": typed["phone"],
                "customer_ref": typed["customer_ref"],
                "customer_lang": self.env.lang,
                "description": typed["description"],
                **(
                    {"type_id": vals["type_id"]} if vals.get("type_id") in types else {}
                ),
            },
            lines,
            vals.get("defect_id"),
            files,
        )
        if complaint.intake_ref:
            return complaint
        if typed["product"] or typed["lot"]:
            complaint._intake_goods(typed["product"], typed["lot"])
        if token:
            complaint._advance({"intake_token_id": token.id})
        complaint._intake_received()
        complaint._portal_tell_handler(_lt("Take over what came by the public form"))
        return complaint

    @api.model
    def _intake_check(self, typed):
        if not typed["complainant"]:
            raise UserError(self.env._("Please tell us your name."))
        if typed["email"] and not email_normalize(typed["email"]):
            raise UserError(
                self.env._("“%s” is not an e-mail address.", typed["email"])
            )
        if not typed["email"] and not typed["phone"]:
            raise UserError(
                self.env._("Please give an e-mail address or a phone number.")
            )
        if typed["phone"] and sum(map(str.isdigit, typed["phone"])) < FEWEST_DIGITS:
            raise UserError(self.env._("“%s” is not a phone number.", typed["phone"]))
        if not typed["description"]:
            raise UserError(self.env._("Please say what happened."))

    def _intake_goods(self, product, lot):
        """Goods as somebody states them: a lot that one delivery fits is taken over."""
        self.ensure_one()
        companies = self.company_id
        lines = self.env["quality.complaint.line"]
        candidates = (
            [
                row
                for row in lines._candidates_of_text(lot, companies)
                if not self.partner_id or row["partner"] == self.commercial_partner_id
            ]
            if lot
            else []
        )
        if len({row["move_line"] for row in candidates}) == 1 and self.partner_id:
            self.lot_ref = lot
        else:
            self.line_ids = [Command.create({"note": product, "lot_name": lot})]
