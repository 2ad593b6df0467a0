from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCustomerRequirement(ComplaintCase):
    """Requirements of customers, registration card, agreement of three (rows 144 to
    147).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.head = cls.env.ref("quality_complaint.role_head_or_management")
        cls.boss = cls.env.ref("quality_complaint.role_general_manager")
        cls.company.complaint_requirement_role_id = cls.env[
            "quality.complaint.role"
        ].create(
            {
                "name": "Head of Sales",
                "code": "test_head_of_sales",
                "holder": "users",
                "user_ids": [Command.set(cls.engineer.ids)],
            }
        )
        cls.company.complaint_legal_role_id = cls.env["quality.complaint.role"].create(
            {
                "name": "Director",
                "code": "test_director",
                "holder": "users",
                "user_ids": [Command.set(cls.manager.ids)],
            }
        )

    def make_card(self, user=None, **vals):
        return (
            self.env["quality.complaint.customer.requirement"]
            .with_user(user or self.handler)
            .create(
                {
                    "name": "Without oil",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "requirement": "Coils have to come without oil.",
                    **vals,
                }
            )
        )

    def test_within_authority_it_is_accepted_at_once(self):
        card = self.make_card()
        card.action_submit()
        self.assertEqual((card.state, card.decided_by_id), ("approved", self.handler))
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            card.requirement = "With oil"

    def test_beyond_authority_the_head_decides_and_is_told(self):
        card = self.make_card(beyond_authority=True)
        card.action_submit()
        self.assertEqual(
            (card.state, card.activity_ids.user_id), ("submitted", self.engineer)
        )
        with self.assertRaisesRegex(UserError, "is decided by"):
            card.with_user(self.manager).action_approve("Go on")
        with self.assertRaisesRegex(UserError, "give a reason"):
            card.with_user(self.engineer).action_approve("-")
        dialog = card.with_user(self.engineer).action_ask_approve()
        self.env["quality.complaint.reason"].with_user(self.engineer).with_context(
            **dialog["context"]
        ).create({"reason": "At 3 % more"}).action_confirm()
        self.assertEqual(
            (card.state, card.decided_by_id, card.decision_note),
            ("approved", self.engineer, "At 3 % more"),
        )
        self.assertFalse(card.activity_ids)

    def test_without_roles_of_its_own_management_decides(self):
        self.company.complaint_requirement_role_id = False
        card = self.make_card(beyond_authority=True)
        card.action_submit()
        self.assertIn(self.manager, card.activity_ids.user_id)
        card.with_user(self.manager).action_approve("Go on")
        self.assertEqual(card.state, "approved")

    def test_nobody_decides_what_they_submitted(self):
        card = self.make_card(self.engineer, beyond_authority=True)
        with self.assertRaisesRegex(UserError, "Nobody else holds the role"):
            card.action_submit()
        self.assertEqual(card.state, "draft")

    def test_what_the_law_asks_goes_to_the_general_manager(self):
        card = self.make_card(kind="legal")
        self.assertTrue(card.beyond_authority)
        card.action_submit()
        self.assertEqual(card.activity_ids.user_id, self.manager)
        dialog = card.with_user(self.manager).action_ask_refuse()
        self.env["quality.complaint.reason"].with_user(self.manager).with_context(
            **dialog["context"]
        ).create({"reason": "We are not licensed"}).action_confirm()
        with self.assertRaisesRegex(ValidationError, "asked by law"):
            self.make_card(kind="legal", beyond_authority=False)
        self.assertEqual(card.state, "refused")

    def test_agreement_is_confirmed_by_customer_and_supplier(self):
        supplier = self.env["res.partner"].create({"name": "Mill"})
        card = self.make_card(supplier_id=supplier.id)
        card.action_submit()
        self.assertEqual(card.agreement_state, "open")
        with self.assertRaisesRegex(ValidationError, "what was agreed"):
            card.write(
                {
                    "customer_confirmed_by": "Ms Lee",
                    "customer_confirmed_on": "2026-11-20",
                }
            )
        card.write(
            {
                "agreement": "0.3 mm, dry, from March",
                "customer_confirmed_by": "Ms Lee",
                "customer_confirmed_on": "2026-11-20",
            }
        )
        self.assertEqual(card.agreement_state, "open")
        card.write(
            {
                "supplier_confirmed_by": "Mr Mill",
                "supplier_confirmed_on": "2026-11-24",
            }
        )
        self.assertEqual(card.agreement_state, "confirmed")
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            card.agreement = "0.4 mm"

    def test_file_is_kept_from_whoever_may_not_read_it(self):
        card = self.make_card()
        for user in (self.employee, self.warehouse_worker):
            with self.assertRaises(AccessError):
                card.with_user(user).read(["requirement"])
        group = self.env.ref("quality_complaint.group_quality_complaint_user")
        settings = self.env["res.config.settings"].create(
            {"group_complaint_customer_file_user": False}
        )
        settings.execute()
        self.assertNotIn(
            self.env.ref("quality_complaint.group_quality_complaint_customer_file"),
            group.implied_ids,
        )
        clerk = new_test_user(
            self.env,
            "clerk_without_files",
            groups="quality_complaint.group_quality_complaint_officer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            card.with_user(clerk).read(["requirement"])
        self.assertEqual(card.with_user(self.manager).name, "Without oil")
