from odoo import api, fields, models


class QualityComplaintSeverityRule(models.Model):
    """Proposes a severity from what is known of a complaint; of several rules that
    hold, the highest rank wins.
    """

    _name = "quality.complaint.severity.rule"
    _description = "Severity Rule"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    severity_id = fields.Many2one(
        "quality.complaint.severity",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('policy_id', '=', policy_id)]",
    )

    @api.depends("severity_id.name", "condition_text")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = " → ".join(
                filter(
                    None,
                    (
                        rule.condition_text or self.env._("always"),
                        rule.severity_id.name,
                    ),
                )
            )

    def _proposal(self, facts):
        """The rule with the highest severity among those that hold; empty when none
        does.
        """
        return self.filtered(lambda rule: rule._holds(facts)).sorted(
            lambda rule: -rule.severity_id.rank
        )[:1]
