from odoo import api, fields, models


class QualityComplaintPolicyPart(models.AbstractModel):
    """A row of a policy: read-only as soon as the policy is in use."""

    _name = "quality.complaint.policy.part"
    _description = "Part of a Policy"
    _inherit = ["quality.complaint.guarded"]

    policy_id = fields.Many2one(
        "quality.complaint.policy", required=True, index=True, ondelete="cascade"
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.policy_id._check_changeable()
        return parts

    def write(self, vals):
        self.policy_id._check_changeable()
        result = super().write(vals)
        self.policy_id._check_changeable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_in_use(self):
        self.policy_id._check_changeable()
