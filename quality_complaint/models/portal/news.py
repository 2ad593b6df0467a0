from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty, plaintext2html
from odoo.tools.misc import hash_sign, verify_hash_signed

SCOPE = "quality_complaint.news"
BATCH = 100


class QualityComplaintNews(models.Model):
    """What we improved: told regularly to the customers who want to know.

    Source: 000-L 5 (customers are told regularly what came of their feedback).
    """

    _name = "quality.complaint.news"
    _description = "News of Improvements"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "date_to desc, id desc"

    name = fields.Char(
        "Subject",
        required=True,
        translate=True,
        default=lambda self: self.env._("What we have improved"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, fixed=True
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date(
        "To", required=True, default=fields.Date.context_today, index=True
    )
    body = fields.Html("Text", translate=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sending", "Being sent"), ("sent", "Sent")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        guarded=True,
        tracking=True,
    )
    sent_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    sent_count = fields.Integer("Readers", readonly=True, copy=False, guarded=True)
    # up to which contact it was sent
    last_partner = fields.Integer(readonly=True, copy=False, guarded=True)
    reader_count = fields.Integer(
        "Want It", compute="_compute_reader_count", compute_sudo=True
    )

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends before it begins."
    )

    @api.depends("company_id")
    def _compute_reader_count(self):
        for news in self:
            news.reader_count = self.env["res.partner"].search_count(news._readers())

    def _readers(self):
        """Domain of the contacts who want it."""
        return (
            Domain("complaint_news", "=", True)
            & Domain("email_normalized", "!=", False)
            & Domain("company_id", "in", [False, self.company_id.id])
        )

    def _check_draft(self):
        for news in self:
            if news.state != "draft":
                raise UserError(
                    self.env._("“%s” is sent already and stays as it is.", news.name)
                )

    def write(self, vals):
        if {"name", "body", "date_from", "date_to"} & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def action_fill_in(self):
        """Put the measures of the period that work into the text, in the words for
        customers.
        """
        self.ensure_one()
        self._check_draft()
        first = fields.Datetime.to_datetime(self.date_from)
        end = fields.Datetime.add(fields.Datetime.to_datetime(self.date_to), days=1)
        actions = self.env["quality.complaint.action"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "effective"),
                ("verified_on", ">=", first),
                ("verified_on", "<", end),
                ("public_text", "not in", (False, "")),
            ],
            order="verified_on",
        )
        if not actions:
            raise UserError(
                self.env._(
                    "No measure of this period is verified as effective and has a "
                    "text under “What Customers May Read”."
                )
            )
        known = self.body or ""
        texts = [
            str(plaintext2html(text))
            for text in dict.fromkeys(actions.mapped("public_text"))
            if str(plaintext2html(text)) not in known
        ]
        self.body = known + "".join(texts)

    def action_send(self):
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the text first, or press “Fill In”."))
        if not self.reader_count:
            raise UserError(
                self.env._(
                    "Nobody wants it yet: customers choose it in their portal, or "
                    "you note their wish on the contact (“News of Improvements”)."
                )
            )
        self._advance({"state": "sending"})
        self.env.ref("quality_complaint.ir_cron_news")._trigger()

    @api.model
    def _cron_send(self):
        """Send what waits, in batches that commit; a batch is sent once."""
        for news in self.search([("state", "=", "sending")], order="id"):
            more = True
            while more:
                locked = news.try_lock_for_update()
                if not locked:
                    break
                more = locked._send_batch()
                if not self.env["ir.cron"]._commit_progress(1, remaining=int(more)):
                    return

    def _send_batch(self):
        """
        :return: whether some are left
        """
        partners = self.env["res.partner"].search(
            self._readers() & Domain("id", ">", self.last_partner),
            order="id",
            limit=BATCH,
        )
        mails = []
        for lang, some in partners.grouped("lang").items():
            local = self.with_context(lang=lang or self.env.lang)
            mails += [
                {
                    "subject": local.name,
                    "body_html": local.body + local._goodbye(partner),
                    "email_from": self.company_id.email_formatted
                    or self.env.user.email_formatted,
                    "email_to": email_normalize(partner.email),
                    "auto_delete": True,
                    "headers": repr(
                        {
                            "List-Unsubscribe": f"<{self._stop_url(partner)}>",
                            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                            "Precedence": "list",
                            "X-Auto-Response-Suppress": "OOF",
                        }
                    ),
                }
                for partner in some
            ]
        # sudo: mails are sent by the job
        self.env["mail.mail"].sudo().create(mails)
        done = len(partners) < BATCH
        self._advance(
            {
                "sent_count": self.sent_count + len(partners),
                "last_partner": partners[-1:].id or self.last_partner,
                **({"state": "sent", "sent_on": fields.Datetime.now()} if done else {}),
            }
        )
        return not done

    def _goodbye(self, partner):
        return plaintext2html(
            self.env._(
                "You get this because you wanted to know what we improve. Stop it: %s",
                self._stop_url(partner),
            )
        )

    @api.model
    def _stop_url(self, partner):
        # sudo: signed, nothing else
        token = hash_sign(self.sudo().env, SCOPE, partner.id)
        return f"{partner.get_base_url()}/complaint/news/stop/{token}"

    @api.model
    def _stopped(self, token):
        """The contact who wants no more, by the link of a mail.

        :return: `res.partner` in superuser mode, empty when the link is none of ours
        """
        # sudo: the signature is checked here
        partners = self.env["res.partner"].sudo()
        try:
            partner_id = verify_hash_signed(partners.env, SCOPE, token)
        except ValueError:
            return partners
        partner = partners.browse(partner_id or []).exists()
        partner.complaint_news = False
        return partner
