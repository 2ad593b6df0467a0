from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "remedy_line_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        # the next step of a delivery is for the same remedy; the link itself is never
        # copied
        return {
            **super()._push_prepare_move_copy_values(move_to_copy, new_date),
            "remedy_line_id": move_to_copy.sudo().remedy_line_id.id,
        }  # sudo: only its id
