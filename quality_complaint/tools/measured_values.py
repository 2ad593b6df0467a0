"""Reading measured values as people type them: “12,1; 12.3 11.9”."""

import re
from decimal import Decimal

# what stands between two values
SEPARATORS = re.compile(r"[;；、\s]+")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?|[+-]?[.,]\d+")
# 1,200 is 1.2 for some people and 1200 for others
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class NotANumber(ValueError):
    """A word among measured values is no number; its text is the argument."""


class AmbiguousNumber(ValueError):
    """A number has a comma that may be a decimal sign or one of thousands; its text is
    the argument.
    """


def measured_values(text, decimal_point="."):
    """The numbers in a text.

    :param str text: numbers between blanks or semicolons; the decimal sign is a point
        or a comma
    :param str decimal_point: of the user's language; where it is a comma, no comma is
        ambiguous
    :return: list of float, in the order given
    :raise NotANumber: a word is no number
    :raise AmbiguousNumber: a comma may mean two things
    """
    values = []
    for word in filter(
        None, SEPARATORS.split((text or "").replace("−", "-").strip(" ,"))
    ):
        number = word.rstrip(",")
        if not NUMBER.fullmatch(number):
            raise NotANumber(word)
        if decimal_point != "," and AMBIGUOUS.fullmatch(number):
            raise AmbiguousNumber(word)
        values.append(float(number.replace(",", ".")))
    return values


def written_values(values):
    """The opposite of `measured_values`: one text with points as decimal signs."""
    return "; ".join(written_value(value) for value in values)


def written_value(value):
    """Up to twelve significant digits, never with an exponent."""
    text = format(Decimal(f"{value:.12g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
