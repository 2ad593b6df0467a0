from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list


class QualityComplaintRemedy(models.Model):
    """Goods sent to the customer: replacements, repaired goods, compensation in goods.

    A replacement that follows a return of its own is Odoo's exchange on the order of
    the delivery; everything else that is free goes out
    on an order at price zero, so that the first order's delivered and invoiced
    quantities stay as they are.
    """

    _inherit = "quality.complaint.remedy"

    def _create_due_shipments(self):
        """What is due to be sent and not on its way yet, each once."""
        lines = self.filtered(lambda remedy: remedy._ships()).line_ids
        due = {line: quantity for line in lines if (quantity := line._shipment_due())}
        lines = lines.browse(line.id for line in due)
        lines.filtered(lambda line: line.kind == "repair")._send_back(due)
        lines -= lines.filtered(lambda line: line.kind == "repair")
        exchanged = lines.filtered(lambda line: line._is_exchange())
        for delivery, group in exchanged.grouped(
            lambda line: line.complaint_line_id.picking_id
        ).items():
            group._procure_exchange(delivery, due)
        for remedy, group in (lines - exchanged).grouped("remedy_id").items():
            remedy._create_free_order(group, due)

    def _create_free_order(self, lines, due):
        """One confirmed order at price zero.

        :param lines: the `quality.complaint.remedy.line` it is for
        :param dict due: {line: quantity in its unit}
        :return: the `sale.order`
        """
        self.ensure_one()
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(self._prepare_free_order_vals(lines, due))
        )
        order.action_confirm()
        # what waits for stock is told by its own colour in Inventory; here only the
        # goods of the remedy count
        return order

    def _prepare_free_order_vals(self, lines, due):
        complaint = self.complaint_id
        delivery = lines.complaint_line_id.picking_id[:1]
        first = lines.complaint_line_id.sale_id[:1]
        vals = {
            "partner_id": (first.partner_id or complaint.partner_id).id,
            "company_id": self.company_id.id,
            "origin": complaint.name,
            "client_order_ref": complaint.customer_ref,
            "note": False,
            "order_line": [
                Command.create(line._prepare_free_order_line_vals(due[line]))
                for line in lines
            ],
        }
        if first:
            vals.update(
                partner_shipping_id=first.partner_shipping_id.id,
                warehouse_id=first.warehouse_id.id,
            )
        elif delivery.picking_type_id.warehouse_id:
            vals["warehouse_id"] = delivery.picking_type_id.warehouse_id.id
        return vals

    def action_send_back(self):
        """Send goods that are here to the customer again: they are repaired, or nothing
        was wrong with them.
        """
        self.ensure_one()
        self.check_access("write")
        remedy = self.sudo()  # sudo: as in `action_execute`
        remedy._lock()
        due = {
            line: quantity
            for line in remedy.line_ids
            if (quantity := line._to_send_back())
        }
        if remedy.state not in ("executing", "done") or not due:
            raise UserError(
                self.env._(
                    "Nothing of “%s” is here to be sent back.", remedy.description
                )
            )
        remedy.line_ids.browse(line.id for line in due)._send_back(due)
        remedy._sync_state()
        return self._view_documents(
            self.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ),
            self.env._("Transfers"),
        )

    def _on_shipment(self, moves):
        """Called when goods of these remedies have left: told to the handler when it
        was a lot complained of.
        """
        for move in moves.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer"
                and move.remedy_line_id.kind != "repair"
            )
        ):
            if move.origin_returned_move_id:
                continue
            bad = move.move_line_ids.lot_id & move.remedy_line_id._lots_complained_of()
            if bad:
                note = self.env._(
                    "%(delivery)s sent lot %(lot)s, which is complained of. Check it "
                    "with the customer.",
                    delivery=move.picking_id.name,
                    lot=format_list(self.env, bad.mapped("name")),
                )
                move.remedy_line_id.complaint_id.message_post(body=note)
                move.remedy_line_id.remedy_id._alert_handler(note)
        self._sync_state()


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    # === facts ===

    def _shipment_moves(self):
        """Live moves that bring goods of this line to the customer, and inner steps of
        which the last one is not made yet.

        What merely goes back to the customer, e.g. because nothing was wrong with it,
        counts for a repair only.
        """
        live = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.location_id.usage != "customer"
                and (self.kind == "repair" or not move.origin_returned_move_id)
            )
        )
        return live.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer"
                or (
                    move.state != "done"
                    and not move.move_dest_ids.filtered(
                        lambda dest: dest.state != "cancel"
                    )
                )
            )
        )

    def _sale_lines(self):
        return self.sale_line_ids.filtered(lambda line: line.state != "cancel")

    def _shipped(self):
        """Quantity sent to the customer, less what came back of it, in the unit of this
        line.
        """
        self.ensure_one()
        moves = self._shipment_moves().filtered(lambda move: move.state == "done")
        return self._rounded(
            sum(
                self._to_own_unit(
                    move._complaint_done_quantity(move.env["stock.lot"]),
                    move.product_uom,
                )
                for move in moves
            )
        )

    def _under_way(self):
        """Quantity that is about to be sent."""
        self.ensure_one()
        moves = self._shipment_moves().filtered(lambda move: move.state != "done")
        return self._rounded(
            sum(
                self._to_own_unit(move.product_uom_qty, move.product_uom)
                for move in moves
            )
        )

    def _shipment_target(self):
        """Quantity that shall have been sent by now."""
        self.ensure_one()
        remedy = self.remedy_id
        if remedy.kind == "repair":
            return self._repaired()
        if (
            remedy.kind == "replacement"
            and remedy.goods == "return_first"
            and remedy.when == "on_receipt"
        ):
            return min(self.quantity, self._received())
        return self.quantity

    def _repaired(self):
        """Quantity that is repaired and shall go back by itself; 0 where nobody but a
        person knows, see the bridge to Repairs.
        """
        return 0.0

    def _shipment_due(self):
        """Quantity to send now, in the unit of this line; services are never sent."""
        self.ensure_one()
        due = self._movable(
            self._shipment_target() - self._shipped() - self._under_way()
        )
        return (
            due
            if self.product_id.type == "consu"
            and self.product_uom_id.compare(due, 0.0) > 0
            else 0.0
        )

    def _shipment_outstanding(self):
        """Whether something is still to be sent before the remedy is done."""
        self.ensure_one()
        if self.remedy_id.kind == "repair":
            return self.product_uom_id.compare(self._here(), 0.0) > 0
        return self._shipment_due() > 0

    def _here(self):
        """Quantity that came back for this line and is not with the customer again."""
        return self._rounded(self._returned() + self.received_before - self._shipped())

    def _to_send_back(self):
        """Quantity that is here and neither sent nor about to be."""
        return max(self._rounded(self._here() - self._under_way()), 0.0)

    def _goods_moves(self):
        """Receipts that hold the goods of this line: its own, and those of the
        inspection returns it took over.
        """
        moves = self._return_moves()
        if self.received_before:
            siblings = self.complaint_line_id.remedy_line_ids - self
            moves |= siblings.filtered(lambda row: row.kind == "return")._return_moves()
        return moves.filtered(lambda move: move.state == "done")

    def _sent_from_before(self):
        """Quantity of what came back before that this line sent to the customer
        again.
        """
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.origin_returned_move_id
                and move.origin_returned_move_id.remedy_line_id != self
                and move.location_dest_id.usage == "customer"
            )
        )
        return sum(
            self._to_own_unit(
                move._complaint_done_quantity(move.env["stock.lot"]), move.product_uom
            )
            for move in moves
        )

    def _lots_complained_of(self):
        """Lots of the goods to send that are complained of in this company: never
        reserved for the customer.
        """
        lines = (
            self.env["quality.complaint.line"]
            .sudo()
            .search(  # sudo: all complaints count, whoever may see them
                [
                    ("product_id", "in", self.product_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("lot_id", "!=", False),
                    ("complaint_id.state", "!=", "cancelled"),
                    ("complaint_id.validity", "!=", "invalid"),
                ]
            )
        )
        return lines.lot_id

    # === conditions ===

    def _shipment_problems(self):
        self.ensure_one()
        remedy = self.remedy_id
        if not remedy.complaint_id.partner_id:
            return [
                self.env._(
                    "%s: choose the customer on the complaint; goods are sent to them.",
                    self._label(),
                )
            ]
        product = self.product_id
        if remedy.kind != "repair" and product.type != "consu":
            return [
                self.env._(
                    "%s is no product that can be sent. Choose goods, or compensate "
                    "in money.",
                    product.display_name or self._label(),
                )
            ]
        if self._is_exchange() and product != self.complaint_line_id.product_id:
            return [
                self.env._(
                    "%(other)s instead of %(product)s: an exchange sends the same "
                    "product. Refund the goods, or let the goods be sent “At once”.",
                    other=product.display_name,
                    product=self.complaint_line_id._label(),
                )
            ]
        return []

    def _is_exchange(self):
        """Whether the replacement follows a return of its own, through the order of the
        delivery.
        """
        self.ensure_one()
        return self.kind == "replacement" and self._updates_order()

    # === making documents ===

    def _procure_exchange(self, delivery, due):
        """Have the same goods delivered again as Odoo's exchange does: a procurement of
        the delivery's order line, with its routes.
        """
        wizard = delivery._complaint_return_wizard(
            [line._prepare_exchange_line_vals(due[line]) for line in self],
            complaint_return=True,
        )
        procurements = []
        for row in wizard.product_return_moves:
            values = {
                **wizard._get_proc_values(row),
                "remedy_line_id": row.remedy_line_id.id,
                "date_planned": fields.Datetime.now(),
            }
            values["date_deadline"] = False
            procurements.append(
                self.env["stock.rule"].Procurement(
                    row.product_id,
                    row.quantity,
                    row.uom_id,
                    row.move_id.location_dest_id,
                    row.product_id.display_name,
                    f"{row.remedy_line_id.complaint_id.name}, "
                    f"{delivery.origin or delivery.name}",
                    delivery.company_id,
                    values,
                )
            )
        self.env["stock.rule"].run(procurements)

    def _prepare_exchange_line_vals(self, due):
        move = self.complaint_line_id.move_id
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": self.product_uom_id._compute_quantity(
                due, move.product_uom, rounding_method="HALF-UP"
            ),
            "remedy_line_id": self.id,
        }

    def _prepare_free_order_line_vals(self, due):
        label, number = self._label(), self.complaint_id.name
        text = self.env._(
            "Replacement, complaint %(number)s: %(product)s",
            number=number,
            product=label,
        )
        if self.kind == "product_compensation":
            text = self.env._("Compensation, complaint %(number)s", number=number)
        return {
            "product_id": self.product_id.id,
            "name": f"{self.product_id.display_name}\n{text}",
            "product_uom_id": self.product_uom_id.id,
            "product_uom_qty": due,
            "price_unit": 0.0,
            # kept apart from the price, so that Odoo takes it for a price set by hand
            # and leaves it alone
            "technical_price_unit": self.product_id.lst_price or 1.0,
            "discount": 0.0,
            "tax_ids": [Command.clear()],
            "analytic_distribution": self._analytic_distribution(False),
            "remedy_line_id": self.id,
        }

    def _left_of(self, receipt):
        """Quantity of a receipt that is neither sent to the customer again nor about to
        be, in the unit of this line.
        """
        gone = sum(
            again._complaint_done_quantity(self.env["stock.lot"])
            for again in receipt.returned_move_ids
            if again.state == "done"
        )
        gone += sum(
            again.product_uom_qty
            for again in receipt.returned_move_ids
            if again.state not in ("done", "cancel")
        )
        return self._to_own_unit(
            receipt._complaint_done_quantity(self._lots_back()) - gone,
            receipt.product_uom,
        )

    def _rows_to_send_back(self, due):
        """Which receipts the goods are taken from.

        :param dict due: {line: quantity in its unit}
        :return: list of (receipt move, line, quantity in the unit of the move)
        """
        rows = []
        for line in self:
            left = due[line]
            for move in line._goods_moves():
                quantity = min(line._left_of(move), left)
                if line.product_uom_id.compare(quantity, 0.0) > 0:
                    left -= quantity
                    rows.append(
                        (
                            move,
                            line,
                            line.product_uom_id._compute_quantity(
                                quantity, move.product_uom, rounding_method="HALF-UP"
                            ),
                        )
                    )
        return rows

    def _send_back(self, due):
        """Return the receipts to the customer, by Odoo's return wizard: exactly the
        lots that came, from where they are.

        :param dict due: {line: quantity in its unit}
        :return: the new `stock.picking`
        """
        pickings = self.env["stock.picking"]
        rows = self._rows_to_send_back(due)
        for receipt in self.env["stock.picking"].union(
            *(move.picking_id for move, _line, _quantity in rows)
        ):
            wizard = receipt._complaint_return_wizard(
                [
                    {
                        "product_id": move.product_id.id,
                        "move_id": move.id,
                        "quantity": quantity,
                        "to_refund": move.to_refund,
                        "remedy_line_id": line.id,
                    }
                    for move, line, quantity in rows
                    if move.picking_id == receipt
                ]
            )
            picking = wizard._create_return()
            picking.origin = f"{format_list(self.env, self.complaint_id.mapped('name'))}, {receipt.name}"  # noqa: E501
            for move in picking.move_ids:
                move._complaint_take_lots_of(move.origin_returned_move_id)
            pickings |= picking
        return pickings
