import base64
import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from unittest.mock import patch

from PIL import Image, ImageDraw

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from ...models.portal.consent import SETTLEMENT
from ...models.portal.person import Person
from .portal_case import PortalCase

PIA = Person("Pia Portal", "qc_pia", "192.0.2.7")


def drawn():
    """A signature as the browser sends it."""
    with BytesIO() as stream:
        picture = Image.new("RGBA", (200, 80))
        ImageDraw.Draw(picture).line((10, 60, 190, 20), fill="black", width=4)
        picture.save(stream, "PNG")
        return base64.b64encode(stream.getvalue()).decode()


def pdf(_reports, _report, docids, **_options):
    """A PDF that says which records it is of, without the engine."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Subject": str(docids)})
    with BytesIO() as stream:
        writer.write(stream)
        return stream.getvalue(), "pdf"


@tagged("post_install", "-at_install")
class TestCode(PortalCase):
    """Without a login, a code sent to the address of the letters proves who acts."""

    def setUp(self):
        super().setUp()
        self.complaint.email = "buyer@customer.example"
        self.env.flush_all()
        self.authenticate(None, None)
        self.path = f"/my/complaints/{self.complaint.id}"
        self.token = self.complaint.access_token

    def do(self, path, **values):
        page = self.url_open(f"{self.path}?access_token={self.token}")
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
        return self.url_open(
            f"{self.path}/{path}",
            data={"csrf_token": csrf, "access_token": self.token, **values},
            allow_redirects=False,
        )

    def code(self):
        mail = self.env["mail.mail"].search(
            [("email_to", "=", "buyer@customer.example")], order="id desc", limit=1
        )
        return re.search(r"\d{6}", mail.subject)[0]

    def ask(self):
        """Ask for a code; the mails stay, so that they can be read."""
        with patch.object(
            type(self.env["mail.mail"]), "send", lambda *_args, **_o: True
        ):
            return self.do("code")

    def test_who_has_the_code_answers_in_their_name(self):
        answer = f"answer/{self.letter.id}"
        self.assertEqual(self.do(answer, answer="accepted").status_code, 404)
        page = self.ask()
        self.assertIn("b…@customer.example", page.text)
        self.assertNotIn("buyer@customer.example", page.text)
        self.assertIn("not the code", self.do("code", code="000").text)
        self.assertEqual(self.do("code", code=self.code()).status_code, 303)
        page = self.url_open(f"{self.path}?access_token={self.token}").text
        self.assertIn("I agree", page)
        response = self.do(answer, answer="objected", note="The freight is missing")
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(
            (self.letter.answer, self.letter.answer_note, self.letter.answered_by),
            ("objected", "The freight is missing", self.customer.name),
        )
        # of this complaint alone
        other = self.other_complaint
        response = self.url_open(
            f"/my/complaints/{other.id}/sign?access_token={other.access_token}",
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 404)

    def test_code_is_good_once_and_for_a_while(self):
        self.ask()
        code = self.code()
        codes = self.env["quality.complaint.portal.code"]
        self.assertEqual(
            codes._confirm(self.complaint.sudo(), code), "buyer@customer.example"
        )
        with self.assertRaisesRegex(UserError, "not valid any more"):
            codes._confirm(self.complaint.sudo(), code)
        self.ask()
        code = self.code()
        with (
            freeze_time(fields.Datetime.now() + timedelta(minutes=16)),
            self.assertRaisesRegex(UserError, "not valid any more"),
        ):
            codes._confirm(self.complaint.sudo(), code)

    def test_code_is_not_found_by_trying(self):
        self.ask()
        code = self.code()
        wrong = "111111" if code != "111111" else "222222"
        for _n in range(5):
            self.assertIn("not the code", self.do("code", code=wrong).text)
        self.assertIn("not valid any more", self.do("code", code=code).text)

    def test_codes_are_not_sent_without_end(self):
        for _n in range(5):
            self.assertIn("b…@customer.example", self.ask().text)
        self.assertIn("try again in an hour", self.ask().text)

    def test_another_address_of_the_complaint_ends_what_was_proved(self):
        self.ask()
        self.do("code", code=self.code())
        self.complaint.email = "new@customer.example"
        self.env.flush_all()
        answer = f"answer/{self.letter.id}"
        self.assertEqual(self.do(answer, answer="accepted").status_code, 404)

    def test_without_an_address_nobody_is_guessed(self):
        self.complaint.email = False
        self.env.flush_all()
        self.assertIn("no e-mail address of yours", self.do("code").text)


@tagged("post_install", "-at_install")
class TestSigning(PortalCase):
    """What a customer signs is kept as they read it, with who, when and from where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.investigated(
            cls.make_complaint(lot_ref=cls.lot.name, user_id=cls.officer.id)
        )
        cls.remedy = cls.env["quality.complaint.remedy"].create(
            {
                "complaint_id": cls.case.id,
                "kind": "cash_compensation",
                "needs_agreement": True,
                "line_ids": [
                    Command.create(
                        {
                            "complaint_line_id": cls.case.line_ids[:1].id,
                            "amount": 120.0,
                        }
                    )
                ],
            }
        )
        cls.case.action_submit_plan()

    def setUp(self):
        super().setUp()
        self.patch(IrActionsReport, "_render_qweb_pdf", pdf)

    def offer(self):
        return self.case.sudo()._portal_agreement_offer()

    def sign(self, offer, **changes):
        values = {"name": "Pia Portal", "signature": drawn(), **changes}
        return self.case.sudo()._portal_sign_agreement(
            offer.id, values["name"], values["signature"], PIA
        )

    def test_agreement_is_signed_and_the_money_may_be_paid(self):
        with self.assertRaisesRegex(UserError, "not signed"):
            self.case.action_execute()
        offer = self.offer()
        read = offer.attachment_id.raw
        self.assertEqual(offer.checksum, sha256(read).hexdigest())
        self.assertEqual(self.offer(), offer, "The same paper, as long as it is")
        self.sign(offer)
        self.assertEqual(
            (
                offer.name,
                offer.address,
                offer.ip,
                bool(offer.signed_on),
                offer.checksum,
                self.remedy.agreement_signed_by,
                self.remedy.agreement_attachment_ids,
            ),
            (
                "Pia Portal",
                "qc_pia",
                "192.0.2.7",
                True,
                sha256(read).hexdigest(),
                "Pia Portal",
                offer.signed_attachment_id,
            ),
        )
        self.assertTrue(self.remedy.agreement_signed_on)
        from pypdf import PdfReader

        pages = PdfReader(BytesIO(offer.signed_attachment_id.raw)).pages
        self.assertEqual(len(pages), 2)
        self.case.action_execute()
        self.assertEqual(self.remedy.credit_note_ids.amount_untaxed, 120.0)
        self.assertIn(
            "The customer has signed the settlement agreement",
            self.case.activity_ids.mapped("summary"),
        )
        with self.assertRaisesRegex(UserError, "nothing to sign"):
            self.sign(offer)

    def test_signing_accepts_what_was_offered_and_is_sent_to_the_customer(self):
        self.case.email = "buyer@customer.example"
        letter = self.env["quality.complaint.reply"].create(
            {
                "complaint_id": self.case.id,
                "kind": "offer",
                "method": "oral",
                "subject": "Our offer",
                "body": "<p>120.</p>",
            }
        )
        letter.action_send()
        self.assertTrue(letter._portal_is_asked())
        offer = self.offer()
        self.sign(offer)
        self.assertEqual((letter.answer, letter.answered_by), ("accepted", PIA.name))
        sent = self.case.message_ids.filtered(
            lambda row: offer.signed_attachment_id in row.attachment_ids
        )
        self.assertEqual(sent.outgoing_email_to, "buyer@customer.example")

    def test_agreement_to_sign_online_speaks_of_no_seal(self):
        reports, report = self.env["ir.actions.report"], SETTLEMENT
        paper, _kind = reports._render_qweb_html(report, self.remedy.ids)
        online, _kind = reports.with_context(
            complaint_signed_online=True, lang=self.case._customer_lang()
        )._render_qweb_html(report, self.remedy.ids)
        for html, said, unsaid in (
            (paper.decode(), "two copies", "electronic file"),
            (online.decode(), "electronic file", "two copies"),
        ):
            self.assertIn(said, html)
            self.assertNotIn(unsaid, html)
        self.assertNotIn("Company seal", online.decode())
        self.assertEqual(
            self.offer().content, sha256(online).hexdigest(), "What is offered online"
        )

    def test_what_has_changed_since_is_not_signed(self):
        offer = self.offer()
        self.remedy.sudo().payment_method = "In cash"
        with self.assertRaisesRegex(UserError, "has changed since"):
            self.sign(offer)
        self.assertFalse(self.remedy.agreement_signed_on)
        self.assertNotEqual(self.offer(), offer)

    def test_name_and_signature_are_needed(self):
        offer = self.offer()
        blank = BytesIO()
        Image.new("RGBA", (200, 80)).save(blank, "PNG")
        for changes, said in (
            ({"name": " "}, "write your name"),
            ({"signature": ""}, "sign in the field"),
            ({"signature": "no picture"}, "sign in the field"),
            (
                {"signature": base64.b64encode(blank.getvalue()).decode()},
                "sign in the field",
            ),
            (
                {"signature": base64.b64encode(b"<svg onload='alert(1)'/>").decode()},
                "sign in the field",
            ),
        ):
            with (
                self.subTest(said=said),
                self.assertRaisesRegex(UserError, said),
                self.env.cr.savepoint(),
            ):
                self.sign(offer, **changes)
        self.assertFalse(offer.signed_on)

    def test_what_is_not_approved_is_not_to_be_signed(self):
        self.remedy.sudo()._advance({"state": "to_approve"})
        self.assertFalse(self.offer())

    def test_signed_papers_stay(self):
        offer = self.offer()
        self.sign(offer)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            offer.unlink()
        for vals in ({"name": "Another"}, {"checksum": "0"}, {"signature": False}):
            with self.assertRaisesRegex(UserError, "buttons only"):
                offer.with_user(self.manager).write(vals)
        for file in (offer.attachment_id, offer.signed_attachment_id):
            with self.assertRaises(AccessError):
                file.with_user(self.manager).raw = b"%PDF- another"
            with self.assertRaises(AccessError):
                file.with_user(self.manager).unlink()

    def test_over_the_page_by_those_it_is_for_alone(self):
        self.env.flush_all()
        page = f"/my/complaints/{self.case.id}"
        own = self.people["own"]
        self.assertIn("Please sign", self.page(page, own).text)
        text = self.page(f"{page}/sign", own).text
        offer = self.case.consent_ids
        self.assertIn(offer.checksum, text)
        self.assertIn("Compensation", text)
        self.assertIn("120.00", text)
        paper = f"{page}/file/{offer.attachment_id.id}"
        self.assertEqual(self.page(paper, own).content, offer.attachment_id.raw)
        self.case.sudo()._portal_ensure_token()
        self.env.flush_all()
        query = f"?access_token={self.case.access_token}"
        for who in (self.people["other"], self.employee, None):
            for path in (f"{page}/sign", f"{page}/sign{query}", f"{paper}{query}"):
                self.assertEqual(self.page(path, who).status_code, 404, (who, path))

        def send(who, path, **params):
            self.authenticate(who and who.login, who and who.login)
            return self.url_open(
                path,
                data=json.dumps({"params": params}),
                headers={"Content-Type": "application/json"},
            ).json()

        path = f"{page}/signed/{offer.id}"
        for who in (self.people["other"], self.employee, None):
            self.assertIn("error", send(who, path + query, name="X", signature=drawn()))
        self.env.invalidate_all()
        self.assertFalse(offer.signed_on)
        said = send(own, path, name="Pia", signature=[1])
        self.assertIn("sign in the field", said["result"]["error"])
        said = send(own, path, name="Pia", signature=drawn())
        self.assertIn("said=signed", said["result"]["redirect_url"])
        self.env.invalidate_all()
        self.assertEqual((offer.name, offer.address), ("Pia", own.login))
        self.assertIn("Signed by ", self.page(page, own).text)


