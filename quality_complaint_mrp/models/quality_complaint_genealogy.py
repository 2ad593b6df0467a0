from odoo import api, models
from odoo.tools import SQL

from odoo.addons.quality_complaint.models.trace.genealogy import Way

PRODUCTION = SQL("place.usage = 'production'")


class QualityComplaintGenealogy(models.AbstractModel):
    """Orders of production, a subcontractor's as well, by-products, disassembly."""

    _inherit = "quality.complaint.genealogy"

    @api.model
    def _ways(self):
        return [
            *super()._ways(),
            Way(
                "mrp.production",
                "raw_material_production_id",
                "production_id",
                # scrap of an order names it too
                PRODUCTION,
                PRODUCTION,
                is_apart=False,
                keeps=False,
            ),
            # both sides name the order; what goes in goes to production
            Way(
                "mrp.unbuild",
                "unbuild_id",
                "unbuild_id",
                PRODUCTION,
                PRODUCTION,
                is_apart=True,
                keeps=False,
            ),
        ]
