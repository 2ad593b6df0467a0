from odoo import fields, models


class QualityComplaintCause(models.Model):
    """Catalogue of causes, shared by complaints and 8D reports."""

    _name = "quality.complaint.cause"
    _description = "Complaint Cause"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
