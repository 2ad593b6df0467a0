import re
from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .mailing import Mailing
from .test_reply import ReplyCase

# what nobody may say who did not do it
PROMISES = (
    "steps so that",
    "happen again",
    "improve",
    "guarantee",
    "stand by the quality",
    "being removed",
)


class LetterCase(ReplyCase):
    def text(self, reply):
        return " ".join(html2plaintext(reply.body).replace("*", "").split())

    def letter(self, complaint, kind, **vals):
        return self.text(self.write_to(complaint, kind, **vals))

    def act(self, complaint, name, kind="corrective", **vals):
        return (
            self.env["quality.complaint.action"]
            .with_user(self.engineer)
            .create(
                {
                    "name": name,
                    "kind": kind,
                    "complaint_id": complaint.id,
                    "user_id": self.engineer.id,
                    **vals,
                }
            )
        )

    def concluded(self, **vals):
        complaint = self.investigated(self.complain())
        complaint.write({"root_cause": "Roller 3 was worn", **vals})
        return complaint


@tagged("post_install", "-at_install")
class TestLetterFacts(LetterCase):
    """A letter contains no sentence about steps, improvement or guarantee that did not
    happen; what is internal stays inside unless chosen.
    """

    def test_nothing_to_name_says_nothing(self):
        complaint = self.complain()
        office = self.env["res.partner"].create({"name": "Market Supervision"})
        for kind, _label in (
            self.env["quality.complaint.reply"]._fields["kind"].selection
        ):
            text = self.letter(
                complaint,
                kind,
                recipient_id=office.id
                if kind == "authority"
                else complaint.partner_id.id,
            )
            for promise in PROMISES:
                self.assertNotIn(promise, text, kind)
            for heading in (
                "What we found",
                "What we are doing for you",
                "Findings",
                "Remedies",
                "measures",
                "None",
                "False",
            ):
                self.assertNotIn(heading, text, kind)
        self.assertEqual(
            self.letter(complaint, "final"),
            "Dear Northwind Motors, This is our reply to your complaint "
            f"{complaint.name}. We regret the trouble this has caused you. "
            "If you have any questions, please contact: Olga Officer, "
            f"{self.officer.email}. Best regards, Copper Works",
        )

    def test_findings_and_cause_stay_inside_unless_chosen(self):
        complaint = self.concluded()
        text = self.letter(complaint, "final")
        self.assertIn("Your complaint is justified.", text)
        for inside in ("Scratches on the inner coil", "Roller 3 was worn"):
            for kind in ("final", "progress", "authority", "offer"):
                self.assertNotIn(inside, self.letter(complaint, kind), kind)
        complaint.investigation_ids.tell_customer = True
        text = self.letter(complaint, "final")
        self.assertIn("We have looked into your complaint", text)
        self.assertIn("Scratches on the inner coil", text)
        self.assertNotIn("Roller 3 was worn", text)
        complaint.tell_cause = True
        for kind in ("final", "progress", "authority"):
            self.assertIn(
                "Cause: Roller 3 was worn", self.letter(complaint, kind), kind
            )

    def test_measures_marked_for_the_customer_stand_with_state_and_date(self):
        """Row 52: findings, measures and what was put right."""
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.concluded()
            self.act(complaint, "Shelf cleaned", "correction", tell_customer=True)
            self.act(complaint, "Internal audit")
            self.act(
                complaint,
                "Operators trained again",
                "preventive",
                tell_customer=True,
                due_on="2026-03-20 09:00:00",
            )
            roller = self.act(
                complaint,
                "Roller 3 replaced",
                tell_customer=True,
                evidence="Order 4711, foreman was asleep",
                due_on="2026-03-10 09:00:00",
            )
        with freeze_time("2026-03-05 09:00:00"):
            roller.action_done()
            roller.write(
                {
                    "cut_in_lot_id": self.make_lot("R-2").id,
                    "cut_in_on": "2026-03-05",
                    "effect_note": "Ten lots without scratches",
                }
            )
        with freeze_time("2026-03-16 09:00:00"):
            text = self.letter(complaint, "final")
            self.assertIn(
                "Corrective and preventive measures Roller 3 replaced: done on March "
                "5, 2026; in force from lot R-2; in production since March 5, 2026 "
                "Operators trained again: planned, to be done by March 20, 2026",
                text,
            )
            for inside in (
                "Shelf cleaned",
                "Internal audit",
                "4711",
                "asleep",
                "Ten lots",
            ):
                self.assertNotIn(inside, text)
            roller.with_user(self.manager).sudo()._advance(
                {"state": "effective", "verified_on": datetime(2026, 3, 15, 9)}
            )
            self.assertIn(
                "its effect verified on March 15, 2026",
                self.letter(complaint, "authority"),
            )

    def test_action_given_up_or_without_effect_is_not_told(self):
        complaint = self.concluded()
        given_up = self.act(complaint, "New supplier", tell_customer=True)
        given_up.action_cancel("Too dear")
        useless = self.act(complaint, "More light", tell_customer=True)
        useless.sudo()._advance({"state": "ineffective"})
        text = self.letter(complaint, "final")
        self.assertNotIn("New supplier", text)
        self.assertNotIn("More light", text)
        self.assertNotIn("measures", text)

    def test_invalid_explains_with_evidence_and_regrets_nothing(self):
        complaint = self.complain()
        complaint.action_start_investigation()
        complaint.investigation_ids.write(
            {"result": "not_confirmed", "finding": "Bent by a fork-lift"}
        )
        complaint.investigation_ids.action_done()
        complaint.write(
            {
                "validity": "invalid",
                "validity_reason": "Photos show the marks of a fork",
                "explanation": "The strip was damaged when it was unloaded.",
                "cause_id": self.cause.id,
                "responsible_id": self.env.ref(
                    "quality_complaint.responsible_customer"
                ).id,
                "root_cause": "Not our business",
            }
        )
        complaint.action_conclude()
        for kind in ("final", "authority"):
            text = self.letter(complaint, kind)
            self.assertIn("We found no fault on our part.", text)
            self.assertIn(
                "Explanation: The strip was damaged when it was unloaded.", text
            )
            self.assertIn("Evidence: Photos show the marks of a fork", text)
            for wrong in (
                "justified",
                "regret",
                "Not our business",
                "Bent by",
                *PROMISES,
            ):
                self.assertNotIn(wrong, text, kind)

    def test_authority_gets_the_state_of_the_case_and_no_guarantee(self):
        complaint = self.complain()
        self.assertIn(
            "The investigation is not finished yet.",
            self.letter(complaint, "authority"),
        )
        complaint = self.concluded()
        text = self.letter(complaint, "authority")
        self.assertNotIn("not finished", text)
        self.assertIn("The complaint is justified.", text)

    def test_draft_is_written_anew_from_what_is_known_now(self):
        complaint = self.concluded()
        reply = self.write_to(complaint, "final")
        complaint.investigation_ids.tell_customer = True
        self.assertNotIn("Scratches", reply.body)
        reply.action_write_anew()
        self.assertIn("Scratches", reply.body)

    def test_first_response_promises_no_call(self):
        text = self.letter(self.complain(user_id=self.officer.id), "first_response")
        self.assertNotIn("call you", text)
        self.assertIn(f"Your contact is: Olga Officer, {self.officer.email}", text)


