"""Dates and moments as the reader's language writes them, in the reader's time zone."""

from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time, get_datetime_format

from odoo import fields
from odoo.tools.misc import babel_locale_parse, get_lang


def short_moment(env, moment):
    """A moment in a sentence: “Dec 1, 9:00 AM”, “12月1日 09:00”; with the year when it is
    another than today's.

    :param moment: naive UTC datetime or empty
    :return: text, empty for an empty moment
    """  # noqa: E501
    if not moment:
        return ""
    user = env.user
    local = fields.Datetime.context_timestamp(user, moment)
    this_year = fields.Datetime.context_timestamp(user, fields.Datetime.now()).year
    return _short(
        get_lang(env).code,
        local.replace(tzinfo=None, second=0, microsecond=0),
        local.year == this_year,
    )


@lru_cache(maxsize=4096)
def _short(code, local, this_year):
    """Deadlines of a list end at a few hours of a few days."""
    locale = babel_locale_parse(code)
    skeleton = "MMMd" if this_year else "yMMMd"
    return _joined(format_skeleton(skeleton, local, locale=locale), local, locale)


def printed_day(env, value):
    """A day on a form: “Mar 2, 2026”, “2026年3月2日”.

    :param value: date, naive UTC datetime or empty
    :return: text, empty for nothing
    """
    return (
        format_date(_local(env, value), "medium", locale=_locale(env)) if value else ""
    )


def printed_moment(env, value):
    """A moment on a form: “Mar 2, 2026, 9:00 AM”, “2026年3月2日 09:00”; a day for a date.

    :param value: date, naive UTC datetime or empty
    :return: text, empty for nothing
    """  # noqa: E501
    if not value or not hasattr(value, "hour"):
        return printed_day(env, value)
    return _joined(printed_day(env, value), _local(env, value), _locale(env))


def _local(env, value):
    return (
        fields.Datetime.context_timestamp(env.user, value)
        if hasattr(value, "hour")
        else value
    )


def _locale(env):
    return babel_locale_parse(get_lang(env).code)


def _joined(day, local, locale):
    # narrow blanks of the locale data are missing in many fonts
    time = format_time(local, "short", locale=locale).replace("\u202f", " ")
    return (
        str(get_datetime_format("medium", locale=locale))
        .replace("'", "")
        .format(time, day)
    )
