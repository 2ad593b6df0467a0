from odoo import models


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["quality.complaint.calendar.part", "resource.calendar.attendance"]
