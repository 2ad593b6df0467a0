"""The causes of an 8D report as pictures: cause-and-effect diagram (Ishikawa) and 5-why
chain, as SVG for the form and for print.

Every cause is a group with `data-cause`, its id. What is known about it can be told
without colours: a tick and bold letters (verified), a cross and
struck through (excluded), a question mark (suspected). Whatever the number and length
of the texts, the pictures grow and nothing overlaps.
"""

from .svg import Sheet, clean, text_width, wrapped

CATEGORIES = ("man", "machine", "material", "method", "environment", "measurement")
KINDS = ("occurrence", "escape", "systemic")
VERDICTS = ("verified", "suspected", "excluded")
WIDTH = 1000
MARGIN = 10
FONT, LINE = 13, 16
SMALL = 10
INK, MUTED, PALE, BONE = "#1f2933", "#6b7785", "#eef2f6", "#1f3a5f"
GREEN, AMBER, GREY, RED = "#166534", "#b45309", "#808b96", "#a61b1b"
# a cause as it is written: color of its lines, their width, their dashes
STROKES = {
    "verified": (GREEN, 1.8, None),
    "suspected": (AMBER, 1.2, None),
    "excluded": (GREY, 1.0, "4,3"),
}
# room of the two signs in front of a cause
SIGNS = 34
INDENT, MAX_INDENT = 14, 5


class _Cause:
    """A cause as it is drawn; `below` are the causes that explain it."""

    def __init__(self, values):
        self.id = str(values["id"])
        self.parent = str(values.get("parent_id") or "")
        self.name = clean(values.get("name")) or "…"
        self.kind = values.get("kind") if values.get("kind") in KINDS else KINDS[0]
        self.category = (
            values.get("category") if values.get("category") in CATEGORIES else "method"
        )
        self.verdict = (
            values.get("verdict") if values.get("verdict") in VERDICTS else "suspected"
        )
        self.is_root = bool(values.get("is_root"))
        self.share = float(values.get("share") or 0.0) if self.is_root else 0.0
        self.below = []
        self.level = 0

    def badge(self, labels):
        return f"{labels['root']} {self.share:.4g} %" if self.share else labels["root"]


def _tree(causes):
    """Causes that explain the problem itself, with what explains them below. A parent
    that is missing or goes round in a circle counts as none.

    :return: list of `_Cause`, by kind, else in the order given
    """
    known = {}
    for cause in map(_Cause, causes):
        known.setdefault(cause.id, cause)
    tops = []
    for cause in known.values():
        seen, parent = {cause.id}, cause.parent
        while parent in known and parent not in seen:
            seen.add(parent)
            parent = known[parent].parent
        if cause.parent in known and parent not in seen:
            known[cause.parent].below.append(cause)
        else:
            tops.append(cause)
    return sorted(tops, key=lambda top: KINDS.index(top.kind))


def _by_category(tops):
    """Causes that hang on a bone of their own: what explains the problem itself, and
    what explains a cause of another category.
    """
    heads = list(tops)
    for head in heads:
        branch = [head]
        for cause in branch:  # both grow while they are walked
            heads += [why for why in cause.below if why.category != cause.category]
            cause.below = [why for why in cause.below if why.category == cause.category]
            branch += cause.below
    return heads


def _in_order(tops):
    """Every cause before what explains it, with its level set."""
    found, waiting = [], [(top, 0) for top in reversed(tops)]
    while waiting:
        cause, cause.level = waiting.pop()
        found.append(cause)
        waiting += [(child, cause.level + 1) for child in reversed(cause.below)]
    return found


# === signs ===


def _verdict_sign(sheet, x, y, verdict):
    """A tick, a cross or a question mark in a circle with its centre at a point."""
    color = STROKES[verdict][0]
    sheet.add(
        "circle",
        cx=float(x),
        cy=float(y),
        r=6,
        fill=color if verdict == "verified" else "#ffffff",
        stroke=color,
        stroke_width=1.4,
    )
    if verdict == "verified":
        sheet.line(
            (x - 3, y + 0.2),
            (x - 0.8, y + 2.6),
            (x + 3.2, y - 2.4),
            color="#ffffff",
            width=1.8,
        )
    elif verdict == "excluded":
        sheet.line((x - 2.4, y - 2.4), (x + 2.4, y + 2.4), color=color, width=1.4)
        sheet.line((x - 2.4, y + 2.4), (x + 2.4, y - 2.4), color=color, width=1.4)
    else:
        sheet.text(x, y + 3.6, "?", SMALL, color, bold=True, anchor="middle")


