from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR12Review(RegimeCase):
    """Simple flow with review (source 000): not satisfied, solved again, late, closed."""

    regime = "r12"

    def test_second_solution_after_an_unsatisfied_revisit(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(self.dues(complaint), {"Solution": "2026-03-09 17:00"})
        with self.at("2026-03-04 10:00"):
            self.tell(complaint)
        self.assertEqual(self.dues(complaint), {"revisited": "2026-03-11 17:00"})
        with self.at("2026-03-06 10:00"):
            complaint.revisit_ids.write({"score": 40.0, "measures": "Look at it again"})
            complaint.revisit_ids.action_done()
        self.assertEqual((complaint.state, complaint.round), ("investigating", 2))
        self.assertEqual(self.dues(complaint), {"Solution after review": "2026-03-13 17:00"})
        self.assertEqual(self.tell_due("2026-03-13 13:00"), [("Olga Officer", "Solution after review")])
        self.assertEqual(self.tell_due("2026-03-13 17:00"), [("Lena Leader", "Solution after review")])
        with self.at("2026-03-16 10:00"):
            self.tell(complaint)
        self.assertEqual(self.states(complaint)["Solution after review"], "missed")
        with self.at("2026-03-18 10:00"):
            complaint.revisit_ids.filtered(lambda revisit: revisit.state == "planned").write({"score": 95.0})
            complaint.revisit_ids.filtered(lambda revisit: revisit.state == "planned").action_done()
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_not_satisfied_again_goes_to_a_higher_level(self):
        complaint = self.complain("2026-03-02 09:00")
        for day, number in (("04", 1), ("10", 2)):
            with self.at(f"2026-03-{day} 10:00"):
                self.assertEqual(complaint.severity_code, "standard")
                self.tell(complaint)
                revisit = complaint.revisit_ids.filtered(lambda revisit: revisit.state == "planned")
                revisit.write({"score": 40.0, "measures": f"Look at it again ({number})"})
                revisit.action_done()
        self.assertEqual((complaint.round, complaint.severity_code), (3, "escalated"))

    def test_higher_level_needs_managements_approval_of_the_reply(self):
        complaint = self.complain("2026-03-02 09:00", **self.triggers("lawyer"))
        self.assertEqual(complaint.severity_code, "escalated")
        with self.at("2026-03-03 10:00"):
            reply = self.tell(complaint)
            self.assertEqual(reply.state, "to_approve")
            complaint.approval_ids.with_user(self.manager).action_approve()
        self.assertEqual((reply.state, complaint.state), ("sent", "replied"))
