from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestNotes(ComplaintCase):
    """What becomes of our credit notes is noticed, they are found from the order, and
    say what they are for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("N-1", quantity=10)
        cls.order = cls.sell({cls.lot: 10})
        cls.invoiced = cls.order.invoice_ids

    def refunded(self, quantity=4, kind="refund", **vals):
        complaint, remedy = self.executed(self.lot, kind, quantity=quantity, **vals)
        if kind == "refund":
            self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))
        return complaint, remedy, remedy.credit_note_ids

    def reverse(self, note, **line_vals):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=note.ids)
            .create({"journal_id": note.journal_id.id})
        )
        wizard.refund_moves()
        reversal = wizard.new_move_ids
        if line_vals:
            reversal.invoice_line_ids.write(line_vals)
        reversal.action_post()
        return reversal

    # === reversed, reset, changed ===

    def test_reversed_credit_note_is_noticed_and_credited_again_on_demand(self):
        complaint, remedy, note = self.refunded()
        reversal = self.reverse(note)
        self.assertEqual(remedy.state, "executing")
        self.assertEqual(
            remedy.imbalance,
            f"{note.name} was reversed by {reversal.name}: $\xa040.00 are not "
            "credited any more.",
        )
        self.assertIn(note.name, complaint.imbalance)
        remedy._tell_imbalance()
        self.assertTrue(
            complaint.activity_ids.filtered(
                lambda activity: reversal.name in (activity.summary or "")
            )
        )
        remedy.action_execute()
        again = remedy.credit_note_ids - note
        self.assertEqual((again.state, again.amount_untaxed), ("draft", 40.0))
        again.action_post()
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))

    def test_reversal_of_a_credit_note_that_is_reset_counts_no_more(self):
        _complaint, remedy, note = self.refunded()
        reversal = self.reverse(note)
        reversal.button_draft()
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))

    def test_credit_note_reversed_in_part_is_noticed(self):
        _complaint, remedy, note = self.refunded()
        reversal = self.reverse(note, quantity=1)
        self.assertEqual(
            remedy.imbalance,
            f"{note.name} was reversed in part by {reversal.name}: $\xa010.00 are "
            "owed again.",
        )

    def test_credit_note_reset_and_posted_for_another_customer_is_noticed(self):
        _complaint, remedy, note = self.refunded()
        note.button_draft()
        note.partner_id = self.distributor
        note.action_post()
        self.assertEqual(
            remedy.imbalance,
            f"{note.name} is made out to Metal Traders, not to the customer of "
            f"{self.invoiced.name}.",
        )

    def test_credit_note_reset_and_posted_without_tax_is_noticed(self):
        _complaint, remedy, note = self.refunded()
        note.button_draft()
        note.invoice_line_ids.tax_ids = False
        note.action_post()
        self.assertEqual(
            remedy.imbalance, f"{note.name} has other taxes than {self.invoiced.name}."
        )
        remedy.action_accept()
        self.assertFalse(remedy.imbalance)

    # === the order's documents ===

    def test_credit_note_of_ordered_quantity_is_among_the_orders_documents(self):
        self.strip.invoice_policy = "order"
        invoice = self.order.invoice_ids
        _complaint, _remedy, note = self.refunded()
        self.assertFalse(note.invoice_line_ids.sale_line_ids)
        self.order.invalidate_recordset(["invoice_ids", "invoice_count"])
        self.assertEqual(
            (self.order.invoice_ids, self.order.invoice_count), (invoice | note, 2)
        )
        self.assertEqual(self.order.order_line.qty_to_invoice, 0.0)

    def test_price_reduction_is_among_the_orders_documents(self):
        invoice = self.order.invoice_ids
        _complaint, _remedy, note = self.refunded(kind="credit", percent=10)
        self.order.invalidate_recordset(["invoice_ids", "invoice_count"])
        self.assertEqual(self.order.invoice_ids, invoice | note)
        self.assertEqual(
            self.env["sale.order"].search([("invoice_ids", "in", note.ids)]), self.order
        )

    def test_salesperson_finds_it_without_access_to_complaints(self):
        _complaint, _remedy, note = self.refunded(kind="credit", percent=10)
        salesperson = new_test_user(
            self.env,
            "notes_sales",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(
            self.order.with_user(salesperson).invoice_ids, self.invoiced | note
        )

    # === free of charge ===

    def test_free_delivery_needs_no_credit_note(self):
        lot = self.make_lot("N-FREE", quantity=10)
        self.sell({lot: 10}, price=0.0, invoice=False)
        _complaint, remedy = self.executed(lot, quantity=4)
        self.receive(remedy)
        self.assertEqual(
            (remedy.state, remedy.credit_note_ids.ids, remedy.imbalance),
            ("done", [], False),
        )

    def test_free_line_of_an_invoice_needs_no_credit_note(self):
        lot = self.make_lot("N-FREE", quantity=10)
        self.sell({lot: 10}, discount=100.0)
        _complaint, remedy = self.executed(lot, quantity=4)
        self.receive(remedy)
        self.assertEqual(
            (remedy.state, remedy.credit_note_ids.ids, remedy.imbalance),
            ("done", [], False),
        )

    # === words ===

    def test_refund_says_how_many_of_those_delivered(self):
        complaint, _remedy, note = self.refunded()
        self.assertIn(
            f"Complaint {complaint.name}: 4 of 10 Units delivered, Copper strip (N-1)",
            note.invoice_line_ids.name,
        )

    def test_price_reduction_says_percent_pieces_and_reason(self):
        complaint = self.make_complaint(lot_ref="N-1")
        complaint.line_ids.write({"quantity": 4, "defect_id": self.scratch.id})
        self.investigated(complaint)
        remedy = self.plan(complaint, "credit", percent=12.5)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertIn(
            "Price reduction of 12.5 % on 4 Units of Copper strip (N-1), complaint "
            f"{complaint.name}. Reason: {self.scratch.name}",
            remedy.credit_note_ids.invoice_line_ids.name,
        )

    def test_price_reduction_by_amount_says_pieces(self):
        complaint, _remedy, note = self.refunded(kind="credit", amount=15.0)
        self.assertIn(
            "Price reduction on 4 Units of Copper strip (N-1), complaint "
            f"{complaint.name}",
            note.invoice_line_ids.name,
        )

    def test_one_piece_is_one_unit(self):
        complaint, _remedy, note = self.refunded(kind="credit", quantity=1, amount=15.0)
        self.assertIn(
            "Price reduction on 1 Unit of Copper strip (N-1), complaint "
            f"{complaint.name}",
            note.invoice_line_ids.name,
        )

    def test_line_without_goods_yet_has_words(self):
        line = self.env["quality.complaint.remedy.line"].new(
            {
                "remedy_id": self.env["quality.complaint.remedy"].new(
                    {"kind": "product_compensation"}
                )
            }
        )
        for words in (line._in_words(), line._in_letter_words()):
            self.assertIn(" of ", words)

    def test_words_are_in_the_customers_language(self):
        self.customer.lang = "zh_CN"
        complaint, _remedy, note = self.refunded()
        source = "Complaint %(number)s: %(quantity).12g of %(delivered).12g %(unit)s delivered, %(product)s"  # noqa: E501
        words = (
            self.env["quality.complaint"]
            .with_context(lang="zh_CN")
            .env._(
                source,
                number=complaint.name,
                quantity=4,
                delivered=10,
                unit=self.unit.with_context(lang="zh_CN").name,
                product="Copper strip (N-1)",
            )
        )
        self.assertIn(words, note.invoice_line_ids.name)


@tagged("post_install", "-at_install")
class TestOtherLot(ComplaintCase):
    """Another lot than planned arrives: nothing is promised for it and nothing is over,
    a person decides.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot, cls.other = (
            cls.make_lot("D-1", quantity=10),
            cls.make_lot("D-2", quantity=10),
        )
        cls.sell({cls.lot: 5, cls.other: 5})

    def received(self, kind="refund"):
        complaint, remedy = self.executed(self.lot, kind, quantity=4, complained=4)
        self.receive(remedy, lot=self.other)
        return complaint, remedy

    def test_refund_waits_for_a_decision(self):
        _complaint, remedy = self.received()
        self.assertEqual(
            (remedy.state, remedy.credit_note_ids.ids, remedy.undecided_lots),
            ("executing", [], "D-2"),
        )
        self.assertIn("waits for a decision on another lot", remedy.progress)

    def test_button_counts_it_as_planned(self):
        complaint, remedy = self.received()
        self.assertIn("action_accept_lots", remedy.get_view(view_type="form")["arch"])
        remedy.action_accept_lots()
        self.assertEqual(
            (
                remedy.undecided_lots,
                remedy.imbalance,
                remedy.credit_note_ids.amount_untaxed,
            ),
            (False, False, 40.0),
        )
        self.assertTrue(
            complaint.message_ids.filtered(
                lambda message: "D-2" in message.body and "counts as" in message.body
            )
        )
        remedy.credit_note_ids.action_post()
        self.assertEqual((remedy.state, remedy.imbalance), ("done", False))
        with self.assertRaises(UserError):
            remedy.action_accept_lots()

    def test_button_ends_without_it(self):
        _complaint, remedy = self.received()
        remedy.action_accept()
        self.assertEqual(
            (remedy.state, remedy.undecided_lots, remedy.credit_note_ids.ids),
            ("done", False, []),
        )

    def test_replacement_waits_too_and_is_sent_when_decided(self):
        self.make_lot("D-3", quantity=10)
        _complaint, remedy = self.received("replacement")
        self.assertEqual((remedy.state, remedy.undecided_lots), ("executing", "D-2"))
        self.assertFalse(remedy.line_ids._shipment_moves())
        remedy.action_accept_lots()
        self.assertEqual(
            sum(remedy.line_ids._shipment_moves().mapped("product_uom_qty")), 4.0
        )

    def test_the_right_lot_in_part(self):
        _complaint, remedy = self.executed(self.lot, quantity=4, complained=4)
        self.receive(remedy, quantity=1, backorder=True)
        self.receive(remedy, lot=self.other)
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            (remedy.state, remedy.credit_note_ids.amount_untaxed), ("executing", 10.0)
        )
        remedy.action_accept_lots()
        self.assertEqual(
            sorted(remedy.credit_note_ids.mapped("amount_untaxed")), [10.0, 30.0]
        )

    def test_a_surplus_of_another_lot_needs_no_decision(self):
        _complaint, remedy = self.executed(self.lot, quantity=4, complained=4)
        move = remedy.picking_ids.move_ids
        move.move_line_ids = [
            (
                0,
                0,
                {**move._prepare_move_line_vals(quantity=1), "lot_id": self.other.id},
            )
        ]
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertEqual((remedy.state, remedy.undecided_lots), ("done", False))

    def test_decision_is_not_written_by_hand(self):
        _complaint, remedy = self.received()
        with self.assertRaises(UserError):
            remedy.line_ids.accepted_lot_ids = self.other
