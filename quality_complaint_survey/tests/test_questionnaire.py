from odoo.tests import freeze_time, tagged

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestQuestionnaire(SurveyWorld):
    """A questionnaire after the answer or the closing, where the policy wants it (row
    57).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {"survey_id": cls.survey_plan.survey_id.id, "survey_when": "revisit"}
        )

    def answered(self):
        self.count = getattr(self, "count", 0) + 1
        lot = self.make_lot(f"Q-{self.count}", quantity=5)
        self.sell({lot: 2})
        complaint = self.make_complaint(
            self.officer, partner_id=self.customer.id, lot_ref=lot.name
        )
        self.investigated(complaint)
        self.plan(complaint, "explanation")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.tell(complaint)
        return complaint

    def test_it_is_sent_with_the_revisit_and_its_answer_lands_there(self):
        complaint = self.answered()
        row = complaint.survey_recipient_ids
        self.assertEqual(
            (row.partner_id, row.revisit_id, row.state),
            (self.customer, complaint.revisit_ids, "to_send"),
        )
        self.follow()
        self.assertEqual(row.state, "sent")
        self.answer(row, 60, words="Quick, thank you")
        revisit = complaint.revisit_ids
        self.assertEqual(
            (row.state, revisit.method, revisit.score, revisit.comment),
            ("returned", "online", 83.33, "Quick, thank you"),
        )
        self.assertEqual(
            revisit.state, "planned", "the visitor looks at it and ends it"
        )

    def test_nobody_is_asked_twice_within_the_time(self):
        self.answered()
        self.follow()
        again = self.answered()
        self.assertFalse(again.survey_recipient_ids)
        with freeze_time("2027-03-01 09:00:00"):
            self.assertTrue(self.answered().survey_recipient_ids)

    def test_an_archived_questionnaire_stands_in_nobodys_way(self):
        self.policy.survey_id.active = False
        complaint = self.answered()
        self.assertEqual(complaint.state, "replied")
        self.assertFalse(complaint.survey_recipient_ids)

    def test_who_does_not_want_it_is_not_asked(self):
        self.customer.complaint_survey_stop = True
        self.assertFalse(self.answered().survey_recipient_ids)

    def test_after_closing(self):
        self.policy.survey_when = "closing"
        complaint = self.answered()
        self.assertFalse(complaint.survey_recipient_ids)
        complaint.sudo().deadline_ids.filtered("limit_id").unlink()
        complaint.revisit_ids.score = 95
        complaint.revisit_ids.action_done()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")
        self.assertEqual(complaint.survey_recipient_ids.partner_id, self.customer)
