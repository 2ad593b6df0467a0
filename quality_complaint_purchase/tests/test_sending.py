import io
from datetime import timedelta

from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestSending(SupplierCase):
    """A supplier complaint is sent once, is due by the policy, and its answer decides
    the share; nobody writes these by hand.
    """

    def test_mail_goes_to_the_supplier_with_the_form_and_the_evidence(self):
        chargeback, _order = self.charged(send=False)
        photo = self.env["ir.attachment"].create(
            {
                "name": "scratch.png",
                "raw": bytes.fromhex(
                    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                ),
            }
        )
        chargeback.attachment_ids = photo
        chargeback.action_send()
        self.assertEqual(chargeback.state, "sent")
        self.assertRegex(chargeback.name, r"^SC/\d{4}/\d{5}$")
        message = chargeback.message_ids.filtered(
            lambda message: self.vendor in message.partner_ids
        )
        self.assertEqual(len(message), 1)
        self.assertIn(chargeback.name, message.subject)
        self.assertNotIn("Northwind", message.body)
        self.assertIn("24.00", message.body)
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertIn("scratch.png", message.attachment_ids.mapped("name"))

    def test_mail_is_in_the_language_of_the_supplier(self):
        self.vendor.lang = "zh_CN"
        chargeback, _order = self.charged(send=False)
        template = self.env.ref(
            "quality_complaint_purchase.mail_template_supplier_complaint"
        )
        template.with_context(
            lang="zh_CN"
        ).subject = "关于贵司交货的投诉 {{ object.name or '' }}"
        chargeback.action_send()
        message = chargeback.message_ids.filtered(
            lambda message: self.vendor in message.partner_ids
        )
        self.assertIn("贵司", message.subject)

    def test_printed_form_has_both_languages_and_no_customer(self):
        chargeback, order = self.charged(basis="Supply contract 7.2")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "quality_complaint_purchase.supplier_complaint", chargeback.ids
            )[0]
            .decode()
        )
        for text in (
            "Supplier Complaint",
            "供应商投诉单",
            chargeback.name,
            "L-1",
            order.name,
            "Supply contract 7.2",
            "24.00",
            "Rolling Mill",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Northwind", html)

    def test_printed_form_is_a_pdf(self):
        chargeback, _order = self.charged()
        report = "quality_complaint_purchase.supplier_complaint"
        with self.allow_pdf_render():
            pdf, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(report, chargeback.ids)
            )
        reader = PdfReader(io.BytesIO(pdf))
        self.assertEqual(len(reader.pages), 1)
        self.assertIn(chargeback.name, reader.pages[0].extract_text())

    def test_without_address_it_is_handed_over_otherwise(self):
        self.vendor.email = False
        chargeback, _order = self.charged(send=False)
        with self.assertRaisesRegex(UserError, "Rolling Mill has no e-mail"):
            chargeback.action_send()
        chargeback.action_mark_sent()
        self.assertEqual(chargeback.state, "sent")

    def test_answer_is_due_after_the_days_of_the_policy(self):
        self.policy.supplier_answer_days = 5
        with freeze_time("2026-03-02 08:00:00"):
            chargeback, _order = self.charged()
        self.assertEqual(
            fields.Datetime.to_string(chargeback.due_on), "2026-03-07 08:00:00"
        )

    def test_own_due_date_is_kept_and_cannot_be_past(self):
        chargeback, _order = self.charged(send=False)
        chargeback.due_on = fields.Datetime.now() - timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "due"):
            chargeback.action_mark_sent()
        due_on = fields.Datetime.now() + timedelta(days=9)
        chargeback.due_on = due_on
        chargeback.action_mark_sent()
        self.assertEqual(chargeback.due_on, due_on)

    def test_handler_is_reminded_when_the_answer_is_due(self):
        with freeze_time("2026-03-02 08:00:00"):
            chargeback, _order = self.charged(complaint_user=self.officer)
            chargeback.complaint_id.user_id = self.officer

        def reminded():
            return chargeback.complaint_id.activity_ids.filtered(
                lambda activity: chargeback.name in (activity.summary or "")
            )

        with freeze_time("2026-03-04 09:00:00"):
            chargeback._notify_due()
            self.assertEqual(reminded().user_id, self.officer)
            self.assertTrue(chargeback.is_overdue)
            self.assertIn(chargeback, chargeback.search([("is_overdue", "=", True)]))
            chargeback.action_record_answer("refused")
            self.assertFalse(reminded())
            self.assertFalse(chargeback.is_overdue)

    def test_what_was_sent_cannot_be_changed(self):
        chargeback, _order = self.charged()
        for vals in (
            {"amount": 1.0},
            {"partner_id": self.other_vendor.id},
            {"quantity": 1.0},
            {"description": "x"},
        ):
            with self.assertRaises(UserError, msg=vals):
                chargeback.write(vals)

    def test_status_and_stamps_are_written_by_the_buttons_only(self):
        chargeback, _order = self.charged()
        for vals in (
            {"state": "settled"},
            {"agreed_share": 100.0},
            {"answered_on": "2026-01-01"},
            {"charged_company": 1.0},
            {"name": "x"},
        ):
            with self.assertRaises(UserError, msg=vals):
                chargeback.write(vals)
        made = chargeback.create(
            {
                "complaint_id": chargeback.complaint_id.id,
                "partner_id": self.vendor.id,
                "state": "settled",
                "name": "SC/1",
            }
        )
        self.assertEqual((made.state, made.name), ("draft", False))

    def test_answers_set_the_agreed_share_and_amount(self):
        chargeback, _order = self.charged(share=50.0)
        self.assertEqual(chargeback.amount, 12.0)
        with self.assertRaisesRegex(UserError, "in part"):
            chargeback.action_record_answer("partly", 50.0)
        chargeback.action_record_answer("partly", 25.0, note="Half of it")
        self.assertEqual(
            (chargeback.agreed_share, chargeback.agreed_amount, chargeback.answer_note),
            (25.0, 6.0, "Half of it"),
        )
        chargeback.action_record_answer("refused")
        self.assertEqual(
            (chargeback.agreed_share, chargeback.agreed_amount), (0.0, 0.0)
        )
        chargeback.action_record_answer("accepted")
        self.assertEqual(
            (chargeback.agreed_share, chargeback.agreed_amount), (50.0, 12.0)
        )

    def test_answer_dialog_records_what_was_said(self):
        chargeback, _order = self.charged()
        action = chargeback.action_record_answer()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"answer": "partly", "agreed_share": 40.0})
        )
        wizard.action_confirm()
        self.assertEqual(
            (chargeback.state, chargeback.answer, chargeback.agreed_amount),
            ("answered", "partly", 9.6),
        )

    def test_answer_cannot_come_before_the_question_or_from_the_future(self):
        chargeback, _order = self.charged()
        for moment in (
            chargeback.sent_on - timedelta(days=1),
            fields.Datetime.now() + timedelta(days=1),
        ):
            with self.assertRaises(UserError):
                chargeback.action_record_answer("accepted", answered_on=moment)

    def test_settling_needs_the_posted_credit_note(self):
        chargeback, _order = self.charged()
        with self.assertRaisesRegex(UserError, "Answered"):
            chargeback.action_settle()
        chargeback.action_record_answer("accepted")
        with self.assertRaisesRegex(UserError, "the vendor credit note for"):
            chargeback.action_settle()
        chargeback.action_create_vendor_credit_note()
        with self.assertRaisesRegex(UserError, "not finished"):
            chargeback.action_settle()
        chargeback.vendor_credit_note_ids.invoice_date = "2026-02-01"
        chargeback.vendor_credit_note_ids.action_post()
        chargeback.action_settle()
        self.assertEqual(chargeback.state, "settled")
        chargeback.vendor_credit_note_ids.button_draft()
        self.assertEqual(chargeback.state, "answered")

    def test_refused_is_settled_without_documents(self):
        chargeback, _order = self.charged()
        chargeback.action_record_answer("refused")
        chargeback.action_settle()
        self.assertEqual(chargeback.state, "settled")

    def test_closing_names_open_supplier_complaints(self):
        chargeback, _order = self.charged()
        self.assertIn(
            chargeback,
            [record for _text, record in chargeback.complaint_id._get_open_ends()],
        )
        chargeback.action_cancel()
        self.assertNotIn(
            chargeback,
            [record for _text, record in chargeback.complaint_id._get_open_ends()],
        )

    def test_complaint_with_a_running_supplier_complaint_is_not_cancelled(self):
        chargeback, _order = self.charged()
        complaint = chargeback.complaint_id
        with self.assertRaisesRegex(UserError, chargeback.name):
            complaint.action_cancel("mistake", "wrong")
        chargeback.action_cancel()
        draft = chargeback.create(
            {"complaint_id": complaint.id, "partner_id": self.vendor.id}
        )
        complaint.action_cancel("mistake", "wrong")
        self.assertEqual((complaint.state, draft.state), ("cancelled", "cancelled"))

    def test_only_drafts_are_deleted(self):
        chargeback, _order = self.charged()
        with self.assertRaisesRegex(UserError, "Cancel it"):
            chargeback.unlink()
        chargeback.create(
            {"complaint_id": chargeback.complaint_id.id, "partner_id": self.vendor.id}
        ).unlink()

    def test_documents_must_belong_to_the_supplier_and_product(self):
        chargeback, order = self.charged(send=False)
        with self.assertRaisesRegex(ValidationError, "placed with"):
            chargeback.partner_id = self.other_vendor
        with self.assertRaises(ValidationError):
            chargeback.create(
                {
                    "complaint_id": chargeback.complaint_id.id,
                    "partner_id": self.vendor.id,
                    "product_id": self.strip.id,
                    "quantity": 0.0,
                }
            )
        wire = self.make_product("Wire")
        with self.assertRaisesRegex(ValidationError, "no finished receipt"):
            chargeback.create(
                {
                    "complaint_id": chargeback.complaint_id.id,
                    "partner_id": self.vendor.id,
                    "product_id": wire.id,
                    "quantity": 1.0,
                    "move_id": order.picking_ids.move_ids.id,
                }
            )

    def test_numbers_are_consecutive_per_company_and_drafts_take_none(self):
        first, _order = self.charged("L-1")
        draft, _order = self.charged("L-2", send=False)
        draft.unlink()
        second, _order = self.charged("L-3")
        self.assertEqual(
            int(second.name.split("/")[2]), int(first.name.split("/")[2]) + 1
        )

    def test_service_complaint_needs_no_goods(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        chargeback = self.env["quality.complaint.chargeback"].create(
            {
                "complaint_id": complaint.id,
                "partner_id": self.vendor.id,
                "reason_kind": "service",
                "amount": 30.0,
            }
        )
        chargeback.action_mark_sent()
        chargeback.action_record_answer("accepted")
        chargeback.action_create_vendor_credit_note()
        self.assertEqual(chargeback.vendor_credit_note_ids.amount_untaxed, 30.0)
        self.assertEqual(chargeback.vendor_credit_note_ids.partner_id, self.vendor)

    def test_evidence_is_checked_like_other_files(self):
        chargeback, _order = self.charged()
        script = self.env["ir.attachment"].create(
            {"name": "x.html", "raw": b"<html><script>alert(1)</script></html>"}
        )
        with self.assertRaises(ValidationError):
            chargeback.attachment_ids = [Command.link(script.id)]
