from odoo import api, fields, models
from odoo.tools import ormcache


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

    @api.model
    def _proposal(self, rules, facts, usual):
        """The first of these rules that holds.

        :param rules: ids of rules and of their severities, the highest severity first
        :param int usual: id of the severity when none holds
        :return: (the rule or an empty one, id of the severity)
        """
        for rule, severity in rules:
            if self.browse(rule)._holds(facts):
                return self.browse(rule), severity
        return self.browse(), usual


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    @ormcache("self.id")
    def _severity_table(self):
        """What severities are proposed by; read once, every complaint asks for it.

        :return: (tuple of the ids of rules and of their severities, the highest
            severity first; id of the severity when no rule holds, or False)
        """
        # sudo: the rules hold for everybody who records a complaint
        policy = self.sudo()
        usual = (
            policy.severity_ids.filtered("is_default")[:1]
            or policy.severity_ids.sorted("rank")[:1]
        )
        rules = policy.rule_ids.sorted(lambda rule: -rule.severity_id.rank)
        return tuple((rule.id, rule.severity_id.id) for rule in rules), usual.id
