from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestMatching(ComplaintCase):
    """A typed lot finds customer, product, delivery, order, invoice and price; several
    are offered, none is guessed.
    """

    def test_unique_lot_fills_everything(self):
        lot = self.make_lot("M-1", quantity=50)
        order = self.sell({lot: 8}, price=12.5)
        complaint = self.make_complaint(lot_ref="m-1", register=False)
        line = complaint.line_ids
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertEqual(
            (line.product_id, line.lot_id, line.quantity), (self.strip, lot, 8.0)
        )
        self.assertEqual(line.picking_id, order.picking_ids)
        self.assertEqual(line.sale_line_id, order.order_line)
        self.assertEqual(line.invoice_line_id, order.invoice_ids.invoice_line_ids)
        self.assertEqual(
            (line.value, line.currency_id), (100.0, self.company.currency_id)
        )
        self.assertEqual(line.match_state, "matched")

    def test_price_paid_is_after_discount_and_in_the_unit_complained_of(self):
        lot = self.make_lot("M-2", quantity=50)
        self.sell({lot: 10}, price=10.0, discount=25.0)
        complaint = self.make_complaint(lot_ref="M-2", register=False)
        complaint.line_ids.quantity = 3
        self.assertEqual(complaint.line_ids.value, 22.5)
        complaint.line_ids.product_uom_id = self.dozen
        complaint.line_ids.quantity = 0.5
        self.assertEqual(complaint.line_ids.value, 45.0)

    def test_form_is_filled_while_typing(self):
        lot = self.make_lot("M-3", quantity=50)
        self.sell({lot: 2})
        with Form(self.env["quality.complaint"]) as form:
            form.lot_ref = "M-3"
            self.assertEqual(form.partner_id, self.customer)
            self.assertFalse(form.lot_ref)
            form.description = "Bent"
        self.assertEqual(form.record.line_ids.lot_id, lot)
        self.assertEqual(form.record.line_ids.match_state, "matched")

    def test_lot_scanned_without_rights_on_lots_is_kept(self):
        self.make_users()
        self.env["ir.config_parameter"].set_param("stock.propagate_uom", "1")
        lot = self.make_lot("M-3E", quantity=50)
        order = self.sell({lot: 1}, uom=self.dozen)
        self.assertFalse(
            self.env["stock.lot"].with_user(self.employee).has_access("read")
        )
        with Form(self.env["quality.complaint"].with_user(self.employee)) as form:
            form.lot_ref = "M-3E"
            form.lot_ref = "M-3E"  # scanned twice by accident
            form.description = "Bent"
        line = form.record.sudo().line_ids
        self.assertEqual(
            (len(line), line.lot_id, line.picking_id), (1, lot, order.picking_ids)
        )
        self.assertEqual(
            (line.quantity, line.product_uom_id, line.delivered_quantity),
            (1.0, self.dozen, 1.0),
        )

    def test_serial_number_fits_the_delivery_it_is_still_out_on(self):
        pump = self.make_product("Pump", tracking="serial")
        serial = self.make_lot("SN-1", pump, 1)
        first = self.sell({serial: 1}, product=pump).picking_ids
        wizard = first._complaint_return_wizard(
            [
                {
                    "product_id": pump.id,
                    "move_id": first.move_ids.id,
                    "quantity": 1,
                    "to_refund": True,
                }
            ]
        )
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        self.env["stock.quant"]._update_available_quantity(
            pump, back.location_dest_id, -1, lot_id=serial
        )
        self.env["stock.quant"]._update_available_quantity(
            pump, self.stock, 1, lot_id=serial
        )
        second = self.sell({serial: 1}, product=pump, partner=self.distributor)
        line = self.make_complaint(lot_ref="SN-1", register=False).line_ids
        self.assertEqual(
            (line.match_state, line.picking_id), ("matched", second.picking_ids)
        )
        earlier = self.make_complaint(
            lot_ref="SN-1", register=False, partner_id=self.customer.id
        )
        self.assertEqual(earlier.line_ids.picking_id, first)
        typed = self.make_complaint(line_ids=[Command.create({"lot_name": "SN-1"})])
        self.assertEqual(typed.line_ids.picking_id, second.picking_ids)

    def test_one_delivery_on_two_invoices_is_no_several_deliveries(self):
        lot = self.make_lot("M-INV", quantity=50)
        order = self.sell({lot: 10}, invoice=False)
        for quantity in (6, 4):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
        complaint = self.make_complaint(lot_ref="M-INV")
        self.assertEqual(complaint.line_ids.match_state, "several")
        self.assertIn(
            "Several invoices fit the delivery of Copper strip", complaint.match_message
        )
        self.assertNotIn("Several deliveries", complaint.match_message)

    def test_several_deliveries_are_offered_and_not_guessed(self):
        lot = self.make_lot("M-4", quantity=50)
        first = self.sell({lot: 3})
        second = self.sell({lot: 4}, partner=self.distributor)
        complaint = self.make_complaint(lot_ref="M-4", register=False)
        self.assertFalse(complaint.partner_id)
        self.assertFalse(complaint.line_ids.move_line_id)
        self.assertEqual(complaint.line_ids.match_state, "several")
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        self.assertEqual(
            set(wizard.line_ids.mapped("picking_name")),
            set((first | second).picking_ids.mapped("name")),
        )
        row = wizard.line_ids.filtered(lambda row: row.customer_id == self.distributor)
        self.assertEqual((row.delivered, row.returned, row.price), (4.0, 0.0, 10.0))
        row.write({"selected": True, "quantity": 2})
        wizard.action_apply()
        line = complaint.line_ids
        self.assertEqual(
            (line.picking_id, line.quantity, line.match_state),
            (second.picking_ids, 2.0, "matched"),
        )
        self.assertEqual(complaint.partner_id, self.distributor)

    def test_customer_decides_between_deliveries_of_a_lot(self):
        lot = self.make_lot("M-5", quantity=50)
        self.sell({lot: 3})
        second = self.sell({lot: 4}, partner=self.distributor)
        complaint = self.make_complaint(
            partner_id=self.distributor.id, lot_ref="M-5", register=False
        )
        self.assertEqual(complaint.line_ids.picking_id, second.picking_ids)

    def test_several_invoices_of_one_delivery_are_not_guessed(self):
        lot = self.make_lot("M-6", quantity=50)
        order = self.sell({lot: 10}, invoice=False)
        for quantity in (4, 6):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
        complaint = self.make_complaint(lot_ref="M-6", register=False)
        self.assertEqual(complaint.line_ids.match_state, "several")
        wizard = self.env["quality.complaint.match"].browse(
            complaint.action_open_match()["res_id"]
        )
        self.assertEqual(
            sorted(wizard.line_ids.mapped("invoice_name")),
            sorted(order.invoice_ids.mapped("name")),
        )

    def test_unknown_lot_is_registered_all_the_same(self):
        complaint = self.make_complaint(
            lot_ref="NO-SUCH-LOT", partner_id=self.customer.id
        )
        self.assertEqual(complaint.state, "registered")
        self.assertEqual(complaint.line_ids.lot_name, "NO-SUCH-LOT")
        self.assertEqual(complaint.line_ids.match_state, "unmatched")
        self.assertIn("NO-SUCH-LOT", complaint.match_message)

    def test_known_lot_that_was_never_delivered_keeps_product_and_lot(self):
        lot = self.make_lot("M-7", quantity=5)
        complaint = self.make_complaint(lot_ref="M-7", partner_id=self.customer.id)
        self.assertEqual(
            (complaint.line_ids.product_id, complaint.line_ids.lot_id),
            (self.strip, lot),
        )
        self.assertEqual(complaint.line_ids.match_state, "unmatched")

    def test_package_matches_its_content(self):
        lot = self.make_lot("M-8", quantity=20)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.strip.id, "product_uom_qty": 6})
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        package = self.env["stock.package"].create({"name": "PACK-77"})
        picking.move_line_ids.write(
            {"lot_id": lot.id, "quantity": 6, "result_package_id": package.id}
        )
        picking.move_ids.picked = True
        picking.button_validate()
        complaint = self.make_complaint(lot_ref="PACK-77", register=False)
        self.assertEqual(
            (
                complaint.line_ids.lot_id,
                complaint.line_ids.picking_id,
                complaint.line_ids.quantity,
            ),
            (lot, picking, 6.0),
        )

    def test_three_step_delivery_matches_the_last_step_and_returns_from_the_customer(
        self,
    ):
        self.warehouse.delivery_steps = "pick_pack_ship"
        lot = self.make_lot("M-9", quantity=20)
        order = self.sell({lot: 5})
        self.assertEqual(len(order.picking_ids), 3)
        complaint, remedy = self.executed(lot, quantity=2)
        self.assertEqual(
            complaint.line_ids.picking_id.location_dest_id.usage, "customer"
        )
        self.assertEqual(remedy.picking_ids.return_id, complaint.line_ids.picking_id)
        self.assertEqual(remedy.picking_ids.location_id.usage, "customer")
        self.receive(remedy)
        self.assertEqual(
            self.quantity_in(self.warehouse.complaint_return_location_id, lot=lot), 2.0
        )
        self.assertEqual(order.order_line.qty_to_invoice, 0.0)

    def test_delivery_order_and_invoice_numbers_match_too(self):
        lot = self.make_lot("M-10", quantity=20)
        order = self.sell({lot: 5})
        for number in (order.name, order.picking_ids.name, order.invoice_ids.name):
            complaint = self.make_complaint(lot_ref=number, register=False)
            self.assertEqual(
                complaint.line_ids.move_id, order.picking_ids.move_ids, number
            )

    def test_buttons_on_documents_prefill_the_form(self):
        lots = {
            self.make_lot("M-11", quantity=20): 5,
            self.make_lot("M-12", quantity=20): 3,
        }
        order = self.sell(lots)
        for document in (order, order.picking_ids, order.invoice_ids):
            context = document.action_create_complaint()["context"]
            with Form(self.env["quality.complaint"].with_context(**context)) as form:
                form.description = "Dents"
                form.line_ids.remove(0)
            record = form.record
            self.assertEqual(record.partner_id, self.customer)
            self.assertEqual(len(record.line_ids), 1)
            self.assertEqual(record.line_ids.picking_id, order.picking_ids)
            self.assertEqual(record.line_ids.invoice_line_id.move_id, order.invoice_ids)

    def test_end_consumer_complains_about_goods_sold_to_a_distributor(self):
        lot = self.make_lot("M-13", quantity=20)
        self.sell({lot: 5}, partner=self.distributor)
        complaint = self.make_complaint(complainant="Mr Sun, plumber", lot_ref="M-13")
        self.assertEqual(
            (complaint.partner_id, complaint.complainant),
            (self.distributor, "Mr Sun, plumber"),
        )

    def test_lot_delivered_to_somebody_else_warns_and_refuses_the_remedy(self):
        lot = self.make_lot("M-14", quantity=20)
        self.sell({lot: 5}, partner=self.distributor)
        complaint = self.make_complaint(partner_id=self.customer.id, lot_ref="M-14")
        self.assertIn(self.distributor.name, complaint.line_ids.warning)
        remedy = self.plan(complaint, "return")
        with self.assertRaisesRegex(UserError, self.distributor.name):
            remedy.action_submit()

    def test_more_than_delivered_warns_and_refuses_the_remedy(self):
        lot = self.make_lot("M-15", quantity=20)
        self.sell({lot: 5})
        complaint = self.make_complaint(lot_ref="M-15")
        complaint.line_ids.quantity = 6
        self.assertTrue(complaint.line_ids.warning)
        with self.assertRaises(UserError):
            self.plan(complaint, "return").action_submit()

    def test_goods_that_came_back_warn_whoever_takes_the_call(self):
        lot = self.make_lot("M-16", quantity=20)
        self.sell({lot: 5})
        _case, remedy = self.executed(lot, "return", 1)
        self.receive(remedy)
        again = self.make_complaint(self.officer, register=False, lot_ref="M-16")
        self.assertEqual(
            again.line_ids.warning,
            "The customer already sent back, or is sending back, 1 Unit.",
        )
        again.line_ids.quantity = 4
        self.assertFalse(again.line_ids.warning)
        # from then on the case's own returns count
        again.line_ids.quantity = 5
        again.action_register()
        self.assertFalse(again.line_ids.warning)


