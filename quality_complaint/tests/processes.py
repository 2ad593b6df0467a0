"""Operating system processes on the test database, for tests of what several workers do
at once and of what a crash leaves behind.

This file is also the program: it loads Odoo once and forks one process for each
`Processes.start()`, as Odoo's own workers are. Each is told
what to run over a socket, stops where it is told to, and may be killed there.
"""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing

PATIENCE = 60.0  # seconds until a process that does not answer fails its test


class Channel:
    """One JSON document a line, both ways."""

    def __init__(self, link):
        self.link = link
        self.lines = link.makefile("rb")

    def send(self, document):
        self.link.sendall(json.dumps(document).encode() + b"\n")

    def receive(self):
        """The next document; None when the other side is gone."""
        line = self.lines.readline()
        return json.loads(line) if line else None

    def close(self):
        self.lines.close()
        self.link.close()


# === the side of the tests ===


class Processes:
    """Starts processes that share the code and the configuration of this one, not its
    transactions.
    """

    def __init__(self, db_name):
        from odoo.sql_db import db_connect
        from odoo.tools import config

        from .common import DAY

        self.db = db_connect(db_name)
        options = [
            "--log-level=critical",
            "--db_app_name=complaint-{pid}",
            f"--data-dir={config['data_dir']}",
        ]
        options.append(f"--addons-path={','.join(config['addons_path'])}")
        options += [
            f"--{name}={config[name]}"
            for name in ("db_host", "db_port", "db_user", "db_password", "db_sslmode")
            if config[name]
        ]
        link, theirs = socket.socketpair()
        self.control = link
        self.started = []
        self.program = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,
            text=True,
        )
        theirs.close()
        with self.program.stdin as setup:
            json.dump(
                {"path": sys.path, "options": options, "db_name": db_name, "day": DAY},
                setup,
            )

    def start(self):
        """A new, idle :class:`Process`."""
        link, theirs = socket.socketpair()
        link.settimeout(PATIENCE)
        socket.send_fds(self.control, [b"+"], [theirs.fileno()])
        theirs.close()
        process = Process(self.db, Channel(link))
        self.started.append(process)
        return process

    def stop(self):
        for process in self.started:
            process.channel.close()
        self.control.close()
        self.program.wait(PATIENCE)


class Process:
    """One process; runs one method at a time."""

    def __init__(self, db, channel):
        self.db = db
        self.channel = channel
        self.pid = channel.receive()["pid"]

    def run(self, records, method, *args, stop_at=(), uid=None, context=None):
        """Begin `records.method(*args)` as a request does: in a transaction that is
        repeated when it cannot be serialized, then committed.

        :param stop_at: points to stop at, once each, until `go()`: `snapshot` (the
            transaction sees the database, nothing has run yet),
            `commit` (everything is written, nothing committed), `answer` (committed,
            nobody was told), or `(model, method)`: that method has run
        """
        env = records.env
        self.channel.send(
            {
                "model": records._name,
                "ids": records.ids,
                "method": method,
                "args": args,
                "stop_at": stop_at,
                "uid": uid or env.uid,
                "context": {**env.context, **(context or {})},
            }
        )
        return self

    def wait_at(self, point):
        """Wait until the process has come to a point it stops at."""
        told = self.channel.receive()
        assert told == {"at": point if isinstance(point, str) else list(point)}, told
        return self

    def go(self):
        self.channel.send("go")
        return self

    def wait_blocked(self):
        """Wait until the process waits for a lock another one holds."""
        self._wait_for(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = %s AND "
            "wait_event_type = 'Lock'",
            unless_told=True,
        )
        return self

    def result(self):
        """Wait for the end.

        :return: (number of attempts, what the user was told or None)
        """
        told = self.channel.receive()
        return told["attempts"], told["error"]

    def kill(self):
        """SIGKILL, and wait until the database has noticed."""
        os.kill(self.pid, signal.SIGKILL)
        self._wait_for(
            "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE "
            "application_name = %s)"
        )

    def _wait_for(self, query, unless_told=False):
        until = time.monotonic() + PATIENCE
        with closing(self.db.cursor()) as cr:
            while time.monotonic() < until:
                if unless_told and select.select([self.channel.link], [], [], 0)[0]:
                    raise AssertionError(self.channel.receive())
                cr.execute(query, [f"complaint-{self.pid}"])
                if cr.fetchone():
                    return
                cr.rollback()
        raise TimeoutError(query)


# === the program ===


def main(control):
    setup = json.load(sys.stdin)
    sys.path[:] = setup["path"]
    import freezegun

    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(setup["options"])
    registry = Registry(setup["db_name"])
    sql_db.close_all()  # connections are not shared with the processes to come
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    freezegun.freeze_time(
        setup["day"], tick=True
    ).start()  # it is the day of the tests here, too
    while True:
        order, links, _flags, _address = socket.recv_fds(control, 1, 1)
        if not order:
            return
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            random.uniform = wait_less
            control.close()
            registry._db = sql_db.db_connect(
                setup["db_name"]
            )  # under this process's own name
            work(registry, Channel(socket.socket(fileno=links[0])))
            os._exit(0)
        os.close(links[0])


def wait_less(low, high):
    """Instead of `random.uniform`: how long Odoo waits before it repeats a
    transaction.
    """
    return low + (high - low) * random.SystemRandom().random() / 20


def work(registry, channel):
    channel.send({"pid": os.getpid()})
    while order := channel.receive():
        registry.check_signaling()
        channel.send(run(registry, channel, **order))


def run(registry, channel, model, ids, method, args, stop_at, uid, context):
    from odoo.api import Environment
    from odoo.service.model import retrying

    points = [point if isinstance(point, str) else tuple(point) for point in stop_at]
    told = {"attempts": 0, "error": None}

    def stop(point):
        if point not in points:
            return
        points.remove(point)
        channel.send({"at": point})
        if channel.receive() != "go":
            os._exit(1)

    def attempt():
        told["attempts"] += 1
        env.cr.execute("SELECT 1")
        stop("snapshot")
        getattr(env[model].browse(ids), method)(*args)
        env.cr.flush()
        stop("commit")

    with ExitStack() as stack:
        for point in list(points):
            if isinstance(point, tuple):
                stop_after(
                    stack, registry[point[0]], point[1], lambda point=point: stop(point)
                )
        env = Environment(stack.enter_context(registry.cursor()), uid, context)
        try:
            retrying(attempt, env)
            stop("answer")
        except Exception as error:  # noqa: BLE001  # whatever it is, the test is told
            env.cr.rollback()
            told["error"] = f"{type(error).__name__}: {error}"
    return told


def stop_after(stack, owner, name, stop):
    """Patch a method of a model: it stops when it has run."""
    original = getattr(owner, name)

    def stopping(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        self.env.flush_all()
        stop()
        return result

    setattr(owner, name, stopping)
    stack.callback(delattr, owner, name)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
