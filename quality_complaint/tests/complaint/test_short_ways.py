from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ComplaintCase
from ..reply.mailing import Mailing


@tagged("post_install", "-at_install")
class TestShortWays(Mailing, ComplaintCase):
    """One dialog for what is no case: every step is taken, checked and stamped as if
    its button had been pressed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.user_error = cls.env.ref("quality_complaint.responsible_customer")

    def complain(self, **vals):
        return self.make_complaint(
            user=self.officer, partner_id=self.customer.id, **vals
        )

    def dialog(self, complaint, purpose, **vals):
        return complaint.env["quality.complaint.short.way"].create(
            {"complaint_id": complaint.id, "purpose": purpose, **vals}
        )

    def reject(self, complaint, **vals):
        return self.dialog(
            complaint,
            "reject",
            **{
                "explanation": "It was stored in the open.",
                "evidence": "Rust from outside",
                "cause_id": self.cause.id,
                "responsible_id": self.user_error.id,
                **vals,
            },
        )

    def codes(self, complaint):
        return set(
            complaint.deadline_ids.filtered(lambda row: not row.limit_id).mapped(
                "milestone_code"
            )
        )

    def test_rejection_ends_in_the_letter_that_explains(self):
        complaint = self.complain()
        action = complaint.action_open_reject()
        self.assertEqual(action["res_model"], "quality.complaint.short.way")
        composer = self.reject(complaint).action_confirm()
        reply = self.env["quality.complaint.reply"].browse(composer["res_id"])
        self.assertEqual((reply.kind, reply.state), ("final", "draft"))
        self.assertIn("It was stored in the open.", str(reply.body))
        self.assertIn("Rust from outside", str(reply.body))
        self.assertEqual(
            (
                complaint.state,
                complaint.validity,
                complaint.validity_reason,
                complaint.not_investigated_by_id,
                complaint.remedy_ids.mapped("kind"),
            ),
            (
                "executing",
                "invalid",
                "Rust from outside",
                self.officer,
                ["explanation"],
            ),
        )
        self.assertLessEqual(
            {"not_investigated", "concluded", "planned", "plan_approved"},
            self.codes(complaint),
        )

    def test_rejection_takes_over_what_nobody_handles(self):
        complaint = self.complain()
        complaint.sudo().user_id = False
        self.reject(complaint).action_confirm()
        self.assertEqual(complaint.user_id, self.officer)

    def test_rejection_uses_the_investigation_there_is(self):
        complaint = self.complain()
        complaint.action_start_investigation()
        complaint.investigation_ids.write(
            {"result": "not_confirmed", "finding": "Nothing found"}
        )
        complaint.investigation_ids.action_done()
        self.reject(complaint).action_confirm()
        self.assertEqual(complaint.state, "executing")
        self.assertFalse(complaint.not_investigated_on)

    def test_rejection_names_the_investigation_that_is_not_finished(self):
        complaint = self.complain()
        complaint.action_start_investigation()
        complaint.investigation_ids[:1].finding = "Begun"
        with self.assertRaisesRegex(UserError, "result of the investigation"):
            self.reject(complaint).action_confirm()

    def test_letter_waits_for_the_approval_of_the_plan(self):
        self.general.plan_role_id = self.env.ref("quality_complaint.role_management")
        complaint = self.complain()
        action = self.reject(complaint).action_confirm()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(
            (complaint.state, complaint.next_step), ("planning", "approve")
        )
        self.assertFalse(complaint.reply_ids)

    def test_what_has_gone_further_is_not_rejected_in_one_go(self):
        complaint = self.investigated(self.complain())
        remedy = self.plan(complaint, "explanation")
        remedy.action_submit()
        self.assertFalse(complaint.can_reject)
        with self.assertRaisesRegex(UserError, "too far for the short way"):
            self.reject(complaint).action_confirm()

    def test_inquiry_is_answered_and_closed(self):
        complaint = self.complain(
            type_id=self.env.ref("quality_complaint.type_inquiry").id
        )
        self.assertTrue(complaint.can_settle)
        self.assertFalse(complaint.can_reject)
        action = complaint.action_open_settle()
        self.assertEqual(action["context"]["default_purpose"], "settle")
        self.dialog(complaint, "settle", answer="Ships on Monday").action_confirm()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(
            (complaint.reply_ids.state, complaint.reply_ids.method), ("sent", "oral")
        )
        self.assertEqual(complaint.reply_ids.inquiry_answer, "Ships on Monday")

    def test_light_complaint_is_settled_and_waits_for_its_revisit(self):
        complaint = self.complain()
        self.dialog(
            complaint,
            "settle",
            answer="Explained how to clean it",
            validity="valid",
            cause_id=self.cause.id,
            responsible_id=self.department.id,
        ).action_confirm()
        self.assertEqual(complaint.state, "replied")
        self.assertEqual(complaint.not_investigated_reason, "Explained how to clean it")
        self.assertTrue(complaint.revisit_ids)

    def test_major_complaint_is_not_settled_on_the_spot(self):
        complaint = self.complain(severity_id=self.major.id, severity_reason="Many")
        self.assertFalse(complaint.can_settle)
        with self.assertRaisesRegex(UserError, "too far|short way"):
            self.dialog(complaint, "settle", answer="Sorry").action_confirm()

    def test_only_officers_take_the_short_way(self):
        complaint = self.complain()
        with self.assertRaises(AccessError):
            self.reject(complaint.with_user(self.handler))
        dialog = self.reject(complaint)
        other = dialog.with_user(self.manager)
        with self.assertRaises(AccessError):
            other.action_confirm()

    def test_what_is_missing_says_where_it_is_entered(self):
        complaint = self.complain()
        complaint.action_start_investigation()
        with self.assertRaises(UserError) as raised:
            complaint.action_conclude()
        self.assertEqual(
            raised.exception.context["complaint_missing"],
            {
                "complaint_id": complaint.id,
                "fields": [
                    "investigation_ids",
                    "validity",
                    "cause_id",
                    "responsible_id",
                ],
            },
        )
