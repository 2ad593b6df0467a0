from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_policy_id = fields.Many2one("quality.complaint.policy", help="Rules that new complaints are handled by.")
    complaint_compensation_product_id = fields.Many2one(
        "product.product", check_company=True, help="Service on the credit notes that compensate customers in money; empty: “Customer compensation”.",
    )
    complaint_compensation_account_id = fields.Many2one(
        "account.account", check_company=True, help="Expense account of compensations in money; empty: that of the product.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_complaint_defaults()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("complaint_policy_id"):
            # sudo: choosing a policy for a company puts it into force
            self.env["quality.complaint.policy"].sudo().browse(vals["complaint_policy_id"]).filtered(lambda policy: not policy.active).active = True
        return result

    def _create_complaint_defaults(self):
        """Give each company the sequence of its complaint numbers."""
        # sudo: part of creating a company; also made up for when an administrator deleted the sequence
        sequences = self.env["ir.sequence"].sudo()
        present = sequences.search([("code", "=", "quality.complaint"), ("company_id", "in", self.ids)]).company_id
        sequences.create([company._prepare_complaint_sequence_vals() for company in self - present])

    def _prepare_complaint_sequence_vals(self):
        return {
            "name": self.env._("Complaints of %s", self.name),
            "code": "quality.complaint",
            "prefix": "QC/%(range_year)s/",
            "padding": 5,
            "use_date_range": True,
            # numbers of the ledger have no gaps, also when a registration fails halfway
            "implementation": "no_gap",
            "company_id": self.id,
        }

    def _next_complaint_number(self):
        """The next number of this company's ledger; a missing sequence is set up."""
        self.ensure_one()
        # sudo: any employee may register, nobody but administrators may touch sequences
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        today = fields.Date.context_today(self)
        number = sequences.next_by_code("quality.complaint", sequence_date=today) if self._has_complaint_sequence() else False
        if not number:
            self._create_complaint_defaults()
            number = sequences.next_by_code("quality.complaint", sequence_date=today)
        return number

    def _has_complaint_sequence(self):
        sequences = self.env["ir.sequence"].sudo()  # sudo: as above
        return bool(sequences.search_count([("code", "=", "quality.complaint"), ("company_id", "=", self.id)], limit=1))

    def _compensation_product(self):
        """The product of compensations in money: the company's choice, else the one that comes with the addon."""
        self.ensure_one()
        standard = self.env.ref("quality_complaint.product_compensation", raise_if_not_found=False)
        return self.complaint_compensation_product_id or standard or self.env["product.product"]
