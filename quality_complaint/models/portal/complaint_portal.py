from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import (
    consteq,
    email_normalize,
    formataddr,
    parse_contact_from_email,
    plaintext2html,
)
from odoo.tools.mail import is_html_empty
from odoo.tools.translate import LazyTranslate

from ...tools import listed, printed_day

_lt = LazyTranslate(__name__)

# what customers are told of, in this order: at most eight
STEPS = (
    "received",
    "registered",
    "investigation_started",
    "concluded",
    "executed",
    "replied",
    "revisited",
    "closed",
)
# letters that reached the customer
TOLD = ("sent", "answered")
MAX_TEXT = 10_000
MOST_PICTURES = 24


class QualityComplaint(models.Model):
    """What a customer sees of their complaint, and what they do about it.

    Pages are made of plain values from here, never of the record: what is not named
    here cannot be in a page.
    """

    _inherit = "quality.complaint"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/complaints/{complaint.id}"
        return result

    # === who may see it ===

    @api.model
    def _portal_domain(self, partner):
        """Complaints somebody sees: of the company they work for, registered or filed
        by one of them; where the company wants it so, only their own and those they
        were invited to follow.

        :param partner: `res.partner` of the person
        """
        company = partner.commercial_partner_id
        # sudo: a setting of their company
        scope = (
            Domain("partner_id", "=", partner.id)
            | Domain("create_uid.partner_id", "=", partner.id)
            | Domain("message_partner_ids", "in", partner.ids)
            if company.sudo().complaint_scope == "own"
            else Domain.TRUE
        )
        return (
            Domain("commercial_partner_id", "=", company.id)
            & scope
            & Domain("is_batch", "=", False)
            & Domain("anonymised_on", "=", False)
            # what came from anybody is nobody's until it is taken over
            & (
                Domain("name", "!=", False)
                | (Domain("portal_key", "!=", False) & Domain("intake_ref", "=", False))
            )
        )

    @api.model
    def _portal_open(self, complaint_id, token=None):
        """The complaint behind a page.

        :param int complaint_id: of the address
        :param str token: of a letter; it reads, and nothing more
        :return: (complaint in superuser mode, whether this person is of the customer);
            (empty, False) for all others, whatever the reason
        """
        # sudo: the relation, or the token, is checked here
        complaint = self.sudo().browse(complaint_id).exists()
        if not complaint or complaint.anonymised_on or complaint.is_batch:
            return complaint.browse(), False
        user = self.env.user
        theirs = not user._is_public() and bool(
            complaint.filtered_domain(self._portal_domain(user.partner_id))
        )
        reads = (
            bool(token and complaint.access_token)
            and str(token).isascii()  # others cannot be compared
            and bool(complaint.name or complaint.portal_key or complaint.intake_ref)
            and consteq(complaint.access_token, str(token))
        )
        if not theirs and not reads:
            return complaint.browse(), False
        return complaint, theirs

    @api.model
    def _portal_search(self, text):
        """Complaints in which a text of the customer is found."""
        if not text:
            return Domain.TRUE
        return Domain.OR(
            Domain(name, "ilike", text)
            for name in (
                "name",
                "customer_ref",
                "description",
                "line_ids.product_id.name",
                "line_ids.lot_id.name",
            )
        )

    # === what they see ===

    def _portal_row(self):
        """A line of the list."""
        line = self.line_ids[:1]
        return {
            "url": self.access_url,
            "number": self.name or self.env._("Number follows"),
            "customer_ref": self.customer_ref or "",
            "received": self._portal_day(self.received_on),
            "product": line.product_id.display_name or line.note or "",
            "state": self._portal_state(),
            "is_asked": any(
                reply._portal_is_asked() for reply in self._portal_letters()
            ),
        }

    @api.model
    def _portal_defects(self):
        """What may be wrong, to choose from.

        :return: dict: `names`, pairs of id and name; `pictures`, dicts of those that
            have one
        """
        # sudo: names and pictures of the catalogue
        defects = self.env["quality.complaint.defect"].sudo().search(Domain.TRUE)
        pictured = defects.filtered("image")[:MOST_PICTURES]
        return {
            "names": [(defect.id, defect.display_name) for defect in defects],
            "pictures": [
                {"id": defect.id, "name": defect.name, "image": defect.image}
                for defect in pictured
            ],
        }

    def _portal_values(self):
        """Everything a page about this complaint is made of.

        :return: dict of plain values
        """
        self.ensure_one()
        revisit = self._portal_revisit()
        return {
            "id": self.id,
            "has_email": bool(self.email),
            "phone": self.company_id.phone or "",
            "kind": self.type_id.name,
            "number": self.name or "",
            "reference": "" if self.name else self.intake_ref or "",
            "customer_ref": self.customer_ref or "",
            "received": self._portal_day(self.received_on),
            "state": self._portal_state(),
            "promise": self._portal_promise(),
            "is_over": self.state in ("closed", "cancelled"),
            "steps": self._portal_steps(),
            "description": self.description or "",
            "lines": [
                {
                    "id": line.id,
                    "product": line.product_id.display_name or line.note or "",
                    "lot": line.lot_id.name or line.lot_name or "",
                    # of goods somebody names in their words nobody knows how many
                    "quantity": f"{line.quantity:.12g}" if line.product_id else "",
                    "unit": line.product_uom_id.name or "" if line.product_id else "",
                }
                for line in self.line_ids
            ],
            "files": [
                {"id": file.id, "name": file.name} for file in self._portal_own_files()
            ],
            "letters": [
                reply._portal_values()
                for reply in self._portal_letters().sorted("sent_on", reverse=True)
            ],
            "returns": [remedy._portal_values() for remedy in self._portal_returns()],
            "documents": self._portal_documents(),
            "agreement": bool(self._portal_agreement()),
            # whether somebody with the letter's link alone may want to do something
            "is_asked": bool(
                revisit
                or self._portal_agreement()
                or any(row._portal_is_asked() for row in self._portal_letters())
            ),
            "wants": self.state != "cancelled",
            "is_new": self.state == "new",
            "rating": revisit._portal_questions() if revisit else [],
            "messages": [
                {
                    "author": message.author_id.name
                    or parse_contact_from_email(message.email_from)[0],
                    "date": self._portal_day(message.date),
                    "body": message.body,
                    "files": [
                        {"id": file.id, "name": file.name}
                        for file in message.attachment_ids
                    ],
                }
                for message in self._portal_messages()
                if not is_html_empty(message.body) or message.attachment_ids
            ],
        }

    def _portal_day(self, moment):
        return printed_day(self._portal_env(), moment) if moment else ""

    def _portal_env(self):
        """Days are those of whoever reads: of their account, else of the customer, else
        of the company that answers.
        """
        zone = (
            self.env.user.tz
            or self.partner_id.tz
            or self.company_id.partner_id.tz
            or self.team_id.leader_id.tz
        )
        return self.with_context(tz=zone).env

    def _portal_state(self):
        """Where it stands, in one sentence."""
        if self.round > 1 and self.state in ("registered", "investigating", "planning"):
            return self.env._("We are looking into it again.")
        day = {"date": self._portal_day(self.closed_on or self.replied_on)}
        return {
            "new": self.env._(
                "We have received it. You get its number as soon as it is registered."
            ),
            "registered": self.env._("It is registered and will be looked into."),
            "investigating": self.env._("We are looking into it."),
            "planning": self.env._("We know what happened and plan what to do."),
            "executing": self.env._("We are carrying out our measures."),
            "replied": self.env._("You have our answer of %(date)s.", **day),
            "closed": self.env._("It was closed on %(date)s.", **day),
            "cancelled": self.env._("It was withdrawn.")
            if self.cancel_kind == "withdrawn"
            else self.env._(
                "It is not followed any further. Please write to us if that is not "
                "right."
            ),
        }[self.state]

    def _portal_promise(self):
        """Until when they have our answer; what is late is not promised."""
        running = self.deadline_ids.filtered(
            lambda row: (
                row.limit_id
                and row.milestone_code == "replied"
                and row.state == "running"
                and not row.is_overdue
            )
        )
        due = min(running.mapped("due_on"), default=False)
        return self.env._("Our answer by %s", self._portal_day(due)) if due else ""

    def _portal_steps(self):
        """:return: list of dicts `text`, `date` (empty: still to come)"""
        texts = {
            "received": self.env._("Received"),
            "registered": self.env._("Registered"),
            "investigation_started": self.env._("We began to look into it"),
            "concluded": self.env._("We know what happened"),
            "executed": self.env._("Our measures are carried out"),
            "replied": self.env._("You got our answer"),
            "revisited": self.env._("We asked whether you are satisfied"),
            "closed": self.env._("Closed"),
        }
        done = {}
        for stamp in self.deadline_ids._stamps().sorted("done_on"):
            if stamp.round == self.round or stamp.milestone_code in (
                "received",
                "registered",
            ):
                done[stamp.milestone_code] = stamp.done_on
        if self.closed_on and self.state == "closed":
            done["closed"] = self.closed_on
        return [
            {"text": texts[code], "date": self._portal_day(done.get(code))}
            for code in STEPS
            if code in done
            or (
                self.state != "cancelled" and (code == "closed" or self._requires(code))
            )
        ]

    def _portal_letters(self):
        """Letters and answers to this customer; not those to an authority."""
        return self.reply_ids.filtered(
            lambda reply: (
                reply.state in TOLD
                and reply.kind != "authority"
                and (
                    not reply.recipient_id
                    or reply.recipient_id.commercial_partner_id
                    == self.commercial_partner_id
                )
            )
        )

    def _portal_documents(self):
        """Credit notes, transfers and 8D reports that are theirs.

        :return: list of dicts `kind`, `name`, `state`, `url`, `is_file` (of this page)
        """
        theirs = self.commercial_partner_id
        notes = self.remedy_ids.credit_note_ids.filtered(
            lambda note: note.state == "posted" and note.commercial_partner_id == theirs
        )
        transfers = self.remedy_ids.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("draft", "cancel")
                and picking.partner_id.commercial_partner_id == theirs
            )
        )
        issues = self.eight_d_issue_ids.filtered(
            lambda issue: issue.attachment_id and issue.reply_state in TOLD
        )
        return [
            *(
                {
                    "kind": self.env._("Credit note"),
                    "name": note.name,
                    "state": note.currency_id.format(note.amount_total),
                    "url": note.get_portal_url(),
                    "is_file": False,
                }
                for note in notes
            ),
            *(
                {
                    "kind": self.env._("Return")
                    if picking.picking_type_code == "incoming"
                    else self.env._("Delivery"),
                    "name": picking.name,
                    "state": self._portal_day(picking.date_done)
                    if picking.state == "done"
                    else self.env._("waiting for your goods")
                    if picking.picking_type_code == "incoming"
                    else self.env._("being prepared"),
                    "url": "",
                    "is_file": False,
                }
                for picking in transfers
            ),
            *(
                {
                    "kind": self.env._("Signed by %s", consent.name),
                    "name": consent.signed_attachment_id.name,
                    "state": self._portal_day(consent.signed_on),
                    "url": self._portal_file_url(consent.signed_attachment_id),
                    "is_file": True,
                }
                for consent in self.consent_ids
                if consent.signed_on
            ),
            *(
                {
                    "kind": self.env._("8D report"),
                    "name": issue.attachment_id.name,
                    "state": self._portal_day(issue.issued_on),
                    "url": self._portal_file_url(issue.attachment_id),
                    "is_file": True,
                }
                for issue in issues
            ),
        ]

    def _portal_messages(self):
        """What they wrote themselves; letters stand apart, all else is ours."""
        address = email_normalize(self.email or "")
        return self.message_ids.filtered(
            lambda message: (
                message.message_type in ("comment", "email")
                and not message.is_internal
                and (
                    message.author_id.commercial_partner_id
                    == self.commercial_partner_id
                    if message.author_id
                    else address and email_normalize(message.email_from) == address
                )
            )
        )

    def _portal_own_files(self):
        """Files the customer has sent with the complaint."""
        return self.attachment_ids.filtered(
            lambda file: file.create_uid.share and not file.create_uid._is_superuser()
        )

    def _portal_file_url(self, file):
        return f"/my/complaints/{self.id}/file/{file.id}"

    def _portal_file(self, file_id, acts=False):
        """A file of this page, or nothing.

        :param bool acts: for somebody who may act; a token reads letters and own files
        :return: `ir.attachment` in superuser mode
        """
        letters = self._portal_letters()
        issues = self.eight_d_issue_ids.filtered(
            lambda issue: issue.reply_state in TOLD
        )
        files = self._portal_own_files() | letters.attachment_ids | issues.attachment_id
        if acts:
            files |= self._portal_messages().attachment_ids
            files |= self.consent_ids.attachment_id
            files |= self.consent_ids.signed_attachment_id
        return files.filtered(lambda file: file.id == file_id)

    # === what they do ===

    def _portal_write_message(self, text, person, files=()):
        """The customer writes to us; the handler is told.

        :param str text: plain
        :param person: `Person`
        :param files: (name, bytes) pairs
        :raise UserError: nothing was written, or too much
        """
        self.ensure_one()
        text = (text or "").strip()
        if not text and not files:
            raise UserError(self.env._("Write something first."))
        if len(text) > MAX_TEXT:
            raise UserError(self.env._("Please write at most %s characters.", MAX_TEXT))
        author = self._portal_author(person)
        message = self.message_post(
            **(
                {"author_id": author.id, "email_from": author.email_formatted}
                if author
                # whoever has proved their address writes in their own name
                else {"email_from": formataddr((person.name, person.address))}
            ),
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(files),
        )
        self._check_uploads(message.attachment_ids)
        self._portal_tell_handler(_lt("The customer has written"))

    def _portal_correct(self, text, person, quantities=()):
        """Until an officer takes it over, what happened is theirs to put right.

        :param str text: plain
        :param person: `Person`
        :param dict quantities: {id of a line of goods: quantity in its unit}
        :raise UserError: it is taken over already, nothing is said, or more goods than
            were delivered
        """
        self.ensure_one()
        self.lock_for_update()
        text = (text or "").strip()[:MAX_TEXT]
        self._portal_check_new()
        if not text:
            raise UserError(self.env._("Please say what is wrong."))
        # for colleagues, whatever language the customer reads
        ours = self.with_context(lang=self._lang_of_ours())
        before = self.line_ids._portal_correct(dict(quantities), ours.env.lang)
        if text != self.description:
            before.append(self.description or "–")
            self.description = text
        if before:
            self.message_post(
                body=ours.env._(
                    "Corrected by %(person)s. Before: %(text)s",
                    person=person.name,
                    text=listed(ours.env.lang, before, ";"),
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _portal_withdraw(self, person):
        """Until an officer takes it over, it is theirs to withdraw."""
        self.ensure_one()
        self.lock_for_update()
        self._portal_check_new()
        ours = self.with_context(lang=self._lang_of_ours()).env
        self.action_cancel("withdrawn", ours._("Withdrawn online by %s", person.name))

    def _portal_check_new(self):
        if self.state != "new":
            raise UserError(
                self.env._(
                    "It is being worked on already. Please write to us what is "
                    "different."
                )
            )

    def _portal_author(self, person):
        """Who wrote, in the thread: who is signed in; of others their address is
        known.
        """
        user = self.env.user
        return user.partner_id if not user._is_public() else user.partner_id.browse()

    def _lang_of_ours(self):
        """Language of the colleagues who read what is noted in the thread."""
        leader = self.user_id or self.team_id.leader_id
        return leader.lang or self.company_id.partner_id.lang or self.env.lang

    def _portal_tell_handler(self, what):
        self._give_task(self.user_id or self.team_id.leader_id, what)
