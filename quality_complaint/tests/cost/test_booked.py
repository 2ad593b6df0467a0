from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from .test_cost import CostCase

LOGGER = "odoo.addons.quality_complaint.models.cost.booked"


@tagged("post_install", "-at_install")
class TestBookedCosts(CostCase):
    """Costs are written down by a job that documents set going, and compared with them
    every night.
    """

    def setUp(self):
        super().setUp()
        # the jobs commit each batch: not here
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)
        self.kept = self.env["quality.complaint.cost.booked"]
        self.todo = self.env["quality.complaint.cost.todo"]
        self.complaint, self.remedy = self.executed(self.lot, "refund", 4, goods="keep")
        self.cost_rows(self.complaint)

    def of(self, complaint):
        return self.kept.search([("complaint_id", "=", complaint.id)])

    def post(self):
        self.remedy.credit_note_ids.action_post()
        self.env.flush_all()

    def triggers(self):
        cron = self.env.ref("quality_complaint.ir_cron_costs")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_posting_leaves_the_row_of_the_complaint_alone_and_sets_the_job_going(self):
        # what a posting changes of the complaint otherwise is not looked at here
        before, locked = self.triggers(), self.complaint.write_date
        self.post()
        self.assertEqual(
            self.todo.search([("complaint_id", "=", self.complaint.id)]).complaint_id,
            self.complaint,
        )
        self.assertGreater(self.triggers(), before)
        self.assertEqual(self.complaint.write_date, locked)
        self.assertFalse(self.of(self.complaint))

    def test_complaint_shows_its_cost_before_the_job_ran(self):
        self.post()
        self.env.invalidate_all()
        self.assertEqual(self.complaint.cost_total, 40.0)
        self.assertIn("40.00", self.complaint.cost_table)

    def test_job_books_what_changed_and_nothing_else(self):
        self.post()
        self.kept._cron_settle()
        row = self.of(self.complaint)
        self.assertEqual(
            (row.source, row.actual, row.quantity, row.remedy_id, row.goods_id),
            ("credit", 40.0, 4.0, self.remedy, self.strip),
        )
        self.assertFalse(self.todo.search([]))
        self.assertFalse(self.kept._differences())

    def test_job_goes_on_where_the_batch_before_ended(self):
        other, remedy = self.executed(self.lot, "refund", 1, goods="keep")
        remedy.credit_note_ids.action_post()
        self.post()
        while self.kept._settle(limit=1):
            pass
        self.assertEqual(self.of(self.complaint).actual, 40.0)
        self.assertEqual(self.of(other).actual, 10.0)

    def test_new_complaint_is_no_work(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        self.env.flush_all()
        self.assertFalse(self.todo.search([("complaint_id", "=", complaint.id)]))

    def test_note_that_is_cancelled_is_booked_no_more(self):
        self.post()
        self.kept._cron_settle()
        self.remedy.credit_note_ids.button_draft()
        self.kept._cron_settle()
        self.assertFalse(self.of(self.complaint))

    def test_night_mends_what_no_event_told_of(self):
        self.post()
        self.kept._cron_settle()
        self.env.cr.execute(
            "UPDATE quality_complaint_cost_booked SET actual = actual + 0.01 WHERE "
            "complaint_id = %s",
            (self.complaint.id,),
        )
        self.kept.invalidate_model()
        self.assertEqual(self.kept._differences(), self.complaint)
        with self.assertLogs(LOGGER, "WARNING") as log:
            self.kept._cron_compare()
        self.assertIn(self.complaint.name, log.output[0])
        self.assertEqual(self.of(self.complaint).actual, 40.0)
        with self.assertNoLogs(LOGGER, "WARNING"):
            self.kept._cron_compare()

    def test_change_that_waits_for_the_job_is_no_difference(self):
        self.post()
        self.assertFalse(self.kept._differences())

    def test_same_row_cannot_be_booked_twice(self):
        self.post()
        self.kept._cron_settle()
        row = self.of(self.complaint)
        with self.assertRaisesRegex(Exception, "key_uniq"), self.env.cr.savepoint():
            row.copy()

    def test_nobody_but_the_administrator_reads_what_is_kept(self):
        self.make_users()
        for user in (self.officer, self.manager, self.handler, self.accountant):
            for model in (self.kept, self.todo):
                with self.assertRaises(AccessError, msg=user.login):
                    model.with_user(user).search([])
