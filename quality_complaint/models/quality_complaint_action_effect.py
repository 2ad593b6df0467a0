from dataclasses import dataclass, field
from datetime import datetime

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..tools import effect_chart

# kinds whose effect is verified, and states in which there is something to verify
VERIFIED_KINDS = ("corrective", "preventive")
VERIFIED_STATES = ("done", "effective", "ineffective")
PROPOSALS = [("effective", "Effective"), ("ineffective", "Not effective"), ("too_early", "Too early"), ("unknown", "Not known")]
# months of the series: so many before the cut-in, so many at most
MONTHS_BEFORE = 6
MONTHS = 24
# complaints named in a sentence
NAMED = 10


@dataclass(frozen=True)
class Watch:
    """What is watched of an action: defects (ids) by product, from which moment of production on, and the lot that is in any case made with it."""

    defects: dict
    since: datetime
    lot: object
    clock: object


@dataclass
class Effect:
    """What data say about an action: quantities in `unit`; `others` are those in units that cannot be converted: {unit: quantity}."""

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
    """Effectiveness from data: what was shipped since the cut-in, and which complaints of the same product and defect concern goods made after it.

    A lot is made when production, else a supplier, brought it in; goods without lots count by the day of delivery, as an estimate.
    Several products or defects in one report are pairs: what was complained of together. Counted are complaints of the action's company.
    """

    _inherit = "quality.complaint.action"

    effect_product_ids = fields.Many2many(
        "product.product", "quality_complaint_action_effect_product_rel", compute="_compute_effect_product_ids", store=True,
        help="Products whose complaints are watched.",
    )
    effect_proposal = fields.Selection(PROPOSALS, "Proposal from Data", compute="_compute_effect", compute_sudo=True)
    effect_shipped = fields.Float(
        "Shipped Since", compute="_compute_effect", compute_sudo=True, digits="Product Unit",
        help="Shipped to customers less what came back, of goods made with the action.",
    )
    effect_uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_effect", compute_sudo=True)
    effect_first_on = fields.Datetime("First Shipped", compute="_compute_effect", compute_sudo=True)
    effect_days_since = fields.Integer("Days Since", compute="_compute_effect", compute_sudo=True, help="Days since goods made with it were first shipped.")
    effect_recurrence_count = fields.Integer("Recurrences", compute="_compute_effect", compute_sudo=True)
    effect_recurrence_ids = fields.Many2many(
        "quality.complaint", compute="_compute_effect", compute_sudo=True, string="Same Defect Again", groups="quality_complaint.group_quality_complaint_quality",
        help="Complaints of the same product and defect on goods made with the action.",
    )
    effect_unattributed_ids = fields.Many2many(
        "quality.complaint", compute="_compute_effect", compute_sudo=True, string="Not Attributable",
        groups="quality_complaint.group_quality_complaint_quality",
        help="Complaints of the same product since, of which nobody knows the lot or the defect: they count neither way.",
    )
    effect_text = fields.Text("Figures", compute="_compute_effect", compute_sudo=True)
    effect_chart = fields.Text("By Month of Production", compute="_compute_effect_chart", compute_sudo=True)

    # === compute ===

    @api.depends("kind", "complaint_id.line_ids.product_id", "eight_d_id.complaint_ids.line_ids.product_id", "eight_d_id.product_id")
    def _compute_effect_product_ids(self):
        for action in self:
            watched = action.kind in VERIFIED_KINDS
            products = (action.complaint_id | action.eight_d_id.complaint_ids).line_ids.product_id | action.eight_d_id.product_id
            action.effect_product_ids = products if watched else products.browse()

    @api.depends("kind", "state", "cut_in_lot_id", "cut_in_on", "effect_product_ids", "complaint_id", "eight_d_id.defect_id")
    @api.depends_context("uid", "lang")
    def _compute_effect(self):
        """For forms and short lists: two or three queries for all actions, but over all shipments of their products since the cut-in."""
        effects = self._effects()
        nothing = Effect()
        for action in self:
            effect = effects.get(action, nothing)
            action.effect_proposal = effect.proposal if action._is_verifiable() else False
            action.effect_shipped = effect.shipped
            action.effect_uom_id = effect.unit
            action.effect_first_on = effect.first_on
            action.effect_days_since = effect.days
            action.effect_recurrence_ids = effect.recurrences
            action.effect_recurrence_count = len(effect.recurrences or ())
            action.effect_unattributed_ids = effect.unattributed
            action.effect_text = action._effect_sentences(effect) if action._is_verifiable() else False

    @api.depends("kind", "state", "cut_in_lot_id", "cut_in_on", "effect_product_ids", "complaint_id", "eight_d_id.defect_id")
    @api.depends_context("lang")
    def _compute_effect_chart(self):
        for action in self:  # shown on the form only, never in lists
            action.effect_chart = action._effect_chart()

    def _is_verifiable(self):
        return self.kind in VERIFIED_KINDS and self.state in VERIFIED_STATES

    # === what is watched ===

    def _effect_clock(self):
        """The civil days of the company."""
        company = self.company_id
        return company.resource_calendar_id._complaint_clock(company)

    def _effect_defects(self):
        """Defects by product, as they were complained of together; what a line does not name is that of the report.

        :return: {product: set of ids of defects}
        """
        report = self.eight_d_id
        complaints = (self.complaint_id | report.complaint_ids).filtered(lambda complaint: complaint.state != "cancelled")
        product = report.product_id or complaints.product_id[:1]
        defect = report.defect_id or complaints.defect_id[:1]
        pairs = {(product, defect)} | {(line.product_id or product, line.defect_id or defect) for line in complaints.line_ids}
        found = {}
        for product, defect in pairs:
            if product and defect:
                found.setdefault(product, set()).add(defect.id)
        return found

    def _effect_watches(self):
        """What is watched of those actions that are done, have a cut-in and a known product and defect. The lot wins over the day.

        :return: {action in superuser mode: `Watch`}
        """
        # sudo: effects are counted over all complaints and shipments of the company, whoever may open them
        actions = self.sudo().filtered(lambda action: action._is_verifiable() and (action.cut_in_lot_id or action.cut_in_on))
        made = self.env["quality.complaint.lot.facts"]._production_dates(actions.cut_in_lot_id)
        watches = {}
        for action in actions:
            clock = action._effect_clock()
            lot, defects = action.cut_in_lot_id, action._effect_defects()
            if defects:
                watches[action] = Watch(defects, made[lot] if lot else clock.midnight(action.cut_in_on), lot, clock)
        return watches

    # === complaints ===

    @api.model
    def _effect_complaint_domain(self):
        """Complaints that count: registered, neither cancelled nor judged invalid; a batch case counts by the complaints in it."""
        return (
            Domain("state", "not in", ("new", "cancelled")) & Domain("validity", "!=", "invalid")
            & Domain("is_batch", "=", False) & Domain("type_id.uses_severity", "=", True)
        )

    @api.model
    def _effect_lines(self, watches):
        """Complaint lines of the products that are watched, of the same defects or of none, received since the first of the moments.

        :param dict watches: of `_effect_watches`
        """
        received = Domain("received_on", ">=", min(watch.since for watch in watches.values()))
        defects = {defect for watch in watches.values() for ids in watch.defects.values() for defect in ids}
        products = {product.id for watch in watches.values() for product in watch.defects}
        domain = (
            Domain("company_id", "in", [action.company_id.id for action in watches]) & Domain("product_id", "in", list(products))
            & (Domain("defect_id", "child_of", list(defects)) | Domain("defect_id", "=", False))
            & Domain("complaint_id", "any", self._effect_complaint_domain() & received)
        )
        # sudo: as in `_effect_watches`
        return self.env["quality.complaint.line"].sudo().search(domain, order="id")

    @api.model
    def _effect_attribute(self, watches, lines):
        """Which complaint lines concern goods made with which action.

        :param dict watches: of `_effect_watches`
        :param lines: `quality.complaint.line` in superuser mode
        :return: {action: (lines of goods made with it, lines of which nobody can say)}
        """
        made = self.env["quality.complaint.lot.facts"]._production_dates(lines.lot_id)
        by_product = lines.grouped("product_id")
        found = {}
        for action, watch in watches.items():
            again = unknown = lines.browse()
            for product, defects in watch.defects.items():
                for line in by_product.get(product, again.browse()):
                    defect = {int(part) for part in (line.defect_id.parent_path or "").split("/") if part}
                    moment = line._made_on(made)
                    first = watch.lot and line.lot_id == watch.lot
                    old = moment and moment < watch.since and not first
                    wrong = line.company_id != action.company_id or line.complaint_id.received_on < watch.since
                    if old or wrong or (defect and not defect & defects):
                        continue
                    if defect and moment:
                        again |= line
                    else:
                        unknown |= line
            found[action] = again, unknown
        return found

    # === figures ===

    def _effects(self):
        """What data say about these actions, in two or three queries for all of them.

        :return: {action: `Effect`}, only of those with something to watch
        """
        watches = self._effect_watches()
        if not watches:
            return {}
        attributed = self._effect_attribute(watches, self._effect_lines(watches))
        keys = [(action, product) for action, watch in watches.items() for product in watch.defects]
        rows = [(action.company_id, product, watches[action].since, watches[action].lot, watches[action].clock.tz.zone) for action, product in keys]
        shipments = {}
        for number, _month, quantity, first, estimated in self.env["quality.complaint.lot.facts"]._shipped_since(rows):
            action, product = keys[number]
            shipments.setdefault(action, []).append((product, quantity, first, estimated))
        effects = {}
        for action, watch in watches.items():
            again, unknown = attributed[action]
            again, unknown = (lines.complaint_id.sorted(lambda complaint: (complaint.received_on, complaint.id)) for lines in (again, unknown - again))
            effect = effects[action] = Effect(recurrences=again, unattributed=unknown - again)
            effect.unit = action._effect_unit(watch)
            for product, quantity, _first, estimated in shipments.get(action, ()):
                effect.estimated |= estimated
                if product.uom_id._has_common_reference(effect.unit):
                    effect.shipped += product.uom_id._compute_quantity(quantity, effect.unit, round=False)
                else:
                    effect.others[product.uom_id] = effect.others.get(product.uom_id, 0.0) + quantity
            effect.estimated |= any(not line.lot_id for line in attributed[action][0])
            effect.shipped = effect.unit.round(effect.shipped)
            effect.first_on = min((first for _product, _quantity, first, _estimated in shipments.get(action, ()) if first), default=None)
            if effect.first_on:
                effect.days = (watch.clock.local(fields.Datetime.now()).date() - watch.clock.local(effect.first_on).date()).days
            effect.proposal = action._effect_proposal(effect)
        return effects

    def _effect_unit(self, watch):
        """The unit quantities are counted in: that of the report's product, else of the first one."""
        product = self.sudo().product_id  # sudo: as in `_effect_watches`
        return (product if product in watch.defects else min(watch.defects, key=lambda product: product.id)).uom_id

    def _effect_limits(self):
        """:return: (units, days) after which an action counts as effective; 0: not asked"""
        action = self.sudo()  # sudo: limits of the policy hold for everybody
        policy = action.eight_d_id.policy_id or action.complaint_id.policy_id
        return policy.effect_units, policy.effect_days

    def _effect_proposal(self, effect):
        """Any recurrence: not effective. None, and enough shipped or shipped long enough ago: effective. Else too early.

        Something must have been shipped in any case; where the policy asks for neither units nor days, that is enough.

        :param effect: `Effect` with its figures
        """
        if effect.recurrences:
            return "ineffective"
        units, days = self._effect_limits()
        shipped = effect.unit.compare(effect.shipped, 0.0) > 0 or any(unit.compare(quantity, 0.0) > 0 for unit, quantity in effect.others.items())
        enough = units and effect.unit.compare(effect.shipped, units) >= 0
        long_enough = days and effect.days >= days
        return "effective" if shipped and (enough or long_enough or not (units or days)) else "too_early"

    # === in words ===

    def _effect_text(self, with_names=None):
        """What data say, in sentences: for the form, the verification and printed reports.

        :param bool with_names: whether complaints are named; by the rights of the user if not given: to quality engineers
        :return: str, empty for actions whose effect is not verified or not done yet
        """
        self.ensure_one()
        return self._effect_sentences(self._effects().get(self, Effect()), with_names) if self._is_verifiable() else ""

    def _effect_sentences(self, effect, with_names=None):
        """:param effect: `Effect`; see `_effect_text`"""
        if with_names is None:
            with_names = self.env.user.has_group("quality_complaint.group_quality_complaint_quality")
        if effect.unit is None:
            return self._effect_unknown_text()
        parts = [self._effect_shipped_text(effect)]
        if effect.recurrences:
            parts.insert(0, self._effect_recurrence_text(effect, with_names))
        elif effect.proposal == "too_early":
            parts.append(self._effect_limit_text(effect))
        if effect.estimated:
            parts.append(self.env._("Goods without lots are counted by delivery date: an estimate."))
        if effect.unattributed:
            parts.append(
                self.env._(
                    "Not attributable, since lot or defect is unknown: %s.", self._effect_names(effect.unattributed) if with_names else len(effect.unattributed)
                )
            )
        return " ".join(parts)

    def _effect_unknown_text(self):
        action = self.sudo()  # sudo: as in `_effect_watches`
        if not (action.cut_in_lot_id or action.cut_in_on):
            return self.env._("Enter the cut-in lot or date: then shipments and complaints since are counted.")
        return self.env._("No product and defect are named in its complaints: recurrences cannot be told.")

    def _effect_recurrence_text(self, effect, with_names):
        count, names = len(effect.recurrences), self._effect_names(effect.recurrences)
        if with_names:
            return self.env._(
                "%(count)s complaint(s) of the same defect on goods made since %(cut_in)s: %(names)s.", count=count, cut_in=self._cut_in_text(), names=names
            )
        return self.env._("%(count)s complaint(s) of the same defect on goods made since %(cut_in)s.", count=count, cut_in=self._cut_in_text())

    def _effect_shipped_text(self, effect):
        if not effect.first_on:
            return self.env._("Nothing made since %s was shipped yet.", self._cut_in_text())
        quantities = [self._quantity_text(effect.shipped, effect.unit)] + [self._quantity_text(quantity, unit) for unit, quantity in effect.others.items()]
        values = {
            "shipped": ", ".join(quantities), "cut_in": self._cut_in_text(), "days": effect.days,
            "first": format_date(self.env, self._effect_clock().local(effect.first_on).date()),
        }
        if effect.recurrences:
            return self.env._("%(shipped)s made since %(cut_in)s shipped in %(days)s days (first on %(first)s).", **values)
        return self.env._("%(shipped)s made since %(cut_in)s shipped in %(days)s days (first on %(first)s), no complaint of the same defect.", **values)

    def _effect_limit_text(self, effect):
        units, days = self._effect_limits()
        if units and days:
            return self.env._("Too early: the policy asks for %(units)s or %(days)s days.", units=self._quantity_text(units, effect.unit), days=days)
        if units:
            return self.env._("Too early: the policy asks for %s.", self._quantity_text(units, effect.unit))
        return self.env._("Too early: the policy asks for %s days.", days) if days else self.env._("Too early: the policy asks for a shipment.")

    def _cut_in_text(self):
        action = self.sudo()  # sudo: the name of the lot stands on the action
        return self.env._("lot %s", action.cut_in_lot_id.name) if action.cut_in_lot_id else format_date(self.env, action.cut_in_on)

    @api.model
    def _effect_names(self, complaints):
        names = complaints.mapped("name")
        return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")

    @api.model
    def _quantity_text(self, quantity, unit):
        digits = 0 if unit.compare(quantity, round(quantity)) == 0 else 2
        return f"{formatLang(self.env, quantity, digits=digits)} {unit.name}"

    # === by month of production ===

    def _effect_series(self):
        """Complaints of the same trouble by the month in which the faulty goods were made, and what was shipped of those made in that month.

        From six months before the cut-in until now; the last 24 months when that is more. Goods without lots stand in the month of delivery.

        :return: list of dict: month ("2026-03"), label, cut_in (whether the action holds from this month on), complaints (int), shipped (float, in the
            unit of the report's product), ppm (complaints per million shipped, None when nothing was); empty without a cut-in
        """
        self.ensure_one()
        action = self.sudo()  # sudo: as in `_effect_watches`
        watch = action._effect_watches().get(action)
        if not watch:
            return []
        clock = watch.clock
        cut_in = clock.local(watch.since).date().replace(day=1)
        now = clock.local(fields.Datetime.now()).date().replace(day=1)
        first = max(min(cut_in, now) - relativedelta(months=MONTHS_BEFORE), now - relativedelta(months=MONTHS - 1))
        months = [first + relativedelta(months=number) for number in range((now.year - first.year) * 12 + now.month - first.month + 1)]
        window = Watch(watch.defects, clock.midnight(first), watch.lot.browse(), clock)
        complaints, shipped = action._complaints_by_month(window), action._shipped_by_month(window)
        return [
            {
                "month": f"{month:%Y-%m}",
                "label": format_date(self.env, month, date_format="MMM yyyy"),
                "cut_in": month == max(cut_in, first),
                "complaints": len(complaints.get(month, ())),
                "shipped": shipped.get(month, 0.0),
                "ppm": len(complaints.get(month, ())) / shipped[month] * 1e6 if shipped.get(month, 0.0) > 0 else None,
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
            "title_effect": action.env._("Complaints by month of production"), "complaints": action.env._("Complaints"),
            "per_million": action.env._("Complaints per million shipped"), "cut_in": action.env._("Cut-in"), "shipped": action.env._("Shipped"),
            "empty": action.env._("Nothing to show yet"),
        }
        # our own picture: labels are escaped there
        return Markup(effect_chart(series, labels, width)) if series else False

    def _complaints_by_month(self, watch):
        """:return: {first day of the month of production: complaints}"""
        lines, _unknown = self._effect_attribute({self: watch}, self._effect_lines({self: watch}))[self]
        made = self.env["quality.complaint.lot.facts"]._production_dates(lines.lot_id)
        months = lines.grouped(lambda line: watch.clock.local(line._made_on(made)).date().replace(day=1))
        return {month: group.complaint_id for month, group in months.items()}

    def _shipped_by_month(self, watch):
        """:return: {first day of the month of production: quantity shipped of what was made in it}"""
        unit = self._effect_unit(watch)
        products = [product for product in watch.defects if product.uom_id._has_common_reference(unit)]
        rows = [(self.company_id, product, watch.since, watch.lot, watch.clock.tz.zone) for product in products]
        found = {}
        for number, month, quantity, _first, _estimated in self.env["quality.complaint.lot.facts"]._shipped_since(rows):
            quantity = products[number].uom_id._compute_quantity(quantity, unit, round=False)
            found[month] = found.get(month, 0.0) + quantity
        return {month: unit.round(quantity) for month, quantity in found.items()}


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _made_on(self, made):
        """When the goods of this line were made; those without lots: when they were delivered, as an estimate.

        :param dict made: {lot: datetime}, see `_production_dates`
        :return: naive UTC datetime, or False when nobody can say
        """
        self.ensure_one()
        if self.lot_id:
            return made.get(self.lot_id) or False
        return self.product_id.tracking == "none" and self.move_id.date
