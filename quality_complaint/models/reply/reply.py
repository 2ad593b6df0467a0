from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime, is_html_empty

from ...tools import goods_in_words, with_lot

# with the customer
SENT_STATES = ("sent", "answered")
# closes the dialog and shows what became of the complaint behind it
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


class QualityComplaintReply(models.Model):
    """An answer to the customer (or to an authority), and their answer to it.

    What follows from their answer is in `reply/answer.py`.
    """

    _name = "quality.complaint.reply"
    _description = "Complaint Reply"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
        "mail.thread",
    ]
    _due_action = "quality_complaint.action_reply"
    _order = "complaint_id, id"
    _rec_name = "subject"

    start_on = fields.Datetime(guarded=True)
    warn_on = fields.Datetime(guarded=True)
    done_on = fields.Datetime(guarded=True)
    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    is_batch = fields.Boolean(related="complaint_id.is_batch")
    round = fields.Integer(default=1, readonly=True, fixed=True)
    kind = fields.Selection(
        [
            ("first_response", "First response"),
            ("request", "Request for a sample or information"),
            ("extension", "Request for more time"),
            ("progress", "Progress report"),
            ("offer", "Offer"),
            ("final", "Final reply"),
            ("authority", "Letter to an authority"),
        ],
        required=True,
        default="final",
    )
    method = fields.Selection(
        [("written", "Written"), ("oral", "Oral")],
        "Form of Reply",
        required=True,
        default="written",
    )
    send_as = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter")],
        compute="_compute_send_as",
        store=True,
        readonly=False,
        precompute=True,
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    recipient_id = fields.Many2one(
        "res.partner",
        compute="_compute_recipient_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="To whom it is written: the customer, or the authority.",
        index="btree_not_null",
    )
    email = fields.Char(compute="_compute_email")
    lang = fields.Selection(
        "_selection_lang",
        "Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    template_id = fields.Many2one(
        "mail.template",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('model', '=', 'quality.complaint')]",
        ondelete="set null",
        help="Where the text comes from; choosing another one writes it anew.",
    )
    reference = fields.Char(
        "Their Reference", help="Number of the letter that is answered."
    )
    subject = fields.Char(
        compute="_compute_text", store=True, readonly=False, precompute=True
    )
    body = fields.Html(
        compute="_compute_text",
        store=True,
        readonly=False,
        precompute=True,
        sanitize=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "Waiting for approval"),
            ("approved", "Approved"),
            ("sending", "Being sent"),
            ("failed", "Not delivered"),
            ("sent", "Sent"),
            ("answered", "Answered"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help=(
            "Being sent: the mail has not left yet. Not delivered: it could not be "
            "sent, or came back; send it again, or as a letter."
        ),
        guarded=True,
    )
    sent_on = fields.Datetime(
        copy=False,
        help=(
            "When the customer was told. For oral answers and letters it can be stated."
        ),
    )
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False, guarded=True)
    answer = fields.Selection(
        [("accepted", "Accepted"), ("objected", "Objected"), ("none", "No answer")],
        "Customer's Answer",
        readonly=True,
        copy=False,
        guarded=True,
    )
    answered_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    answer_note = fields.Text("Answer in Words", copy=False)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_reply_attachment_rel",
        string="Attachments",
        bypass_search_access=True,
        help="Sent with the reply.",
    )
    message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        guarded=True,
    )

    # --- what it is about
    investigation_id = fields.Many2one(
        "quality.complaint.investigation",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Whose sample is asked for.",
        fixed=True,
    )
    extension_id = fields.Many2one(
        "quality.complaint.extension",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="More time, granted when the customer accepts.",
        fixed=True,
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("kind", "complaint_id.partner_id")
    def _compute_recipient_id(self):
        for reply in self:
            if reply.state not in (False, "draft"):
                continue  # to whom it went stays
            if reply.kind != "authority":
                reply.recipient_id = reply.complaint_id.partner_id
            elif reply.recipient_id == reply.complaint_id.partner_id:
                reply.recipient_id = False  # an authority is never guessed

    @api.depends("recipient_id.email", "complaint_id.email", "kind")
    def _compute_email(self):
        for reply in self:
            # sudo: where a letter goes is told to its author
            other = reply.recipient_id != reply.complaint_id.partner_id
            reply.email = (
                reply.sudo().recipient_id.email if other else reply.complaint_id.email
            )

    @api.depends("recipient_id", "complaint_id")
    def _compute_lang(self):
        for reply in self:
            if reply.state in (False, "draft") or not reply.lang:
                # sudo: as above
                reply.lang = (
                    reply.sudo().recipient_id.lang
                    or (reply.complaint_id and reply.complaint_id._customer_lang())
                    or self.env.lang
                )

    @api.depends("email", "method")
    def _compute_send_as(self):
        for reply in self:
            if reply.state not in (False, "draft"):
                continue
            if reply.method == "oral":
                reply.send_as = False
            else:
                reply.send_as = "mail" if reply.email else "letter"

    @api.depends("kind", "complaint_id.is_batch")
    def _compute_template_id(self):
        for reply in self:
            reply.template_id = reply._default_template()

    @api.constrains("complaint_id", "investigation_id", "extension_id")
    def _check_about(self):
        for reply in self:
            # sudo: only to whom they belong
            if (
                reply.sudo().investigation_id.complaint_id
                | reply.sudo().extension_id.complaint_id
            ) - (reply.complaint_id._origin or reply.complaint_id):
                raise ValidationError(
                    self.env._(
                        "The sample or extension a letter is about belongs to another "
                        "complaint than the letter."
                    )
                )

    def _default_template(self):
        """The mail template of this kind of reply; what a batch case drafts for its
        complaints has none, they add address and number.
        """
        self.ensure_one()
        if self.complaint_id.is_batch:
            return self.env.ref(
                "quality_complaint.mail_template_batch_text", raise_if_not_found=False
            )
        name = {"final": "final_reply"}.get(self.kind, self.kind)
        return self.env.ref(
            f"quality_complaint.mail_template_{name}", raise_if_not_found=False
        )

    @api.depends("template_id", "lang", "complaint_id", "inquiry_answer")
    def _compute_text(self):
        for reply in self:
            if (
                reply.state in (False, "draft")
                and reply.complaint_id
                and reply.template_id
            ):
                reply._check_template()
                reply._check_about()
                reply._render_template()

    @api.constrains("template_id")
    def _check_template(self):
        for reply in self:
            # sudo: only whether it is a template of complaints; rendered for another
            # model it would tell of records with the same id
            if (
                reply.template_id
                and reply.template_id.sudo().model != reply.complaint_id._name
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is no template for complaints.",
                        reply.template_id.sudo().name,
                    )
                )

    def _render_texts(self, **context):
        """
        :param context: for the template, as `ctx`
        """
        complaint = self.complaint_id._origin or self.complaint_id
        # sudo: the template reads remedies and documents that the author of the reply
        # may not open
        template = self.template_id.sudo().with_context(lang=self.lang, **context)
        self.subject = template._render_field(
            "subject", complaint.ids, set_lang=self.lang
        )[complaint.id]
        self.body = template._render_field(
            "body_html", complaint.ids, set_lang=self.lang
        )[complaint.id]

    def _letter_context(self):
        """What a template may say beyond the complaint.

        :return: dict of texts: sample, step, old_due, new_due, reason, answer,
            recipient
        """
        self.ensure_one()
        here = self.with_context(lang=self.lang)
        extension = (
            here.extension_id.sudo()
        )  # sudo: the customer is told why and until when
        tz = self.env.user.tz
        return {
            "sample": here._sample_in_words(),
            "step": extension.deadline_id.step_text,
            "old_due": extension
            and format_datetime(
                here.env, extension.deadline_id.due_on, tz=tz, dt_format="long"
            ),
            "new_due": extension
            and format_datetime(here.env, extension.due_on, tz=tz, dt_format="long"),
            "reason": extension.reason,
            "answer": self.inquiry_answer,
            "recipient": self.sudo().recipient_id.name,  # sudo: as above
        }

    def _sample_in_words(self):
        """What the customer shall send: `2 kg of Copper strip (L0042)`, empty when no
        sample is asked for.
        """
        row = self.investigation_id
        if not row:
            return ""
        goods = with_lot(row.product_id.name or "", row.lot_id.name)
        if row.sample_quantity:
            return goods_in_words(
                self.env, row.sample_quantity, row.product_uom_id, goods
            )
        return goods

    def _check_letter_kept(self, vals):
        """
        :raise UserError: what was asked to be approved is what goes out, what went out
            stays
        """
        submitted = self.filtered(lambda reply: reply.state != "draft")
        fixed = {
            "kind",
            "subject",
            "body",
            "method",
            "recipient_id",
            "lang",
            "template_id",
            "reference",
            "inquiry_answer",
            "attachment_ids",
        }
        self._lock_fields(vals, fixed, submitted)
        # what came back may go as a letter
        self._lock_fields(
            vals,
            {"send_as", "sent_on"},
            submitted.filtered(lambda reply: reply.state != "failed"),
        )

    def _added_later(self):
        return self.state not in ("sent", "answered")

    def _may_be_added(self):
        return (
            self.env.su
        )  # the letter with an 8D report that was finished after the complaint

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if self.filtered(lambda reply: reply.state != "draft"):
            raise UserError(
                self.env._(
                    "A reply that was sent, or put before somebody, belongs to the "
                    "file and cannot be deleted."
                )
            )

    # === sending ===

    def action_send(self):
        """Send the reply, or ask for its approval first where the severity or the
        policy's rules want it.

        A final reply takes the complaint to “replied”.
        """
        self.check_access("write")
        self.complaint_id._claim()  # pressed by two at once, it goes out once
        for reply in self:
            reply._check_sendable()
            roles = reply.complaint_id._approval_roles("reply")
            if (
                roles
                and reply.state == "draft"
                and reply.kind in ("offer", "final", "authority")
            ):
                reply._advance({"state": "to_approve"})
                for role in roles:
                    self.env["quality.complaint.approval"]._request(
                        reply.complaint_id, "reply", role, reply_id=reply.id
                    )
                continue
            reply._send()
        return dict(RELOAD)

    def action_print(self):
        self.check_access("read")
        return self.env.ref(
            "quality_complaint.action_report_reply_letter"
        ).report_action(self)

    def _check_sendable(self):
        self.ensure_one()
        complaint = self.complaint_id
        if self.state not in ("draft", "approved", "failed"):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(reply)s” cannot be sent: %(state)s.",
                    reply=self.subject,
                    state=states[self.state],
                )
            )
        missing = []
        if self.method == "written" and is_html_empty(self.body):
            missing.append(self.env._("the text of the reply"))
        missing += self._missing_answer()
        if self.kind == "offer":
            missing += complaint._missing_on_sheets("offer")
        if self.method == "oral" and is_html_empty(self.body):
            missing.append(self.env._("what the customer was told"))
        if self.kind == "authority" and not self.recipient_id:
            missing.append(self.env._("the authority it is written to (“Recipient”)"))
        elif self.send_as == "mail" and not self.recipient_id and not self.email:
            missing.append(self.env._("the customer"))
        if self.send_as == "mail" and not self.email:
            missing.append(
                self.env._(
                    "an e-mail address (enter one on complaint %s or on the "
                    "recipient, or send a letter)",
                    complaint.display_name,
                )
            )
        if self.sent_on and self.sent_on > fields.Datetime.now():
            missing.append(self.env._("a date that is not in the future"))
        if self.sent_on and self.sent_on < complaint.received_on:
            missing.append(self.env._("a date after the receipt of the complaint"))
        complaint._refuse(
            self.env._("The reply cannot be sent yet. Still missing: %s."), missing
        )
        if complaint.is_batch:
            raise UserError(
                self.env._(
                    "%s is a batch case: its complaints are answered. Press “Draft "
                    "for all complaints”.",
                    complaint.display_name,
                )
            )
        if self._ends_the_case() and complaint.state != "replied":
            conditions = complaint._missing_to_reply()[:-1]  # all but the reply itself
            complaint._refuse(
                self.env._(
                    "%(complaint)s is not ready for its final reply. Still missing: "
                    "%(missing)s."
                ),
                conditions,
            )

    def _send(self):
        self.ensure_one()
        complaint = self.complaint_id
        # sudo: whoever may send the letter posts it in the thread, also people of other
        # teams who work on the complaint
        thread = complaint.sudo()
        if self.send_as == "mail":
            message = thread._send_to_customer(
                self.subject,
                self.body,
                self.attachment_ids,
                self.recipient_id,
                self.email,
                notes=self._answer_notes(),
            )
        else:
            kind = (
                self.env._("Told orally")
                if self.method == "oral"
                else self.env._("Sent as a letter")
            )
            body = Markup("<p><b>%s: %s</b></p>%s") % (
                kind,
                self.subject,
                self.body or "",
            )
            message = thread.message_post(body=body, subtype_xmlid="mail.mt_note")
        self._advance({"sent_by_id": self.env.uid, "message_id": message.id})
        if self.send_as == "mail":
            # whatever was typed: a mail is sent when it leaves
            self._advance({"state": "sending", "sent_on": False, "failure": False})
            thread._follow_deliveries(message)
        else:
            # oral answers and letters happened when somebody says so
            self._set_sent(self.sent_on or fields.Datetime.now())

    def _ends_the_case(self):
        """The final reply; also a letter to an authority that is itself the customer of
        the complaint.
        """
        self.ensure_one()
        return self.kind == "final" or (
            self.kind == "authority"
            and self.recipient_id == self.complaint_id.partner_id
        )

    def _set_approved(self):
        """Approved by its role: it goes out."""
        for reply in self:
            reply._advance({"state": "approved"})
            reply._send()

    def _set_draft(self):
        self._advance({"state": "draft"})

    def _open_composer(self, new=False):
        """
        :param bool new: it was begun by opening it: discarded, it is gone
        """
        self.ensure_one()
        return self._get_records_action(
            name=self.env._("Write to the Customer"),
            target="new",
            views=[
                (
                    self.env.ref(
                        "quality_complaint.quality_complaint_reply_view_form_dialog"
                    ).id,
                    "form",
                )
            ],
            context={
                "dialog_size": "extra-large",
                "complaint_new_reply": self.id if new else False,
            },
        )

    def action_discard(self):
        """Close the composer; a draft that was begun by opening it goes with it."""
        self.check_access("write")
        self.filtered(
            lambda reply: (
                reply.state == "draft"
                and reply.id == self.env.context.get("complaint_new_reply")
            )
        ).unlink()
        return {"type": "ir.actions.act_window_close"}
