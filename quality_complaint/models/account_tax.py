from odoo import api, models

from ..tools.taxed_amount import TaxedAmount


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _complaint_flattened(self):
        """The taxes themselves, of groups those in them, in the order they are
        computed.
        """
        return self._flatten_taxes_and_sort_them()[0]

    def _complaint_of_value(self):
        """Those of these taxes that follow the price; a tax per piece is no less for a
        cheaper piece, as with Odoo's own discounts.
        """
        taxes = self._complaint_flattened()
        following = taxes.filtered(lambda tax: tax._can_be_discounted())
        return self if following == taxes else following

    def _complaint_on(self, untaxed, currency, quantity=1.0):
        """These taxes on an untaxed amount for a number of pieces, also where they are
        included in prices.

        :return: `TaxedAmount`, rounded
        """
        details = self._get_tax_details(
            untaxed / quantity,
            quantity,
            precision_rounding=currency.rounding,
            special_mode="total_excluded",
        )
        return TaxedAmount(
            untaxed, self._complaint_charged(details["taxes_data"], "tax_amount")
        )

    @api.model
    def _complaint_charged(self, taxes_data, field):
        """{tax: amount} of the taxes engine's details; the counterpart of a reverse
        charge is left out, Odoo adds it by itself.
        """
        charged = {}
        for data in taxes_data:
            if not data["is_reverse_charge"]:
                charged[data["tax"]] = charged.get(data["tax"], 0.0) + data[field]
        return charged

    @api.model
    def _complaint_booked_on(self, base_line):
        """`TaxedAmount` of a base line whose taxes are computed and rounded."""
        details = base_line["tax_details"]
        untaxed = (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )
        return TaxedAmount(
            untaxed,
            self._complaint_charged(details["taxes_data"], "tax_amount_currency"),
        )

    @api.model
    def _complaint_make_exact(self, rows, company, currency):
        """Let lines of a new credit note come to exactly what they have to, untaxed and
        in each tax.

        The price is changed where it does not lead there (4 pieces of an invoice in
        dozens are 0.33 dozen). Where rounding still misses,
        the amounts are laid down as Odoo does it for down payments and discounts
        (`extra_tax_data`); they are given up when somebody
        changes price, quantity or discount of the line.

        :param list rows: (values of the line, its `TaxedAmount`); the values are
            changed. Values need `price_unit`, `quantity`, `tax_ids`
        """
        for vals, target in rows:
            charged = 1 - vals.get("discount", 0.0) / 100.0
            if charged and currency.compare_amounts(
                vals["price_unit"] * vals["quantity"] * charged, target.priced
            ):
                vals["price_unit"] = target.priced / vals["quantity"] / charged
        base_lines = [
            self._complaint_base_line(vals, currency) for vals, _target in rows
        ]
        self._add_tax_details_in_base_lines(base_lines, company)
        self._round_base_lines_tax_details(base_lines, company)
        pairs = list(zip(rows, base_lines, strict=True))
        if all(
            self._complaint_booked_on(base_line).equals(target, currency)
            for (_vals, target), base_line in pairs
        ):
            return
        for (
            (vals, target),
            base_line,
            # all of them: where taxes are rounded over the whole note, each one moves
            # the
            # others
        ) in pairs:
            vals["extra_tax_data"] = self._complaint_laid_down(base_line, target)

    @api.model
    def _complaint_base_line(self, vals, currency):
        [(_command, _id, tax_ids)] = vals["tax_ids"]
        return self._prepare_base_line_for_taxes_computation(
            None,
            currency_id=currency,
            tax_ids=self.browse(tax_ids),
            is_refund=True,
            product_id=self.env["product.product"].browse(vals.get("product_id") or ()),
            product_uom_id=self.env["uom.uom"].browse(vals.get("product_uom_id") or ()),
            price_unit=vals["price_unit"],
            quantity=vals["quantity"],
            discount=vals.get("discount", 0.0),
        )

    @api.model
    def _complaint_laid_down(self, base_line, target):
        """`extra_tax_data` that makes a line come to `target`; without taxes the price
        alone does.
        """
        currency, details = base_line["currency_id"], base_line["tax_details"]
        taxes = {}
        for data in details["taxes_data"]:
            if not data["is_reverse_charge"]:
                before = (
                    data["raw_base_amount_currency"]
                    - details["raw_total_excluded_currency"]
                )  # taxes that this one is levied on
                taxes[str(data["tax"].id)] = {
                    "tax_amount_currency": target.taxes.get(data["tax"], 0.0),
                    "base_amount_currency": currency.round(target.untaxed + before),
                }
        if not taxes:
            return False
        return {
            "manual_total_excluded_currency": target.untaxed,
            "manual_tax_amounts": taxes,
            "currency_id": currency.id,
            **{
                name: base_line[name] for name in ("price_unit", "discount", "quantity")
            },
        }
