from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class QualityComplaintTables(models.AbstractModel):
    """A record whose form shows many tables: their rows are found in one query, not in
    one for each table.
    """

    _name = "quality.complaint.tables"
    _description = "Record With Many Tables"

    # tables that fields of the form are computed from, beside those it shows
    _tables_computed_from = ()

    @api.readonly
    def web_read(self, specification):
        fields = map(self._fields.get, specification)
        if (
            len(self) == 1
            and self.id
            and any(f and f.type == "one2many" for f in fields)
        ):
            self._fetch_columns()
            self._fetch_tables({*specification, *self._tables_computed_from})
        return super().web_read(specification)

    def _fetch_columns(self):
        """All columns in one query: computed fields read those that are not shown."""
        self.fetch(
            [
                name
                for name, field in self._fields.items()
                if field.store
                and field.column_type
                and field.prefetch is True
                and self._has_field_access(field, "read")
            ]
        )

    def _fetch_tables(self, names):
        """Put the ids of rows into the cache, as the fields themselves would: with the
        reader's rights, in the order of each table. What the reader has no access to is
        left to the field, which says so; links too, unless there are none.

        :param names: names of fields; only one2many and many2many ones of the database
            matter
        """
        tables, queries = [], []
        for name in sorted(names & self._fields.keys()):
            field = self._fields[name]
            query = (
                self._rows_query(field)
                if field.store and self._has_field_access(field, "read")
                else None
            )
            if query is not None:
                queries.append(SQL("(SELECT %s, %s)", len(tables), query))
                tables.append(field)
        if not queries:
            return
        found = defaultdict(list)
        for table, row, _place in self.env.execute_query(
            SQL("%s ORDER BY 1, 3", SQL(" UNION ALL ").join(queries))
        ):
            found[table].append(row)
        for place, field in enumerate(tables):
            if field.type == "one2many" or not found[place]:
                field._insert_cache(self, [tuple(found[place])])

    def _rows_query(self, field):
        """:return: SQL behind a SELECT: id and place of the rows of a table; None if it
        cannot be said
        """
        if field.type == "many2many":
            return SQL(
                "%s, 0 FROM %s WHERE %s = %s",
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                self.id,
            )
        if field.type != "one2many":
            return None
        rows = self.env[field.comodel_name].with_context(
            active_test=False, **field.context
        )
        if not rows.has_access("read"):
            return None
        query = rows._search(
            field.get_comodel_domain(self) & Domain(field.inverse_name, "=", self.id),
            order=rows._order,
        )
        return SQL(
            "%s, row_number() OVER (ORDER BY %s) FROM %s WHERE %s",
            SQL.identifier(query.table, "id"),
            query.order,
            query.from_clause,
            query.where_clause or SQL("TRUE"),
        )
