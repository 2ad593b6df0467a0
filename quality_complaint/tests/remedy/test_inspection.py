from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestInspection(ComplaintCase):
    """The record says what somebody looked at and found: nothing is written by opening
    a page, nothing is taken for granted.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        lot = cls.make_lot("I-100", quantity=10)
        cls.sell({lot: 10})
        cls.complaint = cls.make_complaint(lot_ref=lot.name)
        remedy = cls.plan(cls.complaint, "return", 6)
        remedy.action_submit()
        remedy.action_execute()
        cls.lot = lot
        cls.receipt = cls.receive(remedy).with_user(cls.warehouse_worker)
        cls.results = cls.env["quality.complaint.inspection"].with_user(
            cls.warehouse_worker
        )

    def form(self):
        """A new result, as the web client opens it."""
        action = self.receipt.action_complaint_inspection()
        return Form(
            self.results.with_context(**action["context"]),
            view="quality_complaint.quality_complaint_inspection_view_form",
        )

    def test_opening_writes_nothing(self):
        said = self.complaint.message_ids
        looked_at = [("picking_id", "=", self.receipt.id)]
        self.receipt.action_complaint_inspection()
        self.assertFalse(self.results.search(looked_at))
        self.form()
        self.assertFalse(self.results.search(looked_at))
        self.assertEqual(self.complaint.message_ids, said)

    def test_new_result_proposes_what_nobody_has_looked_at(self):
        form = self.form()
        self.assertEqual(
            (form.product_id, form.lot_id, form.quantity, form.condition),
            (self.strip, self.lot, 6.0, False),
        )
        form.quantity = 4
        form.condition = "damaged"
        first = form.save()
        self.assertEqual(
            (first.inspected_by_id, first.move_id),
            (self.warehouse_worker, self.receipt.move_ids),
        )
        form = self.form()
        self.assertEqual((form.lot_id, form.quantity), (self.lot, 2.0))
        form.condition = "used"
        form.save()
        form = self.form()
        self.assertFalse(form.product_id)

    def test_goods_nobody_decided_on_stand_against_closing(self):
        form = self.form()
        form.condition = "damaged"
        row = form.save()
        said = f"what becomes of 6 Units of Copper strip (Damaged, {self.receipt.name})"
        self.assertIn(said, [text for text, _row in self.complaint._get_open_ends()])
        row.disposition = "restock"
        self.assertNotIn(said, [text for text, _row in self.complaint._get_open_ends()])

    def test_transfer_says_whose_goods_are_put_away_and_why(self):
        result = self.inspect(self.receipt, disposition="restock")
        transfer = self.env["stock.picking"].browse(result.action_dispose()["res_id"])
        seen = transfer.with_user(self.warehouse_worker)
        self.assertEqual(seen.complaint_number, self.complaint.name)
        self.assertEqual(
            seen.complaint_instruction,
            f"Copper strip ({self.lot.name}): Restock",
        )

    def test_one_dialog_after_the_other_until_all_was_looked_at(self):
        asked = self.receipt.action_complaint_inspection()
        self.assertEqual(asked["target"], "new")
        form = self.form()
        form.quantity = 4
        form.condition = "damaged"
        following = form.save().action_record()
        self.assertEqual(following["target"], "new")
        form = Form(self.results.with_context(**following["context"]))
        self.assertEqual(form.quantity, 2.0)
        form.condition = "used"
        done = form.save().action_record()
        self.assertEqual(
            self.results.search(done["domain"]).mapped("quantity"), [4.0, 2.0]
        )
        again = self.receipt.action_complaint_inspection()
        self.assertEqual(
            (again["view_mode"], again["domain"]), ("list,form", done["domain"])
        )

    def test_goods_of_another_lot_than_booked_count_as_looked_at(self):
        other = self.make_lot("I-200")
        form = self.form()
        form.lot_id = other
        form.quantity = 5
        form.condition = "wrong"
        form.save()
        self.assertEqual(self.form().quantity, 1.0)

    def test_condition_is_chosen_by_somebody(self):
        form = self.form()
        with self.assertRaisesRegex(AssertionError, "condition"):
            form.save()

    def test_who_changes_the_finding_is_its_author(self):
        result = self.inspect(self.receipt)
        colleague = new_test_user(
            self.env,
            "qc_second_wh",
            "stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        result.with_user(colleague).note = "Wrapped again"
        self.assertEqual(result.inspected_by_id, self.warehouse_worker)
        result.with_user(colleague).condition = "damaged"
        self.assertEqual(result.inspected_by_id, colleague)

    def test_no_fault_and_a_defect_exclude_each_other(self):
        result = self.inspect(self.receipt)
        for condition in ("damaged", "defective", "incomplete", "wrong"):
            with self.assertRaisesRegex(ValidationError, "exclude each other"):
                result.write({"condition": condition, "no_fault_found": True})
        for condition in ("as_new", "used"):
            result.write({"condition": condition, "no_fault_found": True})
        form = Form(result)
        form.condition = "defective"
        self.assertFalse(form.no_fault_found)
        form.condition = "used"
        form.no_fault_found = True
        form.condition = "damaged"
        form.no_fault_found = True
        self.assertFalse(form.condition)

    def test_scrapping_asks_first(self):
        for view in ("list", "form"):
            arch = self.env["quality.complaint.inspection"].get_view(view_type=view)[
                "arch"
            ]
            self.assertEqual(
                arch.count('confirm="The goods are scrapped at once'), 1, view
            )

    # === release by quality ===

    def ask_quality(self):
        role = self.env["quality.complaint.role"].create(
            {
                "name": "Release desk",
                "code": "release_desk",
                "holder": "users",
                "user_ids": [Command.set(self.engineer.ids)],
            }
        )
        self.env.cr.execute(
            "UPDATE quality_complaint_policy SET disposition_role_id = %s WHERE id = "
            "%s",
            (role.id, self.complaint.policy_id.id),
        )
        self.complaint.policy_id.invalidate_recordset(["disposition_role_id"])

    def test_quality_releases_scrap_restock_and_supplier_first(self):
        self.ask_quality()
        result = self.inspect(self.receipt)
        for disposition in ("restock", "scrap", "supplier"):
            result.disposition = disposition
            self.assertTrue(result.needs_release, disposition)
            self.assertFalse(result.can_dispose, disposition)
            self.assertEqual(
                result.disposition_status, "Waiting for release by: Release desk"
            )
            with self.assertRaisesRegex(UserError, "Release desk"):
                result.action_dispose()
        with self.assertRaises(UserError):
            result.action_release()
        with self.assertRaises(AccessError):
            result.with_user(self.officer).action_release()
        result.disposition = "scrap"
        asked = self.complaint.activity_ids.filtered(
            lambda activity: activity.user_id == self.engineer
        )
        self.assertIn(
            f"Release “Scrap”: 6 Units of Copper strip on {self.receipt.name}",
            asked.mapped("summary"),
        )
        row = result.with_user(self.engineer)
        self.assertTrue(row.can_release)
        row.action_release()
        self.assertEqual(
            (result.released_by_id, result.needs_release, result.can_dispose),
            (self.engineer, False, True),
        )
        self.assertNotIn(
            f"Release “Scrap”: 6 Units of Copper strip on {self.receipt.name}",
            self.complaint.activity_ids.mapped("summary"),
        )
        result.action_dispose()
        self.assertEqual(result.scrap_ids.state, "done")

    def test_release_is_for_what_it_said(self):
        self.ask_quality()
        result = self.inspect(self.receipt, disposition="restock")
        result.with_user(self.engineer).action_release()
        result.write({"quantity": 6, "note": "Top shelf"})
        self.assertTrue(result.released_on)
        result.quantity = 5
        self.assertFalse(result.released_on)
        with self.assertRaisesRegex(UserError, "Release desk"):
            result.action_dispose()

    def test_own_result_is_not_released(self):
        self.ask_quality()
        self.engineer.group_ids += self.env.ref("stock.group_stock_user")
        result = self.inspect(
            self.receipt.with_user(self.engineer), disposition="scrap"
        )
        with self.assertRaisesRegex(UserError, "somebody else"):
            result.action_release()

    def test_goods_back_to_the_customer_need_no_release(self):
        self.ask_quality()
        result = self.inspect(
            self.receipt, disposition="customer", condition="used", no_fault_found=True
        )
        self.assertTrue(result.can_dispose)

    def test_release_cannot_be_forged(self):
        self.ask_quality()
        result = self.inspect(
            self.receipt,
            disposition="scrap",
            released_by_id=self.engineer.id,
            released_on="2026-01-01 00:00:00",
        )
        self.assertFalse(result.released_on)
        with self.assertRaises(UserError):
            result.released_on = "2026-01-01 00:00:00"