@tagged("post_install", "-at_install")
class TestRemediesInLetters(LetterCase):
    """Remedies are told in words with amount, currency and document number, as far as
    they are.
    """

    def told(self, complaint):
        return complaint.sudo()._letter_facts()["remedies"]

    def test_refund_from_promise_to_credit_note(self):
        complaint = self.concluded()
        title = "Refund of the price of 4 Units of Copper strip (R-1)"
        remedy = self.plan(
            complaint, "refund", 4, note="They are good customers, careful"
        )
        self.assertEqual(self.told(complaint), [])  # nothing is promised yet
        self.assertEqual(
            complaint.sudo()._letter_facts()["offers"],
            [
                (
                    "Refund of the price of 4 Units of Copper strip (R-1): 48.00 USD "
                    "including taxes"
                )
            ],
        )
        complaint.action_submit_plan()
        self.assertEqual(
            self.told(complaint),
            [
                (
                    "Refund of the price of 4 Units of Copper strip (R-1): 48.00 USD "
                    "including taxes, the credit note follows"
                )
            ],
        )
        complaint.action_execute()
        picking = remedy.sudo().picking_ids
        self.assertEqual(
            self.told(complaint),
            [
                (
                    f"{title}: goods expected, return {picking.name}; 48.00 USD including "  # noqa: E501
                    "taxes, the credit note follows"
                )
            ],
        )
        with freeze_time("2026-05-05 09:00:00"):
            self.receive(remedy.sudo())
        note = remedy.sudo().credit_note_ids
        self.assertNotIn(
            "of May 5", self.told(complaint)[0].split(";")[1]
        )  # a draft is no credit note
        note.invoice_date = "2026-05-06"
        note.action_post()
        self.assertEqual(
            self.told(complaint),
            [
                (
                    f"{title}: goods received on May 5, 2026, return {picking.name}; 48.00 "  # noqa: E501
                    f"USD including taxes, credit note {note.name} of May 6, 2026"
                )
            ],
        )
        for kind in ("final", "authority", "progress"):
            text = self.letter(complaint, kind)
            self.assertIn(note.name, text, kind)
            self.assertNotIn("careful", text, kind)

    def test_several_remedies_each_with_its_own_words(self):
        complaint = self.concluded()
        self.plan(complaint, "credit", amount=20.0)
        self.plan(complaint, "replacement", 2, goods="keep")
        self.plan(complaint, "support", note="Send our worst engineer")
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        complaint.action_execute()
        remedies = complaint.sudo().remedy_ids
        delivery = remedies.filtered(
            lambda remedy: remedy.kind == "replacement"
        ).picking_ids
        self.assertEqual(
            self.told(complaint),
            [
                (
                    "Price reduction on Copper strip (R-1): 24.00 USD including taxes, "
                    "the credit note follows"
                ),
                (
                    "Replacement: 2 Units of Copper strip (R-1): to be sent, delivery "
                    f"{delivery.name}"
                ),
                "Technical support: agreed, not done yet",
            ],
        )
        text = self.letter(complaint, "final")
        self.assertIn(
            "What we are doing for you Price reduction on Copper strip (R-1)", text
        )
        self.assertNotIn("worst engineer", text)

    def test_remedy_given_up_is_not_told(self):
        complaint = self.concluded()
        remedy = self.plan(complaint, "credit", amount=20.0)
        complaint.action_submit_plan()
        remedy.sudo()._set_cancelled()
        self.assertEqual(self.told(complaint), [])
        self.assertNotIn("we offer you", self.letter(complaint, "offer"))


