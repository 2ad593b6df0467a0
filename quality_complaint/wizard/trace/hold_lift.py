from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.trace.hold import MAY_LIFT
from ...models.trace.hold_lot import DISPOSITIONS


class QualityComplaintHoldLift(models.TransientModel):
    """Lift a hold, of all its goods or some: with which disposition, and why."""

    _name = "quality.complaint.hold.lift"
    _description = "Lift a Hold"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "hold_id"

    hold_id = fields.Many2one(
        "quality.complaint.hold", required=True, readonly=True, ondelete="cascade"
    )
    lot_ids = fields.Many2many(
        "quality.complaint.hold.lot",
        string="Of What",
        compute="_compute_lot_ids",
        store=True,
        readonly=False,
        domain="[('hold_id', '=', hold_id), ('state', '!=', 'lifted')]",
    )
    disposition = fields.Selection(DISPOSITIONS, required=True)
    reason = fields.Text(help="What was found, and by whom.", required=True)

    @api.depends("hold_id")
    def _compute_lot_ids(self):
        for dialog in self:
            dialog.lot_ids = dialog.hold_id.lot_ids.filtered(
                lambda row: row.state != "lifted"
            )

    def action_lift(self):
        self.ensure_one()
        hold = self.hold_id
        hold.check_access("write")
        hold._check_group(
            MAY_LIFT, self.env._("Quality engineers lift a hold: ask one of them.")
        )
        if hold.all_companies:
            hold._check_everywhere()
        hold.lock_for_update()  # somebody else may lift it at the same moment
        rows = self.lot_ids.filtered(lambda row: row.state != "lifted")
        if not rows or rows.hold_id != hold:
            raise UserError(
                self.env._(
                    "Choose what is lifted of %s: it is still on hold.", hold.name
                )
            )
        hold._check_reason(self.reason)
        # sudo: the rights were checked; those told may be others' users
        hold.sudo()._lift(rows.sudo(), self.disposition, self.reason)
        return {"type": "ir.actions.act_window_close"}
