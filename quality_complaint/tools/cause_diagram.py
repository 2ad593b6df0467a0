"""Pictures of an 8D report as SVG: cause-and-effect diagram (Ishikawa), 5-why chain, Pareto, effect of an action.

One layout for the form and the printed page. Only attributes that old engines draw are used: no style sheets, no foreign objects.
Sizes are in user units of the picture; text widths are estimated (a Chinese character is as wide as it is high).
"""

import unicodedata
from itertools import accumulate, pairwise
from xml.sax.saxutils import escape, quoteattr

CATEGORIES = ("man", "machine", "material", "method", "environment", "measurement")
FONT = 11
LINE = 14
WIDTH = 1000
INK, GREY, LIGHT, GREEN, AMBER, RED, BLUE = "#1f2933", "#7b8794", "#cbd2d9", "#1a7f37", "#b45309", "#b42318", "#1d4ed8"
# at most so many lines of a text are drawn
MAX_LINES = 6


def text_width(text, size=FONT, bold=False):
    """Estimated width of a text in units."""
    latin = size * (0.66 if bold else 0.58)
    return sum(size if unicodedata.east_asian_width(char) in "WF" else latin for char in text)


def wrapped(text, width, size=FONT, bold=False):
    """Lines of a text that fit a width: words stay whole where they can, Chinese breaks anywhere."""
    lines, line = [], ""
    for word in _words(" ".join(str(text or "").split())):
        if line and text_width(line + word.rstrip(), size, bold) > width:
            lines.append(line.rstrip())
            line = ""
        while text_width(word.rstrip(), size, bold) > width and len(word) > 1:
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or text_width(word[:n], size, bold) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        line += word if line or word != " " else ""
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], lines[MAX_LINES - 1][:-1] + "…"]
    return lines or [""]


def _words(text):
    """Pieces between which a line may break; blanks belong to the word before."""
    words, word = [], ""
    for char in text:
        if unicodedata.east_asian_width(char) in "WF":
            words += [word, char] if word else [char]
            word = ""
        else:
            word += char
            if char in " -/":
                words.append(word)
                word = ""
    return [*words, word] if word else words


# the Chinese font by name: else the PDF engine takes Japanese glyphs
FONTS = "Lato, 'Noto Sans CJK SC', sans-serif"


class _Canvas:
    def __init__(self):
        self.parts = []

    def line(self, x1, y1, x2, y2, color=INK, width=1.0, dash=None):
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}"{dashed}/>'
        )

    def box(self, x, y, width, height, fill="#ffffff", color=INK, line=1.0, radius=3):
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}" ry="{radius}" fill="{fill}" stroke="{color}" '
            f'stroke-width="{line}"/>'
        )

    def text(self, x, y, text, size=FONT, color=INK, bold=False, anchor="start", strike=False):
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>{escape(str(text))}</text>'
        )
        if strike:
            wide = text_width(text, size, bold) * 0.92
            left = x - {"start": 0, "middle": 0.5, "end": 1}[anchor] * wide
            self.line(left, y - size * 0.32, left + wide, y - size * 0.32, GREY, 0.8)

    def arrow(self, x, y, color=INK):
        """The head of an arrow to the right, its tip at (x, y)."""
        self.parts.append(f'<polygon points="{x:.1f},{y:.1f} {x - 9:.1f},{y - 4:.1f} {x - 9:.1f},{y + 4:.1f}" fill="{color}"/>')

    def mark(self, x, y, verdict):
        """What is known about a cause; readable without colours: a tick, a cross, a question mark."""
        color = {"verified": GREEN, "excluded": GREY}.get(verdict, AMBER)
        fill = color if verdict == "verified" else "#ffffff"
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{color}" stroke-width="1.2"/>')
        if verdict == "verified":
            self.parts.append(
                f'<polyline points="{x - 2.6:.1f},{y:.1f} {x - 0.7:.1f},{y + 2.2:.1f} {x + 2.8:.1f},{y - 2.2:.1f}" fill="none" stroke="#ffffff" '
                'stroke-width="1.5"/>'
            )
        elif verdict == "excluded":
            self.line(x - 2.2, y - 2.2, x + 2.2, y + 2.2, color, 1.2)
            self.line(x - 2.2, y + 2.2, x + 2.2, y - 2.2, color, 1.2)
        else:
            self.text(x, y + 3, "?", 8, color, bold=True, anchor="middle")

    def svg(self, width, height, shown, title):
        size = f'width="{shown}"' if shown else 'width="100%"'
        if isinstance(shown, (int, float)):
            size += f' height="{height * shown / width:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" {size} font-family="{FONTS}" role="img" '
            f"aria-label={quoteattr(str(title))}>"
            f"<title>{escape(str(title))}</title>{''.join(self.parts)}</svg>"
        )


