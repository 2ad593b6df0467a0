from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_remedy_compensation import CompensationCase


@tagged("post_install", "-at_install")
class TestAfterApproval(CompensationCase):
    """What was approved is what is carried out: for this customer, this amount, these payers."""

    def approved(self, **vals):
        self.sell({self.lot: 10})
        complaint = self.case()
        remedy = self.compensation(complaint, [30.0], **vals)
        complaint.action_submit_plan()
        return complaint, remedy

    def test_the_customer_stays_the_one_it_was_approved_for(self):
        complaint, remedy = self.approved(settlement="payout")
        self.assertEqual(remedy.state, "approved")
        contact = self.env["res.partner"].create({"name": "Nora", "parent_id": self.customer.id})
        complaint.with_user(self.officer).partner_id = contact  # another person of the same customer
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
