from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools import AroundTheClock

# figures of a unit: how a ratio is multiplied, and to how many digits it is shown
FACTORS = {
    "percent": (100.0, 1),
    "score": (1.0, 1),
    "days": (1.0, 1),
    "per_million": (1e6, 1),
    "per_ten_thousand": (1e4, 1),
}


def figure_text(env, unit, value):
    """An indicator as it is read, in the language of the environment."""
    text = formatLang(env, value, digits=FACTORS[unit][1])
    return f"{text} %" if unit == "percent" else text


class Scope(NamedTuple):
    """What is counted: days are those of the company."""

    company: models.BaseModel
    team: models.BaseModel  # possibly empty: all
    first: date
    last: date
    # whose complaints, limits, steps and actions; all without one
    department: models.BaseModel | None = None
    user: models.BaseModel | None = None

    def facts(self, day):
        """Complaints of which a day lies in the period.

        :param str day: name of a date of `quality.complaint.fact`
        """
        return (
            self.all()
            & Domain("counts", "=", True)
            & Domain(day, ">=", self.first)
            & Domain(day, "<=", self.last)
        )

    def all(self):
        return Domain.AND(
            [
                Domain("company_id", "=", self.company.id),
                *(
                    Domain(name, "in", records.ids)
                    for name, records in (
                        ("team_id", self.team),
                        ("responsible_id", self.department),
                        ("user_id", self.user),
                    )
                    if records
                ),
            ]
        )

    def booked(self):
        """Entries of cost the accounts took in the period."""
        return (
            self.all()
            & Domain("is_booked", "=", True)
            & Domain("date", ">=", self.first)
            & Domain("date", "<=", self.last)
        )

    def of_party(self):
        """:return: whether it is about one department or person"""
        return bool(self.department or self.user)


