from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..reply.mailing import Mailing
from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestSample(Mailing, InvestigationCase):
    def ask(self, investigation):
        """Ask the customer for the sample as the officer does."""
        action = investigation.with_user(self.officer).action_ask_sample()
        reply = (
            self.env["quality.complaint.reply"]
            .with_user(self.officer)
            .browse(action["res_id"])
        )
        reply.action_send()
        return reply

    def test_sample_from_request_to_return(self):
        with freeze_time("2026-03-02 09:00:00"):
            investigation = self.start("customer_sample")
            self.assertEqual(investigation.sample_state, "none")
            investigation.write({"sample_quantity": 2})
            reply = self.ask(investigation)
        complaint = investigation.complaint_id
        self.assertIn("2 Units of Copper strip (I-1)", reply.body)
        self.assertEqual(
            (investigation.sample_state, str(investigation.sample_expected_on)),
            ("asked", "2026-03-09"),
        )
        self.assertEqual(complaint.waiting_for, "sample")
        reminder = complaint.sudo().activity_ids.filtered(
            lambda activity: "Has the sample arrived" in (activity.summary or "")
        )
        self.assertEqual(
            (reminder.user_id, str(reminder.date_deadline)),
            (self.officer, "2026-03-09"),
        )
        with freeze_time("2026-03-06 09:00:00"):
            investigation.action_sample_received()
        self.assertFalse(reminder.exists())
        self.assertEqual(
            (investigation.sample_state, complaint.waiting_for, reply.answer),
            ("received", False, "accepted"),
        )
        with freeze_time("2026-03-07 09:00:00"):
            self.finish(investigation)
            self.assertEqual(investigation.sample_state, "tested")
            investigation.action_sample_returned()
        self.assertEqual(
            (investigation.sample_state, str(investigation.sample_fate_on)),
            ("returned", "2026-03-07"),
        )
        codes = complaint.sudo()._reached_codes()
        self.assertTrue({"sample_requested", "sample_received", "reinspected"} <= codes)

    def test_sample_without_a_fate_blocks_closing(self):
        investigation = self.start("retained_sample")
        investigation.action_ask_sample()
        self.assertEqual(
            (investigation.sample_state, investigation.complaint_id.waiting_for),
            ("asked", False),
        )
        investigation.action_sample_received()
        self.finish(investigation)
        self.assertIn(
            "nobody said what became of it",
            str(investigation.complaint_id._get_open_ends()),
        )
        investigation.action_sample_kept()
        self.assertNotIn(
            "nobody said what became of it",
            str(investigation.complaint_id._get_open_ends()),
        )

    def test_sample_that_never_comes_does_not_hold_the_case_for_ever(self):
        investigation = self.start("customer_sample")
        self.ask(investigation)
        with self.assertRaisesRegex(UserError, "the arrival of the sample"):
            self.finish(investigation)
        self.finish(
            investigation,
            result="inconclusive",
            finding="Customer sent nothing",
            sample_fate="not_sent",
        )
        self.assertFalse(investigation.complaint_id.waiting_for)
        self.assertNotIn(
            "reinspected", investigation.complaint_id.sudo()._reached_codes()
        )
        self.assertEqual(investigation.sample_state, "none")

    def test_goods_received_by_the_warehouse_are_the_sample(self):
        investigation = self.start("customer_sample")
        self.ask(investigation)
        complaint = investigation.complaint_id
        remedy = self.plan(complaint, "return", 2)
        remedy.action_submit()
        remedy.action_execute()
        picking = remedy.sudo().picking_ids.with_user(self.warehouse_worker)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(
            (investigation.sample_state, complaint.waiting_for), ("received", False)
        )
        self.assertIn("sample_received", complaint.sudo()._reached_codes())

    def test_contradictions_are_refused(self):
        investigation = self.start("customer_sample")
        with self.assertRaisesRegex(ValidationError, "only a sample that arrived"):
            investigation.sample_fate = "kept"
        with self.assertRaisesRegex(ValidationError, "in the future"):
            investigation.sample_received_on = "2190-01-01 00:00:00"
        investigation.method = "phone"
        with self.assertRaisesRegex(UserError, "needs no sample"):
            investigation.action_sample_received()
