"""Amounts of money with their taxes, counted together so that both always come to the
same documents.
"""


class TaxedAmount:
    """An untaxed amount and the amount of each tax on it, in one currency; never
    changed, only combined.

    :param float untaxed: may be unrounded
    :param dict taxes: {`account.tax`: amount}, taxes of a reverse charge by what is
        charged
    """

    __slots__ = ("taxes", "untaxed")

    def __init__(self, untaxed=0.0, taxes=None):
        self.untaxed = untaxed
        self.taxes = dict(taxes or {})

    def __repr__(self):
        return f"TaxedAmount({self.untaxed}, {self.taxes})"

    def __add__(self, other):
        taxes = {
            tax: self.taxes.get(tax, 0.0) + other.taxes.get(tax, 0.0)
            for tax in {**self.taxes, **other.taxes}
        }
        return TaxedAmount(self.untaxed + other.untaxed, taxes)

    def __neg__(self):
        return TaxedAmount(
            -self.untaxed, {tax: -amount for tax, amount in self.taxes.items()}
        )

    def __sub__(self, other):
        return self + -other

    def part(self, numerator, denominator):
        """`numerator` of `denominator` parts, unrounded; nothing of no parts."""
        if not denominator:
            return TaxedAmount()
        return TaxedAmount(
            self.untaxed * numerator / denominator,
            {
                tax: amount * numerator / denominator
                for tax, amount in self.taxes.items()
            },
        )

    @property
    def priced(self):
        """What the price says: the untaxed amount with the taxes that are included in
        it.
        """
        return self.untaxed + sum(
            amount for tax, amount in self.taxes.items() if tax.price_include
        )

    def rounded(self, currency):
        """Rounded as Odoo does: where taxes are included in the price, price and tax
        are rounded and the untaxed amount is the difference.
        """
        taxes = {tax: currency.round(amount) for tax, amount in self.taxes.items()}
        included = sum(amount for tax, amount in taxes.items() if tax.price_include)
        return TaxedAmount(
            currency.round(currency.round(self.priced) - included), taxes
        )

    def equals(self, other, currency):
        """Whether untaxed amount and each tax are the same to the smallest coin."""
        return not currency.compare_amounts(self.untaxed, other.untaxed) and not any(
            currency.compare_amounts(
                self.taxes.get(tax, 0.0), other.taxes.get(tax, 0.0)
            )
            for tax in {**self.taxes, **other.taxes}
        )


def spread(amount, weights, currency):
    """An amount in parts by weight that come to it exactly: each rounds what all parts
    so far come to.

    :param amount: `TaxedAmount`, rounded
    :param dict weights: {key: weight}
    :return: {key: `TaxedAmount`}; empty when nothing has weight
    """
    total, reached, before, parts = sum(weights.values()), 0.0, TaxedAmount(), {}
    for key, weight in weights.items() if total else ():
        reached += weight
        until = amount.part(reached, total).rounded(currency)
        parts[key] = until - before
        before = until
    return parts
