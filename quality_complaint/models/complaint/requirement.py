from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools import Missing

# more would drown whoever registers a complaint in a shop
MOST_AT_REGISTRATION = 4

# fields of the complaint a policy may ask for
COMPLAINT_FIELDS = (
    "partner_id",
    "complainant",
    "email",
    "phone",
    "contact_name",
    "address",
    "fax",
    "customer_ref",
    "customer_due_on",
    "description",
    "usage_scene",
    "found_at",
    "loss_amount",
    "demand",
    "demand_note",
    "place",
    "background",
    "improvement_proposal",
    "department_id",
    "attachment_ids",
    "serious_event_note",
    "validity_reason",
    "explanation",
    "root_cause",
    "escape_cause",
    "responsible_evidence",
    "risk_input",
    "design_input",
    "review_input",
    "authority_answered",
    "first_assessment",
    "meeting_minutes",
    "internal_check",
    "recall_id",
)
# what a batch case decides for the complaints in it: asked of it as well
CASE_FIELDS = (
    "validity_reason",
    "explanation",
    "root_cause",
    "escape_cause",
    "responsible_evidence",
    "first_assessment",
    "meeting_minutes",
    "internal_check",
    "investigation.proposal",
    "recall_id",
)
# of these: papers of goods that were sold
PAPERS = ("picking_id", "sale_id", "invoice_id")
# measures that hold for now, and those that last
MEASURES = {
    "temporary": ("containment",),
    "permanent": ("corrective", "preventive"),
}
# fields of every line
LINE_FIELDS = (
    "product_id",
    "lot_id",
    "defect_id",
    "note",
    "picking_id",
    "sale_id",
    "invoice_id",
    "confirmed_quantity",
)


class QualityComplaintRequirement(models.Model):
    """A field that must be filled in before a complaint goes on (R7: the fields of the
    report by ISO 13485, 8.2.2).
    """

    _name = "quality.complaint.requirement"
    _description = "Required Field"
    _inherit = ["quality.complaint.condition", "quality.complaint.policy.part"]
    _order = "policy_id, before, id"

    field_name = fields.Selection("_selection_field_name", "Field", required=True)
    before = fields.Selection(
        [
            ("register", "Registering"),
            ("conclude", "Concluding"),
            ("plan", "Submitting the plan"),
            ("reply", "Replying"),
            ("close", "Closing"),
            ("nothing", "Nothing: only offered"),
        ],
        required=True,
        default="conclude",
    )

    @api.model
    def _selection_field_name(self):
        complaint, line = (
            self.env["quality.complaint"],
            self.env["quality.complaint.line"],
        )
        return [
            *(
                (name, complaint._fields[name]._description_string(self.env))
                for name in COMPLAINT_FIELDS
            ),
            (
                "action",
                self.env._("Action (correction, corrective or preventive)"),
            ),
            (
                "action.department_id",
                self.env._("Action of a department that puts it right"),
            ),
            (
                "action.every",
                self.env._("Department and due date of every action"),
            ),
            ("action.temporary", self.env._("Temporary measure (containment)")),
            (
                "action.permanent",
                self.env._("Permanent measure (corrective or preventive action)"),
            ),
            ("remedy.department_id", self.env._("Department of every remedy")),
            ("remedy.due_on", self.env._("Due date of every remedy")),
            ("investigation.proposal", self.env._("Proposal of the Investigation")),
            *(
                (
                    f"investigation.{method}",
                    self.env._("A finished investigation: %s", name),
                )
                for method, name in self.env["quality.complaint.investigation"]
                ._fields["method"]
                ._description_selection(self.env)
            ),
            *(
                (
                    f"line.{name}",
                    self.env._(
                        "%s of every line",
                        line._fields[name]._description_string(self.env),
                    ),
                )
                for name in LINE_FIELDS
            ),
        ]

    @api.depends("field_name", "before", "condition_text")
    def _compute_display_name(self):
        names = dict(self._selection_field_name())
        for row in self:
            row.display_name = " · ".join(
                filter(None, (names.get(row.field_name), row.condition_text))
            )

    @api.constrains("before", "policy_id")
    def _check_few_at_registration(self):
        for policy in self.policy_id:
            rows = policy.requirement_ids.filtered(lambda row: row.before == "register")
            names = set(rows.mapped("field_name"))
            if len(names) > MOST_AT_REGISTRATION:
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” asks for %(count)s fields before registering; at "
                        "most %(most)s are possible, so that a complaint is registered "
                        "in a minute. Ask for the others before concluding.",
                        policy=policy.name,
                        count=len(names),
                        most=MOST_AT_REGISTRATION,
                    )
                )

    def _missing(self, complaint, facts=None):
        """Names of required fields that are empty.

        :param complaint: a `quality.complaint`, in superuser mode
        :param facts: a `Facts` to go by instead of the complaint's own
        :return: list of `Missing`
        """
        facts = facts or complaint._facts()
        missing = []
        names = dict(self._selection_field_name())
        for row in self.filtered(lambda row: row._holds(facts)):
            if row._is_given(complaint):
                continue
            name = row._of_every_action(complaint) or names[row.field_name]
            if name not in missing:
                missing.append(Missing(name, row._form_field()))
        return missing

    def _of_every_action(self, complaint):
        """Which of the two that are asked of every action is missing; empty for both,
        and for other fields.
        """
        if self.field_name != "action.every":
            return ""
        actions = complaint._measures()
        if not any(action._is_blank("department_id") for action in actions):
            return self.env._("Due date of every action")
        if not any(action._is_blank("due_on") for action in actions):
            return self.env._("Department of every action")
        return ""

    def _form_field(self):
        """Name of the complaint's field in which it is entered."""
        kind, _dot, name = self.field_name.rpartition(".")
        lists = {
            "line": "line_ids",
            "investigation": "investigation_ids",
            "action": "action_ids",
            "remedy": "remedy_ids",
        }
        return lists.get(kind) or ("action_ids" if name == "action" else name)

    def _is_given(self, complaint):
        """Whether the complaint, its lines, its measures or its investigations have
        what is asked for.
        """
        self.ensure_one()
        kind, _dot, name = self.field_name.rpartition(".")
        if kind == "line" and name in PAPERS:
            # only goods have papers; what is not in the system is written down
            return not any(
                line._is_blank(name) and line._is_blank("order_as_told")
                for line in complaint.line_ids.filtered("product_id")
            )
        if kind == "line":
            return bool(complaint.line_ids) and not any(
                line._is_blank(name) for line in complaint.line_ids
            )
        if kind == "remedy":
            # of a plan what is submitted; goods asked back before are no part of it
            remedies = (
                complaint._planned_remedies()
                if self.before == "plan"
                else complaint.remedy_ids.filtered(
                    lambda remedy: remedy.state not in ("refused", "cancelled")
                )
            )
            return not any(remedy._is_blank(name) for remedy in remedies)
        if kind == "investigation":
            return complaint._was_investigated(name)
        if kind == "action" and name in MEASURES:
            return any(
                row.kind in MEASURES[name]
                for row in complaint._measures(also_for_now=True)
            )
        if kind == "action" and name == "every":
            return not any(
                row._is_blank("department_id") or row._is_blank("due_on")
                for row in complaint._measures()
            )
        if kind == "action":
            return any(not row._is_blank(name) for row in complaint._measures())
        if name == "action":
            return bool(complaint._measures())
        if name == "recall_id":
            # decided either way; of the case, where there is one
            return bool(complaint.recall_id or complaint.parent_id.recall_id)
        if name == "contact_name":
            # who complains themselves is whom to speak to
            return bool(complaint.contact_name or complaint.complainant)
        return not complaint._is_blank(name)


