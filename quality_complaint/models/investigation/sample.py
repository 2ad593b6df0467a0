from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...tools import printed_day
from .investigation import SAMPLE_METHODS


class QualityComplaintInvestigation(models.Model):
    """The sample: asked for, received (starts the re-inspection), tested, returned or
    kept. Nobody forgets it.
    """

    _inherit = "quality.complaint.investigation"

    sample_state = fields.Selection(
        [
            ("none", "No sample"),
            ("asked", "Asked for"),
            ("received", "Received"),
            ("tested", "Tested"),
            ("returned", "Returned"),
            ("kept", "Kept"),
            ("destroyed", "Used up or destroyed"),
        ],
        "Sample",
        compute="_compute_sample_state",
        store=True,
        index=True,
    )
    sample_asked_on = fields.Datetime("Asked For", copy=False)
    sample_expected_on = fields.Date(
        "Expected", copy=False, tracking=True, help="The investigator is reminded then."
    )
    sample_received_on = fields.Datetime(
        "Sample Received",
        copy=False,
        help="When the sample arrived; the re-inspection is due from then.",
    )
    sample_quantity = fields.Float(digits="Product Unit")
    sample_number = fields.Char(
        "Label of the Sample",
        help="What is written on the sample, so that it is found again.",
    )
    sample_condition = fields.Char("Condition on Arrival")
    sample_place = fields.Char("Where It Is")
    sample_fate = fields.Selection(
        [
            ("returned", "Returned to the customer"),
            ("kept", "Kept"),
            ("destroyed", "Used up or destroyed"),
            ("not_sent", "Never arrived"),
        ],
        "What Became of It",
        copy=False,
        tracking=True,
    )
    sample_fate_on = fields.Date("Since", copy=False)
    sample_activity_ids = fields.Many2many(
        "mail.activity",
        "quality_complaint_sample_activity_rel",
        readonly=True,
        copy=False,
        guarded=True,
    )

    @api.depends(
        "method", "sample_asked_on", "sample_received_on", "sample_fate", "done_on"
    )
    def _compute_sample_state(self):
        for row in self:
            if row.method not in SAMPLE_METHODS:
                row.sample_state = False
            elif row.sample_fate:
                row.sample_state = (
                    "none" if row.sample_fate == "not_sent" else row.sample_fate
                )
            elif row.sample_received_on:
                row.sample_state = "tested" if row.done_on else "received"
            else:
                row.sample_state = "asked" if row.sample_asked_on else "none"

    @api.constrains("sample_asked_on", "sample_received_on")
    def _check_sample_times(self):
        now = fields.Datetime.now()
        for row in self:
            if row.sample_received_on and row.sample_received_on > now:
                raise ValidationError(
                    self.env._(
                        "%s: the sample cannot have been received in the future.",
                        row.display_name,
                    )
                )
            if row.sample_asked_on and row.sample_asked_on > now:
                raise ValidationError(
                    self.env._(
                        "%s: the sample cannot have been asked for in the future.",
                        row.display_name,
                    )
                )

    @api.constrains("sample_fate", "sample_received_on")
    def _check_sample_fate(self):
        for row in self:
            if row.sample_fate and (row.sample_fate == "not_sent") == bool(
                row.sample_received_on
            ):
                raise ValidationError(
                    self.env._(
                        "%s: only a sample that arrived can be returned, kept or "
                        "destroyed; “never arrived” is for one that did not.",
                        row.display_name,
                    )
                )

    def _with_day_of_fate(self, vals):
        """Values of a `write` with the day on which the fate of the sample was
        decided.
        """
        if vals.get("sample_fate") and "sample_fate_on" not in vals:
            return {**vals, "sample_fate_on": fields.Date.context_today(self)}
        return vals

    def _check_sample_booked_once(self, vals):
        # one that comes after the end is booked once
        self._lock_fields(
            vals,
            {"sample_received_on"},
            self.filtered(lambda row: row.done_on and row.sample_received_on),
        )

    # === asked for ===

    def action_ask_sample(self):
        """Ask for the sample: write to the customer, or have the retained one
        fetched.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_sample_method()
        if self.sample_received_on:
            raise UserError(
                self.env._("%s: the sample is here already.", self.display_name)
            )
        if self.method == "retained_sample":
            self._set_sample_asked(fields.Datetime.now())
            return True
        replies = self.env["quality.complaint.reply"]
        draft = self.reply_ids.filtered(lambda reply: reply.state == "draft")[:1]
        return (
            draft
            or replies.create(
                {
                    "complaint_id": self.complaint_id.id,
                    "kind": "request",
                    "investigation_id": self.id,
                }
            )
        )._open_composer(new=not draft)

    def _set_sample_asked(self, moment):
        """It was asked for: the complaint waits for the customer's sample, and the
        investigator is reminded on the day it should be here.
        """
        for row in self:
            days = row.complaint_id.policy_id.sample_days
            expected = row.sample_expected_on or fields.Date.add(
                fields.Date.context_today(row, moment), days=days
            )
            row.write(
                {
                    "sample_asked_on": row.sample_asked_on or moment,
                    "sample_expected_on": expected,
                }
            )
            row.complaint_id._reach("sample_requested", on=moment, source=row)
            # sudo: the investigator may be of another team than the complaint
            if row.method == "customer_sample" and not row.complaint_id.waiting_for:
                row.sudo().complaint_id.action_pause(
                    "sample",
                    self.env._(
                        "A sample was asked for; expected on %s.",
                        printed_day(self.env, expected),
                    ),
                )

    def _remind_of_sample(self):
        """One activity on the day the sample is expected."""
        for row in self:
            row._end_sample_reminder()
            # sudo: whoever asks for the sample reminds the investigator
            complaint = row.sudo().complaint_id
            activity = complaint.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=row.sample_expected_on,
                user_id=(row.user_id or complaint.user_id or self.env.user).id,
                summary=self.env._("Has the sample arrived? (%s)", row.display_name),
            )
            row._advance({"sample_activity_ids": [Command.set(activity.ids)]})

    def _end_sample_reminder(self):
        # sudo: the reminder of somebody else ends with the arrival
        self.sudo().sample_activity_ids.unlink()

    # === received ===

    def action_sample_received(self):
        """Book the arrival of the sample; starts the re-inspection."""
        self.check_access("write")
        for row in self:
            row._check_sample_method()
            row.sample_received_on = row.sample_received_on or fields.Datetime.now()
        return True

    def _check_sample_method(self):
        if self.method not in SAMPLE_METHODS:
            raise UserError(self.env._("%s needs no sample.", self.display_name))

    def _stamp_sample(self):
        """The arrival of a sample starts its re-inspection and ends the waiting
        for it.
        """
        arrived = self.filtered("sample_received_on")
        arrived._end_sample_reminder()
        for row in arrived.filtered(lambda row: row.complaint_id.state != "new"):
            row.complaint_id._reach(
                "sample_received", on=row.sample_received_on, source=row
            )
            row.complaint_id._resume("sample")
            # sudo: the parcel is the answer, whoever books its arrival
            row.sudo().reply_ids.filtered(
                lambda reply: reply.state == "sent"
            )._record_answer("accepted")

    def _stop_waiting_for_sample(self):
        """Finished without it, or by another method: nobody waits for the sample any
        more.
        """
        over = self.filtered(lambda row: row.done_on or row.method != "customer_sample")
        over._end_sample_reminder()
        over.complaint_id._resume_unless_sample_awaited()

    # === returned, kept, destroyed ===

    def action_sample_returned(self):
        return self._set_sample_fate("returned")

    def action_sample_kept(self):
        return self._set_sample_fate("kept")

    def action_sample_destroyed(self):
        return self._set_sample_fate("destroyed")

    def _set_sample_fate(self, fate):
        self.check_access("write")
        for row in self:
            row._check_sample_method()
        self.write({"sample_fate": fate})
        return True
