from datetime import date

from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestFirstDelivery(ComplaintCase):
    """Somebody goes along with the first delivery of a new product (row 281)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.company.write(
            {
                "complaint_accompany": True,
                "complaint_accompany_user_id": cls.engineer.id,
                "complaint_accompany_assistant_id": cls.handler.id,
            }
        )
        cls.fresh = cls.make_product("Foil F1")
        cls.env["stock.quant"]._update_available_quantity(cls.fresh, cls.stock, 9)

    def accompanied(self):
        return self.env["quality.complaint.service"].search(
            [("kind", "=", "accompany"), ("company_id", "=", self.company.id)]
        )

    def test_first_order_of_a_product_plans_it_once(self):
        order = self.sell(3, product=self.fresh, invoice=False)
        service = self.accompanied()
        self.assertEqual(
            (
                service.product_id,
                service.partner_id,
                service.sale_order_id,
                service.user_id,
                service.participant_ids,
                service.state,
            ),
            (
                self.fresh,
                self.customer,
                order,
                self.engineer,
                self.handler,
                "planned",
            ),
        )
        self.assertEqual(service.planned_on, date(2026, 11, 25))
        self.sell(2, product=self.fresh, invoice=False)
        self.assertEqual(len(self.accompanied()), 1)

    def test_what_was_delivered_before_is_not_new(self):
        self.company.complaint_accompany = False
        self.sell(2, product=self.fresh, invoice=False)
        self.company.complaint_accompany = True
        self.sell(1, product=self.fresh, invoice=False)
        self.assertFalse(self.accompanied())

    def test_without_the_setting_nothing_happens(self):
        self.company.complaint_accompany = False
        self.sell(1, product=self.fresh, invoice=False)
        self.assertFalse(self.accompanied())
