"""Small charts of an 8D report as SVG: Pareto of causes, and the effect of an action by
the month in which the goods were made.
"""

from itertools import accumulate

from .svg import Sheet, text_width, wrapped

INK, MUTED, RULE = "#1f2933", "#6b7785", "#d5dbe1"
BAR, BAR_LINE, AFTER, AFTER_LINE, CURVE = (
    "#7f9cbf",
    "#1f3a5f",
    "#ffffff",
    "#166534",
    "#a61b1b",
)
MAX_BARS = 12
SMALL = 10


def pareto(rows, labels, width=None):
    """Bars from the highest to the lowest with the line of their sum; where there are
    groups, one chart for each, side by side.

    :param rows: list of (name, value) or (name, value, title of the group); values from
        0 on, what is 0 is left out.
        More than 12 bars: the smallest are put together as “+n”
    :param dict labels: `title_pareto`, `empty` (shown when there is nothing), `unit`
        (written behind the values, may be missing)
    :param width: as for `ishikawa`
    :return: SVG as str
    """
    groups = {}
    for name, value, *group in rows:
        if value and value > 0:
            groups.setdefault(group[0] if group else "", []).append((name, value))
    sheet = Sheet()
    if not groups:
        sheet.text(500, 40, labels["empty"], 13, MUTED, anchor="middle")
        return sheet.svg(1000, 70, labels["title_pareto"], width)
    groups = {title: _largest(bars) for title, bars in groups.items()}
    # a group has room by its number of bars
    weights = {title: max(len(bars), 2) for title, bars in groups.items()}
    room = (1000 - 20 - 30 * (len(groups) - 1)) / sum(weights.values())
    left, bottom = 10, 0
    for title, bars in groups.items():
        bottom = max(
            bottom,
            _draw_pareto(
                sheet, left, room * weights[title], title, bars, labels.get("unit", "")
            ),
        )
        left += room * weights[title] + 30
    return sheet.svg(1000, bottom + 6, labels["title_pareto"], width)


def _largest(bars):
    bars = sorted(bars, key=lambda bar: -bar[1])
    if len(bars) <= MAX_BARS:
        return bars
    rest = bars[MAX_BARS - 1 :]
    return [
        *bars[: MAX_BARS - 1],
        (f"+{len(rest)}", sum(value for _name, value in rest)),
    ]


def _draw_pareto(sheet, left, wide, title, bars, unit):
    """:return: lower end of the chart"""
    top, base, x0, x1 = 44, 264, left + 6, left + wide - 40
    total = sum(value for _name, value in bars)
    sheet.text(left + 6, 18, title, 13, INK, bold=True)
    for percent in (0, 20, 40, 60, 80, 100):
        y = base - (base - top) * percent / 100
        sheet.line(
            (x0, y),
            (x1, y),
            color=CURVE if percent == 80 else RULE,
            width=0.8,
            dash="5,4" if percent == 80 else None,
        )
        sheet.text(x1 + 6, y + 3.5, f"{percent} %", SMALL, MUTED)
    step = (x1 - x0) / len(bars)
    bar, points, bottom = min(step * 0.62, 90), [], base
    for number, ((name, value), summed) in enumerate(
        zip(bars, accumulate(value for _name, value in bars), strict=True)
    ):
        middle = x0 + step * (number + 0.5)
        height = (base - top) * value / total
        sheet.open(name)
        sheet.box(middle - bar / 2, base - height, bar, height, BAR, BAR_LINE, radius=0)
        # inside, where the line of the sum does not cross it; of the first bar it
        # begins on top
        above = 5 if number else 9
        sheet.text(
            middle,
            base - height + (15 if height >= 20 else -above),
            _figure(value) + unit,
            11,
            INK,
            bold=True,
            anchor="middle",
        )
        lines = wrapped(name, step - 8, 11)
        for line, text in enumerate(lines):
            sheet.text(middle, base + 17 + line * 14, text, 11, INK, anchor="middle")
        sheet.close()
        points.append((middle, base - (base - top) * summed / total))
        bottom = max(bottom, base + 17 + len(lines) * 14)
    if len(points) > 1:
        sheet.line(*points, color=CURVE, width=1.8)
    for number, (x, y) in enumerate(points):
        sheet.add(
            "circle", cx=x, cy=y, r=3.2, fill="#ffffff", stroke=CURVE, stroke_width=1.6
        )
        if number:
            percent = round(100 * (base - y) / (base - top))
            sheet.text(
                x, y - 8, f"{percent} %", SMALL, CURVE, bold=True, anchor="middle"
            )
    sheet.line((x0, base), (x1, base), color=INK, width=1.4)
    return bottom


