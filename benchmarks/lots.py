"""The trace of one lot of a component through 1,151 lots made of it, with 100,000
movements, beside Odoo's own. Run by `make bench`; figures in README.md.

One order of production is made as a person would, the others are copied from it in SQL.
"""

import os
import resource
import statistics
import time
from datetime import datetime

from freezegun import freeze_time
from mass import made_world

from odoo.fields import Command
from odoo.tests.common import new_test_user

LOTS = int(os.environ.get("QC_BENCH_TRACE_LOTS", "1151"))
MOVES = int(os.environ.get("QC_BENCH_TRACE_MOVES", "100000"))
ROUNDS = 5


def copied_rows(env, table, source, count, **columns):
    """Rows copied from one, with ids that follow each other.

    :param columns: SQL of a column; `n` is the number of the copy, from 0
    :return: id of the first copy
    """
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND column_name != 'id'",
        (table,),
    )
    names = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")
    first = env.cr.fetchone()[0]
    values = ", ".join(
        f"({columns[name]})::{kind}" if name in columns else f'source."{name}"'
        for name, kind in _kinds(env, table, names)
    )
    listed = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} (id, {listed}) SELECT %s + n, {values} "
        f"FROM {table} source, generate_series(0, %s) AS n WHERE source.id = %s",
        (first, count - 1, source),
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    return first


def _kinds(env, table, names):
    env.cr.execute(
        "SELECT column_name, udt_name FROM information_schema.columns "
        "WHERE table_name = %s",
        (table,),
    )
    kinds = dict(env.cr.fetchall())
    return [(name, kinds[name]) for name in names]


def made(world, env):
    """One order by hand: a unit of the component lot in one lot of the product.

    :return: (lot of the component, `mrp.production`, done move line of a delivery)
    """
    component = world.make_product("Bearing", tracking="lot")
    product = world.make_product("Motor", tracking="lot")
    lot = world.make_lot("ROOT", component, quantity=LOTS + 1)
    first = world.make_lot("M-0", product)
    production = env["stock.location"].search(
        [("usage", "=", "production"), ("company_id", "=", world.company.id)], limit=1
    )
    order = env["mrp.production"].create(
        {
            "product_id": product.id,
            "product_qty": 1,
            "bom_id": False,
            "move_raw_ids": [
                Command.create(
                    {
                        "product_id": component.id,
                        "product_uom": component.uom_id.id,
                        "product_uom_qty": 1,
                        "location_id": world.stock.id,
                        "location_dest_id": production.id,
                        "company_id": world.company.id,
                    }
                )
            ],
        }
    )
    order.action_confirm()
    order.lot_producing_ids = first
    order.qty_producing = 1
    order.set_qty_producing()
    order.move_raw_ids.picked = True
    order.button_mark_done()
    sale = world.sell({first: 1}, product=product, invoice=False)
    return lot, order, sale.picking_ids.move_line_ids


def grown(world, env):
    lot, order, delivered = made(world, env)
    env.flush_all()
    raw, finished = order.move_raw_ids, order.move_finished_ids
    lots = copied_rows(
        env, "stock_lot", order.lot_producing_ids.id, LOTS - 1, name="'M-' || (n + 1)"
    )
    orders = copied_rows(
        env, "mrp_production", order.id, LOTS - 1, name="'MO-' || (n + 1)"
    )
    raws = copied_rows(
        env, "stock_move", raw.id, LOTS - 1, raw_material_production_id=f"{orders} + n"
    )
    outs = copied_rows(
        env, "stock_move", finished.id, LOTS - 1, production_id=f"{orders} + n"
    )
    used = copied_rows(
        env,
        "stock_move_line",
        raw.move_line_ids.id,
        LOTS - 1,
        move_id=f"{raws} + n",
    )
    made_lines = copied_rows(
        env,
        "stock_move_line",
        finished.move_line_ids.id,
        LOTS - 1,
        move_id=f"{outs} + n",
        lot_id=f"{lots} + n",
    )
    env.cr.execute(
        "INSERT INTO stock_move_line_consume_rel (consume_line_id, produce_line_id) "
        "SELECT %s + n, %s + n FROM generate_series(0, %s) AS n",
        (made_lines, used, LOTS - 2),
    )
    # what is left of the movements: deliveries and returns of the lots in turn
    copied_rows(
        env,
        "stock_move_line",
        delivered.id,
        MOVES - 2 * LOTS,
        lot_id=f"{lots} + n %% {LOTS - 1}",
    )
    env.cr.execute("ANALYZE stock_move_line, stock_move, stock_lot")
    env.invalidate_all()
    return lot


