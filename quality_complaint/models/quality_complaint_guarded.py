from odoo import api, models
from odoo.exceptions import UserError

from ..tools import says_nothing


class QualityComplaintGuarded(models.AbstractModel):
    """Fields that only the flow writes: a status, a stamp, a result. A form hides them, this keeps them from everybody else.

    What is computed or related and readonly is never taken from a person either: prices, companies and documents follow from
    the records they belong to.

    Work on a complaint belongs to the round it is made in.

    Comes first in `_inherit`, so that `_advance` reaches the real `write`.
    """

    _name = "quality.complaint.guarded"
    _description = "Fields Written by the Flow"

    # written by `_advance` only
    _guarded = frozenset()
    # given on creation and never changed
    _fixed = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        refused = self._guarded | self._derived_fields()
        # what nobody may write does not come in through a default of the context either
        forged = {f"default_{name}" for name in refused} & self.env.context.keys()
        clean = {key: value for key, value in self.env.context.items() if key not in forged}
        self = self.with_env(self.env(context=clean)) if forged else self  # noqa: PLW0642
        if {"round", "complaint_id"} <= self._fields.keys():
            complaints = self.env["quality.complaint"]
            vals_list = [{"round": complaints.browse(vals.get("complaint_id")).round or 1, **vals} for vals in vals_list]
        return super().create([{name: value for name, value in vals.items() if name not in refused} for vals in vals_list])

    def _derived_fields(self):
        """Names of stored fields that follow from others; none in superuser mode, where the flow and migrations work."""
        if self.env.su:
            return set()
        return {name for name, field in self._fields.items() if field.store and field.readonly and (field.compute or field.related)}

    def write(self, vals):
        refused = (self._guarded | self._fixed | self._derived_fields()) & vals.keys()
        if refused:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(refused)]
            raise UserError(
                self.env._(
                    "“%(field)s” of %(record)s is set by its buttons only. Open it and use them.",
                    field=", ".join(labels),
                    record=", ".join(self.mapped("display_name")) or self._description,
                )
            )
        return super().write(vals)

    def _advance(self, vals):
        """The only writer of the guarded fields, for the methods of the flow."""
        return super().write(vals)  # pylint: disable=super-method-mismatch  # past the guard

    def _changed_by(self, vals, names):
        """Records that a `write` of these values would change.

        :param set names: of texts and many2one fields; others of the values do not count
        """
        names = names & vals.keys()

        def value(record, name):
            return record[name].id if record._fields[name].type == "many2one" else record[name]

        return self.filtered(lambda record: any((value(record, name) or False) != (vals[name] or False) for name in names))

    def _is_blank(self, name):
        """Whether a field is empty, or a text that says nothing: blanks, “-”, “n/a”."""
        return says_nothing(self[name]) if isinstance(self[name], str) else not self[name]

    def _check_reason(self, reason):
        """
        :raise UserError: the reason of a step that needs one is missing
        """
        if says_nothing(reason):
            raise UserError(self.env._("“%s”: give a reason.", self.display_name))

    def _lock_fields(self, vals, names, locked):
        """Refuse changes to what was submitted, sent or finished.

        :param vals: the values of a `write`
        :param set names: fields that are locked
        :param locked: the records they are locked on
        """
        touched = names & vals.keys()
        if touched and locked:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(touched)]
            raise UserError(
                self.env._(
                    "“%(field)s” of %(record)s cannot be changed any more: it belongs to the file.",
                    field=", ".join(labels),
                    record=", ".join(locked.mapped("display_name")),
                )
            )
