from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools import listed
from .limit import STEPS
from .part import ASPECTS

DOCUMENT_KINDS = ("pfmea", "control_plan", "instruction", "inspection")
# fields that belong to the file as soon as their step is done
STEP_FIELDS = {
    "D0": {"stop_ship", "stop_ship_note"},
    "D1": {"champion_id", "leader_id", "member_ids"},
    "D2": {
        "what",
        "where_found",
        "when_found",
        "who_found",
        "why_problem",
        "how_found",
        "how_many",
        "specification",
        "actual",
        "fault_rate",
        "attachment_ids",
        "isnot_ids",
    },
    "D3": {
        "containment_ids",
        "clean_lot_id",
        "clean_on",
        "clean_mark",
        "containment_note",
    },
    "D4": {"node_ids", "escape_point"},
    "D7": {"document_ids", "readacross_ids", "lessons"},
    "D8": {"thanks", "closure_criteria", "containment_ended_on"},
}
# of the whole report, as long as it is open
HEAD_FIELDS = {
    "subject",
    "kind",
    "variant_id",
    "product_id",
    "defect_id",
    "action_ids",
    "responsible_id",
    "reference_id",
}
HEAD_FIELDS |= {
    "component_id",
    "component_lot_id",
    "component_lot_name",
    "supplier_id",
    "supplier_code",
}
# of the customer's evaluation
HIGHEST_SCORE = 100
# comes when the customer has read the finished report
ACCEPTANCE = {
    "customer_accepted_on",
    "customer_accepted_by",
    "customer_score",
    "accepted_cost",
    "accepted_currency_id",
}


