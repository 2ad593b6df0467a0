"""How much of some lots is in the lots made of them, and how much of other lots went
into them: bounds, since nobody writes down which unit of a component went into which
unit.

A conversion is whatever makes lots of other lots: an order of production, a
disassembly, a repair. Goods are pairs (product, lot), the lot is None where none was
written down.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import fsum


@dataclass
class Conversion:
    """What went in and what came out, in the units of the products."""

    key: tuple
    inputs: dict = field(default_factory=dict)  # {(product, lot): quantity}
    outputs: dict = field(default_factory=dict)
    first: object = None
    last: object = None
    company: int = None
    # what went in is still there: only parts of it came out
    keeps: bool = False

    @property
    def document(self):
        return self.key[:2]

    def sides(self, downstream):
        return (
            (self.inputs, self.outputs) if downstream else (self.outputs, self.inputs)
        )


def walk(roots, conversions, downstream=True):
    """The shortest way from the roots to each lot.

    What came out of goods by a document is not made of what the same document put into
    them: a repair.

    :param roots: ids of lots
    :return: ({lot: (steps, lot before it or None, conversion between them or None)}, in
        the order of the steps; list of the conversions that were walked)
    """
    by_lot = defaultdict(list)
    for conversion in conversions:
        near, _far = conversion.sides(downstream)
        for _product, lot in near:
            if lot:
                by_lot[lot].append(conversion)
    found = {lot: (0, None, None) for lot in roots}
    documents = {lot: {None} for lot in found}  # by which a lot was reached
    walked, front = {}, list(found)
    while front:
        following = []
        for lot in front:
            for conversion in by_lot[lot]:
                if conversion.key in walked or documents[lot] == {conversion.document}:
                    continue
                walked[conversion.key] = conversion
                for _product, other in conversion.sides(downstream)[1]:
                    if not other:
                        continue
                    if other not in found:
                        found[other] = (found[lot][0] + 1, lot, conversion)
                    reached = documents.setdefault(other, set())
                    if len(reached) < 2 and conversion.document not in reached:
                        reached.add(conversion.document)
                        following.append(other)
        front = following
    return found, list(walked.values())


def shares(roots, totals, conversions, downstream=True, again=None, apart=frozenset()):
    """Bounds of what is in each lot.

    Downstream: how much of the roots is in a lot, in the unit of the roots. Upstream:
    how much of a lot is in the roots, in the unit of that lot.

    :param roots: ids of lots; downstream they are of one product
    :param dict totals: {lot: everything that ever came in of it}
    :param dict again: {lot: what of it may be counted twice there}
    :param set apart: lots that were taken apart: what was in them may be gone
    :return: {lot: (at least, at most)}
    """
    roots = set(roots)
    whole = fsum(totals.get(lot, 0.0) for lot in roots)
    found = {}
    for lot in roots:
        total = totals.get(lot, 0.0)
        found[lot] = (total - (again or {}).get(lot, 0.0), total)
    ordered, circular = _in_order(roots, conversions, downstream)
    for conversion in ordered:
        step = _of_step if downstream else _to_step
        gone = apart & {lot for _product, lot in conversion.outputs}
        for lot, (least, most) in step(conversion, roots, found, totals).items():
            before = found.get(lot, (0.0, 0.0))
            certain = 0.0 if lot in apart or gone else least
            found[lot] = (before[0] + certain, before[1] + most)
    for lot in circular:
        # goods that came back into what they were made of: all that can be said
        found[lot] = (0.0, whole if downstream else totals.get(lot, 0.0))
    return {
        lot: _bounded(bounds, whole if downstream else totals.get(lot, 0.0))
        for lot, bounds in found.items()
    }


def _bounded(bounds, most):
    least, upper = bounds
    return min(least, most), min(upper, most)


def _in_order(roots, conversions, downstream):
    """Conversions so that each comes after those its lots depend on.

    :return: (list of them, set of lots that depend on themselves)
    """
    feeders, users = defaultdict(set), defaultdict(list)
    waits = {}
    for conversion in conversions:
        near, far = conversion.sides(downstream)
        for _product, lot in far:
            if lot and lot not in roots and (_product, lot) not in near:
                feeders[lot].add(conversion.key)
        waits[conversion.key] = {lot for _product, lot in near if lot} - roots
    for conversion in conversions:
        for lot in waits[conversion.key]:
            users[lot].append(conversion)
    left = {lot: len(keys) for lot, keys in feeders.items()}
    for key, lots in waits.items():
        waits[key] = {lot for lot in lots if left.get(lot)}
    ready = [conversion for conversion in conversions if not waits[conversion.key]]
    ordered = []
    while ready:
        conversion = ready.pop()
        ordered.append(conversion)
        for lot in {lot for _product, lot in conversion.sides(downstream)[1]}:
            if conversion.key not in feeders.get(lot, ()):
                continue
            left[lot] -= 1
            if not left[lot]:
                for user in users[lot]:
                    waits[user.key].discard(lot)
                    if not waits[user.key]:
                        ready.append(user)
    done = {conversion.key for conversion in ordered}
    circular = {
        lot
        for conversion in conversions
        if conversion.key not in done
        for _product, lot in conversion.sides(downstream)[1]
        if lot and lot not in roots
    }
    return ordered, circular


def _by_product(goods):
    totals = defaultdict(float)
    for (product, _lot), quantity in goods.items():
        totals[product] += quantity
    return totals


def _portion(used, total, share):
    """Of `total` goods mixed from several lots, `used` of them of one: how many are in
    a part of what was made.

    :return: (at least, at most)
    """
    need = total * share
    return max(need - (total - used), 0.0), min(used, need)


def _of_step(conversion, roots, found, totals):
    """What of the roots went into each lot that came out, by one conversion."""
    made = _by_product(conversion.outputs)
    used = _by_product(conversion.inputs)
    sole = len(conversion.outputs) == 1
    direct = defaultdict(float)
    least = most = 0.0
    for (product, lot), quantity in conversion.inputs.items():
        if lot in roots:
            direct[product] += quantity
        elif lot in found:
            inside_least, inside_most = found[lot]
            most += inside_most
            if sole and not conversion.keeps and quantity >= totals.get(lot, 0.0):
                least += inside_least
    result = {}
    for (product, lot), quantity in conversion.outputs.items():
        if not lot or lot in roots or (product, lot) in conversion.inputs:
            continue
        lower, upper = least, most
        for component, taken in direct.items():
            if len(made) == 1 and not conversion.keeps:
                part = _portion(taken, used[component], quantity / made[product])
            else:  # beside by-products, parts taken out: it may be in any of them
                part = (0.0, taken)
            lower, upper = lower + part[0], upper + part[1]
        result[lot] = (lower, upper)
    return result


def _to_step(conversion, roots, found, totals):
    """What of each lot that went in is in the roots, by one conversion."""
    made = _by_product(conversion.outputs)
    used = _by_product(conversion.inputs)
    result = {}
    for (component, lot), quantity in conversion.inputs.items():
        if not lot or lot in roots or (component, lot) in conversion.outputs:
            continue
        lower = upper = 0.0
        mine = sum(
            taken
            for (_product, other), taken in conversion.outputs.items()
            if other in roots
        )
        parts = [(mine, True)] if mine else []
        parts += [
            (taken, found[other][0] >= totals.get(other, 0.0))
            for (_product, other), taken in conversion.outputs.items()
            if other not in roots and other in found and found[other][1]
        ]
        for taken, is_whole in parts:
            if len(made) == 1 and not conversion.keeps:
                part = _portion(
                    quantity, used[component], taken / next(iter(made.values()))
                )
            else:
                part = (0.0, quantity)
            upper += part[1]
            lower += part[0] if is_whole else 0.0
        result[lot] = (min(lower, quantity), min(upper, quantity))
    return result
