"""Recall file and recall notice (form 15)."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["recall"] = {
    "title_recall_file": _lt("Recall File"),
    "title_recall_notice": _lt("Recall Notice"),
    "title_drill": _lt("Report of a Recall Drill"),
    "part_drill": _lt("1. Drill"),
    "part_drill_questions": _lt("4. Questions to colleagues"),
    "part_drill_end": _lt("5. Summary"),
    "part_drill_signatures": _lt("6. Signatures"),
    "drill_direction": _lt("Direction"),
    "drill_lots": _lt("Lots"),
    "drill_started": _lt("Started on"),
    "drill_traced": _lt("Lists complete on"),
    "drill_goal": _lt("Goal: time, mass balance"),
    "drill_reached": _lt("Reached: time, mass balance"),
    "drill_passed": _lt("Passed"),
    "drill_question": _lt("Question"),
    "drill_asked": _lt("Asked, on"),
    "drill_answer": _lt("Answer"),
    "drill_answered": _lt("Answered by, on"),
    "recall_suspect": _lt("Suspect lots"),
    "recall_complaint": _lt("Complaint No."),
    "recall_used": _lt("Was used"),
    "recall_elsewhere": _lt("Went elsewhere"),
    "recall_unknown": _lt("Not known"),
    "part_recall": _lt("1. Recall"),
    "part_recall_lots": _lt("2. Lots and mass balance"),
    "part_recall_recipients": _lt("3. Consignees"),
    "part_recall_times": _lt("4. Times and reports to the authority"),
    "part_recall_checks": _lt("5. Effectiveness checks"),
    "part_recall_end": _lt("6. Destruction and summary"),
    "part_recall_signatures": _lt("7. Signatures"),
    "part_notice_goods": _lt("1. Goods recalled"),
    "part_notice_what": _lt("2. Defect, hazard and what to do"),
    "part_notice_answer": _lt("3. Your answer"),
    "part_notice_signatures": _lt("4. Signatures"),
    "recall_no": _lt("Recall No."),
    "recall_class": _lt("Class"),
    "recall_goods": _lt("Goods"),
    "recall_strategy": _lt("How far"),
    "recall_hazard": _lt("Defect and hazard"),
    "recall_instruction": _lt("What to do with the goods"),
    "recall_contact": _lt("Contact"),
    "recall_decided": _lt("Decided by, on"),
    "recall_started": _lt("First notice on"),
    "recall_finished": _lt("Finished on"),
    "recall_ratios": _lt("Notified, confirmed, recovered"),
    "recall_balance": _lt("Mass balance"),
    "recall_made": _lt("Came in"),
    "recall_was_here": _lt("Was here"),
    "recall_was_out": _lt("Was at customers"),
    "recall_recovered": _lt("Recovered"),
    "recall_destroyed": _lt("Destroyed"),
    "recall_unexplained": _lt("Unaccounted for"),
    "recall_notified": _lt("Notified on, by"),
    "recall_confirmed": _lt("Confirmed on, by"),
    "recall_stated": _lt("Used, in stock, passed on"),
    "recall_what": _lt("Time or report"),
    "recall_done_on": _lt("Done on, by"),
    "recall_reported": _lt("What was reported"),
    "recall_arrived": _lt("Notice arrived"),
    "recall_acted": _lt("Acted on it"),
    "recall_destruction": _lt("Destruction"),
    "recall_witnesses": _lt("Witnesses"),
    "recall_why": _lt("Why something is unaccounted for"),
    "recall_summary": _lt("Summary of the recall"),
    "sign_recall_lead": _lt("Led by"),
    "sign_recall_decided": _lt("Decided by"),
    "sign_recall_closed": _lt("Reviewed by Quality"),
    "notice_used": _lt("Used or sold"),
    "notice_stock": _lt("In stock, put aside"),
    "notice_passed": _lt("Passed on, to whom"),
    "sign_recipient": _lt("Consignee"),
}


class ReportRecallFile(models.AbstractModel):
    _name = "report.quality_complaint.recall_file"
    _description = "Recall File"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "recall"
    _form_model = "quality.complaint.recall"

    @api.model
    def _prepare_page(self, doc, page):
        if doc.kind == "drill":
            return self._prepare_drill(doc, page)
        day = page["day"]
        return {
            "title": "title_recall_file",
            "number": doc.name or "",
            "signing": "part_recall_signatures",
            "signers": [
                ("sign_recall_lead", doc.user_id.name, "", False),
                (
                    "sign_recall_decided",
                    doc.decided_by_id.name or "",
                    day(doc.decided_on),
                    False,
                ),
                ("sign_recall_closed", "", day(doc.closed_on), False),
            ],
            "parts": self._recall_parts(doc, page),
        }

    @api.model
    def _recall_parts(self, doc, page):
        day, when, term = page["day"], page["when"], page["term"]
        return [
            {
                "part": "part_recall",
                "fields": [
                    [
                        ("recall_no", doc.name, 1),
                        ("recall_class", term(doc.class_id, "name"), 3),
                    ],
                    [
                        ("recall_goods", term(doc, "name_of_goods"), 3),
                        ("recall_strategy", term(doc, "strategy"), 1),
                    ],
                    [
                        (
                            "recall_suspect",
                            ", ".join(doc.root_lot_ids.mapped("name")),
                            3,
                        ),
                        ("recall_complaint", doc.complaint_id.name or "", 1),
                    ],
                    [("recall_hazard", term(doc, "hazard"), 5)],
                    [("recall_instruction", term(doc, "instruction"), 5)],
                    [
                        (
                            "recall_decided",
                            _both(doc.decided_by_id.name, when(doc.decided_on)),
                            1,
                        ),
                        ("recall_started", when(doc.started_on), 1),
                        ("recall_finished", when(doc.finished_on), 1),
                    ],
                    [
                        (
                            "recall_ratios",
                            " / ".join(
                                f"{doc[name]:.1f} %"
                                for name in (
                                    "notified_percent",
                                    "confirmed_percent",
                                    "recovered_percent",
                                )
                            ),
                            3,
                        ),
                        ("recall_balance", f"{doc.explained_percent:.1f} %", 1),
                    ],
                    [("recall_contact", doc.contact, 5)],
                ],
            },
            {
                "part": "part_recall_lots",
                "columns": [
                    ("product", 14),
                    ("lot", 12),
                    ("recall_made", 9),
                    ("recall_was_here", 9),
                    ("recall_was_out", 10),
                    ("recall_used", 8),
                    ("recall_elsewhere", 9),
                    ("recall_unexplained", 12),
                    ("recall_recovered", 8),
                    ("recall_destroyed", 9),
                ],
                "rows": [
                    [
                        row.product_id.display_name,
                        row.lot_id.name,
                        *(
                            f"{row[name]:.12g} {row.product_uom_id.name}"
                            for name in (
                                "in_quantity",
                                "here_quantity",
                                "shipped_quantity",
                                "consumed_quantity",
                                "other_quantity",
                                "unexplained_quantity",
                                "recovered_quantity",
                                "destroyed_quantity",
                            )
                        ),
                    ]
                    for row in doc.lot_ids
                ],
            },
            {
                "part": "part_recall_recipients",
                "columns": [
                    ("customer", 17),
                    ("recall_contact", 16),
                    ("lot", 14),
                    ("recall_notified", 11),
                    ("recall_confirmed", 12),
                    ("recall_stated", 13),
                    ("recall_recovered", 9),
                    ("recall_unknown", 8),
                ],
                "rows": [
                    [
                        " ← ".join(filter(None, (row.name, row.parent_id.name))),
                        _both(row.phone, row.email),
                        "\n".join(
                            f"{line.lot_id.name}: {line.shipped_quantity:.12g} "
                            f"{line.product_uom_id.name}"
                            for line in row.line_ids
                        ),
                        _both(when(row.notified_on), term(row, "notified_by")),
                        _both(when(row.confirmed_on), row.confirmed_by),
                        "\n".join(
                            " / ".join(
                                f"{line[name]:.12g}"
                                for name in (
                                    "used_quantity",
                                    "stock_quantity",
                                    "passed_quantity",
                                )
                            )
                            for line in row.line_ids
                        )
                        + "".join(
                            f"\n{text}"
                            for text in filter(
                                None, (*row.line_ids.mapped("passed_to"), row.remark)
                            )
                        )
                        if row.confirmed_on
                        else row.remark or "",
                        f"{row.recovered_quantity:.12g}",
                        f"{row.unknown_quantity:.12g}",
                    ]
                    for row in doc.consignee_ids
                ],
            },
            {
                "part": "part_recall_times",
                "columns": [
                    ("recall_what", 26),
                    ("due_on", 16),
                    ("recall_done_on", 24),
                    ("recall_reported", 34),
                ],
                "rows": [
                    [
                        term(row, "kind"),
                        when(row.due_on),
                        _both(when(row.done_on), row.done_by_id.name),
                        row.text or "",
                    ]
                    for row in doc.report_ids
                ],
            },
            {
                "part": "part_recall_checks",
                "columns": [
                    ("customer", 32),
                    ("date", 14),
                    ("recall_arrived", 12),
                    ("recall_acted", 12),
                    ("remark", 30),
                ],
                "rows": [
                    [
                        row.consignee_id.name or "",
                        _both(day(row.checked_on), row.user_id.name),
                        page["label"]("yes" if row.arrived else "no", inline=True),
                        page["label"]("yes" if row.acted else "no", inline=True),
                        row.note or "",
                    ]
                    for row in doc.check_ids
                ],
            },
            {
                "part": "part_recall_end",
                "fields": [
                    [("recall_destruction", doc.destruction, 5)],
                    [("recall_witnesses", doc.witnesses, 5)],
                    [("recall_why", doc.unexplained_reason, 5)],
                    [("recall_summary", doc.conclusion, 5)],
                ],
            },
        ]

    @api.model
    def _prepare_drill(self, doc, page):
        """The report of a drill: the goal, the clock, the lists, who answered what."""
        day, when, term, label = (
            page[name] for name in ("day", "when", "term", "label")
        )
        recall = {part["part"]: part for part in self._recall_parts(doc, page)}
        lists = [recall["part_recall_lots"], recall["part_recall_recipients"]]
        lists[1] = {
            **lists[1],
            "columns": [("customer", 40), ("recall_contact", 30), ("lot", 30)],
            "rows": [row[:3] for row in lists[1]["rows"]],
        }
        return {
            "title": "title_drill",
            "number": doc.name or "",
            "signing": "part_drill_signatures",
            "signers": [
                ("sign_recall_lead", doc.user_id.name, day(doc.closed_on), False),
                ("sign_recall_closed", "", "", False),
            ],
            "parts": [
                {
                    "part": "part_drill",
                    "fields": [
                        [
                            ("recall_no", doc.name, 1),
                            ("drill_direction", term(doc, "direction"), 3),
                        ],
                        [
                            (
                                "drill_lots",
                                ", ".join(doc.root_lot_ids.mapped("name")),
                                5,
                            )
                        ],
                        [
                            ("drill_started", when(doc.started_on), 1),
                            ("drill_traced", when(doc.traced_on), 1),
                            ("recall_finished", when(doc.finished_on), 1),
                        ],
                        [
                            (
                                "drill_goal",
                                f"{doc.goal_hours:.12g} h, {doc.goal_percent:.12g} %",
                                1,
                            ),
                            (
                                "drill_reached",
                                _reached(doc),
                                1,
                            ),
                            (
                                "drill_passed",
                                label("yes" if doc.is_passed else "no", inline=True),
                                1,
                            ),
                        ],
                    ],
                },
                *lists,
                {
                    "part": "part_drill_questions",
                    "columns": [
                        ("drill_question", 34),
                        ("drill_asked", 20),
                        ("drill_answer", 28),
                        ("drill_answered", 18),
                    ],
                    "rows": [
                        [
                            row.name,
                            _both(row.user_id.name, when(row.asked_on)),
                            row.answer or "",
                            _both(row.answered_by_id.name, when(row.answered_on)),
                        ]
                        for row in doc.question_ids
                    ],
                },
                {
                    "part": "part_drill_end",
                    "fields": [[("recall_summary", doc.conclusion, 5)]],
                },
            ],
        }


def _reached(drill):
    return f"{drill.hours_used:.2f} h, {drill.explained_percent:.1f} %"


def _both(first, second):
    return ", ".join(filter(None, (first, second)))


class ReportRecallNotice(models.AbstractModel):
    _name = "report.quality_complaint.recall_notice"
    _description = "Recall Notice"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "recall"
    _form_model = "quality.complaint.recall.consignee"

    @api.model
    def _prepare_page(self, doc, page):
        recall, term = doc.recall_id, page["term"]
        return {
            "title": "title_recall_notice",
            "number": recall.name or "",
            "signing": "part_notice_signatures",
            "signers": [
                ("sign_recall_lead", recall.user_id.name, "", False),
                ("sign_recipient", "", "", False),
            ],
            "parts": [
                {
                    "part": "part_notice_goods",
                    "columns": [("product", 50), ("lot", 25), ("quantity", 25)],
                    "rows": [
                        [
                            line.product_id.display_name,
                            line.lot_id.name,
                            f"{line.shipped_quantity:.12g} {line.product_uom_id.name}",
                        ]
                        for line in doc.line_ids
                    ],
                },
                {
                    "part": "part_notice_what",
                    "fields": [
                        [("customer", doc.name, 3), ("recall_no", recall.name, 1)],
                        [("recall_goods", term(recall, "name_of_goods"), 5)],
                        [("recall_hazard", term(recall, "hazard"), 5)],
                        [("recall_instruction", term(recall, "instruction"), 5)],
                        [("recall_contact", recall.contact, 5)],
                    ],
                },
                {
                    "part": "part_notice_answer",
                    "columns": [
                        ("lot", 25),
                        ("notice_used", 20),
                        ("notice_stock", 20),
                        ("notice_passed", 35),
                    ],
                    "rows": [
                        [
                            line.lot_id.name,
                            *(
                                f"{line[name]:.12g}" if doc.confirmed_on else ""
                                for name in ("used_quantity", "stock_quantity")
                            ),
                            _both(f"{line.passed_quantity:.12g}", line.passed_to)
                            if doc.confirmed_on
                            else "",
                        ]
                        for line in doc.line_ids
                    ],
                },
            ],
        }
