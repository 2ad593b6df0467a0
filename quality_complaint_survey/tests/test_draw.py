from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SurveyWorld

LOGGER = "odoo.addons.quality_complaint_survey.models.quality_complaint_survey_plan"


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

    def test_suppliers_who_get_goods_back_are_no_customers(self):
        self.make_customers(1)
        supplier = self.env["res.partner"].create({"name": "Mill"})
        self.deliver_to(supplier)
        self.env["stock.picking"].search(
            [("partner_id", "=", supplier.id)]
        ).location_dest_id = self.env.ref("stock.stock_location_suppliers")
        self.assertEqual(self.start().population, 1)

    def test_contact_who_does_not_want_it_is_passed_over(self):
        partners = self.make_customers(2)
        people = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": partner.id, "email": f"{name}@c.example"}
                for partner in partners
                for name in ("ann", "bob")
            ]
        )
        partners.email = False
        people[0].complaint_survey_stop = True
        (people[2] | people[3]).complaint_survey_stop = True
        self.survey_plan.share = 100
        campaign = self.start()
        self.assertEqual(campaign.recipient_ids.contact_id, people[1])
        self.assertEqual(campaign.left_out_ids.partner_id, partners[1])
        # and who says so afterwards is not written to
        people[1].complaint_survey_stop = True
        campaign.action_send()
        self.follow()
        self.assertEqual(campaign.recipient_ids.state, "declined")

    def test_who_was_left_out_may_be_asked_by_hand_but_not_who_declines(self):
        partners = self.make_customers(2)
        self.survey_plan.share = 100
        first = self.start()
        first.action_send()
        self.follow()
        partners[1].complaint_survey_stop = True
        campaign = self.start().with_user(self.officer)
        add = [
            {"campaign_id": campaign.id, "partner_id": partner.id}
            for partner in partners
        ]
        rows = self.env["quality.complaint.survey.recipient"].with_user(self.officer)
        self.assertEqual(rows.create(add[0]).in_population, True)
        self.assertEqual(campaign.coverage, 50.0)
        with self.assertRaisesRegex(UserError, "does not want to be asked"):
            rows.create(add[1])

    def test_a_plan_that_slept_is_not_made_up_for(self):
        self.make_customers(1)
        self.survey_plan.next_on = date(2024, 1, 10)
        self.env["quality.complaint.survey.plan"]._cron_start()
        self.assertEqual(
            (len(self.survey_plan.campaign_ids), self.survey_plan.next_on),
            (1, date(2027, 1, 10)),
        )

    def test_one_plan_that_fails_does_not_stop_the_others(self):
        self.make_customers(1)
        other = self.survey_plan.copy({"name": "Second"})
        (self.survey_plan | other).next_on = date(2026, 11, 25)
        start = type(self.survey_plan)._start

        def fail(plan):
            if plan == self.survey_plan:
                raise ValueError("broken")
            return start(plan)

        self.patch(type(self.survey_plan), "_start", fail)
        with self.assertLogs(LOGGER, "ERROR"):
            self.env["quality.complaint.survey.plan"]._cron_start()
        self.assertEqual(
            (len(self.survey_plan.campaign_ids), len(other.campaign_ids)), (0, 1)
        )

    def test_other_companies_deliveries_are_not_ours(self):
        self.make_customers(2)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        plan = self.survey_plan.copy({"company_id": other.id, "user_id": self.env.uid})
        self.env.user.company_ids = [Command.link(other.id)]
        self.assertFalse(plan._population(date(2025, 11, 25), date(2026, 11, 25)))
