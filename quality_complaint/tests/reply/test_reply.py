from datetime import timedelta
from unittest.mock import patch

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase
from .mailing import Mailing


class ReplyCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("R-1", quantity=100)
        cls.sell({cls.lot: 10})

    def complain(self, **vals):
        return self.make_complaint(lot_ref="R-1", user=self.officer, **vals)

    def write_to(self, complaint, kind, **vals):
        return (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .create({"complaint_id": complaint.id, "kind": kind, **vals})
        )

    def run_cron(self):
        with patch.object(IrCron, "_commit_progress", lambda *_args, **_options: 60.0):
            self.env["quality.complaint.due"]._cron_notify()


@tagged("post_install", "-at_install")
class TestReplies(Mailing, ReplyCase):
    def test_every_kind_has_a_template_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "=", "quality_complaint")]
        )._update_translations(["zh_CN"])
        complaint = self.complain()
        kinds = [
            kind
            for kind, _label in self.env["quality.complaint.reply"]
            ._fields["kind"]
            .selection
        ]
        for lang, word in (("en_US", "complaint"), ("zh_CN", "投诉")):
            self.customer.lang = lang
            for kind in kinds:
                reply = self.write_to(complaint, kind)
                if kind == "authority":
                    reply.lang = lang
                self.assertEqual(reply.lang, lang, kind)
                self.assertIn(
                    word, f"{reply.subject} {reply.body}".lower(), f"{kind} in {lang}"
                )
                self.assertIn(
                    complaint.name, f"{reply.subject} {reply.body}", f"{kind} in {lang}"
                )
                self.assertTrue(reply.template_id, kind)

    def test_discarded_at_once_it_is_gone_and_what_was_there_before_stays(self):
        complaint = self.complain()
        begun = complaint.action_open_reply()
        reply = complaint.reply_ids
        self.assertEqual(begun["res_id"], reply.id)
        again = complaint.action_open_reply()
        self.assertEqual(again["res_id"], reply.id)
        reply.with_context(**again["context"]).action_discard()
        self.assertEqual(complaint.reply_ids, reply)
        reply.with_context(**begun["context"]).action_discard()
        self.assertFalse(complaint.reply_ids)
        begun = complaint.action_open_reply()
        sent = complaint.reply_ids.with_context(**begun["context"])
        sent.method = "oral"
        sent.action_send()
        sent.action_discard()
        self.assertEqual(complaint.reply_ids.mapped("state"), ["sent"])

    def test_choosing_another_language_or_template_writes_the_draft_anew(self):
        complaint = self.complain()
        reply = self.write_to(complaint, "progress")
        self.assertIn("update on the progress", reply.body)
        reply.template_id = self.env.ref(
            "quality_complaint.mail_template_first_response"
        )
        self.assertIn("is in our hands", reply.body)
        reply.body = "<p>My own words</p>"
        reply.method = "oral"
        self.assertEqual(reply.body, "<p>My own words</p>")

    def test_authority_is_never_guessed_and_does_not_end_the_case(self):
        office = self.env["res.partner"].create(
            {"name": "Market Supervision", "email": "office@msa.example"}
        )
        complaint = self.complain()
        letter = self.write_to(complaint, "authority")
        self.assertFalse(letter.recipient_id)
        with self.assertRaisesRegex(UserError, "the authority it is written to"):
            letter.action_send()
        letter.write({"recipient_id": office.id, "reference": "MSA-77"})
        self.assertEqual((letter.email, letter.send_as), ("office@msa.example", "mail"))
        letter.action_send()
        self.assertEqual(
            (letter.state, complaint.state, complaint.authority_answered),
            ("sent", "registered", True),
        )
        self.assertEqual(letter.message_id.partner_ids, office)
        self.assertIn("authority_answered", complaint.sudo()._reached_codes())

    def test_what_was_sent_is_locked_and_answers_are_locked_once_given(self):
        reply = self.write_to(self.complain(), "offer")
        reply.action_send()
        for vals in (
            {"body": "x"},
            {"recipient_id": False},
            {"lang": "en_US"},
            {"attachment_ids": [Command.clear()]},
            {"due_on": False},
            {"message_id": False},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                reply.write(vals)
        reply.answer_note = "Yes"
        reply.action_accepted()
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            reply.answer_note = "No"

    def test_correspondence_is_one_thread_in_order_and_has_no_internal_notes(self):
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self.complain(received_on="2026-03-02 07:00:00")
        with freeze_time("2026-03-03 08:00:00"):
            self.write_to(
                complaint, "first_response", method="oral", body="<p>Called Mr Wang</p>"
            ).action_send()
        with freeze_time("2026-03-04 08:00:00"):
            complaint.message_post(
                body=Markup("Nobody may know"), subtype_xmlid="mail.mt_note"
            )
            complaint.sudo().message_post(
                body=Markup("Here is a photo"),
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.customer.id,
            )
        with freeze_time("2026-03-05 08:00:00"):
            offer = self.write_to(complaint, "offer", body="<p>We offer 10 %</p>")
            offer.action_send()
        with freeze_time("2026-03-06 08:00:00"):
            offer.write({"answer_note": "Agreed", "answered_by": "Mr Wang"})
            offer.action_accepted()
        entries = complaint._correspondence()
        self.assertEqual(
            [(str(entry["date"])[:10], entry["incoming"]) for entry in entries],
            [
                ("2026-03-02", True),
                ("2026-03-02", False),
                ("2026-03-03", False),
                ("2026-03-04", True),
                ("2026-03-05", False),
                ("2026-03-06", True),
            ],
        )
        text = complaint.correspondence
        for words in (
            "Scratched surface",
            "Called Mr Wang",
            "Here is a photo",
            "We offer 10 %",
            "Accepted",
        ):
            self.assertEqual(text.count(words), 1, words)
        self.assertNotIn("Nobody may know", text)


@tagged("post_install", "-at_install")
class TestAnswers(Mailing, ReplyCase):
    """What the customer answers, or does not, and what follows."""

    def test_silence_counts_as_no_answer_after_the_policys_days(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.complain()
            offer = self.write_to(complaint, "offer")
            offer.action_send()
        self.assertEqual(
            offer.due_on, fields.Datetime.to_datetime("2026-03-09 09:00:00")
        )
        with freeze_time("2026-03-09 08:59:00"):
            self.run_cron()
            self.assertFalse(offer.answer)
        with freeze_time("2026-03-09 09:00:00"):
            self.run_cron()
            self.run_cron()
        self.assertEqual((offer.answer, offer.state), ("none", "answered"))
        told = complaint.sudo().activity_ids.filtered(
            lambda activity: (activity.summary or "").startswith("No answer")
        )
        self.assertEqual(told.user_id, self.officer)
        # he answers after all
        offer.action_accepted()
        self.assertEqual(offer.answer, "accepted")

    def test_policy_without_days_does_not_wait(self):
        self.policy.answer_days = 0
        offer = self.write_to(self.complain(), "offer")
        offer.action_send()
        self.assertFalse(offer.due_on)
        self.assertFalse(offer._answer_notes())

    def test_mail_says_until_when_and_how_to_answer(self):
        with freeze_time("2026-03-02 09:00:00"):
            offer = self.write_to(self.complain(), "offer", subject="Our offer")
            offer.action_send()
            self.write_to(
                offer.complaint_id, "progress", subject="How far we are"
            ).action_send()
        texts = {mail["subject"]: html2plaintext(mail["body"]) for mail in self._mails}
        said = "Your answer is wanted by Mar 9, 2026: online, or in a reply"
        self.assertIn(said, texts["Our offer"])
        self.assertNotIn("Your answer is wanted", texts["How far we are"])

    def test_final_reply_is_not_waited_for_in_the_next_round(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.investigated(self.complain())
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            reply = self.tell(complaint)
            complaint.action_reopen("New facts")
        with freeze_time("2026-03-20 09:00:00"):
            self.run_cron()
        self.assertFalse(reply.answer)

    def test_objection_reopens_and_counts_as_a_failure(self):
        complaint = self.investigated(self.complain())
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = self.tell(complaint)
        with self.assertRaisesRegex(
            UserError, "Write down what the customer objects to"
        ):
            reply.action_objected()
        reply.answer_note = "The roller was replaced, the scratches are still there"
        reply.action_objected()
        self.assertEqual(
            (reply.answer, complaint.state, complaint.round, complaint.failures),
            ("objected", "investigating", 2, 1),
        )
        self.assertIn("scratches are still there", complaint.reopen_reason)

    def test_answer_is_given_once_and_to_the_round_that_runs(self):
        complaint = self.investigated(self.complain())
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        first = self.tell(complaint)
        complaint.action_reopen("New facts")
        complaint.investigation_ids.filtered(lambda i: not i.done_on).write(
            {"result": "confirmed", "finding": "Again"}
        )
        complaint.investigation_ids.filtered(lambda i: not i.done_on).action_done()
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        first.answer_note = "Late answer to the first letter"
        first.action_objected()
        self.assertEqual(
            (first.answer, complaint.state, complaint.round), ("objected", "replied", 2)
        )
        with self.assertRaisesRegex(UserError, "recorded already"):
            first.action_accepted()
        self.assertEqual(first.answer, "objected")

    def test_offer_objected_to_is_planned_again(self):
        complaint = self.investigated(self.complain())
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        self.assertEqual((complaint.state, remedy.state), ("executing", "approved"))
        offer = self.write_to(complaint, "offer", body="<p>Refund of 4</p>")
        offer.action_send()
        offer.answer_note = "We want all ten back"
        offer.action_objected()
        self.assertEqual(
            (complaint.state, remedy.state, complaint.round), ("planning", "draft", 1)
        )
        remedy.line_ids.quantity = 10
        complaint.action_submit_plan()
        self.assertEqual((complaint.state, remedy.state), ("executing", "approved"))

    def test_offer_objected_to_while_documents_run_keeps_what_has_begun(self):
        complaint = self.investigated(self.complain())
        begun = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        complaint.action_execute()
        offer = self.write_to(complaint, "offer")
        offer.action_send()
        offer.answer_note = "Too little"
        offer.action_objected()
        self.assertEqual((complaint.state, begun.state), ("executing", "executing"))

    def test_consent_to_more_time_is_an_answer_and_moves_the_date(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.complain()
        deadline = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id.name == "Whole case" and row.state == "running"
        )
        first = deadline.due_on
        extension = (
            self.env["quality.complaint.extension"]
            .with_user(self.officer)
            .create(
                {
                    "deadline_id": deadline.id,
                    "due_on": first + timedelta(days=5),
                    "reason": "Laboratory is late",
                }
            )
        )
        with freeze_time("2026-03-03 09:00:00"):
            reply = (
                self.env["quality.complaint.reply"]
                .with_user(self.officer)
                .browse(extension.action_ask_customer()["res_id"])
            )
            self.assertEqual(reply.kind, "extension")
            self.assertIn("Laboratory is late", reply.body)
            reply.action_send()
        self.assertEqual(deadline.due_on, first)
        with freeze_time("2026-03-04 09:00:00"):
            with (
                self.assertRaisesRegex(
                    UserError, "who of the customer's people agreed"
                ),
                self.env.cr.savepoint(),
            ):
                reply.action_accepted()
            reply.write({"answered_by": "Mr Wang", "answer_note": "By phone"})
            reply.action_accepted()
        self.assertEqual(
            (extension.state, extension.consent_by, deadline.due_on),
            ("granted", "Mr Wang", first + timedelta(days=5)),
        )

    def test_refused_extension_keeps_the_date_and_the_round(self):
        complaint = self.complain()
        deadline = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id.name == "Whole case" and row.state == "running"
        )
        extension = (
            self.env["quality.complaint.extension"]
            .with_user(self.officer)
            .create(
                {
                    "deadline_id": deadline.id,
                    "due_on": deadline.due_on + timedelta(days=5),
                    "reason": "Laboratory is late",
                }
            )
        )
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(extension.action_ask_customer()["res_id"])
        )
        reply.action_send()
        reply.answer_note = "No"
        reply.action_objected()
        self.assertEqual((extension.state, complaint.round), ("refused", 1))

    def test_signed_offer_is_the_settlement_agreement(self):
        complaint = self.investigated(self.complain())
        remedy = self.plan(
            complaint, "cash_compensation", amount=30.0, needs_agreement=True
        )
        complaint.action_submit_plan()
        paper = (
            self.env["ir.attachment"]
            .with_user(self.officer)
            .create({"name": "signed.txt", "raw": b"signed", "mimetype": "text/plain"})
        )
        offer = self.write_to(complaint, "offer")
        offer.action_send()
        offer.write(
            {"answered_by": "Mr Wang", "evidence_ids": [Command.link(paper.id)]}
        )
        offer.action_accepted()
        self.assertEqual(
            (
                remedy.agreement_signed_by,
                remedy.agreement_signed_on,
                remedy.agreement_attachment_ids,
            ),
            ("Mr Wang", fields.Date.today(), paper),
        )
