"""What the screen, the paper and the spreadsheet of a trace show."""

from datetime import UTC
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import listed
from .balance import CAME_IN, IS_THERE, LEFT

ALL_KINDS = (*CAME_IN, "in", *IS_THERE, "there", *LEFT, "out", "unexplained")

GROUPS = (
    "quality_complaint.group_quality_complaint_user",
    "stock.group_stock_user",
)
# what a hold may be for, and its field
ORIGINS = {"quality.complaint": "complaint_id", "quality.8d": "eight_d_id"}
# signs of a cell
CELL = 32_000
# rows that are read and written at a time
CHUNK = 5000
MOVEMENTS = """
    SELECT line.id, line.date, move.reference, move.origin, line.lot_id, line.product_id,
           line.location_id, line.location_dest_id, COALESCE(picking.partner_id, move.partner_id),
           line.quantity_product_uom::float, line.company_id
      FROM stock_move_line line
      JOIN stock_move move ON move.id = line.move_id
      LEFT JOIN stock_picking picking ON picking.id = line.picking_id
     WHERE line.lot_id = ANY(%(lots)s) AND line.state = 'done' AND line.company_id = ANY(%(companies)s)
       AND line.quantity_product_uom > 0 AND (line.date, line.id) > (%(date)s, %(id)s)
     ORDER BY line.date, line.id
     LIMIT %(limit)s
"""  # noqa: E501


class _Names:
    """Names of what movements are about, each read once; records are not kept."""

    def __init__(self, env):
        self.env = env
        self.known = {}

    def _once(self, key, read):
        if key not in self.known:
            self.known[key] = read()
        return self.known[key]

    def of(self, model, number):
        return self._once(
            (model, number),
            lambda: self.env[model].browse(number or ()).display_name,
        )

    def product(self, number):
        """:return: (name, unit)"""
        product = self.env["product.product"].browse(number)
        return self._once(
            ("product", number), lambda: (product.display_name, product.uom_id.name)
        )

    def partner(self, number):
        """:return: (name, address, country, phone, email)"""
        partner = self.env["res.partner"].browse(number or ())
        return self._once(
            ("partner", number),
            lambda: (
                partner.display_name,
                ", ".join(filter(None, (partner.street, partner.zip, partner.city))),
                partner.country_id.name,
                partner.phone,
                partner.email,
            ),
        )


