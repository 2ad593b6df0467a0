from odoo import api, models
from odoo.exceptions import UserError

from ...tools import listed

FINISHED = ("closed", "cancelled")

# What outside events and later work may still write on a finished case, always by the
# flow in superuser mode; the rest is as it was.
# Links to 8D reports and repetitions; differences of documents changed later; retention
# and anonymising; reopening.
STILL_WRITTEN = {
    "quality.complaint": frozenset(
        {
            "eight_d_id",
            "eight_d_told_id",
            "similar_id",
            "repeat_of_id",
            "repeat_rank",
            "repeat_raised",
            "case_file_ids",
            "anonymised_on",
            "anonymised_by_id",
            "failures",
            "access_token",
        }
    ),
    "quality.complaint.remedy": frozenset(
        {
            "state",
            "failure",
            "executed_on",
            "imbalance_told",
            "imbalance_accepted",
            "accepted_as_booked",
        }
    ),
    "quality.complaint.remedy.line": frozenset({"received_before"}),
    "quality.complaint.reply": frozenset(
        {"state", "answer", "answered_on", "message_id", "next_notice_on"}
    ),
}
# of the thread and of activities: people go on talking about a finished case
THREAD = ("message_", "website_message_", "activity_", "rating_", "access_token")


class QualityComplaintClosed(models.AbstractModel):
    """A complaint or a part of it: once the case is closed or cancelled, no interface
    changes it.

    What may still be written is `STILL_WRITTEN`. Comes before
    `quality.complaint.guarded` in `_inherit`, whose `_advance` goes past it.
    """

    _name = "quality.complaint.closed"
    _description = "Part of a Case"

    def _case(self):
        """The `quality.complaint` these records are, or belong to."""
        return self.complaint_id

    def _added_later(self):
        """Whether it was added to the closed case afterwards and is not finished yet,
        e.g. a call to the customer.
        """
        self.ensure_one()
        return False

    def _may_be_added(self):
        """Whether such a record may be added to a closed case: one about it, not
        of it.
        """
        return False

    def _is_filed(self):
        self.ensure_one()
        case = (
            self.sudo()._case()
        )  # sudo: whether the case is finished does not depend on who asks
        return case.state == "cancelled" or (
            case.state == "closed" and not self._added_later()
        )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            state = record.sudo()._case().state  # sudo: as above
            if record != record._case() and (
                state == "cancelled"
                or (state == "closed" and not record._may_be_added())
            ):
                raise UserError(
                    self.env._(
                        "%(complaint)s is finished: nothing can be added to it "
                        "(%(what)s). Reopen it first, or record another complaint.",
                        complaint=record.sudo()._case().display_name,
                        what=self._description,
                    )
                )
        return records

    def write(self, vals):
        names = {name for name in vals if not name.startswith(THREAD)}
        if self.env.su:
            names -= STILL_WRITTEN.get(self._name, frozenset())
        if names:
            self._check_not_filed(names)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_filed(self):
        self._check_not_filed(())

    def _check_not_filed(self, names):
        """
        :param names: of the fields to be written; empty: the records are to be deleted
        :raise UserError: they belong to a finished case
        """
        for record in self.filtered(lambda record: record._is_filed()):
            labels = listed(
                self.env.lang,
                (
                    self._fields[name]._description_string(self.env)
                    for name in sorted(names)
                    if name in self._fields
                ),
            )
            raise UserError(
                self.env._(
                    "%(complaint)s is finished: “%(record)s” cannot be changed any "
                    "more (%(fields)s).",
                    complaint=record.sudo()._case().display_name,
                    record=record.display_name,
                    fields=labels or self.env._("deleting it"),
                )
            )
