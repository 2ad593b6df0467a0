from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.quality_complaint.tests.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCarrier(ComplaintCase):
    """Goods damaged in transport are claimed from the carrier (row 389), a supplier is
    told at once, also without a receipt (row 114).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.haulier = cls.env["res.partner"].create(
            {"name": "Fast Freight", "email": "claims@freight.example"}
        )
        cls.carrier = cls.env.ref("quality_complaint.responsible_carrier").copy(
            {"partner_id": cls.haulier.id, "company_id": cls.company.id}
        )
        cls.lot = cls.make_lot("T-1", quantity=100)
        cls.order = cls.sell({cls.lot: 10})
        cls.complaint = cls.make_complaint(user=cls.officer, lot_ref="T-1")
        cls.complaint.line_ids.quantity = 4

    def claim(self, **vals):
        action = self.complaint.action_carrier_claim()
        return (
            self.env["quality.complaint.chargeback"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create(vals)
        )

    def test_claims_what_the_customer_paid_from_the_only_carrier(self):
        claim = self.claim()
        line = self.complaint.sudo().line_ids
        self.assertEqual(
            (claim.partner_id, claim.reason_kind, claim.quantity, claim.amount),
            (self.haulier, "transport", 4, line.value),
        )
        claim.quantity = 2
        self.assertEqual(claim.amount, line.value / 2)
        claim.action_send()
        self.assertEqual(claim.state, "sent")
        self.assertIn("Goods you carried to our customer", claim.message_ids[:1].body)
        # a carrier is no supplier who was told
        self.assertNotIn("supplier_told", self.complaint._reached_codes())
        self.assertEqual(
            self.complaint.action_carrier_claim()["res_id"], claim.id, "once"
        )
        claim.action_record_answer("accepted")
        claim.action_create_vendor_credit_note()
        note = claim.sudo().vendor_credit_note_ids
        self.assertEqual(
            (note.move_type, note.partner_id, note.amount_untaxed),
            ("in_refund", self.haulier, claim.amount),
        )

    def test_of_several_carriers_nobody_is_guessed(self):
        other = self.carrier.copy(
            {"partner_id": self.env["res.partner"].create({"name": "Slow"}).id}
        )
        self.assertFalse(
            self.complaint.action_carrier_claim()["context"]["default_partner_id"]
        )
        self.complaint.sudo().responsible_id = other
        self.assertEqual(
            self.complaint.action_carrier_claim()["context"]["default_partner_id"],
            other.partner_id.id,
        )

    def test_has_neither_order_nor_receipt_of_a_supplier(self):
        claim = self.claim()
        move = self.env["stock.move"].search(
            [("location_dest_id.usage", "=", "customer")], limit=1
        )
        with self.assertRaisesRegex(ValidationError, "no receipt"):
            claim.sudo().move_id = move

    def test_printed_for_the_carrier_in_both_languages(self):
        claim = self.claim()
        pages = self.env["ir.actions.report"]._render_qweb_html(
            "quality_complaint_purchase.supplier_complaint", claim.ids
        )[0]
        text = pages.decode() if isinstance(pages, bytes) else pages
        self.assertIn("Claim on the Carrier", text)
        self.assertIn(self.complaint.sudo().line_ids.picking_id.name, text)
        self.assertNotIn("Purchase order", text)

    def test_supplier_is_told_without_a_receipt(self):
        maker = self.env["res.partner"].create({"name": "Maker"})
        told = (
            self.env["quality.complaint.chargeback"]
            .with_user(self.officer)
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "partner_id": maker.id,
                    "reason_kind": "goodwill",  # row 243
                    "description": "Burnt in the kitchen",
                }
            )
        )
        told.action_mark_sent()
        self.assertIn("supplier_told", self.complaint._reached_codes())

    def test_not_for_what_is_finished_nor_for_anybody(self):
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.handler).action_carrier_claim()
        self.complaint.action_cancel("mistake", "Entered twice")
        with self.assertRaisesRegex(UserError, "before a carrier is asked"):
            self.complaint.action_carrier_claim()

    def test_customer_service_takes_products_off_sale(self):
        """Row 138."""
        with self.assertRaises(AccessError):
            self.haulier.with_user(self.officer).action_take_off_sale("Dangerous")
        self.env.ref("quality_complaint.role_customer_care").user_ids = self.officer
        with self.assertRaisesRegex(UserError, "Nothing on sale"):
            self.haulier.with_user(self.officer).action_take_off_sale("Dangerous")
        with self.assertRaises(AccessError):
            self.haulier.with_user(self.officer).action_hold_payments("Dangerous")
