from odoo import api, models, tools
from odoo.exceptions import UserError

from ...tools import listed, says_nothing


class QualityComplaintGuarded(models.AbstractModel):
    """Fields that only the flow writes: a status, a stamp, a result. A form hides them,
    this keeps them from everybody else.

    What is readonly is never taken from a person either: stamps, prices, companies and
    documents follow from what was done and
    from the records they belong to. Superuser mode is the flow's.

    Work on a complaint belongs to the round it is made in.

    Comes first in `_inherit`, so that `_advance` reaches the real `write`.
    """

    _name = "quality.complaint.guarded"
    _description = "Fields Written by the Flow"
    _inherit = ["quality.complaint.sensible"]

    @api.model
    def _valid_field_parameter(self, field, name):
        # `guarded`: written by `_advance` only; `fixed`: given on creation and never
        # changed
        return name in ("guarded", "fixed") or super()._valid_field_parameter(
            field, name
        )

    @api.model
    @tools.ormcache("parameter")
    def _fields_that_are(self, parameter):
        """Names of the fields declared `guarded`, or `fixed`.

        :param str parameter: one of these words
        """
        # a related field takes over such words from its source, and is neither
        return frozenset(
            name
            for name, field in self._fields.items()
            if getattr(field, parameter, False) and not field.related
        )

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._fields_that_are("guarded")
        forbidden = guarded | self._stamped_fields()
        # what nobody may write does not come in through a default of the context
        # either, whose rights the flow uses or not
        forged = {f"default_{name}" for name in forbidden} & self.env.context.keys()
        clean = {
            key: value for key, value in self.env.context.items() if key not in forged
        }
        self = self.with_env(self.env(context=clean)) if forged else self  # noqa: PLW0642
        refused = guarded if self.env.su else forbidden
        return super().create(
            [
                {name: value for name, value in vals.items() if name not in refused}
                for vals in self._with_rounds(vals_list)
            ]
        )

    def _with_rounds(self, vals_list):
        """Values of a `create` with the round their complaint is in; only the flow
        knows better.
        """
        if not {"round", "complaint_id"} <= self._fields.keys():
            return vals_list
        default, complaints = (
            self.env.context.get("default_complaint_id"),
            self.env["quality.complaint"],
        )
        with_rounds = []
        for vals in vals_list:
            current = {
                "round": complaints.browse(vals.get("complaint_id") or default).round
                or 1
            }
            with_rounds.append(
                {**current, **vals} if self.env.su else {**vals, **current}
            )
        return with_rounds

    def _stamped_fields(self):
        """Names of stored fields that no person writes: readonly on every screen,
        stamped by the flow or following from others.

        What is given on creation (`fixed`) is none of them.
        """
        names = {
            name
            for name, field in self._fields.items()
            if field.store and field.readonly
        }
        return (
            names - self._fields_that_are("fixed") - {"id", *models.LOG_ACCESS_COLUMNS}
        )

    def write(self, vals):
        # in superuser mode the flow and migrations work
        closed = self._fields_that_are("guarded") | self._fields_that_are("fixed")
        refused = (
            closed | (set() if self.env.su else self._stamped_fields())
        ) & vals.keys()
        if refused:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(refused)
            ]
            raise UserError(
                self.env._(
                    "“%(field)s” of %(record)s is set by its buttons only. Open it "
                    "and use them.",
                    field=listed(self.env.lang, labels),
                    record=listed(self.env.lang, self.mapped("display_name"))
                    or self._description,
                )
            )
        return super().write(vals)

    def _advance(self, vals):
        """The only writer of the guarded fields, for the methods of the flow."""
        return super().write(vals)  # pylint: disable=super-method-mismatch  # past the guard

    def _changed_by(self, vals, names):
        """Records that a `write` of these values would change.

        :param set names: of texts and many2one fields; others of the values do not
            count
        """
        names = names & vals.keys()

        def value(record, name):
            return (
                record[name].id
                if record._fields[name].type == "many2one"
                else record[name]
            )

        return self.filtered(
            lambda record: any(
                (value(record, name) or False) != (vals[name] or False)
                for name in names
            )
        )

    def _is_blank(self, name):
        """Whether a field is empty, or a text that says nothing: blanks, “-”, “n/a”."""
        return (
            says_nothing(self[name]) if isinstance(self[name], str) else not self[name]
        )

    def _check_standing(self, *states):
        """
        :param str states: statuses in which the step may be taken
        :raise UserError: somebody took another step meanwhile
        """
        for record in self.filtered(lambda row: row.state not in states):
            words = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(record)s” is in status “%(state)s”, in which this cannot be "
                    "done. Reload the page.",
                    record=record.display_name,
                    state=words[record.state],
                )
            )

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
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(touched)
            ]
            raise UserError(
                self.env._(
                    "“%(field)s” of %(record)s cannot be changed any more: it belongs "
                    "to the file.",
                    field=listed(self.env.lang, labels),
                    record=listed(self.env.lang, locked.mapped("display_name")),
                )
            )
