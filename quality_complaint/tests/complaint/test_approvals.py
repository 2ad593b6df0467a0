from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestApprovalsHold(ComplaintCase):
    """What was approved is what is executed, and nothing slips through beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("H-1", quantity=50)
        cls.sell({cls.lot: 10})
        cls.complaint = cls.make_complaint(lot_ref="H-1", user=cls.officer)

    def test_amount_of_a_refund_is_the_price_paid_whatever_was_typed(self):
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(self.complaint)
        remedy = self.plan(self.complaint, "refund", 10, amount=0.01)
        self.complaint.action_submit_plan()
        self.assertEqual(
            (remedy.line_ids.amount, self.complaint.approval_ids.amount), (100.0, 100.0)
        )

    def test_derived_values_are_taken_from_nobody(self):
        self.investigated(self.complaint)
        remedy = self.plan(self.complaint, "credit", percent=100)
        euro = self.env.ref("base.EUR")
        for record, vals in (
            (remedy.line_ids, {"currency_id": euro.id}),
            (self.complaint.line_ids, {"value": 5000}),
            (self.complaint.line_ids, {"move_id": False}),
            (remedy, {"company_id": self.env.ref("base.main_company").id}),
            (self.complaint, {"policy_id": False}),
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                record.with_user(self.officer).write(vals)

    def test_remedy_cannot_join_a_plan_that_waits_for_approval(self):
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(self.complaint)
        self.plan(self.complaint, "credit", amount=1.0)
        self.complaint.action_submit_plan()
        late = self.plan(self.complaint, "credit", amount=90.0)
        with self.assertRaisesRegex(UserError, "waiting for approval"):
            late.action_submit()
        self.complaint.with_user(self.manager).action_approve_plan()
        self.assertEqual(late.state, "draft")

    def test_severity_raised_again_after_the_plan_needs_its_approval_before_closing(
        self,
    ):
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        with self.assertRaisesRegex(UserError, "lowered"):
            self.complaint.severity_id = self.general
        self.complaint.write(
            {"severity_id": self.general.id, "severity_reason": "One piece only"}
        )
        self.investigated(self.complaint)
        self.plan(self.complaint, "explanation")
        self.complaint.action_submit_plan()
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.assertIn(
            "Management",
            " ".join(text for text, _record in self.complaint._get_open_ends()),
        )

    def test_handler_cannot_regrade_or_hide_a_registered_complaint(self):
        self.complaint.user_id = self.handler
        mine = self.complaint.with_user(self.handler)
        for vals in (
            {"type_id": self.env.ref("quality_complaint.type_praise").id},
            {"severity_id": self.major.id},
            {"active": False},
            {"is_batch": True},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                mine.write(vals)

    def test_reopening_withdraws_what_waits_for_approval(self):
        self.complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        self.investigated(self.complaint)
        self.plan(self.complaint, "explanation")
        self.complaint.action_submit_plan()
        self.complaint.with_user(self.manager).action_approve_plan()
        self.tell(self.complaint)
        late = self.plan(self.complaint, "credit", amount=10.0)
        late.action_submit()
        self.complaint.action_reopen("New facts")
        self.assertEqual(
            (
                late.state,
                self.complaint.approval_ids.filtered(
                    lambda a: late in a.remedy_ids
                ).state,
            ),
            ("draft", "cancelled"),
        )

    def test_handler_without_rights_on_remedies_finishes_and_cancels_his_case(self):
        self.investigated(self.complaint)
        self.plan(self.complaint, "explanation")
        self.complaint.action_submit_plan()
        self.complaint.user_id = self.handler
        self.tell(self.complaint.with_user(self.handler))
        self.assertEqual(self.complaint.remedy_ids.state, "done")
        other = self.make_complaint(lot_ref="H-1", user=self.officer)
        self.plan(other, "refund", 1)
        other.user_id = self.handler
        other.with_user(self.handler).action_cancel("withdrawn", "Called back")
        self.assertEqual(other.remedy_ids.state, "cancelled")
