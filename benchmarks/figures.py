"""Figures of many complaints: reckoning them, the reports made of them, the ledger as a
spreadsheet beside the bare writer. Run by `make bench`; figures in README.md.

One complaint goes its whole way; the others are copies of it in SQL, over 400 days.
Every measurement is rolled back.
"""

import json
import os
import resource
import statistics
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile

import xlsxwriter
from mass import copied_chain, made_world, measured

from odoo.modules.module import get_module_path

from odoo.addons.quality_complaint.models.improvement.kpi import Scope
from odoo.addons.quality_complaint.report.improvement.ledger import COLUMNS

SIZES = [int(size) for size in (os.environ.get("QC_BENCH_FIGURES") or "10000").split()]
ROUNDS = 5
REBUILT = 500
DASHBOARDS = (
    Path(get_module_path("quality_complaint")).parent
    / "quality_complaint_dashboard/data/files"
)


def settled(env):
    """A complaint with its figures, as the administrator sees it."""
    world = made_world(env)
    lot = world.make_lot("B-1", quantity=10)
    world.sell({lot: 10})
    complaint, _remedy = world.executed(lot, "credit", 4, amount=10.0)
    admin = env.ref("base.user_admin")
    admin.company_ids |= world.company
    env.flush_all()
    env["quality.complaint.fact"]._rebuild(complaint)
    env.flush_all()
    return complaint.with_user(admin).with_context(
        allowed_company_ids=world.company.ids
    )


def grow(env, complaint, number):
    fact = env["quality.complaint.fact"].sudo()  # sudo: as the job does
    fact = fact.search([("complaint_id", "=", complaint.id)])
    copied_chain(
        env,
        number,
        [
            ("quality_complaint", complaint.id, {}),
            (
                "quality_complaint_line",
                complaint.line_ids.id,
                {"complaint_id": "quality_complaint"},
            ),
            (
                "quality_complaint_fact",
                fact.id,
                {"complaint_id": "quality_complaint"},
            ),
            (
                "quality_complaint_fact_line",
                fact.line_ids.id,
                {"fact_id": "quality_complaint_fact"},
            ),
            *(
                (
                    "quality_complaint_deadline",
                    row.id,
                    {"complaint_id": "quality_complaint"},
                )
                # sudo: as the job does
                for row in complaint.sudo().deadline_ids
            ),
        ],
        days=400,
    )
    # one in fifty is open, the others ended in time
    env.cr.execute(
        """
        UPDATE quality_complaint SET state = 'closed' WHERE id % 50 <> 0;
        UPDATE quality_complaint_fact SET state = 'closed', closed_day = received_day
            WHERE complaint_id % 50 <> 0;
        UPDATE quality_complaint_deadline SET state = 'met', done_on = due_on
            WHERE state = 'running' AND complaint_id % 50 <> 0;
        """
    )
    env.cr.execute("ANALYZE")


def pivot(env):
    env["quality.complaint.fact"].formatted_read_grouping_sets(
        [("counts", "=", True)],
        [["received_day:month"], []],
        ["response_minutes:avg", "reply_days:avg", "closing_days:avg", "__count"],
    )


def dashboard(env, name):
    """What a dashboard asks for when it opens, one after the other."""
    book = json.loads((DASHBOARDS / f"{name}_dashboard.json").read_text())
    asked = [
        (row["model"], row["domain"], [], [m["fieldName"] for m in row["measures"]])
        for row in book["pivots"].values()
    ] + [
        (
            figure["data"]["metaData"]["resModel"],
            figure["data"]["searchParams"]["domain"],
            figure["data"]["metaData"]["groupBy"],
            [figure["data"]["metaData"]["measure"]],
        )
        for figure in book["sheets"][0]["figures"]
        if figure["data"]["type"].startswith("odoo_")
    ]
    for model, domain, groups, measures in asked:
        fields = env[model]._fields
        env[model].formatted_read_group(
            domain,
            groups,
            [
                name if name == "__count" else f"{name}:{fields[name].aggregator}"
                for name in measures
            ],
        )
    for row in book["lists"].values():
        env[row["model"]].search_read(
            row["domain"], row["columns"], order="next_deadline_on", limit=15
        )


def bare(rows):
    """The same cells by xlsxwriter alone."""
    with TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, float):
                    sheet.write_number(number, place, value)
                elif isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write_datetime(number, place, value)
        book.close()


def compare(env):
    complaint = settled(env)
    env = complaint.env
    company = complaint.company_id
    facts = env["quality.complaint.fact"].sudo()  # sudo: as the job does
    today = date.today()
    month = Scope(company, env["quality.complaint.team"], today.replace(day=1), today)
    for size in SIZES:
        with env.cr.savepoint() as savepoint:
            grow(env, complaint, size)
            some = env["quality.complaint"].search([], limit=REBUILT)
            paths = {
                "pivot of times": lambda: pivot(env),
                "all KPIs of a month": lambda: (
                    env["quality.complaint.kpi"]
                    .sudo()  # sudo: as the analysis does
                    ._figures(month)
                ),
                "analysis of the last month": lambda: env[
                    "quality.complaint.analysis"
                ].create({"company_id": company.id}),
                f"reckoning {REBUILT} complaints": lambda some=some: facts._rebuild(
                    some
                ),
            }
            paths |= {
                f"dashboard “{name}”": lambda name=name: dashboard(env, name)
                for name in ("today", "month", "cost")
            }
            print(f"\n{size} complaints, median of {ROUNDS} rounds: ms · queries")
            for path, do in paths.items():
                walls, _cpus, queries = zip(
                    *[measured(env, do) for _turn in range(ROUNDS + 1)][1:],
                    strict=True,
                )
                print(
                    f"| {path} | {statistics.median(walls):.0f} "
                    f"({min(walls):.0f}–{max(walls):.0f}) · "
                    f"{statistics.median(queries):.0f} |"
                )
            ledger = env["quality.complaint.ledger"].create(
                {"company_id": company.id, "date_from": "2020-01-01"}
            )
            assert len(COLUMNS) == 19
            ours, writer = [], []
            before, grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, None
            for _turn in range(3):
                start = time.perf_counter()
                ledger._xlsx().close()
                ours.append(time.perf_counter() - start)
                if grown is None:  # before all rows are held for the bare writer
                    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
                rows = list(ledger._rows())
                start = time.perf_counter()
                bare(rows)
                writer.append(time.perf_counter() - start)
            print(
                f"| ledger of {len(rows)} rows | {statistics.median(ours):.1f} s; bare "
                f"writer {statistics.median(writer):.1f} s; memory "
                f"+{grown / 1024:.0f} MB |"
            )
            savepoint.rollback()


compare(env)  # noqa: F821  # the shell's
