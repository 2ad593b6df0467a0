"""Report of a visit, customer registration card, contact letter."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["service papers"] = {
    "title_service": _lt("Customer Service Report"),
    "title_requirement": _lt("Customer Registration Card"),
    "title_contact_letter": _lt("Contact Letter"),
    "part_service": _lt("1. Visit"),
    "part_service_result": _lt("2. Result"),
    "part_service_signatures": _lt("3. Signatures"),
    "part_requirement": _lt("1. Requirement"),
    "part_requirement_decision": _lt("2. Decision"),
    "part_requirement_agreement": _lt("3. Agreement of three parties"),
    "part_requirement_signatures": _lt("4. Signatures"),
    "part_letter": _lt("1. Letter"),
    "part_letter_answer": _lt("2. Answer"),
    "part_letter_signatures": _lt("3. Signatures"),
    "service_subject": _lt("Subject"),
    "service_kind": _lt("Kind"),
    "done_by": _lt("Done by"),
    "together_with": _lt("Together with"),
    "purpose": _lt("Occasion"),
    "service_findings": _lt("Findings"),
    "service_needs": _lt("Needs and use"),
    "service_suggestion": _lt("Suggestion of the customer"),
    "feedback_no": _lt("Feedback No."),
    "sign_done_by": _lt("Signature of who was there"),
    "customer_requirement": _lt("Requirement of the customer"),
    "our_proposal": _lt("Our proposal"),
    "recorded_by": _lt("Recorded by"),
    "requirement_decision": _lt("Decision taken"),
    "decided_by": _lt("Decided by"),
    "requirement_supplier": _lt("Supplier"),
    "agreement": _lt("What was agreed"),
    "confirmed_by_customer": _lt("Confirmed by the customer"),
    "confirmed_by_supplier": _lt("Confirmed by the supplier"),
    "from_department": _lt("From"),
    "to_department": _lt("To"),
    "answer_until": _lt("Answer until"),
    "letter_text": _lt("Text"),
    "letter_answer": _lt("Answer"),
    "answered_on": _lt("Answered on"),
    "sign_writer": _lt("Written by"),
    "sign_answerer": _lt("Answered by"),
}


class ReportService(models.AbstractModel):
    _name = "report.quality_complaint.service_report"
    _description = "Customer Service Report"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "service"
    _form_model = "quality.complaint.service"

    @api.model
    def _prepare_page(self, doc, page):
        day = page["day"]
        days = " – ".join(filter(None, (day(doc.planned_on), day(doc.planned_to))))
        people = ", ".join(
            filter(None, (*doc.participant_ids.mapped("name"), doc.guests))
        )
        return {
            "title": "title_service",
            "number": doc.complaint_id.name or "",
            "parts": [
                {
                    "part": "part_service",
                    "fields": [
                        [
                            ("service_subject", doc.name, 3),
                            ("service_kind", page["term"](doc, "kind"), 1),
                        ],
                        [
                            ("customer", doc.partner_id.display_name, 3),
                            ("spoken_with", doc.contact, 1),
                        ],
                        [
                            (
                                "product",
                                page["term"](doc.product_id, "display_name"),
                                3,
                            ),
                            ("place", doc.place, 1),
                        ],
                        [
                            ("date", days, 1),
                            ("done_by", doc.user_id.name, 1),
                            ("together_with", people, 1),
                        ],
                        [("purpose", doc.purpose, 5)],
                    ],
                },
                {
                    "part": "part_service_result",
                    "height": 60,
                    "fields": [
                        [("service_findings", doc.findings, 5)],
                        [("service_needs", doc.needs, 5)],
                        [("service_suggestion", doc.suggestion, 5)],
                        [("feedback_no", doc.feedback_id.name, 5)],
                    ],
                },
            ],
            "signing": "part_service_signatures",
            "signers": [
                ("sign_customer", doc.contact or "", "", False),
                ("sign_done_by", doc.user_id.name or "", "", False),
            ],
        }


class ReportCustomerRequirement(models.AbstractModel):
    _name = "report.quality_complaint.customer_requirement"
    _description = "Customer Registration Card"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "requirement"
    _form_model = "quality.complaint.customer.requirement"

    @api.model
    def _prepare_page(self, doc, page):
        day, term = page["day"], page["term"]

        def confirmed(who):
            return ", ".join(
                filter(
                    None,
                    (doc[f"{who}_confirmed_by"], day(doc[f"{who}_confirmed_on"])),
                )
            )

        return {
            "title": "title_requirement",
            "number": "",
            "parts": [
                {
                    "part": "part_requirement",
                    "fields": [
                        [
                            ("service_subject", doc.name, 3),
                            ("service_kind", term(doc, "kind"), 1),
                        ],
                        [
                            ("customer", doc.partner_id.display_name, 3),
                            ("date", day(doc.date), 1),
                        ],
                        [
                            ("product", term(doc.product_id, "display_name"), 3),
                            ("recorded_by", doc.user_id.name, 1),
                        ],
                        [("customer_requirement", doc.requirement, 5)],
                        [("our_proposal", doc.proposal, 5)],
                    ],
                },
                {
                    "part": "part_requirement_decision",
                    "fields": [
                        [
                            (
                                "requirement_decision",
                                "\n".join(
                                    filter(
                                        None, (term(doc, "state"), doc.decision_note)
                                    )
                                )
                                if doc.decided_on
                                else "",
                                5,
                            )
                        ],
                        [
                            ("decided_by", doc.decided_by_id.name, 3),
                            ("date", day(doc.decided_on), 1),
                        ],
                    ],
                },
                {
                    "part": "part_requirement_agreement",
                    "fields": [
                        [("requirement_supplier", doc.supplier_id.display_name, 5)],
                        [("agreement", doc.agreement, 5)],
                        [
                            ("confirmed_by_customer", confirmed("customer"), 2),
                            ("confirmed_by_supplier", confirmed("supplier"), 2),
                        ],
                    ],
                },
            ],
            "signing": "part_requirement_signatures",
            "signers": [
                ("recorded_by", doc.user_id.name or "", day(doc.date), False),
                (
                    "decided_by",
                    doc.decided_by_id.name or "",
                    day(doc.decided_on),
                    False,
                ),
            ],
        }


class ReportContactLetter(models.AbstractModel):
    _name = "report.quality_complaint.contact_letter"
    _description = "Contact Letter"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "contact_letter"
    _form_model = "quality.complaint.contact.letter"

    @api.model
    def _prepare_page(self, doc, page):
        when, term = page["when"], page["term"]
        return {
            "title": "title_contact_letter",
            "number": doc.name or "",
            "parts": [
                {
                    "part": "part_letter",
                    "fields": [
                        [
                            (
                                "from_department",
                                term(doc.from_department_id, "name"),
                                1,
                            ),
                            ("to_department", term(doc.to_department_id, "name"), 1),
                            ("answer_until", when(doc.due_on), 1),
                        ],
                        [
                            ("service_subject", doc.subject, 3),
                            ("complaint_no", doc.complaint_id.name, 1),
                        ],
                        [
                            ("customer", doc.partner_id.display_name, 3),
                            ("order", doc.sale_order_id.name, 1),
                        ],
                        [("letter_text", doc.body, 5)],
                    ],
                },
                {
                    "part": "part_letter_answer",
                    "height": 80,
                    "fields": [
                        [("letter_answer", doc.answer, 5)],
                        [("answered_on", when(doc.done_on), 5)],
                    ],
                },
            ],
            "signing": "part_letter_signatures",
            "signers": [
                ("sign_writer", doc.from_user_id.name, page["day"](doc.sent_on), False),
                (
                    "sign_answerer",
                    doc.answered_by_id.name or "",
                    page["day"](doc.done_on),
                    False,
                ),
            ],
        }
