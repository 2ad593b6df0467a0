import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools import PAPER_LANGUAGES, listed

_logger = logging.getLogger(__name__)
PERIODS = [("month", "Monthly"), ("quarter", "Quarterly"), ("year", "Annual")]
# months of a period
MONTHS = {"month": 1, "quarter": 3, "year": 12}
# changes that are not reckoned on the side
MANY = 5_000
# rows on what is left to do, and on what others have to know
REMAINING = ("age", "overdue", "work", "revisit", "input")
# rows that do not count complaints received by what they have in common
NOT_COUNTED = ("total", "unit", *REMAINING)


class QualityComplaintAnalysis(models.Model):
    """The analysis of a month, a quarter or a year: figures frozen when it is made,
    comments by Sales and Quality, problems and their measures, approval, circulation.

    Sources: R1 §12, R3 4.3.2 (5), 000-F 3; the annual one is an input to the management
    review (R5, R7).
    """

    _name = "quality.complaint.analysis"
    _description = "Complaint Analysis"
    _inherit = ["quality.complaint.approved"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one(
        "quality.complaint.team",
        check_company=True,
        index="btree_not_null",
        help="Empty: the whole company.",
        fixed=True,
    )
    kind = fields.Selection(
        PERIODS, "Period", required=True, default="month", fixed=True
    )
    date_from = fields.Date(
        "First Day",
        required=True,
        default=lambda self: self._default_date_from(),
        help="Any day of the period; it is set to its first one.",
        fixed=True,
    )
    date_to = fields.Date(
        "Last Day", compute="_compute_date_to", store=True, precompute=True
    )
    state = fields.Selection(
        [
            ("draft", "To comment on"),
            ("submitted", "To approve"),
            ("approved", "Approved"),
            ("circulated", "Circulated"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guarded=True,
    )
    language = fields.Selection(
        PAPER_LANGUAGES,
        "Language of the Paper",
        help="Empty: as the policy says.",
    )
    figures_on = fields.Datetime(
        "Figures As Of", readonly=True, copy=False, guarded=True
    )
    kpi_line_ids = fields.One2many(
        "quality.complaint.analysis.kpi",
        "analysis_id",
        "KPIs",
        domain=[("department_id", "=", False)],
        copy=False,
    )
    department_kpi_ids = fields.One2many(
        "quality.complaint.analysis.kpi",
        "analysis_id",
        "KPIs by Department",
        domain=[("department_id", "!=", False)],
        readonly=True,
    )
    line_ids = fields.One2many(
        "quality.complaint.analysis.line", "analysis_id", "Rows", copy=False
    )
    total_ids = fields.One2many(
        "quality.complaint.analysis.line",
        "analysis_id",
        "Totals",
        domain=[("dimension", "=", "total")],
        readonly=True,
    )
    count_ids = fields.One2many(
        "quality.complaint.analysis.line",
        "analysis_id",
        "Breakdown",
        domain=[("dimension", "not in", NOT_COUNTED)],
        readonly=True,
    )
    unit_ids = fields.One2many(
        "quality.complaint.analysis.line",
        "analysis_id",
        "Complaints per Million Shipped",
        domain=[("dimension", "=", "unit")],
        readonly=True,
    )
    open_ids = fields.One2many(
        "quality.complaint.analysis.line",
        "analysis_id",
        "Open and Overdue",
        domain=[("dimension", "in", REMAINING)],
        readonly=True,
    )
    problem_ids = fields.One2many(
        "quality.complaint.problem", "analysis_id", "Problems", copy=False
    )
    policy_id = fields.Many2one(related="company_id.complaint_policy_id")
    sales_comment = fields.Text(
        "Comment of Sales", copy=False, help="What Sales says about the figures."
    )
    sales_by_id = fields.Many2one(
        "res.users", "Commented By (Sales)", readonly=True, copy=False, guarded=True
    )
    quality_comment = fields.Text(
        "Comment of Quality", copy=False, help="What Quality says about the figures."
    )
    quality_by_id = fields.Many2one(
        "res.users", "Commented By (Quality)", readonly=True, copy=False, guarded=True
    )
    process_review = fields.Text(
        "Review of the Process",
        copy=False,
        help=(
            "Of a year: whether the way complaints are handled works, and what is to "
            "change in steps, time limits and duties (000-D 6)."
        ),
    )
    reader_ids = fields.One2many(
        "quality.complaint.analysis.reader", "analysis_id", "Circulation", copy=False
    )
    reader_count = fields.Integer(compute="_compute_readers")
    read_count = fields.Integer(compute="_compute_readers")
    to_read = fields.Boolean(
        compute="_compute_to_read", help="Sent to you, and not acknowledged yet."
    )

    _period_uniq = models.UniqueIndex(
        "(company_id, coalesce(team_id, 0), kind, date_from)",
        "There is an analysis of this period already. Open it instead.",
    )

    # === compute ===

    @api.model
    def _default_date_from(self):
        """The month before this one where the company is, whoever looks at it."""
        today = self._today_of(self.env.company)
        return today - relativedelta(months=1, day=1)

    @api.model
    def _today_of(self, company):
        """The day it is where a company is: that of its figures."""
        zone = company.partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _first_day(self, kind, day):
        """First day of the month, quarter or year a day lies in."""
        if kind == "year":
            return day.replace(month=1, day=1)
        if kind == "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        return day.replace(day=1)

    @api.depends("kind", "date_from")
    def _compute_date_to(self):
        for analysis in self:
            first = analysis.date_from and self._first_day(
                analysis.kind or "month", analysis.date_from
            )
            analysis.date_to = first and first + relativedelta(
                months=MONTHS[analysis.kind or "month"], days=-1
            )

    @api.depends("kind", "date_from", "team_id.name")
    def _compute_name(self):
        for analysis in self:
            first = analysis.date_from
            period = first and {
                "month": f"{first:%Y-%m}",
                "quarter": f"{first:%Y}-Q{(first.month + 2) // 3}",
                "year": f"{first:%Y}",
            }.get(analysis.kind)
            analysis.name = " · ".join(filter(None, (period, analysis.team_id.name)))

    @api.depends("reader_ids.read_on")
    def _compute_readers(self):
        for analysis in self:
            analysis.reader_count = len(analysis.reader_ids)
            analysis.read_count = len(analysis.reader_ids.filtered("read_on"))

    @api.depends("reader_ids.read_on")
    @api.depends_context("uid")
    def _compute_to_read(self):
        for analysis in self:
            analysis.to_read = any(
                row.user_id == self.env.user and not row.read_on
                for row in analysis.reader_ids
            )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["kind", "date_from"])
        vals_list = [{**defaults, **vals} for vals in vals_list]
        for vals in vals_list:
            self._check_sensible(vals)
            vals["date_from"] = self._first_day(
                vals["kind"] or "month",
                fields.Date.to_date(vals["date_from"]) or self._default_date_from(),
            )
        analyses = super().create(vals_list)
        analyses._check_period_over()
        analyses._fill()
        for analysis in analyses:
            analysis._propose_problems()
        return analyses

    def _check_period_over(self):
        for analysis in self:
            if analysis.date_to >= self._today_of(analysis.company_id):
                raise ValidationError(
                    self.env._(
                        "%s is not over yet: its figures would still change. Choose an "
                        "earlier period.",
                        analysis.name,
                    )
                )

    def write(self, vals):
        self.check_access("write")
        comments = {"sales_comment", "quality_comment"} & vals.keys()
        self._lock_fields(
            vals,
            comments | ({"process_review"} & vals.keys()),
            self.filtered(lambda row: row.state != "draft"),
        )
        changed = {name: self._changed_by(vals, {name}) for name in comments}
        result = super().write(vals)
        for name, rows in changed.items():
            rows._advance({name.replace("_comment", "_by_id"): self.env.uid})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for analysis in self:
            started = analysis.problem_ids.filtered(lambda row: row.state != "draft")
            if analysis.state != "draft" or started:
                raise UserError(
                    self.env._(
                        "The analysis %s is submitted and stays. Take it back first.",
                        analysis.name,
                    )
                )

    # === the way through ===

    def action_ask_recompute(self):
        """Ask for the reason first."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("Recalculate"), "recompute", analysis_id=self.id
        )

    def action_recompute(self, reason=None):
        """Reckon the figures anew, with a reason: what was said about the old ones may
        not be true any more.

        :raise UserError: it is no draft any more, or there is no reason
        """
        for analysis in self:
            analysis._check_state("draft")
            analysis._check_reason(reason)
            analysis._fill()
            analysis._propose_problems()
            analysis.message_post(
                body=self.env._("Figures recalculated: %s", reason),
            )

    def _missing_to_submit(self):
        self.ensure_one()
        texts = ["sales_comment", "quality_comment"]
        if self.kind == "year":
            texts.append("process_review")
        return self._missing_texts(*texts) + self._missing_of_problems()

    def _approval_words(self):
        return self.env._("Approve the complaint analysis")

    def action_take_back(self):
        """Back to a draft, as long as nobody was sent it; an approved one only by
        whoever may approve. Measures that have started go on.
        """
        for analysis in self:
            analysis.check_access("write")
            analysis._check_state("submitted", "approved")
            if (
                analysis.state == "approved"
                and self.env.user not in analysis._approvers()
            ):
                raise UserError(
                    self.env._(
                        "The analysis %(analysis)s is approved: it is taken back by "
                        "%(users)s.",
                        analysis=analysis.name,
                        users=listed(
                            self.env.lang, analysis._approvers().mapped("name")
                        ),
                    )
                )
            analysis._end_activities()
            analysis._advance(
                {
                    "state": "draft",
                    "submitted_by_id": False,
                    "approved_by_id": False,
                    "approved_on": False,
                }
            )

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The analysis %(analysis)s is “%(state)s”: this is not possible "
                    "any more, or not yet.",
                    analysis=self.name,
                    state=names[self.state],
                )
            )

    # === circulation ===

    def action_open_circulation(self):
        self.ensure_one()
        self._check_state("approved", "circulated")
        dialog = self.env["quality.complaint.circulate"].create(
            {"analysis_id": self.id}
        )
        return dialog._get_records_action(name=self.env._("Circulate"), target="new")

    def _circulate(self, users):
        """Send it to people, who say that they have read it.

        :param users: `res.users` who have not got it yet
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("approved", "circulated")
        new = (users - self.reader_ids.user_id).filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.sudo().company_ids  # sudo: only where
            )
        )
        if not new:
            raise UserError(
                self.env._(
                    "Everybody chosen has got the analysis %s already.", self.name
                )
            )
        # sudo: readers are added here and nowhere else
        self.sudo()._advance(
            {
                "state": "circulated",
                "reader_ids": [
                    Command.create(
                        {"user_id": user.id, "sent_on": fields.Datetime.now()}
                    )
                    for user in new
                ],
            }
        )
        # sudo: whoever may circulate it may print it
        printer = self.env["ir.actions.report"].sudo()
        pdf, _kind = printer._render_qweb_pdf(
            "quality_complaint.action_report_analysis", self.ids
        )
        for lang, group in new.grouped("lang").items():
            local = self.with_context(lang=lang)
            local.message_notify(
                partner_ids=group.partner_id.ids,
                subject=local.env._("Complaint analysis %s", local.name),
                body=local.env._(
                    "The complaint analysis %s is approved. Please read it and "
                    "acknowledge it with “I Have Read It”.",
                    local.name,
                ),
                attachments=[
                    (f"{local._file_name()}.pdf", pdf),
                    (f"{local._file_name()}.xlsx", local._xlsx()),
                ],
            )
            for user in group:
                # the mail above has told them
                activity = local.with_context(
                    mail_activity_quick_update=True
                ).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=local.env._("Read the complaint analysis"),
                )
                # sudo: as above
                self.sudo().reader_ids.filtered(
                    lambda row, user=user: row.user_id == user
                )._advance({"activity_id": activity.id})

    def action_acknowledge(self):
        """The reader says that they have read it."""
        for analysis in self:
            # sudo: a reader may not write anything else
            row = analysis.sudo().reader_ids.filtered(
                lambda row: row.user_id == self.env.user and not row.read_on
            )
            if not row:
                raise UserError(
                    self.env._(
                        "The analysis %s was not sent to you, or you have acknowledged "
                        "it already.",
                        analysis.name,
                    )
                )
            row._advance({"read_on": fields.Datetime.now()})
            row.activity_id.action_done()

    # === jobs ===

    @api.model
    def _cron_make(self):
        """On the first working day of a month: the analysis of the month before, and of
        the quarter and year that ended with it. Made up for when the server was down.
        """
        todo = self.env["quality.complaint.fact.todo"]
        if todo.search_count([], limit=MANY) >= MANY:
            return  # the job is still reckoning the figures: next time
        for company in self.env["res.company"].search([("active", "=", True)]):
            if self._is_time_for(company):
                made = [
                    *(self._make_safely(company, kind) for kind in MONTHS),
                    self._plan_inspection_safely(company),
                ]
                if all(made):
                    # what is deleted afterwards is not made again
                    company.complaint_analysis_made_on = fields.Date.today()
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _is_time_for(self, company):
        """From the first working day of the month on; only companies that have
        complaints.
        """
        if not self.env["quality.complaint"].search_count(
            [("company_id", "=", company.id), ("name", "!=", False)], limit=1
        ):
            return False
        day = self._today_of(company)
        made = company.complaint_analysis_made_on
        if made and made >= day.replace(day=1):
            return False
        clock = company.resource_calendar_id._complaint_clock(company)
        return any(
            clock.is_working_day(clock.midnight(day.replace(day=number)))
            for number in range(1, day.day + 1)
        )

    @api.model
    def _make_safely(self, company, kind):
        """A company whose figures cannot be reckoned must not stand in the way of the
        others.

        :return: whether nothing is left to be made
        """
        local = self.with_company(company).with_context(
            tz=company.partner_id.tz or "UTC"
        )
        today = self._today_of(company)
        first = self._first_day(kind, today) - relativedelta(months=MONTHS[kind])
        period = (
            Domain("company_id", "=", company.id)
            & Domain("team_id", "=", False)
            & Domain("kind", "=", kind)
            & Domain("date_from", "=", first)
        )
        if self.search_count(period):
            return True
        # nothing happened before the first complaint
        received = self.env["quality.complaint"].search(
            [("company_id", "=", company.id), ("name", "!=", False)],
            order="received_on",
            limit=1,
        )
        if received.received_on.date() >= self._first_day(kind, today):
            return True
        try:
            with self.env.cr.savepoint():
                analysis = local.create(
                    {"company_id": company.id, "kind": kind, "date_from": first}
                )
                analysis._tell_commentators()
        except Exception:
            _logger.exception(
                "Could not make the complaint analysis of %s", company.name
            )
            return False
        return True

    @api.model
    def _plan_inspection_safely(self, company):
        """As `_make_safely`."""
        try:
            with self.env.cr.savepoint():
                self.env["quality.complaint.management.inspection"]._make_planned(
                    company
                )
        except Exception:
            _logger.exception("Could not plan the inspection of %s", company.name)
            return False
        return True

    def _tell_commentators(self):
        """Ask for the comments: those who approve it see to it."""
        for analysis in self:
            for user in analysis._approvers():
                local = analysis.with_context(lang=user.lang)
                local.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=local.env._("Comment on the complaint analysis"),
                )


class QualityComplaintAnalysisReader(models.Model):
    """Somebody an analysis was circulated to."""

    _name = "quality.complaint.analysis.reader"
    _description = "Reader of an Analysis"
    _inherit = ["quality.complaint.guarded"]
    _log_access = False
    _rec_name = "user_id"

    analysis_id = fields.Many2one(
        "quality.complaint.analysis", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="analysis_id.company_id")
    user_id = fields.Many2one("res.users", "Reader", required=True, index=True)
    sent_on = fields.Datetime(readonly=True)
    read_on = fields.Datetime("Acknowledged On", readonly=True, guarded=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, guarded=True, ondelete="set null"
    )

    _user_uniq = models.UniqueIndex("(analysis_id, user_id)")

    def _read_by(self, activities):
        """The readers whose activities these are have read it."""
        self.search(
            [("activity_id", "in", activities.ids), ("read_on", "=", False)]
        )._advance({"read_on": fields.Datetime.now()})
