"""Form 6: corrective and preventive actions of a complaint or of an 8D report, with
what they are against and whether they work.
"""

from markupsafe import Markup

from odoo import api, models

from ..form_report import _joined


class CapaForm(models.AbstractModel):
    _name = "quality.complaint.capa.form"
    _description = "Corrective and Preventive Action Form"
    _inherit = ["quality.complaint.form.report"]
    _form_code = "capa"

    @api.model
    def _actions_of(self, doc):
        """Actions to print: those chosen, else all that were not given up."""
        chosen = self.env.context.get("capa_action_ids")
        return doc.action_ids.filtered(
            lambda action: (
                action.id in chosen if chosen else action.state != "cancelled"
            )
        ).sorted("id")

    @api.model
    def _prepare_page(self, doc, page):
        labels = self.env["quality.complaint.form.labels"]
        page.update({**labels._formatters(), **labels._moments(page["lang"])})
        is_report = doc._name == "quality.8d"
        actions = self._actions_of(doc)
        first = actions.filtered(
            lambda action: action.kind in ("containment", "correction")
        )
        later = actions - first
        facts, causes = (
            (self._facts_8d, self._causes_8d)
            if is_report
            else (self._facts, self._causes)
        )
        return {
            "groups": [
                [{"bar": "capa_nonconformity"}, {"cells": facts(doc, page)}],
                [{"bar": "capa_cause"}, *causes(doc, page)],
                [
                    {"bar": "capa_containment"},
                    self._planned(
                        page, first, doc.containment_note if is_report else ""
                    ),
                ],
                [{"bar": "capa_actions"}, self._planned(page, later)],
                [{"bar": "capa_verification"}, self._verified(page, later)],
                [self._signatures(doc, later)],
            ]
        }

    @api.model
    def _facts(self, doc, page):
        term = page["term"]
        source = _joined([term(doc.type_id, "name"), term(doc.channel_id, "name")])
        return [
            [
                ("capa_number", doc.name, 1),
                ("capa_source", source, 1),
                ("capa_found_on", page["day"](doc.received_on), 1),
            ],
            [
                ("customer", doc.commercial_partner_id.name or doc.complainant, 3),
                ("customer_ref", doc.customer_ref, 1),
            ],
            [
                (
                    "product",
                    ", ".join(doc.line_ids.product_id.mapped("display_name")),
                    3,
                ),
                (
                    "lot",
                    ", ".join(
                        filter(
                            None,
                            (
                                line.lot_id.name or line.lot_name
                                for line in doc.line_ids
                            ),
                        )
                    ),
                    1,
                ),
            ],
            [
                ("defect", term(doc.defect_id, "name"), 1),
                ("severity", term(doc.severity_id, "name"), 1),
                ("capa_department", term(doc.responsible_id, "name"), 1),
            ],
            [("capa_description", doc.description, 5)],
        ]

    @api.model
    def _facts_8d(self, doc, page):
        term = page["term"]
        return [
            [
                ("capa_number", doc.name, 1),
                ("capa_source", term(doc, "kind"), 1),
                ("capa_found_on", page["day"](doc.started_on), 1),
            ],
            [
                ("customer", doc.customer_names, 3),
                (
                    "complaint_no",
                    ", ".join(doc._covered_complaints().mapped("name")),
                    1,
                ),
            ],
            [
                ("product", term(doc.product_id, "display_name"), 3),
                ("lot", doc.lot_names, 1),
            ],
            [
                ("defect", term(doc.defect_id, "name"), 1),
                ("e8_subject", doc.subject, 1),
                ("capa_department", term(doc.responsible_id, "name"), 1),
            ],
            [("capa_description", "\n".join(filter(None, (doc.what, doc.actual))), 5)],
        ]

    @api.model
    def _causes(self, doc, page):
        cells = [
            [
                ("cause", page["term"](doc.cause_id, "name"), 1),
                ("cause_occurrence", doc.root_cause, 3),
            ],
            [("cause_escape", doc.escape_cause, 5)],
        ]
        return [{"cells": cells}]

    @api.model
    def _causes_8d(self, doc, page):
        columns = [
            ("e8_cause_kind", 18),
            ("e8_category", 12),
            ("cause", 36),
            ("e8_share", 8, "right"),
            ("e8_evidence", 26),
        ]
        rows = [
            [
                page["term"](node, "kind"),
                page["term"](node, "category"),
                node.name,
                f"{page['num'](node.share)} %",
                node.evidence,
            ]
            for node, _outline in doc._cause_tree()
            if node.is_root and node.verdict == "verified"
        ]
        return [
            {"sub": "capa_root_causes", "columns": columns, "rows": rows},
            {"cells": [[("e8_escape", doc.escape_point, 5)]]},
        ]

    @api.model
    def _planned(self, page, actions, note=""):
        columns = [
            ("row", 5),
            ("kind", 14),
            ("e8_action", 31),
            ("e8_against", 18),
            ("department", 12),
            ("e8_owner", 10),
            ("due_on", 10),
        ]
        rows = [
            [
                str(number),
                page["term"](row, "kind"),
                row.name,
                row.node_id.name,
                page["term"](row.department_id, "name"),
                row.user_id.name,
                page["day"](row.due_on),
            ]
            for number, row in enumerate(actions, 1)
        ]
        if actions and set(actions.mapped("kind")) <= {"containment", "correction"}:
            # what was done at once needs no cause, but is reported here
            columns = [
                ("row", 5),
                ("kind", 14),
                ("e8_action", 29),
                ("e8_owner", 11),
                ("due_on", 10),
                ("capa_date_done", 10),
                ("e8_done", 21),
            ]
            rows = [
                [
                    str(number),
                    page["term"](row, "kind"),
                    row.name,
                    row.user_id.name,
                    page["day"](row.due_on),
                    page["day"](row.done_on),
                    row.evidence,
                ]
                for number, row in enumerate(actions, 1)
            ]
        if note and not rows:
            return {"cells": [[("e8_effect", note, 5)]]}
        return {"columns": columns, "rows": rows}

    @api.model
    def _verified(self, page, actions):
        columns = [
            ("row", 5),
            ("capa_date_done", 10),
            ("e8_done", 24),
            ("e8_effective", 11),
            ("e8_verification", 26),
            ("e8_verified_by", 13),
            ("e8_verified_on", 11),
        ]
        rows = []
        for number, row in enumerate(actions, 1):
            files = "".join(f"\n[{name}]" for name in row.attachment_ids.mapped("name"))
            effect = page["term"](row, "effect")
            rows.append(
                [
                    str(number),
                    page["day"](row.done_on),
                    (row.evidence or "") + files,
                    Markup("<strong>%s</strong>") % effect if effect else "",
                    row.effect_note,
                    row.verified_by_id.name,
                    page["day"](row.verified_on),
                ]
            )
        return {"columns": columns, "rows": rows}

    @api.model
    def _signatures(self, doc, actions):
        leader = doc.leader_id if doc._name == "quality.8d" else doc.user_id
        verifiers = ", ".join(actions.verified_by_id.mapped("name"))
        signers = [
            ("capa_sign_department", leader.name or "", "", False),
            ("capa_sign_quality", verifiers, "", False),
            ("sign_approved", "", "", False),
        ]
        return {"part": "capa_signatures", "signers": signers}


