"""Measured comparisons of the time limits. Run by `make bench`; figures and their
meaning are in README.md.

Runs in a throw-away copy of the test database inside one transaction that is rolled
back, but for the scheduled action, which commits.
"""

import statistics
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def world(env):
    """A company with office hours, a customer, a handler and a team."""
    company = env["res.company"].create({"name": f"Bench {time.time()}"})
    env = env(
        context={
            **env.context,
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
            "mail_notrack": True,
            "mail_create_nosubscribe": True,
        }
    )
    company.resource_calendar_id = env["resource.calendar"].create(
        {"name": "Office", "company_id": company.id, "tz": "Europe/Berlin"}
    )
    partner = env["res.partner"].create({"name": "Customer"})
    user = env["res.users"].create(
        {
            "name": "Handler",
            "login": f"bench{time.time()}",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [
                (4, env.ref("quality_complaint.group_quality_complaint_officer").id)
            ],
        }
    )
    return env, company, partner, user


def prepare(company, partner, user, number):
    return [
        {
            "partner_id": partner.id,
            "company_id": company.id,
            "user_id": user.id,
            "description": f"Scratches {index}",
            "team_id": False,
        }
        for index in range(number)
    ]


def registering(env, number=1000, rounds=3):
    """Creating and registering complaints with all limits of R1, against the same
    policy without limits.
    """
    env, company, partner, user = world(env)
    policies = {}
    for name in ("with limits", "without limits"):
        policies[name] = env.ref("quality_complaint.policy_r1").copy(
            {"active": True, "acknowledge": False}
        )
    policies["without limits"].limit_ids.unlink()
    times = {name: [] for name in policies}

    def register():
        complaints = env["quality.complaint"].create(
            prepare(company, partner, user, number)
        )
        complaints.action_register()
        env.flush_all()
        env.invalidate_all()

    register()  # caches
    for _round in range(rounds):
        for name, policy in policies.items():
            company.complaint_policy_id = policy
            times[name].append(timed(register))
    seconds = {name: statistics.median(values) for name, values in times.items()}
    rows = env["quality.complaint.deadline"].search_count(
        [("company_id", "=", company.id), ("limit_id", "!=", False)]
    )
    ratio = seconds["with limits"] / seconds["without limits"]
    print(
        f"registering {number}: {seconds['with limits']:.2f} s with, "
        f"{seconds['without limits']:.2f} s without limits: {ratio:.2f} times ({rows} "
        "deadlines)"
    )


def notifying(env, sizes=(10_000, 100_000), share=0.01):
    """The scheduled action with 1 % of the open complaints due; the rows are copied in
    SQL, what is told is real.
    """
    env, company, partner, user = world(env)
    company.complaint_policy_id = env.ref("quality_complaint.policy_r1").copy(
        {"active": True, "acknowledge": False}
    )
    seed = env["quality.complaint"].create(prepare(company, partner, user, 1))
    seed.action_register()
    env.flush_all()
    present = 1
    for size in sizes:
        due = int(size * share)
        grow(env, seed, size - present)
        present = size
        now = datetime.now()
        env.cr.execute(
            "UPDATE quality_complaint_deadline SET next_notice_on = NULL WHERE "
            "next_notice_on IS NOT NULL"
        )
        env.cr.execute(
            """
            UPDATE quality_complaint_deadline SET next_notice_on = %s, notice_level = 0, missed_on = NULL, due_on = %s
            WHERE id IN (SELECT min(d.id) FROM quality_complaint_deadline d WHERE d.company_id = %s AND d.state = 'running' AND d.limit_id IS NOT NULL
                         GROUP BY d.complaint_id ORDER BY random() LIMIT %s)
            """,  # noqa: E501
            [now, now + timedelta(minutes=10), company.id, due],
        )
        env.cr.execute("ANALYZE quality_complaint_deadline, quality_complaint")
        env.invalidate_all()
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0):
            seconds = timed(env["quality.complaint.due"]._cron_notify)
            idle = timed(env["quality.complaint.due"]._cron_notify)
        left = env["quality.complaint.deadline"].search_count(
            [("next_notice_on", "<=", now), ("company_id", "=", company.id)]
        )
        assert not left, left
        print(
            f"scheduled action, {size} open, {due} due: {seconds:.2f} s, "
            f"{1000 * seconds / due:.1f} ms per due deadline; nothing due: "
            f"{1000 * idle:.1f} ms"
        )


def grow(env, seed, number):
    """Copies of a registered complaint with its steps and deadlines, in SQL."""
    for table, key in (
        ("quality_complaint", "id"),
        ("quality_complaint_deadline", "complaint_id"),
    ):
        env.cr.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM "
            "information_schema.columns "
            "WHERE table_name = %s AND column_name NOT IN ('id', 'name', "
            "'access_token', %s)",
            [table, key],
        )
        columns = env.cr.fetchone()[0]
        if table == "quality_complaint":
            env.cr.execute(
                f"INSERT INTO quality_complaint (name, {columns}) SELECT 'B' || "
                f"clock_timestamp()::text || n, {columns} "
                "FROM quality_complaint, generate_series(1, %s) n WHERE "
                "quality_complaint.id = %s RETURNING id",
                [number, seed.id],
            )
            copies = [row[0] for row in env.cr.fetchall()]
        else:
            env.cr.execute(
                f"INSERT INTO quality_complaint_deadline (complaint_id, {columns}) "
                f"SELECT n, {columns} "
                "FROM quality_complaint_deadline, unnest(%s) n WHERE "
                "quality_complaint_deadline.complaint_id = %s",
                [copies, seed.id],
            )


def clock(env, number=20_000, compared=2_000):
    """Due dates in working time: one clock for all, against
    `resource.calendar.plan_hours` for each.
    """
    env, company, _partner, _user = world(env)
    calendar = company.resource_calendar_id
    starts = [
        datetime(2026, 1, 1) + timedelta(minutes=37 * index) for index in range(number)
    ]
    results = []

    def ours():
        working = calendar._complaint_clock(company)
        results.extend(working.add(start, 20 * 3600) for start in starts)

    env.registry.clear_cache()
    own = timed(ours) / number
    theirs = []
    chosen = starts[:: number // compared]

    def odoo():
        theirs.extend(
            calendar.plan_hours(20, start, compute_leaves=True) for start in chosen
        )

    standard = timed(odoo) / len(chosen)
    assert [results[starts.index(start)] for start in chosen] == theirs
    print(
        f"due date in working time: {own * 1e6:.1f} µs, plan_hours "
        f"{standard * 1e6:.0f} µs: {standard / own:.0f} times faster ({number} dates, "
        "all equal)"
    )


clock(env)  # noqa: F821  # given by the shell
registering(env)  # noqa: F821
notifying(env)  # noqa: F821
env.cr.rollback()  # noqa: F821
