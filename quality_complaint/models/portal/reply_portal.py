from odoo import SUPERUSER_ID, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

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
            "is_signed": self._portal_asks_signature(),
            "answer_by": self.env._(
                "Your answer is wanted by %s.", complaint._portal_day(self.due_on)
            )
            if self.due_on
            else "",
            "answer_of": self.env._("Answer of %s", self.answered_by)
            if self.answered_by
            else self.env._("Your answer"),
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

    def _portal_asks_signature(self):
        """Whether accepting means signing: an 8D report."""
        # sudo: only whether there is one
        return bool(self.sudo().eight_d_issue_ids.attachment_id)

    def _portal_paper(self):
        """The 8D report of the letter, as it is signed.

        :return: `quality.complaint.consent` in superuser mode
        """
        self.ensure_one()
        paper = self.sudo().eight_d_issue_ids.attachment_id[:1]  # sudo: their copy
        return self.env["quality.complaint.consent"]._offer(
            self.complaint_id,
            "eight_d",
            paper.checksum,
            lambda: (paper.name, paper.raw),
            reply=self,
        )

    def _portal_sign(self, name, signature, person):
        """The customer signs the 8D report that came with the letter, and accepts it.

        :param str name: as typed
        :param str signature: picture, base64
        :param person: `Person`
        :raise UserError: it is answered already, or nothing is signed
        """
        self.ensure_one()
        if not self._portal_asks_signature():
            raise UserError(self.env._("There is nothing to sign any more."))
        self._portal_wait()
        paper = self._portal_paper()
        paper._sign(name, signature, person.address, person.ip)
        self.evidence_ids = [Command.link(paper.signed_attachment_id.id)]
        self._portal_accept(person, "")

    def _portal_answer(self, answer, note, person):
        """The customer agrees or objects themselves; happens once.

        :param str answer: one of `ANSWERS`
        :param str note: in their own words; an objection needs it
        :param person: `Person`
        :raise UserError: it cannot be answered, or not like this
        """
        self.ensure_one()
        note = (note or "").strip()
        if answer not in ANSWERS:
            raise UserError(self.env._("Choose whether you agree or object."))
        if answer == "objected" and not note:
            raise UserError(self.env._("Please tell us what you object to."))
        if answer == "accepted" and self._portal_asks_signature():
            raise UserError(self.env._("Please sign in the field."))
        self._portal_wait()
        if answer == "accepted":
            self._portal_accept(person, note)
            return
        self.write({"answered_by": person.name, "answer_note": note})
        self._as_the_system().action_objected()
        self.complaint_id._portal_tell_handler(
            _lt("The customer objects: %s", self.subject)
        )

    def _portal_wait(self):
        """One answer at a time, and only while it is asked for."""
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

    def _portal_accept(self, person, note):
        self.write(
            {
                "answered_by": person.name,
                "answer_note": note
                or self.env._(
                    "Agreed online by %(address)s, from %(ip)s",
                    address=person.address,
                    ip=person.ip,
                ),
            }
        )
        self._as_the_system().action_accepted()
        self.complaint_id._portal_tell_handler(
            _lt("The customer agrees: %s", self.subject)
        )

    def _as_the_system(self):
        """What follows from an answer is nobody's who sent it: colleagues are told by
        the system, not by a visitor without an address.
        """
        return self.with_user(SUPERUSER_ID).with_company(self.complaint_id.company_id)
