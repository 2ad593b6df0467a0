"""Orders with several lines, and remedies on any line of their invoices: for the tests
of what pieces of an invoice line are still worth.
"""

from odoo.fields import Command

from ..common import ComplaintCase


class WorthCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.rule_ids.unlink()  # nothing here waits for an approval
        cls.valve, cls.pump = cls.make_goods("Valve"), cls.make_goods("Pump")
        cls.rebate = cls.make_product(
            "Anything at all", type="service", is_storable=False, invoice_policy="order"
        )

    @classmethod
    def make_goods(cls, name, quantity=1000, **vals):
        product = cls.make_product(name, **vals)
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock, quantity)
        return product

    @classmethod
    def make_sale_tax(cls, name, amount, **vals):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": amount,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def order_of(cls, *lines, **vals):
        """A confirmed and delivered order; lines are (product, quantity, price) or
        values.
        """
        values = [
            line
            if isinstance(line, dict)
            else dict(
                zip(("product_id", "product_uom_qty", "price_unit"), line, strict=True)
            )
            for line in lines
        ]
        commands = [
            Command.create({**line, "product_id": line["product_id"].id})
            for line in values
        ]
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": commands,
                **vals,
            }
        )
        order.action_confirm()
        cls.deliver(order)
        return order

    @classmethod
    def invoice_of(cls, *lines, **vals):
        return cls.invoice(cls.order_of(*lines, **vals))

    @classmethod
    def line_of(cls, invoice, product):
        return invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == product
        )[:1]

    @classmethod
    def complaint_of(cls, invoice_line, quantity, unit=None):
        """A complaint, ready for its plan, of pieces of an invoice line."""
        sale_line = invoice_line.sale_line_ids[:1]
        complaint = cls.make_complaint(
            partner_id=cls.customer.id,
            line_ids=[
                Command.create(
                    {
                        "product_id": invoice_line.product_id.id,
                        "quantity": quantity,
                        "product_uom_id": (unit or invoice_line.product_uom_id).id,
                        "move_line_id": sale_line.move_ids.filtered(
                            lambda move: move.state == "done"
                        )
                        .move_line_ids[:1]
                        .id,
                        "sale_line_id": sale_line.id,
                        "invoice_line_id": invoice_line.id,
                    }
                )
            ],
        )
        return cls.investigated(complaint)

    @classmethod
    def submit(cls, complaint, remedy):
        """With the plan, or by itself when that is carried out already; nothing waits
        for an approval here.
        """
        if complaint.state == "planning":
            complaint.action_submit_plan()
        else:
            remedy.action_submit()

    @classmethod
    def settle(
        cls, invoice_line, quantity, kind="refund", unit=None, complaint=None, **vals
    ):
        """One remedy, executed at once, with its credit note posted.

        :return: the credit note's (untaxed amount, tax)
        """
        complaint = complaint or cls.complaint_of(invoice_line, quantity, unit)
        remedy = cls.plan(
            complaint,
            kind,
            quantity,
            **{"goods": "keep", "when": "on_approval", **vals},
        )
        cls.submit(complaint, remedy)
        remedy.action_execute()
        note = remedy.credit_note_ids
        note.action_post()
        assert remedy.state == "done", remedy.progress
        return note.amount_untaxed, note.amount_tax

    @classmethod
    def typed_note(cls, *lines, post=True, **vals):
        """A credit note typed by hand, of no order and no invoice; lines are values."""
        note = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": cls.customer.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create({"tax_ids": [Command.set(cls.tax.ids)], **line})
                    for line in lines
                ],
                **vals,
            }
        )
        if post:
            note.action_post()
        return note

    @classmethod
    def reconcile(cls, *moves):
        lines = cls.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
