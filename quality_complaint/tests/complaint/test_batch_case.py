from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestBatchCase(ComplaintCase):
    """A faulty lot makes one case with a complaint for every customer who
    received it.
    """

    def test_batch_case_from_a_lot_and_its_deliveries(self):
        lot = self.make_lot("L-BATCH", quantity=50)
        self.sell({lot: 10})
        self.sell({lot: 4}, partner=self.distributor)
        self.sell({lot: 2}, partner=self.distributor)
        wizard = self.env["quality.complaint.batch"].create(
            {"lot_id": lot.id, "description": "Wrong alloy"}
        )
        self.assertEqual(
            {row.partner_id: row.quantity for row in wizard.line_ids},
            {self.customer: 10.0, self.distributor: 6.0},
        )
        parent = self.env["quality.complaint"].browse(wizard.action_create()["res_id"])
        self.assertTrue(parent.is_batch)
        self.assertEqual(parent.line_ids.quantity, 16.0)
        children = {child.partner_id: child for child in parent.child_ids}
        self.assertEqual(
            sorted(children[self.distributor].line_ids.mapped("quantity")), [2.0, 4.0]
        )
        self.assertEqual(
            children[self.customer].line_ids.picking_id.partner_id, self.customer
        )
        self.assertEqual(set(parent.child_ids.mapped("state")), {"registered"})
        open_ends = " ".join(text for text, _record in parent._get_open_ends())
        self.assertIn(children[self.customer].name, open_ends)
