from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .figures import FiguresCase, moment


@tagged("post_install", "-at_install")
class TestFacts(FiguresCase):
    """What a complaint counts as is kept beside it and follows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        lot = cls.make_lot("F-1", quantity=100)
        cls.sell({lot: 100})
        cls.lot = lot

    def test_times_of_a_whole_case(self):
        # Monday 09:00 in Shanghai
        complaint = self.received("2026-11-02 01:00:00")
        with freeze_time("2026-11-02 01:45:00"):
            complaint._reach("responded")
        with freeze_time("2026-11-04 01:00:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.action_execute()
        with freeze_time("2026-11-05 13:00:00"):
            self.tell(complaint)
        fact = self.fact(complaint)
        self.assertEqual(fact.received_day, date(2026, 11, 2))
        self.assertEqual(fact.response_minutes, 45.0)
        self.assertEqual(fact.replied_day, date(2026, 11, 5), "21:00 in Shanghai")
        self.assertEqual(fact.reply_days, 3.5)
        self.assertFalse(fact.closed_day)
        self.assertEqual(fact.closing_days, 0.0)
        self.assertEqual(fact.validity, "valid")
        self.assertEqual(fact.responsible_id, self.department)
        self.assertTrue(fact.counts)

    def test_day_is_that_of_the_company(self):
        complaint = self.received("2026-10-31 17:00:00")  # November in Shanghai
        self.assertEqual(self.fact(complaint).received_day, date(2026, 11, 1))

    def test_working_time_leaves_the_weekend_out(self):
        complaint = self.received("2026-11-06 01:00:00")  # Friday
        with freeze_time("2026-11-09 01:00:00"):  # Monday, the same hour
            complaint._reach("replied")
        fact = self.fact(complaint)
        self.assertEqual(fact.reply_hours, 8.0)
        self.assertEqual(fact.reply_days, 3.0)

    def test_limits_kept_missed_open_and_none(self):
        complaint = self.received("2026-11-02 01:00:00")
        deadlines = self.env["quality.complaint.deadline"].sudo()
        deadlines.search([("complaint_id", "=", complaint.id)]).filtered(
            "limit_id"
        ).unlink()
        self.assertEqual(self.fact(complaint).within_limit, "none")
        responded = self.limit_of(
            complaint,
            "responded",
            moment("2026-11-02 02:00"),
            moment("2026-11-02 01:30"),
        )
        self.assertEqual(self.fact(complaint).within_limit, "met")
        self.assertEqual(self.fact(complaint).response_in_time, "met")
        self.limit_of(complaint, "replied", moment("2026-12-24 02:00"))
        self.assertEqual(self.fact(complaint).within_limit, "open")
        self.assertEqual(self.fact(complaint).due_day, date(2026, 12, 24))
        responded._advance({"state": "missed", "done_on": moment("2026-11-02 03:00")})
        fact = self.fact(complaint)
        self.assertEqual(fact.within_limit, "late")
        self.assertEqual((fact.steps_met, fact.steps_missed), (0, 1))
        self.assertEqual(fact.steps_explained, 0)
        responded.late_reason = "Nobody at the desk"
        self.assertEqual(self.fact(complaint).steps_explained, 1)

    def test_what_is_overdue_by_now_is_late_after_the_night(self):
        complaint = self.received("2026-11-24 01:00:00")
        self.limit_of(complaint, "replied", moment("2026-11-27 02:00"))
        self.assertEqual(self.fact(complaint).reply_in_time, "open")
        with freeze_time("2026-11-28 01:00:00"):
            self.env["quality.complaint.fact"]._cron_compare()
        self.env.invalidate_all()
        fact = self.env["quality.complaint.fact"].search(
            [("complaint_id", "=", complaint.id)]
        )
        self.assertEqual(fact.reply_in_time, "late")
        self.assertEqual(fact.compared_on, date(2026, 11, 28))

    def test_other_feedback_batch_case_and_cancelled_one_do_not_count(self):
        inquiry = self.received(
            "2026-11-02 01:00:00",
            type_id=self.env.ref("quality_complaint.type_inquiry").id,
        )
        draft = self.make_complaint(register=False, partner_id=self.customer.id)
        cancelled = self.received("2026-11-02 01:00:00")
        cancelled.action_cancel("withdrawn", "The customer called again")
        for complaint in inquiry | draft | cancelled:
            self.assertFalse(self.fact(complaint).counts)

    def test_product_in_its_own_unit_and_company_currency(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        complaint.line_ids.write(
            {
                "product_uom_id": self.dozen.id,
                "quantity": 2,
                "defect_id": self.scratch.id,
            }
        )
        line = self.fact(complaint).line_ids
        self.assertEqual(line.quantity, 24.0)
        self.assertEqual(line.value, 240.0)
        self.assertEqual(line.lot_id, self.lot)
        self.assertEqual(line.defect_id, self.scratch)
        self.assertEqual(line.shipped_day, date(2026, 11, 25))
        self.assertEqual(line.made_month, date(2026, 11, 1))

    def test_row_follows_what_it_is_made_of(self):
        complaint = self.received("2026-11-02 01:00:00", partner_id=self.distributor.id)
        other_team = self.env["quality.complaint.team"].create({"name": "North"})
        for vals, name, value in (
            ({"loss_amount": 12.5}, "loss_amount", 12.5),
            ({"team_id": other_team.id}, "team_id", other_team),
            ({"cause_id": self.cause.id}, "cause_id", self.cause),
            ({"responsible_id": self.department.id}, "responsible_id", self.department),
            ({"partner_id": self.customer.id}, "partner_id", self.customer),
        ):
            complaint.write(vals)
            self.assertEqual(self.fact(complaint)[name], value, name)
        complaint.line_ids.product_id = self.make_product("Copper bar")
        self.assertEqual(
            self.fact(complaint).line_ids.product_id, complaint.line_ids.product_id
        )
        complaint.line_ids.unlink()
        self.assertFalse(self.fact(complaint).line_ids)

    def test_booked_cost_arrives_without_touching_the_complaint(self):
        complaint, remedy = self.executed(self.lot, "credit", quantity=10, amount=10.0)
        self.fact(complaint)
        self.env.cr.execute(
            "SELECT xmin::text FROM quality_complaint WHERE id = %s", [complaint.id]
        )
        before = self.env.cr.fetchone()
        remedy.credit_note_ids.action_post()
        while self.env["quality.complaint.cost.booked"]._settle():
            pass
        self.assertEqual(self.fact(complaint).cost, 10.0)
        self.env.cr.execute(
            "SELECT xmin::text FROM quality_complaint WHERE id = %s", [complaint.id]
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_night_mends_what_no_event_told_of(self):
        complaint = self.received("2026-11-02 01:00:00")
        fact = self.fact(complaint)
        fact._advance({"is_repeat": True, "compared_on": False})
        with self.assertLogs(
            "odoo.addons.quality_complaint.models.improvement.fact", "WARNING"
        ):
            self.env["quality.complaint.fact"]._cron_compare()
        self.assertFalse(fact.is_repeat)

    def test_one_that_cannot_be_reckoned_stops_nobody(self):
        broken = self.received("2026-11-02 01:00:00")
        sound = self.received("2026-11-03 01:00:00")
        facts = self.env.registry["quality.complaint.fact"]
        reckon = facts._reckon

        def fail(model, complaint, *args):
            if complaint == broken:
                raise ValueError("broken")
            return reckon(model, complaint, *args)

        self.patch(facts, "_reckon", fail)
        with self.assertLogs("odoo.addons.quality_complaint", "WARNING"):
            self.settle()
        found = self.env["quality.complaint.fact"].search(
            [("complaint_id", "in", (broken | sound).ids)]
        )
        self.assertEqual(found.complaint_id, sound)

    def test_sums_may_go_beyond_what_a_person_types(self):
        complaint = self.received("2026-11-02 01:00:00")
        complaint.line_ids.write(
            {"quantity": 900_000_000_000, "product_uom_id": self.dozen.id}
        )
        self.assertAlmostEqual(
            self.fact(complaint).line_ids.quantity, 10_800_000_000_000, delta=1
        )

    def test_answer_at_once_is_an_average_of_zero(self):
        complaint = self.received("2026-11-02 01:00:00")
        with freeze_time("2026-11-02 01:00:00"):
            complaint._reach("responded")
        other = self.received("2026-11-02 01:00:00")
        with freeze_time("2026-11-02 02:00:00"):
            other._reach("responded")
        self.settle()
        [(minutes,)] = self.env["quality.complaint.fact"]._read_group(
            [("company_id", "=", self.company.id)], [], ["response_minutes:avg"]
        )
        self.assertEqual(minutes, 30.0)

    def test_complaint_without_figures_gets_them_at_night(self):
        complaint = self.received("2026-11-02 01:00:00")
        self.fact(complaint).unlink()
        self.env["quality.complaint.fact"]._cron_compare()
        self.assertEqual(len(self.fact(complaint)), 1)

    def test_average_leaves_out_what_has_not_happened(self):
        answered = self.received("2026-11-02 01:00:00")
        self.received("2026-11-03 01:00:00")
        with freeze_time("2026-11-04 01:00:00"):
            answered._reach("replied")
        self.settle()
        [(days,)] = self.env["quality.complaint.fact"]._read_group(
            [("company_id", "=", self.company.id)], [], ["reply_days:avg"]
        )
        self.assertEqual(days, 2.0)


@tagged("post_install", "-at_install")
class TestFactRights(FiguresCase):
    """Figures are seen by whoever sees the complaint, and written by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.complaint = cls.received("2026-11-02 01:00:00")
        cls.settle()

    def test_handler_sees_own_ones_only(self):
        facts = self.env["quality.complaint.fact"].with_user(self.handler)
        mine = [("complaint_id", "=", self.complaint.id)]
        self.assertFalse(facts.search(mine))
        limits = self.env["quality.complaint.fact.deadline"].with_user(self.handler)
        self.assertFalse(limits.search(mine))
        self.complaint.user_id = self.handler
        self.settle()
        self.assertTrue(facts.search(mine))
        self.assertTrue(limits.search(mine))

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other Works"})
        self.officer.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        officer = self.officer.with_company(other)
        for model in ("fact", "fact.line", "fact.deadline", "fact.shipment"):
            rows = self.env[f"quality.complaint.{model}"].with_user(officer)
            self.assertFalse(
                rows.with_context(allowed_company_ids=other.ids).search([]), model
            )

    def test_nobody_writes_figures(self):
        fact = self.fact(self.complaint)
        for user in (self.manager, self.officer):
            with self.assertRaises(AccessError):
                fact.with_user(user).write({"is_repeat": True})
            with self.assertRaises(AccessError):
                fact.with_user(user).unlink()
        with self.assertRaises(AccessError):
            fact.with_user(self.employee).read(["cost"])
