from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from ...tools import listed
from .hold import MAY_ORDER
from .hold_lot import USABLE


class QualityComplaintHold(models.Model):
    """Goods on hold go to quarantine, and what may be used again comes back: by
    transfers that the warehouse carries out.
    """

    _inherit = "quality.complaint.hold"

    can_bring_back = fields.Boolean(
        compute="_compute_can_bring_back", compute_sudo=True
    )
    transfer_ids = fields.Many2many(
        "stock.picking",
        "quality_complaint_hold_quarantine_rel",
        string="Moves to Quarantine",
        readonly=True,
        copy=False,
        guarded=True,
    )
    transfer_count = fields.Integer(compute="_compute_transfer_count")

    @api.depends("transfer_ids")
    def _compute_transfer_count(self):
        for hold in self:
            # sudo: how many, for people without rights in Inventory
            hold.transfer_count = len(hold.sudo().transfer_ids)

    @api.depends("lot_ids.state", "transfer_ids.state")
    def _compute_can_bring_back(self):
        for hold in self:
            hold.can_bring_back = bool(hold._in_quarantine())

    def action_quarantine(self):
        """Plan transfers of what is free of these goods into quarantine: one for each
        warehouse, for the warehouse to carry out.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_group(
            MAY_ORDER, self.env._("Officers of Complaints move goods to quarantine.")
        )
        self._check_standing("standing")
        self.lock_for_update()  # once, also when two people click
        # sudo: the transfers are the warehouse's; officers have no rights there
        made = self.sudo()._create_quarantine_transfers()
        if not made:
            raise UserError(
                self.env._(
                    "Nothing of these goods lies free in a warehouse: it is in "
                    "quarantine already, planned to go there, or gone."
                )
            )
        return self._planned(made)

    def _planned(self, made):
        """Keep transfers that were made for the warehouse, and say which."""
        # sudo: the transfers are the warehouse's
        self.sudo()._advance(
            {"transfer_ids": [Command.link(transfer.id) for transfer in made]}
        )
        text = self.env._(
            "Planned for the warehouse: %s", listed(self.env.lang, made.mapped("name"))
        )
        self.message_post(body=text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _in_quarantine(self):
        """What may be used again and lies in quarantine still.

        :return: `stock.quant`
        """
        self.ensure_one()
        lots = self.lot_ids.filtered(
            lambda row: row.state == "lifted" and row.disposition in USABLE
        ).lot_id
        free = lots.filtered(lambda lot: not lot.complaint_held)
        if not free:
            return self.env["stock.quant"]
        return self._free_quants(Domain("lot_id", "in", free.ids), in_safety=True)

    def _free_quants(self, goods, in_safety):
        """Goods of the hold's companies that lie here and are planned for nothing.

        :param goods: domain of `stock.quant`
        :param bool in_safety: those in quarantine or returned, or the others
        :return: `stock.quant`
        """
        warehouses = self.env["stock.warehouse"]
        here = (
            Domain("location_id.usage", "=", "internal")
            & Domain("company_id", "in", self._companies().ids)
            & Domain("quantity", ">", 0)
        )
        return (
            self.env["stock.quant"]
            .search(goods & here)
            .filtered(
                lambda quant: (
                    warehouses._complaint_is_safe(quant.location_id) == in_safety
                    and quant.product_uom_id.compare(
                        quant.quantity, quant.reserved_quantity
                    )
                    > 0
                )
            )
        )

    def action_bring_back(self):
        """Plan transfers of what may be used again, from quarantine to stock."""
        self.ensure_one()
        self.check_access("write")
        self._check_group(
            MAY_ORDER, self.env._("Officers of Complaints move goods to quarantine.")
        )
        self.lock_for_update()  # once, also when two people click
        hold = self.sudo()  # sudo: as for quarantine
        made = self.env["stock.picking"].sudo()  # sudo: as above
        quants = hold._in_quarantine()
        warehouses = self.env["stock.warehouse"].sudo()  # sudo: as above
        for place, here in quants.grouped("location_id").items():
            warehouse = warehouses.search(
                [
                    "|",
                    ("complaint_quarantine_location_id", "parent_of", place.id),
                    ("complaint_return_location_id", "parent_of", place.id),
                ],
                limit=1,
            )
            if warehouse:
                made |= hold._create_quarantine_transfer(
                    warehouse, here, warehouse.lot_stock_id
                )
        if not made:
            raise UserError(
                self.env._("Nothing that may be used again lies in quarantine.")
            )
        return self._planned(made)

    def _create_quarantine_transfers(self):
        free = self._free_quants(
            self.lot_ids._goods_domain()
            & Domain("location_id.warehouse_id", "!=", False),
            in_safety=False,
        )
        made = self.env["stock.picking"]
        for warehouse, here in free.grouped(
            lambda quant: quant.location_id.warehouse_id
        ).items():
            made |= self._create_quarantine_transfer(warehouse, here)
        return made

    def _create_quarantine_transfer(self, warehouse, quants, target=None):
        """
        :param target: `stock.location`; quarantine by default
        """
        target = target or warehouse._complaint_quarantine_location()
        transfer = (
            self.env["stock.picking"]
            .with_company(warehouse.company_id)
            .create(
                {
                    "picking_type_id": warehouse.int_type_id.id,
                    "location_id": (
                        quants.location_id
                        if len(quants.location_id) == 1
                        else warehouse.view_location_id
                    ).id,
                    "location_dest_id": target.id,
                    "origin": self.name,
                    "note": plaintext2html(f"{self.name}: {self.reason}"),
                    # whoever of the warehouse takes it
                    "user_id": False,
                    "company_id": warehouse.company_id.id,
                    "move_ids": [
                        Command.create(
                            self._prepare_quarantine_move_vals(quant, target)
                        )
                        for quant in quants
                    ],
                }
            )
        )
        transfer.move_ids._action_confirm(merge=False)
        for move, quant in zip(transfer.move_ids, quants, strict=True):
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(),
                        "lot_id": quant.lot_id.id,
                        "package_id": quant.package_id.id,
                        "owner_id": quant.owner_id.id,
                        "location_id": quant.location_id.id,
                        "location_dest_id": target.id,
                        "quantity": move.product_uom_qty,
                    }
                )
            ]
        return transfer

    def _prepare_quarantine_move_vals(self, quant, target):
        return {
            "product_id": quant.product_id.id,
            "product_uom": quant.product_uom_id.id,
            "product_uom_qty": quant.quantity - quant.reserved_quantity,
            "location_id": quant.location_id.id,
            "location_dest_id": target.id,
            "company_id": quant.company_id.id,
        }

    def _call_off(self, rows, note):
        """What need not go to quarantine any more stays where it is."""
        lines = self.transfer_ids.move_line_ids.filtered(
            lambda line: (
                line.state not in ("done", "cancel")
                and not line.picked
                and line.lot_id in rows.lot_id
                and not line.lot_id.complaint_held
            )
        )
        transfers, moves = lines.picking_id, lines.move_id
        moves._action_cancel()
        for transfer in transfers:
            transfer.message_post(body=note)

    def action_view_transfers(self):
        self.ensure_one()
        return self.transfer_ids._get_records_action(name=self.env._("To Quarantine"))
