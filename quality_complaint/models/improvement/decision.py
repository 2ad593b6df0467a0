from odoo import fields, models

from .problem import USERS


class QualityComplaintDecision(models.AbstractModel):
    """A case that was looked at, and what is decided about it: followed like the answer
    to any problem.

    Models that inherit have `complaint_id` and `company_id`.
    """

    _name = "quality.complaint.decision"
    _description = "Decision on a Case"

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

    def _valid_field_parameter(self, field, name):
        # as in `quality.complaint.guarded`
        return name == "guarded" or super()._valid_field_parameter(field, name)

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
