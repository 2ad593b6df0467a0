from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestGuards(ComplaintCase):
    """What the flow sets, or what was submitted, sent or finished, cannot be written by
    anybody, over no interface.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        lot = cls.make_lot("G-1", quantity=50)
        cls.sell({lot: 10})
        cls.complaint = cls.investigated(
            cls.make_complaint(lot_ref="G-1", user=cls.officer)
        )
        cls.remedy = cls.plan(cls.complaint, "refund", 4)
        cls.complaint.action_submit_plan()

    def refused(self, record, **vals):
        for name, value in vals.items():
            with self.assertRaises(UserError, msg=f"{record._name}.{name}"):
                record.write({name: value})

    def test_flow_fields_are_refused(self):
        reply = self.env["quality.complaint.reply"].browse(
            self.complaint.action_open_reply()["res_id"]
        )
        self.refused(
            reply, state="sent", answer="accepted", complaint_id=self.complaint.id
        )
        self.refused(self.complaint.investigation_ids, done_on=False)
        self.refused(
            self.remedy,
            state="done",
            executed_on=False,
            failure="x",
            complaint_id=self.complaint.id,
        )
        self.refused(self.remedy.line_ids, received_before=3, remedy_id=self.remedy.id)
        self.refused(self.complaint.line_ids, complaint_id=self.complaint.id)
        self.refused(
            self.complaint, repeat_rank=9, registered_on="2020-01-01", cancel_reason="x"
        )
        created = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .create({"complaint_id": self.complaint.id, "state": "sent"})
        )
        self.assertEqual(created.state, "draft")

    def test_what_the_plan_rests_on_is_locked(self):
        line = self.complaint.line_ids
        self.refused(
            line,
            product_id=self.strip.id,
            lot_id=False,
            invoice_line_id=False,
            move_line_id=False,
            product_uom_id=self.dozen.id,
        )
        line.note = "still writable"

    def test_finished_work_is_locked(self):
        self.refused(
            self.complaint.investigation_ids,
            finding="Something else",
            result="not_confirmed",
        )
        self.complaint.action_execute()
        reply = self.tell(self.complaint)
        self.refused(
            reply,
            body="<p>Other words</p>",
            subject="x",
            sent_on="2020-01-01",
            kind="offer",
        )
        revisit = self.complaint.revisit_ids
        revisit.score = 90
        revisit.action_done()
        self.refused(revisit, score=10, result="unsatisfied", state="planned")
