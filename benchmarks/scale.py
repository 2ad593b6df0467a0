"""What grows with a company: the digest of a team, an export, what shipments say about
an action. Run by `make bench`; figures in README.md.

One complaint goes its whole way; the others are copies of it in SQL. Every measurement
is rolled back.
"""

import os
import statistics

from mass import copied_chain, made_world, measured

SIZES = [int(size) for size in (os.environ.get("QC_BENCH_SCALE") or "10000").split()]
SHIPMENTS = int(os.environ.get("QC_BENCH_SHIPMENTS") or 100_000)
EXPORTED = 10_000
COLUMNS = [
    "name", "received_on", "partner_id", "product_id", "lot_id", "description",
    "severity_id", "user_id", "responsible_id", "cause_id", "closed_on", "state",
]  # fmt: skip
ROUNDS = 5


def said(what, env, do):
    walls, _cpus, queries = zip(
        *[measured(env, do) for _turn in range(ROUNDS + 1)][1:], strict=True
    )
    print(
        f"| {what} | {statistics.median(walls):.0f} "
        f"({min(walls):.0f}–{max(walls):.0f}) · {statistics.median(queries):.0f} |"
    )


def digest_and_export(env, world):
    team = env["quality.complaint.team"].create(
        {"name": "Large", "leader_id": env.ref("base.user_admin").id, "digest": True}
    )
    team.leader_id.company_ids |= world.company
    complaint = world.make_complaint(partner_id=world.customer.id, team_id=team.id)
    running = complaint.deadline_ids.filtered("limit_id")[:1]
    running._advance({"due_on": "2026-01-01 08:00:00"})
    env.flush_all()
    for size in SIZES:
        with env.cr.savepoint() as savepoint:
            copied_chain(
                env,
                size,
                [
                    ("quality_complaint", complaint.id, {}),
                    (
                        "quality_complaint_deadline",
                        running.id,
                        {"complaint_id": "quality_complaint"},
                    ),
                ],
                days=400,
            )
            env.cr.execute("ANALYZE")
            print(f"\n{size} complaints, all late: ms · queries")
            said("rows of a team's digest", env, team._digest_rows)
            complaints = env["quality.complaint"].search([], limit=EXPORTED)
            said(
                f"export of {len(complaints)} complaints, {len(COLUMNS)} columns",
                env,
                lambda complaints=complaints: complaints.export_data(COLUMNS),
            )
            savepoint.rollback()


def effect(env, world):
    lot = world.make_lot("E-1", quantity=100)
    order = world.sell({lot: 10})
    complaint = world.make_complaint(lot_ref=lot.name)
    complaint.line_ids.defect_id = world.scratch
    action = env["quality.complaint.action"].create(
        {
            "complaint_id": complaint.id,
            "name": "Exchange the roller",
            "kind": "corrective",
            "cut_in_on": "2020-01-01",
            "evidence": "New roller",
        }
    )
    action.action_done()
    move = order.picking_ids.move_ids
    env.flush_all()
    with env.cr.savepoint() as savepoint:
        copied_chain(
            env,
            SHIPMENTS,
            [
                ("stock_move", move.id, {}),
                ("stock_move_line", move.move_line_ids.id, {"move_id": "stock_move"}),
            ],
            days=400,
        )
        env.cr.execute("ANALYZE")
        print(f"\n{SHIPMENTS} shipments of the product: ms · queries")
        said("what shipments say about an action", env, action._effects)
        said("its chart by months", env, action._effect_series)
        savepoint.rollback()


world = made_world(env)  # noqa: F821  # the shell's
digest_and_export(env, world)  # noqa: F821
effect(env, world)  # noqa: F821
