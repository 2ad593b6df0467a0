from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_policy_id = fields.Many2one(
        related="company_id.complaint_policy_id", readonly=False
    )
    complaint_policy_warnings = fields.Text(related="complaint_policy_id.warnings")
    complaint_form = fields.Boolean(related="company_id.complaint_form", readonly=False)
    complaint_invoice_qr = fields.Boolean(
        related="company_id.complaint_invoice_qr", readonly=False
    )
    complaint_publish = fields.Boolean(
        related="company_id.complaint_publish", readonly=False
    )
    complaint_compensation_product_id = fields.Many2one(
        related="company_id.complaint_compensation_product_id", readonly=False
    )
    complaint_compensation_account_id = fields.Many2one(
        related="company_id.complaint_compensation_account_id", readonly=False
    )
    complaint_analysis_role_id = fields.Many2one(
        related="company_id.complaint_analysis_role_id", readonly=False
    )
    complaint_inspection_every = fields.Selection(
        related="company_id.complaint_inspection_every", readonly=False
    )
    complaint_inspector_id = fields.Many2one(
        related="company_id.complaint_inspector_id", readonly=False
    )
    complaint_verifier_role_id = fields.Many2one(
        related="company_id.complaint_verifier_role_id", readonly=False
    )
    complaint_accountability = fields.Boolean(
        related="company_id.complaint_accountability", readonly=False
    )
