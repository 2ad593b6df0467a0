from odoo import api, models


class QualityComplaintInspection(models.Model):
    """What follows an event of an inspection, and in which order: decided here and
    nowhere else.
    """

    _inherit = "quality.complaint.inspection"

    @api.model_create_multi
    def create(self, vals_list):
        inspections = super().create(vals_list)
        inspections._on_created()
        return inspections

    def _on_created(self):
        self._tell_complaint()
        self._ask_release()

    def write(self, vals):
        self._check_unsettled(vals)
        released = self._released_for_other(vals)
        result = super().write(vals)
        self._on_written(vals, released)
        return result

    def _on_written(self, vals, released):
        """
        :param dict vals: what was written
        :param released: results that say something else than what was released now
        """
        self._sign_finding(vals)
        if vals.keys() & {
            "condition",
            "no_fault_found",
            "lot_id",
            "quantity",
            "disposition",
        }:
            self._tell_complaint()
        released._take_release_back()
