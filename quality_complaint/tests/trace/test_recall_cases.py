from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_recall import RecallCase


@tagged("post_install", "-at_install")
class TestTakeBack(RecallCase):
    """What recipients have put aside comes back through cases of the recall."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold = cls.make_lot("SOLD-1", quantity=40)
        cls.sell({cls.sold: 10})
        cls.sell({cls.sold: 4}, partner=cls.distributor)
        cls.sell({cls.sold: 3}, partner=cls.distributor)

    def running(self):
        recall = self.decided(root_lot_ids=[Command.set(self.sold.ids)])
        self.asked(recall)
        return recall

    def confirm(self, recall, partner, stock):
        row = self.row(recall, partner)
        row.line_ids.stock_quantity = stock
        row.write({"confirmed_by": "Ann", "remark": "The rest is sold"})
        row.action_confirm()

    def dialog(self, recall):
        action = recall.action_take_back()
        return (
            self.env["quality.complaint.batch"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({})
        )

    def test_what_is_put_aside_is_asked_back_at_once(self):
        recall = self.running()
        self.confirm(recall, self.customer, 6)
        dialog = self.dialog(recall)
        self.assertEqual(
            {
                row.partner_id: (
                    row.quantity,
                    row.complained_quantity,
                    row.selected,
                )
                for row in dialog.line_ids
            },
            {self.customer: (10, 6, True), self.distributor: (7, 7, False)},
        )
        dialog.action_create()
        case = recall.case_ids.filtered(lambda row: not row.is_batch)
        self.assertEqual(
            (case.partner_id, case.line_ids.quantity, case.state, recall.case_count),
            (self.customer, 6, "registered", 1),
        )
        self.assertIn("Sharp edges", case.description)
        remedy = case.remedy_ids
        self.assertEqual((remedy.kind, remedy.state), ("return", "executing"))
        remedy = remedy.sudo()
        receipt = remedy.picking_ids
        self.assertEqual(
            (receipt.picking_type_code, receipt.move_ids.product_uom_qty),
            ("incoming", 6),
        )
        self.receive(remedy)
        self.env.invalidate_all()
        self.assertEqual(self.row(recall, self.customer).recovered_quantity, 6)
        # nothing is asked for twice, nobody is thanked for complaining
        self.assertFalse(case.acknowledgement_id)
        self.assertFalse(case.repeat_of_id)
        rows = self.dialog(recall).line_ids
        self.assertEqual(rows.mapped("selected"), [False, False])
        self.assertEqual(
            rows.filtered(lambda row: row.partner_id == self.customer).quantity, 4
        )
        self.confirm(recall, self.distributor, 7)
        more = self.dialog(recall)
        self.assertEqual(
            more.line_ids.filtered("selected").mapped("partner_id"), self.distributor
        )
        action = recall.action_view_cases()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), case)

    def test_part_of_several_deliveries_waits_for_a_person(self):
        recall = self.running()
        self.confirm(recall, self.distributor, 5)
        told = self.dialog(recall).action_create()
        case = recall.case_ids.filtered(lambda row: not row.is_batch)
        self.assertIn(case.name, told["params"]["message"])
        self.assertEqual(told["params"]["next"]["res_id"], case.parent_id.id)
        line = case.line_ids
        self.assertEqual(
            (line.match_state, line.quantity, line.move_line_id.id, line.lot_id),
            ("several", 5, False, self.sold),
        )
        self.assertEqual(
            (case.remedy_ids.kind, case.remedy_ids.state), ("return", "draft")
        )
        self.assertIn("not asked for yet", " ".join(case.message_ids.mapped("body")))

    def test_all_of_several_deliveries_comes_with_its_documents(self):
        recall = self.running()
        self.confirm(recall, self.distributor, 7)
        self.dialog(recall).action_create()
        case = recall.case_ids.filtered(lambda row: not row.is_batch)
        self.assertEqual(sorted(case.line_ids.mapped("quantity")), [3, 4])
        self.assertEqual(
            sorted(
                case.sudo().remedy_ids.picking_ids.move_ids.mapped("product_uom_qty")
            ),
            [3, 4],
        )

    def test_goods_that_were_passed_on_come_back_by_the_customer(self):
        recall = self.running()
        row = self.row(recall, self.customer)
        row.line_ids.write(
            {
                "stock_quantity": 6,
                "passed_quantity": 4,
                "passed_to": "Corner Shop",
            }
        )
        row.confirmed_by = "Ann"
        row.action_confirm()
        action = row.action_passed_on()
        shop = Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"]),
            view=action["views"][0][0],
        ).save()
        shop.line_ids.write({"stock_quantity": 3, "used_quantity": 1})
        shop.write({"confirmed_by": "Bob"})
        shop.action_confirm()
        mine = self.dialog(recall).line_ids.filtered("selected")
        self.assertEqual(
            (mine.partner_id, mine.complained_quantity), (self.customer, 9)
        )

    def test_more_than_was_delivered_is_refused(self):
        recall = self.running()
        dialog = self.dialog(recall)
        row = dialog.line_ids.filtered(lambda row: row.partner_id == self.customer)
        row.write({"selected": True, "complained_quantity": 11})
        with self.assertRaisesRegex(UserError, "at most the 10 Units"):
            dialog.action_create()
        row.complained_quantity = 0
        with self.assertRaisesRegex(UserError, "more than 0"):
            dialog.action_create()
        self.assertFalse(recall.case_ids)

    def test_what_the_cases_cost_is_the_recalls(self):
        lot = self.make_lot("SOLD-2", quantity=9)
        self.sell({lot: 9})
        complaint, remedy = self.executed(lot, "refund", 2)
        self.receive(remedy)
        remedy.credit_note_ids.action_post()
        recall = self.decided(
            root_lot_ids=[Command.set(lot.ids)], complaint_id=complaint.id
        )
        self.assertEqual(complaint.recall_id, recall)
        action = recall.action_view_costs()
        costs = self.env["quality.complaint.cost"]
        booked = costs.search([*action["domain"], ("is_booked", "=", True)])
        self.assertEqual(booked.recall_id, recall)
        self.env.invalidate_all()
        self.assertNotEqual(recall.cost, 0)
        self.assertEqual(recall.cost, sum(booked.mapped("actual")))
        groups = costs._read_group(
            [("is_booked", "=", True), ("complaint_id", "=", complaint.id)],
            ["recall_id"],
            ["actual:sum"],
        )
        self.assertEqual(groups, [(recall, recall.cost)])
        self.assertEqual(complaint.action_start_recall()["res_id"], recall.id)

    def test_spreadsheet_says_what_the_screen_says(self):
        recall = self.running()
        self.confirm(recall, self.customer, 6)
        file = self.env["ir.attachment"].browse(
            int(recall.action_xlsx()["url"].split("/")[-1].split("?")[0])
        )
        self.assertEqual(file.name, f"{recall.name.replace('/', '-')}.xlsx")
        book = load_workbook(BytesIO(file.raw))
        self.assertEqual(
            book.sheetnames, ["Consignees", "Lots", "Notices", "Times and Reports"]
        )
        rows = list(book["Consignees"].values)
        table = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
        mine = table[self.customer.name]
        self.assertEqual(
            [
                mine[name]
                for name in ("Lot/Serial Number", "Had", "In Stock, Sealed", "Status")
            ],
            ["SOLD-1", 10, 6, "Confirmed"],
        )
        self.assertEqual(table[self.distributor.name]["Status"], "Notified")
        lots = list(book["Lots"].values)
        first = dict(zip(lots[0], lots[1], strict=True))
        self.assertEqual((first["Was at Customers"], first["Is Here"]), (17, 23))


@tagged("post_install", "-at_install")
class TestSecondLevel(RecallCase):
    """Whom recipients passed goods on to are recipients, too."""

    def passed(
        self, quantity=4, to="Corner Shop, Ann; ann@corner.example, +1 555 777 12"
    ):
        recall = self.decided()
        self.asked(recall)
        row = self.row(recall, self.customer)
        row.line_ids.write({"passed_quantity": quantity, "passed_to": to})
        row.write({"confirmed_by": "Ann", "remark": "The rest is sold"})
        row.action_confirm()
        return recall, row

    def form(self, row):
        action = row.action_passed_on()
        model = self.env[action["res_model"]].with_user(self.officer)
        return Form(model.with_context(**action["context"]), view=action["views"][0][0])

    def test_who_has_it_is_listed_told_and_asked(self):
        recall, row = self.passed()
        form = self.form(row)
        self.assertEqual(
            (form.name, form.email, form.phone),
            ("Corner Shop", "ann@corner.example", "+1 555 777 12"),
        )
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.shipped_quantity, 4)
            line.shipped_quantity = 3
        shop = form.save()
        self.assertEqual((shop.parent_id, shop.line_ids.lot_id), (row, self.bad))
        self.assertTrue(row.passed_left)
        self.form(row).save()
        self.assertFalse(row.passed_left)
        with self.assertRaisesRegex(UserError, "nothing on that is not listed"):
            row.action_passed_on()
        line = shop.line_ids
        with (
            self.assertRaisesRegex(UserError, "passed on 4 Units, but more"),
            self.env.cr.savepoint(),
        ):
            line.shipped_quantity = 4
        # what they had counts once
        self.assertEqual(round(recall.recovered_percent, 1), 0.0)
        self.asked(recall)
        self.assertEqual(shop.state, "notified")
        notice = recall.notice_ids.filtered(lambda row: row.consignee_id == shop)
        self.assertIn("3 Units", notice.body)
        self.assertIn("Northwind Motors told us that you have", notice.body)
        self.assertNotIn("By our records", notice.body)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            shop.line_ids.shipped_quantity = 2
        with self.assertRaisesRegex(UserError, "answers of"):
            recall.action_finish()

    def test_our_own_figures_are_not_typed(self):
        _recall, row = self.passed()
        with self.assertRaisesRegex(UserError, "follows from the deliveries"):
            row.line_ids.shipped_quantity = 1
        with self.assertRaisesRegex(UserError, "follows from the deliveries"):
            row.line_ids = [
                Command.create({"lot_id": self.good.id, "shipped_quantity": 1})
            ]
        with self.assertRaisesRegex(UserError, "follows from the deliveries"):
            row.line_ids.unlink()

    def test_less_than_is_listed_already_cannot_be_stated(self):
        _recall, row = self.passed()
        self.form(row).save()
        with self.assertRaisesRegex(UserError, "passed on 1 Units, but more"):
            row.line_ids.passed_quantity = 1
