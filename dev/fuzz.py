"""Ten thousand odd requests to the running demo (`make demo`): nothing of it may be an
error of the server.

    .odoo/venv/bin/python dev/fuzz.py [SEED [COUNT]]

Requests: `quality_complaint/tests/portal/fuzz.py`. What is filed stays in the demo.
"""

import importlib.util
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

import requests

BASE = f"http://localhost:{os.environ.get('QC_PORT', '8069')}"
DATABASE = os.environ.get("QC_DEMO_DB", "demo")
ROOT = Path(__file__).resolve().parent.parent
TURN = 100
PEOPLE = ("customer", "employee", None)


def load_requests():
    path = ROOT / "quality_complaint" / "tests" / "portal" / "fuzz.py"
    spec = importlib.util.spec_from_file_location("fuzz", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.requests_of


def ask(model, method, *args, **options):
    """What the administrator reads of the demo."""
    body = {
        "jsonrpc": "2.0",
        "method": "call",
        "params": {
            "service": "object",
            "method": "execute_kw",
            "args": [DATABASE, 2, "admin", model, method, list(args), options],
        },
    }
    answer = requests.post(f"{BASE}/jsonrpc", json=body, timeout=60).json()
    if "error" in answer:
        raise SystemExit(answer["error"]["data"]["message"])
    return answer["result"]


def csrf_of(session, path):
    page = session.get(BASE + path, timeout=60).text
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def signed_in(login):
    session = requests.Session()
    if login:
        fields = {
            "login": login,
            "password": login,
            "csrf_token": csrf_of(session, "/web/login"),
        }
        session.post(f"{BASE}/web/login", data=fields, timeout=60)
    return session, csrf_of(session, "/complaint/new")


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    complaints = ask("quality.complaint", "search_read", [], fields=["access_token"])
    tokens = ask("quality.complaint.intake.token", "search_read", [], fields=["token"])
    ids = [row["id"] for row in complaints]
    for model in ("quality.complaint.reply", "ir.attachment", "stock.move.line"):
        ids += ask(model, "search", [], limit=50)
    known = [row["access_token"] for row in complaints] + [
        row["token"] for row in tokens
    ]
    seen, broken, start = Counter(), [], time.monotonic()
    session, csrf = None, ""
    all_requests = load_requests()(seed, count, ids, list(filter(None, known)) or [""])
    for n, (method, path, query, fields, files) in enumerate(all_requests):
        if n % TURN == 0:
            session, csrf = signed_in(PEOPLE[n // TURN % len(PEOPLE)])
        response = session.request(
            method,
            BASE + path,
            params=query,
            data=fields and {**fields, "csrf_token": csrf},
            files=files,
            allow_redirects=False,
            timeout=60,
        )
        seen[response.status_code] += 1
        if response.status_code >= 500 or "<script>alert(1)" in response.text:
            broken.append((n, method, path, query, fields))
    seconds = time.monotonic() - start
    print(
        f"{count} requests, seed {seed}, {seconds:.0f} s: {dict(sorted(seen.items()))}"
    )
    for row in broken:
        print("broken:", row)
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
