from odoo import api, models

from .imbalance import WATCHED_STATES


class QualityComplaintRemedy(models.Model):
    """What follows an event of a remedy or of its documents, and in which order:
    decided here and nowhere else.
    """

    _inherit = "quality.complaint.remedy"

    @api.model_create_multi
    def create(self, vals_list):
        remedies = super().create(vals_list)
        remedies._schedule_notices()
        return remedies

    def write(self, vals):
        self._check_plan_open(vals)
        self._check_agreement_kept(vals)
        result = super().write(vals)
        if vals.get("return_by"):
            self._schedule_returns()
        if {"due_on", "user_id"} & vals.keys():
            self._end_notices()
            self._advance({"notice_level": 0, "missed_on": False})
            self._schedule_notices()
        return result

    def _on_returns_created(self):
        self._schedule_returns()

    def _on_receipt(self, moves):
        """Goods of these remedies have arrived.

        Never raises: goods that arrived are received, whatever becomes of the paper. A
        failure is kept on the remedy, put
        before the handler, and tried again by a scheduled action.

        :param moves: return moves that are done
        """
        self._book_sample(
            moves
        )  # the warehouse need not tell whoever waits for a sample
        self._watch(False)  # between receipt and credit note nothing is as planned
        for remedy in self:
            received = moves.filtered(
                lambda move, r=remedy: move.remedy_line_id.remedy_id == r
            )
            received._complaint_note_before_invoice()
            remedy._note_differences(received)
            remedy._try_follow_up()
        self._watch()

    def _sync_state(self):
        """Documents changed: the state follows, and what differs now is told before the
        transaction ends.
        """
        watched = self.filtered(lambda remedy: remedy.state in WATCHED_STATES)
        self._touch(
            watched
            # two changes at the same moment must see each other, else both may find the
            # other one unfinished
        )
        watched._review_acceptance()
        self._follow_documents()
        self.filtered(lambda remedy: remedy.state == "done")._stamp_executed()
        self._watch()

    def _derived_state(self):
        """:return: the state that follows from the documents: `approved`, `executing`
        or `done`
        """
        self.ensure_one()
        state = self._documents_state()
        return "executing" if state == "done" and self._owes_money() else state
