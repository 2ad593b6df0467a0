from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestRepeats(ComplaintCase):
    """The same trouble is recognised on registration: same product and defect, or same
    lot, within the window.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.make_lot("R-1", quantity=50)
        cls.sell({cls.lot: 10})

    def complain(self, **vals):
        complaint = self.make_complaint(register=False, lot_ref="R-1", **vals)
        complaint.line_ids.defect_id = self.scratch
        complaint.action_register()
        return complaint

    def test_nth_complaint_of_the_same_lot(self):
        first, second = self.complain(), self.complain()
        third = self.complain()
        self.assertEqual(
            (first.repeat_rank, first.repeat_of_id), (1, self.env["quality.complaint"])
        )
        self.assertEqual((second.repeat_rank, second.repeat_of_id), (2, first))
        self.assertEqual((third.repeat_rank, third.repeat_of_id), (3, second))
        self.assertEqual(
            [
                self.env["quality.complaint"].search_count(third._similar_domain(kind))
                for kind in ("lot", "defect", "product", "customer")
            ],
            [2, 2, 2, 2],
        )
        self.assertEqual(
            (third.similar_count, third.same_product_count, third.same_contract_count),
            (2, 2, 2),
        )

    def test_list_of_similar_ones_says_what_they_have_in_common(self):
        first, second = self.complain(), self.complain()
        other = self.make_complaint(description="Late", partner_id=self.customer.id)
        action = second.action_view_similar()
        similar = (
            self.env["quality.complaint"]
            .with_context(**action["context"])
            .search(action["domain"])
        )
        self.assertEqual(
            {complaint: complaint.in_common for complaint in similar},
            {
                first: "R-1, product and defect, contract, and customer",
                other: "customer",
            },
        )

    def test_outside_the_window_it_is_no_repeat(self):
        self.complain(received_on="2024-01-01 08:00:00")
        self.assertEqual(self.complain().repeat_rank, 1)

    def test_cancelled_complaints_do_not_count(self):
        self.complain().action_cancel("mistake", "Wrong file")
        self.assertEqual(self.complain().repeat_rank, 1)
