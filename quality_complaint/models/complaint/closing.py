from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import Missing, says_nothing

# of replies: not with the customer yet
OPEN_STATES = ("draft", "to_approve", "approved", "sending", "failed")


class QualityComplaint(models.Model):
    """The end of the life cycle: replying, closing over no open ends, reopening,
    cancelling.
    """

    _inherit = "quality.complaint"

    reopen_reason = fields.Text(readonly=True, copy=False, guarded=True)
    open_ends = fields.Html(
        compute="_compute_open_ends",
        groups="quality_complaint.group_quality_complaint_user",
        help="What still blocks the next step, with links.",
    )

    # === reply, closing ===

    def _final_reply(self, *states):
        """The final reply sent in this round (or in one of these states), empty if
        there is none.
        """
        states = states or ("sent", "answered")
        return self.reply_ids.filtered(
            lambda reply: (
                reply.state in states
                and reply.round == self.round
                and reply._ends_the_case()
            )
        )[:1]

    def action_reply(self):
        """→ replied, once the final reply is out; states that type and severity do not
        require are skipped.
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_state(
                "registered", "investigating", "planning", "executing"
            )
            complaint._refuse(
                self.env._(
                    "%(complaint)s cannot be set to replied yet. Still missing: "
                    "%(missing)s."
                ),
                complaint._missing_to_reply(),
            )
            complaint._before_replied()
            reply = complaint._final_reply()
            reply.sudo()._advance(
                {"replied_from": complaint.state}
            )  # sudo: a handler may answer without the right to change what was sent
            complaint._advance({"state": "replied", "replied_on": reply.sent_on})
            complaint._on_replied(reply)
        return True

    def _send_to_customer(
        self,
        subject,
        body,
        attachments,
        partner=None,
        email=None,
        email_from=None,
        notes=None,
    ):
        """Mail the customer (the complaint's own address first) and keep it in the
        thread.

        :param body: sanitized HTML
        :param partner: `res.partner` to write to instead, e.g. an authority
        :param str email: its address
        :param str email_from: the sender instead of the user
        :param list notes: str, each a line beside the button of the mail
        :return: the `mail.message`
        """
        self.ensure_one()
        partner, email = (partner, email) if partner else (self.partner_id, self.email)
        values = {
            "subject": subject,
            "body": Markup(body or ""),
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
        }
        if (
            partner
            and (partner.email_normalized or "") == (email or "").strip().lower()
        ):
            values["partner_ids"] = partner.ids
        else:
            values["outgoing_email_to"] = email
        if email_from:
            values["email_from"] = email_from
        if notes:
            values["subtitles"] = notes
        # a customer who is also the author is mailed all the same
        return self.message_post(
            attachment_ids=attachments.ids, notify_author_mention=True, **values
        )

    def _missing_to_reply(self):
        missing = self._missing_steps(
            {"investigation_started", "concluded", "planned", "plan_approved"}
        )
        missing += [
            Missing(
                self.env._("execution of the remedy “%s”", remedy.display_name),
                "remedy_ids",
            )
            for remedy in self.remedy_ids
            if remedy.state in ("draft", "to_approve")
            or (remedy.state == "approved" and remedy.kind != "explanation")
        ]
        missing += [*self._missing_fields("reply"), *self._missing_guide("reply")]
        if not self._final_reply():
            missing.append(
                Missing(
                    self.env._("the final reply to the customer, sent"), "reply_ids"
                )
            )
        return missing

    def _missing_steps(self, codes):
        reached = self._reached_codes()
        return [
            self.env._("the step “%s”", milestone.name)
            for milestone in self._required_milestones()
            if milestone.code in codes and milestone.code not in reached
        ]

    def action_ask_close(self):
        """Close; when possible repeats are not decided, show them first, to decide or
        to leave open.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_closable()
        if not self._undecided_repeats():
            return self.action_close()
        return (
            self.env["quality.complaint.close"]
            .create({"complaint_id": self.id})
            ._show()
        )

    def action_close(self):
        """→ closed, unless something is still open: every open document and required
        step is listed with a link.
        """
        self.check_access("write")
        for complaint in self:
            complaint._check_closable()
            approvals = self.env["quality.complaint.approval"]
            granted = complaint.approval_ids.filtered(
                lambda a, c=complaint: (
                    a.subject == "closing"
                    and a.round == c.round
                    and a.state == "approved"
                )
            )
            missing = complaint._approval_roles("closing") - granted.role_id
            if missing:
                for role in missing:
                    approvals._request(complaint, "closing", role)
                continue
            complaint._close()
        return True

    def _check_closable(self):
        """
        :raise UserError: something is still open
        """
        self._check_state(
            "registered", "investigating", "planning", "executing", "replied"
        )
        self._refuse(
            self.env._("%(complaint)s cannot be closed yet. Still open: %(missing)s."),
            [text for text, _record in self._get_open_ends()],
        )

    def _give_explanations(self):
        """Explanations are given by the reply itself."""
        # sudo: a handler may answer without the right to change remedies
        self.sudo().remedy_ids.filtered(
            lambda r: r.kind == "explanation" and r.state in ("approved", "executing")
        )._set_done()

    def _close(self):
        for complaint in self:
            complaint._advance({"state": "closed", "closed_on": fields.Datetime.now()})
            complaint._on_closed()

    def _case_ends(self):
        """What is open in the case itself, as in `_get_open_ends`."""
        self.ensure_one()
        ends = [
            (text, None)
            for text in self._missing_steps(
                {m.code for m in self._required_milestones()} - {"closed"}
            )
        ]
        if (
            self.type_id.uses_severity
            and self.policy_id.ask_serious_event
            and self.sudo().serious_event == "unknown"
        ):  # sudo: field group
            ends.append(
                (self.env._("the customer's answer on serious injury or death"), None)
            )
        if (
            self.severity_id.score
            and self.validity != "invalid"
            and not self.responsible_id
        ):
            ends.append(
                (
                    self.env._(
                        "the responsible party, whom the points of its severity stand "
                        "on"
                    ),
                    None,
                )
            )
        ends += [
            (name, None)
            for name in (
                *self._missing_fields("close"),
                *self._missing_guide("close"),
            )
        ]
        for row in self.investigation_ids.filtered(
            lambda row: row.sample_state in ("asked", "received", "tested")
        ):
            ends.append(
                (
                    self.env._(
                        "the sample of “%s”: asked for, but nobody said what became "
                        "of it",
                        row.display_name,
                    ),
                    row,
                )
            )
        ends += [
            (self.env._("approval of the remedies by the role “%s”", role.name), None)
            for _subject, role, remedies in self._unapproved_remedies()
            if remedies
        ]
        ends += [
            (
                self.env._("the reason why “%s” was late", row.limit_id.display_name),
                None,
            )
            for row in self.sudo()._late_without_reason()  # sudo: as above
        ]
        for remedy in self.remedy_ids.filtered(
            lambda remedy: remedy.state not in ("done", "refused", "cancelled")
        ):
            ends.append((self.env._("remedy “%s”", remedy.display_name), remedy))
            ends += self._open_document_ends(remedy)
        # sudo: transfers of the warehouse are named to whoever closes
        for picking in self.sudo().inspection_ids.move_ids.picking_id.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ):
            ends.append(
                (
                    self.env._(
                        "%s: returned goods on their way after the inspection",
                        picking.name,
                    ),
                    picking,
                )
            )
        ends += [
            (text, action) for action in self.action_ids if (text := action._open_end())
        ]
        for approval in self.approval_ids.filtered(
            lambda approval: approval.state == "pending"
        ):
            ends.append((self.env._("approval “%s”", approval.display_name), approval))
        for reply in self.reply_ids.filtered(
            lambda reply: reply.state in OPEN_STATES and not reply._is_made_up_for()
        ):
            texts = {
                "sending": self.env._("reply “%s” being sent", reply.display_name),
                "failed": self.env._("reply “%s” not delivered", reply.display_name),
            }
            ends.append(
                (
                    texts.get(reply.state)
                    or self.env._("reply “%s” not sent", reply.display_name),
                    reply,
                )
            )
        for revisit in self.revisit_ids.filtered(
            lambda revisit: revisit.state == "planned"
        ):
            ends.append((self.env._("revisit of the customer"), revisit))
        for child in self.child_ids.filtered(
            lambda child: child.state not in ("closed", "cancelled")
        ):
            ends.append(
                (self.env._("complaint %s of this case", child.display_name), child)
            )
        return ends

    def _unfinished_documents(self, remedy):
        """Returns and credit notes of a remedy that are not finished, as in
        `_get_open_ends`.
        """
        return [
            (
                self.env._(
                    "%(document)s (%(status)s)",
                    document=document.display_name,
                    status=remedy._document_status(document),
                ),
                document,
            )
            for document in remedy._open_documents()
        ]

    # === reopening, cancelling ===

    def action_open_reopen(self):
        self._before_reopened()
        return self._open_reason("reopen", self.env._("Reopen Complaint"))

    def action_open_cancel(self):
        return self._open_reason("cancel", self.env._("Cancel Complaint"))

    def _open_reason(self, purpose, title):
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            title, purpose, complaint_id=self.id
        )

    def action_reopen(self, reason=None, unsatisfied=False):
        """Replied or closed → investigating in the next round; what was done stays as
        history.

        :param str reason: objection of the customer, unsatisfied revisit, new facts
        :param bool unsatisfied: the customer was asked, or objected: the policy says
            who handles it now, see `_review`
        """
        self._before_reopened()
        self.check_access("write")
        self._claim()
        for complaint in self:
            complaint._check_state("replied", "closed")
            complaint._refuse(
                self.env._("%(complaint)s cannot be reopened without: %(missing)s."),
                [self.env._("a reason")] if says_nothing(reason) else [],
            )
            complaint.revisit_ids.filtered(
                lambda revisit: revisit.state == "planned"
            )._set_cancelled()
            complaint.approval_ids._withdraw()
            # sudo: what waited for approval is planned anew, whoever reopens
            complaint.sudo().remedy_ids.filtered(
                lambda remedy: remedy.state == "to_approve"
            )._set_draft()
            complaint._end_round(reason)
            complaint._advance(
                {
                    "state": "investigating",
                    "round": complaint.round + 1,
                    "closed_on": False,
                    "reopen_reason": reason,
                }
            )
            complaint._on_reopened(reason, unsatisfied)
        return True

    def action_cancel(self, kind=None, reason=None, duplicate_of=None):
        """Cancel: withdrawn, duplicate, entered by mistake. Refused while remedies have
        documents.

        :param str kind: `withdrawn`, `duplicate` or `mistake`
        :param str reason: mandatory
        :param duplicate_of: the other `quality.complaint` when it is a duplicate
        """
        self.check_access("write")
        for complaint in self:
            if complaint.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s is finished already and cannot be cancelled.",
                        complaint.display_name,
                    )
                )
            missing = []
            if not kind:
                missing.append(self.env._("why it is cancelled"))
            if says_nothing(reason):
                missing.append(self.env._("a reason"))
            if kind == "duplicate" and (not duplicate_of or duplicate_of == complaint):
                missing.append(self.env._("the complaint it duplicates"))
            running = complaint.remedy_ids.filtered(
                lambda remedy: (
                    remedy.state in ("executing", "done")
                    and remedy.kind != "explanation"
                )
            )
            missing += [
                self.env._(
                    "the end of the remedy “%s”, which has documents",
                    remedy.display_name,
                )
                for remedy in running
            ]
            complaint._refuse(
                self.env._("%(complaint)s cannot be cancelled without: %(missing)s."),
                missing,
            )
            # sudo: the conditions were checked above; a handler may cancel without the
            # right to change remedies
            complaint.sudo().remedy_ids.filtered(
                lambda remedy: remedy.state not in ("done", "refused", "cancelled")
            )._set_cancelled()
            complaint.approval_ids._withdraw()
            complaint.revisit_ids.filtered(
                lambda revisit: revisit.state == "planned"
            )._set_cancelled()
            complaint._advance(
                {
                    "state": "cancelled",
                    "cancel_kind": kind,
                    "cancel_reason": reason,
                    "duplicate_of_id": duplicate_of.id if duplicate_of else False,
                }
            )
            complaint._on_cancelled()
        return True
