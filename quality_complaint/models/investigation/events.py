from odoo import api, models


class QualityComplaintInvestigation(models.Model):
    """What follows an event of an investigation, and in which order: decided here and
    nowhere else.
    """

    _inherit = "quality.complaint.investigation"

    @api.model_create_multi
    def create(self, vals_list):
        investigations = super().create(vals_list)
        investigations._on_created()
        return investigations

    def _on_created(self):
        self._schedule_notices()
        self._stamp_sample()
        self._ask_questions()
        self.complaint_id._refresh_deadlines()  # a limit may depend on the method
        self._ask_visiting_department()

    def write(self, vals):
        vals = self._with_day_of_fate(vals)
        self._before_written(vals)
        photos = self._photos_before(vals)
        result = super().write(vals)
        self._on_written(vals, photos)
        return result

    def _before_written(self, vals):
        """What is refused, whoever asks; the first reason is told."""
        self._check_sample_booked_once(vals)
        self._check_finished(vals)
        self._check_leader(vals)

    def _on_written(self, vals, photos):
        """
        :param dict vals: what was written
        :param dict photos: {finished investigation: its photos before}, where photos
            were written
        """
        self._check_photos_kept(photos)
        if "due_on" in vals:
            self._advance({"notice_level": 0, "missed_on": False})
            self._schedule_notices()
        if "user_id" in vals:
            self._hand_over_deadlines()
        if vals.get("sample_received_on"):
            self._stamp_sample()
        if "method" in vals:
            self._stop_waiting_for_sample()
            self.complaint_id._refresh_deadlines()
        if vals.keys() & {"method", "lot_id"}:
            self._ask_questions()
        if vals.get("sample_fate") == "not_sent":
            self._end_sample_reminder()
            self.complaint_id._resume("sample")
        if vals.keys() & {"sample_expected_on", "user_id"}:
            self.filtered(lambda row: row.sample_state == "asked")._remind_of_sample()
        if "method" in vals:
            self._ask_visiting_department()

    def _missing_to_finish(self):
        """:return: list of translated phrases"""
        self.ensure_one()
        return [*self._missing_findings(), *self._missing_visitor()]
