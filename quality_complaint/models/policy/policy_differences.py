from odoo import models
from odoo.tools import format_list

from ...tools import printed_day
from .shipped import EARLIER


class QualityComplaintPolicy(models.Model):
    """What one version of a policy says otherwise than another."""

    _inherit = "quality.complaint.policy"

    def _differences_from(self, other):
        """What this policy says otherwise than another, one sentence each, in the
        labels of the screen and the reader's language.

        Order and translations are no difference.

        :return: list of str, empty when both say the same
        """
        self.ensure_one()
        lines = self._field_differences(self, other, self._own_fields())
        for table in self._tables():
            label = self._fields[table]._description_string(self.env)
            changed, added, removed = self._match_rows(self[table], other[table])
            for new, old in changed:
                for line in self._field_differences(new, old, self._row_fields(new)):
                    lines.append(
                        self.env._(
                            "%(table)s, “%(row)s”: %(change)s",
                            table=label,
                            row=self._row_text(new),
                            change=line,
                        )
                    )
            lines += [
                self.env._(
                    "%(table)s: added “%(row)s”",
                    table=label,
                    row=self._row_text(row, whole=True),
                )
                for row in added
            ]
            lines += [
                self.env._(
                    "%(table)s: removed “%(row)s”",
                    table=label,
                    row=self._row_text(row, whole=True),
                )
                for row in removed
            ]
        return lines

    def _row_fields(self, row):
        return [
            name
            for name, field in row._fields.items()
            if self._is_exported(field) or name == "level_ids"
        ]

    def _field_differences(self, new, old, names):
        lines = []
        for name in names:
            if name == "sequence" or self._comparable(new, name) == self._comparable(
                old, name
            ):
                continue
            label = new._fields[name]._description_string(self.env)
            none = self.env._("nothing")
            lines.append(
                self.env._(
                    "%(field)s: %(new)s (before: %(old)s)",
                    field=label,
                    new=self._in_words(new, name) or none,
                    old=self._in_words(old, name) or none,
                )
            )
        return lines

    def _comparable(self, row, name):
        """A value as it can be compared between versions: by code, texts in English."""
        row = row.with_context(lang="en_US")
        field = row._fields[name]
        if field.type == "one2many":
            return sorted(
                repr(
                    [
                        self._comparable(line, part)
                        for part in self._row_fields(line)
                        if part != "sequence"
                    ]
                )
                for line in row[name]
            )
        if field.type == "many2many":
            return sorted(self._export_value(row, field))
        if field.type in ("float", "integer", "monetary"):
            return round(row[name], 6)
        if field.type in ("char", "text"):
            return (row[name] or "").split()
        return self._export_value(row, field)

    def _in_words(self, row, name):
        field, value = row._fields[name], row[name]
        if field.relational:
            return format_list(self.env, value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "date":
            return value and printed_day(self.env, value)
        return (
            f"{value:.12g}" if field.type in ("float", "integer", "monetary") else value
        )

    def _match_rows(self, rows, others):
        """Pair the rows of a table with those of another version: by what they say,
        else by the external id or the code they share.

        :return: (pairs that do not say the same, rows only here, rows only there)
        """
        left, changed, added = list(others), [], []
        saying = {row: self._saying(row) for row in [*rows, *others]}
        for row in rows:
            twin = next((other for other in left if saying[other] == saying[row]), None)
            if twin:
                left.remove(twin)
            else:
                added.append(row)
        for row in list(added):
            twin = next(
                (other for other in left if self._row_key(other) == self._row_key(row)),
                None,
            )
            if twin:
                left.remove(twin)
                added.remove(row)
                changed.append((row, twin))
        return changed, added, left

    def _saying(self, row):
        return {
            name: self._comparable(row, name)
            for name in self._row_fields(row)
            if name != "sequence"
        }

    def _row_key(self, row):
        names = row._get_external_ids()[row.id]
        if names:
            return EARLIER.sub("", min(names))
        return (
            row.code
            if "code" in row._fields
            else row.with_context(lang="en_US").display_name
        )

    def _row_text(self, row, whole=False):
        """
        :param bool whole: with what the row says, for one that has no counterpart
        """
        words = [row.display_name]
        for name in (
            "condition_text",
            *(("summary", "figure_text", "description") if whole else ()),
        ):
            text = row[name] if name in row._fields else ""
            if text and text not in words[0]:
                words.append(text)
        return " · ".join(word for word in words if word)
