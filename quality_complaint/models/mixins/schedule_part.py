from odoo import api, models


class QualityComplaintCalendarPart(models.AbstractModel):
    """A row of a working schedule: due dates follow when it changes."""

    _name = "quality.complaint.calendar.part"
    _description = "Part of a Working Schedule"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.calendar_id._complaint_hours_changed()
        return rows

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._complaint_hours_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._complaint_hours_changed()
        return result
