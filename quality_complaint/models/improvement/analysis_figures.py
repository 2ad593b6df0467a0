from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools.misc import formatLang

from ..mixins.sensible import MOST_SUMMED
from ..revisit.revisit import DIMENSIONS
from .analysis import MONTHS
from .kpi import Scope, figure_text
from .kpi_target import LIGHTS

# what is counted by, in this order: the field of a fact, or of its lines
BY_COMPLAINT = {
    "type": "type_id",
    "severity": "severity_id",
    "customer": "partner_id",
    "department": "responsible_id",
    "cause": "cause_id",
    "channel": "channel_id",
}
BY_LINE = {"product": "product_id", "defect": "defect_id"}
# ages of what is open, in days
AGES = ((0, 7), (8, 30), (31, 90), (91, None))
# problems that are proposed
PROBLEMS = 3


class QualityComplaintAnalysis(models.Model):
    """How the figures of an analysis are reckoned; once written down they follow
    nothing any more.
    """

    _inherit = "quality.complaint.analysis"

    def _fill(self):
        """Reckon all figures and write them down in place of those there are."""
        # what has just happened counts as well
        self.env["quality.complaint.fact"].sudo()._settle_all()  # sudo: see `_rebuild`
        for analysis in self:
            # sudo: an analysis is about all complaints of its company or team
            source = analysis.sudo()
            scopes = source._scopes()
            rows = [
                *source._total_rows(scopes),
                *source._dimension_rows(scopes),
                *source._unit_rows(scopes),
                *source._revisit_rows(scopes),
                *source._age_rows(scopes[0]),
                *source._overdue_rows(scopes[0]),
                *source._eight_d_rows(scopes[0]),
                *source._input_rows(scopes[0]),
            ]
            source.line_ids.unlink()
            (source.kpi_line_ids | source.department_kpi_ids).unlink()
            source._advance(
                {
                    "line_ids": [
                        Command.create({**row, "sequence": place})
                        for place, row in enumerate(rows)
                    ],
                    "kpi_line_ids": [
                        Command.create(row)
                        for row in (
                            *source._kpi_rows(scopes),
                            *source._department_kpi_rows(scopes),
                        )
                    ],
                    "figures_on": fields.Datetime.now(),
                }
            )
            source._name_rows()

    def _scopes(self):
        """:return: the period, the one before, and the same one a year before"""
        step = relativedelta(months=MONTHS[self.kind])
        before = self.date_from - step
        year = self.date_from - relativedelta(years=1)
        return tuple(
            Scope(
                self.company_id, self.team_id, first, first + step - timedelta(days=1)
            )
            for first in (self.date_from, before, year)
        )

    # === indicators ===

    def _department_kpi_rows(self, scopes):
        """The indicators of each department that was responsible for a complaint, with
        its own targets; what says nothing about it is left out.
        """
        departments = self.env["quality.complaint.responsible"].union(
            *(
                responsible
                for day in ("received_day", "closed_day")
                for [responsible] in self.env["quality.complaint.fact"]._read_group(
                    scopes[0].facts(day), ["responsible_id"]
                )
                if responsible.kind == "department"
            )
        )
        for department in departments.sorted("id"):
            own = [scope._replace(department=department) for scope in scopes]
            yield from (
                row for row in self._kpi_rows(own, department) if row["is_known"]
            )

    def _kpi_rows(self, scopes, department=None):
        department = department or self.env["quality.complaint.responsible"]
        now, before, year = (
            self.env["quality.complaint.kpi"]._figures(scope) for scope in scopes
        )
        targets = self.env["quality.complaint.kpi.target"]._in_force(
            self.company_id, self.date_to, department
        )
        nothing = self.env["quality.complaint.kpi.target"]
        for kpi, (numerator, denominator) in now.items():
            value = kpi._value(numerator, denominator)
            target = targets.get(kpi, nothing)
            previous, last_year = kpi._value(*before[kpi]), kpi._value(*year[kpi])
            yield {
                "kpi_id": kpi.id,
                "department_id": department.id,
                "code": kpi.code,
                "unit": kpi.unit,
                "sequence": kpi.sequence,
                "numerator": numerator,
                "denominator": denominator,
                "value": value or 0.0,
                "is_known": value is not None,
                "previous": previous or 0.0,
                "has_previous": previous is not None,
                "last_year": last_year or 0.0,
                "has_last_year": last_year is not None,
                "target": target.target,
                "has_target": bool(target),
                "light": target._light(value),
            }

    # === counts ===

    def _total_rows(self, scopes):
        """What there was altogether, in the period and those it is compared with."""
        facts = self.env["quality.complaint.fact"]
        costs = self.env["quality.complaint.cost"]

        def totals(scope):
            received = scope.facts("received_day")
            [(count, loss, cost)] = facts._read_group(
                received, [], ["__count", "loss_amount:sum", "cost:sum"]
            )
            [(booked,)] = costs._read_group(scope.booked(), [], ["actual:sum"])
            return {
                "received": count,
                "major": facts.search_count(received & Domain("is_major", "=", True)),
                "justified": facts.search_count(
                    received & Domain("validity", "=", "valid")
                ),
                "repeats": facts.search_count(
                    received & Domain("is_repeat", "=", True)
                ),
                "closed": facts.search_count(scope.facts("closed_day")),
                "loss": loss or 0.0,
                "cost": cost or 0.0,
                "booked": booked or 0.0,
            }

        now, before, year = map(totals, scopes)
        for code in now:
            yield {
                "dimension": "total",
                "code": code,
                "value": now[code],
                "previous": before[code],
                "last_year": year[code],
                "is_money": code in ("loss", "cost", "booked"),
            }

    def _dimension_rows(self, scopes):
        for dimension, name in BY_COMPLAINT.items():
            yield from self._grouped_rows(
                dimension, scopes, "quality.complaint.fact", name
            )
        for dimension, name in BY_LINE.items():
            yield from self._grouped_rows(
                dimension, scopes, "quality.complaint.fact.line", name
            )

    def _grouped_rows(self, dimension, scopes, model, name):
        """Complaints received, by one field: the most frequent first, each with its
        share and the share so far (Pareto). A complaint of two products counts for
        each.
        """
        return self._ranked_rows(
            dimension, *(self._counted(scope, model, name) for scope in scopes)
        )

    def _ranked_rows(self, dimension, found, previous, last_year):
        """
        :param dict found, previous, last_year: as of `_added_up`
        """
        ranked = sorted(
            found.items(), key=lambda item: (-item[1]["count"], item[0].id or 0)
        )
        total = sum(figures["count"] for figures in found.values())
        so_far = 0
        for record, figures in ranked:
            so_far += figures["count"]
            yield {
                "dimension": dimension,
                "res_model": record._name,
                "res_id": record.id,
                **figures,
                "previous": previous.get(record, {}).get("count", 0),
                "last_year": last_year.get(record, {}).get("count", 0),
                "share": figures["count"] / total * 100,
                "cumulative": so_far / total * 100,
            }

    def _counted(self, scope, model, name):
        """:return: {record: count, valid_count, repeat_count, loss, cost}"""
        received = scope.facts("received_day")
        by_line = model.endswith(".line")
        rows = [
            (record, fact)
            for record, fact in self.env[model]._read_group(
                Domain("fact_id", "any", received) if by_line else received,
                [name, "fact_id" if by_line else "id"],
                [],
            )
        ]
        if by_line:
            # a complaint that names no product is one without, not none
            none = self.env[self.env[model]._fields[name].comodel_name]
            rows += [
                (none, fact)
                for fact in self.env["quality.complaint.fact"].search(
                    received & Domain("line_ids", "=", False)
                )
            ]
        return self._added_up(rows)

    @api.model
    def _added_up(self, rows):
        """
        :param list rows: (record, fact of a complaint that counts for it)
        :return: {record: count, valid_count, repeat_count, loss, cost}
        """
        parts = Counter(fact for _record, fact in rows)
        found = {}
        for record, fact in rows:
            figures = found.setdefault(
                record,
                {"count": 0, "valid_count": 0, "repeat_count": 0, "loss": 0, "cost": 0},
            )
            figures["count"] += 1
            figures["valid_count"] += fact.validity == "valid"
            figures["repeat_count"] += fact.is_repeat
            # shared among what it is about, so that it adds up
            figures["loss"] += fact.loss_amount / parts[fact]
            figures["cost"] += fact.cost / parts[fact]
        return found

    def _unit_rows(self, scopes):
        """Complaints per million, a row for each unit that goods are counted in."""
        kpi = self.env["quality.complaint.kpi"]
        usual = kpi._usual_units(scopes[0])
        now, before, year = (kpi._per_unit(scope) for scope in scopes)

        def figures(found, base, unit):
            count, shipped = found.get(base, (0, 0.0))
            shipped = base._compute_quantity(shipped, unit, round=False)
            return count, shipped, count / shipped * 1e6 if shipped else 0.0

        for base in sorted(now, key=lambda unit: unit.id):
            unit = usual.get(base, base)
            count, shipped, rate = figures(now, base, unit)
            yield {
                "dimension": "unit",
                "res_model": unit._name,
                "res_id": unit.id,
                "count": count,
                "quantity": shipped,
                "value": rate,
                "previous": figures(before, base, unit)[2],
                "last_year": figures(year, base, unit)[2],
            }

    # === revisits, what is open ===

    def _revisit_rows(self, scopes):
        revisits = self.env["quality.complaint.revisit"]
        kpi = self.env["quality.complaint.kpi"]

        def averages(scope):
            done = revisits.search(
                Domain("result", "in", ("satisfied", "unsatisfied"))
                & Domain("complaint_id", "any", scope.all())
                & kpi._moments("done_on", scope)
            )
            found = {}
            for name in DIMENSIONS:
                grades = [int(revisit[name]) for revisit in done if revisit[name]]
                if grades:
                    found[name] = len(grades), sum(grades) / len(grades)
            return found

        now, before, year = map(averages, scopes)
        for name, (count, average) in now.items():
            yield {
                "dimension": "revisit",
                "code": name,
                "count": count,
                "value": average,
                "previous": before.get(name, (0, 0.0))[1],
                "last_year": year.get(name, (0, 0.0))[1],
            }

    def _open_at_the_end(self, scope):
        """Complaints received until the end of the period and not closed by then."""
        return (
            scope.all()
            & Domain("counts", "=", True)
            & Domain("received_day", "<=", scope.last)
            & (Domain("closed_day", "=", False) | Domain("closed_day", ">", scope.last))
        )

    def _age_rows(self, scope):
        facts = self.env["quality.complaint.fact"]
        still_open = self._open_at_the_end(scope)
        for place, (youngest, oldest) in enumerate(AGES):
            received = Domain(
                "received_day", "<=", scope.last - timedelta(days=youngest)
            )
            if oldest is not None:
                received &= Domain(
                    "received_day", ">=", scope.last - timedelta(days=oldest)
                )
            yield {
                "dimension": "age",
                "code": str(place),
                "count": facts.search_count(still_open & received),
            }

    def _overdue_rows(self, scope):
        """Limits of open complaints that were overdue when the period ended: whose they
        are, the oldest first.
        """
        end = self.env["quality.complaint.kpi"]._midnight_after(scope)
        complaints = (
            self.env["quality.complaint.fact"]
            .search(self._open_at_the_end(scope))
            .complaint_id
        )
        deadlines = self.env["quality.complaint.deadline"].search(
            Domain("complaint_id", "in", complaints.ids)
            & Domain("limit_id", "!=", False)
            & Domain("due_on", "<", end)
            # what is missed without an end was given up
            & (Domain("state", "=", "running") | Domain("done_on", ">=", end)),
            order="due_on, id",
        )
        for row in deadlines:
            yield {
                "dimension": "overdue",
                "res_model": "quality.complaint",
                "res_id": row.complaint_id.id,
                "user_id": row.user_id.id,
                "label": row.display_name,
                "value": (end - row.due_on).days,
            }

    def _eight_d_rows(self, scope):
        kpi = self.env["quality.complaint.kpi"]
        own = Domain("company_id", "=", scope.company.id)
        team = (
            Domain("complaint_ids.team_id", "in", scope.team.ids)
            if scope.team
            else Domain.TRUE
        )
        reports = self.env["quality.8d"]
        alive = own & team & Domain("state", "!=", "cancelled")
        actions = self.env["quality.complaint.action"]
        planned = own & kpi._actions_of(scope)
        end = kpi._midnight_after(scope)
        still_open = (
            planned
            & Domain("state", "!=", "cancelled")
            & Domain("start_on", "<", end)
            & (Domain("done_on", "=", False) | Domain("done_on", ">=", end))
        )
        verified = planned & kpi._moments("verified_on", scope)
        counts = {
            "eight_d_opened": reports.search_count(
                alive & kpi._moments("started_on", scope)
            ),
            "eight_d_closed": reports.search_count(
                alive & kpi._moments("closed_on", scope)
            ),
            "actions_effective": actions.search_count(
                verified & Domain("effect", "=", "effective")
            ),
            "actions_ineffective": actions.search_count(
                verified & Domain("effect", "=", "ineffective")
            ),
            "actions_open": actions.search_count(still_open),
            "actions_overdue": actions.search_count(
                still_open & Domain("due_on", "<", end)
            ),
        }
        for code, count in counts.items():
            yield {"dimension": "work", "code": code, "count": count}

    def _input_rows(self, scope):
        """What the complaints closed in the period say to risk management, design and
        management review (R5, R7).
        """
        complaints = (
            self.env["quality.complaint.fact"]
            .search(scope.facts("closed_day"), order="closed_day, id")
            .complaint_id
        )
        for name in ("risk_input", "design_input", "review_input"):
            for complaint in complaints.filtered(name):
                yield {
                    "dimension": "input",
                    "code": name,
                    "res_model": complaint._name,
                    "res_id": complaint.id,
                    "complaint_id": complaint.id,
                    "label": complaint.name,
                    "note": complaint[name],
                }

    # === in words ===

    def _name_rows(self):
        """Write the names down in every language that is installed."""
        for lang, _name in self.env["res.lang"].get_installed():
            analysis = self.with_context(lang=lang)
            rows = analysis.line_ids.filtered(
                # these are said in one language: numbers and people
                lambda row: row.dimension not in ("overdue", "input")
            )
            for model, named in rows.filtered("res_id").grouped("res_model").items():
                records = analysis.env[model].browse(named.mapped("res_id")).exists()
                names = {record.id: analysis._frozen_name(record) for record in records}
                for row in named:
                    row.label = names.get(row.res_id)
            for row in rows.filtered(lambda row: not row.res_id):
                row.label = row._word()
            for row in analysis.kpi_line_ids | analysis.department_kpi_ids:
                row.name = row.kpi_id.name
                row.formula = row.kpi_id.formula
                row.department_name = row.department_id.name

    def _frozen_name(self, record):
        """A frozen figure is kept for longer than a person's name may be."""
        if record._name == "res.partner" and not record.is_company:
            return self.env._("Private person")
        return record.display_name

    # === what to do about it ===

    def _propose_problems(self):
        """The most important pairs of product and defect of the period, as problems to
        be answered; those that are there already stay.

        They are ranked by their share of the complaints, what they grew by, their
        repeats and their cost, each as a part of the sum over all pairs.
        """
        self.ensure_one()
        # sudo: as in `_fill`; in the language of the company, whoever makes it
        source = self.sudo().with_context(
            lang=self.company_id.sudo().partner_id.lang or self.env.lang
        )
        now, before, _year = source._scopes()
        found, earlier = source._troubles(now), source._troubles(before)
        weights = {}
        for key in ("count", "growth", "repeat_count", "cost"):
            for pair, figures in found.items():
                figures["growth"] = max(
                    figures["count"] - earlier.get(pair, {}).get("count", 0), 0
                )
            total = sum(figures[key] for figures in found.values())
            for pair, figures in found.items():
                weights[pair] = weights.get(pair, 0.0) + (
                    figures[key] / total if total else 0.0
                )
        there = {
            (problem.product_id, problem.defect_id): problem
            for problem in source.problem_ids
        }
        all_complaints = len({fact for f in found.values() for fact in f["facts"]})
        ranked = sorted(
            weights, key=lambda pair: (-weights[pair], pair[0].id or 0, pair[1].id or 0)
        )
        for pair, problem in there.items():
            if pair in found and problem.state == "draft":
                problem._advance(
                    {
                        "reason": source._reason(
                            found[pair], earlier.get(pair, {}), all_complaints
                        )
                    }
                )
        for pair in ranked[:PROBLEMS]:
            if pair in there:
                continue
            product, defect = pair
            figures = found[pair]
            source.env["quality.complaint.problem"].create(
                {
                    "analysis_id": source.id,
                    "company_id": source.company_id.id,
                    "product_id": product.id,
                    "defect_id": defect.id,
                    "name": " – ".join(
                        filter(None, (product.display_name, defect.display_name))
                    )
                    or source.env._("Neither product nor defect named"),
                    "reason": source._reason(
                        figures, earlier.get(pair, {}), all_complaints
                    ),
                }
            )

    def _troubles(self, scope):
        """:return: {(product, defect): count, repeat_count, cost, facts}"""
        rows = self.env["quality.complaint.fact.line"]._read_group(
            Domain("fact_id", "any", scope.facts("received_day")),
            ["product_id", "defect_id", "fact_id"],
            [],
        )
        parts = Counter(fact for _product, _defect, fact in rows)
        found = {}
        for product, defect, fact in rows:
            figures = found.setdefault(
                (product, defect),
                {"count": 0, "repeat_count": 0, "cost": 0.0, "facts": set()},
            )
            figures["count"] += 1
            figures["repeat_count"] += fact.is_repeat
            figures["cost"] += max(fact.cost, 0.0) / parts[fact]
            figures["facts"].add(fact)
        return found

    def _reason(self, figures, earlier, total):
        """Why this is a problem, in figures."""
        return self.env._(
            "%(count)s of %(total)s complaints (%(share)s %%), the period before "
            "%(before)s; repeats: %(repeats)s; cost so far %(cost)s.",
            count=figures["count"],
            total=total,
            share=formatLang(self.env, figures["count"] / total * 100, digits=1),
            before=earlier.get("count", 0),
            repeats=figures["repeat_count"],
            cost=self.currency_id.format(figures["cost"]),
        )


