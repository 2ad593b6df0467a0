from odoo import fields, models


class QualityComplaintForm(models.Model):
    _inherit = "quality.complaint.form"

    code = fields.Selection(
        selection_add=[("supplier", "Supplier complaint")],
        ondelete={"supplier": "cascade"},
    )
