from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..remedy.remedy import LIVE_STATES
from .reply import RELOAD

# kinds a customer is asked to agree to, or to answer
ANSWERED_KINDS = ("request", "extension", "offer", "final")


class QualityComplaintReply(models.Model):
    """The customer's answer: accepted, objected with a reason, none within the policy's
    days; with evidence.

    What follows: an extension is granted or refused, an offer that is objected to is
    planned again, an objection to the final reply reopens.
    """

    _inherit = "quality.complaint.reply"

    expects_answer = fields.Boolean(
        "Answer Expected",
        compute="_compute_expects_answer",
        store=True,
        readonly=False,
        precompute=True,
        help=(
            "The customer is asked to answer; after the policy's days without one it "
            "counts as not answered."
        ),
    )
    due_on = fields.Datetime("Answer Expected By", copy=False, guarded=True)
    answered_by = fields.Char(copy=False, help="Who of the customer's people answered.")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_reply_evidence_rel",
        string="Evidence of the Answer",
        copy=False,
        bypass_search_access=True,
        help="Mail, signed paper, phone note …",
    )

    @api.depends("kind")
    def _compute_expects_answer(self):
        for reply in self:
            reply.expects_answer = reply.kind in ANSWERED_KINDS

    def _check_answer_kept(self, vals):
        given = self.filtered(lambda reply: reply.answer in ("accepted", "objected"))
        gone = self.filtered(lambda reply: reply.complaint_id.anonymised_on)
        self._lock_fields(
            vals, {"answer_note", "answered_by", "evidence_ids"}, given | gone
        )

    # === due mixin: the answer ===

    def _due_running(self):
        return self.filtered(
            lambda reply: (
                reply.due_on
                and reply.state == "sent"
                and reply.round == reply.complaint_id.round
                and reply.complaint_id.state not in ("closed", "cancelled")
            )
        )

    @api.model
    def _due_running_domain(self):
        return (
            Domain("due_on", "!=", False)
            & Domain("state", "=", "sent")
            & Domain("complaint_id.state", "not in", ("closed", "cancelled"))
        )

    def _due_responsible(self):
        return self.complaint_id.user_id or self.sent_by_id

    def _due_levels(self):
        # who does not answer the final reply has nothing against it: recorded, but
        # nobody has to act
        return (
            []
            if self.kind == "final"
            else [(self.due_on, self.env["quality.complaint.role"])]
        )

    def _on_missed(self):
        """No answer within the days: recorded as such, the handler is told and
        goes on.
        """
        self._record_answer("none")

    def _notice_summary(self):
        return self.env._("No answer: %s", self.subject)

    def _answer_due(self, moment):
        """
        :param datetime moment: when the letter is sent
        :return: until when its answer is wanted, or False
        """
        days = self.expects_answer and self.complaint_id.policy_id.answer_days
        return bool(days) and fields.Datetime.add(moment, days=days)

    def _answer_notes(self):
        """What a mail says beside its button: until when, and how, to answer; nothing
        where no answer is wanted.

        :return: list of str in the customer's language
        """
        self.ensure_one()
        complaint = self.complaint_id
        due = self._answer_due(fields.Datetime.now())
        if not due:
            return []
        local = complaint.with_context(lang=complaint._customer_lang())
        return [
            complaint.name or "",
            local.env._(
                "Your answer is wanted by %s: online, or in a reply to this message.",
                local._portal_day(due),
            ),
        ]

    def _wait_for_answer(self):
        """Count the days from sending."""
        for reply in self:
            due = reply._answer_due(reply.sent_on)
            if due:
                reply._advance({"start_on": reply.sent_on, "due_on": due})
                reply._schedule_notices()

    def _stop_waiting(self):
        """The case is over, or runs again: the answers are not waited for any more."""
        waiting = self.filtered("next_notice_on")
        waiting._schedule_notices()
        waiting._end_notices()

    # === recording ===

    def _consent_or_sign(self):
        """The customer agrees: to the extension they were asked for, or to an offer,
        with their signature.
        """
        for reply in self:
            if reply.extension_id.state == "requested":
                reply._consent_to(reply.extension_id)
            elif reply.kind == "offer" and reply.evidence_ids:
                reply._sign_agreements()

    def _sign_agreements(self):
        """The signed paper of an accepted offer is the settlement agreement its
        remedies wait for.
        """
        # sudo: the customer has signed, whoever records it
        waiting = self.complaint_id.sudo().remedy_ids.filtered(
            lambda remedy: (
                remedy.needs_agreement
                and not remedy.agreement_signed_on
                and remedy.state in LIVE_STATES
            )
        )
        waiting.write(
            {
                "agreement_signed_on": fields.Date.context_today(
                    self, self.answered_on
                ),
                "agreement_signed_by": self.answered_by,
                "agreement_attachment_ids": [Command.set(self.evidence_ids.ids)],
            }
        )

    def action_no_answer(self):
        self._record_answer("none")
        return dict(RELOAD)

    def action_objected(self):
        """The customer does not agree: what was asked for is refused, an offer is
        planned again, an answered complaint reopens.
        """
        self.check_access("write")
        for reply in self:
            if not reply.answer_note:
                raise UserError(
                    self.env._(
                        "Write down what the customer objects to (“Answer in Words”) "
                        "first."
                    )
                )
        self._record_answer("objected")
        for reply in self:
            complaint = reply.complaint_id
            reason = self.env._("The customer objects: %s", reply.answer_note)
            if reply.extension_id.state == "requested":
                # sudo: the customer has decided, whoever records it
                reply.extension_id.sudo().action_refuse()
            elif reply.kind == "extension" or reply.round != complaint.round:
                # nothing follows: it was decided before, or the round was reopened
                # since
                continue
            elif complaint.state in ("replied", "closed"):
                complaint.action_reopen(reason, unsatisfied=True)
            elif reply.kind == "offer":
                complaint._plan_again(reason)
        return dict(RELOAD)

    def _record_answer(self, answer):
        self.check_access("write")
        for reply in self:
            if reply.state not in ("sent", "answered"):
                raise UserError(
                    self.env._("“%s” has not been sent yet.", reply.subject)
                )
            if reply.answer in ("accepted", "objected"):
                raise UserError(
                    self.env._(
                        "The answer to “%s” is recorded already. Reopen the complaint "
                        "if the customer thinks otherwise now.",
                        reply.subject,
                    )
                )
            if (
                reply.complaint_id.state == "cancelled"
                or reply.complaint_id.anonymised_on
            ):
                raise UserError(
                    self.env._(
                        "%s is finished for good: nothing can be recorded any more.",
                        reply.complaint_id.display_name,
                    )
                )
        now = fields.Datetime.now()
        self._advance({"answer": answer, "answered_on": now, "state": "answered"})
        if answer != "none":
            self._end_notices()
            self.complaint_id._resume("consent", "information")
        self._schedule_notices()
        answers = dict(self._fields["answer"]._description_selection(self.env))
        for reply in self:
            reply.complaint_id.message_post(
                body=Markup("<p><b>%s: %s</b></p><p>%s</p>")
                % (reply.subject or "", answers[answer], reply.answer_note or ""),
                attachment_ids=reply.evidence_ids.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _consent_to(self, extension):
        """Grant the extension; the answer is the evidence."""
        self.ensure_one()
        missing = (
            []
            if self.answered_by
            else [self.env._("who of the customer's people agreed (“Answered By”)")]
        )
        missing += (
            []
            if self.answer_note or self.evidence_ids
            else [self.env._("how they agreed (a note, or a file as evidence)")]
        )
        self.complaint_id._refuse(
            self.env._("The extension cannot be granted yet. Still missing: %s."),
            missing,
        )
        extension = (
            extension.sudo()
        )  # sudo: the customer has decided, whoever records it
        extension.write(
            {
                "consent_by": self.answered_by,
                "consent_on": self.answered_on,
                "consent_note": self.answer_note or self.subject,
                "attachment_ids": [Command.set(self.evidence_ids.ids)],
            }
        )
        extension.action_grant()


class QualityComplaintExtension(models.Model):
    _inherit = "quality.complaint.extension"

    reply_ids = fields.One2many("quality.complaint.reply", "extension_id", "Letters")

    def action_ask_customer(self):
        """Write to the customer why more time is needed; their answer grants or refuses
        it.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "requested":
            raise UserError(self.env._("%s is decided already.", self.display_name))
        draft = self.reply_ids.filtered(
            lambda reply: reply.state in ("draft", "to_approve", "approved")
        )[:1]
        replies = self.env["quality.complaint.reply"]
        return (
            draft
            or replies.create(
                {
                    "complaint_id": self.complaint_id.id,
                    "kind": "extension",
                    "extension_id": self.id,
                }
            )
        )._open_composer(new=not draft)
