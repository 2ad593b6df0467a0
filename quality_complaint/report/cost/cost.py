from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# no row of a table has such a number
ABOVE_KEPT = 2**33
# what a source gives for a column it knows nothing of
DEFAULTS = {
    "origin_id": SQL(
        "NULL::bigint"
    ),  # the record the cost comes from; unique within the source, makes the row's id
    "complaint_id": SQL("NULL::integer"),
    "remedy_id": SQL("NULL::integer"),  # its bearers share the cost
    "complaint_line_id": SQL(
        "NULL::integer"
    ),  # gives product, lot and defect; else the complaint's first ones count
    "goods_id": SQL("NULL::integer"),
    "supplier_id": SQL("NULL::integer"),
    "item_id": SQL("NULL::integer"),  # of the company's own chart
    "source": SQL("NULL::varchar"),
    "state": SQL("'booked'::varchar"),
    "document": SQL("NULL::varchar"),
    "date": SQL("NULL::date"),
    "quantity": SQL("0::numeric"),  # in the product's unit
    "planned": SQL("0::numeric"),  # company currency, rounded
    "actual": SQL("0::numeric"),  # company currency, rounded
}


class QualityComplaintCost(models.Model):
    """Cost of poor quality: one row per cost, shared among those who pay for it.
    Nothing is typed that a document says; every actual figure is a booked one, or an
    item of the company's own that no document knows (`cost/item.py`).

    The scheme: loss = money given to the customer (untaxed credit notes) − value of the
    goods that became ours again + value of the goods
    that left us (scrapped, sent to the supplier, sent to the customer) + repair parts +
    freight + hours − what was paid back to us.
    Goods count at the value of their stock move, so that the rows add up to what the
    ledger shows in income and in stock valuation.

    - Refund: `credit`, and `returned` takes the value of the goods off: what is lost is
      the margin. Scrapped afterwards, `scrap` puts it on
      again: the whole price is lost. Found faultless and sent out again, `sent_back`
      does so. As long as the credit note is a draft, the goods
      stand alone: so they do in the ledger.
    - Replacement: `returned` off, `replacement` on: nothing but a difference in cost
      when the goods are restocked, one set of goods when they
      are scrapped or stay with the customer.
    - Return for inspection, repair: the goods stay the customer's. They come and go
      without a row, whatever their cost price is by then. What
      a refund or a replacement takes over of them counts as `returned` there, as does
      what the warehouse restocks, scraps or sends to a
      supplier beyond that. So the scrap of goods the customer leaves to us costs
      nothing.
    - Price reduction: `credit`; the goods stay. Compensation: `compensation` in money,
      `gift` in goods at their cost.
    - Freight: what is typed on the remedy, else the price of the carrier on its
      transfers, never both.

    Planned figures follow the same scheme from the remedies that are not given up:
    amounts at the rate of the day of receipt, goods at today's
    cost price, what inspections decided about the goods. They belong to the day of
    receipt. A draft credit note is no cost yet.

    Booked rows come from goods (`goods.py`) and other documents (`documents.py`) and
    are kept (`quality.complaint.cost.booked`), planned ones (`plan.py`) are reckoned
    when somebody looks. A bridge adds its own: it extends `_sources` by selects made
    with `_source`, `_depends` by the fields they read, `quality.complaint` by what
    these are to it (`_costs_depend_on`), and `source` of the booked costs by its
    selection.

    With `complaint_costs_live` in the context the booked rows are reckoned, too: for
    few complaints only.
    """

    _name = "quality.complaint.cost"
    _description = "Cost of Poor Quality"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document"

    complaint_id = fields.Many2one("quality.complaint", readonly=True)
    remedy_id = fields.Many2one("quality.complaint.remedy", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(
        readonly=True,
        help="When the cost arose; of a plan: when the complaint was received.",
    )
    source = fields.Selection("_selection_source", readonly=True)
    state = fields.Selection(
        [
            ("to_approve", "To approve"),
            ("approved", "Approved"),
            ("executing", "Executing"),
            ("done", "Done"),
            ("booked", "Booked"),
        ],
        "Status",
        readonly=True,
        help=(
            "Booked: an actual cost. Else a planned one, with the status of its remedy."
        ),
    )
    is_booked = fields.Boolean("Booked", readonly=True)
    document = fields.Char(readonly=True)
    product_id = fields.Many2one(
        "product.product", "Product Complained Of", readonly=True
    )
    lot_id = fields.Many2one("stock.lot", "Lot/Serial Number", readonly=True)
    defect_id = fields.Many2one("quality.complaint.defect", readonly=True)
    goods_id = fields.Many2one(
        "product.product", readonly=True, help="The goods that moved or were credited."
    )
    cause_id = fields.Many2one("quality.complaint.cause", readonly=True)
    responsible_id = fields.Many2one(
        "quality.complaint.responsible", "Responsible Party", readonly=True
    )
    bearer_id = fields.Many2one(
        "quality.complaint.responsible", "Paid By", readonly=True
    )
    supplier_id = fields.Many2one("res.partner", readonly=True)
    item_id = fields.Many2one("quality.complaint.cost.item", "Cost Item", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    recall_id = fields.Many2one("quality.complaint.recall", readonly=True)
    severity_id = fields.Many2one("quality.complaint.severity", readonly=True)
    team_id = fields.Many2one("quality.complaint.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the unit of the product."
    )
    planned = fields.Monetary("Planned Cost", readonly=True)
    actual = fields.Monetary("Actual Cost", readonly=True)

    _depends = {
        "quality.complaint": [
            "company_id",
            "commercial_partner_id",
            "product_id",
            "lot_id",
            "defect_id",
            "cause_id",
            "responsible_id",
            "severity_group_id",
            "recall_id",
            "team_id",
            "user_id",
            "received_on",
        ],
        "quality.complaint.line": ["complaint_id", "product_id", "lot_id", "defect_id"],
        "quality.complaint.remedy": [
            "complaint_id",
            "kind",
            "goods",
            "state",
            "freight_cost",
            "executed_on",
        ],
        "quality.complaint.remedy.line": [
            "remedy_id",
            "complaint_id",
            "complaint_line_id",
            "product_id",
            "product_uom_id",
            "quantity",
            "received_before",
            "amount_planned_company",
        ],
        "quality.complaint.cost.entry": [
            "complaint_id",
            "item_id",
            "amount_company",
            "date",
            "note",
        ],
        "quality.complaint.bearer": ["remedy_id", "responsible_id", "percent"],
        "res.company": ["currency_id"],
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": ["uom_id"],
    }

    # === the query ===

    @property
    def _table_query(self):
        halves = {
            "booked": self._booked
            if self.env.context.get("complaint_costs_live")
            else self._kept,
            "planned": self._planned,
        }
        half = self.env.context.get("complaint_costs_half")
        return SQL(" UNION ALL ").join(
            halves[name]() for name in halves if half in (None, name)
        )

    @api.model
    def _search(self, domain, *args, **options):
        half = self._half_of(Domain(domain))
        if half:
            self = self.with_context(complaint_costs_half=half)  # noqa: PLW0642
        return super()._search(domain, *args, **options)

    @api.model
    def _half_of(self, domain):
        """The half of the report that is enough for a domain: what is kept is found by
        its indexes, once the plans are left out.

        :param domain: a `Domain`
        :return: `booked`, `planned`, or None: both
        """
        names = (
            ["is_booked"]
            if self.env.context.get("complaint_costs_live")
            else ["is_booked", "id"]
        )
        together = getattr(domain, "OPERATOR", None) == "&"
        for row in domain.children if together else (domain,):
            name, operator = (
                getattr(row, "field_expr", None),
                getattr(row, "operator", None),
            )
            if name not in names or operator not in ("=", "in"):
                continue
            values = [row.value] if operator == "=" else list(row.value)
            found = {
                bool(value) if name == "is_booked" else value < ABOVE_KEPT
                for value in values
            }
            if len(found) == 1:
                return "booked" if found.pop() else "planned"
        return None

    @api.model
    def _selection_source(self):
        return (
            self.env["quality.complaint.cost.booked"]
            ._fields["source"]
            ._description_selection(self.env)
        )

    @api.model
    def _booked(self):
        """The select of all booked rows, from the documents."""
        return self._rows(self._sources(), SQL("TRUE"), SQL("item.actual <> 0"))

    @api.model
    def _planned(self):
        """The select of all planned rows."""
        return self._rows(self._plans(), SQL("FALSE"), SQL("item.planned <> 0"))

    @api.model
    def _kept(self):
        """The same from what is kept of them; what the complaint says is read from
        it. Joins that a query does not use cost nothing.
        """
        return SQL(
            """
            SELECT item.id, item.complaint_id, item.remedy_id, item.complaint_line_id, item.company_id, item.currency_id, item.date, item.source,
                'booked'::varchar AS state, TRUE AS is_booked, item.document, %s,
                item.bearer_id, item.item_id, item.quantity, 0::numeric AS planned, item.actual
            FROM quality_complaint_cost_booked item
            LEFT JOIN quality_complaint complaint ON complaint.id = item.complaint_id
            LEFT JOIN quality_complaint_line line ON line.id = item.complaint_line_id
            """,  # noqa: E501
            self._columns_of_the_complaint(SQL("item.supplier_id")),
        )

    @api.model
    def _sources(self):
        """Selects of booked costs with the columns of `_source`, one for each kind of
        origin; bridges append theirs.

        :return: list of `SQL`
        """
        return [
            self._booked_credits(),
            self._typed_freight(),
            self._own_items(),
            *self._carrier_freight(),
            self._moved_goods(),
            self._moved_goods_by_hand(),
            self._goods_taken_over(),
            self._goods_left_to_us(),
            self._scrapped_goods(),
            self._scrapped_by_hand(),
            self._goods_to_supplier(),
        ]

    @api.model
    def _plans(self):
        """The same of planned costs."""
        return [
            self._planned_credits(),
            self._planned_goods(),
            self._planned_dispositions(),
            self._planned_freight(),
        ]

    @api.model
    def _source(self, from_, where, **columns):
        """One select for `_sources`.

        :param SQL from_: tables
        :param SQL where: conditions
        :param SQL columns: expressions for the columns the source knows, see
            `DEFAULTS`; `origin_id`, `complaint_id`, `source` and `date` always
        """
        select = SQL(", ").join(
            SQL("%s AS %s", columns.pop(name, default), SQL.identifier(name))
            for name, default in DEFAULTS.items()
        )
        if columns:
            raise TypeError(f"{self._name} has no columns {sorted(columns)}")
        return SQL("SELECT %s FROM %s WHERE %s", select, from_, where)

    @api.model
    def _rows(self, sources, is_booked, condition):
        """Rows of origins: the cost of one, or the share of it that one bearer pays.

        The id is made of the origin's, the source's place in the list and the bearer's
        rank: unique, stable, above those of kept rows, and small enough for a browser.

        :param list sources: selects as in `_sources`
        :param SQL is_booked: whether they are booked ones
        :param SQL condition: on `item`
        """
        return SQL(
            """
            SELECT (%s + (item.origin_id::bigint * 100 + item.number) * 100 + COALESCE(bearer.rank, 0))::bigint AS id,
                item.complaint_id, item.remedy_id, item.complaint_line_id, complaint.company_id, company.currency_id, item.date, item.source::varchar AS source,
                item.state::varchar AS state, %s AS is_booked, item.document::varchar AS document, %s,
                bearer.responsible_id AS bearer_id, item.item_id,
                (item.quantity * COALESCE(bearer.percent, 100) / 100)::numeric AS quantity,
                COALESCE(bearer.planned, item.planned)::numeric AS planned,
                COALESCE(bearer.actual, item.actual)::numeric AS actual
            FROM %s
            WHERE %s
            """,  # noqa: E501
            ABOVE_KEPT,
            is_booked,
            self._columns_of_the_complaint(self._supplier()),
            self._from(sources),
            condition,
        )

    @api.model
    def _columns_of_the_complaint(self, supplier):
        return SQL(
            """
            COALESCE(line.product_id, complaint.product_id) AS product_id,
            CASE WHEN line.id IS NULL THEN complaint.lot_id ELSE line.lot_id END AS lot_id,
            COALESCE(line.defect_id, complaint.defect_id) AS defect_id,
            item.goods_id, complaint.cause_id, complaint.responsible_id, %s AS supplier_id,
            complaint.commercial_partner_id AS partner_id, complaint.severity_group_id AS severity_id, complaint.recall_id, complaint.team_id, complaint.user_id
            """,  # noqa: E501
            supplier,
        )

    @api.model
    def _supplier(self):
        """The supplier a cost is due to; the bridge to Purchase knows them also where
        the origin does not.
        """
        return SQL("item.supplier_id")

    @api.model
    def _from(self, sources):
        numbered = [
            SQL("SELECT %s AS number, source.* FROM (%s) source", number, source)
            for number, source in enumerate(sources, 1)
        ]
        return SQL(
            """
            (%s) item
            JOIN quality_complaint complaint ON complaint.id = item.complaint_id
            JOIN res_company company ON company.id = complaint.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            LEFT JOIN quality_complaint_line line ON line.id = item.complaint_line_id
            LEFT JOIN LATERAL (%s) bearer ON TRUE
            """,
            SQL(" UNION ALL ").join(numbered),
            self._shares(),
        )

    @api.model
    def _shares(self):
        """What each bearer pays of an item: rounded, the first one takes what rounding
        leaves over.
        """
        return SQL(
            """
            SELECT share.responsible_id, share.percent, share.rank,
                share.planned + CASE WHEN share.rank = 1 THEN item.planned - SUM(share.planned) OVER () ELSE 0 END AS planned,
                share.actual + CASE WHEN share.rank = 1 THEN item.actual - SUM(share.actual) OVER () ELSE 0 END AS actual
            FROM (
                SELECT payer.responsible_id, payer.percent, ROW_NUMBER() OVER (ORDER BY payer.percent DESC, payer.id) AS rank,
                    %s AS planned, %s AS actual
                FROM quality_complaint_bearer payer
                WHERE payer.remedy_id = item.remedy_id
            ) share
            """,  # noqa: E501
            self._rounded(SQL("item.planned * payer.percent / 100")),
            self._rounded(SQL("item.actual * payer.percent / 100")),
        )

    # === parts of selects ===

    @api.model
    def _rounded(self, amount):
        """An amount rounded to the company's currency, of which `currency` is the
        alias.
        """
        return SQL(
            "ROUND((%s)::numeric / currency.rounding) * currency.rounding", amount
        )

    @api.model
    def _day(self, moment, zone=None):
        """The day of a UTC timestamp, where the user is by default, as Odoo groups
        dates.
        """
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            zone or str(self.env.tz),
        )

    @api.model
    def _booked_day(self, moment, company):
        """The day of a UTC timestamp where the company is: the same for everybody."""
        return self._day(
            moment,
            SQL(
                """
                COALESCE((
                    SELECT place.tz FROM res_company seat JOIN res_partner place ON place.id = seat.partner_id
                    WHERE seat.id = %s
                ), 'UTC')
                """,  # noqa: E501
                company,
            ),
        )

    @api.model
    def _unit_joins(self, product, unit):
        """Joins that `_in_product_unit` and `_cost_price` need: a product, its unit,
        and the unit a quantity is in.
        """
        return SQL(
            """
            JOIN product_product product ON product.id = %s
            JOIN product_template template ON template.id = product.product_tmpl_id
            JOIN uom_uom own_unit ON own_unit.id = template.uom_id
            JOIN uom_uom unit ON unit.id = %s
            """,
            product,
            unit,
        )

    @api.model
    def _in_product_unit(self, quantity):
        return SQL(
            "(%s)::numeric * unit.factor::numeric / own_unit.factor::numeric", quantity
        )

    @api.model
    def _cost_price(self, company):
        """Today's cost price of the product in a company."""
        return SQL(
            "COALESCE(product.standard_price ->> (%s)::text, '0')::numeric", company
        )

    @api.model
    def _currency_joins(self, company):
        return SQL(
            "JOIN res_company item_company ON item_company.id = %s JOIN res_currency "
            "currency ON currency.id = item_company.currency_id",
            company,
        )
