from odoo import api, fields, models

from ...tools import listed


class QualityComplaintBearerRule(models.Model):
    """Who pays under which condition, e.g. the carrier for what was spoiled in
    transport (regime R3). The first rule that holds counts.
    """

    _name = "quality.complaint.bearer.rule"
    _description = "Rule for Who Pays"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    cause_ids = fields.Many2many("quality.complaint.cause", string="Causes")
    responsible_id = fields.Many2one(
        "quality.complaint.responsible", "Paid By", required=True, ondelete="restrict"
    )

    def _holds(self, facts):
        causes = set(self.cause_ids.ids)
        return (not causes or bool(causes & facts.causes)) and super()._holds(facts)

    @api.depends("cause_ids")
    def _compute_condition_text(self):
        return super()._compute_condition_text()

    def _condition_words(self):
        words = super()._condition_words()
        return (
            [listed(self.env.lang, self.cause_ids.mapped("name")), *words]
            if self.cause_ids
            else words
        )

    @api.depends("condition_text", "responsible_id.name", "cause_ids")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = " · ".join(
                filter(None, (rule.condition_text, rule.responsible_id.name))
            )
