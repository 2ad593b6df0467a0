"""Many records made of one in SQL, and how long something takes: what the benchmarks
share.
"""

import time

from odoo.modules import module

from odoo.addons.quality_complaint.tests.common import ComplaintWorld


def made_world(env):
    """The company, goods and people of the tests.

    :return: class with their builders
    """
    world = type("World", (ComplaintWorld,), {"env": env})
    # a company that is made in a test gets its warehouse at once
    module.current_test = True
    try:
        world.make_kept()
    finally:
        module.current_test = False
    return world


def columns(env, table, without):
    env.cr.execute(
        """
        SELECT string_agg(quote_ident(column_name), ', ')
          FROM information_schema.columns
         WHERE table_name = %s AND NOT column_name = ANY(%s)
        """,
        [table, ["id", "access_token", *without]],
    )
    return env.cr.fetchone()[0]


def copied(env, table, seed, number, unique):
    """Copies of a row; of unique columns the number is appended.

    :return: list of ids
    """
    names = columns(env, table, list(unique))
    extra = "".join(f", {column}" for column in unique)
    values = "".join(f", '{prefix}' || n" for prefix in unique.values())
    env.cr.execute(
        f"INSERT INTO {table} ({names}{extra}) SELECT {names}{values} "
        f"FROM {table}, generate_series(1, %s) n WHERE {table}.id = %s RETURNING id",
        [number, seed],
    )
    return [row[0] for row in env.cr.fetchall()]


def copied_parts(env, table, column, seed, copies):
    names = columns(env, table, [column])
    env.cr.execute(
        f"INSERT INTO {table} ({column}, {names}) SELECT n, {names} "
        f"FROM {table}, unnest(%s) n WHERE {table}.{column} = %s",
        [copies, seed],
    )


def copied_chain(env, number, tables, days=0):
    """Copies of records that point at each other: every copy points at the copies.

    :param list tables: (table, id, {column: table}) of one record each, in order of
        their pointers
    :param int days: the copies' dates are spread over as many days back
    :return: {table: first id of its copies}
    """
    first = {}
    for table, seed, links in tables:
        env.cr.execute(f"SELECT max(id) + 1 FROM {table}")
        first[table] = env.cr.fetchone()[0]
        env.cr.execute(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = %s
               AND data_type IN ('date', 'timestamp without time zone')
            """,
            [table],
        )
        dates = [row[0] for row in env.cr.fetchall()]
        unique = ["name"] if table == "quality_complaint" else []
        names = columns(env, table, [*links, *dates, *unique])
        values = {
            "id": f"{first[table]} + n",
            **{column: f"{first[other]} + n" for column, other in links.items()},
            **{
                date: f"{date} - mod(n, {days or 1}) * interval '1 day'"
                for date in dates
            },
            **{column: "'B' || n" for column in unique},
        }
        env.cr.execute(
            f"INSERT INTO {table} ({', '.join(values)}, {names}) "
            f"SELECT {', '.join(values.values())}, {names} "
            f"FROM {table}, generate_series(0, %s - 1) n WHERE {table}.id = %s",
            [number, seed],
        )
        env.cr.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [table, first[table] + number],
        )
    return first


def measured(env, do):
    """:return: (milliseconds, milliseconds of the processor, queries)"""
    env.flush_all()
    env.invalidate_all()
    with env.cr.savepoint() as savepoint:
        queries, wall, cpu = (
            env.cr.sql_log_count,
            time.perf_counter(),
            time.process_time(),
        )
        do()
        env.flush_all()
        result = (
            1000 * (time.perf_counter() - wall),
            1000 * (time.process_time() - cpu),
            env.cr.sql_log_count - queries,
        )
        savepoint.rollback()
    env.invalidate_all()
    return result
