from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .mailing import READ, TEXT_ALONE, Mailing
from .test_reply import ReplyCase

DAY = "2026-03-02"  # a Monday


class DeliveryCase(ReplyCase):
    def rows(self, complaint, code, limit=True):
        rows = complaint.sudo().deadline_ids.filtered(
            lambda row: row.milestone_code == code and bool(row.limit_id) == limit
        )
        return rows.sorted("id")

    def states(self, complaint, code, limit=True):
        return self.rows(complaint, code, limit).mapped("state")

    def codes(self, complaint):
        return complaint.sudo()._reached_codes()

    def told(self, complaint):
        return complaint.sudo().activity_ids.filtered(
            lambda activity: (activity.summary or "").startswith("Not delivered")
        )

    def ready_to_reply(self, **vals):
        complaint = self.investigated(
            self.complain(received_on=f"{DAY} 08:00:00", **vals)
        )
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        return complaint

    def final(self, complaint):
        return (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(complaint.action_open_reply()["res_id"])
        )


@tagged("post_install", "-at_install")
class TestBeingSent(Mailing, DeliveryCase):
    """A mail counts from the moment it is sent, not from the moment somebody presses
    “Send”.
    """

    def test_reply_in_the_queue_is_being_sent_and_stamps_nothing(self):
        with freeze_time(f"{DAY} 09:00:00"), self.queued():
            complaint = self.ready_to_reply()
            reply = self.final(complaint)
            reply.action_send()
        self.assertEqual(
            (reply.state, reply.sent_on, complaint.state, complaint.next_step),
            ("sending", False, "executing", "wait"),
        )
        self.assertFalse({"responded", "replied"} & self.codes(complaint))
        self.assertIn("Being sent", complaint.mail_notice)
        self.assertIn(reply.subject, complaint.mail_notice)
        self.assertNotIn(
            reply.subject, [entry["subject"] for entry in complaint._correspondence()]
        )
        self.assertEqual(
            complaint.action_open_reply()["res_id"], reply.id
        )  # no second final reply
        with freeze_time(f"{DAY} 11:30:00"):
            self.run_queue()
        moment = fields.Datetime.to_datetime(f"{DAY} 11:30:00")
        self.assertEqual(
            (reply.state, reply.sent_on, complaint.state, complaint.replied_on),
            ("sent", moment, "replied", moment),
        )
        for code in ("responded", "replied"):
            stamp = self.rows(complaint, code, limit=False)
            self.assertEqual(
                (stamp.done_on, stamp.done_by_id, stamp.message_id),
                (moment, self.officer, reply.message_id),
                code,
            )
        self.assertFalse(complaint.mail_notice)
        self.assertEqual(
            self.states(complaint, "responded"), ["missed"]
        )  # due at 09:00, sent at 11:30

    def test_acknowledgement_is_stamped_when_it_is_sent(self):
        with freeze_time(f"{DAY} 09:00:00"), self.queued():
            complaint = self.complain(received_on=f"{DAY} 08:00:00")
        self.assertEqual(complaint.acknowledgement_state, "sending")
        self.assertNotIn("acknowledged", self.codes(complaint))
        with freeze_time(f"{DAY} 10:00:00"):
            self.run_queue()
        stamp = self.rows(complaint, "acknowledged", limit=False)
        self.assertEqual(
            (complaint.acknowledgement_state, str(stamp.done_on), stamp.done_by_id),
            ("sent", f"{DAY} 10:00:00", self.officer),
        )

    def test_acknowledgement_goes_to_the_address_of_the_complaint(self):
        self.customer.email = False
        complaint = self.complain(email="wang@northwind.example")
        self.assertEqual(complaint.acknowledgement_state, "sent")
        self.assertEqual(
            [mail["email_to"] for mail in self._mails], [["wang@northwind.example"]]
        )

    def test_mail_taken_out_of_the_queue_was_not_sent(self):
        for remove in ("unlink", "cancel"):
            with self.queued():
                complaint = self.complain()
                reply = self.write_to(complaint, "progress")
                reply.action_send()
            mails = (
                self.env["mail.mail"]
                .sudo()
                .search([("mail_message_id", "=", reply.message_id.id)])
            )
            getattr(mails, remove)()
            self.assertEqual(
                (reply.state, self.told(complaint).user_id),
                ("failed", self.officer),
                remove,
            )

    def test_final_reply_overtaken_by_new_work_is_told_not_lost(self):
        with self.queued():
            complaint = self.ready_to_reply()
            reply = self.final(complaint)
            reply.action_send()
            late = self.plan(complaint, "credit", amount=10.0)
        self.run_queue()
        self.assertEqual((reply.state, complaint.state), ("sent", "executing"))
        activity = complaint.sudo().activity_ids.filtered(
            lambda row: row.summary == "Sent, but not set to replied"
        )
        self.assertEqual(activity.user_id, self.officer)
        self.assertIn("execution of the remedy", activity.note)
        late.unlink()
        complaint.action_open_reply()
        self.assertEqual(
            (complaint.state, complaint.replied_on), ("replied", reply.sent_on)
        )

    def test_what_goes_wrong_in_the_complaint_never_sends_a_mail_twice(self):
        with self.queued():
            complaint = self.complain()
            reply = self.write_to(complaint, "progress")
            reply.action_send()
        broken = type(reply)._stamp_steps

        def fail(_reply):
            raise RuntimeError("database is busy")

        self.patch(type(reply), "_stamp_steps", fail)
        with self.assertLogs(
            "odoo.addons.quality_complaint.models.reply.complaint_mail", "ERROR"
        ):
            self.run_queue()
        mails = [mail for mail in self._mails if mail["subject"] == reply.subject]
        self.assertEqual((len(mails), reply.state), (1, "sending"))
        self.patch(type(reply), "_stamp_steps", broken)
        self.run_cron()
        self.assertEqual(reply.state, "sent")
        self.assertIn("progress_reported", self.codes(complaint))


