from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import pick_due, printed_moment


class QualityComplaintExtension(models.Model):
    """More time for a step: a request until the customer agrees; until then the old
    date counts.

    R1: "explained beforehand and agreed by the customer".
    """

    _name = "quality.complaint.extension"
    _description = "Extension of a Time Limit"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files"]
    _order = "id desc"

    deadline_id = fields.Many2one(
        "quality.complaint.deadline",
        "Step",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    complaint_id = fields.Many2one(
        related="deadline_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    current_due_on = fields.Datetime(
        related="deadline_id.due_on", string="Current Due Date"
    )
    due_on = fields.Datetime("New Date", required=True)
    reason = fields.Text(
        required=True, help="Told to the customer: why more time is needed."
    )
    state = fields.Selection(
        [("requested", "Requested"), ("granted", "Granted"), ("refused", "Refused")],
        "Status",
        default="requested",
        required=True,
        readonly=True,
        guarded=True,
    )
    first_due_on = fields.Datetime(
        "Was Due", readonly=True, help="The date before this extension.", guarded=True
    )
    consent_by = fields.Char("Agreed By", help="Who of the customer's people agreed.")
    consent_on = fields.Datetime("Agreed On")
    consent_note = fields.Text(
        "How", help="Phone note, mail or letter with the customer's consent."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_extension_attachment_rel",
        string="Evidence",
        copy=False,
        bypass_search_access=True,
    )
    decided_by_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, guarded=True
    )
    decided_on = fields.Datetime("Recorded On", readonly=True, guarded=True)

    _one_request = models.UniqueIndex(
        "(deadline_id) WHERE state = 'requested'",
        "An extension of this step is asked for already.",
    )

    @api.depends("deadline_id", "due_on")
    def _compute_display_name(self):
        for extension in self:
            due_on = (
                printed_moment(self.env, extension.due_on) if extension.due_on else ""
            )
            extension.display_name = " → ".join(
                filter(None, (extension.deadline_id.display_name, due_on))
            )

    @api.onchange("due_on")
    def _onchange_due_on(self):
        return pick_due(self, "due_on")

    @api.constrains("due_on", "deadline_id")
    def _check_due_on(self):
        for extension in self.filtered(
            lambda extension: extension.state == "requested"
        ):
            if extension.deadline_id.state not in ("running", "paused"):
                raise ValidationError(
                    self.env._(
                        "%s is finished: there is nothing to extend.",
                        extension.deadline_id.display_name,
                    )
                )
            if extension.due_on <= extension.deadline_id.due_on:
                raise ValidationError(
                    self.env._(
                        "%(step)s is due %(due)s; the new date must be later.",
                        step=extension.deadline_id.display_name,
                        due=printed_moment(self.env, extension.deadline_id.due_on),
                    )
                )

    @api.constrains("consent_on")
    def _check_consent_on(self):
        for extension in self:
            if extension.consent_on and extension.consent_on > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "%s: the customer cannot have agreed in the future.",
                        extension.display_name,
                    )
                )

    def write(self, vals):
        self._lock_fields(
            vals,
            {
                "due_on",
                "reason",
                "consent_by",
                "consent_on",
                "consent_note",
                "attachment_ids",
            },
            self.filtered(lambda e: e.state != "requested"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_requests_only(self):
        if self.filtered(lambda extension: extension.state != "requested"):
            raise UserError(
                self.env._(
                    "A decided extension belongs to the file and cannot be deleted."
                )
            )

    def action_request(self):
        """Keep the request; the old date counts until the customer has agreed."""
        for extension in self:
            extension.complaint_id.message_post(
                body=self.env._(
                    "More time asked for “%(step)s”, until %(due)s: %(reason)s",
                    step=extension.deadline_id.step_text,
                    due=printed_moment(self.env, extension.due_on),
                    reason=extension.reason,
                )
            )
        return {"type": "ir.actions.act_window_close"}

    def action_grant(self):
        """The customer agreed, with evidence: the new date counts, the first one is
        kept.
        """
        self.check_access("write")
        self._check_officer()
        for extension in self:
            deadline = (
                extension.deadline_id.sudo()
            )  # sudo: dates are moved by the flow only
            if extension.state != "requested":
                raise UserError(
                    self.env._("%s is decided already.", extension.display_name)
                )
            if deadline.state not in ("running", "paused"):
                raise UserError(
                    self.env._(
                        "%s is finished: there is nothing to extend.",
                        deadline.display_name,
                    )
                )
            extension._check_due_on()
            missing = [] if extension.consent_by else [self.env._("who agreed")]
            missing += [] if extension.consent_on else [self.env._("when they agreed")]
            missing += (
                []
                if extension.consent_note or extension.attachment_ids
                else [self.env._("how they agreed (a note, or a file as evidence)")]
            )
            extension.complaint_id._refuse(
                self.env._("The extension cannot be granted yet. Still missing: %s."),
                missing,
            )
            extension._decide("granted", first_due_on=deadline.due_on)
            deadline._extend(extension.due_on, extension.consent_on)
            extension.complaint_id.message_post(
                body=self.env._(
                    "“%(step)s” extended from %(old)s to %(new)s. Agreed by %(who)s: "
                    "%(how)s",
                    step=deadline.step_text,
                    old=printed_moment(self.env, extension.first_due_on),
                    new=printed_moment(self.env, extension.due_on),
                    who=extension.consent_by,
                    how=extension.consent_note or "",
                ),
                attachment_ids=extension.attachment_ids.ids,
            )
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """The customer does not agree: the old date stays."""
        self.check_access("write")
        self._check_officer()
        for extension in self:
            if extension.state != "requested":
                raise UserError(
                    self.env._("%s is decided already.", extension.display_name)
                )
            extension._decide("refused")
            extension.complaint_id.message_post(
                body=self.env._(
                    "More time for “%s” refused by the customer; the date stays.",
                    extension.deadline_id.step_text,
                )
            )
        return {"type": "ir.actions.act_window_close"}

    def _decide(self, state, **vals):
        self._advance(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                **vals,
            }
        )
        self.flush_recordset(
            ["state"]
        )  # makes room for the next request in the unique index

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_officer"
        ):
            raise UserError(
                self.env._(
                    "The customer's consent to an extension is recorded by a complaint "
                    "officer."
                )
            )
