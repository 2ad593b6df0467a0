from odoo import models
from odoo.exceptions import UserError


class QualityComplaintInspection(models.Model):
    _inherit = "quality.complaint.inspection"

    def _dispose_supplier(self):
        """Back to the supplier: the vendor return of the supplier complaint on this
        lot, with exactly what was inspected.
        """
        # sudo: warehouse staff see no complaints; what they may do with these goods was
        # checked before
        complaint = self.sudo().complaint_id
        picking = self.env["quality.complaint.chargeback"]._return_inspected(
            complaint, self.product_id, self.lot_id, self.quantity, self.product_uom_id
        )
        moves = picking.move_ids.filtered(
            lambda move: move.product_id == self.product_id and move.state != "cancel"
        )
        unit = self.product_id.uom_id
        wanted = self.product_uom_id._compute_quantity(
            self.quantity, unit, rounding_method="HALF-UP"
        )
        if moves.complaint_inspection_id or unit.compare(
            sum(moves.mapped("product_qty")), wanted
        ):
            raise UserError(
                self.env._(
                    "%(product)s: the supplier complaint sends %(quantity).12g "
                    "%(unit)s back on %(transfer)s. Enter that quantity in one result.",
                    product=self.product_id.display_name,
                    quantity=sum(moves.mapped("product_qty")),
                    unit=unit.name,
                    transfer=picking.name,
                )
            )
        moves.complaint_inspection_id = self
        return self._open_transfer(picking)
