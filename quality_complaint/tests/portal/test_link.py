from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tests.common import JsonRpcException

from ...models.portal.person import Person
from .portal_case import PortalCase

PIA = Person("Pia Portal", "pia@northwind.example", "192.0.2.7")


@tagged("post_install", "-at_install")
class TestLinkOfALetter(PortalCase):
    """The link of a letter reads its page: Odoo's own thread of the complaint stays
    closed to whoever has it.
    """

    def ask(self, route, **params):
        self.authenticate(None, None)
        return self.make_jsonrpc_request(route, params)

    def thread(self):
        return {
            "thread_model": "quality.complaint",
            "thread_id": self.complaint.id,
            "token": self.complaint.access_token,
        }

    def test_it_reads_no_talk_among_colleagues(self):
        with self.assertRaises(JsonRpcException):
            self.ask("/mail/chatter_fetch", **self.thread(), fetch_params={})
        found = self.ask("/portal/chatter_init", **self.thread())
        self.assertNotIn("TALK", str(found))

    def test_it_writes_nothing_in_the_customer_s_name(self):
        before = len(self.complaint.message_ids)
        with self.assertRaises(JsonRpcException):
            self.ask(
                "/mail/message/post",
                **{**self.thread(), "post_data": {"body": "hack"}},
            )
        self.env.invalidate_all()
        self.assertEqual(len(self.complaint.message_ids), before)

    def test_it_changes_nothing_the_customer_wrote(self):
        self.complaint.email = PIA.address
        self.complaint.with_user(
            self.env.ref("base.public_user")
        ).sudo()._portal_write_message("Our bank account", PIA)
        message = self.complaint._portal_messages()
        self.assertEqual(len(message), 1)
        self.env.flush_all()
        for route, params in (
            ("/mail/message/update_content", {"update_data": {"body": "hack"}}),
            ("/mail/message/reaction", {"content": "👍", "action": "add"}),
        ):
            with self.assertRaises(JsonRpcException):
                self.ask(
                    route,
                    message_id=message.id,
                    token=self.complaint.access_token,
                    **params,
                )
        self.env.invalidate_all()
        self.assertIn("Our bank account", message.body)
        self.assertFalse(message.reaction_ids)

    def test_letters_to_an_address_of_its_own_have_the_link(self):
        self.complaint.email = "sam@home.example"
        message = self.complaint._send_to_customer(
            "News", "<p>Soon</p>", self.env["ir.attachment"]
        )
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        ours = mail.filtered(lambda row: row.email_to and "sam@" in row.email_to)
        url = self.complaint.get_portal_url()
        self.assertIn(url.replace("&", "&amp;"), ours.body_html)
        self.assertFalse(
            [row for row in mail - ours if self.complaint.access_token in row.body_html]
        )


@tagged("post_install", "-at_install")
class TestWhatPagesSay(PortalCase):
    """Each sentence is true of the case it stands on."""

    def shown(self, complaint=None):
        """What a visitor reads."""
        public = self.env.ref("base.public_user")
        complaint = (complaint or self.complaint).with_user(public).sudo()
        return complaint.with_context(lang="en_US")._portal_values()

    def test_days_are_those_of_the_reader_or_the_company(self):
        with freeze_time("2026-11-30 18:00:00"):
            complaint = self.make_complaint(partner_id=self.customer.id)
        self.assertEqual(self.shown(complaint)["received"], "Nov 30, 2026")
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self.shown(complaint)["received"], "Dec 1, 2026")
        self.customer.tz = "America/New_York"
        self.assertEqual(self.shown(complaint)["received"], "Nov 30, 2026")

    def test_cancelled_by_us_is_not_withdrawn(self):
        self.complaint.action_cancel("mistake", "Entered twice")
        self.assertIn("not followed any further", self.shown()["state"])

    def test_objection_is_looked_into_again(self):
        self.letter._portal_answer("objected", "Too little", PIA)
        self.assertEqual(
            self.letter._portal_values()["answer_of"], "Answer of Pia Portal"
        )
        self.complaint._advance({"round": 2})
        self.assertEqual(self.shown()["state"], "We are looking into it again.")

    def test_visitor_without_an_address_tells_nobody_anything(self):
        public = self.env.ref("base.public_user")
        self.letter.with_user(public).sudo()._portal_answer("objected", "No", PIA)
        told = self.complaint.message_ids | self.complaint.investigation_ids.message_ids
        self.assertNotIn(public.partner_id, told.author_id)

    def test_message_keeps_its_lines_and_who_wrote_it(self):
        public = self.env.ref("base.public_user")
        self.complaint.email = PIA.address
        row = self.complaint.with_user(public).sudo()
        row._portal_write_message("First\nSecond", PIA)
        message = row._portal_values()["messages"][0]
        self.assertEqual(message["author"], "Pia Portal")
        self.assertIn("First<br", message["body"])

    def test_goods_in_words_have_no_quantity(self):
        complaint = self.make_complaint(partner_id=self.customer.id, register=False)
        complaint._intake_goods("Some strip", "")
        line = self.shown(complaint)["lines"][0]
        self.assertEqual((line["product"], line["quantity"]), ("Some strip", ""))

    def test_tasks_are_said_in_the_language_of_who_has_them(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.officer.lang = "zh_CN"
        self.complaint._portal_write_message("Hello", PIA)
        self.assertIn("客户来信", self.complaint.activity_ids.mapped("summary"))


@tagged("post_install", "-at_install")
class TestTakingOver(PortalCase):
    """What came by the public form, in the hands of an officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_form = True

    def file(self, **vals):
        return self.env["quality.complaint"]._intake_file(
            self.company,
            "0" * 32,
            {
                "complainant": "Sam Porter",
                "email": "sam@home.example",
                "description": "Broken",
                **vals,
            },
        )

    def test_number_somebody_can_be_called_on(self):
        with self.assertRaisesRegex(UserError, "“abc” is not a phone number"):
            self.file(phone="abc", email="")

    def test_unknown_address_of_a_customer_is_pointed_out_until_it_is_registered(self):
        complaint = self.file()
        self.assertFalse(complaint.sender_notice)
        complaint.write({"partner_id": self.customer.id, "email": complaint.email})
        self.assertIn("sam@home.example is not an address", complaint.sender_notice)
        complaint.partner_id.child_ids[:1].email = "sam@home.example"
        complaint.invalidate_recordset()
        self.assertFalse(complaint.sender_notice)

    def test_nobody_has_to_take_over_what_is_registered(self):
        complaint = self.file()
        complaint._give_task(self.manager, "Take it over")
        self.assertTrue(complaint.activity_ids)
        complaint.partner_id = self.customer
        complaint.action_register()
        self.assertFalse(
            complaint.activity_ids.filtered(lambda row: row.summary == "Take it over")
        )

    def test_reference_is_sent_without_waiting_for_the_queue_s_hour(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        with patch.object(type(cron), "_trigger", autospec=True) as trigger:
            self.file()
        self.assertIn(cron, [call.args[0] for call in trigger.call_args_list])
