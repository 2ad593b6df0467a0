from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# a roster is planned for a year at most
MOST_DAYS = 366


class QualityComplaintDutyPlan(models.TransientModel):
    """Plan who is on duty: people in turn, every so many days."""

    _name = "quality.complaint.duty.plan"
    _description = "Plan Duties"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "first_day"

    line_ids = fields.One2many(
        "quality.complaint.duty.plan.line", "plan_id", "In Turn", required=True
    )
    team_id = fields.Many2one(
        "quality.complaint.team", help="Empty: for all teams.", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    first_day = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    last_day = fields.Date(required=True)
    hour_from = fields.Float("From", default=17.0, required=True)
    hour_to = fields.Float(
        "To",
        default=8.0,
        required=True,
        help="Not after the beginning: on the next day. The same: around the clock.",
    )
    turn_days = fields.Integer(
        "Days in a Row", default=7, required=True, help="7: everybody a week."
    )

    @api.constrains("hour_from", "hour_to", "turn_days", "first_day", "last_day")
    def _check_plan(self):
        for plan in self:
            if not all(0 <= hour <= 24 for hour in (plan.hour_from, plan.hour_to)):
                raise ValidationError(self.env._("Hours are between 0:00 and 24:00."))
            if plan.turn_days < 1:
                raise ValidationError(self.env._("A turn lasts at least one day."))
            if not 0 <= (plan.last_day - plan.first_day).days < MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "The last day is not before the first, and within a year of it."
                    )
                )

    def action_plan(self):
        """Make the duties; nothing is made when one of them is taken already.

        :raise UserError: nobody is named
        """
        self.ensure_one()
        lines = self.line_ids.sorted(lambda line: (line.sequence, line.id))
        turns = [line.user_id for line in lines]
        if not turns:
            raise UserError(
                self.env._("Say who is on duty: add people, in their turn.")
            )
        zone = pytz.timezone(
            self.company_id.resource_calendar_id.tz or self.env.user.tz or "UTC"
        )
        vals_list = []
        for number in range((self.last_day - self.first_day).days + 1):
            day = self.first_day + timedelta(days=number)
            vals_list.append(
                {
                    "user_id": turns[number // self.turn_days % len(turns)].id,
                    "team_id": self.team_id.id,
                    "company_id": self.company_id.id,
                    "start_on": self._moment(zone, day, self.hour_from),
                    "stop_on": self._moment(
                        zone,
                        day + timedelta(days=self.hour_to <= self.hour_from),
                        self.hour_to,
                    ),
                }
            )
        duties = self.env["quality.complaint.duty"].create(vals_list)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Duty Roster"),
            "res_model": "quality.complaint.duty",
            "view_mode": "calendar,list,form",
            "views": [(False, "calendar"), (False, "list"), (False, "form")],
            "context": {"initial_date": str(duties[:1].start_on)},
        }

    @staticmethod
    def _moment(zone, day, hour):
        """
        :param float hour: of the wall clock, 0 to 24
        :return: naive UTC datetime
        """
        local = datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)


class QualityComplaintDutyPlanLine(models.TransientModel):
    _name = "quality.complaint.duty.plan.line"
    _description = "Person in Turn"
    _inherit = ["quality.complaint.sensible"]
    _rec_name = "user_id"
    _order = "sequence, id"

    plan_id = fields.Many2one(
        "quality.complaint.duty.plan", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
