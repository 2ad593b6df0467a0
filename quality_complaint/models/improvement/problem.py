from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import listed

USERS = "quality_complaint.group_quality_complaint_user"
# what is answered before an analysis is submitted
ANSWER = ("answer", "measure", "department_id", "user_id", "due_on")


class QualityComplaintProblem(models.Model):
    """A common or frequent problem found by an analysis, and the answer to it:
    analysis, measure, department, owner, date (R1 §12, 000-F 3).

    Its measures start when the analysis is approved; they are actions like any other.
    """

    _name = "quality.complaint.problem"
    _description = "Complaint Problem"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.reachable",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id"
    _check_company_auto = True

    name = fields.Char("Problem", required=True)
    analysis_id = fields.Many2one(
        "quality.complaint.analysis",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        fixed=True,
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        "From Complaint",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        readonly=True,
        fixed=True,
        help="The case that was looked at.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    team_id = fields.Many2one(related="analysis_id.team_id")
    product_id = fields.Many2one("product.product", check_company=True, index=True)
    defect_id = fields.Many2one("quality.complaint.defect", index="btree_not_null")
    reason = fields.Text(
        "Why It Matters",
        readonly=True,
        help="Figures of the period it was proposed from.",
    )
    answer = fields.Text("Cause Analysis", help="Why it happens again and again.")
    measure = fields.Text(
        "Long-Term Measure", help="What is done about it in the long run."
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        domain="[('kind', '=', 'department')]",
        check_company=True,
        ondelete="restrict",
    )
    responsible_id = fields.Many2one(
        related="department_id", string="Responsible Party"
    )
    user_id = fields.Many2one("res.users", "Owner", domain="[('share', '=', False)]")
    due_on = fields.Date("Due")
    state = fields.Selection(
        [("draft", "Drafted"), ("open", "In work"), ("done", "Done")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        guarded=True,
    )
    action_ids = fields.One2many(
        "quality.complaint.action", "problem_id", "Actions", groups=USERS
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=USERS)

    @api.depends("analysis_id.company_id")
    def _compute_company_id(self):
        for problem in self:
            problem.company_id = (
                problem.analysis_id.company_id or problem.company_id or self.env.company
            )

    @api.depends("product_id", "defect_id", "analysis_id.date_from")
    def _compute_complaint_count(self):
        for problem in self:
            problem.complaint_count = self.env["quality.complaint"].search_count(
                problem._complaint_domain()
            )

    def _complaint_domain(self):
        """The complaints of the period it was proposed from."""
        self.ensure_one()
        if self.complaint_id:
            return [("id", "=", self.complaint_id.id)]
        team = self.team_id
        facts = self.env["quality.complaint.fact.line"].search(
            [
                *([("fact_id.team_id", "=", team.id)] if team else []),
                ("product_id", "=", self.product_id.id),
                ("defect_id", "=", self.defect_id.id),
                ("fact_id.company_id", "=", self.company_id.id),
                ("fact_id.counts", "=", True),
                *(
                    [
                        ("fact_id.received_day", ">=", self.analysis_id.date_from),
                        ("fact_id.received_day", "<=", self.analysis_id.date_to),
                    ]
                    if self.analysis_id
                    else []
                ),
            ]
        )
        return [("id", "in", facts.fact_id.complaint_id.ids)]

    def _missing(self):
        """:return: labels of what has to be written before it can be approved"""
        self.ensure_one()
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ANSWER
            if self._is_blank(name)
        ]
        if self.user_id and not self.user_id.has_group(USERS):
            missing.append(self.env._("an owner with access to Complaints"))
        return missing

    def _is_open_to_changes(self):
        """Until it is submitted, or started."""
        self.ensure_one()
        return self.state == "draft" and self.sudo().analysis_id.state in (
            "draft",
            False,
        )  # sudo: only its status

    def write(self, vals):
        self._lock_fields(
            vals,
            {*ANSWER, "name", "product_id", "defect_id", "company_id"},
            self.filtered(lambda problem: not problem._is_open_to_changes()),
        )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        problems = super().create(vals_list)
        for problem in problems:
            if problem.analysis_id.state not in ("draft", False):
                raise UserError(
                    self.env._(
                        "The analysis %s is submitted: take it back to add a problem.",
                        problem.analysis_id.name,
                    )
                )
        return problems

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed_only(self):
        for problem in self:
            if not problem._is_open_to_changes():
                raise UserError(
                    self.env._(
                        "“%s” belongs to an analysis that is submitted and stays.",
                        problem.name,
                    )
                )

    def _start(self):
        """Approved: the measure becomes an action of its owner.

        :raise UserError: something of the answer is missing
        """
        for problem in self.filtered(lambda row: row.state == "draft"):
            missing = problem._missing()
            if missing:
                raise UserError(
                    self.env._(
                        "“%(problem)s” lacks: %(fields)s.",
                        problem=problem.name,
                        fields=listed(self.env.lang, missing),
                    )
                )
            problem._advance({"state": "open"})
            # sudo: who approves need not be allowed to plan actions
            self.env["quality.complaint.action"].sudo().create(
                {
                    "problem_id": problem.id,
                    "name": problem.measure.strip().split("\n")[0][:200],
                    "kind": "preventive",
                    "department_id": problem.department_id.id,
                    "user_id": problem.user_id.id,
                    "due_on": problem.company_id._complaint_end_of_day(problem.due_on),
                }
            )

    def action_done(self):
        """All its actions are finished, and one at least was found effective."""
        for problem in self:
            problem.check_access("write")
            left = [
                end for end in (row._open_end() for row in problem.action_ids) if end
            ]
            if problem.state != "open":
                left = [self.env._("Its analysis is not approved, or it is done.")]
            elif not left and "effective" not in problem.action_ids.mapped("state"):
                left = [self.env._("No action of it was found effective.")]
            if left:
                raise UserError(
                    self.env._(
                        "“%(problem)s” is not done yet:\n%(left)s",
                        problem=problem.name,
                        left="\n".join(left),
                    )
                )
            problem._advance({"state": "done"})

    def action_open_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "quality_complaint.action_complaint"
        )
        return {**action, "domain": self._complaint_domain(), "context": {}}
