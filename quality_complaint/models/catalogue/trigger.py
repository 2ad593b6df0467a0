from odoo import fields, models


class QualityComplaintTrigger(models.Model):
    """A circumstance that raises the severity."""

    _name = "quality.complaint.trigger"
    _description = "Complaint Trigger"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "The code must be unique.")
