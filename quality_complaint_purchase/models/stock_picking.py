from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _compute_complaint_return(self):
        result = super()._compute_complaint_return()
        for picking in self:
            chargebacks = picking.move_ids.chargeback_id
            if chargebacks:
                picking.complaint_number = ", ".join(chargebacks.mapped("display_name"))
                picking.complaint_instruction = "\n".join(
                    chargeback._warehouse_instruction() for chargeback in chargebacks
                )
        return result

    def _compute_complaint_count(self):
        result = super()._compute_complaint_count()
        for picking in self:
            # sudo: to find them; only those that may be opened are counted
            complaints = picking.sudo().move_ids.chargeback_id.complaint_id
            if complaints:
                picking.complaint_count = len(
                    complaints.sudo(False)._filtered_access("read")
                )
        return result

    def action_view_complaints(self):
        action = super().action_view_complaints()
        if self.sudo().move_ids.chargeback_id:  # sudo: as above
            action["domain"] = [("chargeback_ids.move_ids.picking_id", "=", self.id)]
        return action