def _kind_sign(sheet, x, y, kind, labels):
    """The letter of the kind in a shape of its own: square, circle, rhombus."""
    if kind == "escape":
        sheet.add(
            "circle",
            cx=float(x),
            cy=float(y),
            r=7,
            fill=PALE,
            stroke=INK,
            stroke_width=1,
        )
    elif kind == "systemic":
        sheet.shape(
            (x, y - 8.5), (x + 8.5, y), (x, y + 8.5), (x - 8.5, y), fill=PALE, color=INK
        )
    else:
        sheet.box(x - 6.5, y - 6.5, 13.0, 13.0, PALE, INK, radius=1)
    letter = labels.get(f"letter_{kind}") or kind[0].upper()
    size = SMALL - 1 if kind == "systemic" or len(letter) > 1 else SMALL
    sheet.text(x, y + 3.5, letter, size, INK, bold=True, anchor="middle")


def _root_badge(sheet, x, y, cause, text):
    """A badge with its left end at x and its middle at y, filled when the cause is
    verified.
    """
    proven = cause is None or cause.verdict == "verified"
    width = _badge_width(text)
    color = GREY if cause and cause.verdict == "excluded" else RED
    sheet.box(
        x, y - 7, width, 14.0, color if proven else "#ffffff", color, 1.2, radius=7
    )
    sheet.text(
        x + width / 2,
        y + 3.5,
        text,
        SMALL,
        "#ffffff" if proven else color,
        bold=True,
        anchor="middle",
    )


def _badge_width(text):
    return text_width(text, SMALL, bold=True) + 12


def _legend(sheet, y, labels, wide):
    """:return: the lower end of the legend"""
    entries = [
        (
            lambda x, row, v=verdict: _verdict_sign(sheet, x + 7, row, v),
            16,
            labels[verdict],
        )
        for verdict in VERDICTS
    ]
    entries += [
        (
            lambda x, row, k=kind: _kind_sign(sheet, x + 8, row, k, labels),
            19,
            labels[kind],
        )
        for kind in KINDS
    ]
    width = _badge_width(labels["root"])
    entries.append(
        (lambda x, row: _root_badge(sheet, x, row, None, labels["root"]), width, "")
    )
    x = MARGIN
    for draw, room, words in entries:
        needed = room + 4 + text_width(words, SMALL + 1) + 14
        if x > MARGIN and x + needed > wide - MARGIN:
            x, y = MARGIN, y + 20
        draw(x, y)
        sheet.text(x + room + 4, y + 4, words, SMALL + 1, MUTED)
        x += needed
    return y + 14


def _written(sheet, cause, x, y, lines):
    """The name of a cause, its first base line at y."""
    excluded, verified = cause.verdict == "excluded", cause.verdict == "verified"
    color = GREY if excluded else GREEN if verified else INK
    for number, line in enumerate(lines):
        sheet.text(
            x, y + number * LINE, line, FONT, color, bold=verified, strike=excluded
        )


# === Ishikawa ===


class _Row:
    """A cause on its bone: the lines of its name over its twig."""

    def __init__(self, cause, width, labels):
        self.cause = cause
        self.indent = INDENT * min(cause.level, MAX_INDENT)
        self.room = width - self.indent - SIGNS - 2
        bold = cause.verdict == "verified"
        self.lines = wrapped(cause.name, self.room, FONT, bold)
        self.badge = cause.badge(labels) if cause.is_root else ""
        last = text_width(self.lines[-1], FONT, bold)
        # behind the last line if there is room, else below
        self.badge_at = (
            (last + 8, len(self.lines) - 1)
            if last + 8 + _badge_width(self.badge) <= self.room
            else (0, len(self.lines))
        )
        below = self.badge and self.badge_at[1] == len(self.lines)
        self.height = len(self.lines) * LINE + (19 if below else 0) + 9
        self.space = 8 if cause.level == 0 else 2