class QualityComplaintTrace(models.AbstractModel):
    _name = "quality.complaint.trace"
    _description = "Trace of Lots"

    # === whose lots ===

    @api.model
    def _lots(self, lot_ids):
        """The lots somebody may trace; quantities and recipients are told to those who
        handle complaints or work in Inventory.

        :param list lot_ids: ids of `stock.lot`
        :return: `stock.lot` in superuser mode
        :raise AccessError: not theirs
        """
        if not self.env.su and not any(self.env.user.has_group(g) for g in GROUPS):
            raise AccessError(
                self.env._(
                    "Lots are traced by those who handle complaints or work in "
                    "Inventory."
                )
            )
        # sudo: who handles complaints has no rights in Inventory; companies are checked
        lots = self.env["stock.lot"].sudo().browse(map(int, lot_ids)).exists()
        foreign = lots.company_id - self.env.companies
        if not lots or foreign:
            raise UserError(
                self.env._(
                    "Choose one or more lots of a company you work in, then trace them."
                )
            )
        return lots

    # === the screen ===

    @api.model
    @api.readonly
    def read_trace(self, lot_ids, direction="down"):
        """What became of lots, or what they were made of, for the screen.

        :param list lot_ids: ids of `stock.lot`
        :param str direction: "down" or "up"
        :return: dict of plain values: lots (rows, nearest first), ends (goods without
            lots, where the trace ends), recipients, sums (by product)
        """
        lots = self._lots(lot_ids)
        downstream = direction != "up"
        companies = self.env.companies
        rows, ends = self.env["quality.complaint.genealogy"]._trace(
            lots, companies, downstream
        )
        found = lots.browse(row["lot_id"] for row in rows)
        balance = self.env["quality.complaint.balance"]
        moved = balance._rows(found, companies)
        totals = balance._totals(found, moved)
        documents = self._documents([*rows, *ends])
        # sudo: names, as in `_lots`
        products = self.env["product.product"].sudo()
        return {
            "direction": "down" if downstream else "up",
            "title": listed(self.env.lang, lots.mapped("display_name")[:5]),
            "kinds": self._kinds(),
            "lots": [
                self._lot_row(lot, row, totals, documents)
                for lot, row in zip(found, rows, strict=True)
            ],
            "ends": [
                {
                    "product": products.browse(end["product_id"]).display_name,
                    "unit": products.browse(end["product_id"]).uom_id.name,
                    "quantity": end["at_most"],
                    "lots": end["lots"],
                    "via": documents.get(end["via"]),
                    "on": fields.Datetime.to_string(end["on"]),
                }
                for end in ends
            ],
            "recipients": self._recipients(found, moved),
            "sums": self._sums(totals),
        }

    @api.model
    @api.readonly
    def read_balance(self, lot_id):
        """The balance of one lot, with places and partners, for the screen.

        :return: list of dict: kind, label, side ("in", "there", "out"), quantity, rows
            of (name, quantity)
        """
        lot = self._lots([lot_id])
        balance = self.env["quality.complaint.balance"]
        rows = balance._rows(lot, self.env.companies)
        totals, kinds = balance._totals(lot, rows)[lot], self._kinds()
        sides = (("in", CAME_IN), ("there", IS_THERE), ("out", LEFT))
        return {
            "lot": lot.display_name,
            "unit": lot.product_id.uom_id.name,
            "unexplained": totals["unexplained"],
            "sides": [
                {
                    "side": side,
                    "label": kinds[side],
                    "quantity": totals[side],
                    "kinds": [
                        {
                            "kind": kind,
                            "label": kinds[kind],
                            "quantity": totals[kind],
                            "rows": self._named(
                                row for row in rows if row["kind"] == kind
                            ),
                        }
                        for kind in names
                        if totals[kind]
                    ],
                }
                for side, names in sides
            ],
        }

    def _named(self, rows):
        """:return: list of [where or who, quantity]"""
        places = self.env["stock.location"].sudo()  # sudo: names, as in `_lots`
        partners = self.env["res.partner"].sudo()  # sudo: as above
        named = []
        for row in rows:
            if row["location_id"]:
                name = places.browse(row["location_id"]).display_name
                if row["owner_id"]:
                    owner = partners.browse(row["owner_id"]).display_name
                    name = f"{name} ({owner})"
            elif row["partner_id"]:
                name = partners.browse(row["partner_id"]).display_name
            elif not row["company_id"]:
                name = self.env._("Another company")
            else:
                continue
            named.append([name, row["quantity"]])
        return sorted(named, key=lambda pair: (-pair[1], pair[0]))

    @api.model
    def _kinds(self):
        """Words for the rows of a balance."""
        return {
            "opening": self.env._("Opening stock"),
            "received": self.env._("Received from suppliers"),
            "made": self.env._("Made"),
            "returned": self.env._("Came back from customers"),
            "gained": self.env._("Found by counting"),
            "unscrapped": self.env._("Taken back from scrap"),
            "named": self.env._("Came without a lot, named later"),
            "stock": self.env._("In stock, free"),
            "held": self.env._("In stock, on hold"),
            "reserved": self.env._("In stock, reserved"),
            "in_work": self.env._("In stock, reserved for production"),
            "in_transit": self.env._("In transit"),
            "shipped": self.env._("Shipped to customers"),
            "to_supplier": self.env._("Returned to suppliers"),
            "consumed": self.env._("Used in production"),
            "scrapped": self.env._("Scrapped"),
            "lost": self.env._("Missing by counting"),
            "in": self.env._("Came in"),
            "there": self.env._("Is there"),
            "out": self.env._("Went out"),
            "unexplained": self.env._("Unexplained"),
        }

    def _documents(self, rows):
        """Names of the documents between lots.

        :param list rows: dict with `via`
        :return: {(model, id): {"model", "id", "name"}}
        """
        by_model = {}
        for row in rows:
            if row["via"]:
                by_model.setdefault(row["via"][0], set()).add(row["via"][1])
        found = {}
        for model, ids in by_model.items():
            records = self.env[model].sudo().browse(sorted(ids))  # sudo: names
            for record in records:
                name = (
                    record.reference
                    if model == "stock.move.line"
                    else record.display_name
                )
                found[model, record.id] = {
                    "model": model,
                    "id": record.id,
                    "name": name or "",
                }
        return found

    def _lot_row(self, lot, row, totals, documents):
        sums = totals[lot]
        return {
            "id": lot.id,
            "name": lot.name,
            "product": lot.product_id.display_name,
            "unit": lot.product_id.uom_id.name,
            "depth": row["depth"],
            "before": row["before"],
            "path": row["path"],
            "via": documents.get(row["via"]),
            "on": fields.Datetime.to_string(row["on"]) if row["on"] else False,
            "at_least": row["at_least"],
            "at_most": row["at_most"],
            "share_unit": self.env["uom.uom"].browse(row["uom_id"]).name,
            "held": lot.complaint_held,
            "in": sums["in"],
            "here": sums["there"],
            "shipped": sums["shipped"],
            "at_customers": sums["shipped"] - sums["returned"],
            "consumed": sums["consumed"],
            "unexplained": sums["unexplained"],
            "sums": sums,
        }

    def _recipients(self, lots, rows):
        """Who got something of the lots and what they sent back.

        :return: list of dict: partner_id, partner, product, unit, lots (number),
            shipped, returned, left
        """
        products = {lot.id: lot.product_id for lot in lots}
        found = {}
        for row in rows:
            if row["kind"] in ("shipped", "returned"):
                key = (
                    row["partner_id"],
                    bool(row["company_id"]),
                    products[row["lot_id"]],
                )
                sums = found.setdefault(
                    key, {"shipped": 0.0, "returned": 0.0, "lots": set()}
                )
                sums[row["kind"]] += row["quantity"]
                sums["lots"].add(row["lot_id"])
        partners = self.env["res.partner"].sudo()  # sudo: names, as in `_lots`
        result = []
        names = {lot.id: lot.name for lot in lots}
        for (partner, is_mine, product), sums in found.items():
            unit = product.uom_id
            partner = partners.browse(partner or ())
            result.append(
                {
                    "partner_id": partner.id,
                    "partner": partner.display_name
                    if partner
                    else self.env._("Customer unknown")
                    if is_mine
                    else self.env._("Another company"),
                    "product": product.display_name,
                    "unit": unit.name,
                    "lots": sorted(names[lot] for lot in sums["lots"]),
                    "address": ", ".join(
                        filter(
                            None,
                            (
                                partner.street,
                                partner.zip,
                                partner.city,
                                partner.country_id.name,
                            ),
                        )
                    ),
                    "phone": partner.phone or "",
                    "email": partner.email or "",
                    "shipped": unit.round(sums["shipped"]),
                    "returned": unit.round(sums["returned"]),
                    "left": unit.round(sums["shipped"] - sums["returned"]),
                }
            )
        return sorted(result, key=lambda row: (row["product"], -row["left"]))

    def _sums(self, totals):
        """The balance of the whole tree, by product: units of different goods do not
        add up.
        """
        found = {}
        for lot, sums in totals.items():
            row = found.setdefault(lot.product_id, dict.fromkeys(sums, 0.0))
            for kind, quantity in sums.items():
                row[kind] += quantity
        return [
            {
                "product": product.display_name,
                "unit": product.uom_id.name,
                **{
                    kind: product.uom_id.round(quantity)
                    for kind, quantity in row.items()
                },
            }
            for product, row in found.items()
        ]

    @api.model
    def _open(self, lots, direction="down", origin=None):
        """
        :param origin: complaint or 8D report a hold of these lots is for
        :return: action that shows the trace of lots
        """
        if not lots:
            raise UserError(
                self.env._("There is no lot to trace: enter the lot first.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "quality_complaint.trace",
            "name": self.env._("Trace"),
            "params": {
                "lot_ids": lots.ids,
                "direction": direction,
                **({"origin": [origin._name, origin.id]} if origin else {}),
            },
        }

    @api.model
    def hold_lots(self, lot_ids, origin=None):
        """
        :param origin: [model, id] of the complaint or 8D report it is for
        :return: action that opens a new hold of these lots
        """
        lots = self._lots(lot_ids).sudo(False)
        vals = {}
        if origin and origin[0] in ORIGINS:
            record = self.env[origin[0]].browse(int(origin[1]))
            record.check_access("read")
            vals = {ORIGINS[origin[0]]: record.id, "company_id": record.company_id.id}
        return self.env["quality.complaint.hold"]._new_hold(lots, **vals)

    @api.model
    def print_trace(self, lot_ids, direction="down"):
        """:return: action that prints the trace"""
        lots = self._lots(lot_ids)
        xml_id = (
            "action_report_trace_up"
            if direction == "up"
            else "action_report_trace_down"
        )
        report = self.env.ref(f"quality_complaint.{xml_id}")
        return report.report_action(lots.sudo(False), config=False)

    # === the spreadsheet ===

    @api.model
    def _xlsx(self, lot_ids, direction):
        """For an authority: one row for each movement of the lots and of all that the
        trace found, the lots with their balance, who got them. Rows go to the disk one
        by one.

        :return: an open temporary file, at its beginning
        """
        trace = self.read_trace(lot_ids, direction)
        file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        lots = [row["id"] for row in trace["lots"]]
        self._write_rows(
            book, self.env._("Movements"), self._movement_heads(), self._movements(lots)
        )
        self._write_rows(
            book, self.env._("Lots"), *self._lot_table(trace["lots"], trace["kinds"])
        )
        self._write_rows(
            book, self.env._("Recipients"), *self._recipient_table(trace["recipients"])
        )
        book.close()
        file.seek(0)
        return file

    @api.model
    def _file_name(self, lot_ids):
        names = self._lots(lot_ids).mapped("name")
        return self.env._(
            "Trace %s", listed(self.env.lang, names[:3]) + (" …" * (len(names) > 3))
        ).replace("/", "-")

    def _write_rows(self, book, title, heads, rows):
        head = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for column, (text, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, head)
        number = 0
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, bool) or value is None:
                    continue
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                elif isinstance(value, str):
                    # never a formula, whatever a name begins with
                    sheet.write_string(number, column, value)
                else:
                    sheet.write_datetime(number, column, value, moment)
        sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)

    def _movement_heads(self):
        return [
            (self.env._("Date"), 16),
            (self.env._("Document"), 18),
            (self.env._("Origin"), 14),
            (self.env._("Product"), 28),
            (self.env._("Lot/Serial Number"), 18),
            (self.env._("From"), 22),
            (self.env._("To"), 22),
            (self.env._("Quantity"), 10),
            (self.env._("Unit"), 8),
            (self.env._("Partner"), 26),
            (self.env._("Address"), 34),
            (self.env._("Country"), 14),
            (self.env._("Phone"), 16),
            (self.env._("Email"), 24),
            (self.env._("Company"), 18),
        ]

    def _movements(self, lots):
        """Rows of all movements, oldest first, in the reader's time zone."""
        self.env["quality.complaint.balance"]._flush()
        # sudo: names, as in `_lots`
        names = _Names(self.sudo().env)
        zone = ZoneInfo(self.env.context.get("tz") or self.env.user.tz or "UTC")
        date, last = fields.Datetime.to_datetime("1900-01-01"), 0
        while True:
            found = self.env.execute_query(
                SQL(
                    MOVEMENTS,
                    lots=lots,
                    companies=self.env.companies.ids,
                    date=date,
                    id=last,
                    limit=CHUNK,
                )
            )
            if not found:
                return
            for row in found:
                (
                    last, date, reference, origin, lot, product, start, target,
                    partner, quantity, company,
                ) = row  # fmt: skip
                local = date.replace(tzinfo=UTC).astimezone(zone)
                product, unit = names.product(product)
                yield (
                    local.replace(tzinfo=None),
                    reference,
                    origin,
                    product,
                    names.of("stock.lot", lot),
                    names.of("stock.location", start),
                    names.of("stock.location", target),
                    quantity,
                    unit,
                    *names.partner(partner),
                    names.of("res.company", company),
                )

    def _lot_table(self, rows, kinds):
        heads = [
            (self.env._("Product"), 28),
            (self.env._("Lot/Serial Number"), 18),
            (self.env._("Level"), 7),
            (self.env._("Document"), 18),
            (self.env._("At Least of the Traced"), 12),
            (self.env._("At Most of the Traced"), 12),
            (self.env._("Unit"), 8),
            *((kinds[kind], 12) for kind in ALL_KINDS),
            (self.env._("At Customers"), 12),
            (self.env._("On Hold"), 9),
            (self.env._("Unit"), 8),
        ]
        return heads, (
            (
                row["product"],
                row["name"],
                row["depth"],
                row["via"] and row["via"]["name"],
                row["at_least"],
                row["at_most"],
                row["share_unit"],
                *(row["sums"][kind] for kind in ALL_KINDS),
                row["at_customers"],
                self.env._("Yes") if row["held"] else "",
                row["unit"],
            )
            for row in rows
        )

    def _recipient_table(self, rows):
        heads = [
            (self.env._("Customer"), 30),
            (self.env._("Address"), 34),
            (self.env._("Phone"), 16),
            (self.env._("Email"), 24),
            (self.env._("Product"), 28),
            (self.env._("Lots"), 30),
            (self.env._("Shipped"), 10),
            (self.env._("Returned"), 10),
            (self.env._("Still There"), 10),
            (self.env._("Unit"), 8),
        ]
        return heads, (
            (
                row["partner"],
                row["address"],
                row["phone"],
                row["email"],
                row["product"],
                listed(self.env.lang, row["lots"])[:CELL],
                row["shipped"],
                row["returned"],
                row["left"],
                row["unit"],
            )
            for row in rows
        )
