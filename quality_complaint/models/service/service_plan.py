import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools import went_well

_logger = logging.getLogger(__name__)
# days before a visit that it appears among the work
AHEAD = 30
BATCH = 100


class QualityComplaintServicePlan(models.Model):
    """Visits that come again: for a customer and perhaps a product, every so many
    months (000-J 4.1.3: yearly, by the service plan).
    """

    _name = "quality.complaint.service.plan"
    _description = "Service Plan"
    _inherit = ["quality.complaint.guarded"]
    _order = "next_on, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        check_company=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one("product.product", check_company=True)
    kind = fields.Selection(
        [
            ("visit", "Customer visit"),
            ("training", "Training of the customer"),
            ("advice", "Technical advice"),
        ],
        required=True,
        default="visit",
    )
    months = fields.Integer("Every … Months", default=12, required=True)
    next_on = fields.Date(required=True, default=fields.Date.context_today, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Done By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    purpose = fields.Text("What It Is For")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    active = fields.Boolean(default=True)
    service_ids = fields.One2many(
        "quality.complaint.service", "plan_id", "Visits", readonly=True
    )

    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A plan repeats after one month at least."
    )

    @api.depends("partner_id.name", "product_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for plan in self:
            plan.display_name = " · ".join(
                filter(
                    None,
                    (kinds.get(plan.kind), plan.partner_id.name, plan.product_id.name),
                )
            )

    @api.model
    def _cron_plan(self):
        """Plan what falls due in the next weeks, in batches that commit; several may
        run at once.
        """
        last = fields.Date.add(fields.Date.context_today(self), days=AHEAD)
        failed = self.browse()
        while True:
            due = self.search(
                [("next_on", "<=", last), ("id", "not in", failed.ids)], limit=BATCH
            )
            plans = due.try_lock_for_update().filtered(
                lambda plan: plan.next_on <= last
            )
            if not plans:
                break
            for plan in plans:
                if not went_well(self.env, _logger, plan, plan._plan_next):
                    failed |= plan
            left = self.search_count([("next_on", "<=", last)])
            if not self.env["ir.cron"]._commit_progress(len(plans), remaining=left):
                break

    def _plan_next(self):
        """Plan the next one, and say when the one after it is; of what was missed only
        the last is made up for.

        :return: its day
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        step = relativedelta(months=self.months)
        while self.next_on + step <= today:
            self.next_on += step
        local = self.with_context(lang=self.user_id.lang or self.env.lang)
        kinds = dict(local._fields["kind"]._description_selection(local.env))
        there = self.service_ids.filtered(
            lambda visit: (
                visit.planned_on == self.next_on and visit.state != "cancelled"
            )
        )
        if not there:
            self.env["quality.complaint.service"].create(
                {
                    "name": kinds[self.kind],
                    "kind": self.kind,
                    "plan_id": self.id,
                    "partner_id": self.partner_id.id,
                    "product_id": self.product_id.id,
                    "company_id": self.company_id.id,
                    "user_id": self.user_id.id,
                    "planned_on": self.next_on,
                    "purpose": self.purpose,
                }
            )
        day = self.next_on
        self.next_on += step
        return day

    def action_plan_now(self):
        """Plan the next visit now, without waiting for its day, and open it."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        day = self._plan_next()
        visit = self.service_ids.filtered(
            lambda row: row.planned_on == day and row.state != "cancelled"
        )
        return visit._get_records_action(context={})
