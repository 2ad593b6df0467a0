"""The dashboards of `quality_complaint_dashboard`, from one description: `make
dashboards` writes their files, a test refuses others.

What stands in the files is what Odoo's own dashboards are made of (o-spreadsheet,
version of Odoo 19.0).
"""

import json

from settings import CHECKOUT

FILES = CHECKOUT / "quality_complaint_dashboard" / "data" / "files"
APP = "quality_complaint."
BRIDGE = "quality_complaint_dashboard."
VERSION = "18.5.10"
# pixels
WIDTH, GAP, ROW, TOP = 1095, 8, 23, 11
CARD, CHART = 101, 300
COLUMNS = (180, 260, 190, 190, 140, 135)
TITLE = {"textColor": "#01666b", "bold": True, "fontSize": 16}
HEAD = {"bold": True, "fontSize": 11, "textColor": "#434343"}
STYLES = {"1": TITLE, "2": HEAD, "3": {"textColor": "#434343"}, "4": {"bold": True}}
FORMATS = {"1": "0.0%", "2": "0.0", "3": "#,##0"}
PERCENT, TENTH, WHOLE = 1, 2, 3
OPEN = [["state", "not in", ["closed", "cancelled"]]]
COUNTS = [["counts", "=", True]]
BOOKED = [["is_booked", "=", True]]
RUNNING = [["limit_id", "!=", False], ["state", "=", "running"]]
FILTERS = {
    "period": {"type": "date", "label": "Period", "defaultValue": "this_month"},
    "team": {
        "type": "relation", "label": "Team", "modelName": "quality.complaint.team",
    },
    "user": {"type": "relation", "label": "Handler", "modelName": "res.users"},
    "product": {
        "type": "relation", "label": "Product", "modelName": "product.product",
    },
    "customer": {"type": "relation", "label": "Customer", "modelName": "res.partner"},
}  # fmt: skip
KINDS = {"period": "date", "default": "many2one"}


