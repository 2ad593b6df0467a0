from dataclasses import dataclass, field
from datetime import datetime

from odoo import api, fields, models

PROPOSALS = [
    ("effective", "Effective"),
    ("ineffective", "Not effective"),
    ("too_early", "Too early"),
    ("unknown", "Not known"),
]


@dataclass
class Effect:
    """What data say about an action: quantities in `unit`; `others` are those in units
    that cannot be converted: {unit: quantity}.
    """

    proposal: str = "unknown"
    unit: object = None
    shipped: float = 0.0
    others: dict = field(default_factory=dict)
    days: int = 0
    first_on: datetime = None
    recurrences: object = None
    unattributed: object = None
    estimated: bool = False


class QualityComplaintAction(models.Model):
    """Effectiveness from data: how much was shipped of goods made with the action,
    which complaints concern them, and what follows from it.

    Days count from the first of these shipments: goods that lie in stock prove nothing.
    """

    _inherit = "quality.complaint.action"

    effect_proposal = fields.Selection(
        PROPOSALS, "Proposal from Data", compute="_compute_effect", compute_sudo=True
    )
    effect_shipped = fields.Float(
        "Shipped Since",
        compute="_compute_effect",
        compute_sudo=True,
        digits="Product Unit",
        help="Shipped to customers less what came back, of goods made with the action.",
    )
    effect_uom_id = fields.Many2one(
        "uom.uom", "Unit", compute="_compute_effect", compute_sudo=True
    )
    effect_first_on = fields.Datetime(
        "First Shipped", compute="_compute_effect", compute_sudo=True
    )
    effect_days_since = fields.Integer(
        "Days Since",
        compute="_compute_effect",
        compute_sudo=True,
        help="Days since goods made with it were first shipped.",
    )
    effect_recurrence_count = fields.Integer(
        "Recurrences", compute="_compute_effect", compute_sudo=True
    )
    effect_recurrence_ids = fields.Many2many(
        "quality.complaint",
        compute="_compute_effect",
        compute_sudo=True,
        string="Same Defect Again",
        groups="quality_complaint.group_quality_complaint_quality",
        help="Complaints of the same product and defect on goods made with the action.",
    )
    effect_unattributed_ids = fields.Many2many(
        "quality.complaint",
        compute="_compute_effect",
        compute_sudo=True,
        string="Not Attributable",
        groups="quality_complaint.group_quality_complaint_quality",
        help=(
            "Complaints of the same product since, of which nobody knows the lot or "
            "the defect: they count neither way."
        ),
    )
    effect_text = fields.Text("Figures", compute="_compute_effect", compute_sudo=True)

    # === compute ===

    @api.depends(
        "kind",
        "state",
        "cut_in_lot_id",
        "cut_in_on",
        "effect_product_ids",
        "complaint_id",
        "eight_d_id.defect_id",
    )
    @api.depends_context("uid", "lang")
    def _compute_effect(self):
        """For forms and short lists: two or three queries for all actions, but over all
        shipments of their products since the cut-in.
        """
        effects = self._effects()
        nothing = Effect()
        for action in self:
            effect = effects.get(action, nothing)
            action.effect_proposal = (
                effect.proposal if action._is_verifiable() else False
            )
            action.effect_shipped = effect.shipped
            action.effect_uom_id = effect.unit
            action.effect_first_on = effect.first_on
            action.effect_days_since = effect.days
            action.effect_recurrence_ids = effect.recurrences
            action.effect_recurrence_count = len(effect.recurrences or ())
            action.effect_unattributed_ids = effect.unattributed
            action.effect_text = (
                action._effect_sentences(effect) if action._is_verifiable() else False
            )

    # === figures ===

    def _effects(self):
        """What data say about these actions, in two or three queries for all of them.

        :return: {action: `Effect`}, only of those with something to watch
        """
        watches = self._effect_watches()
        if not watches:
            return {}
        attributed = self._effect_attribute(watches, self._effect_lines(watches))
        keys = [
            (action, product)
            for action, watch in watches.items()
            for product in watch.defects
        ]
        rows = [
            (
                action.company_id,
                product,
                watches[action].since,
                watches[action].lot,
                watches[action].clock.tz.zone,
            )
            for action, product in keys
        ]
        shipments = {}
        for number, _month, quantity, first, estimated in self.env[
            "quality.complaint.lot.facts"
        ]._shipped_since(rows):
            action, product = keys[number]
            shipments.setdefault(action, []).append(
                (product, quantity, first, estimated)
            )
        effects = {}
        for action, watch in watches.items():
            again, unknown = attributed[action]
            again, unknown = (
                lines.complaint_id.sorted(
                    lambda complaint: (complaint.received_on, complaint.id)
                )
                for lines in (again, unknown - again)
            )
            effect = effects[action] = Effect(
                recurrences=again, unattributed=unknown - again
            )
            effect.unit = action._effect_unit(watch)
            for product, quantity, _first, estimated in shipments.get(action, ()):
                effect.estimated |= estimated
                if product.uom_id._has_common_reference(effect.unit):
                    effect.shipped += product.uom_id._compute_quantity(
                        quantity, effect.unit, round=False
                    )
                else:
                    effect.others[product.uom_id] = (
                        effect.others.get(product.uom_id, 0.0) + quantity
                    )
            effect.estimated |= any(not line.lot_id for line in attributed[action][0])
            effect.shipped = effect.unit.round(effect.shipped)
            effect.first_on = min(
                (
                    first
                    for _product, _quantity, first, _estimated in shipments.get(
                        action, ()
                    )
                    if first
                ),
                default=None,
            )
            if effect.first_on:
                effect.days = (
                    watch.clock.local(fields.Datetime.now()).date()
                    - watch.clock.local(effect.first_on).date()
                ).days
            effect.proposal = action._effect_proposal(effect)
        return effects

    def _effect_unit(self, watch):
        """The unit quantities are counted in: that of the report's product, else of the
        first one.
        """
        product = self.sudo().product_id  # sudo: as in `_effect_watches`
        return (
            product
            if product in watch.defects
            else min(watch.defects, key=lambda product: product.id)
        ).uom_id

    def _effect_limits(self):
        """:return: (units, days) after which an action counts as effective; 0: not
        asked
        """
        action = self.sudo()  # sudo: limits of the policy hold for everybody
        policy = action.eight_d_id.policy_id or action.complaint_id.policy_id
        return policy.effect_units, policy.effect_days

    def _effect_proposal(self, effect):
        """Any recurrence: not effective. None, and enough shipped or shipped long
        enough ago: effective. Else too early.

        Something must have been shipped in any case; where the policy asks for neither
        units nor days, that is enough.

        :param effect: `Effect` with its figures
        """
        if effect.recurrences:
            return "ineffective"
        units, days = self._effect_limits()
        shipped = effect.unit.compare(effect.shipped, 0.0) > 0 or any(
            unit.compare(quantity, 0.0) > 0 for unit, quantity in effect.others.items()
        )
        enough = units and effect.unit.compare(effect.shipped, units) >= 0
        long_enough = days and effect.days >= days
        return (
            "effective"
            if shipped and (enough or long_enough or not (units or days))
            else "too_early"
        )
