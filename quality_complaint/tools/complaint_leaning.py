"""What trouble the words of a text lean to, also where it names none: “I stood in a
puddle again” leans to a leak.

The weights of `data/complaint_words.txt` are those of a multinomial logistic
regression, trained on some thousand wordings of troubles
(`dev/complaint_words.py`). Each line: a feature, a tabulator, and `trouble:weight` in
hundredths, divided by blanks; features that say nothing
are left out. Features are word stems and pairs of them, and one to three characters of
Chinese.
"""

import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from .complaint_text import normalised, stem

WORD = re.compile(r"[a-z]+")
CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
LONGEST_CHINESE = 3
# hundredths, as in the file
SCALE = 100
# lines of the file that are no feature
CONSTANT, SHARE = "=constant", "=share"
WEIGHTS = Path(__file__).parent.parent / "data" / "complaint_words.txt"
# likeness beyond which nothing is gained or lost
LEAST, MOST = -1.0, 2.0


def features(text):
    """:return: set of str"""
    text = normalised(text)
    stems = [stem(word) for word in WORD.findall(text)]
    found = {*stems, *(f"{one} {other}" for one, other in pairwise(stems))}
    for run in CHINESE_RUN.findall(text):
        found.update(
            run[start : start + length]
            for length in range(1, LONGEST_CHINESE + 1)
            for start in range(len(run) - length + 1)
        )
    return found


class Leaning:
    """The trained weights.

    :param lines: of the file
    """

    def __init__(self, lines):
        rows = {}
        for line in lines:
            if line.startswith("#"):
                continue
            feature, _tab, weights = line.rstrip("\n").partition("\t")
            rows[feature] = [
                (name, int(weight) / SCALE)
                for name, weight in (pair.split(":") for pair in weights.split())
            ]
        constant = rows.pop(CONSTANT)
        self._troubles = [name for name, _weight in constant]
        self._constant = [weight for _name, weight in constant]
        share = dict(rows.pop(SHARE))
        # ten-thousandths, they add up to one
        self._share = [max(share[name] / SCALE, 1e-4) for name in self._troubles]
        place = {name: number for number, name in enumerate(self._troubles)}
        self._weights = {
            feature: [(place[name], weight) for name, weight in weights]
            for feature, weights in rows.items()
        }

    def of(self, text):
        """How likely each trouble is.

        :return: tuple of float that add up to 1; empty for a text without a word that
            is known
        """
        known = [
            self._weights[feature]
            for feature in features(text)
            if feature in self._weights
        ]
        if not known:
            return ()
        sums = list(self._constant)
        for weights in known:
            for number, weight in weights:
                sums[number] += weight
        highest = max(sums)
        powers = [math.exp(value - highest) for value in sums]
        total = sum(powers)
        return tuple(power / total for power in powers)

    def likeness(self, one, other):
        """How much more two texts lean to the same trouble than two texts taken at
        random, as a logarithm.

        :param tuple one: what `of` gave
        :param tuple other: as well
        :return: float from `LEAST` to `MOST`; 0 says nothing
        """
        if not one or not other:
            return 0.0
        lift = sum(
            a * b / share for a, b, share in zip(one, other, self._share, strict=True)
        )
        return max(LEAST, min(MOST, math.log(lift + 1e-9)))


@cache
def trained():
    """:return: `Leaning` of the delivered weights, read once"""
    with WEIGHTS.open(encoding="utf-8") as lines:
        return Leaning(lines)
