"""The demo company: a maker of copper strip, brass rod and aluminium coil, its flows
and some thirty complaints.

Everything is made through business methods, so that the demo is a rehearsal of the real
thing. Only dates are moved into the past
afterwards, because the system stamps what happens with the present.
"""

from base64 import b64encode
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import file_open

USERS = [
    # login, name, groups
    (
        "officer",
        "Li Na",
        [
            "quality_complaint.group_quality_complaint_officer",
            "sales_team.group_sale_salesman_all_leads",
            "stock.group_stock_user",
        ],
    ),
    (
        "quality",
        "Wang Wei",
        ["quality_complaint.group_quality_complaint_quality", "stock.group_stock_user"],
    ),
    (
        "manager",
        "Zhang Min",
        [
            "quality_complaint.group_quality_complaint_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_readonly",
        ],
    ),
    (
        "warehouse",
        "Chen Jun",
        [
            "stock.group_stock_user",
            "stock.group_production_lot",
            "stock.group_tracking_lot",
        ],
    ),
    ("accountant", "Liu Fang", ["account.group_account_user"]),
    ("employee", "Zhao Lei", ["base.group_user"]),
]
CUSTOMERS = [
    # key, name, city, country, currency, e-mail
    (
        "motors",
        "Ningbo Electric Motors Co.",
        "Ningbo",
        "base.cn",
        "CNY",
        "quality@ningbo-motors.example",
    ),
    (
        "cable",
        "Suzhou Cable Works",
        "Suzhou",
        "base.cn",
        "CNY",
        "qa@suzhou-cable.example",
    ),
    (
        "valves",
        "Rhein Armaturen GmbH",
        "Köln",
        "base.de",
        "EUR",
        "reklamation@rhein-armaturen.example",
    ),
    (
        "heat",
        "Nordic Heat Exchangers AB",
        "Västerås",
        "base.se",
        "EUR",
        "quality@nordicheat.example",
    ),
    (
        "trade",
        "Yangtze Metal Trading",
        "Wuhan",
        "base.cn",
        "CNY",
        "service@yangtze-metal.example",
    ),
    (
        "switch",
        "Delta Switchgear Ltd",
        "Leeds",
        "base.uk",
        "EUR",
        "incoming@delta-switchgear.example",
    ),
]
PHONES = {
    "base.cn": "+86 574 5550 2100",
    "base.de": "+49 221 5550 120",
    "base.se": "+46 21 5550 120",
    "base.uk": "+44 113 496 0120",
}
PRODUCTS = [
    # key, name, tracking, unit, price, cost, lots {name: quantity}
    (
        "strip",
        "Copper strip C1100 0.5 × 200 mm",
        "lot",
        "uom.product_uom_kgm",
        72.5,
        61.0,
        {"CU2606-014": 4000, "CU2607-021": 4000, "CU2609-003": 4000},
    ),
    (
        "rod",
        "Brass rod C3604 Ø 12 mm",
        "lot",
        "uom.product_uom_kgm",
        48.0,
        41.5,
        {"BR2606-107": 3000, "BR2608-112": 3000},
    ),
    (
        "coil",
        "Aluminium coil 1060 H24 1.0 mm",
        "lot",
        "uom.product_uom_kgm",
        23.8,
        19.9,
        {"AL2607-330": 6000, "AL2609-341": 6000},
    ),
    (
        "fitting",
        "Brass fitting 1/2″",
        "none",
        "uom.product_uom_unit",
        14.0,
        9.2,
        {"": 2400},
    ),
    (
        "busbar",
        "Copper busbar 10 × 100 × 2000 mm",
        "serial",
        "uom.product_uom_unit",
        640.0,
        540.0,
        {f"BB26-{number:04d}": 1 for number in range(1, 13)},
    ),
]
# customer, product, lots {name: quantity} or quantity, days ago, in three steps
ORDERS = [
    ("motors", "strip", {"CU2606-014": 800}, 150, False),
    ("cable", "strip", {"CU2606-014": 1200}, 141, True),
    ("valves", "rod", {"BR2606-107": 900}, 133, False),
    ("heat", "coil", {"AL2607-330": 1500}, 120, False),
    ("trade", "rod", {"BR2606-107": 600}, 112, False),
    ("switch", "busbar", {"BB26-0001": 1, "BB26-0002": 1, "BB26-0003": 1}, 104, False),
    ("motors", "strip", {"CU2607-021": 1000}, 96, False),
    ("trade", "fitting", 40, 90, False),
    ("cable", "strip", {"CU2607-021": 1500}, 82, True),
    ("heat", "coil", {"AL2607-330": 1200}, 75, False),
    ("valves", "fitting", 60, 66, False),
    ("valves", "rod", {"BR2608-112": 700}, 58, False),
    ("motors", "strip", {"CU2609-003": 900}, 51, False),
    ("switch", "busbar", {"BB26-0004": 1, "BB26-0005": 1}, 44, False),
    ("trade", "coil", {"AL2609-341": 2000}, 38, False),
    ("cable", "strip", {"CU2609-003": 1100}, 30, True),
    ("heat", "coil", {"AL2609-341": 1300}, 24, False),
    ("trade", "strip", {"CU2609-003": 600}, 17, False),
    ("motors", "rod", {"BR2608-112": 500}, 12, False),
    ("switch", "busbar", {"BB26-0006": 1, "BB26-0007": 1}, 9, False),
]
# order number, quantity, defect, days ago, how far, remedy, text, photo
COMPLAINTS = [
    (
        0,
        120,
        "surface",
        140,
        "closed",
        "refund",
        (
            "Scratches along the inner windings of two coils, found when stamping "
            "commutator segments."
        ),
        "scratches",
    ),
    (
        1,
        60,
        "dimension",
        131,
        "closed",
        "credit",
        "Width 200.6 mm instead of 200 ± 0.3 mm; slit again by the customer.",
        "",
    ),
    (
        2,
        45,
        "composition",
        122,
        "closed",
        "refund",
        (
            "Lead content 3.9 % against 2.5–3.7 % in the certificate; turning chips too "  # noqa: E501
            "short."
        ),
        "",
    ),
    (
        3,
        200,
        "packaging",
        111,
        "closed",
        "explanation",
        "Outer wrapping torn on arrival, goods without damage.",
        "crushed_edge",
    ),
    (
        4,
        30,
        "surface",
        101,
        "closed",
        "refund",
        "Green spots on rods stored for two weeks.",
        "oxidation",
    ),
    (
        5,
        1,
        "dimension",
        95,
        "closed",
        "replacement",
        "Busbar bent by 4 mm over its length.",
        "",
    ),
    (
        6,
        90,
        "surface",
        84,
        "closed",
        "refund",
        "Scratches again, same place as in June.",
        "scratches",
    ),
    (
        7,
        6,
        "performance",
        79,
        "closed",
        "cash_compensation",
        "Thread leaks at 12 bar; 6 of 40 dozens affected.",
        "",
    ),
    (
        8,
        110,
        "surface",
        70,
        "replied",
        "refund",
        "Fine scratches under grazing light on all coils of pallet 3.",
        "scratches",
    ),
    (
        9,
        80,
        "packaging",
        64,
        "closed",
        "product_compensation",
        "Edges crushed by the strapping.",
        "crushed_edge",
    ),
    (
        10,
        4,
        "installation",
        58,
        "closed",
        "explanation",
        "Fittings cracked when tightened; torque was twice the permitted one.",
        "",
    ),
    (
        11,
        70,
        "composition",
        49,
        "replied",
        "refund",
        "Hardness 118 HB, ordered 130–150 HB.",
        "",
    ),
    (
        12,
        60,
        "dimension",
        20,
        "executing",
        "replacement",
        "Thickness 0.47 mm on the last 50 m of coil 4.",
        "",
    ),
    (
        13,
        1,
        "surface",
        17,
        "executing",
        "repair",
        "Deep dent on the contact face.",
        "crushed_edge",
    ),
    (
        14,
        260,
        "surface",
        14,
        "executing",
        "credit",
        "White oxidation on the outer turns.",
        "oxidation",
    ),
    (
        17,
        100,
        "surface",
        9,
        "planning",
        "refund",
        "Scratches on every coil checked so far.",
        "scratches",
    ),
    (
        16,
        150,
        "composition",
        8,
        "submitted",
        "credit",
        "Silicon above the limit in both coils tested; welding seams crack.",
        "crushed_edge",
    ),
    (
        17,
        80,
        "performance",
        6,
        "investigating",
        "",
        "Strip breaks in deep drawing, 8 % rejects instead of 1 %.",
        "",
    ),
    (
        18,
        40,
        "surface",
        4,
        "investigating",
        "",
        "Rods with brown stains under the wrapping.",
        "oxidation",
    ),
    (19, 1, "dimension", 3, "registered", "", "Holes off by 2 mm.", ""),
    (
        12,
        40,
        "surface",
        2,
        "registered",
        "",
        "Rust-coloured marks after a week in stock.",
        "oxidation",
    ),
    (
        16,
        90,
        "dimension",
        1,
        "registered",
        "",
        "Coil width above tolerance at both ends.",
        "",
    ),
    (
        18,
        25,
        "packaging",
        0,
        "new",
        "",
        "Bundle came open in transport, ten rods bent.",
        "crushed_edge",
    ),
]

