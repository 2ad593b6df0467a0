"""Working-time arithmetic on sorted arrays: many due dates from one look-up of the
calendar.

All moments are naive UTC datetimes on whole seconds. A day is a civil day in the time
zone of the calendar. What the paper procedures
leave open follows the Civil Code of China, art. 201 and 203 (as BGB §§ 187, 188 do):
the day of the event does not count, and the last
day ends with business hours or, where there are none, at midnight. A limit that ends at
midnight ends at 23:59:59, to show the right day.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, time, timedelta
from itertools import accumulate

import pytz

EPOCH = datetime(1970, 1, 1)
# a calendar with so many months in a row without any work is taken to have none
EMPTY_MONTHS = 14


class NoWorkingTime(ValueError):
    """The calendar has no working time where it was needed."""


def _second(moment):
    return int((moment - EPOCH).total_seconds())


def _moment(second):
    return EPOCH + timedelta(seconds=second)


class Clock:
    """What does not depend on working time: civil days of a time zone.

    :param str tz: name of the time zone
    """

    def __init__(self, tz):
        self.tz = pytz.timezone(tz or "UTC")

    def local(self, moment):
        """The moment as aware datetime in the time zone of the calendar."""
        return pytz.utc.localize(moment).astimezone(self.tz)

    def midnight(self, day):
        """Beginning of a civil day, in UTC."""
        return (
            self.tz.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )

    def end_of_civil_day(self, moment, days):
        """Last second of the `days`-th civil day after the day of `moment`."""
        return self.midnight(
            self.local(moment).date() + timedelta(days=days + 1)
        ) - timedelta(seconds=1)

    def start_of_civil_day(self, moment, days):
        """Beginning of the `days`-th civil day after the day of `moment`."""
        return self.midnight(self.local(moment).date() + timedelta(days=days))


class AroundTheClock(Clock):
    """The clock of a company without a calendar: every hour and every day counts."""

    def add(self, moment, seconds):
        return moment + timedelta(seconds=seconds)

    def between(self, start, stop):
        return int((stop - start).total_seconds())

    def end_of_day(self, moment, days):
        return self.end_of_civil_day(moment, days)

    def start_of_day(self, moment, days):
        return self.start_of_civil_day(moment, days)

    def is_working_day(self, _moment):
        return True

    def is_open(self, _moment):
        return True


class WorkingTime(Clock):
    """The clock of a calendar. Months are loaded when they are needed, once.

    :param str tz: time zone of the calendar
    :param load: function (year, month) → sorted, disjoint (start, stop, day): naive UTC
        datetimes and the civil day they belong to
    """

    def __init__(self, tz, load):
        super().__init__(tz)
        self._load = load
        self._first = self._last = None
        self._starts, self._stops, self._days = [], [], []
        self._index()

    # === loading ===

    def _index(self):
        """Running totals and the ends of the days, from the intervals."""
        lengths = (
            stop - start for start, stop in zip(self._starts, self._stops, strict=True)
        )
        # _totals[i]: seconds worked before interval i
        self._totals = list(accumulate(lengths, initial=0))
        self._work_days = sorted(set(self._days))
        self._day_stops = dict(zip(self._days, self._stops, strict=True))
        self._day_starts = dict(
            zip(reversed(self._days), reversed(self._starts), strict=True)
        )

    def _month(self, number):
        intervals = self._load(*divmod(number, 12))
        starts = [_second(start) for start, _stop, _day in intervals]
        stops = [_second(stop) for _start, stop, _day in intervals]
        return starts, stops, [day for _start, _stop, day in intervals]

    def _cover(self, moment):
        """Load the month of the moment, and those between it and what is loaded."""
        local = self.local(moment)
        number = local.year * 12 + local.month - 1
        if self._first is None:
            self._first, self._last = number, number - 1
        if self._first <= number <= self._last:
            return
        while self._last < number:
            self._append()
        while self._first > number:
            self._prepend()
        self._index()

    def _append(self):
        self._last += 1
        starts, stops, days = self._month(self._last)
        self._starts += starts
        self._stops += stops
        self._days += days

    def _prepend(self):
        self._first -= 1
        starts, stops, days = self._month(self._first)
        self._starts, self._stops, self._days = (
            starts + self._starts,
            stops + self._stops,
            days + self._days,
        )

    def _grow(self, load):
        """Load on, into the future or the past, until there is more work.

        :param load: `_append` or `_prepend`
        :raise NoWorkingTime: there is none for more than a year
        """
        before = len(self._starts)
        for _attempt in range(EMPTY_MONTHS):
            load()
            if len(self._starts) > before:
                self._index()
                return
        raise NoWorkingTime

    # === reading ===

    def _worked(self, second):
        index = bisect_right(self._starts, second)
        if not index:
            return 0
        return (
            self._totals[index - 1]
            + min(second, self._stops[index - 1])
            - self._starts[index - 1]
        )

    def add(self, moment, seconds):
        """The moment after `seconds` of working time; negative: that much working time
        earlier.

        What ends together with a working period ends then, not at the beginning of the
        next one. Zero seconds: `moment`, or the
        beginning of the next working period when it lies outside.

        :raise NoWorkingTime: the calendar holds no more work
        """
        self._cover(moment)
        second = _second(moment)
        if not seconds:
            while (index := bisect_right(self._stops, second)) >= len(self._stops):
                self._grow(self._append)
            return _moment(max(second, self._starts[index]))
        target = self._worked(second) + seconds
        if seconds < 0:
            while target < 0:
                self._grow(self._prepend)
                target = self._worked(second) + seconds
            index = min(bisect_right(self._totals, target), len(self._starts)) - 1
        else:
            while self._totals[-1] < target:
                self._grow(self._append)
            index = bisect_left(self._totals, target, 1) - 1
        return _moment(self._starts[index] + target - self._totals[index])

    def between(self, start, stop):
        """Seconds of working time from `start` to `stop`; negative when they are the
        other way round.
        """
        for moment in (start, stop):
            self._cover(moment)
        return self._worked(_second(stop)) - self._worked(_second(start))

    def end_of_day(self, moment, days):
        """End of working time on the `days`-th working day after the day of `moment`.

        0 is the same day while work remains on it, otherwise the next working day.
        """
        day = self._working_day(moment, days)
        stop = _moment(self._day_stops[day])
        local = self.local(stop)
        return stop - timedelta(seconds=1) if local.date() > day else stop

    def start_of_day(self, moment, days):
        """Beginning of working time on the `days`-th working day after the day of
        `moment`.
        """
        day = self._working_day(moment, days)  # first: it may load more days
        return _moment(self._day_starts[day])

    def _working_day(self, moment, days):
        self._cover(moment)
        today = self.local(moment).date()
        if not days and self._day_stops.get(today, 0) > _second(moment):
            return today
        index = bisect_right(self._work_days, today) + max(days, 1) - 1
        while index >= len(self._work_days):
            self._grow(self._append)
        return self._work_days[index]

    def is_working_day(self, moment):
        """Whether any work is done on the civil day of the moment."""
        self._cover(moment)
        return self.local(moment).date() in self._day_stops

    def is_open(self, moment):
        """Whether the moment lies between beginning and end of work of its day; the
        beginning belongs to it, the end does not.
        """
        self._cover(moment)
        day = self.local(moment).date()
        return (
            day in self._day_stops
            and self._day_starts[day] <= _second(moment) < self._day_stops[day]
        )


def elapsed(clock, start, stop, working):
    """Seconds from `start` to `stop`: of working time, or of clock time (also where
    there is no working time to come).
    """
    try:
        return (
            clock.between(start, stop)
            if working
            else AroundTheClock.between(clock, start, stop)
        )
    except NoWorkingTime:
        return AroundTheClock.between(clock, start, stop)


def shifted(clock, moment, seconds, working):
    """The moment so many seconds later (earlier, if negative): of working time, or of
    clock time, as in `elapsed`.
    """
    try:
        return (
            clock.add(moment, seconds)
            if working and seconds
            else AroundTheClock.add(clock, moment, seconds)
        )
    except NoWorkingTime:
        return AroundTheClock.add(clock, moment, seconds)