def _tree(causes):
    """Causes by their parent, in order; what has no parent here, or would explain itself, stands on its own.

    :return: (list of causes without parent, {id: list of the causes that explain it})
    """
    known = {cause["id"]: cause for cause in causes}
    children, tops = {}, []
    for cause in causes:
        seen, parent = {cause["id"]}, cause.get("parent_id")
        while parent in known and parent not in seen:
            seen.add(parent)
            parent = known[parent].get("parent_id")
        if cause.get("parent_id") in known and parent not in seen:
            children.setdefault(cause["parent_id"], []).append(cause)
        else:
            tops.append(cause)
    return tops, children


def _in_order(tops, children, level=0):
    for cause in tops:
        yield cause, level
        yield from _in_order(children.get(cause["id"], ()), children, level + 1)


def _tag(cause, labels):
    """Letter of the kind, and the share of a root cause."""
    letter = labels.get(f"letter_{cause.get('kind')}", {"occurrence": "O", "escape": "E", "systemic": "S"}.get(cause.get("kind"), "O"))
    share = f" {cause['share']:.12g} %" if cause.get("is_root") and cause.get("share") else ""
    return f"{letter}{' ◆' if cause.get('is_root') else ''}{share}"


def _legend(canvas, y, labels, left=10):
    x = left
    for verdict in ("verified", "suspected", "excluded"):
        canvas.mark(x + 5, y, verdict)
        canvas.text(x + 14, y + 4, labels[verdict], 10, GREY)
        x += 30 + text_width(labels[verdict], 10)
    kinds = " · ".join(f"{labels.get(f'letter_{kind}', kind[:1].upper())} {labels[kind]}" for kind in ("occurrence", "escape", "systemic"))
    canvas.text(x, y + 4, f"◆ {labels['root']} · {kinds}", 10, GREY)


