from odoo import api, fields, models
from odoo.fields import Domain

from .quality_complaint_chargeback import SENT_STATES

# suppliers looked at in one transaction
BATCH = 50


class QualityComplaintSupplierWarning(models.Model):
    """A supplier rule that holds for a supplier: told once, until it no longer
    holds.
    """

    _name = "quality.complaint.supplier.warning"
    _description = "Supplier Warning"
    _inherit = ["quality.complaint.guarded"]
    _rec_name = "text"
    _order = "raised_on desc, id desc"

    partner_id = fields.Many2one(
        "res.partner",
        "Supplier",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    rule_id = fields.Many2one(
        "quality.complaint.supplier.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    text = fields.Char("Warning", readonly=True)
    raised_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    ended_on = fields.Datetime("No Longer Since", readonly=True)

    _running_uniq = models.UniqueIndex(
        "(company_id, partner_id, rule_id) WHERE ended_on IS NULL",
        "This warning is raised already.",
    )

    @api.model
    def _due_chargebacks(self, today):
        """Supplier complaints whose suppliers are to be looked at today: open ones, and
        those young enough to count in a rule.
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), months=14)
        return (
            Domain("state", "in", ("sent", "answered"))
            | (Domain("state", "in", SENT_STATES) & Domain("sent_on", ">=", since))
        ) & (Domain("checked_on", "=", False) | Domain("checked_on", "<", today))

    @api.model
    def _cron_warn(self):
        """Once a day, apply the supplier rules to every supplier with complaints; in
        batches that commit.
        """
        today = fields.Date.today()
        chargebacks = self.env["quality.complaint.chargeback"]
        domain = self._due_chargebacks(today)
        while rows := chargebacks.search(
            domain, order="company_id, commercial_partner_id, id", limit=BATCH
        ):
            company = rows[0].company_id
            partners = rows.filtered(
                lambda row, c=company: row.company_id == c
            ).commercial_partner_id
            self._check(company, partners)
            # all rows of these suppliers are done with for today
            scope = Domain("company_id", "=", company.id) & Domain(
                "commercial_partner_id", "in", partners.ids
            )
            done = chargebacks.search(domain & scope)
            done.with_context(tracking_disable=True)._advance({"checked_on": today})
            if not self.env["ir.cron"]._commit_progress(
                len(done), remaining=chargebacks.search_count(domain, limit=10 * BATCH)
            ):
                break

    @api.model
    def _check(self, company, partners):
        """Raise what holds anew, end what no longer holds.

        :param company: the `res.company` whose policy applies
        :param partners: commercial partners
        """
        holding = company._complaint_supplier_rules()._holding(company, partners)
        known = self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("ended_on", "=", False),
            ]
        )
        found = {
            (partner, rule): text
            for partner, texts in holding.items()
            for rule, text in texts
        }
        known.filtered(
            lambda row: (row.partner_id, row.rule_id) not in found
        ).ended_on = fields.Datetime.now()
        raised = {(row.partner_id, row.rule_id) for row in known}
        for (partner, rule), text in found.items():
            if (partner, rule) not in raised:
                self.create(self._prepare_warning_vals(company, partner, rule, text))
                self._tell(company, partner, rule)

    @api.model
    def _prepare_warning_vals(self, company, partner, rule, text):
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "rule_id": rule.id,
            "text": text,
        }

    @api.model
    def _tell(self, company, partner, rule):
        """An activity on the supplier for whoever buys from him, else for the handler
        of the latest complaint.
        """
        user = self._responsible(company, partner)
        if user:
            lang = user.lang or self.env.lang
            text = dict(
                rule.with_context(lang=lang)._holding(company, partner)[partner]
            ).get(rule)
            partner.with_context(lang=lang).activity_schedule(
                "mail.mail_activity_data_warning", user_id=user.id, summary=text
            )

    @api.model
    def _responsible(self, company, partner):
        """The buyer of the supplier, else of his latest order, else the handler or team
        leader of the latest complaint.
        """
        chargeback = self.env["quality.complaint.chargeback"].search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.id),
                ("state", "in", SENT_STATES),
            ],
            order="sent_on desc",
            limit=1,
        )
        order = self.env["purchase.order"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "child_of", partner.id),
                ("state", "=", "purchase"),
                ("user_id", "!=", False),
            ],
            order="date_approve desc, id desc",
            limit=1,
        )
        complaint = chargeback.complaint_id
        for user in (
            partner.with_company(company).buyer_id,
            order.user_id,
            complaint.user_id,
            complaint.team_id.leader_id,
        ):
            if user and user.active and company in user.company_ids:
                return user
        return self.env["res.users"]
