from random import SystemRandom

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import listed, says_nothing

# lots a drill draws from: shipped since
MONTHS = 12


class QualityComplaintRecall(models.Model):
    """A drill (mock recall): the same lists against the clock; nothing of it touches
    stock or writes to customers.
    """

    _inherit = "quality.complaint.recall"

    direction = fields.Selection(
        [("down", "Who has it"), ("up", "Where it came from")],
        default="down",
        help="Of a drill.",
    )
    goal_hours = fields.Float("Goal (Hours)", default=4.0)
    goal_percent = fields.Float("Goal (Mass Balance, %)", default=100.0)
    traced_on = fields.Datetime(
        "First Full Answer", readonly=True, copy=False, guarded=True
    )
    question_ids = fields.One2many(
        "quality.complaint.recall.question", "recall_id", "Questions", copy=False
    )
    hours_used = fields.Float(compute="_compute_hours_used", digits=(16, 2))
    is_passed = fields.Boolean("Passed", compute="_compute_hours_used")

    _goals = models.Constraint(
        "CHECK (goal_hours > 0 AND goal_percent BETWEEN 0 AND 100)",
        "A drill needs a time above zero and a share from 0 to 100 %.",
    )

    @api.depends(
        "started_on", "traced_on", "question_ids.answered_on", "explained_percent"
    )
    def _compute_hours_used(self):
        now = fields.Datetime.now()
        for drill in self:
            answers = drill.question_ids.mapped("answered_on")
            drill.hours_used, drill.is_passed = 0.0, False
            if not drill.started_on:
                continue
            # the clock stops with the last answer of a person
            ended = (
                max([drill.traced_on or now, *filter(None, answers)])
                if all(answers)
                else drill.finished_on or now
            )
            drill.hours_used = (ended - drill.started_on).total_seconds() / 3600
            drill.is_passed = (
                all(answers)
                and drill.hours_used <= drill.goal_hours
                and drill.explained_percent >= drill.goal_percent
            )

    def action_start_drill(self):
        """The clock runs: lots, consignees and mass balance at once, then the answers
        of colleagues.
        """
        self.ensure_one()
        self._check_right()
        self._check_standing("draft")
        if self.kind != "drill":
            raise UserError(self.env._("A recall is proposed and decided."))
        if not self.root_lot_ids:
            self.root_lot_ids = self._drawn_lot()
        self._take_number()
        drill = self.sudo()  # sudo: the rights were checked
        drill._advance(
            {
                "state": "running",
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "started_on": fields.Datetime.now(),
            }
        )
        drill._freeze()
        drill._advance({"traced_on": fields.Datetime.now()})
        for question in self.question_ids:
            question._ask()

    def _drawn_lot(self):
        """A lot at random, of those that went to customers lately.

        :raise UserError: there is none
        """
        since = fields.Datetime.now() - relativedelta(months=MONTHS)
        # sudo: which lots were shipped, for people without rights in Inventory
        lines = self.env["stock.move.line"].sudo()
        shipped = lines._read_group(
            Domain("state", "=", "done")
            & Domain("lot_id", "!=", False)
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", since),
            ["lot_id"],
            order="lot_id",
        )
        if not shipped:
            raise UserError(
                self.env._("No lot was shipped in the last %s months.", MONTHS)
            )
        return self.env["stock.lot"].browse(SystemRandom().choice(shipped)[0].id)

    def action_finish_drill(self):
        """All have answered: what came of it."""
        self.ensure_one()
        self._check_right()
        self._check_standing("running")
        silent = self.question_ids.filtered(lambda row: not row.answered_on)
        self._check_missing(
            [
                self.env._("the answer of %s", row.user_id.name or row.name)
                for row in silent
            ]
            + (
                [self._fields["conclusion"]._description_string(self.env)]
                if says_nothing(self.conclusion)
                else []
            )
        )
        now = fields.Datetime.now()
        self.sudo()._advance(  # sudo: the rights were checked
            {"state": "closed", "finished_on": now, "closed_on": now}
        )

    @api.model
    def _cron_drill(self):
        """Plan the next drill of each company that wants them regularly."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search(
            [
                ("complaint_drill_months", ">", 0),
                ("complaint_drill_user_id", "!=", False),
            ]
        )
        for company in companies:
            last = self.search(
                [("kind", "=", "drill"), ("company_id", "=", company.id)],
                order="create_date desc",
                limit=1,
            )
            wait = relativedelta(months=company.complaint_drill_months)
            if not last or last.create_date.date() + wait <= today:
                self._plan_drill(company)

    @api.model
    def _plan_drill(self, company):
        user = company.complaint_drill_user_id
        words = self.with_context(lang=user.lang or self.env.lang).env
        drill = self.create(
            {
                "kind": "drill",
                "name_of_goods": words._("Drill"),
                "company_id": company.id,
                "user_id": user.id,
                "class_id": self.env.ref("quality_complaint.recall_class_own").id,
                "direction": "down" if fields.Date.today().month % 2 else "up",
                "question_ids": [
                    Command.create(
                        {"name": words._("How much of the lots is really here? Count.")}
                    ),
                    Command.create(
                        {"name": words._("Who of the consignees can be reached now?")}
                    ),
                ],
            }
        )
        drill.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=words._("Recall drill: name who answers, then start it"),
        )
        return drill


class QualityComplaintRecallQuestion(models.Model):
    """What a colleague is asked in a drill, or a recall: the clock waits for people,
    not for the computer.
    """

    _name = "quality.complaint.recall.question"
    _description = "Question of a Drill"
    _inherit = ["quality.complaint.guarded"]
    _order = "recall_id, id"

    recall_id = fields.Many2one(
        "quality.complaint.recall",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    name = fields.Char("Question", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Colleague Asked",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    asked_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    answer = fields.Text()
    answered_on = fields.Datetime(
        "Clock Stopped On", readonly=True, copy=False, guarded=True
    )
    answered_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        # what comes to mind while the clock runs is asked at once
        for question in questions:
            if question.recall_id.state == "running":
                question._ask()
        return questions

    def _ask(self):
        self.ensure_one()
        self.sudo()._advance(  # sudo: asked by the start of the drill
            {"asked_on": fields.Datetime.now()}
        )
        # sudo: as above
        drill = self.recall_id.sudo()
        user = self.user_id or drill.user_id
        if not user:
            return
        words = self.with_context(lang=user.lang or self.env.lang).env
        if drill._reachable(user):
            drill.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=words._("Recall drill: %s", self.name),
            )
        # who has no rights in Complaints answers on a page
        drill.message_notify(
            partner_ids=user.partner_id.ids,
            subject=words._("Recall drill: %s", self.name),
            body=Markup('<p>%s</p><p><a href="%s">%s</a></p>')
            % (
                words._(
                    "%(drill)s: %(question)s The clock is running.",
                    drill=self.with_env(words)._about(),
                    question=self.name,
                ),
                f"{drill.get_base_url()}/my/drill-question/{self.id}",
                words._("Answer"),
            ),
        )

    def _about(self):
        """Which drill, and of which lots."""
        # sudo: told to whoever is asked
        drill = self.sudo().recall_id
        return self.env._(
            "%(drill)s, lots %(lots)s",
            drill=drill.display_name,
            lots=listed(self.env.lang, drill.root_lot_ids.mapped("name")),
        )

    def _portal_open(self, user):
        """The question on the page of whoever is asked.

        :return: the record in superuser mode, or empty
        """
        self.ensure_one()
        # sudo: whose question it is is checked here
        question = self.sudo().exists()
        asked = question.user_id or question.recall_id.user_id
        return question if question.asked_on and asked == user else self.browse()

    def _answered(self, text):
        """The answer of whoever was asked.

        :param self: of `_portal_open`
        :raise UserError: nothing is said, or the drill is over
        """
        self.recall_id._check_standing("running")
        if says_nothing(text):
            raise UserError(self.env._("“%s”: write the answer first.", self.name))
        if not self.answered_on:
            self.answer = text
            self._stop()

    def _stop(self):
        """The clock of the question stops."""
        # sudo: the rights were checked
        self.sudo()._advance(
            {"answered_on": fields.Datetime.now(), "answered_by_id": self.env.uid}
        )

    def action_answered(self):
        """The clock of this question stops."""
        for row in self:
            row.recall_id._check_standing("running")
            row.check_access("write")
            if says_nothing(row.answer):
                raise UserError(self.env._("“%s”: write the answer first.", row.name))
            if not row.answered_on:
                row._stop()