@tagged("post_install", "-at_install")
class TestNotDelivered(Mailing, DeliveryCase):
    """A mail that is not delivered is no acknowledgement, no first response and no
    reply.
    """

    def test_refused_mail_stamps_nothing_and_tells_the_handler(self):
        for hindrance, reason in (
            (self.refusing, "550 refused"),
            (self.unreachable, "Connection refused"),
        ):
            with freeze_time(f"{DAY} 08:30:00"):
                complaint = self.complain(received_on=f"{DAY} 08:00:00")
                reply = self.write_to(complaint, "first_response")
                with (
                    hindrance(),
                    self.assertLogs("odoo", "ERROR")
                    if hindrance == self.refusing
                    else self.subTest(),
                ):
                    reply.action_send()
            self.assertEqual((reply.state, reply.sent_on), ("failed", False))
            self.assertIn(reason, reply.failure)
            self.assertNotIn("responded", self.codes(complaint))
            self.assertEqual(self.states(complaint, "responded"), ["running"])
            self.assertEqual(self.told(complaint).user_id, self.officer)
            self.assertIn("Not delivered", complaint.mail_notice)
            self.assertTrue(complaint.mail_failed)

    def test_it_is_sent_again_to_the_right_address_without_a_second_approval(self):
        complaint = self.complain()
        reply = self.write_to(complaint, "first_response")
        with self.unreachable():
            reply.action_send()
        for vals in ({"body": "x"}, {"subject": "x"}, {"recipient_id": False}):
            with self.assertRaisesRegex(Exception, "belongs to the file"):
                reply.write(vals)
        with self.assertRaisesRegex(Exception, "cannot be deleted"):
            reply.unlink()
        first = reply.message_id
        complaint.email = "right@northwind.example"
        reply.action_send()
        self.assertEqual((reply.state, reply.failure), ("sent", False))
        self.assertEqual(self._mails[-1]["email_to"], ["right@northwind.example"])
        self.assertTrue(first.exists())
        self.assertEqual(
            [entry["subject"] for entry in complaint._correspondence()].count(
                reply.subject
            ),
            1,
        )

    def test_it_may_go_as_a_letter_instead(self):
        complaint = self.complain()
        reply = self.write_to(complaint, "first_response")
        with self.unreachable():
            reply.action_send()
        reply.send_as = "letter"
        reply.action_send()
        self.assertEqual(reply.state, "sent")
        self.assertIn("responded", self.codes(complaint))

    def test_mail_retried_from_the_chatter_counts_after_all(self):
        complaint = self.complain()
        reply = self.write_to(complaint, "first_response")
        with self.unreachable():
            reply.action_send()
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "=", reply.message_id.id)])
        )
        mail.action_retry()
        mail.send()
        self.assertEqual(reply.state, "sent")
        self.assertIn("responded", self.codes(complaint))

    def test_acknowledgement_not_delivered_is_sent_again(self):
        with self.unreachable():
            complaint = self.complain()
        self.assertEqual(complaint.acknowledgement_state, "failed")
        self.assertNotIn("acknowledged", self.codes(complaint))
        complaint.action_acknowledge()
        self.assertEqual(complaint.acknowledgement_state, "sent")
        self.assertIn("acknowledged", self.codes(complaint))

    def test_bounce_takes_back_the_first_response_and_its_limit_runs_by_its_first_date(
        self,
    ):
        with freeze_time(f"{DAY} 08:30:00"):
            complaint = self.complain(received_on=f"{DAY} 08:00:00")
            reply = self.write_to(complaint, "first_response")
            reply.action_send()
        limit = self.rows(complaint, "responded")
        due = limit.due_on
        self.assertEqual((limit.state, reply.state), ("met", "sent"))
        with freeze_time(f"{DAY} 08:40:00"):
            self.bounce(reply.message_id, self.customer.email)
        stamp = self.rows(complaint, "responded", limit=False)
        self.assertEqual(
            (stamp.state, str(stamp.revoked_on), str(stamp.done_on)),
            ("cancelled", f"{DAY} 08:40:00", f"{DAY} 08:30:00"),
        )
        self.assertIn("User unknown", stamp.revoked_reason)
        self.assertEqual(
            (limit.state, limit.due_on, limit.done_on, limit.next_notice_on <= due),
            ("running", due, False, True),
        )
        self.assertEqual((reply.state, complaint.responded_on), ("failed", False))
        note = complaint.message_ids.filtered(
            lambda message: "does not count any more" in (message.body or "")
        )
        self.assertEqual(len(note), 1)
        self.assertIn("First response", note.body)
        self.assertIn("runs again", note.body)
        self.assertEqual(self.told(complaint).user_id, self.officer)
        with freeze_time(f"{DAY} 10:00:00"):
            reply.action_send()
        self.assertEqual(self.rows(complaint, "responded").mapped("state"), ["missed"])
        self.assertEqual(
            self.states(complaint, "responded", limit=False), ["cancelled", "met"]
        )

    def test_bounce_of_the_final_reply_returns_the_state_and_cancels_what_it_started(
        self,
    ):
        with freeze_time(f"{DAY} 09:00:00"):
            complaint = self.ready_to_reply()
        step = complaint.next_step
        with freeze_time("2026-03-03 09:00:00"):
            reply = self.final(complaint)
            reply.action_send()
        self.assertEqual(
            (complaint.state, complaint.revisit_ids.state, complaint.remedy_ids.state),
            ("replied", "planned", "done"),
        )
        case = complaint.sudo().deadline_ids.filtered(
            lambda row: row.limit_id.name == "Whole case"
        )
        first_due = case.due_on
        revisit = self.rows(complaint, "revisited")
        self.assertEqual(
            (case.state, revisit.state, bool(reply.due_on)), ("met", "running", True)
        )
        with freeze_time("2026-03-05 09:00:00"):
            self.bounce(reply.message_id, self.customer.email)
        self.assertEqual(
            (complaint.state, complaint.replied_on, complaint.round),
            ("executing", False, 1),
        )
        self.assertEqual(
            (complaint.revisit_ids.state, revisit.state, complaint.remedy_ids.state),
            ("cancelled", "cancelled", "approved"),
        )
        self.assertEqual((case.state, case.due_on), ("running", first_due))
        self.assertEqual(
            (reply.state, reply.due_on, reply.sent_on), ("failed", False, False)
        )
        self.assertFalse({"replied", "executed", "responded"} & self.codes(complaint))
        self.assertEqual(complaint.next_step, step)
        with freeze_time("2026-03-06 09:00:00"):
            complaint.email = "right@northwind.example"
            self.assertEqual(self.final(complaint), reply)
            reply.action_send()
        self.assertEqual(
            (complaint.state, case.state, str(case.done_on)),
            ("replied", "met", "2026-03-06 09:00:00"),
        )
        self.assertEqual(
            sorted(complaint.revisit_ids.mapped("state")), ["cancelled", "planned"]
        )
        self.assertEqual(
            sorted(self.states(complaint, "revisited")), ["cancelled", "running"]
        )

    def test_what_another_reply_has_done_goes_on_counting(self):
        with freeze_time(f"{DAY} 08:20:00"):
            complaint = self.complain(received_on=f"{DAY} 08:00:00")
            first = self.write_to(complaint, "first_response")
            first.action_send()
        with freeze_time(f"{DAY} 08:50:00"):
            self.write_to(
                complaint, "progress", method="oral", body="<p>Called</p>"
            ).action_send()
        with freeze_time(f"{DAY} 09:30:00"):
            self.bounce(first.message_id, self.customer.email)
        self.assertEqual(str(complaint.responded_on), f"{DAY} 08:50:00")
        self.assertEqual(self.states(complaint, "responded"), ["met"])

    def test_bounce_of_a_letter_the_customer_answered_changes_nothing(self):
        complaint = self.complain()
        offer = self.write_to(complaint, "offer", body="<p>10 %</p>")
        offer.action_send()
        offer.answer_note = "Yes"
        offer.action_accepted()
        self.bounce(offer.message_id, self.customer.email)
        self.assertEqual((offer.state, offer.answer), ("answered", "accepted"))
        self.assertIn("responded", self.codes(complaint))

    def test_silence_to_a_mail_that_never_arrived_is_no_answer_of_the_customer(self):
        with freeze_time(f"{DAY} 09:00:00"):
            complaint = self.complain()
            offer = self.write_to(complaint, "offer", body="<p>10 %</p>")
            offer.action_send()
        with freeze_time("2026-03-09 09:00:00"):
            self.run_cron()
            self.assertEqual(offer.answer, "none")
            self.bounce(offer.message_id, self.customer.email)
        self.assertEqual((offer.state, offer.answer), ("failed", False))

    def test_one_of_several_addresses_is_enough(self):
        complaint = self.complain(email="a@northwind.example, b@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.bounce(reply.message_id, "a@northwind.example")
        self.assertEqual(reply.state, "sent")
        self.bounce(reply.message_id, "b@northwind.example")
        self.assertEqual(reply.state, "failed")

    def test_bounce_that_names_no_address_is_that_of_the_only_one(self):
        complaint = self.complain(email="a@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.bounce(reply.message_id, "a@northwind.example", silent=True)
        self.assertEqual(reply.state, "failed")

    def test_letter_that_was_read_or_is_late_is_not_lost(self):
        """RFC 8098, RFC 3464: they come as reports too."""
        complaint = self.complain(email="a@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        message = reply.message_id
        self.returned(
            READ.format(
                id=message.id,
                email="a@northwind.example",
                message_id=message.message_id,
            )
        )
        self.assertEqual(reply.state, "sent")
        for action in ("delayed", "delivered", "relayed", "expanded"):
            with self.subTest(action=action):
                self.bounce(
                    message,
                    "a@northwind.example",
                    also={"Action: failed": f"Action: {action}"},
                )
                self.assertEqual(reply.state, "sent")
        self.assertFalse(self.told(complaint))
        self.bounce(message, "a@northwind.example")
        self.assertEqual(reply.state, "failed")

    def test_report_may_name_several_addresses(self):
        complaint = self.complain(email="a@northwind.example, b@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        block = "Final-Recipient: rfc822; {}@northwind.example\nAction: {}\n"
        late, lost = (
            block.format("a", "failed") + "\n" + block.format("b", action)
            for action in ("delayed", "failed")
        )
        said = block.format("a", "failed")
        self.bounce(reply.message_id, "a@northwind.example", also={said: late})
        self.assertEqual(reply.state, "sent")
        self.bounce(reply.message_id, "a@northwind.example", also={said: lost})
        self.assertEqual(reply.state, "failed")

    def test_letter_returned_with_a_text_alone_is_known_by_number_and_address(self):
        for server, title in (
            ("PostMaster@qq.com", "来自qq.com的退信"),
            ("Postmaster@163.com", "系统退信/Systems bounce"),
            ("postmaster@outlook.example", "Undeliverable: your complaint"),
        ):
            with self.subTest(server=server):
                complaint = self.complain(email="a@northwind.example")
                reply = self.write_to(complaint, "first_response")
                reply.action_send()
                self.assertIn(complaint.name, reply.subject)

                def back(email, title, server=server, reply=reply):
                    return self.returned(
                        TEXT_ALONE.format(
                            id=reply.id,
                            server=server,
                            title=title,
                            subject=reply.subject,
                            email=email,
                        )
                    )

                back("a@northwind.example", "系统退信: delayed, 重试")
                self.assertEqual(reply.state, "sent")
                self.assertFalse(back("a@northwind.example", title))
                self.assertEqual(reply.state, "failed")
                _state, reason = reply.message_id.sudo()._complaint_delivery()
                self.assertIn("Mailbox not found", reason)

    def test_number_that_another_company_has_too_hides_no_returned_letter(self):
        complaint = self.complain(email="a@northwind.example")
        other = self.env["res.company"].create({"name": "Later Works"})
        foreign = self.env["quality.complaint"].create(
            {
                "company_id": other.id,
                "partner_id": self.customer.id,
                "description": "x",
            }
        )
        foreign.action_register()
        self.assertEqual(foreign.name, complaint.name)
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.returned(
            TEXT_ALONE.format(
                id=reply.id,
                server="PostMaster@qq.com",
                title="来自qq.com的退信",
                subject=reply.subject,
                email="a@northwind.example",
            )
        )
        self.assertEqual(reply.state, "failed")

    def test_letter_returned_with_its_reference_is_known_by_it(self):
        complaint = self.complain(email="a@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        text = TEXT_ALONE.format(
            id=reply.id,
            server="PostMaster@qq.com",
            title="来自qq.com的退信",
            subject="another",
            email="nobody@northwind.example",
        )
        self.returned(
            text.replace(
                "MIME-Version",
                f"In-Reply-To: {reply.message_id.message_id}\nMIME-Version",
            )
        )
        self.assertEqual(reply.state, "failed")

    def test_letter_returned_by_a_mailer_daemon_is_found_too(self):
        complaint = self.complain(email="a@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.returned(
            TEXT_ALONE.format(
                id=reply.id,
                server="MAILER-DAEMON@mx.example",
                title="failure notice",
                subject=reply.subject,
                email="a@northwind.example",
            )
        )
        self.assertEqual(reply.state, "failed")

    def test_person_who_quotes_a_letter_returns_none(self):
        complaint = self.complain(email="a@northwind.example")
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.returned(
            TEXT_ALONE.format(
                id=reply.id,
                server="Buyer <a@northwind.example>",
                title="退信",
                subject=reply.subject,
                email="a@northwind.example",
            )
        )
        self.assertEqual(reply.state, "sent")

    def test_bounce_of_a_colleague_who_follows_is_none_of_the_customers(self):
        complaint = self.complain()
        complaint.sudo().message_subscribe(partner_ids=self.handler.partner_id.ids)
        reply = self.write_to(complaint, "first_response")
        reply.action_send()
        self.bounce(reply.message_id, self.handler.email)
        self.assertEqual(reply.state, "sent")

    def test_bounce_after_closing_is_told_and_does_not_open_the_file(self):
        complaint = self.ready_to_reply()
        reply = self.final(complaint)
        reply.action_send()
        complaint.revisit_ids._set_cancelled()
        complaint.sudo()._close()
        self.bounce(reply.message_id, self.customer.email)
        self.assertEqual((reply.state, complaint.state), ("failed", "closed"))
        self.assertFalse(
            complaint.sudo().deadline_ids.filtered(
                lambda row: row.state in ("running", "paused")
            )
        )
        self.assertIn("reopen it", self.told(complaint).note)

    def test_bounce_of_the_request_for_a_sample_ends_the_waiting_and_gives_no_time_back(
        self,
    ):
        with freeze_time(f"{DAY} 09:00:00"):
            complaint = self.complain(
                received_on=f"{DAY} 08:00:00", user_id=self.officer.id
            )
            complaint.action_start_investigation()
            investigation = complaint.investigation_ids
            investigation.method = "customer_sample"
            case = complaint.sudo().deadline_ids.filtered(
                lambda row: row.limit_id.name == "Whole case"
            )
            due = case.due_on
            reply = (
                self.env["quality.complaint.reply"]
                .with_user(self.officer)
                .browse(investigation.action_ask_sample()["res_id"])
            )
            reply.action_send()
        self.assertEqual(
            (complaint.waiting_for, investigation.sample_state, case.state),
            ("sample", "asked", "paused"),
        )
        with freeze_time("2026-03-06 09:00:00"):
            self.bounce(reply.message_id, self.customer.email)
        self.assertEqual(
            (complaint.waiting_for, investigation.sample_state, case.state),
            (False, "none", "running"),
        )
        self.assertEqual((case.due_on, case.paused_seconds), (due, 0))


@tagged("post_install", "-at_install")
class TestNoDeadLinks(Mailing, DeliveryCase):
    """The customer's button leads to their page; nobody else's mail has one that ends
    in “404”.
    """

    def bodies(self, email):
        return [mail["body"] for mail in self._mails if email in str(mail["email_to"])]

    def test_customer_gets_a_button_to_the_page_a_colleague_to_the_complaint(self):
        complaint = self.complain()
        complaint.sudo().message_subscribe(partner_ids=self.handler.partner_id.ids)
        self.write_to(complaint, "progress").action_send()
        for address in (self.customer.email, "wang@northwind.example"):
            for body in self.bodies(address):
                for link in ("/mail/unfollow", "/odoo/"):
                    self.assertNotIn(link, body)
        for body in self.bodies("wang@northwind.example"):
            self.assertNotIn("/mail/view", body)
        self.assertTrue(self.bodies(self.customer.email))
        for body in self.bodies(self.customer.email):
            self.assertIn("See Where It Stands", body)
            self.assertIn(complaint.sudo().access_token, body)
        self.assertEqual(complaint.access_url, f"/my/complaints/{complaint.id}")
        colleague = "".join(self.bodies(self.handler.email))
        self.assertIn("/mail/view", colleague)
        self.assertNotIn(complaint.sudo().access_token, colleague)

    def test_whoever_only_follows_gets_none(self):
        portal = self.env["res.users"].create(
            {
                "name": "Wang",
                "login": "wang",
                "partner_id": self.customer.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        complaint = self.complain()
        complaint.sudo().message_subscribe(
            partner_ids=(portal.partner_id | self.distributor).ids
        )
        self.write_to(complaint, "progress").action_send()
        self.assertTrue(self.bodies(self.distributor.email))
        for body in self.bodies(self.distributor.email):
            self.assertNotIn("/mail/view", body)
            self.assertNotIn(complaint.sudo().access_token or "-", body)
