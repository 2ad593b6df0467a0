from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Public holidays and closures move due dates; absences of single persons do
    not.
    """

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._complaint_closures_changed()
        return leaves

    def write(self, vals):
        closures = self.filtered(lambda leave: not leave.resource_id)
        calendars, general = (
            closures.calendar_id,
            any(not leave.calendar_id for leave in closures),
        )
        result = super().write(vals)
        (self | closures)._complaint_closures_changed(calendars, general)
        return result

    def unlink(self):
        closures = self.filtered(lambda leave: not leave.resource_id)
        calendars, general = (
            closures.calendar_id,
            any(not leave.calendar_id for leave in closures),
        )
        result = super().unlink()
        self.browse()._complaint_closures_changed(calendars, general)
        return result

    def _complaint_closures_changed(self, calendars=None, general=False):
        """Tell the calendars of these closures, and those they had before.

        :param calendars: calendars of the closures before the change
        :param bool general: whether one of them was for all calendars
        """
        closures = self.filtered(lambda leave: not leave.resource_id)
        calendars = closures.calendar_id | (calendars or closures.calendar_id)
        if general or any(not leave.calendar_id for leave in closures):
            self.env["resource.calendar"]._complaint_hours_changed()
        elif calendars:
            calendars._complaint_hours_changed()
