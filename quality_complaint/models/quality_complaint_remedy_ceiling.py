from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .quality_complaint_ceiling import FORMS, GOODS_STATES
from .quality_complaint_remedy import LIVE_STATES


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    goods_state = fields.Selection(GOODS_STATES, help="What the customer did with the goods; some ceilings depend on it.")


class QualityComplaint(models.Model):
    """How much may be given on a complaint, and what the law gives the customer."""

    _inherit = "quality.complaint"

    claims_text = fields.Text(
        compute="_compute_claims_text", compute_sudo=True, groups="quality_complaint.group_quality_complaint_user",
        help="What the customer may claim by law or rule; a proposal that a person confirms.",
    )

    def _ceiling_day(self):
        self.ensure_one()
        return fields.Date.context_today(self, self.received_on) if self.received_on else fields.Date.context_today(self)

    def _goods_value(self):
        """Price paid for the goods complained of, in the company's currency at the day of receipt.

        Never more than was paid on their invoice or order, whatever quantity is complained of and however often the goods are named.
        """
        self.ensure_one()
        day = self._ceiling_day()
        total = 0.0
        # sudo: the price paid is guarded by a field group
        for source, lines in self.sudo().line_ids.grouped(lambda line: line.invoice_line_id or line.sale_line_id).items():
            value = sum(lines.mapped("value"))
            if source:
                value = min(value, source._complaint_paid() if source._name == "account.move.line" else source.price_subtotal)
            currency = lines.currency_id[:1]
            total += currency._convert(value, self.currency_id, self.company_id, day) if currency else 0.0
        return total

    def _ceilings(self, purpose):
        """Rows of the policy that hold for this complaint, in their order.

        :param str purpose: `ceiling` or `claim`
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: rules hold whoever plans
        rows = complaint.policy_id.ceiling_ids.filtered(lambda row: row.purpose == purpose)._in_force(complaint._ceiling_day())
        if rows:
            facts = complaint._facts()
            rows = rows.filtered(lambda row: row._holds(facts))
        return rows

    def _ceiling_of(self, form):
        """The ceiling for one form of giving: the first that holds.

        :param str form: `product`, `cash` or `credit`
        :return: (`quality.complaint.ceiling`, amount in the company's currency); amount None when there is none
        """
        self.ensure_one()
        for row in self._ceilings("ceiling"):
            if row.form == form:
                amount = row._figure(self._goods_value(), self.company_id, self._ceiling_day())
                return row, amount
        return self.env["quality.complaint.ceiling"], None

    def _given(self, form, remedies=None):
        """What is given in one form over all live remedies of the complaint, in the company's currency at the day of receipt.

        :param remedies: drafts that count as well
        """
        self.ensure_one()
        day = self._ceiling_day()
        counted = self.sudo().remedy_ids.filtered(lambda remedy: remedy.state in LIVE_STATES)  # sudo: all remedies count
        if remedies:
            counted |= remedies.sudo()  # sudo: as above
        lines = counted.filtered(lambda remedy: remedy._ceiling_form() == form).line_ids
        return sum(line.currency_id._convert(line.amount, self.currency_id, self.company_id, day) for line in lines if line.currency_id)

    def _above_ceilings(self, remedies):
        """Forms in which more is given than their ceiling allows.

        :param remedies: what is asked for now
        :return: list of (ceiling, limit, given, the remedies of that form)
        """
        self.ensure_one()
        above = []
        for form in dict.fromkeys(filter(None, (remedy._ceiling_form() for remedy in remedies))):
            ceiling, limit = self._ceiling_of(form)
            given = self._given(form, remedies)
            if limit is not None and self.currency_id.compare_amounts(given, limit) > 0:
                above.append((ceiling, limit, given, remedies.filtered(lambda remedy, form=form: remedy._ceiling_form() == form)))
        return above

    # === claims of the customer ===

    def _claims(self):
        """What the customer may claim by law or rule.

        :return: list of (`quality.complaint.ceiling`, amount in the company's currency or None when it needs a rate)
        """
        self.ensure_one()
        value = self._goods_value()
        return [(row, row._figure(value, self.company_id, self._ceiling_day())) for row in self._ceilings("claim")]

    @api.depends("line_ids.value", "trigger_ids", "severity_id", "line_ids.defect_id", "line_ids.goods_state", "serious_event", "remedy_ids.line_ids.claim_id")
    @api.depends_context("lang")
    def _compute_claims_text(self):
        for complaint in self:
            texts = []
            planned = complaint.remedy_ids.filtered(lambda remedy: remedy.state not in ("refused", "cancelled")).line_ids.claim_id
            for row, amount in complaint._claims() if complaint.state not in ("new", "closed", "cancelled") else []:
                if row in planned:
                    continue
                money = complaint.currency_id.format(amount) if amount is not None else self.env._("no exchange rate of %s is known", row.currency_id.name)
                texts.append(
                    self.env._(
                        "%(name)s: %(figure)s = %(money)s (%(origin)s)",
                        name=row.display_name, figure=row.figure_text, money=money, origin=row.source or complaint.policy_id.name,
                    )
                )
            complaint.claims_text = "\n".join(texts) or False

    def action_plan_claims(self):
        """Draft the remedies the customer may claim and that are not planned yet; whoever submits them confirms."""
        self.ensure_one()
        self.env["quality.complaint.remedy"].check_access("create")
        planned = self.remedy_ids.filtered(lambda remedy: remedy.state not in ("refused", "cancelled")).line_ids.claim_id
        remedies = self.env["quality.complaint.remedy"]
        for row, amount in self._claims():
            if row not in planned and amount:
                remedy = remedies.create(self._prepare_claim_vals(row, amount))
                remedy.line_ids._advance({"claim_id": row.id})
                remedies |= remedy
        if not remedies:
            raise UserError(self.env._("%s: everything the customer may claim is planned, or its amount is not known.", self.display_name))
        return True

    def _prepare_claim_vals(self, ceiling, amount):
        """A draft compensation for a claim, in the currency of the invoice."""
        line = self.line_ids[:1]
        currency = line.sudo().currency_id or self.currency_id  # sudo: stands beside the guarded price
        return {
            "complaint_id": self.id,
            "kind": "cash_compensation",
            "note": ceiling.display_name,
            "line_ids": [
                Command.create(
                    {
                        "complaint_line_id": line.id,
                        "amount": self.currency_id._convert(amount, currency, self.company_id, self._ceiling_day()),
                        "basis": " · ".join(filter(None, (ceiling.figure_text, ceiling.source))),
                    }
                )
            ],
        }


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    claim_id = fields.Many2one("quality.complaint.ceiling", readonly=True, index="btree_not_null", ondelete="set null")


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    ceiling_text = fields.Text(
        "Ceiling", compute="_compute_ceiling", compute_sudo=True, help="How much may be given, by which rule, and who may go above."
    )
    above_ceiling = fields.Boolean(compute="_compute_ceiling", compute_sudo=True)

    @api.depends("kind", "line_ids.amount", "state", "complaint_id.severity_id", "complaint_id.trigger_ids", "complaint_id.line_ids.value")
    @api.depends_context("lang")
    def _compute_ceiling(self):
        for remedy in self:
            complaint = remedy.complaint_id
            form = remedy._ceiling_form()
            ceiling, limit = complaint._ceiling_of(form) if form and complaint else (self.env["quality.complaint.ceiling"], None)
            if not ceiling:
                remedy.ceiling_text, remedy.above_ceiling = False, False
                continue
            if limit is None:
                remedy.ceiling_text = self.env._(
                    "%(rule)s: no exchange rate of %(currency)s is known.", rule=ceiling.display_name, currency=ceiling.currency_id.name
                )
                remedy.above_ceiling = False
                continue
            counted = remedy if remedy.state in ("draft", "refused") else remedy.browse()
            given = complaint._given(form, counted)
            remedy.above_ceiling = complaint.currency_id.compare_amounts(given, limit) > 0
            remedy.ceiling_text = ceiling._in_words(complaint, limit, given)

    def _ceiling_form(self):
        """In which form it gives more than the price paid back or the same goods: `product`, `cash` or `credit`; False when it does not.

        A replacement by dearer goods gives their surplus in goods.
        """
        self.ensure_one()
        dearer = self.kind == "replacement" and any(self.line_ids.mapped("amount"))
        return "product" if dearer else FORMS.get(self.kind, False)

    def _check_plannable(self):
        """What the policy says on giving: goods before money, and nobody above a ceiling that no role may exceed."""
        for remedy in self:
            complaint = remedy.complaint_id
            earlier = complaint.sudo().remedy_ids.filtered(lambda row: row.kind == "product_compensation")  # sudo: all remedies count
            if remedy.kind == "cash_compensation" and complaint.policy_id.product_before_cash and not remedy.note and not earlier:
                raise UserError(
                    self.env._(
                        "“%s”: compensation is given in goods before money. Plan goods, or write under “Reason” why it must be money.", remedy.description
                    )
                )
            for ceiling, limit, given, _remedies in complaint._above_ceilings(remedy):
                if not ceiling.sudo().exceed_role_id:  # sudo: rules hold whoever plans
                    raise UserError(self.env._("“%(remedy)s”: %(rule)s", remedy=remedy.description, rule=ceiling._in_words(complaint, limit, given)))


class QualityComplaintCeiling(models.Model):
    _inherit = "quality.complaint.ceiling"

    def _in_words(self, complaint, limit, given):
        """`Foreign matter, eaten: up to 5 times the value = $ 500.00; $ 620.00 are planned. Above: Sales centre.`"""
        self.ensure_one()
        currency = complaint.currency_id
        role = self.exceed_role_id
        above = self.env._("More needs the approval of: %s.", role.name) if role else self.env._("Nobody may go above.")
        text = self.env._(
            "%(rule)s: %(figure)s = %(limit)s; %(given)s are given or planned. %(above)s",
            rule=self.display_name, figure=self.figure_text, limit=currency.format(limit), given=currency.format(given), above=above,
        )
        return f"{text} ({self.source})" if self.source else text