class QualityComplaintPolicy(models.Model):
    _inherit = "quality.complaint.policy"

    @ormcache("self.id")
    def _asked_fields(self):
        """Names of all fields of the complaint it asks for, at some time or in some
        case, between blanks.
        """
        return " ".join(sorted(set(self.requirement_ids.mapped("field_name"))))


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def _missing_fields(self, before):
        """What the policy wants filled in.

        :param str before: `register`, `conclude`, `plan`, `reply` or `close`
        :return: list of translated names
        """
        self.ensure_one()
        complaint = self.sudo()  # sudo: the policy asks whatever the reader may see
        rows = complaint.policy_id.requirement_ids.filtered(
            lambda row: row.before == before
        )
        if complaint.is_batch:
            rows = rows.filtered(lambda row: row.field_name in CASE_FIELDS)
        if not rows or not complaint.type_id.uses_severity:
            return []
        missing = rows._missing(complaint)
        if before == "conclude" and complaint.validity == "unknown":
            missing += complaint._missing_if_valid(rows, missing)
        return missing

    def _missing_if_valid(self, rows, known):
        """What else is asked for if the complaint turns out valid: said before somebody
        decides, not afterwards.

        :param rows: `quality.complaint.requirement`
        :param list known: what is missing anyway
        """
        self.ensure_one()
        if_valid = replace(self._facts(), conclusions={"valid", "ours"})
        return [
            Missing(self.env._("%s (if the complaint is valid)", name), name.field)
            for name in rows._missing(self, if_valid)
            if name not in known
        ]

    def _measures(self, also_for_now=False):
        """What is done against the trouble and was not given up: own actions, and those
        of the 8D report; containment only stops the damage.

        :param bool also_for_now: containment as well
        """
        self.ensure_one()
        actions = (
            self.action_ids | self.eight_d_id.action_ids | self.parent_id.action_ids
        )
        return actions.filtered(
            lambda action: (
                action.state != "cancelled"
                and (also_for_now or action.kind != "containment")
            )
        )

    def _was_investigated(self, what):
        """Whether a finished investigation of this round, or of its batch case, says
        what is asked for.

        :param str what: `proposal`, or a method; nothing is asked of what is not
            investigated
        """
        self.ensure_one()
        if self._is_not_investigated() or self.parent_id._is_investigated_by_nobody():
            return True
        own = self.investigation_ids.filtered(lambda row: row.round == self.round)
        finished = (own | self.parent_id.investigation_ids).filtered("done_on")
        if what == "proposal":
            return any(not row._is_blank("proposal") for row in finished)
        return what in finished.mapped("method")

    def _is_investigated_by_nobody(self):
        """Whether somebody decided so for this batch case; an empty recordset is no
        such case.
        """
        return bool(self) and self._is_not_investigated()