class QualityComplaintAnalysisKpi(models.Model):
    """An indicator as it was when the analysis was made."""

    _name = "quality.complaint.analysis.kpi"
    _description = "KPI of an Analysis"
    _inherit = ["quality.complaint.guarded", "quality.complaint.suggesting"]
    _log_access = False
    _order = "sequence, id"

    analysis_id = fields.Many2one(
        "quality.complaint.analysis", required=True, index=True, ondelete="cascade"
    )
    kpi_id = fields.Many2one("quality.complaint.kpi", ondelete="set null")
    department_id = fields.Many2one(
        "quality.complaint.responsible", "Current Department", ondelete="set null"
    )
    department_name = fields.Char("Department", translate=True)
    company_id = fields.Many2one(related="analysis_id.company_id", store=True)
    team_id = fields.Many2one(related="analysis_id.team_id")
    kind = fields.Selection(related="analysis_id.kind")
    date_from = fields.Date(related="analysis_id.date_from", store=True)
    sequence = fields.Integer()
    code = fields.Char()
    name = fields.Char("KPI", translate=True)
    formula = fields.Text(translate=True)
    unit = fields.Selection(
        selection=lambda self: (
            self.env["quality.complaint.kpi"]._fields["unit"].selection
        )
    )
    numerator = fields.Float(digits=(20, 2), most=MOST_SUMMED)
    denominator = fields.Float(digits=(20, 2), most=MOST_SUMMED)
    value = fields.Float("Figure", digits=(24, 6), aggregator="avg", most=MOST_SUMMED)
    is_known = fields.Boolean()
    previous = fields.Float(digits=(24, 6), most=MOST_SUMMED)
    has_previous = fields.Boolean()
    last_year = fields.Float(digits=(24, 6), most=MOST_SUMMED)
    has_last_year = fields.Boolean()
    target = fields.Float("Target Figure", digits=(16, 2))
    has_target = fields.Boolean()
    light = fields.Selection(LIGHTS, "On Target")
    value_text = fields.Char("Result", compute="_compute_texts")
    previous_text = fields.Char("Period Before", compute="_compute_texts")
    last_year_text = fields.Char("A Year Before", compute="_compute_texts")
    target_text = fields.Char("Target", compute="_compute_texts")

    @api.depends("value", "previous", "last_year", "target", "unit")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            row.value_text = row._text(row.value, row.is_known)
            row.previous_text = row._text(row.previous, row.has_previous)
            row.last_year_text = row._text(row.last_year, row.has_last_year)
            row.target_text = row._text(row.target, row.has_target)

    def _feedback_type(self):
        """A target that was not reached (000-R 2.1)."""
        return self.env.ref("quality_complaint.type_missed_target")

    def _prepare_feedback(self):
        local = self.with_context(lang=self.env.user.lang or self.env.lang)
        return {
            "company_id": self.company_id.id,
            "team_id": self.team_id.id or False,
            "channel_id": self.env.ref("quality_complaint.channel_internal").id,
            "description": self.light == "red"
            and self.env._(
                "%(period)s: %(indicator)s was %(figure)s, the target is %(target)s.",
                period=self.analysis_id.name,
                indicator=" · ".join(filter(None, (local.name, local.department_name))),
                figure=local.value_text,
                target=local.target_text,
            ),
        }

    def _text(self, value, is_known):
        """A figure as it is read; a dash where there is none."""
        if not is_known:
            return "–"
        return figure_text(self.env, self.unit, value)