class Quality8d(models.Model):
    """An 8D report: from the team to the proof that the cause is gone, for one or
    several complaints.

    Steps are closed by their owners or the leader (`eight_d/step.py`); what a step
    needs is said by `eight_d/gates.py`
    and checked there, never in a view only. Sources: 8D method (VDA, Ford G8D), IATF
    16949 10.2.3 to 10.2.6.
    """

    _name = "quality.8d"
    _description = "8D Report"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.reachable",
        "quality.complaint.numbered",
        "quality.complaint.tables",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True

    name = fields.Char(
        "Report No.", readonly=True, copy=False, index="trigram", guarded=True
    )
    subject = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("customer", "Customer"), ("internal", "Internal"), ("supplier", "Supplier")],
        required=True,
        default="customer",
        help=(
            "Where the trouble showed: at a customer, in our own house, or in what a "
            "supplier sent."
        ),
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guarded=True,
    )
    cancel_reason = fields.Text(readonly=True, copy=False, guarded=True)
    started_on = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False, guarded=True
    )
    closed_on = fields.Datetime(readonly=True, copy=False, guarded=True)
    age = fields.Integer("Age (days)", compute="_compute_age")
    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="How often it was issued to a customer.",
        guarded=True,
    )
    complaint_ids = fields.One2many("quality.complaint", "eight_d_id", "Complaints")
    pick_complaint_ids = fields.Many2many(
        "quality.complaint",
        compute="_compute_pick_complaint_ids",
        inverse="_inverse_pick_complaint_ids",
        string="Complaints Covered",
        domain=(
            "[('company_id', '=', company_id), ('state', 'not in', ('new', "
            "'cancelled')), ('eight_d_id', '=', False)]"
        ),
    )
    complaint_count = fields.Integer(compute="_compute_counts")
    policy_id = fields.Many2one(
        "quality.complaint.policy",
        compute="_compute_policy_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    team_id = fields.Many2one(
        "quality.complaint.team",
        compute="_compute_policy_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    variant_id = fields.Many2one(
        "quality.8d.variant",
        "Time Limits Of",
        compute="_compute_variant_id",
        store=True,
        readonly=False,
        tracking=True,
        ondelete="restrict",
        help="The customer's own time limits; empty: those of the policy.",
    )
    customer_ids = fields.Many2many(
        "res.partner",
        compute="_compute_from_complaints",
        compute_sudo=True,
        string="Customers",
    )
    customer_names = fields.Char(
        "Customers Concerned", compute="_compute_from_complaints", compute_sudo=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_trouble",
        compute_sudo=True,
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    defect_id = fields.Many2one(
        "quality.complaint.defect",
        compute="_compute_trouble",
        compute_sudo=True,
        store=True,
        readonly=False,
        ondelete="restrict",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        compute="_compute_from_complaints",
        compute_sudo=True,
        string="Lots",
    )
    lot_names = fields.Char(
        "Lots Concerned", compute="_compute_from_complaints", compute_sudo=True
    )
    responsible_id = fields.Many2one(
        "quality.complaint.responsible",
        "Responsible Party",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    reference_id = fields.Many2one(
        "quality.8d",
        "Earlier Report",
        check_company=True,
        index="btree_not_null",
        help="An earlier 8D report of the same trouble.",
    )
    step_ids = fields.One2many("quality.8d.step", "eight_d_id", "Steps")
    current_step = fields.Selection(
        STEPS, "Step", compute="_compute_current_step", store=True
    )
    may_lead = fields.Boolean(compute="_compute_may_write")
    may_write = fields.Boolean(compute="_compute_may_write")
    closed_steps = fields.Char(
        compute="_compute_closed_steps",
        help="Codes of the steps that are closed, for the form.",
    )
    next_due_on = fields.Datetime(
        "Next Due", compute="_compute_current_step", store=True
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    worker_ids = fields.Many2many(
        "res.users",
        "quality_8d_worker_rel",
        compute="_compute_worker_ids",
        compute_sudo=True,
        store=True,
        string="Working on It",
        help="Champion, leader, team, and owners of steps and actions.",
    )
    editor_ids = fields.Many2many(
        "res.users",
        "quality_8d_editor_rel",
        compute="_compute_worker_ids",
        compute_sudo=True,
        store=True,
        string="Written By",
        help="Champion, leader, and members who may write.",
    )

    # --- D0
    stop_ship = fields.Selection(
        [("no", "Not needed"), ("yes", "Deliveries stopped")],
        "Stop of Deliveries",
        tracking=True,
        copy=False,
        help="“Deliveries stopped” puts the lots of the report on hold.",
    )
    stop_ship_note = fields.Char("Why, What and Since When", copy=False)
    # --- D1
    champion_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        tracking=True,
        ondelete="restrict",
        help="Clears the way and answers for the result.",
    )
    leader_id = fields.Many2one(
        "res.users",
        "Team Leader",
        domain="[('share', '=', False)]",
        tracking=True,
        index=True,
        ondelete="restrict",
    )
    led_by_ids = fields.Many2many(
        "res.users",
        "quality_8d_led_rel",
        string="Ever Led By",
        readonly=True,
        copy=False,
        guarded=True,
    )
    member_ids = fields.One2many("quality.8d.member", "eight_d_id", "Team Members")
    # --- D2
    what = fields.Text(help="Which object has which fault.")
    where_found = fields.Text("Where")
    when_found = fields.Text("When")
    who_found = fields.Text("Who")
    why_problem = fields.Text("Why It Is a Problem")
    how_found = fields.Text("How It Was Found")
    how_many = fields.Text()
    specification = fields.Text("Should Be")
    actual = fields.Text()
    fault_rate = fields.Char()
    isnot_ids = fields.One2many("quality.8d.isnot", "eight_d_id", "Is and Is Not")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_8d_attachment_rel",
        string="Photos",
        copy=False,
        bypass_search_access=True,
    )
    # --- D3
    containment_ids = fields.One2many("quality.8d.containment", "eight_d_id")
    clean_lot_id = fields.Many2one(
        "stock.lot",
        "Clean from Lot",
        check_company=True,
        ondelete="restrict",
        help="The clean point: the first lot that is free of the fault.",
    )
    clean_on = fields.Date("Clean from Date")
    clean_mark = fields.Char("Marking of Good Parts")
    containment_note = fields.Text("Effect of the Containment")
    # --- D4
    node_ids = fields.One2many("quality.complaint.cause.node", "eight_d_id", "Causes")
    escape_point = fields.Char(
        help="The first check that could have found it, and did not."
    )
    # --- D5, D6
    action_ids = fields.One2many("quality.complaint.action", "eight_d_id", "Actions")
    containment_action_ids = fields.One2many(
        "quality.complaint.action",
        "eight_d_id",
        "Containment Actions",
        domain=[("kind", "in", ("containment", "correction"))],
        readonly=True,
    )
    corrective_action_ids = fields.One2many(
        "quality.complaint.action",
        "eight_d_id",
        "Corrective Actions",
        domain=[("kind", "=", "corrective")],
        readonly=True,
    )
    preventive_action_ids = fields.One2many(
        "quality.complaint.action",
        "eight_d_id",
        "Preventive Actions",
        domain=[("kind", "=", "preventive")],
        readonly=True,
    )
    action_count = fields.Integer(compute="_compute_counts")
    # --- D7
    document_ids = fields.One2many("quality.8d.document", "eight_d_id", "Documents")
    readacross_ids = fields.One2many(
        "quality.8d.readacross", "eight_d_id", "Read-across"
    )
    lessons = fields.Text("Lessons Learned")
    # --- D8
    containment_ended_on = fields.Date("Containment Ended", copy=False)
    closure_criteria = fields.Char(
        help=(
            "When it counts as solved, e.g. three months or five lots without "
            "recurrence."
        )
    )
    thanks = fields.Text("Thanks to the Team", copy=False)
    customer_accepted_on = fields.Date("Accepted by the Customer", copy=False)
    customer_accepted_by = fields.Char("Accepted By", copy=False)
    customer_score = fields.Integer(
        "Evaluation Score",
        copy=False,
        help="How the customer rates the report, 1 to 100; 0: not rated.",
    )
    accepted_cost = fields.Monetary(
        "Cost Accepted",
        currency_field="accepted_currency_id",
        copy=False,
        help="What we take over of the customer's charges.",
    )
    accepted_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the Cost",
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
        copy=False,
    )
    override_ids = fields.One2many(
        "quality.8d.override", "eight_d_id", "Overrides", readonly=True
    )

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This report number exists already.",
    )
    _number_idx = models.Index(
        "(company_id, length(name), name) WHERE name IS NOT NULL"
    )
    _open_idx = models.Index(
        "(company_id, current_step, next_due_on) WHERE state = 'open'"
    )

    # === compute ===

    @api.depends("complaint_ids.policy_id", "complaint_ids.team_id", "company_id")
    def _compute_policy_id(self):
        for report in self:
            first = report.complaint_ids.sorted("id")[:1]
            report.policy_id = (
                report.policy_id
                or first.policy_id
                or report.company_id._complaint_policy()
            )
            report.team_id = (
                report.team_id
                or first.team_id
                or self.env["quality.complaint"]._default_team()
            )

    @api.depends("complaint_ids.commercial_partner_id")
    def _compute_variant_id(self):
        for report in self:
            report.variant_id = (
                report.variant_id
                or report.complaint_ids.sudo().commercial_partner_id.eight_d_variant_id[
                    :1
                ]
            )  # sudo: as in lists

    @api.depends("complaint_ids.product_id", "complaint_ids.defect_id")
    def _compute_trouble(self):
        for report in self:
            complaints = report.complaint_ids.sorted("id")
            report.product_id = report.product_id or complaints.product_id[:1]
            report.defect_id = report.defect_id or complaints.defect_id[:1]

    @api.depends(
        "complaint_ids.commercial_partner_id",
        "complaint_ids.line_ids.lot_id",
        "complaint_ids.child_ids.commercial_partner_id",
        "complaint_ids.child_ids.line_ids.lot_id",
    )
    def _compute_from_complaints(self):
        for report in self:
            complaints = (report.complaint_ids | report.complaint_ids.child_ids).sorted(
                "id"
            )
            report.customer_ids = complaints.commercial_partner_id
            report.customer_names = (
                listed(self.env.lang, complaints.commercial_partner_id.mapped("name"))
                or False
            )
            report.lot_ids = complaints.line_ids.lot_id
            report.lot_names = (
                listed(self.env.lang, complaints.line_ids.lot_id.mapped("name"))
                or False
            )

    @api.depends("complaint_ids")
    def _compute_pick_complaint_ids(self):
        for report in self:
            report.pick_complaint_ids = report.complaint_ids

    def _inverse_pick_complaint_ids(self):
        for report in self:
            (report.complaint_ids - report.pick_complaint_ids)._leave_8d()
            (report.pick_complaint_ids - report.complaint_ids)._join_8d(report)

    @api.depends("complaint_ids", "action_ids")
    def _compute_counts(self):
        for report in self:
            report.complaint_count = len(
                report.sudo().complaint_ids
            )  # sudo: the number only
            report.action_count = len(report.action_ids)

    @api.depends("step_ids.done_on", "step_ids.due_on", "state")
    def _compute_current_step(self):
        for report in self:
            waiting = (
                report.step_ids.filtered(lambda step: not step.done_on)
                if report.state == "open"
                else report.step_ids.browse()
            )
            report.current_step = waiting.sorted("code")[:1].code
            report.next_due_on = waiting.filtered("due_on").sorted("due_on")[:1].due_on

    @api.depends("leader_id", "champion_id", "editor_ids")
    @api.depends_context("uid")
    def _compute_may_write(self):
        quality = self.env.user.has_group(
            "quality_complaint.group_quality_complaint_quality"
        )
        for report in self:
            report.may_lead = (
                quality or self.env.user in report.leader_id | report.champion_id
            )
            report.may_write = (
                quality or self.env.user in report.sudo().editor_ids
            )  # sudo: only whether he is one of them

    @api.depends("step_ids.done_on", "state")
    def _compute_closed_steps(self):
        for report in self:
            closed = (
                report.step_ids
                if report.state != "open"
                else report.step_ids.filtered("done_on")
            )
            report.closed_steps = ",".join(closed.mapped("code"))

    @api.depends("next_due_on")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for report in self:
            report.is_late = bool(report.next_due_on and report.next_due_on < now)

    def _search_is_late(self, operator, _value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "open"), ("next_due_on", "<", fields.Datetime.now())]

    @api.depends("started_on", "closed_on")
    def _compute_age(self):
        now = fields.Datetime.now()
        for report in self:
            report.age = ((report.closed_on or now) - (report.started_on or now)).days

    @api.depends(
        "champion_id",
        "leader_id",
        "member_ids.user_id",
        "member_ids.may_write",
        "step_ids.user_id",
        "action_ids.user_id",
    )
    def _compute_worker_ids(self):
        for report in self:
            leading = report.champion_id | report.leader_id
            report.worker_ids = (
                leading
                | report.member_ids.user_id
                | report.step_ids.user_id
                | report.action_ids.user_id
            )
            report.editor_ids = (
                leading
                | report.member_ids.filtered("may_write").user_id
                | report.step_ids.user_id
            )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for report in self:
            report.display_name = " ".join(
                filter(None, (report.name, report.subject))
            ) or self.env._("New 8D report")

    # === constraints ===

    @api.constrains("leader_id", "champion_id", "company_id")
    def _check_people(self):
        for report in self:
            report._check_works_here(report.leader_id | report.champion_id)

    def _check_works_here(self, users):
        """
        :raise ValidationError: somebody who could not open the report
        """
        self.ensure_one()
        for user in users.sudo():  # sudo: only whether he works in the company
            if self.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s and could not open "
                        "%(report)s.",
                        user=user.name,
                        company=self.company_id.name,
                        report=self.display_name,
                    )
                )

    @api.constrains("reference_id")
    def _check_reference(self):
        for report in self:
            if report.reference_id == report:
                raise ValidationError(
                    self.env._(
                        "%s cannot refer to itself as the earlier report.",
                        report.display_name,
                    )
                )

    @api.constrains("customer_score", "accepted_cost")
    def _check_evaluation(self):
        for report in self:
            if not 0 <= report.customer_score <= HIGHEST_SCORE:
                raise ValidationError(
                    self.env._(
                        "%(report)s: the score is a number from 1 to %(most)s.",
                        report=report.display_name,
                        most=HIGHEST_SCORE,
                    )
                )
            if report.accepted_cost < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the cost that was accepted cannot be less than zero.",
                        report.display_name,
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._take_number()
        for report in reports:
            report._advance(
                {
                    "state": "open",
                    "started_on": fields.Datetime.now(),
                }
            )
            report._advance({"led_by_ids": [Command.set(report.leader_id.ids)]})
        # sudo: rows of the form every report has
        reports.sudo().step_ids.create(
            [
                {"eight_d_id": report.id, "code": code}
                for report in reports
                for code, _label in STEPS
            ]
        )
        reports.step_ids._set_due()
        for report in reports.filtered(lambda report: not report.isnot_ids):
            report.isnot_ids = [
                Command.create({"aspect": aspect, "sequence": place})
                for place, (aspect, _label) in enumerate(ASPECTS, 1)
            ]
        for report in reports:
            present = set(report.document_ids.mapped("kind"))
            report.document_ids = [
                Command.create({"kind": kind})
                for kind in DOCUMENT_KINDS
                if kind not in present
            ]
        return reports

    def write(self, vals):
        for code, names in STEP_FIELDS.items():
            if names & vals.keys():
                self._lock_fields(
                    vals,
                    names,
                    self.filtered(
                        lambda report, code=code: (
                            report.state != "open" or report._is_done(code)
                        )
                    ),
                )
        self._lock_fields(
            vals, HEAD_FIELDS, self.filtered(lambda report: report.state != "open")
        )
        self._lock_fields(
            vals, ACCEPTANCE, self.filtered(lambda report: report.state == "cancelled")
        )
        if {"leader_id", "champion_id"} & vals.keys():
            self._check_leads()
        result = super().write(vals)
        if vals.get("leader_id"):
            self._advance({"led_by_ids": [Command.link(vals["leader_id"])]})
        if "variant_id" in vals:
            self.step_ids._set_due()
        self._on_written(vals)
        return result

    def _leads(self):
        """Whether the user is leader or champion of the report, or a quality engineer;
        the flow itself always may.
        """
        self.ensure_one()
        return self.env.su or self.may_lead

    def _check_leads(self):
        """
        :raise AccessError: neither leader nor champion of the reports, nor a quality
            engineer
        """
        for report in self:
            if not report._leads():
                raise AccessError(
                    self.env._(
                        "%s: this is decided by the leader or champion of the team, "
                        "or a quality engineer.",
                        report.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "An 8D report has a number and belongs to the file: cancel it with a "
                "reason instead."
            )
        )

    # === steps ===

    def _step(self, code):
        return self.step_ids.filtered(lambda step: step.code == code)

    def _lock_row(self):
        """Whoever changes a report waits until a step that is being closed is closed,
        and the other way round.
        """
        self.env.cr.execute(
            SQL("SELECT 1 FROM quality_8d WHERE id IN %s FOR UPDATE", tuple(self.ids))
        )

    def _has_locked_files(self):
        return self.state != "open" or self._is_done("D2")

    def _is_done(self, code):
        self.ensure_one()
        return bool(self._step(code).done_on)

    def _check_changeable(self, code):
        """
        :param str code: of the step something is changed in; empty: of no step
        :raise UserError: the step is done, or the report is finished
        """
        self.ensure_one()
        self._lock_row()
        if self.state == "cancelled":
            raise UserError(
                self.env._(
                    "%s is cancelled and belongs to the file. Start another report "
                    "from its complaints.",
                    self.display_name,
                )
            )
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%s is finished and belongs to the file. Reopen its last step "
                    "first.",
                    self.display_name,
                )
            )
        if code and self._is_done(code):
            raise UserError(
                self.env._(
                    "%(report)s: %(step)s is done and belongs to the file. Reopen the "
                    "step first.",
                    report=self.display_name,
                    step=code,
                )
            )

    # === finishing ===

    def _close(self):
        for report in self:
            report._advance({"state": "closed", "closed_on": fields.Datetime.now()})
            report.activity_unlink(
                [
                    "mail.mail_activity_data_todo",
                    "quality_complaint.mail_activity_deadline",
                ]
            )

    def action_cancel(self, reason):
        """Give the report up; its open actions are given up with it.

        :param str reason: mandatory
        """
        self.check_access("write")
        self._check_leads()
        for report in self:
            report._check_reason(reason)
            if report.state != "open":
                raise UserError(
                    self.env._("%s is finished already.", report.display_name)
                )
            report._advance({"state": "cancelled", "cancel_reason": reason})
            report.action_ids.filtered(
                lambda action: action.state == "open" and not action.complaint_id
            ).action_cancel(reason)
            report.step_ids._stop()
            report.message_post(body=self.env._("Cancelled: %s", reason))
        return True

    def action_view_complaints(self):
        """Open the complaints of the report."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaints"),
            "res_model": "quality.complaint",
            "view_mode": "list,form",
            "domain": [("eight_d_id", "=", self.id)],
        }

    def action_view_actions(self):
        """Open the actions of the report."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Actions"),
            "res_model": "quality.complaint.action",
            "view_mode": "list,kanban,calendar,form",
            "domain": [("eight_d_id", "=", self.id)],
            "context": {"default_eight_d_id": self.id},
        }

    def action_new_action(self):
        """Plan an action; its kind comes in the context."""
        self.ensure_one()
        return self.env["quality.complaint.action"]._get_records_action(
            name=self.env._("Action"),
            target="new",
            context={
                "default_eight_d_id": self.id,
                "default_user_id": self.leader_id.id,
                "default_kind": self.env.context.get("default_kind", "corrective"),
            },
        )

    def action_open_reason(self):
        """Ask for the reason of cancelling."""
        self.ensure_one()
        return self.env["quality.complaint.reason"]._open(
            self.env._("Cancel the report"), "cancel", eight_d_id=self.id
        )

    def _open(self):
        """:return: the action that opens the report"""
        self.ensure_one()
        return self._get_records_action(name=self.display_name, context={})
