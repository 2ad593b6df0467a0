from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import goods_in_words, listed

# conditions that say something is wrong with the goods
FAULTS = ("damaged", "defective", "incomplete", "wrong")
# what the warehouse found; whoever changes it is the author of the result
FINDING = frozenset({"condition", "no_fault_found"})


class QualityComplaintInspection(models.Model):
    """What the warehouse found when returned goods arrived. Written by warehouse staff,
    who see no complaints.
    """

    _name = "quality.complaint.inspection"
    _description = "Inspection of Returned Goods"
    _inherit = [
        "quality.complaint.guarded",
        "quality.complaint.files",
        "quality.complaint.spared",
    ]
    _order = "picking_id, id"
    _check_company_auto = True

    picking_id = fields.Many2one(
        "stock.picking",
        "Receipt",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        fixed=True,
    )
    move_id = fields.Many2one(
        "stock.move", "Receipt Line", index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="picking_id.company_id", store=True, index=True
    )
    complaint_id = fields.Many2one(
        "quality.complaint",
        compute="_compute_complaint_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        ondelete="set null",
    )
    complaint_number = fields.Char(
        compute="_compute_complaint_number", compute_sudo=True
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot as Found",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        index="btree_not_null",
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    condition = fields.Selection(
        [
            ("as_new", "As new, unopened"),
            ("used", "Used"),
            ("damaged", "Damaged"),
            ("defective", "Defective as reported"),
            ("incomplete", "Incomplete"),
            ("wrong", "Other goods"),
        ],
        required=True,
        help="What was found; nothing is taken for granted.",
    )
    no_fault_found = fields.Boolean()
    grade = fields.Selection(
        [
            ("a", "A: as new"),
            ("b", "B: goods as new, outer package not"),
            ("c", "C: can be put right"),
            ("d", "D: waste"),
        ],
        help="Condition in a letter; it proposes what becomes of the goods.",
    )
    disposition = fields.Selection(
        [
            ("restock", "Restock"),
            ("repack", "New outer package"),
            ("scrap", "Scrap"),
            ("repair", "Repair"),
            ("supplier", "Back to the supplier"),
            ("customer", "Back to the customer"),
        ],
        help="What should happen to the goods.",
    )
    note = fields.Char()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "quality_complaint_inspection_attachment_rel",
        string="Photos",
        bypass_search_access=True,
    )
    inspected_by_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        guarded=True,
    )
    inspected_on = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False, guarded=True
    )

    @api.depends("product_id", "picking_id")
    def _compute_display_name(self):
        for inspection in self:
            inspection.display_name = listed(
                self.env.lang,
                (inspection.product_id.display_name, inspection.picking_id.name),
                ",",
            )

    def _condition_label(self):
        conditions = self._fields["condition"]._description_selection(self.env)
        return dict(conditions)[self.condition]

    @api.depends("move_id.remedy_line_id", "picking_id.move_ids.remedy_line_id")
    def _compute_complaint_id(self):
        for inspection in self:
            remedy_lines = (
                inspection.move_id.remedy_line_id
                or inspection.picking_id.move_ids.remedy_line_id
            )
            inspection.complaint_id = remedy_lines.complaint_id[:1]

    @api.depends("complaint_id.name")
    def _compute_complaint_number(self):
        for inspection in self:
            inspection.complaint_number = inspection.complaint_id.name

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for inspection in self:
            inspection.product_uom_id = (
                inspection.move_id.product_uom or inspection.product_id.uom_id
            )

    @api.constrains("quantity")
    def _check_quantity(self):
        for inspection in self:
            if not inspection.quantity > 0:
                raise ValidationError(
                    self.env._(
                        "Inspection of %s: the quantity must be more than zero.",
                        inspection.product_id.display_name,
                    )
                )

    @api.constrains("condition", "no_fault_found")
    def _check_finding(self):
        for inspection in self.filtered("no_fault_found"):
            if inspection.condition in FAULTS:
                raise ValidationError(
                    self.env._(
                        "%(product)s: “No Fault Found” and “%(condition)s” exclude "
                        "each other. Clear one of them, or enter the pieces in two "
                        "results.",
                        product=inspection.product_id.display_name,
                        condition=inspection._condition_label(),
                    )
                )

    @api.constrains("picking_id", "move_id")
    def _check_move(self):
        for inspection in self:
            # which complaint it reports to follows from the move: it must be one of
            # this receipt
            if (
                inspection.move_id
                and inspection.move_id.picking_id != inspection.picking_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(move)s is no line of %(receipt)s.",
                        move=inspection.move_id.display_name,
                        receipt=inspection.picking_id.name,
                    )
                )

    # === onchange ===

    @api.onchange("condition")
    def _onchange_condition(self):
        if self.condition in FAULTS:
            self.no_fault_found = False

    @api.onchange("grade")
    def _onchange_grade(self):
        self.disposition = self._proposed_disposition() or self.disposition

    def _proposed_disposition(self):
        """What a grade proposes; of what can be put right what the company has an app
        for.

        :return: a disposition, or False
        """
        proposed = {
            "a": ("restock",),
            "b": ("repack",),
            "c": ("rework", "repair"),
            "d": ("scrap",),
        }
        return next(
            (
                name
                for name in proposed.get(self.grade, ())
                if hasattr(self, f"_dispose_{name}")
            ),
            False,
        )

    @api.onchange("no_fault_found")
    def _onchange_no_fault_found(self):
        if self.no_fault_found and self.condition in FAULTS:
            self.condition = False

    # === CRUD ===

    @api.model
    def default_get(self, fields):
        """A new result of a receipt proposes the next goods that nobody has looked at
        yet.
        """
        values = super().default_get(fields)
        picking = self.env["stock.picking"].browse(values.get("picking_id")).exists()
        proposed = (
            next(iter(picking._prepare_inspection_vals()), {})
            if picking and not values.get("product_id")
            else {}
        )
        return {
            **{name: value for name, value in proposed.items() if name in fields},
            **values,
            **({"quantity": proposed["quantity"]} if proposed else {}),
        }

    def _sign_finding(self, vals):
        """Whoever writes what was found stands for it."""
        if vals.keys() & FINDING and not self.env.su:
            self._advance(
                {"inspected_by_id": self.env.uid, "inspected_on": fields.Datetime.now()}
            )

    def action_record(self):
        """Saved by the button; asks for the next goods, or lists what was found."""
        self.ensure_one()
        picking = self.picking_id
        if picking._prepare_inspection_vals():
            return picking._ask_inspection()
        return picking._open_inspections()

    def action_open_form(self):
        """The same result on a page of its own, for photos and on a phone."""
        self.ensure_one()
        return self._get_records_action(target="new", context={})

    def _outcome_text(self):
        """What else is said of it, each in a sentence."""
        texts = []
        if self.no_fault_found:
            texts.append(self.env._(" No fault found."))
        if self.disposition:
            ways = self._fields["disposition"]._description_selection(self.env)
            texts.append(self.env._(" Disposition: %s.", dict(ways)[self.disposition]))
        return "".join(texts)

    def _tell_complaint(self):
        """The result is noted on the complaint."""
        for inspection in self.filtered("complaint_id"):
            # sudo: warehouse staff report to a complaint they may not open
            inspection.sudo().complaint_id.message_post(
                body=self.env._(
                    "Inspection on %(receipt)s: %(goods)s, %(condition)s.%(fault)s",
                    receipt=inspection.picking_id.name,
                    goods=goods_in_words(
                        self.env,
                        inspection.quantity,
                        inspection.product_uom_id,
                        inspection.product_id.display_name,
                    ),
                    condition=inspection._condition_label(),
                    fault=inspection._outcome_text(),
                )
            )
