from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class QualityComplaintCostItem(models.Model):
    """An item of the company's own chart of complaint costs: materials, freight, travel
    … (R3: Finance books the cost of complaints by item).
    """

    _name = "quality.complaint.cost.item"
    _description = "Cost Item"
    _inherit = ["quality.complaint.guarded"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="The company's own number of the item.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class QualityComplaintCostEntry(models.Model):
    """A cost of a complaint that no document of Odoo says, under an item of the
    company's own.
    """

    _name = "quality.complaint.cost.entry"
    _description = "Own Cost of a Complaint"
    _inherit = ["quality.complaint.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    item_id = fields.Many2one(
        "quality.complaint.cost.item",
        "Cost Item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    amount_company = fields.Monetary(
        "In Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of its date.",
    )
    note = fields.Char("For", help="Receipt, trip, laboratory …")

    @api.depends("amount", "currency_id", "date", "company_id")
    def _compute_amount_company(self):
        for entry in self:
            company = entry.company_id or self.env.company
            entry.amount_company = (
                entry.currency_id._convert(
                    entry.amount, company.currency_id, company, entry.date
                )
                if entry.currency_id and entry.date
                else 0.0
            )

    @api.depends("item_id.name", "note")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = " · ".join(
                filter(None, (entry.item_id.name, entry.note))
            )

    @api.constrains("amount", "currency_id")
    def _check_amount(self):
        for entry in self:
            if entry.currency_id.is_zero(entry.amount):
                raise ValidationError(
                    self.env._(
                        "%s: enter the amount; a refund of a cost is negative.",
                        entry.item_id.name,
                    )
                )

    @api.constrains("complaint_id", "amount", "currency_id", "date", "item_id")
    def _check_registered(self):
        for entry in self:
            # sudo: only the status
            if entry.complaint_id.sudo().state in ("new", "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%s is not registered, or cancelled: it has no costs.",
                        entry.complaint_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_running_only(self):
        for entry in self:
            if entry.complaint_id.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(complaint)s is closed or cancelled: its cost “%(cost)s” "
                        "belongs to the file.",
                        complaint=entry.complaint_id.display_name,
                        cost=entry.display_name,
                    )
                )


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    cost_entry_ids = fields.One2many(
        "quality.complaint.cost.entry",
        "complaint_id",
        "Own Cost Items",
        groups="quality_complaint.group_quality_complaint_user",
    )