# what was found, by defect: finding, proposal, cause, who it falls to, root cause, why
# it escaped, correction
FOUND = {
    "surface": (
        "The retained sample of the lot shows the same marks.",
        "Exchange the guide roller, check the surface of every coil.",
        "process",
        "production",
        "A worn guide roller of slitter 2 marked the strip.",
        "The check at the coiler covers the edges only.",
        "Exchange the guide roller of slitter 2",
        "New roller fitted, first coil free of marks",
    ),
    "dimension": (
        "Measured again on the retained sample: out of tolerance at its end.",
        "Set the tool again, measure head, middle and tail.",
        "process",
        "production",
        "The tool was set with a worn spacer.",
        "The size was measured at the head only.",
        "Replace the worn spacers",
        "Spacers of set 3 replaced, 20 pieces measured",
    ),
    "composition": (
        "The second analysis of the retained sample confirms the first.",
        "Analyse every melt after the last charge.",
        "raw_material",
        "supplier",
        "Scrap of another alloy was charged into the melt.",
        "The sample was taken before the last charge.",
        "Sort the scrap of this supplier",
        "Delivery sorted, 140 kg of another alloy taken out",
    ),
    "packaging": (
        "Edges crushed where the strap runs; the goods inside are sound.",
        "Edge protectors under every strap.",
        "transport",
        "logistics",
        "The strap was tensioned as for hard strip.",
        "The packing instruction names no tension.",
        "Put edge protectors under the straps",
        "Protectors in use since the next shipment",
    ),
    "performance": (
        "Retained pieces leak at 11 to 13 bar.",
        "Change the thread dies, test every hour.",
        "process",
        "production",
        "The thread dies were worn.",
        "The pressure test was done once a shift.",
        "Change the thread dies",
        "New dies, 50 pieces tight at 20 bar",
    ),
}
# why a complaint is not ours, by defect: finding, cause, who it falls to, explanation
NOT_OURS = {
    "packaging": (
        "Delivery record and photos of loading: goods and packing were in order.",
        "transport",
        "carrier",
        "The goods left us undamaged; the carrier confirmed the fall of the pallet.",
    ),
    "installation": (
        "The cracked fittings have the specified strength.",
        "customer_use",
        "customer",
        "The fittings were tightened with twice the permitted torque.",
    ),
}
# what is measured on a retained sample, by defect: name, standard, unit, lower and
# upper limit, values
MEASURED = {
    "surface": ("Roughness Ra", "Stylus, GB/T 1031", "µm", 0, 0.4, "0.38; 0.55; 0.61"),
    "dimension": ("Thickness", "Micrometer", "mm", 0.48, 0.52, "0.50; 0.47; 0.46"),
    "composition": ("Hardness", "GB/T 4340.1", "HV", 130, 150, "118; 121; 119"),
    "packaging": ("Depth of the mark", "Gauge", "mm", 0, 0.2, "0.6; 0.4"),
    "performance": ("Tight up to", "Pressure test", "bar", 16, 40, "11; 13; 12"),
}

