from odoo import fields, models


class QualityComplaintType(models.Model):
    """Kind of feedback: complaint, inquiry, suggestion, praise … and the steps it needs
    before it may be closed.
    """

    _name = "quality.complaint.type"
    _description = "Feedback Type"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    uses_severity = fields.Boolean(
        "Handled as a Complaint",
        default=True,
        help=(
            "On: the severity says which further steps are required. Off: only the "
            "steps below, no severity."
        ),
    )
    from_ourselves = fields.Boolean(
        help="Nobody complains: no customer is asked for.",
    )
    public = fields.Boolean(
        "On the Public Form",
        default=True,
        help="Visitors may choose it on the public form.",
    )
    required_milestone_ids = fields.Many2many(
        "quality.complaint.milestone",
        "quality_complaint_type_milestone_rel",
        string="Required Steps",
        help=(
            "Steps that must have happened before feedback of this type may be closed."
        ),
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "The code of a feedback type must be unique."
    )
