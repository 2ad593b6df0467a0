from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class QualityComplaintRevisit(models.Model):
    """Contact with the customer afterwards: is he satisfied?"""

    _name = "quality.complaint.revisit"
    _description = "Customer Revisit"
    _inherit = ["quality.complaint.guarded", "mail.thread"]
    _order = "planned_on, id"
    _guarded = frozenset({"state", "result", "done_on", "attempts"})
    _fixed = frozenset({"complaint_id", "round"})

    complaint_id = fields.Many2one("quality.complaint", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer", store=True)
    phone = fields.Char(related="complaint_id.phone")
    product_id = fields.Many2one(related="complaint_id.product_id")
    round = fields.Integer(default=1, readonly=True)
    user_id = fields.Many2one("res.users", "Visitor", domain="[('share', '=', False)]", index=True)
    planned_on = fields.Date(default=fields.Date.context_today, required=True, index=True)
    done_on = fields.Datetime(readonly=True, copy=False)
    method = fields.Selection([("phone", "Phone"), ("visit", "Visit"), ("online", "Online")], default="phone", required=True)
    attempts = fields.Integer(readonly=True, copy=False, help="How often the customer was tried without reaching him.")
    score = fields.Float(aggregator="avg", help="Overall satisfaction, 0 to 100.")
    score_speed = fields.Selection("_selection_dimension", "Speed of Response")
    score_attitude = fields.Selection("_selection_dimension", "Attitude")
    score_competence = fields.Selection("_selection_dimension", "Competence")
    score_result = fields.Selection("_selection_dimension", "Result of Handling")
    comment = fields.Text("What the Customer Says")
    measures = fields.Text("Reason and Measures", help="If not satisfied: why, and what we do about it.")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")], "Status", default="planned", required=True, readonly=True
    )
    result = fields.Selection(
        [("satisfied", "Satisfied"), ("unsatisfied", "Not satisfied"), ("not_reached", "Not reached")], readonly=True, copy=False
    )
    threshold = fields.Float(related="complaint_id.policy_id.satisfaction_threshold")

    _score_range = models.Constraint("CHECK (score >= 0 AND score <= 100)", "The score must be between 0 and 100.")

    @api.model
    def _selection_dimension(self):
        """Five grades, best first on the paper forms as well."""
        return [
            ("5", self.env._("5 – very good")),
            ("4", self.env._("4 – good")),
            ("3", self.env._("3 – fair")),
            ("2", self.env._("2 – poor")),
            ("1", self.env._("1 – very poor")),
        ]

    @api.depends("complaint_id.name", "planned_on")
    def _compute_display_name(self):
        for revisit in self:
            revisit.display_name = self.env._("Revisit %s", revisit.complaint_id.display_name)

    @api.constrains("complaint_id")
    def _check_complaint(self):
        for revisit in self:
            if revisit.complaint_id.state == "new":
                raise ValidationError(self.env._("Register the complaint before planning a revisit."))

    def write(self, vals):
        self._lock_fields(vals, {"score", "measures", "comment"}, self.filtered(lambda revisit: revisit.state == "done"))
        return super().write(vals)

    def action_done(self):
        """Record the talk: at or above the policy's threshold satisfied; below it the complaint reopens."""
        self.check_access("write")
        for revisit in self:
            revisit._check_planned()
            complaint = revisit.complaint_id
            satisfied = revisit.score >= complaint.policy_id.satisfaction_threshold
            if not satisfied and not revisit.measures:
                raise UserError(
                    self.env._(
                        "A score of %(score)g is below %(threshold)g: write down the reason and the measures first.",
                        score=revisit.score, threshold=complaint.policy_id.satisfaction_threshold,
                    )
                )
            revisit._advance({"state": "done", "result": "satisfied" if satisfied else "unsatisfied", "done_on": fields.Datetime.now()})
            complaint._reach("revisited", on=revisit.done_on, source=revisit)
            if not satisfied and complaint.state in ("replied", "closed"):
                complaint.action_reopen(self.env._("Not satisfied (score %(score)g): %(measures)s", score=revisit.score, measures=revisit.measures))
        return True

    def action_not_reached(self):
        """One more attempt without success; after as many as the policy says the revisit is over."""
        self.check_access("write")
        for revisit in self:
            revisit._check_planned()
            revisit._advance({"attempts": revisit.attempts + 1})
            limit = revisit.complaint_id.policy_id.revisit_attempts
            if revisit.attempts >= limit:
                revisit._advance({"state": "done", "result": "not_reached", "done_on": fields.Datetime.now()})
                revisit.complaint_id._reach("revisited", on=revisit.done_on, source=revisit)
            else:
                revisit.planned_on = fields.Date.add(fields.Date.context_today(revisit), days=1)
            revisit.complaint_id.message_post(
                body=self.env._("Customer not reached (attempt %(attempt)s of %(limit)s).", attempt=revisit.attempts, limit=limit)
            )
        return True

    def _check_planned(self):
        self.ensure_one()
        if self.state != "planned":
            raise UserError(self.env._("%s is finished already.", self.display_name))
        if self.complaint_id.state not in ("replied", "closed"):
            raise UserError(self.env._("%s: the customer has to be answered before he is revisited.", self.complaint_id.display_name))

    def _set_cancelled(self):
        self._advance({"state": "cancelled"})
