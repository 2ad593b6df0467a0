from odoo import api, fields, models
from odoo.tools import ormcache


class QualityComplaintGuide(models.Model):
    """A sentence, question or task for whoever receives a complaint, ticked as it is
    said, asked or done (R2: read back in own words; R3: evidence before bargaining; R4:
    how to receive an upset customer).
    """

    _name = "quality.complaint.guide"
    _description = "Intake Guide"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("say", "Say"), ("ask", "Ask"), ("do", "Do"), ("avoid", "Do Not")],
        required=True,
        default="ask",
    )
    text = fields.Char(required=True, translate=True)
    before = fields.Selection(
        [
            ("register", "Registering"),
            ("conclude", "Concluding"),
            ("plan", "Submitting the plan"),
            ("reply", "Replying"),
            ("close", "Closing"),
        ],
        "Needed Before",
        help="Empty: a help, nobody has to tick it.",
    )

    @api.depends("kind", "text", "before")
    @api.depends_context("lang", "complaint_guide_steps")
    def _compute_display_name(self):
        """On the complaint also which step waits for it."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        steps = (
            dict(self._fields["before"]._description_selection(self.env))
            if self.env.context.get("complaint_guide_steps")
            else {}
        )
        for row in self:
            row.display_name = (
                self.env._("%(kind)s: %(text)s", kind=kinds[row.kind], text=row.text)
                if row.kind and row.text
                else row.text
            )
            if row.before in steps:
                row.display_name = self.env._(
                    "%(text)s (needed before: %(step)s)",
                    text=row.display_name,
                    step=steps[row.before],
                )


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    guide_ids = fields.One2many(
        "quality.complaint.guide", "policy_id", "Intake Guide", copy=False
    )

    def _guide(self, before=None):
        """The rows of its guide, read once: every complaint asks for them.

        :param str before: only what is needed before this step
        """
        return self.env["quality.complaint.guide"].browse(self._ids_of_guide(before))

    @ormcache("self.id", "before")
    def _ids_of_guide(self, before):
        rows = self.sudo().guide_ids  # sudo: what is asked is no secret
        return rows.filtered(lambda row: before in (None, row.before))._ids
