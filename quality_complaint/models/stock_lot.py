from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    # repeats ask for lots of the same supplier lot
    _complaint_ref_idx = models.Index("(ref) WHERE ref IS NOT NULL")

    complaint_count = fields.Integer(
        compute="_compute_complaint_count",
        groups="quality_complaint.group_quality_complaint_user",
    )

    def _compute_complaint_count(self):
        counts = self.env["quality.complaint.line"]._count_complaints("lot_id", self)
        for lot in self:
            lot.complaint_count = counts[lot]

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {**action, "domain": [("line_ids.lot_id", "=", self.id)], "context": {}}
