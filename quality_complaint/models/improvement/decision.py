from odoo import api, fields, models
from odoo.exceptions import UserError

from .problem import USERS


class QualityComplaintDecision(models.AbstractModel):
    """A case that was looked at, and what is decided about it: followed like the answer
    to any problem.

    Models that inherit have `company_id`, and name in `_held_in` the field of the
    meeting or inspection, whose lines they are.
    """

    _name = "quality.complaint.decision"
    _description = "Decision on a Case"
    _inherit = ["quality.complaint.guarded"]

    # the field of the record that holds the cases and has a `state`
    _held_in = None

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    decision = fields.Text(
        help="What is to be done; it becomes a problem with an action."
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one("res.users", "Owner", domain="[('share', '=', False)]")
    due_on = fields.Date("Due")
    problem_id = fields.Many2one(
        "quality.complaint.problem", readonly=True, copy=False, guarded=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_not_held()
        return lines

    def write(self, vals):
        self._lock_fields(
            vals,
            self._fields.keys() - {"problem_id"},
            self.filtered(lambda line: line[self._held_in].state == "done"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_before_it_is_held(self):
        self._check_not_held()

    def _check_not_held(self):
        for line in self:
            held = line[self._held_in]
            if held.state == "done":
                raise UserError(
                    self.env._("%s is finished: its cases stay.", held.name)
                )

    def _missing(self):
        """:return: list of str: what has to be said of this case"""
        return self._missing_of_decision()

    def _missing_of_all(self):
        """:return: list of str: each case that lacks something, and what; or that no
        case is there
        """
        if not self:
            return [self.env._("no case was looked at")]
        return [
            self.env._(
                "%(case)s: %(what)s",
                case=line.complaint_id.display_name,
                what=", ".join(missing),
            )
            for line in self
            if (missing := line._missing())
        ]

    def _missing_of_decision(self):
        """:return: labels of what a decision lacks"""
        self.ensure_one()
        if self._is_blank("decision"):
            return []
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("department_id", "user_id", "due_on")
            if not self[name]
        ]
        if self.user_id and not self.user_id.has_group(USERS):
            missing.append(self.env._("an owner with access to Complaints"))
        return missing

    def _follow_up(self, why):
        """Make the decision a problem with an action of its owner.

        :param str why: what was found
        """
        self.ensure_one()
        if self._is_blank("decision"):
            return
        complaint = self.complaint_id
        what = self.decision.strip().splitlines()[0][:120]
        problem = self.env["quality.complaint.problem"].create(
            {
                "name": f"{complaint.name}: {what}",
                "company_id": self.company_id.id,
                "complaint_id": complaint.id,
                "product_id": complaint.product_id.id,
                "defect_id": complaint.defect_id.id,
                "answer": why,
                "measure": self.decision,
                "department_id": self.department_id.id,
                "user_id": self.user_id.id,
                "due_on": self.due_on,
            }
        )
        problem._start()
        self._advance({"problem_id": problem.id})
