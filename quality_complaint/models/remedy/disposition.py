from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command

from ...tools import goods_in_words, listed, with_lot

# dispositions a policy may want released by quality
RELEASED = ("restock", "repack", "rework", "scrap", "supplier")
# a release is for exactly this
RELEASED_FOR = frozenset(
    {
        "disposition",
        "quantity",
        "product_id",
        "lot_id",
        "product_uom_id",
        "condition",
        "no_fault_found",
    }
)


class QualityComplaintInspection(models.Model):
    """What becomes of returned goods after their inspection: standard transfers and
    scrap orders, each once, linked to the result.
    """

    _inherit = "quality.complaint.inspection"

    move_ids = fields.One2many("stock.move", "complaint_inspection_id", "Transfers")
    scrap_ids = fields.One2many(
        "stock.scrap", "complaint_inspection_id", "Scrap Orders"
    )
    disposition_status = fields.Char(
        "Carried Out By",
        compute="_compute_disposition",
        help="The document that carries out the disposition, and how far it is.",
    )
    can_dispose = fields.Boolean(compute="_compute_disposition")
    needs_release = fields.Boolean(
        compute="_compute_release",
        compute_sudo=True,
        help="The policy wants quality to release this disposition first.",
    )
    can_release = fields.Boolean(compute="_compute_can_release")
    released_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, guarded=True
    )
    released_on = fields.Datetime(readonly=True, copy=False, guarded=True)

    @api.depends(
        "disposition", "released_on", "complaint_id.policy_id.disposition_role_id"
    )
    def _compute_release(self):
        for inspection in self:
            role = inspection.complaint_id.policy_id.disposition_role_id
            inspection.needs_release = (
                bool(role)
                and inspection.disposition in RELEASED
                and not inspection.released_on
            )

    @api.depends_context("uid")
    @api.depends("needs_release", "inspected_by_id")
    def _compute_can_release(self):
        for inspection in self:
            inspection.can_release = (
                inspection.needs_release
                and inspection.inspected_by_id != self.env.user
                and self.env.user in inspection._release_holders()
            )

    @api.depends("disposition", "needs_release", "move_ids.state", "scrap_ids.state")
    @api.depends_context("lang")
    def _compute_disposition(self):
        for inspection in self:
            documents = (
                inspection.sudo()._disposition_documents()
            )  # sudo: number and status are shown to people who may not open them
            inspection.disposition_status = (
                listed(
                    self.env.lang,
                    (
                        listed(
                            self.env.lang,
                            (
                                document.name,
                                self.env["quality.complaint.remedy"]._document_status(
                                    document
                                ),
                            ),
                            ":",
                        )
                        for document in documents
                    ),
                )
                or False
            )
            inspection.can_dispose = bool(
                not documents
                and not inspection.needs_release
                and inspection._disposition_method()
            )
            if inspection.needs_release and not documents:
                role = (
                    inspection.sudo().complaint_id.policy_id.disposition_role_id
                )  # sudo: whom it waits for is shown to the warehouse
                inspection.disposition_status = self.env._(
                    "Waiting for release by: %s", role.name
                )

    def _disposition_documents(self):
        """Live documents that carry out the disposition."""
        self.ensure_one()
        return [
            *self.move_ids.picking_id.filtered(
                lambda picking: picking.state != "cancel"
            ),
            *self.scrap_ids,
        ]

    def _disposition_method(self):
        """The method that carries out the chosen disposition; repairs and returns to
        suppliers come with their bridges.
        """
        return (
            getattr(self, f"_dispose_{self.disposition}", None)
            if self.disposition
            else None
        )

    def _settled(self):
        return self.filtered(
            lambda inspection: inspection.sudo()._disposition_documents()
        )  # sudo: only whether there are any

    def _check_unsettled(self, vals):
        """
        :raise UserError: a document carries out what would be changed
        """
        self._lock_fields(
            vals,
            {"disposition", "quantity", "product_id", "lot_id", "product_uom_id"},
            self._settled(),
        )

    def _released_for_other(self, vals):
        """Results that a `write` of these values makes others than what was, or is to
        be, released.
        """
        names = RELEASED_FOR & vals.keys()
        return (
            (self - self._settled()).filtered(
                lambda row: any(row._is_other(name, vals[name]) for name in names)
            )
            if names
            else self.browse()
        )

    def _take_release_back(self):
        self.filtered("released_on")._advance(
            {"released_by_id": False, "released_on": False}
        )
        self._ask_release()

    def _is_other(self, name, value):
        """Whether a value to be written differs from what is stored."""
        return self._fields[name].convert_to_cache(value, self) != self._fields[
            name
        ].convert_to_cache(self[name], self)

    # === release ===

    def _release_holders(self):
        """Who may release the disposition: holders of the policy's role.

        :return: `res.users`
        """
        self.ensure_one()
        complaint = self.sudo().complaint_id  # sudo: rules hold whoever asks
        return (
            complaint.policy_id.disposition_role_id._holders(complaint).with_env(
                self.env
            )
            if complaint
            else self.env["res.users"]
        )

    def _ask_release(self):
        """Put what waits for release before those who may give it, by an activity on
        the complaint.
        """
        for inspection in self.filtered("needs_release"):
            complaint = (
                inspection.sudo().complaint_id
            )  # sudo: warehouse staff ask without seeing the complaint
            for user in complaint._reachable(
                inspection._release_holders() - inspection.inspected_by_id
            ):
                words = (
                    inspection.with_context(lang=user.lang or self.env.lang)
                    .sudo()
                    ._release_summary()
                )
                if words not in complaint.activity_ids.filtered(
                    lambda activity, u=user: activity.user_id == u
                ).mapped("summary"):
                    complaint.activity_schedule(
                        "mail.mail_activity_data_todo", user_id=user.id, summary=words
                    )

    def _release_summary(self):
        """What is to be released, in one line."""
        self.ensure_one()
        dispositions = dict(
            self._fields["disposition"]._description_selection(self.env)
        )
        return self.env._(
            "Release “%(disposition)s”: %(goods)s on %(receipt)s",
            disposition=dispositions.get(self.disposition, ""),
            goods=goods_in_words(
                self.env,
                self.quantity,
                self.product_uom_id,
                self.product_id.display_name,
            ),
            receipt=self.picking_id.name,
        )

    def action_release(self):
        """Quality agrees to the disposition, which the warehouse then carries out.

        :raise UserError: nothing to release, or the own result
        :raise AccessError: the role of the policy is not held
        """
        for inspection in self:
            inspection.check_access("read")
            product = inspection.product_id.display_name
            if not inspection.needs_release:
                raise UserError(
                    self.env._(
                        "%s: nothing waits for a release. Reload the page.", product
                    )
                )
            if inspection.inspected_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "%s: the result is yours; somebody else must release what "
                        "becomes of the goods.",
                        product,
                    )
                )
            if self.env.user not in inspection._release_holders():
                role = (
                    inspection.sudo().complaint_id.policy_id.disposition_role_id
                )  # sudo: see `_release_holders`
                raise AccessError(
                    self.env._(
                        "%(product)s: the disposition is released by the role "
                        "“%(role)s”.",
                        product=product,
                        role=role.name,
                    )
                )
            # sudo: the role was checked above; holders need no right to write results
            # of the warehouse
            row = inspection.sudo()
            summaries = {
                row.with_context(lang=code)._release_summary()
                for code, _name in self.env["res.lang"].get_installed()
            }
            row._advance(
                {"released_by_id": self.env.uid, "released_on": fields.Datetime.now()}
            )
            row.complaint_id.activity_ids.filtered(
                lambda activity, texts=summaries: activity.summary in texts
            ).unlink()
            row.complaint_id.message_post(
                body=self.env._("Released: %s", row._release_summary())
            )
        return True

    def action_dispose(self):
        """Carry out the disposition.

        :return: action that opens the document to be finished, or True
        :raise UserError: nothing chosen, done already, or more than was received
        """
        self.ensure_one()
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is carrying this out at this moment. Look again in "
                    "a few seconds."
                )
            ) from error
        # other results of the receipt share its goods: two at the same moment must not
        # both take them
        self.env["quality.complaint.remedy"]._touch(self.picking_id)
        if self.sudo()._disposition_documents():  # sudo: as above
            raise UserError(
                self.env._(
                    "%(product)s: carried out already by %(documents)s.",
                    product=self.product_id.display_name,
                    documents=self.disposition_status,
                )
            )
        if self.needs_release:
            role = (
                self.sudo().complaint_id.policy_id.disposition_role_id
            )  # sudo: see `_release_holders`
            raise UserError(
                self.env._(
                    "%(product)s: the role “%(role)s” must release what becomes of "
                    "the goods first. It was asked on the complaint.",
                    product=self.product_id.display_name,
                    role=role.name,
                )
            )
        method = self._disposition_method()
        if not method:
            raise UserError(
                self.env._(
                    "%s: choose what should happen to the goods (a repair needs the "
                    "Repairs app, a return to the supplier the Purchase app).",
                    self.product_id.display_name,
                )
            )
        self._check_disposable()
        return method()

    def _check_disposable(self):
        """Only what was received on this receipt, of this lot, and is not given to
        another disposition.
        """
        product, unit = self.product_id, self.product_id.uom_id
        if self.picking_id.state != "done":
            raise UserError(
                self.env._(
                    "%s is not received yet. Validate the receipt first.",
                    self.picking_id.name,
                )
            )
        if product.tracking != "none" and not self.lot_id:
            raise UserError(
                self.env._("%s: enter the lot as found.", product.display_name)
            )
        lines = self._received_lines()
        received = sum(lines.mapped("quantity_product_uom"))
        taken = self._dealt_with()
        wanted = self.product_uom_id._compute_quantity(self.quantity, unit, round=False)
        if unit.compare(wanted, received - taken) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(receipt)s brought %(received).12g %(unit)s of this "
                    "lot and %(taken).12g are dealt with; %(wanted).12g cannot be.",
                    product=product.display_name,
                    receipt=self.picking_id.name,
                    received=received,
                    unit=unit.name,
                    taken=taken,
                    wanted=wanted,
                )
            )

    def _dealt_with(self):
        """Quantity of this lot on this receipt that other results are carried out for,
        in the product's unit.
        """
        others = self.search(
            [
                ("picking_id", "=", self.picking_id.id),
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.lot_id.id),
                ("id", "!=", self.id),
            ]
        )
        others = others.filtered(
            lambda other: other.sudo()._disposition_documents()
        )  # sudo: as above
        return sum(
            other.product_uom_id._compute_quantity(
                other.quantity, self.product_id.uom_id, round=False
            )
            for other in others
        )

    def _received_lines(self):
        """Received move lines of this product and lot."""
        return self.picking_id.move_line_ids.filtered(
            lambda line: (
                line.state == "done"
                and line.product_id == self.product_id
                and (not self.lot_id or line.lot_id == self.lot_id)
            )
        )

    # === dispositions ===

    def _dispose_restock(self):
        """An internal transfer from the returns location to the warehouse's stock,
        ready to be validated.
        """
        lines = self._received_lines()
        warehouse = self.picking_id.picking_type_id.warehouse_id
        picking = self.env["stock.picking"].create(
            self._prepare_transfer_vals(
                lines.location_dest_id[:1],
                warehouse.lot_stock_id,
                warehouse.int_type_id,
            )
        )
        picking.action_confirm()
        self._plan_lot(picking.move_ids)
        return self._open_transfer(picking)

    def _dispose_repack(self):
        """The same transfer; the warehouse gives the goods a new outer package on the
        way (R9, 5.3).
        """
        action = self._dispose_restock()
        # sudo: the note is made by the flow, whoever may change transfers
        self.sudo().move_ids.picking_id.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).note = self.env._(
            "Give the goods a new outer package before they are put away "
            "(complaint %s).",
            self.complaint_number or "",
        )
        return action

    def _warehouse_instruction(self):
        """What becomes of the goods, for whoever moves them."""
        self.ensure_one()
        labels = dict(self._fields["disposition"]._description_selection(self.env))
        return self.disposition and self.env._(
            "%(product)s: %(check)s",
            product=with_lot(self.product_id.display_name, self.lot_id.name),
            check=labels[self.disposition],
        )

    def _prepare_transfer_vals(self, source, destination, picking_type):
        return {
            "picking_type_id": picking_type.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
            "origin": ", ".join(
                filter(None, (self.complaint_number, self.picking_id.name))
            ),
            "move_ids": [
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom": self.product_uom_id.id,
                        "product_uom_qty": self.quantity,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "complaint_inspection_id": self.id,
                    }
                )
            ],
        }

    def _dispose_scrap(self):
        """A scrap order of the lot as found, validated at once."""
        scrap = self.env["stock.scrap"].create(self._prepare_scrap_vals())
        result = scrap.action_validate()
        return result if isinstance(result, dict) else True

    def _prepare_scrap_vals(self):
        nobody = (self.env["res.partner"], self.env["stock.package"])
        owner, package = next(
            (
                holder
                for holder, quantity in self._received_by_holder().items()
                if quantity > 0
            ),
            nobody,
        )
        return {
            "owner_id": owner.id,
            "package_id": package.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "scrap_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "location_id": self._received_lines().location_dest_id[:1].id,
            "company_id": self.company_id.id,
            "origin": ", ".join(
                filter(None, (self.complaint_number, self.picking_id.name))
            ),
            "complaint_inspection_id": self.id,
        }

    def _dispose_customer(self):
        """Back to the customer, e.g. because nothing was wrong: Odoo's return of the
        receipt, with the lot as found.
        """
        move = self._received_lines().move_id[:1]
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, move.product_uom, rounding_method="HALF-UP"
        )
        wizard = self.picking_id._complaint_return_wizard(
            [
                {
                    "product_id": move.product_id.id,
                    "move_id": move.id,
                    "quantity": quantity,
                    "to_refund": move.to_refund,
                }
            ]
        )
        picking = wizard._create_return()
        # sudo: the link is made by the flow only; warehouse staff see no complaints
        picking.sudo().move_ids.write(
            {
                "remedy_line_id": move.sudo().remedy_line_id.id,
                "complaint_inspection_id": self.id,
            }
        )
        self._plan_lot(picking.move_ids)
        return self._open_transfer(picking)

    def _plan_lot(self, move):
        """Plan the lot as found, as it was received: whose it is and in which package;
        Odoo would take any lot of the location.
        """
        unit, left, rows = self.product_id.uom_id, move.product_qty, []
        for (owner, package), quantity in self._received_by_holder().items():
            quantity = min(quantity, left)
            if unit.compare(quantity, 0.0) > 0:
                left -= quantity
                rows.append(
                    {
                        "owner_id": owner.id,
                        "package_id": package.id,
                        "quantity": quantity,
                    }
                )
        if not rows or (
            self.product_id.tracking == "none"
            and not any(row["owner_id"] or row["package_id"] for row in rows)
        ):
            move._action_assign()
            return
        rows[-1]["quantity"] += left
        vals = {
            **move._prepare_move_line_vals(),
            "lot_id": self.lot_id.id,
            "product_uom_id": unit.id,
        }
        # clearing would leave them behind without a move, their goods still reserved
        move.move_line_ids.unlink()
        move.move_line_ids = [Command.create({**vals, **row}) for row in rows]

    def _received_by_holder(self):
        """What was received of this lot and no other result is carried out for, by
        owner and package, in the product's unit.
        """
        taken, held = self._dealt_with(), {}
        for line in self._received_lines():
            free = max(line.quantity_product_uom - taken, 0.0)
            taken = max(taken - line.quantity_product_uom, 0.0)
            holder = (line.owner_id, line.result_package_id)
            held[holder] = held.get(holder, 0.0) + free
        return held

    def _open_transfer(self, picking):
        return picking._get_records_action(context={})
