from odoo import api, fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = "stock.move"

    chargeback_id = fields.Many2one(
        "quality.complaint.chargeback",
        "Supplier Complaint",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # a return by hand is not this complaint's; backorders carry the link in
            # `_prepare_move_split_vals`
            vals_list = [
                {**vals, "chargeback_id": self._split_chargeback(vals)}
                if "chargeback_id" in vals
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.model
    def _split_chargeback(self, vals):
        """The link given on creation, kept only on the backorder of a move that
        has it.
        """
        transfer = (
            self.env["stock.picking"].browse(vals.get("picking_id")).sudo()
        )  # sudo: only the link is read
        return (
            vals["chargeback_id"]
            if vals["chargeback_id"] in transfer.move_ids.chargeback_id.ids
            else False
        )

    def write(self, vals):
        if "chargeback_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A vendor return is linked to a supplier complaint by the "
                    "complaint's button only."
                )
            )
        return super().write(vals)

    def _prepare_move_split_vals(self, qty):
        # backorders of a vendor return belong to the same supplier complaint;
        # duplicates and returns of returns do not
        return {
            **super()._prepare_move_split_vals(qty),
            "chargeback_id": self.chargeback_id.id,
        }

    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "chargeback_id"]
