"""Whether a text says anything at all."""

import re
import unicodedata

# what people type where a field wants something
NOTHING = frozenset(
    {
        "na",
        "n a",
        "nil",
        "none",
        "nothing",
        "no comment",
        "not applicable",
        "tbd",
        "tbc",
        "x",
        "xx",
        "xxx",
        "无",
        "没有",
        "暂无",
        "不适用",
        "待定",
        "略",
    }
)


def says_nothing(text):
    """Blanks, dots and dashes, “n/a” and the like, in any width and case.

    :param text: str, or False
    """
    plain = re.sub(
        r"[\W_]+", " ", unicodedata.normalize("NFKC", text or "").lower()
    ).strip()
    return not plain or plain in NOTHING