class _Bones:
    """The three bones of one side with the causes on them. All lean alike, so that what
    hangs on one never meets the next.

    :param int side: -1 above the spine, 1 below
    """

    LEAN = 64  # how far a bone leans over its height
    SLACK = 16  # what the lean takes from the width of a cause, whatever its height
    BOX = 26

    def __init__(self, sheet, side, columns, pitch, labels):
        """:param dict columns: categories with lists of `_Cause` in order"""
        self.sheet, self.side, self.labels, self.pitch = sheet, side, labels, pitch
        self.width = pitch - 2 * self.SLACK - 12
        self.columns = {
            category: [_Row(cause, self.width, labels) for cause in causes]
            for category, causes in columns.items()
        }
        needed = [
            sum(row.height + row.space for row in rows)
            for rows in self.columns.values()
        ]
        self.height = max(130, *(height + 26 for height in needed))
        highest = max(
            (row.height for rows in self.columns.values() for row in rows), default=1
        )
        self.slope = min(self.LEAN / self.height, self.SLACK / highest)

    def draw(self, spine, joints):
        for (category, rows), joint in zip(self.columns.items(), joints, strict=True):
            self._draw_bone(spine, joint, category)
            spare = self.height - 14 - sum(row.height + row.space for row in rows)
            gap = spare / (1 + sum(row.cause.level == 0 for row in rows))
            y = spine - self.height + 4 if self.side < 0 else spine + 10
            ends = {}
            for row in rows:
                y += gap if row.cause.level == 0 else 0
                self._draw_row(
                    row, y, joint - abs(spine - y - row.height) * self.slope, ends
                )
                y += row.height + row.space

    def _draw_bone(self, spine, joint, category):
        sheet, end = self.sheet, spine + self.side * self.height
        x = joint - self.height * self.slope
        sheet.line((x, end), (joint, spine), color=BONE, width=2.4)
        label = self.labels[category]
        wide = text_width(label, FONT, bold=True) + 24
        sheet.box(
            x - wide / 2,
            end - self.BOX if self.side < 0 else end,
            wide,
            self.BOX,
            BONE,
            radius=4,
        )
        sheet.text(
            x,
            end + (self.side * self.BOX / 2) + 4.6,
            label,
            FONT,
            "#ffffff",
            bold=True,
            anchor="middle",
        )

    def _draw_row(self, row, y, bone, ends):
        """
        :param float bone: where the bone is at the height of the twig
        :param dict ends: points of the twigs that other causes hang on, by the id of
            their cause
        """
        sheet, cause = self.sheet, row.cause
        start = bone - self.width - self.SLACK - 4 + row.indent
        # below the spine a twig begins further left than the text above it, as the
        # bones lean
        left = start + (self.slope * row.height if self.side > 0 else 0)
        twig = y + row.height
        color, width, dash = STROKES[cause.verdict]
        sheet.open(cause.name, data_cause=cause.id, **{"class": "o_cause"})
        sheet.add(
            "rect",
            x=left,
            y=y,
            width=float(row.room + SIGNS + 2),
            height=float(row.height),
            fill="none",
            pointer_events="all",
        )
        if cause.level and cause.parent in ends:
            sheet.line(ends[cause.parent], (start - 7, twig), color=MUTED, width=1.0)
            sheet.line(
                (start - 7, twig),
                (start + row.room + SIGNS + 2, twig),
                color=color,
                width=width * 0.7,
                dash=dash,
            )
        else:
            sheet.line(
                (start, twig), (bone - 2, twig), color=color, width=width, dash=dash
            )
            sheet.arrow(bone - 1, twig, 1, 0, color)
        ends[cause.id] = (start + (INDENT if cause.level < MAX_INDENT else 0) - 7, twig)
        _kind_sign(sheet, left + 8, y + 9, cause.kind, self.labels)
        _verdict_sign(sheet, left + 25, y + 9, cause.verdict)
        _written(sheet, cause, left + SIGNS + 2, y + 14, row.lines)
        if row.badge:
            offset, line = row.badge_at
            _root_badge(
                sheet,
                left + SIGNS + 2 + offset,
                y + (10 if offset else 12) + line * LINE,
                cause,
                row.badge,
            )
        sheet.close()


