from odoo import api, models


class QualityComplaintConditionValue(models.AbstractModel):
    """What a condition may name or lead to; conditions are kept as plain values (see
    `quality.complaint.condition`).
    """

    _name = "quality.complaint.condition.value"
    _description = "Value of a Condition"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
