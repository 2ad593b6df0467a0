from odoo import api, fields, models

# fields of the complaint a policy may ask for
COMPLAINT_FIELDS = (
    "partner_id", "complainant", "email", "phone", "customer_ref", "customer_due_on", "description", "usage_scene", "found_at", "loss_amount", "demand",
    "attachment_ids", "serious_event_note", "validity_reason", "explanation", "root_cause", "escape_cause", "responsible_evidence", "risk_input",
    "design_input", "review_input", "authority_answered",
)
# fields of every line
LINE_FIELDS = ("product_id", "lot_id", "defect_id", "note", "picking_id", "sale_id", "invoice_id", "confirmed_quantity")


class QualityComplaintRequirement(models.Model):
    """A field that must be filled in before a complaint goes on (R7: the fields of the report by ISO 13485, 8.2.2)."""

    _name = "quality.complaint.requirement"
    _description = "Required Field"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, before, id"

    field_name = fields.Selection("_selection_field_name", "Field", required=True)
    before = fields.Selection([("register", "Registering"), ("conclude", "Concluding"), ("close", "Closing")], required=True, default="conclude")

    @api.model
    def _selection_field_name(self):
        complaint, line = self.env["quality.complaint"], self.env["quality.complaint.line"]
        return [
            *((name, complaint._fields[name]._description_string(self.env)) for name in COMPLAINT_FIELDS),
            *((f"line.{name}", self.env._("%s of every line", line._fields[name]._description_string(self.env))) for name in LINE_FIELDS),
        ]

    @api.depends("field_name", "before", "condition_text")
    def _compute_display_name(self):
        names = dict(self._selection_field_name())
        for row in self:
            row.display_name = " · ".join(filter(None, (names.get(row.field_name), row.condition_text)))

    def _missing(self, complaint):
        """Names of required fields that are empty.

        :param complaint: a `quality.complaint`, in superuser mode
        :return: list of str
        """
        facts = complaint._facts()
        missing = []
        names = dict(self._selection_field_name())
        for row in self.filtered(lambda row: row._holds(facts)):
            name = row.field_name.removeprefix("line.")
            if name == row.field_name:
                missing += [] if complaint[name] else [names[name]]
            elif not complaint.line_ids or not all(line[name] for line in complaint.line_ids):
                missing.append(names[row.field_name])
        return missing


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def _missing_fields(self, before):
        """What the policy wants filled in.

        :param str before: `register`, `conclude` or `close`
        :return: list of translated names
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: the policy asks whatever the reader may see
        rows = complaint.policy_id.requirement_ids.filtered(lambda row: row.before == before)
        return rows._missing(complaint) if rows and complaint.type_id.uses_severity and not complaint.is_batch else []
