from odoo import api, models
from odoo.tools.misc import formatLang

from ...tools import listed, printed_day
from .effect import Effect

# complaints named in a sentence
NAMED = 10


class QualityComplaintAction(models.Model):
    """What data say about an action, in sentences: for the form, the verification,
    reminders and printed reports.
    """

    _inherit = "quality.complaint.action"

    def _effect_text(self, with_names=None):
        """What data say, in sentences: for the form, the verification and printed
        reports.

        :param bool with_names: whether complaints are named; by the rights of the user
            if not given: to quality engineers
        :return: str, empty for actions whose effect is not verified or not done yet
        """
        self.ensure_one()
        return (
            self._effect_sentences(self._effects().get(self, Effect()), with_names)
            if self._is_verifiable()
            else ""
        )

    def _effect_sentences(self, effect, with_names=None):
        """:param effect: `Effect`; see `_effect_text`"""
        if with_names is None:
            with_names = self.env.user.has_group(
                "quality_complaint.group_quality_complaint_quality"
            )
        if effect.unit is None:
            return self._effect_unknown_text()
        parts = [self._effect_shipped_text(effect)]
        if effect.recurrences:
            parts.insert(0, self._effect_recurrence_text(effect, with_names))
        elif effect.proposal == "too_early":
            parts.append(self._effect_limit_text(effect))
        if effect.estimated:
            parts.append(
                self.env._(
                    "Goods without lots are counted by delivery date: an estimate."
                )
            )
        if effect.unattributed:
            parts.append(
                self.env._(
                    "Not attributable, since lot or defect is unknown: %s.",
                    self._effect_names(effect.unattributed)
                    if with_names
                    else len(effect.unattributed),
                )
            )
        return " ".join(parts)

    def _effect_unknown_text(self):
        action = self.sudo()  # sudo: as in `_effect_watches`
        if not (action.cut_in_lot_id or action.cut_in_on):
            return self.env._(
                "Enter the cut-in lot or date: then shipments and complaints since are "
                "counted."
            )
        return self.env._(
            "No product and defect are named in its complaints: recurrences cannot be "
            "told."
        )

    def _effect_recurrence_text(self, effect, with_names):
        count, names = len(effect.recurrences), self._effect_names(effect.recurrences)
        if with_names:
            return self.env._(
                "%(count)s complaint(s) of the same defect on goods made since "
                "%(cut_in)s: %(names)s.",
                count=count,
                cut_in=self._cut_in_text(),
                names=names,
            )
        return self.env._(
            "%(count)s complaint(s) of the same defect on goods made since %(cut_in)s.",
            count=count,
            cut_in=self._cut_in_text(),
        )

    def _effect_shipped_text(self, effect):
        if not effect.first_on:
            return self.env._(
                "Nothing made since %s was shipped yet.", self._cut_in_text()
            )
        quantities = [self._quantity_text(effect.shipped, effect.unit)] + [
            self._quantity_text(quantity, unit)
            for unit, quantity in effect.others.items()
        ]
        values = {
            "shipped": listed(self.env.lang, quantities),
            "cut_in": self._cut_in_text(),
            "days": effect.days,
            "first": printed_day(
                self.env, self._effect_clock().local(effect.first_on).date()
            ),
        }
        if effect.recurrences:
            return self.env._(
                "%(shipped)s made since %(cut_in)s shipped in %(days)s days (first on "
                "%(first)s).",
                **values,
            )
        return self.env._(
            "%(shipped)s made since %(cut_in)s shipped in %(days)s days (first on "
            "%(first)s), no complaint of the same defect.",
            **values,
        )

    def _effect_limit_text(self, effect):
        units, days = self._effect_limits()
        if units and days:
            return self.env._(
                "Too early: the policy asks for %(units)s or %(days)s days.",
                units=self._quantity_text(units, effect.unit),
                days=days,
            )
        if units:
            return self.env._(
                "Too early: the policy asks for %s.",
                self._quantity_text(units, effect.unit),
            )
        return (
            self.env._("Too early: the policy asks for %s days.", days)
            if days
            else self.env._("Too early: the policy asks for a shipment.")
        )

    def _cut_in_text(self):
        action = self.sudo()  # sudo: the name of the lot stands on the action
        return (
            self.env._("lot %s", action.cut_in_lot_id.name)
            if action.cut_in_lot_id
            else printed_day(self.env, action.cut_in_on)
        )

    @api.model
    def _effect_names(self, complaints):
        names = complaints.mapped("name")
        return listed(self.env.lang, names[:NAMED]) + (
            " …" if len(names) > NAMED else ""
        )

    @api.model
    def _quantity_text(self, quantity, unit):
        digits = 0 if unit.compare(quantity, round(quantity)) == 0 else 2
        return f"{formatLang(self.env, quantity, digits=digits)} {unit.name}"
