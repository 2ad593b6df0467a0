import re
from datetime import timedelta
from time import time
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools.misc import hash_sign

from ...controllers.intake import SCOPE
from .portal_case import PNG, PortalCase

SIGNS = "[2-9A-HJ-NP-Z]{4}"


class IntakeCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_form = True
        cls.env["res.company"].search([]).filtered(
            lambda row: row != cls.company
        ).complaint_form = False
        cls.picking = cls.order.picking_ids

    def key(self, age=60):
        """Of a form that was opened so many seconds ago."""
        return hash_sign(self.env, SCOPE, [uuid4().hex, int(time()) - age])

    def send(self, path="/complaint/new", key=None, files=None, **values):
        """Send the public form without a login.

        :return: the response
        """
        self.authenticate(None, None)
        form = self.url_open(path)
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]
        typed = {
            "csrf_token": csrf,
            "key": key or self.key(),
            "complainant": "Wang Wei",
            "email": "wang@home.example",
            "description": "The kettle leaks",
            **values,
        }
        return self.url_open(path, data=typed, files=files, allow_redirects=False)

    def filed(self):
        """What came by the public form."""
        return self.env["quality.complaint"].search(
            [("channel_id.code", "=", "public")]
        )

    def mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])


@tagged("post_install", "-at_install")
class TestPublicForm(IntakeCase):
    """What comes from anybody is kept, told a reference, and waits."""

    def test_without_the_setting_there_is_no_page(self):
        token = self.env["quality.complaint.intake.token"]._of(self.picking)
        self.company.complaint_form = False
        for path in (
            "/complaint",
            "/complaint/new",
            "/complaint/follow",
            f"/complaint/qr/{token.token}",
        ):
            self.assertEqual(self.page(path).status_code, 404, path)

    def test_page_names_channels_and_promises(self):
        phone = self.env.ref("quality_complaint.channel_phone")
        phone.with_company(self.company).contact = "+86 21 5555 0100"
        text = self.page("/complaint").text
        self.assertIn("+86 21 5555 0100", text)
        self.assertNotIn("Lawyer or court", text)
        said = " ".join(re.sub(r"<[^>]+>", " ", text).split())
        self.assertIn(
            "You hear from us within 1 h, 4 h when started on a non-working day You "
            "have our answer within 15 working days (General) within 30 working days "
            "(Major)",
            said,
        )

    def test_it_waits_with_a_reference_and_burns_no_number(self):
        response = self.send(
            product="Kettle", lot="K-77", files={"files": ("kettle.png", PNG)}
        )
        complaint = self.filed()
        self.assertEqual(
            (
                complaint.state,
                complaint.name,
                complaint.complainant,
                complaint.email,
                complaint.company_id,
                complaint.line_ids.note,
                complaint.line_ids.lot_name,
                complaint.attachment_ids.mapped("name"),
            ),
            (
                "new",
                False,
                "Wang Wei",
                "wang@home.example",
                self.company,
                "Kettle",
                "K-77",
                ["kettle.png"],
            ),
        )
        self.assertRegex(complaint.intake_ref, f"^{SIGNS}-{SIGNS}-{SIGNS}$")
        page = self.page(response.headers["Location"]).text
        self.assertIn(complaint.intake_ref, page)
        self.assertIn("The kettle leaks", page)
        mail = self.mails_to("wang@home.example")
        self.assertIn(complaint.intake_ref, mail.body_html)
        self.assertIn("auto-replied", mail.headers)
        # clocks run from the arrival
        received = complaint.deadline_ids.filtered(
            lambda row: row.milestone_code == "received"
        )
        self.assertEqual(received.done_on, complaint.received_on)
        complaint.action_register()
        page = self.page(response.headers["Location"]).text
        self.assertIn(complaint.name, page)
        self.assertNotIn("Reference:", page)

    def test_an_officer_finds_it_and_takes_it_over(self):
        self.send()
        found = (
            self.env["quality.complaint"]
            .with_user(self.officer)
            .search([("state", "=", "new"), ("intake_ref", "!=", False)])
        )
        self.assertEqual(found, self.filed())
        # nothing of it is anybody's whom they may not read
        found.web_read({"reported_by_id": {"fields": {"display_name": {}}}})
        self.assertFalse(found.reported_by_id)
        found.action_register()
        self.assertEqual(found.state, "registered")
        with self.assertRaisesRegex(UserError, "buttons only"):
            found.intake_ref = "AAAA-BBBB-CCCC"

    def test_it_is_written_to_in_the_language_of_the_page(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.authenticate(None, None)
        self.opener.cookies["frontend_lang"] = "zh_CN"
        form = self.url_open("/complaint/new")
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]
        self.url_open(
            "/complaint/new",
            data={
                "csrf_token": csrf,
                "key": self.key(),
                "complainant": "王伟",
                "email": "wang@home.example",
                "description": "水壶漏水",
            },
        )
        complaint = self.filed()
        self.assertEqual(complaint.customer_lang, "zh_CN")
        self.assertIn("我们已收到", self.mails_to("wang@home.example").subject)

    def test_programs_leave_nothing(self):
        response = self.send(website="https://spam.example")
        self.assertEqual(response.status_code, 200)
        for age in (1, 25 * 3600):
            text = self.send(key=self.key(age)).text
            self.assertIn("send it once more", text)
            self.assertIn("The kettle leaks", text)
        text = self.send(key="forged").text
        self.assertIn("send it once more", text)
        self.assertFalse(self.filed())
        self.assertFalse(self.mails_to("wang@home.example"))

    def test_double_click_files_it_once(self):
        key = self.key()
        first, second = self.send(key=key), self.send(key=key)
        self.assertEqual(len(self.filed()), 1)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.mails_to("wang@home.example")), 1)

    def test_what_is_missing_is_said_and_nothing_is_lost(self):
        for values, said in (
            ({"complainant": " "}, "your name"),
            ({"email": "", "phone": ""}, "e-mail address or a phone"),
            ({"email": "wang"}, "is not an e-mail address"),
            ({"description": " ", "product": "Kettle"}, "say what happened"),
        ):
            with self.subTest(said=said):
                text = self.send(**values).text
                self.assertIn(said, text)
        self.assertIn('value="Kettle"', text)
        text = self.send(files={"files": ("evil.html", b"<script>alert(1)</script>")})
        self.assertIn("kind that is not accepted", text.text)
        self.assertFalse(self.filed())

    def test_one_address_of_the_network_may_not_file_without_end(self):
        for _n in range(20):
            self.send()
        self.assertEqual(len(self.filed()), 20)
        text = self.send().text
        self.assertIn("try again in an hour", text)
        self.assertEqual(len(self.filed()), 20)
        hits = self.env["quality.complaint.intake.hit"].search([])
        self.assertEqual(len(set(hits.mapped("key"))), 1)
        self.assertNotIn("127.0.0.1", hits[0].key)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            hits._gc_hits()
        self.assertFalse(hits.exists())

    def test_posted_values_are_whitelisted(self):
        self.send(
            state="closed",
            name="QC/2026/77777",
            user_id=str(self.officer.id),
            partner_id=str(self.customer.id),
            internal_note="x",
            type_id=str(self.env.ref("quality_complaint.type_internal").id),
            company=str(self.env.ref("base.main_company").id + 999),
        )
        complaint = self.filed()
        self.assertEqual(
            (
                complaint.state,
                complaint.name,
                complaint.user_id.id,
                complaint.partner_id.id,
                complaint.internal_note,
                complaint.type_id.code,
                complaint.company_id,
            ),
            ("new", False, False, False, False, "complaint", self.company),
        )

    def test_followed_by_reference_or_by_a_mail(self):
        self.send()
        complaint = self.filed()
        typed = complaint.intake_ref.lower().replace("-", " ")
        response = self.page(f"/complaint/follow?ref={typed}")
        self.assertIn(f"/my/complaints/{complaint.id}", response.headers["Location"])
        complaint.action_register()
        before = self.mails_to("wang@home.example")

        def ask(number, email):
            self.authenticate(None, None)
            form = self.url_open("/complaint/follow")
            csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]
            return self.url_open(
                "/complaint/follow",
                data={"csrf_token": csrf, "ref": number, "email": email},
                allow_redirects=False,
            )

        right = ask(complaint.name, "Wang@home.example")
        sent = self.mails_to("wang@home.example") - before
        self.assertIn(complaint.access_token, sent.body_html)
        wrong = ask(complaint.name, "thief@nowhere.example")
        none = ask("QC/2026/99999", "thief@nowhere.example")
        for response in (right, wrong, none):
            self.assertIn("If number and address fit", response.text)
        self.assertFalse(self.mails_to("thief@nowhere.example"))
        self.assertIn("no such reference", ask("AAAA-AAAA-AAAA", "").text)


