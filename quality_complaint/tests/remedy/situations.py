from .test_matrix import COMPLAIN, SELL, MatrixCase


class SituationCase(MatrixCase):
    """Goods that are sold and complained of."""

    def setUp(self):
        super().setUp()
        self.goods = self.make_product(
            "Valve", categ_id=self.categories["average", "real_time"].id
        )
        self.supply(self.goods, self.stock, 100.0, 3.10)
        self.clock.move_to(SELL)

    def sell_goods(self, quantity=10, price=10.0, **vals):
        order = self.sell(
            quantity, price=price, product=self.goods, invoice=False, **vals
        )
        self.clock.move_to(COMPLAIN)
        return order

    def complain_of(self, document, quantity=None, unit=None, **vals):
        """From the number of a document to an executed remedy."""
        complaint = self.make_complaint(lot_ref=document.name)
        if quantity:
            complaint.line_ids.write(
                {
                    "quantity": quantity,
                    "product_uom_id": (unit or complaint.line_ids.product_uom_id).id,
                }
            )
        self.investigated(complaint)
        remedy = self.plan(complaint, **vals)
        complaint.action_submit_plan()
        complaint.action_execute()
        return remedy

    def receive_and_post(self, remedy, **vals):
        self.receive(remedy, **vals)
        remedy.credit_note_ids.action_post()
        return remedy.credit_note_ids

    def receive_and_post_as_staff(self, remedy):
        self.env.flush_all()
        self.env.invalidate_all()
        picking = remedy.picking_ids.with_user(self.warehouse_worker)
        picking.move_ids.picked = True
        picking.button_validate()
        note = remedy.credit_note_ids
        note.with_user(self.accountant).action_post()
        return note
