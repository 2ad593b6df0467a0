from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.fields import Command, Domain


class QualityComplaintLoan(models.Model):
    """A machine lent to the customer while theirs is repaired (R4): it goes out and
    comes back by standard transfers and stays ours, at a location of its own.
    """

    _name = "quality.complaint.loan"
    _description = "Loan to the Customer"
    _inherit = [
        "quality.complaint.closed",
        "quality.complaint.guarded",
        "quality.complaint.due",
        "quality.complaint.spared",
    ]
    _due_action = "quality_complaint.action_loan"
    _order = "complaint_id desc, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "quality.complaint",
        required=True,
        index=True,
        ondelete="cascade",
        fixed=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    user_id = fields.Many2one(related="complaint_id.user_id", string="Handler")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('is_storable', '=', True)]",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    due_on = fields.Datetime("Back By", copy=False)
    out_picking_id = fields.Many2one(
        "stock.picking",
        "Delivered By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        guarded=True,
    )
    back_picking_id = fields.Many2one(
        "stock.picking",
        "Returned By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        guarded=True,
    )
    state = fields.Selection(
        [
            ("draft", "Planned"),
            ("going", "On the Way"),
            ("lent", "At the Customer's"),
            ("coming", "Coming Back"),
            ("back", "Brought back"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        compute="_compute_state",
        compute_sudo=True,
        store=True,
        index=True,
    )
    cancelled = fields.Boolean(readonly=True, copy=False, guarded=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Something is lent: the quantity is more than zero."
    )

    @api.depends("product_id", "lot_id", "complaint_id.name")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = " · ".join(
                filter(
                    None,
                    (
                        loan.complaint_id.display_name,
                        loan.product_id.display_name,
                        loan.lot_id.name,
                    ),
                )
            )

    @api.depends("out_picking_id", "cancelled")
    def _compute_state(self):
        """By what has left and what is back, also where it goes in parts.

        Moves tell it themselves (`_loans_of`): a dependency on their state would ask
        for loans with every transfer of a company that lends nothing.
        """
        for loan in self:
            out = loan._out_moves()
            back = out.returned_move_ids
            unit = loan.product_id.uom_id
            left, returned = loan._done(out), loan._done(back)
            if loan.cancelled:
                loan.state = "cancelled"
            elif left and unit.compare(returned, left) >= 0 and not loan._open(out):
                loan.state = "back"
            elif left:
                loan.state = "coming" if loan._open(back) else "lent"
            else:
                loan.state = "going" if loan._open(out) else "draft"

    @api.model
    def _loans_of(self, moves):
        """Loans that goods of these moves are of, on their way out or back.

        :param moves: `stock.move`
        :return: loans in superuser mode: warehouse staff see none, their transfers
            move them on
        """
        loans = self.sudo()  # sudo: as above
        if not moves or not self._any_row():
            return loans.browse()
        moves = moves.sudo()  # sudo: as above
        pickings = moves.picking_id | moves.origin_returned_move_id.picking_id
        known = pickings.browse()
        while pickings:
            known |= pickings
            pickings = pickings.backorder_id - known
        return loans.search(Domain("out_picking_id", "in", known.ids))

    def _follow_moves(self):
        self.env.add_to_compute(self._fields["state"], self)

    def _out_moves(self):
        """What goes to the customer, in whatever parts."""
        pickings, parts = self.out_picking_id.browse(), self.out_picking_id
        while parts:
            pickings |= parts
            parts = parts.backorder_ids - pickings
        return pickings.move_ids.filtered(
            lambda move: move.product_id == self.product_id
        )

    @api.model
    def _done(self, moves):
        """How much of the product moves have moved, in its own unit."""
        return sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
            for move in moves
            if move.state == "done"
        )

    @api.model
    def _open(self, moves):
        return moves.filtered(lambda move: move.state not in ("done", "cancel"))

    @api.constrains("product_id", "lot_id")
    def _check_lot(self):
        for loan in self:
            if loan.lot_id and loan.lot_id.product_id != loan.product_id:
                raise ValidationError(
                    self.env._(
                        "%(lot)s is a number of %(other)s, not of %(product)s: choose "
                        "one of the goods that are lent.",
                        lot=loan.lot_id.name,
                        other=loan.lot_id.product_id.display_name,
                        product=loan.product_id.display_name,
                    )
                )

    # === due ===

    def _due_running(self):
        return self.filtered(
            lambda loan: loan.due_on and loan.state in ("going", "lent", "coming")
        )

    @api.model
    def _due_running_domain(self):
        return Domain("due_on", "!=", False) & Domain(
            "state", "in", ("going", "lent", "coming")
        )

    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        loans._schedule_notices()
        return loans

    def write(self, vals):
        self._lock_fields(
            vals,
            {"product_id", "lot_id", "quantity"},
            self.filtered(lambda loan: loan.state not in ("draft", "cancelled")),
        )
        result = super().write(vals)
        if "due_on" in vals:
            self._end_notices()
            self._advance({"notice_level": 0, "missed_on": False})
            self._schedule_notices()
        return result

    # === documents ===

    def _claim(self):
        """Its transfers are made once.

        :raise UserError: somebody else is at it
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on “%s” at this moment. Look again in a "
                    "few seconds.",
                    self.display_name,
                )
            ) from error

    def action_lend(self):
        """Make the transfer to the customer, once.

        :return: action that opens it
        :raise UserError: there is no warehouse or no customer to send it to
        """
        self.ensure_one()
        self.check_access("write")
        self._claim()
        if self.state != "draft":
            raise UserError(
                self.env._("“%s” is lent already, or cancelled.", self.display_name)
            )
        complaint = self.complaint_id
        complaint._check_state(
            "registered", "investigating", "planning", "executing", "replied"
        )
        if not complaint.partner_id:
            raise UserError(
                self.env._(
                    "%s has no customer: choose whom the goods are lent to.",
                    complaint.display_name,
                )
            )
        # sudo: an officer lends without being a warehouse user, as remedies are shipped
        warehouse = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)], limit=1)
        )
        if not warehouse:
            raise UserError(
                self.env._("%s has no warehouse to lend from.", self.company_id.name)
            )
        picking = self.env["stock.picking"].sudo().create(self._prepare_vals(warehouse))
        picking.action_confirm()
        move = picking.move_ids
        if self.lot_id:
            move._do_unreserve()
            taken = move._update_reserved_quantity(
                self.quantity, move.location_id, lot_id=self.lot_id, strict=False
            )
            if self.product_uom_id.compare(taken, self.quantity) < 0:
                raise UserError(
                    self.env._(
                        "%(lot)s of %(product)s is not free in %(location)s: choose "
                        "another one, or none to let the warehouse choose.",
                        lot=self.lot_id.name,
                        product=self.product_id.display_name,
                        location=move.location_id.display_name,
                    )
                )
        else:
            picking.action_assign()
        self._advance({"out_picking_id": picking.id})
        self._schedule_notices()
        complaint.message_post(
            body=self.env._(
                "Lent to the customer: %(goods)s (%(transfer)s)",
                goods=self.product_id.display_name,
                transfer=picking._get_html_link(),
            )
        )
        return self._open_picking(picking)

    def _prepare_vals(self, warehouse):
        source, lent = warehouse.lot_stock_id, warehouse._complaint_loan_location()
        address = self.complaint_id.partner_id.address_get(["delivery"])["delivery"]
        return {
            "picking_type_id": warehouse.out_type_id.id,
            "partner_id": address,
            "company_id": self.company_id.id,
            "origin": self.complaint_id.name,
            "location_id": source.id,
            "location_dest_id": lent.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom_qty": self.quantity,
                        "product_uom": self.product_id.uom_id.id,
                        "location_id": source.id,
                        "location_dest_id": lent.id,
                        "company_id": self.company_id.id,
                    }
                )
            ],
        }

    def action_take_back(self):
        """Make the return of the transfer, by Odoo's own return.

        :return: action that opens it
        """
        self.ensure_one()
        self.check_access("write")
        self._claim()
        if self.state != "lent":
            raise UserError(
                self.env._("“%s” is not at the customer's.", self.display_name)
            )
        # sudo: as above
        loan = self.sudo()
        unit = loan.product_uom_id
        there = {
            move: loan._done(move) - loan._done(move.returned_move_ids)
            for move in loan._out_moves()
            if move.state == "done"
        }
        there = {
            move: rest for move, rest in there.items() if unit.compare(rest, 0) > 0
        }
        picking = next(iter(there)).picking_id  # the next part by the next press
        wizard = (
            loan.env["stock.return.picking"]
            .with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = there.get(line.move_id, 0.0)
        action = wizard.action_create_returns()
        picking = self.env["stock.picking"].sudo().browse(action["res_id"])
        self._advance({"back_picking_id": picking.id})
        return self._open_picking(picking)

    def _open_picking(self, picking):
        return picking._get_records_action(name=picking.name)

    def action_open_out(self):
        self.ensure_one()
        return self._open_picking(self.out_picking_id)

    def action_open_back(self):
        self.ensure_one()
        return self._open_picking(self.back_picking_id)

    def action_cancel(self):
        """Give it up before it has left."""
        self.check_access("write")
        for loan in self:
            if loan.state not in ("draft", "going"):
                raise UserError(
                    self.env._(
                        "“%s” has left us: take it back instead.", loan.display_name
                    )
                )
            # sudo: as above
            loan.sudo().out_picking_id.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ).action_cancel()
            loan._advance({"cancelled": True})
            loan._end_notices()
            loan._schedule_notices()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_planned_only(self):
        for loan in self:
            if loan.out_picking_id:
                raise UserError(
                    self.env._(
                        "“%s” has a transfer and belongs to the file.",
                        loan.display_name,
                    )
                )
