import logging
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, float_round

from ...tools import NoWorkingTime, elapsed
from ..mixins.sensible import MOST_SUMMED

_logger = logging.getLogger(__name__)
# complaints reckoned and compared in one go
BATCH = 500
# of the one who reckons; any number nobody else uses
LOCK = 6_719_026_001
# how a limit, or all limits of a complaint, ended
IN_TIME = [
    ("met", "In time"),
    ("late", "Late"),
    ("open", "Not due yet"),
    ("none", "No limit"),
]


class QualityComplaintFactTodo(models.Model):
    """A complaint whose figures may have changed."""

    _name = "quality.complaint.fact.todo"
    _description = "Complaint to Recalculate"
    _inherit = ["quality.complaint.todo"]
    _todo_cron = "quality_complaint.ir_cron_facts"


class QualityComplaintFact(models.Model):
    """What a complaint counts as: one row, kept beside it, from which every rate,
    indicator and monthly analysis is made. The same figure is the same everywhere.

    Days are those of the company's time zone; working time is that of the calendar the
    complaint's limits count by at the moment of reckoning. Nothing writes here but
    `_rebuild`.
    """

    _name = "quality.complaint.fact"
    _description = "Figures of a Complaint"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _order = "received_day desc, id desc"
    _rec_name = "complaint_id"

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade"
    )
    line_ids = fields.One2many("quality.complaint.fact.line", "fact_id", "Products")
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    counts = fields.Boolean(
        help=(
            "Is a registered complaint: neither other feedback, nor cancelled, nor a "
            "batch case, which counts by the complaints in it."
        )
    )
    state = fields.Selection(
        selection=lambda self: self.env["quality.complaint"]._fields["state"].selection
    )
    team_id = fields.Many2one("quality.complaint.team", index="btree_not_null")
    policy_id = fields.Many2one("quality.complaint.policy")
    type_id = fields.Many2one("quality.complaint.type")
    channel_id = fields.Many2one("quality.complaint.channel")
    severity_id = fields.Many2one("quality.complaint.severity")
    is_major = fields.Boolean("Major")
    user_id = fields.Many2one("res.users", "Handler", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    product_id = fields.Many2one("product.product", index="btree_not_null")
    defect_id = fields.Many2one("quality.complaint.defect", index="btree_not_null")
    cause_id = fields.Many2one("quality.complaint.cause", index="btree_not_null")
    responsible_id = fields.Many2one(
        "quality.complaint.responsible", "Responsible Party", index="btree_not_null"
    )
    validity = fields.Selection(
        selection=lambda self: (
            self.env["quality.complaint"]._fields["validity"].selection
        )
    )

    # --- when, in days of the company
    received_day = fields.Date("Day Received")
    due_day = fields.Date("Answer Due", help="The limit of the answer to the customer.")
    responded_day = fields.Date("Day of First Response")
    concluded_day = fields.Date("Day Concluded")
    replied_day = fields.Date("Day Answered")
    closed_day = fields.Date("Day Closed")

    # --- how long
    response_minutes = fields.Float(
        "Minutes to First Response", digits=(16, 1), aggregator="avg"
    )
    conclusion_hours = fields.Float(
        "Working Hours to Conclusion", digits=(16, 2), aggregator="avg"
    )
    reply_hours = fields.Float(
        "Working Hours to Answer", digits=(16, 2), aggregator="avg"
    )
    reply_days = fields.Float("Days to Answer", digits=(16, 2), aggregator="avg")
    closing_hours = fields.Float(
        "Working Hours to Closing", digits=(16, 2), aggregator="avg"
    )
    closing_days = fields.Float("Days to Closing", digits=(16, 2), aggregator="avg")

    # --- in time
    response_in_time = fields.Selection(IN_TIME, "First Response")
    reply_in_time = fields.Selection(IN_TIME, "Answer in Time")
    within_limit = fields.Selection(
        IN_TIME, "All Time Limits", help="Late: at least one time limit was not kept."
    )
    steps_met = fields.Integer("Steps in Time")
    steps_missed = fields.Integer("Steps Late")
    steps_explained = fields.Integer(
        "Late With a Reason", help="Late steps of which somebody said why."
    )

    # --- results
    is_repeat = fields.Boolean("Repeat")
    is_reopened = fields.Boolean("Reopened")
    is_imported = fields.Boolean(
        "From an Old Ledger", help="Counts, but never in figures of time."
    )
    has_eight_d = fields.Boolean("Has an 8D Report")
    is_rated = fields.Boolean("Customer Has Rated")
    is_satisfied = fields.Boolean("Satisfied")
    satisfaction = fields.Float(digits=(16, 2), aggregator="avg")
    rated_day = fields.Date("Rated On")
    loss_amount = fields.Monetary("Loss of the Customer")
    cost = fields.Monetary(
        most=MOST_SUMMED, help="As booked: the rows of the cost of poor quality."
    )
    compared_on = fields.Date(help="When it was last compared with the complaint.")

    _complaint_uniq = models.UniqueIndex("(complaint_id)")
    _received_idx = models.Index("(company_id, received_day)")
    _closed_idx = models.Index("(company_id, closed_day) WHERE closed_day IS NOT NULL")
    _due_idx = models.Index("(company_id, due_day) WHERE due_day IS NOT NULL")
    _compared_idx = models.Index("(compared_on NULLS FIRST, id)")

    # === made ===

    @api.model
    def _rebuild(self, complaints):
        """Write down what complaints count as: the only place that does."""
        # sudo: figures are the same for everybody, whoever changed the complaint
        facts, complaints = self.sudo(), complaints.sudo()
        kept = facts.search(Domain("complaint_id", "in", complaints.ids)).grouped(
            "complaint_id"
        )
        today = fields.Date.today()
        new, fresh, stale = [], [], facts.line_ids.browse()
        for complaint, vals in facts._reckoned(complaints).items():
            vals["compared_on"] = today
            row = kept.get(complaint)
            if row:
                lines = vals.pop("line_ids")
                row._advance(row._other_than_kept(vals))
                if row._lines_differ(lines):
                    stale |= row.line_ids
                    fresh += [{"fact_id": row.id, **line} for line in lines]
            else:
                vals["line_ids"] = [
                    fields.Command.create(line) for line in vals["line_ids"]
                ]
                new.append(vals)
        stale.unlink()
        stale.create(fresh)
        facts.create(new)

    def _other_than_kept(self, vals):
        """Those of the values that are not what is kept."""
        self.ensure_one()
        return {
            name: value
            for name, value in vals.items()
            if self._differs(self._fields[name], self[name], value)
        }

    def _differs(self, field, kept, value):
        if field.type in ("float", "monetary"):
            return abs((kept or 0.0) - (value or 0.0)) > 0.0005
        if field.type == "many2one":
            kept = kept.id
        return (kept or False) != (value or False)

    def _lines_differ(self, lines):
        """Whether other products are kept than these; an anonymised complaint has lost
        what its figures were made of, they stay.

        :param list lines: dicts of values
        """
        return not self.complaint_id.anonymised_on and self._lines_kept() != lines

    def _lines_kept(self):
        names = self.env["quality.complaint.fact.line"]._kept_names()
        return [
            {
                name: value.id if isinstance(value, models.BaseModel) else value
                for name, value in ((name, line[name]) for name in names)
            }
            for line in self.line_ids.sorted("id")
        ]

    @api.model
    def _reckoned(self, complaints):
        """What complaints count as at this moment.

        :param complaints: `quality.complaint` in superuser mode
        :return: {complaint: values of a row, `line_ids` as a list of dict}
        """
        complaints = complaints.exists()
        costs = dict(
            self.env["quality.complaint.cost.booked"]._read_group(
                Domain("complaint_id", "in", complaints.ids),
                ["complaint_id"],
                ["actual:sum"],
            )
        )
        lots = self.env["quality.complaint.lot.facts"]
        made = lots._production_dates(complaints.line_ids.lot_id)
        return {
            complaint: self._reckon(complaint, costs.get(complaint, 0.0), made)
            for complaint in complaints
        }

    @api.model
    def _reckon(self, complaint, cost, made):
        zone = pytz.timezone(complaint.company_id.partner_id.tz or "UTC")

        def day(moment):
            return moment and pytz.utc.localize(moment).astimezone(zone).date()

        received, closed = complaint.received_on, complaint.closed_on
        is_closed = complaint.state == "closed"
        old_case = complaint.is_imported
        stamps = complaint.deadline_ids._stamps().sorted("done_on")
        first = {}
        for stamp in stamps:
            first.setdefault(stamp.milestone_code, stamp.done_on)
        limits = complaint.deadline_ids.filtered(
            lambda row: row.limit_id and row.state != "cancelled"
        )
        clock = complaint._deadline_calendar()._complaint_clock(complaint.company_id)
        revisit = complaint.revisit_ids.filtered(
            lambda row: row.result in ("satisfied", "unsatisfied")
        ).sorted("done_on")[-1:]
        old = complaint.imported_facts or {}
        reply = limits.filtered(lambda row: row.milestone_code == "replied")
        late = limits.filtered(self._is_late)

        def hours(moment):
            if not moment or moment <= received:
                return 0.0
            try:
                seconds = elapsed(clock, received, moment, True)
            except NoWorkingTime:
                seconds = (moment - received).total_seconds()
            return round(seconds / 3600, 2)

        def days(moment):
            return moment and round(
                max((moment - received) / timedelta(days=1), 0.0), 2
            )

        return {
            "complaint_id": complaint.id,
            "company_id": complaint.company_id.id,
            "counts": bool(
                complaint.name
                and complaint.type_id.uses_severity
                and complaint.state != "cancelled"
                and not complaint.is_batch
            ),
            "state": complaint.state,
            "team_id": complaint.team_id.id,
            "policy_id": complaint.policy_id.id,
            "type_id": complaint.type_id.id,
            "channel_id": complaint.channel_id.id,
            "severity_id": complaint.severity_id.id,
            "is_major": complaint.is_major,
            "user_id": complaint.user_id.id,
            "partner_id": complaint.commercial_partner_id.id,
            "product_id": complaint.product_id.id,
            "defect_id": complaint.defect_id.id,
            "cause_id": complaint.cause_id.id,
            "responsible_id": complaint.responsible_id.id,
            "validity": complaint.validity,
            "received_day": day(received),
            "due_day": day(min(reply.mapped("due_on"), default=False))
            or fields.Date.to_date(old.get("due") or False),
            "responded_day": day(first.get("responded")),
            "concluded_day": day(first.get("concluded")),
            "replied_day": day(first.get("replied")),
            "closed_day": day(closed) if is_closed else False,
            "response_minutes": round(
                max((first["responded"] - received) / timedelta(minutes=1), 0.0), 1
            )
            if "responded" in first
            else 0.0,
            "conclusion_hours": hours(first.get("concluded")),
            "reply_hours": hours(first.get("replied")),
            "reply_days": days(first.get("replied")) or 0.0,
            "closing_hours": hours(closed) if is_closed and not old_case else 0.0,
            "closing_days": days(closed) if is_closed and not old_case else 0.0,
            "response_in_time": self._outcome(
                limits.filtered(lambda row: row.milestone_code == "responded")
            ),
            "reply_in_time": self._outcome(reply),
            "within_limit": self._outcome(limits),
            "steps_met": len(limits.filtered(lambda row: row.state == "met")),
            "steps_missed": len(late),
            "steps_explained": len(late.filtered("late_reason")),
            "is_repeat": complaint.repeat_rank > 1,
            "is_reopened": complaint.round > 1,
            "is_imported": old_case,
            "has_eight_d": bool(complaint.eight_d_id),
            "is_rated": complaint.rated,
            "is_satisfied": revisit.result == "satisfied",
            "satisfaction": round(complaint.satisfaction, 2),
            "rated_day": day(revisit.done_on),
            "loss_amount": complaint.loss_amount,
            "cost": cost + (old.get("cost") or 0.0),
            "line_ids": [line._as_fact(made, day) for line in complaint.line_ids],
        }

    @api.model
    def _is_late(self, limit):
        """Whether a limit was not kept: also while its step has not happened yet."""
        return limit.state == "missed" or limit.is_overdue

    @api.model
    def _outcome(self, limits):
        if not limits:
            return "none"
        if any(self._is_late(limit) for limit in limits):
            return "late"
        return "met" if all(limit.state == "met" for limit in limits) else "open"

    # === jobs ===

    @api.model
    def _is_alone(self):
        """Whether nobody else reckons figures at this moment; nobody does until this
        transaction ends, then.
        """
        [(alone,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK)
        )
        return alone

    @api.model
    def _settle(self, limit=BATCH):
        """Reckon complaints anew that changed, unless somebody else does.

        :param int limit: changes looked at
        :return: how many there were
        """
        if not self._is_alone():
            return 0
        done, changed = self.env["quality.complaint.fact.todo"]._take(limit=limit)
        try:
            with self.env.cr.savepoint():
                self._rebuild(changed)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            # one that cannot be reckoned must not stand in the way of the others
            _logger.warning("Figures are reckoned one by one", exc_info=True)
            for complaint in changed:
                complaint._reckon_safely()
        return done

    @api.model
    def _settle_all(self):
        """Before figures are frozen: nothing is left to be reckoned, costs first.

        :raise UserError: somebody else is reckoning
        """
        while self.env["quality.complaint.cost.booked"]._settle():
            pass
        self.env.cr.flush()  # what this transaction changed is appended
        if not self._is_alone():
            raise UserError(
                self.env._(
                    "The figures are being recalculated at this moment. Try again in a "
                    "minute."
                )
            )
        while self._settle():
            pass

    @api.model
    def _cron_settle(self):
        """Reckon what has changed, in batches that are committed one by one."""
        todo = self.env["quality.complaint.fact.todo"]
        while done := self._settle():
            if not self.env["ir.cron"]._commit_progress(
                done, remaining=todo.search_count([])
            ):
                break

    @api.model
    def _cron_compare(self):
        """Every night: compare what is kept with the complaints, and mend it. What is
        overdue by now has told nobody, so that this is also how a limit becomes late.
        What there is no time for is compared by the next run.
        """
        today = fields.Date.today()
        left = Domain("compared_on", "=", False) | Domain("compared_on", "<", today)
        self._append_missing()
        self._cron_settle()
        while rows := self.search(left, order="compared_on, id", limit=BATCH):
            rows._compare()
            if not self.env["ir.cron"]._commit_progress(
                len(rows), remaining=self.search_count(left)
            ):
                break

    def _compare(self):
        """Mend rows that are not what their complaints say now; tell of those nobody
        could expect.
        """
        reckoned = self._reckoned(self.complaint_id)
        stale = self.browse()
        for row in self:
            vals = reckoned[row.complaint_id]
            lines = vals.pop("line_ids")
            other = row._other_than_kept(vals)
            differs = row._lines_differ(lines)
            if other or differs:
                stale |= row
            if other.keys() - PASSING or differs:
                _logger.warning(
                    "Figures of %s were not as kept (%s) and are reckoned anew.",
                    row.complaint_id.display_name,
                    ", ".join(sorted(other)) or "products",
                )
        self._rebuild(stale.complaint_id)
        (self - stale)._advance({"compared_on": fields.Date.today()})

    @api.model
    def _append_missing(self):
        """Complaints without figures, as after an upgrade."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO quality_complaint_fact_todo (complaint_id)
            SELECT c.id FROM quality_complaint c
            WHERE NOT EXISTS (
                    SELECT 1 FROM quality_complaint_fact f WHERE f.complaint_id = c.id
                )
                AND NOT EXISTS (
                    SELECT 1 FROM quality_complaint_fact_todo t WHERE t.complaint_id = c.id
                )
            """  # noqa: E501
        )
        self.env["quality.complaint.fact.todo"].invalidate_model()

    def action_open_complaint(self):
        self.ensure_one()
        return self.complaint_id._get_records_action()

    # === read ===

    def _read_group_select(self, aggregate_spec, query):
        name, _sep, how = aggregate_spec.partition(":")
        if how == "avg" and name in UNKNOWN_WITHOUT:
            # what has not happened is no average of 0
            known = self._field_to_sql(self._table, UNKNOWN_WITHOUT[name], query)
            field = self._fields[UNKNOWN_WITHOUT[name]]
            known = known if field.type == "boolean" else SQL("%s IS NOT NULL", known)
            if name in OF_TIME:
                old = self._field_to_sql(self._table, "is_imported", query)
                known = SQL("%s AND NOT COALESCE(%s, FALSE)", known, old)
            return SQL(
                "AVG(CASE WHEN %s THEN %s END)",
                known,
                self._field_to_sql(self._table, name, query),
            )
        return super()._read_group_select(aggregate_spec, query)


