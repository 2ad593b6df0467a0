from datetime import date

from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestServicePlan(ComplaintCase):
    """Yearly visits by the service plan (row 282)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.plan = (
            cls.env["quality.complaint.service.plan"]
            .with_user(cls.officer)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "months": 12,
                    "next_on": "2026-12-20",
                    "user_id": cls.handler.id,
                    "purpose": "Needs and state of the goods",
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    def run_plan(self):
        self.env["quality.complaint.service.plan"]._cron_plan()
        return self.plan.service_ids

    def test_visit_is_planned_a_month_ahead_and_once(self):
        visits = self.run_plan()
        self.assertEqual(
            [
                (visit.planned_on, visit.user_id, visit.kind, visit.purpose)
                for visit in visits
            ],
            [
                (
                    date(2026, 12, 20),
                    self.handler,
                    "visit",
                    "Needs and state of the goods",
                )
            ],
        )
        self.assertEqual(self.plan.next_on, date(2027, 12, 20))
        self.assertEqual(len(self.run_plan()), 1, "not again before its day")

    def test_not_earlier_than_a_month_ahead(self):
        self.plan.next_on = date(2026, 12, 26)
        self.assertFalse(self.run_plan())
        self.plan.next_on = date(2026, 12, 25)
        self.assertEqual(len(self.run_plan()), 1)

    def test_what_was_cancelled_or_is_planned_already_stops_nothing(self):
        visit = self.run_plan()
        visit.action_cancel()
        self.plan.next_on = date(2026, 12, 20)
        self.assertEqual(len(self.run_plan()), 2)
        self.plan.next_on = date(2026, 12, 20)
        self.assertEqual(len(self.run_plan()), 2)
        self.assertEqual(self.plan.next_on, date(2027, 12, 20))

    def test_of_what_a_plan_missed_only_the_last_is_made_up_for(self):
        self.plan.write({"next_on": date(2024, 1, 10), "months": 1})
        self.run_plan()
        self.assertEqual(
            sorted(self.plan.service_ids.mapped("planned_on")),
            [date(2026, 11, 10), date(2026, 12, 10)],
        )

    def test_ended_plans_plan_nothing(self):
        self.plan.active = False
        self.assertFalse(self.run_plan())

    def test_visit_can_be_planned_now(self):
        self.plan.next_on = date(2027, 5, 1)
        self.plan.action_plan_now()
        self.assertEqual(self.plan.service_ids.planned_on, date(2027, 5, 1))