class Dashboard:
    """A sheet of figures and charts, and a hidden one with what they show.

    :param str name: of the file
    :param list filters: keys of `FILTERS`
    :param int beside: scorecards beside each other
    :param int cards: rows of scorecards
    :param str default: what the filter on the period says at first
    """

    def __init__(self, name, filters, beside, cards=1, default="this_month"):
        self.name, self.filters, self.default = name, filters, default
        self.beside, self.cards = beside, cards
        self.cells, self.styles, self.formats = {}, {}, {}
        self.data, self.data_formats = {"A1": '=_t("Figure")'}, {}
        self.sample = {}
        self.figures, self.sample_figures = [], []
        self.pivots, self.lists, self.menus = {}, {}, {}
        self.row = 1

    # --- what figures come from

    def matching(self, chains, offset=0):
        """How the filters of the dashboard reach a model.

        :param dict chains: {filter: field of the model}
        """
        return {
            name: {
                "chain": chain,
                "type": KINDS.get(name, KINDS["default"]),
                **({"offset": offset} if name == "period" else {}),
            }
            for name, chain in chains.items()
        }

    def pivot(self, name, model, chains, measures, domain=(), offset=0):
        """:return: number of the pivot"""
        number = str(len(self.pivots) + 1)
        self.pivots[number] = {
            "type": "ODOO",
            "id": number,
            "formulaId": number,
            "name": name,
            "model": model,
            "domain": list(domain),
            "context": {},
            "measures": [{"id": measure, "fieldName": measure} for measure in measures],
            "rows": [],
            "columns": [],
            "sortedColumn": None,
            "fieldMatching": self.matching(chains, offset),
        }
        return number

    def figure(self, title, formula, example, form=WHOLE, before=None, was=None):
        """A row of the data sheet.

        :param str formula, before: of now, and of the period before
        :param example, was: what the sample says
        :return: number of the row
        """
        self.row += 1
        row = self.row
        for column, text, shown in (("B", formula, example), ("C", before, was)):
            if text:
                self.data[f"{column}{row}"] = text
                self.data_formats[f"{column}{row}"] = form
                self.sample[f"{column}{row}"] = str(shown)
        self.data[f"A{row}"] = self.sample[f"A{row}"] = f'=_t("{title}")'
        return row

    # --- what is seen

    def card(self, place, title, row, menu, lower_is_better=False):
        """A scorecard.

        :param int place: the how manieth, from 1 on
        :param int row: of the data sheet
        :param str menu: what a click opens
        """
        line, column = divmod(place - 1, self.beside)
        width = (WIDTH - GAP * (self.beside - 1)) // self.beside
        chart = f"card-{place}"
        up, down = "#00A04A", "#DC6965"
        compared = f"C{row}" in self.data
        definition = {
            "type": "scorecard",
            "chartId": chart,
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": "#EFF6FF" if column % 2 else "#FFF7ED",
            "keyValue": f"Data!B{row}",
            "baselineMode": "difference" if compared else "text",
            "baselineColorUp": down if lower_is_better else up,
            "baselineColorDown": up if lower_is_better else down,
            "humanize": False,
        }
        if compared:
            definition |= {
                "baseline": f"Data!C{row}",
                "baselineDescr": {"text": "since last period"},
            }
        top = TOP + line * (CARD + GAP)
        box = self.box(chart, column * (width + GAP), top, width, CARD)
        self.figures.append({**box, "data": definition})
        self.sample_figures.append({**box, "data": definition})
        self.menus[chart] = menu

    def chart(
        self, chart, title, kind, model, action, group, place, chains, example,
        measure="__count", domain=(), context=None, most=None,
    ):  # fmt: skip
        """A chart whose bars open their records.

        :param str kind: `bar`, `line` or `pie`
        :param list group: fields it is grouped by
        :param tuple place: (column of 0 and 1, or None for both; row of charts)
        :param dict example: {label: number} of the sample
        """
        column, line = place
        half = (WIDTH - GAP) // 2
        box = self.box(
            chart,
            (column or 0) * (half + GAP),
            self.charts_at(line),
            WIDTH if column is None else half,
            CHART,
        )
        base = {
            "chartId": chart,
            "title": {"text": title, "bold": True, "color": "#01666b", "fontSize": 16},
            "background": "#FFFFFF",
            "legendPosition": "right"
            if kind == "pie"
            else "top"
            if len(group) > 1
            else "none",
        }
        timely = ":" in group[0]
        self.figures.append(
            {
                **box,
                "data": {
                    **base,
                    "type": f"odoo_{kind}",
                    "metaData": {
                        "groupBy": group,
                        "measure": measure,
                        "order": None if timely or kind == "pie" else "DESC",
                        "resModel": model,
                        "mode": kind,
                    },
                    "searchParams": {
                        "comparison": None,
                        "context": context or {},
                        "domain": list(domain),
                        "groupBy": group,
                        "orderBy": [],
                    },
                    "actionXmlId": action,
                    "dataSets": [{}],
                    "verticalAxisPosition": "left",
                    "stacked": kind == "bar",
                    "fieldMatching": self.matching(chains),
                    **({"fillArea": False} if kind == "line" else {}),
                },
            }
        )
        first = 40 + 20 * len(self.sample_figures)
        for place_, (label, number) in enumerate(example.items()):
            self.sample[f"A{first + place_}"] = (
                label if label[:4].isdigit() else f'=_t("{label}")'
            )
            self.sample[f"B{first + place_}"] = str(number)
        last = first + len(example) - 1
        self.sample_figures.append(
            {
                **box,
                "data": {
                    **base,
                    "type": kind,
                    "dataSetsHaveTitle": False,
                    "dataSets": [{"dataRange": f"Data!B{first}:B{last}"}],
                    "labelRange": f"Data!A{first}:A{last}",
                    "stacked": False,
                    "aggregated": False,
                    "labelsAsText": True,
                },
            }
        )

    def listing(self, title, model, columns, order, domain, chains, line, most, link):
        """A list of records, which open.

        :param list columns: fields
        :param int line: row of charts it stands below
        :param int most: records shown
        :param str link: name of the list its title opens
        """
        row = self.below(line)
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            "id": number,
            "name": title,
            "model": model,
            "columns": list(columns),
            "domain": list(domain),
            "context": {},
            "orderBy": [{"name": order, "asc": True}],
            "fieldMatching": self.matching(chains),
        }
        self.title(row, title, link, model, domain)
        for column, name in zip("ABCDEF", columns, strict=False):
            self.cells[f"{column}{row + 1}"] = f'=ODOO.LIST.HEADER({number},"{name}")'
            for place in range(1, most + 1):
                self.cells[f"{column}{row + 1 + place}"] = (
                    f'=ODOO.LIST({number},{place},"{name}")'
                )
        self.styles[f"A{row + 1}:F{row + 1}"] = 2
        self.styles[f"A{row + 2}:F{row + 1 + most}"] = 3

    def title(self, row, title, link, model, domain):
        action = {
            "viewType": "list",
            "action": {
                "domain": list(domain),
                "context": {"group_by": []},
                "modelName": model,
                "views": [[False, kind] for kind in ("list", "form", "search")],
            },
            "threshold": 0,
            "name": link,
        }
        self.cells[f"A{row}"] = (
            f"[{title}](odoo://view/{json.dumps(action, separators=(',', ':'))})"
        )
        self.styles[f"A{row}"] = 1

    def below(self, line):
        """The first row of cells below a row of charts."""
        return self.charts_at(line) // ROW + 2

    def charts_at(self, line):
        """Where a row of charts begins, in pixels."""
        return TOP + self.cards * (CARD + GAP) + line * (CHART + GAP)

    @staticmethod
    def box(figure, left, top, width, height):
        return {
            "id": figure, "tag": "chart", "col": 0, "row": 0,
            "offset": {"x": left, "y": top}, "width": width, "height": height,
        }  # fmt: skip

    # --- written

    def sheet(self, name, cells, styles, formats, figures, columns, shown):
        return {
            "id": name.lower(),
            "name": name,
            "colNumber": 7 if shown else 26,
            "rowNumber": max(
                [100] + [int("".join(filter(str.isdigit, cell))) + 2 for cell in cells]
            ),
            "rows": {},
            "cols": {
                str(place): {"size": width} for place, width in enumerate(columns)
            },
            "merges": [],
            "cells": cells,
            "styles": styles,
            "formats": formats,
            "borders": {},
            "conditionalFormats": [],
            "dataValidationRules": [],
            "figures": figures,
            "tables": [],
            "areGridLinesVisible": not shown,
            "isVisible": shown,
            "headerGroups": {"ROW": [], "COL": []},
            "comments": {},
        }

    def book(self, sheets, live):
        filters = [
            {
                "id": name,
                **FILTERS[name],
                **(
                    {"defaultValue": self.default}
                    if name == "period"
                    else {"defaultValueDisplayNames": []}
                ),
            }
            for name in self.filters
        ]
        return {
            "version": VERSION,
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "styles": STYLES,
            "formats": FORMATS,
            "borders": {},
            "customTableStyles": {},
            "settings": {
                "locale": {
                    "name": "English (US)",
                    "code": "en_US",
                    "thousandsSeparator": ",",
                    "decimalSeparator": ".",
                    "dateFormat": "mm/dd/yyyy",
                    "timeFormat": "hh:mm:ss",
                    "formulaArgSeparator": ",",
                    "weekStart": 7,
                }
            },
            "sheets": sheets,
            "pivots": self.pivots if live else {},
            "pivotNextId": len(self.pivots) + 1 if live else 1,
            "lists": self.lists if live else {},
            "listNextId": len(self.lists) + 1 if live else 1,
            "globalFilters": filters if live else [],
            "chartOdooMenusReferences": self.menus if live else {},
        }

    def files(self):
        """:return: {name of a file: its content}"""
        live = self.book(
            [
                self.sheet(
                    "Dashboard", self.cells, self.styles, self.formats, self.figures,
                    COLUMNS, True,
                ),
                self.sheet(
                    "Data", self.data, {"A1:C1": 4}, self.data_formats, [],
                    (260, 120, 120), False,
                ),
            ],
            True,
        )  # fmt: skip
        sample = self.book(
            [
                self.sheet(
                    "Dashboard", {}, {}, {}, self.sample_figures, COLUMNS, True
                ),
                self.sheet(
                    "Data", self.sample, {}, self.data_formats, [], (260, 120, 120),
                    False,
                ),
            ],
            False,
        )  # fmt: skip
        return {
            f"{self.name}_dashboard.json": written(live),
            f"{self.name}_sample_dashboard.json": written(sample),
        }