def ishikawa(effect, causes, labels, width=None):
    """Cause-and-effect diagram: the problem is the head, causes lie on the bone of
    their own category, what explains them hangs below them when it is of the same.

    :param str effect: the problem
    :param causes: list of dicts id, parent_id (or None), name, kind (`occurrence`,
        `escape`, `systemic`), category (`man`, `machine`, `material`,
        `method`, `environment`, `measurement`), verdict (`suspected`, `verified`,
        `excluded`), is_root (bool), share (%, of a root cause)
    :param dict labels: words by the codes above, and `letter_occurrence`,
        `letter_escape`, `letter_systemic`, `root`, `title_ishikawa`
    :param width: in pixels where the size must be known, i.e. for print; None: as wide
        as there is room
    :return: SVG as str
    """
    bones = {category: [] for category in CATEGORIES}
    for top in _by_category(_tree(causes)):
        bones[top.category] += _in_order([top])
    sheet, head = Sheet(), 152
    last = WIDTH - MARGIN - head - 26
    # three bones with what hangs on them, the first leaning to the left
    pitch = (last - MARGIN - _Bones.LEAN + _Bones.SLACK + 8) / 3
    upper, lower = (
        _Bones(sheet, side, {c: bones[c] for c in names}, pitch, labels)
        for side, names in ((-1, CATEGORIES[:3]), (1, CATEGORIES[3:]))
    )
    lines = wrapped(effect, head - 24, FONT + 1, bold=True)
    tall = max(84, len(lines) * 19 + 28)
    spine = MARGIN + max(upper.height + upper.BOX, tall / 2)
    bottom = spine + max(lower.height + lower.BOX, tall / 2)
    joints = [last - pitch * step for step in (2, 1, 0)]
    left = WIDTH - MARGIN - head
    sheet.shape(
        (MARGIN, spine - 16), (MARGIN + 20, spine), (MARGIN, spine + 16), fill=BONE
    )
    sheet.line((MARGIN + 14, spine), (left - 8, spine), color=BONE, width=4.0)
    upper.draw(spine, joints)
    lower.draw(spine, joints)
    sheet.arrow(left, spine, 1, 0, BONE, 14.0)
    sheet.box(left, spine - tall / 2, float(head), tall, PALE, BONE, 2.0, radius=8)
    for number, line in enumerate(lines):
        sheet.text(
            left + head / 2,
            spine - (len(lines) - 1) * 9.5 + 5 + number * 19,
            line,
            FONT + 1,
            INK,
            bold=True,
            anchor="middle",
        )
    end = _legend(sheet, bottom + 24, labels, WIDTH)
    return sheet.svg(WIDTH, end, labels["title_ishikawa"], width)


# === 5 why ===


