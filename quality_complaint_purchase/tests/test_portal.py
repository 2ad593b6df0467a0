from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.quality_complaint.tests.portal.portal_case import PNG

from .common import SupplierWorld


@tagged("post_install", "-at_install")
class TestSupplierPortal(SupplierWorld, HttpCase):
    """Suppliers answer our complaints and fill in their 8D report themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.build_suppliers()
        cls.buy({"S-1": 50})
        lot = cls.env["stock.lot"].search([("name", "=", "S-1")])
        cls.sell({lot: 10})
        cls.complaint = cls.make_complaint(
            lot_ref="S-1", user_id=cls.officer.id, internal_note="INTERNAL-SECRET"
        )
        cls.complaint.action_supplier_complaint()
        cls.case = cls.complaint.chargeback_ids
        cls.case.write({"asks_8d": True, "description": "Cracks at the edge"})
        cls.case.action_mark_sent()
        cls.mill = cls.invited("Mia Mill", cls.vendor)
        cls.second = cls.invited("Sam Second", cls.other_vendor)
        cls.buyer = cls.invited("Pia Portal", cls.customer)
        cls.path = f"/my/supplier-complaints/{cls.case.id}"
        cls.env.flush_all()

    @classmethod
    def invited(cls, name, company):
        login = f"qcp_{name.split()[0].lower()}"
        user = new_test_user(cls.env, login, "base.group_portal", name=name)
        user.partner_id.parent_id = company
        return user

    def page(self, path, who):
        self.authenticate(who and who.login, who and who.login)
        return self.url_open(path, allow_redirects=False)

    def post(self, path, who, files=None, **data):
        self.authenticate(who.login, who.login)
        form = self.url_open("/my/complaints/new").text
        csrf = form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        return self.url_open(
            path, data={"csrf_token": csrf, **data}, files=files, allow_redirects=False
        )

    def test_supplier_sees_what_is_theirs_and_nothing_of_the_customer(self):
        text = self.page(self.path, self.mill).text
        for expected in (self.case.name, "Cracks at the edge", "S-1", "D4 Root cause"):
            self.assertIn(expected, text)
        for hidden in (
            "INTERNAL-SECRET",
            self.customer.name,
            self.complaint.name,
            "Olga Officer",
        ):
            self.assertNotIn(hidden, text)
        self.assertIn(
            self.case.name, self.page("/my/supplier-complaints", self.mill).text
        )
        self.assertNotIn(
            self.case.name, self.page("/my/supplier-complaints", self.second).text
        )

    def test_who_reaches_what(self):
        step = self.case.step_ids[0]
        draft = self.case.copy()
        self.env.flush_all()
        for who in (self.second, self.buyer, self.employee, self.officer):
            for path in (self.path, f"{self.path}/form", f"{self.path}/file/1"):
                self.assertEqual(
                    self.page(path, who).status_code, 404, (who.name, path)
                )
            for path in (f"{self.path}/answer", f"{self.path}/step/{step.id}"):
                response = self.post(path, who, answer="accepted", text="x")
                self.assertEqual(response.status_code, 404, (who.name, path))
        self.assertEqual(self.page(self.path, None).status_code, 303)
        self.assertEqual(
            self.page(f"/my/supplier-complaints/{draft.id}", self.mill).status_code, 404
        )
        self.env.invalidate_all()
        self.assertEqual((self.case.state, step.state), ("sent", "open"))

    def test_answer_is_theirs_and_counts_once(self):
        path = f"{self.path}/answer"
        self.assertIn(
            "say why you refuse", self.post(path, self.mill, answer="refused").text
        )
        text = self.post(path, self.mill, answer="partly", share="100").text
        self.assertIn("accepted in part means", text)
        text = self.post(path, self.mill, answer="none", note="x").text
        self.assertIn("accept in part or refuse", text)
        self.post(
            path,
            self.mill,
            {"files": ("edge.png", PNG)},
            answer="partly",
            share="40",
            note="The rest was the carrier",
        )
        self.env.invalidate_all()
        self.assertEqual(
            (
                self.case.state,
                self.case.answer,
                self.case.agreed_share,
                self.case.answer_note,
                self.case.attachment_ids.mapped("name"),
            ),
            ("answered", "partly", 40.0, "The rest was the carrier", ["edge.png"]),
        )
        self.assertIn(
            self.officer,
            self.case.activity_ids.filtered(
                lambda row: "has answered" in (row.summary or "")
            ).user_id,
        )
        again = self.post(path, self.mill, answer="accepted")
        self.assertIn("answered already", again.text)

    def test_steps_are_handed_in_and_accepted_or_returned(self):
        step = self.case.step_ids.filtered(lambda row: row.code == "D4")
        path = f"{self.path}/step/{step.id}"
        self.assertIn("fill in D4", self.post(path, self.mill, text=" ").text)
        text = self.post(
            path, self.mill, {"files": ("x.html", b"<script>x</script>")}, text="Roll"
        ).text
        self.assertIn("kind that is not accepted", text)
        self.assertIn("Roll</textarea>", text)
        self.post(path, self.mill, text="The roll was worn")
        self.env.invalidate_all()
        self.assertEqual(
            (step.state, step.text, step.submitted_by),
            ("submitted", "The roll was worn", "Mia Mill"),
        )
        self.assertIn("being checked", self.post(path, self.mill, text="No").text)
        self.env.invalidate_all()
        officers = step.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "What Is Missing"):
            officers.action_return()
        officers.note = "Why was it not found?"
        officers.action_return()
        self.assertEqual((step.state, step.decided_by_id), ("returned", self.officer))
        told = self.case.message_ids[0]
        self.assertIn("Why was it not found?", told.body)
        self.assertIn(self.vendor, told.partner_ids)
        self.env.flush_all()
        self.assertIn("Why was it not found?", self.page(self.path, self.mill).text)
        self.post(path, self.mill, text="Worn, and the gauge was off")
        self.env.invalidate_all()
        officers.action_accept()
        self.assertEqual(step.state, "accepted")
        with self.assertRaisesRegex(UserError, "decided already"):
            officers.action_return()
        with self.assertRaises(UserError):
            officers.text = "Ours"
        with self.assertRaises(AccessError):
            step.with_user(self.employee).read(["text"])

    def test_supplier_answers_on_the_phone(self):
        """In a real browser: the answer, a step, and what we want to know more of."""
        self.browser_size = "390x844"
        self.touch_enabled = True
        self.start_tour(
            "/my", "quality_complaint_purchase_supplier_answers", login="qcp_mia"
        )
        step = self.case.step_ids.filtered(lambda row: row.code == "D4")
        self.assertEqual(
            (self.case.answer, self.case.agreed_share, step.state, step.text),
            ("partly", 40.0, "submitted", "The roll was worn"),
        )
        officers = step.with_user(self.officer)
        officers.note = "Why was it not found?"
        officers.action_return()
        self.env.flush_all()
        self.start_tour(
            self.path, "quality_complaint_purchase_supplier_completes", login="qcp_mia"
        )
        self.assertEqual(
            (step.state, step.text), ("submitted", "Worn, and the gauge was off")
        )