def written(book):
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def value(pivot, measure="__count"):
    return f'=PIVOT.VALUE({pivot},"{measure}")'


def ratio(part, whole, measure="__count", of=None):
    return (
        f'=IFERROR(PIVOT.VALUE({part},"{measure}")/'
        f'PIVOT.VALUE({whole},"{of or measure}"),0)'
    )


def today():
    """What is to be done now."""
    page = Dashboard("today", ["team", "user"], 5)
    complaint = {"team": "team_id", "user": "user_id"}
    limit = {"team": "complaint_id.team_id", "user": "complaint_id.user_id"}
    model, limits = "quality.complaint", "quality.complaint.deadline"
    late = [*OPEN, ["next_deadline_on", "<", "now"]]
    soon = [*OPEN, ["next_deadline_on", ">=", "now"], ["next_deadline_on", "<", "+2d"]]
    unanswered = [*RUNNING, ["milestone_code", "=", "responded"]]
    waiting = [["state", "=", "pending"]]
    for place, (title, where, chains, domain, example, menu) in enumerate(
        (
            ("Open", model, complaint, OPEN, 42, "menu_open"),
            ("Overdue", model, complaint, late, 3, "menu_overdue"),
            ("Due within two days", model, complaint, soon, 7, "menu_due_soon"),
            ("No first answer yet", limits, limit, unanswered, 2, "menu_unanswered"),
            (
                "Waiting for approval", "quality.complaint.approval", limit, waiting,
                5, "menu_waiting_approval",
            ),
        ),
        1,
    ):  # fmt: skip
        pivot = page.pivot(title, where, chains, ["__count"], domain)
        row = page.figure(title, value(pivot), example)
        page.card(place, title, row, BRIDGE + menu)
    page.chart(
        "by-state", "Open by status", "bar", model, f"{APP}action_complaint",
        ["state", "severity_group_id"], (0, 0), complaint,
        {"Registered": 12, "Investigating": 16, "Replied": 14}, domain=OPEN,
    )  # fmt: skip
    page.chart(
        "by-user", "Open by handler", "bar", model, f"{APP}action_complaint",
        ["user_id"], (1, 0), complaint, {"Li Wei": 18, "Zhang Min": 14, "Chen Jie": 10},
        domain=OPEN,
    )  # fmt: skip
    page.chart(
        "late-by-user", "Overdue steps by person", "bar", limits,
        f"{APP}action_deadline_all", ["user_id"], (0, 1), limit,
        {"Li Wei": 2, "Chen Jie": 1}, domain=[*RUNNING, ["due_on", "<", "now"]],
    )  # fmt: skip
    page.chart(
        "late-by-step", "Overdue by step", "bar", limits, f"{APP}action_deadline_all",
        ["milestone_id"], (1, 1), limit, {"Answered": 2, "Investigated": 1},
        domain=[*RUNNING, ["due_on", "<", "now"]],
    )  # fmt: skip
    page.listing(
        "Most urgent", model,
        ["name", "partner_id", "next_milestone_id", "next_deadline_on", "user_id"],
        "next_deadline_on", [*OPEN, ["next_deadline_on", "!=", False]], complaint, 2,
        15, "Open Complaints",
    )  # fmt: skip
    return page


