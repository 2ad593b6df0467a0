"""Labels of the printed forms, in one language or in both side by side."""

import re
from functools import partial

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate, code_translations

from ..tools import printed_day, printed_moment

_lt = LazyTranslate(__name__)

# labels by the form that brings them; a key is in one table only
TABLES = {}
TABLES["registration form"] = {
    "title_registration": _lt("Complaint Registration and Handling Form"),
    "title_reply": _lt("Reply Letter"),
    "document_no": _lt("Document No."),
    "revision": _lt("Revision"),
    "effective": _lt("Effective from"),
    "page": _lt("Page"),
    "part_receipt": _lt("1. Receipt"),
    "part_goods": _lt("2. Goods complained of"),
    "part_problem": _lt("3. Problem and demand"),
    "part_judgement": _lt("4. Assessment"),
    "part_investigation": _lt("5. Investigation"),
    "part_handling": _lt("6. Handling"),
    "part_reply": _lt("7. Reply and revisit"),
    "part_register": _lt("8. Follow-up register"),
    "part_signatures": _lt("9. Countersignatures"),
    "made_on": _lt("Produced or received on"),
    "came_back": _lt("Came back"),
    "cost": _lt("Cost booked"),
    "cost_planned": _lt("Cost planned"),
    "approval_limit": _lt("Approval limit"),
    "complaint_no": _lt("Complaint No."),
    "type": _lt("Type"),
    "channel": _lt("Channel"),
    "received_on": _lt("Received on"),
    "registered_on": _lt("Registered on"),
    "received_by": _lt("Received by"),
    "responded_on": _lt("First response"),
    "handler": _lt("Handler"),
    "customer": _lt("Customer"),
    "contact": _lt("Contact"),
    "phone": _lt("Phone"),
    "email": _lt("E-mail"),
    "address": _lt("Address"),
    "customer_ref": _lt("Customer's complaint No."),
    "customer_due": _lt("Customer wants answer by"),
    "product": _lt("Product"),
    "lot": _lt("Lot/serial No."),
    "order": _lt("Order"),
    "delivery": _lt("Delivery"),
    "invoice": _lt("Invoice"),
    "shipped_on": _lt("Shipped on"),
    "days_since": _lt("Days since shipment"),
    "sold": _lt("Shipped"),
    "contested": _lt("Contested"),
    "confirmed": _lt("Confirmed"),
    "unit": _lt("Unit"),
    "defect": _lt("Defect"),
    "value": _lt("Value"),
    "description": _lt("What happened"),
    "usage": _lt("Use"),
    "fax": _lt("Fax"),
    "happened_at": _lt("Where it happened"),
    "background": _lt("Background"),
    "improvement": _lt("Improvement proposal"),
    "lead_department": _lt("Lead department"),
    "adoption": _lt("Adopted or not"),
    "found_at": _lt("Found at"),
    "demand": _lt("Customer asks for"),
    "loss": _lt("Loss of the customer"),
    "severity": _lt("Severity"),
    "severity_reason": _lt("Reason"),
    "triggers": _lt("Circumstances"),
    "serious_event": _lt("Serious injury or death"),
    "repeat": _lt("Occurrence of this trouble"),
    "repeat_of": _lt("Repeats"),
    "repeats": _lt("Repeats"),
    "nth_contract": _lt("Which complaint of the same contract"),
    "nth_product": _lt("Which complaint of the same product"),
    "nth_fault": _lt("Which complaint of the same fault"),
    "validity": _lt("Valid complaint"),
    "validity_reason": _lt("Reason"),
    "investigator": _lt("Investigator"),
    "finding": _lt("Finding"),
    "result": _lt("Result"),
    "done_on": _lt("Done on"),
    "cause": _lt("Cause"),
    "root_cause": _lt("Root cause"),
    "responsible": _lt("Responsible party"),
    "remedy": _lt("Handling method"),
    "amount": _lt("Amount (untaxed)"),
    "documents": _lt("Documents"),
    "status": _lt("Status"),
    "approval": _lt("Approval"),
    "approved_by": _lt("Decided by"),
    "date": _lt("Date"),
    "reply_sent": _lt("Replied on"),
    "answer": _lt("Customer's answer"),
    "satisfaction": _lt("Satisfaction (0 to 100)"),
    "closed_on": _lt("Closed on"),
    "retain_until": _lt("Keep until"),
    "sales": _lt("Sales"),
    "quality": _lt("Quality"),
    "production": _lt("Production"),
    "finance": _lt("Finance"),
    "management": _lt("Management"),
    "none": _lt("none"),
    "our_ref": _lt("Our reference"),
    "your_ref": _lt("Your reference"),
    "goods_concerned": _lt("Goods concerned"),
    "total": _lt("Total"),
}


