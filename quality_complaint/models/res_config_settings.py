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
    complaint_accompany = fields.Boolean(
        related="company_id.complaint_accompany", readonly=False
    )
    complaint_accompany_user_id = fields.Many2one(
        related="company_id.complaint_accompany_user_id", readonly=False
    )
    complaint_accompany_assistant_id = fields.Many2one(
        related="company_id.complaint_accompany_assistant_id", readonly=False
    )
    complaint_drill_months = fields.Integer(
        related="company_id.complaint_drill_months", readonly=False
    )
    complaint_drill_user_id = fields.Many2one(
        related="company_id.complaint_drill_user_id", readonly=False
    )
    complaint_requirement_role_id = fields.Many2one(
        related="company_id.complaint_requirement_role_id", readonly=False
    )
    complaint_legal_role_id = fields.Many2one(
        related="company_id.complaint_legal_role_id", readonly=False
    )
    group_complaint_customer_file_user = fields.Boolean(
        "Customer Quality Files for All in Complaints",
        group="quality_complaint.group_quality_complaint_user",
        implied_group="quality_complaint.group_quality_complaint_customer_file",
        help="Off: only those who were given the right to customer quality files.",
    )
