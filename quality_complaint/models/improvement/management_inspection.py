import random

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .analysis import MONTHS

VERDICTS = [("yes", "Yes"), ("no", "No"), ("unclear", "Cannot be said")]
INSPECTORS = "quality_complaint.group_quality_complaint_manager"
ONE_DAY = relativedelta(days=1)
# what is asked of every case (R1 §13)
CHECKS = ("timely", "reasonable", "satisfied", "effective")


class QualityComplaintManagementInspection(models.Model):
    """Management looks at closed complaints, sampled or chosen: handled in time,
    reasonably, to the customer's satisfaction, with effect (R1 §13). What is decided is
    followed.
    """

    _name = "quality.complaint.management.inspection"
    _description = "Inspection by Management"
    _inherit = ["quality.complaint.look.back"]
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    user_id = fields.Many2one(string="Inspected By")
    closed_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(months=1),
    )
    closed_to = fields.Date(
        "Closed Until",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    sample_size = fields.Integer(default=5, required=True)
    line_ids = fields.One2many(
        "quality.complaint.management.inspection.line", "inspection_id", "Cases"
    )
    conclusion = fields.Text(help="What the inspection says altogether.")
    state = fields.Selection(
        [("draft", "Under way"), ("done", "Finished")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )

    _kept_when_done = (
        "date", "user_id", "closed_from", "closed_to", "line_ids", "conclusion",
    )  # fmt: skip

    @api.depends("date")
    def _compute_name(self):
        for inspection in self:
            inspection.name = self.env._(
                "Inspection %s",
                inspection.date and fields.Date.to_string(inspection.date),
            )

    def action_sample(self):
        """Draw closed complaints at random, up to the size of the sample; what the
        figures say is filled in.
        """
        for inspection in self:
            inspection.check_access("write")
            inspection._check_open()
            # sudo: see `_rebuild`
            self.env["quality.complaint.fact"].sudo()._settle_all()
            facts = inspection._to_sample()
            wanted = inspection.sample_size - len(inspection.line_ids)
            if wanted <= 0 or not facts:
                raise UserError(
                    self.env._(
                        "%s: no further case can be drawn. Choose another period or a "
                        "larger sample.",
                        inspection.name,
                    )
                )
            drawn = random.SystemRandom().sample(facts.ids, min(wanted, len(facts)))
            inspection.line_ids = [
                Command.create({"complaint_id": fact.complaint_id.id})
                for fact in facts.browse(sorted(drawn))
            ]

    def _to_sample(self):
        """:return: `quality.complaint.fact` of cases that may be drawn"""
        self.ensure_one()
        return self.env["quality.complaint.fact"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("counts", "=", True)
            & Domain("closed_day", ">=", self.closed_from)
            & Domain("closed_day", "<=", self.closed_to)
            & Domain("complaint_id", "not in", self.line_ids.complaint_id.ids)
        )

    # === planned ===

    @api.model
    def _make_planned(self, company):
        """The inspection of the month or quarter before, with its sample, where the
        company wants one; once for each. Nothing was closed: nothing to look at.
        """
        months = MONTHS.get(company.complaint_inspection_every)
        if not months:
            return
        local = self.with_company(company)
        today = fields.Date.context_today(local)
        current = today.replace(month=(today.month - 1) // months * months + 1, day=1)
        first, end = current - relativedelta(months=months), current - ONE_DAY
        if local.search_count(
            Domain("company_id", "=", company.id)
            & Domain("closed_from", "=", first)
            & Domain("closed_to", "=", end)
        ):
            return
        inspector = company.complaint_inspector_id
        if not inspector.active or not inspector.has_group(INSPECTORS):
            return
        inspection = local.create(
            {
                "company_id": company.id,
                "user_id": inspector.id,
                "closed_from": first,
                "closed_to": end,
            }
        )
        if not inspection._to_sample():
            inspection.unlink()
            return
        inspection.action_sample()
        told = inspection.with_context(lang=inspector.lang)
        told.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=inspector.id,
            summary=told.env._("Inspect closed complaints"),
        )


class QualityComplaintManagementInspectionLine(models.Model):
    """A closed complaint under inspection."""

    _name = "quality.complaint.management.inspection.line"
    _description = "Inspected Case"
    _inherit = ["quality.complaint.decision"]
    _rec_name = "complaint_id"
    _check_company_auto = True
    _held_in = "inspection_id"

    inspection_id = fields.Many2one(
        "quality.complaint.management.inspection",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
    )
    company_id = fields.Many2one(related="inspection_id.company_id", store=True)
    handler_id = fields.Many2one(related="complaint_id.user_id", string="Handler")
    timely = fields.Selection(
        VERDICTS,
        compute="_compute_proposed",
        store=True,
        readonly=False,
        help="Proposed from its time limits.",
    )
    reasonable = fields.Selection(VERDICTS)
    satisfied = fields.Selection(
        VERDICTS,
        "Customer Satisfied",
        compute="_compute_proposed",
        store=True,
        readonly=False,
        help="Proposed from the revisit.",
    )
    effective = fields.Selection(VERDICTS, help="Whether the trouble is gone.")
    finding = fields.Text()

    _once = models.UniqueIndex(
        "(inspection_id, complaint_id)", "Each case stands in an inspection once."
    )

    @api.depends("complaint_id")
    def _compute_proposed(self):
        facts = (
            self.env["quality.complaint.fact"]
            .search([("complaint_id", "in", self.complaint_id.ids)])
            .grouped("complaint_id")
        )
        for line in self:
            fact = facts.get(line.complaint_id)
            line.timely = fact and {"met": "yes", "late": "no"}.get(fact.within_limit)
            line.satisfied = (
                ("yes" if fact.is_satisfied else "no")
                if fact and fact.is_rated
                else False
            )

    def _found(self):
        return self.finding

    def _missing(self):
        """:return: list of str: what has to be said of this case"""
        self.ensure_one()
        missing = [
            self._fields[name]._description_string(self.env)
            for name in CHECKS
            if not self[name]
        ]
        if any(self[name] == "no" for name in CHECKS) and self._is_blank("finding"):
            missing.append(self._fields["finding"]._description_string(self.env))
        return missing + super()._missing()
