"""Goods in a sentence."""


def with_lot(goods, lot):
    """`Copper strip (L0042)`.

    :param str goods: the product
    :param str lot: name of the lot, empty when there is none
    """
    return f"{goods} ({lot})" if lot else goods


def quantity_in_words(quantity, uom):
    """`4 Units`, `1 Unit`, `2.5 kg`; in the language of the unit.

    :param float quantity: in `uom`
    :param uom: `uom.uom`, empty when none was said
    """
    unit = uom.name or ""
    # Odoo's own unit has its English name in the plural
    if unit == "Units" and quantity == 1:
        unit = "Unit"
    return f"{quantity:.12g} {unit}".strip()


def goods_in_words(env, quantity, uom, goods):
    """`4 Units of Copper strip (L0042)`, `1 Unit of Copper strip (L0042)`.

    :param env: its language is that of the words
    :param float quantity: in `uom`
    :param uom: `uom.uom`, empty when none was said
    :param str goods: the product, with its lot where there is one
    """
    return env._(
        "%(quantity)s of %(product)s",
        quantity=quantity_in_words(quantity, uom),
        product=goods or "",
    )
