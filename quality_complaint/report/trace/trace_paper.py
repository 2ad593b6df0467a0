"""The trace of lots on paper: what became of them or what they were made of, the mass
balance, who got them.
"""

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..form_labels import TABLES

_lt = LazyTranslate(__name__)

TABLES["trace"] = {
    "title_trace_down": _lt("Trace: Where Lots Went"),
    "title_trace_up": _lt("Trace: What Lots Were Made Of"),
    "part_trace_lots": _lt("Traced lots"),
    "part_trace_balance": _lt("Mass balance"),
    "part_trace_found": _lt("Lots found"),
    "part_trace_ends": _lt("Goods without lots, where the trace ends"),
    "part_trace_recipients": _lt("Recipients"),
    "trace_lots": _lt("Lots"),
    "trace_made_on": _lt("Traced"),
    "trace_address": _lt("Address and telephone"),
    "trace_held": _lt("On hold"),
    "trace_kind": _lt("Item"),
    "trace_by": _lt("Document"),
    "trace_share_down": _lt("Contains of the traced lots"),
    "trace_share_up": _lt("Used for the traced lots"),
    "trace_in": _lt("Came in"),
    "trace_here": _lt("Is there"),
    "trace_customers": _lt("At customers"),
    "trace_at_most": _lt("At most"),
    "trace_shipped": _lt("Was shipped"),
    "trace_returned": _lt("Came back"),
    "trace_left": _lt("Still there"),
    "part_trace_signatures": _lt("Signatures"),
    "sign_traced": _lt("Traced by"),
}
# a table of the PDF engine keeps no blanks before a text
INDENT = "\N{NO-BREAK SPACE}" * 4
# lots on paper; all of them are in the spreadsheet
ROWS = 500


class ReportTraceDown(models.AbstractModel):
    _name = "report.quality_complaint.trace_down"
    _description = "Trace: Where Lots Went"
    _inherit = ["report.quality_complaint.plain_paper"]
    _form_code = "trace"
    _form_model = "stock.lot"
    _direction = "down"

    @api.model
    def _check_printable(self, docs):
        self.env["quality.complaint.trace"]._lots(docs.ids)

    @api.model
    def _form_pages(self, docs):
        # one paper about all of them; not in superuser mode: the reader's companies
        return [self._form_page(docs.sudo(False))]

    @api.model
    def _company_of(self, doc):
        return self.env.company

    @api.model
    def _prepare_page(self, doc, page):
        service = self.env["quality.complaint.trace"].with_context(lang=page["lang"])
        trace = service.read_trace(doc.ids, self._direction)
        recipients = trace["recipients"] if self._direction == "down" else []
        kinds = self._kinds(service, page["language"])
        held = page["label"]("trace_held", inline=True)
        now = fields.Datetime.now()
        # sudo: only their names, as on the screen
        names = doc.sudo().mapped("display_name")
        return {
            "title": f"title_trace_{self._direction}",
            "number": ", ".join(names[:3]),
            "signing": "part_trace_signatures",
            "signers": [
                ("sign_traced", self.env.user.name, page["day"](now), False),
                ("sign_reviewed", "", "", False),
            ],
            "parts": [
                {
                    "part": "part_trace_lots",
                    "fields": [
                        [
                            ("trace_lots", ", ".join(names), 3),
                            (
                                "trace_made_on",
                                ", ".join((page["when"](now), self.env.user.name)),
                                1,
                            ),
                        ]
                    ],
                },
                {
                    "part": "part_trace_balance",
                    "columns": [
                        ("lot", 24),
                        ("trace_kind", 52),
                        ("quantity", 14),
                        ("unit", 10),
                    ],
                    "rows": [
                        row
                        for lot in doc.ids
                        for row in self._balance(service, lot, kinds)
                    ],
                },
                {
                    "part": "part_trace_found",
                    "columns": [
                        ("lot", 20),
                        ("product", 22),
                        ("trace_by", 14),
                        (f"trace_share_{self._direction}", 16),
                        ("trace_in", 9),
                        ("trace_here", 9),
                        ("trace_customers", 10),
                    ],
                    "rows": [
                        [
                            f"{'· ' * row['depth']}{row['name']}"
                            + (f" ({held})" if row["held"] else ""),
                            row["product"],
                            row["via"]["name"] if row["via"] else "",
                            self._share(row),
                            *(
                                f"{row[name]:.12g} {row['unit']}"
                                for name in ("in", "here", "at_customers")
                            ),
                        ]
                        for row in trace["lots"][:ROWS]
                    ],
                },
                *self._ends(trace["ends"]),
                *(
                    [
                        {
                            "part": "part_trace_recipients",
                            "columns": [
                                ("customer", 18),
                                ("trace_address", 24),
                                ("product", 18),
                                ("lot", 13),
                                ("trace_shipped", 9),
                                ("trace_returned", 9),
                                ("trace_left", 9),
                            ],
                            "rows": [
                                [
                                    row["partner"],
                                    "\n".join(
                                        filter(None, (row["address"], row["phone"]))
                                    ),
                                    row["product"],
                                    ", ".join(row["lots"]),
                                    *(
                                        f"{row[name]:.12g} {row['unit']}"
                                        for name in ("shipped", "returned", "left")
                                    ),
                                ]
                                for row in recipients
                            ],
                        }
                    ]
                    if recipients
                    else []
                ),
            ],
        }

    def _kinds(self, service, language):
        """Words for the rows of a balance, in the languages of the form."""
        voices = [
            service.with_context(lang=code)._kinds()
            for code in self.env["quality.complaint.form.labels"]._languages(language)
        ]
        return {
            kind: " ".join(dict.fromkeys(words[kind] for words in voices))
            for kind in voices[0]
        }

    def _balance(self, service, lot, kinds):
        """Rows of the balance of one lot: what came in = what is there + what left +
        unexplained.
        """
        balance = service.read_balance(lot)
        unit = balance["unit"]
        rows = []
        for side in balance["sides"]:
            rows.append([balance["lot"], kinds[side["side"]], side["quantity"]])
            for kind in side["kinds"]:
                rows.append(["", f"{INDENT}{kinds[kind['kind']]}", kind["quantity"]])
                rows += [
                    ["", f"{INDENT * 2}{name}", value] for name, value in kind["rows"]
                ]
        rows.append([balance["lot"], kinds["unexplained"], balance["unexplained"]])
        return [[name, text, f"{value:.12g}", unit] for name, text, value in rows]

    def _share(self, row):
        if row["at_most"] is None or not row["depth"]:
            return ""
        least, most = f"{row['at_least']:.12g}", f"{row['at_most']:.12g}"
        amount = most if least == most else f"{least} – {most}"
        return f"{amount} {row['share_unit']}"

    def _ends(self, ends):
        if not ends:
            return []
        return [
            {
                "part": "part_trace_ends",
                "columns": [("product", 50), ("trace_by", 26), ("trace_at_most", 24)],
                "rows": [
                    [
                        end["product"],
                        end["via"]["name"] if end["via"] else "",
                        f"{end['quantity']:.12g} {end['unit']}",
                    ]
                    for end in ends
                ],
            }
        ]


class ReportTraceUp(models.AbstractModel):
    _name = "report.quality_complaint.trace_up"
    _description = "Trace: What Lots Were Made Of"
    _inherit = ["report.quality_complaint.trace_down"]
    _direction = "up"
