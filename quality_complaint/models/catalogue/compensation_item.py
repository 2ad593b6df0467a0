from odoo import api, fields, models
from odoo.exceptions import ValidationError

# amounts published for a place and a time
RATE_CODES = [
    ("living_cost", "Yearly living cost of the city's residents"),
    ("income", "Yearly income"),
    ("funeral", "Basic funeral services of the city"),
]


class QualityComplaintCompensationItem(models.Model):
    """What is compensated when people are hurt or things are damaged: nine items by
    regime R4, each with its rule.
    """

    _name = "quality.complaint.compensation.item"
    _description = "Compensation Item"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("injury", "Injury"), ("property", "Property"), ("other", "Other")],
        required=True,
        default="injury",
    )
    needs_proof = fields.Boolean(
        default=True,
        help="Of an injury: paid only with a diagnosis, record or receipt.",
    )
    rate_code = fields.Selection(
        RATE_CODES,
        "Yearly Amount",
        help="The amount the factor is applied to; empty: paid by receipts.",
    )
    factor_min = fields.Float("Factor from", digits=(16, 2))
    factor_max = fields.Float("Factor up to", digits=(16, 2), help="0: no upper bound.")
    rule = fields.Text(
        translate=True, help="How the amount is found, e.g. until which age."
    )
    source = fields.Char(
        translate=True, help="Law, norm or procedure the rule comes from."
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "The code of an item must be unique."
    )

    @api.constrains("factor_min", "factor_max")
    def _check_factors(self):
        for item in self:
            if (
                item.factor_min < 0
                or item.factor_max < 0
                or (item.factor_max and item.factor_min > item.factor_max)
            ):
                raise ValidationError(
                    self.env._("“%s”: the range of the factor is empty.", item.name)
                )

    def _factor_problems(self, factor):
        """:return: sentences on a factor outside of the item's range"""
        self.ensure_one()
        below, above = (
            factor < self.factor_min,
            self.factor_max and factor > self.factor_max,
        )
        if not self.rate_code or not (below or above):
            return []
        if not self.factor_max:
            return [
                self.env._(
                    "%(item)s: the factor must be at least %(low).12g.",
                    item=self.name,
                    low=self.factor_min,
                )
            ]
        if self.factor_min == self.factor_max:
            return [
                self.env._(
                    "%(item)s: the factor is always %(factor).12g.",
                    item=self.name,
                    factor=self.factor_min,
                )
            ]
        return [
            self.env._(
                "%(item)s: the factor must lie between %(low).12g and %(high).12g.",
                item=self.name,
                low=self.factor_min,
                high=self.factor_max,
            )
        ]
