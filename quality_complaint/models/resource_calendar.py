from datetime import date, datetime, time, timedelta
from functools import partial

import pytz

from odoo import fields, models
from odoo.tools import ormcache

from ..tools import AroundTheClock, WorkingTime


class ResourceCalendar(models.Model):
    """The clock of complaints: Odoo's working hours less holidays and closures, plus
    make-up working days.
    """

    _inherit = "resource.calendar"

    complaint_makeup_ids = fields.One2many(
        "quality.complaint.makeup.day", "calendar_id", "Make-up Working Days", copy=True
    )

    def _complaint_clock(self, company):
        """The clock of this calendar for a company; around the clock where there are no
        fixed working hours.

        :param company: whose holidays and closures count
        :return: object with `add`, `between`, `end_of_day`, `start_of_day`,
            `is_working_day`, `is_open`
        """
        # sudo: working hours are no secret, and whoever moves a complaint gets the same
        # due date
        calendar = self.sudo()
        tz, has_hours = calendar._complaint_frame()
        if not has_hours:
            return AroundTheClock(tz or company.sudo().partner_id.tz)  # sudo: as above
        return WorkingTime(tz, partial(calendar._complaint_working_month, company.id))

    @ormcache("self.id")
    def _complaint_frame(self):
        """:return: (time zone, whether there are fixed working hours); flexible ones
        have no times of day that a due date could be set by
        """
        return self.tz, bool(
            self
            and not self.flexible_hours
            and (self.attendance_ids or self.complaint_makeup_ids)
        )

    @ormcache("self.id", "company_id", "year", "month")
    def _complaint_working_month(self, company_id, year, month):
        """Working time of one civil month of the calendar's time zone.

        :param int month: 0 to 11
        :return: tuple of (start, stop, day): naive UTC datetimes and the civil day,
            sorted, disjoint, joined within a day
        """
        self.ensure_one()
        tz = pytz.timezone(self.tz or "UTC")
        first = date(year, month + 1, 1)
        last = date(year + month // 11, (month + 1) % 12 + 1, 1)
        start, stop = (
            tz.localize(datetime.combine(day, time.min)) for day in (first, last)
        )
        domain = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, company_id]),
        ]
        intervals = [
            (a, b)
            for a, b, _meta in self._work_intervals_batch(start, stop, domain=domain)[
                False
            ]
        ]
        for makeup in self.complaint_makeup_ids:
            if first <= makeup.date < last:
                intervals += makeup._intervals(tz)
        return tuple(self._join_within_days(sorted(intervals)))

    @staticmethod
    def _join_within_days(intervals):
        joined = []
        for start, stop in intervals:
            day = start.date()
            start, stop = (
                moment.astimezone(pytz.utc).replace(tzinfo=None)
                for moment in (start, stop)
            )
            if stop.microsecond:  # 24:00 is stored as the last microsecond of the day
                stop = stop.replace(microsecond=0) + timedelta(seconds=1)
            if joined and joined[-1][2] == day and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]), day)
            elif stop > start:
                joined.append((start, stop, day))
        return joined

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "tz",
            "two_weeks_calendar",
            "schedule_type",
            "flexible_hours",
            "attendance_ids",
            "complaint_makeup_ids",
        }:
            self._complaint_hours_changed()
        return result

    def _complaint_hours_changed(self):
        """Forget the working hours and set the running deadlines and 8D steps of these
        calendars anew; without a calendar: of all.
        """
        self.env.registry.clear_cache()
        # sudo: deadlines follow the working hours, whoever changes these
        self.env["quality.complaint.deadline"].sudo()._follow_calendars(self)
        self.env["quality.8d.step"].sudo()._follow_calendars(self)  # sudo: as above