def ishikawa(effect, causes, labels, width=None):
    """Cause-and-effect diagram.

    :param str effect: the problem, the head of the fish
    :param list causes: dicts of id, parent_id, name, kind, category, verdict, is_root, share (%)
    :param dict labels: translated names of the categories, kinds and verdicts by their codes, `root`, `title_ishikawa`
    :param width: of the picture, in pixels or as text; None: as wide as the place it stands in
    :return: SVG as text
    """
    tops, children = _tree(causes)
    # every cause lies on the bone of its own category; what explains it goes along with it
    bones = {category: [] for category in CATEGORIES}
    for cause in tops:
        bones.setdefault(cause.get("category") or "method", [])
        bones[cause.get("category") or "method"] += _in_order([cause], children)
    head, margin = 190, 10
    column = (WIDTH - head - 2 * margin) / 3
    slant, gap = 46, 10
    heights = {category: sum(_twig_height(*twig, column - slant - 24, labels) for twig in bones[category]) for category in CATEGORIES}
    above = max(90, *(heights[category] for category in CATEGORIES[:3])) + 34
    below = max(90, *(heights[category] for category in CATEGORIES[3:])) + 34
    canvas, spine = _Canvas(), margin + above
    for position, category in enumerate(CATEGORIES):
        x, up = margin + (position % 3) * column, position < 3
        outer = spine - above if up else spine + below
        joint = x + column - 6
        label = labels[category]
        lower = outer + 20 if up else outer - 20
        canvas.line(joint - slant, lower, joint, spine, BLUE, 1.6)
        wide = text_width(label, 12, bold=True) + 14
        canvas.box(joint - slant - wide / 2, outer if up else outer - 20, wide, 20, "#eef2ff", BLUE)
        canvas.text(joint - slant, outer + 14 if up else outer - 6, label, 12, BLUE, bold=True, anchor="middle")
        y = lower + gap if up else spine + gap
        for cause, level in bones[category]:
            height = _twig_height(cause, level, column - slant - 24, labels)
            bottom = y + height - 4
            share = (bottom - lower) / (spine - lower)
            _draw_twig(canvas, cause, level, x, y, column - slant - 24, joint - slant + slant * share, bottom, labels)
            y += height
    canvas.line(margin, spine, WIDTH - head - 4, spine, INK, 2.4)
    canvas.arrow(WIDTH - head, spine)
    lines = wrapped(effect, head - 26, 12, bold=True)
    tall = len(lines) * 16 + 16
    canvas.box(WIDTH - head, spine - tall / 2, head - margin, tall, "#fff7ed", INK, 1.4)
    for number, line in enumerate(lines):
        canvas.text(WIDTH - head + (head - margin) / 2, spine - tall / 2 + 20 + number * 16, line, 12, INK, bold=True, anchor="middle")
    bottom = spine + below + 22
    _legend(canvas, bottom, labels)
    return canvas.svg(WIDTH, bottom + 14, width, labels["title_ishikawa"])


def _twig_lines(cause, level, width, labels):
    room = width - 18 - 12 * min(level, 4) - text_width(_tag(cause, labels), 9, bold=bool(cause.get("is_root")))
    return wrapped(cause.get("name"), room, bold=bool(cause.get("is_root")))


def _twig_height(cause, level, width, labels):
    return len(_twig_lines(cause, level, width, labels)) * LINE + 9


def _draw_twig(canvas, cause, level, x, y, width, joint, bottom, labels):
    """One cause with its mark, and the twig from it to the bone."""
    excluded = cause.get("verdict") == "excluded"
    left = x + 12 * min(level, 4)
    canvas.parts.append(f"<g data-cause={quoteattr(str(cause['id']))}>")
    if level:
        canvas.line(left - 6, y - 4, left - 6, y + 6, LIGHT)
        canvas.line(left - 6, y + 6, left - 1, y + 6, LIGHT)
    canvas.mark(left + 5, y + 6, cause.get("verdict"))
    color = GREY if excluded else INK
    for number, line in enumerate(_twig_lines(cause, level, width, labels)):
        canvas.text(left + 14, y + 10 + number * LINE, line, FONT, color, bold=bool(cause.get("is_root")), strike=excluded)
    canvas.text(x + width, y + 10, _tag(cause, labels), 9, RED if cause.get("is_root") else GREY, bold=bool(cause.get("is_root")), anchor="end")
    canvas.line(left + 14, bottom, joint, bottom, LIGHT if level else GREY, 0.8 if level else 1.1)
    canvas.parts.append("</g>")


