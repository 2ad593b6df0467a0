from odoo import api, fields, models
from odoo.fields import Domain

from .compensation_item import RATE_CODES


class QualityComplaintCompensationRate(models.Model):
    """A yearly amount that factors of compensation items are applied to, as published
    for a place and a time.
    """

    _name = "quality.complaint.compensation.rate"
    _description = "Yearly Amount for Compensation"
    _inherit = ["quality.complaint.guarded"]
    _order = "code, date_from desc, id desc"

    code = fields.Selection(
        RATE_CODES, "Yearly Amount", required=True, default="living_cost"
    )
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    date_from = fields.Date("In Force From", required=True)
    date_to = fields.Date("In Force Until")
    active = fields.Boolean(
        default=True,
        help="Those delivered are switched off: check them, then switch them on.",
    )
    source = fields.Char(required=True, help="Who published it, where and when.")
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The yearly amount must be more than zero."
    )

    @api.depends("code", "date_from")
    def _compute_display_name(self):
        codes = dict(self._fields["code"]._description_selection(self.env))
        for rate in self:
            rate.display_name = (
                f"{codes.get(rate.code)} ({rate.date_from})"
                if rate.date_from
                else codes.get(rate.code)
            )

    @api.model
    def _in_force(self, code, company, day):
        """The rate of a day, the company's own before a common one; empty when none is
        known.

        :param str code: which yearly amount
        :param company: the complaint's `res.company`
        :param date day: when the complaint was received
        """
        domain = (
            Domain("code", "=", code)
            & Domain("company_id", "in", [False, company.id])
            & Domain("date_from", "<=", day)
        )
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        rates = self.search(domain)
        return (rates.filtered("company_id") or rates)[:1]
