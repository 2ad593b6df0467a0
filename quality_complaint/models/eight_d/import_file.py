import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import SchemaError, check_schema, listed
from .export_file import (
    ACTION,
    CAUSE,
    DECISIONS,
    DOCUMENT,
    FORMAT,
    ISNOT,
    LOCATION,
    MEMBER,
    PLAIN,
    READACROSS,
)

MAX_SIZE = 5 * 1024 * 1024


class Quality8d(models.Model):
    """A report made from a file of `eight_d/export_file.py`: checked against the
    schema, then read as a whole or not at all.
    """

    _inherit = "quality.8d"

    @api.model
    def _import_text(self, text):
        """Make a report from a file; it is open, has a number of its own, and none of
        its steps is closed.

        :param str text: JSON of the schema
        :return: the new `quality.8d`, in the user's company
        :raise UserError: no such file, or it refers to something that is not there;
            nothing is made then
        """
        self.check_access("create")
        data = self._parse_json(text)
        # whoever catches the error finds nothing half made
        with self.env.cr.savepoint():
            return self.env["quality.8d.reader"]._read_json(data)

    @api.model
    def _parse_json(self, text):
        if len(text.encode(errors="replace")) > MAX_SIZE:
            raise UserError(
                self.env._("The file is larger than %s MB.", MAX_SIZE // 2**20)
            )
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UserError(self.env._("This is not a JSON file: %s", error)) from error
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise UserError(
                self.env._("This is not an 8D report of the format “%s”.", FORMAT)
            )
        try:
            check_schema(data, self._json_schema())
        except SchemaError as error:
            raise UserError(self._schema_message(error)) from error
        except RecursionError as error:
            raise UserError(
                self.env._("This is not an 8D report of the format “%s”.", FORMAT)
            ) from error
        return data

    @api.model
    def _schema_message(self, error):
        """What does not fit, in words."""
        expected = error.expected
        reasons = {
            "type": self.env._("has to be: %s", expected),
            "enum": self.env._("has to be one of: %s", expected),
            "const": self.env._("has to be: %s", expected),
            "required": self.env._("is missing"),
            "additionalProperties": self.env._("is not known"),
            "maxItems": self.env._("has more than %s rows", expected),
            "maxLength": self.env._("is longer than %s characters", expected),
            "minLength": self.env._("is empty"),
            "minimum": self.env._("is less than %s", expected),
            "maximum": self.env._("is more than %s", expected),
            "format": self.env._("is no date or time as the format wants it"),
            "characters": self.env._("has characters that cannot be stored"),
        }
        return self.env._(
            "The file cannot be imported. “%(place)s” %(reason)s.",
            place=error.path,
            reason=reasons[error.keyword],
        )


class Quality8dReader(models.AbstractModel):
    """Makes a report from the content of a file: looks up what it refers to, then
    creates everything with the user's rights.
    """

    _name = "quality.8d.reader"
    _description = "Reader of 8D Reports"

    @api.model
    def _read_json(self, data):
        """
        :param dict data: valid by the schema
        :return: the new `quality.8d`
        """
        self._check_causes(data)
        found = self.with_context(lang="en_US")._look_up(data)
        report = self.env["quality.8d"].create(self._prepare_report_vals(data, found))
        # the kinds every report starts with, but this one does not have
        surplus = report.document_ids.filtered(
            lambda row: (
                row.kind
                not in {document["kind"] for document in data["d7"]["documents"]}
            )
        )
        surplus.unlink()
        for owned in data["report"]["step_owners"]:
            report._step(owned["step"]).user_id = found["users"].get(
                self._key(owned["owner"])
            )
        causes = self._create_causes(report, data["d4"]["causes"], found)
        self.env["quality.complaint.action"].create(
            [
                self._prepare_action_vals(report, row, causes, found)
                for row in data["actions"]
            ]
        )
        report.message_post(
            body=self._origin(data, found), subtype_xmlid="mail.mt_note"
        )
        return report

    @api.model
    def _check_causes(self, data):
        """
        :raise UserError: ids given twice or nowhere, causes that explain themselves
        """
        rows = data["d4"]["causes"]
        parents = {row["id"]: row["parent"] for row in rows}
        if len(parents) != len(rows):
            raise UserError(
                self.env._("The file cannot be imported: two causes have the same id.")
            )
        if len({row["id"] for row in data["actions"]}) != len(data["actions"]):
            raise UserError(
                self.env._("The file cannot be imported: two actions have the same id.")
            )
        missing = (
            {*parents.values(), *(row["cause"] for row in data["actions"])}
            - parents.keys()
            - {None}
        )
        if missing:
            raise UserError(
                self.env._(
                    "The file cannot be imported: it refers to causes it does not "
                    "have: %s.",
                    listed(self.env.lang, sorted(missing)),
                )
            )
        for start in parents:
            seen, cause = set(), start
            while cause:
                if cause in seen:
                    raise UserError(
                        self.env._(
                            "The file cannot be imported: the cause “%s” explains "
                            "itself.",
                            start,
                        )
                    )
                seen.add(cause)
                cause = parents[cause]

    # === looking up ===

    @api.model
    def _key(self, part):
        """What a reference of the file is remembered by."""
        if not isinstance(part, dict):
            return part or None
        return tuple(self._key(part[name]) for name in sorted(part))

    @api.model
    def _look_up(self, data):
        """
        :return: dict: users, products, lots, defects, causes, departments,
            responsibles, units as {key: id}; variant, earlier (id or False);
            supplier (id or False); unknown (list of names of people, suppliers and
            reports that are not here)
        :raise UserError: goods or entries of catalogues that are not here, all of them
            named
        """
        locations, members = data["d3"]["locations"], data["d1"]["members"]
        head, actions = data["report"], data["actions"]
        component = head.get("component") or {}  # files of before did not have it
        lots = [row["lot"] for row in locations] + [
            data["d3"]["clean_lot"],
            component.get("lot"),
        ]
        products = [
            head["product"],
            component.get("product"),
            *(row["product"] for row in [*locations, *data["d7"]["read_across"]]),
        ]
        products += [lot["product"] for lot in lots if lot]
        people = [data["d1"]["champion"], data["d1"]["leader"]] + [
            row["owner"] for row in [*locations, *actions, *head["step_owners"]]
        ]
        missing = []
        found = {
            "products": self._find_products(products, missing),
            "defects": self._find_coded(
                "quality.complaint.defect", [head["defect"]], missing
            ),
            "causes": self._find_coded(
                "quality.complaint.cause",
                [row["catalogue_cause"] for row in data["d4"]["causes"]],
                missing,
            ),
            "responsibles": self._find_named(
                "quality.complaint.responsible",
                [
                    head["responsible"],
                    *(row["department"] for row in [*members, *actions]),
                ],
                missing,
            ),
            "units": self._find_named(
                "uom.uom", [row["unit"] for row in locations], missing
            ),
            "variants": self._find_named(
                "quality.8d.variant", [head["variant"]], missing, "code"
            ),
        }
        found["lots"] = self._find_lots(lots, found["products"], missing)
        if missing:
            raise UserError(
                self.env._(
                    "The file refers to what is not here. Create it first: %s",
                    listed(self.env.lang, missing, ";"),
                )
            )
        found["users"] = self._find_users([*people, *(row["user"] for row in members)])
        found["earlier"] = (
            self.env["quality.8d"]
            .search(
                [
                    ("name", "=", head["earlier_report"] or False),
                    ("name", "!=", False),
                    ("company_id", "=", self.env.company.id),
                ]
            )
            .id
        )
        unknown = [
            part["name"] or part["login"]
            for part in people
            if part and not found["users"].get(self._key(part))
        ]
        unknown += (
            [head["earlier_report"]]
            if head["earlier_report"] and not found["earlier"]
            else []
        )
        if component.get("supplier"):
            suppliers = self.env["res.partner"].search(
                Domain("name", "=", component["supplier"]) & self._here("res.partner"),
                limit=2,
            )
            found["supplier"] = suppliers.id if len(suppliers) == 1 else False
            unknown += [] if found["supplier"] else [component["supplier"]]
        found["customers"] = self._find_customers(
            [row.get("customer") for row in locations]
        )
        found["unknown"] = list(dict.fromkeys(filter(None, unknown)))
        return found

    @api.model
    def _find_customers(self, names):
        """
        :return: {name: id of the `res.partner`} of those known here by exactly one
            record
        """
        found = {}
        for name in set(filter(None, names)):
            partners = self.env["res.partner"].search(
                Domain("name", "=", name) & self._here("res.partner"), limit=2
            )
            if len(partners) == 1:
                found[name] = partners.id
        return found

    @api.model
    def _here(self, model):
        """Records of the user's company, and those of all companies."""
        return (
            Domain("company_id", "in", (False, self.env.company.id))
            if "company_id" in self.env[model]._fields
            else Domain.TRUE
        )

    @api.model
    def _find_named(self, model, names, missing, field="name"):
        """
        :param list missing: gets a text for each name that is not found
        :return: {name: id}
        """
        names = list(dict.fromkeys(filter(None, names)))
        records = (
            self.env[model].search(Domain(field, "in", names) & self._here(model))
            if names
            else self.env[model]
        )
        found = {record[field]: record.id for record in reversed(records)}
        missing += [
            f"{self.env[model]._description} “{name}”"
            for name in names
            if name not in found
        ]
        return found

    @api.model
    def _find_coded(self, model, parts, missing):
        """By code, else by name.

        :return: {`_key`: id}
        """
        parts = [part for part in parts if part]
        codes, names = (
            [part["code"] for part in parts if part["code"]],
            [part["name"] for part in parts if part["name"]],
        )
        records = (
            self.env[model].search(
                (Domain("code", "in", codes) | Domain("name", "in", names))
                & self._here(model)
            )
            if parts
            else self.env[model]
        )
        found = {}
        for part in parts:
            match = records.filtered(
                lambda row, p=part: (
                    row.code == p["code"] if p["code"] else row.name == p["name"]
                )
            )[:1]
            if match:
                found[self._key(part)] = match.id
            else:
                missing.append(
                    f"{self.env[model]._description} "
                    f"“{part['code'] or part['name'] or ''}”"
                )
        return found

    @api.model
    def _find_products(self, parts, missing):
        """By internal reference, else by name; several that fit are none."""
        parts = list({self._key(part): part for part in parts if part}.values())
        codes, names = (
            [part["code"] for part in parts if part["code"]],
            [part["name"] for part in parts if part["name"]],
        )
        products = self.env["product.product"]
        if parts:
            wanted = Domain("default_code", "in", codes) | Domain("name", "in", names)
            products = products.search(wanted & self._here("product.product"))
        found = {}
        for part in parts:
            match = products.filtered(
                lambda row, p=part: (
                    row.default_code == p["code"]
                    if p["code"]
                    else row.name == p["name"]
                )
            )
            match = (
                match.filtered(lambda row, p=part: row.name == p["name"])
                if len(match) > 1
                else match
            )
            if len(match) == 1:
                found[self._key(part)] = match.id
            else:
                missing.append(
                    f"{products._description} “{part['code'] or part['name'] or ''}”"
                )
        return found

    @api.model
    def _find_lots(self, parts, products, missing):
        """By name, of the product the file names."""
        parts = list({self._key(part): part for part in parts if part}.values())
        lots = self.env["stock.lot"]
        if parts:
            lots = lots.search(
                Domain("name", "in", [part["name"] for part in parts])
                & self._here("stock.lot")
            )
        found = {}
        for part in parts:
            product = products.get(self._key(part["product"]))
            match = lots.filtered(
                lambda row, p=part, i=product: (
                    row.name == p["name"]
                    and (not p["product"] or row.product_id.id == i)
                )
            )
            if len(match) == 1:
                found[self._key(part)] = match.id
            else:
                missing.append(f"{lots._description} “{part['name']}”")
        return found

    @api.model
    def _find_users(self, parts):
        """By login, else by name when only one has it; colleagues of the company."""
        parts = list({self._key(part): part for part in parts if part}.values())
        logins, names = (
            [part["login"] for part in parts if part["login"]],
            [part["name"] for part in parts if part["name"]],
        )
        wanted = (
            (Domain("login", "in", logins) | Domain("name", "in", names))
            & Domain("share", "=", False)
            & Domain("company_ids", "in", self.env.company.ids)
        )
        # sudo: who works here
        users = (
            self.env["res.users"].sudo().search(wanted)
            if parts
            else self.env["res.users"]
        )
        found = {}
        for part in parts:
            match = users.filtered(
                lambda user, p=part: user.login == p["login"]
            ) or users.filtered(lambda user, p=part: user.name == p["name"])
            if len(match) == 1:
                found[self._key(part)] = match.id
        return found

    # === values ===

    @api.model
    def _plain(self, model, part, names):
        """Values of the plain fields of a part of the file."""
        vals = {}
        for name, field in names.items():
            value = part[name]
            if self.env[model]._fields[field].type == "datetime" and value:
                value = fields.Datetime.to_datetime(
                    value.removesuffix("Z").replace("T", " ")
                )
            vals[field] = False if value is None else value
        return vals

    @api.model
    def _prepare_report_vals(self, data, found):
        head, team = data["report"], data["d1"]
        vals = {}
        for part, names in PLAIN.items():
            vals.update(self._plain("quality.8d", data[part], names))
        create = fields.Command.create
        return {
            **vals,
            "subject": head["subject"],
            "kind": head["kind"],
            "company_id": self.env.company.id,
            "product_id": found["products"].get(self._key(head["product"])),
            "defect_id": found["defects"].get(self._key(head["defect"])),
            "responsible_id": found["responsibles"].get(head["responsible"]),
            "variant_id": found["variants"].get(head["variant"]),
            "reference_id": found["earlier"],
            **self._prepare_component_vals(head.get("component") or {}, found),
            "champion_id": found["users"].get(self._key(team["champion"])),
            "leader_id": found["users"].get(self._key(team["leader"])),
            "clean_lot_id": found["lots"].get(self._key(data["d3"]["clean_lot"])),
            "member_ids": [
                create({**self._prepare_member_vals(row, found), "sequence": place})
                for place, row in enumerate(team["members"])
            ],
            "isnot_ids": [
                create(
                    {**self._plain("quality.8d.isnot", row, ISNOT), "sequence": place}
                )
                for place, row in enumerate(data["d2"]["is_and_is_not"])
            ],
            "containment_ids": [
                create({**self._prepare_location_vals(row, found), "sequence": place})
                for place, row in enumerate(data["d3"]["locations"])
            ],
            "document_ids": [
                create(
                    {
                        **self._plain("quality.8d.document", row, DOCUMENT),
                        "sequence": place,
                        "decision": next(
                            decision
                            for decision, updated in DECISIONS.items()
                            if updated is row["updated"]
                        ),
                    }
                )
                for place, row in enumerate(data["d7"]["documents"])
            ],
            "readacross_ids": [
                create(
                    {
                        **self._plain("quality.8d.readacross", row, READACROSS),
                        "product_id": found["products"].get(self._key(row["product"])),
                    }
                )
                for row in data["d7"]["read_across"]
            ],
        }

    @api.model
    def _prepare_component_vals(self, component, found):
        """
        :param dict component: empty in files of before
        """
        if not component:
            return {}
        return {
            "component_id": found["products"].get(self._key(component["product"])),
            "component_lot_id": found["lots"].get(self._key(component["lot"])),
            "component_lot_name": component["lot_number"],
            "supplier_id": found.get("supplier"),
            "supplier_code": component["supplier_code"],
        }

    @api.model
    def _prepare_member_vals(self, row, found):
        """A member who is not here stays a name."""
        return {
            **self._plain("quality.8d.member", row, MEMBER),
            "user_id": found["users"].get(self._key(row["user"])),
            "department_id": found["responsibles"].get(row["department"]),
        }

    @api.model
    def _prepare_location_vals(self, row, found):
        """A customer who is not here stays a name."""
        customer = row.get("customer")
        if customer and customer not in found["customers"]:
            row = {**row, "note": listed(self.env.lang, (customer, row["note"]), ",")}
        return {
            # files of before know neither customers nor what was used up or not found
            **self._plain(
                "quality.8d.containment",
                {"used_up": 0.0, "not_found": 0.0, **row},
                LOCATION,
            ),
            "partner_id": found["customers"].get(row.get("customer")),
            "product_id": found["products"].get(self._key(row["product"])),
            "lot_id": found["lots"].get(self._key(row["lot"])),
            "product_uom_id": found["units"].get(row["unit"]),
            "user_id": found["users"].get(self._key(row["owner"])),
        }

    @api.model
    def _create_causes(self, report, rows, found):
        """Level by level, parents first.

        :return: {id in the file: `quality.complaint.cause.node`}
        """
        nodes = self.env["quality.complaint.cause.node"]
        made, places = {}, {row["id"]: place for place, row in enumerate(rows)}
        while len(made) < len(rows):
            level = [
                row
                for row in rows
                if row["id"] not in made
                and (row["parent"] is None or row["parent"] in made)
            ]
            created = nodes.create(
                [
                    {
                        **self._plain(nodes._name, row, CAUSE),
                        "eight_d_id": report.id,
                        "sequence": places[row["id"]],
                        "parent_id": made[row["parent"]].id if row["parent"] else False,
                        "cause_id": found["causes"].get(
                            self._key(row["catalogue_cause"])
                        ),
                    }
                    for row in level
                ]
            )
            made.update(
                {row["id"]: node for row, node in zip(level, created, strict=True)}
            )
        return made

    @api.model
    def _prepare_action_vals(self, report, row, causes, found):
        return {
            **self._plain("quality.complaint.action", row, ACTION),
            "eight_d_id": report.id,
            "node_id": causes[row["cause"]].id if row["cause"] else False,
            "user_id": found["users"].get(self._key(row["owner"]), False),
            "department_id": found["responsibles"].get(row["department"]),
        }

    # === what is told ===

    @api.model
    def _origin(self, data, found):
        """What was stamped where the file was made, for the thread: read, not taken
        over.
        """
        state = data.get("state") or {}
        lines = [
            self.env._(
                "Imported from a file of %s.",
                state.get("number") or data["report"]["subject"],
            )
        ]
        if found["unknown"]:
            lines.append(
                self.env._(
                    "Not found here and left out: %s",
                    listed(self.env.lang, found["unknown"]),
                )
            )
        for step in state.get("steps", []):
            if step["done_on"]:
                lines.append(
                    self.env._(
                        "%(step)s was closed there on %(on)s by %(by)s.",
                        step=step["step"],
                        on=step["done_on"],
                        by=step["done_by"] or "?",
                    )
                )
        for row in state.get("overrides", []):
            lines.append(
                self.env._(
                    "%(step)s was closed there by override: %(reason)s",
                    step=row["step"],
                    reason=row["reason"],
                )
            )
        names = {row["id"]: row["name"] for row in data["actions"]}
        for row in state.get("actions", []):
            if row["status"] != "open":
                lines.append(
                    self.env._(
                        "“%(action)s” there: %(status)s, %(evidence)s",
                        action=names.get(row["id"], row["id"]),
                        status=row["status"],
                        evidence=" – ".join(
                            filter(
                                None,
                                (row["done_on"], row["evidence"], row["effect_note"]),
                            )
                        ),
                    )
                )
        return Markup("<br/>").join(lines)
