from odoo import api, fields, models


class QualityComplaintRemedyLine(models.Model):
    """What a remedy line was planned to cost in money, kept in the company's currency
    (no report needs a rate afterwards), and the value of what came back.
    """

    _inherit = "quality.complaint.remedy.line"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_planned_company = fields.Monetary(
        "Planned Amount",
        compute="_compute_amount_planned_company",
        store=True,
        compute_sudo=True,
        currency_field="company_currency_id",
        groups="quality_complaint.group_quality_complaint_user",
        help=(
            "The amount in the company's currency, at the rate of the day the "
            "complaint was received."
        ),
    )

    @api.depends(
        "amount", "currency_id", "complaint_id.received_on", "complaint_id.company_id"
    )
    def _compute_amount_planned_company(self):
        for line in self:
            company = line.complaint_id.company_id
            if not line.currency_id or line.currency_id == company.currency_id:
                line.amount_planned_company = line.amount
                continue
            local = line.with_context(tz=company.partner_id.tz or self.env.user.tz)
            day = fields.Date.context_today(local, line.complaint_id.received_on)
            line.amount_planned_company = line.currency_id._convert(
                line.amount, company.currency_id, company, day
            )

    def _value_back(self, quantity):
        """Value of the first goods that came back for this line, in the company's
        currency.

        In the order of their arrival: what is received later changes nothing of what
        was booked before.

        :param float quantity: in the unit of this line
        """
        self.ensure_one()
        lot, value = self._lots_back(), 0.0
        for receipt in self._goods_moves().sorted(lambda move: (move.date, move.id)):
            own = self._to_own_unit(
                receipt._complaint_done_quantity(lot), receipt.product_uom
            )
            taken = min(max(quantity, 0.0), own)
            if taken:
                value += (
                    receipt.value
                    * taken
                    / self._to_own_unit(
                        receipt._complaint_done_quantity(receipt.env["stock.lot"]),
                        receipt.product_uom,
                    )
                )
                quantity -= taken
        return self.company_id.currency_id.round(value)
