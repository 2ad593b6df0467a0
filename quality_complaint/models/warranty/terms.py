from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# what the customer may ask for
CHOICES = [
    ("all", "Repair, exchange or return, as the customer chooses"),
    ("exchange", "Repair or exchange, as the customer chooses"),
    ("repair", "Repair"),
    ("paid", "Repair or exchange against payment"),
    ("none", "Nothing"),
]


class QualityComplaintWarranty(models.Model):
    """What a customer may ask for how long: a warranty, or the terms of a contract.

    Of several that apply the most particular one counts: of the product, of its
    category, of the customer's contract, of the policy, of the country; of several of
    the same kind the one that is first in the list. They are the company's own, not
    part of a policy, which is frozen while it is used.

    Sources of what is delivered (to be checked before use): the general rules of China
    on repair, exchange and return of 1995 (部分商品修理更换退货责任规定, art. 9 to 11)
    and of cars of 2021 (家用汽车产品修理更换退货责任规定), Directive (EU) 2019/771 art.
    10, regime R4 (2.2 and 2.3).
    """

    _name = "quality.complaint.warranty"
    _description = "Warranty Terms"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    source = fields.Char(help="Law, contract or procedure they rest on.")
    valid_from = fields.Date(
        "In Force From", help="For goods that reached the customer from then on."
    )
    valid_to = fields.Date("In Force Until")

    # --- what they are for
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
    )
    category_id = fields.Many2one(
        "product.category",
        "Product Category",
        index="btree_not_null",
        ondelete="cascade",
        help="With all below it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contract With",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="A contract of this customer.",
    )
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        index="btree_not_null",
        ondelete="restrict",
        context={"active_test": False},
        help="In all its versions.",
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    found_by = fields.Selection(
        [
            ("staff", "The customer's own staff"),
            ("consumer", "A consumer"),
        ],
        help=(
            "Who found the trouble, where the contract tells them apart (R3: what the "
            "staff of a supermarket finds goes by its contract). Empty: whoever it is."
        ),
    )

    # --- how long
    start = fields.Selection(
        [("delivery", "Delivery"), ("sale", "Order")],
        "Counts From",
        default="delivery",
        required=True,
    )
    return_days = fields.Integer(
        "Return Within (days)", help="Repair, exchange or return. China: 7."
    )
    exchange_days = fields.Integer(
        "Exchange Within (days)", help="Repair or exchange. China: 15."
    )
    choice_months = fields.Integer(
        "Choice Within (months)",
        help="So long the customer chooses repair, exchange or return. R4: 3.",
    )
    months = fields.Integer("Warranty (months)")
    within = fields.Selection(CHOICES, "In Warranty", default="repair", required=True)
    after = fields.Selection(CHOICES, "Afterwards", default="paid", required=True)
    repairs_most = fields.Integer(
        "Exchange After (repairs)",
        help=(
            "Repaired so often within the warranty, the customer may ask for an "
            "exchange. China: 2. 0: never."
        ),
    )

    # --- refund less use
    wear_percent = fields.Float(
        "Wear per Day (%)",
        digits=(16, 4),
        help="Taken off the price of goods that come back after use. 0: nothing.",
    )
    wear_most = fields.Float("Wear at Most (%)", digits=(16, 2), default=100.0)

    # --- contract
    multiple = fields.Float(
        "Compensated (times the value)",
        digits=(16, 2),
        help="What the contract grants for goods found faulty; 0: nothing is said.",
    )
    note = fields.Text("What the Contract Says", translate=True)

    _figures = models.Constraint(
        "CHECK (return_days >= 0 AND exchange_days >= 0 AND choice_months >= 0 AND "
        "months >= 0 AND repairs_most >= 0 AND wear_percent >= 0 AND multiple >= 0 "
        "AND wear_most BETWEEN 0 AND 100)",
        "Times and shares of warranty terms are not negative, wear is at most 100 %.",
    )

    @api.constrains("return_days", "exchange_days", "valid_from", "valid_to")
    def _check_order(self):
        for terms in self:
            if terms.exchange_days and terms.exchange_days < terms.return_days:
                raise ValidationError(
                    self.env._(
                        "“%s”: goods can be exchanged at least as long as they can be "
                        "returned.",
                        terms.name,
                    )
                )
            if (
                terms.valid_from
                and terms.valid_to
                and terms.valid_from > terms.valid_to
            ):
                raise ValidationError(
                    self.env._("“%s” ends before it begins.", terms.name)
                )

    # === finding ===

    @api.model
    def _candidates(self, company):
        """All terms of a company, in their order."""
        # sudo: what a customer may ask for is the same for whoever reads it
        return self.sudo().search([("company_id", "in", [False, company.id])])

    def _applying(self, line, day):
        """The terms that count for a line of a complaint.

        :param line: one `quality.complaint.line`
        :param day: when the goods reached the customer, or were sold; False if nobody
            knows
        :return: one `quality.complaint.warranty`, or none
        """
        complaint = line.complaint_id
        found = self.filtered(lambda terms: terms._fits(line, complaint, day))
        return found.sorted(lambda terms: terms._distance(line))[:1]

    def _fits(self, line, complaint, day):
        self.ensure_one()
        staff = "staff" if complaint._is_found_by_staff() else "consumer"
        partner = complaint.partner_id.commercial_partner_id
        country = complaint.partner_id.country_id or partner.country_id
        path = (line.product_id.categ_id.parent_path or "").split("/")
        return (
            (
                not self.product_tmpl_id
                or self.product_tmpl_id == line.product_id.product_tmpl_id
            )
            and (not self.category_id or str(self.category_id.id) in path)
            and (
                not self.partner_id or self.partner_id.commercial_partner_id == partner
            )
            and (not self.policy_id or self.policy_id.code == complaint.policy_id.code)
            and (not self.country_ids or country in self.country_ids)
            and (not self.found_by or self.found_by == staff)
            and (not day or not self.valid_from or self.valid_from <= day)
            and (not day or not self.valid_to or self.valid_to >= day)
        )

    def _distance(self, line):
        """How particular they are: the smaller, the closer to the goods."""
        self.ensure_one()
        for place, name in enumerate(
            ("product_tmpl_id", "category_id", "partner_id", "policy_id", "country_ids")
        ):
            if self[name]:
                return (place, self.sequence, self.id)
        return (9, self.sequence, self.id)

    # === applying ===

    def _until(self, day):
        """Last day of the warranty of goods that began to count on a day."""
        self.ensure_one()
        if not (day and self.months):
            return False
        return day + relativedelta(months=self.months) - timedelta(days=1)

    def _choice(self, day, asked, repairs):
        """What the customer may ask for.

        :param day: when the time began
        :param asked: day of the complaint
        :param int repairs: how often the goods were repaired in warranty
        :return: one of `CHOICES`
        """
        self.ensure_one()
        days = (asked - day).days
        if self.return_days and days <= self.return_days:
            return "all"
        if self.exchange_days and days <= self.exchange_days:
            return "exchange"
        if self.choice_months and asked < day + relativedelta(
            months=self.choice_months
        ):
            return "all"
        until = self._until(day)
        if not until or asked > until:
            return self.after
        if (
            self.repairs_most
            and repairs >= self.repairs_most
            and self.within == "repair"
        ):
            return "exchange"
        return self.within

    def _wear(self, day, asked):
        """Share of the price that use has taken, in percent.

        :return: float, 0 to `wear_most`, rounded to hundredths
        """
        self.ensure_one()
        days = max((asked - day).days, 0)
        return min(round(self.wear_percent * days, 2), self.wear_most)
