from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestCreditNote(SupplierCase):
    """The vendor credit note is the agreed amount exactly, in the bill's currency,
    taxes and journal, never above the bill, once.
    """

    def credited(self, chargeback, answer="accepted", share=None):
        chargeback.action_record_answer(answer, share)
        chargeback.action_create_vendor_credit_note()
        return chargeback.vendor_credit_note_ids

    def post(self, note, date="2026-02-01"):
        note.invoice_date = date
        note.action_post()

    def test_bill_is_reversed_for_the_line_and_amount_only(self):
        order = self.buy({"L-1": 10}, bill=False)
        freight = self.make_product("Freight", type="service", is_storable=False)
        order.order_line = [
            Command.create(
                {"product_id": freight.id, "product_qty": 1, "price_unit": 50}
            )
        ]
        bill = self.bill(order)
        chargeback = self.charge(self.complained("L-1"))
        chargeback.action_mark_sent()
        note = self.credited(chargeback)
        self.assertEqual(
            (note.move_type, note.state, note.reversed_entry_id, note.journal_id),
            ("in_refund", "draft", bill, bill.journal_id),
        )
        self.assertEqual(note.amount_untaxed, 24.0)
        self.assertEqual(note.invoice_line_ids.tax_ids, self.purchase_tax)
        self.assertEqual(note.amount_tax, 2.4)
        self.assertEqual(note.invoice_line_ids.chargeback_id, chargeback)
        self.assertIn(chargeback.name, note.invoice_line_ids.name)

    def test_money_only_credits_no_tax_per_piece(self):
        eco = self.env["account.tax"].create(
            {
                "name": "Eco",
                "amount_type": "fixed",
                "amount": 0.5,
                "type_tax_use": "purchase",
                "company_id": self.company.id,
            }
        )
        self.buy({"L-1": 10}, tax_ids=[Command.set((self.purchase_tax | eco).ids)])
        chargeback = self.charge(self.complained("L-1"))
        chargeback.action_mark_sent()
        note = self.credited(chargeback)
        self.assertEqual(
            (note.amount_untaxed, note.amount_tax, note.invoice_line_ids.tax_ids),
            (24.0, 2.4, self.purchase_tax),
        )

    def test_agreed_amount_is_untaxed_where_the_tax_is_in_the_price(self):
        included = self.env["account.tax"].create(
            {
                "name": "Input VAT 21 included",
                "amount": 21,
                "type_tax_use": "purchase",
                "company_id": self.company.id,
                "price_include_override": "tax_included",
            }
        )
        self.buy({"L-1": 3}, price=10.01, tax_ids=[Command.set(included.ids)])
        chargeback = self.charge(self.complained("L-1", 1.0))
        chargeback.action_mark_sent()
        note = self.credited(chargeback)
        self.assertEqual((note.amount_untaxed, note.amount_tax), (8.27, 1.74))

    def test_without_goods_going_back_neither_order_nor_stock_is_touched(self):
        chargeback, order = self.charged()
        note = self.credited(chargeback)
        line = note.invoice_line_ids
        self.assertFalse(line.product_id or line.purchase_line_id)
        self.post(note)
        self.assertEqual(
            (order.order_line.qty_invoiced, order.order_line.qty_to_invoice),
            (10.0, 0.0),
        )

    def test_with_goods_going_back_order_and_bill_go_down_together(self):
        self.strip.purchase_method = "receive"
        chargeback, order = self.charged()
        chargeback.action_create_vendor_return()
        note = self.credited(chargeback)
        line = note.invoice_line_ids
        self.assertEqual(
            (line.product_id, line.quantity, line.price_unit), (self.strip, 4.0, 6.0)
        )
        self.assertEqual(line.purchase_line_id, order.order_line)
        picking = chargeback.vendor_return_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.post(note)
        self.assertEqual(
            (
                order.order_line.qty_received,
                order.order_line.qty_invoiced,
                order.order_line.qty_to_invoice,
            ),
            (6.0, 6.0, 0.0),
        )

    def test_order_billed_by_ordered_quantity_is_not_offered_for_billing_again(self):
        self.strip.purchase_method = "purchase"
        chargeback, order = self.charged()
        chargeback.action_create_vendor_return()
        note = self.credited(chargeback)
        self.assertEqual(note.invoice_line_ids.product_id, self.strip)
        self.assertFalse(note.invoice_line_ids.purchase_line_id)
        self.post(note)
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_return_after_the_credit_note_asks_for_no_second_one(self):
        self.strip.purchase_method = "receive"
        chargeback, order = self.charged()
        self.post(self.credited(chargeback))
        chargeback.action_create_vendor_return()
        picking = chargeback.vendor_return_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_partial_share_is_exact(self):
        chargeback, _order = self.charged(quantity=3, price=3.33)
        self.assertEqual(chargeback.amount, 9.99)
        note = self.credited(chargeback, "partly", 33.0)
        self.assertEqual(chargeback.agreed_amount, 3.3)
        self.assertEqual(note.amount_untaxed, 3.3)

    def test_partial_share_of_returned_goods_credits_all_pieces_at_a_part_of_the_price(
        self,
    ):
        self.strip.purchase_method = "receive"
        chargeback, order = self.charged()
        chargeback.action_create_vendor_return()
        note = self.credited(chargeback, "partly", 50.0)
        self.assertEqual(
            (note.invoice_line_ids.quantity, note.amount_untaxed), (4.0, 12.0)
        )
        self.assertEqual(order.order_line.qty_invoiced, 6.0)

    def test_pieces_of_a_bill_in_dozens(self):
        wire = self.make_product("Wire drum", purchase_method="receive")
        order = self.buy(2, product=wire, uom=self.dozen, price=100.0)
        self.sell(5, product=wire)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": wire.id, "quantity": 5})],
        )
        chargeback = self.charge(complaint)
        self.assertEqual(
            (chargeback.product_uom_id, chargeback.quantity, chargeback.amount),
            (self.unit, 5.0, 41.67),
        )
        chargeback.action_mark_sent()
        chargeback.action_create_vendor_return()
        note = self.credited(chargeback)
        line = note.invoice_line_ids
        self.assertEqual(
            (line.product_uom_id, line.quantity, note.amount_untaxed),
            (self.unit, 5.0, 41.67),
        )
        self.assertEqual(line.purchase_line_id, order.order_line)

    def test_discount_and_included_taxes_keep_the_untaxed_amount(self):
        self.purchase_tax.price_include_override = "tax_included"
        order = self.buy({"L-1": 10}, price=11.0, discount=20.0)
        self.assertEqual(order.invoice_ids.amount_untaxed, 80.0)
        chargeback = self.charge(self.complained("L-1"))
        self.assertEqual(chargeback.amount, 32.0)
        chargeback.action_mark_sent()
        self.assertEqual(self.credited(chargeback).amount_untaxed, 32.0)

    def test_foreign_bill_is_credited_in_its_currency_and_recovered_at_the_notes_rate(
        self,
    ):
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        for day, rate in (("2026-01-01", 0.5), ("2026-02-01", 0.8)):
            rates.create(
                {
                    "name": day,
                    "currency_id": euro.id,
                    "rate": rate,
                    "company_id": self.company.id,
                }
            )
        order = self.buy({"L-1": 10}, currency=euro)
        self.assertEqual(order.invoice_ids.currency_id, euro)
        chargeback = self.charge(self.complained("L-1"))
        self.assertEqual((chargeback.currency_id, chargeback.amount), (euro, 24.0))
        chargeback.action_mark_sent()
        self.assertEqual(chargeback.charged_company, 30.0)  # today's rate: 24 / 0.8
        note = self.credited(chargeback)
        self.assertEqual((note.currency_id, note.amount_untaxed), (euro, 24.0))
        note.date = "2026-01-20"
        self.post(note, "2026-01-20")
        self.assertEqual(
            (chargeback.amount_company, chargeback.recovered_company), (-48.0, 48.0)
        )  # 24 / 0.5
        row = self.cost_rows(chargeback.complaint_id).filtered(
            lambda row: row.source == "recovered"
        )
        self.assertEqual(
            (row.actual, row.supplier_id, row.date),
            (-48.0, chargeback.commercial_partner_id, note.date),
        )
        note.button_draft()
        self.assertEqual(chargeback.recovered_company, 0.0)

    def test_second_click_makes_no_second_credit_note(self):
        chargeback, _order = self.charged()
        note = self.credited(chargeback)
        self.assertEqual(
            chargeback.action_create_vendor_credit_note()["res_id"], note.id
        )
        self.assertEqual(len(chargeback.account_line_ids), 1)
        with self.assertRaisesRegex(UserError, "credit note already"):
            chargeback.action_record_answer("refused")
        note.unlink()
        self.assertTrue(chargeback.action_create_vendor_credit_note()["res_id"])
        self.assertEqual(len(chargeback.account_line_ids), 1)

    def test_never_above_what_is_billed_and_not_credited(self):
        chargeback, order = self.charged(send=False)
        bill = order.invoice_ids
        chargeback.amount = 61.0
        chargeback.action_mark_sent()
        chargeback.action_record_answer("accepted")
        with self.assertRaisesRegex(UserError, "60.00.*61.00 cannot be credited"):
            chargeback.action_create_vendor_credit_note()
        by_hand = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"journal_id": bill.journal_id.id})
        )
        by_hand.refund_moves()
        by_hand.new_move_ids.invoice_line_ids.quantity = 7
        second = self.charge(self.complained("L-1", quantity=3.0))
        second.action_mark_sent()
        second.action_record_answer("accepted")
        second.action_create_vendor_credit_note()
        self.assertEqual(second.vendor_credit_note_ids.amount_untaxed, 18.0)
        third = self.charge(self.complained("L-1", quantity=1.0))
        third.action_mark_sent()
        third.action_record_answer("accepted")
        with self.assertRaisesRegex(UserError, r"0.00 of it are not credited yet"):
            third.action_create_vendor_credit_note()

    def test_without_a_bill_the_note_has_the_orders_taxes_and_supplier(self):
        order = self.buy({"L-1": 10}, bill=False)
        chargeback = self.charge(self.complained("L-1"))
        self.assertEqual((chargeback.bill_id.id, chargeback.amount), (False, 24.0))
        chargeback.action_mark_sent()
        note = self.credited(chargeback)
        self.assertEqual(
            (note.move_type, note.partner_id, note.amount_untaxed),
            ("in_refund", self.vendor, 24.0),
        )
        self.assertEqual(note.invoice_line_ids.tax_ids, self.purchase_tax)
        self.assertFalse(note.invoice_line_ids.purchase_line_id)
        self.assertEqual(order.order_line.qty_to_invoice, 10.0)

    def test_goods_sent_back_before_they_are_billed_leave_the_order_balanced(self):
        self.strip.purchase_method = "receive"
        order = self.buy({"L-1": 10}, bill=False)
        chargeback = self.charge(self.complained("L-1"))
        chargeback.action_mark_sent()
        chargeback.action_create_vendor_return()
        picking = chargeback.vendor_return_ids
        picking.move_ids.picked = True
        picking.button_validate()
        note = self.credited(chargeback)
        line = note.invoice_line_ids
        self.assertEqual(
            (line.product_id, line.quantity, note.amount_untaxed, line.tax_ids),
            (self.strip, 4.0, 24.0, self.purchase_tax),
        )
        self.post(note)
        # the supplier bills all ten pieces, the four are credited
        self.assertEqual(
            (order.order_line.qty_received, order.order_line.qty_to_invoice),
            (6.0, 10.0),
        )

    def test_without_a_bill_never_above_the_order(self):
        self.buy({"L-1": 10}, bill=False)
        chargeback = self.charge(self.complained("L-1"), amount=61.0)
        chargeback.action_mark_sent()
        chargeback.action_record_answer("accepted")
        with self.assertRaisesRegex(UserError, "orders"):
            chargeback.action_create_vendor_credit_note()

    def test_bill_that_came_after_sending_is_credited(self):
        order = self.buy({"L-1": 10}, bill=False)
        chargeback = self.charge(self.complained("L-1"))
        chargeback.action_mark_sent()
        bill = self.bill(order)
        note = self.credited(chargeback)
        self.assertEqual((note.reversed_entry_id, note.amount_untaxed), (bill, 24.0))

    def test_refused_credits_nothing(self):
        chargeback, _order = self.charged()
        chargeback.action_record_answer("refused")
        with self.assertRaisesRegex(UserError, "bear nothing"):
            chargeback.action_create_vendor_credit_note()

    def test_stock_valued_in_real_time_credits_an_expense_when_goods_stay(self):
        category = self.env["product.category"].create(
            {
                "name": "Real time",
                "property_valuation": "real_time",
                "property_cost_method": "average",
            }
        )
        self.strip.categ_id = category
        chargeback, _order = self.charged()
        note = self.credited(chargeback)
        accounts = self.strip.product_tmpl_id.with_company(
            self.company
        ).get_product_accounts()
        self.assertNotEqual(
            note.invoice_line_ids.account_id, accounts.get("stock_valuation")
        )
        self.post(note)
        self.assertEqual(chargeback.recovered_company, 24.0)

    def test_accountant_sees_the_number_and_the_words_only(self):
        chargeback, _order = self.charged()
        note = self.credited(chargeback).with_user(self.accountant)
        self.env.invalidate_all()
        self.assertEqual(note.complaint_number, chargeback.name)
        self.assertIn("100% of 4 Units of Copper strip (L-1)", note.complaint_remedy)
        self.assertEqual(note.complaint_count, 0)
        note.invoice_date = "2026-02-01"
        note.action_post()
        self.assertEqual(note.state, "posted")
        with self.assertRaisesRegex(UserError, "button"):
            note.invoice_line_ids.chargeback_id = False

    def test_document_leads_back_to_the_complaint(self):
        chargeback, order = self.charged()
        note = self.credited(chargeback)
        self.assertEqual(note.complaint_count, 1)
        found = self.env["quality.complaint"].search(
            note.action_view_complaints()["domain"]
        )
        self.assertEqual(found, chargeback.complaint_id)
        self.assertEqual(order.supplier_complaint_count, 1)
        self.assertEqual(
            order.action_view_supplier_complaints()["res_id"], chargeback.id
        )
