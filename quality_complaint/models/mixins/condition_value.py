from odoo import models


class QualityComplaintConditionValue(models.AbstractModel):
    """What a condition may name: once deleted, it is in none any more."""

    _name = "quality.complaint.condition.value"
    _description = "Value of a Condition"

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
