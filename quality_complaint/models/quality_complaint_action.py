from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime


class QualityComplaintAction(models.Model):
    """Something to be done so that the trouble stops, or does not come back: containment, correction, corrective or preventive action.

    It is done with evidence, and its effect is verified by somebody else than its owner.
    """

    _name = "quality.complaint.action"
    _description = "Complaint Action"
    _inherit = ["quality.complaint.guarded", "quality.complaint.files", "quality.complaint.due", "mail.thread", "mail.activity.mixin"]
    _order = "due_on, id"
    _check_company_auto = True
    _guarded = frozenset(
        {
            "state", "start_on", "done_on", "done_by_id", "recorded_on", "warn_on", "missed_on", "notice_level", "next_notice_on", "notice_activity_ids",
            "extended_from", "extension_count", "effect", "verified_on", "verified_by_id", "cancel_reason",
        }
    )

    name = fields.Char("Action", required=True, tracking=True)
    kind = fields.Selection(
        [("containment", "Containment"), ("correction", "Correction"), ("corrective", "Corrective action"), ("preventive", "Preventive action")],
        required=True,
        default="corrective",
        tracking=True,
        help="Containment stops the damage, a correction repairs what is wrong, a corrective action removes the cause, a preventive one keeps it from "
        "arising elsewhere.",
    )
    complaint_id = fields.Many2one("quality.complaint", index="btree_not_null", check_company=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(related="complaint_id.product_id")
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    user_id = fields.Many2one("res.users", "Owner", domain="[('share', '=', False)]", default=lambda self: self.env.user, index=True, tracking=True)
    department_id = fields.Many2one("quality.complaint.responsible", domain="[('kind', '=', 'department')]", check_company=True, ondelete="restrict")
    due_on = fields.Datetime("Due", tracking=True)
    extended_from = fields.Datetime("First Due", readonly=True, copy=False, help="The date before the first extension.")
    extension_count = fields.Integer("Extensions", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "To do"), ("done", "Done"), ("effective", "Effective"), ("ineffective", "Not effective"), ("cancelled", "Given up")],
        "Status", default="open", required=True, readonly=True, copy=False, tracking=True, index=True, group_expand=True,
    )
    done_on = fields.Datetime(readonly=True, copy=False)
    recorded_on = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    evidence = fields.Text("What Was Done", copy=False, help="What was done, and what shows it: report, revision of a document, test, photo.")
    attachment_ids = fields.Many2many(
        "ir.attachment", "quality_complaint_action_attachment_rel", string="Evidence", copy=False, bypass_search_access=True
    )
    cost = fields.Monetary(copy=False, help="What it costs, in the company's currency.")
    effect = fields.Selection(
        [("effective", "Effective"), ("ineffective", "Not effective")], "Effectiveness", readonly=True, copy=False
    )
    effect_note = fields.Text("Verification", copy=False, help="How the effect was verified: figures, lots watched, audit.")
    verified_on = fields.Datetime(readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    cancel_reason = fields.Text("Why Given Up", readonly=True, copy=False)

    # === compute, constraints ===

    @api.depends("complaint_id.company_id")
    def _compute_company_id(self):
        for action in self:
            action.company_id = action.complaint_id.company_id or action.company_id or self.env.company

    @api.constrains("cost")
    def _check_cost(self):
        for action in self:
            if action.currency_id.compare_amounts(action.cost, 0.0) < 0:
                raise ValidationError(self.env._("The cost of “%s” cannot be negative.", action.name))

    @api.constrains("complaint_id")
    def _check_belongs(self):
        for action in self.filtered(lambda action: not action.complaint_id):
            raise ValidationError(self.env._("“%s” belongs to a complaint: choose one.", action.name))

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._advance({"start_on": fields.Datetime.now()})
        actions._check_belongs()  # also when no field of it was given
        actions._check_open_file()
        actions._schedule_notices()
        return actions

    def write(self, vals):
        finished = self.filtered(lambda action: action.state in ("effective", "ineffective", "cancelled"))
        self._lock_fields(vals, {"name", "kind", "user_id", "due_on", "evidence", "attachment_ids", "effect_note", "complaint_id"}, finished)
        done = self.filtered(lambda action: action.state == "done")
        self._lock_fields(vals, {"name", "kind", "user_id", "due_on", "evidence"}, done)
        if "due_on" in vals:
            self._check_due_moves(vals["due_on"])
        evidence = {action: action.attachment_ids for action in self if action.state != "open"} if "attachment_ids" in vals else {}
        result = super().write(vals)
        for action, files in evidence.items():
            if files - action.attachment_ids:  # evidence of what was done is only ever added to
                raise UserError(self.env._("“%s” is done: its evidence belongs to the file and cannot be taken away.", action.name))
        if "due_on" in vals or "user_id" in vals:
            self._advance({"notice_level": 0, "missed_on": False})
            self._end_notices()
            self._schedule_notices()
        return result

    def _check_due_moves(self, due_on):
        """A date somebody has to keep is moved later by an extension only, with its reason."""
        due_on = fields.Datetime.to_datetime(due_on)
        for action in self.filtered(lambda action: action.state == "open" and action.due_on):
            if not due_on or due_on > action.due_on:
                raise UserError(self.env._("“%s”: press “More time” and give the reason, then the date is moved.", action.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_untouched_only(self):
        for action in self:
            if action.state != "open" or action.extension_count:
                raise UserError(self.env._("“%s” belongs to the file and cannot be deleted. Give it up with a reason instead.", action.name))

    def _check_open_file(self):
        for action in self:
            if action.complaint_id.state in ("closed", "cancelled"):
                raise UserError(self.env._("%s is finished: nothing can be added to it. Reopen it first.", action.complaint_id.display_name))

    # === due mixin ===

    def _due_running(self):
        return self.filtered(lambda action: action.due_on and action.state == "open")

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("state", "=", "open")

    def _due_levels(self):
        """A day before and when it is due the owner, a day later the leader of the complaint's team."""
        leader = self.env.ref("quality_complaint.role_team_leader", raise_if_not_found=False) or self.env["quality.complaint.role"]
        return [*super()._due_levels(), (fields.Datetime.add(self.due_on, days=1), leader)]

    def _open_end(self):
        """What is left to do, in words; empty when nothing is. What only stops or repairs the damage needs no verification."""
        self.ensure_one()
        if self.state == "open":
            return self.env._("action “%s” (to be done)", self.name)
        if self.state == "done" and self.kind in ("corrective", "preventive"):
            return self.env._("action “%s” (effect to be verified)", self.name)
        if self.state == "ineffective" and self.kind in ("corrective", "preventive") and not self._is_replaced():
            return self.env._("action “%s” (not effective, and nothing else planned since)", self.name)
        return ""

    def _is_replaced(self):
        """Something else was planned after it turned out not to work."""
        later = self.complaint_id.action_ids.filtered(
            lambda action: action.id > self.id and action.kind == self.kind and action.state != "cancelled"
        )
        return bool(later)

    # === the flow ===

    def action_done(self):
        """Done, with what shows it."""
        self.check_access("write")
        now = fields.Datetime.now()
        for action in self:
            action._check_state("open")
            missing = [] if (action.evidence or "").strip() else [self.env._("what was done (“What Was Done”)")]
            missing += [] if action.user_id else [self.env._("the owner")]
            if missing:
                raise UserError(
                    self.env._("“%(action)s” cannot be set to done yet. Still missing: %(missing)s.", action=action.name, missing=", ".join(missing))
                )
            action._advance({"state": "done", "done_on": now, "recorded_on": now, "done_by_id": self.env.uid})
            action._end_notices()
            action._schedule_notices()
        return True

    def action_effective(self):
        """Verified by somebody else than the owner: it works."""
        return self._verify("effective")

    def action_ineffective(self):
        """Verified: it does not work; something else has to be done."""
        return self._verify("ineffective")

    def _verify(self, effect):
        self.check_access("write")
        for action in self:
            action._check_state("done")
            if not self.env.su and self.env.user in action.user_id | action.done_by_id:
                raise UserError(self.env._("Nobody verifies his own action: “%s” is verified by somebody else.", action.name))
            if not (action.effect_note or "").strip():
                raise UserError(self.env._("“%s”: write down how its effect was verified (“Verification”).", action.name))
            action._advance({"state": effect, "effect": effect, "verified_on": fields.Datetime.now(), "verified_by_id": self.env.uid})
        return True

    def action_reopen(self, reason):
        """It has to be done again: the trouble came back, or the evidence did not hold.

        :param str reason: mandatory
        """
        self.check_access("write")
        for action in self:
            action._check_state("done", "effective", "ineffective")
            action._check_reason(reason)
            action._advance(
                {
                    "state": "open", "done_on": False, "recorded_on": False, "done_by_id": False, "effect": False, "verified_on": False,
                    "verified_by_id": False,
                }
            )
            action.message_post(body=self.env._("To be done again: %s", reason))
            action._schedule_notices()
        return True

    def action_cancel(self, reason):
        """Give it up.

        :param str reason: mandatory
        """
        self.check_access("write")
        for action in self:
            action._check_state("open", "done")
            action._check_reason(reason)
            action._advance({"state": "cancelled", "cancel_reason": reason})
            action._end_notices()
            action._schedule_notices()
            action.message_post(body=self.env._("Given up: %s", reason))
        return True

    def action_extend(self, due_on, reason):
        """More time; the first date is kept.

        :param datetime due_on: naive UTC, later than now due
        :param str reason: mandatory
        """
        self.check_access("write")
        for action in self:
            action._check_state("open")
            action._check_reason(reason)
            if not due_on or (action.due_on and due_on <= action.due_on):
                raise UserError(self.env._("“%s”: the new date must be later than the one it has.", action.name))
            before = action.due_on
            action._advance(
                {
                    "due_on": due_on, "extended_from": action.extended_from or before, "extension_count": action.extension_count + 1, "notice_level": 0,
                    "missed_on": False,
                }
            )
            action._end_notices()
            action._schedule_notices()
            action.message_post(
                body=self.env._(
                    "More time, from %(old)s to %(new)s: %(reason)s",
                    old=format_datetime(self.env, before) if before else "–", new=format_datetime(self.env, due_on), reason=reason,
                )
            )
        return True

    def _check_state(self, *states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(self.env._("“%(action)s” is in status “%(state)s”: this step is not possible.", action=self.name, state=names[self.state]))

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("“%s”: give a reason.", self.name))

    def action_open_reason(self):
        """Ask for the reason of giving up, doing again or more time (`purpose` in the context)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "quality.complaint.action.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_id": self.id, "default_purpose": self.env.context.get("purpose", "extend")},
        }
