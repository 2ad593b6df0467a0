import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.quality_complaint.tools import went_well

_logger = logging.getLogger(__name__)


class QualityComplaintSurveyRecipient(models.Model):
    """A customer who is asked: by a survey, or by the questionnaire of a complaint;
    their answer, its score and grade.
    """

    _name = "quality.complaint.survey.recipient"
    _description = "Customer Asked"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "campaign_id desc, commercial_partner_id, id"
    _rec_name = "commercial_partner_id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "quality.complaint.survey.campaign",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        fixed=True,
    )
    campaign_state = fields.Selection(related="campaign_id.state")
    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        check_company=True,
        help="The case after which they were asked.",
    )
    revisit_id = fields.Many2one(
        "quality.complaint.revisit",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        check_company=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        "Questionnaire",
        compute="_compute_survey_id",
        store=True,
        readonly=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    # as it was when they were asked, whatever company they belong to later
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Company of the Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Written To",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        help="Who of the customer's people gets the mail.",
    )
    email = fields.Char(related="contact_id.email")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        compute="_compute_user_id",
        store=True,
        help="Of the customer when they were drawn.",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Group",
        readonly=True,
        guarded=True,
        help="Of which they bought most in the period.",
    )
    drawn_by = fields.Selection(
        [
            ("duty", "Always asked"),
            ("turnover", "Turnover"),
            ("random", "At random"),
            ("hand", "By hand"),
        ],
        default="hand",
        readonly=True,
    )
    in_population = fields.Boolean(
        readonly=True, help="Was delivered to in the period of the survey."
    )
    left_out = fields.Selection(
        [("opted_out", "Does not want it"), ("lately", "Asked lately")],
        "Left Out Because",
        readonly=True,
        index="btree_not_null",
    )
    user_input_id = fields.Many2one(
        "survey.user_input",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
        guarded=True,
        groups="survey.group_survey_user",
    )
    sent_on = fields.Datetime(
        readonly=True, copy=False, guarded=True, index="btree_not_null"
    )
    reminders = fields.Integer(readonly=True, copy=False, guarded=True)
    reminded_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    entered_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        guarded=True,
        help="Who of us entered the answer, from paper or the phone.",
    )
    returned_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    is_scored = fields.Boolean(readonly=True, copy=False, guarded=True)
    exact_score = fields.Float(readonly=True, copy=False, guarded=True)
    score = fields.Integer(
        "Satisfaction", readonly=True, copy=False, guarded=True, aggregator="avg"
    )
    grade_id = fields.Many2one(
        "quality.complaint.survey.grade",
        readonly=True,
        copy=False,
        guarded=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    result_ids = fields.One2many("quality.complaint.survey.result", "recipient_id")
    remark_ids = fields.One2many("quality.complaint.survey.remark", "recipient_id")
    state = fields.Selection(
        [
            ("to_send", "To be sent"),
            ("paper", "On paper"),
            ("sent", "Sent"),
            ("bounced", "Not delivered"),
            ("returned", "Returned"),
            ("late", "Came too late"),
            ("declined", "Does not want it"),
        ],
        "Status",
        default="to_send",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        guarded=True,
    )

    _once = models.UniqueIndex(
        "(campaign_id, commercial_partner_id) WHERE campaign_id IS NOT NULL",
        "This customer is in the survey already.",
    )

    # === compute ===

    @api.depends("campaign_id.survey_id", "complaint_id.policy_id")
    def _compute_survey_id(self):
        for row in self:
            row.survey_id = (
                row.campaign_id.survey_id or row.complaint_id.policy_id.survey_id
            )

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for row in self:
            row.commercial_partner_id = row.partner_id.commercial_partner_id

    @api.depends("partner_id")
    def _compute_contact_id(self):
        """The first of the customer's people who has an address and wants it."""
        for row in self:
            people = row.partner_id | row.partner_id.child_ids.filtered(
                lambda person: person.type == "contact"
            )
            wanting = people.filtered(lambda person: not person.complaint_survey_stop)
            row.contact_id = wanting.filtered("email")[:1] or row.partner_id

    @api.depends("partner_id")
    def _compute_user_id(self):
        for row in self:
            row.user_id = row.partner_id.commercial_partner_id.user_id

    def _in_words(self, name):
        field = self._fields[name]
        return dict(field._description_selection(self.env)).get(self[name], "")

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = self.env["quality.complaint.survey.campaign"].browse(
            {vals.get("campaign_id") for vals in vals_list} - {None, False}
        )
        # nobody is added while somebody else sends it
        campaigns.lock_for_update()
        for campaign in campaigns:
            if campaign.state != "draft":
                raise UserError(
                    self.env._("%s was sent: whom it asks is fixed.", campaign.name)
                )
        if not self.env.su:
            self._take_from_left_out(campaigns, vals_list)
        rows = super().create(vals_list)
        asked = rows.filtered("campaign_id")
        asked._note_product_groups()
        for campaign, own in (
            asked.filtered(lambda row: row.drawn_by == "hand" and not row.left_out)
            .grouped("campaign_id")
            .items()
        ):
            known = campaign.plan_id._population(campaign.date_from, campaign.date_to)
            # sudo: noted for whoever adds a customer
            own.sudo().filtered(
                lambda row, known=known: row.commercial_partner_id in known
            ).in_population = True
        return rows

    def _take_from_left_out(self, campaigns, vals_list):
        """Who was left out may be asked all the same, unless they do not want it.

        :param campaigns: `quality.complaint.survey.campaign`
        """
        partners = self.env["res.partner"].browse(
            {vals.get("partner_id") for vals in vals_list} - {None, False}
        )
        # sudo: rows of the draw
        rows = campaigns.sudo().left_out_ids.filtered(
            lambda row: row.commercial_partner_id in partners.commercial_partner_id
        )
        for row in rows:
            if row.left_out == "opted_out":
                raise UserError(
                    self.env._(
                        "%s does not want to be asked by surveys.", row.display_name
                    )
                )
        rows.unlink()

    def write(self, vals):
        self._lock_fields(
            vals,
            {"partner_id"},
            self.filtered(lambda row: row.campaign_id.state != "draft"),
        )
        self._lock_fields(
            vals,
            {"contact_id"},
            self.filtered(lambda row: row.sent_on and row.state != "bounced"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_before_it_is_sent(self):
        for row in self:
            if row.campaign_id.state not in ("draft", False) or row.sent_on:
                raise UserError(
                    self.env._(
                        "%s was asked and counts: the row stays.", row.display_name
                    )
                )

    def _note_product_groups(self):
        """The product category each customer bought most of in the period."""
        for campaign, rows in self.grouped("campaign_id").items():
            # sudo: only the category
            sold = (
                self.env["account.move.line"]
                .sudo()
                ._read_group(
                    [
                        ("company_id", "=", campaign.company_id.id),
                        ("parent_state", "=", "posted"),
                        ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                        ("display_type", "=", "product"),
                        ("date", ">=", campaign.date_from),
                        ("date", "<=", campaign.date_to),
                        (
                            "move_id.commercial_partner_id",
                            "in",
                            rows.commercial_partner_id.ids,
                        ),
                        ("product_id", "!=", False),
                    ],
                    ["partner_id", "product_id"],
                    ["balance:sum"],
                )
            )
            amounts = {}
            for partner, product, balance in sold:
                key = (partner.commercial_partner_id.id, product.categ_id.id)
                amounts[key] = amounts.get(key, 0.0) - balance
            best = {}
            for (partner, categ), amount in sorted(amounts.items()):
                if partner not in best or amount > best[partner][0]:
                    best[partner] = (amount, categ)
            for row in rows:
                found = best.get(row.commercial_partner_id.id)
                if found:
                    row._advance({"categ_id": found[1]})

    # === sending ===

    def _prepare_answer(self):
        """An empty answer, which the link or the code opens."""
        self.ensure_one()
        # sudo: whoever surveys need not manage questionnaires
        row = self.sudo()
        if not row.user_input_id:
            lang = self.env["res.lang"]._lang_get(row.contact_id.lang or self.env.lang)
            answer = row.survey_id._create_answer(
                partner=row.contact_id,
                email=row.contact_id.email,
                check_attempts=False,
                lang_id=lang.id,
            )
            row._advance({"user_input_id": answer.id})

    @api.model
    def _send_batch(self, size):
        """Send one batch and commit.

        :return: whether there may be more
        """
        domain = Domain("state", "=", "to_send") & (
            Domain("campaign_id.state", "=", "sending")
            | Domain("complaint_id", "!=", False)
        )
        rows = self.search(domain, limit=size).try_lock_for_update()
        for row in rows.filtered(lambda row: row.state == "to_send"):
            row._ask()
        return self._hand_over(rows)

    def _ask(self):
        """Send the invitation; who has no address is asked on paper, who does not want
        it any more is not asked.
        """
        self.ensure_one()
        if self.contact_id.complaint_survey_stop:
            self._advance({"state": "declined", "sent_on": fields.Datetime.now()})
        elif self.contact_id.email:
            self._send_safely("mail_template_invitation", {"state": "sent"})
        else:
            self._send_safely(None, {"state": "paper"})

    @api.model
    def _hand_over(self, rows):
        """Commit a batch; its mails go out at once, not with the next full hour.

        :return: whether there may be more
        """
        if rows:
            # sudo: the job sends
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self.env["ir.cron"]._commit_progress(len(rows))
        return bool(rows)

    @api.model
    def _remind_batch(self, size):
        """Remind one batch of who has not answered, each reminder once and at most one
        a day, and commit.

        :return: whether there may be more
        """
        now = fields.Datetime.now()
        yesterday = fields.Datetime.subtract(now, days=1)
        due = self.browse()
        for campaign in self.env["quality.complaint.survey.campaign"].search(
            [("state", "=", "running"), ("answer_until", ">", now)]
        ):
            plan = campaign.plan_id
            moments = [days for days in (plan.remind_first, plan.remind_second) if days]
            for number, days in enumerate(moments):
                due |= self.search(
                    [
                        ("campaign_id", "=", campaign.id),
                        ("state", "=", "sent"),
                        ("reminders", "=", number),
                        ("sent_on", "<=", fields.Datetime.subtract(now, days=days)),
                        ("contact_id.complaint_survey_stop", "=", False),
                        "|",
                        ("reminded_on", "=", False),
                        ("reminded_on", "<=", yesterday),
                    ],
                    limit=size,
                )
        rows = due[:size].try_lock_for_update()
        for row in rows:
            row._send_safely(
                "mail_template_reminder",
                {"reminders": row.reminders + 1, "reminded_on": now},
            )
        return self._hand_over(rows)

    def _send_safely(self, template, values):
        """What cannot be sent is marked, and stands in nobody's way."""
        now = fields.Datetime.now()

        def send():
            self._prepare_answer()
            self._advance({"sent_on": self.sent_on or now, **values})
            if template:
                self._mail(template)

        if not went_well(self.env, _logger, self, send):
            self._advance({"state": "bounced", "sent_on": self.sent_on or now})

    def _mail(self, template):
        """Write to the contact, in their language."""
        self.ensure_one()
        template = self.env.ref(f"quality_complaint_survey.{template}")
        lang = self.contact_id.lang or self.env.lang
        texts = template.with_context(lang=lang)._generate_template(
            self.ids, ("subject", "body_html")
        )[self.id]
        self.with_context(lang=lang).message_post(
            subject=texts["subject"],
            body=texts["body_html"],
            partner_ids=self.contact_id.ids,
            message_type="email_outgoing",
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
            model_description=self.with_context(lang=lang).env._("Satisfaction Survey"),
            email_from=self.company_id.email_formatted or self.env.user.email_formatted,
            notify_author_mention=True,
        )

    def action_send_again(self):
        """To another address, after it could not be delivered."""
        for row in self:
            row.check_access("write")
            row._check_standing("bounced")
            row._check_running()
            if row.contact_id.complaint_survey_stop:
                raise UserError(
                    self.env._(
                        "%s does not want to be asked by surveys.",
                        row.contact_id.display_name,
                    )
                )
            if not row.contact_id.email:
                raise UserError(
                    self.env._(
                        "%s has no e-mail address. Choose another contact, or enter "
                        "the answer from paper.",
                        row.contact_id.display_name,
                    )
                )
            row._advance({"sent_on": False, "reminders": 0, "reminded_on": False})
            row._send_safely("mail_template_invitation", {"state": "sent"})

    def _on_bounced(self):
        """The mail server says that nobody got it."""
        for row in self.filtered(lambda row: row.state == "sent"):
            row._advance({"state": "bounced"})

    def _start_url(self):
        """Where the customer answers; the template of the mail asks for it."""
        self.ensure_one()
        # sudo: the address of this customer's own answer
        return self.get_base_url() + self.sudo().user_input_id.get_start_url()

    def _stop_url(self):
        """Where they say that they do not want to be asked."""
        self.ensure_one()
        token = self.sudo().user_input_id.access_token  # sudo: as above
        return f"{self.get_base_url()}/complaint/survey/stop/{token}"

    def action_enter_answer(self):
        """Enter what came back on paper or was said on the phone."""
        self.ensure_one()
        self.check_access("write")
        self._check_standing("paper", "sent", "bounced")
        self._check_running()
        self._prepare_answer()
        return {"type": "ir.actions.act_url", "url": self._start_url(), "target": "new"}

    def _check_running(self):
        """
        :raise UserError: its survey has ended
        """
        if self.campaign_state not in ("sending", "running", False):
            raise UserError(
                self.env._(
                    "%s has ended: what comes now is not counted.",
                    self.campaign_id.name,
                )
            )

    # === answers ===

    def _on_answered(self, scores):
        """What came back: counted while the survey runs, kept in any case.

        :param dict scores: {`quality.complaint.survey.dimension`: points}
        """
        grades = self.env["quality.complaint.survey.grade"]
        for row in self:
            row.lock_for_update()
            if row.returned_on:
                continue
            answer = row.sudo().user_input_id  # sudo: for whoever answers
            campaign = row.campaign_id
            now = fields.Datetime.now()
            in_time = not campaign or (
                campaign.state in ("sending", "running")
                and now <= campaign.answer_until
            )
            if campaign:
                # whoever evaluates at this moment begins again, with this answer
                campaign._advance({"answered_on": now})
            user = self.env.user
            values = {
                "state": "returned" if in_time else "late",
                "returned_on": now,
                "entered_by_id": user.id if user._is_internal() else False,
            }
            if scores:
                values.update(
                    is_scored=True,
                    exact_score=answer._complaint_total(scores),
                    score=answer.complaint_score,
                    grade_id=answer.complaint_grade_id.id,
                )
            row._advance(values)
            self.env["quality.complaint.survey.remark"].create(
                [
                    {"recipient_id": row.id, "question": question, "text": text}
                    for question, text in answer._complaint_words()
                ]
            )
            if in_time:
                self.env["quality.complaint.survey.result"].create(
                    [
                        {
                            "recipient_id": row.id,
                            "dimension_id": dimension.id,
                            "weight": dimension.weight,
                            "score": points,
                            "grade_id": grades._of(points)[1].id,
                        }
                        for dimension, points in scores.items()
                    ]
                )
            row._tell_revisit()

    def _tell_revisit(self):
        """What the customer answers after a case lands on its revisit."""
        revisit = self.revisit_id
        if not revisit:
            return
        words = "\n".join(self.remark_ids.mapped("text"))
        if revisit.state == "planned" and self.is_scored:
            # -90 … 90 on a scale from 0 to 100
            revisit.write(
                {
                    "method": "online",
                    "score": round((self.exact_score + 90.0) / 1.8, 2),
                    "comment": "\n".join(filter(None, (revisit.comment, words))),
                }
            )
        self.complaint_id._portal_tell_handler(
            self.env._("The customer has answered the questionnaire")
        )
