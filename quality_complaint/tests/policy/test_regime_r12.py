from odoo.exceptions import UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR12Review(RegimeCase):
    """Simple flow with review (source 000): not satisfied, solved again, late,
    closed.
    """

    regime = "r12"
    particulars = {
        "first_assessment": "It is a complaint: the goods are faulty",
    }

    def test_second_solution_after_an_unsatisfied_revisit(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(self.dues(complaint), {"Solution": "2026-03-09 17:00"})
        # rows 199 and 200: what is said about it at first, and both sides, before the
        # customer is answered
        complaint.sudo().guide_done_ids = False
        complaint.first_assessment = False
        with self.at("2026-03-04 10:00"):
            with (
                self.assertRaisesRegex(UserError, "First Assessment.*Hear both sides"),
                self.env.cr.savepoint(),
            ):
                self.tell(complaint)
            complaint.sudo().guide_done_ids = complaint.sudo().guide_ids
            complaint.first_assessment = "It is a complaint: the goods are faulty"
            self.tell(complaint)
        self.assertEqual(self.dues(complaint), {"revisited": "2026-03-11 17:00"})
        with self.at("2026-03-06 10:00"):
            complaint.revisit_ids.write(
                {
                    "score": 40.0,
                    "reason": "Still rattles",
                    "measures": "Look at it again",
                }
            )
            complaint.revisit_ids.action_done()
        self.assertEqual(
            (complaint.state, complaint.round, complaint.user_id.id),
            ("investigating", 2, False),
        )
        asked = complaint.sudo().activity_ids.filtered(
            lambda activity: (
                "the customer was not satisfied" in (activity.summary or "")
            )
        )
        self.assertEqual(
            asked.user_id, self.leader
        )  # four others could review it: the leader says who
        self.assertEqual(
            (complaint.round_ids.round, complaint.round_ids.user_id), (1, self.officer)
        )
        with self.at("2026-03-09 10:00"):
            with self.assertRaisesRegex(
                UserError, "Olga Officer has handled QC/2026/00001 before"
            ):
                complaint.action_take()
            complaint.user_id = self.head
        self.assertEqual(
            self.dues(complaint), {"Solution after review": "2026-03-13 17:00"}
        )
        self.assertEqual(
            self.tell_due("2026-03-13 13:00"), [("Hugo Head", "Solution after review")]
        )
        self.assertEqual(
            self.tell_due("2026-03-13 17:00"),
            [("Lena Leader", "Solution after review")],
        )
        with self.at("2026-03-16 10:00"):
            self.tell(complaint)
        self.assertEqual(self.states(complaint)["Solution after review"], "missed")
        with self.at("2026-03-18 10:00"):
            complaint.revisit_ids.filtered(
                lambda revisit: revisit.state == "planned"
            ).write({"score": 95.0})
            complaint.revisit_ids.filtered(
                lambda revisit: revisit.state == "planned"
            ).action_done()
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_not_satisfied_again_goes_to_a_higher_level(self):
        complaint = self.complain("2026-03-02 09:00")
        for day, number in (("04", 1), ("10", 2)):
            with self.at(f"2026-03-{day} 10:00"):
                self.assertEqual(complaint.severity_code, "standard")
                self.tell(complaint)
                revisit = complaint.revisit_ids.filtered(
                    lambda revisit: revisit.state == "planned"
                )
                revisit.write(
                    {
                        "score": 40.0,
                        "reason": "Still rattles",
                        "measures": f"Look at it again ({number})",
                    }
                )
                revisit.action_done()
                if number == 1:
                    complaint.user_id = self.head
        self.assertEqual(
            (complaint.round, complaint.severity_code, complaint.failures),
            (3, "escalated", 2),
        )
        # the second review is management's, not the team's
        self.assertEqual(complaint.user_id, self.management)
        asked = complaint.sudo().activity_ids.filtered(
            lambda activity: (
                "the customer was not satisfied" in (activity.summary or "")
            )
        )
        self.assertEqual(asked.user_id - self.leader, self.management)

    def test_higher_level_needs_managements_approval_of_the_reply(self):
        complaint = self.complain("2026-03-02 09:00", **self.triggers("lawyer"))
        self.assertEqual(complaint.severity_code, "escalated")
        with self.at("2026-03-03 10:00"):
            reply = self.tell(complaint)
            self.assertEqual(reply.state, "to_approve")
            complaint.approval_ids.with_user(self.manager).action_approve()
        self.assertEqual((reply.state, complaint.state), ("sent", "replied"))

    def test_media_authority_and_court_are_decided_at_a_higher_level_by_whatever_way_they_came(  # noqa: E501
        self,
    ):
        for channel in ("media", "regulator", "court"):
            self.assertEqual(
                self.complain(
                    "2026-03-02 09:00", channel_id=self.channel(channel).id
                ).severity_code,
                "escalated",
                channel,
            )
