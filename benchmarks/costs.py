"""The report on the cost of poor quality over many complaints, from what is kept and,
beside it, from all documents. Run by `make bench`; figures in README.md.

One complaint goes its whole way (refund, goods back, credit note posted); the others
are copies of it in SQL, over 400 days. Every measurement is rolled back.
"""

import os
import statistics

from mass import copied_chain, made_world, measured

SIZES = [int(size) for size in (os.environ.get("QC_BENCH_COSTS") or "10000").split()]
ROUNDS = 5
PIVOT = ["actual:sum", "__count"]


def settled(env):
    """A complaint whose goods are back and whose credit note is posted, as the
    administrator sees it.
    """
    world = made_world(env)
    lot = world.make_lot("B-1", quantity=10)
    world.sell({lot: 10})
    complaint, remedy = world.executed(lot, "refund", 4)
    world.receive(remedy)
    remedy.credit_note_ids.action_post()
    admin = env.ref("base.user_admin")
    admin.company_ids |= world.company
    env.flush_all()
    return complaint.with_user(admin).with_context(
        allowed_company_ids=world.company.ids
    )


def grow(env, complaint, number):
    # sudo: stock and accounting are nothing the administrator has to open
    remedy = complaint.sudo().remedy_ids
    line = remedy.line_ids
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
                "quality_complaint_remedy",
                remedy.id,
                {"complaint_id": "quality_complaint"},
            ),
            (
                "quality_complaint_remedy_line",
                line.id,
                {
                    "complaint_id": "quality_complaint",
                    "remedy_id": "quality_complaint_remedy",
                    "complaint_line_id": "quality_complaint_line",
                },
            ),
            (
                "stock_move",
                line.move_ids.id,
                {"remedy_line_id": "quality_complaint_remedy_line"},
            ),
            (
                "account_move_line",
                line.account_line_ids.filtered(
                    lambda row: row.display_type == "product"
                ).id,
                {"remedy_line_id": "quality_complaint_remedy_line"},
            ),
        ],
        days=400,
    )
    env.cr.execute("ANALYZE")


def pivot(env, **context):
    costs = env["quality.complaint.cost"].with_context(**context)
    costs.formatted_read_grouping_sets(
        [("is_booked", "=", True)],
        [["source"], ["source", "date:month"], ["date:month"], []],
        PIVOT,
    )


def listed(env, **context):
    costs = env["quality.complaint.cost"].with_context(**context)
    costs.web_search_read(
        [("is_booked", "=", True)],
        {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in costs._fields.items()
            if name in ("date", "complaint_id", "source", "document", "actual")
        },
        limit=80,
    )


def compare(env):
    complaint = settled(env)
    env = complaint.env
    # sudo: as the job does
    kept = env["quality.complaint.cost.booked"].sudo()
    for size in SIZES:
        with env.cr.savepoint() as savepoint:
            grow(env, complaint, size)
            kept._book(complaint.search([]))
            env.cr.execute("DELETE FROM quality_complaint_cost_todo")
            env.cr.execute("ANALYZE")
            paths = {
                "pivot": lambda: pivot(env),
                "pivot, from the documents": lambda: pivot(
                    env, complaint_costs_live=True
                ),
                "list of 80": lambda: listed(env),
                "list of 80, from the documents": lambda: listed(
                    env, complaint_costs_live=True
                ),
                "cost of one complaint": lambda: complaint.read(["cost_table"]),
                "booking one complaint anew": lambda: kept._book(complaint),
                "comparing all": lambda: kept._differences(),
            }
            found = {path: [] for path in paths}
            for turn in range(ROUNDS + 1):
                for path, do in paths.items():
                    if size > 50_000 and turn > 1 and ", from" in path:
                        continue  # one is enough of what takes this long
                    figures = measured(env, do)
                    if turn:  # the first one fills the caches
                        found[path].append(figures)
            print(f"\n{size} complaints, median of up to {ROUNDS} rounds: ms · queries")
            for path, figures in found.items():
                walls, _cpus, queries = zip(*figures, strict=True)
                print(
                    f"| {path} | {statistics.median(walls):.0f} "
                    f"({min(walls):.0f}–{max(walls):.0f}) · "
                    f"{statistics.median(queries):.0f} |"
                )
            savepoint.rollback()
        env.invalidate_all()


compare(env)  # noqa: F821  # the shell's
