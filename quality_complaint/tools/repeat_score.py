"""How likely two complaints are about the same trouble.

The score is a sum of points for goods, defect, cause and text, between 0 and 100:

* **goods**: the strongest tie counts: the lot, the supplier's lot, the product, its
  family; other goods take points away;
* **defect**, **cause**: the same, of one group, unknown on a side, or another one;
* **text**: up to `TEXT` by the similarity of `complaint_text.py` and what both lean to
  by `complaint_leaning.py`.

The same product or family with the same defect is enough for the usual threshold of 50,
unless the texts tell of troubles that have nothing
in common; the same lot alone is not, nor is the same text about other goods. Where
complaints have several lines, the best pair of lines counts.
"""

from dataclasses import dataclass

GOODS = {"same_lot": 36, "same_supplier_lot": 34, "same_product": 28, "same_family": 23}
# a side names no goods; both name some, without any tie
GOODS_UNKNOWN, GOODS_OTHER = 0, -60
DEFECT = {"same": 30, "group": 14, "unknown": 4, "other": -10}
CAUSE = {"same": 16, "unknown": 0, "other": -6}
# the most for texts; where one says nothing
TEXT, TEXT_UNKNOWN = 50, 6
# for texts that say something, more for the same in other words
TEXT_KNOWN, SIMILAR = 17, 35
# by what both lean to (-1 to 2)
LEANING = 24
# from this on (%), a person is told that texts without a common symptom tell of a like
# trouble
LIKE_TROUBLE = 30
# instead of `TEXT_KNOWN`, for texts that name troubles which are not taken for one
# another
TEXT_OTHER = 0


@dataclass(frozen=True)
class Goods:
    """A line of a complaint, as far as repeats are concerned: ids, 0 for what is not
    known.
    """

    product: int = 0
    template: int = 0
    category: int = 0
    lot: int = 0
    lot_name: str = ""
    defect: int = 0
    defect_group: int = 0


@dataclass(frozen=True)
class Trouble:
    """A complaint, as far as repeats are concerned.

    `goods`: set of `Goods`, never empty; `cause`: id or 0; `text`: `Analysis` of
    `words`.
    """

    goods: frozenset
    cause: int
    text: object
    words: str = ""


def evidence(mine, theirs, supplier_lots, vocabulary):
    """Compare two complaints.

    :param Trouble mine: the newer
    :param Trouble theirs: the earlier
    :param set supplier_lots: ids of lots of the same supplier's lots as those of the
        newer
    :param Vocabulary vocabulary: the texts were read with
    :return: dict: `score`, `symptoms` (frozenset of those both texts name),
        `other_words` (whether they tell of a like trouble in other words), and
        `same_lot`, `same_supplier_lot`, `same_product`, `same_family`, `same_defect`,
        `same_cause`
    """
    similarity = vocabulary.similarity(mine.text, theirs.text)
    known = mine.text.telling and theirs.text.telling
    likeness = (
        vocabulary.leaning.likeness(mine.text.leaning, theirs.text.leaning)
        if vocabulary.leaning
        else 0.0
    )
    apart = (
        mine.text.symptoms
        and theirs.text.symptoms
        and not mine.text.kinds & theirs.text.kinds
    )
    least = TEXT_OTHER if apart else TEXT_KNOWN
    more = SIMILAR * similarity + LEANING * likeness
    # 0 to 1: the same trouble in other words is alike
    alike = max(similarity, min(1.0, more / (TEXT - least)))
    cause = _relation(mine.cause, theirs.cause)
    text = min(TEXT, least + more) if known else TEXT_UNKNOWN
    best, found = None, {}
    for one in mine.goods:
        for other in theirs.goods:
            ties = _ties(one, other, supplier_lots)
            defect = _relation(one.defect, other.defect)
            if defect == "other" and {one.defect_group, one.defect} & {
                other.defect_group,
                other.defect,
            } - {0}:
                defect = "group"
            # what texts lean to says nothing where goods are not known
            words = (
                text
                if any(ties.values())
                else max(TEXT * similarity, min(text, TEXT_UNKNOWN))
            )
            total = _goods_points(one, other, ties) + DEFECT[defect] + words
            if best is None or total > best:
                best, found = total, {**ties, "same_defect": defect == "same"}
    return {
        **found,
        "same_cause": cause == "same",
        "symptoms": mine.text.symptoms & theirs.text.symptoms,
        "other_words": bool(
            known
            and 100 * alike >= LIKE_TROUBLE
            and not mine.text.symptoms & theirs.text.symptoms
        ),
        "score": max(0, min(100, round(CAUSE[cause] + best))),
    }


def _relation(one, other):
    if not one or not other:
        return "unknown"
    return "same" if one == other else "other"


def _ties(one, other, supplier_lots):
    product = bool(one.product and one.product == other.product)
    family = bool(one.template and one.template == other.template) or bool(
        one.category and one.category == other.category
    )
    # one lot is often packed in several sizes, or its number is all that is known
    number = bool(one.lot_name and one.lot_name == other.lot_name) and (
        product or family or not one.product or not other.product
    )
    return {
        "same_lot": number or bool(one.lot and one.lot == other.lot),
        "same_supplier_lot": bool(other.lot and other.lot in supplier_lots),
        "same_product": product,
        "same_family": family,
    }


def _goods_points(one, other, ties):
    if any(ties.values()):
        return max(GOODS[name] for name, tied in ties.items() if tied)
    named = (one.product or one.lot) and (other.product or other.lot)
    return GOODS_OTHER if named else GOODS_UNKNOWN
