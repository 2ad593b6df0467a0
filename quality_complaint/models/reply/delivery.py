from odoo import fields, models

from .reply import SENT_STATES


class QualityComplaintReply(models.Model):
    """A reply by mail: being sent, with the customer, or come back. Only in the
    customer's hands it is a reply.
    """

    _inherit = "quality.complaint.reply"

    failure = fields.Char(
        "Why It Was Not Delivered", readonly=True, copy=False, guarded=True
    )
    # a state of `quality.complaint`; what it goes back to when the mail comes back
    replied_from = fields.Char(readonly=True, copy=False, guarded=True)

    def _is_made_up_for(self):
        """Not delivered, but another one of its kind was sent since."""
        self.ensure_one()
        later = self.complaint_id.reply_ids.filtered(
            lambda reply: (
                reply.kind == self.kind
                and reply.round == self.round
                and reply.recipient_id == self.recipient_id
                and reply.state in (*SENT_STATES, "sending")
                and reply.id > self.id
            )
        )
        return self.state == "failed" and bool(later)

    # === sending ===

    def _follow_mail(self, state, reason):
        """Bring the reply in line with what became of its mail.

        :param str state: `sending`, `sent` or `failed`
        :param reason: why it failed, or False
        """
        self.ensure_one()
        here = self._as_sender()
        if state == "sending" and self.state == "failed":
            here._advance({"state": "sending", "failure": False})  # tried again
        elif state == "sent" and self.state in ("sending", "failed"):
            here._set_sent(fields.Datetime.now())
        elif state == "failed" and self.state in ("sending", *SENT_STATES):
            here._set_undelivered(reason)

    def _as_sender(self):
        """The queue sends mails as nobody: what follows is done by whoever pressed
        “Send”, in their company.

        :return: in superuser mode
        """
        user = self.sent_by_id or self.env.user
        # sudo: as in `_send`; the conditions were checked then
        return (
            self.with_user(user)
            .sudo()
            .with_context(
                allowed_company_ids=self.company_id.ids,
                lang=user.lang or self.env.lang,
                tz=user.tz,
            )
        )

    def _set_sent(self, on):
        """The customer has it.

        :param datetime on: naive UTC
        """
        self.ensure_one()
        self._advance({"state": "sent", "sent_on": on, "failure": False})
        self._stamp_steps()
        if (
            self.kind == "request"
            and self.investigation_id
            and not self.investigation_id.done_on
        ):
            known = self.complaint_id.sudo().deadline_ids  # sudo: stamps of the flow
            self.investigation_id.sudo()._set_sample_asked(
                self.sent_on
            )  # sudo: whoever may write to the customer may ask them for the sample
            self.complaint_id.sudo()._rest_on_mail(
                known, self.message_id
            )  # sudo: as above
        self._wait_for_answer()
        self._end_the_case()

    def _stamp_steps(self):
        """The steps that a reply in the customer's hands is; each is stamped once."""
        self.ensure_one()
        complaint = self.complaint_id
        known = complaint.sudo().deadline_ids  # sudo: stamps of the flow
        complaint._reach("responded", on=self.sent_on)
        if self.kind == "progress":
            complaint._reach("progress_reported", on=self.sent_on, source=self)
        if self.kind == "authority":
            complaint._reach("authority_answered", on=self.sent_on)
        if (
            complaint.state == "replied"
            and self._ends_the_case()
            and "replied" not in complaint._reached_codes()
        ):
            # the reply that had ended the case came back, this one did not
            complaint._advance({"replied_on": self.sent_on})
            complaint._reach("replied", on=self.sent_on, source=self)
        complaint.sudo()._rest_on_mail(known, self.message_id)  # sudo: as above

    def _end_the_case(self):
        """A final reply takes the complaint to “replied”. A mail that has left is not
        taken back when something got in its way meanwhile.
        """
        complaint = self.complaint_id
        if not self._ends_the_case() or complaint.state == "replied":
            return
        known = complaint.sudo().deadline_ids  # sudo: stamps of the flow
        missing = (
            complaint._missing_to_reply()
            if complaint.state
            in ("registered", "investigating", "planning", "executing")
            else []
        )
        if self.send_as == "mail" and (
            missing
            or complaint.state in ("new", "closed", "cancelled")
            or self.round != complaint.round
        ):
            complaint._tell_reply_too_early(self, missing)
            return
        complaint.action_reply()
        complaint.sudo()._rest_on_mail(known, self.message_id)  # sudo: as above

    # === not delivered ===

    def _set_undelivered(self, reason):
        """It did not leave, or came back: what it had stamped does not count, nothing
        of it is deleted.

        An answer of the customer shows that they have it all the same.

        :param reason: why, or False
        """
        self.ensure_one()
        complaint = self.complaint_id
        if self.answer in ("accepted", "objected"):
            complaint.message_post(
                body=self.env._(
                    "“%(reply)s” came back as undeliverable, but the customer has "
                    "answered it: nothing changes.",
                    reply=self.subject,
                )
            )
            return
        sent_on = self.sent_on
        self._end_notices()
        self._advance(
            {
                "state": "failed",
                "failure": reason,
                "sent_on": False,
                "answer": False,
                "answered_on": False,
                "start_on": False,
                "due_on": False,
                "missed_on": False,
                "notice_level": 0,
                "next_notice_on": False,
            }
        )
        if sent_on and self.investigation_id:
            self.investigation_id._take_back_sample_request(sent_on)
        stamps = complaint._take_back_steps(self.message_id, reason)
        returned = self._return_case(stamps)
        complaint._tell_undelivered(f"“{self.subject}”", reason, stamps, returned)

    def _return_case(self, stamps):
        """The complaint is not replied to after all.

        :param stamps: taken back with the reply
        :return: label of the status it returns to; False when it stays
        """
        complaint = self.complaint_id
        if (
            complaint.state != "replied"
            or self.round != complaint.round
            or "replied" not in stamps.mapped("milestone_code")
        ):
            return False
        if "replied" in complaint._reached_codes():
            return False  # by another final reply
        complaint.revisit_ids.filtered(
            lambda revisit: revisit.state == "planned"
        )._set_cancelled()
        state = self.replied_from or "executing"
        complaint._advance({"state": state, "replied_on": False})
        explained = complaint.remedy_ids.filtered(
            lambda remedy: (
                remedy.kind == "explanation"
                and remedy.state == "done"
                and remedy.round == self.round
            )
        )
        explained._advance({"state": "approved"})  # it was given by the reply itself
        return dict(complaint._fields["state"]._description_selection(self.env))[state]


class QualityComplaintInvestigation(models.Model):
    _inherit = "quality.complaint.investigation"

    def _take_back_sample_request(self, moment):
        """The letter that asked for the sample was not delivered: nobody waits for it,
        and no time is given back for having waited.

        :param datetime moment: when the letter was sent
        """
        for row in self.filtered(
            lambda row: (
                not row.done_on
                and not row.sample_received_on
                and row.sample_asked_on == moment
            )
        ):
            row._end_sample_reminder()
            row.write({"sample_asked_on": False, "sample_expected_on": False})
            complaint = row.complaint_id
            if complaint.waiting_for == "sample" and complaint.waiting_since >= moment:
                complaint.deadline_ids._resume(complaint.waiting_since)
            complaint._resume_unless_sample_awaited()
