from odoo import models

from ..tools.taxed_amount import TaxedAmount, spread


class AccountMove(models.Model):
    """What was paid for each line of an invoice when discounts stand on lines of their
    own.
    """

    _inherit = "account.move"

    def _complaint_booked(self):
        """What is booked on each product line, taxes as they were rounded or corrected
        on this document.

        :return: {`account.move.line`: `TaxedAmount`}, in the document's currency,
            positive where the document's total rises
        """
        self.ensure_one()
        tax = self.env["account.tax"]
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        return {
            base_line["record"]: TaxedAmount(
                base_line["record"]._complaint_booked(),
                tax._complaint_booked_on(base_line).taxes,
            )
            for base_line in base_lines
            if base_line["record"].display_type == "product"
        }

    def _complaint_shares(self):
        """How the discounts that stand on lines of their own spread over what they were
        given for, in proportion to its price.

        Narrow ones first: a discount on all of it was reckoned from what the others
        left.

        :return: {discount line: {line it was given for: weight}}
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        discounts = lines.filtered(lambda line: line._complaint_is_discount())
        goods = lines._complaint_goods()
        price = {line: line._complaint_booked() for line in goods}
        given_for = {
            discount: discount._complaint_discounted(goods) for discount in discounts
        }
        shares = {}
        for discount in discounts.sorted(
            lambda line: (len(given_for[line]), line.sequence, line.id)
        ):
            weights = {
                line: price[line] for line in given_for[discount] if price[line] > 0
            }
            if not weights:
                weights = {
                    line: line._complaint_booked() for line in given_for[discount]
                }
            shares[discount] = weights
            total = sum(weights.values())
            for line, weight in weights.items():
                price[line] += discount._complaint_booked() * weight / total
        return shares

    def _complaint_paid_by_line(self):
        """What was paid for each line: as booked, less its share of the discounts given
        for it.

        :return: {`account.move.line`: `TaxedAmount`}, rounded; discounts that were
            given for nothing on this invoice stay as they are
        """
        self.ensure_one()
        paid = self._complaint_booked()
        for discount, weights in self._complaint_shares().items():
            parts = spread(paid[discount], weights, self.currency_id)
            if parts:
                del paid[discount]
            for line, part in parts.items():
                paid[line] += part
        return paid


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _complaint_rewards(self):
        """Rewards of promotions, coupons and cards on these lines, where Odoo's loyalty
        programs are installed; else nothing.
        """
        orders = (
            self.sudo().sale_line_ids
        )  # sudo: read for people without access to Sales
        return orders.reward_id if "reward_id" in orders._fields else orders.browse()

    def _complaint_is_payment(self):
        """Whether a gift card or an e-wallet paid here: what it took off was paid
        before.
        """
        return any(
            reward.program_id.is_payment_program for reward in self._complaint_rewards()
        )

    def _complaint_goods(self):
        """Those of these lines that are for something sold: neither discount nor
        payment.
        """
        return self.filtered(
            lambda line: (
                line.display_type == "product"
                and not line.is_downpayment
                and not line._complaint_is_payment()
                and not line._complaint_is_discount()
            )
        )

    def _complaint_is_discount(self):
        """Whether this line takes something off others: the reward of a program, Odoo's
        “Discount” on the order, or a rebate typed in.

        Goods taken back on the invoice are none: a negative quantity of goods, or of
        what the invoice sells, too. Nor is a trade-in.
        """
        self.ensure_one()
        if (
            self.is_downpayment
            or self.currency_id.compare_amounts(self._complaint_booked(), 0.0) >= 0
            or self._complaint_is_payment()
        ):
            return False
        product = self.product_id
        if (
            self._complaint_rewards()
            or not product
            or product == self.company_id.sale_discount_product_id
        ):
            return True
        if product.is_storable or (self.quantity < 0 and product.type != "service"):
            return False
        sold = self.move_id.invoice_line_ids.filtered(
            lambda line: (
                line.product_id == product and line.quantity > 0 and line.price_unit > 0
            )
        )
        return not (self.quantity < 0 and sold)

    def _complaint_discounted(self, goods):
        """The lines this discount was given for: by its reward, else those of its order
        with the same taxes; never by name.

        :param goods: lines of the same invoice that are for something sold
        """
        self.ensure_one()
        goods = goods.filtered(
            lambda line: (
                line.currency_id.compare_amounts(line._complaint_booked(), 0.0) > 0
            )
        )
        order = self.sale_line_ids.order_id
        goods = (
            goods.filtered(lambda line: line.sale_line_ids.order_id & order) or goods
        )
        for reward in self._complaint_rewards()[:1]:
            goods = goods._complaint_rewarded(reward, order) or goods
        taxes = self._complaint_taxes_of_value()
        return (
            goods.filtered(lambda line: line._complaint_taxes_of_value() == taxes)
            or goods
        )

    def _complaint_taxes_of_value(self):
        return self.tax_ids._complaint_flattened().filtered(
            lambda tax: tax._can_be_discounted()
        )

    def _complaint_rewarded(self, reward, order):
        """Those of these lines that a reward of Odoo's loyalty programs is for."""
        deliveries = self.filtered(
            lambda line: any(row._is_delivery() for row in line.sale_line_ids)
        )
        if reward.reward_type == "shipping":
            return deliveries
        goods = self - deliveries
        if reward.discount_applicability == "specific":
            domain = reward._get_discount_product_domain()
            return goods.filtered(lambda line: line.product_id.filtered_domain(domain))
        if reward.discount_applicability == "cheapest":
            cheapest = order[:1]._cheapest_line(reward)
            return (
                goods.filtered(lambda line: line.sale_line_ids & cheapest)
                if cheapest
                else self.browse()
            )
        return goods
