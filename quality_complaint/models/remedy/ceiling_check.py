from odoo import api, fields, models
from odoo.exceptions import UserError

from ..policy.ceiling import FORMS, GOODS_STATES


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    goods_state = fields.Selection(
        GOODS_STATES,
        help="What the customer did with the goods; some ceilings depend on it.",
    )


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    claim_id = fields.Many2one(
        "quality.complaint.ceiling",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        guarded=True,
    )


class QualityComplaintRemedy(models.Model):
    _inherit = "quality.complaint.remedy"

    ceiling_text = fields.Text(
        "Ceiling",
        compute="_compute_ceiling",
        compute_sudo=True,
        help="How much may be given, by which rule, and who may go above.",
    )
    above_ceiling = fields.Boolean(compute="_compute_ceiling", compute_sudo=True)

    @api.depends(
        "kind",
        "line_ids.amount",
        "state",
        "complaint_id.severity_id",
        "complaint_id.trigger_ids",
        "complaint_id.line_ids.value",
    )
    @api.depends_context("lang")
    def _compute_ceiling(self):
        for remedy in self:
            complaint = remedy.complaint_id
            form = remedy._ceiling_form()
            ceiling, limit = (
                complaint._ceiling_of(form)
                if form and complaint
                else (self.env["quality.complaint.ceiling"], None)
            )
            if not ceiling:
                remedy.ceiling_text, remedy.above_ceiling = False, False
                continue
            if limit is None:
                remedy.ceiling_text = self.env._(
                    "%(rule)s: no exchange rate of %(currency)s is known.",
                    rule=ceiling.display_name,
                    currency=ceiling.currency_id.name,
                )
                remedy.above_ceiling = False
                continue
            counted = (
                remedy if remedy.state in ("draft", "refused") else remedy.browse()
            )
            given = complaint._given(form, counted)
            remedy.above_ceiling = (
                complaint.currency_id.compare_amounts(given, limit) > 0
            )
            remedy.ceiling_text = ceiling._in_words(complaint, limit, given)

    def _ceiling_form(self):
        """In which form it gives more than the price paid back or the same goods:
        `product`, `cash` or `credit`; False when it does not.

        A replacement by dearer goods gives their surplus in goods.
        """
        self.ensure_one()
        dearer = self.kind == "replacement" and any(self.line_ids.mapped("amount"))
        return "product" if dearer else FORMS.get(self.kind, False)

    def _check_plannable(self):
        """What the policy says on giving: goods before money, and nobody above a
        ceiling that no role may exceed.
        """
        for remedy in self:
            complaint = remedy.complaint_id
            earlier = complaint.sudo().remedy_ids.filtered(
                lambda row: row.kind == "product_compensation"
            )  # sudo: all remedies count
            if (
                remedy.kind == "cash_compensation"
                and complaint.policy_id.product_before_cash
                and not remedy.note
                and not earlier
            ):
                raise UserError(
                    self.env._(
                        "“%s”: compensation is given in goods before money. Plan "
                        "goods, or write under “Reason” why it must be money.",
                        remedy.description,
                    )
                )
            for ceiling, limit, given, _remedies in complaint._above_ceilings(remedy):
                if not ceiling._role_above(complaint, given):
                    raise UserError(
                        self.env._(
                            "“%(remedy)s”: %(rule)s",
                            remedy=remedy.description,
                            rule=ceiling._in_words(complaint, limit, given),
                        )
                    )


class QualityComplaintCeiling(models.Model):
    _inherit = "quality.complaint.ceiling"

    def _role_above(self, complaint, given):
        """Who must agree to more than the limit: up to the exception its role, beyond
        it that for everything above.

        :param float given: in the currency of the company
        :return: `quality.complaint.role`, empty when nobody may
        """
        self.ensure_one()
        ceiling = self.sudo()  # sudo: rules hold whoever plans
        if ceiling.exception_multiple:
            currency = complaint.currency_id
            most = currency.round(complaint._goods_value() * ceiling.exception_multiple)
            if currency.compare_amounts(given, most) <= 0:
                return ceiling.exception_role_id.sudo(False)
        return ceiling.exceed_role_id.sudo(False)

    def _in_words(self, complaint, limit, given):
        """`Foreign matter, eaten: up to 5 times the value = $ 500.00; $ 620.00 are
        planned. Above: Sales centre.`
        """
        self.ensure_one()
        currency = complaint.currency_id
        role = self._role_above(complaint, max(given, limit))
        above = (
            self.env._("More needs the approval of: %s.", role.name)
            if role
            else self.env._("Nobody may go above.")
        )
        text = self.env._(
            "%(rule)s: %(figure)s = %(limit)s; %(given)s are given or planned. "
            "%(above)s",
            rule=self.display_name,
            figure=self.figure_text,
            limit=currency.format(limit),
            given=currency.format(given),
            above=above,
        )
        return f"{text} ({self.source})" if self.source else text
