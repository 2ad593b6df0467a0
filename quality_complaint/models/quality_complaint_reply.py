from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class QualityComplaintReply(models.Model):
    """An answer to the customer (or to an authority), and his answer to it."""

    _name = "quality.complaint.reply"
    _description = "Complaint Reply"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files", "mail.thread"]
    _order = "complaint_id, id"
    _rec_name = "subject"
    _guarded = frozenset({"state", "sent_by_id", "answer", "answered_on"})
    _fixed = frozenset({"complaint_id", "round"})

    complaint_id = fields.Many2one("quality.complaint", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    round = fields.Integer(default=1, readonly=True)
    kind = fields.Selection(
        [
            ("first_response", "First response"),
            ("progress", "Progress report"),
            ("offer", "Offer"),
            ("final", "Final reply"),
            ("authority", "Letter to an authority"),
        ],
        required=True,
        default="final",
    )
    method = fields.Selection([("written", "Written"), ("oral", "Oral")], required=True, default="written")
    send_as = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter")], compute="_compute_send_as", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    email = fields.Char(related="complaint_id.email")
    subject = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    body = fields.Html(compute="_compute_text", store=True, readonly=False, precompute=True, sanitize=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "Waiting for approval"),
            ("approved", "Approved"),
            ("sent", "Sent"),
            ("answered", "Answered"),
        ], "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    sent_on = fields.Datetime(copy=False, help="When the customer was told. For oral answers and letters it can be stated.")
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answer = fields.Selection(
        [("accepted", "Accepted"), ("objected", "Objected"), ("none", "No answer")], "Customer's Answer", readonly=True, copy=False
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    answer_note = fields.Text("Answer in Words", copy=False)
    attachment_ids = fields.Many2many(
        "ir.attachment", "quality_complaint_reply_attachment_rel", string="Attachments", bypass_search_access=True,
        help="Sent with the reply, or evidence of the customer's answer.",
    )

    @api.depends("complaint_id.email", "method")
    def _compute_send_as(self):
        for reply in self:
            if reply.method == "oral":
                reply.send_as = False
            else:
                reply.send_as = "mail" if reply.complaint_id.email else "letter"

    @api.depends("kind", "complaint_id")
    def _compute_text(self):
        for reply in self:
            if reply.state not in (False, "draft") or not reply.complaint_id:
                continue
            template = reply._template()
            if template:
                complaint = reply.complaint_id._origin or reply.complaint_id
                lang = complaint._customer_lang()
                # sudo: the template reads remedies and documents that the author of the reply may not open
                rendered = template.sudo().with_context(lang=lang)
                reply.subject = rendered._render_field("subject", complaint.ids, compute_lang=True)[complaint.id]
                reply.body = rendered._render_field("body_html", complaint.ids, compute_lang=True)[complaint.id]

    def _template(self):
        """The mail template of this kind of reply."""
        self.ensure_one()
        names = {"first_response": "first_response", "progress": "progress"}
        return self.env.ref(f"quality_complaint.mail_template_{names.get(self.kind, 'final_reply')}", raise_if_not_found=False)

    def write(self, vals):
        # what was asked to be approved is what goes out, what went out stays
        fixed = {"kind", "subject", "body", "method", "send_as", "sent_on"}
        self._lock_fields(vals, fixed, self.filtered(lambda reply: reply.state != "draft"))
        self._lock_fields(vals, {"attachment_ids"}, self.filtered(lambda reply: reply.state in ("to_approve", "approved")))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if self.filtered(lambda reply: reply.state != "draft"):
            raise UserError(self.env._("A reply that was sent, or put before somebody, belongs to the file and cannot be deleted."))

    # === sending ===

    def action_send(self):
        """Send the reply, or ask for its approval first where the severity wants it.

        A final reply takes the complaint to “replied”.
        """
        self.check_access("write")
        for reply in self:
            reply._check_sendable()
            roles = reply.complaint_id._approval_roles("reply")
            if roles and reply.state == "draft" and reply.kind in ("offer", "final", "authority"):
                reply._advance({"state": "to_approve"})
                for role in roles:
                    self.env["quality.complaint.approval"]._request(reply.complaint_id, "reply", role, reply_id=reply.id)
                continue
            reply._send()
        return {"type": "ir.actions.act_window_close"}

    def action_print(self):
        self.check_access("read")
        return self.env.ref("quality_complaint.action_report_reply_letter").report_action(self)

    def _check_sendable(self):
        self.ensure_one()
        complaint = self.complaint_id
        if self.state not in ("draft", "approved"):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._("“%(reply)s” cannot be sent: %(state)s.", reply=self.subject, state=states[self.state]))
        missing = []
        if self.method == "written" and is_html_empty(self.body):
            missing.append(self.env._("the text of the reply"))
        if self.method == "oral" and is_html_empty(self.body):
            missing.append(self.env._("what the customer was told"))
        if self.send_as == "mail" and not complaint.partner_id and not complaint.email:
            missing.append(self.env._("the customer"))
        if self.send_as == "mail" and not complaint.email:
            missing.append(
                self.env._("an e-mail address (enter one on complaint %s, or send a letter)", complaint.display_name)
            )
        if self.sent_on and self.sent_on > fields.Datetime.now():
            missing.append(self.env._("a date that is not in the future"))
        if self.sent_on and self.sent_on < complaint.received_on:
            missing.append(self.env._("a date after the receipt of the complaint"))
        complaint._refuse(self.env._("The reply cannot be sent yet. Still missing: %s."), missing)
        if self.kind in ("final", "authority") and complaint.state != "replied":
            conditions = complaint._missing_to_reply()[:-1]  # all but the reply itself
            complaint._refuse(self.env._("%(complaint)s is not ready for its final reply. Still missing: %(missing)s."), conditions)

    def _send(self):
        self.ensure_one()
        complaint = self.complaint_id
        if self.send_as == "mail":
            complaint._send_to_customer(self.subject, self.body, self.attachment_ids)
        else:
            kind = self.env._("Told orally") if self.method == "oral" else self.env._("Sent as a letter")
            complaint.message_post(body=Markup("<p><b>%s: %s</b></p>%s") % (kind, self.subject, self.body or ""), subtype_xmlid="mail.mt_note")
        # a mail leaves now, whatever was typed; oral answers and letters happened when somebody says so
        stated = self.send_as != "mail" and self.sent_on
        self._advance({"state": "sent", "sent_on": stated or fields.Datetime.now(), "sent_by_id": self.env.uid})
        complaint._reach("responded", on=self.sent_on)
        if self.kind == "progress":
            complaint._reach("progress_reported", on=self.sent_on, source=self)
        if self.kind in ("final", "authority") and complaint.state != "replied":
            complaint.action_reply()

    def _set_approved(self):
        """Approved by its role: it goes out."""
        for reply in self:
            reply._advance({"state": "approved"})
            reply._send()

    def _set_draft(self):
        self._advance({"state": "draft"})

    # === the customer's answer ===

    def action_accepted(self):
        return self._record_answer("accepted")

    def action_no_answer(self):
        return self._record_answer("none")

    def action_objected(self):
        """The customer does not agree: the complaint reopens into its next round."""
        self.check_access("write")
        for reply in self:
            if not reply.answer_note:
                raise UserError(self.env._("Write down what the customer objects to (“Answer in Words”) first."))
        self._record_answer("objected")
        for reply in self:
            if reply.complaint_id.state in ("replied", "closed"):
                reply.complaint_id.action_reopen(self.env._("The customer objects: %s", reply.answer_note))
        return True

    def _record_answer(self, answer):
        self.check_access("write")
        for reply in self:
            if reply.state not in ("sent", "answered"):
                raise UserError(self.env._("“%s” has not been sent yet.", reply.subject))
        self._advance({"answer": answer, "answered_on": fields.Datetime.now(), "state": "answered"})
        if answer != "none":
            self.complaint_id._resume("consent", "information")
        return True
