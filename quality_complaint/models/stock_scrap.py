from odoo import fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    complaint_inspection_id = fields.Many2one(
        "quality.complaint.inspection",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
