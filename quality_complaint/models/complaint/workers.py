from odoo import api, fields, models


class QualityComplaint(models.Model):
    """People of other teams who work on a complaint: they see it although it is not
    theirs.
    """

    _inherit = "quality.complaint"

    worker_ids = fields.Many2many(
        "res.users",
        "quality_complaint_worker_rel",
        compute="_compute_worker_ids",
        compute_sudo=True,
        store=True,
        string="Working on It",
        help=(
            "Investigators, members of their teams, owners of actions and who signs "
            "or verifies them, and who revisits the customer."
        ),
    )

    @api.depends(
        "investigation_ids.user_id",
        "investigation_ids.member_ids.user_id",
        "revisit_ids.user_id",
        "action_ids.user_id",
        "action_ids.signer_ids",
    )
    def _compute_worker_ids(self):
        for complaint in self:
            investigations = complaint.investigation_ids
            actions = complaint.action_ids
            complaint.worker_ids = (
                investigations.user_id
                | investigations.member_ids.user_id
                | complaint.revisit_ids.user_id
                | actions.user_id
                | actions.signer_ids
            )
