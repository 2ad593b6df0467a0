from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import ComplaintCase
from ..reply.mailing import Mailing

RECEIVED, WORKED, CLOSED, LATER = (
    "2026-03-02 08:00:00",
    "2026-03-02 08:20:00",
    "2026-03-10 09:00:00",
    "2029-03-11 08:00:00",
)
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
# what is counted, and by what
FIGURES = ("__count", "satisfaction:avg", "loss_amount:sum")
GROUPS = (
    "product_id",
    "lot_id",
    "defect_id",
    "severity_id",
    "cause_id",
    "responsible_id",
    "received_on:month",
    "closed_on:month",
    "demand",
    "channel_id",
)


class RetentionCase(Mailing, ComplaintCase):
    """A closed complaint of a contact person, and ways to look at what is left of
    it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.env.ref("quality_complaint.role_management").user_ids = cls.manager
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Lisa Bergmann",
                "parent_id": cls.customer.id,
                "email": "lisa@northwind.example",
                "phone": "+49 30 5551234",
            }
        )
        cls.person = cls.env["res.partner"].create(
            {
                "name": "王小明",
                "email": "xm.wang@home.example",
                "phone": "138 0013 8000",
            }
        )

    @classmethod
    def finished(cls, partner, **vals):
        """A complaint from receipt to closing, with a return, a refund, a reply and a
        revisit.
        """
        with freeze_time(RECEIVED):
            lot = cls.make_lot(f"R-{partner.id}-{len(vals)}", quantity=20)
            cls.sell({lot: 10}, partner=partner)
            complaint, remedy = cls.executed(lot, quantity=4)
        with freeze_time(WORKED):
            complaint.write(
                {
                    "partner_id": partner.id,
                    "complainant": "Ms. Lisa Bergmann",
                    "customer_ref": "NM-88",
                    "loss_amount": 120.0,
                    "demand": "return",
                    "demand_note": "Now",
                    "usage_scene": "In her flat",
                    "validity_reason": "She is right",
                    "internal_note": "<p>Difficult person</p>",
                    "root_cause": "Roller 3; reported by Bergmann on +49 (30) 555-1234",
                    **vals,
                }
            )
            complaint.line_ids.defect_id = cls.scratch
            # the loss makes it a major one, whose plan is approved
            complaint.approval_ids.with_user(cls.manager).action_approve()
            complaint.approval_ids.sudo().reason = "Go on with Ms. Bergmann"
            complaint.investigation_ids._advance(
                {
                    "finding": (
                        "Scratch of 3 mm on lot R; LISA@northwind.example sent it, 王小明 "  # noqa: E501
                        "called 13800138000"
                    )
                }
            )
            cls.env["ir.attachment"].create(
                {
                    "name": "face.png",
                    "raw": b"GIF89a",
                    "res_model": complaint._name,
                    "res_id": complaint.id,
                }
            )
            cls.receive(remedy)
            remedy.credit_note_ids.action_post()
            reply = cls.tell(
                complaint, method="written", body="<p>Dear Ms. Bergmann</p>"
            )
            reply.answer_note = "Lisa agrees"
            reply.action_accepted()
        with freeze_time(CLOSED):
            revisit = complaint.revisit_ids
            revisit.write({"score": 90, "comment": "Lisa is happy"})
            revisit.action_done()
            for deadline in complaint._late_without_reason():
                deadline.late_reason = "Ms. Bergmann was away"
            complaint.message_subscribe(partner_ids=partner.ids)
            complaint.message_post(
                body=Markup("Called Lisa Bergmann"),
                partner_ids=partner.ids,
                subtype_xmlid="mail.mt_comment",
            )
            complaint.action_close()
        cls.env.flush_all()
        return complaint, remedy

    def figures(self, complaints):
        domain = [("id", "in", complaints.ids)]
        result = {
            group: self.env["quality.complaint"]._read_group(domain, [group], FIGURES)
            for group in GROUPS
        }
        result["cost"] = [
            (complaint.cost_total, complaint.cost_planned) for complaint in complaints
        ]
        result["goods"] = [
            (
                line.product_id,
                line.lot_id,
                line.quantity,
                line.value,
                line.currency_id,
                line.match_state,
            )
            for line in complaints.line_ids
        ]
        result["remedies"] = [
            (
                line.remedy_id.kind,
                line.remedy_id.state,
                line.amount,
                line.received_quantity,
                line.credited_amount,
                line.remedy_id.imbalance,
            )
            for line in complaints.remedy_ids.line_ids
        ]
        result["replies"] = [
            (reply.kind, reply.method, reply.send_as, reply.sent_on, reply.answer)
            for reply in complaints.reply_ids
        ]
        result["customer"] = self.env["quality.complaint"]._read_group(
            domain, ["commercial_partner_id"], FIGURES
        )
        result["times"] = [
            (row.milestone_id, row.due_on, row.done_on, row.state)
            for row in complaints.deadline_ids
        ]
        return result

    def texts(self, complaint):
        """All text left of a complaint and its parts."""
        found = []
        for records in complaint.sudo().with_context(active_test=False)._file_records():
            for record in records:
                names = [
                    name
                    for name, field in record._fields.items()
                    if field.store and field.type in ("char", "text", "html")
                ]
                found += [str(record[name]) for name in names if record[name]]
            messages = (
                self.env["mail.message"]
                .sudo()
                .search([("model", "=", records._name), ("res_id", "in", records.ids)])
            )
            found += messages.mapped("body")
        return "\n".join(found)

    def anonymise(self, complaints, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(LATER):
            complaints.with_user(user or self.manager).action_anonymise()
            self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRetention(RetentionCase):
    """A file is kept as long as the policy says; then a manager may take the people out
    of it, all files he chose or none.
    """

    def test_kept_until_the_last_day(self):
        complaint, _remedy = self.finished(self.contact)
        self.assertEqual(str(complaint.retain_until), "2029-03-10")
        with (
            freeze_time("2029-03-10 20:00:00"),
            self.assertRaisesRegex(UserError, rf"{complaint.name}: until Mar 10, 2029"),
        ):
            complaint.with_user(self.manager).action_anonymise()
        search = [
            ("state", "in", ("closed", "cancelled")),
            ("retain_until", "<", "today"),
            ("anonymised_on", "=", False),
        ]
        with freeze_time("2029-03-10 20:00:00"):
            self.assertFalse(self.env["quality.complaint"].search(search) & complaint)
            self.assertFalse(complaint.can_anonymise)
            complaint.invalidate_recordset(["can_anonymise"])
        with freeze_time(LATER):
            self.assertIn(complaint, self.env["quality.complaint"].search(search))
            self.assertTrue(complaint.can_anonymise)

    def test_cancelled_complaint_is_kept_from_the_day_it_was_cancelled(self):
        with freeze_time(RECEIVED):
            complaint = self.make_complaint(partner_id=self.contact.id)
        with freeze_time(CLOSED):
            complaint.action_cancel("withdrawn", "Lisa Bergmann withdrew it")
        self.env.flush_all()
        self.assertEqual(str(complaint.retain_until), "2029-03-10")
        self.anonymise(complaint)
        self.assertEqual(
            (complaint.cancel_kind, complaint.cancel_reason),
            ("withdrawn", "(anonymised)"),
        )
        self.assertNotIn("Bergmann", self.texts(complaint))

    def test_all_or_nothing_and_every_obstacle_is_named(self):
        complaint, _remedy = self.finished(self.contact)
        with freeze_time(LATER):
            running = self.make_complaint(partner_id=self.contact.id)
            young = self.make_complaint(partner_id=self.contact.id)
            young.action_cancel("mistake", "Twice")
        self.env.flush_all()
        with self.assertRaises(UserError) as error:
            self.anonymise(complaint | running | young)
        self.assertIn(f"{running.name}: not closed yet", str(error.exception))
        self.assertIn(f"{young.name}: until Mar 11, 2032", str(error.exception))
        self.assertNotIn(complaint.name, str(error.exception))
        self.assertEqual(complaint.description, "Scratched surface")
        self.assertFalse(complaint.anonymised_on)

    def test_only_managers_of_the_company(self):
        complaint, _remedy = self.finished(self.contact)
        abroad = self.env["res.company"].create({"name": "Foreign Works"})
        company = {"company_id": abroad.id, "company_ids": [Command.set(abroad.ids)]}
        foreigner = new_test_user(
            self.env,
            "qc_foreign",
            "quality_complaint.group_quality_complaint_manager",
            **company,
        )
        for user, context in (
            (self.officer, {}),
            (foreigner, {"allowed_company_ids": abroad.ids}),
            (self.employee, {}),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            with freeze_time(LATER), self.assertRaises(AccessError):
                complaint.with_user(user).with_context(**context).action_anonymise()
        self.assertFalse(complaint.anonymised_on)
        self.anonymise(complaint)
        self.assertEqual(
            (str(complaint.anonymised_on), complaint.anonymised_by_id),
            (LATER, self.manager),
        )
        with self.assertRaisesRegex(UserError, "buttons only"):
            complaint.write({"anonymised_on": False})

    def test_anonymised_file_is_closed_for_good(self):
        complaint, _remedy = self.finished(self.contact)
        self.anonymise(complaint)
        for call in (
            lambda: complaint.action_reopen("New facts"),
            complaint.action_open_reopen,
        ):
            with self.assertRaisesRegex(
                UserError, rf"{complaint.name} cannot be reopened"
            ):
                call()
        with self.assertRaisesRegex(UserError, "anonymised already on Mar 11, 2029"):
            self.anonymise(complaint)
        self.assertIn(
            complaint,
            self.env["quality.complaint"].search([("anonymised_on", "!=", False)]),
        )


@tagged("post_install", "-at_install")
class TestAnonymising(RetentionCase):
    """People are gone, figures are the same."""

    def test_people_of_a_company_go_the_company_stays(self):
        complaint, remedy = self.finished(self.contact)
        reply, revisit, approval = (
            complaint.reply_ids,
            complaint.revisit_ids,
            complaint.approval_ids,
        )
        before = self.figures(complaint)
        self.assertEqual(reply.send_as, "mail")
        documents = (
            remedy.picking_ids | complaint.line_ids.picking_id,
            remedy.credit_note_ids | complaint.line_ids.invoice_id,
        )
        self.assertIn("Bergmann", self.texts(complaint))
        self.anonymise(complaint)
        self.assertEqual(self.figures(complaint), before)
        text = self.texts(complaint)
        for gone in (
            "Bergmann",
            "Lisa",
            "lisa@",
            "LISA@",
            "555-1234",
            "Difficult",
            "flat",
            "She is right",
            "withdrew",
        ):
            self.assertNotIn(gone, text)
        self.assertEqual(
            (
                complaint.partner_id,
                complaint.complainant,
                complaint.email,
                complaint.phone,
            ),
            (self.customer, False, False, False),
        )
        self.assertEqual(
            (remedy.partner_id, revisit.partner_id), (self.customer, self.customer)
        )
        self.assertEqual(
            (complaint.description, complaint.validity_reason, complaint.customer_ref),
            ("(anonymised)", "(anonymised)", "NM-88"),
        )
        self.assertEqual(
            (str(reply.body), reply.answer_note, reply.answer),
            ("<p>(anonymised)</p>", False, "accepted"),
        )
        self.assertEqual(
            (revisit.comment, revisit.score, revisit.result), (False, 90.0, "satisfied")
        )
        self.assertEqual(complaint.root_cause, "Roller 3; reported by … on …")
        self.assertEqual(
            complaint.investigation_ids.finding,
            "Scratch of 3 mm on lot R; … sent it, 王小明 called 13800138000",
        )
        # standard documents and the links to them
        self.assertEqual(
            (
                remedy.picking_ids | complaint.line_ids.picking_id,
                remedy.credit_note_ids | complaint.line_ids.invoice_id,
            ),
            documents,
        )
        self.assertEqual(documents[1].partner_id, self.contact)
        self.assertTrue(documents[0].exists())
        self.assertFalse(approval.filtered("reason"))

    def test_private_person_is_gone_from_links_too(self):
        injury = {"serious_event": "yes", "serious_event_note": "Cut in the arm"}
        complaint, remedy = self.finished(
            self.person, complainant=False, description="My flat was flooded", **injury
        )
        line = complaint.line_ids
        self.assertTrue(line.move_line_id and line.invoice_line_id)
        before = self.figures(complaint)
        delivery, invoice = line.picking_id, line.invoice_id
        self.anonymise(complaint)
        anonymous = self.env.ref("quality_complaint.partner_anonymised")
        self.assertFalse(anonymous.active)
        after = self.figures(complaint)
        self.assertEqual(before.pop("customer"), [(self.person, 1, 90.0, 120.0)])
        self.assertEqual(after.pop("customer"), [(anonymous, 1, 90.0, 120.0)])
        self.assertEqual(after, before)
        self.assertGreater(line.value, 0)
        self.assertFalse(
            line.move_line_id
            or line.move_id
            or line.picking_id
            or line.sale_line_id
            or line.sale_id
            or line.invoice_line_id
            or line.invoice_id
        )
        self.assertEqual(
            (complaint.partner_id, remedy.partner_id, complaint.revisit_ids.partner_id),
            (anonymous,) * 3,
        )
        self.assertEqual(
            (
                complaint.serious_event,
                complaint.serious_event_note,
                complaint.customer_ref,
            ),
            ("yes", "(anonymised)", False),
        )
        text = self.texts(complaint)
        for gone in ("王小明", "13800138000", "flooded", "arm"):
            self.assertNotIn(gone, text)
        self.assertIn("Scratch of 3 mm on lot R", text)
        self.assertEqual(
            (delivery.partner_id, invoice.partner_id), (self.person, self.person)
        )
        # what is computed later keeps the price
        line.flush_recordset()
        self.env.add_to_compute(line._fields["value"], line)
        self.assertEqual(
            [(line.value, line.currency_id)], [row[3:5] for row in before["goods"]]
        )

    def test_talk_files_and_followers_go(self):
        complaint, remedy = self.finished(self.contact)
        own = complaint._keep_case_file("case.pdf", b"x")
        foreign = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"y",
                "res_model": "account.move",
                "res_id": remedy.credit_note_ids.id,
            }
        )
        complaint._advance({"attachment_ids": [Command.link(foreign.id)]})
        complaint.with_context(
            tracking_disable=False, mail_notrack=False
        ).activity_schedule("mail.mail_activity_data_todo", summary="Call Lisa")
        threads = [
            complaint,
            complaint.investigation_ids,
            complaint.reply_ids,
            complaint.revisit_ids,
            remedy,
        ]
        remedy.message_post(
            body=Markup("Lisa wants money"), partner_ids=self.contact.ids
        )
        messages = self.env["mail.message"].search(
            [("model", "=", complaint._name), ("res_id", "=", complaint.id)]
        )
        self.assertIn(self.contact, complaint.message_partner_ids)
        officer = self.officer.partner_id
        complaint.message_subscribe(partner_ids=officer.ids)
        self.anonymise(complaint)
        self.assertFalse(messages.exists())
        for records in threads:
            left = self.env["mail.message"].search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            )
            self.assertEqual(len(left), 1 if records == complaint else 0)
            self.assertFalse(
                self.env["ir.attachment"].search(
                    [("res_model", "=", records._name), ("res_id", "in", records.ids)]
                )
            )
            self.assertNotIn(self.contact, records.message_partner_ids)
        self.assertIn(
            "Personal data removed by Mona Manager", complaint.message_ids.body
        )
        self.assertEqual(complaint.message_ids.author_id, self.manager.partner_id)
        self.assertIn(officer, complaint.message_partner_ids)
        self.assertFalse(own.exists())
        self.assertTrue(foreign.exists())
        self.assertFalse(
            complaint.attachment_ids
            or complaint.case_file_ids
            or complaint.with_context(active_test=False).activity_ids
        )
        self.assertFalse(
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", complaint._name), ("res_id", "=", complaint.id)])
        )

    def test_what_was_signed_online_goes_and_that_it_was_stays(self):
        complaint, _remedy = self.finished(self.person)
        token = self.env["quality.complaint.intake.token"]._of(
            complaint.line_ids.picking_id
        )
        complaint._advance(
            {"intake_ref": "AAAA-BBBB-CCCC", "intake_token_id": token.id}
        )
        paper = self.env["quality.complaint.consent"]._offer(
            complaint, "settlement", "c0", lambda: ("agreement.pdf", b"%PDF-1.4 x")
        )
        paper._advance(
            {
                "name": "王小明",
                "address": "xm.wang@home.example",
                "ip": "192.0.2.7",
                "signature": DOT,
                "signed_on": WORKED,
            }
        )
        file, checksum = paper.attachment_id, paper.checksum
        self.anonymise(complaint)
        self.assertFalse(file.exists())
        self.assertFalse(complaint.intake_ref or complaint.intake_token_id)
        self.assertEqual(
            [
                (
                    paper.name,
                    paper.address,
                    paper.ip,
                    paper.signature,
                    str(paper.signed_on),
                    paper.checksum,
                )
            ],
            [(False, False, False, False, WORKED, checksum)],
        )

    def test_names_numbers_and_addresses_are_found_as_people_write_them(self):
        complaint = self.make_complaint(
            partner_id=self.contact.id,
            complainant="Mr. Mark Stone & Co",
            phone="+49 30 5551234",
            email="m.stone@home.example",
        ).sudo()
        scrub = complaint._scrubber(complaint._file_records())
        for text, clean in (
            ("Mr. Stone saw a mark on the stone", "Mr. … saw a mark on the stone"),
            ("M.STONE@HOME.EXAMPLE", "…"),
            ("<p>Mr. Mark Stone &amp; Co</p>", "<p>…</p>"),
            ("Call 0049 30 555 1234 or 030/5551234 or 555-1234.", "Call … or … or …."),
            (
                "Lot 305551234567 and 12 555 123 stay",
                "Lot 305551234567 and 12 555 123 stay",
            ),
            ("Bergmannstraße, Lisa's press", "Bergmannstraße, …'s press"),
            ("Northwind Motors", "Northwind Motors"),
        ):
            self.assertEqual(scrub(text), clean)

    def test_parts_are_found_by_their_links(self):
        complaint, _remedy = self.finished(self.contact)
        names = {
            records._name
            for records in complaint.sudo()._file_records()
            if records or records._name == "quality.complaint.score"
        }
        expected = (
            "",
            ".line",
            ".remedy",
            ".remedy.line",
            ".bearer",
            ".deadline",
            ".investigation",
            ".approval",
            ".reply",
            ".revisit",
            ".score",
        )
        self.assertLessEqual({f"quality.complaint{name}" for name in expected}, names)
        for other in ("cost", "policy", "severity", "role", "team"):
            self.assertNotIn(f"quality.complaint.{other}", names)
