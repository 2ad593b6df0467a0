from odoo import api, models


class QualityComplaintDemo(models.AbstractModel):
    _name = "quality.complaint.demo"
    _description = "Demo Company of Complaints"

    @api.model
    def _load(self):
        return True
