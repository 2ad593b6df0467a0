import base64
from datetime import datetime, timedelta
from email.utils import format_datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase

# out-of-office and other answers of machines, as mail programs write them
AUTOMATIC = (
    ("Automatic reply: Your message", {"Auto-Submitted": "auto-replied"}),
    ("Your message", {"Auto-Submitted": "auto-replied (vacation)"}),
    ("Your message", {"X-Autoreply": "yes"}),
    ("Your message", {"X-Autorespond": "vacation", "Precedence": "bulk"}),
    ("Re: Your message", {"Precedence": "auto_reply"}),
    ("Out of Office: back on Monday", {}),
    ("Out of the office", {}),
    ("AW: Automatische Antwort: Ihre Nachricht", {}),
    ("Abwesenheitsnotiz", {}),
    ("Réponse automatique : commande", {}),
    ("自动回复: 您的来信已收到", {}),
    ("自动回复：我正在休假", {}),
    ("回复：自动答复", {}),
    ("[Auto-Reply] Order", {}),
    ("【自动回复】您好", {}),
    ("回复：我的来信（自动回复）", {}),
    ("休假自动回复：我的来信", {}),
    ("AUTO: B. Schütz ist außer Haus (Rückkehr 19.10.)", {}),
    ("Kirsten Dahl is out of the office.", {}),
    ("答复: 投诉受理通知 (不在办公室)", {}),
    ("已读:投诉受理通知", {}),
    ("不在のお知らせ", {}),
    ("Undelivered Mail", {"From": "MAILER-DAEMON@mx.example"}),
    ("来自qq.com的退信", {"From": "PostMaster@qq.com"}),
    ("系统退信/Systems bounce", {"From": "postmaster@163.com"}),
    ("Undeliverable: order 12", {"From": "postmaster@nowhere.example"}),
)
PROGRAMS = (
    ("Complaint 4711 of our ERP", {"Auto-Submitted": "auto-generated"}),
    ("Weekly news", {"Precedence": "bulk"}),
    ("Offers", {"List-Unsubscribe": "<mailto:stop@news.example>"}),
    ("Your receipt", {"Feedback-ID": "1:receipts:shop"}),
    ("Reset your password", {"From": "Portal <no-reply@portal.example>"}),
    ("Your parcel arrives", {"From": "DHL <noreply.parcel@dhl.example>"}),
    ("Cron <root@db>", {"From": "root@db.example"}),
)
PEOPLE = (
    ("Scratched coils", {}),
    ("Complaint: automatic welding line stopped", {}),
    ("Our office got the wrong goods", {}),
    ("投诉：铜带表面划伤", {}),
    ("Re: order 12", {"Auto-Submitted": "no"}),
    ("Auto parts are bent", {"From": "Nora Repley <nora.repley@garage.example>"}),
    ("投诉：你们的自动回复没有用", {}),
    ("Leave nothing out: 3 points", {"X-Auto-Response-Suppress": "All"}),
)


