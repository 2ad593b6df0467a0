"""A due date as somebody picked it in a calendar."""

from datetime import timedelta

from odoo import fields

from .moments import printed_day
from .working_time import Clock

# the calendar of the screen proposes the hour it is, in steps of five minutes
STEP = timedelta(minutes=5)


def pick_due(record, field):
    """Onchange of a due date: the day of today means until tonight, not the hour it is,
    and a day typed without an hour until its end; a day that is over is said.

    :param record: the record on the screen, one
    :param str field: its datetime field, naive UTC
    :return: what an onchange returns
    """
    moment, now = record[field], fields.Datetime.now()
    if not moment:
        return None
    env = record.env
    clock = Clock(env.user.tz)
    if moment == clock.start_of_civil_day(moment, 0):
        moment = record[field] = clock.end_of_civil_day(moment, 0)
    if moment > now + STEP:
        return None
    if clock.local(moment).date() == clock.local(now).date():
        record[field] = clock.end_of_civil_day(now, 0)
        return None
    return {
        "warning": {
            "type": "notification",
            "title": env._("This day is over"),
            "message": env._(
                "%(field)s: %(day)s is over already. Check the date.",
                field=record._fields[field]._description_string(env),
                day=printed_day(env, moment),
            ),
        }
    }
