import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import printed_moment

_logger = logging.getLogger(__name__)

# rows of one digest; the list in the app has them all
MAX_ROWS = 200
# local hour of the team leader from which on the digest of the day is sent
DIGEST_HOUR = 7


class QualityComplaintTeam(models.Model):
    """The daily digest: what of the team's complaints is late, and what is due
    today.
    """

    _inherit = "quality.complaint.team"

    @api.model
    def _cron_digest(self):
        """Send every team leader their digest once a day, in the morning of their own
        time zone; team by team, each committed.
        """
        for team in self.search([("digest", "=", True), ("leader_id", "!=", False)]):
            now = fields.Datetime.context_timestamp(
                team.with_context(tz=team.leader_id.tz), fields.Datetime.now()
            )
            if now.hour >= DIGEST_HOUR and (
                not team.digest_sent_on or team.digest_sent_on < now.date()
            ):
                locked = team.try_lock_for_update()  # another worker has it
                if locked:
                    locked._send_safely(now.date())
            self.env["ir.cron"]._commit_progress(1)

    def _send_safely(self, day):
        """A team that cannot be told must not stand in the way of the others."""
        try:
            with self.env.cr.savepoint():
                self._send_digest(day)
        except Exception:
            _logger.exception("Could not send the digest of %s", self)

    def _send_digest(self, day):
        """Mail the leader; nothing is sent when nothing is late or due."""
        self.ensure_one()
        self.digest_sent_on = day
        if self._digest_rows():
            template = self.env.ref(
                "quality_complaint.mail_template_digest", raise_if_not_found=False
            )
            if template:
                template.send_mail(
                    self.id, email_layout_xmlid="mail.mail_notification_light"
                )

    def _digest_rows(self):
        """What is overdue or due within the leader's day, the most urgent first.

        :return: list of dicts `complaint`, `customer`, `step`, `due` (text in the
            leader's time zone), `handler`, `overdue`, `url`
        """
        self.ensure_one()
        leader = self.leader_id
        local = self.with_context(tz=leader.tz, lang=leader.lang)
        now = fields.Datetime.now()
        midnight = fields.Datetime.context_timestamp(local, now).replace(
            hour=0, minute=0, second=0
        ) + timedelta(days=1)
        end = fields.Datetime.to_datetime(
            midnight.astimezone(
                fields.Datetime.context_timestamp(
                    self.with_context(tz="UTC"), now
                ).tzinfo
            ).replace(tzinfo=None)
        )
        deadlines = local.env["quality.complaint.deadline"].search(
            Domain("team_id", "=", self.id)
            & Domain("state", "in", ("running", "paused"))
            & Domain("due_on", "<", end),
            order="due_on, id",
            limit=MAX_ROWS,
        )
        return [
            {
                "complaint": row.complaint_id.name,
                "customer": row.partner_id.name or row.complaint_id.complainant or "",
                "step": row.step_text,
                "due": printed_moment(local.env, row.due_on),
                "handler": row.user_id.name or "",
                "overdue": row.state == "running" and row.due_on < now,
                "url": f"{row.complaint_id.get_base_url()}/odoo/complaints/{row.complaint_id.id}",  # noqa: E501
            }
            for row in deadlines.filtered(
                lambda row: leader in row.complaint_id.company_id.user_ids
            )
        ]
