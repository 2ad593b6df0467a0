from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty

from ...tools import listed, printed_moment
from ..complaint.closing import OPEN_STATES
from .letter import OFFERED_STATES, TOLD_STATES
from .reply import SENT_STATES


class QualityComplaint(models.Model):
    """Replies of a complaint: correspondence, facts for letters, what an answer
    changes.
    """

    _inherit = "quality.complaint"

    # === Everything said between the customer and us, as one thread: mails both ways,
    # letters, talks, answers ===

    correspondence = fields.Html(
        compute="_compute_correspondence",
        sanitize=False,
        groups="quality_complaint.group_quality_complaint_user",
    )

    @api.depends(
        "message_ids", "reply_ids.state", "reply_ids.answer", "reply_ids.answer_note"
    )
    @api.depends_context("lang", "tz")
    def _compute_correspondence(self):
        for complaint in self:
            entries = complaint._correspondence()
            values = {
                "entries": entries,
                "when": lambda moment: printed_moment(self.env, moment),
                "is_html": lambda body: isinstance(body, Markup),
            }
            complaint.correspondence = (
                self.env["ir.qweb"]._render("quality_complaint.correspondence", values)
                if entries
                else False
            )

    def _correspondence(self):
        """What was written and said, oldest first.

        :return: list of dict: date (naive UTC), incoming (bool), who, how (str),
            subject, body (Markup or text), files (`ir.attachment`)
        """
        self.ensure_one()
        sent = self.reply_ids.filtered(lambda reply: reply.state in SENT_STATES)
        entries = [self._first_entry()] if self.description else []
        for reply in sent:
            entries.append(reply._sent_entry())
            if reply.answer:
                entries.append(reply._answer_entry())
        for message in self._customer_messages(sent):
            entries.append(self._message_entry(message))
        return sorted(entries, key=lambda entry: entry["date"])

    def _first_entry(self):
        return {
            "date": self.received_on,
            "incoming": True,
            "who": self.complainant or self.partner_id.name or "",
            "how": self.channel_id.name or "",
            "subject": self.customer_ref or "",
            "body": self.description,
            "files": self.attachment_ids,
        }

    def _customer_messages(self, sent):
        """Mails to and from the customer that are no replies of ours: acknowledgements,
        what he writes back.
        """
        # sudo: messages of the complaint, which was read; notes are left out
        messages = self.sudo().message_ids.filtered(
            lambda message: (
                message.message_type
                in ("email", "comment", "email_outgoing", "notification")
                and not message.is_internal
                and message.subtype_id == self.env.ref("mail.mt_comment")
                and message not in sent.message_id
                and not is_html_empty(message.body)
                and message._complaint_delivery()[0] in (False, "sent")
            )  # what is on its way, or came back, was not said
        )
        return messages.sorted("id")

    def _message_entry(self, message):
        customer = self.commercial_partner_id
        incoming = message.message_type == "email" or bool(
            customer and message.author_id.commercial_partner_id == customer
        )
        return {
            "date": message.date,
            "incoming": incoming,
            "who": message.author_id.name or message.email_from or "",
            "how": self.env._("E-mail"),
            "subject": message.subject or "",
            "body": message.body,
            "files": message.attachment_ids,
        }

    tell_cause = fields.Boolean(
        "Tell the Customer the Cause",
        copy=False,
        help=(
            "Letters to the customer, or to an authority, contain “Why It Occurred”. "
            "Without the mark it stays inside."
        ),
    )

    def _letter_facts(self):
        """What a letter may say, in the language of the environment.

        :return: dict: number, contact (str); is_complaint, investigated, investigating,
            valid, invalid (bool); findings, remedies, offers,
            measures (lists of str); explanation, evidence, cause (str or False); told
            (whether anything of the result is there)
        """
        self.ensure_one()
        # sudo: numbers of documents and what is marked for the customer, for authors
        # who may not open all of it
        complaint = self.sudo()
        files = complaint | complaint.parent_id
        investigations = files.investigation_ids.filtered("done_on")
        measures = (
            (files.action_ids | files.eight_d_id.action_ids)
            .filtered(
                lambda action: (
                    action.tell_customer
                    and action.kind in ("corrective", "preventive")
                    and action.state in ("open", "done", "effective")
                )
            )
            .sorted(
                lambda action: (
                    action.state == "open",
                    action.done_on or action.due_on or datetime.max,
                    action.id,
                )
            )
        )
        remedies = complaint.remedy_ids.filtered(
            lambda remedy: remedy.kind != "explanation"
        )
        facts = {
            "number": complaint.handling_number or complaint.name or "",
            "contact": complaint._letter_contact(),
            "is_complaint": complaint.uses_severity,
            "investigated": bool(investigations),
            "investigating": complaint.state in ("registered", "investigating"),
            "valid": complaint.validity == "valid" and not complaint.needs_explanation,
            "invalid": complaint.validity == "invalid",
            "findings": [
                *investigations.filtered("tell_customer").mapped("finding"),
                *complaint._letter_releases(),
            ],
            "explanation": complaint.needs_explanation and complaint.explanation,
            # evidence against another party is for us; that of a complaint that is not
            # valid is owed to the customer
            "evidence": complaint.validity == "invalid" and complaint.validity_reason,
            "cause": any(files.mapped("tell_cause"))
            and (complaint.root_cause or complaint.parent_id.root_cause),
            "remedies": [
                remedy._in_letter_words()
                for remedy in remedies
                if remedy.state in TOLD_STATES
            ],
            "offers": [
                remedy._in_offer_words()
                for remedy in remedies
                if remedy.state in OFFERED_STATES
            ],
            "measures": [action._in_letter_words() for action in measures],
        }
        facts["told"] = any(
            facts[name]
            for name in (
                "findings",
                "explanation",
                "evidence",
                "cause",
                "valid",
                "invalid",
            )
        )
        return facts

    def _letter_subject(self, kind):
        """A letter's subject; who asked, praised or suggested something has made no
        complaint.

        :param str kind: `registered`, `response`, `progress` or `reply`
        """
        self.ensure_one()
        number = self.name or ""
        if self.uses_severity:
            texts = {
                "registered": self.env._(
                    "Your complaint %s has been registered", number
                ),
                "response": self.env._("Your complaint %s", number),
                "progress": self.env._("Progress on your complaint %s", number),
                "reply": self.env._("Reply to your complaint %s", number),
            }
        else:
            texts = {
                "registered": self.env._("Your message %s has been registered", number),
                "response": self.env._("Your message %s", number),
                "progress": self.env._("Progress on your message %s", number),
                "reply": self.env._("Reply to your message %s", number),
            }
        return texts[kind]

    def _letter_name(self):
        """Whom a letter greets: the person to speak to at the customer, else the
        customer, else who complains.
        """
        self.ensure_one()
        return self.contact_name or self.partner_id.name or self.complainant

    def _letter_contact(self, handler=None):
        """Name, phone and e-mail of the person to ask; the company's where they have
        none.

        :param handler: `res.users`; whoever handles the complaint if not given
        """
        self.ensure_one()
        handler = (
            handler or self.user_id or self.env.user
        ).sudo()  # sudo: how to reach them is told to the customer
        person, company = handler.partner_id, self.company_id
        return listed(
            self.env.lang,
            [
                handler.name,
                person.phone or company.phone,
                person.email or company.email,
            ],
            ",",
        )

    authority_answered = fields.Boolean(
        "Letter to the Authority",
        compute="_compute_authority_answered",
        help="A letter to an authority was sent.",
    )

    @api.depends("reply_ids.kind", "reply_ids.state")
    def _compute_authority_answered(self):
        for complaint in self:
            complaint.authority_answered = bool(
                complaint.reply_ids.filtered(
                    lambda r: r.kind == "authority" and r.state in ("sent", "answered")
                )
            )

    def _plan_again(self, reason):
        """The customer does not want what was planned: what has not begun goes back to
        draft and is planned anew.

        :param str reason: told in the thread
        """
        for complaint in self.filtered(
            lambda complaint: complaint.state in ("planning", "executing")
        ):
            complaint.approval_ids.filtered(
                lambda approval: approval.subject != "reply"
            )._withdraw()
            # sudo: the flow follows the customer's answer, whoever records it
            complaint.sudo().remedy_ids.filtered(
                lambda r: r.state in ("to_approve", "approved") and r.kind != "return"
            )._set_draft()
            if complaint.state == "executing" and not complaint.remedy_ids.filtered(
                lambda remedy: remedy.state in ("executing", "done")
            ):
                complaint._advance({"state": "planning"})
            complaint.message_post(body=reason)

    def _tell_reply_too_early(self, reply, missing):
        """The final reply is with the customer, but the complaint cannot be set to
        replied.
        """
        text = self.env._(
            "“%(reply)s” was sent, but %(complaint)s could not be set to replied.",
            reply=reply.subject,
            complaint=self.display_name,
        )
        if missing:
            text += " " + self.env._(
                "Still missing: %s. Then press “Reply to customer” again.",
                listed(self.env.lang, missing),
            )
        self.message_post(body=text, subtype_xmlid="mail.mt_note")
        user = self._reachable(self.user_id) or self._reachable(self.team_id.leader_id)
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("Sent, but not set to replied"),
                note=text,
            )

    def action_open_reply(self):
        """Open the composer with the reply's template filled in."""
        self.ensure_one()
        self.check_access("write")
        self._check_state(
            "registered", "investigating", "planning", "executing", "replied"
        )
        if self.state != "replied" and self._final_reply():
            return (
                self.action_reply()
            )  # it is with the customer: what was missing then may be there now
        drafts = self.reply_ids.filtered(
            lambda r: (
                r.state in OPEN_STATES
                and r.round == self.round
                and not r._is_made_up_for()
            )
        )
        vals = self._prepare_reply_vals()
        # a progress report somebody began says what is not true any more once the
        # answer is known; sudo: the letter with an 8D report is one of its own
        draft = drafts.filtered(
            lambda reply: (
                not reply.sudo().eight_d_issue_ids
                and (vals["kind"] == "progress" or reply.kind != "progress")
            )
        )[:1]
        return (
            draft or self.env["quality.complaint.reply"].create(vals)
        )._open_composer(new=not draft)

    def _prepare_reply_vals(self):
        concluded = self.state == "executing" or (
            self.state == "planning"
            and (self.is_batch or not self._requires("planned"))
        )
        kind = "final" if concluded or not self._must_conclude() else "progress"
        return {"complaint_id": self.id, "kind": kind, "round": self.round}
