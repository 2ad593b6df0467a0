from odoo import api, fields, models

from ...tools import PAPER_LANGUAGES


class QualityComplaintForm(models.Model):
    """Document control of a printed form under a policy."""

    _name = "quality.complaint.form"
    _description = "Printed Form"
    _inherit = "quality.complaint.policy.part"
    _order = "policy_id, code"

    code = fields.Selection(
        [
            ("registration", "Registration and handling form"),
            ("medical", "Complaint/feedback report (medical)"),
            ("investigation", "Investigation report"),
            ("reinspection", "Re-inspection report"),
            ("defect_confirmation", "After-sales defect confirmation"),
            ("revisit", "Revisit record"),
            ("return_slip", "Return and exchange slip"),
            ("settlement", "Settlement agreement"),
            ("reply", "Reply letter"),
            ("case_file", "Case file"),
            ("eight_d", "8D report"),
            ("capa", "Corrective and preventive action form"),
            ("analysis", "Monthly analysis"),
            ("ledger", "Ledger"),
            ("case_review", "Minutes of a case review"),
            ("inspection", "Inspection by management"),
            ("sheet", "Case sheet"),
            ("service", "Customer service report"),
            ("requirement", "Customer registration card"),
            ("contact_letter", "Contact letter"),
            ("customer_file", "Customer quality file"),
            ("trace", "Trace of lots"),
            ("recall", "Recall file and notice"),
            ("survey", "Satisfaction survey"),
        ],
        "Form",
        required=True,
    )
    document_number = fields.Char()
    revision = fields.Char(default="A/0")
    effective_date = fields.Date()
    language = fields.Selection(
        [
            ("user", "Language of the person who prints"),
            *PAPER_LANGUAGES,
        ],
        required=True,
        default="both",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (policy_id, code)", "A policy has each form once."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["code"]._description_selection(self.env))
        for form in self:
            form.display_name = names.get(form.code, "")
