"""The rooms of the main addon: a room uses those before it, never those after it."""

import re

from settings import ADDON, CHECKOUT

MODELS = CHECKOUT / ADDON / "models"
# What uses a later room all the same, and why; the list may only shrink.
EXCEPTIONS = {
    ("action/action.py", "eight_d"): "rights on the report an action is planned for",
    ("catalogue/role.py", "eight_d"): "a role that 8D reports ask is in use",
    ("catalogue/team_digest.py", "deadline"): "the digest lists what is due",
    ("complaint/line.py", "remedy"): "how much of a line is covered",
    ("complaint/requirement.py", "investigation"): "names of the ways to investigate",
    ("complaint/smart_buttons.py", "remedy"): "documents of the remedies",
    ("eight_d/issue.py", "reply"): "a report is issued with a letter",
    ("investigation/sample.py", "reply"): "a sample is asked for by a letter",
    ("mixins/due.py", "catalogue"): "whom a level tells",
    ("mixins/due.py", "complaint"): "one scheduled action for everything that is due",
    ("mixins/due.py", "deadline"): "one scheduled action for everything that is due",
    ("mixins/guarded.py", "complaint"): "the round a record is made in",
    ("policy/condition.py", "investigation"): "names of the ways to investigate",
    ("policy/limit.py", "deadline"): "a limit in use is not deleted",
    ("policy/policy.py", "complaint"): "a policy in use is not changed",
}


def rooms():
    """Names of the rooms, from the ground up: as they are imported."""
    names = re.findall(
        r"^from \. import (\w+)$", (MODELS / "__init__.py").read_text(), re.MULTILINE
    )
    return [name for name in names if (MODELS / name).is_dir()]


def upward():
    """Uses of a later room, by import or by `env["…"]`; the conductors (`events.py`)
    name consequences in all rooms.

    :return: {(file below `models/`, name of the later room)}
    """
    order = {room: place for place, room in enumerate(rooms())}
    homes = {}
    for room in order:
        for path in (MODELS / room).glob("*.py"):
            for model in re.findall(
                r'^    _name = "([\w.]+)"', path.read_text(), re.MULTILINE
            ):
                # a later room may name it again, to give it a mixin
                homes.setdefault(model, room)
    found = set()
    for room, place in order.items():
        for path in (MODELS / room).glob("*.py"):
            text = path.read_text()
            used = (
                [homes.get(model) for model in re.findall(r'env\["([\w.]+)"\]', text)]
                if not path.name.endswith("events.py")
                else []
            )
            used += re.findall(r"^from \.\.(\w+)", text, re.MULTILINE)
            found |= {
                (f"{room}/{path.name}", other)
                for other in used
                if order.get(other, -1) > place
            }
    return found


def problems():
    """:return: sentences on what breaks the rule, and on exceptions that are none any
    more
    """
    found = upward()
    for name, room in sorted(found - EXCEPTIONS.keys()):
        yield f"{ADDON}/models/{name}: uses the later room {room}/; what it needs goes there, or is called by a conductor (events.py)"  # noqa: E501
    for name, room in sorted(EXCEPTIONS.keys() - found):
        yield f"dev/rooms.py: {name} does not use {room}/ any more: take it off the list"  # noqa: E501
