from odoo import fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    _inherit = "stock.move"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line", "Complaint Remedy", copy=False, readonly=True, index="btree_not_null", ondelete="set null"
    )

    def write(self, vals):
        if "remedy_line_id" in vals and not self.env.su:
            raise UserError(self.env._("A transfer is linked to a complaint from the remedy (“Link a document”)."))
        return super().write(vals)

    def _prepare_move_split_vals(self, qty):
        # backorders of a return belong to the same remedy; duplicated pickings and returns of returns do not
        return {**super()._prepare_move_split_vals(qty), "remedy_line_id": self.remedy_line_id.id}

    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "remedy_line_id"]

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: warehouse staff see no complaints, their receipts move them on
        returned = done.sudo().filtered("remedy_line_id")
        returned.remedy_line_id.remedy_id._on_receipt(returned)
        # goods of a complaint that go out again change what is back
        (done - returned).sudo().origin_returned_move_id.remedy_line_id.remedy_id._sync_state()
        return done

    def _action_cancel(self):
        remedies = self.sudo().remedy_line_id.remedy_id  # sudo: see `_action_done`
        result = super()._action_cancel()
        remedies._sync_state()
        return result

    def unlink(self):
        remedies = self.sudo().remedy_line_id.remedy_id  # sudo: see `_action_done`
        result = super().unlink()
        remedies._sync_state()
        return result

    # === valuation ===

    def _get_value_from_returns(self, quantity, at_date=None):
        # goods valued by lot come back at the cost of their own lot: Odoo takes the average over all lots of the delivery
        data = super()._get_value_from_returns(quantity, at_date)
        valued = self._get_valued_qty()
        if self.remedy_line_id and self.product_id.lot_valuated and data["quantity"] and valued:
            origin = self.origin_returned_move_id
            delivered = origin.move_line_ids.grouped("lot_id")
            costs = {lot: origin._complaint_lot_cost(lot, self.date) for lot in delivered}
            total = sum(costs[lot] * origin._get_valued_qty(lot) for lot in delivered)
            back = self.move_line_ids.lot_id
            if total and back <= origin.move_line_ids.lot_id:
                data["value"] = origin.value * sum(costs[lot] * self._get_valued_qty(lot) for lot in back) / total * quantity / valued
        return data

    def _complaint_lot_cost(self, lot, returned_on):
        """Unit cost of a lot when this move delivered it.

        :param datetime returned_on: when it came back; it lies later, or the cost of that moment is not looked for
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        # strictly earlier: valuing the lot then may value returns of before then, never this one again
        if product.cost_method == "standard" or not self.date < returned_on:
            return lot.with_company(self.company_id).standard_price
        return product._run_avco(at_date=self.date, lot=lot)[0]

    # === reading, for matching and coverage ===

    def _complaint_customer(self):
        """Commercial partner the goods were delivered to."""
        partner = self.sale_line_id.order_id.partner_id or self.picking_id.partner_id or self.partner_id
        return partner.commercial_partner_id[:1]

    def _complaint_done_quantity(self, lot):
        """Done quantity of a lot (an empty lot means all) in the move's unit."""
        self.ensure_one()
        lines = self.move_line_ids.filtered(lambda line: not lot or line.lot_id == lot)
        return sum(line.product_uom_id._compute_quantity(line.quantity, self.product_uom, rounding_method="HALF-UP") for line in lines)

    def _complaint_returned_quantity(self, lot):
        """Quantity of a lot that is back or on its way back, less what was sent out again; in the product's unit.

        Counts every return of the delivered move, whoever made it.
        """
        total = 0.0
        for move in self.returned_move_ids.filtered(lambda move: move.state != "cancel"):
            planned = move.remedy_line_id.complaint_line_id.lot_id
            if move.state != "done" and planned:
                quantity = move.product_uom_qty if not lot or lot == planned else 0.0
            elif move.state == "done" or (lot and move.move_line_ids.lot_id):
                quantity = move._complaint_done_quantity(lot)
            else:
                quantity = move.product_uom_qty  # an open return made by hand, without lots yet: it may be any
            quantity -= sum(again._complaint_done_quantity(lot) for again in move.returned_move_ids.filtered(lambda again: again.state == "done"))
            total += move.product_uom._compute_quantity(quantity, move.product_id.uom_id, round=False)
        return total
