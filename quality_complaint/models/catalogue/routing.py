from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import format_list, ormcache

from ...tools import listed

# what a rule says about a complaint
RESULTS = ("region_manager_id", "department_id", "user_id")


class Wanted(NamedTuple):
    """When a rule applies: sets of ids; empty ones want nothing."""

    countries: frozenset
    states: frozenset
    customer_tags: frozenset
    types: frozenset
    channels: frozenset
    triggers: frozenset
    defects: frozenset
    categories: frozenset


class QualityComplaintRouting(models.Model):
    """Who looks after a complaint, by region and subject.

    Everything that is filled in must hold; of several values in one field, one is
    enough. For each of region, department and handler the first rule that holds and
    names one decides. Sources: R2 (which department handles which subject), R3 (the
    manager of each region).
    """

    _name = "quality.complaint.routing"
    _description = "Routing Rule"
    _inherit = ["quality.complaint.guarded", "quality.complaint.condition.value"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )

    # --- when
    policy_ids = fields.Many2many(
        "quality.complaint.policy",
        "quality_complaint_routing_policy_rel",
        string="Policies",
        context={"active_test": False},
        help="In all their versions.",
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many(
        "res.country.state",
        string="States",
        domain="[('country_id', 'in', country_ids)] if country_ids else []",
    )
    customer_tag_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        context={"active_test": False},
    )
    type_ids = fields.Many2many(
        "quality.complaint.type",
        string="Feedback Types",
        context={"active_test": False},
    )
    channel_ids = fields.Many2many(
        "quality.complaint.channel",
        string="Channels",
        context={"active_test": False},
    )
    trigger_ids = fields.Many2many(
        "quality.complaint.trigger",
        string="Circumstances",
        context={"active_test": False},
    )
    defect_ids = fields.Many2many(
        "quality.complaint.defect",
        string="Defects",
        context={"active_test": False},
        help="A group stands for all defects in it.",
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="A category stands for all below it.",
    )
    condition_text = fields.Text("Applies To", compute="_compute_condition_text")

    # --- who
    region_manager_id = fields.Many2one(
        "res.users",
        "Regional Manager",
        domain="[('share', '=', False)]",
        help="Holds the role “Regional manager” for these complaints.",
    )
    department_id = fields.Many2one(
        "quality.complaint.responsible",
        "Lead Department",
        check_company=True,
        domain="[('kind', '=', 'department')]",
        help="Its manager holds the role “Head of the lead department”.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Handler",
        domain="[('share', '=', False)]",
        help="Handles these complaints from their registration on.",
    )

    @api.depends(lambda self: self._condition_fields())
    @api.depends_context("lang")
    def _compute_condition_text(self):
        for rule in self:
            words = [
                format_list(self.env, rule[name].mapped("display_name"), style="or")
                for name in self._condition_fields()
                if rule[name]
            ]
            rule.condition_text = listed(self.env.lang, words, ";") or self.env._(
                "All complaints"
            )

    @api.model
    def _condition_fields(self):
        return [
            "policy_ids",
            "country_ids",
            "state_ids",
            "customer_tag_ids",
            "type_ids",
            "channel_ids",
            "trigger_ids",
            "defect_ids",
            "category_ids",
        ]

    @api.depends("condition_text")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.condition_text

    # === applying ===

    @api.model
    def _route(self, rules, facts, company):
        """Who looks after a complaint.

        :param tuple rules: as of `_rules`
        :param dict facts: {name of `Wanted`: set of ids}
        :param company: of the complaint; whom it does not employ, it does not send to
        :return: dict {name of `RESULTS`: record, possibly empty}
        """
        found = {}
        for wanted, results in rules:
            if not all(
                not getattr(wanted, name) or getattr(wanted, name) & facts[name]
                for name in Wanted._fields
            ):
                continue
            for name, result in zip(RESULTS, results, strict=True):
                if result and name not in found:
                    record = self.env[self._fields[name].comodel_name].browse(result)
                    # sudo: where a colleague works is read for the routing alone
                    if name == "department_id" or (
                        record.sudo().active and company in record.sudo().company_ids
                    ):
                        found[name] = record
        return {
            name: found.get(name, self.env[self._fields[name].comodel_name])
            for name in RESULTS
        }

    @api.model
    @ormcache("company_id", "code")
    def _rules(self, company_id, code):
        """The rules of a company and a policy as plain values, read once: every
        complaint asks for them.

        :param str code: of the policy
        :return: tuple of (`Wanted`, ids as of `RESULTS`)
        """
        # sudo: rules are applied to what everybody records; a condition on something
        # archived is none that always holds
        rules = self.sudo().with_context(active_test=False)
        rules = rules.search(
            [("active", "=", True), ("company_id", "in", [False, company_id])]
        )
        return tuple(
            (
                Wanted(
                    frozenset(rule.country_ids.ids),
                    frozenset(rule.state_ids.ids),
                    frozenset(rule.customer_tag_ids.ids),
                    frozenset(rule.type_ids.ids),
                    frozenset(rule.channel_ids.ids),
                    frozenset(rule.trigger_ids.ids),
                    frozenset(rule.defect_ids.ids),
                    frozenset(rule.category_ids.ids),
                ),
                # archived departments get nothing; users are looked at when they do
                tuple(
                    rule[name]
                    .filtered(
                        lambda record: record._name == "res.users" or record.active
                    )
                    .id
                    for name in RESULTS
                ),
            )
            for rule in rules
            if not rule.policy_ids or code in rule.policy_ids.mapped("code")
        )
