from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    remedy_line_id = fields.Many2one(
        "quality.complaint.remedy.line",
        "Complaint Remedy",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    complaint_quantity = fields.Float(
        copy=False,
        readonly=True,
        help=(
            "Exact quantity credited, in the unit of the remedy, where the invoice's "
            "unit has to be rounded."
        ),
    )
    complaint_reversed_line_id = fields.Many2one(
        "account.move.line",
        "Credits Invoice Line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    complaint_credit_line_ids = fields.One2many(
        "account.move.line", "complaint_reversed_line_id", "Credited By"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name not in ("remedy_line_id", "complaint_quantity")
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if (
            vals.keys()
            & {"remedy_line_id", "complaint_quantity", "complaint_reversed_line_id"}
            and not self.env.su
        ):
            raise UserError(
                self.env._(
                    "A credit note is linked to a complaint from the remedy (“Link a "
                    "document”)."
                )
            )
        result = super().write(vals)
        if vals.keys() & {
            "quantity",
            "price_unit",
            "discount",
            "product_uom_id",
            "tax_ids",
            "partner_id",
        }:
            # sudo: accountants see no complaints, their documents report to them
            self.sudo().remedy_line_id.remedy_id._watch()
        return result

    def unlink(self):
        remedies = self.sudo().remedy_line_id.remedy_id  # sudo: see `write`
        result = super().unlink()
        remedies._sync_state()
        return result

    def _copy_data_extend_business_fields(self, values):
        # reversals remember which line they credit, so that hand-made credit notes are
        # counted exactly
        result = super()._copy_data_extend_business_fields(values)
        if self.move_id.move_type == "out_invoice" and self.display_type == "product":
            values["complaint_reversed_line_id"] = self.id
        return result

    def _complaint_exact_quantity(self):
        """Credited quantity in the unit of the remedy; the accountant's own change to
        the line counts.
        """
        self.ensure_one()
        line, unit = self.remedy_line_id, self.product_uom_id
        if line.remedy_id.kind != "refund" or not unit:
            return 0.0
        expected = line.product_uom_id._compute_quantity(
            self.complaint_quantity, unit, rounding_method="HALF-UP"
        )
        if self.complaint_quantity and unit.compare(expected, self.quantity) == 0:
            return self.complaint_quantity
        return unit._compute_quantity(self.quantity, line.product_uom_id, round=False)

    def _complaint_booked(self):
        """Untaxed amount in the document's currency as it is booked: with tax in the
        price, the line's subtotal can be a cent off it.
        """
        self.ensure_one()
        return self.move_id.direction_sign * self.amount_currency

    # === cost of goods ===

    def _eligible_for_stock_account(self):
        # goods that stay with the customer stay sold: their cost is no less for being
        # credited
        remedy = (
            self.sudo().remedy_line_id.remedy_id
        )  # sudo: accountants see no complaints
        return super()._eligible_for_stock_account() and (
            not remedy or remedy._needs_goods()
        )

    def _get_cogs_value(self):
        """A remedy takes back the cost its invoice line booked.

        Odoo finds that cost only in the entry reversed, and only where the units are
        the same; else it takes today's cost of the
        product: wrong for a credit note that is paid out, and whenever the cost changed
        since the invoice.
        """
        line = self.sudo()  # sudo: accountants see no complaints
        remedy_line = line.remedy_line_id
        source = (
            line.complaint_reversed_line_id
            or remedy_line.complaint_line_id.invoice_line_id
        )
        if not remedy_line or not source.quantity:
            return super()._get_cogs_value()
        if (
            source.product_id != line.product_id
            # a component of a kit, for whose invoice Odoo 19.0 books no cost: none is
            # taken
            # back
        ):
            return 0.0
        exact = remedy_line.product_uom_id._compute_quantity(
            line._complaint_exact_quantity(), source.product_uom_id, round=False
        )
        # Odoo multiplies by the rounded quantity (0.33 dozen are 3.96 units), the cost
        # is that of the exact one
        quantity = line.product_uom_id._compute_quantity(
            line.quantity, line.product_id.uom_id
        )
        return (
            source._complaint_booked_cost() * exact / source.quantity / quantity
            if quantity
            else 0.0
        )

    def _complaint_booked_cost(self):
        """Cost of goods sold this invoice line booked, in company currency; nothing
        where it booked none.
        """
        self.ensure_one()
        account = self.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.move_id.fiscal_position_id
        )["stock_valuation"]
        lines = self.move_id.line_ids.filtered(
            lambda line: (
                line.display_type == "cogs"
                and line.cogs_origin_id == self
                and line.account_id == account
            )
        )
        return -sum(lines.mapped("balance"))

    def _complaint_changes(self):
        """What somebody changed on a credit note of a remedy besides its amount: {key:
        sentence}.
        """
        self.ensure_one()
        source, note = self.complaint_reversed_line_id, self.move_id
        words = {
            "note": note.name
            if note.name and note.name != "/"
            else self.env._("The draft credit note"),
            "invoice": source.move_id.name,
        }
        found = {}
        if (
            source
            and source.move_id.commercial_partner_id != note.commercial_partner_id
        ):
            found[f"customer:{note.commercial_partner_id.id}"] = self.env._(
                "%(note)s is made out to %(customer)s, not to the customer of "
                "%(invoice)s.",
                **words,
                customer=note.commercial_partner_id.display_name,
            )
        if source and self.tax_ids != source.tax_ids:
            found[f"taxes:{'.'.join(map(str, sorted(self.tax_ids.ids)))}"] = self.env._(
                "%(note)s has other taxes than %(invoice)s.", **words
            )
        return found
