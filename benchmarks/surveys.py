"""A satisfaction survey of 5,000 customers, from the draw to the result. Run by
`make bench`; figures in README.md.

The deliveries are rows made in SQL; answers go the way a customer's do, from the empty
answer on. Mails are made and stay in the queue.
"""

import os
import time
from datetime import datetime, timedelta

from freezegun import freeze_time
from mass import made_world

from odoo.addons.base.models.ir_cron import IrCron

CUSTOMERS = int(os.environ.get("QC_BENCH_SURVEYS", "5000"))
SHARE = 60.0


def timed(what, step, count=1):
    start = time.perf_counter()
    result = step()
    env.flush_all()  # the shell's
    took = time.perf_counter() - start
    per = f", {1000 * took / count:.1f} ms each" if count > 1 else ""
    print(f"{what}: {took:.1f} s{per}")
    return result


def delivered(world, env):
    partners = env["res.partner"].create(
        [
            {
                "name": f"Customer {number:05}",
                "email": f"c{number:05}@customers.example",
                "is_company": True,
                "lang": "en_US",
            }
            for number in range(CUSTOMERS)
        ]
    )
    env.flush_all()
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", world.company.id)], limit=1
    )
    env.cr.execute(
        """
        INSERT INTO stock_picking (
            name, state, date_done, partner_id, company_id, picking_type_id,
            location_id, location_dest_id, move_type, scheduled_date
        )
        SELECT 'B/OUT/' || partner.id, 'done', now() AT TIME ZONE 'UTC'
               - interval '30 days', partner.id, %s, %s, %s, %s, 'direct', now()
          FROM res_partner AS partner
         WHERE partner.id = ANY(%s)
        """,
        (
            world.company.id,
            warehouse.out_type_id.id,
            warehouse.lot_stock_id.id,
            env.ref("stock.stock_location_customers").id,
            partners.ids,
        ),
    )
    env.invalidate_all()
    return partners


def answer(row, points, questions):
    sheet = row.sudo().user_input_id  # sudo: as the customer does
    sheet._mark_in_progress()
    for question in questions:
        choice = question.suggested_answer_ids.filtered(
            lambda choice: choice.answer_score == points
        )
        sheet._save_lines(question, str(choice.id))
    sheet._mark_done()


def play(env, returned):
    """A campaign in which so many per cent come back."""
    plan = env["quality.complaint.survey.plan"].create(
        {
            "name": f"Survey {returned}",
            "share": SHARE,
            "not_again_months": 0,
            "company_id": env["res.company"]
            .browse(env.context["allowed_company_ids"])
            .id,
        }
    )
    print(f"\n{CUSTOMERS} customers, {returned} % come back")
    campaign = timed("prepare and draw", plan._start)
    asked = campaign.recipient_ids
    timed("press Send", campaign.action_send)
    job = env["quality.complaint.survey.campaign"]._cron_follow
    timed("write to all", job, len(asked))
    back = asked[: round(len(asked) * returned / 100.0)]
    questions = campaign.survey_id.question_ids.filtered("complaint_dimension_id")
    timed(
        "answers",
        lambda: [
            answer(row, (90, 60, 30, 0, -30)[place % 5], questions)
            for place, row in enumerate(back)
        ],
        len(back),
    )
    for days in (4, 6):
        with freeze_time(tick=True, time_to_freeze=after(days)):
            timed(f"reminders of day {days}", job, max(len(asked) - len(back), 2))
    with freeze_time(tick=True, time_to_freeze=after(9)):
        timed("end", job)
    if campaign.state == "running":
        with freeze_time(tick=True, time_to_freeze=after(17)):
            timed("end after the extension", job)
    print(
        f"{campaign.state}, valid: {campaign.is_valid}, extended: "
        f"{campaign.was_extended}, return {campaign.return_rate:.1f} %, score "
        f"{campaign.score}, problems {len(campaign.problem_ids)}"
    )
    timed("spreadsheet", campaign._xlsx)


def after(days):
    return datetime.now() + timedelta(days=days)


IrCron._commit_progress = lambda *_args, **_options: 60.0
env = env(context={**env.context, "tracking_disable": True})  # noqa: F821
world = made_world(env)
delivered(world, world.env)
play(world.env, 82)
play(world.env, 79)
