from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.portal.person import Person
from .portal_case import PNG, PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    """What customers see and do, and nobody else."""

    def test_page_says_what_is_theirs_and_nothing_of_ours(self):
        text = self.page(f"/my/complaints/{self.complaint.id}", self.people["own"]).text
        for expected in (
            self.complaint.name,
            "Scratched all over",
            "P-1",
            "Please answer",
            "We take the goods back.",
            "Received",
            "offer.txt",
        ):
            self.assertIn(expected, text)
        for hidden in (
            "INTERNAL-SECRET",
            "TALK AMONG US",
            "secret.txt",
            "Olga Officer",
            "10.00",
        ):
            self.assertNotIn(hidden, text)

    def test_who_reaches_what(self):
        """A matrix: route by person and token; whoever has no business there learns not
        even that there is something.
        """
        one, other = self.complaint, self.other_complaint
        page = f"/my/complaints/{one.id}"
        paper = f"{page}/file/{self.paper.id}"
        people = self.people | {"employee": self.employee, "nobody": None}
        right, wrong, foreign = one.access_token, "x" * 36, other.access_token
        for who, token, expected in (
            ("own", None, 200),
            ("colleague", None, 200),
            ("other", None, 404),
            ("employee", None, 404),
            ("nobody", None, 404),
            ("nobody", right, 200),
            ("nobody", wrong, 404),
            ("nobody", foreign, 404),
            ("nobody", "", 404),
            ("other", right, 200),
            ("other", foreign, 404),
        ):
            query = f"?access_token={token}" if token is not None else ""
            for path in (page, paper):
                with self.subTest(who=who, token=token, path=path):
                    response = self.page(path + query, people[who])
                    self.assertEqual(response.status_code, expected)
        # a file that is not of this page is not found, whoever asks
        for file in (self.secret, self.env["ir.attachment"].search([], limit=1)):
            self.assertEqual(
                self.page(
                    f"{page}/file/{file.id}?access_token={right}", self.people["own"]
                ).status_code,
                404,
            )
        self.assertEqual(
            self.page("/my/complaints/99999999", self.people["own"]).status_code, 404
        )
        # the list asks for a login
        self.assertEqual(self.page("/my/complaints").status_code, 303)
        one.sudo()._advance({"anonymised_on": "2026-11-01 00:00:00"})
        self.env.flush_all()
        self.assertEqual(self.page(page, self.people["own"]).status_code, 404)

    def test_a_token_reads_and_does_nothing(self):
        page = f"/my/complaints/{self.complaint.id}"
        text = self.page(f"{page}?access_token={self.complaint.access_token}").text
        self.assertIn("Mail me a code", text)
        self.assertNotIn("I agree", text)
        self.assertNotIn("Read and sign", text)
        for path in (f"{page}/answer/{self.letter.id}", f"{page}/message"):
            response = self.post(
                path,
                self.people["other"],
                access_token=self.complaint.access_token,
                answer="accepted",
                text="Hello",
            )
            self.assertEqual(response.status_code, 404)
        self.assertFalse(self.letter.answer)

    def test_list_holds_their_own(self):
        for who, there, gone in (
            ("own", self.complaint, self.other_complaint),
            ("other", self.other_complaint, self.complaint),
        ):
            text = self.page("/my/complaints", self.people[who]).text
            self.assertIn(there.name, text)
            self.assertNotIn(gone.name, text)
        own = self.people["own"]
        self.assertIn(
            self.complaint.name, self.page("/my/complaints?search=P-1", own).text
        )
        self.assertNotIn(
            self.complaint.name, self.page("/my/complaints?search=zzz", own).text
        )
        self.assertNotIn(
            self.complaint.name, self.page("/my/complaints?filterby=over", own).text
        )
        home = self.page("/my", own).text
        self.assertIn("/my/complaints", home)

    def test_company_may_let_its_people_see_their_own_alone(self):
        own, colleague = self.people["own"], self.people["colleague"]
        page = f"/my/complaints/{self.complaint.id}"
        self.customer.complaint_scope = "own"
        self.complaint.partner_id = own.partner_id
        self.env.flush_all()
        self.assertEqual(self.page(page, own).status_code, 200)
        self.assertEqual(self.page(page, colleague).status_code, 404)
        self.assertNotIn(
            self.complaint.name, self.page("/my/complaints", colleague).text
        )
        # invited to follow
        self.complaint.message_subscribe(partner_ids=colleague.partner_id.ids)
        self.env.flush_all()
        self.assertEqual(self.page(page, colleague).status_code, 200)
        # who follows from elsewhere is not of the customer
        self.complaint.message_subscribe(
            partner_ids=self.people["other"].partner_id.ids
        )
        self.env.flush_all()
        self.assertEqual(self.page(page, self.people["other"]).status_code, 404)

    def test_until_it_is_taken_over_they_correct_or_withdraw_it(self):
        new = self.make_complaint(register=False, partner_id=self.customer.id)
        new._advance({"portal_key": uuid4().hex})
        self.env.flush_all()
        path, own = f"/my/complaints/{new.id}/correct", self.people["own"]
        self.assertIn("say what is wrong", self.post(path, own, text=" ").text)
        self.post(path, own, text="Scratched on both sides")
        self.env.invalidate_all()
        self.assertEqual(new.description, "Scratched on both sides")
        told = " ".join(new.message_ids.mapped("body"))
        self.assertIn("Before: Scratched surface", told)
        registered = f"/my/complaints/{self.complaint.id}/correct"
        text = self.post(registered, own, text="Other").text
        self.assertIn("being worked on already", text)
        text = self.post(registered, own, withdraw="1").text
        self.assertIn("being worked on already", text)
        other = self.post(path, self.people["other"], withdraw="1")
        self.assertEqual(other.status_code, 404)
        self.post(path, own, withdraw="1")
        self.env.invalidate_all()
        self.assertEqual((new.state, new.name), ("cancelled", False))
        self.assertNotEqual(self.complaint.state, "cancelled")

    def test_quantities_are_corrected_up_to_what_was_delivered(self):
        new = self.make_complaint(
            register=False, partner_id=self.customer.id, lot_ref=self.lot.name
        )
        new.line_ids.write({"move_line_id": self.move_line.id, "quantity": 2})
        new._advance({"portal_key": uuid4().hex})
        self.env.flush_all()
        path, own = f"/my/complaints/{new.id}/correct", self.people["own"]
        field = f"quantity_{new.line_ids.id}"
        self.assertIn(
            f'name="{field}"', self.page(f"/my/complaints/{new.id}", own).text
        )
        said = {"text": new.description}
        for quantity, refused in (
            ("0", "how many are faulty"),
            ("7", "of this delivery at most 6 Units"),
        ):
            self.assertIn(
                refused, self.post(path, own, **said, **{field: quantity}).text
            )
        # in the language of who reads it, whatever colleagues read
        with self.assertRaisesRegex(UserError, "尚可投诉的数量最多为 6"):
            new.sudo().with_context(lang="zh_CN")._portal_correct(
                new.description,
                Person("Pia Portal", "qc_pia", "192.0.2.7"),
                {new.line_ids.id: 7.0},
            )
        # lines of others are no lines of this complaint
        others = self.other_complaint.line_ids
        self.post(path, own, **said, **{field: "5.5", f"quantity_{others.id}": "1"})
        self.env.invalidate_all()
        self.assertEqual(
            (new.line_ids.quantity, others.quantity, new.description),
            (5.5, 0, "Scratched surface"),
        )
        told = " ".join(new.message_ids.mapped("body"))
        self.assertRegex(told, r"Before: 2 Units of .*\(P-1\)")

    def test_customer_accepts_an_offer_once(self):
        path = f"/my/complaints/{self.complaint.id}/answer/{self.letter.id}"
        response = self.post(path, self.people["colleague"], answer="accepted", note="")
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(
            (self.letter.answer, self.letter.answered_by),
            ("accepted", "Carl Colleague"),
        )
        self.assertIn(
            "The customer agrees: Our offer",
            self.complaint.activity_ids.mapped("summary"),
        )
        again = self.post(path, self.people["own"], answer="objected", note="No")
        self.assertIn("answered already", again.text)
        self.env.invalidate_all()
        self.assertEqual(self.letter.answer, "accepted")

    def test_objection_needs_its_reason(self):
        path = f"/my/complaints/{self.complaint.id}/answer/{self.letter.id}"
        own = self.people["own"]
        text = self.post(path, own, answer="objected", note=" ").text
        self.assertIn("tell us what you object to", text)
        text = self.post(path, own, answer="whatever", note="x").text
        self.assertIn("whether you agree or object", text)
        self.env.invalidate_all()
        self.assertFalse(self.letter.answer)
        self.post(path, own, answer="objected", note="The freight is missing")
        self.env.invalidate_all()
        self.assertEqual(
            (self.letter.answer, self.letter.answer_note),
            ("objected", "The freight is missing"),
        )

    def test_customer_writes_with_a_photo(self):
        path = f"/my/complaints/{self.complaint.id}/message"
        own = self.people["own"]
        response = self.post(
            path,
            own,
            text="It got <b>worse</b>",
            files={"files": ("rust.png", PNG, "image/png")},
        )
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        message = self.complaint.message_ids[0]
        self.assertEqual(message.author_id, own.partner_id)
        self.assertIn("&lt;b&gt;worse", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["rust.png"])
        self.assertEqual(
            self.complaint.activity_ids.filtered(
                lambda row: row.summary == "The customer has written"
            ).user_id,
            self.officer,
        )
        page = self.page(f"/my/complaints/{self.complaint.id}", own).text
        self.assertIn("rust.png", page)
        refused = self.post(
            path,
            own,
            text="A program",
            files={
                "files": ("run.exe", b"MZ" + b"\0" * 200, "application/x-msdownload")
            },
        )
        self.assertIn("of a kind that is not accepted", refused.text)
        self.env.invalidate_all()
        self.assertEqual(self.complaint.message_ids[0], message)

    def filed(self, who, key=None, **data):
        return self.post(
            "/my/complaints/new",
            self.people[who],
            key=key or uuid4().hex,
            **{"description": "Bent", **data},
        )

    def new_ones(self):
        self.env.invalidate_all()
        return self.env["quality.complaint"].search(
            [("portal_key", "!=", False)], order="id"
        )

    def test_complaint_is_filed_from_a_delivery(self):
        form = self.page("/my/complaints/new", self.people["own"]).text
        self.assertIn(f"quantity_{self.move_line.id}", form)
        self.assertIn("up to 6", form)
        self.assertNotIn(
            f"quantity_{self.move_line.id}",
            self.page("/my/complaints/new", self.people["other"]).text,
        )
        response = self.filed(
            "own",
            **{
                f"quantity_{self.move_line.id}": "2,5",
                "defect_id": str(self.scratch.id),
                "customer_ref": "R-77",
                "state": "closed",
                "user_id": str(self.officer.id),
                "company_id": "1",
            },
        )
        complaint = self.new_ones()
        self.assertEqual(
            response.headers["Location"].split("?")[0].split("/")[-1],
            str(complaint.id),
        )
        self.assertEqual(
            (
                complaint.state,
                complaint.partner_id,
                complaint.company_id,
                complaint.customer_ref,
                complaint.channel_id.code,
                complaint.user_id.id,
            ),
            (
                "registered",
                self.people["own"].partner_id,
                self.company,
                "R-77",
                "portal",
                False,
            ),
        )
        line = complaint.line_ids
        self.assertEqual(
            (line.move_line_id, line.lot_id, line.quantity, line.defect_id),
            (self.move_line, self.lot, 2.5, self.scratch),
        )
        self.assertTrue(complaint.name)

    def test_double_click_files_it_once(self):
        key = uuid4().hex
        goods = {f"quantity_{self.move_line.id}": "1"}
        first, second = self.filed("own", key, **goods), self.filed("own", key, **goods)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.new_ones()), 1)

    def test_what_is_wrong_is_said_and_nothing_is_lost(self):
        line = f"quantity_{self.move_line.id}"
        for data, expected in (
            ({}, "Choose the goods you complain of"),
            ({line: "-1"}, "Choose the goods you complain of"),
            ({line: "nan"}, "Choose the goods you complain of"),
            ({line: "7"}, "of this delivery at most 6 Units"),
            ({line: "1", "description": " "}, "say what is wrong"),
            ({f"quantity_{self.move_line.id + 10**6}": "1"}, "not delivered to you"),
        ):
            with self.subTest(expected=expected, data=data):
                text = self.filed("own", customer_ref="KEPT-REF", **data).text
                self.assertIn(expected, text)
                self.assertIn("KEPT-REF", text)
        self.assertFalse(self.new_ones())
        # goods of somebody else
        text = self.filed("other", **{line: "1"}).text
        self.assertIn("not delivered to you", text)
        self.assertFalse(self.new_ones())

    def test_goods_complained_of_already_say_so(self):
        self.complaint.sudo().line_ids.quantity = 10
        self.env.flush_all()
        text = self.page("/my/complaints/new", self.people["own"]).text
        self.assertIn("Complained of already", text)
        self.assertIn(self.complaint.name, text)
        self.assertNotIn(f'name="quantity_{self.move_line.id}"', text)
        # whoever sees their own complaints alone learns no number of a colleague's
        self.customer.complaint_scope = "own"
        self.env.flush_all()
        text = self.page("/my/complaints/new", self.people["colleague"]).text
        self.assertIn("Complained of already", text)
        self.assertNotIn(self.complaint.name, text)

    def test_what_the_policy_asks_is_left_to_an_officer(self):
        self.env["quality.complaint.requirement"].create(
            {
                "policy_id": self.policy.copy({"active": True}).id,
                "field_name": "usage_scene",
                "before": "register",
            }
        )
        policy = (
            self.env["quality.complaint.requirement"]
            .search([], order="id desc", limit=1)
            .policy_id
        )
        self.company.complaint_policy_id = policy
        self.env["quality.complaint.team"].search([]).leader_id = self.officer
        self.env.flush_all()
        self.filed("own", **{f"quantity_{self.move_line.id}": "1"})
        complaint = self.new_ones()
        self.assertEqual((complaint.state, complaint.name), ("new", False))
        text = self.page(f"/my/complaints/{complaint.id}", self.people["own"]).text
        self.assertIn("You get its number as soon as it is registered", text)

    def test_letter_leads_to_the_page(self):
        groups = self.complaint._notify_get_recipients_groups(
            self.env["mail.message"], "Complaint"
        )
        buttons = {
            name: options.get("has_button_access") for name, _f, options in groups
        }
        self.assertTrue(buttons["portal_customer"])
        self.assertFalse(buttons["portal"])
        self.assertFalse(buttons["customer"])

    def test_answers_are_whitelisted_by_the_model_too(self):
        with self.assertRaisesRegex(UserError, "whether you agree"):
            self.letter.with_user(self.people["own"]).sudo()._portal_answer(
                "none", "", Person("Pia", "qc_pia", "::1")
            )
