from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from ..common import APP, ComplaintCase, ComplaintWorld


class CostCase(ComplaintCase):
    """Ten pieces of 4.00 cost, sold at 10.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("C-100", quantity=10)
        cls.order = cls.sell({cls.lot: 10})

    def costs(self, complaint):
        """{source: (planned, actual)} of a complaint; checks that its own totals are
        the sums of the rows.
        """
        rows = self.cost_rows(complaint)
        result = {
            source: (
                round(sum(group.mapped("planned")), 2),
                round(sum(group.mapped("actual")), 2),
            )
            for source, group in rows.grouped("source").items()
        }
        self.assertEqual(
            round(sum(rows.mapped("actual")), 2), round(complaint.cost_total, 2)
        )
        self.assertEqual(
            round(sum(rows.mapped("planned")), 2), round(complaint.cost_planned, 2)
        )
        self.assertEqual(
            (complaint.cost_table or "").count("<tr"), len(rows) + 2 if rows else 0
        )
        self.assertEqual(len(set(rows.ids)), len(rows))
        return result

    def process(self, pickings):
        for picking in pickings.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ):
            picking.action_assign()
            picking.move_ids.picked = True
            picking.button_validate()
            self.assertEqual(picking.state, "done")

    def inspected(self, receipt, disposition, quantity, earlier=None):
        """Inspect a part of a receipt and carry out what becomes of it."""
        inspection = earlier
        if inspection:
            inspection = inspection.copy(
                {"disposition": disposition, "quantity": quantity}
            )
        else:
            inspection = self.inspect(receipt)[:1]
            inspection.write({"disposition": disposition, "quantity": quantity})
        result = inspection.action_dispose()
        if isinstance(result, dict) and result.get("res_model") == "stock.picking":
            self.process(self.env["stock.picking"].browse(result["res_id"]))
        return inspection

    def came_back(self, quantity):
        """A complaint whose goods were asked back for inspection and are here.

        :return: (complaint, receipt)
        """
        complaint = self.make_complaint(lot_ref=self.lot.name)
        back = self.plan(complaint, "return", quantity)
        back.action_submit()
        back.action_execute()
        return complaint, self.receive(back)

    def decided(self, complaint, kind, quantity, **vals):
        """Plan and execute a remedy for goods that are here."""
        if complaint.state == "registered":
            self.investigated(complaint)
        remedy = self.plan(complaint, kind, quantity, **vals)
        if complaint.state == "planning":
            complaint.action_submit_plan()
        else:
            remedy.action_submit()
            remedy.complaint_id.action_approve_plan()
        complaint.action_execute()
        return remedy


@tagged("post_install", "-at_install")
class TestCostScheme(CostCase):
    """For each kind of remedy the rows add up to what the company lost: money given,
    less goods that became ours, plus goods that left.
    """

    def test_refund_of_restocked_goods_costs_the_margin(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        self.assertEqual(
            self.costs(complaint), {"credit": (40.0, 0.0), "returned": (-16.0, 0.0)}
        )
        receipt = self.receive(remedy)
        self.assertEqual(
            self.costs(complaint), {"credit": (40.0, 0.0), "returned": (-16.0, -16.0)}
        )
        money = complaint.currency_id.format
        self.assertEqual(complaint.cost_text, f"{money(24.0)} planned")
        remedy.credit_note_ids.action_post()
        self.assertEqual(self.costs(complaint)["credit"], (40.0, 40.0))
        self.assertEqual(complaint.cost_text, money(24.0))
        self.inspected(receipt, "restock", 4)
        self.assertEqual(
            self.costs(complaint), {"credit": (40.0, 40.0), "returned": (-16.0, -16.0)}
        )
        self.assertEqual((complaint.cost_planned, complaint.cost_total), (24.0, 24.0))

    def not_kept_in_stock(self, kind, **vals):
        """Four of ten pieces that are expensed when they are bought: (complaint,
        remedy).
        """
        oil = self.make_product("Oil", is_storable=False)
        order = self.sell(10, product=oil)
        delivered = self.env["quality.complaint.line"]._candidates(
            Domain("move_id.sale_line_id", "=", order.order_line.id), self.company
        )[0]
        complaint = self.make_complaint(register=False, partner_id=self.customer.id)
        line = self.env["quality.complaint.line"]._prepare_candidate_vals(delivered)
        complaint.line_ids = [Command.create({**line, "quantity": 4})]
        complaint.action_register()
        return complaint, self.decided(complaint, kind, 4, **vals)

    def test_goods_not_kept_in_stock_are_lost_with_their_price(self):
        complaint, remedy = self.not_kept_in_stock("refund")
        receipt = self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertEqual(self.costs(complaint), {"credit": (40.0, 40.0)})
        self.inspected(receipt, "scrap", 4)
        self.assertEqual(self.costs(complaint), {"credit": (40.0, 40.0)})

    def test_goods_not_kept_in_stock_that_replace_others_were_paid_for_when_they_were_bought(  # noqa: E501
        self,
    ):
        complaint, remedy = self.not_kept_in_stock("replacement", goods="keep")
        self.process(remedy.picking_ids)
        self.assertEqual(remedy.state, "done")
        self.assertEqual(self.costs(complaint), {})

    def test_refund_of_scrapped_goods_costs_the_price(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        receipt = self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.inspected(receipt, "scrap", 4)
        self.assertEqual(
            self.costs(complaint),
            {"credit": (40.0, 40.0), "returned": (-16.0, -16.0), "scrap": (16.0, 16.0)},
        )
        self.assertEqual(complaint.cost_total, 40.0)

    def test_refund_of_goods_that_stay_costs_the_price(self):
        complaint, remedy = self.executed(self.lot, "refund", 4, goods="keep")
        remedy.credit_note_ids.action_post()
        self.assertEqual(self.costs(complaint), {"credit": (40.0, 40.0)})

    def test_draft_credit_note_is_planned_only(self):
        complaint, remedy = self.executed(self.lot, "refund", 4, goods="keep")
        self.assertEqual(remedy.credit_note_ids.state, "draft")
        self.assertEqual(self.costs(complaint), {"credit": (40.0, 0.0)})

    def test_replacement_of_scrapped_goods_costs_one_set_at_cost(self):
        self.make_lot("C-200", quantity=50)
        complaint, remedy = self.executed(self.lot, "replacement", 4)
        receipt = self.receive(remedy)
        self.inspected(receipt, "scrap", 4)
        self.process(remedy.picking_ids)
        self.assertEqual(
            self.costs(complaint),
            {
                "returned": (-16.0, -16.0),
                "replacement": (16.0, 16.0),
                "scrap": (16.0, 16.0),
            },
        )
        self.assertEqual(complaint.cost_total, 16.0)

    def test_replacement_of_restocked_goods_costs_the_difference_in_cost(self):
        self.make_lot("C-200", quantity=50)
        complaint, remedy = self.executed(self.lot, "replacement", 4)
        receipt = self.receive(remedy)
        self.inspected(receipt, "restock", 4)
        self.strip.standard_price = 5.0
        self.process(remedy.picking_ids)
        self.assertEqual(
            self.costs(complaint),
            {"returned": (-20.0, -16.0), "replacement": (20.0, 20.0)},
        )
        self.assertEqual(complaint.cost_total, 4.0)

    def test_replacement_of_goods_that_stay_costs_one_set(self):
        self.make_lot("C-200", quantity=50)
        complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        self.process(remedy.picking_ids)
        self.assertEqual(self.costs(complaint), {"replacement": (16.0, 16.0)})

    def test_replacement_returned_by_hand_is_taken_off(self):
        good = self.make_lot("C-200", quantity=50)
        complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        self.process(remedy.picking_ids)
        delivery = remedy.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_model="stock.picking",
                active_id=delivery.id,
                active_ids=delivery.ids,
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        self.assertEqual(back.move_ids.move_line_ids.lot_id, good)
        self.assertFalse(back.move_ids.remedy_line_id)
        self.process(back)
        self.assertEqual(
            self.costs(complaint),
            {"replacement": (16.0, 16.0), "returned": (0.0, -4.0)},
        )

    def test_repaired_goods_pass_through_whatever_their_cost_price_is(self):
        complaint, remedy = self.executed(self.lot, "repair", 2)
        self.receive(remedy)
        self.assertEqual(self.costs(complaint), {})
        self.strip.standard_price = 9.0
        remedy.action_send_back()
        self.process(remedy.picking_ids)
        self.assertEqual(self.costs(complaint), {})
        self.assertEqual(complaint.cost_total, 0.0)

    def test_return_for_inspection_costs_nothing_and_promises_nothing(self):
        complaint, _receipt = self.came_back(6)
        self.assertEqual(self.costs(complaint), {})

    def test_faultless_goods_sent_back_cost_nothing(self):
        complaint, receipt = self.came_back(6)
        self.inspected(receipt, "customer", 6)
        self.assertEqual(self.costs(complaint), {})

    def test_faultless_goods_of_a_refund_sent_back_leave_again(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        receipt = self.receive(remedy)
        remedy.credit_note_ids.unlink()
        self.inspected(receipt, "customer", 3)
        remedy.action_execute()
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            self.costs(complaint),
            {
                "credit": (40.0, 10.0),
                "returned": (-16.0, -16.0),
                "sent_back": (12.0, 12.0),
            },
        )
        self.assertEqual(complaint.cost_total, 6.0)

    def test_refund_takes_goods_over_that_came_for_inspection(self):
        complaint, receipt = self.came_back(6)
        scrapped = self.inspected(receipt, "scrap", 2)
        self.inspected(receipt, "customer", 1, scrapped)
        refund = self.decided(complaint, "refund", 4)
        refund.credit_note_ids.action_post()
        costs = self.costs(complaint)
        # four are ours, two of them lost; one is with the customer again, one waits
        # here and is his
        self.assertEqual(
            {source: actual for source, (_planned, actual) in costs.items()},
            {"credit": 40.0, "returned": -16.0, "scrap": 8.0},
        )
        self.assertEqual(complaint.cost_total, 32.0)
        self.assertEqual(self.cost_rows(complaint).remedy_id, refund)

    def test_goods_scrapped_in_inventory_count_like_those_of_an_inspection(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        receipt = self.receive(remedy)
        remedy.credit_note_ids.action_post()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.strip.id,
                "lot_id": self.lot.id,
                "scrap_qty": 3,
                "picking_id": receipt.id,
                "location_id": receipt.location_dest_id.id,
                "company_id": self.company.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(
            self.costs(complaint),
            {"credit": (40.0, 40.0), "returned": (-16.0, -16.0), "scrap": (0.0, 12.0)},
        )

    def test_another_outcome_changes_whose_goods_they_are(self):
        complaint, refund = self.executed(self.lot, "refund", 4)
        self.receive(refund)
        refund.credit_note_ids.unlink()
        self.assertEqual(self.costs(complaint)["returned"], (-16.0, -16.0))
        refund.action_change_outcome()
        self.assertEqual(self.costs(complaint), {})

    def test_goods_the_customer_leaves_to_us_cost_nothing_to_scrap(self):
        complaint, receipt = self.came_back(6)
        self.inspected(receipt, "scrap", 6)
        self.assertEqual(
            self.costs(complaint), {"returned": (0.0, -24.0), "scrap": (0.0, 24.0)}
        )
        self.assertEqual(complaint.cost_total, 0.0)

    def test_price_reduction_of_goods_we_keep_for_scrap_costs_the_reduction(self):
        complaint, receipt = self.came_back(3)
        self.inspected(receipt, "scrap", 3)
        reduction = self.decided(complaint, "credit", 1, amount=12.0)
        reduction.credit_note_ids.action_post()
        self.assertEqual(
            self.costs(complaint),
            {"credit": (12.0, 12.0), "returned": (0.0, -12.0), "scrap": (0.0, 12.0)},
        )
        self.assertEqual(complaint.cost_total, 12.0)

    def test_no_reservation_is_left_behind_by_goods_sent_back(self):
        _complaint, receipt = self.came_back(6)
        self.inspected(receipt, "customer", 2)
        lines = self.env["stock.move.line"].search(
            [("product_id", "=", self.strip.id), ("state", "!=", "done")]
        )
        self.assertFalse(lines)

    def test_goods_taken_over_in_parts_add_up_exactly(self):
        complaint, receipt = self.came_back(7)
        receipt.move_ids.sudo().value = 10.0  # 1.428571… each
        self.investigated(complaint)
        remedies = (
            self.plan(complaint, "refund", 3)
            | self.plan(complaint, "refund", 2)
            | self.plan(complaint, "refund", 2)
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        returned = self.cost_rows(complaint).filtered(
            lambda row: row.source == "returned" and row.state == "booked"
        )
        self.assertEqual(returned.remedy_id, remedies)
        self.assertEqual(
            sorted(round(row.actual, 2) for row in returned), [-4.29, -2.86, -2.85]
        )
        self.assertEqual(self.costs(complaint)["returned"][1], -10.0)

    def test_price_reduction_costs_its_amount(self):
        complaint, remedy = self.executed(self.lot, "credit", 1, amount=2.5)
        remedy.credit_note_ids.action_post()
        self.assertEqual(self.costs(complaint), {"credit": (2.5, 2.5)})

    def test_gift_costs_what_the_goods_cost_us(self):
        gift = self.make_product("Gift box", list_price=7.0, standard_price=1.5)
        self.env["stock.quant"]._update_available_quantity(gift, self.stock, 30)
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        line = {
            "complaint_line_id": complaint.line_ids.id,
            "product_id": gift.id,
            "quantity": 2,
            "product_uom_id": self.dozen.id,
        }
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "product_compensation",
                "line_ids": [Command.create(line)],
            }
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        self.process(remedy.picking_ids)
        self.assertEqual(self.costs(complaint), {"gift": (36.0, 36.0)})
        booked = self.cost_rows(complaint).filtered(lambda row: row.state == "booked")
        self.assertEqual(
            (booked.product_id, booked.goods_id, booked.quantity, booked.document),
            (self.strip, gift, 24.0, remedy.picking_ids.name),
        )

    def test_compensation_in_money_is_a_source_of_its_own(self):
        complaint, remedy = self.executed(self.lot, "cash_compensation", amount=55.0)
        self.assertEqual(self.costs(complaint), {"compensation": (55.0, 0.0)})
        remedy.credit_note_ids.action_post()
        self.assertEqual(self.costs(complaint), {"compensation": (55.0, 55.0)})

    def test_typed_freight_is_planned_and_actual_once_executed(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "refund", 4, freight_cost=7.5)
        self.assertEqual(self.costs(complaint), {})
        complaint.action_submit_plan()
        self.assertEqual(self.costs(complaint)["freight"], (7.5, 0.0))
        complaint.action_execute()
        self.receive(remedy)
        self.assertEqual(self.costs(complaint)["freight"], (7.5, 7.5))

    def test_carrier_price_counts_where_no_freight_is_typed(self):
        self.assertIn(
            "carrier_price",
            self.env["stock.picking"]._fields,
            "the test database needs the app stock_delivery",
        )
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        typed, asked = (
            self.plan(complaint, "refund", 4, freight_cost=7.5),
            self.plan(complaint, "replacement", 3),
        )
        complaint.action_submit_plan()
        complaint.action_execute()
        receipt = (typed | asked).picking_ids
        receipt.carrier_price = 5.01
        self.assertNotIn(
            "freight",
            {row.source for row in self.cost_rows(complaint) if row.remedy_id == asked},
        )
        self.process(receipt)
        freight = self.cost_rows(complaint).filtered(
            lambda row: row.source == "freight" and row.state == "booked"
        )
        self.assertEqual(
            sorted(freight.mapped("actual")), [2.51, 7.5]
        )  # half of the transfer's two lines
        self.costs(complaint)


@tagged("post_install", "-at_install")
class TestCostFigures(CostCase):
    """Booked figures are taken as booked, planned ones as planned; rounding, months and
    dimensions are exact.
    """

    def test_foreign_currency_is_planned_by_the_day_of_receipt_and_booked_by_that_of_the_credit_note(  # noqa: E501
        self,
    ):
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = (("2020-01-01", 0.5), ("2026-10-01", 0.8), ("2026-11-01", 0.4))
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                }
                for day, rate in rates
            ]
        )
        lot = self.make_lot("C-300", quantity=10)
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "product_uom_qty": 10,
                            "price_unit": 10.0,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self.deliver(order, {lot: 10})
        self.assertEqual(self.invoice(order).currency_id, euro)
        complaint = self.make_complaint(
            lot_ref=lot.name, received_on="2026-10-15 08:00:00"
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4, goods="keep")
        complaint.action_submit_plan()
        complaint.action_execute()
        self.assertEqual(remedy.line_ids.amount_planned_company, 50.0)
        note = remedy.credit_note_ids
        note.invoice_date = "2026-11-10"
        note.action_post()
        self.assertEqual((note.currency_id, note.amount_untaxed), (euro, 40.0))
        self.assertEqual(self.costs(complaint), {"credit": (50.0, 100.0)})

    def test_bearers_share_every_cost_and_the_first_takes_what_rounding_leaves(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "credit", 1, amount=10.05, freight_cost=0.05)
        carrier = self.env.ref(
            "quality_complaint.responsible_logistics", raise_if_not_found=False
        ) or self.env["quality.complaint.responsible"].create(
            {"name": "Carrier", "kind": "carrier"}
        )
        remedy.bearer_ids = [
            Command.create({"responsible_id": carrier.id, "percent": 30.0}),
            Command.create({"responsible_id": self.department.id, "percent": 70.0}),
        ]
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            self.costs(complaint), {"credit": (10.05, 10.05), "freight": (0.05, 0.05)}
        )
        rows = self.cost_rows(complaint).filtered(lambda row: row.state == "booked")
        shares = {(row.source, row.bearer_id): round(row.actual, 2) for row in rows}
        # 7.035 and 3.015 would both be rounded up
        self.assertEqual(
            shares,
            {
                ("credit", self.department): 7.03,
                ("credit", carrier): 3.02,
                ("freight", self.department): 0.03,
                ("freight", carrier): 0.02,
            },
        )

    def test_shares_of_a_quantity_add_up_to_it(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "refund", 4)
        others = self.env["quality.complaint.responsible"].create(
            [{"name": "A", "kind": "department"}, {"name": "B", "kind": "department"}]
        )
        remedy.bearer_ids = [
            Command.create({"responsible_id": other.id, "percent": percent})
            for other, percent in zip(others, (33.33, 66.67), strict=True)
        ]
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.costs(complaint)
        credits_booked = self.cost_rows(complaint).filtered(
            lambda row: row.source == "credit" and row.state == "booked"
        )
        self.assertEqual(round(sum(credits_booked.mapped("quantity")), 6), 4.0)
        self.assertEqual(credits_booked.bearer_id, others)

    def test_without_bearer_the_whole_amount_has_an_empty_one(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        complaint.responsible_id = False
        remedy = self.plan(complaint, "credit", 1, amount=3.0)
        complaint.action_submit_plan()
        self.assertFalse(remedy.bearer_ids)
        self.assertEqual(
            [(row.bearer_id.id, row.planned) for row in self.cost_rows(complaint)],
            [(False, 3.0)],
        )

    def test_unit_of_the_complaint_is_converted(self):
        box = self.make_product("Box", standard_price=2.0)
        self.env["stock.quant"]._update_available_quantity(box, self.stock, 48)
        order = self.sell(2, product=box, uom=self.dozen, price=60.0)
        complaint = self.make_complaint(
            partner_id=self.customer.id, lot_ref=order.picking_ids.name
        )
        self.assertEqual(complaint.line_ids.match_state, "matched")
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 1, product_uom_id=self.dozen.id)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertEqual(
            self.costs(complaint), {"credit": (60.0, 60.0), "returned": (-24.0, -24.0)}
        )
        quantities = {
            (row.source, row.state == "booked"): row.quantity
            for row in self.cost_rows(complaint)
        }
        self.assertEqual(
            quantities,
            {
                ("credit", False): 0.0,
                ("credit", True): 12.0,
                ("returned", False): 12.0,
                ("returned", True): 12.0,
            },
        )

    def test_cost_price_is_that_of_the_complaints_company(self):
        other = self.env["res.company"].create({"name": "Dear Works"})
        self.strip.with_company(other).standard_price = 77.0
        self.make_lot("C-200", quantity=50)
        complaint, _remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        self.assertEqual(self.costs(complaint), {"replacement": (16.0, 0.0)})

    def test_costs_fall_into_the_month_they_were_booked_in(self):
        complaint = self.make_complaint(
            lot_ref=self.lot.name, received_on="2026-09-30 22:30:00"
        )
        self.investigated(complaint)
        remedy = self.plan(complaint, "credit", 1, amount=10.0)
        complaint.action_submit_plan()
        complaint.action_execute()
        remedy.credit_note_ids.invoice_date = "2026-10-31"
        remedy.credit_note_ids.action_post()
        self.assertEqual(remedy.credit_note_ids.date, fields.Date.to_date("2026-10-31"))
        self.cost_rows(complaint)
        for zone, month in (("UTC", 9), ("Asia/Shanghai", 10)):
            groups = (
                self.env["quality.complaint.cost"]
                .with_context(tz=zone)
                ._read_group(
                    [("complaint_id", "=", complaint.id)],
                    ["date:month", "source"],
                    ["planned:sum", "actual:sum"],
                )
            )
            figures = {
                (day.month, source): sums for day, source, *sums in groups if any(sums)
            }
            expected = (
                {(9, "credit"): [10.0, 0.0], (10, "credit"): [0.0, 10.0]}
                if month == 9
                else {(10, "credit"): [10.0, 10.0]}
            )
            self.assertEqual(figures, expected)

    def test_rows_carry_the_dimensions_of_the_complaint(self):
        complaint = self.make_complaint(lot_ref=self.lot.name)
        complaint.line_ids.defect_id = self.scratch
        self.investigated(complaint)
        remedy = self.plan(complaint, "refund", 4)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        for row in self.cost_rows(complaint):
            self.assertEqual(
                (
                    row.product_id,
                    row.lot_id,
                    row.defect_id,
                    row.cause_id,
                    row.responsible_id,
                    row.partner_id,
                    row.remedy_id,
                    row.company_id,
                    row.currency_id,
                ),
                (
                    self.strip,
                    self.lot,
                    self.scratch,
                    self.cause,
                    self.department,
                    self.customer,
                    remedy,
                    self.company,
                    self.company.currency_id,
                ),
            )
            self.assertEqual(
                (row.severity_id, row.team_id, row.user_id),
                (complaint.severity_group_id, complaint.team_id, complaint.user_id),
            )
            self.assertFalse(row.supplier_id)
        documents = {
            row.source: row.document
            for row in self.cost_rows(complaint)
            if row.state == "booked"
        }
        self.assertEqual(
            documents,
            {
                "credit": remedy.credit_note_ids.name,
                "returned": remedy.picking_ids.name,
            },
        )

    def test_cancelled_documents_and_given_up_remedies_vanish(self):
        complaint, remedy = self.executed(self.lot, "refund", 4, goods="keep")
        note = remedy.credit_note_ids
        note.action_post()
        self.assertEqual(self.costs(complaint)["credit"], (40.0, 40.0))
        note.button_draft()
        self.assertEqual(self.costs(complaint)["credit"], (40.0, 0.0))
        note.button_cancel()
        self.assertEqual(self.costs(complaint)["credit"], (40.0, 0.0))
        remedy.action_cancel()
        self.assertEqual(remedy.state, "cancelled")
        self.assertEqual(self.costs(complaint), {})

    def test_refused_plans_and_drafts_plan_no_cost(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.plan(complaint, "credit", 1, amount=3.0)
        self.assertEqual(self.costs(complaint), {})
        remedy._advance({"state": "refused"})
        self.assertEqual(self.costs(complaint), {})

    def test_cancelled_transfers_cost_nothing(self):
        self.make_lot("C-200", quantity=50)
        complaint, remedy = self.executed(self.lot, "replacement", 4, goods="keep")
        remedy.picking_ids.action_cancel()
        self.assertEqual(self.costs(complaint), {"replacement": (16.0, 0.0)})

    def test_row_numbers_stay_the_same(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        before = self.cost_rows(complaint)
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.assertLess(before, self.cost_rows(complaint))

    def test_all_kinds_together_add_up(self):
        self.make_lot("C-200", quantity=20)
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        complaint.line_ids.quantity = 10
        refund, replacement, repair = (
            self.plan(complaint, kind, quantity)
            for kind, quantity in (("refund", 4), ("replacement", 3), ("repair", 2))
        )
        reduction = self.plan(complaint, "credit", 1, amount=2.5)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.process(complaint.remedy_ids.picking_ids)
        repair.action_send_back()
        self.process((replacement | repair).picking_ids)
        (refund | reduction).credit_note_ids.action_post()
        self.assertEqual(
            self.costs(complaint),
            {
                "credit": (42.5, 42.5),
                "returned": (-28.0, -28.0),
                "replacement": (12.0, 12.0),
            },
        )
        self.assertEqual(complaint.cost_total, 26.5)

    def test_cost_is_what_income_and_stock_valuation_lost(self):
        """Whatever becomes of the goods: with a steady cost price the report and the
        ledger say the same.
        """
        self.make_lot("C-200", quantity=20)

        def wealth():
            self.env.invalidate_all()
            income = self.env["account.move.line"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                ]
            )
            return self.strip.total_value - sum(income.mapped("balance"))

        before = wealth()
        complaint, receipt = self.came_back(4)
        scrapped = self.inspected(receipt, "scrap", 1)
        self.inspected(receipt, "customer", 1, scrapped)
        self.investigated(complaint)
        complaint.line_ids.quantity = 9
        remedies = (
            self.plan(complaint, "refund", 3)
            | self.plan(complaint, "replacement", 2)
            | self.plan(complaint, "repair", 1)
        )
        remedies |= self.plan(complaint, "credit", 1, amount=2.5)
        complaint.action_submit_plan()
        complaint.action_execute()
        self.process(
            remedies.picking_ids.filtered(
                lambda picking: picking.picking_type_code == "incoming"
            )
        )
        remedies.filtered(lambda remedy: remedy.kind == "repair").action_send_back()
        self.process(remedies.picking_ids)
        remedies.credit_note_ids.action_post()
        self.assertEqual(set(remedies.mapped("state")), {"done"})
        self.costs(complaint)
        self.assertEqual(round(before - wealth(), 2), complaint.cost_total)
        self.assertEqual(
            complaint.cost_total, 30.0 + 2.5 - 3 * 4.0 - 2 * 4.0 + 4.0 + 2 * 4.0
        )

    def test_totals_of_many_complaints_are_as_many_queries_as_of_one(self):
        complaints = self.env["quality.complaint"].create(
            [
                {
                    "description": "Scratches",
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                }
                for _number in range(79)
            ]
        )
        complaint, remedy = self.executed(self.lot, "refund", 4, goods="keep")
        remedy.credit_note_ids.action_post()
        complaints |= complaint
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(complaints.currency_id.mapped("rounding"), [0.01])
        # what waits, what is kept, and of the one that waits the documents
        with self.assertQueryCount(3):
            totals = [record.cost_total for record in complaints]
        self.assertEqual(sum(totals), 40.0)
        self.cost_rows(complaint)
        self.env.invalidate_all()
        self.assertEqual(complaints.currency_id.mapped("rounding"), [0.01])
        with self.assertQueryCount(2):
            totals = [record.cost_total for record in complaints]
        self.assertEqual(sum(totals), 40.0)

    def test_a_bridge_adds_a_source_that_those_who_pay_share(self):
        complaint = self.investigated(self.make_complaint(lot_ref=self.lot.name))
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": complaint.id,
                "kind": "support",
                "note": "Adjusted on site",
            }
        )
        other = self.env["quality.complaint.responsible"].create(
            {"name": "Service", "kind": "department"}
        )
        shares = ((self.department, 50.0), (other, 50.0))
        remedy.bearer_ids = [
            Command.create({"responsible_id": party.id, "percent": percent})
            for party, percent in shares
        ]
        report = self.env.registry["quality.complaint.cost"]
        sources = report._sources

        def with_hours(model):
            hours = model._source(
                SQL("quality_complaint_remedy remedy"),
                SQL("remedy.kind = 'support'"),
                origin_id=SQL("remedy.id"),
                complaint_id=SQL("remedy.complaint_id"),
                remedy_id=SQL("remedy.id"),
                source=SQL("'hours'"),
                date=SQL("'2026-10-01'::date"),
                actual=SQL("33.33"),
            )
            return [*sources(model), hours]

        self.patch(report, "_sources", with_hours)
        self.assertEqual(self.costs(complaint), {"hours": (0.0, 33.33)})
        shares = {
            row.bearer_id: round(row.actual, 2) for row in self.cost_rows(complaint)
        }
        self.assertEqual(shares, {self.department: 16.66, other: 16.67})

    def test_a_source_knows_only_the_columns_of_a_row(self):
        with self.assertRaisesRegex(TypeError, "amount"):
            self.env["quality.complaint.cost"]._source(
                SQL("res_partner"), SQL("TRUE"), amount=SQL("1")
            )

    def test_smart_button_opens_the_report_of_this_complaint(self):
        complaint, remedy = self.executed(self.lot, "refund", 4)
        self.receive(remedy)
        action = complaint.action_view_costs()
        self.assertEqual(
            (action["res_model"], action["view_mode"]),
            ("quality.complaint.cost", "pivot,graph,list"),
        )
        self.assertEqual(
            self.env["quality.complaint.cost"].search(action["domain"]),
            self.cost_rows(complaint),
        )


@tagged("post_install", "-at_install")
class TestCostAccess(CostCase):
    """Cost is read by those who may read the complaint in the back office, and by
    nobody of another company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def setUp(self):
        super().setUp()
        self.complaint, remedy = self.executed(self.lot, "refund", 4)
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.cost = self.env["quality.complaint.cost"]
        self.cost_rows(self.complaint)

    def test_officer_reads_all_of_the_company(self):
        self.assertEqual(
            len(
                self.cost.with_user(self.officer).search(
                    [("complaint_id", "=", self.complaint.id)]
                )
            ),
            4,
        )
        self.assertEqual(self.complaint.with_user(self.officer).cost_total, 24.0)

    def test_handler_reads_his_own_only(self):
        mine = self.cost.with_user(self.handler).search([])
        self.assertFalse(mine)
        self.complaint.user_id = self.handler
        self.env.flush_all()
        self.env.invalidate_all()
        mine = self.cost.with_user(self.handler).search([])
        self.assertEqual(mine.complaint_id, self.complaint)
        self.assertEqual(self.complaint.with_user(self.handler).cost_total, 24.0)
        with self.assertRaises(AccessError):
            mine.with_user(self.handler).check_access("write")

    def test_other_company_reads_nothing(self):
        company = self.env["res.company"].create({"name": "Foreign Works"})
        foreigner = new_test_user(
            self.env,
            "qc_foreign",
            f"{APP}manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        rows = self.cost.search([("complaint_id", "=", self.complaint.id)])
        abroad = rows.with_user(foreigner).with_context(allowed_company_ids=company.ids)
        self.env.invalidate_all()
        self.assertFalse(abroad.search([]))
        with self.assertRaises(AccessError):
            abroad.read(["actual"])

    def test_people_without_the_app_read_no_cost(self):
        for user in (self.employee, self.warehouse_worker, self.accountant):
            with self.assertRaises(AccessError, msg=user.login):
                self.cost.with_user(user).search([])
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.employee).read(["cost_total"])

    def test_shared_amounts_are_no_way_in(self):
        with self.assertRaises(AccessError):
            self.complaint.remedy_ids.line_ids.with_user(self.employee).read(
                ["amount_planned_company"]
            )


@tagged("post_install", "-at_install")
class TestCostViews(ComplaintWorld, HttpCase):
    """The officer sees the cost on the complaint and in the report, in a real
    browser.
    """

    def test_officer_reads_the_cost_of_a_complaint(self):
        self.build_world()
        self.make_users()
        lot = self.make_lot("C-TOUR", quantity=10)
        self.sell({lot: 10})
        complaint, remedy = self.executed(lot, "refund", 4)
        complaint.user_id = self.officer
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "quality_complaint_reads_the_cost",
            login="qc_officer",
        )
