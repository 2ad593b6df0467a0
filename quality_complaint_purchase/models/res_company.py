from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _create_complaint_defaults(self):
        result = super()._create_complaint_defaults()
        # sudo: part of creating a company; also made up for when an administrator
        # deleted the sequence
        sequences = self.env["ir.sequence"].sudo()
        present = sequences.search(
            [
                ("code", "=", "quality.complaint.chargeback"),
                ("company_id", "in", self.ids),
            ]
        ).company_id
        sequences.create(
            [
                company._prepare_supplier_complaint_sequence_vals()
                for company in self - present
            ]
        )
        return result

    def _prepare_supplier_complaint_sequence_vals(self):
        return {
            "name": self.env._("Supplier complaints of %s", self.name),
            "code": "quality.complaint.chargeback",
            "prefix": "SC/%(range_year)s/",
            "padding": 5,
            "use_date_range": True,
            "implementation": "no_gap",
            "company_id": self.id,
        }

    def _next_supplier_complaint_number(self):
        """The next number of this company's supplier complaints; a missing sequence is
        set up.
        """
        self.ensure_one()
        # sudo: officers send supplier complaints, nobody but administrators may touch
        # sequences
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        if not sequences.search_count(
            [
                ("code", "=", "quality.complaint.chargeback"),
                ("company_id", "=", self.id),
            ],
            limit=1,
        ):
            self._create_complaint_defaults()
        return sequences.next_by_code(
            "quality.complaint.chargeback",
            sequence_date=fields.Date.context_today(self),
        )

    def _complaint_supplier_rules(self):
        """Supplier rules of the policy this company handles complaints by."""
        self.ensure_one()
        # sudo: read for everybody who may see the standing of a supplier
        policy = (
            self.sudo().complaint_policy_id
            or self.env["quality.complaint.policy"].sudo()._default_policy()
        )
        return policy.supplier_rule_ids
