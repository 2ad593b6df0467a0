from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestRevisits(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("V-1", quantity=100)
        cls.sell({cls.lot: 10})

    def replied(self, **vals):
        complaint = self.investigated(
            self.make_complaint(lot_ref="V-1", user=self.officer, **vals)
        )
        self.plan(complaint, "credit", amount=12.5)
        complaint.action_submit_plan()
        complaint.action_execute()
        complaint.remedy_ids.sudo().credit_note_ids.action_post()
        self.tell(complaint, body="<p>You get 12.50 back.</p>")
        return complaint

    def test_planned_for_the_handler_with_a_task_on_the_day(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaint = self.replied()
        revisit = complaint.revisit_ids
        self.assertEqual(
            (revisit.user_id, str(revisit.planned_on), revisit.state),
            (self.officer, "2026-03-02", "planned"),
        )
        task = complaint.sudo().activity_ids.filtered(
            lambda a: (
                a.activity_type_id
                == self.env.ref("quality_complaint.mail_activity_revisit")
            )
        )
        self.assertEqual(
            (task.user_id, str(task.date_deadline)), (self.officer, "2026-03-02")
        )
        revisit.write({"user_id": self.engineer.id, "planned_on": "2026-03-04"})
        task = complaint.sudo().activity_ids.filtered(
            lambda a: (
                a.activity_type_id
                == self.env.ref("quality_complaint.mail_activity_revisit")
            )
        )
        self.assertEqual(
            (task.user_id, str(task.date_deadline)), (self.engineer, "2026-03-04")
        )
        self.assertEqual(
            complaint.sudo()
            .deadline_ids.filtered(
                lambda r: r.limit_id and r.milestone_code == "revisited"
            )
            .user_id,
            self.engineer,
        )
        revisit.score = 90
        revisit.action_done()
        self.assertFalse(task.exists())

    def test_role_of_the_policy_revisits_the_one_with_least_to_do_first(self):
        role = self.env.ref("quality_complaint.role_customer_care")
        role.user_ids = self.handler | self.engineer
        self.policy.revisit_role_id = role
        first, second = self.replied().revisit_ids, self.replied().revisit_ids
        self.assertEqual(first.user_id | second.user_id, self.handler | self.engineer)
        self.assertNotEqual(first.user_id, second.user_id)
        # a handler of another team sees and records what he is to do
        own = first if first.user_id == self.handler else second
        own = own.with_user(self.handler)
        self.assertIn("12.50", own.promised)
        self.assertIn("12.5", own.done)
        own.write({"score": 88})
        own.action_done()
        self.assertEqual(
            (own.result, own.done_by_id, own.handler_id),
            ("satisfied", self.handler, self.officer),
        )

    def test_grades_propose_the_score_which_may_be_changed(self):
        revisit = self.replied().revisit_ids
        revisit.write({"score_speed": "5", "score_attitude": "4", "score_result": "4"})
        self.assertAlmostEqual(revisit.score, 260 / 3, 6)
        revisit.score = 80
        self.assertTrue(revisit.below)
        revisit.recommends = "9"
        self.assertEqual(revisit.score, 80)

    def test_no_score_is_no_bad_score(self):
        revisit = self.replied().revisit_ids
        with self.assertRaisesRegex(UserError, "Still missing: the score"):
            revisit.action_done()
        self.assertEqual(revisit.state, "planned")

    def test_exactly_at_the_threshold_is_satisfied(self):
        complaint = self.replied()
        complaint.revisit_ids.score = 85
        complaint.revisit_ids.action_done()
        self.assertEqual(
            (complaint.revisit_ids.result, complaint.satisfaction, complaint.state),
            ("satisfied", 85.0, "replied"),
        )

    def test_not_reached_proposes_the_next_working_day(self):
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-03-06 09:00:00"):  # a Friday
            complaint = self.replied()
            complaint.revisit_ids.action_not_reached()
        self.assertEqual(
            (complaint.revisit_ids.attempts, str(complaint.revisit_ids.planned_on)),
            (1, "2026-03-09"),
        )

    def test_several_customers_in_a_row(self):
        first, second = self.replied().revisit_ids, self.replied().revisit_ids
        # at the weekend they are planned for Monday
        (first | second).planned_on = fields.Date.context_today(first)
        first = first.with_user(self.officer)
        first.score = 90
        self.assertEqual(first.action_done_next()["res_id"], second.id)
        second.score = 90
        self.assertEqual(
            second.with_user(self.officer).action_done_next()["xml_id"],
            "quality_complaint.action_revisit",
        )

    def test_recorded_result_is_locked(self):
        revisit = self.replied().revisit_ids
        revisit.score = 90
        revisit.action_done()
        for vals in (
            {"score": 20},
            {"comment": "x"},
            {"score_speed": "1"},
            {"recurred": "yes"},
            {"result": "unsatisfied"},
            {"attempts": 0},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                revisit.write(vals)

    def test_new_number_where_the_policy_wants_one(self):
        self.policy.new_number = True
        complaint = self.replied()
        number = complaint.name
        complaint.revisit_ids.write(
            {"score": 10, "reason": "Same again", "measures": "New parts"}
        )
        complaint.revisit_ids.action_done()
        self.assertEqual(
            (complaint.name, complaint.handling_number), (number, f"{number}-2")
        )
        self.assertEqual(
            self.env["quality.complaint"].name_search(f"{number}-2")[0][0], complaint.id
        )

    def test_another_person_reviews_and_nobody_twice(self):
        self.policy.write({"first_review": "other", "next_review": "other"})
        complaint = self.replied(team_id=self.team_of(self.officer, self.engineer).id)
        complaint.revisit_ids.write(
            {"score": 10, "reason": "Same again", "measures": "New parts"}
        )
        complaint.revisit_ids.action_done()
        self.assertEqual(
            (
                complaint.user_id,
                complaint.investigation_ids.filtered(
                    lambda row: row.round == 2
                ).user_id,
            ),
            (self.engineer, self.engineer),
        )
        with self.assertRaisesRegex(UserError, "another person has to review it"):
            complaint.with_user(self.manager).user_id = self.officer
        complaint.with_user(self.manager).user_id = self.manager

    def team_of(self, *users):
        return self.env["quality.complaint.team"].create(
            {
                "name": "Two",
                "company_id": self.company.id,
                "member_ids": [Command.set([user.id for user in users])],
            }
        )

    def test_reopening_for_new_facts_is_no_failure(self):
        self.policy.write({"first_review": "other", "new_number": True})
        complaint = self.replied()
        complaint.action_reopen("New facts")
        self.assertEqual(
            (complaint.failures, complaint.user_id, complaint.handling_number),
            (0, self.officer, False),
        )
        self.assertEqual(complaint.round_ids.mapped("round"), [1])

    def test_policy_names_the_role_that_reviews(self):
        with self.assertRaisesRegex(ValidationError, "choose the role"):
            self.policy.first_review = "role"

    def test_statistics_by_customer_product_handler_channel_and_month(self):
        with freeze_time("2026-03-02 09:00:00"):
            complaints = [self.replied(), self.replied()]
        for complaint, score, month in (
            (complaints[0], 90, "04"),
            (complaints[1], 100, "05"),
        ):
            with freeze_time(f"2026-{month}-02 09:00:00"):
                complaint.revisit_ids.score = score
                complaint.revisit_ids.action_done()
        revisits = self.env["quality.complaint.revisit"].with_user(self.manager)
        domain = [
            ("result", "in", ("satisfied", "unsatisfied")),
            ("company_id", "=", self.company.id),
        ]
        for name, value in (
            ("commercial_partner_id", self.customer),
            ("product_id", self.strip),
            ("handler_id", self.officer),
            ("channel_id", complaints[0].channel_id),
        ):
            self.assertEqual(
                revisits._read_group(domain, [name], ["score:avg", "__count"]),
                [(value, 95.0, 2)],
            )
        self.assertEqual(
            [
                row[1]
                for row in revisits._read_group(
                    domain, ["done_on:month"], ["score:avg"]
                )
            ],
            [90.0, 100.0],
        )

    def test_only_people_of_the_company_see_revisits(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "qc_foreign",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        revisit = self.replied().revisit_ids
        for user in (foreigner, self.handler, self.employee, self.accountant):
            with self.assertRaises(AccessError):
                revisit.with_user(user).read(["score"])
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            revisit.user_id = foreigner
        self.assertTrue(revisit.with_user(self.officer).read(["score"]))
