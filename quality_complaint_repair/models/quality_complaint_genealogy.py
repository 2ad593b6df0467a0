from odoo import api, models
from odoo.tools import SQL

from odoo.addons.quality_complaint.models.trace.genealogy import Way

# the repaired goods move without a kind of line
REPAIRED = SQL("move.repair_line_type IS NULL")


class QualityComplaintGenealogy(models.AbstractModel):
    """Repairs: parts added are in the repaired goods, parts removed were in them."""

    _inherit = "quality.complaint.genealogy"

    @api.model
    def _ways(self):
        added = SQL("move.repair_line_type = 'add'")
        removed = SQL("move.repair_line_type IN ('remove', 'recycle')")
        return [
            *super()._ways(),
            Way(
                "repair.order", "repair_id", "repair_id", added, REPAIRED, False, False
            ),
            Way(
                "repair.order", "repair_id", "repair_id", REPAIRED, removed, True, True
            ),
        ]
