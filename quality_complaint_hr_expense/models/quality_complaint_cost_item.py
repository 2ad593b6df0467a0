from odoo import fields, models


class QualityComplaintCostItem(models.Model):
    _inherit = "quality.complaint.cost.item"

    expense_product_ids = fields.Many2many(
        "product.product",
        "quality_complaint_cost_item_expense_rel",
        string="Expense Categories",
        domain="[('can_be_expensed', '=', True)]",
        help="Expenses of these categories count under this item.",
    )