def month():
    """How a period was, beside the one before."""
    page = Dashboard("month", ["period", "team", "product", "customer"], 3, cards=2)
    fact, line = "quality.complaint.fact", "quality.complaint.fact.line"
    limits, kpis = "quality.complaint.fact.deadline", "quality.complaint.analysis.kpi"
    months = {"2026-05": 31, "2026-06": 28, "2026-07": 24, "2026-08": 26, "2026-09": 19}

    def chains(day):
        return {
            "period": day,
            "team": "team_id",
            "product": "product_id",
            "customer": "partner_id",
        }

    received, closed = chains("received_day"), chains("closed_day")
    rated = chains("rated_day")
    due = {"period": "due_day", "team": "team_id", "customer": "partner_id"}
    of_line = {
        name: f"fact_id.{chain}"
        for name, chain in received.items()
        if name != "product"
    } | {"product": "product_id"}

    def pair(name, model, match, measures, domain):
        return [
            page.pivot(name, model, match, measures, domain, offset=offset)
            for offset in (0, -1)
        ]

    came = pair("Received", fact, received, ["__count", "cost", "loss_amount"], COUNTS)
    ended = pair("Closed", fact, closed, ["__count", "closing_days"], COUNTS)
    again = pair(
        "Repeats", fact, received, ["__count"], [*COUNTS, ["is_repeat", "=", True]]
    )
    asked = pair(
        "Satisfaction", fact, rated, ["satisfaction"],
        [*COUNTS, ["is_rated", "=", True]],
    )  # fmt: skip
    kept = pair(
        "Steps in time", limits, due, ["in_time_rate"],
        [["outcome", "in", ["met", "late"]]],
    )  # fmt: skip
    for place, (title, formulas, examples, form, menu, lower) in enumerate(
        (
            (
                "Received", [value(pivot) for pivot in came], (19, 26), WHOLE,
                "menu_month_received", True,
            ),
            (
                "Closed", [value(pivot) for pivot in ended], (22, 20), WHOLE,
                "menu_month_closed", False,
            ),
            (
                "Steps in time (%)",
                [value(pivot, "in_time_rate") for pivot in kept],
                (94.2, 91.8), TENTH, "menu_month_steps", False,
            ),
            (
                "Satisfaction", [value(pivot, "satisfaction") for pivot in asked],
                (88.5, 86.0), TENTH, "menu_month_rated", False,
            ),
            (
                "Repeats",
                [ratio(*pivots) for pivots in zip(again, came, strict=True)],
                (0.105, 0.154), PERCENT, "menu_month_repeats", True,
            ),
            (
                "Cost so far", [value(pivot, "cost") for pivot in came],
                (18450, 22100), WHOLE, "menu_month_received", True,
            ),
        ),
        1,
    ):  # fmt: skip
        row = page.figure(
            title, formulas[0], examples[0], form, formulas[1], examples[1]
        )
        page.card(place, title, row, BRIDGE + menu, lower)
    page.chart(
        "by-month", "Received by month", "bar", fact, f"{APP}action_fact",
        ["received_day:month", "within_limit"], (None, 0),
        {name: chain for name, chain in received.items() if name != "period"}, months,
        domain=[*COUNTS, ["received_day", ">=", "today -24m =1d"]],
    )  # fmt: skip
    for name, title, field, place, example in (
        (
            "by-defect", "Defects", "defect_id", (0, 1),
            {"Scratch": 9, "Dimension": 6, "Stain": 4},
        ),
        (
            "by-product", "Products", "product_id", (1, 1),
            {"Copper strip": 12, "Copper bar": 5, "Foil": 2},
        ),
    ):  # fmt: skip
        page.chart(
            name, title, "bar", line, f"{APP}action_fact_line", [field], place, of_line,
            example, domain=[["fact_id.counts", "=", True], [field, "!=", False]],
        )  # fmt: skip
    for name, title, field, place, example in (
        (
            "by-cause", "Causes", "cause_id", (0, 2),
            {"Process": 8, "Material": 5, "Transport": 3},
        ),
        (
            "by-department", "Responsible parties", "responsible_id", (1, 2),
            {"Production": 11, "Warehouse": 4, "Carrier": 3},
        ),
    ):  # fmt: skip
        page.chart(
            name, title, "bar", fact, f"{APP}action_fact", [field], place, received,
            example, domain=[*COUNTS, [field, "!=", False]],
        )  # fmt: skip
    page.chart(
        "kpis", "KPIs of the monthly analyses (%)", "line", kpis,
        f"{APP}action_analysis_kpi", ["date_from:month", "kpi_id"], (None, 3), {},
        {"2026-05": 88, "2026-06": 90, "2026-07": 91, "2026-08": 92, "2026-09": 94},
        measure="value",
        domain=[
            ["unit", "=", "percent"],
            ["is_known", "=", True],
            ["kind", "=", "month"],
            ["team_id", "=", False],
            ["department_id", "=", False],
        ],
    )  # fmt: skip
    page.chart(
        "per-million", "Complaints per million shipped", "line", kpis,
        f"{APP}action_analysis_kpi", ["date_from:month"], (None, 4), {},
        {"2026-05": 31, "2026-06": 27, "2026-07": 22, "2026-08": 24, "2026-09": 18},
        measure="value",
        domain=[
            ["code", "=", "per_million"],
            ["is_known", "=", True],
            ["kind", "=", "month"],
            ["team_id", "=", False],
            ["department_id", "=", False],
        ],
    )  # fmt: skip
    return page