class QualityComplaintFormLabels(models.AbstractModel):
    _name = "quality.complaint.form.labels"
    _description = "Labels of Printed Forms"

    @api.model
    def _labeller(self, language):
        """A function giving a label's text by its key.

        :param str language: `en_US`, `zh_CN` or `both` (English above Chinese); other
            languages print what is translated
        :return: function(key, inline=False) → Markup; inline puts both languages on one
            line
        """
        texts = {}
        for module, labels in self._label_tables():
            chinese = code_translations.get_python_translations(module, "zh_CN")
            own = code_translations.get_python_translations(module, language)
            for key, text in labels.items():
                source = text._source
                texts[key] = (
                    source,
                    own.get(source, source),
                    chinese.get(source, source),
                )

        def label(key, inline=False):
            source, translated, second = texts[key]
            if language != "both":
                return escape(translated)
            if inline:
                return escape(f"{source} {re.sub(r'^[0-9]+[.] *', '', second)}")
            return Markup("%s<br/>%s") % (escape(source), escape(second))

        return label

    @api.model
    def _label_tables(self):
        """Labels and the addon they are translated in; bridges append theirs.

        :return: list of (module, {key: lazy text}); a key is in one table only
        """
        return [("quality_complaint", labels) for labels in TABLES.values()]

    @api.model
    def _moments(self, lang):
        """Functions for the templates: `when` and `day` say a moment or a day as a
        language does, in the user's time zone.

        :param str lang: code of the language
        """
        there = self.with_context(lang=lang).env
        return {
            "when": partial(printed_moment, there),
            "day": partial(printed_day, there),
        }

    @api.model
    def _formatters(self):
        """Functions for the templates: `when` and `day` (in the user's language, see
        `_moments`), `written_date` (in the record's language), `num`.
        """

        def written_date(record, value):
            return format_date(
                record.env,
                fields.Datetime.context_timestamp(
                    self, value or fields.Datetime.now()
                ).date(),
            )

        return {
            **self._moments(self.env.lang),
            "written_date": written_date,
            "contact": self._contact,
            "particulars": self._particulars,
            "address": lambda partner: ", ".join(
                filter(
                    None,
                    [
                        partner.street,
                        partner.street2,
                        partner.zip,
                        partner.city,
                        partner.state_id.name,
                        partner.country_id.name,
                    ],
                )
            ),
            "num": lambda value: f"{value:.12g}",
        }

    @api.model
    def _contact(self, doc):
        """Whom to speak to: who complains, and the contact person."""
        named = ", ".join(filter(None, (doc.complainant, doc.contact_name)))
        own = doc.partner_id != doc.commercial_partner_id
        return named or (doc.partner_id.name if own else "")

    @api.model
    def _particulars(self, doc, term, internal=True):
        """What some regimes ask beyond the fields of the form, as far as something is
        said.

        :param doc: a complaint that whoever prints may read
        :param term: says a field in the languages of the form
        :param bool internal: with what is for us only
        :return: rows of the form, each a list of one cell
        """
        complaint = doc.sudo()  # sudo: printed for whoever may print the file
        values = [
            ("address", complaint.address),
            ("fax", complaint.fax),
            ("happened_at", complaint.place),
        ]
        own = [
            ("lead_department", term(complaint.department_id, "name")),
            ("background", complaint.background),
            ("improvement", complaint.improvement_proposal),
            (
                "adoption",
                " – ".join(
                    filter(
                        None, (term(complaint, "adoption"), complaint.adoption_reason)
                    )
                ),
            ),
        ]
        values += own if internal else []
        return [[(key, value, 5)] for key, value in values if value]

    @api.model
    def _form_of(self, policy, code):
        """Document control of a form and the language to print it in;
        `complaint_form_language` in the context asks for another one.

        :return: (`quality.complaint.form`, language code or `both`, language of the
            values)
        """
        form = policy._form(code)
        language = (
            self.env.context.get("complaint_form_language") or form.language or "both"
        )
        if language == "user":
            language = self.env.lang or "en_US"
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        values = language if language in installed else self.env.lang
        return form, language, values


class ReportRegistrationForm(models.AbstractModel):
    _name = "report.quality_complaint.registration_form"
    _description = "Complaint Registration and Handling Form"

    @api.model
    def _get_report_values(self, docids, data=None):
        labels = self.env["quality.complaint.form.labels"]
        complaints = self.env["quality.complaint"].browse(docids)
        # who only reported a complaint does not read what was found, or answered on
        # injuries
        self.env["quality.complaint.investigation"].check_access("read")
        pages = []
        for complaint in complaints:
            form, language, lang = labels._form_of(complaint.policy_id, "registration")
            # sudo: the form shows numbers of deliveries and invoices the person
            # printing may not open
            complaint.check_access("read")
            pages.append(
                {
                    "doc": complaint.with_context(lang=lang).sudo(),
                    "form": form,
                    **labels._voices(language, lang),
                }
            )
        return {
            "doc_ids": docids,
            "doc_model": "quality.complaint",
            "docs": complaints,
            "pages": pages,
            # sudo: as above
            "made": self.env["quality.complaint.lot.facts"]
            .sudo()
            ._production_dates(complaints.sudo().line_ids.lot_id),
            "came_back": self._came_back,
            **labels._formatters(),
        }

    def _came_back(self, line, term):
        """How much of what was delivered came back, as text with its unit; goods count
        with the return that brought them, not again with the remedy that uses them.
        """
        quantity = sum(
            remedy_line.product_uom_id._compute_quantity(
                remedy_line._returned(), line.product_uom_id, round=False
            )
            for remedy_line in line.complaint_id.remedy_ids.line_ids
            if remedy_line.complaint_line_id == line and remedy_line.product_uom_id
        )
        return (
            f"{quantity:.12g} {term(line.product_uom_id, 'name')}" if quantity else ""
        )
