from odoo import api, models


class QualityComplaint(models.Model):
    """What a supplier was told repeats what the customer said."""

    _inherit = "quality.complaint"

    @api.model
    def _dropped_texts(self, person):
        return {
            **super()._dropped_texts(person),
            "quality.complaint.chargeback": {"description": True},
        }
