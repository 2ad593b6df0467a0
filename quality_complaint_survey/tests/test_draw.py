from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import SurveyWorld


@tagged("post_install", "-at_install")
class TestDraw(SurveyWorld):
    """Half-yearly to at least 60 % of the customers (row 166)."""

    def start(self):
        return self.survey_plan._start()

    def test_at_least_sixty_per_cent_of_those_delivered_to(self):
        self.make_customers(7)
        self.make_customers(3, "2025-11-01 08:00:00")  # too long ago
        campaign = self.start()
        self.assertEqual((campaign.population, len(campaign.recipient_ids)), (7, 5))
        self.assertAlmostEqual(campaign.coverage, 500 / 7)
        self.assertEqual(
            (campaign.date_from, campaign.date_to),
            (date(2025, 11, 25), date(2026, 11, 25)),
        )

    def test_manager_prepares_one_by_hand(self):
        self.make_customers(2)
        action = self.survey_plan.with_user(self.manager).action_start()
        campaign = self.env["quality.complaint.survey.campaign"].browse(
            action["res_id"]
        )
        self.assertEqual((campaign.state, len(campaign.recipient_ids)), ("draft", 2))

    def test_always_asked_then_the_largest_then_at_random(self):
        partners = self.make_customers(10)
        self.survey_plan.duty_partner_ids = partners[9]
        lot = self.make_lot("S-1", quantity=100)
        for partner, quantity in ((partners[3], 30), (partners[7], 20)):
            self.sell({lot: quantity}, partner=partner)
        campaign = self.start()
        drawn = {
            by: campaign.recipient_ids.filtered(
                lambda row, by=by: row.drawn_by == by
            ).partner_id
            for by in ("duty", "turnover", "random")
        }
        self.assertEqual(drawn["duty"], partners[9])
        self.assertEqual(len(drawn["turnover"]), 3)
        self.assertLessEqual(partners[3] | partners[7], drawn["turnover"])
        self.assertEqual(len(drawn["random"]), 2)
        self.assertEqual(
            campaign.recipient_ids.filtered(
                lambda row: row.partner_id == partners[3]
            ).categ_id,
            self.strip.categ_id,
        )

    def test_who_was_asked_lately_or_does_not_want_it_is_left_out(self):
        partners = self.make_customers(4)
        partners[0].complaint_survey_stop = True
        self.survey_plan.share = 100
        first = self.start()
        self.assertEqual(
            {row.partner_id: row.left_out for row in first.left_out_ids},
            {partners[0]: "opted_out"},
        )
        first.action_send()
        self.follow()
        second = self.start()
        self.assertFalse(second.recipient_ids)
        self.assertEqual(
            {row.partner_id: row.left_out for row in second.left_out_ids},
            {
                partners[0]: "opted_out",
                partners[1]: "lately",
                partners[2]: "lately",
                partners[3]: "lately",
            },
        )

    def test_who_was_not_asked_last_time_comes_first(self):
        partners = self.make_customers(10)
        self.survey_plan.write(
            {"not_again_months": 0, "turnover_share": 0, "share": 50}
        )
        first = self.start()
        first.action_send()
        second = self.start()
        self.assertEqual(
            second.recipient_ids.partner_id, partners - first.recipient_ids.partner_id
        )

    def test_a_survey_is_prepared_when_it_falls_due_and_once(self):
        self.make_customers(2)
        self.survey_plan.next_on = date(2026, 11, 25)
        plans = self.env["quality.complaint.survey.plan"]
        plans._cron_start()
        plans._cron_start()
        campaign = self.survey_plan.campaign_ids
        self.assertEqual(
            (len(campaign), campaign.state, self.survey_plan.next_on),
            (1, "draft", date(2027, 5, 25)),
        )
        self.assertEqual(campaign.activity_ids.user_id, self.officer)

    def test_drawn_again_as_long_as_nothing_was_sent(self):
        partners = self.make_customers(3)
        self.survey_plan.share = 100
        campaign = self.start()
        self.deliver_to(self.customer)
        campaign.with_user(self.officer).action_draw()
        self.assertEqual(campaign.recipient_ids.partner_id, partners | self.customer)

    def test_other_companies_deliveries_are_not_ours(self):
        self.make_customers(2)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        plan = self.survey_plan.copy({"company_id": other.id, "user_id": self.env.uid})
        self.env.user.company_ids = [Command.link(other.id)]
        self.assertFalse(plan._population(date(2025, 11, 25), date(2026, 11, 25)))
