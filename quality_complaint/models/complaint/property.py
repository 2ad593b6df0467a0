import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QualityComplaintProperty(models.Model):
    """A field of the trade on the lines of complaints under a policy: chassis number,
    mileage, UDI …

    The rows make the definition of the lines' properties. Odoo does not translate
    labels of properties: shipped ones are in English and Chinese.
    """

    _name = "quality.complaint.property"
    _description = "Industry Field"
    _inherit = ["quality.complaint.policy.part"]
    _order = "policy_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Label", required=True)
    code = fields.Char(
        required=True,
        default=lambda self: self._default_code(),
        copy=True,
        help="Key under which the values are kept; never changes.",
    )
    kind = fields.Selection(
        [
            ("char", "Text"),
            ("integer", "Whole number"),
            ("float", "Number"),
            ("date", "Date"),
            ("boolean", "Yes or no"),
            ("selection", "Choice"),
        ],
        required=True,
        default="char",
    )
    choices = fields.Char(help="Between semicolons.")
    required = fields.Boolean("Needed Before Concluding")

    _code_uniq = models.Constraint(
        "UNIQUE (policy_id, code)", "The key of a field must be unique in its policy."
    )

    @api.model
    def _default_code(self):
        return f"field_{fields.Datetime.now():%Y%m%d%H%M%S%f}"

    @api.constrains("code")
    def _check_code(self):
        for row in self:
            if not re.fullmatch(r"[a-z0-9_]+", row.code):
                raise ValidationError(
                    self.env._(
                        "The key “%s” may have small letters, figures and underscores "
                        "only.",
                        row.code,
                    )
                )

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for row in self:
            if row.kind == "selection" and not row._choices():
                raise ValidationError(
                    self.env._("“%s”: write the choices, between semicolons.", row.name)
                )

    def _choices(self):
        return [
            choice.strip()
            for choice in re.split("[;；]", self.choices or "")
            if choice.strip()
        ]

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.policy_id._define_properties()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._define_properties()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies._define_properties()
        return result

    def _definition(self):
        self.ensure_one()
        definition = {"name": self.code, "string": self.name, "type": self.kind}
        if self.kind == "selection":
            definition["selection"] = [[choice, choice] for choice in self._choices()]
        return definition


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    property_ids = fields.One2many(
        "quality.complaint.property", "policy_id", "Industry Fields", copy=False
    )
    line_properties = fields.PropertiesDefinition(
        "Definition of the Industry Fields", copy=False
    )

    def _define_properties(self):
        for policy in self:
            policy.line_properties = [
                row._definition()
                for row in policy.property_ids.sorted(
                    lambda row: (row.sequence, row.id)
                )
            ]


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def _missing_properties(self):
        """Labels of the trade's fields that are needed and empty on a line.

        :return: list of str
        """
        self.ensure_one()
        needed = self.sudo().policy_id.property_ids.filtered(
            "required"
        )  # sudo: the policy asks whoever concludes
        if not needed or self.is_batch or not self.type_id.uses_severity:
            return []
        values = [
            {prop["name"]: prop.get("value") for prop in row["properties"]}
            for row in self.line_ids.read(["properties"])
        ] or [{}]
        return [
            row.name
            for row in needed
            if any(line.get(row.code) in (None, False, "") for line in values)
        ]