# columns that change without an event, as time passes
PASSING = {"response_in_time", "reply_in_time", "within_limit", "steps_missed"}
# averages leave out rows that have not come so far
UNKNOWN_WITHOUT = {
    "response_minutes": "responded_day",
    "conclusion_hours": "concluded_day",
    "reply_hours": "replied_day",
    "reply_days": "replied_day",
    "closing_hours": "closed_day",
    "closing_days": "closed_day",
    "satisfaction": "is_rated",
}
# what took how long is not known of cases from an old ledger
OF_TIME = ("closing_hours", "closing_days")


class QualityComplaintFactLine(models.Model):
    """What of which product was complained of: for Paretos and rates per product."""

    _name = "quality.complaint.fact.line"
    _description = "Figures of a Product Complained Of"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _rec_name = "product_id"

    fact_id = fields.Many2one(
        "quality.complaint.fact", required=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(related="fact_id.complaint_id")
    company_id = fields.Many2one(related="fact_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", index="btree_not_null")
    lot_id = fields.Many2one("stock.lot", index="btree_not_null")
    defect_id = fields.Many2one("quality.complaint.defect", index="btree_not_null")
    quantity = fields.Float(
        digits="Product Unit",
        most=MOST_SUMMED,
        help="In the unit of the product, as reported.",
    )
    value = fields.Monetary(
        most=MOST_SUMMED, help="Price paid, in the company's currency."
    )
    made_month = fields.Date(
        "Month of Production",
        help="Its first day. Goods without lots: the month of delivery, an estimate.",
    )
    shipped_day = fields.Date("Shipped On")

    def action_open_complaint(self):
        return self.fact_id.action_open_complaint()

    @api.model
    def _kept_names(self):
        return (
            "product_id",
            "lot_id",
            "defect_id",
            "quantity",
            "value",
            "made_month",
            "shipped_day",
        )


class QualityComplaintLine(models.Model):
    _inherit = "quality.complaint.line"

    def _as_fact(self, made, day):
        """
        :param dict made: {lot: datetime}, see `_production_dates`
        :param day: function(naive UTC datetime) → date where the company is
        :return: dict of values of a `quality.complaint.fact.line`
        """
        self.ensure_one()
        unit, own = self.product_uom_id, self.product_id.uom_id
        made_on = day(self._made_on(made))
        company = self.complaint_id.company_id
        value = (
            self.currency_id._convert(
                self.value,
                company.currency_id,
                company,
                day(self.complaint_id.received_on),
            )
            if self.currency_id
            else 0.0
        )
        quantity = self.quantity
        if unit and own and unit._has_common_reference(own):
            quantity = unit._compute_quantity(quantity, own, round=False)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "defect_id": self.defect_id.id,
            "quantity": float_round(quantity, precision_digits=digits),
            "value": value,
            "made_month": made_on.replace(day=1) if made_on else False,
            "shipped_day": day(self.delivered_on)
            or fields.Date.to_date(
                (self.complaint_id.imported_facts or {}).get("shipped") or False
            ),
        }
