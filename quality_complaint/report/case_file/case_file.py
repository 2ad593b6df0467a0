"""Pages of a case file that no form covers: contents, lists of what was done, photos;
and the stamp with its page numbers.
"""

from io import BytesIO

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.pdf import PdfReader
from odoo.tools.translate import LazyTranslate

from ...tools import pages_of
from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["case file"] = {
    "title_case_file": _lt("Case File"),
    "case_contents": _lt("Contents"),
    "case_children": _lt("Complaints of the case"),
    "case_register": _lt("Complaint as received"),
    "case_steps": _lt("Steps, time limits and extensions"),
    "case_approvals": _lt("Approvals"),
    "case_correspondence": _lt("Replies and answers"),
    "case_letters": _lt("Letters to the customer"),
    "case_remedies": _lt("Remedies and documents"),
    "case_actions": _lt("Actions"),
    "case_action": _lt("Action"),
    "action_owner": _lt("Owner"),
    "action_evidence": _lt("What was done"),
    "action_effect": _lt("Verification"),
    "case_slips": _lt("Return slips"),
    "case_settlements": _lt("Settlement agreement"),
    "case_credit_notes": _lt("Credit notes"),
    "case_transfers": _lt("Returns and deliveries"),
    "case_inspections": _lt("Inspections of returned goods"),
    "case_photos": _lt("Photos"),
    "case_documents": _lt("Documents"),
    "case_complaint": _lt("Complaint"),
    "case_investigation": _lt("Investigation"),
    "case_reply": _lt("Reply"),
    "case_inspection": _lt("Inspection"),
    "case_revisit": _lt("Revisit"),
    "case_extension": _lt("Extension"),
    "our_company": _lt("Company"),
    "audience": _lt("Made for"),
    "audience_full": _lt("Audit and court: complete, with internal papers"),
    "audience_customer": _lt("The customer"),
    "printed_on": _lt("Printed on"),
    "printed_by": _lt("Printed by"),
    "pages": _lt("Pages"),
    "part": _lt("Part"),
    "unprinted": _lt("Files that are not printed; they are in the archive (zip)"),
    "file": _lt("File"),
    "belongs_to": _lt("Belongs to"),
    "file_other": _lt("cannot be shown on paper, in the zip"),
    "file_broken": _lt("cannot be printed (broken or locked), in the zip"),
    "step_revoked": _lt("does not count"),
    "happened_on": _lt("Happened on"),
    "recorded_on": _lt("Recorded on"),
    "by": _lt("By"),
    "case_stamps": _lt("Steps"),
    "case_limits": _lt("Time limits"),
    "case_extensions": _lt("Extensions"),
    "start_on": _lt("Counts from"),
    "first_due": _lt("First due"),
    "reason": _lt("Reason"),
    "new_date": _lt("New date"),
    "consent": _lt("Consent of the customer"),
    "decided": _lt("Decided by, on"),
    "subject": _lt("Decision about"),
    "role": _lt("Role"),
    "asked": _lt("Asked by, on"),
    "ceiling": _lt("Ceiling"),
    "decision": _lt("Decision"),
    "kind": _lt("Kind"),
    "sent_on": _lt("Sent on"),
    "sent_by": _lt("Sent by"),
    "content": _lt("Content"),
    "answer_words": _lt("Answer in words"),
    "lines": _lt("Lines"),
    "executed_on": _lt("Executed on"),
    "note": _lt("Note"),
    "measures": _lt("Reason and measures"),
    "ended": _lt("Cancelled or reopened because"),
    "signed": _lt("Agreement signed"),
    "letter_follows": _lt("see the letter"),
}

# by the engine that prints the forms: it has the glyphs of every language
STAMP = """<!DOCTYPE html><html><head><meta charset="utf-8"/><style>
body { margin: 0; font-family: Lato, 'Noto Sans CJK SC', sans-serif; font-size: 8px; line-height: 1.2; color: #333; }
div { text-align: right; } .next { page-break-after: always; } span { background: #fff; padding: 0 3px; }
</style></head><body>%s</body></html>"""  # noqa: E501


