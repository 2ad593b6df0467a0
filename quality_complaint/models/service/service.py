from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import IncompleteError, listed, printed_day

# kinds that are work with a customer; staff are trained without one
WITHOUT_CUSTOMER = ("staff_training",)
# what happened already when it is written down
LOGGED = ("contact", "event")
# what is told about it afterwards
RESULTS = ("findings", "needs", "suggestion")


class QualityComplaintService(models.Model):
    """Work for customers beyond complaints: visits, the first delivery of a new
    product, training, technical advice, contacts, big events, trips.

    Sources: 000-J 2 and 4.1 (training, first batch, yearly visits), 000-H (every
    contact is written down, business trips), 000-C 1 and 000-Q 5 (own staff),
    000-M 4.1.3 (fairs).
    """

    _name = "quality.complaint.service"
    _description = "Service for Customers"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.due",
        "quality.complaint.reachable",
        "quality.complaint.suggesting",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _due_action = "quality_complaint.action_service"
    _order = "planned_on desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("visit", "Customer visit"),
            ("accompany", "First delivery accompanied"),
            ("training", "Training of the customer"),
            ("staff_training", "Training of our staff"),
            ("advice", "Technical advice"),
            ("contact", "Contact with the customer"),
            ("event", "Big event"),
            ("trip", "Business trip"),
        ],
        required=True,
        default="visit",
        index=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", check_company=True, index=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        index=True,
    )
    contact = fields.Char("Spoken With", help="Who of the customer's people.")
    product_id = fields.Many2one(
        "product.product", check_company=True, index="btree_not_null"
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The case it was for.",
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        check_company=True,
        index="btree_not_null",
        readonly=True,
        copy=False,
        fixed=True,
        help="The order that sold the product for the first time.",
    )
    plan_id = fields.Many2one(
        "quality.complaint.service.plan",
        "Service Plan",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        fixed=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        fixed=True,
    )
    team_id = fields.Many2one(
        "quality.complaint.team", check_company=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        "Done By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index=True,
        tracking=True,
    )
    participant_ids = fields.Many2many(
        "res.users",
        "quality_complaint_service_user_rel",
        string="Together With",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    guests = fields.Char("Other Participants", help="People without a login.")
    channel_id = fields.Many2one(
        "quality.complaint.channel", help="How the contact came about.", copy=False
    )
    place = fields.Char()
    planned_on = fields.Date(
        "Date",
        required=True,
        default=fields.Date.context_today,
        index=True,
        tracking=True,
    )
    planned_to = fields.Date("Last Day", help="When it takes several.")
    due_on = fields.Datetime(readonly=True, guarded=True)
    done_on = fields.Datetime("Recorded On", guarded=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, copy=False, guarded=True
    )
    purpose = fields.Text("What It Is For", help="Of a training: what is taught.")
    findings = fields.Text(
        copy=False, help="What was seen, said or taught, and what came of it."
    )
    needs = fields.Text(
        "Needs and Use", copy=False, help="What the customer needs; how they use it."
    )
    suggestion = fields.Text(
        "Suggestion of the Customer",
        copy=False,
        help="Becomes feedback with one click, and is followed there.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_service_attachment_rel",
        string="Proof and Photos",
        copy=False,
        bypass_search_access=True,
        help="Signed list of participants, photos, hand-outs.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        "Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        guarded=True,
    )

    _first_delivery_once = models.UniqueIndex(
        "(company_id, product_id) WHERE kind = 'accompany' AND state <> 'cancelled'",
        "The first delivery of this product is accompanied already.",
    )
    _plan_once = models.UniqueIndex(
        "(plan_id, planned_on) WHERE plan_id IS NOT NULL AND state <> 'cancelled'",
        "This visit is planned already.",
    )
    _ends_after_it_begins = models.Constraint(
        "CHECK (planned_to >= planned_on)", "It ends on the day it begins, or later."
    )

    # === compute ===

    @api.depends("name", "partner_id.name", "planned_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for service in self:
            service.display_name = " · ".join(
                filter(
                    None,
                    (
                        service.name,
                        service.partner_id.name,
                        service.planned_on
                        and printed_day(self.env, service.planned_on),
                    ),
                )
            )

    # === constraints, CRUD ===

    @api.constrains("kind", "partner_id")
    def _check_customer(self):
        for service in self:
            if not service.partner_id and service.kind not in WITHOUT_CUSTOMER:
                raise ValidationError(
                    self.env._("“%s”: choose the customer it is for.", service.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        services._set_due()
        return services

    def write(self, vals):
        self._lock_fields(
            vals,
            {
                "name", "kind", "partner_id", "product_id", "planned_on", "planned_to",
                "user_id", "participant_ids", "guests", "channel_id", "contact",
                "place", "purpose", "complaint_id", "attachment_ids", *RESULTS,
            },
            self.filtered(lambda service: service.state == "done"),
        )  # fmt: skip
        result = super().write(vals)
        if vals.keys() & {"planned_on", "planned_to", "user_id"}:
            self._end_notices()
            self._set_due()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        for service in self:
            if service.state == "done":
                raise UserError(
                    self.env._(
                        "“%s” took place and stays in the file.", service.display_name
                    )
                )

    def _has_locked_files(self):
        return self.state == "done"

    def _set_due(self):
        """It is due at the end of its last day, where the company is."""
        for service in self:
            last = service.planned_to or service.planned_on
            service._run_until(service.company_id._complaint_end_of_day(last))

    # === due ===

    def _due_running(self):
        return self.filtered(lambda row: row.due_on and row.state == "planned")

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain("state", "=", "planned")

    def _due_file(self):
        return self

    def _due_levels(self):
        """The doer a day before and on the day, the leader of the team a week later."""
        leader = self.env.ref("quality_complaint.role_team_leader")
        return [
            *super()._due_levels(),
            (fields.Datetime.add(self.due_on, days=7), leader),
        ]

    # === the way through ===

    def action_done(self):
        """It took place: what came of it is written down."""
        for service in self:
            service.check_access("write")
            service._check_standing("planned")
            missing = service._missing()
            if missing:
                raise IncompleteError(
                    self.env._(
                        "“%(service)s” cannot be recorded yet. Still missing: "
                        "%(missing)s.",
                        service=service.display_name,
                        missing=listed(self.env.lang, missing),
                    )
                )
            service._advance(
                {
                    "state": "done",
                    "done_on": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                }
            )
            service._end_notices()
            service._schedule_notices()
        return True

    def _missing(self):
        """:return: labels of what has to be said before it counts as done"""
        self.ensure_one()
        names = ["findings"]
        if self.kind not in LOGGED:
            names.append("user_id")
        if self.kind in ("training", "staff_training"):
            names.append("purpose")
        missing = [
            self._fields[name]._description_string(self.env)
            for name in names
            if self._is_blank(name)
        ]
        if self.kind in ("training", "staff_training"):
            if not self.participant_ids and not self.guests:
                missing.append(self.env._("who took part"))
            if not self.attachment_ids:
                missing.append(self.env._("proof (“Proof and Photos”)"))
        if self.planned_on > fields.Date.context_today(self):
            missing.append(self.env._("its day: it lies ahead"))
        return missing

    def action_cancel(self):
        for service in self:
            service.check_access("write")
            service._check_standing("planned")
            service._advance({"state": "cancelled"})
            service._end_notices()
            service._schedule_notices()

    def action_plan_again(self):
        """Cancelled by mistake."""
        for service in self:
            service.check_access("write")
            service._check_standing("cancelled")
            service._advance({"state": "planned"})
            service._set_due()

    def _prepare_feedback(self):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "description": self.suggestion,
            "channel_id": self.channel_id.id
            or self.env.ref("quality_complaint.channel_visit").id,
            "line_ids": [
                fields.Command.create({"product_id": product.id})
                for product in self.product_id
            ],
        }
