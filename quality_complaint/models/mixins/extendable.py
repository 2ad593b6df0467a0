from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import printed_moment


class QualityComplaintExtendable(models.AbstractModel):
    """Something due that gets more time with a reason only, and keeps its first date.

    Comes before `quality.complaint.guarded` in `_inherit`, whose `_advance` goes past
    it; for models with `quality.complaint.due`.
    """

    _name = "quality.complaint.extendable"
    _description = "Due Date Moved with a Reason"

    due_on = fields.Datetime("Due Date")
    extended_from = fields.Datetime(
        "First Due",
        readonly=True,
        copy=False,
        help="The date before the first extension.",
        guarded=True,
    )
    extension_count = fields.Integer(
        "Extensions", readonly=True, copy=False, guarded=True
    )

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "guarded" or super()._valid_field_parameter(
            field, name
        )  # as in `quality.complaint.guarded`

    def write(self, vals):
        if "due_on" in vals:
            self._check_due_moves(vals["due_on"])
        result = super().write(vals)
        if "due_on" in vals or "user_id" in vals:
            self._restart_notices()
        return result

    def _restart_notices(self):
        """Another date or another person: everybody is told anew."""
        self._advance({"notice_level": 0, "missed_on": False})
        self._end_notices()
        self._schedule_notices()

    def _check_due_moves(self, due_on):
        """A date somebody has to keep is moved later by an extension only, with its
        reason.
        """
        due_on = fields.Datetime.to_datetime(due_on)
        for row in self._due_running():
            if not due_on or due_on > row.due_on:
                raise UserError(
                    self.env._(
                        "“%s”: press “More time” and give the reason, then the date "
                        "is moved.",
                        row.display_name,
                    )
                )

    def action_extend(self, due_on, reason):
        """More time; the first date is kept.

        :param datetime due_on: naive UTC, later than now due
        :param str reason: mandatory
        """
        self.check_access("write")
        due_on = fields.Datetime.to_datetime(due_on)
        for row in self:
            row._check_extendable()
            row._check_reason(reason)
            if not due_on or (row.due_on and due_on <= row.due_on):
                raise UserError(
                    self.env._(
                        "“%s”: the new date must be later than the one it has.",
                        row.display_name,
                    )
                )
            before = row.due_on
            row._advance(
                {
                    "due_on": due_on,
                    "extended_from": row.extended_from or before,
                    "extension_count": row.extension_count + 1,
                }
            )
            row._restart_notices()
            row._extension_thread().message_post(
                body=self.env._(
                    "“%(what)s”: more time, from %(old)s to %(new)s: %(reason)s",
                    what=row.display_name,
                    old=printed_moment(self.env, before) if before else "–",
                    new=printed_moment(self.env, due_on),
                    reason=reason,
                )
            )
        return True

    def _check_extendable(self):
        """
        :raise UserError: it is finished
        """

    def _extension_thread(self):
        """Where the extension is told."""
        return self
