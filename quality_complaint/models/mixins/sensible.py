import math
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools import listed

# no complaint, remedy or policy has figures or dates beyond these
MOST = 10**12
MOST_COUNTED = 10**9
# sums over many of them
MOST_SUMMED = 10**18
YEARS = range(1900, 2200)
# what no database stores
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class QualityComplaintSensible(models.AbstractModel):
    """Figures, dates and texts that make sense, and companies one works in: checked
    here for every field of every model of ours,
    whichever interface brings the value.

    Every model of ours has this, most by way of `quality.complaint.guarded`.
    """

    _name = "quality.complaint.sensible"
    _description = "Sensible Values"

    @api.model
    def _valid_field_parameter(self, field, name):
        # `most`: the largest number a field takes, e.g. of days that dates are computed
        # with
        return name == "most" or super()._valid_field_parameter(field, name)

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        for vals in vals_list:
            self._check_sensible({**defaults, **vals})
            self._check_own_company({**defaults, **vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_sensible(vals)
        self._check_own_company(vals)
        return super().write(vals)

    def _check_own_company(self, vals):
        """
        :raise AccessError: a record would go to a company this person does not work in
        """
        field = self._fields.get("company_id")
        company = field and not field.related and vals.get("company_id")
        if company and not self.env.su and company not in self.env.user.company_ids.ids:
            # sudo: the name of the company they asked for
            name = (
                self.env["res.company"].sudo().browse(company).exists().name or company
            )
            raise AccessError(
                self.env._(
                    "You do not work in %(company)s: %(what)s cannot belong to it.",
                    company=name,
                    what=self._description,
                )
            )

    def _check_sensible(self, vals):
        """
        :param dict vals: of a `create` or `write`
        :raise ValidationError: a number, date or text that makes no sense, whatever it
            was meant to be
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            # False and None are empty; 0 is a number
            if field is None or value is None or value is False:
                continue
            problem = self._senseless(field, value)
            if problem:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” of %(record)s: %(problem)s",
                        field=field._description_string(self.env),
                        record=listed(self.env.lang, self.mapped("display_name"))
                        or self._description,
                        problem=problem,
                    )
                )

    def _senseless(self, field, value):
        """:return: what is wrong with a value, in words; nothing when it makes sense"""
        if field.type in ("float", "monetary", "integer"):
            return self._senseless_number(
                value,
                getattr(
                    field, "most", MOST_COUNTED if field.type == "integer" else MOST
                ),
            )
        if field.type in ("date", "datetime"):
            return self._senseless_date(field, value)
        if (
            field.type in ("char", "text", "html")
            and isinstance(value, str)
            and UNSTORABLE.search(value)
        ):
            return self.env._(
                "the text has characters that cannot be stored. Type it anew."
            )
        if field.type in ("properties", "json"):
            return next(
                filter(None, map(self._senseless_part, self._parts(value))), None
            )
        return None

    def _senseless_number(self, value, most):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number) and abs(number) <= most:
            return None
        shown = str(value)[:30]
        return self.env._(
            "%(value)s is no number that makes sense here. Enter one of at most "
            "%(most)s.",
            value=shown,
            most=f"{most:,}",
        )

    def _senseless_date(self, field, value):
        try:
            moment = (
                fields.Datetime.to_datetime(value)
                if field.type == "datetime"
                else fields.Date.to_date(value)
            )
        except (TypeError, ValueError, OverflowError):
            moment = None
        if moment and moment.year in YEARS:
            return None
        return self.env._(
            "%(value)s is no date that makes sense here. Enter one between %(first)s "
            "and %(last)s.",
            value=str(value)[:30],
            first=YEARS[0],
            last=YEARS[-1],
        )

    def _senseless_part(self, value):
        """As `_senseless`, for one value inside of a field of the trade or stored
        figures.
        """
        if isinstance(value, float) or (
            isinstance(value, int) and not isinstance(value, bool)
        ):
            return self._senseless_number(value, MOST)
        if isinstance(value, str) and UNSTORABLE.search(value):
            return self.env._(
                "the text has characters that cannot be stored. Type it anew."
            )
        return None

    def _parts(self, value):
        """The single values of nested dicts and lists."""
        if isinstance(value, dict):
            value = [*value.keys(), *value.values()]
        if isinstance(value, (list, tuple)):
            for part in value:
                yield from self._parts(part)
        else:
            yield value
