from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from odoo.addons.quality_complaint.tools import goods_in_words, listed, with_lot

LINKS = {"remedy_line_id", "complaint_inspection_id"}


class RepairOrder(models.Model):
    """Repairs of goods that came back: started by the remedy or the inspection,
    reported back to the complaint.
    """

    _inherit = "repair.order"

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
    # compute_sudo: repair staff see the number and what to look for, never the
    # complaint itself
    complaint_number = fields.Char(
        "Complaint", compute="_compute_complaint", compute_sudo=True
    )
    complaint_instruction = fields.Char(
        "What to Look For", compute="_compute_complaint", compute_sudo=True
    )
    complaint_result = fields.Char(
        "Repair Result", copy=False, help="What was found and done, for the complaint."
    )

    # === compute ===

    @api.depends("remedy_line_id", "complaint_inspection_id")
    def _compute_complaint(self):
        for repair in self:
            line = repair._complaint_line()
            repair.complaint_number = (
                line.complaint_id.name
                or repair.complaint_inspection_id.complaint_number
            )
            repair.complaint_instruction = (
                line._warehouse_instruction() if line else False
            )

    def compute_lot_id(self):
        # Odoo would put the only lot of the receipt on each of its orders, also on one
        # for another product; the links are no
        # dependencies: a new lot makes Odoo recompute the quantity
        linked = self.filtered(
            lambda repair: repair.remedy_line_id or repair.complaint_inspection_id
        )
        for repair in linked.filtered("lot_id"):
            repair.lot_id = (
                repair.lot_id
                if repair.lot_id.product_id == repair.product_id
                else False
            )
        return super(RepairOrder, self - linked).compute_lot_id()

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        if any(
            repair.remedy_line_id or repair.complaint_inspection_id
            for repair in repairs
        ):
            self._check_complaint_link()
        return repairs

    def write(self, vals):
        if LINKS & vals.keys():
            self._check_complaint_link()
        before = {repair: repair.state for repair in self} if "state" in vals else {}
        result = super().write(vals)
        # whatever sets the status comes by here, also the buttons of other apps
        self.filtered(
            lambda repair: repair in before and repair.state != before[repair]
        )._on_complaint_repair()
        return result

    def unlink(self):
        # sudo: repair staff see no complaints, their orders move them on
        linked = self.sudo().filtered("remedy_line_id")
        remedies = linked.remedy_line_id.remedy_id
        # what is confirmed is cancelled by Odoo first, and told then
        drafts = {
            remedy: group.mapped("name")
            for remedy, group in linked.filtered(lambda repair: repair.state == "draft")
            .grouped(lambda repair: repair.remedy_line_id.remedy_id)
            .items()
        }
        result = super().unlink()
        for remedy, names in drafts.items():
            remedy._on_repair_given_up(names)
        remedies._sync_state()
        return result

    def _check_complaint_link(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "A repair order is linked to a complaint by its remedy or the "
                    "inspection result, not by hand."
                )
            )

    # === reporting back ===

    def _on_complaint_repair(self):
        """Called when the status of orders has changed: what is repaired goes back to
        the customer, what is cancelled goes before the handler.
        """
        # sudo: repair staff see no complaints, their orders move them on
        repairs = self.sudo().filtered(
            lambda repair: repair.remedy_line_id or repair.complaint_inspection_id
        )
        for repair in repairs.filtered(lambda repair: repair.state == "done"):
            repair._complaint().message_post(body=repair._complaint_result_note())
        for remedy, group in (
            repairs.filtered("remedy_line_id")
            .grouped(lambda repair: repair.remedy_line_id.remedy_id)
            .items()
        ):
            if any(repair.state == "done" for repair in group):
                remedy._try_follow_up()
            cancelled = group.filtered(lambda repair: repair.state == "cancel")
            if cancelled:
                remedy._on_repair_given_up(cancelled.mapped("name"))
            remedy._sync_state()

    def _complaint_result_note(self):
        """What the complaint is told when the repair is done."""
        self.ensure_one()
        parts = [
            f"{part['type']} {part['quantity']} {part['unit']} {part['product']}"
            for part in self._complaint_parts()
        ]
        return self.env._(
            "%(order)s: %(goods)s repaired. %(result)s %(parts)s",
            order=self.name,
            goods=goods_in_words(
                self.env, self.product_qty, self.product_uom, self._complaint_label()
            ),
            result=self.complaint_result or "",
            parts=format_list(self.env, parts) if parts else self.env._("No parts."),
        )

    # === reading ===

    def _complaint_line(self):
        """The remedy line whose goods are repaired; of a mere return for inspection as
        well.
        """
        self.ensure_one()
        inspection = self.complaint_inspection_id
        return (
            self.remedy_line_id
            or inspection.move_id.remedy_line_id
            or inspection.picking_id.move_ids.remedy_line_id[:1]
        )

    def _complaint(self):
        return (
            self._complaint_line().complaint_id
            or self.complaint_inspection_id.complaint_id
        )

    def _complaint_label(self):
        self.ensure_one()
        return with_lot(self.product_id.display_name, self.lot_id.name)

    def _complaint_quantity(self, unit=None):
        """Quantity of these orders in a unit, the product's unless given."""
        return sum(
            repair.product_uom._compute_quantity(
                repair.product_qty, unit or repair.product_id.uom_id, round=False
            )
            for repair in self
        )

    def _complaint_quantities_by_lot(self):
        """:return: dict {lot: quantity in the product's unit}"""
        return {
            lot: repairs._complaint_quantity()
            for lot, repairs in self.grouped("lot_id").items()
        }

    def _complaint_parts_cost(self):
        """Value of the parts consumed, less the value of those taken out, in the
        company's currency.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move.repair_line_type
        )
        added = moves.filtered(lambda move: move.repair_line_type == "add")
        return self.company_id.currency_id.round(
            sum(added.mapped("value")) - sum((moves - added).mapped("value"))
        )

    def _complaint_parts(self):
        """Parts of an order for people: those used when it is done, else those planned.

        :return: list of dict with type, product, quantity and unit as text, cost
            formatted (False as long as it is not known)
        """
        self.ensure_one()
        types = dict(
            self.move_ids._fields["repair_line_type"]._description_selection(self.env)
        )
        currency = self.company_id.currency_id
        return [
            {
                "type": types.get(move.repair_line_type),
                "product": move.product_id.display_name,
                "quantity": f"{move.quantity if move.state == 'done' else move.product_uom_qty:.12g}",  # noqa: E501
                "unit": move.product_uom.name,
                "cost": currency.format(
                    move.value if move.repair_line_type == "add" else -move.value
                )
                if move.state == "done"
                else False,
            }
            for move in self.move_ids.filtered(lambda move: move.state != "cancel")
        ]

    def _complaint_summary(self):
        """The orders as a table, for people who may not open them: status, parts with
        their cost, result.
        """
        if not self:
            return False
        states = dict(self._fields["state"]._description_selection(self.env))
        rows = [
            {
                "name": repair.name,
                "goods": (
                    f"{repair.product_qty:.12g} {repair.product_uom.name} "
                    f"{repair._complaint_label()}"
                ),
                "state": states[repair.state],
                "parts": repair._complaint_parts(),
                "cost": repair.company_id.currency_id.format(
                    repair._complaint_parts_cost()
                )
                if repair.state == "done"
                else False,
                "result": repair.complaint_result,
            }
            for repair in self.sorted("id")
        ]
        return self.env["ir.qweb"]._render(
            "quality_complaint_repair.repair_summary", {"rows": rows}
        )

    # === values ===

    @api.model
    def _prepare_complaint_notes(self, complaint_line, number, instruction):
        """What the repair staff reads first: complaint, defect, what to look for."""
        facts = [
            (self.env._("Complaint"), number),
            (
                self.env._("Defect"),
                listed(
                    self.env.lang,
                    (complaint_line.defect_id.name, complaint_line.note),
                    ",",
                ),
            ),
            (self.env._("What to look for"), instruction),
        ]
        return Markup().join(
            Markup("<p><strong>%s</strong> %s</p>") % fact for fact in facts if fact[1]
        )

    @api.model
    def _complaint_picking_type(self, receipt):
        """Operation type for repairs of what a transfer brought.

        :raise UserError: none in this company
        """
        repair_type = receipt.picking_type_id.warehouse_id.repair_type_id or self.env[
            "stock.picking.type"
        ].search(
            [
                ("code", "=", "repair_operation"),
                ("company_id", "=", receipt.company_id.id),
            ],
            limit=1,
        )
        if not repair_type:
            raise UserError(
                self.env._(
                    "%s has no operation type for repairs.", receipt.company_id.name
                )
            )
        return repair_type
