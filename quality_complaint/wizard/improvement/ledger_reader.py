"""What the rows of an old ledger say, in the records of this database."""

import re
from datetime import datetime, time
from typing import NamedTuple

import pytz

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tools import float_compare

from ...tools import moment_of, number_of, written

REQUIRED = ("complaint_no", "received_on", "description", "closed_on")
MODELS = {
    "customer": "res.partner",
    "product": "product.product",
    "severity": "quality.complaint.severity",
    "responsible": "quality.complaint.responsible",
    "cause": "quality.complaint.cause",
    "defect": "quality.complaint.defect",
    "handler": "res.users",
}
# between several lots or quantities of a cell
SEVERAL = re.compile(r"\s*[;；、\n]\s*|,\s+")
QUANTITY = re.compile(r"^([0-9][0-9., ]*)\s*(\D.*)?$")
NOON = time(12)


class Mistake(NamedTuple):
    row: int
    column: str
    text: str


def key_of(text):
    """A name as it is compared: blanks and capitals do not count."""
    return " ".join((text or "").split()).casefold()


class LedgerReader:
    """Rows of a ledger as values of complaints.

    :param dialog: `quality.complaint.ledger.import`
    :param dict places: {column: its place in a row}
    :param list table: (number of the row, values)
    """

    def __init__(self, dialog, places, table):
        self.dialog, self.places, self.table = dialog, places, table
        self.env, self.company = dialog.env, dialog.company_id
        self.label = dialog._labeller()
        self.mistakes = []
        self.catalogues = {
            name: self._by_name(records)
            for name, records in dialog._catalogues().items()
        }
        self.partners = self._partners()
        self.products = self._products()
        self.lots = self._lots()
        self.units = self._by_name(self.env["uom.uom"].search([]))
        self.taken = set(
            self.env["quality.complaint"]
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", self.company.id)
                & Domain("name", "in", list(self._texts("complaint_no")))
            )
            .mapped("name")
        )

    # --- what is known

    def _texts(self, column):
        """All texts of a column."""
        place = self.places.get(column)
        if place is None:
            return set()
        return {text for _row, values in self.table if (text := written(values[place]))}

    def _by_name(self, records):
        """:return: {name in any language, in small letters: records}"""
        names = {}
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for record in records:
            said = [record.with_context(lang=code).name for code in languages]
            if record._name == "res.users":
                said.append(record.login)
            # as the ledger in both languages has it
            pair = [record.with_context(lang=c).name for c in ("en_US", "zh_CN")]
            for name in {*said, " ".join(dict.fromkeys(pair))}:
                known = names.get(key_of(name), record.browse())
                names[key_of(name)] = known | record
        return names

    def _partners(self):
        texts = list(self._texts("customer"))
        found = self.env["res.partner"].search(
            Domain("company_id", "in", [False, self.company.id])
            & Domain.OR(
                Domain(name, "in", texts) for name in ("complete_name", "name", "ref")
            )
        )
        names = {}
        for partner in found:
            for name in {partner.complete_name, partner.name, partner.ref} - {False}:
                known = names.get(key_of(name), partner.browse())
                names[key_of(name)] = known | partner
        return names

    def _products(self):
        texts = self._texts("product")
        codes = {
            match[1]: match[2]
            for text in texts
            if (match := re.match(r"^\[([^\]]+)\]\s*(.*)$", text))
        }
        plain = [*texts, *codes]
        names = {}
        for code, _name in self.env["res.lang"].get_installed():
            for product in (
                self.env["product.product"]
                .with_context(lang=code)
                .search(
                    Domain("company_id", "in", [False, self.company.id])
                    & (
                        Domain("default_code", "in", plain)
                        | Domain("name", "in", plain)
                    )
                )
            ):
                own = {product.name, product.default_code}
                if product.default_code:
                    own |= {
                        f"[{product.default_code}]",
                        f"[{product.default_code}] {product.name}",
                    }
                for name in own - {False}:
                    known = names.get(key_of(name), product.browse())
                    names[key_of(name)] = known | product.with_context(
                        lang=self.env.lang
                    )
        return names

    def _lots(self):
        texts = {
            lot for text in self._texts("lot") for lot in SEVERAL.split(text) if lot
        }
        return (
            self.env["stock.lot"]
            .search(
                Domain("name", "in", list(texts))
                & Domain("company_id", "in", [False, self.company.id])
            )
            .grouped("name")
        )

    # --- one row after the other

    def rows(self):
        """:return: list of dicts for `_import_ledger`; rows without mistakes only"""
        seen = {}
        found = []
        for number, values in self.table:
            before = len(self.mistakes)
            row = self._read(number, values)
            name = row["done"]["name"]
            if name:
                if name in self.taken:
                    self._wrong(
                        number,
                        "complaint_no",
                        self.env._("%s exists already.", name),
                    )
                elif name in seen:
                    self._wrong(
                        number,
                        "complaint_no",
                        self.env._(
                            "%(number)s stands in row %(row)s already.",
                            number=name,
                            row=seen[name],
                        ),
                    )
                seen.setdefault(name, number)
            if len(self.mistakes) == before:
                found.append(row)
        return found

    def _read(self, number, values):
        def value(column):
            place = self.places.get(column)
            return None if place is None else values[place]

        for column in REQUIRED:
            if not written(value(column)):
                text = (
                    self.env._(
                        "Empty. Only finished complaints are brought over; register "
                        "those that are open."
                    )
                    if column == "closed_on"
                    else self.env._("Empty.")
                )
                self._wrong(number, column, text)
        received = self._moment(number, "received_on", value("received_on"))
        closed = self._moment(number, "closed_on", value("closed_on"))
        if received and closed and closed < received:
            self._wrong(number, "closed_on", self.env._("Before it was received."))
        partner = self._one(
            number, "customer", value("customer"), self.partners, as_words=True
        )
        score = self._number(number, "satisfaction", value("satisfaction"), most=100.0)
        cost = self._number(number, "cost", value("cost"))
        vals = {
            "company_id": self.company.id,
            "team_id": self.dialog.team_id.id,
            "policy_id": self.dialog._policy().id,
            "partner_id": partner.id,
            "complainant": False if partner else written(value("customer")) or False,
            "received_on": received,
            "description": written(value("description")),
            "line_ids": [Command.create(line) for line in self._lines(number, value)],
        }
        # what has no severity says there what it is, as our own ledger does
        kind = self.catalogues["kind"].get(key_of(written(value("severity"))))
        if kind:
            vals["type_id"] = kind[:1].id
        for column, name in (
            *([] if kind else [("severity", "severity_id")]),
            ("handler", "user_id"),
            ("responsible", "responsible_id"),
            ("cause", "cause_id"),
        ):
            record = self._one(
                number,
                column,
                value(column),
                self.catalogues[column],
                # people leave
                as_words=column == "handler",
            )
            if record:
                vals[name] = record.id
        # nothing is made up: neither who handled it nor how it came
        vals = {"user_id": False, "channel_id": False, **vals}
        handler = False if vals["user_id"] else written(value("handler")) or False
        return {
            "vals": vals,
            "done": {"name": written(value("complaint_no")), "closed_on": closed},
            "facts": {
                "due": self._day(number, "due_on", value("due_on")),
                "shipped": self._day(number, "shipped_on", value("shipped_on")),
                "remedy": written(value("remedy")) or False,
                "handler": handler,
                "cost": self.company.currency_id.round(cost) if cost else False,
            },
            "score": score,
        }

    def _lines(self, number, value):
        """Products of a row: as many lines as lots."""
        product_text, lot_text = written(value("product")), written(value("lot"))
        defect = self._one(number, "defect", value("defect"), self.catalogues["defect"])
        if not product_text and not lot_text and not written(value("quantity")):
            return [{"defect_id": defect.id}] if defect else []
        product = self._one(
            number, "product", value("product"), self.products, as_words=True
        )
        lots = [text for text in SEVERAL.split(lot_text) if text] or [""]
        quantities = [
            text for text in SEVERAL.split(written(value("quantity"))) if text
        ] or ["1"]
        if len(quantities) != len(lots):
            self._wrong(
                number,
                "quantity",
                self.env._(
                    "%(quantities)s quantities for %(lots)s lots: as many as lots are "
                    "needed, separated by semicolons.",
                    quantities=len(quantities),
                    lots=len(lots),
                ),
            )
            return []
        return [
            {
                "product_id": product.id,
                "note": False if product else product_text or False,
                "defect_id": defect.id,
                # of goods not known here no lot is known either
                **(
                    {"lot_name": lot or False}
                    if product_text and not product
                    else self._lot(number, lot, product)
                ),
                **self._quantity(number, quantity, product),
            }
            for lot, quantity in zip(lots, quantities, strict=True)
        ]

    def _lot(self, number, text, product):
        if not text:
            return {}
        lots = self.lots.get(text, self.env["stock.lot"])
        lots = lots.filtered(lambda lot: not product or lot.product_id == product)
        if len(lots) == 1:
            return {"lot_id": lots.id, "product_id": lots.product_id.id}
        if not lots and self.dialog.unknown_as_words:
            return {"lot_name": text}
        self._wrong(
            number,
            "lot",
            self.env._("“%s” is the lot of several products. Name the product.", text)
            if lots
            else self.env._("“%s” is not known here.", text),
        )
        return {}

    def _quantity(self, number, text, product):
        match = QUANTITY.match(text)
        try:
            quantity = number_of(match[1]) if match else None
        except ValueError:
            quantity = None
        if not quantity or float_compare(quantity, 0, precision_digits=6) <= 0:
            self._wrong(
                number,
                "quantity",
                self.env._("“%s” is not a quantity above 0.", text),
            )
            return {}
        unit = self.units.get(key_of(match[2] or ""))
        if match[2] and not unit:
            self._wrong(
                number,
                "quantity",
                self.env._("“%s” is not a unit that is known here.", match[2]),
            )
            return {}
        if unit and product:
            unit = unit.filtered(product.uom_id._has_common_reference)
            if not unit:
                self._wrong(
                    number,
                    "quantity",
                    self.env._(
                        "%(product)s is not counted in %(unit)s.",
                        product=product.display_name,
                        unit=match[2],
                    ),
                )
                return {}
        return {
            "quantity": quantity,
            **({"product_uom_id": unit[:1].id} if unit else {}),
        }

    # --- one value

    def _one(self, number, column, value, known, as_words=False):
        """The one record a text names; never guessed among several."""
        text = written(value)
        found = known.get(key_of(text), self.env[MODELS[column]])
        if column == "customer" and len(found.commercial_partner_id) == 1:
            # a company and its contacts of the same name
            found = found if len(found) == 1 else found.commercial_partner_id
        if not found and text and not (as_words and self.dialog.unknown_as_words):
            self._wrong(number, column, self.env._("“%s” is not known here.", text))
        if len(found) > 1:
            self._wrong(
                number,
                column,
                self.env._(
                    "%(count)s records are called “%(name)s”. Write a reference or "
                    "login that only one has.",
                    count=len(found),
                    name=text,
                ),
            )
        return found[:1]

    def _moment(self, number, column, value):
        """A moment in UTC; a day without a time is its noon where the company is."""
        moment = self._when(number, column, value)
        if moment is None:
            return False
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, NOON)
        zone = pytz.timezone(self.company.partner_id.tz or "UTC")
        return zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)

    def _day(self, number, column, value):
        moment = self._when(number, column, value)
        return fields.Date.to_string(moment) if moment else False

    def _when(self, number, column, value):
        try:
            moment = moment_of(value)
        except ValueError:
            self._wrong(
                number,
                column,
                self.env._(
                    "“%s” is not a date. Write it as 2026-11-30.", written(value)
                ),
            )
            return None
        if moment and not 1990 <= moment.year <= fields.Date.today().year:
            self._wrong(
                number,
                column,
                self.env._("“%s” lies too far away.", fields.Date.to_string(moment)),
            )
            return None
        return moment

    def _number(self, number, column, value, most=1e12):
        try:
            found = number_of(value)
        except ValueError:
            self._wrong(
                number, column, self.env._("“%s” is not a number.", written(value))
            )
            return None
        if found is not None and not 0 <= found <= most:
            self._wrong(
                number,
                column,
                self.env._(
                    "%(number)s is not between 0 and %(most)s.",
                    number=written(value),
                    most=f"{most:.12g}",
                ),
            )
            return None
        return found

    def _wrong(self, number, column, text):
        self.mistakes.append(
            Mistake(number, str(self.label(column, inline=True)), text)
        )
