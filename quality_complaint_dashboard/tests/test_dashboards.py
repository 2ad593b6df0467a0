import json
from ast import literal_eval

from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.quality_complaint.tests.common import ComplaintWorld
from odoo.addons.quality_complaint.tests.improvement.figures import FiguresCase
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
)

ROLES = {"today": "handler", "month": "officer", "cost": "manager"}
BRIDGE = "quality_complaint_dashboard"


@tagged("post_install", "-at_install")
class TestDashboards(FiguresCase):
    """What the dashboards ask for is there, for those who may open them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.received("2026-11-05 09:00:00", user_id=cls.handler.id)
        cls.received("2026-11-06 09:00:00", user_id=cls.handler.id)
        cls.settle()

    def dashboards(self):
        """:return: iterator of (dashboard, its content, environment of its reader)"""
        for name, role in ROLES.items():
            dashboard = self.env.ref(f"{BRIDGE}.dashboard_{name}")
            reader = self.env(
                user=getattr(self, role),
                context={"allowed_company_ids": self.company.ids},
            )
            yield dashboard, json.loads(dashboard.spreadsheet_data), reader

    def charts(self, book):
        return [
            figure["data"]
            for sheet in book["sheets"]
            for figure in sheet["figures"]
            if figure["data"]["type"].startswith("odoo_")
        ]

    def test_every_field_and_menu_is_there_for_the_reader(self):
        for dashboard, book, env in self.dashboards():
            for model, names in fields_in_spreadsheet(book).items():
                for name in names - {"__count"}:
                    with self.subTest(dashboard=dashboard.name, field=name):
                        current = env[model]
                        for part in name.split("."):
                            self.assertIn(part, current.fields_get([part]))
                            field = current._fields[part]
                            current = env.get(field.comodel_name, current)
            visible = env["ir.ui.menu"]._visible_menu_ids()
            for menu in menus_xml_ids_in_spreadsheet(book):
                self.assertIn(self.env.ref(menu).id, visible, menu)

    def test_every_figure_can_be_read_by_the_reader(self):
        for dashboard, book, env in self.dashboards():
            for pivot in book["pivots"].values():
                with self.subTest(dashboard=dashboard.name, pivot=pivot["name"]):
                    model = env[pivot["model"]]
                    measures = [
                        name
                        if name == "__count"
                        else f"{name}:{model._fields[name].aggregator}"
                        for name in (row["fieldName"] for row in pivot["measures"])
                    ]
                    self.assertEqual(
                        len(
                            model.formatted_read_group(
                                pivot["domain"], aggregates=measures
                            )
                        ),
                        1,
                    )
            for chart in self.charts(book):
                with self.subTest(dashboard=dashboard.name, chart=chart["chartId"]):
                    meta = chart["metaData"]
                    model = env[meta["resModel"]]
                    measure = meta["measure"]
                    if measure != "__count":
                        measure += f":{model._fields[measure].aggregator}"
                    model.formatted_read_group(
                        chart["searchParams"]["domain"], meta["groupBy"], [measure]
                    )
                    action = self.env.ref(chart["actionXmlId"])
                    self.assertEqual(action.res_model, meta["resModel"])
            for listing in book["lists"].values():
                env[listing["model"]].search_read(
                    listing["domain"], listing["columns"], limit=15
                )

    def test_filters_reach_fields_of_their_kind(self):
        for dashboard, book, _env in self.dashboards():
            models = {row["id"]: row.get("modelName") for row in book["globalFilters"]}
            sources = [
                *(
                    (row["model"], row["fieldMatching"])
                    for row in book["pivots"].values()
                ),
                *(
                    (row["model"], row["fieldMatching"])
                    for row in book["lists"].values()
                ),
                *(
                    (chart["metaData"]["resModel"], chart["fieldMatching"])
                    for chart in self.charts(book)
                ),
            ]
            for model, matching in sources:
                for key, match in matching.items():
                    with self.subTest(dashboard=dashboard.name, model=model, key=key):
                        current = self.env[model]
                        for part in match["chain"].split("."):
                            field = current._fields[part]
                            current = self.env.get(field.comodel_name, current)
                        self.assertEqual(field.comodel_name, models[key])
                        self.assertIn(field.type, ("date", "datetime", "many2one"))

    def test_figures_are_those_of_the_kpis(self):
        [(_dashboard, book, env)] = [
            row for row in self.dashboards() if row[0].name == "Month"
        ]
        by_name = {}
        for pivot in book["pivots"].values():
            by_name.setdefault(pivot["name"], pivot)
        november = Domain("received_day", ">=", "2026-11-01") & Domain(
            "received_day", "<=", "2026-11-30"
        )

        def count(name):
            pivot = by_name[name]
            return env[pivot["model"]].search_count(november & Domain(pivot["domain"]))

        self.assertEqual((count("Repeats"), count("Received")), (1, 2))

    def test_scorecards_open_what_they_count(self):
        [(_dashboard, book, env)] = [
            row for row in self.dashboards() if row[0].name == "Today"
        ]
        data = book["sheets"][1]["cells"]
        found = []
        for figure in book["sheets"][0]["figures"]:
            card = figure["data"]
            if card["type"] != "scorecard":
                continue
            cell = card["keyValue"].removeprefix("Data!")
            number = data[cell].split("(")[1].split(",")[0]
            pivot = book["pivots"][number]
            action = self.env.ref(book["chartOdooMenusReferences"][figure["id"]]).action
            self.assertEqual(action.res_model, pivot["model"])
            self.assertEqual(
                {repr(tuple(leaf)) for leaf in pivot["domain"]},
                {repr(leaf) for leaf in map(tuple, self.leaves(action.domain))},
            )
            found.append(env[pivot["model"]].search_count(pivot["domain"]))
        # two complaints, both overdue since their first answer
        self.assertEqual(found[:3], [2, 2, 0])

    @staticmethod
    def leaves(text):
        """Leaves of a written domain, with lists as in JSON."""
        return [
            [list(part) if isinstance(part, tuple) else part for part in leaf]
            for leaf in literal_eval(text)
        ]

    def test_sample_has_the_same_figures(self):
        for dashboard, book, _env in self.dashboards():
            sample = dashboard._get_sample_dashboard()
            self.assertFalse(sample["pivots"] or sample["lists"])
            self.assertEqual(
                [figure["id"] for figure in sample["sheets"][0]["figures"]],
                [figure["id"] for figure in book["sheets"][0]["figures"]],
            )

    def test_nobody_else_opens_them(self):
        for dashboard, _book, _env in self.dashboards():
            self.assertFalse(
                self.env["spreadsheet.dashboard"]
                .with_user(self.employee)
                .search([("id", "=", dashboard.id)])
            )
        group = self.env.ref(f"{BRIDGE}.dashboard_group")
        seen = (
            self.env["spreadsheet.dashboard"]
            .with_user(self.officer)
            .search([("dashboard_group_id", "=", group.id)])
        )
        self.assertEqual(seen.mapped("name"), ["Today", "Month"])


@tagged("post_install", "-at_install")
class TestDashboardScreens(ComplaintWorld, HttpCase):
    """They open in a browser without a client error, also with nothing in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.make_users()
        cls.make_complaint(partner_id=cls.customer.id)

    def test_all_three_open(self):
        for name in ROLES:
            dashboard = self.env.ref(f"{BRIDGE}.dashboard_{name}")
            self.browser_js(
                f"/odoo/dashboards?dashboard_id={dashboard.id}",
                "console.log('test successful');",
                ready="document.querySelectorAll('.o-figure').length >= 5",
                login="qc_manager",
                cookies={"cids": str(self.company.id)},
            )
