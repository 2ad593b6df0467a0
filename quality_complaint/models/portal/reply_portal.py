from odoo import models
from odoo.exceptions import LockError, UserError

ANSWERS = ("accepted", "objected")


class QualityComplaintReply(models.Model):
    """A letter as the customer sees it, and their answer."""

    _inherit = "quality.complaint.reply"

    def _portal_values(self):
        """:return: dict of plain values"""
        self.ensure_one()
        complaint = self.complaint_id
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return {
            "id": self.id,
            "kind": kinds[self.kind],
            "subject": self.subject or "",
            "date": complaint._portal_day(self.sent_on),
            "body": self.body,
            "files": [
                {"id": file.id, "name": file.name} for file in self.attachment_ids
            ],
            "is_asked": self._portal_is_asked(),
            "answer_by": self.env._(
                "Your answer is wanted by %s.", complaint._portal_day(self.due_on)
            )
            if self.due_on
            else "",
            "answer": answers.get(self.answer, "") if self.answer else "",
            "answer_note": self.answer_note or "" if self.answer else "",
        }

    def _portal_is_asked(self):
        """Whether the customer's answer is waited for."""
        return (
            self.expects_answer
            and self.state in ("sent", "answered")
            and self.answer not in ANSWERS
            and self.round == self.complaint_id.round
            and self.complaint_id.state not in ("closed", "cancelled")
        )

    def _portal_answer(self, answer, note):
        """The customer agrees or objects themselves; happens once.

        :param str answer: one of `ANSWERS`
        :param str note: in their own words; an objection needs it
        :raise UserError: it cannot be answered, or not like this
        """
        self.ensure_one()
        note = (note or "").strip()
        if answer not in ANSWERS:
            raise UserError(self.env._("Choose whether you agree or object."))
        if answer == "objected" and not note:
            raise UserError(self.env._("Please tell us what you object to."))
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody is answering this letter right now.")
            ) from error
        if not self._portal_is_asked():
            raise UserError(
                self.env._("This letter is answered already, or no answer is expected.")
            )
        person = self.env.user
        self.write(
            {
                "answered_by": person.partner_id.name,
                "answer_note": note or self.env._("Agreed online by %s", person.login),
            }
        )
        if answer == "accepted":
            self.action_accepted()
        else:
            self.action_objected()
        self.complaint_id._portal_tell_handler(
            self.env._("The customer agrees: %s", self.subject)
            if answer == "accepted"
            else self.env._("The customer objects: %s", self.subject)
        )
