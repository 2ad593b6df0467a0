"""A supplier, orders, receipts with lots, bills: what a supplier complaint stands
on.
"""

from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.quality_complaint.tests.common import ComplaintWorld


class SupplierWorld(ComplaintWorld):
    """Builders shared by all test classes; needs `build_world`."""

    @classmethod
    def build_suppliers(cls):
        cls.make_users()
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Rolling Mill", "email": "sales@mill.example", "is_company": True}
        )
        cls.other_vendor = cls.env["res.partner"].create(
            {"name": "Second Mill", "email": "sales@second.example", "is_company": True}
        )
        cls.purchase_tax = cls.env["account.tax"].create(
            {
                "name": "Input VAT 10",
                "amount": 10,
                "type_tax_use": "purchase",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def buy(
        cls,
        lots,
        price=6.0,
        vendor=None,
        product=None,
        uom=None,
        bill=True,
        currency=None,
        **line_vals,
    ):
        """Order, receive and (unless told otherwise) bill.

        :param lots: {lot name: quantity in the order's unit}, or a quantity for goods
            without lots
        :return: the `purchase.order`
        """
        product = product or cls.strip
        uom = uom or product.uom_id
        total = sum(lots.values()) if isinstance(lots, dict) else lots
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (vendor or cls.vendor).id,
                "company_id": cls.company.id,
                **({"currency_id": currency.id} if currency else {}),
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": uom.id,
                            "product_qty": total,
                            "price_unit": price,
                            "tax_ids": [Command.set(cls.purchase_tax.ids)],
                            **line_vals,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        picking = order.picking_ids
        if isinstance(lots, dict):
            move = picking.move_ids
            move.move_line_ids.unlink()
            vals = {**move._prepare_move_line_vals(), "product_uom_id": uom.id}
            move.move_line_ids = [
                Command.create({**vals, "lot_name": name, "quantity": quantity})
                for name, quantity in lots.items()
            ]
        picking.move_ids.picked = True
        picking.button_validate()
        if bill:
            cls.bill(order)
        return order

    @classmethod
    def bill(cls, order, price=None, date="2026-01-15"):
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.invoice_date = date
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()
        return bill

    @classmethod
    def lot(cls, name, product=None):
        return cls.env["stock.lot"].search(
            [("name", "=", name), ("product_id", "=", (product or cls.strip).id)]
        )

    @classmethod
    def complained(cls, lot_name, quantity=4.0, sold=None, product=None, user=None):
        """Sell a received lot to the customer and register his complaint about it."""
        lot = cls.lot(lot_name, product)
        cls.sell({lot: sold or quantity}, product=lot.product_id)
        complaint = cls.make_complaint(lot_ref=lot_name, user=user)
        complaint.sudo().line_ids.quantity = quantity
        return complaint

    @classmethod
    def charge(cls, complaint, **vals):
        """The supplier complaint that one matching receipt leads to."""
        action = complaint.action_supplier_complaint()
        chargeback = complaint.env["quality.complaint.chargeback"].browse(
            action["res_id"]
        )
        if vals:
            chargeback.write(vals)
        return chargeback

    @classmethod
    def charged(
        cls,
        lot_name="L-1",
        quantity=4.0,
        received=10.0,
        price=6.0,
        send=True,
        complaint_user=None,
        **vals,
    ):
        """From a purchase to a supplier complaint that is sent.

        :return: (chargeback, purchase order)
        """
        order = cls.buy({lot_name: received}, price=price)
        chargeback = cls.charge(
            cls.complained(lot_name, quantity, user=complaint_user), **vals
        )
        if send:
            chargeback.action_mark_sent()
        return chargeback, order

    @classmethod
    def returned_by_customer(cls, complaint):
        """The goods complained of come back and wait for their inspection."""
        remedy = cls.plan(complaint, "return")
        remedy.action_submit()
        remedy.action_execute()
        return cls.receive(remedy)


class SupplierCase(SupplierWorld, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.build_world()
        cls.build_suppliers()