@tagged("post_install", "-at_install")
class TestQrCode(IntakeCase):
    """A code on a paper opens the form with the goods of that paper, and shows nothing
    else.
    """

    def token(self, paper=None):
        return self.env["quality.complaint.intake.token"]._of(paper or self.picking)

    def test_goods_of_the_delivery_are_chosen_up_to_what_was_delivered(self):
        token = self.token()
        path = f"/complaint/qr/{token.token}"
        text = self.page(path).text
        self.assertIn("P-1", text)
        self.assertIn(self.picking.name, text)
        self.assertNotIn(self.order.name, text)
        self.assertNotIn(self.customer.name, text)
        line = f"quantity_{self.move_line.id}"
        # four of ten are complained of already
        self.assertIn("at most 6", self.send(path, **{line: "7"}).text)
        self.send(path, **{line: "2"})
        complaint = self.filed()
        self.assertEqual(
            (
                complaint.state,
                complaint.partner_id,
                complaint.intake_token_id,
                complaint.line_ids.move_line_id,
                complaint.line_ids.lot_id,
                complaint.line_ids.quantity,
                complaint.email,
            ),
            (
                "new",
                self.picking.partner_id,
                token,
                self.move_line,
                self.lot,
                2.0,
                "wang@home.example",
            ),
        )
        # the customer sees it once it is taken over
        own = self.people["own"]
        page = f"/my/complaints/{complaint.id}"
        self.assertEqual(self.page(page, own).status_code, 404)
        complaint.action_register()
        self.env.flush_all()
        self.assertEqual(self.page(page, own).status_code, 200)

    def test_goods_of_another_delivery_are_refused(self):
        other = self.sell(
            {self.make_lot("Q-9", quantity=5): 3}, partner=self.distributor
        )
        line = other.picking_ids.move_line_ids
        self.assertIn(
            "not delivered to you",
            self.send(
                f"/complaint/qr/{self.token().token}", **{f"quantity_{line.id}": "1"}
            ).text,
        )
        self.assertFalse(self.filed())

    def test_code_leads_nowhere_when_it_is_over(self):
        token = self.token()
        path = f"/complaint/qr/{token.token}"
        days = self.company._complaint_policy().qr_days
        self.assertEqual(days, 365)
        done = self.picking.date_done
        self.assertEqual(token.valid_until, (done + timedelta(days=365)).date())
        opened = self.env["quality.complaint.intake.token"]._open
        with freeze_time(done + timedelta(days=days)):
            self.assertTrue(opened(token.token))
        with freeze_time(done + timedelta(days=days + 2)):
            self.assertFalse(opened(token.token))
        self.assertFalse(opened("x" * 32))
        self.assertFalse(opened(None))
        token.active = False
        self.env.flush_all()
        self.assertEqual(self.page(path).status_code, 404)
        self.assertEqual(token._url(), "")

    def test_code_of_an_invoice_names_what_it_bills(self):
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice._complaint_qr_url())
        self.company.complaint_invoice_qr = True
        url = invoice._complaint_qr_url()
        self.assertEqual(invoice._complaint_qr_url(), url, "One code per paper")
        self.assertIn("P-1", self.page(url.removeprefix(invoice.get_base_url())).text)

    def test_papers_are_as_before_unless_it_is_switched_on(self):
        render = self.env["ir.actions.report"]._render_qweb_html
        slip, bill = "stock.action_report_delivery", "account.account_invoices"

        def printed():
            return str(render(slip, self.picking.ids)[0]) + str(
                render(bill, self.order.invoice_ids.ids)[0]
            )

        self.assertNotIn("Something wrong", printed())
        self.assertFalse(self.env["quality.complaint.intake.token"].search([]))
        self.picking.picking_type_id.complaint_qr = True
        self.company.complaint_invoice_qr = True
        self.assertEqual(printed().count("Scan the code"), 2)
        phone = self.env.ref("quality_complaint.channel_phone")
        phone.with_company(self.company).contact = "400 820 0000"
        self.assertNotIn("400 820 0000", printed())
        self.company.complaint_publish = True
        self.assertEqual(printed().count("400 820 0000"), 2)
        label, _kind = render(
            "quality_complaint.action_report_intake_label", self.picking.ids
        )
        self.assertIn("Scan the code", str(label))

    def test_who_may_see_codes(self):
        token = self.token()
        self.assertEqual(
            token.with_user(self.officer).read(["picking_id"])[0]["picking_id"][0],
            self.picking.id,
        )
        with self.assertRaises(AccessError):
            token.with_user(self.officer).read(["token"])
        with self.assertRaises(AccessError):
            token.with_user(self.officer).active = False
        token.with_user(self.manager).active = False
        for user in (self.employee, self.people["own"]):
            with self.assertRaises(AccessError):
                token.with_user(user).read(["picking_id"])
