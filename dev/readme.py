"""README.rst and static/description/index.html of every addon, made from the parts in
its `readme/` as OCA's generator does: `make readme` writes them, `make lint` refuses
others.
"""

import ast
import re
import sys

import pypandoc
from docutils.core import publish_parts
from settings import ADDON, CHECKOUT

# parts in OCA's order, ours after what they belong to
PARTS = {
    "DESCRIPTION": "",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "INVESTIGATION": "Investigation",
    "PEOPLE": "Who looks after a complaint",
    "WARRANTY": "Warranty and loans",
    "SERVICE": "Service and customer files",
    "TRACEABILITY": "Traces, holds and recalls of lots",
    "REMEDIES": "Remedies",
    "TIME_LIMITS": "Time limits",
    "EIGHT_D": "8D reports",
    "SPECIAL_CASES": "Special cases",
    "CASE_FILE": "Case file",
    "PORTAL": "Customer portal",
    "INTERFACE": "External interface",
    "IMPROVEMENT": "From cases to improvement",
    "CONTRIBUTORS": "Contributors",
}
LINK = re.compile(r"`[^`<]+<(\w+)\.md>`__")
FIRST_LINE = ".. Made by `make readme` from the parts in readme/, not by hand.\n\n"


def heading(text, line):
    return f"{line * len(text)}\n{text}\n{line * len(text)}\n\n"


def readme(addon):
    """The addon's README.rst as text; raises KeyError for a part of unknown place."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    parts = {path.stem: path for path in addon.glob("readme/*.md")}
    text = FIRST_LINE + heading(manifest["name"], "=")
    for name in sorted(parts, key=list(PARTS).index):
        if PARTS[name]:
            text += f"{PARTS[name]}\n{'=' * len(PARTS[name])}\n\n"
        body = pypandoc.convert_text(
            parts[name].read_text(),
            "rst",
            format="gfm",
            extra_args=["--shift-heading-level-by=1", "--columns=88"],
        )
        # a link to another part is one to its section here
        body = LINK.sub(lambda match: f"`{PARTS[match[1]]}`_", body)
        text += body.strip() + "\n\n"
    return text + f"Licence: {manifest['license']}.\n"


def description(rst):
    """The page that Odoo's Apps shows: the README as HTML, without a head (Odoo
    drops all of a page that has one).
    """
    parts = publish_parts(
        rst,
        writer_name="html5",
        settings_overrides={
            "report_level": 2,
            "halt_level": 2,
            "initial_header_level": 2,
        },
    )
    lines = [line.rstrip() for line in parts["html_body"].splitlines()]
    return "\n".join(lines) + "\n"


def pages():
    """Every generated page, with the text that it should have."""
    for addon in sorted(path.parent for path in CHECKOUT.glob(f"{ADDON}*/readme")):
        rst = readme(addon)
        yield addon / "README.rst", rst
        yield addon / "static/description/index.html", description(rst)


def main():
    for path, text in pages():
        path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
