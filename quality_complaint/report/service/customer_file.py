"""The customer's quality file: what they want, what they complained of, how content
they are, who visited them (000-H, 000-J 3.1).
"""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["customer file"] = {
    "title_customer_file": _lt("Customer Quality File"),
    "part_customer": _lt("1. Customer"),
    "part_customer_requirements": _lt("2. Requirements"),
    "part_customer_complaints": _lt("3. Complaints"),
    "part_customer_8d": _lt("4. 8D reports"),
    "part_customer_satisfaction": _lt("5. Satisfaction"),
    "part_customer_services": _lt("6. Visits, contacts and big events"),
    "part_customer_certificates": _lt("7. Certificates"),
    "customer_class": _lt("Class"),
    "customer_since": _lt("First order on"),
    "salesperson": _lt("Salesperson"),
    "complaints_in_all": _lt("Complaints in all"),
    "complaints_open": _lt("Still open"),
    "complaints_last_year": _lt("In the last 12 months"),
    "certificate": _lt("Certificate"),
    "certificate_standard": _lt("Standard it meets"),
    "valid_until": _lt("Valid until"),
    "report_no": _lt("Report No."),
    "satisfaction_source": _lt("Asked by"),
    "satisfaction_score": _lt("Satisfaction score"),
    "satisfaction_said": _lt("What they said"),
    "asked_by_revisit": _lt("Revisit (0 to 100)"),
}
# the newest rows of each table
ROWS = 50


class ReportCustomerFile(models.AbstractModel):
    _name = "report.quality_complaint.customer_file"
    _description = "Customer Quality File"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "customer_file"
    _form_model = "res.partner"

    @api.model
    def _check_printable(self, docs):
        self.env["quality.complaint.customer.requirement"].check_access("read")
        return super()._check_printable(docs)

    @api.model
    def _form_pages(self, docs):
        # not in superuser mode: rows are those the reader may see
        return [self._form_page(doc.commercial_partner_id) for doc in docs.sudo(False)]

    @api.model
    def _company_of(self, doc):
        return self.env.company

    @api.model
    def _rows(self, model, doc, **options):
        """What the reader may see of a customer in the company, newest first."""
        rows = self.env[model].with_context(lang=doc.env.lang)
        if not rows.has_access("read"):
            return rows
        return rows.search(
            [
                ("commercial_partner_id", "=", doc.id),
                ("company_id", "in", [False, self.env.company.id]),
                *options.pop("domain", ()),
            ],
            limit=ROWS,
            **options,
        )

    @api.model
    def _prepare_page(self, doc, page):
        day, term = page["day"], page["term"]
        complaints = self._rows("quality.complaint", doc, order="received_on desc")
        everything = [
            ("commercial_partner_id", "=", doc.id),
            ("company_id", "=", self.env.company.id),
        ]
        count = self.env["quality.complaint"].search_count
        year = fields.Datetime.now() - relativedelta(years=1)
        address = doc._display_address(without_company=True)
        first = (
            self.env["sale.order"]
            .sudo()
            .search(  # sudo: only the day
                [
                    ("partner_id", "child_of", doc.id),
                    ("state", "=", "sale"),
                    ("company_id", "=", self.env.company.id),
                ],
                order="date_order",
                limit=1,
            )
        )
        return {
            "title": "title_customer_file",
            "number": doc.ref or "",
            "parts": [
                {
                    "part": "part_customer",
                    "fields": [
                        [
                            ("customer", doc.name, 3),
                            ("customer_class", doc.complaint_class or "", 1),
                        ],
                        [
                            ("address", " ".join(address.split()), 3),
                            ("phone", doc.phone, 1),
                        ],
                        [
                            ("salesperson", doc.user_id.name, 1),
                            ("customer_since", day(first.date_order), 1),
                            ("email", doc.email, 1),
                        ],
                        [
                            ("complaints_in_all", str(count(everything)), 1),
                            (
                                "complaints_last_year",
                                str(count([*everything, ("received_on", ">=", year)])),
                                1,
                            ),
                            (
                                "complaints_open",
                                str(
                                    count(
                                        [
                                            *everything,
                                            (
                                                "state",
                                                "not in",
                                                ("closed", "cancelled"),
                                            ),
                                        ]
                                    )
                                ),
                                1,
                            ),
                        ],
                    ],
                },
                {
                    "part": "part_customer_requirements",
                    "columns": [
                        ("date", 10), ("service_kind", 10), ("product", 18),
                        ("customer_requirement", 42), ("status", 20),
                    ],
                    "rows": [
                        [
                            day(row.date),
                            term(row, "kind"),
                            term(row.product_id, "display_name"),
                            f"{row.name}\n{row.requirement}",
                            term(row, "state"),
                        ]
                        for row in self._rows(
                            "quality.complaint.customer.requirement", doc
                        )
                    ],
                },
                {
                    "part": "part_customer_complaints",
                    "columns": [
                        ("received_on", 11), ("complaint_no", 15), ("product", 20),
                        ("defect", 16), ("severity", 14), ("status", 24),
                    ],
                    "rows": [
                        [
                            day(row.received_on),
                            row.name or "",
                            term(row.product_id, "display_name"),
                            term(row.defect_id, "name"),
                            term(row.severity_id, "name"),
                            term(row, "state"),
                        ]
                        for row in complaints
                    ],
                },
                {
                    "part": "part_customer_8d",
                    "columns": [
                        ("report_no", 25), ("service_subject", 50), ("status", 25),
                    ],
                    "rows": [
                        [report.name or "", report.display_name, term(report, "state")]
                        for report in complaints.eight_d_id
                    ],
                },
                {
                    "part": "part_customer_satisfaction",
                    "columns": [
                        ("date", 12), ("satisfaction_source", 23),
                        ("satisfaction_score", 15), ("satisfaction_said", 50),
                    ],
                    "rows": self._satisfaction(doc, page),
                },
                {
                    "part": "part_customer_services",
                    "columns": [
                        ("date", 11), ("service_kind", 14), ("done_by", 15),
                        ("service_subject", 22), ("service_findings", 38),
                    ],
                    "rows": [
                        [
                            day(row.planned_on),
                            term(row, "kind"),
                            row.user_id.name or "",
                            row.name,
                            row.findings or term(row, "state"),
                        ]
                        for row in self._rows(
                            "quality.complaint.service",
                            doc,
                            domain=[("state", "!=", "cancelled")],
                        )
                    ],
                },
                {
                    "part": "part_customer_certificates",
                    "columns": [
                        ("certificate", 35), ("certificate_standard", 25),
                        ("product", 25), ("valid_until", 15),
                    ],
                    "rows": [
                        [
                            row.display_name,
                            row.standard or "",
                            term(row.product_id, "display_name"),
                            day(row.valid_until),
                        ]
                        for row in self._rows("quality.complaint.certificate", doc)
                    ],
                },
            ],
        }  # fmt: skip

    @api.model
    def _satisfaction(self, doc, page):
        """Rows on how content the customer is; bridges add theirs."""
        label = page["label"]
        return [
            [
                page["day"](row.done_on),
                label("asked_by_revisit", inline=True),
                f"{row.score:.12g}",
                row.comment or "",
            ]
            for row in self._rows(
                "quality.complaint.revisit",
                doc,
                domain=[
                    ("state", "=", "done"),
                    ("result", "in", ("satisfied", "unsatisfied")),
                ],
                order="done_on desc",
            )
        ]
