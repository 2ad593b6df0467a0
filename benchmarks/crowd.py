"""Fifteen people register in the same second, each in a process of their own as Odoo's
workers are. Run by `make bench`; figures in README.md.

Waiting for a processor is no fault: the longest is compared with what the same work
takes one after the other on as many processors. Everything is committed: the database
is thrown away.
"""

import multiprocessing
import os
import statistics
import time

import odoo
from odoo.modules.registry import Registry
from odoo.service.model import retrying

PEOPLE = 15
ROUNDS = 3
DEMAND = "Scratches on every coil, found under grazing light"


def drafts(env, number):
    partner = env["res.partner"].create({"name": "Northwind Motors"})
    complaints = env["quality.complaint"].create(
        [
            {
                "partner_id": partner.id,
                "description": DEMAND,
                "user_id": env.ref("base.user_admin").id,
            }
            for _one in range(number)
        ]
    )
    env.cr.commit()
    return complaints.ids


def register(name, complaint_id, together, results):
    """One person: waits for the others, registers, commits."""
    odoo.sql_db._Pool = None  # connections are nothing to inherit
    registry = Registry(name)
    admin = 2
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, admin, {})
        complaint = env["quality.complaint"].browse(complaint_id)
        complaint.read(["state"])
        cr.rollback()
        together.wait()
        start = time.perf_counter()
        retrying(complaint.action_register, env)
        cr.commit()
        results.put(time.perf_counter() - start)


def crowd(name, ids):
    """:return: list of the seconds each took"""
    fork = multiprocessing.get_context("fork")
    together, results = fork.Barrier(len(ids)), fork.Queue()
    people = [
        fork.Process(target=register, args=(name, complaint_id, together, results))
        for complaint_id in ids
    ]
    for person in people:
        person.start()
    found = [results.get(timeout=300) for _one in people]
    for person in people:
        person.join()
    return found


def compare(env):
    name = env.cr.dbname
    registered = drafts(env, 1)
    env["quality.complaint"].browse(registered).action_register()  # fills the caches
    env.cr.commit()
    # alone nobody waits: the time is Odoo's and the database's work
    one = statistics.median(
        crowd(name, drafts(env, 1))[0] for _round in range(2 * ROUNDS)
    )
    print(f"one alone: {one * 1000:.0f} ms")
    turn = PEOPLE * one / os.cpu_count()
    for _round in range(ROUNDS):
        walls = crowd(name, drafts(env, PEOPLE))
        print(
            f"{PEOPLE} at once: the longest {max(walls) * 1000:.0f} ms, "
            f"{max(walls) / turn:.2f} times what they take one after the other on "
            f"{os.cpu_count()} processors ({turn * 1000:.0f} ms)"
        )
    numbers = env["quality.complaint"].search([("name", "like", "QC/")]).mapped("name")
    env.cr.commit()
    counts = sorted(int(number.rpartition("/")[2]) for number in numbers)
    print(f"numbers: {counts[0]} to {counts[-1]}, {len(counts)} of them")


compare(env(user=env.ref("base.user_admin")))  # noqa: F821  # the shell's
