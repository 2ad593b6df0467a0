from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_cron import IrCron

from .portal_case import PortalCase


@tagged("post_install", "-at_install")
class TestThanks(PortalCase):
    """Who told us is told what came of it, in their language, once."""

    def effective(self, complaint, text="Every coil is measured now."):
        measure = self.take_measure(complaint, "corrective")
        measure.sudo()._advance(
            {
                "state": "effective",
                "effect": "effective",
                "verified_on": "2026-05-04 10:00:00",
            }
        )
        measure.public_text = text
        return measure

    def dialog(self, action):
        return (
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({})
        )

    def test_customers_of_a_measure_that_works_are_thanked_once(self):
        self.complaint.email = "qa@northwind.example"
        self.other_complaint.email = False
        self.other_complaint.sudo()._advance({"repeat_of_id": self.complaint.id})
        measure = self.take_measure(self.complaint, "corrective")
        with self.assertRaisesRegex(UserError, "only what holds"):
            measure.action_thank()
        measure = self.effective(self.complaint)
        dialog = self.dialog(measure.action_thank())
        self.assertEqual(dialog.complaint_ids, self.complaint | self.other_complaint)
        self.assertIn(self.other_complaint.display_name, dialog.without_mail)
        self.assertEqual(dialog.text, "Every coil is measured now.")
        dialog.action_send()
        mail = self.complaint.message_ids[0]
        self.assertIn("Every coil is measured now.", mail.body)
        self.assertIn(self.complaint.name, mail.body)
        self.assertEqual(mail.outgoing_email_to, "qa@northwind.example")
        self.assertEqual(measure.thanked_ids, self.complaint)
        again = self.dialog(measure.action_thank())
        self.assertEqual(again.complaint_ids, self.other_complaint)
        with self.assertRaisesRegex(UserError, "has an e-mail address"):
            again.action_send()

    def test_an_adopted_suggestion_is_thanked_for(self):
        self.complaint.email = "qa@northwind.example"
        dialog = self.dialog(self.complaint.action_thank())
        dialog.text = "The label is larger."
        dialog.action_send()
        self.assertIn("The label is larger.", self.complaint.message_ids[0].body)

    def test_news_goes_to_who_wants_it_once(self):
        measure = self.effective(self.complaint)
        old = self.effective(self.complaint, "Old news")
        old.sudo()._advance({"verified_on": "2026-04-30 23:59:59"})
        own = self.people["own"].partner_id
        own.email = "pia@northwind.example"
        other = self.people["other"].partner_id
        other.email = "otto@distributor.example"
        self.post("/my/complaints/news", self.people["own"], wanted="1")
        self.env.invalidate_all()
        self.assertEqual((own.complaint_news, other.complaint_news), (True, False))
        news = self.env["quality.complaint.news"].with_user(self.manager)
        with freeze_time("2026-06-01 08:00:00"):
            news = news.create({"date_from": "2026-05-01", "date_to": "2026-05-31"})
        with self.assertRaisesRegex(UserError, "Write the text first"):
            news.action_send()
        news.action_fill_in()
        self.assertIn(measure.public_text, news.body)
        self.assertNotIn("Old news", news.body)
        body = news.body
        news.action_fill_in()
        self.assertEqual(news.body, body)
        news.action_send()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)
        news._cron_send()
        news._cron_send()
        mails = self.env["mail.mail"].search([("subject", "=", news.name)])
        self.assertEqual(mails.mapped("email_to"), ["pia@northwind.example"])
        self.assertEqual((news.state, news.sent_count), ("sent", 1))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            news.body = "<p>Other</p>"
        # one click ends it
        link = mails.headers.split("<")[1].split(">")[0]
        path = link.removeprefix(own.get_base_url())
        self.env.flush_all()
        self.assertIn("Stop it", self.page(path).text)
        self.env.invalidate_all()
        self.assertTrue(own.complaint_news, "Opening the link ends nothing")
        self.assertEqual(self.url_open(path, data={"x": "1"}).status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(own.complaint_news)
        forged = self.url_open(path[:-3] + "abc", data={"x": "1"})
        self.assertEqual(forged.status_code, 404)

    def test_nobody_is_written_to_who_did_not_ask(self):
        self.effective(self.complaint)
        news = self.env["quality.complaint.news"].create(
            {"date_from": "2026-05-01", "date_to": "2026-05-31", "body": "<p>x</p>"}
        )
        with self.assertRaisesRegex(UserError, "Nobody wants it yet"):
            news.action_send()
        with self.assertRaises(AccessError):
            news.with_user(self.officer).body = "<p>y</p>"
        with self.assertRaises(AccessError):
            news.with_user(self.employee).read(["body"])

    def test_mails_name_our_channels_where_the_company_wants_it(self):
        phone = self.env.ref("quality_complaint.channel_phone")
        phone.with_company(self.company).contact = "400 820 0000"
        self.complaint.email = "qa@northwind.example"
        self.complaint.sudo().message_subscribe(partner_ids=self.officer.partner_id.ids)

        def bodies():
            last = self.env["mail.mail"].search([], order="id desc", limit=1).id
            self.complaint._thank("It is better")
            mails = self.env["mail.mail"].search([("id", ">", last or 0)])
            return ["400 820 0000" in mail.body_html for mail in mails]

        self.assertNotIn(True, bodies())
        self.company.complaint_publish = True
        told = bodies()
        self.assertEqual(told.count(True), 1)
        self.assertEqual(told.count(False), len(told) - 1)
