from odoo import api, fields, models

from odoo.addons.quality_complaint.tools import listed

from .quality_complaint_chargeback import SENT_STATES

USER = "quality_complaint.group_quality_complaint_user"


class ResPartner(models.Model):
    """Standing of a supplier in the current company. The same for everybody who may see
    it.
    """

    _inherit = "res.partner"

    # compute_sudo: figures of the company, also for people who see only their own
    # complaints
    supplier_complaint_count = fields.Integer(
        "Supplier Complaints",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        groups=USER,
    )
    supplier_complaint_open_count = fields.Integer(
        "Open Supplier Complaints",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        groups=USER,
    )
    supplier_complaint_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        groups=USER,
    )
    supplier_charged = fields.Monetary(
        "Charged",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        currency_field="supplier_complaint_currency_id",
        groups=USER,
        help="Asked for by supplier complaints, in the company's currency.",
    )
    supplier_recovered = fields.Monetary(
        "Recovered",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        currency_field="supplier_complaint_currency_id",
        groups=USER,
        help=(
            "Posted vendor credit notes for supplier complaints, in the company's "
            "currency."
        ),
    )
    supplier_recovery_rate = fields.Float(
        "Recovery Rate (%)",
        compute="_compute_supplier_complaints",
        compute_sudo=True,
        groups=USER,
        digits=(5, 2),
        help="Credited by the supplier of what they were charged.",
    )
    supplier_return_rates = fields.Char(
        "Return Rate",
        compute="_compute_supplier_standing",
        compute_sudo=True,
        groups=USER,
        help=(
            "Quantity charged back of the quantity received, in the last three full "
            "months."
        ),
    )
    complaint_supplier_warning = fields.Text(
        "Supplier Warning",
        compute="_compute_supplier_standing",
        compute_sudo=True,
        groups=USER,
    )
    supplier_payment_hold = fields.Boolean(
        "Payments on Hold",
        compute="_compute_supplier_decisions",
        compute_sudo=True,
        groups=USER,
    )
    supplier_off_sale = fields.Boolean(
        "Products Off Sale",
        compute="_compute_supplier_decisions",
        compute_sudo=True,
        groups=USER,
    )

    @api.depends_context("company")
    def _compute_supplier_complaints(self):
        company = self.env.company
        groups = self.env["quality.complaint.chargeback"]._read_group(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ],
            ["commercial_partner_id", "state"],
            ["__count", "charged_company:sum", "recovered_company:sum"],
        )
        figures = {}
        for partner, state, count, charged, recovered in groups:
            own = figures.setdefault(
                partner, {"count": 0, "open": 0, "charged": 0.0, "recovered": 0.0}
            )
            if state in SENT_STATES:
                own["charged"] += charged
                own["recovered"] += recovered
            if state != "cancelled":
                own["count"] += count
            if state not in ("settled", "cancelled"):
                own["open"] += count
        for partner in self:
            own = figures.get(partner.commercial_partner_id, {})
            partner.supplier_complaint_currency_id = company.currency_id
            partner.supplier_complaint_count = own.get("count", 0)
            partner.supplier_complaint_open_count = own.get("open", 0)
            partner.supplier_charged = own.get("charged", 0.0)
            partner.supplier_recovered = own.get("recovered", 0.0)
            partner.supplier_recovery_rate = (
                100.0 * own["recovered"] / own["charged"] if own.get("charged") else 0.0
            )

    @api.depends_context("company", "lang")
    def _compute_supplier_standing(self):
        company, rules = self.env.company, self.env["quality.complaint.supplier.rule"]
        # of all vendors only those complained of have a standing: the others cost one
        # query
        known = {
            partner
            for (partner,) in self.env["quality.complaint.chargeback"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "in", SENT_STATES),
                ],
                ["commercial_partner_id"],
            )
        }
        suppliers = self.commercial_partner_id.filtered(
            lambda partner: partner in known
        )
        holding = (
            company._complaint_supplier_rules()._holding(company, suppliers)
            if suppliers
            else {}
        )
        rates = rules._return_rates(company, suppliers, 3) if suppliers else {}
        for partner in self:
            own = partner.commercial_partner_id
            partner.complaint_supplier_warning = (
                "\n".join(text for _rule, text in holding.get(own, [])) or False
            )
            partner.supplier_return_rates = (
                listed(
                    self.env.lang,
                    (
                        f"{month:%Y-%m}: {rate:.2f} %"
                        for month, rate in reversed(rates.get(own, []))
                    ),
                )
                or False
            )

    @api.depends_context("company")
    def _compute_supplier_decisions(self):
        running = self.env["quality.complaint.supplier.decision"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("ended_on", "=", False),
            ],
            ["partner_id", "kind"],
        )
        for partner in self:
            partner.supplier_payment_hold = (
                partner.commercial_partner_id,
                "hold",
            ) in running
            partner.supplier_off_sale = (
                partner.commercial_partner_id,
                "off_sale",
            ) in running
