from odoo.tests import tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestAnonymiseSupplierComplaint(SupplierCase):
    """A supplier complaint loses what it repeats of the customer's words; the supplier
    and the figures stay.
    """

    def test_words_of_the_customer_go_the_claim_stays(self):
        chargeback, order = self.charged()
        complaint = chargeback.complaint_id
        complaint._advance({"complainant": "Lisa Bergmann"})
        chargeback._advance(
            {"description": "Lisa Bergmann: scratched", "basis": "Told to Bergmann"}
        )
        before = (
            chargeback.partner_id,
            chargeback.amount,
            chargeback.quantity,
            chargeback.state,
            chargeback.name,
        )
        self.assertEqual(before[0], order.partner_id)
        complaint._anonymise()
        self.env.invalidate_all()
        self.assertEqual(
            (chargeback.description, chargeback.basis), ("(anonymised)", "Told to …")
        )
        self.assertEqual(
            (
                chargeback.partner_id,
                chargeback.amount,
                chargeback.quantity,
                chargeback.state,
                chargeback.name,
            ),
            before,
        )
