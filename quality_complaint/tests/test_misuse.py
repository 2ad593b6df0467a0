"""What a hostile reviewer got away with once: rights, records, figures, dead ends. The
docstrings say what happened.
"""

from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ComplaintCase

REFUSED = (AccessError, UserError, ValidationError)


@tagged("post_install", "-at_install")
class TestMisuse(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.stranger = cls.make_stranger()
        cls.lot = cls.make_lot("REV1", quantity=50)
        cls.order = cls.sell({cls.lot: 10.0})

    def complaint(self, **vals):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        complaint.user_id = vals.pop("user_id", self.handler)
        if vals:
            complaint.write(vals)
        return complaint

    def running(self, **vals):
        complaint = self.complaint(**vals)
        complaint.action_start_investigation()
        return complaint

    def replied(self):
        complaint = self.investigated(self.complaint())
        self.plan(complaint, "explanation", note="Explained")
        complaint.action_submit_plan()
        return complaint, self.tell(complaint)

    @contextmanager
    def refused(self):
        """Something the code must refuse, however it says so."""
        with self.cr.savepoint(flush=False):
            try:
                yield
                self.env.flush_all()
            except REFUSED:
                self.env.invalidate_all(flush=False)
                return
        self.fail("was not refused")

    # --- security

    def test_join_foreign_investigation(self):
        """A user adds himself to the team of a complaint that is none of his business,
        and may do everything with it.
        """
        investigation = self.running().investigation_ids
        self.env.flush_all()
        self.env.invalidate_all()
        with self.refused():
            self.env["quality.complaint"].browse(
                investigation.complaint_id.id
            ).with_user(self.stranger).check_access("read")
        with self.refused():
            self.env["quality.complaint.investigation.member"].with_user(
                self.stranger
            ).create(
                {"investigation_id": investigation.id, "user_id": self.stranger.id}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            investigation.complaint_id.with_user(self.stranger).check_access("write")
            investigation.complaint_id.with_user(self.stranger).action_cancel(
                "withdrawn", "because I can"
            )

    def test_move_row_into_finished_investigation(self):
        """An actionment moves into a finished investigation, of somebody else."""
        done = self.running().investigation_ids
        done.write({"result": "confirmed", "finding": "x"})
        done.action_done()
        own = self.running(user_id=self.stranger).investigation_ids
        row = (
            self.env["quality.complaint.measurement"]
            .with_user(self.stranger)
            .create(
                {
                    "investigation_id": own.id,
                    "name": "Forged",
                    "lower": 1,
                    "upper": 2,
                    "measured": "9",
                }
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.refused():
            row.write({"investigation_id": done.id})
            self.env.flush_all()
            self.assertNotIn(row.sudo(), done.measurement_ids, "forged")

    def test_template_of_another_model(self):
        """Choosing a template of another model renders the record of that model with
        the complaint's id, as superuser.
        """
        complaint = self.complaint()
        template = self.env["mail.template"].create(
            {
                "name": "Set password",
                "model_id": self.env.ref("base.model_res_users").id,
                "subject": "Your account",
                "body_html": (
                    '<p><t t-out="object.login"/> <t '
                    't-out="object.partner_id._get_signup_url()"/></p>'
                ),
            }
        )
        self.env.flush_all()
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.handler)
            .create({"complaint_id": complaint.id, "kind": "progress"})
        )
        with self.assertRaisesRegex(
            ValidationError, "“Set password” is no template for complaints"
        ):
            reply.template_id = template

    def test_reply_about_foreign_sample(self):
        """A request for the sample of somebody else's investigation stops that
        complaint's clock.
        """
        foreign = self.running()
        foreign.investigation_ids.method = "customer_sample"
        mine = self.complaint(user_id=self.stranger)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.refused():
            reply = (
                self.env["quality.complaint.reply"]
                .with_user(self.stranger)
                .create(
                    {
                        "complaint_id": mine.id,
                        "kind": "request",
                        "investigation_id": foreign.investigation_ids.id,
                        "template_id": False,
                        "subject": "x",
                        "body": "<p>x</p>",
                        "method": "oral",
                    }
                )
            )
            reply.action_send()
        self.assertFalse(foreign.investigation_ids.sample_asked_on)
        self.assertFalse(foreign.waiting_for)

    def test_reply_about_foreign_extension(self):
        """The letter of an extension of somebody else's complaint tells its reason."""
        foreign = self.running()
        row = foreign.deadline_ids.filtered(
            lambda d: d.state == "running" and d.due_on
        )[:1]
        extension = self.env["quality.complaint.extension"].create(
            {
                "deadline_id": row.id,
                "due_on": fields.Datetime.add(row.due_on, days=9),
                "reason": "TOP SECRET FIRE",
            }
        )
        mine = self.complaint(user_id=self.stranger)
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            reply = (
                self.env["quality.complaint.reply"]
                .with_user(self.stranger)
                .create(
                    {
                        "complaint_id": mine.id,
                        "kind": "extension",
                        "extension_id": extension.id,
                    }
                )
            )
        except REFUSED:
            return
        self.assertNotIn("TOP SECRET", reply.sudo().body or "")

    def test_employee_reads_conclusion(self):
        """Who only recorded the complaint reads evidence, risk input and why it was not
        investigated.
        """
        complaint = self.make_complaint(
            self.employee, register=False, lot_ref=self.lot.name
        )
        complaint.sudo().action_register()
        complaint.sudo().write(
            {
                "responsible_evidence": "Worker X fell asleep",
                "risk_input": "internal",
                "escape_cause": "nobody looked",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for name in ("responsible_evidence", "risk_input", "escape_cause"):
            with self.subTest(name), self.refused():
                complaint.with_user(self.employee).read([name])

    def test_worker_cancels(self):
        """Whoever only revisits the customer cancels the complaint."""
        complaint = self.running()
        complaint.investigation_ids.member_ids = [
            Command.create({"user_id": self.stranger.id})
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.refused():
            complaint.with_user(self.stranger).action_cancel(
                "withdrawn", "I do not like it"
            )

    def test_conclusion_of_closed_complaint(self):
        """Validity, cause and responsible party are rewritten after concluding."""
        complaint, _reply = self.replied()
        with self.refused():
            complaint.with_user(self.handler).write(
                {
                    "validity": "invalid",
                    "responsible_id": False,
                    "cause_id": False,
                    "explanation": "never said",
                }
            )

    def test_photos_of_finished_investigation(self):
        investigation = self.running().investigation_ids
        investigation.attachment_ids = [
            Command.create({"name": "evidence.txt", "raw": b"x"})
        ]
        investigation.write({"result": "confirmed", "finding": "x"})
        investigation.action_done()
        with self.refused():
            investigation.with_user(self.handler).attachment_ids = [Command.clear()]

    def test_team_changed_after_naming(self):
        """Management names leader and team; the handler changes both, and the naming
        still holds.
        """
        complaint = self.complaint(severity_id=self.major.id, severity_reason="x")
        complaint.action_start_investigation()
        self.name_team(complaint)
        row = complaint.investigation_ids
        named = row.team_named_on
        self.assertTrue(named)
        try:
            row.with_user(self.handler).write(
                {"user_id": self.handler.id, "member_ids": [Command.clear()]}
            )
        except REFUSED:
            return
        self.assertFalse(row.team_named_on, "still named, with nobody in it")

    # --- replies

    def test_objection_taken_back(self):
        """An objection is overwritten by “accepted”."""
        _complaint, reply = self.replied()
        reply.answer_note = "No!"
        reply.action_objected()
        with self.refused():
            reply.action_accepted()

    def test_objection_erased(self):
        _complaint, reply = self.replied()
        reply.answer_note = "No!"
        reply.action_objected()
        with self.refused():
            reply.action_no_answer()
            reply.answer_note = False

    def test_objection_twice(self):
        """Objecting to the reply of an earlier round reopens again."""
        complaint, reply = self.replied()
        reply.answer_note = "No!"
        reply.action_objected()
        self.assertEqual(complaint.round, 2)
        self.investigated_again(complaint)
        try:
            reply.action_objected()
        except REFUSED:
            return
        self.assertEqual(complaint.round, 2)

    def investigated_again(self, complaint):
        complaint.user_id = complaint.user_id or self.handler
        row = complaint.investigation_ids.filtered(lambda i: not i.done_on)
        row.write({"result": "confirmed", "finding": "again"})
        row.action_done()
        complaint.action_conclude()
        self.plan(complaint, "explanation", note="Explained")
        complaint.action_submit_plan()
        return self.tell(complaint)

    def test_letter_becomes_mail(self):
        """How a reply was sent changes when the address does."""
        self.customer.email = False
        complaint, _reply = self.replied()
        complaint.email = False
        reply = self.env["quality.complaint.reply"].create(
            {"complaint_id": complaint.id, "kind": "progress", "body": "<p>x</p>"}
        )
        self.assertEqual(reply.send_as, "letter")
        reply.action_send()
        complaint.email = "now@northwind.example"
        self.env.flush_all()
        self.assertEqual(reply.send_as, "letter")

    def test_recipient_of_sent_reply(self):
        complaint, reply = self.replied()
        self.assertEqual(reply.recipient_id, self.customer)
        try:
            complaint.with_user(self.handler).partner_id = self.distributor
        except REFUSED:
            return
        self.env.flush_all()
        self.assertEqual(reply.recipient_id, self.customer)

    def test_batch_template_deleted(self):
        case = self.make_complaint(
            is_batch=True, complainant="Several", lot_ref=self.lot.name
        )
        self.make_complaint(parent_id=case.id, lot_ref=self.lot.name)
        self.env.ref("quality_complaint.mail_template_batch_reply").unlink()
        reply = self.env["quality.complaint.reply"].create(
            {
                "complaint_id": case.id,
                "kind": "progress",
                "body": "<p>hello all</p>",
                "lang": "en_US",
            }
        )
        reply.body = "<p>hello all</p>"
        reply.action_distribute()
        self.assertIn("hello all", case.child_ids.reply_ids.body)

    def test_answer_on_anonymised(self):
        complaint, reply = self.replied()
        complaint.revisit_ids.score = 100
        complaint.revisit_ids.action_done()
        complaint.action_close()
        complaint._anonymise()
        with self.refused():
            reply.with_user(self.handler).write(
                {
                    "answer_note": "John Doe, +1 555, says hello",
                    "answered_by": "John Doe",
                }
            )

    # --- investigation

    def test_tiny_value(self):
        """Values below 0.0001 or above 1e12 are written in a way that cannot be
        read.
        """
        row = self.running().investigation_ids
        measurement = self.env["quality.complaint.measurement"].create(
            {
                "investigation_id": row.id,
                "name": "Leak rate",
                "requirement": "at_most",
                "upper": 0.0001,
                "measured": "0.00002",
            }
        )
        self.assertEqual(measurement.verdict, "pass")

    def test_late_sample(self):
        """A sample that comes after an inconclusive end can be booked nowhere."""
        complaint = self.running()
        row = complaint.investigation_ids
        row.method = "customer_sample"
        row._set_sample_asked(fields.Datetime.now())
        self.assertEqual(complaint.waiting_for, "sample")
        row.write({"result": "inconclusive", "finding": "never came"})
        row.action_done()
        row.action_sample_received()

    def test_waits_after_finish(self):
        """The complaint waits for a sample nobody waits for."""
        complaint = self.running()
        row = complaint.investigation_ids
        row.method = "customer_sample"
        row._set_sample_asked(fields.Datetime.now())
        row.write({"result": "inconclusive", "finding": "never came"})
        row.action_done()
        self.assertFalse(complaint.waiting_for)

    def test_waits_after_method_change(self):
        complaint = self.running()
        row = complaint.investigation_ids
        row.method = "customer_sample"
        row._set_sample_asked(fields.Datetime.now())
        row.method = "phone"
        self.assertFalse(complaint.waiting_for)

    def test_team_wanted_too_late(self):
        """Graded major after the investigation: the team can be named on nothing."""
        complaint = self.running()
        row = complaint.investigation_ids
        row.write({"result": "confirmed", "finding": "x"})
        row.action_done()
        complaint.write(
            {
                "severity_id": self.major.id,
                "severity_reason": "worse",
                "validity": "valid",
                "cause_id": self.cause.id,
            }
        )
        complaint.responsible_id = self.department
        departments = complaint.severity_id.team_department_ids
        row.sudo().member_ids = [
            Command.create({"name": d.name, "department_id": d.id}) for d in departments
        ]
        row.sudo().action_name_team()
        complaint.action_conclude()

    def test_batch_not_investigated(self):
        """A batch case that is not investigated concludes for nobody."""
        case = self.make_complaint(
            is_batch=True, complainant="Several", lot_ref=self.lot.name
        )
        child = self.make_complaint(parent_id=case.id, lot_ref=self.lot.name)
        case.action_skip_investigation("Known fault")
        case.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        case.action_conclude()
        self.assertEqual(child.state, "planning")

    # --- lot figures

    def test_sent_again_is_shipped_twice(self):
        """Ten pieces sent, returned and sent again: twenty shipped of a lot of ten to
        one region.
        """
        lot = self.make_lot("REV2", quantity=10)
        order = self.sell({lot: 10.0})
        picking = order.picking_ids
        for _times in range(2):
            wizard = (
                self.env["stock.return.picking"]
                .with_context(
                    active_id=picking.id,
                    active_ids=picking.ids,
                    active_model="stock.picking",
                )
                .create({})
            )
            wizard.product_return_moves.quantity = 10
            picking = self.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
            picking.move_ids.move_line_ids.lot_id = lot
            picking.move_ids.picked = True
            picking.button_validate()
        facts = self.env["quality.complaint.lot.facts"]._collect(lot, self.company)[0]
        self.assertEqual(facts["shipped"] - facts["returned"], 10)
        self.assertEqual(
            sum(amount for _name, amount, _customers in facts["regions"]), 10, facts
        )

    def test_opening_stock_is_not_nothing(self):
        """A lot that came with the opening stock was never made nor bought."""
        lot = self.make_lot("REV5")
        quant = self.env["stock.quant"].with_context(inventory_mode=True)
        quant.create(
            {
                "product_id": self.strip.id,
                "lot_id": lot.id,
                "location_id": self.stock.id,
                "inventory_quantity": 10,
            }
        ).action_apply_inventory()
        self.sell({lot: 10.0})
        facts = self.env["quality.complaint.lot.facts"]._collect(lot, self.company)[0]
        self.assertGreaterEqual(facts["produced"], facts["shipped"], facts)

    def test_returned_to_supplier(self):
        """What went back to the supplier is still bought."""
        lot = self.make_lot("REV3")
        supplier, customer = self.env.ref("stock.stock_location_suppliers"), self.stock
        for start, end in ((supplier, customer), (customer, supplier)):
            move = self.env["stock.move"].create(
                {
                    "product_id": self.strip.id,
                    "product_uom_qty": 5,
                    "location_id": start.id,
                    "location_dest_id": end.id,
                    "company_id": self.company.id,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": self.strip.id,
                                "lot_id": lot.id,
                                "quantity": 5,
                                "location_id": start.id,
                                "location_dest_id": end.id,
                                "company_id": self.company.id,
                            }
                        )
                    ],
                }
            )
            move._action_confirm()
            move.picked = True
            move._action_done()
        facts = self.env["quality.complaint.lot.facts"]._collect(lot, self.company)[0]
        self.assertEqual(facts["produced"], facts["stock"] + facts["shipped"], facts)

    # --- anonymising

    def test_figures_name_private_person(self):
        """The figures of the lot keep a private person's name after anonymising."""
        person = self.env["res.partner"].create(
            {"name": "Petra Private", "email": "petra@private.example"}
        )
        lot = self.make_lot("REV4", quantity=10)
        self.sell({lot: 5.0}, partner=person)
        complaint = self.make_complaint(lot_ref=lot.name)
        complaint.action_take()
        complaint.action_start_investigation()
        row = complaint.investigation_ids
        row._take_lot_facts()
        self.assertIn("Petra", str(row.lot_facts))
        complaint.action_cancel("withdrawn", "Changed their mind")
        complaint._anonymise()
        self.assertNotIn("Petra", str(row.lot_facts))

    def test_properties_name_private_person(self):
        self.env["quality.complaint.property"].create(
            {"policy_id": self.policy.id, "name": "Owner", "code": "owner"}
        )
        complaint = self.make_complaint(
            lot_ref=self.lot.name, complainant="Petra Private"
        )
        complaint.line_ids.properties = {"owner": "Petra Private"}
        complaint.action_cancel("withdrawn", "Changed their mind")
        complaint._anonymise()
        self.assertNotIn("Petra", str(complaint.line_ids.read(["properties"])))

    # --- revisits and reviews

    def test_average_counts_the_unreached(self):
        """A customer who was not reached counts as 0 points."""
        scores = []
        for reached in (True, False):
            complaint, _reply = self.replied()
            revisit = complaint.revisit_ids
            if reached:
                revisit.score = 100
                revisit.action_done()
            else:
                for _attempt in range(complaint.policy_id.revisit_attempts):
                    revisit.action_not_reached()
            scores.append(complaint)
        both = self.env["quality.complaint"].concat(*scores)
        [(average,)] = self.env["quality.complaint"]._read_group(
            [("id", "in", both.ids)], [], ["satisfaction:avg"]
        )
        self.assertEqual(average, 100)

    def test_revisit_by_archived_handler(self):
        complaint = self.investigated(self.complaint())
        self.plan(complaint, "explanation", note="Explained")
        complaint.action_submit_plan()
        self.handler.active = False
        self.tell(complaint)
        self.assertTrue(
            complaint.revisit_ids.user_id.active or not complaint.revisit_ids.user_id
        )

    def test_review_without_taking(self):
        """The earlier handler does the review himself, without taking the complaint
        over.
        """
        self.use_policy("r12")
        self.ask_for_no_papers()
        complaint, reply = self.replied()
        reply.answer_note = "No!"
        reply.action_objected()
        complaint.team_id.member_ids |= self.handler
        self.env.flush_all()
        self.env.invalidate_all()
        mine = complaint.with_user(self.handler)
        self.assertNotEqual(mine.sudo().user_id, self.handler)
        with self.refused():
            row = mine.investigation_ids.filtered(lambda i: not i.done_on)
            row.write({"result": "confirmed", "finding": "still the same"})
            row.action_done()
            mine.action_conclude()