def effect_chart(months, labels, width=None):
    """Complaints by the month in which the faulty goods were made; from the cut-in on,
    bars are white.

    Bars are complaints per million shipped where that is known of every month with
    complaints, else their number.

    :param months: list of dicts in order of time: label, complaints (int), shipped
        (float, 0 when unknown), ppm (float or None),
        cut_in (bool: the action holds from this month on; true for one month at most)
    :param dict labels: `title_effect`, `complaints`, `shipped`, `per_million`,
        `cut_in`, `empty`
    :param width: as for `ishikawa`
    :return: SVG as str, 520 wide
    """
    sheet, wide, top, base, left = Sheet(), 520, 40, 128, 78
    title = labels["title_effect"]
    if not months:
        sheet.text(wide / 2, 36, labels["empty"], 12, MUTED, anchor="middle")
        return sheet.svg(wide, 60, title, width)
    blamed = [month for month in months if month["complaints"]]
    per_million = all(month.get("ppm") is not None for month in blamed or months)
    values = [
        month.get("ppm") if per_million else month["complaints"] for month in months
    ]
    scale = _nice(max(value or 0 for value in values), whole=not per_million)
    sheet.text(
        8,
        16,
        labels["per_million"] if per_million else labels["complaints"],
        11,
        INK,
        bold=True,
    )
    for tick in range(3):
        y = base - (base - top) * tick / 2
        if tick != 1 or per_million or scale % 2 == 0:
            sheet.line((left, y), (wide - 10, y), color=RULE, width=0.8)
            sheet.text(
                left - 6, y + 3.5, _figure(scale * tick / 2), SMALL, MUTED, anchor="end"
            )
    step = (wide - 10 - left) / len(months)
    bar, after = min(step * 0.58, 30), False
    # figures only where there is room for every one
    below = [
        row
        for row, told in (
            (("complaints", _figure), per_million),
            (("shipped", _short), any(m.get("shipped") for m in months)),
        )
        if told and step >= 26
    ]
    told = step >= max(
        text_width(_figure(value or 0), 9, bold=True) for value in values
    )
    labelled = _labelled([month["label"] for month in months], step)
    deep = base + 13 * max(map(len, labelled))
    for number, (month, value) in enumerate(zip(months, values, strict=True)):
        x = left + step * (number + 0.5)
        after = after or bool(month.get("cut_in"))
        sheet.open(
            f"{month['label']}: {labels['complaints']} {month['complaints']}, "
            f"{labels['shipped']} {_figure(month.get('shipped') or 0)}"
        )
        height = (base - top) * (value or 0) / scale
        if height:
            sheet.box(
                x - bar / 2,
                base - height,
                bar,
                height,
                AFTER if after else BAR,
                AFTER_LINE if after else BAR_LINE,
                1.4 if after else 1.0,
                radius=0,
            )
        if value and told:
            sheet.text(
                x, base - height - 4, _figure(value), 9, INK, bold=True, anchor="middle"
            )
        elif value is None:
            sheet.text(x, base - 4, "–", 9, MUTED, anchor="middle")
        for line, words in enumerate(labelled[number]):
            sheet.text(x, base + 13 + line * 11, words, 9, INK, anchor="middle")
        for line, (name, words) in enumerate(below):
            sheet.text(
                x,
                deep + 15 + line * 13,
                words(month.get(name) or 0),
                9,
                MUTED,
                anchor="middle",
            )
        sheet.close()
        if month.get("cut_in"):
            _draw_cut_in(sheet, left + step * number, top, base, wide, labels["cut_in"])
    for line, (name, _words) in enumerate(below):
        sheet.text(8, deep + 15 + line * 13, labels[name], 9, MUTED)
    sheet.line((left, base), (wide - 10, base), color=INK, width=1.2)
    return sheet.svg(wide, deep + 13 + 13 * len(below), title, width)


def _labelled(names, step):
    """Lines below each bar: all names on one or two lines where they fit, else every
    second, third… name.
    """
    for lines in ([[name] for name in names], [name.split(" ", 1) for name in names]):
        if all(text_width(line, 9) + 4 <= step for name in lines for line in name):
            return lines
    widest = max(text_width(name, 9) for name in names) + 4
    every = max(-(-widest // step), 1)
    return [[name] if number % every == 0 else [] for number, name in enumerate(names)]


def _draw_cut_in(sheet, x, top, base, wide, words):
    """The line from which on the action holds, its flag to the side where there is
    room.
    """
    room = text_width(words, SMALL, bold=True) + 12
    right = x + room <= wide - 4
    start = x if right else x - room
    sheet.line((x, 6), (x, base), color=AFTER_LINE, width=1.6, dash="5,3")
    sheet.box(start, 6.0, room, 16.0, AFTER_LINE, radius=2)
    sheet.text(
        start + room / 2, 17.6, words, SMALL, "#ffffff", bold=True, anchor="middle"
    )


def _nice(value, whole):
    """The upper end of a scale: 1, 2, 4, 5, 6, 8 or 10 times a power of ten, not below
    the value.
    """
    size = 1.0
    while size * 10 < value:
        size *= 10
    while not whole and value and value <= size:
        size /= 10
    return (
        next(
            (size * step for step in (1, 2, 4, 5, 6, 8, 10) if size * step >= value),
            size,
        )
        or 1.0
    )


def _figure(value):
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _short(value):
    """A figure of goods in little room: 12 k, 1.2 M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size * 10:
            return f"{value / size:,.0f} {letter}"
        if value >= size:
            return f"{value / size:.2g} {letter}"
    return _figure(value)
