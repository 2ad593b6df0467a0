from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _prepare_default_reversal(self, move):
        # a remedy credits some lines: they take the place of a copy of all of them
        values = super()._prepare_default_reversal(move)
        lines = self.env.context.get("complaint_credited")
        return {**values, "line_ids": lines} if lines and self.env.su else values
