"""The clock: exact examples of its rules, and a comparison with counting minute by
minute.
"""

import os
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..common import OnOneDay

UTC = ZoneInfo("UTC")
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = EPOCH.toordinal()


def utc(text, zone="UTC"):
    """Naive UTC of a wall-clock time, e.g. utc("2026-03-02 08:00", "Asia/Shanghai")."""
    return (
        datetime.fromisoformat(text)
        .replace(tzinfo=ZoneInfo(zone))
        .astimezone(UTC)
        .replace(tzinfo=None)
    )


def minute_of(moment):
    return (moment - EPOCH) // MINUTE


class ClockCase(OnOneDay, TransactionCase):
    zone = "Asia/Shanghai"

    def calendar(self, hours=((8, 12), (13, 17)), days="01234", zone=None, **vals):
        return self.env["resource.calendar"].create(
            {
                "name": "Office",
                "company_id": self.env.company.id,
                "tz": zone or self.zone,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"{day} {start}",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
                **vals,
            }
        )

    def limit(self, amount, unit, **vals):
        return self.env["quality.complaint.limit"].new(
            {"amount": amount, "unit": unit, **vals}
        )

    def due(self, calendar, start, amount, unit, zone=None, **vals):
        """Wall-clock text of when a limit ends that starts at a wall-clock text."""
        zone = zone or self.zone
        due, _earliest, _unit = self.limit(amount, unit, **vals)._window(
            utc(start, zone), calendar._complaint_clock(self.env.company)
        )
        return (
            due.replace(tzinfo=UTC)
            .astimezone(ZoneInfo(zone))
            .strftime("%Y-%m-%d %H:%M:%S")
        )

    def close(self, calendar, start, stop, **vals):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": utc(start, self.zone),
                "date_to": utc(stop, self.zone),
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestClock(ClockCase):
    """What each unit means; 2026-03-02 is a Monday."""

    def test_working_days_end_with_the_nth_working_day_after_the_start(self):
        office = self.calendar()
        for start, days, due in [
            ("2026-03-02 09:00", 1, "2026-03-03 17:00:00"),
            ("2026-03-02 09:00", 2, "2026-03-04 17:00:00"),
            (
                "2026-03-02 23:30",
                1,
                "2026-03-03 17:00:00",
            ),  # after work is still Monday
            ("2026-03-06 16:00", 1, "2026-03-09 17:00:00"),  # over the weekend
            ("2026-03-07 10:00", 1, "2026-03-09 17:00:00"),  # a Saturday does not count
            ("2026-03-02 00:00", 5, "2026-03-09 17:00:00"),
            ("2026-03-02 09:00", 30, "2026-04-13 17:00:00"),
        ]:
            self.assertEqual(
                self.due(office, start, days, "work_day"), due, (start, days)
            )

    def test_working_hours_leave_out_lunch_nights_and_weekends(self):
        office = self.calendar()
        for start, hours, due in [
            ("2026-03-02 09:00", 2, "2026-03-02 11:00:00"),
            ("2026-03-02 11:00", 2, "2026-03-02 14:00:00"),
            ("2026-03-02 12:30", 1, "2026-03-02 14:00:00"),  # starts at lunch
            (
                "2026-03-02 08:00",
                4,
                "2026-03-02 12:00:00",
            ),  # ends with the morning, not after lunch
            ("2026-03-02 08:00", 8, "2026-03-02 17:00:00"),
            ("2026-03-06 16:30", 1, "2026-03-09 08:30:00"),
            ("2026-03-02 20:00", 0.5, "2026-03-03 08:30:00"),
            ("2026-03-08 10:00", 0, "2026-03-09 08:00:00"),
        ]:
            self.assertEqual(
                self.due(office, start, hours, "work_hour"), due, (start, hours)
            )

    def test_clock_time_runs_day_and_night(self):
        office = self.calendar()
        self.assertEqual(
            self.due(office, "2026-03-07 23:50", 30, "minute"), "2026-03-08 00:20:00"
        )
        self.assertEqual(
            self.due(office, "2026-03-07 23:50", 4, "hour"), "2026-03-08 03:50:00"
        )

    def test_days_end_at_midnight_of_the_nth_day(self):
        office = self.calendar()
        self.assertEqual(
            self.due(office, "2026-03-06 00:10", 3, "day"), "2026-03-09 23:59:59"
        )
        self.assertEqual(
            self.due(office, "2026-03-06 23:50", 3, "day"), "2026-03-09 23:59:59"
        )

    def test_same_day_ends_with_work_of_the_day_or_of_the_next_one(self):
        office = self.calendar()
        for start, due in [
            ("2026-03-02 06:00", "2026-03-02 17:00:00"),
            ("2026-03-02 16:59", "2026-03-02 17:00:00"),
            ("2026-03-02 17:00", "2026-03-03 17:00:00"),
            ("2026-03-07 09:00", "2026-03-09 17:00:00"),
        ]:
            self.assertEqual(self.due(office, start, 0, "same_day"), due, start)

    def test_other_time_for_starts_on_non_working_days(self):
        office = self.calendar()
        other = {
            "other_when": "non_working_day",
            "other_amount": 4,
            "other_unit": "hour",
        }
        self.assertEqual(
            self.due(office, "2026-03-06 20:00", 1, "hour", **other),
            "2026-03-06 21:00:00",
        )
        self.assertEqual(
            self.due(office, "2026-03-07 00:00", 1, "hour", **other),
            "2026-03-07 04:00:00",
        )
        self.close(office, "2026-03-09 00:00", "2026-03-09 23:59")
        self.assertEqual(
            self.due(office, "2026-03-09 10:00", 1, "hour", **other),
            "2026-03-09 14:00:00",
        )

    def test_other_time_for_starts_outside_working_hours(self):
        office = self.calendar()
        other = {
            "other_when": "outside_hours",
            "other_amount": 1,
            "other_unit": "work_day",
        }
        for start, due in [
            ("2026-03-02 08:00", "2026-03-02 08:30:00"),
            ("2026-03-02 12:30", "2026-03-02 13:00:00"),  # lunch is not out of hours
            ("2026-03-02 17:00", "2026-03-03 17:00:00"),
            ("2026-03-02 07:59", "2026-03-03 17:00:00"),
        ]:
            self.assertEqual(self.due(office, start, 30, "minute", **other), due, start)

    def test_not_before_is_the_beginning_of_its_day(self):
        clock = self.calendar()._complaint_clock(self.env.company)
        start = utc("2026-03-05 15:00", self.zone)
        _due, earliest, _unit = self.limit(7, "day", not_before=5)._window(start, clock)
        self.assertEqual(earliest, utc("2026-03-10 00:00", self.zone))
        _due, earliest, _unit = self.limit(7, "work_day", not_before=5)._window(
            start, clock
        )
        self.assertEqual(earliest, utc("2026-03-12 08:00", self.zone))

    def test_holidays_and_closures_do_not_count(self):
        office = self.calendar()
        self.close(office, "2026-03-04 00:00", "2026-03-05 23:59:59")
        self.close(office, "2026-03-06 12:00", "2026-03-06 18:00")
        self.assertEqual(
            self.due(office, "2026-03-03 10:00", 1, "work_day"), "2026-03-06 12:00:00"
        )
        self.assertEqual(
            self.due(office, "2026-03-03 16:00", 5, "work_hour"), "2026-03-06 12:00:00"
        )
        self.assertEqual(
            self.due(office, "2026-03-03 16:00", 6, "work_hour"), "2026-03-09 09:00:00"
        )

    def test_holiday_of_another_company_counts_as_work(self):
        office = self.calendar(company_id=False)
        other = self.env["res.company"].create({"name": "Other Works"})
        leave = (
            self.env["resource.calendar.leaves"]
            .with_company(other)
            .create(
                {
                    "name": "Theirs",
                    "date_from": utc("2026-03-03 00:00", self.zone),
                    "date_to": utc("2026-03-03 23:59", self.zone),
                }
            )
        )
        # Odoo computes its company from the company of whoever flushes
        leave.flush_recordset()
        self.assertEqual(
            self.due(office, "2026-03-02 09:00", 1, "work_day"), "2026-03-03 17:00:00"
        )

    def test_absence_of_a_person_moves_no_due_date(self):
        office = self.calendar()
        person = self.env["resource.resource"].create(
            {"name": "Li", "calendar_id": office.id}
        )
        self.close(
            office, "2026-03-03 00:00", "2026-03-03 23:59", resource_id=person.id
        )
        self.assertEqual(
            self.due(office, "2026-03-02 09:00", 1, "work_day"), "2026-03-03 17:00:00"
        )

    def test_make_up_saturday_is_worked_with_the_hours_of_its_model_day(self):
        office = self.calendar()
        office.complaint_makeup_ids = [
            Command.create({"date": "2026-03-07", "weekday": "4", "name": "调休"})
        ]
        office.attendance_ids.filtered(
            lambda a: a.dayofweek == "4" and a.hour_from == 13
        ).hour_to = 16
        self.assertEqual(
            self.due(office, "2026-03-06 10:00", 1, "work_day"), "2026-03-07 16:00:00"
        )
        self.assertEqual(
            self.due(office, "2026-03-06 15:00", 3, "work_hour"), "2026-03-07 10:00:00"
        )
        office.complaint_makeup_ids.unlink()
        self.assertEqual(
            self.due(office, "2026-03-06 10:00", 1, "work_day"), "2026-03-09 17:00:00"
        )

    def test_make_up_day_holds_against_a_holiday(self):
        office = self.calendar()
        self.close(office, "2026-03-06 00:00", "2026-03-10 23:59")
        office.complaint_makeup_ids = [
            Command.create({"date": "2026-03-07", "weekday": "0"})
        ]
        self.assertEqual(
            self.due(office, "2026-03-05 10:00", 1, "work_day"), "2026-03-07 17:00:00"
        )

    def test_two_week_calendar_alternates(self):
        office = self.calendar()
        office.two_weeks_calendar = True
        first, second = "0", "1"
        office.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": day,
                        "dayofweek": day,
                        "week_type": week,
                        "hour_from": 8,
                        "hour_to": stop,
                        "day_period": "morning",
                    }
                )
                for week, stop in ((first, 12), (second, 16))
                for day in "01234"
            ),
        ]
        stops = {"0": "12:00:00", "1": "16:00:00"}
        weeks = [
            str(
                self.env["resource.calendar.attendance"].get_week_type(
                    datetime(2026, 3, day).date()
                )
            )
            for day in (3, 10)
        ]
        self.assertNotEqual(*weeks)
        self.assertEqual(
            self.due(office, "2026-03-02 07:00", 1, "work_day"),
            f"2026-03-03 {stops[weeks[0]]}",
        )
        self.assertEqual(
            self.due(office, "2026-03-09 07:00", 1, "work_day"),
            f"2026-03-10 {stops[weeks[1]]}",
        )

    def test_summer_time_keeps_wall_clock_hours(self):
        office = self.calendar(zone="Europe/Berlin")
        self.assertEqual(
            self.due(office, "2026-03-27 16:00", 2, "work_hour", "Europe/Berlin"),
            "2026-03-30 09:00:00",
        )
        self.assertEqual(
            self.due(office, "2026-03-27 10:00", 1, "work_day", "Europe/Berlin"),
            "2026-03-30 17:00:00",
        )
        self.assertEqual(
            self.due(office, "2026-03-28 12:00", 24, "hour", "Europe/Berlin"),
            "2026-03-29 13:00:00",
        )  # an hour is lost
        self.assertEqual(
            self.due(office, "2026-10-24 12:00", 1, "day", "Europe/Berlin"),
            "2026-10-25 23:59:59",
        )

    def test_night_shift_over_midnight_and_over_the_summer_time_change(self):
        nights = self.calendar(
            hours=((0, 6), (22, 24)), days="0123456", zone="Europe/Berlin"
        )
        self.assertEqual(
            self.due(nights, "2026-03-02 23:00", 3, "work_hour", "Europe/Berlin"),
            "2026-03-03 02:00:00",
        )
        self.assertEqual(
            self.due(nights, "2026-03-02 23:00", 1, "work_day", "Europe/Berlin"),
            "2026-03-03 23:59:59",
        )
        self.assertEqual(
            self.due(nights, "2026-03-28 23:00", 6, "work_hour", "Europe/Berlin"),
            "2026-03-29 06:00:00",
        )  # the night has 5 hours
        self.assertEqual(
            self.due(nights, "2026-10-24 23:00", 8, "work_hour", "Europe/Berlin"),
            "2026-10-25 06:00:00",
        )  # and 7 in autumn

    def test_time_zone_of_user_and_context_changes_nothing(self):
        office = self.calendar()
        expected = self.due(office, "2026-03-02 09:00", 1, "work_day")
        self.env.user.tz = "America/New_York"
        abroad = office.with_context(tz="America/New_York")
        self.env.registry.clear_cache()
        self.assertEqual(self.due(abroad, "2026-03-02 09:00", 1, "work_day"), expected)

    def test_without_calendar_or_with_flexible_hours_it_counts_around_the_clock(self):
        nothing = self.env["resource.calendar"]
        self.assertEqual(
            self.due(nothing, "2026-03-07 10:00", 8, "work_hour", "UTC"),
            "2026-03-07 18:00:00",
        )
        flexible = self.calendar(schedule_type="flexible")
        empty = self.calendar(hours=())
        for calendar in (flexible, empty):
            self.assertEqual(
                self.due(calendar, "2026-03-07 10:00", 8, "work_hour"),
                "2026-03-07 18:00:00",
            )
            self.assertEqual(
                self.due(calendar, "2026-03-06 10:00", 1, "work_day"),
                "2026-03-07 23:59:59",
            )
            self.assertEqual(
                self.due(calendar, "2026-03-06 10:00", 0, "same_day"),
                "2026-03-06 23:59:59",
            )

    def test_endless_closure_does_not_crash(self):
        office = self.calendar()
        self.close(office, "2026-01-01 00:00", "2030-12-31 23:59")
        self.assertEqual(
            self.due(office, "2026-03-06 10:00", 4, "work_hour"), "2026-03-06 14:00:00"
        )
        self.assertEqual(
            self.due(office, "2026-03-06 10:00", 1, "work_day"), "2026-03-07 23:59:59"
        )

    def test_work_counted_back_from_a_moment(self):
        clock = self.calendar()._complaint_clock(self.env.company)
        for moment, hours, before in [
            ("2026-03-02 17:00", 4, "2026-03-02 13:00"),
            ("2026-03-02 10:00", 4, "2026-02-27 15:00"),
            ("2026-03-01 10:00", 1, "2026-02-27 16:00"),
            ("2026-03-02 09:00", 401, "2025-12-22 08:00"),
        ]:
            self.assertEqual(
                clock.add(utc(moment, self.zone), -hours * 3600),
                utc(before, self.zone),
                moment,
            )

    def test_time_between_two_moments(self):
        clock = self.calendar()._complaint_clock(self.env.company)
        friday, monday = (
            utc("2026-03-06 16:00", self.zone),
            utc("2026-03-09 09:30", self.zone),
        )
        self.assertEqual(
            (clock.between(friday, monday), clock.between(monday, friday)),
            (9000, -9000),
        )


