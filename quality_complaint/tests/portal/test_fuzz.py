import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .fuzz import requests_of
from .test_intake import IntakeCase

SEED, COUNT = 20261129, 1_000
# requests in a row of one person
TURN = 50


@tagged("post_install", "-at_install")
class TestFuzz(IntakeCase):
    """Whatever is sent: no error of ours, and nothing of anybody else's."""

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def test_a_thousand_requests_break_and_reveal_nothing(self):
        self.other_complaint.write(
            {"description": "OTHERS-SECRET", "internal_note": "INTERNAL-SECRET"}
        )
        token = self.env["quality.complaint.intake.token"]._of(self.picking)
        ids = [
            self.complaint.id,
            self.other_complaint.id,
            self.letter.id,
            self.paper.id,
            self.secret.id,
            self.move_line.id,
        ]
        tokens = [self.complaint.access_token, token.token]
        self.env.flush_all()
        people = [self.people["own"], self.people["colleague"], self.employee, None]
        seen, csrf = {}, ""
        requests = requests_of(SEED, COUNT, ids, tokens)
        # nothing is sent, and there is no limit for what is tried
        limits = type(self.env["quality.complaint.intake.hit"])
        with patch.object(limits, "_count", lambda *_args: None):
            for n, (method, path, query, fields, files) in enumerate(requests):
                if n % TURN == 0:
                    who = people[n // TURN % len(people)]
                    self.authenticate(who and who.login, who and who.login)
                    form = self.url_open("/complaint/new").text
                    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
                response = self.opener.request(
                    method,
                    self.base_url() + path,
                    params=query,
                    data=fields and {**fields, "csrf_token": csrf},
                    files=files,
                    allow_redirects=False,
                    timeout=30,
                )
                self.assertLess(
                    response.status_code, 500, (n, method, path, query, fields)
                )
                seen[response.status_code] = seen.get(response.status_code, 0) + 1
                for secret in ("OTHERS-SECRET", "INTERNAL-SECRET", "cost of it"):
                    self.assertNotIn(secret, response.text, (n, method, path))
                self.assertNotIn("<script>alert(1)", response.text, (n, path))
        # they reached pages, not only refusals
        self.assertGreater(seen.get(200, 0), COUNT // 5, seen)
        self.env.invalidate_all()
        self.assertEqual(self.other_complaint.description, "OTHERS-SECRET")
        self.assertFalse(self.other_complaint.message_ids.filtered("author_guest_id"))
