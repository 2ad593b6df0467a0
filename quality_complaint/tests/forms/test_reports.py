import re
import unicodedata
from io import BytesIO

from lxml import html
from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..common import ComplaintWorld
from ..golden import assert_golden


@tagged("post_install", "-at_install")
class TestForms(ComplaintWorld, HttpCase):
    """The official forms carry the facts, in English, Chinese or both, with document
    control and page numbers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.lot = cls.make_lot("F-1", quantity=50)
        cls.sell({cls.lot: 10})
        cls.complaint, cls.remedy = cls.executed(cls.lot, quantity=4)
        cls.report = "quality_complaint.action_report_registration_form"

    def pages(self, report, records):
        pdf, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, records.ids)
        )
        return [
            unicodedata.normalize("NFKC", page.extract_text())
            for page in PdfReader(BytesIO(pdf)).pages
        ]

    def html(self, report, records):
        return (
            self.env["ir.actions.report"]
            ._render_qweb_html(report, records.ids)[0]
            .decode()
        )

    def change_form(self, vals):
        """Move the complaint to a new version of its policy with other document
        control.
        """
        policy = self.complaint.policy_id.copy({"active": True})
        policy.form_ids.filtered(lambda form: form.code == "registration").write(vals)
        policy.action_move_running()

    def test_goods_that_came_back_for_inspection_are_counted_once(self):
        """Of 4 inspected pieces 3 are replaced: 4 came back, not 7."""
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", 4)
        back.action_submit()
        back.action_execute()
        self.receive(back)
        self.investigated(complaint)
        remedy = self.plan(complaint, "replacement", 3)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(remedy.line_ids.received_before, 3.0)
        self.change_form({"language": "en_US"})
        page = self.html(self.report, complaint)
        text = " ".join(html.fromstring(page).text_content().split())
        self.assertIn("Came back 4 Units", text)
        self.assertNotIn("7 Units", text)

    def test_registration_form_in_both_languages(self):
        self.change_form({"document_number": "QR-77", "revision": "B/2"})
        pages = self.pages(self.report, self.complaint)
        assert_golden(self, "01_registration", pages)
        text = "\n".join(pages)
        for expected in (
            self.complaint.name,
            "QR-77",
            "B/2",
            "Complaint Registration and Handling Form",
            "投诉登记",
            "Northwind Motors",
            "F-1",
            "Scratches on the inner coil",
            "4 Units",
            self.remedy.picking_ids.name,
        ):
            self.assertIn(expected, text)

    def test_language_of_the_form_follows_the_policy(self):
        self.change_form({"language": "zh_CN"})
        html = self.html(self.report, self.complaint)
        self.assertIn("投诉编号", html)
        self.assertNotIn("Complaint No.", html)
        self.change_form({"language": "en_US"})
        html = self.html(self.report, self.complaint)
        self.assertIn("Complaint No.", html)
        self.assertNotIn("投诉编号", html)

    def test_twenty_lines_and_a_long_text_flow_over_several_pages(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            description="A long story of what happened. " * 120,
            line_ids=[
                Command.create(
                    {
                        "product_id": self.strip.id,
                        "lot_name": f"LOT-{number:02d}",
                        "quantity": number + 1,
                    }
                )
                for number in range(20)
            ],
        )
        pages = self.pages(self.report, complaint)
        self.assertGreater(len(pages), 1)
        text = "\n".join(pages)
        for number in range(20):
            self.assertIn(f"LOT-{number:02d}", text)
        for page, content in enumerate(pages, 1):
            self.assertIn(f"{page}/{len(pages)}", re.sub(r"\s+", "", content))
            self.assertIn("Copper Works", content)

    def test_reply_letter_speaks_the_customers_language(self):
        reply = self.env["quality.complaint.reply"].create(
            {"complaint_id": self.complaint.id, "kind": "final", "send_as": "letter"}
        )
        html = self.html("quality_complaint.action_report_reply_letter", reply)
        self.assertIn("Our reference", html)
        self.customer.lang = "zh_CN"
        reply = self.env["quality.complaint.reply"].create(
            {"complaint_id": self.complaint.id, "kind": "final", "send_as": "letter"}
        )
        html = self.html("quality_complaint.action_report_reply_letter", reply)
        self.assertNotIn("Our reference", html)
        self.assertIn("投诉", reply.subject)

    def test_internal_note_is_not_printed(self):
        self.complaint.internal_note = "<p>SECRET</p>"
        self.assertNotIn("SECRET", self.html(self.report, self.complaint))