@tagged("post_install", "-at_install")
class TestInquiry(Mailing, LetterCase):
    """The reply to an inquiry asks for its answer and does not go out without one."""

    def inquiry(self, kind="inquiry", **vals):
        return self.make_complaint(
            user=self.officer,
            partner_id=self.customer.id,
            type_id=self.env.ref(f"quality_complaint.type_{kind}").id,
            description="Is 0.8 mm possible?",
            **vals,
        )

    def reply(self, inquiry):
        return (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(inquiry.action_open_reply()["res_id"])
        )

    def test_inquiry_is_not_answered_without_an_answer(self):
        inquiry = self.inquiry()
        reply = self.reply(inquiry)
        self.assertEqual((reply.kind, reply.asks_answer), ("final", True))
        for vals in ({}, {"inquiry_answer": "   "}, {"method": "oral"}):
            reply.write(vals)
            with self.assertRaisesRegex(UserError, "the answer to the inquiry"):
                reply.action_send()
        reply.write(
            {
                "method": "written",
                "inquiry_answer": "Yes, from 2 t.\nDelivery takes four weeks.",
            }
        )
        self.assertIn(
            "Our answer Yes, from 2 t. Delivery takes four weeks.", self.text(reply)
        )
        reply.action_send()
        self.assertEqual((reply.state, inquiry.state), ("sent", "replied"))
        self.assertIn("Yes, from 2 t.", self._mails[-1]["body"])
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            reply.inquiry_answer = "No"

    def test_template_without_a_place_for_it_gets_the_answer_all_the_same(self):
        self.env.ref(
            "quality_complaint.mail_template_final_reply"
        ).body_html = "<p>Dear customer</p>"
        reply = self.reply(self.inquiry())
        reply.inquiry_answer = "Yes & no"
        self.assertEqual(self.text(reply), "Dear customer Yes & no")

    def test_who_made_no_complaint_is_told_of_none(self):
        for kind in ("inquiry", "suggestion", "praise"):
            inquiry = self.inquiry(kind)
            mail = self._mails[-1]  # the acknowledgement
            # addresses of links are not read
            body = re.sub(r"https?://\S+", "", html2plaintext(mail["body"]))
            words = f"{mail['subject']} {body}"
            for letter in ("first_response", "progress", "final"):
                reply = self.write_to(inquiry, letter)
                words += f" {reply.subject} {self.text(reply)}"
            self.assertNotIn(
                "complaint", words.replace(self.officer.email, "").lower(), kind
            )
            self.assertNotIn("keep the goods", words)
            self.assertIn(inquiry.name, words)

    def test_other_feedback_goes_without(self):
        reply = self.reply(self.inquiry("suggestion"))
        reply.action_send()
        self.assertEqual(reply.state, "sent")


