import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list

from ...tools import listed
from ...tools.safely import went_well

_logger = logging.getLogger(__name__)
BATCH = 50
KINDS = [
    ("notice", "Recall notice"),
    ("reminder", "Reminder"),
    ("release", "Sale may go on"),
]


class QualityComplaintRecallNotice(models.Model):
    """What was sent to a consignee, as it was sent."""

    _name = "quality.complaint.recall.notice"
    _description = "Recall Notice"
    _inherit = ["quality.complaint.guarded"]
    _order = "id desc"

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    consignee_id = fields.Many2one(
        "quality.complaint.recall.consignee",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    kind = fields.Selection(KINDS, required=True, fixed=True)
    subject = fields.Char(readonly=True, guarded=True)
    body = fields.Html("Text", readonly=True, guarded=True)
    email = fields.Char("Sent To", readonly=True, guarded=True)
    sent_on = fields.Datetime(readonly=True, guarded=True, index=True)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, guarded=True, ondelete="set null"
    )
    failed = fields.Boolean(readonly=True, guarded=True)

    _waiting_idx = models.Index("(id) WHERE sent_on IS NULL AND failed IS NOT TRUE")

    @api.depends("kind", "consignee_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            parts = (words.get(notice.kind), notice.consignee_id.name)
            notice.display_name = listed(self.env.lang, parts, ":") or False

    @api.model
    def _send_batch(self):
        """Send some that wait and commit.

        :return: whether there may be more
        """
        waiting = Domain("sent_on", "=", False) & Domain("failed", "!=", True)
        notices = self.search(waiting, order="id", limit=BATCH)
        locked = notices.try_lock_for_update()
        for notice in locked:
            if not went_well(self.env, _logger, notice, notice._send):
                notice._advance({"failed": True})
        left = self.env["ir.cron"]._commit_progress(
            len(locked), remaining=self.search_count(waiting, limit=10 * BATCH)
        )
        return bool(locked and left)

    def _send(self):
        self.ensure_one()
        row = self.consignee_id
        lang = row._language()
        local = self.with_context(lang=lang)
        row._portal_ensure_token()
        subject = local._subject()
        body = self.env["ir.qweb"]._render(
            "quality_complaint.recall_notice_mail", local._values(), lang=lang
        )
        partner = row.partner_id
        message = row.with_context(lang=lang).message_post(
            body=body,
            subject=subject,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
            author_id=(self.recall_id.user_id or self.env.user).partner_id.id,
            **(
                {"partner_ids": partner.ids}
                if partner and partner.email_normalized == row._mail_to()
                else {"outgoing_email_to": row.email}
            ),
        )
        self._advance(
            {
                "subject": subject,
                "body": body,
                "email": row.email,
                "sent_on": fields.Datetime.now(),
                "mail_message_id": message.id,
            }
        )
        if self.kind == "reminder":
            row._advance({"reminder_count": row.reminder_count + 1})
        if self.kind != "release":
            row._set_told("mail")

    def _subject(self):
        recall = self.recall_id
        values = {
            "number": recall.name,
            "goods": recall.name_of_goods,
        }
        if self.kind == "release":
            return self.env._("%(goods)s: sale may go on (%(number)s)", **values)
        if self.kind == "reminder":
            return self.env._(
                "Reminder: recall of %(goods)s (%(number)s), please answer", **values
            )
        return self.env._("Recall of %(goods)s (%(number)s)", **values)

    def _heading(self):
        if self.kind == "release":
            return self.env._("Sale may go on")
        if self.kind == "reminder":
            return self.env._("Recall: please answer")
        return self.env._("Recall")

    def _opening(self):
        values = {
            "number": self.recall_id.name,
            "goods": self.recall_id.name_of_goods,
        }
        if self.kind == "release":
            return self.env._(
                "We wrote to you about %(goods)s (%(number)s). These goods may be sold "
                "and used again:",
                **values,
            )
        dealer = self.consignee_id.parent_id
        if dealer:
            return self.env._(
                "We recall %(goods)s (%(number)s). %(dealer)s told us that you have:",
                dealer=dealer.name,
                **values,
            )
        return self.env._(
            "We recall %(goods)s (%(number)s). By our records you received:", **values
        )

    def _localized(self, path):
        """The page in the language of the notice, whatever the browser speaks."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang)
        return f"/{lang.url_code}{path}" if lang else path

    def _values(self):
        row = self.consignee_id
        return {
            "notice": self,
            "heading": self._heading(),
            "opening": self._opening(),
            "recall": self.recall_id,
            "row": row,
            "lines": row.line_ids,
            "quantity": lambda line: (
                line.shipped_quantity
                - (line.recovered_quantity if self.kind == "release" else 0.0)
            ),
            "url": row.get_base_url() + self._localized(row._get_share_url()),
            "figure": lambda value: f"{value:.12g}",
        }


class QualityComplaintRecall(models.Model):
    """In which languages a recall still has to be written."""

    _inherit = "quality.complaint.recall"

    unwritten = fields.Char(compute="_compute_unwritten")

    @api.depends("consignee_ids.notified_on", "hazard", "instruction")
    def _compute_unwritten(self):
        for recall in self:
            waiting = recall.consignee_ids.filtered(
                lambda row: row.email and not row.notified_on
            )
            written = recall._written_in()
            codes = {row._language() for row in waiting} - written
            languages = self.env["res.lang"].sudo()  # sudo: names of languages
            names = [
                languages._lang_get(code).name for code in sorted(filter(None, codes))
            ]
            recall.unwritten = (
                self.env._(
                    "Consignees who were not notified yet read %s. Write defect and "
                    "what to do in it as well: the mark of the language beside each "
                    "text opens it.",
                    format_list(self.env, names),
                )
                if written and names
                else False
            )

    def _written_in(self):
        """Codes of the languages in which all texts of the notices are written."""
        self.ensure_one()
        if not self._origin:
            return set()
        author = self.create_uid.lang
        found = []
        for name in ("hazard", "instruction"):
            texts = self._fields[name]._get_stored_translations(self._origin) or {}
            # Odoo keeps what is first written in another language as English, too
            copied = author != "en_US" and texts.get("en_US") == texts.get(author)
            found.append(
                {
                    code
                    for code, text in texts.items()
                    if text and not (copied and code == "en_US")
                }
            )
        return set.intersection(*found)
