from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class QualityComplaintMakeupDay(models.Model):
    """A day that is worked although the weekly schedule says otherwise (调休): it has the
    hours of another weekday.

    It is the more special statement: a public holiday or closure on the same day does
    not take it away.
    """  # noqa: E501

    _name = "quality.complaint.makeup.day"
    _description = "Make-up Working Day"
    _inherit = ["quality.complaint.calendar.part", "quality.complaint.guarded"]
    _order = "date desc"
    _rec_name = "date"

    calendar_id = fields.Many2one(
        "resource.calendar", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="calendar_id.company_id")
    date = fields.Date(required=True)
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        "Hours Like",
        default="0",
        required=True,
        help="The day is worked with the hours of this weekday of the same week.",
    )
    name = fields.Char("Reason", translate=True)

    _once_a_day = models.Constraint(
        "UNIQUE (calendar_id, date)",
        "This day is a make-up working day of the calendar already.",
    )

    def _intervals(self, tz):
        """Working time of the day.

        :param tz: pytz time zone of the calendar
        :return: list of (start, stop), aware datetimes
        """
        self.ensure_one()
        model_day = self.date + timedelta(days=int(self.weekday) - self.date.weekday())
        attendances = self.env["resource.calendar.attendance"].search(
            Domain("calendar_id", "=", self.calendar_id.id)
            & Domain("dayofweek", "=", self.weekday)
            & Domain("display_type", "=", False)
            & Domain("day_period", "!=", "lunch")
        )
        if self.calendar_id.two_weeks_calendar:
            week_type = str(attendances.get_week_type(model_day))
            attendances = attendances.filtered(
                lambda attendance: attendance.week_type == week_type
            )
        midnight = fields.Datetime.to_datetime(self.date)
        return [
            tuple(
                tz.localize(midnight + timedelta(minutes=round(hour * 60)))
                for hour in (attendance.hour_from, attendance.hour_to)
            )
            for attendance in attendances
        ]