class QualityComplaintAnalysisLine(models.Model):
    """A counted row as it was when the analysis was made."""

    _name = "quality.complaint.analysis.line"
    _description = "Row of an Analysis"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _order = "sequence, id"
    _rec_name = "label"

    analysis_id = fields.Many2one(
        "quality.complaint.analysis", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="analysis_id.company_id")
    currency_id = fields.Many2one(related="analysis_id.currency_id")
    sequence = fields.Integer()
    dimension = fields.Selection(
        [
            ("total", "Totals"),
            ("type", "Feedback type"),
            ("severity", "Severity"),
            ("product", "Product"),
            ("customer", "Customer"),
            ("department", "Responsible party"),
            ("cause", "Cause"),
            ("defect", "Defect"),
            ("channel", "Channel"),
            ("unit", "Complaints per million"),
            ("revisit", "Grades of revisits"),
            ("age", "Age of what is open"),
            ("overdue", "Overdue"),
            ("work", "8D reports and actions"),
            ("input", "Input to other processes"),
        ],
        "Breakdown By",
        required=True,
    )
    code = fields.Char()
    label = fields.Char("Item", translate=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    user_id = fields.Many2one("res.users", "Responsible", ondelete="set null")
    complaint_id = fields.Many2one(
        "quality.complaint", index="btree_not_null", ondelete="set null"
    )
    note = fields.Text(help="What the complaint says to the other process.")
    count = fields.Integer("Number of Complaints")
    valid_count = fields.Integer("Justified")
    repeat_count = fields.Integer("Repeats")
    quantity = fields.Float("Shipped", digits="Product Unit", most=MOST_SUMMED)
    value = fields.Float("Figure", digits=(20, 2), most=MOST_SUMMED)
    previous = fields.Float("Period Before", digits=(20, 2), most=MOST_SUMMED)
    last_year = fields.Float("A Year Before", digits=(20, 2), most=MOST_SUMMED)
    is_money = fields.Boolean()
    share = fields.Float("Share of All (%)", digits=(16, 1))
    cumulative = fields.Float("Cumulative (%)", digits=(16, 1))
    loss = fields.Monetary("Loss of the Customers", most=MOST_SUMMED)
    cost = fields.Monetary(most=MOST_SUMMED)

    value_text = fields.Char("This Period", compute="_compute_texts")
    previous_text = fields.Char("Period Before in Words", compute="_compute_texts")
    last_year_text = fields.Char("A Year Before in Words", compute="_compute_texts")
    count_text = fields.Char("Count", compute="_compute_count_text")

    @api.depends("value", "previous", "last_year", "is_money")
    @api.depends_context("lang")
    def _compute_texts(self):
        for row in self:
            for name in ("value", "previous", "last_year"):
                figure = row[name]
                row[f"{name}_text"] = (
                    row.currency_id.format(figure)
                    if row.is_money
                    else formatLang(
                        self.env, figure, digits=0 if figure % 1 == 0 else 1
                    )
                )

    @api.depends("dimension", "count", "value")
    @api.depends_context("lang")
    def _compute_count_text(self):
        for row in self:
            if row.dimension == "input":
                row.count_text = False
            elif row.dimension == "overdue":
                row.count_text = self.env._("%s days late", f"{row.value:.0f}")
            elif row.dimension == "revisit":
                row.count_text = self.env._(
                    "%(grade)s on average of %(count)s",
                    grade=formatLang(self.env, row.value, digits=1),
                    count=row.count,
                )
            else:
                row.count_text = str(row.count)

    def action_open_record(self):
        """What a row stands for, as far as the reader may open it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        record.check_access("read")
        return record._get_records_action()

    def _word(self):
        """What a row is about that stands for no record."""
        self.ensure_one()
        if self.dimension == "revisit":
            return (
                self.env["quality.complaint.revisit"]
                ._fields[self.code]
                ._description_string(self.env)
            )
        if self.dimension == "age":
            youngest, oldest = AGES[int(self.code)]
            return (
                self.env._("More than %s days", youngest - 1)
                if oldest is None
                else self.env._(
                    "%(from)s to %(to)s days", **{"from": youngest, "to": oldest}
                )
            )
        if self.res_model:
            return self.env._("Not said")
        return {
            "received": self.env._("Complaints received"),
            "major": self.env._("Major complaints"),
            "justified": self.env._("Justified so far"),
            "repeats": self.env._("Repeats"),
            "closed": self.env._("Complaints closed"),
            "loss": self.env._("Loss of the customers"),
            "cost": self.env._("Cost so far of those received"),
            "booked": self.env._("Cost booked in the period"),
            "eight_d_opened": self.env._("8D reports opened"),
            "eight_d_closed": self.env._("8D reports closed"),
            "actions_effective": self.env._("Actions found effective"),
            "actions_ineffective": self.env._("Actions found not effective"),
            "actions_open": self.env._("Actions to do"),
            "actions_overdue": self.env._("Actions overdue"),
        }[self.code]