@tagged("post_install", "-at_install")
class TestBatchLetters(LetterCase):
    """The text of a batch case goes around to its complaints, each with its own
    remedies, and with no more than was done.
    """

    def test_case_and_its_letters(self):
        self.sell({self.lot: 5}, partner=self.distributor)
        wizard = (
            self.env["quality.complaint.batch"]
            .with_user(self.officer)
            .with_context(allowed_company_ids=self.company.ids)
        )
        wizard = wizard.create(
            {"lot_id": self.lot.id, "description": "Scratched surface"}
        )
        case = (
            self.env["quality.complaint"]
            .with_user(self.officer)
            .browse(wizard.action_create()["res_id"])
        )
        case.action_start_investigation()
        self.name_team(case)
        case.investigation_ids.write(
            {"result": "confirmed", "finding": "Scratches on the inner coil"}
        )
        case.investigation_ids.action_done()
        case.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
                "root_cause": "Roller 3 was worn",
            }
        )
        case.action_conclude()
        child = case.child_ids.filtered(lambda row: row.partner_id == self.customer)
        self.assertEqual(child.root_cause, "Roller 3 was worn")
        shared = self.write_to(case, "final")
        self.assertNotIn("Roller 3", shared.body)
        for promise in PROMISES:
            self.assertNotIn(promise, shared.body)
        case.tell_cause = True
        case.investigation_ids.tell_customer = True
        self.act(case, "Roller 3 replaced", tell_customer=True)
        shared.action_write_anew()
        for words in (
            "Scratches on the inner coil",
            "Cause: Roller 3 was worn",
            "Roller 3 replaced: planned",
        ):
            self.assertIn(words, self.text(shared))
        self.plan(child, "credit", 5, amount=20.0)
        child.action_submit_plan()
        shared.action_distribute()
        draft = child.reply_ids
        for words in (
            f"our reply to your complaint {child.name}",
            "Cause: Roller 3 was worn",
            "24.00 USD including taxes",
            "please contact: Olga Officer",
        ):
            self.assertEqual(self.text(draft).count(words), 1, words)
        draft.action_write_anew()
        self.assertEqual(self.text(draft).count("Cause: Roller 3 was worn"), 1)
        # answered on its own, it says what was found in the case
        own = self.letter(child, "progress")
        self.assertIn("Scratches on the inner coil", own)


@tagged("post_install", "-at_install")
class TestLetterScreens(LetterCase):
    """What a letter needs can be reached where people work."""

    def test_marks_are_on_the_screens(self):
        views = {
            "quality.complaint.action": ("form", "list"),
            "quality.complaint.investigation": ("form",),
            "quality.complaint": ("form",),
        }
        for model, kinds in views.items():
            for kind in kinds:
                arch = (
                    self.env[model]
                    .with_user(self.officer)
                    .get_view(view_type=kind)["arch"]
                )
                self.assertIn(
                    'name="tell_cause"'
                    if model == "quality.complaint"
                    else 'name="tell_customer"',
                    arch,
                    f"{model} {kind}",
                )
        arch = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .get_view(view_type="form")["arch"]
        )
        for name in ("inquiry_answer", "action_write_anew", "failure"):
            self.assertIn(f'name="{name}"', arch)