class MinuteClock:
    """The same rules, by counting: one minute after the other, from the paper schedule
    and not from anything of Odoo's.

    Moments are minutes since 1970 in UTC.

    :param schedule: {weekday: [(from, to)]} in minutes of the day, for each of the two
        weeks
    :param leaves: [(from, to)]
    :param makeups: {day since 0001: weekday}
    """

    def __init__(self, zone, schedule, leaves, makeups):
        self.zone, self.schedule, self.leaves, self.makeups = (
            ZoneInfo(zone),
            schedule,
            leaves,
            makeups,
        )
        self.offsets = {}

    def local(self, moment):
        """Day since 0001 and minute of the day; offsets change at half hours at
        most.
        """
        block = moment // 30
        if block not in self.offsets:
            self.offsets[block] = (
                datetime.fromtimestamp(block * 1800, self.zone).utcoffset() // MINUTE
            )
        day, minute = divmod(moment + self.offsets[block], 1440)
        return day + EPOCH_DAY, minute

    def works(self, moment):
        day, minute = self.local(moment)
        week, weekday = self.schedule[((day - 1) // 7) % 2], (day - 1) % 7
        if day in self.makeups and any(
            start <= minute < stop for start, stop in week.get(self.makeups[day], ())
        ):
            return True
        if not any(start <= minute < stop for start, stop in week.get(weekday, ())):
            return False
        return not any(start <= moment < stop for start, stop in self.leaves)

    def work_minutes(self, start, minutes):
        """When so many minutes have been worked; the end belongs to the last of
        them.
        """
        while minutes:
            minutes -= self.works(start)
            start += 1
        return start

    def work_days(self, start, days):
        """Seconds: end of the last minute worked on the nth day with work after the day
        of the start; 0: the same day if work is left.
        """
        today = day = self.local(start)[0]
        last = None
        while day == today:
            if not days and self.works(start):
                last = start + 1
            start += 1
            day = self.local(start)[0]
        if last:
            return self.end(last, today)
        days = days or 1
        while True:
            today, last = day, None
            while day == today:
                if self.works(start):
                    last = start + 1
                start += 1
                day = self.local(start)[0]
            days -= bool(last)
            if not days:
                return self.end(last, today)

    def is_open(self, moment):
        """Whether some of the day's work lies before or at the moment, and some after
        or at it.
        """
        day = self.local(moment)[0]
        around = range(moment - 1600, moment + 1600)
        worked = [
            other
            for other in around
            if self.local(other)[0] == day and self.works(other)
        ]
        return bool(worked) and worked[0] <= moment <= worked[-1]

    def end(self, moment, day):
        return moment * 60 - (self.local(moment)[0] > day)


@tagged("post_install", "-at_install")
class TestClockAgainstCounting(ClockCase):
    """Hundreds of random schedules (before a release thousands), closures, make-up
    days, starts and amounts: always the same as counting minutes.
    """

    calendars = 2000 if os.environ.get("QC_MATRIX") == "large" else 300
    zones = (
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "UTC",
    )
    # days before which schedules are tried; around changes of summer time on both
    # hemispheres, the new year, a leap day
    weeks = (
        "2026-03-05",
        "2026-03-26",
        "2026-04-02",
        "2026-10-01",
        "2026-10-22",
        "2026-10-29",
        "2026-12-28",
        "2028-02-25",
        "2026-06-10",
    )

    def slots(self, chance):
        """Working periods of a day, on whole minutes, apart from each other; night
        shifts reach midnight.
        """
        bounds = sorted(chance.sample(range(5 * 60, 23 * 60), chance.choice((2, 2, 4))))
        slots = list(zip(bounds[::2], bounds[1::2], strict=True))
        if chance.random() < 0.2:
            slots = [
                (0, chance.randrange(200, 300)),
                (chance.randrange(20 * 60, 23 * 60), 1440),
            ]
        return slots

    def draw(self, chance):
        two_weeks = chance.random() < 0.25
        zone, first = (
            chance.choice(self.zones),
            datetime.fromisoformat(chance.choice(self.weeks)),
        )
        schedule = [
            {
                day: self.slots(chance)
                for day in range(7)
                if day in (1, 3) or chance.random() < 0.6
            }
            for _week in range(2 if two_weeks else 1)
        ]
        leaves = []
        for _leave in range(chance.randrange(3)):
            start = first + timedelta(minutes=chance.randrange(-1440, 5 * 1440))
            leaves.append(
                (start, start + timedelta(minutes=chance.randrange(30, 3 * 1440)))
            )
        makeups = {
            (first + timedelta(days=chance.randrange(6))).date(): chance.randrange(7)
            for _makeup in range(chance.randrange(3))
        }
        return two_weeks, zone, first, (schedule * 2)[:2], leaves, makeups

    def prepare(self, drawn):
        two_weeks, zone, _first, schedule, leaves, makeups = drawn
        weeks = (0, 1) if two_weeks else (0,)
        return {
            "name": "Random",
            "company_id": self.env.company.id,
            "tz": zone,
            "two_weeks_calendar": two_weeks,
            "attendance_ids": [
                Command.create(
                    {
                        "name": "x",
                        "dayofweek": str(day),
                        "day_period": "morning",
                        "hour_from": start / 60,
                        "hour_to": stop / 60,
                        "week_type": str(week) if two_weeks else False,
                    }
                )
                for week in weeks
                for day, slots in schedule[week].items()
                for start, stop in slots
            ],
            "leave_ids": [
                Command.create({"name": "x", "date_from": start, "date_to": stop})
                for start, stop in leaves
            ],
            "complaint_makeup_ids": [
                Command.create({"date": day, "weekday": str(weekday)})
                for day, weekday in makeups.items()
            ],
        }

    def test_equal_to_counting_minutes(self):
        chance = random.Random(20260302)
        drawn = [self.draw(chance) for _calendar in range(self.calendars)]
        calendars = self.env["resource.calendar"].create(
            [self.prepare(one) for one in drawn]
        )
        calendars.flush_recordset()
        for one, calendar in zip(drawn, calendars, strict=True):
            _two_weeks, zone, first, schedule, leaves, makeups = one
            clock = calendar._complaint_clock(self.env.company)
            counted = MinuteClock(
                zone,
                schedule,
                [tuple(minute_of(moment) for moment in leave) for leave in leaves],
                {day.toordinal(): weekday for day, weekday in makeups.items()},
            )
            start = first + timedelta(minutes=chance.randrange(2 * 1440))
            minutes, days = chance.randrange(1, 500), chance.randrange(3)
            after = EPOCH + timedelta(
                minutes=counted.work_minutes(minute_of(start), minutes)
            )
            self.assertEqual(
                clock.add(start, minutes * 60), after, (one, start, minutes)
            )
            self.assertEqual(
                clock.between(start, after), minutes * 60, (one, start, minutes)
            )
            self.assertEqual(
                clock.end_of_day(start, days),
                EPOCH + timedelta(seconds=counted.work_days(minute_of(start), days)),
                (one, start, days),
            )
            self.assertEqual(
                clock.is_open(start), counted.is_open(minute_of(start)), (one, start)
            )
