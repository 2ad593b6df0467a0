from odoo import api, models


class QualityComplaintConditionValue(models.AbstractModel):
    """A condition, what it may name, and what it leads to: conditions and the steps
    that are required are kept as plain values (see `quality.complaint.condition`,
    `quality.complaint.milestone`) until one of these changes.
    """

    _name = "quality.complaint.condition.value"
    _description = "Value of a Condition"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
