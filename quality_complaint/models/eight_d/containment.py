from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools import listed

PLACES = [
    ("customer", "At the customer"),
    ("transit", "In transit"),
    ("finished", "Finished goods"),
    ("wip", "Work in progress"),
    ("supplier", "At the supplier"),
]


class Quality8dContainment(models.Model):
    """Suspect goods at one place: how many, checked, good and bad (D3)."""

    _name = "quality.8d.containment"
    _description = "Containment at a Place"
    _inherit = ["quality.8d.part"]
    _order = "eight_d_id, sequence, id"
    _check_company_auto = True
    _step = "D3"

    sequence = fields.Integer(default=10)
    place = fields.Selection(PLACES, required=True)
    note = fields.Char("Where Exactly")
    lot_id = fields.Many2one(
        "stock.lot", "Lot/Serial Number", check_company=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        ondelete="restrict",
        index="btree_not_null",
        help="Whose goods: one row for each customer, whose copy shows this row only.",
    )
    suspect_quantity = fields.Float("Suspect", digits="Product Unit")
    checked_quantity = fields.Float("Sorted", digits="Product Unit")
    bad_quantity = fields.Float("Bad", digits="Product Unit")
    used_quantity = fields.Float(
        "Used Up", digits="Product Unit", help="Gone before it could be sorted."
    )
    missing_quantity = fields.Float(
        "Not Found",
        digits="Product Unit",
        help="Neither sorted nor known to be used up.",
    )
    good_quantity = fields.Float(
        "Good", compute="_compute_good_quantity", digits="Product Unit"
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    open_quantity = fields.Float(
        "Unchecked", compute="_compute_good_quantity", digits="Product Unit"
    )
    method = fields.Char(help="Sorting, 100 % check, blocking, exchange …")
    user_id = fields.Many2one("res.users", "Owner", domain="[('share', '=', False)]")
    done_on = fields.Date("Date")
    proposed = fields.Boolean(
        readonly=True, help="The suspect quantity was taken from stock."
    )

    @api.depends("place", "note", "lot_id", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        places = dict(self._fields["place"]._description_selection(self.env))
        for row in self:
            lot = row.sudo().lot_id.name  # sudo: the lot's name only
            row.display_name = listed(
                self.env.lang,
                (places.get(row.place), row.partner_id.name, row.note, lot),
                ",",
            )

    @api.depends(
        "suspect_quantity",
        "checked_quantity",
        "bad_quantity",
        "used_quantity",
        "missing_quantity",
    )
    def _compute_good_quantity(self):
        for row in self:
            row.good_quantity = max(row.checked_quantity - row.bad_quantity, 0.0)
            row.open_quantity = max(
                row.suspect_quantity
                - row.checked_quantity
                - row.used_quantity
                - row.missing_quantity,
                0.0,
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.place = "customer"

    def _is_checked(self):
        """Everything suspect was sorted, used up or looked for in vain, by somebody,
        some day.
        """
        self.ensure_one()
        unit = self.product_uom_id or self.env.ref("uom.product_uom_unit")
        accounted = self.checked_quantity + self.used_quantity + self.missing_quantity
        return unit.compare(accounted, self.suspect_quantity) >= 0 and bool(
            self.user_id and self.done_on
        )

    def _is_worked_on(self):
        self.ensure_one()
        return any(
            self[name]
            for name in (
                "checked_quantity",
                "used_quantity",
                "missing_quantity",
                "method",
                "user_id",
                "done_on",
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.eight_d_id._on_suspects_changed()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if "lot_id" in vals:
            self.eight_d_id._on_suspects_changed()
        if "suspect_quantity" in vals or "note" in vals:
            self._advance({"proposed": False})  # somebody knows better
        return result

    @api.constrains("product_id", "lot_id", "product_uom_id")
    def _check_goods(self):
        for row in self:
            product = row.product_id or row.lot_id.product_id
            if row.lot_id and row.lot_id.product_id != product:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is of %(other)s, not of %(product)s. Correct the "
                        "lot or the product.",
                        lot=row.lot_id.name,
                        other=row.lot_id.product_id.display_name,
                        product=product.display_name,
                    )
                )
            if (
                product
                and row.product_uom_id
                and not row.product_uom_id._has_common_reference(product.uom_id)
            ):
                raise ValidationError(
                    self.env._(
                        "%(unit)s cannot be converted to %(product_unit)s, the unit "
                        "of %(product)s. Choose another unit.",
                        unit=row.product_uom_id.name,
                        product_unit=product.uom_id.name,
                        product=product.display_name,
                    )
                )

    @api.constrains("partner_id", "place")
    def _check_partner(self):
        places = dict(self._fields["place"]._description_selection(self.env))
        for row in self.filtered(
            lambda row: row.partner_id and row.place not in ("customer", "transit")
        ):
            raise ValidationError(
                self.env._(
                    "%(report)s: goods of %(customer)s are at the customer or in "
                    "transit, not in “%(place)s”. Correct the place or remove the "
                    "customer.",
                    report=row.eight_d_id.display_name,
                    customer=row.partner_id.display_name,
                    place=places[row.place],
                )
            )

    @api.constrains(
        "suspect_quantity",
        "checked_quantity",
        "bad_quantity",
        "used_quantity",
        "missing_quantity",
    )
    def _check_quantities(self):
        for row in self:
            unit = row.product_uom_id or self.env.ref("uom.product_uom_unit")
            least = min(
                row.suspect_quantity,
                row.checked_quantity,
                row.bad_quantity,
                row.used_quantity,
                row.missing_quantity,
            )
            if least < 0 or unit.compare(row.bad_quantity, row.checked_quantity) > 0:
                places = dict(self._fields["place"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(report)s, %(place)s: quantities cannot be negative, nor "
                        "more bad ones than sorted ones.",
                        report=row.eight_d_id.display_name,
                        place=places[row.place],
                    )
                )


class Quality8d(models.Model):
    _inherit = "quality.8d"

    def action_propose_containment(self):
        """Propose suspect quantities of the lots concerned from stock: at customers, in
        transit, on stock, in production, at the supplier's.

        Rows somebody has worked on stay; proposals nobody has touched are replaced.

        :raise UserError: no lot is known
        """
        self.check_access("write")
        for report in self:
            report._check_changeable("D3")
            # sudo: the lots of the complaints, whoever may see these; quantities are
            # told to those who contain
            lots = report.sudo().lot_ids
            if not lots:
                raise UserError(
                    self.env._(
                        "%s: none of its complaints names a lot. Enter the suspect "
                        "quantities by hand.",
                        report.display_name,
                    )
                )
            untouched = report.containment_ids.filtered(
                lambda row: row.proposed and not row._is_worked_on()
            )
            untouched.unlink()
            known = {
                (row.place, row.lot_id.id, row.partner_id.id)
                for row in report.containment_ids
            }
            # a row of before, for all customers at once, stays the only one of its lot
            rows = [
                vals
                for vals in report._prepare_containment_rows(lots)
                if not known
                & {
                    (vals["place"], vals["lot_id"], vals["partner_id"]),
                    (vals["place"], vals["lot_id"], False),
                }
            ]
            report.containment_ids = [Command.create(vals) for vals in rows]
        return True

    def _prepare_containment_rows(self, lots):
        """
        :param lots: `stock.lot`
        :return: list of values, one per place (at customers: per customer) and lot that
            holds something; quantities in the unit of the product
        """
        self.ensure_one()
        facts = self.env["quality.complaint.lot.facts"]
        found = facts._collect(lots, self.company_id)
        transit, returned, production = (
            self._in_transit(lots),
            self._at_supplier(lots),
            self._in_production(lots),
        )
        rows = []
        for lot, fact in zip(lots, found, strict=True):
            # what is on its way still is in stock until the transfer is done
            moving = min(transit.get(lot, 0.0), fact["stock"])
            reserved, being_made = production.get(lot, (0.0, 0.0))
            reserved = min(reserved, fact["stock"] - moving)
            held = [
                *(
                    ("customer", shipped - came_back, partner or False)
                    for partner, _name, shipped, came_back in fact["customers"]
                ),
                ("transit", moving, False),
                ("finished", fact["stock"] - moving - reserved, False),
                ("wip", reserved + being_made, False),
                ("supplier", returned.get(lot, 0.0), False),
            ]
            for place, quantity, partner in held:
                if lot.product_id.uom_id.compare(quantity, 0.0) > 0:
                    rows.append(
                        {
                            "place": place,
                            "lot_id": lot.id,
                            "product_id": lot.product_id.id,
                            "product_uom_id": lot.product_id.uom_id.id,
                            "partner_id": partner,
                            "suspect_quantity": lot.product_id.uom_id.round(quantity),
                            "proposed": True,
                        }
                    )
        order = [place for place, _label in PLACES]
        return sorted(rows, key=lambda vals: order.index(vals["place"]))

    def _at_supplier(self, lots):
        """What went back to suppliers.

        :return: {lot: quantity in the unit of its product}
        """
        # sudo: quantities only, as above
        lines = self.env["stock.move.line"].sudo()
        back = (
            Domain("lot_id", "in", lots.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
        )
        back &= Domain("location_dest_id.usage", "=", "supplier") & Domain(
            "location_id.usage", "!=", "supplier"
        )
        return dict(lines._read_group(back, ["lot_id"], ["quantity_product_uom:sum"]))

    def _in_production(self, lots):
        """What is being made, or about to be used; bridges know it.

        :return: {lot: (quantity on stock that production has reserved, quantity that is
            not on stock yet)} in the unit of the product
        """
        return {}

    def _in_transit(self, lots):
        """What is on its way to customers or between our own places: picked or reserved
        for outgoing transfers, or lying in transit locations.

        :return: {lot: quantity in the unit of its product}
        """
        # sudo: quantities only, as above
        lines = self.env["stock.move.line"].sudo()
        leaving = (
            Domain("lot_id", "in", lots.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "not in", ("done", "cancel", "draft"))
        )
        leaving &= Domain("picking_code", "=", "outgoing") & Domain(
            "location_id.usage", "=", "internal"
        )
        found = {
            lot: quantity
            for lot, quantity in lines._read_group(
                leaving, ["lot_id"], ["quantity_product_uom:sum"]
            )
        }
        quants = self.env["stock.quant"].sudo()  # sudo: as above
        between = (
            Domain("lot_id", "in", lots.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("location_id.usage", "=", "transit")
        )
        for lot, quantity in quants._read_group(between, ["lot_id"], ["quantity:sum"]):
            found[lot] = found.get(lot, 0.0) + quantity
        return found
