from odoo import api, models

from .grading import FACTS


class QualityComplaint(models.Model):
    """What follows an event of a complaint, and in which order: decided here and
    nowhere else.

    Every consequence is a method of the room it belongs to. Transitions (`lifecycle`,
    `closing`) check their conditions and change the status, then
    call what follows. Other addons extend a consequence, or the event itself after
    `super()`.
    """

    _inherit = "quality.complaint"

    # === recorded, changed ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_region(vals)
        complaints = super().create(vals_list)
        complaints._on_created()
        return complaints

    @api.model
    def _record_past(self, vals_list):
        """Cases that are over and done with: nothing follows."""
        return super().create(vals_list)  # pylint: disable=super-method-mismatch  # past the events

    def _on_created(self):
        # the clocks run from the receipt, also while nobody registers the complaint
        self.sudo()._reach(
            "received", on=lambda complaint: complaint.received_on
        )  # sudo: as in `_reach`

    def write(self, vals):
        self._before_written(vals)
        trouble = self._with_other_trouble(vals)
        handed = self._changed_by(vals, {"user_id"})
        ranks = (
            {complaint: complaint.severity_id.rank for complaint in self}
            if FACTS & vals.keys()
            else {}
        )
        result = super().write(vals)
        self._on_written(vals, trouble, ranks, handed)
        return result

    def _before_written(self, vals):
        """What is refused, whoever asks; the first reason is told."""
        self._check_new_handler(vals)
        self._check_judge(vals)
        self._check_department(vals)
        if self._changed_by(vals, {"region_manager_id"}):
            self._check_region(vals)
        self._check_conclusion_open(vals)
        self._check_promises(vals)
        self._check_regrading(vals)
        self._check_registered(vals)

    def _on_written(self, vals, trouble, ranks, handed):
        """
        :param dict vals: what was written
        :param trouble: the complaints whose words or cause are others now
        :param dict ranks: {complaint: rank of its severity before}, where a fact was
            written
        :param handed: the complaints that have another handler now
        """
        if vals.get("user_id"):
            self._stamp_assigned()
            handed._tell_handler()
        if {"user_id", "department_id"} & vals.keys():
            self._stamp_lead()
        if "received_on" in vals:
            self.filtered(lambda complaint: complaint.state == "new")._restart_clocks()
        registered = self.filtered("name")
        # raised by hand, before the rules: what they raise beyond it is told by
        # themselves
        registered.filtered(
            lambda complaint: (
                complaint.severity_id.rank
                > ranks.get(complaint, complaint.severity_id.rank)
            )
        )._on_severity_raised()
        if FACTS & vals.keys():
            self._regrade()
            registered._open_sheets()
        if "serious_event" in vals:
            registered._stamp_serious_event()
        if vals.get("responsible_id"):
            registered._tell_severity(lambda role: role.holder == "responsible_manager")
        # last: repeats raise the severity that the rules gave
        trouble._review_repeats()
        if {"validity", "type_id"} & vals.keys():
            self._check_recurrence()

    def _on_lines_changed(self, names):
        """What lines say about the trouble has changed, or there are others.

        :param set names: fields of the lines that may have changed
        """
        if names & {"lot_id", "lot_name", "defect_id"}:
            self._regrade()
        if names & {"product_id", "lot_id", "lot_name", "defect_id", "note"}:
            self._review_repeats()
        if names & {"product_id", "lot_id", "defect_id", "move_line_id"}:
            self._check_recurrence()
        if "lot_id" in names:
            self.eight_d_id._on_suspects_changed()

    def _on_costs_booked(self):
        self._figures_changed()

    def _on_severity_raised(self):
        self._tell_severity()
        self._request_missing_approvals()
        self._start_needed_8d()

    # === the way through ===

    def _on_registered(self):
        """It has its number."""
        # sudo: an employee may hand in a complaint, what follows is not theirs to
        # change
        registered = self.sudo()
        registered._reach("received", on=lambda complaint: complaint.received_on)
        registered._reach("registered")
        registered.filtered("user_id")._reach("assigned")
        registered._stamp_lead()
        registered._stamp_serious_event()
        registered._end_intake()
        for complaint in registered:
            complaint._notify_team()
            complaint._acknowledge()
            complaint._tell_severity()
        # repeats first: they raise the severity, which may ask for an 8D report
        registered._find_repeats()
        registered._detect_repeat()
        registered._raise_for_repeats()
        registered._open_sheets()
        self._check_recurrence()
        self._start_needed_8d()

    def _on_investigation_started(self):
        self.ensure_one()
        self._reach("investigation_started")
        self._open_first_investigation()

    def _on_plan_submitted(self, remedies):
        """
        :param remedies: those it is about
        """
        self._reach(
            "planned"
        )  # first: without anybody to ask, the plan is approved at once
        self.env["quality.complaint.approval"]._request_plan(self, remedies)

    def _on_plan_approved(self):
        self._reach("plan_approved")

    def _on_concluded(self):
        self._reach("concluded")
        self.filtered("is_batch")._conclude_children()

    def _before_replied(self):
        # by the reply itself: carried out is a step before replied
        self._give_explanations()

    def _on_replied(self, reply):
        """
        :param reply: the final reply, which is with the customer
        """
        self.ensure_one()
        self._reach("replied", on=reply.sent_on, source=reply)
        self._plan_revisit()  # its window starts with the reply

    def _on_closed(self):
        self.ensure_one()
        self._reach("closed")
        self._cancel_deadlines()
        self._end_sheet_tasks()
        self._record_points()
        self._note_undecided_repeats()
        self.activity_unlink(
            ["mail.mail_activity_data_todo", "quality_complaint.mail_activity_deadline"]
        )

    def _before_reopened(self):
        self._check_not_anonymised()

    def _on_reopened(self, reason, unsatisfied):
        """The next round has begun.

        :param str reason: told in the thread
        :param bool unsatisfied: the customer was asked, or objected
        """
        self.ensure_one()
        self._next_round()  # first: deadlines of the new round start with its stamps
        self._reach("reopened")
        self._reach("investigation_started")
        self._start_new_investigation()
        self._regrade()
        if unsatisfied:
            # after the investigation is there, whose investigator follows the handler
            self._review()
        self.message_post(
            body=self.env._(
                "Reopened (round %(round)s): %(reason)s",
                round=self.round,
                reason=reason,
            )
        )
        self._reopen_8d(reason)

    def _on_cancelled(self):
        self.ensure_one()
        self._reach("cancelled")
        self._cancel_deadlines()
        self._end_sheet_tasks()
        self.activity_unlink(
            ["mail.mail_activity_data_todo", "quality_complaint.mail_activity_deadline"]
        )
        self._cancel_untouched_8d()

    # === what stands against a step ===

    def _missing_to_conclude(self):
        """:return: list of translated phrases"""
        return [
            *self._missing_conclusion(),
            *self._missing_fields("conclude"),
            *self._missing_guide("conclude"),
            *self._missing_properties(),
            *self._missing_reviewer(),
            *self._missing_on_sheets("conclude"),
        ]

    def _get_open_ends(self):
        """What stands against closing.

        :return: list of (plain text, record or None)
        """
        self.ensure_one()
        done = self.remedy_ids.filtered(lambda remedy: remedy.state == "done")
        return [
            *self._case_ends(),
            *self._8d_ends(),
            *self._imbalance_ends(done),
            *self._disposition_ends(),
            *self._sheet_ends(),
            *self._adoption_ends(),
            *self._loan_ends(),
        ]

    def _open_document_ends(self, remedy):
        """Returns and credit notes of a remedy that are not finished or not as planned,
        as in `_get_open_ends`.
        """
        return [*self._unfinished_documents(remedy), *self._imbalance_ends(remedy)]

    @api.depends(
        "state",
        "remedy_ids.state",
        "remedy_ids.imbalance",
        "approval_ids.state",
        "reply_ids.state",
        "revisit_ids.state",
        "child_ids.state",
        "deadline_ids",
        "action_ids.state",
        "adoption",
    )
    def _compute_open_ends(self):
        for complaint in self:
            ends = []
            if complaint.state == "replied":
                ends = complaint._get_open_ends()
            elif complaint.state == "executing":
                ends = [
                    end
                    for remedy in complaint.remedy_ids
                    for end in complaint._open_document_ends(remedy)
                ]
            complaint.open_ends = (
                self.env["ir.qweb"]._render(
                    "quality_complaint.open_ends",
                    {"complaint": complaint, "ends": ends},
                )
                if ends
                else False
            )
