from odoo import api, fields, models


class QualityComplaintAction(models.Model):
    """What follows an event of an action, and in which order: decided here and nowhere
    else.
    """

    _inherit = "quality.complaint.action"

    # === planned, changed ===

    @api.model_create_multi
    def create(self, vals_list):
        # before: the owner of an action sees what it belongs to afterwards
        defaults = {
            name: self.env.context.get(f"default_{name}")
            for name in ("complaint_id", "eight_d_id", "problem_id")
        }
        vals_list = self._without_signatures(
            [{**defaults, **vals} for vals in vals_list]
        )
        self._check_files(vals_list)
        actions = super().create(vals_list)
        actions._on_created()
        return actions

    def _on_created(self):
        self._advance({"start_on": fields.Datetime.now()})
        self._check_belongs()  # also when no field of it was given
        self._check_open_file()
        self._schedule_notices()
        self._forget_override()
        self._ask_signatures()

    def write(self, vals):
        self._before_written(vals)
        evidence = self._evidence_before(vals)
        signed = self._signatures_touched(vals)
        result = super().write(vals)
        self._on_written(vals, evidence, signed)
        return result

    def _before_written(self, vals):
        """What is refused, whoever asks; the first reason is told."""
        self._check_signatures_untouched(vals)
        self._check_override(vals)
        self._check_done(vals)
        self._check_report_open(vals)

    def _on_written(self, vals, evidence, signed):
        """
        :param dict vals: what was written
        :param dict evidence: {finished action: its files before}, where files were
            written
        :param signed: signatures of what is another measure now
        """
        self._check_evidence_kept(evidence)
        if "name" in vals:
            self.filtered("shallow_reason")._advance(
                {"shallow_reason": False, "shallow_by_id": False}
            )
        if {"cut_in_lot_id", "cut_in_on"} & vals.keys():
            self._advance({"effect_told_on": False, "effect_checked_on": False})
        if "department_id" in vals:
            self._schedule_notices()  # its head is told, too
        signed._outdate()

    # === the way through ===

    def _on_done(self):
        self._end_notices()
        self._schedule_notices()

    def _on_verified(self, effect):
        """
        :param str effect: `effective` or `ineffective`
        """
        if effect == "ineffective":
            self._reopen_reports(
                "D5",
                lambda action: self.env._(
                    "“%s” is not effective: something else has to be chosen.",
                    action.name,
                ),
            )
        self._end_notices()
        self._ask_signatures()  # of the effect

    def _on_reopened(self, reason, notes):
        """
        :param str reason: why it has to be done again
        :param dict notes: {action: what was written of its verification}
        """
        self._reopen_reports("D6", lambda action: reason)
        for action in self:
            action.message_post(body=self.env._("To be done again: %s", reason))
            if notes[action]:
                action.message_post(
                    body=self.env._("Verification so far: %s", notes[action])
                )
        # what was verified and signed of the first attempt says nothing about the next
        # one
        self._forget_verification()
        self._forget_effect_signatures()
        self._end_notices()
        self._schedule_notices()

    def _on_given_up(self, reason):
        # nothing is done against its cause any more
        self._reopen_reports(
            "D5",
            lambda action: self.env._(
                "“%(action)s” given up: %(reason)s", action=action.name, reason=reason
            ),
        )
        self._end_notices()
        self._schedule_notices()
        for action in self:
            action.message_post(body=self.env._("Given up: %s", reason))

    def _open_end(self):
        """What is left to do, in words; empty when nothing is. What only stops or
        repairs the damage needs no verification.
        """
        self.ensure_one()
        return self._open_work() or self._open_signatures()
