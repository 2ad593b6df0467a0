from odoo import api, fields, models

USERS = "quality_complaint.group_quality_complaint_user"


class QualityComplaint(models.Model):
    """What some regimes ask beyond what every complaint has: shown where the policy
    asks for it, or where something stands there.
    """

    _inherit = "quality.complaint"

    contact_name = fields.Char(
        "Contact Person", help="Whom to speak to at the customer (R1, R7)."
    )
    address = fields.Char(
        help="Of who complains, where the customer's own is not meant (R4, R7)."
    )
    fax = fields.Char(help="R6.")
    place = fields.Char("Where It Happened", help="R11: place of the field problem.")
    background = fields.Text(
        groups=USERS,
        copy=False,
        help="What lies behind the dissatisfaction: main factor and history (R2).",
    )
    improvement_proposal = fields.Text(
        groups=USERS,
        copy=False,
        help="What could be improved for good, beyond this case (R6).",
    )
    asked_fields = fields.Char(
        compute="_compute_asked_fields",
        compute_sudo=True,
        help="Names of the fields that the policy asks for at some time.",
    )

    @api.depends("policy_id")
    def _compute_asked_fields(self):
        for complaint in self:
            complaint.asked_fields = complaint.policy_id._asked_fields()