# hours from receipt to the steps of a complaint that is handled quickly
PACE = {
    "responded": 0.5,
    "registered": 0.7,
    "acknowledged": 0.7,
    "assigned": 1,
    "investigation_started": 26,
    "sample_received": 30,
    "reinspected": 75,
    "concluded": 98,
    "planned": 120,
    "plan_approved": 122,
    "execution_started": 125,
    "executed": 190,
    "replied": 215,
    "revisited": 310,
    "closed": 312,
}


class QualityComplaintDemo(models.AbstractModel):
    """Loads the demo company; called by the demo data only."""

    _name = "quality.complaint.demo"
    _description = "Demo Company of Complaints"

    @api.model
    def _load(self):
        """Make the company, its flows and its complaints; does nothing when they are
        there.
        """
        if self.env.ref("quality_complaint.demo_company", raise_if_not_found=False):
            return
        if self.env["res.lang"]._get_data(code="zh_CN"):
            # letters to Chinese customers are Chinese: the addon's words are loaded
            # after its demo data, too late for them
            self.env["ir.module.module"]._load_module_terms(
                ["quality_complaint"], ["zh_CN"]
            )
        company = self._make_company()
        demo = self.with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_notrack=True,
            mail_notify_force_send=False,
        )
        demo = demo.with_company(company)
        users = demo._make_users(company)
        demo._make_bearers(company)
        customers, products = demo._make_customers(), demo._make_products()
        plant = {"company_id": company.id, "partner_id": company.partner_id.id}
        warehouse, three_steps = demo.env["stock.warehouse"].create(
            [
                {**plant, "name": "Plant 1", "code": "P1"},
                {
                    **plant,
                    "name": "Plant 2",
                    "code": "P2",
                    "delivery_steps": "pick_pack_ship",
                },
            ]
        )
        demo._receive_lots(products, {warehouse: 1.0, three_steps: 0.5})
        orders = [
            demo._sell(
                customers[customer],
                products[product],
                lots,
                days,
                three_steps if steps else warehouse,
            )
            for customer, product, lots, days, steps in ORDERS
        ]
        demo._people_and_terms(users, customers)
        complaints = [demo._complain(users, orders[row[0]], row) for row in COMPLAINTS]
        demo._report_8ds(users, complaints)
        demo._feedback(users, customers)
        demo._batch_case(users)
        demo._last_month(company)
        demo._open_doors(company, customers["switch"])

    def _open_doors(self, company, customer):
        """How customers reach the company: the public form, QR codes, a login."""
        company.write(
            {
                "complaint_form": True,
                "complaint_invoice_qr": True,
                "complaint_publish": True,
            }
        )
        for code, contact in (
            ("phone", "+86 510 5550 1888"),
            ("email", company.email),
            ("social", "WeChat: JiangnanMetals"),
        ):
            self.env.ref(f"quality_complaint.channel_{code}").contact = contact
        self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", company.id)]
        ).complaint_qr = True
        person = self.env["res.partner"].create(
            {
                "name": "Jo Hart",
                "parent_id": customer.id,
                "email": "j.hart@delta-switchgear.example",
                "lang": customer.lang,
                "tz": "Asia/Shanghai",
            }
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": "customer",
                "password": "customer",
                "partner_id": person.id,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def _last_month(self, company):
        """Targets, and the analysis of the last month as the job makes it."""
        targets = (
            ("response_in_time", 95, 5),
            ("answer_in_time", 95, 5),
            ("satisfaction", 85, 5),
            ("repeats", 10, 5),
        )
        self.env["quality.complaint.kpi.target"].create(
            [
                {
                    "kpi_id": self.env.ref(f"quality_complaint.kpi_{code}").id,
                    "company_id": company.id,
                    "date_from": "2026-01-01",
                    "target": target,
                    "tolerance": tolerance,
                }
                for code, target, tolerance in targets
            ]
        )
        self.env.cr.flush()  # figures are appended when a transaction ends
        self.env["quality.complaint.analysis"].with_company(company).create(
            {"company_id": company.id}
        )

    def _batch_case(self, users):
        """A lot that several customers complain of: one case, a complaint for each."""
        lot = self.env["stock.lot"].search(
            [("name", "=", "BR2608-112"), ("company_id", "=", self.env.company.id)]
        )
        wizard = self._as(users["officer"])["quality.complaint.batch"].create(
            {
                "lot_id": lot.id,
                "description": (
                    "Brown stains under the wrapping: the lot was packed damp."
                ),
                "defect_id": self.env.ref("quality_complaint.defect_surface").id,
            }
        )
        wizard.action_create()

    def _make_bearers(self, company):
        """Departments with analytic accounts, so that costs fall to who caused them."""
        plans = self.env["account.analytic.plan"]
        plan = plans.search([("name", "=", "Departments")], limit=1) or plans.create(
            {"name": "Departments"}
        )
        for party in ("production", "quality", "logistics"):
            responsible = self.env.ref(f"quality_complaint.responsible_{party}")
            responsible.analytic_account_id = self.env[
                "account.analytic.account"
            ].create(
                {"name": responsible.name, "plan_id": plan.id, "company_id": False}
            )

    # === company, people, goods ===

    def _make_company(self):
        # without the context, the country would make Odoo install another chart of
        # accounts
        company = (
            self.env["res.company"]
            .with_context(chart_template_load=True)
            .create(
                {
                    "name": "Jiangnan Non-Ferrous Metals",
                    "street": "88 Tongxin Road",
                    "city": "Wuxi",
                    "country_id": self.env.ref("base.cn").id,
                    "currency_id": self._currency("CNY").id,
                    "phone": "+86 510 5550 1888",
                    "email": "service@jiangnan-metals.example",
                    "logo": b64encode(self._file("logo.png")),
                }
            )
        )
        company = company.with_context(chart_template_load=False)
        company.resource_calendar_id.tz = "Asia/Shanghai"
        company.partner_id.tz = "Asia/Shanghai"
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": "quality_complaint.demo_company",
                    "record": company,
                    "noupdate": True,
                }
            ]
        )
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        company.currency_id = self._currency(
            "CNY"
        )  # the chart of accounts has set its own
        self.env["res.currency.rate"].create(
            {
                "currency_id": self._currency("EUR").id,
                "company_id": company.id,
                "name": "2026-01-01",
                "inverse_company_rate": 7.8,
            }
        )
        admin = self.env.ref("base.user_admin")
        admin.write(
            {"company_ids": [Command.link(company.id)], "company_id": company.id}
        )
        return company

    def _currency(self, code):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", code)])
        )
        currency.active = True
        return currency

    def _make_users(self, company):
        users = {}
        for login, name, groups in USERS:
            users[login] = (
                self.env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "login": login,
                        "password": login,
                        "name": name,
                        "email": f"{login}@jiangnan-metals.example",
                        "tz": "Asia/Shanghai",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [
                            Command.set(
                                [
                                    self.env.ref(group).id
                                    for group in [
                                        "base.group_user",
                                        "uom.group_uom",
                                        *groups,
                                    ]
                                ]
                            )
                        ],
                    }
                )
            )
            if "odoobot_state" in users[login]._fields:
                users[
                    login
                ].odoobot_state = (
                    "disabled"  # no chat window over the first page they open
                )
        team = self.env.ref("quality_complaint.team_default")
        team.write(
            {
                "leader_id": users["quality"].id,
                "member_ids": [Command.set([users["officer"].id, users["quality"].id])],
            }
        )
        for code, login in (
            ("quality", "quality"),
            ("production", "manager"),
            ("technology", "manager"),
        ):
            self.env.ref(f"quality_complaint.responsible_{code}").manager_id = users[
                login
            ]
        return users

    def _make_customers(self):
        partners = {}
        chinese = self.env["res.lang"]._get_data(
            code="zh_CN"
        )  # customers are written to in their language
        for key, name, city, country, currency, email in CUSTOMERS:
            pricelist = self.env["product.pricelist"].search(
                [
                    ("currency_id.name", "=", currency),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            )
            pricelist = pricelist or self.env["product.pricelist"].create(
                {
                    "name": currency,
                    "currency_id": self._currency(currency).id,
                    "company_id": self.env.company.id,
                }
            )
            partners[key] = self.env["res.partner"].create(
                {
                    "name": name,
                    "is_company": True,
                    "city": city,
                    "country_id": self.env.ref(country).id,
                    "email": email,
                    "lang": "zh_CN" if chinese and country == "base.cn" else "en_US",
                    "phone": PHONES[country],
                    "property_product_pricelist": pricelist.id,
                }
            )
        return partners

    def _make_products(self):
        group = self.env["account.tax.group"].create(
            {"name": "VAT 13%", "company_id": self.env.company.id}
        )
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 13%",
                "amount": 13,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "company_id": self.env.company.id,
            }
        )
        return {
            key: self.env["product.product"].create(
                {
                    "name": name,
                    "default_code": f"{key[:2].upper()}-{number:02d}",
                    "type": "consu",
                    "is_storable": True,
                    "tracking": tracking,
                    "uom_id": self.env.ref(unit).id,
                    "list_price": price,
                    "standard_price": cost,
                    "taxes_id": [Command.set(tax.ids)],
                    "invoice_policy": "delivery",
                    "company_id": self.env.company.id,
                }
            )
            for number, (key, name, tracking, unit, price, cost, _lots) in enumerate(
                PRODUCTS, 1
            )
        }

    def _receive_lots(self, products, shares):
        """Production hands its lots to the warehouses: receipts with lot numbers.

        :param dict shares: {warehouse: share of each lot's quantity}; serial numbers go
            to the first
        """
        lots = {
            (key, name): self.env["stock.lot"].create(
                {
                    "name": name,
                    "product_id": products[key].id,
                    "company_id": self.env.company.id,
                }
            )
            for key, *_rest, names in PRODUCTS
            for name in names
            if name
        }
        for index, (warehouse, share) in enumerate(shares.items()):
            for key, _name, tracking, _unit, _price, _cost, names in PRODUCTS:
                if tracking == "serial" and index:
                    continue
                receipt = self.env["stock.picking"].create(
                    self._prepare_receipt_vals(
                        warehouse, products[key], sum(names.values()) * share
                    )
                )
                receipt.action_confirm()
                move = receipt.move_ids
                move.move_line_ids.unlink()
                move.move_line_ids = [
                    Command.create(
                        {
                            **move._prepare_move_line_vals(),
                            "quantity": quantity * share,
                            "lot_id": lots[key, name].id if name else False,
                        }
                    )
                    for name, quantity in names.items()
                ]
                move.picked = True
                receipt.button_validate()
                move.date = fields.Datetime.now() - timedelta(days=170)

    def _prepare_receipt_vals(self, warehouse, product, quantity):
        kind = warehouse.in_type_id
        supplier = self.env.ref("stock.stock_location_suppliers")
        return {
            "picking_type_id": kind.id,
            "location_id": supplier.id,
            "location_dest_id": warehouse.lot_stock_id.id,
            "origin": "Production",
            "move_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "product_uom": product.uom_id.id,
                        "location_id": supplier.id,
                        "location_dest_id": warehouse.lot_stock_id.id,
                    }
                )
            ],
        }

    # === order to invoice ===

    def _sell(self, customer, product, lots, days, warehouse):
        """Order, deliver with the given lots, invoice; fittings are sold in dozens.
        Dated `days` ago.
        """
        day = fields.Datetime.now() - timedelta(days=days)
        dozen = product.default_code.startswith("FI")
        price = product.list_price * (12 if dozen else 1)
        currency = customer.property_product_pricelist.currency_id
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "warehouse_id": warehouse.id,
                "date_order": day - timedelta(days=6),
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": sum(lots.values())
                            if isinstance(lots, dict)
                            else lots,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id
                            if dozen
                            else product.uom_id.id,
                            "price_unit": currency.round(
                                self.env.company.currency_id._convert(
                                    price, currency, self.env.company, day.date()
                                )
                            ),
                            "discount": 5.0 if days % 3 == 0 else 0.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        for _step in range(3):
            picking = order.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )[:1]
            if picking:
                self._process(picking, lots if isinstance(lots, dict) else {})
                picking.move_ids.date = day
                picking.date_done = day
        invoice = order._create_invoices()
        invoice.invoice_date = day.date()
        invoice.action_post()
        return order

    def _process(self, picking, lots):
        picking.action_assign()
        move = picking.move_ids
        if lots:
            move.move_line_ids.unlink()
            known = self.env["stock.lot"].search(
                [("name", "in", list(lots)), ("product_id", "=", move.product_id.id)]
            )
            vals = move._prepare_move_line_vals()
            move.move_line_ids = [
                Command.create({**vals, "lot_id": lot.id, "quantity": lots[lot.name]})
                for lot in known
            ]
        move.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    # === complaints ===

    def _complain(self, users, order, row):
        """One complaint, taken as far as the row says by the people whose work it
        is.
        """
        _number, quantity, defect, days, goal, kind, text, photo = row
        received = fields.Datetime.now() - timedelta(days=days, hours=days % 7)
        officer = self._as(users["officer"])
        delivery = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        complaint = officer["quality.complaint"].create(
            {
                "lot_ref": (
                    delivery.move_line_ids.lot_id[:1].name
                    if delivery.product_id.tracking == "serial"
                    else delivery.name
                ),
                "description": text,
                "channel_id": self.env.ref(
                    f"quality_complaint.channel_{('phone', 'email', 'sales')[days % 3]}"
                ).id,
                "customer_ref": f"NCR-{days:03d}" if days % 2 else False,
                "contact_name": ("Ms Wang", "Mr Brown", "Ms Li")[days % 3],
                "phone": order.partner_id.phone or "+86 510 5555 0100",
                "demand": {
                    "refund": "return",
                    "credit": "reduction",
                    "replacement": "replacement",
                    "repair": "repair",
                }.get(kind, "other"),
                "attachment_ids": [Command.create(self._prepare_photo_vals(photo))]
                if photo
                else [],
            }
        )
        complaint.line_ids[1:].unlink()
        complaint.line_ids.write(
            {
                "quantity": quantity,
                "defect_id": self.env.ref(f"quality_complaint.defect_{defect}").id,
            }
        )
        if defect == "composition":
            complaint.trigger_ids = self.env.ref(
                "quality_complaint.trigger_serious_defect"
            )
        steps = [
            "new",
            "registered",
            "investigating",
            "planning",
            "submitted",
            "executing",
            "replied",
            "closed",
        ]
        for step in steps[1 : steps.index(goal) + 1]:
            getattr(self, f"_to_{step}")(complaint, users, kind, days)
        self._move_into_past(complaint, received)
        return complaint

    def _deliver(self, complaint):
        """Its acknowledgement is sent: a demo has no mail server."""
        message = complaint.sudo().acknowledgement_id
        message.notification_ids.notification_status = "sent"
        self.env["mail.mail"].sudo().search(
            [("mail_message_id", "in", message.ids)]
        ).unlink()

    def _as(self, user):
        return self.env(
            user=user, context={**self.env.context, "mail_create_nosubscribe": True}
        )

    def _prepare_photo_vals(self, name):
        return {"name": f"{name}.jpg", "raw": self._file(f"{name}.jpg")}

    def _file(self, name):
        with file_open(f"quality_complaint/demo/photos/{name}", "rb") as file:
            return file.read()

    def _to_registered(self, complaint, users, _kind, days):
        complaint.action_register()
        self._deliver(complaint)
        complaint.action_tick_responded()
        if days < 2:
            complaint.user_id = False

    def _to_investigating(self, complaint, _users, _kind, _days):
        complaint.action_start_investigation()

    def _to_planning(self, complaint, users, kind, _days):
        investigation = complaint.investigation_ids[-1:].with_user(users["quality"])
        ours = kind != "explanation"
        defect = self._defect(complaint)
        if ours:
            finding, proposal, cause, party, root_cause, escape, todo, done = FOUND[
                defect
            ]
        else:
            finding, cause, party, explanation = NOT_OURS[defect]
        investigation.write(
            {
                "user_id": users["quality"].id,
                "method": "retained_sample" if ours else "written",
                "sample_received_on": complaint.received_on if ours else False,
                "sample_number": f"RS-{investigation.lot_id.name}"
                if ours and investigation.lot_id
                else False,
                "sample_place": "Laboratory, shelf 4" if ours else False,
                "result": "confirmed" if ours else "not_confirmed",
                "finding": finding,
                "proposal": proposal if ours else False,
            }
        )
        self._measure(investigation, defect)
        self._answer(investigation)
        if investigation.needs_team:
            self._name_team(investigation, users)
        investigation.action_done()
        if investigation.sample_state == "tested":
            investigation.action_sample_kept()
        complaint.write(
            {
                "validity": "valid" if ours else "invalid",
                "explanation": False if ours else explanation,
                "validity_reason": False if ours else finding,
                "cause_id": self.env.ref(f"quality_complaint.cause_{cause}").id,
                "responsible_id": self.env.ref(
                    f"quality_complaint.responsible_{party}"
                ).id,
                "root_cause": root_cause if ours else False,
                "escape_cause": escape if ours else False,
            }
        )
        complaint.action_conclude()
        if ours:
            measure = complaint.env["quality.complaint.action"].create(
                {
                    "complaint_id": complaint.id,
                    "name": todo,
                    "kind": "correction",
                    "department_id": self.env.ref(
                        f"quality_complaint.responsible_{party}"
                    ).id,
                    "due_on": fields.Datetime.now() + timedelta(days=5),
                    "evidence": done,
                }
            )
            measure.action_done()

    def _defect(self, complaint):
        """:return: the last word of its defect's external id"""
        defect = complaint.line_ids.defect_id[:1]
        return defect.get_external_id()[defect.id].rpartition("_")[2]

    def _answer(self, investigation):
        """The questions of the policy are answered as somebody would on the phone."""
        for answer in investigation.answer_ids.filtered("is_open"):
            answer.write(
                {"yes_no": "yes"}
                if answer.kind == "yes_no"
                else {"answer": "Confirmed by the shift leader"}
            )

    def _measure(self, investigation, defect):
        """What the laboratory measured: one characteristic is out of its limits."""
        if investigation.method != "retained_sample":
            return
        name, standard, unit, lower, upper, measured = MEASURED[defect]
        investigation.measurement_ids = [
            Command.create(
                {
                    "name": name,
                    "standard": standard,
                    "requirement": "between" if lower else "at_most",
                    "lower": lower,
                    "upper": upper,
                    "unit_name": unit,
                    "measured": measured,
                }
            ),
            Command.create(
                {
                    "name": "Label and marking",
                    "requirement": "judged",
                    "wanted": "as ordered",
                    "judged": "pass",
                }
            ),
        ]

    def _name_team(self, investigation, users):
        """Management names the team of a major case."""
        people = {
            "sales": ("Zhou Min", "Talks to the customer"),
            "quality": ("Wang Jing", "Leads the laboratory work"),
            "technology": ("Sun Lei", "Checks the process window"),
            "production": ("Xu Gang", "Shift records of slitter 2"),
        }
        investigation.member_ids = [
            Command.create(
                {
                    "name": name,
                    "department_id": self.env.ref(
                        f"quality_complaint.responsible_{code}"
                    ).id,
                    "task": task,
                }
            )
            for code, (name, task) in people.items()
        ]
        investigation.with_user(users["manager"]).action_name_team()

    def _to_submitted(self, complaint, _users, kind, _days):
        line = {
            "complaint_line_id": complaint.line_ids.id,
            "percent": 15.0 if kind == "credit" else 0.0,
        }
        if kind == "cash_compensation":
            line.update(
                amount=180.0,
                basis="Two hours of a fitter and the water damage at the customer's",
                evidence="Photos, work report",
            )
        elif kind == "product_compensation":
            line.update(quantity=20.0, basis="For the trouble of re-packing")
        complaint.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": kind,
                "department_id": self.env.ref(
                    "quality_complaint.responsible_after_sales"
                ).id,
                "due_on": fields.Datetime.now() + timedelta(days=10),
                "line_ids": [Command.create(line)] if kind != "explanation" else [],
            }
        )
        complaint.action_submit_plan()

    def _to_executing(self, complaint, users, _kind, days):
        if complaint.state == "planning":
            complaint.with_user(users["manager"]).action_approve_plan()
        if days > 16:
            complaint.action_execute()

    def _to_replied(self, complaint, users, kind, days):
        for remedy in complaint.remedy_ids:
            for _step in range(4):  # what comes back, then what goes out for it
                open_pickings = remedy.sudo().picking_ids.filtered(
                    lambda picking: picking.state not in ("done", "cancel")
                )
                for picking in open_pickings.with_user(users["warehouse"]):
                    self._process(picking, {})
                    picking.sudo().move_ids.date = self._settled_on(days)
                    picking.sudo().date_done = self._settled_on(days)
                    if picking.picking_type_code == "incoming":
                        self._inspect(
                            picking, scrap=days % 2, on=self._settled_on(days)
                        )
            if days > 66 or kind == "credit":
                self._post(remedy, users, days)
        reply = complaint.env["quality.complaint.reply"].browse(
            complaint.action_open_reply()["res_id"]
        )
        reply.write({"kind": "final", "method": "written", "send_as": "letter"})
        # what the guide asks to be written into the reply stands in it
        complaint.guide_done_ids = complaint.guide_ids
        reply.action_send()

    def _inspect(self, receipt, scrap, on):
        """The warehouse's result; every other lot is scrapped, the rest waits for its
        decision.
        """
        results = receipt.env["quality.complaint.inspection"]
        results = results.create(
            [
                {
                    **proposed,
                    "condition": "defective",
                    "disposition": "scrap" if scrap else "repair",
                }
                for proposed in receipt._prepare_inspection_vals()
            ]
        )
        if scrap:
            for inspection in results:
                inspection.action_dispose()
            scraps = results.sudo().scrap_ids
            scraps.move_ids.date = on
            scraps.date_done = on

    def _settled_on(self, days):
        """When goods and money of a complaint of so many days ago were settled."""
        return fields.Datetime.now() - timedelta(days=max(days - 8, 0))

    def _post(self, remedies, users, days):
        """The accountant posts what is not posted yet, dated when it was settled."""
        notes = remedies.sudo().credit_note_ids.filtered(
            lambda note: note.state == "draft"
        )
        notes.invoice_date = self._settled_on(days).date()
        notes.with_user(users["accountant"]).action_post()

    def _to_closed(self, complaint, users, _kind, days):
        self._post(complaint.remedy_ids, users, days)
        satisfied = 86.0 + complaint.id % 12
        complaint.revisit_ids.write(
            {
                "score_speed": "4",
                "score_attitude": "5",
                "score_competence": "5",
                "score_result": "5",
                "score": satisfied,
                "recommends": "9",
                "implemented": "yes",
                "recurred": "no",
                "spoken_with": "Mr Zhao, incoming inspection",
                "comment": (
                    "Handled quickly; the credit note came with the goods' receipt."
                ),
            }
        )
        complaint.revisit_ids.action_done()
        complaint.action_close()

    def _move_into_past(self, complaint, received):
        """Move the steps to when they would have happened; every third complaint was
        handled slowly, and says why.
        """
        complaint = complaint.sudo()
        pace = 1.6 if complaint.id % 3 == 0 else 1.0
        now = fields.Datetime.now()
        rows, dates = complaint.deadline_ids, {}
        rows.filtered("limit_id").unlink()
        for stamp in rows.exists():
            moment = min(
                received + timedelta(hours=PACE.get(stamp.milestone_code, 0) * pace),
                now,
            )
            stamp._advance({"done_on": moment, "recorded_on": moment})
            dates[stamp.milestone_code] = moment
        vals = {
            field: dates[code]
            for field, code in (
                ("registered_on", "registered"),
                ("replied_on", "replied"),
                ("closed_on", "closed"),
            )
            if code in dates
        }
        complaint._advance({"received_on": received, **vals})
        self._move_parts(complaint, received, dates)
        complaint.invalidate_recordset()
        complaint._start_limits(
            [
                pair
                for stamp in complaint.deadline_ids.sorted("done_on")
                for pair in complaint._limit_pairs(stamp)
            ]
        )
        if complaint.state == "closed":
            complaint._cancel_deadlines()
        complaint.deadline_ids.filtered(
            lambda row: row.state == "missed"
        ).late_reason = "Laboratory was overloaded after the holidays."
        complaint.revisit_ids._advance(
            {"planned_on": min(received + timedelta(days=14), now)}
        )
        complaint.revisit_ids.filtered("done_on")._advance(
            {"done_on": dates.get("revisited")}
        )

    def _move_parts(self, complaint, received, dates):
        """What hangs on the complaint happened when its steps did."""
        found = dates.get("reinspected") or dates.get("concluded")
        complaint.investigation_ids.filtered("done_on")._advance({"done_on": found})
        for sample in complaint.investigation_ids.filtered("sample_received_on"):
            sample._advance(
                {"sample_received_on": dates.get("sample_received") or received}
            )
        complaint.action_ids.filtered("done_on")._advance(
            {"done_on": dates.get("planned") or found}
        )
        complaint.approval_ids._advance({"requested_on": dates.get("planned") or found})
        complaint.approval_ids.filtered("decided_on")._advance(
            {"decided_on": dates.get("plan_approved") or found}
        )
        complaint.remedy_ids.filtered("executed_on")._advance(
            {"executed_on": dates.get("executed") or dates.get("execution_started")}
        )
        complaint.reply_ids.filtered("sent_on")._advance(
            {"sent_on": dates.get("replied") or dates.get("acknowledged")}
        )

    def _people_and_terms(self, users, customers):
        """Who looks after which complaints, who is on duty this week and the next, and
        what customers may ask for.
        """
        sales, production = (
            self.env.ref(f"quality_complaint.responsible_{code}")
            for code in ("sales", "production")
        )
        self.env["quality.complaint.routing"].create(
            [
                {
                    "country_ids": [Command.set(customers["switch"].country_id.ids)],
                    "region_manager_id": users["manager"].id,
                },
                {
                    "defect_ids": [
                        Command.set(
                            self.env.ref("quality_complaint.defect_packaging").ids
                        )
                    ],
                    "department_id": sales.id,
                },
                {"department_id": production.id, "sequence": 20},
            ]
        )
        users["officer"].partner_id.phone = "+86 510 5555 0111"
        users["quality"].partner_id.phone = "+86 510 5555 0112"
        monday = fields.Date.today() - timedelta(days=fields.Date.today().weekday())
        self.env["quality.complaint.duty.plan"].create(
            {
                "first_day": monday,
                "last_day": monday + timedelta(days=13),
                "line_ids": [
                    Command.create({"sequence": place, "user_id": users[name].id})
                    for place, name in enumerate(("officer", "quality"))
                ],
            }
        ).action_plan()
        self.env["quality.complaint.warranty"].create(
            {
                "name": "General terms of delivery",
                "months": 24,
                "within": "all",
                "after": "paid",
                "wear_percent": 0.1,
                "wear_most": 60.0,
                "source": "Terms of delivery, clause 9",
            }
        )

    def _feedback(self, users, customers):
        """Inquiries, suggestions, praise; an end consumer's and an employee's
        complaint; one that was withdrawn.
        """
        officer = self._as(users["officer"])["quality.complaint"]
        for kind, customer, text in [
            (
                "inquiry",
                "heat",
                "Can the coil be supplied in 0.8 mm with a tolerance of ± 0.02?",
            ),
            (
                "suggestion",
                "cable",
                "Print the lot number on all four sides of the pallet.",
            ),
            ("praise", "motors", "Very quick help last Friday, thank you."),
            (
                "inquiry",
                "switch",
                "Which certificate covers the busbars delivered in October?",
            ),
        ]:
            feedback = officer.create(
                {
                    "type_id": self.env.ref(f"quality_complaint.type_{kind}").id,
                    "partner_id": customers[customer].id,
                    "description": text,
                }
            )
            feedback.action_register()
            self._deliver(feedback)
            feedback.action_tick_responded()
            if kind == "praise":
                feedback.action_close()
            self._move_into_past(
                feedback, fields.Datetime.now() - timedelta(days=len(text) % 20 + 1)
            )
        consumer = officer.create(
            {
                "partner_id": customers["trade"].id,
                "complainant": "Mr Sun, Hengda Plumbing",
                "description": (
                    "Two fittings bought from the trader leaked after a week."
                ),
            }
        )
        consumer.action_register()
        self._deliver(consumer)
        consumer.action_tick_responded()
        self._move_into_past(consumer, fields.Datetime.now() - timedelta(days=2))
        employee = self._as(users["employee"])["quality.complaint"].create(
            {
                "lot_ref": "BR2608-112",
                "complainant": "Caller on the switchboard",
                "description": (
                    "Somebody called about brass rods with stains, lot number on the "
                    "label."
                ),
                "received_on": fields.Datetime.now() - timedelta(minutes=20),
            }
        )
        employee.action_register()
        self._deliver(employee)
        withdrawn = officer.create(
            {
                "partner_id": customers["cable"].id,
                "description": "Weight difference of 2 kg.",
                "lot_ref": "CU2607-021",
            }
        )
        withdrawn.action_register()
        self._deliver(withdrawn)
        withdrawn.action_cancel("withdrawn", "The customer's scale was not calibrated.")