class ReportCaseFile(models.AbstractModel):
    _name = "report.quality_complaint.case_file"
    _description = "Pages of a Case File"

    @api.model
    def _get_report_values(self, docids, data=None):
        # reached by its address only: what it may show depends on for whom the file is
        # made
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Pages of a case file are printed with it: use the button “Case "
                    "file” of the complaint."
                )
            )
        labels = self.env["quality.complaint.form.labels"]
        complaint = self.env["quality.complaint"].browse(docids)
        complaint.ensure_one()
        form, language, lang = labels._form_of(complaint.policy_id, "case_file")
        doc = complaint.with_context(lang=lang)
        page = {
            **labels._formatters(),
            **labels._voices(language, lang),
            **data,
        }
        return {
            "doc_ids": docids,
            "doc_model": complaint._name,
            "docs": complaint,
            "doc": doc,
            "form": form,
            "sections": [
                (
                    self._heading(section),
                    getattr(self, f"_section_{section}")(doc, page),
                )
                for section in data["sections"]
            ],
            **labels._formatters(),
            **labels._voices(language, lang),
        }

    @api.model
    def _heading(self, section):
        """Key of the label a section begins with."""
        return f"case_{section}"

    # === taking sections apart, numbering ===

    @api.model
    def _split(self, pdf, complaint, sections):
        """One PDF per section, by the bookmarks the engine makes of the headings.

        :return: {section: bytes}, empty when the headings are not found
        """
        _form, language, _lang = self.env["quality.complaint.form.labels"]._form_of(
            complaint.policy_id, "case_file"
        )
        label = self.env["quality.complaint.form.labels"]._labeller(language)
        reader = PdfReader(BytesIO(pdf))
        # the engine names pages by their index, as Odoo relies on when it splits
        # reports by record
        marks = [
            (" ".join(mark.title.split()), mark.page)
            for mark in reader.outline
            if not isinstance(mark, list) and isinstance(mark.page, int)
        ]
        starts, position = [], 0
        for section in sections:
            title = str(Markup(label(self._heading(section), inline=True)).unescape())
            position = next(
                (
                    number
                    for number, mark in enumerate(marks)
                    if number >= position and mark[0] == title
                ),
                None,
            )
            if position is None:
                return {}
            starts.append(marks[position][1])
        ends = [*starts[1:], len(reader.pages)]
        if starts[0] or any(
            end <= start for start, end in zip(starts, ends, strict=True)
        ):
            return {}
        return {
            section: pages_of(reader, start, end)
            for section, start, end in zip(sections, starts, ends, strict=True)
        }

    @api.model
    def _stamps(self, number, total, label):
        """A PDF with one stamp for each page of the case file.

        :param str number: of the complaint
        :param int total: pages of the case file
        """
        text = "%s · %s %%s/%s" % (escape(number), label("page", inline=True), total)  # noqa: UP031 -- a template for the numbers
        rows = Markup("").join(
            Markup('<div class="%s"><span>%s</span></div>')
            % ("next" if page < total else "", Markup(text) % page)
            for page in range(1, total + 1)
        )
        return self.env["ir.actions.report"]._run_wkhtmltopdf(
            [STAMP % rows], report_ref="quality_complaint.action_report_case_file_stamp"
        )

    # === sections: lists of blocks, either `cells` (rows of (label, value, columns)) or
    # a table with `columns` (label, width in %) and `rows` ===

    def _section_contents(self, doc, page):
        label, when = page["label"], page["when"]
        full = page["audience"] == "full"
        lines = doc.line_ids
        goods = "\n".join(
            dict.fromkeys(
                filter(
                    None,
                    (
                        line._label()
                        if line.product_id or line.lot_name or line.lot_id
                        else ""
                        for line in lines
                    ),
                )
            )
        )
        facts = [
            [("our_company", doc.company_id.name, 3), ("complaint_no", doc.name, 1)],
            [
                ("customer", doc.commercial_partner_id.name or doc.complainant, 3),
                ("customer_ref", doc.customer_ref, 1),
            ],
            [("product", goods, 5)],
            [("audience", label(f"audience_{page['audience']}", inline=True), 5)],
            [
                ("printed_on", when(fields.Datetime.now()), 1),
                (
                    "printed_by" if full else "handler",
                    (self.env.user if full else doc.user_id).name,
                    1,
                ),
                ("pages", str(page["total"]), 1),
            ],
        ]
        rows = []
        for number, row in enumerate(page["rows"], 1):
            title = Markup("<strong>%s</strong>") % label(row["title"], inline=True)
            rows.append(
                [
                    str(number),
                    title,
                    str(row["page"]) if row["page"] else label("none", inline=True),
                ]
            )
            rows += [
                ["", self._described(entry, page), str(at)]
                for entry, at in row["entries"]
            ]
        blocks = [
            {"cells": facts},
            {
                "columns": [("row", 6), ("part", 82), ("page", 12)],
                "rows": rows,
                "gap": True,
            },
        ]
        if page["unprinted"]:
            columns = [("file", 30), ("belongs_to", 35), ("date", 10), ("status", 25)]
            rows = [
                [
                    entry.name,
                    entry.owner,
                    page["day"](entry.file.create_date),
                    label(f"file_{entry.kind}", inline=True),
                ]
                for entry in page["unprinted"]
            ]
            blocks.append(
                {"bar": "unprinted", "columns": columns, "rows": rows, "gap": True}
            )
        return blocks

    def _described(self, entry, page):
        day = page["day"](entry.file.create_date)
        return Markup("%s<br/><span style='color: #555'>%s</span>") % (
            entry.name,
            ", ".join(filter(None, [str(entry.owner), day])),
        )

    def _section_children(self, doc, page):
        columns = [
            ("complaint_no", 18),
            ("customer", 30),
            ("received_on", 14),
            ("status", 18),
            ("closed_on", 20),
        ]
        rows = [
            [
                child.name,
                child.commercial_partner_id.name or child.complainant,
                page["day"](child.received_on),
                page["term"](child, "state"),
                page["when"](child.closed_on),
            ]
            for child in doc.child_ids
        ]
        return [{"columns": columns, "rows": rows}]

    def _section_register(self, doc, page):
        """What the customer gave or was told, and nothing else."""
        when, term = page["when"], page["term"]
        labels = self.env["quality.complaint.form.labels"]
        contact = labels._contact(doc)
        facts = [
            [
                ("complaint_no", doc.name, 1),
                ("received_on", when(doc.received_on), 1),
                ("handler", doc.user_id.name, 1),
            ],
            [
                ("customer", doc.commercial_partner_id.name, 3),
                ("customer_ref", doc.customer_ref, 1),
            ],
            [("contact", contact, 1), ("phone", doc.phone, 1), ("email", doc.email, 1)],
            [
                ("address", page["address"](doc.partner_id), 3),
                ("customer_due", when(doc.customer_due_on), 1),
            ],
        ]
        columns = [
            ("product", 34),
            ("lot", 20),
            ("delivery", 16),
            ("invoice", 16),
            ("contested", 14),
        ]
        goods = [
            [
                page["term"](line.product_id, "display_name"),
                line.lot_id.name or line.lot_name,
                line.picking_id.name,
                line.invoice_id.name,
                self._quantity(line, page),
            ]
            for line in doc.line_ids
        ]
        loss = doc.currency_id.format(doc.loss_amount) if doc.loss_amount else ""
        problem = [
            [("description", doc.description, 5)],
            [("usage", doc.usage_scene, 3), ("loss", loss, 1)],
            [
                (
                    "demand",
                    " – ".join(filter(None, [term(doc, "demand"), doc.demand_note])),
                    5,
                )
            ],
            *labels._particulars(doc, term, internal=False),
        ]
        return [
            {"cells": facts},
            {"bar": "goods_concerned", "columns": columns, "rows": goods, "gap": True},
            {"cells": problem, "gap": True},
        ]

    def _quantity(self, line, page):
        return (
            f"{page['num'](line.quantity)} {page['term'](line.product_uom_id, 'name')}"
        )

    def _revoked(self, row, page):
        """Said behind a step that does not count any more."""
        return (
            f" ({page['label']('step_revoked')}: {row.revoked_reason})"
            if row.revoked_on
            else ""
        )

    def _section_steps(self, doc, page):
        when, term = page["when"], page["term"]
        stamps = doc.deadline_ids.filtered(lambda row: not row.limit_id).sorted(
            lambda row: (row.done_on, row.id)
        )
        limits = doc.deadline_ids.filtered("limit_id").sorted(
            lambda row: (row.start_on or row.due_on, row.due_on, row.id)
        )
        blocks = [
            {
                "bar": "case_stamps",
                "columns": [
                    ("round", 7),
                    ("step", 37),
                    ("happened_on", 18),
                    ("recorded_on", 18),
                    ("by", 20),
                ],
                "rows": [
                    [
                        str(row.round),
                        term(row.milestone_id, "name") + self._revoked(row, page),
                        when(row.done_on),
                        when(row.recorded_on),
                        row.done_by_id.name,
                    ]
                    for row in stamps
                ],
            },
            {
                "bar": "case_limits",
                "columns": [
                    ("round", 7),
                    ("step", 21),
                    ("start_on", 12),
                    ("first_due", 12),
                    ("due_on", 12),
                    ("done_on", 12),
                    ("status", 9),
                    ("late_reason", 15),
                ],
                "rows": [
                    [
                        str(row.round),
                        term(row.limit_id, "name") or term(row.milestone_id, "name"),
                        when(row.start_on),
                        when(row.extended_from),
                        when(row.due_on),
                        when(row.done_on),
                        term(row, "state"),
                        row.late_reason,
                    ]
                    for row in limits
                ],
                "gap": True,
            },
        ]
        extensions = doc.deadline_ids.extension_ids.sorted("id")
        if extensions:
            columns = [
                ("step", 16),
                ("reason", 20),
                ("first_due", 12),
                ("new_date", 12),
                ("status", 9),
                ("consent", 19),
                ("decided", 12),
            ]
            rows = [
                [
                    term(row.deadline_id.limit_id, "name")
                    or term(row.deadline_id.milestone_id, "name"),
                    row.reason,
                    when(row.first_due_on),
                    when(row.due_on),
                    term(row, "state"),
                    self._joined(
                        row.consent_by, when(row.consent_on), row.consent_note
                    ),
                    self._joined(row.decided_by_id.name, when(row.decided_on)),
                ]
                for row in extensions
            ]
            blocks.append(
                {
                    "bar": "case_extensions",
                    "columns": columns,
                    "rows": rows,
                    "gap": True,
                }
            )
        reasons = [
            reason
            for reason in (
                doc.reopen_reason,
                self._joined(term(doc, "cancel_kind"), doc.cancel_reason),
            )
            if reason
        ]
        return (
            blocks
            + [{"cells": [[("ended", reason, 5)] for reason in reasons], "gap": True}]
            if reasons
            else blocks
        )

    def _joined(self, *texts):
        return "\n".join(filter(None, texts))

    def _section_approvals(self, doc, page):
        when, term = page["when"], page["term"]
        columns = [
            ("round", 6),
            ("subject", 12),
            ("role", 13),
            ("asked", 15),
            ("amount", 11),
            ("ceiling", 16),
            ("decision", 9),
            ("decided", 15),
        ]
        rows = [
            [
                str(row.round),
                term(row, "subject"),
                term(row.role_id, "name"),
                self._joined(row.requested_by_id.name, when(row.requested_on)),
                row.currency_id.format(row.amount) if row.amount else "",
                row.ceiling_text,
                self._joined(term(row, "state"), row.reason),
                self._joined(row.decided_by_id.name, when(row.decided_on)),
            ]
            for row in doc.approval_ids.sorted(lambda row: (row.requested_on, row.id))
        ]
        return [{"columns": columns, "rows": rows}]

    def _section_correspondence(self, doc, page):
        when, term, label = page["when"], page["term"], page["label"]
        columns = [
            ("sent_on", 13),
            ("kind", 11),
            ("reply_way", 9),
            ("sent_by", 11),
            ("content", 26),
            ("answer", 12),
            ("answer_words", 18),
        ]
        rows = [
            [
                when(row.sent_on),
                term(row, "kind"),
                term(row, "method"),
                row.sent_by_id.name,
                Markup("%s<br/>%s")
                % (
                    row.subject or "",
                    (row.body or "")
                    if row.method == "oral"
                    else label("letter_follows", inline=True),
                ),
                self._joined(term(row, "answer"), when(row.answered_on)),
                row.answer_note,
            ]
            for row in doc._case_file_replies(page["audience"])
        ]
        return [{"columns": columns, "rows": rows}]

    def _section_actions(self, doc, page):
        when, term = page["when"], page["term"]
        columns = [
            ("case_action", 22),
            ("kind", 10),
            ("action_owner", 11),
            ("due_on", 11),
            ("done_on", 11),
            ("action_evidence", 17),
            ("action_effect", 18),
        ]
        rows = [
            [
                row.name,
                term(row, "kind"),
                row.user_id.name,
                self._joined(
                    when(row.due_on),
                    when(row.extended_from) and f"({when(row.extended_from)})",
                ),
                when(row.done_on),
                row.evidence,
                self._joined(
                    term(row, "state"),
                    row.verified_by_id.name,
                    row.effect_note or row.cancel_reason,
                ),
            ]
            for row in doc.action_ids
        ]
        return [{"columns": columns, "rows": rows}]

    def _section_remedies(self, doc, page):
        when = page["when"]
        columns = [
            ("remedy", 30),
            ("amount", 12),
            ("lines", 28),
            ("documents", 18),
            ("status", 12),
        ]
        rows = [
            [
                self._joined(
                    remedy.description,
                    remedy.note,
                    remedy.department_id.name,
                    remedy.user_id.name,
                    when(remedy.due_on),
                ),
                remedy.currency_id.format(remedy.amount_company)
                if remedy.amount_company
                else "",
                "\n".join(
                    self._joined(line._in_words(), line.basis, line.evidence)
                    for line in remedy.line_ids
                    if not remedy._without_lines()
                ),
                self._joined(remedy.progress, self._signed(remedy, page)),
                self._joined(page["term"](remedy, "state"), when(remedy.executed_on)),
            ]
            for remedy in doc.remedy_ids
        ]
        return [{"columns": columns, "rows": rows}]

    def _signed(self, remedy, page):
        if not remedy.agreement_signed_on:
            return ""
        signed = ", ".join(
            filter(
                None,
                [remedy.agreement_signed_by, page["day"](remedy.agreement_signed_on)],
            )
        )
        return f"{page['label']('signed', inline=True)}: {signed}"

    def _section_inspections(self, doc, page):
        columns = [
            ("receipt", 14),
            ("product", 16),
            ("lot_found", 10),
            ("received_quantity", 10),
            ("condition", 14),
            ("disposition", 11),
            ("note", 13),
            ("checked_by", 12),
        ]
        label, term = page["label"], page["term"]
        rows = [
            [
                row.picking_id.name,
                term(row.product_id, "display_name"),
                row.lot_id.name,
                self._quantity(row, page),
                self._joined(
                    term(row, "condition"),
                    str(label("no_fault", inline=True)) if row.no_fault_found else "",
                ),
                term(row, "disposition"),
                row.note,
                self._joined(row.inspected_by_id.name, page["when"](row.inspected_on)),
            ]
            for row in doc.inspection_ids
        ]
        return [{"columns": columns, "rows": rows}]

    def _section_photos(self, doc, page):
        return [
            {
                "photo": photo["source"],
                "caption": ", ".join(
                    filter(
                        None,
                        [
                            photo["name"],
                            str(photo["owner"]),
                            page["day"](photo["date"]),
                        ],
                    )
                ),
                "break": number,
            }
            for number, photo in enumerate(page["photos"])
        ]
