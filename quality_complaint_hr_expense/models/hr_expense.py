from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HrExpense(models.Model):
    _inherit = "hr.expense"

    complaint_id = fields.Many2one(
        "quality.complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        copy=False,
        domain="[('state', 'not in', ('new', 'cancelled'))]",
        groups="quality_complaint.group_quality_complaint_user",
        help="The complaint this was spent on.",
    )
    complaint_service_id = fields.Many2one(
        "quality.complaint.service",
        "Visit or Trip",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        copy=False,
        groups="quality_complaint.group_quality_complaint_customer_file",
        help="The visit or business trip this was spent on.",
    )
    complaint_item_id = fields.Many2one(
        "quality.complaint.cost.item",
        "Cost Item of the Complaint",
        compute="_compute_complaint_item_id",
        compute_sudo=True,
        store=True,
        help="By the category of the expense.",
    )

    @api.depends("product_id", "complaint_id")
    def _compute_complaint_item_id(self):
        items = self.env["quality.complaint.cost.item"].search(
            [("expense_product_ids", "in", self.product_id.ids)]
        )
        for expense in self:
            expense.complaint_item_id = items.filtered(
                lambda item, e=expense: (
                    e.complaint_id and e.product_id in item.expense_product_ids
                )
            )[:1]

    @api.model_create_multi
    def create(self, vals_list):
        expenses = super().create(vals_list)
        expenses._take_complaint_of_trip()
        return expenses

    def write(self, vals):
        result = super().write(vals)
        if vals.get("complaint_service_id"):
            self._take_complaint_of_trip()
        return result

    def _take_complaint_of_trip(self):
        """What a trip for a complaint cost was spent on the complaint."""
        # sudo: whoever records an expense need not see the complaint
        for expense in self.sudo():
            complaint = expense.complaint_service_id.complaint_id
            if complaint and not expense.complaint_id:
                expense.complaint_id = complaint

    def copy(self, default=None):
        """Parts of a split expense were spent on the same complaint."""
        copies = super().copy(default)
        if self.env.context.get("from_split_wizard"):
            # sudo: whoever splits their expense need not see the complaint
            for expense, part in zip(self.sudo(), copies.sudo(), strict=True):
                part.complaint_id = expense.complaint_id
                part.complaint_service_id = expense.complaint_service_id
        return copies

    @api.constrains("complaint_id")
    def _check_complaint(self):
        # sudo: the status of the complaint is checked for whoever records an expense
        for complaint in self.sudo().complaint_id:
            if complaint.state in ("new", "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%s is not registered, or cancelled: nothing is spent on it.",
                        complaint.display_name,
                    )
                )
