from odoo import api, fields, models


class QualityComplaintApprovalRule(models.Model):
    """Who must approve what under which condition, beyond the roles of the severity
    itself.
    """

    _name = "quality.complaint.approval.rule"
    _description = "Approval Rule"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    subject = fields.Selection(
        [
            ("plan", "Plan"),
            ("money", "Claim for money"),
            ("responsibility", "Internal responsibility"),
            ("reply", "Reply to the customer"),
            ("closing", "Closing"),
        ],
        "Decision About",
        required=True,
        default="plan",
        help="A claim for money: a plan with refunds, price reductions or compensation "
        "in money. Internal responsibility: which party is at fault, "
        "decided together with the plan, money or not.",
    )
    role_id = fields.Many2one(
        "quality.complaint.role", "Approved By", required=True, ondelete="restrict"
    )

    @api.depends("subject", "role_id.name", "condition_text")
    def _compute_display_name(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        for rule in self:
            rule.display_name = " · ".join(
                filter(
                    None,
                    (
                        subjects.get(rule.subject),
                        rule.condition_text,
                        rule.role_id.name,
                    ),
                )
            )
