from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged, users

from ..common import ComplaintCase
from ..reply.mailing import Mailing


@tagged("post_install", "-at_install")
class TestLifeCycle(Mailing, ComplaintCase):
    """Each transition checks its conditions, names everything that is missing at once,
    and stamps its milestone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("C-1", quantity=50)
        cls.order = cls.sell({cls.lot: 10})

    def codes(self, complaint):
        return set(
            complaint.deadline_ids.filtered(lambda row: not row.limit_id).mapped(
                "milestone_code"
            )
        )

    def test_number_is_given_on_registration_and_has_no_gaps(self):
        first = self.make_complaint(partner_id=self.customer.id)
        draft = self.make_complaint(partner_id=self.customer.id, register=False)
        self.assertFalse(draft.name)
        draft.unlink()
        second = self.make_complaint(partner_id=self.customer.id)
        self.assertRegex(first.name, r"^QC/\d{4}/\d{5}$")
        self.assertEqual(int(second.name[-5:]), int(first.name[-5:]) + 1)

    def test_numbering_starts_where_the_sequence_says(self):
        sequence = self.company._complaint_sequence("quality.complaint")
        sequence.write({"prefix": "C-", "padding": 3, "use_date_range": False})
        sequence.number_next_actual = 700
        first = self.make_complaint(partner_id=self.customer.id)
        second = self.make_complaint(partner_id=self.customer.id)
        self.assertEqual((first.name, second.name), ("C-700", "C-701"))

    def test_a_complaint_is_found_by_its_number_before_anything_else(self):
        first = self.make_complaint(partner_id=self.customer.id)
        other = self.make_complaint(
            partner_id=self.customer.id, customer_ref=f"As {first.name}"
        )
        here = [("company_id", "=", self.company.id)]
        found = self.env["quality.complaint"].name_search(first.name, here)
        self.assertEqual([complaint for complaint, _name in found], first.ids)
        found = self.env["quality.complaint"].name_search("As QC", here)
        self.assertEqual([complaint for complaint, _name in found], other.ids)

    def test_registering_names_everything_that_is_missing(self):
        complaint = self.env["quality.complaint"].create({"channel_id": False})
        with self.assertRaisesRegex(UserError, "what happened.*customer.*channel"):
            complaint.action_register()
        self.assertEqual(complaint.state, "new")

    @freeze_time("2026-03-02 08:00:00")
    def test_stamps_keep_when_it_happened_and_when_it_was_recorded(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id, received_on="2026-03-01 15:30:00"
        )
        received = complaint.deadline_ids.filtered(
            lambda row: row.milestone_code == "received"
        )
        self.assertEqual(str(received.done_on), "2026-03-01 15:30:00")
        self.assertEqual(str(received.recorded_on), "2026-03-02 08:00:00")
        self.assertEqual(str(complaint.registered_on), "2026-03-02 08:00:00")

    def test_milestone_is_stamped_once_a_round(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        self.assertFalse(complaint._reach("registered"))
        self.assertEqual(
            len(
                complaint.deadline_ids.filtered(
                    lambda row: row.milestone_code == "registered" and not row.limit_id
                )
            ),
            1,
        )

    def test_acknowledgement_does_not_count_as_first_response(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        self.assertIn("acknowledged", self.codes(complaint))
        self.assertNotIn("responded", self.codes(complaint))
        self.assertIn(
            complaint.name, complaint.message_ids.filtered("partner_ids").body
        )

    def test_state_cannot_be_written(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        for vals in (
            {"state": "closed"},
            {"name": "QC/1"},
            {"round": 5},
            {"closed_on": "2026-01-01"},
        ):
            with self.assertRaises(UserError):
                complaint.write(vals)
        self.assertEqual(
            self.env["quality.complaint"]
            .create({"state": "closed", "name": "QC/9"})
            .state,
            "new",
        )

    def test_steps_cannot_be_jumped(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        for step in (
            "action_conclude",
            "action_submit_plan",
            "action_execute",
            "action_register",
        ):
            with self.assertRaises(UserError, msg=step):
                getattr(complaint, step)()
        with self.assertRaisesRegex(UserError, "Investigation started.*final reply"):
            complaint.action_reply()
        with self.assertRaises(UserError):
            complaint.action_close()
        self.assertEqual(complaint.state, "registered")

    def test_concluding_names_everything_that_is_missing(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.action_start_investigation()
        with self.assertRaisesRegex(
            UserError, "result of the investigation.*valid.*cause.*responsible"
        ):
            complaint.action_conclude()

    def test_invalid_complaint_goes_on_to_an_explanation(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.action_start_investigation()
        complaint.investigation_ids.write(
            {"result": "no_fault_found", "finding": "Within tolerance"}
        )
        complaint.investigation_ids.action_done()
        complaint.write(
            {
                "validity": "invalid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        with self.assertRaisesRegex(
            UserError,
            "the evidence that it is not ours and the explanation to the customer",
        ):
            complaint.action_conclude()
        complaint.validity_reason = (
            "Measured with our gauge and the customer's: in tolerance."
        )
        with self.assertRaisesRegex(UserError, "the explanation to the customer"):
            complaint.action_conclude()
        complaint.explanation = "Your gauge is out of calibration."
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        self.assertEqual(complaint.state, "replied")
        self.assertEqual(complaint.remedy_ids.state, "done")

    def test_general_complaint_from_receipt_to_closing(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.assertEqual(
            (complaint.user_id, complaint.next_step), (self.officer, "investigate")
        )
        self.investigated(complaint)
        self.assertEqual(complaint.next_step, "plan")
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        self.assertEqual(
            (complaint.state, complaint.next_step), ("executing", "execute")
        )
        complaint.action_execute()
        self.receive(remedy.sudo())
        self.tell(complaint)
        self.assertEqual((complaint.state, complaint.next_step), ("replied", "revisit"))
        with self.assertRaisesRegex(UserError, "Refund.*Draft.*revisit"):
            complaint.action_close()
        note = remedy.sudo().credit_note_ids
        self.assertIn(
            f'href="/odoo/complaints/{complaint.id}/account.move/{note.id}" '
            f'data-oe-model="account.move" data-oe-id="{note.id}"',
            complaint.open_ends,
        )
        remedy.sudo().credit_note_ids.action_post()
        complaint.revisit_ids.score = 85
        complaint.revisit_ids.action_done()
        with freeze_time("2026-12-24 10:00:00"):
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(str(complaint.retain_until), "2029-12-24")
        self.assertEqual(complaint.satisfaction, 85.0)
        self.assertLessEqual(
            {
                "received",
                "registered",
                "investigation_started",
                "concluded",
                "planned",
                "plan_approved",
                "execution_started",
                "executed",
                "responded",
                "replied",
                "revisited",
                "closed",
            },
            self.codes(complaint),
        )

    def test_plan_of_a_major_complaint_waits_for_management(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        approval = complaint.approval_ids
        self.assertEqual(
            (complaint.state, remedy.state, approval.state, approval.amount),
            ("planning", "to_approve", "pending", 40.0),
        )
        asked = self.env.ref("quality_complaint.mail_activity_approval")
        self.assertIn(
            self.manager,
            complaint.activity_ids.filtered(
                lambda a: a.activity_type_id == asked
            ).user_id,
        )
        with self.assertRaises(AccessError):
            complaint.with_user(self.engineer).action_approve_plan()
        with self.assertRaises(UserError):
            remedy.action_execute()
        complaint.with_user(self.manager).action_approve_plan()
        self.assertEqual(
            (complaint.state, remedy.state, approval.decided_by_id),
            ("executing", "approved", self.manager),
        )
        self.assertFalse(
            complaint.activity_ids.filtered(lambda a: a.activity_type_id == asked)
        )

    def test_nobody_approves_his_own_request(self):
        second = self.manager.copy({"login": "qc_manager2"})
        complaint = self.make_complaint(lot_ref="C-1", user=self.manager)
        complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(complaint)
        self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        with self.assertRaisesRegex(UserError, "own request"):
            complaint.action_approve_plan()
        complaint.with_user(second).action_approve_plan()
        self.assertEqual(complaint.state, "executing")

    def test_role_held_by_nobody_else_is_reported(self):
        role = self.env["quality.complaint.role"].create(
            {
                "name": "Board",
                "code": "board",
                "holder": "users",
                "user_ids": self.officer.ids,
            }
        )
        self.major.plan_role_id = role
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        with self.assertRaisesRegex(UserError, "Board"):
            complaint.action_submit_plan()
        self.assertEqual(
            remedy.state, "to_approve" if complaint.approval_ids else remedy.state
        )

    def test_refused_plan_goes_back_with_the_reason(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        with self.assertRaises(UserError):
            complaint.with_user(self.manager).action_refuse_plan(" ")
        complaint.with_user(self.manager).action_refuse_plan("Too much")
        self.assertEqual(
            (complaint.state, complaint.approval_ids.reason), ("planning", "Too much")
        )
        self.assertIn(self.officer, complaint.activity_ids.user_id)
        remedy.line_ids.quantity = 2
        complaint.action_submit_plan()
        self.assertEqual(
            complaint.approval_ids.filtered(lambda a: a.state == "pending").amount, 20.0
        )

    def test_submitted_plan_cannot_be_changed(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        for record, vals in (
            (remedy.line_ids, {"quantity": 9}),
            (remedy.line_ids, {"amount": 900}),
            (remedy, {"kind": "credit"}),
        ):
            with self.assertRaises(UserError):
                record.write(vals)
        with self.assertRaises(UserError):
            remedy.write({"state": "done"})

    def test_reply_may_need_approval(self):
        self.general.reply_role_id = self.env.ref("quality_complaint.role_management")
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = self.tell(complaint)
        self.assertEqual((reply.state, complaint.state), ("to_approve", "executing"))
        complaint.approval_ids.filtered(lambda a: a.subject == "reply").with_user(
            self.manager
        ).action_approve()
        self.assertEqual((reply.state, complaint.state), ("sent", "replied"))

    def test_objection_reopens_into_the_next_round_and_keeps_history(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = self.tell(complaint)
        with self.assertRaises(UserError):
            reply.action_objected()
        reply.answer_note = "The coil was never stored outside."
        reply.action_objected()
        self.assertEqual(
            (complaint.state, complaint.round, reply.answer),
            ("investigating", 2, "objected"),
        )
        self.assertEqual(complaint.investigation_ids.mapped("round"), [1, 2])
        self.assertEqual(complaint.revisit_ids.state, "cancelled")
        self.assertIn("reopened", self.codes(complaint))
        with self.assertRaises(UserError):
            complaint.action_conclude()

    def test_unsatisfied_revisit_reopens(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        revisit = complaint.revisit_ids
        revisit.score = 84
        with self.assertRaisesRegex(UserError, "why the customer is not satisfied"):
            revisit.action_done()
        revisit.reason = "Waited too long"
        with self.assertRaisesRegex(UserError, "what we do about it"):
            revisit.action_done()
        revisit.measures = "Offer a credit"
        revisit.action_done()
        self.assertEqual(
            (revisit.result, complaint.state, complaint.round),
            ("unsatisfied", "investigating", 2),
        )

    def test_customer_not_reached_as_often_as_the_policy_says_may_be_closed(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        for attempt in (1, 2):
            complaint.revisit_ids.action_not_reached()
            self.assertEqual(
                (complaint.revisit_ids.attempts, complaint.revisit_ids.state),
                (attempt, "planned"),
            )
        with self.assertRaises(UserError):
            complaint.action_close()
        complaint.revisit_ids.action_not_reached()
        self.assertEqual(complaint.revisit_ids.result, "not_reached")
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_inquiry_is_answered_and_closed_without_investigation(self):
        inquiry = self.make_complaint(
            user=self.officer,
            partner_id=self.customer.id,
            type_id=self.env.ref("quality_complaint.type_inquiry").id,
        )
        self.assertFalse(inquiry.severity_id)
        self.assertEqual(inquiry.next_step, "reply")
        self.tell(inquiry, inquiry_answer="Yes, from 2 t on.")
        self.assertEqual(inquiry.state, "replied")
        self.assertFalse(inquiry.revisit_ids)
        inquiry.action_close()
        self.assertEqual(inquiry.state, "closed")

    def test_praise_is_closed_at_once(self):
        praise = self.make_complaint(
            user=self.officer,
            partner_id=self.customer.id,
            type_id=self.env.ref("quality_complaint.type_praise").id,
        )
        praise.action_close()
        self.assertEqual(praise.state, "closed")

    def test_cancelling_needs_kind_and_reason(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "why.*reason"):
            complaint.action_cancel()
        with self.assertRaisesRegex(UserError, "duplicates"):
            complaint.action_cancel("duplicate", "Called twice", complaint)
        original = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.action_cancel("duplicate", "Called twice", original)
        self.assertEqual(
            (complaint.state, complaint.duplicate_of_id), ("cancelled", original)
        )

    def test_complaint_with_documents_cannot_be_cancelled(self):
        complaint, _remedy = self.executed(self.lot, quantity=2)
        with self.assertRaisesRegex(UserError, "documents"):
            complaint.action_cancel("withdrawn", "He does not mind")

    @users("qc_manager")
    def test_registered_complaint_is_never_deleted(self):
        complaint = self.make_complaint(user=self.env.user, partner_id=self.customer.id)
        with self.assertRaisesRegex(UserError, "Cancel it"):
            complaint.unlink()

    def test_draft_is_deleted_by_its_author_only(self):
        draft = self.make_complaint(
            user=self.officer, partner_id=self.customer.id, register=False
        )
        with self.assertRaisesRegex(UserError, "Olga"):
            draft.with_user(self.manager).unlink()
        draft.unlink()

    def test_serious_event_blocks_concluding_but_not_registering(self):
        self.policy.ask_serious_event = True
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "serious injury"):
            self.investigated(complaint)
        complaint.serious_event = "no"
        complaint.action_conclude()
        self.assertEqual(complaint.state, "planning")

    def test_mail_reply_without_an_address_is_refused_before_anything_happens(self):
        self.customer.email = False
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.assertNotIn("acknowledged", self.codes(complaint))
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(complaint.action_open_reply()["res_id"])
        )
        self.assertEqual(reply.send_as, "letter")
        reply.send_as = "mail"
        with self.assertRaisesRegex(UserError, "e-mail address"):
            reply.action_send()
        self.assertEqual(reply.state, "draft")

    def test_reply_text_comes_from_the_template_and_reaches_the_customer(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(complaint.action_open_reply()["res_id"])
        )
        self.assertEqual((reply.kind, reply.send_as), ("final", "mail"))
        self.assertIn(complaint.name, reply.subject)
        self.assertIn("Your complaint is justified", reply.body)
        reply.action_send()
        self.assertEqual((reply.state, complaint.state), ("sent", "replied"))
        message = complaint.message_ids.filtered(lambda m: m.subject == reply.subject)
        self.assertEqual(message.partner_ids, self.customer)
        self.assertFalse(message.is_internal)
        self.assertNotIn(self.customer, complaint.message_partner_ids)

    def test_internal_note_is_not_sent_to_the_customer(self):
        complaint = self.make_complaint(lot_ref="C-1", user=self.officer)
        complaint.internal_note = "<p>SECRET</p>"
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(complaint.action_open_reply()["res_id"])
        )
        self.assertNotIn("SECRET", reply.body)
