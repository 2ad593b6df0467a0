import logging
import random
from math import ceil

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.quality_complaint.tools import went_well

_logger = logging.getLogger(__name__)


class QualityComplaintSurveyPlan(models.Model):
    """How a company surveys the satisfaction of its customers: how often, whom, until
    when, and when the result is valid. Figures of R5 (003 4.4.2) are the defaults.
    """

    _name = "quality.complaint.survey.plan"
    _description = "Survey Plan"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    survey_id = fields.Many2one(
        "survey.survey",
        "Questionnaire",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "quality_complaint_survey.survey_satisfaction", raise_if_not_found=False
        ),
    )
    user_id = fields.Many2one(
        "res.users",
        "Carried Out By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    months = fields.Integer("Every … Months", default=6, required=True)
    next_on = fields.Date("Next", default=fields.Date.context_today, index=True)
    population_months = fields.Integer(
        "Customers of the Last … Months",
        default=12,
        required=True,
        help="Who was delivered to in this time.",
    )
    share = fields.Float(
        "At Least (%)", default=60.0, digits=(16, 2), help="Of these customers."
    )
    turnover_share = fields.Float(
        "Largest First (%)",
        default=50.0,
        digits=(16, 2),
        help="So much of them by turnover, the others at random.",
    )
    duty_partner_ids = fields.Many2many(
        "res.partner",
        "quality_complaint_survey_plan_duty_rel",
        string="Always Asked",
    )
    not_again_months = fields.Integer(
        "Not Again Within … Months",
        default=3,
        help="Whoever was asked by any questionnaire within this time is left out.",
    )
    return_days = fields.Integer("Back Within … Days", default=7, required=True)
    remind_first = fields.Integer("First Reminder After … Days", default=3)
    remind_second = fields.Integer("Second Reminder After … Days", default=5)
    valid_rate = fields.Float("Valid From a Return of (%)", default=80.0)
    when_low = fields.Selection(
        [("extend", "Extended once"), ("mark", "Marked as not valid")],
        "Below It",
        default="extend",
        required=True,
    )
    extend_days = fields.Integer("Extended by … Days", default=7)
    campaign_ids = fields.One2many(
        "quality.complaint.survey.campaign", "plan_id", "Surveys"
    )
    campaign_count = fields.Integer(compute="_compute_campaign_count")

    _figures_sensible = models.Constraint(
        "CHECK (months > 0 AND population_months > 0 AND return_days > 0"
        " AND share > 0 AND share <= 100 AND turnover_share >= 0"
        " AND turnover_share <= 100 AND valid_rate >= 0 AND valid_rate <= 100"
        " AND extend_days >= 0 AND remind_first >= 0 AND remind_second >= 0"
        " AND not_again_months >= 0)",
        "Months and days of a plan are 1 or more (reminders, extension and “not again” "
        "may be 0), shares lie between 0 and 100 %.",
    )

    def _compute_campaign_count(self):
        counts = dict(
            self.env["quality.complaint.survey.campaign"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.campaign_count = counts.get(plan, 0)

    # === campaigns ===

    def action_start(self):
        """Prepare a survey now."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        campaign = (
            self._start() if self.user_id == self.env.user else self._start_and_tell()
        )
        return campaign._get_records_action(context={})

    def _start(self):
        """A survey with its customers drawn; the plan goes on to the next one."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        # sudo: surveys are made from plans and in no other way
        campaign = (
            self.env["quality.complaint.survey.campaign"]
            .sudo()
            .create(
                {
                    "plan_id": self.id,
                    "date_from": today - relativedelta(months=self.population_months),
                    "date_to": today,
                }
            )
        )
        campaign._draw()
        following = self.next_on or today
        while following <= today:  # what was missed is not made up for
            following += relativedelta(months=self.months)
        self.sudo().next_on = following  # sudo: as above
        return campaign.sudo(False)  # sudo: given back with the rights of the caller

    @api.model
    def _cron_start(self):
        """Prepare what falls due, and put it before whoever carries it out; one that
        goes wrong does not stand in the way of the others.
        """
        today = fields.Date.context_today(self)
        for plan in self.search([("next_on", "<=", today)]):
            if plan.try_lock_for_update() and plan.next_on <= today:
                went_well(self.env, _logger, plan, plan._start_and_tell)
            self.env["ir.cron"]._commit_progress(1)

    def _start_and_tell(self):
        campaign = self._start()
        user = self.user_id
        local = campaign.with_context(lang=user.lang or self.env.lang)
        local.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=local.env._("Check and send the satisfaction survey"),
        )
        return campaign

    # === whom ===

    def _population(self, date_from, date_to):
        """Customers delivered to in a period.

        :return: `res.partner`, commercial entities
        """
        self.ensure_one()
        company = self.company_id
        start = company._complaint_end_of_day(fields.Date.add(date_from, days=-1))
        delivered = [
            ("company_id", "=", company.id),
            ("location_dest_id.usage", "=", "customer"),
            ("state", "=", "done"),
            ("date_done", ">", start),
            ("date_done", "<=", company._complaint_end_of_day(date_to)),
        ]
        # sudo: who was delivered to, for whoever surveys
        pickings = self.env["stock.picking"].sudo()
        # the contact of goods sent on by a supplier is the supplier: of those the order
        # says whose they are
        rows = pickings._read_group(
            [*delivered, ("location_id.usage", "!=", "supplier")], ["partner_id"]
        )
        orders = pickings._read_group(
            [*delivered, ("location_id.usage", "=", "supplier")], ["sale_id"]
        )
        partners = (
            self.env["res.partner"]
            .sudo()
            .union(
                *(partner for (partner,) in rows),
                *(order.partner_shipping_id for (order,) in orders),
            )
        )
        return partners.commercial_partner_id.filtered("active")

    def _turnover(self, partners, date_from, date_to):
        """{`res.partner`: what it was invoiced in the period, in the company's
        currency}.
        """
        # sudo: as above, only the order matters
        rows = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("invoice_date", ">=", date_from),
                    ("invoice_date", "<=", date_to),
                    ("commercial_partner_id", "in", partners.ids),
                ],
                ["commercial_partner_id"],
                ["amount_untaxed_signed:sum"],
            )
        )
        return dict(rows)

    def _chosen(self, campaign):
        """Whom a survey asks, and who is left out.

        :return: list of dicts partner_id, drawn_by, left_out (reason or False)
        """
        population = self._population(campaign.date_from, campaign.date_to)
        left_out = self._left_out(population, campaign)
        wanted = ceil(len(population) * self.share / 100.0)
        duty = (population & self.duty_partner_ids.commercial_partner_id).filtered(
            lambda row: row not in left_out
        )
        chosen = {partner: "duty" for partner in duty}
        turnover = self._turnover(population, campaign.date_from, campaign.date_to)
        free = population.filtered(
            lambda row: row not in left_out and row not in chosen
        )
        largest = free.sorted(lambda row: (-turnover.get(row, 0.0), row.id))
        most = ceil(wanted * self.turnover_share / 100.0)
        for partner in largest[: max(0, min(most, wanted - len(chosen)))]:
            chosen[partner] = "turnover"
        asked = set(campaign._asked_last_time().ids)
        rest = [row for row in largest if row not in chosen]
        random.Random(campaign.id).shuffle(rest)
        # who was not asked last time comes first
        rest.sort(key=lambda row: row.id in asked)
        for partner in rest[: max(0, wanted - len(chosen))]:
            chosen[partner] = "random"
        return [
            {
                "partner_id": partner.id,
                "drawn_by": by,
                "left_out": False,
                "in_population": True,
            }
            for partner, by in chosen.items()
        ] + [
            {"partner_id": partner.id, "drawn_by": False, "left_out": reason}
            for partner, reason in left_out.items()
        ]

    def _left_out(self, population, campaign):
        """{`res.partner`: reason why it is not asked}."""
        since = fields.Datetime.now() - relativedelta(months=self.not_again_months)
        # sudo: other companies' surveys count for the customer's patience
        lately = (
            self.env["quality.complaint.survey.recipient"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "in", population.ids),
                    ("sent_on", ">", since),
                    ("campaign_id", "!=", campaign.id),
                ]
            )
            .commercial_partner_id
            if self.not_again_months
            else population.browse()
        )
        known = set(lately.ids)
        reasons = {}
        for partner in population:
            if partner._declines_surveys():
                reasons[partner] = "opted_out"
            elif partner.id in known:
                reasons[partner] = "lately"
        return reasons
