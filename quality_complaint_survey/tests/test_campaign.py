from datetime import datetime
from io import BytesIO

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import format_date

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestCampaign(SurveyWorld):
    """A survey from sending to circulation (rows 8, 140 to 142, 162, 166 to 170, 193,
    210, 262 and 301).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey_plan.write({"share": 100.0, "turnover_share": 0})

    def send(self, count):
        self.partners = self.make_customers(count)
        campaign = self.survey_plan._start().with_user(self.officer)
        campaign.action_send()
        self.follow()
        return campaign

    def rows(self, campaign, *states):
        return campaign.recipient_ids.filtered(lambda row: row.state in states)

    def test_mails_go_to_each_once_and_the_number_sent_is_fixed(self):
        campaign = self.send(3)
        self.assertEqual((campaign.state, campaign.sent_count), ("running", 3))
        self.assertEqual(campaign.answer_until, datetime(2026, 12, 2, 23, 59, 59))
        row = campaign.recipient_ids[0]
        message = row.message_ids.filtered(
            lambda mail: mail.message_type == "email_outgoing"
        )
        self.assertEqual((len(message), message.partner_ids), (1, row.contact_id))
        self.assertIn(row.sudo().user_input_id.access_token, message.body)
        self.assertIn(row._stop_url(), message.body)
        self.follow()
        self.assertEqual(
            len(
                row.message_ids.filtered(
                    lambda mail: mail.message_type == "email_outgoing"
                )
            ),
            1,
        )
        with self.assertRaisesRegex(UserError, "whom it asks is fixed"):
            row.copy({"partner_id": self.customer.id})
        with self.assertRaisesRegex(UserError, "was sent and stays"):
            campaign.unlink()

    def test_two_reminders_each_once_and_none_for_who_has_answered(self):
        campaign = self.send(3)
        first, second, third = campaign.recipient_ids
        self.answer(first, 60)
        self.partners.filtered(
            lambda row: row == third.partner_id
        ).complaint_survey_stop = True
        for moment, expected in (
            ("2026-11-28 09:00:00", 0),
            ("2026-11-28 09:31:00", 1),
            ("2026-11-29 12:00:00", 1),
            ("2026-11-30 09:31:00", 2),
            ("2026-12-02 20:00:00", 2),
        ):
            with freeze_time(moment):
                self.follow()
            self.assertEqual(second.reminders, expected, moment)
        self.assertEqual((first.reminders, third.reminders), (0, 0))

    def test_partly_filled_in_it_is_not_returned(self):
        campaign = self.send(2)
        row = campaign.recipient_ids[0]
        answer = row.sudo().user_input_id
        answer._mark_in_progress()
        answer._save_lines(
            self.questions[0], str(self.questions[0].suggested_answer_ids[0].id)
        )
        self.assertEqual((row.state, campaign.returned_count), ("sent", 0))

    def test_eighty_two_per_cent_are_valid(self):
        campaign = self.send(50)
        for row in campaign.recipient_ids[:41]:
            self.answer(row, 60)
        self.assertEqual(campaign.return_rate, 82.0)
        with freeze_time("2026-12-03 00:10:00"):
            self.follow()
        self.assertEqual(
            (
                campaign.state,
                campaign.is_valid,
                campaign.was_extended,
                campaign.score,
                campaign.grade_id.name,
            ),
            ("evaluated", True, False, 60, "Satisfied"),
        )
        self.assertFalse(campaign.problem_ids)

    def test_seventy_nine_per_cent_are_extended_once_then_not_valid(self):
        campaign = self.send(100)
        for row in campaign.recipient_ids[:79]:
            self.answer(row, 90)
        with freeze_time("2026-12-03 00:10:00"):
            self.follow()
            self.assertEqual(
                (campaign.state, campaign.was_extended, campaign.answer_until),
                ("running", True, datetime(2026, 12, 10, 23, 59, 59)),
            )
        with freeze_time("2026-12-11 00:10:00"):
            self.follow()
        self.assertEqual((campaign.state, campaign.is_valid), ("evaluated", False))
        # too late: kept, not counted
        late = self.rows(campaign, "sent")[0]
        self.answer(late, -90)
        self.assertEqual(
            (late.state, campaign.returned_count, campaign.score), ("late", 79, 90)
        )

    def test_exactly_eighty_per_cent_are_valid(self):
        campaign = self.send(5)
        for row in campaign.recipient_ids[:4]:
            self.answer(row, 30)
        campaign.action_evaluate()
        self.assertTrue(campaign.is_valid)

    def test_what_comes_after_the_last_moment_is_late(self):
        campaign = self.send(2)
        first, second = campaign.recipient_ids
        with freeze_time("2026-12-02 23:59:59"):
            self.answer(first, 60)
        with freeze_time("2026-12-03 00:00:01"):
            self.answer(second, 60)
        self.assertEqual((first.state, second.state), ("returned", "late"))
        self.assertEqual(
            campaign._answer_until_day(),
            format_date(self.env, "2026-12-02"),
        )

    def test_whom_it_asks_is_fixed_when_it_is_sent(self):
        self.make_customers(2)
        campaign = self.survey_plan._start().with_user(self.officer)
        campaign.action_send()
        row = campaign.recipient_ids[0]
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            row.partner_id = self.customer
        with self.assertRaisesRegex(UserError, "was asked and counts"):
            row.unlink()
        self.survey_plan.survey_id = self.survey_plan.survey_id.copy()
        self.assertEqual(campaign.survey_id, row.survey_id)

    def test_a_customer_may_belong_to_another_company_later(self):
        campaign = self.send(2)
        first, second = campaign.recipient_ids
        first.partner_id.parent_id = second.partner_id
        self.assertNotEqual(first.commercial_partner_id, second.commercial_partner_id)

    def test_marked_at_once_where_the_plan_says_so(self):
        self.survey_plan.when_low = "mark"
        campaign = self.send(2)
        with freeze_time("2026-12-03 00:10:00"):
            self.follow()
        self.assertEqual((campaign.state, campaign.is_valid), ("evaluated", False))

    def test_what_came_back_undelivered_is_counted_apart_and_sent_again(self):
        campaign = self.send(2)
        row = campaign.recipient_ids[0]
        notification = row.sudo().message_ids.notification_ids
        notification.write({"notification_status": "bounce"})
        self.assertEqual(
            (row.state, campaign.bounced_count, campaign.sent_count),
            ("bounced", 1, 2),
        )
        row.contact_id = self.env["res.partner"].create(
            {
                "name": "Ms Lee",
                "parent_id": row.partner_id.id,
                "email": "lee@customers.example",
            }
        )
        with freeze_time("2026-11-30 10:00:00"):
            row.action_send_again()
            self.follow()
        self.assertEqual(
            (row.state, campaign.bounced_count, row.reminders), ("sent", 0, 0)
        )
        # a mail inside our house that fails says nothing of the customer
        note = row.message_post(body="Ask her", partner_ids=self.handler.partner_id.ids)
        note.sudo().notification_ids.write({"notification_status": "exception"})
        self.assertEqual(row.state, "sent")

    def test_who_has_no_address_is_asked_on_paper(self):
        self.partners = self.make_customers(1)
        self.partners.email = False
        campaign = self.survey_plan._start().with_user(self.officer)
        campaign.action_send()
        self.follow()
        row = campaign.recipient_ids
        self.assertEqual(row.state, "paper")
        action = row.action_enter_answer()
        self.assertIn(row.sudo().user_input_id.access_token, action["url"])
        self.answer(row, -30)
        self.assertEqual(
            (row.state, row.score, row.grade_id.name),
            ("returned", -30, "Rather dissatisfied"),
        )

    def test_neutral_and_below_becomes_a_problem_of_dimension_and_customer(self):
        self.survey_plan.valid_rate = 0
        campaign = self.send(3)
        price = self.env.ref("quality_complaint_survey.dimension_price")
        good, bad, silent = campaign.recipient_ids
        bad.partner_id.user_id = self.handler
        self.answer(good, 90)
        self.answer(bad, -90, only=price)
        answer = silent.sudo().user_input_id
        answer._mark_done()
        campaign.action_evaluate()
        self.assertEqual((silent.state, silent.is_scored), ("returned", False))
        self.assertEqual(
            [
                (problem.name, problem.survey_partner_id, problem.reason)
                for problem in campaign.problem_ids
            ],
            [
                (price.name, self.env["res.partner"], "0 · Neutral"),
                (
                    bad.commercial_partner_id.name,
                    bad.commercial_partner_id,
                    self.said(-90, "Very dissatisfied", price),
                ),
            ],
        )
        summary = campaign.result_ids.filtered(lambda row: row.dimension_id == price)
        self.assertEqual(
            (summary.answers, summary.score, summary.has_previous), (2, 0, False)
        )

    def test_result_is_compared_with_the_last_one(self):
        self.survey_plan.write({"valid_rate": 0, "not_again_months": 0})
        first = self.send(2)
        for row in first.recipient_ids:
            self.answer(row, 30)
        first.action_evaluate()
        second = self.survey_plan._start().with_user(self.officer)
        second.action_send()
        self.follow()
        for row in second.recipient_ids:
            self.answer(row, 60)
        second.action_evaluate()
        self.assertEqual(
            (second.previous_id, second.previous_score, second.score), (first, 30, 60)
        )
        self.assertEqual(set(second.result_ids.mapped("previous")), {30})

    def test_words_become_feedback_with_one_click(self):
        campaign = self.send(1)
        self.answer(campaign.recipient_ids, 60, words="A smaller drum")
        remark = campaign.remark_ids
        self.assertEqual(
            (remark.question, remark.text, remark.partner_id),
            ("What should we do better?", "A smaller drum", self.partners),
        )
        action = remark.action_make_feedback()
        feedback = self.env["quality.complaint"].browse(action["res_id"])
        self.assertEqual(
            (feedback.type_id.code, feedback.partner_id), ("survey", self.partners)
        )

    @staticmethod
    def said(points, grade, *dimensions):
        """What a problem of a customer says they said."""
        return "\n".join(
            f"{name}: {points:+d} · {grade}"
            for name in ("In all", *(row.name for row in dimensions))
        )

    def evaluated(self):
        self.survey_plan.valid_rate = 0
        campaign = self.send(1)
        self.answer(campaign.recipient_ids, -60)
        campaign.action_evaluate()
        return campaign

    def test_approved_by_another_the_solutions_start_and_it_is_circulated(self):
        campaign = self.evaluated()
        with self.assertRaisesRegex(UserError, "(?s)is empty.*lacks: "):
            campaign.action_submit()
        campaign.conclusion = "Prices are too high."
        campaign.problem_ids.write(
            {
                "answer": "Raw material",
                "measure": "Contracts by quarter",
                "department_id": self.department.id,
                "user_id": self.handler.id,
                "due_on": "2027-01-31",
            }
        )
        campaign.action_submit()
        with self.assertRaisesRegex(UserError, "is approved by"):
            campaign.action_approve()
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            campaign.conclusion = "Something else"
        campaign.with_user(self.manager).action_approve()
        self.assertEqual(set(campaign.problem_ids.mapped("state")), {"open"})
        self.assertEqual(
            set(campaign.problem_ids.action_ids.mapped("user_id")), {self.handler}
        )
        self.department.manager_id = self.engineer
        action = campaign.action_open_circulation()
        dialog = self.env["quality.complaint.circulate"].browse(action["res_id"])
        self.assertEqual(dialog.user_ids, self.engineer)
        dialog.with_user(self.officer).action_send()
        self.assertEqual(
            (campaign.state, campaign.reader_ids), ("circulated", self.engineer)
        )
        analysis = self.env["quality.complaint.analysis"].new(
            {
                "company_id": self.company.id,
                "kind": "month",
                "date_from": "2026-11-01",
                "date_to": "2026-11-30",
            }
        )
        self.assertEqual(analysis.survey_campaign_ids._origin, campaign.sudo(False))

    def test_customers_and_results_open_behind_the_figures(self):
        campaign = self.evaluated()
        for action, model, count in (
            (campaign.action_view_recipients(), "recipient", 1),
            (campaign.action_view_results(), "result", 9),
        ):
            self.assertEqual(action["res_model"], f"quality.complaint.survey.{model}")
            self.assertEqual(
                self.env[action["res_model"]].search_count(action["domain"]), count
            )

    def test_problems_stay_and_an_ended_survey_takes_nothing_more(self):
        campaign = self.evaluated()
        with self.assertRaisesRegex(UserError, "stays with its survey"):
            campaign.problem_ids[0].unlink()
        late = campaign.recipient_ids
        late.sudo()._advance({"state": "sent"})
        with self.assertRaisesRegex(UserError, "has ended"):
            late.action_enter_answer()

    def test_who_declines_is_not_written_to_again(self):
        campaign = self.send(1)
        row = campaign.recipient_ids
        row.sudo()._advance({"state": "bounced"})
        row.contact_id.complaint_survey_stop = True
        with self.assertRaisesRegex(UserError, "does not want to be asked"):
            row.action_send_again()

    def test_excel_has_result_and_customers(self):
        campaign = self.evaluated()
        book = openpyxl.load_workbook(BytesIO(campaign._xlsx()))
        rows = [[cell.value for cell in row] for row in book.worksheets[2].iter_rows()]
        self.assertEqual(
            rows[1],
            [
                self.partners.name, "", "Returned", -60, "Dissatisfied", "",
            ],
        )  # fmt: skip
        self.assertEqual(book.worksheets[1].max_row, 10)
        self.assertEqual(book.worksheets[3].max_row, 1 + len(campaign.problem_ids))

    def test_nobody_of_another_company_and_no_employee_reads_it(self):
        campaign = self.send(1)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = new_test_user(
            self.env,
            "foreign_surveyor",
            groups="quality_complaint.group_quality_complaint_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for user, company in ((foreign, other), (self.employee, self.company)):
            for record in (campaign, campaign.recipient_ids, self.survey_plan):
                with self.assertRaises(AccessError):
                    record.with_user(user).with_company(company).read(["company_id"])
        with self.assertRaises(AccessError):
            campaign.with_user(self.handler).action_cancel()
        # links to answers stand in its mails
        with self.assertRaises(AccessError):
            campaign.recipient_ids.with_user(self.handler).read(["state"])
        forged = (
            self.env["quality.complaint.survey.recipient"]
            .with_user(self.officer)
            .create(
                {
                    "campaign_id": self.survey_plan._start().id,
                    "partner_id": self.customer.id,
                    "complaint_id": self.make_complaint(partner_id=self.customer.id).id,
                    "score": 90,
                }
            )
        )
        self.assertFalse(forged.complaint_id)
        self.assertFalse(forged.score)
        with self.assertRaisesRegex(UserError, "set by its buttons only"):
            campaign.state = "approved"
