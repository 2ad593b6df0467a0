from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class QualityComplaintInspection(models.Model):
    """The disposition “Repair”: a repair order of the lot as found."""

    _inherit = "quality.complaint.inspection"

    repair_ids = fields.One2many(
        "repair.order", "complaint_inspection_id", "Repair Orders"
    )

    @api.depends("repair_ids.state")
    def _compute_disposition(self):
        return super()._compute_disposition()

    def _disposition_documents(self):
        return [
            *super()._disposition_documents(),
            *self.repair_ids.filtered(lambda repair: repair.state != "cancel"),
        ]

    def _own_remedy_line(self):
        """The line of the remedy that brought the goods."""
        self.ensure_one()
        inspection = self.sudo()  # sudo: warehouse staff see no complaints
        moves = inspection.move_id or inspection.picking_id.move_ids.filtered(
            lambda move: move.product_id == inspection.product_id
        )
        return moves.remedy_line_id[:1]

    def _free_repairs(self):
        """Live repair orders of this lot that no inspection result has taken yet."""
        self.ensure_one()
        line = self._own_remedy_line()
        repairs = (
            self.env["repair.order"]
            .sudo()
            .search(  # sudo: orders of the goods, whoever may open them
                [
                    ("picking_id", "=", self.picking_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("lot_id", "=", self.lot_id.id),
                    ("complaint_inspection_id", "=", False),
                    ("state", "!=", "cancel"),
                ],
                order="id",
            )
        )
        # several remedies may share a receipt
        return repairs.filtered(
            lambda repair: (
                not repair.remedy_line_id
                or not line
                or line.kind == "return"
                or repair.remedy_line_id == line
            )
        )

    def _check_disposable(self):
        result = super()._check_disposable()
        repairs = self._free_repairs()
        if self.disposition == "repair" or not repairs:
            return result
        unit = self.product_id.uom_id
        received = sum(self._received_lines().mapped("quantity_product_uom"))
        wanted = self.product_uom_id._compute_quantity(self.quantity, unit, round=False)
        if (
            unit.compare(
                wanted, received - self._dealt_with() - repairs._complaint_quantity()
            )
            > 0
        ):
            raise UserError(
                self.env._(
                    "%(product)s: repair order %(orders)s is for these goods. Reduce "
                    "its quantity or cancel it first.",
                    product=self.product_id.display_name,
                    orders=format_list(self.env, repairs.mapped("name")),
                )
            )
        return result

    def _dispose_repair(self):
        """The repair order of the lot as found: the one of the remedy when there is
        one, reduced to what shall be repaired, else a new one.
        """
        line = self._own_remedy_line()
        self.env["repair.order"].check_access("create")
        if line:
            line.remedy_id._lock()  # the remedy makes orders for the same goods
        unit = self.product_id.uom_id
        left = self.product_uom_id._compute_quantity(
            self.quantity, unit, rounding_method="HALF-UP"
        )
        received = sum(self._received_lines().mapped("quantity_product_uom"))
        known = self._free_repairs()
        spare = received - self._dealt_with() - known._complaint_quantity()
        taken = self.env["repair.order"]
        for repair in known if unit.compare(left, spare) > 0 else known.browse():
            if unit.compare(left, 0.0) <= 0:
                break
            if (
                repair.state != "done"
                and unit.compare(repair._complaint_quantity(), left) > 0
            ):
                repair.product_qty = unit._compute_quantity(
                    left, repair.product_uom, rounding_method="HALF-UP"
                )
            left -= repair._complaint_quantity()
            taken |= repair
        # sudo: the links are made by the flow only; warehouse staff see no complaints
        taken.sudo().complaint_inspection_id = self
        if unit.compare(left, 0.0) > 0:
            repair = taken.sudo().create(self._prepare_repair_vals(left))
            warning = repair.action_validate()
            taken |= repair
            if isinstance(warning, dict):
                return warning
        line.remedy_id._sync_state()
        return self.env["quality.complaint.remedy"]._view_documents(
            taken, self.env._("Repairs")
        )

    def _prepare_repair_vals(self, quantity):
        """Values of a new repair order.

        :param quantity: in the product's unit
        """
        repairs, line = self.env["repair.order"], self._own_remedy_line()
        location = self._received_lines().location_dest_id[:1]
        # sudo: the customer and what is complained of, for repair staff who see no
        # complaints
        customer = self.sudo().complaint_id.partner_id or self.picking_id.partner_id
        notes = repairs._prepare_complaint_notes(
            line.complaint_line_id,
            self.complaint_number,
            line._warehouse_instruction() if line else False,
        )
        return {
            "complaint_inspection_id": self.id,
            "remedy_line_id": line.id if line.kind == "repair" else False,
            "company_id": self.company_id.id,
            "picking_type_id": repairs._complaint_picking_type(self.picking_id).id,
            "picking_id": self.picking_id.id,
            "partner_id": customer.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "product_qty": quantity,
            "product_uom": self.product_id.uom_id.id,
            "product_location_src_id": location.id,
            "product_location_dest_id": location.id,
            "under_warranty": True,
            "user_id": False,
            "internal_notes": notes,
        }