def five_why(effect, causes, labels, width=None):
    """5-why chain: from the problem on the left to what explains it on the right, step by step.

    Arguments and result as in `ishikawa`; `labels` also has `why` and `title_five_why`.
    """
    tops, children = _tree(causes)
    box, gap, space = 182, 44, 12
    canvas, places = _Canvas(), {}
    depth = max((level for _cause, level in _in_order(tops, children)), default=-1) + 2

    def height(cause):
        return len(wrapped(cause.get("name"), box - 20, bold=bool(cause.get("is_root")))) * LINE + 26

    def place(cause, level, y):
        """:return: the lower end of the branch"""
        below, end = children.get(cause["id"], ()), y
        for child in below:
            end = place(child, level + 1, end)
        own = height(cause)
        end = max(end, y + own + space)
        middle = (places[below[0]["id"]][1] + places[below[-1]["id"]][1]) / 2 if below else y + own / 2
        places[cause["id"]] = (10 + level * (box + gap), max(middle, y + own / 2), own)
        return end

    end = 10
    for cause in tops:
        end = place(cause, 1, end)
    lines = wrapped(effect, box - 20, 12, bold=True)
    tall = len(lines) * 16 + 14
    bottom = max([end, tall + 20, *(y + own / 2 + space for _x, y, own in places.values())])
    middle = (places[tops[0]["id"]][1] + places[tops[-1]["id"]][1]) / 2 if tops else bottom / 2
    middle = max(middle, tall / 2 + 10)
    for cause, _level in _in_order(tops, children):
        parent = cause.get("parent_id")
        x, y, _own = places[cause["id"]]
        start = (10 + box, middle) if cause in tops else (places[parent][0] + box, places[parent][1])
        bend = start[0] + gap / 2
        canvas.line(*start, bend, start[1], GREY)
        canvas.line(bend, start[1], bend, y, GREY)
        canvas.line(bend, y, x - 2, y, GREY)
        canvas.arrow(x, y, GREY)
        canvas.text(x - 4, y - 5, labels["why"], 8, GREY, anchor="end")
    canvas.box(10, middle - tall / 2, box, tall, "#fff7ed", INK, 1.4)
    for number, line in enumerate(lines):
        canvas.text(10 + box / 2, middle - tall / 2 + 19 + number * 16, line, 12, INK, bold=True, anchor="middle")
    for cause, _level in _in_order(tops, children):
        x, y, own = places[cause["id"]]
        excluded, root = cause.get("verdict") == "excluded", bool(cause.get("is_root"))
        canvas.parts.append(f"<g data-cause={quoteattr(str(cause['id']))}>")
        canvas.box(x, y - own / 2, box, own, "#f5f7fa" if excluded else "#ffffff", RED if root else GREY if excluded else INK, 1.8 if root else 1.0)
        canvas.mark(x + 12, y - own / 2 + 12, cause.get("verdict"))
        canvas.text(x + box - 6, y - own / 2 + 13, _tag(cause, labels), 9, RED if root else GREY, bold=root, anchor="end")
        for number, line in enumerate(wrapped(cause.get("name"), box - 20, bold=root)):
            canvas.text(x + 10, y - own / 2 + 30 + number * LINE, line, FONT, GREY if excluded else INK, bold=root, strike=excluded)
        canvas.parts.append("</g>")
    wide = max(WIDTH * 0.7, 10 + depth * (box + gap))
    _legend(canvas, bottom + 14, labels)
    return canvas.svg(wide, bottom + 28, width, labels["title_five_why"])


