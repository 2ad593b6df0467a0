from odoo import api, models


class QualityComplaintWords(models.AbstractModel):
    """Words that texts are read by: kept in the registry's cache, which every change of
    them empties.
    """

    _name = "quality.complaint.words"
    _description = "Words Texts Are Read By"
    _inherit = ["quality.complaint.guarded"]

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
