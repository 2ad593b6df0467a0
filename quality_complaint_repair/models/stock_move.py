from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    complaint_as_is = fields.Boolean("Sent Back Unrepaired", copy=False, readonly=True)

    def _prepare_move_split_vals(self, qty):
        return {
            **super()._prepare_move_split_vals(qty),
            "complaint_as_is": self.complaint_as_is,
        }

    def _complaint_sent_as_is(self):
        """Whether goods go back to the customer without a repair: a person sent them,
        or their inspection said so.
        """
        self.ensure_one()
        return self.complaint_as_is or bool(self.complaint_inspection_id)

    def _complaint_quantities_by_lot(self):
        """Quantity of each lot, planned or done, in the product's unit; goods without
        lots have the empty lot.

        :return: dict {lot: quantity}
        """
        quantities = {}
        for move in self:
            if move.product_id.tracking == "none":
                quantity = (
                    sum(move.move_line_ids.mapped("quantity_product_uom"))
                    if move.state == "done"
                    else move.product_qty
                )
                rows = [(self.env["stock.lot"], quantity)]
            else:
                rows = [
                    (row.lot_id, row.quantity_product_uom) for row in move.move_line_ids
                ]
            for lot, quantity in rows:
                quantities[lot] = quantities.get(lot, 0.0) + quantity
        return quantities

    def _complaint_lots_of(self, receipt):
        """Repaired goods first, then those of which no repair is started."""
        lots = super()._complaint_lots_of(receipt)
        line = self.remedy_line_id
        if line.kind != "repair":
            return lots
        ready, busy = (
            dict(line._ready_lots(receipt, self)),
            dict(receipt._complaint_started_repairs()),
        )
        first, then = [], []
        for (lot, owner, package), here in lots:
            repaired = min(here, ready.get(lot, 0.0))
            on_the_bench = min(here - repaired, busy.get(lot, 0.0))
            ready[lot], busy[lot] = (
                ready.get(lot, 0.0) - repaired,
                busy.get(lot, 0.0) - on_the_bench,
            )
            first.append(((lot, owner, package), repaired))
            then.append(((lot, owner, package), here - repaired - on_the_bench))
        return first + then

    # === repairs of what a receipt brought ===

    def _complaint_repairs(self):
        """Repair orders of the goods of this receipt, cancelled ones as well.

        What is linked to another line of the same transfer, or to an inspection of one,
        is not for these goods.
        """
        self.ensure_one()
        repairs = self.picking_id.repair_ids.filtered(
            lambda repair: repair.product_id == self.product_id
        )
        return repairs.filtered(
            lambda repair: (
                self in repair.remedy_line_id._goods_moves()
                if repair.remedy_line_id
                else repair.complaint_inspection_id.move_id in (self, self.browse())
            )
        )

    def _complaint_started_repairs(self):
        """Quantity of each lot that is on the bench, in the product's unit.

        :return: dict {lot: quantity}
        """
        return (
            self._complaint_repairs()
            .filtered(lambda repair: repair.state == "under_repair")
            ._complaint_quantities_by_lot()
        )

    def _complaint_left_to_repair(self, again):
        """Quantity of each lot that was received here and of which nothing is decided
        yet, in the product's unit.

        :param bool again: also what a repair was cancelled for
        :return: dict {lot: quantity}
        """
        self.ensure_one()
        left = self._complaint_quantities_by_lot()
        repairs = self._complaint_repairs().filtered(
            lambda repair: not again or repair.state != "cancel"
        )
        decided = [
            repairs._complaint_quantities_by_lot(),
            self.returned_move_ids.filtered(
                lambda move: move.state != "cancel"
            )._complaint_quantities_by_lot(),
            self._complaint_disposed(),
        ]
        return {
            lot: quantity - sum(part.get(lot, 0.0) for part in decided)
            for lot, quantity in left.items()
        }

    def _complaint_disposed(self):
        """Quantity of each lot that was restocked, scrapped or given to the supplier
        after its inspection, in the product's unit.

        :return: dict {lot: quantity}
        """
        inspections = self.env["quality.complaint.inspection"].search(
            [
                ("picking_id", "=", self.picking_id.id),
                ("product_id", "=", self.product_id.id),
                ("move_id", "in", (self.id, False)),
                ("disposition", "not in", (False, "repair", "customer")),
            ]
        )
        disposed = {}
        for inspection in inspections.filtered(
            lambda inspection: inspection._disposition_documents()
        ):
            quantity = inspection.product_uom_id._compute_quantity(
                inspection.quantity, self.product_id.uom_id, round=False
            )
            disposed[inspection.lot_id] = (
                disposed.get(inspection.lot_id, 0.0) + quantity
            )
        return disposed

    # === goods on hold ===

    def _complaint_document(self):
        """A part belongs to its repair, and to whoever does it."""
        repair = self.repair_id
        if not repair:
            return super()._complaint_document()
        return repair, repair.user_id.filtered(
            lambda user: user.active and repair.company_id in user.company_ids
        )
