from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import listed, printed_day


class QualityComplaint(models.Model):
    """How long the file is kept, and that personal data may go afterwards; what goes is
    in `privacy/anonymise.py`.
    """

    _inherit = "quality.complaint"

    anonymised_on = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the personal data of this file was removed.",
        guarded=True,
    )
    anonymised_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", guarded=True
    )

    can_anonymise = fields.Boolean(
        compute="_compute_can_anonymise",
        help="The retention is over and the personal data still there.",
    )

    @api.depends("state", "retain_until", "anonymised_on")
    def _compute_can_anonymise(self):
        for complaint in self:
            complaint.can_anonymise = not complaint._reasons_to_keep()

    @api.depends(
        "closed_on",
        "policy_id.retention_years",
        "state",
        "deadline_ids.done_on",
        "deadline_ids.milestone_code",
    )
    def _compute_retain_until(self):
        """From the day of closing; a cancelled complaint, which has none, is kept as
        long from the day it was cancelled.
        """
        for complaint in self:
            moment = complaint.closed_on
            if complaint.state == "cancelled" and not moment:
                # sudo: stamps are read for conditions, whatever the reader may open
                moment = (
                    complaint.sudo()
                    .deadline_ids._stamps()
                    .filtered(lambda row: row.milestone_code == "cancelled")[-1:]
                    .done_on
                )
            complaint.retain_until = complaint._retained_from(moment)

    def _retained_from(self, moment):
        """Last day on which a file finished at a moment must be kept; False without
        one.
        """
        years = relativedelta(years=self.policy_id.retention_years)
        return moment and fields.Date.context_today(self, moment) + years

    def action_anonymise(self):
        """Remove the personal data of finished complaints that need not be kept any
        longer; all of them or none.

        :raise AccessError: no complaint manager, or a complaint of another company
        :raise UserError: names every complaint that must still be kept, and until when
        """
        self.check_access("write")
        if not self.env.user.has_group(
            "quality_complaint.group_quality_complaint_manager"
        ):
            raise AccessError(
                self.env._("Personal data is removed by complaint managers.")
            )
        kept = [reason for complaint in self for reason in complaint._reasons_to_keep()]
        if kept:
            raise UserError(
                self.env._(
                    "Nothing was anonymised. These complaints must be kept as they "
                    "are:\n%s",
                    "\n".join(kept),
                )
            )
        self._anonymise()
        return True

    def _reasons_to_keep(self):
        """Why this complaint cannot be anonymised today.

        :return: list of str, empty when it can
        """
        self.ensure_one()
        if self.anonymised_on:
            return [
                self.env._(
                    "%(complaint)s: anonymised already on %(date)s",
                    complaint=self.display_name,
                    date=printed_day(self.env, self.anonymised_on),
                )
            ]
        if self.state not in ("closed", "cancelled"):
            return [
                self.env._(
                    "%s: not closed yet; close or cancel it first", self.display_name
                )
            ]
        if not self.retain_until:
            return [
                self.env._(
                    "%s: nobody knows when it was closed, so its retention has no end",
                    self.display_name,
                )
            ]
        if self.retain_until >= fields.Date.context_today(self):
            return [
                self.env._(
                    "%(complaint)s: until %(date)s",
                    complaint=self.display_name,
                    date=printed_day(self.env, self.retain_until),
                )
            ]
        return []

    def _check_not_anonymised(self):
        """
        :raise UserError: a file without its people cannot be worked on any more
        """
        gone = self.filtered("anonymised_on")
        if gone:
            raise UserError(
                self.env._(
                    "%s cannot be reopened: the personal data was removed for good. "
                    "Register a new complaint instead.",
                    listed(self.env.lang, gone.mapped("display_name")),
                )
            )
