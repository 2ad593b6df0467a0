from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed
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
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    product_id = fields.Many2one(related="complaint_id.product_id")
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
                what=listed(self.env.lang, missing),
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

    def _found(self):
        """:return: what was found about the case"""
        raise NotImplementedError

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


class QualityComplaintLookBack(models.AbstractModel):
    """A meeting or inspection that looks back at cases, whose decisions are followed.

    Models that inherit have `line_ids`, which are decisions, and a `state` that ends
    with `done`.
    """

    _name = "quality.complaint.look.back"
    _description = "Look Back at Cases"
    _inherit = ["quality.complaint.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    policy_id = fields.Many2one(related="company_id.complaint_policy_id")
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    user_id = fields.Many2one(
        "res.users",
        "Led By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )

    # fields that stay as they are when it is over
    _kept_when_done = ("date", "user_id", "line_ids")

    def write(self, vals):
        self._lock_fields(
            vals,
            set(self._kept_when_done),
            self.filtered(lambda row: row.state == "done"),
        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        self._check_open()

    def _check_open(self):
        for row in self:
            if row.state == "done":
                raise UserError(self.env._("%s is finished and stays.", row.name))

    def action_done(self):
        """It is over: every case was talked about, every decision has its owner and
        date; decisions become problems with an action.
        """
        for row in self:
            row.check_access("write")
            row._check_open()
            missing = row.line_ids._missing_of_all()
            if missing:
                raise UserError(
                    self.env._(
                        "%(review)s cannot be finished:\n%(missing)s",
                        review=row.name,
                        missing="\n".join(missing),
                    )
                )
            for line in row.line_ids:
                line._follow_up(line._found())
            row._advance({"state": "done"})
            row.activity_ids.action_done()
