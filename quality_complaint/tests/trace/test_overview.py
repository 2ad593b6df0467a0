from io import BytesIO

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import APP, ComplaintWorld
from .holds import HoldCase
from .lots import LotsCase


class TraceCase(LotsCase):
    """A part of which a lot was made, which went to two customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.part, cls.made = cls.make_lot("PART-1"), cls.make_lot("MADE-1")
        cls.move_lot(cls.part, 20, cls.suppliers, cls.stock)
        used = cls.move_lot(cls.part, 12, cls.stock, cls.production)
        finished = cls.move_lot(cls.made, 6, cls.production, cls.stock)
        finished.move_line_ids.consume_line_ids = used.move_line_ids
        cls.distributor.write(
            {"street": "Quay 1", "city": "Lyon", "phone": "+33 1", "zip": "69000"}
        )
        cls.move_lot(cls.made, 3, cls.stock, cls.customers, partner=cls.customer)
        cls.move_lot(cls.made, 2, cls.stock, cls.customers, partner=cls.distributor)
        cls.move_lot(cls.made, 1, cls.customers, cls.stock, partner=cls.customer)

    def trace(self, user):
        return self.env["quality.complaint.trace"].with_user(user)


@tagged("post_install", "-at_install")
class TestOverview(TraceCase):
    """What the screen shows, to whom."""

    def test_screen_shows_lots_recipients_and_sums(self):
        shown = self.trace(self.handler).read_trace(self.part.ids)
        part, made = shown["lots"]
        self.assertEqual(
            [
                part[name]
                for name in ("name", "depth", "here", "consumed", "unexplained")
            ],
            ["PART-1", 0, 8, 12, 0],
        )
        self.assertEqual(
            [
                made[name]
                for name in ("name", "before", "at_least", "at_most", "at_customers")
            ],
            ["MADE-1", self.part.id, 12, 12, 4],
        )
        self.assertEqual(
            [
                (row["partner"], row["shipped"], row["returned"], row["left"])
                for row in shown["recipients"]
            ],
            [("Northwind Motors", 3, 1, 2), ("Metal Traders", 2, 0, 2)],
        )
        self.assertEqual(
            [(row["in"], row["there"], row["unexplained"]) for row in shown["sums"]],
            [(27, 10, 0)],
        )

    def test_balance_names_places_and_partners(self):
        shown = self.trace(self.warehouse_worker).read_balance(self.made.id)
        self.assertEqual(
            {
                kind["label"]: (kind["quantity"], kind["rows"])
                for side in shown["sides"]
                for kind in side["kinds"]
            },
            {
                "Made": (6, []),
                "Came back from customers": (1, [["Northwind Motors", 1]]),
                "In stock, free": (2, [[self.stock.display_name, 2]]),
                "Shipped to customers": (
                    5,
                    [["Northwind Motors", 3], ["Metal Traders", 2]],
                ),
            },
        )
        self.assertEqual(shown["unexplained"], 0)

    def test_upwards_from_what_the_customer_has(self):
        shown = self.trace(self.engineer).read_trace(self.made.ids, "up")
        self.assertEqual(
            [(row["name"], row["at_least"], row["at_most"]) for row in shown["lots"]],
            [("MADE-1", 6, 6), ("PART-1", 12, 12)],
        )

    def test_who_may_trace(self):
        with self.assertRaises(AccessError):
            self.trace(self.employee).read_trace(self.part.ids)
        with self.assertRaises(AccessError):
            self.trace(self.accountant).read_balance(self.part.id)
        with self.assertRaises(UserError):
            self.trace(self.officer).read_trace([])
        other = self.env["res.company"].create({"name": "Sister Works"})
        stranger = new_test_user(
            self.env,
            "sister",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.part.company_id = self.company
        with self.assertRaises(UserError):
            self.trace(stranger).read_trace(self.part.ids)

    def test_another_company_sees_of_a_common_lot_how_much_and_not_who(self):
        other = self.env["res.company"].create({"name": "Sister Works"})
        stranger = new_test_user(
            self.env,
            "sister",
            f"{APP}manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        shown = (
            self.trace(stranger)
            .with_context(allowed_company_ids=other.ids)
            .read_trace(self.made.ids)
        )
        self.assertEqual(
            [(row["partner"], row["shipped"]) for row in shown["recipients"]],
            [("Another company", 5)],
        )

    def test_buttons_lead_to_the_trace(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create({"product_id": self.strip.id, "lot_id": self.made.id})
            ],
        )
        report = complaint._create_8d()
        for record in (complaint, report, self.made):
            with self.subTest(record._name):
                method = (
                    "action_complaint_trace" if record == self.made else "action_trace"
                )
                action = getattr(record.with_user(self.engineer), method)()
                self.assertEqual(action["params"]["lot_ids"], self.made.ids)
        order = self.sell({self.made: 1})
        action = order.picking_ids.action_complaint_trace()
        self.assertEqual(
            action["params"], {"lot_ids": self.made.ids, "direction": "up"}
        )
        bare = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": self.strip.id})],
        )
        with self.assertRaisesRegex(UserError, "no lot to trace"):
            bare.action_trace()
        hold = self.trace(self.officer).hold_lots(self.part.ids)
        self.assertEqual(hold["res_model"], "quality.complaint.hold")


@tagged("post_install", "-at_install")
class TestStopOfDeliveries(HoldCase):
    """From complaint and 8D report to what is on hold."""

    def reported(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create({"product_id": self.strip.id, "lot_id": self.bad.id})
            ],
        )
        return complaint, complaint._create_8d()

    def test_deliveries_stopped_in_d0_are_stopped(self):
        _complaint, report = self.reported()
        report.write({"stop_ship": "yes", "stop_ship_note": "Sharp edges"})
        hold = report.hold_ids
        self.assertEqual(
            (hold.state, hold.reason, hold.lot_ids.lot_id),
            ("standing", "Sharp edges", self.bad),
        )
        self.assertTrue(report.is_held)
        report.write({"stop_ship": "no"})
        report.write({"stop_ship": "yes"})
        self.assertEqual(report.hold_count, 1)
        self.assert_stops(
            hold, lambda: self.move_lot(self.bad, 1, self.stock, self.customers)
        )
        self.assertEqual(report.action_view_holds()["res_id"], hold.id)

    def test_without_a_lot_nothing_is_said_to_be_stopped(self):
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[Command.create({"product_id": self.strip.id})],
        )
        report = complaint._create_8d()
        report.write({"stop_ship": "yes"})
        self.assertFalse(report.is_held)
        action = report.action_put_on_hold()
        holds = self.env["quality.complaint.hold"].with_context(**action["context"])
        self.assertEqual(
            holds.create({"reason": "Sharp"}).line_ids.mapped("kind"), ["product"]
        )

    def test_complaint_leads_to_its_holds(self):
        complaint, _report = self.reported()
        action = complaint.action_put_on_hold()
        hold = (
            self.env["quality.complaint.hold"]
            .with_context(**action["context"])
            .create({"reason": "Sharp edges"})
        )
        hold.action_order()
        self.assertEqual(
            (hold.complaint_id, hold.lot_ids.lot_id), (complaint, self.bad)
        )
        complaint.invalidate_recordset()
        self.assertEqual(complaint.hold_count, 1)
        self.assertEqual(complaint.action_view_holds()["res_id"], hold.id)


@tagged("post_install", "-at_install")
class TestTracePapers(TraceCase, ComplaintWorld, HttpCase):
    """The spreadsheet for an authority and the paper."""

    def test_spreadsheet_has_a_row_for_each_movement(self):
        self.authenticate("qc_officer", "qc_officer")
        answer = self.url_open(f"/quality_complaint/trace?lots={self.part.id}")
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(BytesIO(answer.content))
        movements, lots, recipients = (
            list(sheet.iter_rows(values_only=True)) for sheet in book
        )
        self.assertEqual(
            [(row[4], row[7], row[9]) for row in movements[1:]],
            [
                ("PART-1", 20, None),
                ("PART-1", 12, None),
                ("MADE-1", 6, None),
                ("MADE-1", 3, "Northwind Motors"),
                ("MADE-1", 2, "Metal Traders"),
                ("MADE-1", 1, "Northwind Motors"),
            ],
        )
        self.assertEqual([row[1] for row in lots[1:]], ["PART-1", "MADE-1"])
        self.assertEqual(
            recipients[2][:3], ("Metal Traders", "Quay 1, 69000, Lyon", "+33 1")
        )

    def test_spreadsheet_is_for_those_who_may_trace(self):
        self.authenticate("qc_employee", "qc_employee")
        answer = self.url_open(f"/quality_complaint/trace?lots={self.part.id}")
        self.assertEqual(answer.status_code, 404)

    def test_paper_in_both_languages(self):
        report = self.env["ir.actions.report"].with_user(self.officer)
        for direction, words in (("down", "Metal Traders"), ("up", "PART-1")):
            action = self.trace(self.officer).print_trace(self.made.ids, direction)
            self.assertEqual(
                action["report_name"], f"quality_complaint.trace_{direction}"
            )
            html = report._render_qweb_html(
                action["report_name"], self.made.ids, data={}
            )[0].decode()
            with self.subTest(direction):
                for text in ("MADE-1", words, "批号"):
                    self.assertIn(text, html)
