"""Fifty customers at once on the portal, over HTTP, with the workers of a real server.
Run by `make bench`; figures in README.md.

Each customer's company has complaints and deliveries of its own. Odoo's own list of
orders is asked for by the same people in the same run.
"""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from mass import copied, made_world

from odoo.tools import config

PEOPLE = 50
ROUNDS = 4
COMPLAINTS = 20_000
PORT = int(os.environ.get("QC_BENCH_PORT", "8099"))
BASE = f"http://127.0.0.1:{PORT}"
WORKERS = os.cpu_count()


def prepare(env):
    """Customers with a login, delivered goods and complaints; committed.

    :return: id of a complaint of each
    """
    world = made_world(env)
    lot = world.make_lot("LOAD-1", quantity=100_000)
    companies = env["res.partner"].create(
        [{"name": f"Customer {n}", "is_company": True} for n in range(PEOPLE)]
    )
    ours = []
    for n, company in enumerate(companies):
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": f"Person {n}",
                "login": f"load{n}",
                "password": f"load{n}",
                "email": f"load{n}@customer.example",
                "company_id": world.company.id,
                "company_ids": [(6, 0, world.company.ids)],
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        ).partner_id.parent_id = company
        for _order in range(2):
            world.sell({lot: 100}, partner=company)
        complaint = world.make_complaint(partner_id=company.id)
        ours.append(complaint.id)
    env.flush_all()
    for complaint_id in ours:
        copied(
            env,
            "quality_complaint",
            complaint_id,
            COMPLAINTS // PEOPLE,
            {"name": f"L{complaint_id}/"},
        )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return ours


def served(name):
    """A server with workers; waits until it answers."""
    # a file of its own: workers for the bus are started by its name
    start = Path(tempfile.mkdtemp()) / "start.py"
    start.write_text("import odoo.cli\n\nodoo.cli.main()\n")
    server = subprocess.Popen(
        [
            *(sys.executable, str(start), "-c", config["config"], "-d", name),
            *(f"--workers={WORKERS}", f"--http-port={PORT}", "--max-cron-threads=0"),
            *("--log-level=error", "--db-filter=^" + name + "$"),
            f"--addons-path={','.join(config['addons_path'])}",
        ]
    )
    for _second in range(60):
        try:
            requests.get(f"{BASE}/web/login", timeout=30)
            return server
        except requests.ConnectionError:
            time.sleep(1)
    raise SystemExit("The server did not start")


def signed_in(n):
    session = requests.Session()
    # a worker waits for nobody: without a proxy connections are not kept
    session.headers["Connection"] = "close"
    page = session.get(f"{BASE}/web/login", timeout=120).text
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    fields = {"login": f"load{n}", "password": f"load{n}", "csrf_token": csrf}
    session.post(f"{BASE}/web/login", data=fields, timeout=120)
    return session


def asked(sessions, title, paths):
    """All people ask at once, several times.

    :param paths: path of each
    """

    def one(n):
        took = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            answer = sessions[n].get(BASE + paths[n], timeout=120)
            took.append(time.perf_counter() - start)
            if answer.status_code != 200:
                raise SystemExit(f"{paths[n]}: {answer.status_code}")
        return took

    one(0)  # fills the caches
    start = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as pool:
        took = [wait for some in pool.map(one, range(PEOPLE)) for wait in some]
    seconds = time.perf_counter() - start
    print(
        f"{title}: {len(took) / seconds:.0f} pages a second, waited "
        f"{statistics.median(took) * 1000:.0f} ms (median), "
        f"{statistics.quantiles(took, n=20)[-1] * 1000:.0f} ms (19 of 20)"
    )


def measure(env):
    ours = prepare(env)
    server = served(env.cr.dbname)
    try:
        with ThreadPoolExecutor(4) as pool:
            sessions = list(pool.map(signed_in, range(PEOPLE)))
        print(f"{PEOPLE} customers, {COMPLAINTS} complaints, {WORKERS} workers")
        same = ["/my/orders"] * PEOPLE
        asked(sessions, "Odoo's list of orders", same)
        asked(sessions, "list of complaints", ["/my/complaints"] * PEOPLE)
        asked(sessions, "one complaint", [f"/my/complaints/{one}" for one in ours])
        asked(sessions, "form with goods", ["/my/complaints/new"] * PEOPLE)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


measure(env(user=env.ref("base.user_admin")))  # noqa: F821  # the shell's
