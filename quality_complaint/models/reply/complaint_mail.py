import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, format_list

from ...tools import printed_moment
from ..deadline.complaint_steps import ONCE_STEPS

_logger = logging.getLogger(__name__)

DELIVERY_STATES = [
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Not delivered"),
]


class QualityComplaint(models.Model):
    """Whether a mail to the customer got there: the steps it stamps count from the
    moment it is sent, and no longer when it comes back.
    """

    _inherit = "quality.complaint"

    # === Mails of a complaint: the acknowledgement's own state, and what follows from
    # the delivery of all of them ===

    acknowledgement_id = fields.Many2one(
        "mail.message",
        "Mail of the Acknowledgement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        guarded=True,
    )
    acknowledgement_state = fields.Selection(
        DELIVERY_STATES, "Acknowledgement", readonly=True, copy=False, guarded=True
    )
    mail_notice = fields.Char(
        compute="_compute_mail_notice",
        help="Mails to the customer that are being sent, or were not delivered.",
    )
    mail_failed = fields.Boolean(compute="_compute_mail_notice")

    @api.depends("acknowledgement_state", "reply_ids.state")
    @api.depends_context("lang")
    def _compute_mail_notice(self):
        for complaint in self:
            # sudo: only how far the mails are
            replies = complaint.sudo().reply_ids.filtered(
                lambda reply, c=complaint: reply.round == c.round
            )
            failed = replies.filtered(
                lambda reply: reply.state == "failed" and not reply._is_made_up_for()
            )
            parts = {
                "failed": [self.env._("the acknowledgement")]
                * (complaint.acknowledgement_state == "failed")
                + [f"“{reply.subject}”" for reply in failed],
                "sending": [self.env._("the acknowledgement")]
                * (complaint.acknowledgement_state == "sending")
                + [
                    f"“{reply.subject}”"
                    for reply in replies
                    if reply.state == "sending"
                ],
            }
            texts = []
            if parts["failed"]:
                texts.append(
                    self.env._(
                        "Not delivered, the customer does not have it: %s.",
                        format_list(self.env, parts["failed"]),
                    )
                )
            if parts["sending"]:
                texts.append(
                    self.env._(
                        "Being sent, not yet with the customer: %s.",
                        format_list(self.env, parts["sending"]),
                    )
                )
            complaint.mail_notice = " ".join(texts)
            complaint.mail_failed = bool(parts["failed"])

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Colleagues get a button to the complaint, the customer's people one to its
        page, also where they are known by their address only; suppliers, authorities
        and others none.
        """
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for group in groups:
            if group[0] == "portal_customer":
                group[2]["button_access"]["title"] = self.env._("See Where It Stands")
            elif group[0] != "user":
                group[2]["has_button_access"] = False
        # sudo: to whom it goes, whoever writes it
        alone = (msg_vals or {}).get("outgoing_email_to") or (
            message.sudo().outgoing_email_to
        )
        address = self and alone and email_normalize(self.email or "")
        if not address:
            return groups
        # sudo: whoever writes may make the link of the letter
        url = self.get_base_url() + self.sudo().get_portal_url()
        local = self.with_context(lang=self._customer_lang()).env
        theirs = {
            "active": True,
            "has_button_access": True,
            "button_access": {"url": url, "title": local._("See Where It Stands")},
        }

        def is_theirs(data):
            return not data["id"] and data["email_normalized"] == address

        return [("complaint_address", is_theirs, theirs), *groups]

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        """Mails to others than our people name our channels, where the company wants
        it.
        """
        body = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
        name = recipients_group.get("notification_group_name")
        channels = self.company_id._complaint_published() if name != "user" else []
        if not channels:
            return body
        ways = Markup(" · ").join(
            f"{channel['name']}: {channel['contact']}" for channel in channels
        )
        return (
            body
            + Markup('<p style="margin: 16px; color: #6c757d; font-size: 12px">%s</p>')
            % ways
        )

    # === following the mails ===

    @api.model
    def _follow_deliveries(self, messages):
        """Bring complaints in line with what became of their mails; may be called again
        at any time.

        A mail that has left is never sent twice because we stumbled: what fails here is
        done by the scheduled action.

        :param messages: `mail.message` of complaints, in superuser mode
        """
        for message in messages:
            try:
                with self.env.cr.savepoint():
                    self._follow_delivery(message)
                    self.env.flush_all()
            except Exception:
                _logger.exception(
                    "Could not follow the delivery of %s; the scheduled action tries "
                    "again",
                    message,
                )
                self.env.invalidate_all()
                self.env.ref("quality_complaint.ir_cron_due")._trigger()

    @api.model
    def _follow_delivery(self, message):
        state, reason = message._complaint_delivery()
        # sudo: follows from the mail, whoever runs the queue
        for reply in (
            self.env["quality.complaint.reply"]
            .sudo()
            .search(
                [
                    ("message_id", "=", message.id),
                    ("send_as", "=", "mail"),
                    ("complaint_id.anonymised_on", "=", False),
                ]
            )
        ):
            reply._follow_mail(state, reason)
        for complaint in self.sudo().search(
            [("acknowledgement_id", "=", message.id), ("anonymised_on", "=", False)]
        ):  # sudo: as above
            complaint.with_user(message.create_uid).sudo()._follow_acknowledgement(
                state, reason
            )  # sudo: as above; it was sent by whoever registered

    @api.model
    def _follow_open_deliveries(self):
        """Mails whose outcome nobody has taken notice of; called by the scheduled
        action.
        """
        # sudo: as above
        messages = (
            self.env["quality.complaint.reply"]
            .sudo()
            .search([("state", "=", "sending")])
            .message_id
        )
        messages |= (
            self.sudo()
            .search([("acknowledgement_state", "=", "sending")])
            .acknowledgement_id
        )  # sudo: as above
        self._follow_deliveries(messages)

    # === acknowledgement ===

    def _acknowledge(self):
        """Send the acknowledgement with the complaint number; without an e-mail address
        it is noted, not refused.
        """
        for complaint in self.filtered("policy_id.acknowledge"):
            # nobody complained: a case of many customers, goods that we ask back
            if not complaint.is_batch and not complaint._is_asked_back():
                complaint._send_acknowledgement()

    def action_acknowledge(self):
        """Send the acknowledgement again, once its address is right."""
        self.check_access("write")
        for complaint in self:
            complaint._refuse(
                self.env._(
                    "The acknowledgement of %(complaint)s cannot be sent. Still "
                    "missing: %(missing)s."
                ),
                []
                if complaint.email or complaint.partner_id.email
                else [self.env._("an e-mail address (“E-mail” of the complaint)")],
            )
            if (
                complaint.state in ("new", "closed", "cancelled")
                or complaint.acknowledgement_state != "failed"
            ):
                continue
            complaint._send_acknowledgement()
        return True

    def _send_acknowledgement(self):
        self.ensure_one()
        template = self.env.ref(
            "quality_complaint.mail_template_acknowledgement", raise_if_not_found=False
        )
        email = self.email or self.partner_id.email
        if not template:
            return
        if not email:
            self.message_post(
                body=self.env._(
                    "No acknowledgement sent: the customer has no e-mail address."
                )
            )
            return
        texts = self._in_their_words(template)
        files = self.env["ir.attachment"]
        message = self._send_to_customer(
            texts["subject"],
            texts["body_html"],
            files,
            self.partner_id,
            email,
            email_from=texts["email_from"],
        )
        self._advance(
            {"acknowledgement_id": message.id, "acknowledgement_state": "sending"}
        )
        self._follow_deliveries(message.sudo())  # sudo: as in `_follow_delivery`

    def _tell_handler(self):
        """Tell the customer who handles the case from now on, where the policy wants it
        (R4: whoever received it says who takes over).
        """
        template = self.env.ref(
            "quality_complaint.mail_template_handler", raise_if_not_found=False
        )
        for complaint in self.filtered(
            lambda c: (
                c.user_id
                and c.name
                and c.state not in ("closed", "cancelled")
                and c.sudo().policy_id.tell_handler  # sudo: the policy's, whoever reads
            )
        ):
            email = complaint.email or complaint.partner_id.email
            if not template or not email:
                complaint.message_post(
                    body=self.env._(
                        "The customer has no e-mail address: tell them by phone that "
                        "%s handles their case now.",
                        complaint.user_id.name,
                    )
                )
                continue
            texts = complaint._in_their_words(template)
            complaint._send_to_customer(
                texts["subject"],
                texts["body_html"],
                self.env["ir.attachment"],
                complaint.partner_id,
                email,
                email_from=texts["email_from"],
            )

    def _in_their_words(self, template, **context):
        """A mail template in the language of the customer.

        :param template: `mail.template` of complaints
        :param context: what the template reads of it
        :return: dict `subject`, `body_html`, `email_from`
        """
        self.ensure_one()
        # sudo: the template reads what whoever sends it may not open
        render = template.sudo().with_context(**context)._render_field
        return {
            name: render(name, self.ids, set_lang=self._customer_lang())[self.id]
            for name in ("subject", "body_html", "email_from")
        }

    def _follow_acknowledgement(self, state, reason):
        """:param str state: of `DELIVERY_STATES`; other parameters as in
        `_complaint_delivery`
        """
        if state == self.acknowledgement_state:
            return
        self._advance({"acknowledgement_state": state})
        if state == "sent":
            known = self.deadline_ids
            self._reach("acknowledged")
            self._rest_on_mail(known, self.acknowledgement_id)
        elif state == "failed":
            self._tell_undelivered(
                "", reason, self._take_back_steps(self.acknowledgement_id, reason)
            )

    # === steps that rest on a mail ===

    def _rest_on_mail(self, known, message):
        """Steps stamped since rest on a mail: without it they do not count.

        :param known: `quality.complaint.deadline` rows that were there before
        """
        (self.deadline_ids - known)._stamps()._advance({"message_id": message.id})

    def _take_back_steps(self, message, reason):
        """What a mail had stamped does not count any more; limits it ended run again by
        their first due dates, clocks it started end.

        :return: the `quality.complaint.deadline` stamps taken back
        """
        self.ensure_one()
        stamps = self.deadline_ids._stamps().filtered(
            lambda row: message and row.message_id == message
        )
        if not stamps:
            return stamps
        ended = self.deadline_ids.filtered(lambda row: row.ended_by_id in stamps)
        self.deadline_ids.filtered(
            lambda row: (
                row.limit_id and any(row._is_started_by(stamp) for stamp in stamps)
            )
        )._withdraw()
        stamps._advance(
            {
                "state": "cancelled",
                "revoked_on": fields.Datetime.now(),
                "revoked_reason": reason or self.env._("The mail was not delivered"),
            }
        )
        self.env["quality.complaint.deadline"].flush_model(["state", "done_on"])
        if self.state not in ("closed", "cancelled"):
            ended.filtered(
                lambda row: (
                    row.state != "cancelled"
                    and (row.round == self.round or row.milestone_code in ONCE_STEPS)
                )
            )._run_again()
            # other mails and talks of the round may have done the same
            others = self.reply_ids.filtered(
                lambda reply: (
                    reply.state in ("sent", "answered")
                    and reply.round == self.round
                    and reply.message_id != message
                )
            )
            for reply in others.sorted("sent_on"):
                reply._stamp_steps()
            self._refresh_deadlines()  # what the step had made needless
        return stamps

    def _tell_undelivered(self, what, reason, stamps, returned=False):
        """Note in the thread and activity for the handler, else for the team leader.

        :param str what: the mail, in words; the acknowledgement if not given
        :param stamps: what does not count any more
        :param returned: label of the status it returns to, if any
        """
        user = self._reachable(self.user_id) or self._reachable(self.team_id.leader_id)
        here = self.with_context(
            lang=user.lang or self.env.lang, tz=user.tz or self.env.tz
        )
        what = what or here.env._("The acknowledgement")
        parts = [
            here.env._(
                "%(mail)s was not delivered to %(customer)s. %(reason)s",
                mail=what,
                customer=here._customer_name(),
                reason=reason or "",
            )
        ]
        for row in stamps.with_env(here.env):
            parts.append(
                here.env._(
                    "“%(step)s” of %(when)s does not count any more.",
                    step=row.milestone_id.name,
                    when=printed_moment(here.env, row.done_on),
                )
            )
        rows = here.deadline_ids.filtered(
            lambda row: (
                row.state in ("running", "paused")
                and row.milestone_id in stamps.milestone_id
            )
        )
        for row in rows:
            parts.append(
                here.env._(
                    "“%(limit)s” runs again, due %(due)s.",
                    limit=row.limit_id.display_name,
                    due=printed_moment(here.env, row.due_on),
                )
            )
        if returned:
            parts.append(here.env._("Status: %s.", returned))
        if self.state in ("closed", "cancelled"):
            parts.append(
                here.env._(
                    "The complaint is finished already; reopen it if the customer "
                    "still has to be told."
                )
            )
        here.message_post(
            body=" ".join(parts),
            subtype_xmlid="mail.mt_note",
            partner_ids=user.partner_id.ids,
        )
        if user:
            here.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=here.env._("Not delivered: %s", what),
                note=" ".join(parts),
            )

    def _customer_name(self):
        return self.partner_id.name or self.complainant or self.email or ""