def pareto(rows, labels, width=None):
    """Bars from the highest to the lowest, with the line of the sum in percent.

    :param list rows: (name, value), values zero or more
    :param dict labels: `title_pareto`, `empty`
    """
    canvas = _Canvas()
    rows = sorted(((name, value) for name, value in rows if value > 0), key=lambda row: -row[1])
    wide, base, top, left = 700, 190, 24, 40
    total = sum(value for _name, value in rows)
    if not total:
        canvas.text(wide / 2, 40, labels["empty"], 12, GREY, anchor="middle")
        return canvas.svg(wide, 70, width, labels["title_pareto"])
    step = (wide - left - 50) / len(rows)
    bar = min(step * 0.7, 70)
    for percent in (0, 50, 100):
        y = base - (base - top) * percent / 100
        canvas.line(left, y, wide - 50, y, LIGHT, 0.8)
        canvas.text(wide - 44, y + 4, f"{percent} %", 9, GREY)
    points = []
    for number, ((name, value), summed) in enumerate(zip(rows, accumulate(value for _name, value in rows), strict=True)):
        middle = left + step * (number + 0.5)
        tall = (base - top) * value / total
        canvas.box(middle - bar / 2, base - tall, bar, tall, "#93b4f5", BLUE, 1, 0)
        canvas.text(middle, base - tall - 4, f"{value:.12g}", 10, INK, anchor="middle")
        for line, text in enumerate(wrapped(name, step - 6, 10)[:3]):
            canvas.text(middle, base + 14 + line * 12, text, 10, INK, anchor="middle")
        points.append((middle, base - (base - top) * summed / total))
    for start, end in pairwise(points):
        canvas.line(*start, *end, RED, 1.4)
    for x, y in points:
        canvas.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{RED}"/>')
    canvas.line(left, base, wide - 50, base, INK, 1.2)
    return canvas.svg(wide, base + 56, width, labels["title_pareto"])


def effect_chart(months, labels, width=None):
    """Complaints by the month in which the faulty goods were made, with the cut-in of the action marked.

    Bars are complaints per million shipped where anything was shipped in every month with complaints, else complaints.

    :param list months: dicts of label, complaints (int), shipped (float), ppm (float or None), cut_in (bool: the action holds from this month on)
    :param dict labels: `title_effect`, `complaints`, `per_million`, `cut_in`, `shipped`, `empty`
    """
    canvas, wide, base, top, left = _Canvas(), 640, 150, 34, 46
    if not months:
        canvas.text(wide / 2, 40, labels["empty"], 12, GREY, anchor="middle")
        return canvas.svg(wide, 70, width, labels["title_effect"])
    per_million = all(month["ppm"] is not None for month in months if month["complaints"]) and any(month["complaints"] for month in months)
    values = [(month["ppm"] or 0.0) if per_million else month["complaints"] for month in months]
    highest = max(values) or 1
    step = (wide - left - 10) / len(months)
    bar = min(step * 0.6, 34)
    canvas.text(left - 36, 14, labels["per_million"] if per_million else labels["complaints"], 10, GREY)
    for share in (0, 0.5, 1):
        y = base - (base - top) * share
        canvas.line(left, y, wide - 10, y, LIGHT, 0.8)
        canvas.text(left - 4, y + 4, f"{highest * share:,.0f}" if highest >= 10 else f"{highest * share:.3g}", 9, GREY, anchor="end")
    for number, (month, value) in enumerate(zip(months, values, strict=True)):
        middle = left + step * (number + 0.5)
        if month.get("cut_in"):
            x = left + step * number
            canvas.line(x, top - 12, x, base + 4, GREEN, 1.6, "4,3")
            canvas.text(x + 4, top - 4, labels["cut_in"], 10, GREEN, bold=True)
        tall = (base - top) * value / highest
        if tall:
            canvas.box(middle - bar / 2, base - tall, bar, tall, "#f0a8a0", RED, 1, 0)
        if month["complaints"]:
            canvas.text(middle, base - tall - 4, month["complaints"], 9, INK, anchor="middle")
        if len(months) <= 14 or number % 2 == 0:
            canvas.text(middle, base + 13, month["label"], 9, INK, anchor="middle")
        if month["shipped"] and len(months) <= 14:
            canvas.text(middle, base + 25, f"{month['shipped']:,.0f}", 8, GREY, anchor="middle")
    canvas.line(left, base, wide - 10, base, INK, 1.2)
    canvas.text(left - 36, base + 38, f"{labels['complaints']}: ▮   {labels['shipped']}: {sum(month['shipped'] for month in months):,.0f}", 9, GREY)
    return canvas.svg(wide, base + 46, width, labels["title_effect"])
