from odoo.tests import Form, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestProposedRemedy(ComplaintCase):
    """The dialog of a remedy begins with what was judged and what is asked for, and
    refuses too much while it is typed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("P-1", quantity=20)
        cls.sell({cls.lot: 10})

    def proposed(self, complaint):
        defaults = (
            self.env["quality.complaint.remedy"]
            .with_context(default_complaint_id=complaint.id)
            .default_get(["kind"])
        )
        return defaults["kind"]

    def test_before_it_is_judged_the_goods_come_back_for_inspection(self):
        complaint = self.make_complaint(lot_ref="P-1", demand="repair")
        self.assertEqual(self.proposed(complaint), "return")

    def test_what_the_customer_asks_for(self):
        complaint = self.investigated(self.make_complaint(lot_ref="P-1"))
        kinds = {}
        for demand in (False, "repair", "replacement", "reduction", "compensation"):
            complaint.demand = demand
            kinds[demand] = self.proposed(complaint)
        self.assertEqual(
            kinds,
            {
                False: "refund",
                "repair": "repair",
                "replacement": "replacement",
                "reduction": "credit",
                "compensation": "cash_compensation",
            },
        )

    def test_nothing_is_asked_for_and_the_warranty_says_what_may_be(self):
        complaint = self.investigated(self.make_complaint(lot_ref="P-1"))
        terms = self.env["quality.complaint.warranty"].create(
            {"name": "Terms of delivery", "months": 24}
        )
        kinds = {}
        for choice in ("all", "exchange", "repair", "paid", "none"):
            terms.within = choice
            complaint.invalidate_recordset()
            complaint.line_ids.invalidate_recordset()
            self.assertEqual(complaint.line_ids.warranty_choice, choice)
            kinds[choice] = self.proposed(complaint)
        self.assertEqual(
            kinds,
            {
                "all": "refund",
                "exchange": "replacement",
                "repair": "repair",
                "paid": "refund",
                "none": "refund",
            },
        )
        complaint.demand = "reduction"
        terms.within = "repair"
        self.assertEqual(self.proposed(complaint), "credit")

    def test_what_is_not_ours_is_explained(self):
        complaint = self.investigated(
            self.make_complaint(lot_ref="P-1", demand="replacement")
        )
        complaint.responsible_id = self.env.ref(
            "quality_complaint.responsible_customer"
        )
        self.assertEqual(self.proposed(complaint), "explanation")

    def test_more_than_complained_of_is_refused_while_it_is_typed(self):
        complaint = self.investigated(self.make_complaint(lot_ref="P-1"))
        complaint.line_ids.quantity = 4
        remedy = self.plan(complaint)
        line = remedy.line_ids
        line.quantity = 5
        self.assertEqual(
            line._onchange_quantity()["warning"]["message"],
            f"{line.complaint_line_id._label()}: the complaint is about 4 Units only.",
        )
        self.assertEqual(line.quantity, 4)
        self.assertIsNone(line._onchange_quantity())
        with (
            self.assertLogs("odoo.tests.form.onchange", "WARNING"),
            Form(remedy) as form,
            form.line_ids.edit(0) as row,
        ):
            row.quantity = 5
            self.assertEqual(row.quantity, 4)

    def test_a_price_reduction_is_no_quantity(self):
        complaint = self.investigated(self.make_complaint(lot_ref="P-1"))
        line = self.plan(complaint, "credit", percent=10).line_ids
        line.quantity = 100
        self.assertIsNone(line._onchange_quantity())