class QualityComplaintKpi(models.Model):
    """An indicator of complaint handling, and how it is reckoned.

    Each says which complaints it is about: those received, due or closed in the period.
    What is open and not due yet is left out. Sources: R1 article 13 (the first four),
    the monthly analyses of R3 and 000-F.
    """

    _name = "quality.complaint.kpi"
    _description = "Complaint KPI"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, fixed=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    formula = fields.Text(
        required=True, translate=True, help="In words: what is counted, and of what."
    )
    cohort = fields.Selection(
        [
            ("received", "Received in the period"),
            ("due", "Due in the period"),
            ("closed", "Closed in the period"),
            ("done", "Done in the period"),
        ],
        required=True,
    )
    unit = fields.Selection(
        [
            ("percent", "%"),
            ("score", "Score"),
            ("days", "Days"),
            ("per_million", "Per million shipped"),
            ("per_ten_thousand", "Per 10,000 deliveries"),
        ],
        required=True,
        default="percent",
    )
    higher_is_better = fields.Boolean()
    target_ids = fields.One2many("quality.complaint.kpi.target", "kpi_id", "Targets")

    _code_uniq = models.Constraint("UNIQUE (code)", "The code of a KPI must be unique.")

    @api.model
    def _figures(self, scope):
        """What the active indicators are in a period.

        :param scope: a `Scope`; of a department or person those only that say
            something about one
        :return: {kpi: (numerator, denominator)}; an indicator is their ratio times the
            factor of its unit, and unknown where the denominator is 0
        """
        left_out = self._of_company_alone() if scope.of_party() else ()
        return {
            kpi: getattr(self, f"_figure_{kpi.code}")(scope)
            for kpi in self.search([])
            if hasattr(self, f"_figure_{kpi.code}") and kpi.code not in left_out
        }

    @api.model
    def _of_company_alone(self):
        """Codes of indicators that are measured by what the company ships or sells:
        departments and persons have none of them. Bridges add theirs.
        """
        return ["per_million", "per_ten_thousand", "cost_of_sales"]

    def _value(self, numerator, denominator):
        """:return: the indicator, or None when there is nothing to say"""
        self.ensure_one()
        factor, _digits = FACTORS[self.unit]
        return numerator / denominator * factor if denominator else None

    # === how they are reckoned ===

    @api.model
    def _share(self, domain, part):
        """:return: (how many facts are in a part, how many there are)"""
        facts = self.env["quality.complaint.fact"]
        return facts.search_count(domain & part), facts.search_count(domain)

    @api.model
    def _limits_kept(self, scope, step=Domain.TRUE):
        limits = self.env["quality.complaint.fact.deadline"]
        due = scope.all() & step & self._due_in(scope)
        counts = dict(limits._read_group(due, ["outcome"], ["__count"]))
        kept = counts.get("met", 0)
        return kept, kept + counts.get("late", 0)

    @api.model
    def _figure_response_in_time(self, scope):
        return self._limits_kept(scope, Domain("milestone_code", "=", "responded"))

    @api.model
    def _figure_answer_in_time(self, scope):
        return self._limits_kept(scope, Domain("milestone_code", "=", "replied"))

    @api.model
    def _figure_steps_in_time(self, scope):
        return self._limits_kept(scope)

    @api.model
    def _figure_late_explained(self, scope):
        limits = self.env["quality.complaint.fact.deadline"]
        late = scope.all() & self._due_in(scope) & Domain("outcome", "=", "late")
        return (
            limits.search_count(late & Domain("is_explained", "=", True)),
            limits.search_count(late),
        )

    @api.model
    def _figure_satisfaction(self, scope):
        [(total, rated)] = self.env["quality.complaint.fact"]._read_group(
            scope.facts("rated_day") & Domain("is_rated", "=", True),
            [],
            ["satisfaction:sum", "__count"],
        )
        return total or 0.0, rated

    @api.model
    def _figure_repeats(self, scope):
        return self._share(scope.facts("received_day"), Domain("is_repeat", "=", True))

    @api.model
    def _figure_justified(self, scope):
        judged = scope.facts("closed_day") & Domain(
            "validity", "in", ("valid", "invalid")
        )
        return self._share(judged, Domain("validity", "=", "valid"))

    @api.model
    def _figure_days_to_closing(self, scope):
        [(total, closed)] = self.env["quality.complaint.fact"]._read_group(
            scope.facts("closed_day") & Domain("is_imported", "=", False),
            [],
            ["closing_days:sum", "__count"],
        )
        return total or 0.0, closed

    @api.model
    def _figure_reopened(self, scope):
        return self._share(scope.facts("closed_day"), Domain("is_reopened", "=", True))

    @api.model
    def _figure_closed(self, scope):
        """Of those received in the period: closed by now."""
        return self._share(scope.facts("received_day"), Domain("state", "=", "closed"))

    @api.model
    def _figure_eight_d_in_time(self, scope):
        # sudo: indicators are the same for everybody who may read the analysis
        steps = self.env["quality.8d.step"].sudo()
        due = steps.search(
            Domain("company_id", "=", scope.company.id)
            & self._steps_of(scope)
            & Domain("eight_d_id.state", "!=", "cancelled")
            & self._moments("due_on", scope)
        )
        now = fields.Datetime.now()
        ended = due.filtered(lambda step: step.done_on or step.due_on < now)
        kept = ended.filtered(lambda step: step.done_on and step.done_on <= step.due_on)
        return len(kept), len(ended)

    @api.model
    def _figure_actions_effective(self, scope):
        # sudo: as above
        actions = self.env["quality.complaint.action"].sudo()
        verified = (
            Domain("company_id", "=", scope.company.id)
            & self._actions_of(scope)
            & Domain("effect", "in", ("effective", "ineffective"))
            & self._moments("verified_on", scope)
        )
        return (
            actions.search_count(verified & Domain("effect", "=", "effective")),
            actions.search_count(verified),
        )

    @api.model
    def _figure_per_million(self, scope):
        """Only goods counted in pieces: what is measured in another unit would make a
        sum of apples and metres; the analysis has a line for each.
        """
        pieces = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        return self._per_unit(scope).get(pieces, (0, 0.0))

    @api.model
    def _figure_per_ten_thousand(self, scope):
        complaints = self.env["quality.complaint.fact"].search_count(
            scope.facts("received_day")
        )
        [(deliveries,)] = self.env["quality.complaint.fact.shipment"]._read_group(
            self._shipped(scope), [], ["picking_id:count_distinct"]
        )
        return complaints, deliveries

    @api.model
    def _figure_cost_of_sales(self, scope):
        # sudo: indicators are the same for everybody who may read the analysis
        [(cost,)] = (
            self.env["quality.complaint.cost"]
            .sudo()
            ._read_group(scope.booked(), [], ["actual:sum"])
        )
        # sudo: the sum alone is said
        [(sales,)] = (
            self.env["quality.complaint.fact.shipment"]
            .sudo()
            ._read_group(self._shipped(scope), [], ["sales:sum"])
        )
        return cost or 0.0, sales or 0.0

    # === of what ===

    @api.model
    def _due_in(self, scope):
        """Time limits due in the period."""
        return (
            Domain("due_day", ">=", scope.first)
            & Domain("due_day", "<=", scope.last)
            # by the index on the moment: the day of no time zone is further away
            & Domain("due_on", ">=", fields.Date.add(scope.first, days=-1))
            & Domain("due_on", "<=", fields.Date.add(scope.last, days=2))
        )

    @api.model
    def _shipped(self, scope):
        """Shipments and sales are the company's: a team has none of its own."""
        return (
            Domain("company_id", "=", scope.company.id)
            & Domain("day", ">=", scope.first)
            & Domain("day", "<=", scope.last)
            # by the index on the moment: the day of no time zone is further away
            & Domain("date", ">=", fields.Date.add(scope.first, days=-1))
            & Domain("date", "<=", fields.Date.add(scope.last, days=2))
        )

    @api.model
    def _moments(self, name, scope):
        """Moments that lie in the period where the company is."""
        return Domain(name, ">=", self._midnight(scope.company, scope.first)) & Domain(
            name, "<", self._midnight_after(scope)
        )

    @api.model
    def _midnight(self, company, day):
        """When a day begins where the company is: by the same time zone as the days of
        the figures.

        :return: naive UTC datetime
        """
        return AroundTheClock(company.partner_id.tz).midnight(day)

    @api.model
    def _midnight_after(self, scope):
        return self._midnight(scope.company, fields.Date.add(scope.last, days=1))

    @api.model
    def _steps_of(self, scope):
        """8D steps: of a team's or department's complaints, or of their owner."""
        domain = Domain.TRUE
        for name, records in (
            ("eight_d_id.complaint_ids.team_id", scope.team),
            ("eight_d_id.complaint_ids.responsible_id", scope.department),
        ):
            if records:
                domain &= Domain(name, "in", records.ids)
        if scope.user:
            # as `responsible_user_id`
            domain &= Domain("user_id", "in", scope.user.ids) | (
                Domain("user_id", "=", False)
                & Domain("eight_d_id.leader_id", "in", scope.user.ids)
            )
        return domain

    @api.model
    def _actions_of(self, scope):
        """Actions of a team's complaints, 8D reports and problems, of a department, or
        of their owner.
        """
        domain = Domain.TRUE
        if scope.team:
            domain &= Domain.OR(
                Domain(f"{path}.team_id", "in", scope.team.ids)
                for path in (
                    "complaint_id",
                    "eight_d_id.complaint_ids",
                    "problem_id.analysis_id",
                )
            )
        for name, records in (
            ("department_id", scope.department),
            ("user_id", scope.user),
        ):
            if records:
                domain &= Domain(name, "in", records.ids)
        return domain

    @api.model
    def _per_unit(self, scope):
        """Complaints received and quantity shipped by the unit that goods are counted
        in: never added up over units that cannot be converted into each other.

        :return: {`uom.uom` all others are made of: (complaints, quantity in it)}
        """
        complaints, shipped = {}, {}
        lines = self.env["quality.complaint.fact.line"]._read_group(
            Domain("fact_id", "any", scope.facts("received_day"))
            & Domain("product_id", "!=", False),
            ["product_id", "fact_id"],
            [],
        )
        for product, fact in lines:
            complaints.setdefault(self._base(product.uom_id), set()).add(fact)
        for unit, quantity in self.env["quality.complaint.fact.shipment"]._read_group(
            self._shipped(scope) & Domain("uom_id", "!=", False),
            ["uom_id"],
            ["quantity:sum"],
        ):
            base = self._base(unit)
            shipped[base] = shipped.get(base, 0.0) + unit._compute_quantity(
                quantity, base, round=False
            )
        return {
            base: (len(complaints.get(base, ())), shipped.get(base, 0.0))
            for base in complaints.keys() | shipped.keys()
        }

    @api.model
    def _usual_units(self, scope):
        """In which unit most of the goods are counted that share one: kilograms, where
        all others are made of grams.

        :return: {`uom.uom` all others are made of: `uom.uom`}
        """
        shipped = {}
        for unit, quantity in self.env["quality.complaint.fact.shipment"]._read_group(
            self._shipped(scope) & Domain("uom_id", "!=", False),
            ["uom_id"],
            ["quantity:sum"],
        ):
            base = self._base(unit)
            known = shipped.get(base, (0.0, unit))
            total = unit._compute_quantity(quantity, base, round=False)
            shipped[base] = max(known, (total, unit), key=lambda pair: pair[0])
        return {base: unit for base, (_quantity, unit) in shipped.items()}

    @api.model
    def _base(self, unit):
        while unit.relative_uom_id:
            unit = unit.relative_uom_id
        return unit
