from dataclasses import dataclass

from odoo import models


@dataclass(frozen=True)
class Facts:
    """What the conditions of a policy are checked against: sets of ids, or of
    values.
    """

    types: set
    severities: set
    channels: set
    triggers: set
    defects: set
    methods: set
    serious_events: set
    conclusions: set
    batch: set
    lots: int
    round: int
    causes: set
    goods_states: set
    loss: float
    currency: object


class QualityComplaint(models.Model):
    _inherit = "quality.complaint"

    def _facts(self, methods=None):
        """What is known of the complaint, for the conditions of its policy.

        :param set methods: count as the methods of its investigation; those of this
            round if not given
        :return: `Facts`
        """
        self.ensure_one()
        # sudo: rules are applied to all that is known, whoever changes a part of it
        complaint = self.sudo()
        lines = complaint.line_ids
        defects = lines.defect_id
        groups = {
            int(part)
            for defect in defects
            for part in (defect.parent_path or "").split("/")
            if part
        }
        investigations = complaint.investigation_ids.filtered(
            lambda row: row.round == complaint.round
        )
        return Facts(
            types=set(complaint.type_id.ids),
            severities=set(complaint.severity_id.ids),
            channels=set(complaint.channel_id.ids),
            triggers=set(complaint.trigger_ids._origin.ids),
            defects=set(defects._origin.ids) | groups,
            methods=set(investigations.mapped("method"))
            if methods is None
            else methods,
            serious_events={complaint.serious_event},
            conclusions=complaint._conclusions(),
            batch={"yes", "case"}
            if complaint.is_batch
            else {"yes"}
            if complaint.parent_id
            else {"no"},
            round=complaint.round,
            lots=len(
                {
                    line.lot_id._origin.id or line.lot_name
                    for line in lines
                    if line.lot_id or line.lot_name
                }
            ),
            causes=set(complaint.cause_id.ids),
            goods_states=set(lines.mapped("goods_state")),
            loss=complaint.loss_amount,
            currency=complaint.currency_id or complaint.env.company.currency_id,
        )
