import base64
import json

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import listed
from ..mixins.sensible import UNSTORABLE

FORMAT = "quality_complaint.policy/1"
MAX_SIZE = 5 * 1024 * 1024
# tables of a policy in the order in which they refer to each other
TABLES = [
    "severity_ids",
    "rule_ids",
    "limit_ids",
    "property_ids",
    "requirement_ids",
    "approval_rule_ids",
    "ceiling_ids",
    "bearer_rule_ids",
    "form_ids",
    "guide_ids",
    "eight_d_limit_ids",
]
# what fields of the policy itself may refer to
CATALOGUE = (
    "quality.complaint.role",
    "quality.complaint.responsible",
    "quality.complaint.defect",
)
SKIPPED = {
    "id",
    "display_name",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
    "policy_id",
    "limit_id",
    "version",
    "active",
}


class QualityComplaintPolicy(models.Model):
    """A policy as a file: everything by code, so that it can be taken to another
    database.
    """

    _inherit = "quality.complaint.policy"

    export_file = fields.Binary(
        compute="_compute_export_file",
        groups="quality_complaint.group_quality_complaint_manager",
    )

    @api.depends_context("bin_size")
    def _compute_export_file(self):
        for policy in self:
            policy.export_file = base64.b64encode(policy._export_text().encode())

    def action_export(self):
        """Download the policy as JSON."""
        self.ensure_one()
        self._check_manager()
        name = f"policy-{self.code}-{self.version}.json"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{name}?download=true",  # noqa: E501
            "target": "download",
        }

    def _export_text(self):
        self.ensure_one()
        data = {
            "format": FORMAT,
            "policy": self._export_row(self._own_fields()),
            "tables": self._export_tables(),
        }
        return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)

    def _export_tables(self):
        """:return: dict of table → list of rows; references are codes, translated texts
        are {language: text}
        """
        self.ensure_one()
        return {
            table: [
                {
                    **self._export_values(row),
                    **(
                        {
                            "level_ids": [
                                self._export_values(level) for level in row.level_ids
                            ]
                        }
                        if table == "limit_ids"
                        else {}
                    ),
                }
                for row in self[table]
            ]
            for table in self._tables()
        }

    @api.model
    def _tables(self):
        """Fields of the tables that belong to a policy; bridges add theirs."""
        return list(TABLES)

    def _own_fields(self):
        return [
            name
            for name, field in self._fields.items()
            if self._is_exported(field)
            and name not in ("code", "line_properties")
            and (not field.relational or field.comodel_name in CATALOGUE)
        ]

    def _export_row(self, names):
        return {
            "code": self.code,
            **{name: self._export_value(self, self._fields[name]) for name in names},
        }

    @staticmethod
    def _is_exported(field):
        return (
            field.store
            and not field.compute
            and not field.related
            and field.name not in SKIPPED
            and field.type != "one2many"
        )

    def _export_values(self, row):
        return {
            name: self._export_value(row, field)
            for name, field in row._fields.items()
            if self._is_exported(field)
        }

    def _export_value(self, row, field):
        value = row[field.name]
        if field.type in ("many2one", "many2many"):
            codes = [
                row.env[field.comodel_name].browse(record.id)[self._key(record)]
                for record in value
            ]
            return codes if field.type == "many2many" else (codes or [False])[0]
        if field.type == "date":
            return fields.Date.to_string(value) or False
        if field.translate:
            langs = [code for code, _name in self.env["res.lang"].get_installed()]
            return {
                lang: row.with_context(lang=lang)[field.name] or False for lang in langs
            }
        return value

    @staticmethod
    def _key(record):
        """Field a record is known by in files."""
        return "code" if "code" in record._fields else "name"

    # === import ===

    @api.model
    def _import_text(self, text):
        """Make a policy from a file of `action_export`; it is not in force yet.

        :param str text: JSON
        :return: the new policy, the next version of its code
        :raise UserError: not such a file, or it refers to something that is not there;
            nothing is made then
        """
        own, tables = self._read_policy(text)
        try:
            # whoever catches the error finds nothing half made
            with self.env.cr.savepoint():
                return self._import_policy(own, tables)
        except psycopg2.Error as error:
            raise UserError(
                self.env._(
                    "The policy file contradicts itself, or lacks something it needs. "
                    "Export the policy again."
                )
            ) from error

    @api.model
    def _read_policy(self, text):
        """
        :return: (values of the policy, tables) as they stand in the file, of the types
            that `_export_text` gives them
        :raise UserError: it is no such file
        """
        try:
            if len(text.encode(errors="replace")) > MAX_SIZE:
                raise ValueError
            data = json.loads(text)
            own, tables = data["policy"], data["tables"]
            levels = [
                level
                for row in tables.get("limit_ids", [])
                for level in row.get("level_ids", [])
            ]
            rows = [row for table in tables.values() for row in table] + levels
            fits = (
                data["format"] == FORMAT
                and isinstance(own["code"], str)
                and own["code"].strip()
                and all(isinstance(row, dict) for row in [own, *rows])
            )
            fits = fits and not any(
                isinstance(part, str) and UNSTORABLE.search(part)
                for part in self._parts(data)
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            fits = False
        if not fits:
            raise UserError(
                self.env._(
                    "This is not a policy file. Choose a file made by “Export” on a "
                    "policy."
                )
            )
        return dict(own), tables

    @api.model
    def _import_policy(self, own, tables):
        code = own.pop("code")
        policy = self.create(
            {
                "code": code,
                "version": self._next_version(code),
                "active": False,
                "name": code,
                **self._import_values(self, own),
            }
        )
        policy._import_translations(own)
        policy._import_tables(tables)
        return policy

    def _import_tables(self, tables):
        """Add the rows of `_export_tables` to this policy."""
        self.ensure_one()
        for table in self._tables():
            model = self.env[self._fields[table].comodel_name]
            for row in tables.get(table, []):
                vals = self._import_values(model, row)
                if "level_ids" in row:
                    levels = self.env["quality.complaint.escalation"]
                    vals["level_ids"] = [
                        Command.create(self._import_values(levels, level))
                        for level in row["level_ids"]
                    ]
                record = model.create({**vals, "policy_id": self.id})
                self._import_translations(row, record)

    def _import_values(self, model, row):
        unknown = [
            name
            for name in row
            if name != "level_ids"
            and (
                name not in model._fields or not self._is_exported(model._fields[name])
            )
        ]
        if unknown:
            raise UserError(
                self.env._(
                    "The file was made by another version of this app; it does not "
                    "know: %s.",
                    listed(self.env.lang, sorted(unknown)),
                )
            )
        return {
            name: self._import_value(model, model._fields[name], value)
            for name, value in row.items()
            if name != "level_ids"
        }

    def _import_value(self, model, field, value):
        if not self._is_of_type(field, value):
            raise UserError(
                self.env._(
                    "The policy file cannot be imported: “%(value)s” is no "
                    "“%(field)s” (%(kind)s).",
                    value=str(value)[:50],
                    field=field._description_string(self.env),
                    kind=model._description,
                )
            )
        if field.type == "many2one":
            return self._find(model, field, value).id if value else False
        if field.type == "many2many":
            return [Command.set([self._find(model, field, key).id for key in value])]
        if field.translate and isinstance(value, dict):
            return value.get("en_US") or next(filter(None, value.values()), False)
        return value

    def _is_of_type(self, field, value):
        """Whether a value of a file is what `_export_value` makes of such a field."""
        if value is None or value is False:
            return True
        if field.type == "many2many":
            return isinstance(value, list) and all(
                isinstance(key, str) for key in value
            )
        if field.type == "boolean":
            return isinstance(value, bool)
        if field.type in ("integer", "float", "monetary"):
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        if field.type == "selection":
            return (
                value in field.get_values(self.env) if isinstance(value, str) else False
            )
        if isinstance(value, dict):
            texts = field.translate and all(
                isinstance(text, str) or not text for text in value.values()
            )
            return bool(texts) or field.type in ("properties_definition", "json")
        return isinstance(value, str) or (
            field.type in ("properties_definition", "json") and isinstance(value, list)
        )

    def _find(self, model, field, key):
        comodel = model.env[field.comodel_name].with_context(
            active_test=False, lang="en_US"
        )
        domain = [(self._key(comodel), "=", key)]
        if "policy_id" in comodel._fields:
            domain.append(("policy_id", "=", self.id))
        record = comodel.search(domain, limit=1)
        if not record:
            raise UserError(
                self.env._(
                    "The file refers to “%(key)s” (%(kind)s), which is not there. "
                    "Create it first.",
                    key=key,
                    kind=comodel._description,
                )
            )
        return record

    def _import_translations(self, row, record=None):
        record = record or self
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for name, value in row.items():
            if isinstance(value, dict):
                for lang, text in value.items():
                    if lang in installed and text:
                        record.with_context(lang=lang)[name] = text
