import logging
from io import BytesIO

import xlsxwriter
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.quality_complaint.tools import download, went_well, write_sheet

from .quality_complaint_survey_grade import signed

_logger = logging.getLogger(__name__)

# mails of one transaction
BATCH = 50
# what is frozen once it is evaluated
COMMENTS = ("conclusion",)


class QualityComplaintSurveyCampaign(models.Model):
    """One satisfaction survey: whom it asked, what came back, whether that is valid,
    what it says, and what is done about it (R5, form 14).
    """

    _name = "quality.complaint.survey.campaign"
    _description = "Satisfaction Survey"
    _inherit = ["quality.complaint.approved"]
    _before_submitted = "evaluated"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    plan_id = fields.Many2one(
        "quality.complaint.survey.plan",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        fixed=True,
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    policy_id = fields.Many2one(related="company_id.complaint_policy_id")
    # as the plan said when it was prepared
    survey_id = fields.Many2one(
        "survey.survey",
        "Questionnaire",
        compute="_compute_from_plan",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        "Carried Out By",
        compute="_compute_from_plan",
        store=True,
        precompute=True,
    )
    date_from = fields.Date("Customers From", required=True, fixed=True)
    date_to = fields.Date("Customers To", required=True, fixed=True)
    previous_id = fields.Many2one(
        "quality.complaint.survey.campaign",
        "Last Survey",
        readonly=True,
        copy=False,
        guarded=True,
    )
    population = fields.Integer(
        "Customers", readonly=True, guarded=True, help="Delivered to in the period."
    )
    recipient_ids = fields.One2many(
        "quality.complaint.survey.recipient",
        "campaign_id",
        "Asked",
        domain=[("left_out", "=", False)],
        copy=False,
    )
    left_out_ids = fields.One2many(
        "quality.complaint.survey.recipient",
        "campaign_id",
        domain=[("left_out", "!=", False)],
        readonly=True,
    )
    remark_ids = fields.One2many(
        "quality.complaint.survey.remark", "campaign_id", "Words of Customers"
    )
    result_ids = fields.One2many(
        "quality.complaint.survey.summary", "campaign_id", readonly=True
    )
    problem_ids = fields.One2many(
        "quality.complaint.problem", "survey_campaign_id", "Neutral and Below"
    )
    sent_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    answer_until = fields.Datetime(
        "Return Until", readonly=True, copy=False, guarded=True, tracking=True
    )
    answered_on = fields.Datetime(
        "Last Answer", readonly=True, copy=False, guarded=True
    )
    was_extended = fields.Boolean(readonly=True, copy=False, guarded=True)
    sent_count = fields.Integer(
        "Sent",
        readonly=True,
        copy=False,
        guarded=True,
        help="Fixed when it is sent: returns are counted against it.",
    )
    returned_count = fields.Integer("Returned", compute="_compute_counts")
    bounced_count = fields.Integer(
        "Not Delivered", compute="_compute_counts", help="They still count as sent."
    )
    coverage = fields.Float(
        "Asked (%)", compute="_compute_counts", help="Of the customers of the period."
    )
    asks_too_few = fields.Boolean(compute="_compute_counts")
    return_rate = fields.Float("Return (%)", compute="_compute_counts")
    is_valid = fields.Boolean("Valid", readonly=True, copy=False, guarded=True)
    score = fields.Integer(
        "Satisfaction", readonly=True, copy=False, guarded=True, aggregator="avg"
    )
    grade_id = fields.Many2one(
        "quality.complaint.survey.grade",
        ondelete="restrict",
        readonly=True,
        copy=False,
        guarded=True,
    )
    previous_score = fields.Integer(related="previous_id.score", string="Last Time")
    evaluated_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    conclusion = fields.Text(help="What the survey says, and what follows.")
    reader_ids = fields.Many2many(
        "res.users",
        "quality_complaint_survey_campaign_reader_rel",
        string="Circulated To",
        readonly=True,
        copy=False,
        guarded=True,
    )
    state = fields.Selection(
        [
            ("draft", "Drawn"),
            ("sending", "Being sent"),
            ("running", "Running"),
            ("evaluated", "Evaluated"),
            ("submitted", "To approve"),
            ("approved", "Approved"),
            ("circulated", "Circulated"),
            ("cancelled", "Cancelled"),
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

    # === compute ===

    @api.depends("plan_id")
    def _compute_from_plan(self):
        for campaign in self:
            campaign.survey_id = campaign.plan_id.survey_id
            campaign.user_id = campaign.plan_id.user_id

    @api.depends("plan_id.name", "date_to")
    def _compute_name(self):
        for campaign in self:
            campaign.name = " · ".join(
                filter(
                    None,
                    (
                        campaign.plan_id.name,
                        campaign.date_to and fields.Date.to_string(campaign.date_to),
                    ),
                )
            )

    @api.depends("recipient_ids.state", "sent_count", "population")
    def _compute_counts(self):
        counts = {}
        for campaign, state, count in self.env[
            "quality.complaint.survey.recipient"
        ]._read_group(
            [("campaign_id", "in", self.ids), ("left_out", "=", False)],
            ["campaign_id", "state"],
            ["__count"],
        ):
            counts.setdefault(campaign.id, {})[state] = count
        asked_of = dict(
            self.env["quality.complaint.survey.recipient"]._read_group(
                [
                    ("campaign_id", "in", self.ids),
                    ("left_out", "=", False),
                    ("in_population", "=", True),
                ],
                ["campaign_id"],
                ["__count"],
            )
        )
        for campaign in self:
            own = counts.get(campaign.id, {})
            asked = asked_of.get(campaign, 0)
            campaign.returned_count = own.get("returned", 0)
            campaign.bounced_count = own.get("bounced", 0)
            campaign.coverage = (
                100.0 * asked / campaign.population if campaign.population else 0.0
            )
            campaign.asks_too_few = (
                100.0 * asked < campaign.plan_id.share * campaign.population
            )
            campaign.return_rate = (
                100.0 * campaign.returned_count / campaign.sent_count
                if campaign.sent_count
                else 0.0
            )

    # === CRUD ===

    def write(self, vals):
        self._lock_fields(
            vals,
            {*COMMENTS},
            self.filtered(
                lambda row: row.state in ("submitted", "approved", "circulated")
            ),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_before_it_is_sent(self):
        for campaign in self:
            if campaign.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._("%s was sent and stays in the file.", campaign.name)
                )

    # === drawing ===

    def _asked_last_time(self):
        """Customers of the last survey of the plan."""
        self.ensure_one()
        return self._last().recipient_ids.commercial_partner_id

    def _last(self):
        return self.search(
            [
                ("plan_id", "=", self.plan_id.id),
                ("id", "!=", self.id),
                ("state", "not in", ("draft", "cancelled")),
            ],
            order="sent_on desc, id desc",
            limit=1,
        )

    def action_draw(self):
        """Draw the customers anew, as long as nothing was sent."""
        for campaign in self:
            campaign.check_access("write")
            campaign._check_standing("draft")
            campaign._draw()

    def _draw(self):
        self.ensure_one()
        (self.recipient_ids | self.left_out_ids).sudo().unlink()
        rows = self.plan_id._chosen(self)
        self.env["quality.complaint.survey.recipient"].create(
            [
                {
                    "campaign_id": self.id,
                    "company_id": self.company_id.id,
                    **row,
                }
                for row in rows
            ]
        )
        population = self.plan_id._population(self.date_from, self.date_to)
        self._advance({"population": len(population), "previous_id": self._last().id})

    # === sending ===

    def action_send(self):
        """Fix whom it is sent to, and send it; mails go out in the background."""
        for campaign in self:
            campaign.check_access("write")
            campaign.lock_for_update()
            campaign._check_standing("draft")
            if not campaign.recipient_ids:
                raise UserError(
                    self.env._(
                        "%s asks nobody: no customer was delivered to in its period. "
                        "Add customers to the list first.",
                        campaign.name,
                    )
                )
            now = fields.Datetime.now()
            campaign._advance(
                {
                    "state": "sending",
                    "sent_on": now,
                    "sent_count": len(campaign.recipient_ids),
                    "answer_until": campaign._end_after(campaign.plan_id.return_days),
                }
            )
            campaign.sudo().activity_ids.unlink()  # sudo: others' reminders end, too
        # sudo: the job sends
        self.env.ref("quality_complaint_survey.ir_cron_survey").sudo()._trigger()

    def _end_after(self, days):
        """The last second of the day so many days from today, where the company is."""
        today = fields.Date.context_today(
            self.with_context(tz=self.company_id.partner_id.tz or "UTC")
        )
        return self.company_id._complaint_end_of_day(fields.Date.add(today, days=days))

    def action_cancel(self):
        """Nobody is asked any more; what came back stays."""
        for campaign in self:
            campaign.check_access("write")
            campaign._check_standing("draft", "sending", "running")
            campaign._advance({"state": "cancelled"})
            campaign.activity_ids.unlink()

    # === jobs ===

    @api.model
    def _cron_follow(self):
        """Send, remind, end: in batches that commit, safe with several workers."""
        recipients = self.env["quality.complaint.survey.recipient"]
        while recipients._send_batch(BATCH):
            pass
        for campaign in self.search([("state", "=", "sending")]):
            went_well(self.env, _logger, campaign, campaign._set_running)
        while recipients._remind_batch(BATCH):
            pass
        for campaign in self.search(
            [("state", "=", "running"), ("answer_until", "<", fields.Datetime.now())]
        ):
            if campaign.try_lock_for_update():
                went_well(self.env, _logger, campaign, campaign._end)
            self.env["ir.cron"]._commit_progress(1)

    def _answer_until_day(self):
        """The last day for answers, where the company is; for mails."""
        self.ensure_one()
        moment = fields.Datetime.context_timestamp(
            self.with_context(tz=self.company_id.partner_id.tz or "UTC"),
            self.answer_until,
        )
        return format_date(self.env, moment.date())

    def _set_running(self):
        waiting = self.recipient_ids.filtered(lambda row: row.state == "to_send")
        if not waiting and self.try_lock_for_update():
            self._advance({"state": "running"})

    def action_evaluate(self):
        """End it before its day: everybody has answered, or nobody else will."""
        for campaign in self:
            campaign.check_access("write")
            campaign.lock_for_update()
            campaign._check_standing("running")
            campaign._evaluate()

    def _reaches_valid_rate(self):
        """Whether enough came back: so many per cent of those sent, exactly."""
        self.ensure_one()
        return bool(self.sent_count) and (
            100.0 * self.returned_count >= self.plan_id.valid_rate * self.sent_count
        )

    def _end(self):
        """Its day is over: extended once where the plan says so and too little came
        back, else evaluated.
        """
        self.ensure_one()
        plan = self.plan_id
        if (
            not self._reaches_valid_rate()
            and plan.when_low == "extend"
            and plan.extend_days
            and not self.was_extended
        ):
            self._advance(
                {
                    "was_extended": True,
                    "answer_until": self._end_after(plan.extend_days),
                }
            )
            self._tell(
                lambda local: local.env._(
                    "Too little came back (%.1f %%): extended once", local.return_rate
                )
            )
            return
        self._evaluate()
        self._tell(
            lambda local: local.env._("Evaluate and comment on the satisfaction survey")
        )

    def _tell(self, words):
        user = self.user_id
        local = self.with_context(lang=user.lang or self.env.lang)
        local.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=words(local)
        )

    # === evaluation ===

    def _evaluate(self):
        """Freeze the result; what is neutral or below becomes a problem."""
        self.ensure_one()
        grades = self.env["quality.complaint.survey.grade"]
        rows = self.env["quality.complaint.survey.result"].search(
            [("campaign_id", "=", self.id)]
        )
        returned = self.recipient_ids.filtered(
            lambda row: row.state == "returned" and row.is_scored
        )
        values = {
            "state": "evaluated",
            "is_valid": self._reaches_valid_rate(),
            "evaluated_on": fields.Datetime.now(),
        }
        if returned:
            total = sum(returned.mapped("exact_score")) / len(returned)
            points, grade = grades._of(total)
            values.update(score=points, grade_id=grade.id)
        self._advance(values)
        # sudo: results are written here and nowhere else
        summaries = self.env["quality.complaint.survey.summary"].sudo()
        summaries.search([("campaign_id", "=", self.id)]).unlink()
        for dimension, own in rows.grouped("dimension_id").items():
            average = sum(own.mapped("score")) / len(own)
            points, grade = grades._of(average)
            summaries.create(
                {
                    "campaign_id": self.id,
                    "dimension_id": dimension.id,
                    "answers": len(own),
                    "score": points,
                    "grade_id": grade.id,
                    "previous": self.previous_id.result_ids.filtered(
                        lambda row, dimension=dimension: row.dimension_id == dimension
                    ).score,
                    "has_previous": dimension
                    in self.previous_id.result_ids.dimension_id,
                }
            )
        self._propose_problems(returned)

    def _propose_problems(self, returned):
        """What is neutral or below: each dimension, each customer (003 4.4.2 (4))."""
        # sudo: their reason is written here and nowhere else
        self = self.with_context(lang=self.user_id.lang or self.env.lang)  # noqa: PLW0642
        returned = returned.with_env(self.env)
        problems = self.env["quality.complaint.problem"].sudo()
        low = self.result_ids.filtered("grade_id.needs_solution")
        for row in low:
            problems.create(
                {
                    "name": row.dimension_id.name,
                    "survey_campaign_id": self.id,
                    "company_id": self.company_id.id,
                    "reason": f"{signed(row.score)} · {row.grade_id.name}",
                }
            )
        for recipient in returned:
            rows = recipient.result_ids.filtered("grade_id.needs_solution")
            if not rows and not recipient.grade_id.needs_solution:
                continue
            problems.create(
                {
                    "name": recipient.commercial_partner_id.name,
                    "survey_campaign_id": self.id,
                    "survey_partner_id": recipient.commercial_partner_id.id,
                    "company_id": self.company_id.id,
                    "reason": "\n".join(
                        [
                            self.env._(
                                "In all: %(score)s · %(grade)s",
                                score=signed(recipient.score),
                                grade=recipient.grade_id.name,
                            ),
                            *(
                                f"{row.dimension_id.name}: {signed(row.score)} · "
                                f"{row.grade_id.name}"
                                for row in rows
                            ),
                        ]
                    ),
                    "user_id": self._owner_for(recipient).id,
                }
            )

    def _owner_for(self, recipient):
        """The salesperson, where they may work on it."""
        return recipient.user_id.filtered(
            lambda user: user.has_group(
                "quality_complaint.group_quality_complaint_user"
            )
        )

    # === approval, circulation ===

    def _missing_to_submit(self):
        return self._missing_texts("conclusion") + self._missing_of_problems()

    def _approval_words(self):
        return self.env._("Approve the satisfaction survey")

    def action_take_back(self):
        """Back to whoever comments on it."""
        for campaign in self:
            campaign.check_access("write")
            campaign._check_standing("submitted")
            campaign.sudo().activity_ids.unlink()  # sudo: as above
            campaign._advance({"state": "evaluated", "submitted_by_id": False})

    def action_open_circulation(self):
        self.ensure_one()
        self._check_standing("approved", "circulated")
        dialog = self.env["quality.complaint.circulate"].create(
            {"survey_campaign_id": self.id}
        )
        return dialog._get_records_action(name=self.env._("Circulate"), target="new")

    def _circulate(self, users):
        """Send report and figures to people, who tick that they have read them.

        :param users: `res.users`
        """
        self.ensure_one()
        self.check_access("write")
        self._check_standing("approved", "circulated")
        new = (users - self.reader_ids).filtered(
            # sudo: only where they work
            lambda user: user.active and self.company_id in user.sudo().company_ids
        )
        if not new:
            raise UserError(
                self.env._("Everybody chosen has got %s already.", self.name)
            )
        self._advance(
            {
                "state": "circulated",
                "reader_ids": [Command.link(user.id) for user in new],
            }
        )
        # sudo: whoever may circulate it may print it
        pdf, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(
                "quality_complaint_survey.action_report_statistics", self.ids
            )
        )
        for lang, group in new.grouped("lang").items():
            local = self.with_context(lang=lang)
            local.message_notify(
                partner_ids=group.partner_id.ids,
                subject=local.env._("Satisfaction survey %s", local.name),
                body=local.env._(
                    "The satisfaction survey %s is approved. Please read its result.",
                    local.name,
                ),
                attachments=[
                    (f"{local.name}.pdf", pdf),
                    (f"{local.name}.xlsx", local._xlsx()),
                ],
            )
            for user in group:
                local.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=local.env._("Read the satisfaction survey"),
                )

    # === opening ===

    def action_view_recipients(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint_survey.action_recipient"
        )
        return {
            **action,
            "domain": [("campaign_id", "=", self.id), ("left_out", "=", False)],
        }

    def action_view_results(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint_survey.action_result"
        )
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {}}

    def action_xlsx(self):
        """Form 14 as a spreadsheet, to be downloaded."""
        self.ensure_one()
        self.check_access("read")
        return download(self.env, f"{self.name}.xlsx", self._xlsx(), self)

    def _xlsx(self):
        """:return: bytes"""
        self.ensure_one()
        stream = BytesIO()
        label = self.env["quality.complaint.form.labels"]._labeller(
            self.env.lang or "en_US"
        )

        def heads(*keys):
            return [str(label(key, inline=True)) for key in keys]

        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            write_sheet(
                book,
                str(label("part_survey", inline=True)),
                heads("survey_period", "service_subject"),
                [
                    [f"{self.date_from} – {self.date_to}", self.plan_id.name],
                    [*heads("survey_population"), self.population],
                    [*heads("survey_sent"), self.sent_count],
                    [*heads("survey_returned"), self.returned_count],
                    [*heads("survey_bounced"), self.bounced_count],
                    [*heads("survey_rate"), f"{self.return_rate:.1f} %"],
                    [
                        *heads("survey_valid"),
                        heads("yes" if self.is_valid else "survey_not_valid")[0],
                    ],
                    [
                        *heads("survey_total"),
                        f"{signed(self.score)} · {self.grade_id.name}"
                        if self.grade_id
                        else "",
                    ],
                    [*heads("survey_conclusion"), self.conclusion or ""],
                ],
                (34, 60),
            )
            write_sheet(
                book,
                str(label("part_survey_result", inline=True)),
                heads(
                    "survey_dimension", "survey_answers", "satisfaction_score",
                    "survey_grade", "survey_last_time",
                ),
                [
                    [
                        row.dimension_id.name,
                        row.answers,
                        row.score,
                        row.grade_id.name,
                        row.previous if row.has_previous else "",
                    ]
                    for row in self.result_ids
                ],
                (34, 12, 12, 24, 12),
            )  # fmt: skip
            write_sheet(
                book,
                str(label("part_survey_customers", inline=True)),
                heads(
                    "customer", "salesperson", "status", "satisfaction_score",
                    "survey_grade", "survey_said",
                ),
                [
                    [
                        row.commercial_partner_id.name,
                        row.user_id.name,
                        row._in_words("state"),
                        row.score if row.is_scored else "",
                        row.grade_id.name,
                        "\n".join(row.remark_ids.mapped("text")),
                    ]
                    for row in self.recipient_ids
                ],
                (34, 20, 16, 12, 24, 60),
            )  # fmt: skip
            write_sheet(
                book,
                str(label("part_survey_problems", inline=True)),
                heads(
                    "survey_problem", "survey_analysis", "survey_solution", "done_by",
                    "due_on",
                ),
                [
                    [
                        "\n".join(filter(None, (row.name, row.reason))),
                        row.answer,
                        row.measure,
                        row.user_id.name,
                        fields.Date.to_string(row.due_on),
                    ]
                    for row in self.problem_ids
                ],
                (44, 40, 40, 20, 12),
            )  # fmt: skip
        return stream.getvalue()

    @api.model
    def _of_period(self, company, date_from, date_to):
        """Surveys evaluated in a period: input to its analysis."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain(
                "evaluated_on",
                ">",
                company._complaint_end_of_day(date_from - relativedelta(days=1)),
            )
            & Domain("evaluated_on", "<=", company._complaint_end_of_day(date_to))
        )
