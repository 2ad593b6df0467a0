from odoo import api, fields, models


class QualityComplaint(models.Model):
    """Short ways for what is not a case: rejected with an explanation, or settled while
    the customer was on the telephone. Every step is taken and checked as usual.
    """

    _inherit = "quality.complaint"

    can_reject = fields.Boolean(compute="_compute_short_ways", compute_sudo=True)
    can_settle = fields.Boolean(compute="_compute_short_ways", compute_sudo=True)

    @api.depends("state", "type_id", "severity_id", "is_batch", "remedy_ids.state")
    def _compute_short_ways(self):
        for complaint in self:
            early = (
                complaint.state in ("registered", "investigating", "planning")
                and not complaint.is_batch
                and not complaint.remedy_ids._live()
            )
            complaint.can_reject = early and complaint._must_conclude()
            complaint.can_settle = (
                early and complaint.state == "registered" and not complaint.is_major
            )

    def _open_short_way(self, name, purpose):
        self.ensure_one()
        return self.env["quality.complaint.short.way"]._get_records_action(
            name=name,
            target="new",
            context={"default_complaint_id": self.id, "default_purpose": purpose},
        )

    def action_open_reject(self):
        return self._open_short_way(self.env._("Reject with Explanation"), "reject")

    def action_open_settle(self):
        return self._open_short_way(self.env._("Settle on the Spot"), "settle")
