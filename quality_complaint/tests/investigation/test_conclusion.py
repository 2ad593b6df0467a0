from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestConclusion(InvestigationCase):
    def test_responsibility_of_others_needs_evidence_and_explanation(self):
        complaint = self.finish(self.start()).complaint_id
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.env.ref(
                    "quality_complaint.responsible_customer"
                ).id,
            }
        )
        with self.assertRaisesRegex(
            UserError, "the evidence that it is not ours and the explanation"
        ):
            complaint.action_conclude()
        complaint.write(
            {
                "responsible_evidence": "Photos of the wrong mounting",
                "explanation": "It was mounted upside down.",
            }
        )
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        reply = self.env["quality.complaint.reply"].browse(
            complaint.action_open_reply()["res_id"]
        )
        self.assertIn("mounted upside down", reply.body)
        self.assertNotIn("Photos of the wrong mounting", reply.body)

    def test_what_validity_asks_for_is_told_before_somebody_decides(self):
        self.policy.requirement_ids.unlink()
        self.policy.requirement_ids = [
            Command.create({"field_name": "root_cause", "conclusion": "valid"}),
            Command.create({"field_name": "design_input", "conclusion": "not_ours"}),
        ]
        complaint = self.finish(self.start()).complaint_id
        with self.assertRaisesRegex(
            UserError, r"Why It Occurred \(if the complaint is valid\)"
        ) as refused:
            complaint.action_conclude()
        self.assertNotIn("Design Change", str(refused.exception))
        complaint.validity = "valid"
        with self.assertRaisesRegex(UserError, "Why It Occurred") as refused:
            complaint.action_conclude()
        self.assertNotIn("if the complaint is valid", str(refused.exception))

    def test_proposal_may_be_made_until_the_complaint_is_concluded(self):
        investigation = self.finish(self.start())
        complaint = investigation.complaint_id
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            investigation.finding = "Something else"
        self.assertFalse(investigation.is_proposal_locked)
        investigation.proposal = "Grind the knives"
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        complaint.action_conclude()
        self.assertTrue(investigation.is_proposal_locked)
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            investigation.proposal = "Grind them twice"

    def test_not_investigated_only_with_reason_and_name(self):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "a reason"):
            complaint.action_skip_investigation(" ")
        with self.assertRaisesRegex(UserError, "Only a complaint officer"):
            complaint.user_id = self.handler
            complaint.with_user(self.handler).action_skip_investigation("Lazy")
        complaint.action_skip_investigation("Known: batch I-1 was investigated")
        self.assertEqual(
            (complaint.state, complaint.not_investigated_by_id),
            ("investigating", self.officer),
        )
        self.assertEqual(
            complaint.sudo()
            .deadline_ids.filtered(
                lambda r: r.limit_id and r.milestone_code == "investigation_started"
            )
            .state,
            "cancelled",
        )
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        complaint.action_conclude()
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        self.tell(complaint)
        complaint.revisit_ids.write({"score": 95})
        complaint.revisit_ids.action_done()
        complaint.sudo().deadline_ids.filtered("missed_on").late_reason = "x"
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_begun_investigation_cannot_be_skipped_and_similar_one_must_be_finished(
        self,
    ):
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        other = self.make_complaint(lot_ref="I-1", user=self.officer)
        with self.assertRaisesRegex(UserError, "no finished investigation to refer to"):
            complaint.action_skip_investigation("Same", other)
        complaint.action_start_investigation()
        complaint.investigation_ids.finding = "Something"
        with self.assertRaisesRegex(UserError, "finish or delete"):
            complaint.action_skip_investigation("Same")
        complaint.investigation_ids.finding = False
        other.action_start_investigation()
        self.finish(other.investigation_ids)
        complaint.action_skip_investigation("Same", other)
        self.assertEqual(
            (complaint.similar_id, len(complaint.investigation_ids)), (other, 0)
        )

    def test_policy_asks_for_fields_before_registering_concluding_and_closing(self):
        letter = self.env.ref("quality_complaint.channel_letter").id
        self.policy.requirement_ids = [
            Command.create(
                {
                    "field_name": "customer_ref",
                    "before": "register",
                    "channel_ids": [Command.set([letter])],
                }
            ),
            Command.create({"field_name": "line.defect_id", "before": "conclude"}),
            Command.create({"field_name": "escape_cause", "before": "close"}),
        ]
        with (
            self.assertRaisesRegex(UserError, "Customer's Complaint No."),
            self.env.cr.savepoint(),
        ):
            self.make_complaint(lot_ref="I-1", channel_id=letter)
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer)
        complaint.action_start_investigation()
        self.finish(complaint.investigation_ids)
        complaint.write(
            {
                "validity": "valid",
                "cause_id": self.cause.id,
                "responsible_id": self.department.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Defect of every line"):
            complaint.action_conclude()
        complaint.line_ids.defect_id = self.scratch
        complaint.action_conclude()
        self.assertIn("Why It Escaped", str(complaint._get_open_ends()))
        complaint.escape_cause = "Not checked at the end of the line"
        self.assertNotIn("Why It Escaped", str(complaint._get_open_ends()))