@tagged("post_install", "-at_install")
class TestMailIntake(ComplaintCase):
    """Between a mailbox and the register nothing is lost; no machine is answered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        domain = cls.env["mail.alias.domain"].create({"name": "works.example"})
        cls.company.alias_domain_id = domain
        cls.team = cls.env["quality.complaint.team"].create(
            {
                "name": "Customer Service",
                "company_id": cls.company.id,
                "leader_id": cls.officer.id,
                "alias_name": "complaints",
                "alias_domain_id": domain.id,
            }
        )
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Harbour Cables",
                "email": "qa@harbour.example",
                "is_company": True,
            }
        )
        cls.number = 0

    @classmethod
    def sent(cls):
        """Two days before the mails arrive."""
        return datetime.now().replace(microsecond=0) - timedelta(days=2)

    @classmethod
    def mail(
        cls, subject, body="The coil is scratched.", sender=None, files=(), **more
    ):
        """A raw mail to the team."""
        cls.number += 1
        headers = {
            "Message-Id": f"<test-{cls.number}@harbour.example>",
            "From": sender or "Quinn <qa@harbour.example>",
            "To": "complaints@works.example",
            "Subject": subject,
            "Date": format_datetime(cls.sent()),
            "MIME-Version": "1.0",
            **more,
        }
        lines = [f"{name}: {value}" for name, value in headers.items()]
        if not files:
            return "\n".join(
                [*lines, "Content-Type: text/plain; charset=utf-8", "", body]
            )
        parts = [
            "--frontier\nContent-Type: text/plain; charset=utf-8\n\n" + body,
            *(
                f'--frontier\nContent-Type: image/png; name="{name}"\n'
                f'Content-Disposition: attachment; filename="{name}"\n'
                "Content-Transfer-Encoding: base64\n\n"
                + base64.b64encode(content).decode()
                for name, content in files
            ),
        ]
        return "\n".join(
            [
                *lines,
                'Content-Type: multipart/mixed; boundary="frontier"',
                "",
                *parts,
                "--frontier--",
            ]
        )

    def arrive(self, *args, **options):
        """
        :return: (complaints, parked mails) that came of it
        """
        models = [
            self.env["quality.complaint"].with_context(active_test=False),
            self.env["quality.complaint.parked.mail"],
        ]
        before = [model.search([]) for model in models]
        self.env["mail.thread"].message_process(
            False, self.mail(*args, **options), save_original=False
        )
        return tuple(
            model.search([]) - known
            for model, known in zip(models, before, strict=True)
        )

    def test_a_mail_waits_as_a_new_complaint_of_its_sender(self):
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        complaint, parked = self.arrive(
            "Scratched coils",
            "Dear all,\nthe coil is scratched.\n\nOn Nov 24, 2026 Sales wrote:\n> hi",
            files=[("coil.png", b"\x89PNG\r\n\x1a\n" + bytes(60))],
        )
        self.assertFalse(parked)
        self.assertEqual(
            (
                complaint.state,
                complaint.name,
                complaint.partner_id,
                complaint.team_id,
                complaint.company_id,
                complaint.channel_id.code,
                complaint.email,
                complaint.received_on,
            ),
            (
                "new",
                False,
                self.buyer,
                self.team,
                self.company,
                "email",
                "qa@harbour.example",
                self.sent(),
            ),
        )
        self.assertEqual(complaint.description, "Dear all,\nthe coil is scratched.")
        message = complaint.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(message.attachment_ids.mapped("name"), ["coil.png"])
        self.assertEqual(
            complaint.activity_ids.filtered(
                lambda row: "came by mail" in row.summary
            ).user_id,
            self.officer,
        )
        told = self.env["mail.mail"].search(
            [("id", ">", last), ("email_to", "ilike", "harbour")]
        )
        self.assertEqual(
            (told.email_to, told.res_id), ("qa@harbour.example", complaint.id)
        )
        self.assertRegex(
            complaint.intake_ref, r"^([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}$"
        )
        self.assertIn(complaint.intake_ref, told.body_html)
        self.assertIn("auto-replied", told.headers)

    def test_known_customers_are_registered_where_the_policy_says_so(self):
        policy = self.company._complaint_policy().sudo()
        policy.register_known = "known"
        complaint, _parked = self.arrive("Bent")
        self.assertEqual(complaint.state, "registered")
        self.assertFalse(complaint.intake_ref)
        complaint, _parked = self.arrive("Bent", sender="x@nowhere.example")
        self.assertEqual(complaint.state, "new")
        self.assertTrue(complaint.intake_ref)

    def test_of_many_mails_in_an_hour_the_rest_is_told_in_one(self):
        mails = self.env["mail.mail"]
        last = mails.search([], order="id desc", limit=1).id or 0
        complaints = [self.arrive(f"Bent {n}")[0] for n in range(8)]
        told = mails.search([("id", ">", last), ("email_to", "ilike", "harbour")])
        self.assertEqual(len(told), 5)
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)
        self.env["quality.complaint"]._cron_intake_tell()
        rest = (
            mails.search([("id", ">", last), ("email_to", "ilike", "harbour")]) - told
        )
        self.assertEqual(len(rest), 1)
        for complaint in complaints[5:]:
            self.assertIn(complaint.intake_ref, rest.body_html)
            self.assertTrue(complaint.intake_told_on)
        self.env["quality.complaint"]._cron_intake_tell()
        again = mails.search([("id", ">", last), ("email_to", "ilike", "harbour")])
        self.assertEqual(again, told | rest)

    def test_sender_is_never_guessed(self):
        complaint, _parked = self.arrive("Bent", sender="Nobody <x@nowhere.example>")
        self.assertEqual(
            (complaint.partner_id.id, complaint.complainant),
            (False, "Nobody"),
        )
        self.env["res.partner"].create(
            {"name": "Somebody else", "email": "qa@harbour.example"}
        )
        complaint, _parked = self.arrive("Bent")
        self.assertFalse(complaint.partner_id)

    def test_people_are_heard_and_machines_are_not_answered(self):
        for kind, mails in (
            ("reply", AUTOMATIC),
            ("machine", PROGRAMS),
            ("", PEOPLE),
        ):
            for subject, headers in mails:
                with self.subTest(subject=subject, headers=headers):
                    complaint, parked = self.arrive(subject, **headers)
                    self.assertEqual(
                        (len(complaint), len(parked)), (0, 1) if kind else (1, 0)
                    )
                    self.assertEqual(parked.reason or "", kind)
                    if kind:
                        self.assertEqual(
                            (parked.name, parked.team_id, parked.company_id),
                            (subject, self.team, self.company),
                        )

    def test_a_program_that_may_write_is_heard(self):
        self.env["mail.gateway.allowed"].create({"email": "qa@harbour.example"})
        complaint, parked = self.arrive(*PROGRAMS[0][:1], **PROGRAMS[0][1])
        self.assertEqual((len(complaint), len(parked)), (1, 0))
        complaint, parked = self.arrive(*AUTOMATIC[0][:1], **AUTOMATIC[0][1])
        self.assertEqual((len(complaint), len(parked)), (0, 1), "still no answer")

    def test_parked_mail_is_taken_over_once(self):
        _none, parked = self.arrive(
            "Complaint 4711",
            files=[("log.png", b"\x89PNG\r\n\x1a\n" + bytes(60))],
            **PROGRAMS[0][1],
        )
        with self.assertRaises(AccessError):
            parked.with_user(self.employee).read(["name"])
        action = parked.with_user(self.officer).action_take_over()
        complaint = parked.complaint_id
        self.assertEqual(action["res_id"], complaint.id)
        self.assertEqual(
            (complaint.state, complaint.partner_id, complaint.team_id, parked.active),
            ("new", self.buyer, self.team, False),
        )
        self.assertEqual(complaint.description, "The coil is scratched.")
        self.assertIn("log.png", complaint.message_ids.attachment_ids.mapped("name"))
        parked.with_user(self.officer).action_take_over()
        self.assertEqual(parked.complaint_id, complaint)

    def test_other_company_sees_no_parked_mail(self):
        _none, parked = self.arrive(*PROGRAMS[0][:1], **PROGRAMS[0][1])
        other = self.env["res.company"].create({"name": "Other Works"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            parked.with_user(self.manager).with_context(
                allowed_company_ids=other.ids
            ).read(["name"])

    def test_mail_with_a_number_joins_when_its_sender_is_of_the_customer(self):
        complaint = self.make_complaint(partner_id=self.buyer.id)
        new, _parked = self.arrive(f"About {complaint.name}: more photos")
        self.assertFalse(new)
        self.assertIn("scratched", complaint.message_ids[0].body)
        # senders are forged easily
        new, _parked = self.arrive(
            f"About {complaint.name}", sender="x@nowhere.example"
        )
        self.assertEqual(new.state, "new")
        new, _parked = self.arrive("About QC/2026/99999")
        self.assertTrue(new)

    def test_answer_that_names_the_reference_joins(self):
        complaint, _parked = self.arrive("Bent", sender="x@nowhere.example")
        ref = complaint.intake_ref
        theirs = [("email_to", "=", "x@nowhere.example")]
        self.assertEqual(self.env["mail.mail"].search_count(theirs), 1)
        new, parked = self.arrive(
            f"Re: We have received your message, reference {ref}",
            sender="x@nowhere.example",
        )
        self.assertFalse(new or parked)
        self.assertEqual(self.env["mail.mail"].search_count(theirs), 1)
        # somebody else who has heard of it is not let in
        new, _parked = self.arrive(f"Re: {ref}", sender="y@nowhere.example")
        self.assertTrue(new)

    def test_lots_are_found_however_they_are_typed(self):
        lot = self.make_lot("CU2611-19", quantity=20)
        self.sell({lot: 5}, partner=self.buyer)
        for text in (
            "Lot CU2611\uff0d19",
            "Lot CU2611\u201119 is bent",
            "the bar: CU2611-19/3.",
            "CU*2611*-19",
            "See below.\n\nFrom: Our customer\n\nLot CU2611-19 is bent",
        ):
            with self.subTest(text=text):
                complaint, _parked = self.arrive("Bent", text)
                self.assertEqual(complaint.line_ids.lot_id, lot)

    def test_number_that_another_company_has_too_is_that_of_the_sender(self):
        other = self.env["res.company"].create({"name": "Later Works"})
        own = self.make_complaint(partner_id=self.buyer.id)
        foreign = self.env["quality.complaint"].create(
            {
                "company_id": other.id,
                "partner_id": self.distributor.id,
                "description": "x",
            }
        )
        foreign.action_register()
        self.assertEqual(own.name, foreign.name)
        new, _parked = self.arrive(f"About {own.name}: more photos")
        self.assertFalse(new)
        self.assertIn("scratched", own.message_ids[0].body)
        foreign.partner_id = self.buyer
        new, _parked = self.arrive(f"About {own.name}: more photos")
        self.assertEqual(new.state, "new", "Of two, none is guessed")

    def test_answer_to_a_letter_joins_its_complaint(self):
        complaint = self.make_complaint(partner_id=self.buyer.id)
        letter = complaint.message_post(
            body=str(complaint.name), message_type="comment"
        )
        for headers in ({}, {"Auto-Submitted": "auto-replied"}):
            new, parked = self.arrive(
                "Re: Your complaint", **{"In-Reply-To": letter.message_id, **headers}
            )
            self.assertFalse(new or parked)
            self.assertEqual(complaint.message_ids[0].message_type, "email")

    def test_goods_are_taken_over_when_one_fits(self):
        lot = self.make_lot("CU2611-07", quantity=20)
        self.sell({lot: 5}, partner=self.buyer)
        complaint, _parked = self.arrive("Lot CU2611-07.", "It is bent.")
        self.assertEqual(complaint.line_ids.lot_id, lot)
        self.assertEqual(complaint.line_ids.match_state, "matched")
        complaint, _parked = self.arrive("投诉", "贵司批号CU2611-07的铜带表面划伤。")
        self.assertEqual(complaint.line_ids.lot_id, lot)
        second = self.make_lot("CU2611-08", quantity=20)
        self.sell({second: 5}, partner=self.buyer)
        complaint, _parked = self.arrive("Lots", "CU2611-07 and CU2611-08 are bent.")
        self.assertFalse(complaint.line_ids)
        self.assertIn("CU2611-07, CU2611-08", str(complaint.message_ids.mapped("body")))
        # goods of somebody else are none of this sender's
        foreign = self.make_lot("XX-1", quantity=20)
        self.sell({foreign: 5}, partner=self.distributor)
        complaint, _parked = self.arrive("Lot XX-1 is bent")
        self.assertFalse(complaint.line_ids)

    def test_what_cannot_be_read_is_kept_all_the_same(self):
        with (
            patch.object(
                type(self.env["quality.complaint"]),
                "_mail_find_goods",
                side_effect=ValueError("unexpected"),
            ),
            mute_logger("odoo.addons.quality_complaint.models.portal.mail_intake"),
        ):
            complaint, _parked = self.arrive("Scratched")
        self.assertEqual((complaint.state, complaint.team_id), ("new", self.team))
        self.assertEqual(complaint.description, "Scratched")
        self.assertIn(
            "scratched", str(complaint.message_ids.mapped("body")), "the mail is on it"
        )

    def test_customer_may_send_thirty_within_two_hours(self):
        found = [self.arrive(f"Complaint {place}")[0] for place in range(30)]
        self.assertEqual(sum(map(len, found)), 30)

    def test_clocks_of_others_are_not_believed(self):
        early, _parked = self.arrive("Bent", Date="Mon, 01 Jan 2024 09:00:00 +0000")
        late, _parked = self.arrive("Bent", Date="Fri, 01 Jan 2032 09:00:00 +0000")
        self.assertLessEqual(late.received_on, datetime.now())
        self.assertGreaterEqual((early.received_on - late.received_on).days, -8)
