import base64
import copy
import json
from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.quality_complaint.tools import without_remote

from .common import ComplaintCase, OnOneDay


@tagged("post_install", "-at_install")
class TestHostileFiles(ComplaintCase):
    """Every file somebody imports is answered in words, and nothing half made is
    left.
    """

    def texts(self, good):
        """Hostile versions of a good file."""
        yield from (
            "",
            " ",
            "null",
            "[]",
            "3",
            '"x"',
            "{",
            "NaN",
            "[" * 100000,
            '{"a":' * 5000,
            "\x00",
            '{"format": "quality_complaint.policy/1"}',
        )
        yield json.dumps({**good, "format": ["quality_complaint.policy/1"]})
        for key in good:
            for value in (None, 1, "x", [1], {"a": {"b": []}}, float("nan"), 10**400):
                yield json.dumps({**good, key: value})

    def policy_texts(self):
        good = json.loads(self.policy._export_text())
        yield from self.texts(good)
        for name in good["policy"]:
            for value in (
                float("nan"),
                [1],
                {"en_US": 3},
                1e308,
                -1,
                999999,
                "x\x00",
                10**400,
            ):
                bad = copy.deepcopy(good)
                bad["policy"][name] = value
                bad["tables"] = {}
                yield json.dumps(bad)
        for table, rows in good["tables"].items():
            for name in rows[0] if rows else ():
                for value in (float("nan"), {"a": []}, 1e308, "x\x00"):
                    bad = copy.deepcopy(good)
                    bad["tables"] = {table: rows[:1]}
                    bad["tables"][table][0][name] = value
                    yield json.dumps(bad)

    @mute_logger("odoo.sql_db")
    def answers(self, model, texts):
        """Errors that are no answer in words."""
        silent = []
        for text in texts:
            with self.cr.savepoint():
                try:
                    self.env[model]._import_text(text)
                    self.env.flush_all()
                except UserError as error:
                    self.assertTrue(str(error).strip())
                except Exception as error:  # noqa: BLE001  # whatever it is, it is no answer
                    silent.append((text[-80:], repr(error)[:200]))
            self.env.invalidate_all(flush=False)
        return silent

    def test_policy_files(self):
        self.assertEqual(
            self.answers("quality.complaint.policy", self.policy_texts()), []
        )

    def test_files_of_8d_reports(self):
        lot = self.make_lot("H-1", quantity=20)
        self.sell({lot: 10})
        complaint = self.make_complaint(lot_ref=lot.name)
        complaint.action_start_8d()
        good = json.loads(json.dumps(complaint.eight_d_id._export_json()))
        texts = [*self.texts(good)]
        for part in ("report", "d0", "d2", "d3", "d8"):
            for name in good[part]:
                for value in (float("nan"), 1e308, [[]], 10**400, "9999-12-31"):
                    bad = copy.deepcopy(good)
                    bad[part][name] = value
                    texts.append(json.dumps(bad))
        self.assertEqual(self.answers("quality.8d", texts), [])

    def test_nonsense_figures_are_not_taken_over(self):
        good = json.loads(self.policy._export_text())
        good["policy"]["retention_years"] = 999999
        with self.assertRaisesRegex(UserError, "Retention.*at most 100"):
            self.env["quality.complaint.policy"]._import_text(json.dumps(good))

    def test_an_empty_or_binary_file(self):
        for model in ("quality.complaint.policy.import", "quality.8d.import"):
            for content in (
                False,
                base64.b64encode(b""),
                base64.b64encode(b"\xff\xfe\x00"),
            ):
                with (
                    self.subTest(model=model, content=content),
                    self.assertRaises(UserError),
                ):
                    self.env[model].create(
                        {"file": content, "file_name": "x.json"}
                    ).action_import()


@tagged("post_install", "-at_install")
class TestPressedByTwo(ComplaintCase):
    """Whoever comes second is told so in words."""

    def test_somebody_else_is_at_it(self):
        lot = self.make_lot("T-1", quantity=20)
        self.sell({lot: 10})
        complaint = self.make_complaint(lot_ref=lot.name)
        reply = self.env["quality.complaint.reply"].create(
            {
                "complaint_id": complaint.id,
                "kind": "progress",
                "method": "oral",
                "body": "<p>x</p>",
            }
        )
        with patch.object(
            type(complaint),
            "lock_for_update",
            side_effect=LockError("Cannot grab a lock on records"),
        ):
            for press in (
                complaint.action_start_8d,
                reply.action_send,
                lambda: complaint.action_reopen("Again"),
            ):
                with self.assertRaisesRegex(
                    UserError,
                    f"Somebody else is working on {complaint.name} at this moment. "
                    "Look again in a few seconds.",
                ):
                    press()


@tagged("post_install", "-at_install")
class TestPrintedLetter(OnOneDay, TransactionCase):
    """A printed page fetches nothing from the network."""

    def test_remote_pictures_and_styles_are_left_out(self):
        page = """<html><head><link rel="stylesheet" href="/web/assets/x.css"/><link rel="stylesheet" href="https://evil.example/x.css"/>
            <style>@import "https://evil.example/y.css"; p { background: url(//evil.example/p.png) }</style></head><body>
            <p style="color: red; background: url('https://evil.example/a.png')">Text <img src="https://evil.example/b.png" alt="Logo"/> after</p>
            <img src="data:image/png;base64,AAAA"/><img src="/web/image/3"/><img src="http://own.example/web/image/4"/>
            <img srcset="https://evil.example/c.png 2x" src="/web/image/5"/><img src="//evil.example/d.png"/><img src="/\\evil.example/e.png"/>
            <table background="https://evil.example/f.png"><tr><td>1</td></tr></table><iframe src="file:///etc/passwd"></iframe>
            <svg><image href="https://evil.example/g.png"/></svg><a href="https://evil.example/page">link</a></body></html>"""  # noqa: E501
        clean = without_remote(page, own=["http://own.example"])
        self.assertNotIn(
            "evil.example", clean.replace('<a href="https://evil.example/page">', "")
        )
        self.assertNotIn("/etc/passwd", clean)
        for kept in (
            "data:image/png;base64,AAAA",
            "/web/image/3",
            "own.example/web/image/4",
            "/web/assets/x.css",
            "Logo after",
            "color: red",
        ):
            self.assertIn(kept, clean)

    def test_every_printed_form_of_ours_goes_through_it(self):
        report = self.env.ref("quality_complaint.action_report_reply_letter")
        html = '<html><body><main><div class="article" data-oe-model="x" data-oe-id="1"><img src="https://evil.example/b.png"/>Dear</div></main></body></html>'  # noqa: E501
        bodies = report._prepare_html(html, report_model="quality.complaint.reply")[0]
        self.assertIn("Dear", str(bodies[0]))
        self.assertNotIn("evil.example", str(bodies[0]))