def measured(env, name, step):
    """Median and range of some rounds, queries of the last one, and how much memory the
    process grew by at most.
    """
    took = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _round in range(ROUNDS):
        env.invalidate_all()
        queries = env.cr.sql_log_count
        start = time.perf_counter()
        result = step()
        took.append(time.perf_counter() - start)
        queries = env.cr.sql_log_count - queries
    grown_by = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{name}: {1000 * statistics.median(took):.0f} ms "
        f"({1000 * min(took):.0f}–{1000 * max(took):.0f}), {queries} queries, "
        f"+{grown_by / 1024:.0f} MB, {len(result)} rows"
    )
    return result


def main(env):
    with freeze_time(datetime.now(), tick=True):
        world = made_world(env)
        lot = grown(world, world.env)
        env = world.env
        lot = env["stock.lot"].browse(lot.id)
        service = env["quality.complaint.genealogy"]
        statement = service._statement(lot, env.companies, True)
        print(f"{LOTS + 1} lots, {MOVES} movements")
        measured(env, "the bare statement", lambda: env.execute_query(statement))
        rows = measured(env, "trace", lot._complaint_trace)
        found = env["stock.lot"].browse([row["lot_id"] for row in rows])
        measured(env, "mass balance of all of them", found._complaint_balance)
        trace = env["quality.complaint.trace"]
        measured(env, "the screen", lambda: trace.read_trace(lot.ids))
        measured(
            env, "Odoo's deliveries of a lot", lot._find_delivery_ids_by_lot_iterative
        )
        report = env["stock.traceability.report"].with_context(
            active_id=lot.id, model="stock.lot", active_model="stock.lot"
        )
        measured(env, "Odoo's report, first level of the component", report.get_lines)
        last = env["stock.lot"].search([("name", "=", "M-5"), ("id", "in", found.ids)])
        measured(env, "trace upwards", lambda: last._complaint_trace("up"))
        report = report.with_context(active_id=last.id)
        measured(env, "Odoo's report of one product lot", report.get_lines)
        start = time.perf_counter()
        file = trace._xlsx(lot.ids, "down")
        print(
            f"spreadsheet: {time.perf_counter() - start:.1f} s, "
            f"{file.seek(0, os.SEEK_END) / 2**20:.1f} MB"
        )
        quality = new_test_user(
            env,
            "bench_quality",
            "quality_complaint.group_quality_complaint_quality",
            company_id=world.company.id,
            company_ids=[Command.set(world.company.ids)],
        )
        hold = (
            env["quality.complaint.hold"]
            .with_user(quality)
            .create(
                {
                    "reason": "Bearing noise",
                    "line_ids": [Command.create({"kind": "lot", "lot_id": lot.id})],
                }
            )
        )
        start = time.perf_counter()
        hold.action_order()
        env.flush_all()
        print(f"hold of {len(hold.lot_ids)} lots: {time.perf_counter() - start:.1f} s")
        drill = (
            env["quality.complaint.recall"]
            .with_user(quality)
            .create(
                {
                    "kind": "drill",
                    "name_of_goods": "Bearing",
                    "class_id": env.ref("quality_complaint.recall_class_own").id,
                    "root_lot_ids": [Command.set(lot.ids)],
                }
            )
        )
        start = time.perf_counter()
        drill.action_start_drill()
        env.flush_all()
        print(
            f"drill, one click: {len(drill.lot_ids)} lots, "
            f"{len(drill.consignee_ids.line_ids)} lots of consignees in "
            f"{time.perf_counter() - start:.1f} s"
        )


main(env)  # noqa: F821  # the shell's
