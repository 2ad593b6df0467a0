from odoo import fields, models


class QualityComplaintMilestone(models.Model):
    """A step whose time is stamped: bound to an event in code, or ticked by a person."""

    _name = "quality.complaint.milestone"
    _description = "Complaint Milestone"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    manual = fields.Boolean(
        "Ticked by a person",
        help="On: somebody states that this has happened. Off: the step is stamped when it happens in the system.",
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "The code of a milestone must be unique.")
