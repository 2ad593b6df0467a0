from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestFeedback(ComplaintCase):
    """Words of customers become feedback with one click (rows 14, 191, 265, 303 and
    396).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def test_suggestion_of_a_visit_becomes_feedback_once(self):
        visit = (
            self.env["quality.complaint.service"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Fair in Shanghai",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "suggestion": "A smaller drum would help",
                    "channel_id": self.env.ref("quality_complaint.channel_fair").id,
                }
            )
        )
        action = visit.action_make_feedback()
        feedback = self.env["quality.complaint"].browse(action["res_id"])
        self.assertEqual(
            (
                feedback.type_id.code,
                feedback.state,
                feedback.description,
                feedback.partner_id,
                feedback.channel_id.code,
            ),
            (
                "suggestion",
                "registered",
                "A smaller drum would help",
                self.customer,
                "fair",
            ),
        )
        self.assertEqual(visit.action_make_feedback()["res_id"], feedback.id)

    def test_nothing_said_is_no_feedback(self):
        visit = (
            self.env["quality.complaint.service"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Visit",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "holds no words"):
            visit.action_make_feedback()

    def test_other_needs_of_a_revisit_become_feedback(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        revisit = self.env["quality.complaint.revisit"].create(
            {"complaint_id": complaint.id, "other_needs": "Wants pallets of 600 kg"}
        )
        revisit.with_user(self.officer).action_make_feedback()
        self.assertEqual(
            (revisit.feedback_id.description, revisit.feedback_id.partner_id),
            ("Wants pallets of 600 kg", self.customer),
        )

    def test_what_comes_from_ourselves_needs_no_customer(self):
        for code in ("regulation", "missed_target", "environment"):
            kind = self.env.ref(f"quality_complaint.type_{code}")
            case = (
                self.env["quality.complaint"]
                .with_user(self.officer)
                .create(
                    {
                        "type_id": kind.id,
                        "company_id": self.company.id,
                        "channel_id": self.env.ref(
                            "quality_complaint.channel_internal"
                        ).id,
                        "description": "GB 5009 was changed",
                    }
                )
            )
            case.action_register()
            with self.assertRaisesRegex(UserError, "whether it is adopted"):
                case.action_close()
            case.action_adopt("The instruction is changed until May")
            case.action_close()
            self.assertEqual(case.state, "closed")
        with self.assertRaisesRegex(UserError, "the customer or the name"):
            self.env["quality.complaint"].with_user(self.officer).create(
                {
                    "company_id": self.company.id,
                    "description": "A complaint has a customer",
                }
            ).action_register()