class ReportCapaComplaint(models.AbstractModel):
    _name = "report.quality_complaint.capa_form_complaint"
    _description = "Corrective and Preventive Action Form of a Complaint"
    _inherit = ["quality.complaint.capa.form"]


class ReportCapa8d(models.AbstractModel):
    _name = "report.quality_complaint.capa_form_8d"
    _description = "Corrective and Preventive Action Form of an 8D Report"
    _inherit = ["quality.complaint.capa.form"]
    _form_model = "quality.8d"


class ReportCapa(models.AbstractModel):
    """For actions chosen in a list: one form for each complaint or report they belong
    to.
    """

    _name = "report.quality_complaint.capa_form"
    _description = "Corrective and Preventive Action Form of Actions"
    _inherit = ["quality.complaint.capa.form"]
    _form_model = "quality.complaint.action"

    @api.model
    def _check_printable(self, docs):
        result = super()._check_printable(docs)
        # sudo: only to which records they belong; these have to be readable
        for files in (docs.sudo().eight_d_id, docs.sudo().complaint_id):
            files.sudo(False).check_access("read")  # sudo: back to the user's rights
        return result

    @api.model
    def _form_pages(self, docs):
        files = docs.grouped(lambda action: action.eight_d_id or action.complaint_id)
        return [
            self.with_context(capa_action_ids=actions.ids)._form_page(file)
            for file, actions in files.items()
        ]
