"""Amounts of money in Chinese capital figures, as contracts and receipts state them."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
SUBUNITS = "角分厘"
# beyond, a float no longer carries the small coins
LIMIT = Decimal(10) ** 13


def chinese_amount(amount, currency="人民币", decimals=2):
    """An amount in words: 人民币壹佰贰拾叁元肆角伍分.

    By the rules of the People's Bank of China for filling in bills: zeros in a row are
    read once, 整 closes an amount without 分.

    :param amount: int, float, str or Decimal; from 0 up to less than ten thousand 亿
    :param str currency: name or code put in front
    :param int decimals: decimal places of the currency, 0 to 3; what is beyond is
        rounded half up
    :return: str
    :raise ValueError: negative, infinite or too large
    """
    value = Decimal(str(amount))
    if not value.is_finite() or value < 0:
        raise ValueError(f"An amount in words must not be negative: {amount}")
    value = value.quantize(
        Decimal(1).scaleb(-min(decimals, len(SUBUNITS))), rounding=ROUND_HALF_UP
    )
    if value >= LIMIT:
        raise ValueError(f"Too large to be put into words: {amount}")
    whole = int(value)
    coins = f"{value - whole:.3f}"[2:]
    words = f"{_integer(whole)}元" if whole else ""
    skipped = False
    for digit, unit in zip(coins, SUBUNITS, strict=True):
        if digit == "0":
            skipped = bool(words)
            continue
        words += ("零" if skipped else "") + DIGITS[int(digit)] + unit
        skipped = False
    if coins[1:] == "00":
        words = (words or "零元") + "整"
    return currency + words


def _integer(number):
    """A whole number above zero, split at 亿 and 万."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _integer(high) + name + gap + (_integer(low) if low else "")
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if zero else "") + DIGITS[digit] + PLACES[place]
            zero = False
        else:
            zero = bool(words)
    return words
