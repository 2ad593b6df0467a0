from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_list


class QualityComplaintRemedy(models.Model):
    """Goods coming back, through Odoo's return wizard on the delivery."""

    _inherit = "quality.complaint.remedy"

    def _create_returns(self):
        """One return per delivery for all lines of the recordset that need one and have
        none.

        :return: the new `stock.picking`
        """
        lines = self.env["quality.complaint.remedy.line"]
        for remedy in self.filtered(lambda remedy: remedy._needs_goods()):
            for line in remedy.line_ids:
                if line._return_moves():
                    continue
                if remedy.kind != "return":
                    line._take_over()
                if line.product_uom_id.compare(line._to_bring_back(), 0.0) > 0:
                    lines |= line
        pickings = self.env["stock.picking"]
        for delivery, delivered in lines.grouped(
            lambda line: line.complaint_line_id.picking_id
        ).items():
            pickings |= delivered._create_return_of(delivery)
        self._on_returns_created()
        return pickings

    def _note_differences(self, moves):
        """Another lot, or more than planned, is told to the handler."""
        self.ensure_one()
        notes = []
        for move in moves:
            line = move.remedy_line_id
            lot = line.complaint_line_id.lot_id
            others = move.move_line_ids.lot_id - line._lots_back()
            if lot and others:
                notes.append(
                    self.env._(
                        "%(receipt)s: lot %(found)s was received instead of "
                        "%(planned)s.",
                        receipt=move.picking_id.name,
                        found=format_list(self.env, others.mapped("name")),
                        planned=lot.name,
                    )
                )
            if line.product_uom_id.compare(line._returned(), line.quantity) > 0:
                notes.append(
                    self.env._(
                        "%(receipt)s: %(received).12g %(unit)s received, "
                        "%(planned).12g planned.",
                        receipt=move.picking_id.name,
                        received=line._returned(),
                        planned=line.quantity,
                        unit=line.product_uom_id.name,
                    )
                )
        for note in notes:
            self.complaint_id.message_post(body=note)
            self._alert_handler(note)

    def _alert_handler(self, summary):
        handler = self.complaint_id.user_id or self.complaint_id.team_id.leader_id
        if handler:
            self.complaint_id.activity_schedule(
                "mail.mail_activity_data_warning", user_id=handler.id, summary=summary
            )


class QualityComplaintRemedyLine(models.Model):
    _inherit = "quality.complaint.remedy.line"

    def _create_return_of(self, delivery):
        """Make one return of a delivery with exactly the lots and quantities of these
        lines.

        :raise UserError: the delivery cannot be returned
        """
        if not delivery._can_return() or delivery.state != "done":
            raise UserError(
                self.env._(
                    "%s is not delivered, so nothing of it can be returned.",
                    delivery.name,
                )
            )
        wizard = delivery._complaint_return_wizard(
            [line._prepare_return_line_vals() for line in self], complaint_return=True
        )
        picking = wizard.with_context(complaint_lines_follow=True)._create_return()
        picking = picking.with_context(complaint_lines_follow=False)
        names = format_list(self.env, self.complaint_id.mapped("name"))
        picking.origin = f"{names}, {picking.origin}"
        # Odoo's wizard unreserves the delivery's other open returns: theirs are
        # expected again, too, the earlier ones first
        siblings = (
            self.complaint_line_id.move_id.returned_move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            - picking.move_ids
        )
        open_moves = [
            *siblings.filtered("remedy_line_id").sorted("id"),
            *picking.move_ids,
        ]
        reserved = self.env["stock.move"].union(*open_moves).move_line_ids
        if reserved:
            reserved.unlink()
        for move in open_moves:
            move.remedy_line_id._set_return_lines(move)
        self.env["stock.move"].union(*open_moves)._recompute_state()
        siblings.filtered(lambda move: not move.remedy_line_id)._action_assign()
        return picking

    def _prepare_return_line_vals(self):
        """Line of the return wizard; its unit is that of the delivered move."""
        self.ensure_one()
        move = self.complaint_line_id.move_id
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": self.product_uom_id._compute_quantity(
                self._to_bring_back(), move.product_uom, rounding_method="HALF-UP"
            ),
            "to_refund": self._updates_order(),
            "remedy_line_id": self.id,
        }

    def _updates_order(self):
        """Whether the return lowers the order's delivered quantity: only when a credit
        note or an exchange follows the receipt.

        A return for inspection or repair promises nothing; were the delivered quantity
        lowered, the order would ask for a credit note. Goods
        that are back before they are invoiced are not invoiced while they are here.
        """
        self.ensure_one()
        remedy = self.remedy_id
        if remedy.kind == "return":
            return self._lowers_what_is_invoiced()
        follows = (
            remedy.kind in ("refund", "replacement")
            and remedy.when == "on_receipt"
            and remedy.goods == "return_first"
        )
        # an order counts kits, of which a component is only a part
        return follows and not self.received_before and not self._sold_as_part()

    def _forget_order_update(self):
        """The goods came back with nothing promised after all: the order counts them as
        delivered again.
        """
        moves = self._return_moves().filtered("to_refund")
        moves.to_refund = False
        moves.modified(
            ["state"]
            # Odoo does not follow `to_refund`; what the order counts depends on the
            # moves'
            # status
        )

    def _set_return_lines(self, move):
        """Expect the lot complained of, as it was delivered: whose it is and in which
        package. Odoo would take the delivery's lots in any order.

        A tracked product without a known lot is left to the warehouse.
        """
        self.ensure_one()
        lot = self.complaint_line_id.lot_id
        if move.product_id.tracking != "none" and not lot:
            return
        move.move_line_ids = [
            Command.create(
                {
                    **move._prepare_move_line_vals(quantity=quantity),
                    "product_uom_id": move.product_id.uom_id.id,
                    "lot_id": lot.id,
                    "owner_id": owner.id,
                    "package_id": package.id,
                }
            )
            for (owner, package), quantity in self._split_by_holder(move, lot)
        ]

    def _split_by_holder(self, move, lot):
        """Owner and package a return takes its goods from: those delivered, less what
        other returns bring back.

        :return: list of ((owner, package), quantity in the product's unit)
        """
        origin = move.origin_returned_move_id
        free = origin._complaint_by_holder(lot)
        for other in origin.returned_move_ids - move:
            if other.state != "cancel":
                for holder, quantity in other._complaint_by_holder(
                    lot, incoming=True
                ).items():
                    free[holder] = free.get(holder, 0.0) - quantity
        unit, left, taken = move.product_id.uom_id, move.product_qty, []
        for holder, quantity in free.items():
            quantity = min(quantity, left)
            if unit.compare(quantity, 0.0) > 0:
                left -= quantity
                taken.append((holder, quantity))
        if unit.compare(left, 0.0) > 0:
            taken.append(((self.env["res.partner"], self.env["stock.package"]), left))
        return taken

    def _warehouse_instruction(self):
        """What the warehouse should look for, from the remedy or the defect's catalogue
        entry.
        """
        self.ensure_one()
        line = self.complaint_line_id
        check = (
            self.remedy_id.instruction
            or line.defect_id.check_instruction
            or line.defect_id.name
        )
        return (
            self.env._("%(product)s: %(check)s", product=line._label(), check=check)
            if check
            else False
        )
