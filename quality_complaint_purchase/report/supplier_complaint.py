"""The printed supplier complaint and its labels, in the layout of the other forms."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

LABELS = {
    "title_supplier": _lt("Supplier Complaint"),
    "title_carrier": _lt("Claim on the Carrier"),
    "part_carrier": _lt("1. Carrier"),
    "part_carrier_answer": _lt("5. Answer of the carrier"),
    "carrier": _lt("Carrier"),
    "delivery_no": _lt("Delivery"),
    "part_supplier": _lt("1. Supplier"),
    "part_supply": _lt("2. Goods"),
    "part_claim": _lt("3. What is wrong"),
    "part_demand": _lt("4. Claim"),
    "part_answer": _lt("5. Answer of the supplier"),
    "supplier": _lt("Supplier"),
    "supplier_complaint_no": _lt("Supplier complaint No."),
    "purchase_order": _lt("Purchase order"),
    "received_at": _lt("Received on"),
    "vendor_bill": _lt("Vendor bill"),
    "sent_at": _lt("Date"),
    "answer_due": _lt("Answer by"),
    "reason_kind": _lt("Reason"),
    "share": _lt("Share to be borne"),
    "evidence_enclosed": _lt("Evidence enclosed"),
    "cause_and_measures": _lt("Cause and corrective measures"),
    "accepted_yes_no": _lt("Accepted: yes / in part / no"),
    "share_accepted": _lt("Share accepted"),
    "signature": _lt("Date, name, signature"),
    "contact_person": _lt("Contact"),
}


class QualityComplaintFormLabels(models.AbstractModel):
    _inherit = "quality.complaint.form.labels"

    @api.model
    def _label_tables(self):
        return [*super()._label_tables(), ("quality_complaint_purchase", LABELS)]


class ReportSupplierComplaint(models.AbstractModel):
    _name = "report.quality_complaint_purchase.supplier_complaint"
    _description = "Supplier Complaint"

    @api.model
    def _get_report_values(self, docids, data=None):
        labels = self.env["quality.complaint.form.labels"]
        chargebacks = self.env["quality.complaint.chargeback"].browse(docids)
        chargebacks.check_access("read")
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        pages = []
        for chargeback in chargebacks:
            form, language, lang = labels._form_of(
                chargeback.complaint_id.policy_id, "supplier"
            )
            if language == "both" and chargeback.partner_id.lang in installed:
                lang = (
                    chargeback.partner_id.lang
                )  # both languages on the labels, values in the supplier's
            # sudo: the form shows numbers of orders, receipts and bills the person
            # printing may not open
            pages.append(
                {
                    "doc": chargeback.with_context(lang=lang).sudo(),
                    "form": form,
                    **labels._voices(language, lang),
                }
            )
        return {
            "doc_ids": docids,
            "doc_model": chargebacks._name,
            "docs": chargebacks,
            "pages": pages,
            **labels._formatters(),
        }
