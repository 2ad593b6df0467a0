import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import listed

KINDS = [
    ("lot", "Lot or serial number"),
    ("serials", "Range of serial numbers"),
    ("made", "Made in a period"),
    ("supplier_lot", "Lot of the supplier"),
    ("product", "Whole product"),
]
# what goods of later days may still fall under
RULES = ("serials", "made", "supplier_lot", "product")
NUMBERED = re.compile(r"^(.*?)([0-9]+)$")
DIGITS = re.compile(r"[0-9]+")


class QualityComplaintHoldLine(models.Model):
    """What is to be held: a lot, or a rule that lots fall under, also later ones."""

    _name = "quality.complaint.hold.line"
    _description = "What to Hold"
    _inherit = ["quality.complaint.guarded"]
    _order = "hold_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    hold_id = fields.Many2one(
        "quality.complaint.hold", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="hold_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, "Which Goods", required=True, default="lot")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    first_serial = fields.Char("From Number")
    last_serial = fields.Char("To Number")
    made_from = fields.Date()
    made_to = fields.Date()
    supplier_lot = fields.Char(
        "Supplier's Lot", help="As it stands in “Internal Reference” of the lots."
    )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_of_drafts(self):
        self._check_draft()

    def _check_draft(self):
        """
        :raise UserError: what was ordered is in the file
        """
        for hold in self.hold_id:
            hold._check_standing("draft")

    @api.depends("lot_id")
    def _compute_product_id(self):
        for line in self:
            if line.lot_id:
                line.product_id = line.lot_id.product_id

    @api.constrains(
        "kind", "lot_id", "product_id", "first_serial", "last_serial", "made_from",
        "made_to", "supplier_lot",
    )  # fmt: skip
    def _check_complete(self):
        needed = {
            "lot": ["lot_id"],
            "serials": ["first_serial", "last_serial"],
            "made": ["made_from", "made_to"],
            "supplier_lot": ["supplier_lot"],
        }
        for line in self:
            missing = [
                line._fields[name]._description_string(self.env)
                for name in needed.get(line.kind, ())
                if not line[name]
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "“What to Hold”, %(product)s: %(missing)s is missing.",
                        product=line.product_id.display_name,
                        missing=listed(self.env.lang, missing),
                    )
                )
            if line.lot_id and line.lot_id.product_id != line.product_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not one of %(product)s.",
                        lot=line.lot_id.name,
                        product=line.product_id.display_name,
                    )
                )
            if line.kind == "serials":
                line._range()
            if line.kind == "made" and line.made_from > line.made_to:
                raise ValidationError(
                    self.env._(
                        "“What to Hold”, %s: the period ends before it begins.",
                        line.product_id.display_name,
                    )
                )

    def _range(self):
        """
        :return: (text before the number, first number, last number) of the serials
        :raise ValidationError: the two do not differ in the number at the end alone
        """
        first, last = (
            NUMBERED.match((text or "").strip())
            for text in (self.first_serial, self.last_serial)
        )
        if not first or not last or first[1] != last[1] or int(first[2]) > int(last[2]):
            raise ValidationError(
                self.env._(
                    "%(first)s to %(last)s is no range: both must be the same but for "
                    "the number they end with, the smaller one first.",
                    first=self.first_serial,
                    last=self.last_serial,
                )
            )
        return first[1], int(first[2]), int(last[2])

    def _goods(self):
        """What these lines are about now.

        :return: list of (product, lot or empty), each once
        """
        found = []
        for line in self:
            if line.kind == "lot":
                lots = line.lot_id
            else:
                # sudo: a hold is about the goods, whoever may see them
                lots = (
                    self.env["stock.lot"]
                    .sudo()
                    .search(
                        Domain("product_id", "=", line.product_id.id)
                        & Domain(
                            "company_id", "in", [False, *line.hold_id._companies().ids]
                        )
                        & line._lot_domain()
                    )
                )
                lots = line._those_about(lots)
                if line.kind == "product":
                    found.append((line.product_id, lots.browse()))
            found += [(lot.product_id, lot) for lot in lots.with_env(self.env)]
        return list(dict.fromkeys(found))

    def _lot_domain(self):
        if self.kind == "supplier_lot":
            return Domain("ref", "=", self.supplier_lot.strip())
        return Domain.TRUE

    def _those_about(self, lots):
        """The lots that fall under the line.

        :param lots: `stock.lot` of its product, as `_lot_domain` says
        """
        if self.kind == "serials":
            before, first, last = self._range()

            def number(lot):
                text = lot.name.removeprefix(before)
                is_one = lot.name.startswith(before) and DIGITS.fullmatch(text)
                return int(text) if is_one else -1

            return lots.filtered(lambda lot: first <= number(lot) <= last)
        if self.kind == "made":
            dates = self.env["quality.complaint.lot.facts"]._production_dates(lots)
            # sudo: only where the company is
            local = self.with_context(tz=self.company_id.sudo().partner_id.tz or "UTC")

            def day(lot):
                return fields.Datetime.context_timestamp(local, dates[lot]).date()

            return lots.filtered(lambda lot: self.made_from <= day(lot) <= self.made_to)
        return lots

    @api.model
    def _standing_rules(self, lots):
        """Holds whose rules are about lots they do not hold yet.

        :return: {`quality.complaint.hold`: `stock.lot`}
        """
        found = {}
        rules = self.search(
            Domain("hold_id.state", "=", "standing")
            & Domain("kind", "in", RULES)
            & Domain("product_id", "in", lots.product_id.ids)
        )
        for line in rules:
            mine = lots.filtered(
                lambda lot, line=line: (
                    lot.product_id == line.product_id
                    and (
                        not lot.company_id
                        or lot.company_id in line.hold_id._companies()
                    )
                    and lot not in line.hold_id.lot_ids.lot_id
                )
            )
            mine = line._those_about(mine.filtered_domain(line._lot_domain()))
            if mine:
                found[line.hold_id] = found.get(line.hold_id, lots.browse()) | mine
        return found
