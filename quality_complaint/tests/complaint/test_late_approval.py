from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestLateApproval(ComplaintCase):
    """An approval that became needed after the plan holds what is not done; goods under
    way still arrive.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("LA-1", quantity=20)
        cls.sell({cls.lot: 10})
        role = cls.major.plan_role_id or cls.env.ref(
            "quality_complaint.role_general_manager"
        )
        cls.policy.severity_ids.plan_role_id = False
        cls.policy.approval_rule_ids.unlink()
        cls.major.plan_role_id = role
        role.user_ids = cls.manager

    def planned(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        self.assertEqual(remedy.state, "approved")
        return complaint, remedy

    def raise_severity(self, complaint):
        complaint.write(
            {"severity_id": self.major.id, "severity_reason": "Serious defect"}
        )
        complaint._request_missing_approvals()

    def pending(self, complaint):
        return complaint.approval_ids.filtered(
            lambda row: row.state == "pending"
        ).with_user(self.manager)

    def test_what_is_not_executed_waits(self):
        complaint, remedy = self.planned()
        self.raise_severity(complaint)
        action = complaint.action_execute()
        self.assertIn("waits for: the approval of", action["params"]["message"])
        self.assertEqual((remedy.state, remedy.picking_ids.ids), ("approved", []))
        self.assertTrue(remedy.held)
        self.pending(complaint).action_approve()
        complaint.action_execute()
        self.assertEqual(
            (remedy.state, len(remedy.picking_ids), remedy.held),
            ("executing", 1, False),
        )

    def test_the_receipt_arrives_and_the_credit_note_waits(self):
        complaint, remedy = self.planned()
        complaint.action_execute()
        self.raise_severity(complaint)
        self.receive(remedy)
        self.assertEqual(
            (remedy.picking_ids.state, remedy.credit_note_ids.ids, remedy.failure),
            ("done", [], False),
        )
        self.assertIn("the approval of", remedy.held)
        self.pending(complaint).action_approve()
        self.assertEqual(
            (
                len(remedy.credit_note_ids),
                remedy.credit_note_ids.amount_untaxed,
                remedy.held,
            ),
            (1, 40.0, False),
        )

    def test_a_refusal_sends_back_what_was_not_executed(self):
        complaint, remedy = self.planned()
        self.raise_severity(complaint)
        self.pending(complaint).action_refuse("Too much")
        self.assertEqual(remedy.state, "draft")

    def test_a_refusal_stops_the_rest_and_says_what_happened(self):
        complaint, remedy = self.planned()
        complaint.action_execute()
        self.raise_severity(complaint)
        self.pending(complaint).action_refuse("Too much")
        self.receive(remedy)
        self.assertEqual(
            (remedy.state, remedy.picking_ids.state, remedy.credit_note_ids.ids),
            ("executing", "done", []),
        )
        self.assertIn("Too much", remedy.held)
        self.assertIn(remedy.picking_ids.name, remedy.held)
        told = " ".join(complaint.message_ids.mapped("body"))
        self.assertIn("What happened already", told)
        complaint.action_execute()
        self.assertFalse(
            self.pending(complaint), "whoever refused is not asked again for the same"
        )
        remedy.action_change_outcome()
        self.assertEqual((remedy.kind, remedy.held), ("return", False))

    def test_support_is_not_marked_done_without_it(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.env["quality.complaint.remedy"].create(
            {"complaint_id": complaint.id, "kind": "support"}
        )
        complaint.action_submit_plan()
        self.raise_severity(complaint)
        with self.assertRaisesRegex(UserError, "waits for: the approval of"):
            remedy.action_mark_done()
