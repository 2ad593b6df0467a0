"""First step, with any fitting Python and nothing but its standard library: bring the
set-up up to date.
"""

import sys

import fetch
from settings import SetupError


def main(command="setup", *_arguments):
    if command in ("stop", "clean"):
        return 0
    try:
        fetch.fetch(
            lint=command in ("lint", "readme", "wheel", "screenshots", "figures")
        )
    except SetupError as error:
        print(f"\n✗ {error}\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