def five_why(effect, causes, labels, width=None):
    """5-why chains: from the problem on the left to the root causes on the right, one
    column for each why.

    :param dict labels: as for `ishikawa`, `title_five_why` in place of its title, and
        `why`
    :return: SVG as str; other arguments as for `ishikawa`
    """
    tops = _tree(causes)
    order = _in_order(tops)
    sheet = Sheet()
    stub = text_width(labels["why"], SMALL) + 10
    gap = stub + 16
    depth = max((cause.level + 1 for cause in order), default=0)
    box = min(max((WIDTH - 2 * MARGIN - depth * gap) / (depth + 1), 124), 250)
    wide = max(WIDTH, 2 * MARGIN + depth * (box + gap) + box)
    lines = {
        cause.id: wrapped(cause.name, box - 20, FONT, cause.verdict == "verified")
        for cause in order
    }
    badges = {cause.id: cause.badge(labels) for cause in order if cause.is_root}
    own = {
        cause.id: len(lines[cause.id]) * LINE + 32 + (22 if cause.is_root else 0)
        for cause in order
    }
    effect_lines = wrapped(effect, box - 20, FONT + 1, bold=True)
    tall = len(effect_lines) * 19 + 24
    middles, bottom = _placed(tops, order, own, tall)
    # the problem stands amid what explains it
    problem = (
        (middles[tops[0].id] + middles[tops[-1].id]) / 2 if tops else MARGIN + tall / 2
    )
    problem = max(problem, MARGIN + tall / 2)
    start = {"": (MARGIN + box, problem)}
    for cause in order:
        x = MARGIN + (cause.level + 1) * (box + gap)
        start[cause.id] = (x + box, middles[cause.id])
        before = start[cause.parent if cause.level else ""]
        _why(sheet, before, before[0] + stub, (x, middles[cause.id]))
    for key in [""] * bool(tops) + [cause.id for cause in order if cause.below]:
        sheet.text(
            start[key][0] + stub / 2 + 1,
            start[key][1] - 5,
            labels["why"],
            SMALL,
            MUTED,
            anchor="middle",
        )
    sheet.box(MARGIN, problem - tall / 2, box, tall, PALE, BONE, 2.0, radius=8)
    for number, line in enumerate(effect_lines):
        sheet.text(
            MARGIN + box / 2,
            problem - (len(effect_lines) - 1) * 9.5 + 5 + number * 19,
            line,
            FONT + 1,
            INK,
            bold=True,
            anchor="middle",
        )
    for cause in order:
        x, y = start[cause.id][0] - box, middles[cause.id] - own[cause.id] / 2
        color, line, dash = STROKES[cause.verdict]
        sheet.open(cause.name, data_cause=cause.id, **{"class": "o_cause"})
        sheet.box(x, y, box, own[cause.id], "#ffffff", color, line, radius=5, dash=dash)
        _kind_sign(sheet, x + 17, y + 14, cause.kind, labels)
        _verdict_sign(sheet, x + 35, y + 14, cause.verdict)
        _written(sheet, cause, x + 10, y + 38, lines[cause.id])
        if cause.is_root:
            _root_badge(sheet, x + 10, y + own[cause.id] - 15, cause, badges[cause.id])
        sheet.close()
    end = _legend(sheet, bottom + 24, labels, wide)
    return sheet.svg(wide, end, labels["title_five_why"], width)


def _why(sheet, before, bend, to):
    """The arrow from a box to what explains it."""
    if abs(before[1] - to[1]) < 1:
        sheet.line(before, (to[0] - 5, before[1]), color=MUTED, width=1.2)
    else:
        sheet.line(
            before,
            (bend, before[1]),
            (bend, to[1]),
            (to[0] - 5, to[1]),
            color=MUTED,
            width=1.2,
        )
    sheet.arrow(to[0], to[1], 1, 0, MUTED)


def _placed(tops, order, own, tall):
    """Where the boxes stand: a cause amid what explains it, no two over each other.

    :param dict own: heights of the boxes by the id of their cause
    :return: ({id: middle of the box}, lower end of all)
    """
    space, needed, middles = 14, {}, {}
    for cause in reversed(order):
        needed[cause.id] = max(
            own[cause.id],
            sum(needed[child.id] + space for child in cause.below) - space,
        )
    total = max(sum(needed[top.id] + space for top in tops) - space, tall)
    begins, y = (
        {},
        MARGIN + (total - sum(needed[top.id] + space for top in tops) + space) / 2,
    )
    for top in tops:
        begins[top.id] = y
        y += needed[top.id] + space
    for cause in order:
        y = (
            begins[cause.id]
            + (
                needed[cause.id]
                - sum(needed[child.id] + space for child in cause.below)
                + space
            )
            / 2
        )
        for child in cause.below:
            begins[child.id] = y
            y += needed[child.id] + space
    for cause in reversed(order):
        half = own[cause.id] / 2
        middle = (
            (middles[cause.below[0].id] + middles[cause.below[-1].id]) / 2
            if cause.below
            else begins[cause.id] + needed[cause.id] / 2
        )
        middles[cause.id] = min(
            max(middle, begins[cause.id] + half),
            begins[cause.id] + needed[cause.id] - half,
        )
    return middles, MARGIN + total