@tagged("post_install", "-at_install")
class TestBadInput(ComplaintCase):
    """Bad input gets one clear message and changes nothing."""

    def test_quantity_must_be_positive(self):
        for quantity in (0, -1):
            with self.assertRaises(ValidationError):
                self.make_complaint(
                    register=False,
                    line_ids=[
                        Command.create(
                            {"product_id": self.strip.id, "quantity": quantity}
                        )
                    ],
                )

    def test_unit_must_convert(self):
        with self.assertRaisesRegex(ValidationError, "kg"):
            self.make_complaint(
                register=False,
                line_ids=[
                    Command.create(
                        {"product_id": self.strip.id, "product_uom_id": self.kilo.id}
                    )
                ],
            )

    def test_lot_of_another_product(self):
        other = self.make_lot("B-1", self.make_product("Rod", tracking="lot"))
        with self.assertRaisesRegex(ValidationError, "B-1"):
            self.make_complaint(
                register=False,
                line_ids=[
                    Command.create({"product_id": self.strip.id, "lot_id": other.id})
                ],
            )

    def test_receipt_in_the_future(self):
        with self.assertRaises(ValidationError):
            self.make_complaint(register=False, received_on="2099-01-01 08:00:00")

    def test_another_customers_invoice(self):
        lot = self.make_lot("B-2", quantity=20)
        foreign = self.sell({lot: 5}, partner=self.distributor).invoice_ids
        with self.assertRaisesRegex(ValidationError, self.distributor.name):
            self.make_complaint(
                register=False,
                partner_id=self.customer.id,
                line_ids=[
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "invoice_line_id": foreign.invoice_line_ids.id,
                        }
                    )
                ],
            )

    def test_deliveries_of_two_companies(self):
        lot = self.make_lot("B-3", quantity=20)
        order = self.sell({lot: 5})
        other = self.env["res.company"].create({"name": "Other Works"})
        with self.assertRaises(UserError):
            self.env["quality.complaint"].create(
                {
                    "company_id": other.id,
                    "description": "x",
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.strip.id,
                                "move_line_id": order.picking_ids.move_line_ids.id,
                            }
                        )
                    ],
                }
            ).action_register()

    def test_refused_kind_of_file(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "virus.exe", "raw": b"MZ\x90\x00" + b"\x00" * 200}
        )
        with self.assertRaisesRegex(ValidationError, "virus.exe"):
            self.make_complaint(
                register=False, attachment_ids=[Command.link(attachment.id)]
            )

    def test_photo_is_accepted_and_belongs_to_the_complaint(self):
        png = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
        )
        attachment = self.env["ir.attachment"].create({"name": "label.png", "raw": png})
        complaint = self.make_complaint(
            register=False, attachment_ids=[Command.link(attachment.id)]
        )
        self.assertEqual(
            (attachment.res_model, attachment.res_id),
            ("quality.complaint", complaint.id),
        )
        self.assertEqual(complaint.cover_attachment_id, attachment)

    def test_unsafe_html_is_cleaned(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        complaint.internal_note = "<p>note</p><script>alert(1)</script>"
        reply = self.env["quality.complaint.reply"].create(
            {
                "complaint_id": complaint.id,
                "body": "<p onclick='x()'>Hello</p><script>1</script>",
            }
        )
        self.assertNotIn("script", complaint.internal_note)
        self.assertNotIn("script", reply.body)
        self.assertNotIn("onclick", reply.body)