@tagged("post_install", "-at_install")
class TestRating(PortalCase):
    """Customers answer the revisit themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.investigated(
            cls.make_complaint(lot_ref=cls.lot.name, user_id=cls.officer.id)
        )
        cls.plan(cls.case, "credit", amount=5)
        cls.case.action_submit_plan()
        cls.case.action_execute()
        cls.case.remedy_ids.sudo().credit_note_ids.action_post()
        cls.tell(cls.case)
        cls.env.flush_all()
        cls.path = f"/my/complaints/{cls.case.id}"

    def rate(self, **values):
        return self.post(f"{self.path}/rating", self.people["own"], **values)

    def test_satisfied_customer_ends_the_revisit(self):
        own = self.people["own"]
        self.assertIn("How satisfied are you?", self.page(self.path, own).text)
        self.assertIn("at least one grade", self.rate(comment="Fine").text)
        self.rate(
            score_speed="5",
            score_result="4",
            score_attitude="9",
            recommends="10",
            measures="hacked",
            comment="Thank you",
        )
        self.env.invalidate_all()
        revisit = self.case.revisit_ids
        self.assertEqual(
            (
                revisit.state,
                revisit.result,
                revisit.score,
                revisit.method,
                revisit.spoken_with,
                revisit.comment,
                revisit.score_attitude,
                revisit.measures,
            ),
            (
                "done",
                "satisfied",
                90.0,
                "online",
                "Pia Portal",
                "Thank you",
                False,
                False,
            ),
        )
        self.assertEqual(self.case.state, "replied")
        self.assertNotIn("How satisfied", self.page(self.path, own).text)
        self.assertEqual(self.rate(score_speed="1").status_code, 404)

    def test_unsatisfied_customer_is_heard_by_who_is_to_call(self):
        self.rate(score_result="1", comment="It leaks again")
        self.env.invalidate_all()
        revisit = self.case.revisit_ids
        self.assertEqual(
            (revisit.state, revisit.score, revisit.reason),
            ("planned", 20.0, "It leaks again"),
        )
        self.assertTrue(
            any(
                "not satisfied: 20" in (summary or "")
                for summary in self.case.activity_ids.mapped("summary")
            )
        )
        self.assertEqual(self.rate(score_result="5").status_code, 404)
        revisit.measures = "Replace the lot"
        revisit.action_done()
        self.assertEqual(self.case.state, "investigating")


@tagged("post_install", "-at_install")
class TestGoodsAskedBack(PortalCase):
    """While goods are waited for, the page says which, where to, by when and with what
    slip.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case, cls.remedy = cls.executed(
            cls.lot, quantity=4, return_by="2026-12-08", freight_payer="customer"
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.patch(IrActionsReport, "_render_qweb_pdf", pdf)

    def test_page_says_what_to_send_where_and_by_when(self):
        text = self.page(f"/my/complaints/{self.case.id}", self.people["own"]).text
        for said in (
            "Please send the goods back",
            "4 Units of Copper strip (P-1)",
            self.remedy.return_picking_ids.name,
            "We expect them by Dec 8, 2026.",
            "You pay the freight.",
        ):
            self.assertIn(said, text)
        self.remedy.freight_payer = "carrier"
        self.env.flush_all()
        text = self.page(f"/my/complaints/{self.case.id}", self.people["own"]).text
        self.assertIn("Please have the goods ready", text)
        self.receive(self.remedy)
        self.env.flush_all()
        text = self.page(f"/my/complaints/{self.case.id}", self.people["own"]).text
        self.assertNotIn("have the goods ready", text)

    def test_slip_is_for_whoever_may_read_the_page(self):
        slip = f"/my/complaints/{self.case.id}/return/{self.remedy.id}"
        response = self.page(slip, self.people["own"])
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(response.content.startswith(b"%PDF"))
        self.case.sudo()._portal_ensure_token()
        self.env.flush_all()
        right = f"?access_token={self.case.access_token}"
        foreign = f"?access_token={self.other_complaint.access_token}"
        others = f"/my/complaints/{self.complaint.id}/return/{self.remedy.id}"
        for who, path, expected in (
            (None, slip + right, 200),
            (None, slip, 404),
            (None, slip + foreign, 404),
            (self.people["other"], slip, 404),
            (self.employee, slip, 404),
            # of another complaint of theirs
            (self.people["own"], others, 404),
        ):
            with self.subTest(who=who, path=path):
                self.assertEqual(self.page(path, who).status_code, expected)
        self.receive(self.remedy)
        self.env.flush_all()
        self.assertEqual(self.page(slip, self.people["own"]).status_code, 404)
