from odoo import fields, models


class QualityComplaintReply(models.Model):
    """The letter that an issued 8D report goes with."""

    _inherit = "quality.complaint.reply"

    eight_d_issue_ids = fields.One2many(
        "quality.8d.issue", "reply_id", "8D Report", readonly=True
    )

    def _8d_context(self):
        """What a template may say of the report that goes with the letter."""
        issue = self.sudo().eight_d_issue_ids[
            :1
        ]  # sudo: the customer is told what they get
        if not issue:
            return {}
        stages = dict(
            issue._fields["stage"]._description_selection(
                issue.with_context(lang=self.lang).env
            )
        )
        return {
            "report": issue.eight_d_id.name,
            "stage": stages[issue.stage],
            "final": issue.stage == "final",
            "revision": issue.revision,
        }

    def _accept_8d(self):
        for reply in self:
            reply.sudo().eight_d_issue_ids._accept(reply)  # sudo: as above
