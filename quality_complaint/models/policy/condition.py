from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list, ormcache
from odoo.tools.misc import formatLang

from ...tools import listed


class Wanted(NamedTuple):
    """A condition as plain values: sets of ids or of codes, empty ones want nothing."""

    types: frozenset
    severities: frozenset
    channels: frozenset
    triggers: frozenset
    defects: frozenset
    methods: frozenset
    serious_events: frozenset
    conclusions: frozenset
    batch: str
    lots: int
    round: int
    loss: str
    loss_from: float
    loss_to: float


# of `Wanted`: where something of what is wanted has to be among the facts
SETS = Wanted._fields[:8]


class QualityComplaintCondition(models.AbstractModel):
    """When a row of a policy applies. Everything that is filled in must hold; of
    several values in one field, one is enough.
    """

    _name = "quality.complaint.condition"
    _description = "Condition of a Policy"
    _inherit = ["quality.complaint.condition.value"]

    type_ids = fields.Many2many("quality.complaint.type", string="Feedback Types")
    severity_ids = fields.Many2many(
        "quality.complaint.severity",
        string="Severities",
        domain="[('policy_id', '=', policy_id)]",
    )
    channel_ids = fields.Many2many("quality.complaint.channel", string="Channels")
    trigger_ids = fields.Many2many("quality.complaint.trigger", string="Circumstances")
    defect_ids = fields.Many2many(
        "quality.complaint.defect",
        string="Defects",
        help="A group stands for all defects in it.",
    )
    batch = fields.Selection(
        [
            ("yes", "Batch complaints"),
            ("case", "The batch case itself"),
            ("no", "Single complaints"),
        ],
        "Batch or Single",
    )
    investigation_method = fields.Selection(
        "_selection_investigation_method", "Investigated"
    )
    serious_event = fields.Selection(
        [("yes", "Yes"), ("no", "No")], "Serious Injury or Death"
    )
    conclusion = fields.Selection(
        [
            ("valid", "Found valid"),
            ("ours", "Valid and ours"),
            ("not_ours", "Not valid, or not ours"),
        ],
        "Found To Be",
        help=(
            "What the investigation says. Ours: one of our departments or our "
            "supplier is responsible."
        ),
    )
    lots_from = fields.Integer(
        "Lots at Least", help="Number of different lots complained of; 0: any."
    )
    round_from = fields.Integer(
        "From Round",
        help=(
            "2: from the first reopening on, e.g. because the customer was not "
            "satisfied; 0: any."
        ),
    )
    loss = fields.Selection(
        [
            ("above", "Above"),
            ("from", "From"),
            ("up_to", "Up to"),
            ("between", "Between"),
        ],
        "Loss of the Customer",
    )
    loss_from = fields.Float(
        "Loss Above",
        digits=(16, 2),
        help="In the currency of the company that handles the complaint.",
    )
    loss_to = fields.Float(
        "Loss Up To",
        digits=(16, 2),
        help="In the currency of the company that handles the complaint.",
    )
    condition_text = fields.Text("Applies To", compute="_compute_condition_text")

    @api.model
    def _selection_investigation_method(self):
        return (
            self.env["quality.complaint.investigation"]
            ._fields["method"]
            ._description_selection(self.env)
        )

    @api.constrains("lots_from", "round_from", "loss", "loss_from", "loss_to")
    def _check_condition(self):
        for row in self:
            if (
                row.lots_from < 0
                or row.round_from < 0
                or row.loss_from < 0
                or row.loss_to < 0
            ):
                raise ValidationError(
                    self.env._(
                        "“%s”: numbers of a condition cannot be negative.",
                        row.display_name,
                    )
                )
            if row.loss == "between" and row.loss_from >= row.loss_to:
                raise ValidationError(
                    self.env._(
                        "“%s”: the range of the loss is empty.", row.display_name
                    )
                )

    def _holds(self, facts):
        """Whether the condition holds.

        :param facts: a `Facts`, see `quality.complaint._facts`
        """
        self.ensure_one()
        wanted = self._wanted() if self.id else self._read_wanted()  # not saved yet
        return (
            all(
                not getattr(wanted, name)
                or getattr(wanted, name) & getattr(facts, name)
                for name in SETS
            )
            and (not wanted.batch or wanted.batch in facts.batch)
            and facts.lots >= wanted.lots
            and facts.round >= wanted.round
            and self._holds_loss(wanted, facts)
        )

    def _asks_severity_alone(self):
        """Whether it holds for every ordinary case, of some severities or all."""
        return not any(
            self._wanted()._replace(severities=frozenset(), batch="", loss_from=0)
        )

    @ormcache("self.id")
    def _wanted(self):
        """The condition of a saved row, read once: every complaint asks for all of
        them.
        """
        return self._read_wanted()

    def _read_wanted(self):
        # sudo: rules are applied by everybody; a condition on something archived is
        # none that always holds
        row = self.sudo().with_context(active_test=False)
        return Wanted(
            *(
                frozenset(row[name]._origin.ids)
                for name in (
                    "type_ids",
                    "severity_ids",
                    "channel_ids",
                    "trigger_ids",
                    "defect_ids",
                )
            ),
            *(
                frozenset({row[name]} - {False})
                for name in ("investigation_method", "serious_event", "conclusion")
            ),
            row.batch or "",
            row.lots_from,
            row.round_from,
            row.loss or "",
            row.loss_from,
            row.loss_to,
        )

    @api.model
    def _holds_loss(self, wanted, facts):
        if not wanted.loss:
            return True
        above = facts.currency.compare_amounts(facts.loss, wanted.loss_from) > 0
        reached = facts.currency.compare_amounts(facts.loss, wanted.loss_from) >= 0
        within = facts.currency.compare_amounts(facts.loss, wanted.loss_to) <= 0
        return {
            "above": above,
            "from": reached,
            "up_to": within,
            "between": above and within,
        }[wanted.loss]

    @api.depends(
        "type_ids",
        "severity_ids",
        "channel_ids",
        "trigger_ids",
        "defect_ids",
        "batch",
        "investigation_method",
        "serious_event",
        "conclusion",
        "lots_from",
        "round_from",
        "loss",
        "loss_from",
        "loss_to",
    )
    @api.depends_context("lang")
    def _compute_condition_text(self):
        for row in self:
            row.condition_text = listed(self.env.lang, row._condition_words(), ";")

    def _condition_words(self):
        """What must hold, in words of the user's language.

        :return: list of str; empty when the row always applies
        """
        self.ensure_one()
        words = [
            format_list(self.env, values.mapped("display_name"), style="or")
            for values in (
                self.severity_ids,
                self.type_ids,
                self.channel_ids,
                self.trigger_ids,
                self.defect_ids,
            )
            if values
        ]
        for name in ("batch", "investigation_method", "conclusion"):
            if self[name]:
                words.append(
                    dict(self._fields[name]._description_selection(self.env))[
                        self[name]
                    ]
                )
        if self.serious_event:
            answer = dict(
                self._fields["serious_event"]._description_selection(self.env)
            )[self.serious_event]
            words.append(self.env._("serious injury or death: %s", answer))
        if self.lots_from:
            words.append(self.env._("%s lots or more", self.lots_from))
        if self.round_from:
            words.append(self.env._("from round %s on", self.round_from))
        amounts = {
            name: formatLang(self.env, self[name], digits=2)
            for name in ("loss_from", "loss_to")
        }
        if self.loss == "above" and not self.loss_from:
            words.append(self.env._("with a loss of the customer"))
        elif self.loss == "from":
            words.append(self.env._("loss from %(loss_from)s up", **amounts))
        elif self.loss == "above":
            words.append(self.env._("loss above %(loss_from)s", **amounts))
        elif self.loss == "up_to":
            words.append(self.env._("loss up to %(loss_to)s", **amounts))
        elif self.loss == "between":
            words.append(
                self.env._("loss above %(loss_from)s and up to %(loss_to)s", **amounts)
            )
        return words
