from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache
from odoo.tools.misc import formatLang

FORMS = {
    "product_compensation": "product",
    "cash_compensation": "cash",
    "credit": "credit",
}
GOODS_STATES = [
    ("unopened", "Unopened"),
    ("opened", "Opened, not used"),
    ("used", "Used or eaten"),
]


class QualityComplaintCeiling(models.Model):
    """How much may be given on a complaint, and what the customer may claim by law or
    rule.

    A *ceiling* bounds what is given in one form: the first that holds counts; above it
    its role must agree. A *claim* is what a statute or the
    policy entitles the customer to: it is computed and proposed, a person decides.
    """

    _name = "quality.complaint.ceiling"
    _description = "Ceiling of Compensation"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    purpose = fields.Selection(
        [("ceiling", "Ceiling"), ("claim", "Claim of the customer")],
        required=True,
        default="ceiling",
        help=(
            "Ceiling: more needs the approval of the role. Claim: proposed to the "
            "handler when the condition holds."
        ),
    )
    form = fields.Selection(
        [
            ("product", "Compensation in goods"),
            ("cash", "Compensation in money"),
            ("credit", "Price reduction"),
        ],
        "Given As",
        required=True,
        default="cash",
    )
    goods_state = fields.Selection(
        GOODS_STATES, help="State of the goods at the customer; empty: any."
    )
    multiple = fields.Float(
        "Times the Value",
        digits=(16, 2),
        help="Of the goods complained of, at the price paid; 0: not bound to it.",
    )
    amount = fields.Monetary(
        help=(
            "Ceiling: never more than this. Claim: at least this. 0: none. A ceiling "
            "without times and amount means that nothing is given."
        )
    )
    currency_id = fields.Many2one(
        "res.currency", help="Of the amount; empty: the currency of the company."
    )
    source = fields.Char(translate=True, help="Law, contract or procedure it rests on.")
    valid_from = fields.Date("In Force From")
    valid_to = fields.Date("In Force Until")
    figure_text = fields.Char("Figure", compute="_compute_figure_text")
    exceed_role_id = fields.Many2one(
        "quality.complaint.role",
        "Above: Approved By",
        ondelete="restrict",
        help="Empty: nobody may go above.",
    )

    is_open = fields.Boolean(
        "Not Bound Here",
        help="Where it holds there is no ceiling, e.g. since a contract says it.",
    )
    exception_multiple = fields.Float(
        "Exceptionally (times the value)",
        digits=(16, 2),
        help="As an exception so much, with the role below. 0: no exception.",
    )
    exception_role_id = fields.Many2one(
        "quality.complaint.role",
        "Exception Approved By",
        ondelete="restrict",
    )

    @api.constrains(
        "multiple",
        "amount",
        "valid_from",
        "valid_to",
        "exception_multiple",
        "exception_role_id",
    )
    def _check_figures(self):
        for ceiling in self:
            if ceiling.multiple < 0 or ceiling.amount < 0:
                raise ValidationError(
                    self.env._(
                        "“%s”: a ceiling cannot be negative.", ceiling.display_name
                    )
                )
            if ceiling.exception_multiple and (
                not ceiling.exception_role_id
                or not ceiling.multiple
                or ceiling.exception_multiple <= ceiling.multiple
            ):
                raise ValidationError(
                    self.env._(
                        "“%s”: an exception is more times the value than the rule, and "
                        "a role approves it.",
                        ceiling.display_name,
                    )
                )
            if (
                ceiling.valid_from
                and ceiling.valid_to
                and ceiling.valid_from > ceiling.valid_to
            ):
                raise ValidationError(
                    self.env._("“%s” ends before it begins.", ceiling.display_name)
                )

    @api.depends("name", "form", "figure_text")
    def _compute_display_name(self):
        forms = dict(self._fields["form"]._description_selection(self.env))
        for ceiling in self:
            ceiling.display_name = (
                ceiling.name
                or f"{forms.get(ceiling.form, '')}: {ceiling.figure_text or ''}"
            )

    @api.depends("purpose", "multiple", "amount", "currency_id")
    @api.depends_context("lang", "company")
    def _compute_figure_text(self):
        for ceiling in self:
            currency = ceiling.currency_id or self.env.company.currency_id
            amount = currency.format(ceiling.amount) if ceiling.amount else ""
            times = (
                formatLang(
                    self.env, ceiling.multiple, digits=1 if ceiling.multiple % 1 else 0
                )
                if ceiling.multiple
                else ""
            )
            if times and amount:
                text = self.env._(
                    "%(times)s times the value, at most %(amount)s",
                    times=times,
                    amount=amount,
                )
                if ceiling.purpose == "claim":
                    text = self.env._(
                        "%(times)s times the value, at least %(amount)s",
                        times=times,
                        amount=amount,
                    )
            elif times:
                text = self.env._("%s times the value of the goods", times)
            else:
                text = amount or self.env._("nothing")
            ceiling.figure_text = text

    def _holds(self, facts):
        return (
            not self.goods_state or self.goods_state in facts.goods_states
        ) and super()._holds(facts)

    @api.depends("goods_state")
    def _compute_condition_text(self):
        return super()._compute_condition_text()

    def _condition_words(self):
        words = super()._condition_words()
        return (
            [
                *words,
                dict(self._fields["goods_state"]._description_selection(self.env))[
                    self.goods_state
                ],
            ]
            if self.goods_state
            else words
        )

    def _in_force(self, day):
        """Those of the recordset that are in force on a day."""
        return self.filtered(
            lambda row: (
                (not row.valid_from or row.valid_from <= day)
                and (not row.valid_to or day <= row.valid_to)
            )
        )

    def _figure(self, value, company, day):
        """The ceiling or claim for goods of a value, in the company's currency.

        :param float value: price paid for the goods, in the company's currency
        :return: amount, or None when the row's currency has no rate and nothing may be
            guessed
        """
        self.ensure_one()
        currency = company.currency_id
        amount = self.amount
        if amount and self.currency_id and self.currency_id != currency:
            rates = (
                self.env["res.currency.rate"]
                .sudo()
                .search_count(  # sudo: only whether the rate is known
                    [
                        ("currency_id", "=", self.currency_id.id),
                        ("company_id", "in", [False, company.root_id.id]),
                        ("name", "<=", day),
                    ],
                    limit=1,
                )
            )
            if not rates:
                return None
            amount = self.currency_id._convert(amount, currency, company, day)
        bounds = [
            bound
            for bound, given in (
                (value * self.multiple, self.multiple),
                (amount, self.amount),
            )
            if given
        ]
        if not bounds:
            return 0.0
        return currency.round(max(bounds) if self.purpose == "claim" else min(bounds))


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    def _ceilings_for(self, purpose):
        """The rows of one purpose, in their order.

        :param str purpose: `ceiling` or `claim`
        """
        return self.env["quality.complaint.ceiling"].browse(self._ceiling_ids(purpose))

    @ormcache("self.id", "purpose")
    def _ceiling_ids(self, purpose):
        # sudo: rules hold whoever plans
        return self.sudo().ceiling_ids.filtered(lambda row: row.purpose == purpose)._ids
