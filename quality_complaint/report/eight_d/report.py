"""Form 5: the 8D report, for a customer or for ourselves, up to the step it is issued
for.
"""

import re

from markupsafe import Markup

from odoo import api, models

from ...models.eight_d.eight_d import HIGHEST_SCORE
from ...models.eight_d.issue import LAST_STEP
from .copy_for import EightDCopy

# widths of label/value pairs, two in a row; of three see `form_columns`
PAIRS = (13, 37, 13, 37)
# a step stays on one page up to so many rows and characters
KEPT_ROWS = 10
KEPT_TEXT = 4000
# room of a diagram on a page, in pixels
DIAGRAM_WIDTH = 840
DIAGRAM_HEIGHT = 1100
SVG_HEIGHT = re.compile(r'height="([0-9]+)"')


class ReportEightD(models.AbstractModel):
    """Every step is a list of blocks, see the template `form_block`."""

    _name = "report.quality_complaint.eight_d_report"
    _description = "8D Report"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "eight_d"
    _form_model = "quality.8d"

    @api.model
    def _prepare_page(self, doc, page):
        issue = (
            self.env["quality.8d.issue"]
            .sudo()
            .browse(self.env.context.get("eight_d_issue_id") or [])
        )  # sudo: as in `_get_report_values`
        copy = EightDCopy(
            doc, issue.filtered(lambda row: row.eight_d_id == doc._origin)
        )
        labels = self.env["quality.complaint.form.labels"]
        page.update(
            {**labels._formatters(), **labels._moments(page["lang"])}, copy=copy
        )
        steps = [
            step
            for step in doc.step_ids.sorted("code")
            if step.code <= LAST_STEP[copy.stage]
        ]
        other = page["label"]("e8_other_customer", inline=True)
        return {
            "working_copy": not copy.issue and doc.state == "open",
            "groups": [
                [self._header(doc, page), *self._goods(doc, page)],
                *(group for step in steps for group in self._step(doc, page, step)),
                *self._revisions(doc, page),
                [self._signatures(doc, page)],
            ],
            "mask": lambda content: copy.masked(content, other),
        }

    # === words ===

    @api.model
    def _joined(self, *texts, by="\n"):
        return by.join(dict.fromkeys(str(text) for text in texts if text))

    @api.model
    def _quantity(self, page, value, unit):
        return f"{page['num'](value)} {page['term'](unit, 'name')}".strip()

    @api.model
    def _terms(self, page, records, name):
        """A term of several records, each once."""
        return self._joined(
            *(page["term"](record, name) for record in records), by=", "
        )

    @api.model
    def _with_files(self, text, files):
        """A text and the names of the files that show it."""
        return self._joined(text, *(f"[{name}]" for name in files.mapped("name")))

    # === header ===

    @api.model
    def _header(self, doc, page):
        copy, term = page["copy"], page["term"]
        complaints, one = (
            copy.complaints,
            copy.complaints if len(copy.complaints) == 1 else copy.complaints[:0],
        )
        defect = doc.defect_id
        stage = (
            page["label"](f"e8_stage_{copy.stage}", inline=True) if copy.issue else ""
        )
        customers = [
            name or complainant
            for name, complainant in (
                (row.commercial_partner_id.name, row.complainant) for row in complaints
            )
        ]
        rows = [
            [
                ("e8_no", doc.name, 1),
                ("e8_revision", str(copy.issue.revision or doc.revision), 1),
                ("e8_stage", stage, 1),
            ],
            [
                ("e8_subject", doc.subject, 3),
                (
                    "status",
                    self._joined(term(doc, "state"), doc.current_step, by=", "),
                    1,
                ),
            ],
            [
                ("customer", self._joined(*customers, by=", "), 3),
                ("e8_kind", term(doc, "kind"), 1),
            ],
            [
                ("complaint_no", one.name, 1),
                ("customer_ref", one.customer_ref, 1),
                ("e8_originator", doc.leader_id.name, 1),
            ]
            if one
            else [("e8_originator", doc.leader_id.name, 5)],
            [
                ("e8_received", self._received(complaints, page), 1),
                ("e8_started", page["when"](doc.started_on), 1),
                ("e8_due", page["when"](doc._step("D8").due_on), 1),
            ],
            [("e8_products", self._products(doc, complaints), 5)],
            [
                ("e8_lots", self._lots(complaints, serial=False), 3),
                ("e8_serials", self._lots(complaints, serial=True), 1),
            ],
            *self._component(doc, copy),
            [
                ("e8_problem_type", term(defect.parent_id or defect, "name"), 1),
                (
                    "e8_failure_mode",
                    term(defect, "name") if defect.parent_id else "",
                    1,
                ),
                ("severity", self._terms(page, complaints.severity_id, "name"), 1),
            ],
            [
                ("e8_place", self._terms(page, complaints, "found_at"), 1),
                ("e8_quantity", self._defective(page, complaints), 1),
                ("e8_earlier", doc.reference_id.name, 1),
            ],
        ]
        if not copy.for_customer:
            rows.append([("responsible", term(doc.responsible_id, "name"), 5)])
        return {"cells": rows}

    @api.model
    def _received(self, complaints, page):
        days = sorted(
            {page["day"](row.received_on) for row in complaints if row.received_on}
        )
        return " – ".join(dict.fromkeys((days[0], days[-1]))) if days else ""

    @api.model
    def _products(self, doc, complaints):
        return self._joined(
            *(doc.product_id | complaints.line_ids.product_id).mapped("display_name"),
            by=", ",
        )

    @api.model
    def _lots(self, complaints, serial):
        """
        :param bool serial: the numbers of single pieces, else of lots
        """
        lines = complaints.line_ids.filtered(
            lambda line: (line.product_id.tracking == "serial") == serial
        )
        return self._joined(
            *(line.lot_id.name or line.lot_name for line in lines), by=", "
        )

    @api.model
    def _component(self, doc, copy):
        """Rows of the part that carries the fault; who supplied it is for ourselves, as
        who is to blame.
        """
        lot = doc.component_lot_id.name or doc.component_lot_name
        rows = [
            [
                ("e8_component", doc.component_id.display_name, 3),
                ("e8_component_lot", lot, 1),
            ]
        ]
        if not copy.for_customer:
            rows.append(
                [
                    ("e8_supplier", doc.supplier_id.name, 3),
                    ("e8_supplier_code", doc.supplier_code, 1),
                ]
            )
        return rows

    @api.model
    def _defective(self, page, complaints):
        """What customers complained of, of each unit."""
        lines = complaints.line_ids
        return ", ".join(
            self._quantity(page, sum(rows.mapped("quantity")), unit)
            for unit, rows in lines.grouped("product_uom_id").items()
        )

    @api.model
    def _goods(self, doc, page):
        copy, term = page["copy"], page["term"]
        columns = [
            ("product", 28),
            ("lot", 16),
            ("delivery", 16),
            ("contested", 13, "right"),
            ("confirmed", 13, "right"),
            ("defect", 14),
        ]
        if not copy.for_customer:
            columns = [
                ("complaint_no", 13),
                ("customer", 17),
                ("customer_ref", 10),
                ("e8_received", 10),
                ("product", 20),
                ("lot", 10),
                ("contested", 10, "right"),
                ("confirmed", 10, "right"),
            ]
        rows = []
        for complaint in copy.complaints:
            head = [
                complaint.name,
                complaint.commercial_partner_id.name or complaint.complainant,
                complaint.customer_ref,
                page["day"](complaint.received_on),
            ]
            for line in complaint.line_ids:
                confirmed = (
                    self._quantity(page, line.confirmed_quantity, line.product_uom_id)
                    if line.confirmed_quantity
                    else ""
                )
                contested = self._quantity(page, line.quantity, line.product_uom_id)
                product, lot = (
                    page["term"](line.product_id, "display_name") or line.note,
                    line.lot_id.name or line.lot_name,
                )
                own = [
                    product,
                    lot,
                    line.picking_id.name,
                    contested,
                    confirmed,
                    term(line.defect_id, "name"),
                ]
                rows.append(
                    own
                    if copy.for_customer
                    else [*head, product, lot, contested, confirmed]
                )
            if not complaint.line_ids and not copy.for_customer:
                rows.append([*head, "", "", "", ""])
        return (
            [{"sub": "e8_complaints", "columns": columns, "rows": rows}] if rows else []
        )

    # === steps ===

    @api.model
    def _step(self, doc, page, step):
        """:return: groups of blocks: heading and first block stay together"""
        blocks = getattr(self, f"_blocks_{step.code.lower()}")(doc, page)
        day, by = page["copy"].accepted(step)
        meta = [
            ("e8_owner", step.responsible_user_id.name),
            ("e8_due_on", page["when"](step.due_on)),
            (
                "e8_done_on",
                self._joined(page["when"](step.done_on), step.done_by_id.name, by=", "),
            ),
            ("e8_accepted", self._joined(page["day"](day), by, by=", ")),
        ]
        overrides = (
            doc.override_ids.filtered(
                lambda row: row.step == step.code and row.is_valid
            )
            if step.done_on
            else doc.override_ids.browse()
        )
        heading = {
            "bar": f"e8_{step.code.lower()}",
            "code": step.code,
            "meta": meta,
            "warning": "e8_override" if overrides else "",
        }
        first, rest = self._split(blocks[0])
        groups = [[heading, first], *([block] for block in [*rest, *blocks[1:]])]
        if overrides:
            columns = [
                ("e8_missing", 42),
                ("e8_override_reason", 32),
                ("by", 13),
                ("date", 13),
            ]
            rows = [
                [row.missing, row.reason, row.user_id.name, page["when"](row.date)]
                for row in overrides
            ]
            groups.append(
                [
                    {
                        "sub": "e8_override",
                        "columns": columns,
                        "rows": rows,
                        "alert": True,
                    }
                ]
            )
        return groups

    @api.model
    def _split(self, block):
        """The rows that stay with the heading of a step, and what may go on over pages.

        :return: (block, list of no or one block)
        """
        kind = "rows" if "rows" in block else "cells"
        rows = block[kind]
        if len(rows) <= KEPT_ROWS and len(str(rows)) < KEPT_TEXT:
            return block, []
        kept = rows[: max(KEPT_ROWS // 2, 1)]
        return {**block, kind: kept}, [
            {**block, kind: rows[len(kept) :], "continued": True}
        ]

    @api.model
    def _blocks_d0(self, doc, page):
        return [
            {
                "cells": [
                    [
                        ("e8_stop_ship", page["term"](doc, "stop_ship"), 1),
                        ("e8_stop_note", doc.stop_ship_note, 3),
                    ]
                ]
            }
        ]

    @api.model
    def _blocks_d1(self, doc, page):
        label = page["label"]
        rows = [
            [
                row.name,
                page["term"](row.department_id, "name"),
                row.function,
                row.phone,
                label("e8_writes" if row.may_write else "e8_reads", inline=True),
            ]
            for row in doc.member_ids
        ]
        return [
            {
                "cells": [
                    [
                        ("e8_champion", doc.champion_id.name, 1),
                        ("e8_leader", doc.leader_id.name, 1),
                    ]
                ],
                "widths": PAIRS,
            },
            {
                "sub": "e8_members",
                "columns": [
                    ("person", 24),
                    ("department", 24),
                    ("e8_function", 24),
                    ("phone", 16),
                    ("e8_right", 12),
                ],
                "rows": rows,
            },
        ]

    @api.model
    def _blocks_d2(self, doc, page):
        photos, files = self.env["quality.complaint.form.labels"]._photos(
            doc.attachment_ids
        )
        cells = [
            [("e8_what", doc.what, 3)],
            [("e8_where", doc.where_found, 1), ("e8_when", doc.when_found, 1)],
            [("e8_who", doc.who_found, 1), ("e8_how", doc.how_found, 1)],
            [("e8_why", doc.why_problem, 1), ("e8_how_many", doc.how_many, 1)],
            [("e8_should", doc.specification, 1), ("e8_is", doc.actual, 1)],
            [("e8_fault_rate", doc.fault_rate, 3)],
        ]
        blocks = [{"cells": cells, "widths": PAIRS}]
        told = doc.isnot_ids._filled()
        if told:
            columns = [
                ("e8_aspect", 13),
                ("e8_is_text", 29),
                ("e8_isnot_text", 29),
                ("e8_distinction", 29),
            ]
            rows = [
                [
                    page["term"](row, "aspect"),
                    row.is_text,
                    row.is_not_text,
                    row.distinction,
                ]
                for row in told
            ]
            blocks.append({"sub": "e8_isnot", "columns": columns, "rows": rows})
        return (
            blocks + [{"photos": photos, "files": files}] if photos or files else blocks
        )

    @api.model
    def _blocks_d3(self, doc, page):
        num, copy = page["num"], page["copy"]
        lines = copy.containment()
        columns = [
            ("e8_where_kept", 11),
            ("e8_exactly", 11),
            ("lot", 8),
            ("e8_suspect", 7, "right"),
            ("e8_checked", 7, "right"),
            ("e8_good", 6, "right"),
            ("e8_bad", 6, "right"),
            ("e8_used_up", 7, "right"),
            ("e8_not_found", 7, "right"),
            ("unit", 5),
            ("e8_check_method", 9),
            ("e8_owner", 8),
            ("date", 8),
        ]
        counts = ("suspect", "checked", "good", "bad", "used", "missing")
        rows = [
            [
                page["term"](line["place"], "place"),
                line["note"],
                line["lot"],
                *(num(line[name]) for name in counts),
                line["unit"],
                line["method"],
                line["owner"],
                page["day"](line["date"]),
            ]
            for line in lines
        ]
        units = {line["unit"] for line in lines}
        if len(lines) > 1 and len(units) == 1:
            bold = [
                page["label"]("e8_total", inline=True),
                "",
                "",
                *(num(sum(line[name] for line in lines)) for name in counts),
                *units,
            ]
            rows.append(
                [*(Markup("<strong>%s</strong>") % text for text in bold), "", "", ""]
            )
        cells = [
            [
                (
                    "e8_clean_point",
                    self._joined(
                        doc.clean_lot_id.name, page["day"](doc.clean_on), by=", "
                    ),
                    1,
                ),
                ("e8_marking", doc.clean_mark, 1),
            ],
            [
                ("e8_effect", doc.containment_note, 1),
                ("e8_ended", page["day"](doc.containment_ended_on), 1),
            ],
        ]
        blocks = [
            {"sub": "e8_containment", "columns": columns, "rows": rows},
            {"cells": cells, "widths": PAIRS},
        ]
        actions = copy.actions("containment", "correction")
        return (
            blocks + [self._actions_done(page, "e8_containment_actions", actions)]
            if actions
            else blocks
        )

    @api.model
    def _actions_done(self, page, sub, actions):
        """What was to be done, by whom and when, and what was done."""
        columns = [
            ("e8_action", 33),
            ("e8_owner", 13),
            ("due_on", 14),
            ("done_on", 14),
            ("e8_done", 26),
        ]
        rows = [
            [
                row.name,
                row.user_id.name,
                page["when"](row.due_on),
                page["when"](row.done_on),
                self._with_files(row.evidence, row.attachment_ids),
            ]
            for row in actions
        ]
        return {"sub": sub, "columns": columns, "rows": rows}

    @api.model
    def _blocks_d4(self, doc, page):
        term, label = page["term"], page["label"]
        columns = [
            ("e8_cause_kind", 13),
            ("e8_category", 10),
            ("e8_cause", 35),
            ("e8_verdict", 9),
            ("e8_root", 6),
            ("e8_share", 7, "right"),
            ("e8_evidence", 20),
        ]
        rows = []
        for node, outline in doc._cause_tree():
            indented = Markup('<div style="padding-left: %spx">%s %s</div>') % (
                outline.count(".") * 12,
                outline,
                node.name,
            )
            evidence = self._with_files(node.evidence, node.attachment_ids)
            accepted = (
                node.shallow_reason
                and f"{label('e8_accepted_as', inline=True)}: {node.shallow_reason} ({node.shallow_by_id.name})"  # noqa: E501
            )
            root = Markup("<strong>●</strong>") if node.is_root else ""
            rows.append(
                [
                    term(node, "kind"),
                    term(node, "category"),
                    Markup("<strong>%s</strong>") % indented
                    if node.is_root
                    else indented,
                    term(node, "verdict"),
                    root,
                    f"{page['num'](node.share)} %" if node.is_root else "",
                    self._joined(evidence, accepted),
                ]
            )
        blocks = [
            {"sub": "e8_causes", "columns": columns, "rows": rows},
            {"cells": [[("e8_escape", doc.escape_point, 3)]], "widths": PAIRS},
        ]
        return blocks + [
            {"sub": f"e8_{kind}", "picture": picture}
            for kind, picture in self._diagrams(doc, page)
        ]

    @api.model
    def _diagrams(self, doc, page):
        """:return: list of (kind, Markup of an SVG)"""
        if not doc.node_ids:
            return []
        other = str(page["label"]("e8_other_customer", inline=True))
        drawn = {
            "lang": page["lang"],
            "reword": lambda text: page["copy"].reworded(text, other),
        }
        pictures = []
        for kind in ("ishikawa", "five_why"):
            picture = doc._cause_diagram(kind, width=DIAGRAM_WIDTH, **drawn)
            height = int(SVG_HEIGHT.search(picture)[1])
            if height > DIAGRAM_HEIGHT:  # a picture higher than a page would be cut
                picture = doc._cause_diagram(
                    kind, width=DIAGRAM_WIDTH * DIAGRAM_HEIGHT // height, **drawn
                )
            pictures.append((kind, picture))
        return pictures

    @api.model
    def _blocks_d5(self, doc, page):
        columns = [
            ("e8_action", 25),
            ("e8_against", 21),
            ("e8_chosen", 15),
            ("e8_pre_check", 15),
            ("e8_owner", 12),
            ("due_on", 12),
        ]
        label = page["label"]
        rows = []
        for row in page["copy"].actions("corrective"):
            accepted = (
                row.shallow_reason
                and f"{label('e8_accepted_as', inline=True)}: {row.shallow_reason} ({row.shallow_by_id.name})"  # noqa: E501
            )
            rows.append(
                [
                    row.name,
                    row.node_id.name,
                    self._joined(row.choice_reason, accepted),
                    row.pre_check,
                    row.user_id.name,
                    page["when"](row.due_on),
                ]
            )
        return [{"columns": columns, "rows": rows}]

    @api.model
    def _blocks_d6(self, doc, page):
        actions, with_cost = (
            page["copy"].actions("corrective"),
            not page["copy"].for_customer,
        )
        columns = [
            ("e8_action", 27),
            ("done_on", 13),
            ("e8_done", 32),
            ("e8_cut_in", 15),
            ("status", 13),
        ]
        rows = [
            [
                row.name,
                page["when"](row.done_on),
                self._with_files(row.evidence, row.attachment_ids),
                self._joined(
                    row.cut_in_lot_id.name, page["day"](row.cut_in_on), by=", "
                ),
                page["term"](row, "state"),
            ]
            for row in actions
        ]
        blocks = [{"columns": columns, "rows": rows}]
        if with_cost and any(actions.mapped("cost")):
            blocks.append(
                {
                    "cells": [
                        [
                            (
                                "e8_cost",
                                doc.currency_id.format(sum(actions.mapped("cost"))),
                                3,
                            )
                        ]
                    ],
                    "widths": PAIRS,
                }
            )
        return blocks

    @api.model
    def _blocks_d7(self, doc, page):
        term, label = page["term"], page["label"]
        words = {"updated": "e8_yes", "none": "e8_no_word"}
        columns = [
            ("e8_document_kind", 17),
            ("e8_updated", 10),
            ("e8_document", 25),
            ("e8_document_revision", 11),
            ("date", 11),
            ("e8_not_applicable", 26),
        ]
        rows = [
            [
                term(row, "kind"),
                term(row, "decision")
                if row.decision == "open"
                else label(words[row.decision], inline=True),
                row.document,
                row.revision,
                page["day"](row.date),
                row.reason if row.decision == "none" else "",
            ]
            for row in doc.document_ids
        ]
        blocks = [{"sub": "e8_documents", "columns": columns, "rows": rows}]
        across = [
            [
                self._joined(term(row.product_id, "display_name"), row.name, by=", "),
                term(row, "affected"),
                row.note,
            ]
            for row in doc.readacross_ids
        ]
        blocks.append(
            {
                "sub": "e8_readacross",
                "columns": [
                    ("e8_other_place", 40),
                    ("e8_affected", 25),
                    ("e8_readacross_note", 35),
                ],
                "rows": across,
            }
        )
        preventive = page["copy"].actions("preventive")
        if preventive:
            blocks.append(self._actions_done(page, "e8_preventive", preventive))
        return [*blocks, {"cells": [[("e8_lessons", doc.lessons, 3)]], "widths": PAIRS}]

    @api.model
    def _blocks_d8(self, doc, page):
        actions = page["copy"].actions("corrective", "preventive")
        columns = [
            ("e8_action", 32),
            ("e8_effective", 15),
            ("e8_verified_by", 14),
            ("e8_verified_on", 13),
            ("e8_verification", 26),
        ]
        rows = [
            [
                row.name,
                page["term"](row, "effect"),
                row.verified_by_id.name,
                page["day"](row.verified_on),
                row.effect_note,
            ]
            for row in actions
        ]
        day, by = page["copy"].finally_accepted()
        cells = [
            [
                ("e8_criteria", doc.closure_criteria, 1),
                ("e8_customer_acceptance", self._joined(day, by, by=", "), 1),
            ],
            *self._evaluation(doc, page["copy"]),
            [("e8_thanks", doc.thanks, 3)],
        ]
        return [
            {"sub": "e8_effectiveness", "columns": columns, "rows": rows},
            {"cells": cells, "widths": PAIRS},
        ]

    @api.model
    def _evaluation(self, doc, copy):
        """The customer's rating and what he is paid; of several customers none is told
        the other's.
        """
        if copy.shared_with_others:
            return []
        cost = doc.accepted_cost and (
            doc.accepted_currency_id or doc.currency_id
        ).format(doc.accepted_cost)
        return [
            [
                (
                    "e8_score",
                    f"{doc.customer_score} / {HIGHEST_SCORE}"
                    if doc.customer_score
                    else "",
                    1,
                ),
                ("e8_accepted_cost", cost or "", 1),
            ]
        ]

    # === end ===

    @api.model
    def _revisions(self, doc, page):
        copy, term = page["copy"], page["term"]
        columns = [
            ("e8_revision_no", 8),
            ("e8_stage", 19),
            ("e8_issued_on", 16),
            ("e8_issued_by", 15),
            ("e8_changed", 42),
        ]
        if not copy.for_customer:
            columns[-1:] = [("e8_for", 14), ("e8_changed", 28)]
        rows = []
        for issues in copy.revisions():
            first = issues[:1]
            row = [
                str(first.revision),
                term(first, "stage"),
                page["when"](first.issued_on),
                first.issued_by_id.name,
                first.note,
            ]
            if not copy.for_customer:
                row.insert(
                    4,
                    self._joined(*issues.complaint_id.mapped("name"))
                    or page["label"]("e8_internal", inline=True),
                )
            rows.append(row)
        return (
            [[{"bar": "e8_revisions", "columns": columns, "rows": rows}]]
            if rows
            else []
        )

    @api.model
    def _signatures(self, doc, page):
        day, by = page["copy"].finally_accepted()
        signers = [
            ("e8_sign_leader", doc.leader_id.name or "", "", False),
            ("e8_sign_champion", doc.champion_id.name or "", "", False),
        ]
        if page["copy"].for_customer:
            signers.append(("sign_customer", by or "", str(day or ""), False))
        return {"part": "e8_signatures", "signers": signers}
