"""Figures of many complaints: reckoning them, the reports made of them, the ledger as a
spreadsheet beside the bare writer. Run by `make bench`; figures in README.md.

One complaint goes its whole way; the others are copies of it in SQL, over 400 days.
Every measurement is rolled back.
"""

import os
import resource
import statistics
import time
from datetime import date
from tempfile import TemporaryFile

import xlsxwriter
from mass import copied_chain, made_world, measured

from odoo.addons.quality_complaint.models.improvement.kpi import Scope
from odoo.addons.quality_complaint.report.improvement.ledger import COLUMNS

SIZES = [int(size) for size in (os.environ.get("QC_BENCH_FIGURES") or "10000").split()]
ROUNDS = 5
REBUILT = 500


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
        ],
        days=400,
    )
    env.cr.execute("ANALYZE")


def pivot(env):
    env["quality.complaint.fact"].formatted_read_grouping_sets(
        [("counts", "=", True)],
        [["received_day:month"], []],
        ["response_minutes:avg", "reply_days:avg", "closing_days:avg", "__count"],
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
