from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCoverage(ComplaintCase):
    """Never more than delivered comes back, never more than invoiced is credited: over
    all remedies, complaints and hand-made documents.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("V-1", quantity=50)
        cls.order = cls.sell({cls.lot: 10})
        cls.picking = cls.order.picking_ids
        cls.invoice_paper = cls.order.invoice_ids

    def test_texts_keep_every_digit_of_a_quantity(self):
        complaint = self.investigated(self.make_complaint(lot_ref="V-1"))
        line = self.plan(complaint, "refund", 1).line_ids
        self.assertIn(
            ": the complaint is about 1234567.25 Units only.",
            line._only_complained(line.product_id.display_name, 1234567.25),
        )

    def second(self, quantity, kind="refund", **vals):
        complaint = self.investigated(self.make_complaint(lot_ref="V-1"))
        self.plan(complaint, kind, quantity, **vals)
        return complaint

    def return_by_hand(self, quantity, picking=None):
        picking = picking or self.picking
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.move_line_ids.lot_id = self.lot
        back.move_ids.picked = True
        back.button_validate()
        return back

    def credit_by_hand(self, quantity):
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice_paper.ids
        )
        wizard = wizard.create({"journal_id": self.invoice_paper.journal_id.id})
        wizard.refund_moves()
        wizard.new_move_ids.invoice_line_ids.quantity = quantity
        return wizard.new_move_ids

    def test_two_complaints_cannot_settle_the_same_goods(self):
        self.executed(self.lot, quantity=7)
        with self.assertRaisesRegex(UserError, "7"):
            self.second(4).action_submit_plan()
        self.second(3).action_submit_plan()

    def test_hand_made_return_counts(self):
        self.return_by_hand(8)
        with self.assertRaisesRegex(UserError, "8"):
            self.second(3).action_submit_plan()
        self.second(2).action_submit_plan()

    def test_goods_sent_out_again_can_come_back_again(self):
        back = self.return_by_hand(8)
        self.return_by_hand(8, back)
        self.second(10).action_submit_plan()

    def test_hand_made_credit_note_counts(self):
        self.credit_by_hand(8)
        with self.assertRaisesRegex(UserError, "8"):
            self.second(3, goods="keep", when="on_approval").action_submit_plan()

    def test_cancelled_hand_made_credit_note_does_not_count(self):
        self.credit_by_hand(8).button_cancel()
        self.second(3, goods="keep", when="on_approval").action_submit_plan()

    def test_price_reduction_and_refund_together_stay_within_the_invoice(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=30.0)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 30.0)
        refund = self.second(10, goods="keep", when="on_approval")
        refund.action_submit_plan()
        self.assertEqual(refund.remedy_ids.line_ids.amount, 70.0)
        with self.assertRaisesRegex(UserError, "0.00"):
            self.second(1, "credit", amount=0.01).action_submit_plan()

    def test_cancelled_remedy_frees_the_quantity(self):
        complaint = self.second(7)
        complaint.action_submit_plan()
        with self.assertRaises(UserError):
            self.second(4).action_submit_plan()
        complaint.remedy_ids.action_cancel()
        self.second(4).action_submit_plan()

    def test_remedy_with_documents_cannot_be_given_up(self):
        _complaint, remedy = self.executed(self.lot, quantity=3)
        with self.assertRaisesRegex(UserError, remedy.picking_ids.name):
            remedy.action_cancel()

    def test_hand_made_return_is_adopted(self):
        complaint = self.second(6)
        complaint.action_submit_plan()
        remedy = complaint.remedy_ids
        back = self.return_by_hand(4)
        wizard = self.env["quality.complaint.link.document"].create(
            {"remedy_id": remedy.id}
        )
        self.assertEqual(wizard.candidate_picking_ids, back)
        wizard.picking_id = back
        wizard.action_link()
        self.assertEqual(remedy.picking_ids, back)
        self.assertEqual(remedy.line_ids.received_quantity, 4.0)
        remedy.action_execute()
        self.assertEqual(remedy.picking_ids, back)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)

    def test_hand_made_credit_note_is_adopted(self):
        complaint = self.second(4, goods="keep", when="on_approval")
        complaint.action_submit_plan()
        note = self.credit_by_hand(4)
        remedy = complaint.remedy_ids
        wizard = self.env["quality.complaint.link.document"].create(
            {"remedy_id": remedy.id}
        )
        self.assertEqual(wizard.candidate_move_ids, note)
        wizard.move_id = note
        wizard.action_link()
        remedy.action_execute()
        self.assertEqual(remedy.credit_note_ids, note)
        note.action_post()
        self.assertEqual(remedy.state, "done")

    def test_return_of_the_return_takes_the_goods_off_again(self):
        complaint = self.make_complaint(lot_ref="V-1")
        remedy = self.plan(complaint, "return", 5)
        remedy.action_submit()
        remedy.action_execute()
        self.receive(remedy)
        self.assertEqual(remedy.line_ids.received_quantity, 5.0)
        again = self.return_by_hand(5, remedy.picking_ids)
        self.assertFalse(again.move_ids.remedy_line_id)
        self.assertEqual(again.location_dest_id.usage, "customer")
        self.assertEqual(remedy.line_ids.received_quantity, 0.0)

    def test_duplicated_return_does_not_belong_to_the_remedy(self):
        _complaint, remedy = self.executed(self.lot, quantity=3)
        copy = remedy.picking_ids.copy()
        self.assertFalse(copy.move_ids.remedy_line_id)
        self.assertEqual(len(remedy.picking_ids), 1)

    def test_duplicated_credit_note_does_not_belong_to_the_remedy(self):
        _complaint, remedy = self.executed(
            self.lot, quantity=3, goods="keep", when="on_approval"
        )
        remedy.credit_note_ids.copy()
        self.assertEqual(len(remedy.credit_note_ids), 1)

    def test_one_return_per_delivery_and_one_credit_note_per_invoice(self):
        self.policy.rule_ids.unlink()  # several lots would need management's approval
        other = self.make_lot("V-2", quantity=50)
        order = self.sell({self.lot: 5, other: 5})
        complaint = self.make_complaint(lot_ref=order.picking_ids.name)
        self.assertEqual(
            len(complaint.line_ids), 1, "two lots on one delivery are offered"
        )
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        wizard.line_ids.filtered(
            lambda row: row.picking_name == order.picking_ids.name
        ).selected = True
        wizard.action_apply()
        self.assertEqual(complaint.line_ids.lot_id, self.lot | other)
        self.investigated(complaint)
        remedies = self.env["quality.complaint.remedy"].create(
            [
                {
                    "complaint_id": complaint.id,
                    "line_ids": [Command.create({"complaint_line_id": line.id})],
                }
                for line in complaint.line_ids
            ]
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        picking = remedies.picking_ids
        self.assertEqual(len(picking), 1)
        self.assertEqual(
            {line.lot_id: line.quantity for line in picking.move_line_ids},
            {self.lot: 5.0, other: 5.0},
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(sum(remedies.credit_note_ids.mapped("amount_untaxed")), 100.0)

    def test_return_and_refund_in_one_plan_do_not_ask_for_the_goods_twice(self):
        complaint = self.investigated(self.make_complaint(lot_ref="V-1"))
        back, refund = (
            self.plan(complaint, "return", 10),
            self.plan(complaint, "refund", 10),
        )
        complaint.action_submit_plan()
        with self.assertRaisesRegex(UserError, "asked back"):
            complaint.action_execute()
        back.action_execute()
        self.receive(back)
        refund.action_execute()
        self.assertEqual(len((back | refund).picking_ids), 1)
        self.assertEqual(refund.credit_note_ids.amount_untaxed, 100.0)

    def test_second_return_of_a_delivery_leaves_the_first_ones_lot_alone(self):
        pump = self.make_product("Pump", tracking="serial")
        serials = [self.make_lot(f"SP-{number}", pump, 1) for number in range(3)]
        self.sell(dict.fromkeys(serials, 1), product=pump, price=200.0)
        remedies = [self.executed(serial)[1] for serial in serials]
        self.assertEqual(
            [remedy.picking_ids.move_line_ids.lot_id for remedy in remedies], serials
        )
        for remedy in remedies:
            self.receive(remedy)
            self.assertEqual(remedy.credit_note_ids.amount_untaxed, 200.0)

    def test_two_returns_executed_together_stay_within_what_was_delivered(self):
        complaint = self.make_complaint(lot_ref="V-1")
        remedies = self.plan(complaint, "return", 10) | self.plan(
            complaint, "return", 10
        )
        remedies.action_submit()
        with self.assertRaisesRegex(UserError, "more than was delivered"):
            remedies.action_execute()

    def test_less_posted_by_the_accountant_can_be_accepted(self):
        _complaint, remedy = self.executed(self.lot, "credit", amount=50.0)
        note = remedy.credit_note_ids
        note.invoice_line_ids.price_unit = 40.0
        with self.assertRaises(UserError):
            remedy.action_accept()
        note.action_post()
        self.assertEqual(remedy.state, "executing")
        remedy.action_accept()
        self.assertEqual(remedy.state, "done")

    def test_lines_typed_into_a_reversal_lower_what_is_left_of_the_invoice(self):
        note = self.credit_by_hand(1)
        note.invoice_line_ids = [
            Command.clear(),
            Command.create({"name": "Goodwill", "price_unit": 80.0, "tax_ids": []}),
        ]
        refund = self.second(3, goods="keep", when="on_approval")
        refund.action_submit_plan()
        self.assertEqual(refund.remedy_ids.line_ids.amount, 6.0)
        with self.assertRaisesRegex(UserError, "14.00"):
            self.second(7, "credit", amount=14.01).action_submit_plan()

    def test_links_to_remedies_are_not_written_by_hand(self):
        self.make_users()
        complaint, remedy = self.executed(self.lot, quantity=4)
        with self.assertRaises(UserError):
            self.picking.move_ids.with_user(self.warehouse_worker).write(
                {"remedy_line_id": remedy.line_ids.id}
            )
        with self.assertRaises(UserError):
            complaint.line_ids.invoice_line_id.with_user(self.accountant).write(
                {"remedy_line_id": remedy.line_ids.id}
            )

    def test_serial_numbers_come_back_one_by_one(self):
        pump = self.make_product("Pump", tracking="serial")
        serials = {self.make_lot(f"SN-{n}", pump, 1): 1 for n in range(3)}
        self.sell(serials, product=pump, price=200.0)
        serial = list(serials)[1]
        complaint, remedy = self.executed(serial)
        self.assertEqual(complaint.line_ids.quantity, 1.0)
        self.assertEqual(remedy.picking_ids.move_line_ids.lot_id, serial)
        self.receive(remedy)
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 200.0)


@tagged("post_install", "-at_install")
class TestPriceReduction(ComplaintCase):
    """A price reduction credits money only: no stock, no cost of goods, nothing
    invoiceable.
    """

    def setUp(self):
        super().setUp()
        self.lot = self.make_lot("P-1", quantity=50)

    def test_percentage_of_the_price_paid(self):
        order = self.sell({self.lot: 10}, price=33.33, discount=10.0)
        _complaint, remedy = self.executed(self.lot, "credit", percent=15.0)
        note = remedy.credit_note_ids
        self.assertEqual(
            order.invoice_ids.filtered(
                lambda m: m.move_type == "out_invoice"
            ).amount_untaxed,
            299.97,
        )
        self.assertEqual((note.amount_untaxed, note.amount_tax), (45.0, 9.0))
        self.assertFalse(note.invoice_line_ids.product_id)
        self.assertFalse(note.invoice_line_ids.sale_line_ids)
        note.action_post()
        self.assertFalse(
            note.line_ids.filtered(lambda line: line.display_type == "cogs")
        )
        self.assertEqual(
            (order.order_line.qty_invoiced, order.order_line.qty_to_invoice),
            (10.0, 0.0),
        )
        self.assertEqual(remedy.state, "done")

    def test_amount_is_untaxed_also_when_prices_include_tax(self):
        self.sell(
            {self.lot: 10}, price=12.0, tax_ids=[Command.set(self.tax_included.ids)]
        )
        _complaint, remedy = self.executed(self.lot, "credit", amount=20.0)
        self.assertEqual(
            (
                remedy.credit_note_ids.amount_untaxed,
                remedy.credit_note_ids.amount_total,
            ),
            (20.0, 24.0),
        )

    def test_account_and_analytic_distribution_are_the_invoices(self):
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        analytic = self.env["account.analytic.account"].create(
            {"name": "Site A", "plan_id": plan.id}
        )
        order = self.sell({self.lot: 10}, analytic_distribution={str(analytic.id): 100})
        invoice_line = order.invoice_ids.invoice_line_ids
        _complaint, remedy = self.executed(self.lot, "credit", amount=20.0)
        line = remedy.credit_note_ids.invoice_line_ids
        self.assertEqual(
            (line.account_id, line.analytic_distribution),
            (invoice_line.account_id, {str(analytic.id): 100}),
        )
        self.assertEqual(
            remedy.credit_note_ids.fiscal_position_id,
            order.invoice_ids[:1].fiscal_position_id,
        )

    def test_more_than_the_invoice_is_refused(self):
        self.sell({self.lot: 10})
        complaint = self.investigated(self.make_complaint(lot_ref="P-1"))
        self.plan(complaint, "credit", amount=100.01)
        with self.assertRaisesRegex(UserError, "100"):
            complaint.action_submit_plan()

    def test_failing_credit_note_does_not_stop_the_receipt_and_is_tried_again(self):
        self.sell({self.lot: 10})
        complaint, remedy = self.executed(self.lot, quantity=4)
        complaint.user_id = self.env.ref("base.user_admin")
        invoice = complaint.line_ids.invoice_id
        invoice.button_draft()
        picking = self.receive(remedy)
        self.assertEqual(picking.state, "done")
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id), 4.0
        )
        self.assertFalse(remedy.credit_note_ids)
        self.assertIn("not a posted invoice", remedy.failure)
        self.assertTrue(complaint.activity_ids)
        invoice.action_post()
        with self.enter_registry_test_mode():
            self.env.ref(
                "quality_complaint.ir_cron_retry_credit_notes"
            ).method_direct_trigger()
        self.assertEqual(remedy.credit_note_ids.amount_untaxed, 40.0)
        self.assertFalse(remedy.failure)
