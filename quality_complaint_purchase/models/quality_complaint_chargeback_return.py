from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from odoo.addons.quality_complaint.tools import goods_in_words


class QualityComplaintChargeback(models.Model):
    """Goods going back to the supplier, through Odoo's return wizard on the receipt."""

    _inherit = "quality.complaint.chargeback"

    def action_create_vendor_return(self):
        """Make the return of the receipt, once: exactly the lot and quantity, from
        where the goods are now.

        :return: action that opens the return, also when it was there already
        :raise UserError: not sent, no receipt, not so many left to return, or the goods
            are not here
        """
        self.ensure_one()
        self._check_officer()
        self._check_state("sent", "answered")
        # sudo: what goes back was put before the supplier; making the return needs no
        # rights in Inventory
        picking = self.sudo()._create_vendor_return()
        return self.env["quality.complaint.remedy"]._view_documents(
            picking, self.env._("Vendor Returns")
        )

    def _create_vendor_return(self):
        """The open or finished vendor return of this complaint; made if there is none.

        :return: `stock.picking`
        """
        self.ensure_one()
        self._lock()
        if known := self._live_moves().picking_id:
            return known
        self._check_returnable()
        places = self._places_of_goods()
        receipt = self.move_id.picking_id
        rows = [
            self._prepare_vendor_return_line_vals(location, quantity)
            for location, quantity in places
        ]
        wizard = receipt._complaint_return_wizard(
            rows, chargeback_location_id=places[0][0].id
        )
        picking = wizard._create_return()
        picking.origin = f"{self.name or self.complaint_id.name}, {picking.origin}"
        for move in picking.move_ids:
            move._do_unreserve()
            move._update_reserved_quantity(
                move.product_qty, move.location_id, lot_id=self.lot_id, strict=False
            )
        picking.move_ids._recompute_state()
        self.message_post(
            body=self.env._(
                "Vendor return %(picking)s made from %(places)s.",
                picking=picking.name,
                places=format_list(
                    self.env, [location.display_name for location, _quantity in places]
                ),
            )
        )
        return picking

    def _live_moves(self):
        # sudo: counted for people who may not open them
        return self.sudo().move_ids.filtered(lambda move: move.state != "cancel")

    @api.model
    def _return_inspected(self, complaint, product, lot, quantity, unit):
        """Vendor return of goods the warehouse inspected, for whoever decides “back to
        the supplier” there.

        Taken: the complaint's live supplier complaint about this product and lot, else
        the only receipt that fits, of which a
        draft is made for the officer to send.

        :param complaint: one `quality.complaint`
        :param product: `product.product` as found
        :param lot: `stock.lot` as found, possibly empty
        :param float quantity: in `unit`
        :return: the `stock.picking`, in superuser mode
        :raise UserError: no receipt fits, or several do: an officer chooses on the
            complaint
        """
        # sudo: the caller has checked that this person may decide on the goods; he sees
        # no complaints
        complaint = complaint.sudo()
        chargeback = complaint.chargeback_ids.filtered(
            lambda row: (
                row.state in ("draft", "sent", "answered")
                and row.move_id
                and (row.product_id, row.lot_id) == (product, lot)
            )
        )[:1]
        if not chargeback:
            complaint._lock_for_suppliers()
            line = complaint.line_ids.filtered(
                lambda line: line.product_id == product
            ).sorted(lambda line: line.lot_id != lot)[:1]
            offered = line._supplier_candidates() if line else []
            candidates = [
                candidate
                for candidate in offered
                if (candidate["product"], candidate["lot"]) == (product, lot)
            ]
            if len(candidates) != 1:
                raise UserError(
                    self.env._(
                        "%(complaint)s: %(count)s receipts of %(product)s fit. Let a "
                        "complaint officer press “Supplier complaint” on it and "
                        "choose.",
                        complaint=complaint.display_name,
                        count=len(candidates),
                        product=product.display_name,
                    )
                )
            candidate = {
                **candidates[0],
                "quantity": unit._compute_quantity(
                    quantity, product.uom_id, rounding_method="HALF-UP"
                ),
            }
            chargeback = complaint.env["quality.complaint.chargeback"].create(
                line._prepare_chargeback_vals(candidate)
            )
        return chargeback._create_vendor_return()

    def _return_quantity(self):
        """Quantity that goes back, in the product's unit."""
        return self.product_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _check_returnable(self):
        """:raise UserError: what keeps these goods from going back on their receipt"""
        self.ensure_one()
        move, product = self.move_id, self.product_id
        if not move:
            raise UserError(
                self.env._(
                    "%s: no receipt is linked to send the goods back on. Make the "
                    "return by hand in Inventory.",
                    self.display_name,
                )
            )
        if not move.picking_id:
            raise UserError(
                self.env._(
                    "%s: the receipt line has no transfer to return. Make the return "
                    "by hand in Inventory.",
                    self.display_name,
                )
            )
        if product.tracking != "none" and not self.lot_id:
            raise UserError(
                self.env._(
                    "%(number)s: say which lot of %(product)s goes back.",
                    number=self.display_name,
                    product=product.display_name,
                )
            )
        unit = product.uom_id
        received = sum(
            line.product_uom_id._compute_quantity(
                line.quantity, unit, rounding_method="HALF-UP"
            )
            for line in move.move_line_ids
            if line.state == "done" and (not self.lot_id or line.lot_id == self.lot_id)
        )
        returned = move._complaint_returned_quantity(self.lot_id)
        wanted = self._return_quantity()
        if unit.compare(returned + wanted, received) > 0:
            raise UserError(
                self.env._(
                    "%(number)s: %(received).12g %(unit)s came in on %(receipt)s and "
                    "%(returned).12g went back or are on their way already; "
                    "%(wanted).12g more cannot.",
                    number=self.display_name,
                    received=received,
                    unit=unit.name,
                    receipt=move.picking_id.name,
                    returned=returned,
                    wanted=wanted,
                )
            )

    def _places_of_goods(self):
        """Where the goods are taken from: where complaint returns wait, then the stock.

        :return: list of (`stock.location`, quantity in the product's unit)
        :raise UserError: they are not here
        """
        self.ensure_one()
        warehouse = self.move_id.picking_id.picking_type_id.warehouse_id
        others = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id), ("id", "!=", warehouse.id)]
        )
        locations = [
            *(warehouse | others).complaint_return_location_id,
            *warehouse.lot_stock_id,
        ]
        unit, left = self.product_id.uom_id, self._return_quantity()
        places = []
        for location in locations:
            here = self.env["stock.quant"]._get_available_quantity(
                self.product_id, location, lot_id=self.lot_id, strict=False
            )
            taken = min(here, left)
            if unit.compare(taken, 0.0) > 0:
                places.append((location, taken))
                left -= taken
        if unit.compare(left, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(number)s: %(missing).12g %(unit)s of %(product)s are not here. "
                    "Wait until they are, or make the return by hand for what is "
                    "there.",
                    number=self.display_name,
                    missing=left,
                    unit=unit.name,
                    product=self._goods(),
                )
            )
        return places

    def _prepare_vendor_return_line_vals(self, location, quantity):
        """Line of the return wizard; its unit is that of the receipt.

        :param float quantity: in the product's unit
        """
        self.ensure_one()
        move = self.move_id
        return {
            "product_id": move.product_id.id,
            "move_id": move.id,
            "quantity": self.product_id.uom_id._compute_quantity(
                quantity, move.product_uom, rounding_method="HALF-UP"
            ),
            "to_refund": self._return_updates_order(),
            "chargeback_id": self.id,
            "chargeback_location_id": location.id,
        }

    def _return_updates_order(self):
        """Whether the return lowers the order's received quantity.

        Not when the credit note was made before without counting on the order: the
        order would ask for a second one.
        """
        return not self._live_account_lines().filtered(
            lambda line: not line.purchase_line_id
        )

    def _warehouse_instruction(self):
        """What the warehouse sends back, on the vendor return."""
        self.ensure_one()
        return self.env._(
            "Back to %(supplier)s: %(goods)s.",
            supplier=self.partner_id.display_name,
            goods=goods_in_words(
                self.env, self.quantity, self.product_uom_id, self._goods()
            ),
        )
