from odoo import api, fields, models

from ...tools import Missing

USERS = "quality_complaint.group_quality_complaint_user"


class QualityComplaint(models.Model):
    """The guide for whoever is on the phone: what to say, ask and do for such a
    complaint, ticked on the spot.
    """

    _inherit = "quality.complaint"

    guide_ids = fields.Many2many(
        "quality.complaint.guide",
        compute="_compute_guide_ids",
        compute_sudo=True,
        groups=USERS,
    )
    guide_done_ids = fields.Many2many(
        "quality.complaint.guide",
        "quality_complaint_guide_done_rel",
        string="Said, Asked and Done",
        domain="[('id', 'in', guide_ids)]",
        copy=False,
        tracking=True,
        groups=USERS,
    )

    @api.depends(
        "policy_id",
        "type_id",
        "channel_id",
        "severity_id",
        "trigger_ids",
        "line_ids.defect_id",
    )
    def _compute_guide_ids(self):
        for complaint in self:
            rows = complaint.policy_id._guide()
            if rows:
                facts = complaint._facts()
                rows = rows.filtered(lambda row, facts=facts: row._holds(facts))
            complaint.guide_ids = rows

    def _missing_guide(self, before):
        """What whoever handles it has to say, ask or do first.

        :param str before: `register`, `conclude`, `plan`, `reply` or `close`
        :return: list of `Missing`
        """
        self.ensure_one()
        if self.is_batch or not self.env.user.has_group(USERS):
            return []  # the guide is on nobody's screen
        complaint = self.sudo()  # sudo: the policy asks whoever handles it
        rows = complaint.policy_id._guide(before)
        if not rows:
            return []
        wanted = rows & complaint.guide_ids
        return [
            Missing(
                self.env._(
                    "“%s”, to be ticked in the guide (tab “Investigation and Cause”)",
                    row.display_name,
                ),
                "guide_done_ids",
            )
            for row in wanted - complaint.guide_done_ids
        ]
