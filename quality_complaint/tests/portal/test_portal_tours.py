from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .test_acting import pdf
from .test_intake import IntakeCase


@tagged("post_install", "-at_install")
class TestPortalTours(IntakeCase):
    """Customers in a real browser, on desktop and phone."""

    def setUp(self):
        super().setUp()
        lot = self.make_lot("PT-1", quantity=20)
        self.order = self.sell({lot: 5})
        self.env.flush_all()

    def test_customer_files_follows_and_objects(self):
        self.start_tour(
            "/my/complaints",
            "quality_complaint_customer_files_and_objects",
            login="qc_pia",
        )
        filed = self.env["quality.complaint"].search([("lot_id.name", "=", "PT-1")])
        self.assertEqual(
            (filed.state, filed.description, filed.line_ids.quantity),
            ("registered", "Bent at one end", 2.0),
        )
        self.assertEqual(
            (self.letter.answer, self.letter.answer_note),
            ("objected", "The freight is missing"),
        )
        # what they set off is read by people of companies that know no portal users
        self.assertEqual(
            (filed | self.letter.complaint_id)
            .activity_ids.filtered(lambda row: "objects" in (row.summary or ""))
            .create_uid,
            self.env.ref("base.user_root"),
        )

    def test_phone_files_by_the_code_of_a_slip(self):
        self.browser_size = "390x844"
        self.touch_enabled = True
        token = self.env["quality.complaint.intake.token"]._of(self.order.picking_ids)
        self.env.flush_all()
        self.start_tour(
            f"/complaint/qr/{token.token}", "quality_complaint_phone_by_code"
        )
        filed = self.filed()
        self.assertEqual(
            (filed.state, filed.complainant, filed.line_ids.quantity),
            ("new", "Jo Hart", 1.0),
        )
        self.assertIn(filed.intake_ref, self.mails_to("jo@home.example").body_html)

    def test_customer_signs_on_the_phone(self):
        self.browser_size = "390x844"
        self.patch(IrActionsReport, "_render_qweb_pdf", pdf)
        case = self.investigated(
            self.make_complaint(lot_ref="PT-1", user_id=self.officer.id)
        )
        remedy = self.env["quality.complaint.remedy"].create(
            {
                "complaint_id": case.id,
                "kind": "cash_compensation",
                "needs_agreement": True,
                "line_ids": [
                    Command.create(
                        {"complaint_line_id": case.line_ids[:1].id, "amount": 50.0}
                    )
                ],
            }
        )
        case.action_submit_plan()
        self.env.flush_all()
        self.start_tour(
            f"/my/complaints/{case.id}",
            "quality_complaint_customer_signs",
            login="qc_pia",
        )
        self.assertEqual(remedy.agreement_signed_by, "Pia Portal")
        consent = case.consent_ids
        self.assertEqual((consent.address, bool(consent.signature)), ("qc_pia", True))
