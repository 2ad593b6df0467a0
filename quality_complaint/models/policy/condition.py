from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list
from odoo.tools.misc import formatLang


class QualityComplaintCondition(models.AbstractModel):
    """When a row of a policy applies. Everything that is filled in must hold; of
    several values in one field, one is enough.
    """

    _name = "quality.complaint.condition"
    _description = "Condition of a Policy"

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
        "Loss up to",
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
        row = self.with_context(
            active_test=False
        )  # a condition on something archived is none that always holds
        return (
            all(
                not wanted or wanted & present
                for wanted, present in (
                    (set(row.type_ids.ids), facts.types),
                    (set(row.severity_ids.ids), facts.severities),
                    (set(row.channel_ids.ids), facts.channels),
                    (set(row.trigger_ids.ids), facts.triggers),
                    (set(row.defect_ids.ids), facts.defects),
                    ({self.investigation_method} - {False}, facts.methods),
                    ({self.serious_event} - {False}, facts.serious_events),
                    ({self.conclusion} - {False}, facts.conclusions),
                )
            )
            and (not self.batch or self.batch in facts.batch)
            and facts.lots >= self.lots_from
            and facts.round >= self.round_from
            and self._holds_loss(facts)
        )

    def _holds_loss(self, facts):
        above = facts.currency.compare_amounts(facts.loss, self.loss_from) > 0
        reached = facts.currency.compare_amounts(facts.loss, self.loss_from) >= 0
        within = facts.currency.compare_amounts(facts.loss, self.loss_to) <= 0
        return {
            "above": above,
            "from": reached,
            "up_to": within,
            "between": above and within,
        }.get(self.loss, True)

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
            row.condition_text = "; ".join(row._condition_words())

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