def cost():
    """What bad quality costs, and who brings it back."""
    page = Dashboard("cost", ["period", "team", "customer"], 4, default="year_to_date")
    model, shipped = "quality.complaint.cost", "quality.complaint.fact.shipment"
    chains = {"period": "date", "team": "team_id", "customer": "partner_id"}
    sold = {"period": "day", "customer": "partner_id"}

    def pair(name, where, match, measures, domain):
        return [
            page.pivot(name, where, match, measures, domain, offset=offset)
            for offset in (0, -1)
        ]

    booked = pair("Cost booked", model, chains, ["actual"], BOOKED)
    back = pair(
        "Brought back", model, chains, ["actual"],
        [*BOOKED, ["supplier_id", "!=", False], ["actual", "<", 0]],
    )  # fmt: skip
    sales = pair("Sales", shipped, sold, ["sales"], [])
    ahead = page.pivot(
        "Planned", model, {"team": "team_id", "customer": "partner_id"},
        ["planned"], [["is_booked", "=", False]],
    )  # fmt: skip
    for place, (title, formulas, examples, form, menu, lower) in enumerate(
        (
            (
                "Cost booked", [value(pivot, "actual") for pivot in booked],
                (84300, 97200), WHOLE, "menu_cost", True,
            ),
            (
                "Cost per sales",
                [
                    ratio(*pivots, "actual", "sales")
                    for pivots in zip(booked, sales, strict=True)
                ],
                (0.0042, 0.0051), PERCENT, "menu_cost", True,
            ),
            (
                "Brought back by suppliers",
                [
                    f'=-PIVOT.VALUE({pivot},"actual")' for pivot in back
                ],
                (12600, 9800), WHOLE, "menu_cost", False,
            ),
            (
                "Planned, not booked", [value(ahead, "planned"), None],
                (15900, None), WHOLE, "menu_cost", True,
            ),
        ),
        1,
    ):  # fmt: skip
        row = page.figure(
            title, formulas[0], examples[0], form, formulas[1], examples[1]
        )
        page.card(place, title, row, APP + menu, lower)
    page.chart(
        "by-month", "Cost by month", "bar", model, f"{APP}action_cost",
        ["date:month", "source"], (None, 0),
        {name: chain for name, chain in chains.items() if name != "period"},
        {"2026-05": 9100, "2026-06": 8700, "2026-07": 7900, "2026-08": 8200},
        measure="actual", domain=[*BOOKED, ["date", ">=", "today -24m =1d"]],
    )  # fmt: skip
    for name, title, field, place, example in (
        (
            "by-product", "Cost by product", "product_id", (0, 1),
            {"Copper strip": 41000, "Copper bar": 22000, "Foil": 6000},
        ),
        (
            "by-defect", "Cost by defect", "defect_id", (1, 1),
            {"Scratch": 38000, "Dimension": 21000, "Stain": 9000},
        ),
        (
            "by-bearer", "Who pays", "bearer_id", (0, 2),
            {"Production": 52000, "Carrier": 11000, "Warehouse": 8000},
        ),
        (
            "by-customer", "Cost by customer", "partner_id", (1, 2),
            {"Northwind": 30000, "Harbour Cables": 18000},
        ),
        (
            "by-supplier", "Suppliers", "supplier_id", (None, 3),
            {"Rolling Mill": -8200, "Second Mill": -4400},
        ),
    ):  # fmt: skip
        page.chart(
            name, title, "bar", model, f"{APP}action_cost", [field], place, chains,
            example, measure="actual", domain=[*BOOKED, [field, "!=", False]],
        )  # fmt: skip
    return page


def made():
    """:return: {name of a file: its content}"""
    return {
        name: text
        for page in (today(), month(), cost())
        for name, text in page.files().items()
    }


if __name__ == "__main__":
    FILES.mkdir(parents=True, exist_ok=True)
    for _name, _text in made().items():
        (FILES / _name).write_text(_text)
