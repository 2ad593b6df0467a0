"""Mails in tests: they leave by a mocked mail server, which may refuse them; bounces
come by the gateway.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MockEmail

from ..common import OnOneDay

BOUNCE = """Return-Path: <>
X-Original-To: bounce@company.example
Received: by mail.northwind.example (Postfix) id 83AB; Mon, 2 Mar 2026 10:00:00 +0100 (CET)
Date: Mon, 2 Mar 2026 10:00:00 +0100 (CET)
From: MAILER-DAEMON@mail.northwind.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounce@company.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="83AB.1/mail.northwind.example"
Message-Id: <{id}@mail.northwind.example>

--83AB.1/mail.northwind.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

550 5.1.1 <{email}>: Recipient address rejected: User unknown

--83AB.1/mail.northwind.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.northwind.example

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.1.1

--83AB.1/mail.northwind.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: office@company.example
To: {email}
Subject: Reply
Message-Id: {message_id}

x
--83AB.1/mail.northwind.example--
"""  # noqa: E501

READ = """From: Buyer <{email}>
To: office@company.example
Subject: Read: Reply
In-Reply-To: {message_id}
References: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn"
Message-Id: <read-{id}@northwind.example>

--mdn
Content-Type: text/plain; charset=utf-8

Your message was read on Monday.

--mdn
Content-Type: message/disposition-notification

Final-Recipient: rfc822; {email}
Original-Message-ID: {message_id}
Disposition: manual-action/MDN-sent-manually; displayed

--mdn--
"""
# as the servers of QQ and 163 send it: no report, no reference
TEXT_ALONE = """From: {server}
To: office@company.example
Subject: {title}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Message-Id: <{id}-back@mx.example>

<p>很抱歉，您的邮件被退回。</p><p>主题：{subject}</p><p>收件人：{email}</p>
<p>550 Mailbox not found</p>
"""


class Mailing(OnOneDay, MockEmail):
    """Put before the test case: what is mailed in its tests is really sent, to a mocked
    server.
    """

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway(mail_unlink_sent=True))

    @contextmanager
    def queued(self):
        """Mails wait for the mail queue, as under load."""
        with patch.object(
            type(self.env["mail.mail"]), "send_after_commit", lambda mails: None
        ):
            yield

    @contextmanager
    def refusing(self, error=None):
        """The mail server takes no mail."""
        error = error or MailDeliveryException("Mail Delivery Failed", "550 refused")

        def send_email(*_args, **_options):
            raise error

        with patch.object(type(self.env["ir.mail_server"]), "send_email", send_email):
            yield

    @contextmanager
    def unreachable(self):
        """There is no mail server."""

        def connect(*_args, **_options):
            raise ConnectionRefusedError("Connection refused")

        with patch.object(type(self.env["ir.mail_server"]), "_connect__", connect):
            yield

    def run_queue(self):
        """The scheduled action of the mail queue."""
        self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()

    def bounce(self, message, email, silent=False, also=None):
        """The mail comes back to the gateway hours or days later.

        :param bool silent: the mail server does not say which address it was
        :param dict also: what stands otherwise in it, `{old: new}`
        """
        text = BOUNCE.format(id=message.id, email=email, message_id=message.message_id)
        if silent:
            text = text.replace(f"Final-Recipient: rfc822; {email}\n", "")
        for old, new in (also or {}).items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.returned(text)

    def returned(self, text):
        """A raw mail comes to the gateway.

        :return: id of what it opened or joined, or False
        """
        thread = self.env["mail.thread"].sudo()
        found = thread.message_process("quality.complaint", text)
        self.env.flush_all()
        return found
