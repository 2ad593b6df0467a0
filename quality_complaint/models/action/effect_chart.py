from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import effect_chart
from .watch import Watch

# so many months before the cut-in, so many at most
MONTHS_BEFORE = 6
MONTHS = 24


class QualityComplaintAction(models.Model):
    """Complaints of the same trouble by the month in which the faulty goods were made,
    with the cut-in marked.
    """

    _inherit = "quality.complaint.action"

    effect_chart = fields.Text(
        "By Month of Production", compute="_compute_effect_chart", compute_sudo=True
    )

    @api.depends(
        "kind",
        "state",
        "cut_in_lot_id",
        "cut_in_on",
        "effect_product_ids",
        "complaint_id",
        "eight_d_id.defect_id",
    )
    @api.depends_context("lang")
    def _compute_effect_chart(self):
        for action in self:  # shown on the form only, never in lists
            action.effect_chart = action._effect_chart()

    def _effect_series(self):
        """Complaints of the same trouble by the month in which the faulty goods were
        made, and what was shipped of those made in that month.

        From six months before the cut-in until now; the last 24 months when that is
        more. Goods without lots stand in the month of delivery.

        :return: list of dict: month ("2026-03"), label, cut_in (whether the action
            holds from this month on), complaints (int), shipped (float, in the
            unit of the report's product), ppm (complaints per million shipped, None
            when nothing was); empty without a cut-in
        """
        self.ensure_one()
        action = self.sudo()  # sudo: as in `_effect_watches`
        watch = action._effect_watches().get(action)
        if not watch:
            return []
        clock = watch.clock
        cut_in = clock.local(watch.since).date().replace(day=1)
        now = clock.local(fields.Datetime.now()).date().replace(day=1)
        first = max(
            min(cut_in, now) - relativedelta(months=MONTHS_BEFORE),
            now - relativedelta(months=MONTHS - 1),
        )
        months = [
            first + relativedelta(months=number)
            for number in range(
                (now.year - first.year) * 12 + now.month - first.month + 1
            )
        ]
        window = Watch(watch.defects, clock.midnight(first), watch.lot.browse(), clock)
        complaints, shipped = (
            action._complaints_by_month(window),
            action._shipped_by_month(window),
        )
        return [
            {
                "month": f"{month:%Y-%m}",
                "label": format_date(self.env, month, date_format="MMM yyyy"),
                "cut_in": month == max(cut_in, first),
                "complaints": len(complaints.get(month, ())),
                "shipped": shipped.get(month, 0.0),
                "ppm": len(complaints.get(month, ())) / shipped[month] * 1e6
                if shipped.get(month, 0.0) > 0
                else None,
            }
            for month in months
        ]

    def _effect_chart(self, width=None, lang=None):
        """The series as a picture, for the form and for print.

        :param int width: in pixels
        :param str lang: code of the language of the labels
        :return: SVG as Markup, False when there is nothing to count from
        """
        action = self.with_context(lang=lang or self.env.lang)
        series = action._effect_series()
        labels = {
            "title_effect": action.env._("Complaints by month of production"),
            "complaints": action.env._("Complaints"),
            "per_million": action.env._("Complaints per million shipped"),
            "cut_in": action.env._("Cut-in"),
            "shipped": action.env._("Shipped"),
            "empty": action.env._("Nothing to show yet"),
        }
        # our own picture: labels are escaped there
        return Markup(effect_chart(series, labels, width)) if series else False

    def _complaints_by_month(self, watch):
        """:return: {first day of the month of production: complaints}"""
        lines, _unknown = self._effect_attribute(
            {self: watch}, self._effect_lines({self: watch})
        )[self]
        made = self.env["quality.complaint.lot.facts"]._production_dates(lines.lot_id)
        months = lines.grouped(
            lambda line: watch.clock.local(line._made_on(made)).date().replace(day=1)
        )
        return {month: group.complaint_id for month, group in months.items()}

    def _shipped_by_month(self, watch):
        """:return: {first day of the month of production: quantity shipped of what was
        made in it}
        """
        unit = self._effect_unit(watch)
        products = [
            product
            for product in watch.defects
            if product.uom_id._has_common_reference(unit)
        ]
        rows = [
            (self.company_id, product, watch.since, watch.lot, watch.clock.tz.zone)
            for product in products
        ]
        found = {}
        for number, month, quantity, _first, _estimated in self.env[
            "quality.complaint.lot.facts"
        ]._shipped_since(rows):
            quantity = products[number].uom_id._compute_quantity(
                quantity, unit, round=False
            )
            found[month] = found.get(month, 0.0) + quantity
        return {month: unit.round(quantity) for month, quantity in found.items()}
