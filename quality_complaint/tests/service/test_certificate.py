from datetime import datetime

from odoo.tests import freeze_time, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCertificate(ComplaintCase):
    """Certificates of products and customers, and when they end (row 277)."""

    def setUp(self):
        super().setUp()
        self.patch(IrCron, "_commit_progress", lambda *_args, **_options: 60.0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.certificate = (
            cls.env["quality.complaint.certificate"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Food contact",
                    "number": "FC-7",
                    "product_id": cls.strip.id,
                    "company_id": cls.company.id,
                    "valid_until": "2026-12-31",
                    "user_id": cls.handler.id,
                }
            )
        )

    def test_keeper_is_told_a_month_before_it_ends(self):
        self.assertEqual(
            self.certificate.next_notice_on, datetime(2026, 12, 1, 23, 59, 59)
        )
        model = self.env["quality.complaint.certificate"]
        with freeze_time("2026-12-02 08:00:00"):
            model._notify_batch()
            self.assertEqual(
                self.certificate.activity_ids.mapped("summary"),
                ["Food contact FC-7 ends soon: renew it"],
            )
        with freeze_time("2027-01-01 08:00:00"):
            model._notify_batch()
            self.assertEqual(
                self.certificate.activity_ids.mapped("summary"),
                ["Food contact FC-7 has ended: renew it"],
            )
        self.assertEqual(self.certificate.activity_ids.user_id, self.handler)

    def test_renewed_it_reminds_no_more(self):
        with freeze_time("2026-12-02 08:00:00"):
            self.env["quality.complaint.certificate"]._notify_batch()
            self.certificate.valid_until = "2028-12-31"
        self.assertFalse(self.certificate.activity_ids)
        self.assertEqual(
            self.certificate.next_notice_on, datetime(2028, 12, 1, 23, 59, 59)
        )
