from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import listed
from ..policy.limit import UNITS, WHOLE

STEPS = [
    ("D0", "D0 Preparation"),
    ("D1", "D1 Team"),
    ("D2", "D2 Problem"),
    ("D3", "D3 Containment"),
    ("D4", "D4 Root Causes"),
    ("D5", "D5 Corrective Actions"),
    ("D6", "D6 Implementation"),
    ("D7", "D7 Prevention"),
    ("D8", "D8 Closure"),
]


class Quality8dVariant(models.Model):
    """A customer's own time limits for 8D reports, e.g. those of a car maker; chosen on
    the customer and on the report.
    """

    _name = "quality.8d.variant"
    _description = "Time Limits of a Customer for 8D Reports"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "The code of a variant must be unique."
    )


class Quality8dLimit(models.Model):
    """When a step of an 8D report is due, counted from the start of the report; data of
    the policy, with variants of customers.
    """

    _name = "quality.8d.limit"
    _description = "Time Limit of an 8D Step"
    _inherit = ["quality.complaint.policy.part"]
    _order = "policy_id, variant_id, step"

    variant_id = fields.Many2one(
        "quality.8d.variant",
        ondelete="restrict",
        help="Empty: holds unless the customer has limits of their own.",
    )
    step = fields.Selection(STEPS, required=True)
    amount = fields.Float("Time", digits=(16, 2), required=True, most=20000)
    unit = fields.Selection(UNITS, required=True, default="day")

    _step_uniq = models.UniqueIndex(
        "(policy_id, step, COALESCE(variant_id, 0))",
        "A policy has each step of an 8D report once for each variant.",
    )

    @api.depends("step", "amount", "unit", "variant_id.name")
    def _compute_display_name(self):
        for limit in self:
            amount = self.env["quality.complaint.limit"]._amount_text(
                limit.amount, limit.unit
            )
            limit.display_name = listed(
                self.env.lang,
                (
                    ": ".join(filter(None, (limit.step, amount))),
                    limit.variant_id.name,
                ),
                ",",
            )

    @api.constrains("amount", "unit")
    def _check_amount(self):
        for limit in self:
            if limit.amount < 0 or (limit.unit in WHOLE and limit.amount % 1):
                raise ValidationError(
                    self.env._(
                        "%s: days are whole numbers and times cannot be negative.",
                        limit.step,
                    )
                )


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    eight_d_limit_ids = fields.One2many(
        "quality.8d.limit", "policy_id", "8D Steps", copy=False
    )
    effect_units = fields.Integer(
        "Effective After (units)",
        default=1000,
        help=(
            "A corrective action counts as effective once so many units were shipped "
            "since without recurrence. 0: not asked."
        ),
    )
    effect_days = fields.Integer(
        "Effective After (days)",
        default=90,
        most=36500,
        help=(
            "… or once so many days have passed since with deliveries and without "
            "recurrence. 0: not asked."
        ),
    )

    _effect_positive = models.Constraint(
        "CHECK (effect_units >= 0 AND effect_days >= 0)",
        "Units and days cannot be negative.",
    )

    def _eight_d_limit(self, step, variant):
        """The limit of a step: the variant's, else the general one, else an empty one.

        :param str step: code
        :param variant: `quality.8d.variant`, possibly empty
        """
        rows = self.eight_d_limit_ids.filtered(lambda limit: limit.step == step)
        return rows.filtered(
            lambda limit: variant and limit.variant_id == variant
        ) or rows.filtered(lambda limit: not limit.variant_id)
