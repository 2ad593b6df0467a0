from odoo import fields, models
from odoo.tools.misc import clean_context


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    repair_ids = fields.One2many("repair.order", "remedy_line_id", "Repair Orders")

    # === facts ===

    def _live_repairs(self):
        return self.repair_ids.filtered(lambda repair: repair.state != "cancel")

    def _outcome_documents(self):
        return [*super()._outcome_documents(), *self._live_repairs()]

    def _in_repair(self, states):
        """Quantity in repair orders of these statuses, in the unit of this line."""
        self.ensure_one()
        repairs = self.repair_ids.filtered(lambda repair: repair.state in states)
        return self._rounded(repairs._complaint_quantity(self.product_uom_id))

    def _sent_as_is(self):
        """Quantity that went back unrepaired, or is about to, in the unit of this
        line.
        """
        self.ensure_one()
        moves = self._shipment_moves().filtered(
            lambda move: move._complaint_sent_as_is()
        )
        return self._rounded(
            sum(
                self._to_own_unit(
                    move._complaint_done_quantity(move.env["stock.lot"])
                    if move.state == "done"
                    else move.product_uom_qty,
                    move.product_uom,
                )
                for move in moves
            )
        )

    def _repaired(self):
        # what went back as it was is settled as well
        return min(
            self._in_repair(("done",)) + self._sent_as_is(),
            self._rounded(self._returned() + self.received_before),
        )

    def _shipment_due(self):
        due = super()._shipment_due()
        if self.kind != "repair":
            return due
        idle = (
            self._here()
            - self._under_way()
            - self._in_repair(("draft", "confirmed", "under_repair"))
        )
        return max(min(due, self._rounded(idle)), 0.0)

    def _to_send_back(self):
        # what is on the bench stays
        return max(
            self._rounded(super()._to_send_back() - self._in_repair(("under_repair",))),
            0.0,
        )

    def _to_repair(self):
        """Quantity that is here and in no repair order, in the product's unit."""
        self.ensure_one()
        open_quantity = self._in_repair(("draft", "confirmed", "under_repair"))
        arrived = (
            self._returned()
            + self.received_before
            - self._in_repair(("done",))
            - self._sent_as_is()
        )
        left = self._rounded(
            min(arrived, self._here() - self._under_way()) - open_quantity
        )
        return self.product_uom_id._compute_quantity(
            max(left, 0.0), self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _ready_lots(self, receipt, besides=None):
        """Repaired goods of a receipt that this line has not sent yet.

        :param besides: `stock.move` not to be counted, being planned
        :return: dict {lot: quantity in the product's unit}
        """
        repairs = self.repair_ids.filtered(
            lambda repair: (
                repair.state == "done" and repair in receipt._complaint_repairs()
            )
        )
        sent = receipt.returned_move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.remedy_line_id == self
                and not move._complaint_sent_as_is()
            )
        )
        gone = (sent - besides if besides else sent)._complaint_quantities_by_lot()
        return {
            lot: max(quantity - gone.get(lot, 0.0), 0.0)
            for lot, quantity in repairs._complaint_quantities_by_lot().items()
        }

    # === making documents ===

    def _adopt_repairs(self):
        """Repair orders made by the warehouse or after an inspection, for goods of this
        line, belong to it from now on.
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        for receipt in self._goods_moves():
            others = (
                receipt.picking_id.move_ids.filtered(
                    lambda move, receipt=receipt: move.product_id == receipt.product_id
                )
                - self._goods_moves()
            )
            for repair in (
                receipt._complaint_repairs()
                .filtered(
                    lambda repair: (
                        repair.state != "cancel" and not repair.remedy_line_id
                    )
                )
                .sorted("id")
            ):
                known = repair.complaint_inspection_id.move_id == receipt or not others
                fits = not self.lot_id or repair.lot_id in self._lots_back()
                if known and fits and unit.compare(self._to_repair(), 0.0) > 0:
                    repair.remedy_line_id = self

    def _create_repairs(self, again=False):
        """One confirmed repair order per lot that was received and has none.

        :param bool again: also for what a repair order was cancelled for
        :return: the new `repair.order`
        """
        self.ensure_one()
        unit, left = self.product_id.uom_id, self._to_repair()
        # goods may be put away in several places; one order is for one of them
        vals_list = []
        for receipt in self._goods_moves().sorted("id"):
            free = receipt._complaint_left_to_repair(again)
            for (lot, location), rows in receipt.move_line_ids.grouped(
                lambda row: (row.lot_id, row.location_dest_id)
            ).items():
                if self.lot_id and lot not in self._lots_back():
                    continue
                quantity = unit.round(
                    min(
                        sum(rows.mapped("quantity_product_uom")),
                        free.get(lot, 0.0),
                        left,
                    ),
                    rounding_method="HALF-UP",
                )
                if unit.compare(quantity, 0.0) > 0:
                    left -= quantity
                    free[lot] -= quantity
                    vals_list.append(
                        self._prepare_repair_vals(receipt, lot, location, quantity)
                    )
        # without the defaults of whatever screen the goods were received on
        clean = self.env["repair.order"].with_context(clean_context(self.env.context))  # pylint: disable=context-overridden  # keys are removed
        repairs = clean.with_company(self.company_id).create(vals_list)
        for repair in repairs:
            # stays a draft when the goods are not where they were put: Odoo asks the
            # repair staff then
            repair.action_validate()
        return repairs

    def _prepare_repair_vals(self, receipt, lot, location, quantity):
        """Values of the repair order for goods that were received.

        :param receipt: the `stock.move` they came with
        :param quantity: in the product's unit, in which stock is kept
        """
        complaint = self.complaint_id
        repairs = self.env["repair.order"]
        return {
            "remedy_line_id": self.id,
            "company_id": self.company_id.id,
            "picking_type_id": repairs._complaint_picking_type(receipt.picking_id).id,
            "picking_id": receipt.picking_id.id,
            "partner_id": complaint.partner_id.id,
            "product_id": receipt.product_id.id,
            "lot_id": lot.id,
            "product_qty": quantity,
            "product_uom": receipt.product_id.uom_id.id,
            "product_location_src_id": location.id,
            "product_location_dest_id": location.id,
            "under_warranty": True,
            "user_id": False,
            "internal_notes": repairs._prepare_complaint_notes(
                self.complaint_line_id, complaint.name, self._warehouse_instruction()
            ),
        }

    def _rows_to_send_back(self, due):
        """Repaired goods first, wherever they came from, then those of which no repair
        is started.
        """
        repaired = self.filtered(lambda line: line.kind == "repair" and line.repair_ids)
        rows = super(QualityComplaintRemedyLine, self - repaired)._rows_to_send_back(
            due
        )
        for line in repaired:
            unit, left, taken = line.product_uom_id, due[line], {}
            for ready in (True, False):
                for receipt in line._goods_moves():
                    quantities = (
                        line._ready_lots(receipt)
                        if ready
                        else receipt._complaint_started_repairs()
                    )
                    counted = line._to_own_unit(
                        sum(quantities.values()), line.product_id.uom_id
                    )
                    here = line._left_of(receipt) - taken.get(receipt, 0.0)
                    quantity = min(counted if ready else here - counted, here, left)
                    if unit.compare(quantity, 0.0) > 0:
                        left -= quantity
                        taken[receipt] = taken.get(receipt, 0.0) + quantity
            rows += [
                (
                    receipt,
                    line,
                    unit._compute_quantity(
                        quantity, receipt.product_uom, rounding_method="HALF-UP"
                    ),
                )
                for receipt, quantity in taken.items()
            ]
        return rows
