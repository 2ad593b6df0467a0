from odoo import fields, models


class QualityComplaintChannel(models.Model):
    """How a complaint reached us."""

    _name = "quality.complaint.channel"
    _description = "Complaint Channel"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source_form = fields.Selection(
        [("written", "Written"), ("electronic", "Electronic"), ("oral", "Oral")],
        default="oral",
        required=True,
        help="Printed on the medical report (form 2).",
    )
    contact = fields.Char(
        company_dependent=True,
        help=(
            "Phone number, address or account by which customers reach us. Filled in, "
            "the channel is named on the page “How to complain”."
        ),
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "The code must be unique.")
