"""A sheet to draw on, and texts that fit into a width: what the pictures of an 8D
report are made of.

The same picture is shown by browsers of today and by the PDF engine, an old one: plain
shapes with attributes only, no style sheets, no markers,
no foreign objects. Lengths are units of the picture, which is scaled to the place it is
shown in.
"""

import re
import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

# Latin letters from the fonts of the forms, Chinese in its mainland shapes
FONTS = "Lato, Arial, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"
# height of a printed page, as a multiple of its width, with room for a heading
PAGE = 1.3
# never at the start of a line, never at its end
NO_START = frozenset("，。、；：？！）》」』】〉”’…—·%,.;:?!)]}")
NO_END = frozenset("（《「『【〈“‘([{")
NARROW = frozenset("fijlrtI.,:;'|!()[]{}/\\-` ")
BROAD = frozenset("mwMW@%&")
# how much wider bold letters are
BOLD = 1.08
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text):
    """A text on one line, without characters that XML forbids."""
    return " ".join(ILLEGAL.sub(" ", str(text or "")).split())


def text_width(text, size, bold=False):
    """Width of a text, rather too large than too small, whatever the font.

    :param float size: of the font; a Chinese character is as wide as high
    :return: float, in the unit of the size
    """
    return sum(map(_char_width, text)) * size * (BOLD if bold else 1.0)


@lru_cache(maxsize=4096)
def _char_width(char):
    if char < "\x7f":
        return (
            0.36
            if char in NARROW
            else 0.95
            if char in BROAD
            else 0.72
            if char.isupper()
            else 0.575
        )
    if unicodedata.combining(char):
        return 0.0
    kind = unicodedata.east_asian_width(char)
    if kind in "WF" or (kind == "A" and not char.isalpha()):
        return 1.0
    return 0.76 if char.isupper() else 0.62


def wrapped(text, width, size, bold=False):
    """Lines of a text, none wider than the width: words stay whole where they can,
    Chinese breaks between any two characters.

    :return: list of at least one str
    """
    room = width / (size * (BOLD if bold else 1.0))
    lines, line, used = [], "", 0.0
    for piece in _pieces(clean(text)):
        wide = sum(map(_char_width, piece.rstrip()))
        if line and used + wide > room:
            lines.append(line.rstrip())
            line, used = "", 0.0
        if wide <= room:
            line, used = line + piece, used + sum(map(_char_width, piece))
            continue
        for char in piece:  # longer than a line: broken anywhere
            if line and used + _char_width(char) > room:
                lines.append(line.rstrip())
                line, used = "", 0.0
            if line or char != " ":
                line, used = line + char, used + _char_width(char)
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text):
    """The text in pieces between which a line may break; blanks end a piece."""
    pieces = []
    for char in text:
        last = pieces[-1][-1] if pieces else " "
        apart = last in " -/" or _is_wide(char) or _is_wide(last)
        if pieces and (char == " " or char in NO_START or last in NO_END or not apart):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _is_wide(char):
    return unicodedata.east_asian_width(char) in "WF"


class Sheet:
    """Shapes of a picture, in the order they are drawn."""

    def __init__(self):
        self.parts = []

    def add(self, tag, content=None, **attributes):
        """:param attributes: `_` in a name stands for `-`; floats are rounded, None is
        left out
        """
        words = [
            f"{name.replace('_', '-')}={quoteattr(_attribute(value))}"
            for name, value in attributes.items()
            if value is not None
        ]
        self.parts.append(
            f"<{' '.join([tag, *words])}>{escape(content)}</{tag}>"
            if content is not None
            else f"<{' '.join([tag, *words])}/>"
        )

    def open(self, title, **attributes):
        """Begin a group; its title is shown when the mouse rests on it."""
        words = [
            f"{name.replace('_', '-')}={quoteattr(_attribute(value))}"
            for name, value in attributes.items()
            if value is not None
        ]
        self.parts.append(
            f"<{' '.join(['g', *words])}><title>{escape(clean(title))}</title>"
        )

    def close(self):
        self.parts.append("</g>")

    def line(self, *points, color, width=1.0, dash=None):
        """:param points: pairs (x, y), two or more"""
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(
            "polyline",
            points=way,
            fill="none",
            stroke=color,
            stroke_width=width,
            stroke_dasharray=dash,
            stroke_linejoin="round",
        )

    def box(
        self,
        x,
        y,
        width,
        height,
        fill="#ffffff",
        color=None,
        line=1.0,
        radius=3,
        dash=None,
    ):
        self.add(
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=radius or None,
            ry=radius or None,
            fill=fill,
            stroke=color,
            stroke_width=line if color else None,
            stroke_dasharray=dash,
        )

    def shape(self, *points, fill, color=None, line=1.0):
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add(
            "polygon",
            points=way,
            fill=fill,
            stroke=color,
            stroke_width=line if color else None,
        )

    def arrow(self, x, y, dx, dy, color, size=7.0):
        """The head of an arrow with its tip at a point.

        :param dx, dy: where it points to, a vector of length 1
        """
        bx, by, half = x - dx * size, y - dy * size, size * 0.45
        self.shape(
            (x, y),
            (bx - dy * half, by + dx * half),
            (bx + dy * half, by - dx * half),
            fill=color,
        )

    def text(self, x, y, text, size, color, bold=False, anchor=None, strike=False):
        """:param y: of the base line"""
        self.add(
            "text",
            content=text,
            x=x,
            y=y,
            font_size=size,
            fill=color,
            font_weight="bold" if bold else None,
            text_anchor=anchor,
            text_decoration="line-through" if strike else None,
        )

    def svg(self, width, height, title, shown=None):
        """The picture.

        :param shown: its width where it is printed, in pixels; less where it would be
            higher than a page, but never less than half; None: all there is
        :return: str
        """
        if shown:
            shown *= min(1.0, max(PAGE * width / height, 0.5))
            size = f'width="{shown:.0f}" height="{height * shown / width:.0f}"'
        else:
            size = 'width="100%"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
            f'{height:.0f}" {size} font-family="{FONTS}" role="img" '
            f"aria-label={quoteattr(clean(title))}>{''.join(self.parts)}</svg>"
        )


def _attribute(value):
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
