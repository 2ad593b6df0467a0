from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_compensation import CompensationCase


@tagged("post_install", "-at_install")
class TestAfterApproval(CompensationCase):
    """What was approved is what is carried out: for this customer, this amount, these
    payers.
    """

    def approved(self, **vals):
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0], **vals)
        complaint.action_submit_plan()
        return complaint, remedy

    def test_the_customer_stays_the_one_it_was_approved_for(self):
        complaint, remedy = self.approved(settlement="payout")
        self.assertEqual(remedy.state, "approved")
        contact = self.env["res.partner"].create(
            {"name": "Nora", "parent_id": self.customer.id}
        )
        complaint.with_user(
            self.officer
        ).partner_id = contact  # another person of the same customer
        with self.assertRaisesRegex(UserError, "Customer"):
            complaint.with_user(self.officer).partner_id = self.distributor

    def test_the_customer_is_free_while_nothing_is_submitted(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        self.compensation(complaint, [30.0])
        complaint.with_user(self.officer).partner_id = self.distributor
        self.assertEqual(complaint.partner_id, self.distributor)

    def test_an_agreement_that_was_asked_for_is_not_dropped(self):
        _complaint, remedy = self.approved(needs_agreement=True)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            remedy.with_user(self.officer).needs_agreement = False


@tagged("post_install", "-at_install")
class TestBearers(CompensationCase):
    """Shares are 100 % together, whichever way they are written, and settled when
    documents exist.
    """

    def test_shares_written_one_by_one_are_checked_on_submission(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(
            complaint,
            [30.0],
            bearer_ids=[Command.create({"responsible_id": self.department.id})],
        )
        remedy.bearer_ids.with_user(self.officer).percent = 40.0
        with self.assertRaisesRegex(ValidationError, "40 %"):
            complaint.action_submit_plan()

    def test_shares_written_one_by_one_are_checked_on_execution(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(
            complaint,
            [30.0],
            bearer_ids=[Command.create({"responsible_id": self.department.id})],
        )
        complaint.action_submit_plan()
        remedy.bearer_ids.with_user(self.officer).percent = 40.0
        with self.assertRaisesRegex(ValidationError, "40 %"):
            complaint.action_execute()

    def test_a_share_is_not_moved_to_a_remedy_with_documents(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        done = self.compensation(complaint, [30.0])
        other = self.compensation(
            complaint,
            [10.0],
            bearer_ids=[Command.create({"responsible_id": self.department.id})],
        )
        done.bearer_ids = False
        complaint.action_submit_plan()
        done.action_execute()
        self.assertTrue(done.credit_note_ids)
        done.bearer_ids.sudo().flush_recordset()
        party = self.env["quality.complaint.responsible"].create(
            {"name": "Carrier", "kind": "carrier"}
        )
        share = self.env["quality.complaint.bearer"].search(
            [("remedy_id", "=", other.id)]
        )
        with self.assertRaises(UserError):
            share.with_user(self.officer).write(
                {"remedy_id": done.id, "responsible_id": party.id}
            )


@tagged("post_install", "-at_install")
class TestValueOfGoods(CompensationCase):
    """Ceilings rest on what was paid, not on what somebody typed as quantity."""

    def test_more_than_was_invoiced_is_not_counted(self):
        self.sell({self.lot: 10})
        complaint = self.make_complaint(lot_ref=self.lot.name)
        self.assertEqual(complaint._goods_value(), 100.0)
        complaint.line_ids.quantity = 4
        self.assertEqual(complaint._goods_value(), 40.0)
        complaint.line_ids.quantity = 1000
        self.assertEqual(complaint._goods_value(), 100.0)

    def test_the_same_goods_named_twice_count_once(self):
        self.sell({self.lot: 10})
        complaint = self.make_complaint(lot_ref=self.lot.name)
        line = complaint.line_ids
        complaint.line_ids = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "lot_id": line.lot_id.id,
                    "quantity": 10,
                    "invoice_line_id": line.invoice_line_id.id,
                }
            )
        ]
        self.assertEqual(complaint._goods_value(), 100.0)

    def test_plans_without_documents_wait_for_each_other(self):
        """Two plans at the same moment must not both fit below a ceiling: whoever comes
        second updates the same row and is repeated.
        """
        complaint = self.investigated(
            self.make_complaint(partner_id=self.distributor.id)
        )
        self.compensation(complaint, [5.0])
        complaint.action_submit_plan()
        second = self.compensation(complaint, [5.0])
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT ctid FROM quality_complaint WHERE id = %s", [complaint.id]
        )
        before = self.env.cr.fetchone()
        second.action_submit()
        self.env.cr.execute(
            "SELECT ctid FROM quality_complaint WHERE id = %s", [complaint.id]
        )
        self.assertNotEqual(self.env.cr.fetchone(), before)

    def gift(self, complaint, product, **vals):
        return self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [
                    Command.create(
                        {
                            "complaint_line_id": complaint.line_ids[:1].id,
                            "product_id": product.id,
                            **vals,
                        }
                    )
                ],
            }
        )

    def test_a_gift_is_valued_in_its_own_unit(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        box = self.make_product("Gift box", list_price=7.0)
        remedy = self.gift(complaint, box, quantity=2, product_uom_id=self.dozen.id)
        self.assertEqual(remedy.line_ids.amount, 168.0)

    def test_a_gift_without_a_price_is_worth_its_cost(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        part = self.make_product("Spare part", list_price=0.0, standard_price=50.0)
        self.assertEqual(self.gift(complaint, part, quantity=2).line_ids.amount, 100.0)

    def test_a_dearer_replacement_counts_as_a_gift(self):
        self.sell({self.lot: 10})
        complaint = self.case()
        dear = self.make_product("Gold bar", list_price=50.0)
        role = self.env.ref("quality_complaint.role_area_manager")
        role.write({"holder": "users", "user_ids": [Command.set(self.manager.ids)]})
        self.policy.with_context(install_mode=True).ceiling_ids = [
            Command.create(
                {
                    "name": "Gifts",
                    "form": "product",
                    "multiple": 1.0,
                    "exceed_role_id": role.id,
                }
            )
        ]
        line = {"complaint_line_id": complaint.line_ids.id, "quantity": 10}
        vals = {
            "complaint_id": complaint.id,
            "kind": "replacement",
            "goods": "keep",
            "when": "on_approval",
        }
        same = self.env["quality.complaint.remedy"].create(
            {**vals, "line_ids": [Command.create(line)]}
        )
        self.assertEqual((same.line_ids.amount, same.ceiling_text), (0.0, False))
        same.unlink()
        remedy = self.env["quality.complaint.remedy"].create(
            {**vals, "line_ids": [Command.create({**line, "product_id": dear.id})]}
        )
        self.assertEqual(remedy.line_ids.amount, 400.0)  # 500 less the 100 paid
        self.assertTrue(remedy.above_ceiling)
        complaint.action_submit_plan()
        self.assertEqual(
            (remedy.state, complaint.approval_ids.mapped("subject")),
            ("to_approve", ["over_ceiling"]),
        )

    def test_percent_without_a_product_complained_of(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "credit",
                "line_ids": [Command.create({"percent": 10})],
            }
        )
        self.assertEqual(remedy.line_ids.amount, 0.0)


@tagged("post_install", "-at_install")
class TestLinks(CompensationCase):
    """Documents are linked to complaints by the flow only."""

    def test_a_transfer_is_not_linked_by_whoever_makes_it(self):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, "refund", 4)
        move = (
            self.env["stock.move"]
            .with_user(self.warehouse_worker)
            .create(
                {
                    "product_id": self.strip.id,
                    "product_uom_qty": 1,
                    "product_uom": self.unit.id,
                    "location_id": self.stock.id,
                    "location_dest_id": order.picking_ids.location_dest_id[:1].id,
                    "remedy_line_id": remedy.line_ids.id,
                }
            )
        )
        self.assertFalse(move.remedy_line_id)

    def test_a_return_by_hand_is_not_linked(self):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, "refund", 4)
        delivery = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.warehouse_worker)
            .with_context(
                active_model="stock.picking",
                active_id=delivery.id,
                active_ids=delivery.ids,
            )
            .create({})
        )
        wizard.product_return_moves = [
            Command.clear(),
            Command.create(
                {
                    "product_id": self.strip.id,
                    "move_id": delivery.move_ids.id,
                    "quantity": 1,
                    "remedy_line_id": remedy.line_ids.id,
                }
            ),
        ]
        self.assertFalse(wizard._create_return().move_ids.remedy_line_id)

    def test_a_backorder_received_by_the_warehouse_keeps_the_link(self):
        self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, "refund", 4)
        picking = remedy.picking_ids
        picking.move_ids.move_line_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_user(self.warehouse_worker).with_context(
            skip_backorder=True
        ).button_validate()
        self.assertEqual(len(remedy.line_ids.move_ids), 2)

    def test_an_inspection_reports_on_its_own_receipt_only(self):
        order = self.sell({self.lot: 10})
        _complaint, remedy = self.executed(self.lot, "refund", 4)
        receipt = self.receive(remedy)
        vals = {
            "condition": "defective",
            "product_id": self.strip.id,
            "lot_id": self.lot.id,
            "quantity": 1.0,
            "move_id": receipt.move_ids.id,
        }
        inspections = self.env["quality.complaint.inspection"].with_user(
            self.warehouse_worker
        )
        self.assertTrue(
            inspections.create({**vals, "picking_id": receipt.id}).complaint_number
        )
        with self.assertRaisesRegex(ValidationError, "no line of"):
            inspections.create(
                {**vals, "picking_id": (order.picking_ids - receipt)[:1].id}
            )

    def test_a_cancelled_free_order_does_not_come_back(self):
        self.sell({self.lot: 10})
        self.make_lot("M-200", quantity=50)
        complaint, remedy = self.executed(
            self.lot, "replacement", 4, goods="keep", when="on_approval"
        )
        first = remedy.sale_ids
        first._action_cancel()
        complaint.action_execute()
        self.assertEqual(len(remedy.sale_ids), 2)
        with self.assertRaisesRegex(UserError, complaint.name):
            first.action_draft()
