from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL

from .shipped import EARLIER, OWN, PART, POLICY

# what refers to a policy in any of its versions
BY_CODE = (
    "quality.complaint.question",
    "quality.complaint.routing",
    "quality.complaint.sheet.type",
    "quality.complaint.warranty",
)


class QualityComplaintShipped(models.AbstractModel):
    """Policies that are shipped anew.

    The data files have made the policies of this version; those of the version before
    were set aside under other external ids
    (`migrations/…/pre-shipped-policies.py`). Now, for each policy:

    - it says the same: the new one goes, the old one stays;
    - nobody used or changed the old one: it takes the tables of the new one;
    - else the new one stays as a version that is not in force, and managers are told
      what is different.
    """

    _inherit = "quality.complaint.shipped"

    @api.model
    def _bring_up_policies(self, before):
        rows = self.env["ir.model.data"].search(
            [
                ("model", "=", POLICY),
                ("module", "=like", "quality_complaint%"),
                ("name", "=like", "%\\_\\_v%"),
            ]
        )
        for row in rows.filtered(lambda row: EARLIER.search(row.name)):
            name = EARLIER.sub("", row.name)
            old, new = (
                self.env[POLICY].browse(row.res_id),
                self.env.ref(f"{row.module}.{name}", raise_if_not_found=False),
            )
            if not new:  # no longer shipped
                self._name_back(old)
            elif not new.previous_id:  # else this was done at an earlier update
                self._bring_up_policy(old, new, before)

    def _bring_up_policy(self, old, new, before):
        self._fill_from_bridges(new)
        if not new._differences_from(old):
            self._drop(new, old)
            self._name_back(old)
        elif not self._is_used(old) and self._is_as_shipped(old, before):
            self._take_tables(old, new)
            self._name_back(old)
        else:
            in_force = old.search(
                [("code", "=", old.code), ("id", "!=", new.id), ("active", "=", True)],
                order="version desc",
                limit=1,
            )
            new.write({"active": False, "previous_id": (in_force or old).id})
            self._tell_new_version(new)

    def _fill_from_bridges(self, policy):
        """Fields of bridges were not known yet when the data files made the policy:
        they get what new policies have.
        """
        for rows in (policy, *self._parts(policy)):
            names = [
                name
                for name, field in rows._fields.items()
                if self.env[POLICY]._is_exported(field)
                and "quality_complaint" not in field._modules
                and (field._module or "").startswith("quality_complaint_")
            ]
            if rows and (values := rows.browse().default_get(names) if names else {}):
                rows.write(values)

    # === what there is ===

    def _parts(self, policy):
        """:return: list of recordsets: all rows of a policy, in the order in which they
        can be deleted
        """
        models = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and issubclass(model, self.env.registry[PART])
        ]
        models.sort(
            key=lambda name: (
                name == "quality.complaint.severity",
                name != "quality.complaint.escalation",
                name,
            )
        )
        return [
            self.env[name].search([("policy_id", "=", policy.id)]) for name in models
        ]

    def _links(self):
        """:return: list of stored many2one and many2many fields by which anything else
        refers to a policy
        """
        registry = self.env.registry
        return [
            field
            for name, model in registry.items()
            if model._auto
            and not model._abstract
            and not model._transient
            and not issubclass(model, registry[PART])
            for field in model._fields.values()
            if field.type in ("many2one", "many2many")
            and field.comodel_name == POLICY
            and field.store
        ]

    def _is_used(self, policy):
        """Whether a complaint, also a draft, a report, a company, a team or a version
        refers to it. Questions, kinds of sheets, routing rules and warranty terms do so
        by code, in any version.
        """
        return any(
            self.env[field.model_name].search_count(
                [(field.name, "in", policy.ids)], limit=1
            )
            for field in self._links()
            if field.model_name not in BY_CODE
        )

    def _is_as_shipped(self, policy, before):
        """Whether the policy has the rows that were shipped, unchanged, and no
        others.
        """
        rows = [
            policy,
            *(
                row
                for rows in self._parts(policy)
                for row in rows
                if row._name != "quality.complaint.escalation"
            ),
        ]
        names = {row: self._external_id(row) for row in rows}
        shipped = {
            name
            for name, record in before.items()
            if name == names[policy]
            or (
                record["values"].get("policy_id") == names[policy]
                and record["model"] not in BY_CODE
                and record["model"] in self.env
            )
        }
        return shipped == set(names.values()) and all(
            self._row_as_shipped(row, before[name]) for row, name in names.items()
        )

    def _row_as_shipped(self, row, shipped):
        names = [
            name
            for name, field in row._fields.items()
            if self.env[POLICY]._is_exported(field)
            and name not in OWN | {"line_properties", "previous_id"}
        ]
        if any(self._is_edited(row, name, shipped, shipped) for name in names):
            return False
        if "level_ids" not in row._fields:
            return True
        level = row.level_ids.browse()
        fields = [
            name
            for name, field in level._fields.items()
            if self.env[POLICY]._is_exported(field)
        ]
        wanted = [
            [self._shipped(level, name, {"values": values}) for name in fields]
            for values in shipped["values"].get("level_ids", [])
        ]
        stored = [
            [self._stored(line, name) for name in fields] for line in row.level_ids
        ]
        return len(wanted) == len(stored) and all(
            any(
                all(
                    self._same(level._fields[name], *pair)
                    for name, *pair in zip(fields, line, other, strict=True)
                )
                for other in stored
            )
            for line in wanted
        )

    # === what becomes of them ===

    def _drop(self, policy, successor):
        """Delete a policy nobody works by; what refers to it, new questions and
        routing rules, refers to its successor.
        """
        self.env.flush_all()
        for field in self._links():
            many = field.type == "many2many"
            table = field.relation if many else self.env[field.model_name]._table
            column = SQL.identifier(field.column2 if many else field.name)
            where = SQL("%s = %s", column, policy.id)
            if many:  # who refers to both already goes on referring to the successor
                own = SQL.identifier(field.column1)
                where = SQL(
                    "%s AND %s NOT IN (SELECT %s FROM %s WHERE %s = %s)",
                    *(where, own, own, SQL.identifier(table), column, successor.id),
                )
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s",
                    *(SQL.identifier(table), column, successor.id, where),
                )
            )
        self.env.invalidate_all()
        for rows in self._parts(policy):
            rows.unlink()
        policy.unlink()

    def _take_tables(self, old, new):
        """The old policy gets everything of the new one and keeps its place."""
        for rows in self._parts(old):
            rows.unlink()
        values = {
            name: value
            for name, value in new._export_row(new._own_fields()).items()
            if name not in OWN | {"code"}
        }
        old.write(old._import_values(old, values))
        old._import_translations(values)
        for rows in self._parts(new):
            if rows._name != "quality.complaint.escalation":
                rows.write({"policy_id": old.id})
        self._drop(new, old)

    def _name_back(self, policy):
        """External ids without the version: the policy and its rows are what is
        shipped.
        """
        self.env.flush_all()
        for rows in (policy, *self._parts(policy)):
            data = self.env["ir.model.data"].search(
                [("model", "=", rows._name), ("res_id", "in", rows.ids)]
            )
            for row in data.filtered(lambda row: EARLIER.search(row.name)):
                row.name = EARLIER.sub("", row.name)
        self.env.registry.clear_cache()

    # === telling ===

    def _tell_new_version(self, policy):
        managers = self._managers()
        for user in managers:
            reader = policy.with_context(lang=user.lang or "en_US")
            summary = reader.env._(
                "Update: a new version of the policy “%s” waits for your decision",
                reader.name,
            )
            self._remind(user, summary, reader._what_is_new(), policy)
        first = policy.with_context(lang=managers[:1].lang or "en_US")
        policy.message_post(body=first._what_is_new())


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    def _what_is_new(self):
        """What a manager reads about a version that came with an update."""
        self.ensure_one()
        intro = self.env._(
            "This version came with the update of the app and is not in force. Running "
            "complaints, companies and teams keep theirs (%s)."
            " Press “Put into force” when new complaints are to be handled by it. "
            "What is different:",
            self.previous_id.display_name,
        )
        lines = Markup().join(
            Markup("<li>%s</li>") % line
            for line in self._differences_from(self.previous_id)
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (intro, lines)
