"""Where things are. Everything a person may change is an environment variable named
here (and in `make help`).
"""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = "quality_complaint"

HOME = Path(os.environ.get("QC_HOME") or CHECKOUT / ".odoo").resolve()
CACHE = (
    Path(
        os.environ.get("QC_CACHE")
        or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / ADDON
    )
    .expanduser()
    .resolve()
)
PORT = os.environ.get("QC_PORT") or "8069"
INTERFACE = os.environ.get("QC_INTERFACE") or "127.0.0.1"
DEMO_DB = os.environ.get("QC_DEMO_DB") or "demo"
TEST_DB = os.environ.get("QC_TEST_DB") or "qc_test"
ODOO_SOURCE = os.environ.get("ODOO_SOURCE")
ODOO_DEB = os.environ.get("ODOO_DEB")

VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
TREE = HOME / "odoo"
CONF = HOME / "odoo.conf"
LOG = HOME / "odoo.log"
PID = HOME / "odoo.pid"
NODE = HOME / "node"
READY = HOME / "ready"


class SetupError(Exception):
    """Something is missing; the text says what, and what to do about it."""


def say(text):
    print(f"· {text}", flush=True)


def odoo_addons_paths():
    """Folders holding Odoo's own addons, for the fetched package and for a source
    checkout alike.
    """
    if ODOO_SOURCE:
        return [
            Path(ODOO_SOURCE).resolve() / "addons",
            Path(ODOO_SOURCE).resolve() / "odoo" / "addons",
        ]
    return [TREE / "usr/lib/python3/dist-packages/odoo/addons"]


def odoo_python_path():
    """The folder that makes `import odoo` work."""
    return (
        Path(ODOO_SOURCE).resolve()
        if ODOO_SOURCE
        else TREE / "usr/lib/python3/dist-packages"
    )


def environment():
    """Environment of every Odoo process: our tools come first on PATH (Odoo's
    `bin_path` cannot do that).
    """
    env = dict(os.environ)
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    env.pop("PYTHONPATH", None)
    return env
