from odoo import api, fields, models


class QualityComplaintPolicy(models.Model):
    """The rules complaints are handled by. Shared by all companies; a company or a team chooses one."""

    _name = "quality.complaint.policy"
    _description = "Complaint Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    version = fields.Integer(default=1, readonly=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    severity_ids = fields.One2many("quality.complaint.severity", "policy_id", "Severities", copy=True)
    form_ids = fields.One2many("quality.complaint.form", "policy_id", "Printed Forms", copy=True)
    acknowledge = fields.Boolean(
        "Acknowledge by E-mail", help="Send the customer a mail with the complaint number on registration."
    )
    ask_serious_event = fields.Boolean(
        "Ask About Serious Injury",
        help="The customer must be asked whether a serious injury or death happened before anything is concluded or closed.",
    )
    satisfaction_threshold = fields.Float(default=85.0, help="Score (0 to 100) below which a revisit counts as not satisfied.")
    revisit_attempts = fields.Integer(default=3, help="How often a customer must be tried before “not reached” is enough to close.")
    repeat_window = fields.Integer("Repeat Window (days)", default=365, help="How far back the same trouble counts as a repeat.")
    retention_years = fields.Integer("Retention (years)", default=3, help="How long the file is kept after closing.")

    _code_version_uniq = models.Constraint("UNIQUE (code, version)", "A version of this policy exists already.")
    _threshold_range = models.Constraint(
        "CHECK (satisfaction_threshold >= 0 AND satisfaction_threshold <= 100)", "The satisfaction threshold must be between 0 and 100."
    )
    _numbers_positive = models.Constraint(
        "CHECK (revisit_attempts >= 1 AND repeat_window >= 0 AND retention_years >= 0)",
        "Attempts must be at least 1; window and retention cannot be negative.",
    )

    @api.depends("version")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for policy in self.filtered(lambda policy: policy.version > 1):
            policy.display_name = self.env._("%(name)s (version %(version)s)", name=policy.name, version=policy.version)
        return result

    def _form(self, code):
        """The policy's settings of a printed form, empty when it has none."""
        return self.form_ids.filtered(lambda form: form.code == code)[:1]
