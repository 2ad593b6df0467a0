from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestReview(ComplaintCase):
    """Grades, Quality's test of returned goods, opinions of the departments, new outer
    packages.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("I-200", quantity=10)
        cls.sell({cls.lot: 10})
        cls.complaint = cls.make_complaint(lot_ref="I-200")
        cls.complaint.user_id = cls.handler
        remedy = cls.plan(cls.complaint, "return", 6)
        remedy.action_submit()
        remedy.action_execute()
        cls.receipt = cls.receive(remedy)
        cls.result = (
            cls.env["quality.complaint.inspection"]
            .with_user(cls.warehouse_worker)
            .create(
                {
                    "picking_id": cls.receipt.id,
                    "move_id": cls.receipt.move_ids.id,
                    "product_id": cls.strip.id,
                    "lot_id": cls.lot.id,
                    "quantity": 6,
                    "condition": "as_new",
                }
            )
        )

    def test_grade_proposes_what_becomes_of_the_goods(self):
        form = Form(self.result)
        for grade, disposition in (
            ("a", "restock"),
            ("b", "repack"),
            ("d", "scrap"),
        ):
            form.grade = grade
            self.assertEqual(form.disposition, disposition)
        form.disposition = "restock"  # a person decides
        form.save()
        self.assertEqual((self.result.grade, self.result.disposition), ("d", "restock"))

    def test_new_outer_package_on_the_way_to_stock(self):
        """Row 294."""
        self.result.disposition = "repack"
        self.result.action_dispose()
        picking = self.result.sudo().move_ids.picking_id
        self.assertIn("new outer package", str(picking.note))
        self.assertEqual(
            (picking.location_dest_id, picking.move_line_ids.lot_id),
            (self.warehouse.lot_stock_id, self.lot),
        )

    def test_quality_tests_the_goods_with_measured_values(self):
        """Row 278."""
        test = self.env["quality.complaint.investigation"]
        action = self.result.with_user(self.engineer).action_test()
        again = self.result.with_user(self.engineer).action_test()
        self.assertEqual(action["res_id"], again["res_id"])
        test = test.browse(action["res_id"]).with_user(self.engineer)
        self.assertEqual(
            (test.complaint_id, test.method, test.lot_id, test.user_id),
            (self.complaint, "returned_goods", self.lot, self.engineer),
        )
        self.assertEqual(self.result.test_verdict, "being tested")
        self.env["quality.complaint.measurement"].with_user(self.engineer).create(
            {
                "investigation_id": test.id,
                "name": "Thickness",
                "requirement": "between",
                "lower": 1.9,
                "upper": 2.1,
                "unit_name": "mm",
                "measured": "2.3; 2.2",
            }
        )
        test.write({"result": "confirmed", "finding": "Too thick"})
        test.action_done()
        self.result.invalidate_recordset()
        self.assertEqual(self.result.test_verdict, "Fails")
        with self.assertRaises(AccessError):
            self.result.with_user(self.warehouse_worker).read(["investigation_ids"])

    def test_departments_give_their_opinion_until_it_is_decided(self):
        """Row 279."""
        opinions = self.env["quality.complaint.inspection.opinion"]
        opinion = opinions.with_user(self.handler).create(
            {
                "inspection_id": self.result.id,
                "department_id": self.department.id,
                "disposition": "scrap",
                "text": "Not worth the work",
            }
        )
        self.assertEqual(opinion.user_id, self.handler)
        opinion.with_user(self.engineer).text = "Not worth it"
        self.assertEqual(opinion.user_id, self.engineer)
        with self.assertRaises(AccessError):
            opinions.with_user(self.warehouse_worker).search([])
        self.result.sudo()._advance({"released_on": "2026-03-02 10:00:00"})
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            opinion.with_user(self.engineer).disposition = "restock"

    def test_opinions_are_their_givers_own_and_stay_when_it_is_decided(self):
        opinions = self.env["quality.complaint.inspection.opinion"]
        vals = {
            "inspection_id": self.result.id,
            "department_id": self.department.id,
            "text": "Not worth the work",
        }
        opinion = opinions.with_user(self.engineer).create(vals)
        with self.assertRaisesRegex(AccessError, "was given by"):
            opinion.with_user(self.officer).text = "Worth it"
        with self.assertRaises(AccessError):
            opinion.with_user(self.make_stranger()).read(["text"])
        self.result.sudo()._advance({"released_on": "2026-03-02 10:00:00"})
        with self.assertRaisesRegex(UserError, "the opinions stay"):
            opinion.with_user(self.engineer).unlink()
        with self.assertRaisesRegex(UserError, "the opinions stay"):
            opinions.with_user(self.engineer).create(
                {**vals, "department_id": self.department.copy().id}
            )
