from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .remedy.remedy import FREE_KINDS
from .trace.hold_lot import INSIDE

# goods on hold do not go there
AWAY = ("customer", "production")


class StockMove(models.Model):
    _inherit = "stock.move"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line",
        "Complaint Remedy",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    complaint_inspection_id = fields.Many2one(
        "quality.complaint.inspection",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # linked by the flow only; backorders carry the link in
            # `_prepare_move_split_vals`
            vals_list = [
                {**vals, "remedy_line_id": self._split_remedy_line(vals)}
                if vals.get("remedy_line_id")
                else vals
                for vals in vals_list
            ]
        moves = super().create(vals_list)
        # goods lent that come back
        back = moves.filtered("origin_returned_move_id")
        self.env["quality.complaint.loan"]._loans_of(back)._follow_moves()
        return moves

    @api.model
    def _split_remedy_line(self, vals):
        """The link given on creation, kept only on the backorder of a move that
        has it.
        """
        transfer = (
            self.env["stock.picking"].browse(vals.get("picking_id")).sudo()
        )  # sudo: only the link is read
        return (
            vals["remedy_line_id"]
            if vals["remedy_line_id"] in transfer.move_ids.remedy_line_id.ids
            else False
        )

    def write(self, vals):
        if "remedy_line_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "A transfer is linked to a complaint from the remedy (“Link a "
                    "document”)."
                )
            )
        result = super().write(vals)
        if "product_uom_qty" in vals:
            # sudo: warehouse staff see no complaints, their transfers report to them
            self.sudo().remedy_line_id.remedy_id._watch()
        return result

    def _prepare_move_split_vals(self, qty):
        # backorders belong to the same remedy; duplicated pickings and returns of
        # returns do not
        link = {
            "remedy_line_id": self.remedy_line_id.id,
            "complaint_inspection_id": self.complaint_inspection_id.id,
        }
        return {**super()._prepare_move_split_vals(qty), **link}

    def _prepare_procurement_values(self):
        # the steps before a delivery are for the same remedy
        return {
            **super()._prepare_procurement_values(),
            "remedy_line_id": self.remedy_line_id.id,
        }

    def _prepare_merge_moves_distinct_fields(self):
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "remedy_line_id",
            "complaint_inspection_id",
        ]

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder=cancel_backorder)
        # before anything follows from it: goods on hold do not leave
        done.move_line_ids._complaint_gate(final=True)
        done._complaint_join_holds()
        done._complaint_tell_counted()
        # sudo: warehouse staff see no complaints, their transfers move them on
        linked = done.sudo().filtered("remedy_line_id")
        returned = linked.filtered(lambda move: move.location_id.usage == "customer")
        returned.remedy_line_id.remedy_id._on_receipt(returned)
        sent = linked - returned
        sent.remedy_line_id.remedy_id._on_shipment(sent)
        # goods of a complaint that go out again change what is back
        (
            done.sudo() - returned
            # sudo: as above
        ).origin_returned_move_id.remedy_line_id.remedy_id._sync_state()
        self.env["quality.complaint.loan"]._loans_of(done)._follow_moves()
        return done

    def _action_assign(self, force_qty=False):
        # a return of a complaint expects what was complained of: its lines are made by
        # the remedy, those Odoo would choose were deleted at once
        expected = (
            self.filtered("remedy_line_id")
            if self.env.context.get("complaint_lines_follow")
            else self.browse()
        )
        return super(StockMove, self - expected)._action_assign(force_qty=force_qty)

    def _action_cancel(self):
        remedies = self.sudo().remedy_line_id.remedy_id  # sudo: see `_action_done`
        result = super()._action_cancel()
        remedies._sync_state()
        self.env["quality.complaint.loan"]._loans_of(self)._follow_moves()
        return result

    def unlink(self):
        remedies = self.sudo().remedy_line_id.remedy_id  # sudo: see `_action_done`
        loans = self.env["quality.complaint.loan"]._loans_of(self)
        result = super().unlink()
        remedies._sync_state()
        loans._follow_moves()
        return result

    # === goods of a remedy ===

    def _avoid_lots_complained_of(self):
        """The move in a context that keeps reservation from lots complained of, when it
        sends goods of a remedy.
        """
        line = self.sudo().remedy_line_id  # sudo: as in `_action_done`
        if (
            not line
            or line.kind not in FREE_KINDS
            or self.product_id.tracking == "none"
        ):
            return self
        return self.with_context(
            complaint_avoided_lot_ids=line._lots_complained_of().ids
        )

    def _complaint_goods_to_take(self, place, lot=None):
        """The move in a context that keeps reservation from goods it must not take.

        :param place: `stock.location` it takes them from
        """
        move = self if lot else self._avoid_lots_complained_of()
        holds = self.env["quality.complaint.hold"]
        # sudo: read by everybody's reservation
        if holds._any_standing() and (
            self.product_id.product_tmpl_id.sudo().complaint_held
        ):
            way = self._complaint_takes_away(place, self.location_dest_id)
            if way:
                move = move.with_context(
                    complaint_not_on_hold=self.company_id.id,
                    complaint_for_production=way == "production",
                )
        return move

    def _update_reserved_quantity_vals(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        move = self._complaint_goods_to_take(location_id, lot_id)
        if lot_id and move._complaint_is_held(lot_id):
            # what the step before brought: reservation goes on with other goods
            return [], 0
        return super(StockMove, move)._update_reserved_quantity_vals(
            need,
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )

    def _complaint_is_held(self, lot):
        """Whether a lot is on hold for the move, in the context of
        `_complaint_goods_to_take`.
        """
        company = self.env.context.get("complaint_not_on_hold")
        if not company or not lot.sudo().complaint_held:  # sudo: as above
            return False
        # sudo: goods on hold are left alone whoever reserves
        rows = self.env["quality.complaint.hold.lot"].sudo()
        held = rows._of_company(self.env["res.company"].browse(company))
        held &= Domain("lot_id", "=", lot.id)
        if self.env.context.get("complaint_for_production"):
            held &= Domain("state", "!=", "rework")
        return bool(rows.search_count(held, limit=1))

    def _set_quantity_done_prepare_vals(self, qty):
        # a typed quantity takes other goods than those on hold
        move = self._complaint_goods_to_take(self.location_id)
        return super(StockMove, move)._set_quantity_done_prepare_vals(qty)

    def _get_available_quantity(
        self,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        move = (
            self._complaint_goods_to_take(location_id, lot_id)
            if len(self) == 1
            else self
        )
        return super(StockMove, move)._get_available_quantity(
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            allow_negative=allow_negative,
        )

    def _complaint_take_lots_of(self, receipt):
        """Plan exactly the lots that a receipt brought and that are not gone yet; Odoo
        would take any lot of the location.
        """
        self.ensure_one()
        if self.product_id.tracking == "none":
            return
        left, unit = self.product_qty, self.product_id.uom_id
        taken = {}
        for goods, here in self._complaint_lots_of(receipt):
            quantity = min(here, left)
            if unit.compare(quantity, 0.0) > 0:
                left -= quantity
                taken[goods] = taken.get(goods, 0.0) + quantity
        vals = {**self._prepare_move_line_vals(), "product_uom_id": unit.id}
        # clearing would leave them behind without a move, their goods still reserved
        self.move_line_ids.unlink()
        self.move_line_ids = [
            Command.create(
                {
                    **vals,
                    "lot_id": lot.id,
                    "owner_id": owner.id,
                    "package_id": package.id,
                    "quantity": quantity,
                }
            )
            for (lot, owner, package), quantity in taken.items()
        ]

    def _complaint_lots_of(self, receipt):
        """Goods of a receipt that are here, in the order in which this move takes them.

        :return: list of ((lot, owner, package), quantity in the product's unit); the
            same goods may come more than once
        """
        self.ensure_one()
        others = (
            receipt.returned_move_ids.filtered(lambda move: move.state != "cancel")
            - self
        )
        gone = {
            key: sum(lines.mapped("quantity_product_uom"))
            for key, lines in others.move_line_ids.grouped(
                lambda line: (line.lot_id, line.owner_id, line.package_id)
            ).items()
        }
        return [
            (key, sum(lines.mapped("quantity_product_uom")) - gone.get(key, 0.0))
            for key, lines in receipt.move_line_ids.grouped(
                lambda line: (line.lot_id, line.owner_id, line.result_package_id)
            ).items()
        ]

    def _complaint_by_holder(self, lot, incoming=False):
        """Quantity of a lot (an empty lot means goods without lots) by owner and
        package, in the product's unit.

        :param bool incoming: look at the packages the goods came from, not those they
            went in
        :return: {(owner, package): quantity}
        """
        self.ensure_one()
        held = {}
        for line in self.move_line_ids.filtered(lambda line: line.lot_id == lot):
            holder = (
                line.owner_id,
                line.package_id if incoming else line.result_package_id,
            )
            held[holder] = held.get(holder, 0.0) + line.quantity_product_uom
        return held

    # === goods on hold ===

    def _complaint_takes_away(self, start, target, seen=()):
        """Whether goods leave by this way, or by what follows it: to customers, into
        production, to another warehouse or company, out of quarantine, on loan.

        Going back to suppliers, counting, scrap, quarantine and what comes in do not
        count.

        :param start: `stock.location` of the goods
        :param target: where they are moved
        :return: "customer", "production", "elsewhere", or "" when they stay
        """
        if target.usage in AWAY:
            return target.usage if start.usage != target.usage else ""
        if start.usage not in INSIDE:
            return ""
        if target.usage not in INSIDE:
            # what was sold does not leave by another name
            sold = self.sale_line_id and not self.scrap_id and not self.is_inventory
            return "customer" if sold else ""
        if start.usage == "transit" or target.usage == "transit":
            to_other = start.company_id != target.company_id
            return (
                "elsewhere"
                if start.usage == "internal" or (target.usage == "transit" and to_other)
                else ""
            )
        # sudo: which places are safe is no secret
        warehouses = self.env["stock.warehouse"].sudo()
        if target.warehouse_id != start.warehouse_id or not target.warehouse_id:
            if warehouses._complaint_is_safe(target):
                return ""
            # out of quarantine it would be among the goods that are sold
            from_here = start.warehouse_id or warehouses._complaint_is_safe(start)
            return "elsewhere" if from_here else ""
        if warehouses._complaint_is_lent(target):
            return "elsewhere"
        return self._complaint_leads_away(seen)

    def _complaint_leads_away(self, seen):
        """As `_complaint_takes_away`, for what follows this move."""
        for move in self:
            final = move.location_final_id
            if final.usage in AWAY:
                return final.usage
            if final.usage == "transit":
                return "elsewhere"
            for following in move.move_dest_ids:
                if following.state in ("done", "cancel") or following.id in seen:
                    continue
                way = following._complaint_takes_away(
                    following.location_id,
                    following.location_dest_id,
                    (*seen, following.id),
                )
                if way:
                    return way
        return ""

    def _compute_forecast_information(self):
        """What is on hold is not available to moves that would take it away."""
        result = super()._compute_forecast_information()
        holds = self.env["quality.complaint.hold"]
        if holds._any_standing():
            waiting = self.filtered(
                lambda move: (
                    move.state in ("waiting", "confirmed", "partially_available")
                    and move.forecast_availability > 0
                    and not move.forecast_expected_date
                    and move.product_id.product_tmpl_id.complaint_held
                    and move._complaint_takes_away(
                        move.location_id, move.location_dest_id
                    )
                )
            )
            for move in waiting:
                free = move._complaint_goods_to_take(
                    move.location_id
                )._get_available_quantity(move.location_id)
                here = move.product_uom._compute_quantity(
                    move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
                )
                move.forecast_availability = min(
                    move.forecast_availability, here + free
                )
        return result

    def _complaint_join_holds(self):
        """Lots that came in now may fall under a rule that is on hold."""
        holds = self.env["quality.complaint.hold"]
        if holds._any_standing():
            arrived = self.move_line_ids.filtered(
                lambda line: (
                    line.location_id.usage not in INSIDE
                    and line.location_dest_id.usage in INSIDE
                )
            )
            holds._join_standing(arrived.lot_id)

    def _complaint_tell_counted(self):
        """Counting is never stopped, so whoever put goods on hold hears when a count
        takes some of them away: they may lie there under another lot.
        """
        if self.env["quality.complaint.hold"]._any_standing():
            lines = self.filtered("is_inventory").move_line_ids.filtered(
                lambda line: (
                    line.location_id.usage in INSIDE
                    and line.location_dest_id.usage == "inventory"
                )
            )
            # sudo: warehouse staff see no holds
            self.env["quality.complaint.hold.lot"].sudo()._tell_counted(lines.sudo())

    def _complaint_document(self):
        """The transfer or order this move belongs to, and whose work it is; bridges
        know further ones.

        :return: (record or None, `res.users`)
        """
        self.ensure_one()
        transfer = self.picking_id
        users = transfer.user_id or self.sale_line_id.order_id.user_id
        local = users.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return transfer or None, local

    # === reading, for matching and coverage ===

    def _complaint_customer(self):
        """Commercial partner the goods were delivered to."""
        partner = (
            self.sale_line_id.order_id.partner_id
            or self.picking_id.partner_id
            or self.partner_id
        )
        return partner.commercial_partner_id[:1]

    def _complaint_done_quantity(self, lot):
        """Done quantity of lots (none means all) in the move's unit."""
        self.ensure_one()
        lines = self.move_line_ids.filtered(lambda line: not lot or line.lot_id in lot)
        return sum(
            line.product_uom_id._compute_quantity(
                line.quantity, self.product_uom, rounding_method="HALF-UP"
            )
            for line in lines
        )

    def _complaint_returned_quantity(self, lot):
        """Quantity of a lot that is back or on its way back, less what was sent out
        again; in the product's unit.

        Counts every return of the delivered move, whoever made it.
        """
        total = 0.0
        for move in self.returned_move_ids.filtered(
            lambda move: move.state != "cancel"
        ):
            planned = move.remedy_line_id.complaint_line_id.lot_id
            if move.state != "done" and planned:
                quantity = move.product_uom_qty if not lot or lot == planned else 0.0
            elif move.state == "done" or (lot and move.move_line_ids.lot_id):
                quantity = move._complaint_done_quantity(lot)
            else:
                quantity = (
                    move.product_uom_qty
                )  # an open return made by hand, without lots yet: it may be any
            quantity -= sum(
                again._complaint_done_quantity(lot)
                for again in move.returned_move_ids.filtered(
                    lambda again: again.state == "done"
                )
            )
            total += move.product_uom._compute_quantity(
                quantity, move.product_id.uom_id, round=False
            )
        return total

    def _complaint_note_before_invoice(self):
        """Received goods that the order has not invoiced: it invoices less by them, and
        their refund needs no credit note.
        """
        for move in self.filtered(
            lambda move: (
                move.to_refund and move.remedy_line_id.kind in ("return", "refund")
            )
        ):
            line, order_line = move.remedy_line_id, move.sale_line_id
            if (
                not line.complaint_line_id._awaits_invoice()
                or line._sold_as_part()
                or order_line.product_id.invoice_policy != "delivery"
            ):
                continue
            unit = order_line.product_uom_id
            quantity = move.product_uom._compute_quantity(
                move.quantity, unit, round=False
            )
            # the order's quantity is without these goods already
            free = max(
                min(
                    order_line.qty_delivered + quantity - order_line.qty_invoiced,
                    quantity,
                ),
                0.0,
            )
            if unit.compare(free, quantity) == 0:
                line._advance(
                    {
                        "before_invoice": line._rounded(
                            line.before_invoice
                            + line._to_own_unit(move.quantity, move.product_uom)
                        )
                    }
                )
            elif line.kind == "return":
                # an invoice was drafted while they were on their way: they are on it
                move.to_refund = False
                move.modified(["state"])
