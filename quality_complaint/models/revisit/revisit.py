from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_list

from ...tools import IncompleteError

DIMENSIONS = ("score_speed", "score_attitude", "score_competence", "score_result")
# five grades stand for 20 to 100 points
POINTS_PER_GRADE = 20.0


class QualityComplaintRevisit(models.Model):
    """Contact with the customer afterwards: are they satisfied, was what was promised
    done, has the trouble come back?
    """

    _name = "quality.complaint.revisit"
    _description = "Customer Revisit"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.suggesting",
        "mail.thread",
    ]
    _order = "planned_on, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint", required=True, index=True, ondelete="cascade", fixed=True
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="complaint_id.partner_id", string="Customer", store=True, index=True
    )
    commercial_partner_id = fields.Many2one(
        related="complaint_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        index="btree_not_null",
    )
    phone = fields.Char(related="complaint_id.phone")
    product_id = fields.Many2one(
        related="complaint_id.product_id",
        store=True,
        index="btree_not_null",
    )
    channel_id = fields.Many2one(related="complaint_id.channel_id", store=True)
    severity_id = fields.Many2one(
        related="complaint_id.severity_group_id", string="Severity", store=True
    )
    handler_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who handled the round the customer was asked about.",
        guarded=True,
    )
    round = fields.Integer(default=1, readonly=True, fixed=True)
    user_id = fields.Many2one(
        "res.users", "Visitor", domain="[('share', '=', False)]", index=True
    )
    planned_on = fields.Date(
        default=fields.Date.context_today, required=True, index=True
    )
    not_before = fields.Date(compute="_compute_window", compute_sudo=True)
    latest_on = fields.Date(
        "Latest",
        compute="_compute_window",
        compute_sudo=True,
        help="The policy's window ends on this day.",
    )
    done_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    done_by_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, copy=False, guarded=True
    )
    method = fields.Selection(
        [("phone", "Phone"), ("visit", "Visit"), ("online", "Online")],
        "Contact Method",
        default="phone",
        required=True,
    )
    attempts = fields.Integer(
        readonly=True,
        copy=False,
        help="How often somebody tried to reach the customer in vain.",
        guarded=True,
    )
    spoken_with = fields.Char(help="Who of the customer's people answered.")
    implemented = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
        "Measures Carried Out",
        help="Was what we promised done?",
    )
    recurred = fields.Selection([("no", "No"), ("yes", "Yes")], "Trouble Came Back")
    score = fields.Float(
        aggregator="avg",
        compute="_compute_score",
        store=True,
        readonly=False,
        help="Overall satisfaction, 0 to 100; proposed from the grades.",
    )
    score_speed = fields.Selection("_selection_dimension", "Speed of Response")
    score_attitude = fields.Selection("_selection_dimension", "Attitude")
    score_competence = fields.Selection("_selection_dimension", "Competence")
    score_result = fields.Selection("_selection_dimension", "Result of Handling")
    recommends = fields.Selection(
        "_selection_recommends",
        "Would Recommend Us",
        help="0 not at all … 10 certainly (net promoter score).",
    )
    comment = fields.Text("What the Customer Says")
    other_needs = fields.Text(
        help="Other needs and suggestions; they become feedback with one click."
    )
    reason = fields.Text(
        "Why Not Satisfied",
        help="Below the threshold: what the customer is not satisfied with, and why.",
    )
    measures = fields.Text(
        "Further Measures", help="Below the threshold: what we do about it."
    )
    signature = fields.Image(
        "Signature of the Customer", copy=False, max_width=1024, max_height=1024
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_revisit_attachment_rel",
        string="Signed Paper and Photos",
        copy=False,
        bypass_search_access=True,
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        "Status",
        default="planned",
        required=True,
        readonly=True,
        index=True,
        guarded=True,
    )
    result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("unsatisfied", "Not satisfied"),
            ("not_reached", "Not reached"),
        ],
        readonly=True,
        copy=False,
        guarded=True,
    )
    threshold = fields.Float(related="complaint_id.policy_id.satisfaction_threshold")
    below = fields.Boolean(
        compute="_compute_below", help="The score is below the threshold."
    )
    promised = fields.Html(
        compute="_compute_call_sheet", compute_sudo=True, sanitize=False
    )
    done = fields.Html(
        "What Was Done",
        compute="_compute_call_sheet",
        compute_sudo=True,
        sanitize=False,
    )
    activity_ids = fields.Many2many(
        "mail.activity",
        "quality_complaint_revisit_activity_rel",
        readonly=True,
        copy=False,
        guarded=True,
    )

    _score_range = models.Constraint(
        "CHECK (score >= 0 AND score <= 100)", "The score must be between 0 and 100."
    )

    # === selections ===

    @api.model
    def _selection_dimension(self):
        """Five grades, best first on the paper forms as well."""
        return [
            ("5", self.env._("5 – very good")),
            ("4", self.env._("4 – good")),
            ("3", self.env._("3 – fair")),
            ("2", self.env._("2 – poor")),
            ("1", self.env._("1 – very poor")),
        ]

    @api.model
    def _selection_recommends(self):
        return [(str(number), str(number)) for number in range(10, -1, -1)]

    # === compute ===

    @api.depends("complaint_id.name", "planned_on")
    def _compute_display_name(self):
        for revisit in self:
            revisit.display_name = self.env._(
                "Revisit %s", revisit.complaint_id.display_name or ""
            ).strip()

    @api.depends(
        "complaint_id.deadline_ids.state",
        "complaint_id.deadline_ids.due_on",
        "complaint_id.deadline_ids.not_before",
    )
    def _compute_window(self):
        for revisit in self:
            row = revisit._window()
            revisit.latest_on = row.due_on and row._local_date(row.due_on)
            revisit.not_before = row.not_before and row._local_date(row.not_before)

    def _window(self):
        """The policy's time limit of this revisit, empty when it has none."""
        rows = self.complaint_id.sudo().deadline_ids  # sudo: dates of the flow
        return rows.filtered(
            lambda row: (
                row.limit_id
                and row.milestone_code == "revisited"
                and row.round == self.round
                and row.state != "cancelled"
            )
        )[-1:]

    @api.depends(*DIMENSIONS)
    def _compute_score(self):
        for revisit in self:
            grades = [int(revisit[name]) for name in DIMENSIONS if revisit[name]]
            if grades and revisit.state == "planned":
                revisit.score = POINTS_PER_GRADE * sum(grades) / len(grades)

    @api.depends("score", "threshold")
    def _compute_below(self):
        for revisit in self:
            revisit.below = revisit.score < revisit.threshold

    def _compute_call_sheet(self):
        """What the caller has to know: what we wrote and promised, and what became of
        it.
        """
        for revisit in self:
            complaint = revisit.complaint_id
            replies = complaint.reply_ids.filtered(
                lambda reply: (
                    reply.kind in ("offer", "final")
                    and reply.state in ("sent", "answered")
                )
            )
            remedies = complaint.remedy_ids.filtered(
                lambda remedy: remedy.state not in ("draft", "refused", "cancelled")
            )
            revisit.promised = self.env["ir.qweb"]._render(
                "quality_complaint.revisit_promised",
                {"replies": replies.sorted("sent_on")},
            )
            revisit.done = self.env["ir.qweb"]._render(
                "quality_complaint.revisit_done", {"remedies": remedies}
            )

    # === constraints, CRUD ===

    @api.constrains("user_id")
    def _check_visitor(self):
        for revisit in self:
            if (
                revisit.user_id
                and revisit.company_id not in revisit.user_id.company_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work in %(company)s.",
                        user=revisit.user_id.name,
                        company=revisit.company_id.name,
                    )
                )

    @api.constrains("complaint_id")
    def _check_complaint(self):
        for revisit in self:
            if revisit.complaint_id.state == "new":
                raise ValidationError(
                    self.env._("Register the complaint before planning a revisit.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        revisits = super().create(vals_list)
        revisits._remind()
        return revisits

    def write(self, vals):
        given = {
            "score",
            *DIMENSIONS,
            "reason",
            "measures",
            "comment",
            "other_needs",
            "implemented",
            "recurred",
            "recommends",
            "spoken_with",
            "signature",
            "method",
        }
        self._lock_fields(
            vals, given, self.filtered(lambda revisit: revisit.state == "done")
        )
        result = super().write(vals)
        if vals.keys() & {"user_id", "planned_on"}:
            self.filtered(lambda revisit: revisit.state == "planned")._remind()
        if "user_id" in vals:
            # sudo: the deadline of a revisit is its visitor's
            self.complaint_id.sudo().deadline_ids.filtered(
                lambda row: row.milestone_code == "revisited"
            ).modified(["source_id"])
        return result

    def _added_later(self):
        return self.state == "planned"

    def _may_be_added(self):
        return True  # the customer may be asked again later

    def _remind(self):
        """One activity of the visitor on the day of the revisit."""
        self._end_reminder()
        for revisit in self.filtered("user_id"):
            user = revisit.user_id
            # sudo: the activity is for others
            activity = revisit.sudo().complaint_id.activity_schedule(
                "quality_complaint.mail_activity_revisit",
                user_id=user.id,
                date_deadline=revisit.planned_on,
                summary=revisit.with_context(
                    lang=user.lang or self.env.lang
                ).display_name,
            )
            revisit.sudo()._advance(
                {"activity_ids": [Command.set(activity.ids)]}
            )  # sudo: as above

    def _end_reminder(self):
        # sudo: the reminder of somebody else ends with the revisit
        self.sudo().activity_ids.unlink()

    # === results ===

    def action_done(self):
        """Record the talk: at or above the policy's threshold satisfied; below it the
        complaint reopens.
        """
        self.check_access("write")
        for revisit in self:
            revisit._check_planned()
            complaint = revisit.complaint_id
            satisfied = revisit.score >= complaint.policy_id.satisfaction_threshold
            missing = [] if satisfied else revisit._missing_when_unsatisfied()
            if missing:
                raise IncompleteError(
                    self.env._(
                        "%(revisit)s cannot be recorded yet (satisfied from "
                        "%(threshold).12g on). Still missing: %(missing)s.",
                        revisit=revisit.display_name,
                        threshold=complaint.policy_id.satisfaction_threshold,
                        missing=format_list(self.env, missing),
                    )
                )
            revisit._finish("satisfied" if satisfied else "unsatisfied")
            if not satisfied and complaint.state in ("replied", "closed"):
                # sudo: what the customer says reopens, also when somebody of another
                # team asked them
                complaint.sudo().action_reopen(
                    self.env._(
                        "Not satisfied (score %(score).12g): %(reason)s Measures: "
                        "%(measures)s",
                        score=revisit.score,
                        reason=revisit.reason,
                        measures=revisit.measures,
                    ),
                    unsatisfied=True,
                )
        return True

    def _missing_when_unsatisfied(self):
        """Below the threshold reason and measures are mandatory; no score at all is no
        bad score.
        """
        self.ensure_one()
        if (
            not self.score
            and not self.reason
            and not any(self[name] for name in DIMENSIONS)
        ):
            return [self.env._("the score")]
        missing = (
            [] if self.reason else [self.env._("why the customer is not satisfied")]
        )
        return missing + (
            []
            if self.measures
            else [self.env._("what we do about it (“Further Measures”)")]
        )

    def _finish(self, result):
        for revisit in self:
            revisit._advance(
                {
                    "state": "done",
                    "result": result,
                    "done_on": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                    "handler_id": revisit.complaint_id.user_id.id,
                }
            )
            revisit._end_reminder()
            revisit.complaint_id._reach("revisited", on=revisit.done_on, source=revisit)

    def action_done_next(self):
        """Record the talk and open the next customer to be called."""
        self.ensure_one()
        self.action_done()
        return self._open_next()

    def _open_next(self):
        following = self.search(
            [
                ("state", "=", "planned"),
                ("user_id", "=", self.env.uid),
                ("planned_on", "<=", fields.Date.context_today(self)),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not following:
            return self.env["ir.actions.act_window"]._for_xml_id(
                "quality_complaint.action_revisit"
            )
        return following._get_records_action(context={})

    def action_not_reached(self):
        """One more attempt without success; after as many as the policy says the
        revisit is over.
        """
        self.check_access("write")
        for revisit in self:
            revisit._check_planned()
            revisit._advance({"attempts": revisit.attempts + 1})
            limit = revisit.complaint_id.policy_id.revisit_attempts
            if revisit.attempts >= limit:
                revisit._finish("not_reached")
            else:
                revisit.planned_on = revisit._next_working_day()
            # sudo: as in `action_done`
            revisit.sudo().complaint_id.message_post(
                body=self.env._(
                    "Customer not reached (attempt %(attempt)s of %(limit)s).",
                    attempt=revisit.attempts,
                    limit=limit,
                )
            )
        return True

    def _next_working_day(self):
        """The next day on which somebody works, by the working hours the complaint
        counts by.
        """
        complaint = self.complaint_id
        clock = complaint._deadline_calendar()._complaint_clock(complaint.company_id)
        return clock.local(clock.start_of_day(fields.Datetime.now(), 1)).date()

    def _check_planned(self):
        self.ensure_one()
        if self.state != "planned":
            raise UserError(self.env._("%s is finished already.", self.display_name))
        if self.complaint_id.state not in ("replied", "closed"):
            raise UserError(
                self.env._(
                    "%s: the customer has to be answered before they are revisited.",
                    self.complaint_id.display_name,
                )
            )

    def _prepare_feedback(self):
        """Other needs and suggestions the customer mentioned (001 §4)."""
        complaint = self.complaint_id
        channels = {"phone": "phone", "visit": "visit", "online": "message"}
        return {
            "partner_id": complaint.partner_id.id,
            "complainant": complaint.complainant,
            "company_id": complaint.company_id.id,
            "team_id": complaint.team_id.id,
            "description": self.other_needs,
            "channel_id": self.env.ref(
                f"quality_complaint.channel_{channels[self.method]}"
            ).id,
        }

    def _set_cancelled(self):
        self._advance({"state": "cancelled"})
        self._end_reminder()
