from collections import defaultdict

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.quality_complaint.tools import listed

from .quality_complaint_chargeback import SENT_STATES

# kinds that are a fact ticked on the supplier complaint
FACTS = ("counterfeit", "failed_test", "uncooperative")


class QualityComplaintSupplierRule(models.Model):
    """When the policy warns of a supplier."""

    _name = "quality.complaint.supplier.rule"
    _description = "Supplier Rule"
    _inherit = "quality.complaint.policy.part"
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("no_answer", "No answer"),
            ("counterfeit", "Counterfeit"),
            ("failed_test", "Failed an official test"),
            ("return_rate", "Return rate"),
            ("customer_return_rate", "Returned by customers"),
            ("service_complaints", "Complaints about service"),
            ("uncooperative", "Does not cooperate"),
        ],
        "Rule",
        required=True,
    )
    days = fields.Integer("Days Without Answer", default=2, most=3650)
    percent = fields.Float(
        "Return Rate Above (%)",
        digits=(5, 2),
        default=2.0,
        help="Quantity charged back of the quantity received in a month.",
    )
    months = fields.Integer("Months Running", default=3, most=120)
    count = fields.Integer(
        "Complaints in a Month", default=2, help="Sent within a month and not settled."
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("kind", "days", "percent", "months", "count")
    @api.depends_context("lang")
    def _compute_summary(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            text = kinds.get(rule.kind, "")
            if rule.kind == "no_answer":
                text = self.env._("No answer within %(days)s days", days=rule.days)
            elif rule.kind == "return_rate":
                text = self.env._(
                    "Return rate above %(percent).12g %% in %(months)s months running",
                    percent=rule.percent,
                    months=rule.months,
                )
            elif rule.kind == "customer_return_rate":
                text = self.env._(
                    "A product returned or exchanged by customers above %(percent).12g "
                    "%% in %(months)s months running",
                    percent=rule.percent,
                    months=rule.months,
                )
            elif rule.kind == "service_complaints":
                text = self.env._(
                    "%(count)s complaints about service in a month without improvement",
                    count=rule.count,
                )
            rule.summary = text

    @api.depends("summary")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.summary

    @api.constrains("kind", "days", "percent", "months", "count")
    def _check_figures(self):
        for rule in self:
            no_rate = not 0 < rule.percent < 100 or not 1 <= rule.months <= 12
            wrong = {
                "no_answer": rule.days < 1,
                "return_rate": no_rate,
                "customer_return_rate": no_rate,
                "service_complaints": rule.count < 1,
            }
            if wrong.get(rule.kind):
                raise ValidationError(
                    self.env._(
                        "%s: days and counts start at 1, a rate lies between 0 and "
                        "100 percent, and months between 1 and 12.",
                        rule.display_name,
                    )
                )

    # === applying ===

    def _holding(self, company, partners):
        """Which of these rules hold for suppliers of a company.

        :param company: one `res.company`
        :param partners: commercial partners
        :return: {partner: list of (rule, sentence with its figures)}
        """
        # sudo: the standing of a supplier is the same whoever looks at it
        chargebacks = self.env["quality.complaint.chargeback"].sudo()
        rows = chargebacks.search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "in", partners.ids),
                ("state", "in", ("sent", "answered")),
            ],
            order="sent_on, id",
        )
        grouped = rows.grouped("commercial_partner_id")
        months = max(
            self.filtered(lambda rule: rule.kind == "return_rate").mapped("months"),
            default=0,
        )
        rates = self._return_rates(company, partners, months)
        by_product = max(
            self.filtered(lambda rule: rule.kind == "customer_return_rate").mapped(
                "months"
            ),
            default=0,
        )
        holding = {partner: [] for partner in partners}
        for partner in partners:
            own = grouped.get(partner, chargebacks)
            returned = self._customer_return_rates(company, partner, by_product)
            for rule in self:
                text = (
                    rule._product_sentence(returned)
                    if rule.kind == "customer_return_rate"
                    else rule._sentence(own, rates.get(partner, []))
                )
                if text:
                    holding[partner].append((rule, text))
        return holding

    def _sentence(self, rows, rates):
        """What this rule says about a supplier, or nothing when it does not hold.

        :param rows: his open `quality.complaint.chargeback`, sent or answered
        :param rates: list of (first day of the month, percent), latest first
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self.kind == "no_answer":
            limit = now - relativedelta(days=self.days)
            late = rows.filtered(
                lambda row: (
                    row.answer == "none"
                    or (row.state == "sent" and row.sent_on < limit)
                )
            )
            return late and self.env._(
                "No answer within %(days)s days to: %(numbers)s.",
                days=self.days,
                numbers=listed(self.env.lang, late.mapped("name")),
            )
        if self.kind == "service_complaints":
            recent = rows.filtered(
                lambda row: (
                    row.reason_kind == "service"
                    and row.sent_on >= now - relativedelta(months=1)
                )
            )
            if len(recent) < self.count:
                return False
            return self.env._(
                "%(count)s complaints about service within a month without "
                "improvement: %(numbers)s.",
                count=len(recent),
                numbers=listed(self.env.lang, recent.mapped("name")),
            )
        if self.kind == "return_rate":
            months = rates[: self.months]
            if len(months) < self.months or any(
                rate <= self.percent for _month, rate in months
            ):
                return False
            figures = listed(
                self.env.lang,
                (
                    self.env._(
                        "%(month)s: %(rate).2f %%", month=f"{month:%Y-%m}", rate=rate
                    )
                    for month, rate in reversed(months)
                ),
            )
            return self.env._(
                "Return rate above %(percent).12g %% in %(months)s months running "
                "(%(figures)s).",
                percent=self.percent,
                months=self.months,
                figures=figures,
            )
        facts = rows.filtered(lambda row: row.reason_kind == self.kind)
        return facts and self._fact_sentence(facts)

    def _product_sentence(self, rates):
        """As `_sentence`, of the products that customers send back.

        :param dict rates: of `_customer_return_rates`
        """
        self.ensure_one()
        above = {
            product: months[: self.months]
            for product, months in rates.items()
            if len(months) >= self.months
            and all(rate > self.percent for _month, rate in months[: self.months])
        }
        figures = [
            self.env._(
                "%(product)s (%(figures)s)",
                product=product.display_name,
                figures=listed(
                    self.env.lang,
                    (
                        self.env._(
                            "%(month)s: %(rate).2f %%",
                            month=f"{month:%Y-%m}",
                            rate=rate,
                        )
                        for month, rate in reversed(months)
                    ),
                ),
            )
            for product, months in above.items()
        ]
        return figures and self.env._(
            "Customers returned or exchanged more than %(percent).12g %% in %(months)s "
            "months running of: %(products)s.",
            percent=self.percent,
            months=self.months,
            products=listed(self.env.lang, figures, ";"),
        )

    def _fact_sentence(self, facts):
        values = {"numbers": listed(self.env.lang, facts.mapped("name"))}
        if self.kind == "counterfeit":
            return self.env._("Counterfeit goods: %(numbers)s.", **values)
        if self.kind == "failed_test":
            return self.env._("Failed an official test: %(numbers)s.", **values)
        return self.env._("Does not cooperate: %(numbers)s.", **values)

    # === return rate ===

    @api.model
    def _full_months(self, company, count):
        """The last full months of a company's own time zone, latest first.

        :return: list of (first day, start, end), the latter naive UTC
        """
        zone = pytz.timezone(
            company.resource_calendar_id.tz or company.partner_id.tz or "UTC"
        )
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        first = today.replace(day=1)
        months = []
        for _month in range(count):
            end, first = first, first - relativedelta(months=1)
            moments = [
                zone.localize(fields.Datetime.to_datetime(day))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for day in (first, end)
            ]
            months.append((first, *moments))
        return months

    @api.model
    def _return_rates(self, company, partners, count):
        """Return rate of suppliers per full month: quantity charged back of the
        quantity received, in percent.

        Quantities that cannot be added (pieces and kilograms) are kept apart; the
        highest rate is the month's. A month without
        receipts has none and counts as 0.

        :return: {commercial partner: list of (first day of the month, percent), latest
            first}
        """
        result = defaultdict(list)
        for first, start, end in self._full_months(company, count):
            received = self._received_quantities(company, partners, start, end)
            charged = self._charged_quantities(company, partners, start, end)
            for partner in partners:
                rates = [
                    100.0 * quantity / received[partner.id, root]
                    for (owner, root), quantity in charged.items()
                    if owner == partner.id and received.get((partner.id, root))
                ]
                result[partner].append((first, max(rates, default=0.0)))
        return result

    @api.model
    def _customer_return_rates(self, company, partner, count):
        """What customers sent back on complaints of what was delivered to them, per
        product bought mainly from a supplier and full month, in percent (R4: 商品退换货
        比例).

        :return: {`product.template`: list of (first day of the month, percent), latest
            first}; a month without deliveries has none and counts as 0
        """
        products = partner._products_mainly_bought() if count else ()
        if not products:
            return {}
        self.env["stock.move"].flush_model()
        rates = {product: [] for product in products}
        for first, start, end in self._full_months(company, count):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT product.product_tmpl_id,
                           SUM(CASE WHEN destination.usage = 'customer' THEN move.quantity * unit.factor END),
                           SUM(CASE WHEN source.usage = 'customer' AND move.remedy_line_id IS NOT NULL THEN move.quantity * unit.factor END)
                      FROM stock_move move
                      JOIN stock_location source ON source.id = move.location_id
                      JOIN stock_location destination ON destination.id = move.location_dest_id
                      JOIN product_product product ON product.id = move.product_id
                      JOIN uom_uom unit ON unit.id = move.product_uom
                     WHERE move.state = 'done' AND move.company_id = %s AND move.date >= %s AND move.date < %s
                       AND product.product_tmpl_id IN %s
                       AND 'customer' IN (source.usage, destination.usage)
                  GROUP BY product.product_tmpl_id
                    """,  # noqa: E501
                    company.id,
                    start,
                    end,
                    tuple(products.ids),
                )
            )
            quantities = {
                product: (delivered or 0, returned or 0)
                for product, delivered, returned in rows
            }
            for product, months in rates.items():
                delivered, returned = quantities.get(product.id, (0, 0))
                months.append((first, 100.0 * returned / delivered if delivered else 0))
        return rates

    @api.model
    def _received_quantities(self, company, partners, start, end):
        """:return: {(commercial partner id, root unit id): quantity in the root unit}
        received from suppliers in the time
        """
        self.env["stock.move"].flush_model(
            [
                "state",
                "date",
                "quantity",
                "product_uom",
                "purchase_line_id",
                "location_id",
                "company_id",
            ]
        )
        self.env["purchase.order.line"].flush_model(["order_id"])
        self.env["purchase.order"].flush_model(["partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, split_part(unit.parent_path, '/', 1)::int AS root, SUM(move.quantity * unit.factor)
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id AND source.usage = 'supplier'
                  JOIN purchase_order_line line ON line.id = move.purchase_line_id
                  JOIN purchase_order po ON po.id = line.order_id
                  JOIN res_partner partner ON partner.id = po.partner_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                 WHERE move.state = 'done' AND move.company_id = %s AND move.date >= %s AND move.date < %s
                   AND partner.commercial_partner_id IN %s
              GROUP BY partner.commercial_partner_id, root
                """,  # noqa: E501
                company.id,
                start,
                end,
                tuple(partners.ids) or (None,),
            )
        )
        return {(partner, root): quantity for partner, root, quantity in rows}

    @api.model
    def _charged_quantities(self, company, partners, start, end):
        """:return: as `_received_quantities`, put before suppliers in the time"""
        # sudo: as in `_holding`
        groups = (
            self.env["quality.complaint.chargeback"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "in", partners.ids),
                    ("state", "in", SENT_STATES),
                    ("sent_on", ">=", start),
                    ("sent_on", "<", end),
                    ("product_uom_id", "!=", False),
                ],
                ["commercial_partner_id", "product_uom_id"],
                ["quantity:sum"],
            )
        )
        result = defaultdict(float)
        for partner, unit, quantity in groups:
            result[partner.id, int(unit.parent_path.split("/")[0])] += (
                quantity * unit.factor
            )
        return result
