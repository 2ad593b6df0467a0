from odoo import api, fields, models


class QualityComplaintPolicy(models.Model):
    """Catalogues of a trade: what a policy offers for its complaints."""

    _inherit = "quality.complaint.policy"

    defect_ids = fields.Many2many(
        "quality.complaint.defect",
        "quality_complaint_policy_defect_rel",
        string="Defects Offered",
        context={"active_test": False},
        help="A group stands for all defects in it. Empty: all there are.",
    )
    department_ids = fields.Many2many(
        "quality.complaint.responsible",
        "quality_complaint_policy_department_rel",
        string="Departments",
        domain="[('kind', '=', 'department')]",
        context={"active_test": False},
        help="The departments that its source names.",
    )

    def _offer_catalogues(self):
        """Switch on what the policy offers: catalogues of trades are shipped switched
        off, so that nobody reads those of another one.
        """
        everything = self.env["quality.complaint.defect"].with_context(
            active_test=False
        )
        defects = everything.search([("id", "child_of", self.defect_ids.ids)])
        defects.filtered(lambda defect: not defect.active).active = True
        departments = self.department_ids.filtered(lambda row: not row.active)
        departments.active = True


class QualityComplaintDefect(models.Model):
    _inherit = "quality.complaint.defect"

    offered_by_id = fields.Many2one(
        "quality.complaint.policy",
        compute="_compute_offered_by_id",
        search="_search_offered_by_id",
        help="For searches: what a policy offers.",
    )

    def _compute_offered_by_id(self):
        self.offered_by_id = False

    @api.model
    def _search_offered_by_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: what a policy offers is read by whoever records a complaint
        policies = self.env["quality.complaint.policy"].sudo()
        policies = policies.browse([number for number in value if number])
        if all(policy.defect_ids for policy in policies) and policies:
            return [("id", "child_of", policies.defect_ids.ids)]
        return [(1, "=", 1)]
