from math import isclose

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import (
    AmbiguousNumber,
    NotANumber,
    measured_values,
    written_value,
    written_values,
)

# two numbers are the same when they differ by less than this share: what units leave
# over when they are converted
TOLERANCE = 1e-9


class QualityComplaintMeasurement(models.Model):
    """A characteristic with what is required of it, what was measured, and whether that
    passes.

    Limits are part of what is allowed. Values measured in another unit than the
    requirement's are converted before they are compared.
    """

    _name = "quality.complaint.measurement"
    _description = "Measured Value"
    _inherit = ["quality.complaint.investigation.part"]
    _order = "investigation_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Characteristic", required=True)
    standard = fields.Char(
        "Standard and Method", help="By which standard, with which instrument."
    )
    requirement = fields.Selection(
        [
            ("between", "Between"),
            ("at_least", "At least"),
            ("at_most", "At most"),
            ("judged", "Judged by eye or hand"),
        ],
        required=True,
        default="between",
    )
    lower = fields.Float("From", digits=(16, 9))
    upper = fields.Float("To", digits=(16, 9))
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    unit_name = fields.Char(
        "Other Unit",
        help="A unit that is not among the units of measure: MPa, HV, %, °C …",
    )
    wanted = fields.Char(
        "What Is Required",
        help="What is required of a characteristic that is judged: “no scratches”.",
    )
    measured = fields.Char(
        "Measured Values",
        help="One or several, between semicolons or blanks: 12.1; 12.3; 11.9",
    )
    value_uom_id = fields.Many2one(
        "uom.uom",
        "Measured In",
        compute="_compute_value_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    judged = fields.Selection([("pass", "Passes"), ("fail", "Fails")], "Judgement")
    verdict = fields.Selection(
        [("open", "Not judged"), ("pass", "Passes"), ("fail", "Fails")],
        "Outcome",
        compute="_compute_verdict",
        store=True,
        help="From the values and the limits.",
    )
    requirement_text = fields.Char(
        "Requirement in Words", compute="_compute_requirement_text"
    )
    value_text = fields.Char("Found", compute="_compute_requirement_text")
    note = fields.Char()

    @api.depends("uom_id")
    def _compute_value_uom_id(self):
        for row in self:
            if (
                not row.value_uom_id
                or not row.uom_id
                or not row.value_uom_id._has_common_reference(row.uom_id)
            ):
                row.value_uom_id = row.uom_id

    @api.depends(
        "requirement", "lower", "upper", "uom_id", "value_uom_id", "measured", "judged"
    )
    def _compute_verdict(self):
        for row in self:
            if row.requirement == "judged":
                row.verdict = row.judged or "open"
            else:
                values = row._values()
                row.verdict = (
                    ("pass" if all(map(row._is_allowed, values)) else "fail")
                    if values
                    else "open"
                )

    @api.depends(
        "requirement",
        "lower",
        "upper",
        "uom_id",
        "unit_name",
        "wanted",
        "measured",
        "value_uom_id",
        "judged",
    )
    @api.depends_context("lang")
    def _compute_requirement_text(self):
        for row in self:
            unit = row.uom_id.name or row.unit_name or ""
            lower, upper = written_value(row.lower), written_value(row.upper)
            text = {
                "between": f"{lower} – {upper}",
                "at_least": f"≥ {lower}",
                "at_most": f"≤ {upper}",
            }.get(row.requirement)
            row.requirement_text = f"{text} {unit}".strip() if text else row.wanted
            found = (
                f"{row.measured} {row.value_uom_id.name or row.unit_name or ''}".strip()
                if row.measured
                else ""
            )
            row.value_text = found or dict(
                self._fields["judged"]._description_selection(self.env)
            ).get(row.judged, "")

    def _values(self):
        """Measured values in the unit of the requirement.

        :return: list of float
        """
        self.ensure_one()
        try:
            values = measured_values(self.measured)
        except ValueError:  # still being typed; refused when it is saved
            return []
        if (
            self.uom_id
            and self.value_uom_id
            and self.uom_id != self.value_uom_id
            and self.uom_id._has_common_reference(self.value_uom_id)
        ):
            return [
                self.value_uom_id._compute_quantity(value, self.uom_id, round=False)
                for value in values
            ]
        return values

    def _is_allowed(self, value):
        low = (
            self.requirement in ("between", "at_least")
            and value < self.lower
            and not isclose(value, self.lower, rel_tol=TOLERANCE)
        )
        high = (
            self.requirement in ("between", "at_most")
            and value > self.upper
            and not isclose(value, self.upper, rel_tol=TOLERANCE)
        )
        return not low and not high

    @api.constrains("requirement", "lower", "upper")
    def _check_limits(self):
        for row in self:
            if row.requirement == "between" and row.lower > row.upper:
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: the lower limit %(lower).12g is above the upper "
                        "limit %(upper).12g.",
                        name=row.name,
                        lower=row.lower,
                        upper=row.upper,
                    )
                )

    @api.constrains("uom_id", "value_uom_id")
    def _check_units(self):
        for row in self:
            if row.value_uom_id and not row.uom_id:
                raise ValidationError(
                    self.env._("“%s”: say in which unit the limits are.", row.name)
                )
            if (
                row.uom_id
                and row.value_uom_id
                and not row.uom_id._has_common_reference(row.value_uom_id)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: values in %(measured)s cannot be compared with "
                        "limits in %(required)s.",
                        name=row.name,
                        measured=row.value_uom_id.name,
                        required=row.uom_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_values(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_values(vals))

    @api.model
    def _with_values(self, vals):
        """The values of a `write` with the measured values in one way of writing.

        :raise ValidationError: something in them is no number, or may mean two numbers
        """
        if not vals.get("measured"):
            return vals
        point = (
            self.env["res.lang"]
            ._get_data(code=self.env.user.lang or "en_US")
            .decimal_point
            or "."
        )
        try:
            return {
                **vals,
                "measured": written_values(measured_values(vals["measured"], point)),
            }
        except AmbiguousNumber as error:
            raise ValidationError(
                self.env._(
                    "“%s” may mean two numbers. Write the decimal sign as a point, "
                    "and no sign between thousands.",
                    error.args[0],
                )
            ) from error
        except NotANumber as error:
            raise ValidationError(
                self.env._(
                    "“%s” is no number. Write measured values like this: 12.1; 12.3; "
                    "11.9",
                    error.args[0],
                )
            ) from error
