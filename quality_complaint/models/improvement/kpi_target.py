from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .kpi import FACTORS

MOST_TARGET = 1e9
LIGHTS = [("green", "On target"), ("yellow", "Near target"), ("red", "Off target")]


class QualityComplaintKpiTarget(models.Model):
    """What an indicator should reach from a day on."""

    _name = "quality.complaint.kpi.target"
    _description = "KPI Target"
    _inherit = ["quality.complaint.guarded"]
    _order = "kpi_id, date_from desc, id desc"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one(
        "quality.complaint.kpi", "KPI", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        index="btree_not_null",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="cascade",
        help="Empty: of the company, and of departments that have none of their own.",
    )
    date_from = fields.Date(
        "Valid From",
        required=True,
        default=lambda self: self.env[
            "quality.complaint.analysis"
        ]._default_date_from(),
    )
    target = fields.Float(required=True, digits=(16, 2))
    tolerance = fields.Float(
        digits=(16, 2),
        help="Missed by no more than this: yellow instead of red.",
    )

    _once = models.UniqueIndex(
        "(kpi_id, company_id, date_from, coalesce(department_id, 0))",
        "A KPI has one target from a day on.",
    )

    @api.constrains("kpi_id", "department_id")
    def _check_department(self):
        for row in self:
            if row.department_id and row.kpi_id.code in row.kpi_id._of_company_alone():
                raise ValidationError(
                    self.env._(
                        "“%s” is measured for the company as a whole: leave the "
                        "department empty.",
                        row.kpi_id.name,
                    )
                )

    @api.constrains("target", "kpi_id")
    def _check_target(self):
        for row in self:
            most = 100.0 if row.kpi_id.unit in ("percent", "score") else MOST_TARGET
            if not 0 <= row.target <= most:
                raise ValidationError(
                    self.env._(
                        "The target of “%(kpi)s” lies between 0 and %(most)s.",
                        kpi=row.kpi_id.name,
                        most=f"{most:.12g}",
                    )
                )

    @api.constrains("tolerance")
    def _check_tolerance(self):
        for row in self:
            if row.tolerance < 0:
                raise ValidationError(
                    self.env._(
                        "The tolerance of “%s” cannot be negative.", row.kpi_id.name
                    )
                )

    @api.model
    def _in_force(self, company, day, department=None):
        """
        :param department: `quality.complaint.responsible` whose own targets come first
        :return: {kpi: its target in a company on a day}
        """
        rows = self.search(
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", day)
            & Domain(
                "department_id", "in", [False, *(department.ids if department else ())]
            ),
            order="date_from",
        )
        # the company's first: what is the department's own takes their place
        return {row.kpi_id: row for row in rows.sorted(lambda r: bool(r.department_id))}

    def _light(self, value):
        """
        :param float value: of the indicator
        :return: key of `LIGHTS`, or False without a target or value
        """
        if not self or value is None:
            return False
        short = (
            self.target - value if self.kpi_id.higher_is_better else value - self.target
        )
        # as it is shown: a difference nobody sees is none
        digits = FACTORS[self.kpi_id.unit][1]
        short = round(short, digits)
        if short <= 0:
            return "green"
        return "yellow" if short <= round(self.tolerance, digits) else "red"

    def _attained(self, value):
        """How much of the target is reached.

        :param float value: of the indicator
        :return: 0.0 to 1.0; 1.0 is on target, and None without a target or value
        """
        light = self._light(value)
        if not light:
            return None
        if light == "green":
            return 1.0
        reached, of = (
            (value, self.target)
            if self.kpi_id.higher_is_better
            else (self.target, value)
        )
        return max(reached / of, 0.0) if of else 0.0
