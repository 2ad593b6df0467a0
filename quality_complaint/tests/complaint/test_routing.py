from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import APP, ComplaintCase


@tagged("post_install", "-at_install")
class TestRouting(ComplaintCase):
    """Region → manager, subject → department, and what a role alone may say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.rules = cls.env["quality.complaint.routing"]
        cls.rules.search([]).active = False
        cls.germany = cls.env.ref("base.de")
        cls.customer.country_id = cls.germany
        cls.surface = cls.env.ref("quality_complaint.defect_surface")
        cls.packaging = cls.env.ref("quality_complaint.defect_packaging")
        cls.service = cls.env["quality.complaint.responsible"].create(
            {
                "name": "Service",
                "kind": "department",
                "company_id": cls.company.id,
                "manager_id": cls.engineer.id,
                "member_ids": [Command.set(cls.handler.ids)],
            }
        )

    def complaint(self, user=None, **vals):
        return self.make_complaint(
            user=user or self.officer,
            partner_id=self.customer.id,
            channel_id=self.env.ref("quality_complaint.channel_phone").id,
            **vals,
        )

    def about(self, defect):
        return [Command.create({"product_id": self.strip.id, "defect_id": defect.id})]

    def test_first_rule_that_holds_and_names_somebody_decides(self):
        """Rows 212 and 226."""
        self.rules.create(
            [
                {
                    "sequence": 1,
                    "country_ids": [Command.set(self.germany.ids)],
                    "region_manager_id": self.manager.id,
                },
                {
                    "sequence": 2,
                    "defect_ids": [Command.set(self.surface.ids)],
                    "region_manager_id": self.engineer.id,
                    "department_id": self.service.id,
                    "user_id": self.handler.id,
                },
            ]
        )
        complaint = self.complaint(line_ids=self.about(self.surface))
        self.assertEqual(
            (
                complaint.region_manager_id,
                complaint.department_id,
                complaint.user_id,
            ),
            (self.manager, self.service, self.handler),
        )
        other = self.complaint(line_ids=self.about(self.packaging))
        self.assertEqual(
            (other.region_manager_id, other.department_id, other.user_id),
            (self.manager, self.service.browse(), self.officer),
        )

    def test_group_of_defects_and_category_stand_for_what_is_in_them(self):
        child = self.surface.create(
            {"name": "Scratch", "code": "D031", "parent_id": self.surface.id}
        )
        parent = self.strip.categ_id
        category = parent.create({"name": "Coils", "parent_id": parent.id})
        self.strip.categ_id = category
        self.rules.create(
            {
                "defect_ids": [Command.set(self.surface.ids)],
                "category_ids": [Command.set(parent.ids)],
                "department_id": self.service.id,
            }
        )
        self.assertEqual(
            self.complaint(line_ids=self.about(child)).department_id, self.service
        )

    def test_whom_the_company_does_not_employ_gets_nothing(self):
        other = self.env["res.company"].create({"name": "Foreign Works"})
        stranger = new_test_user(
            self.env,
            "qc_stranger",
            f"{APP}user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.rules.create({"user_id": stranger.id, "region_manager_id": stranger.id})
        self.rules.create({"company_id": other.id, "user_id": stranger.id})
        complaint = self.complaint()
        self.assertEqual(
            (complaint.user_id, complaint.region_manager_id),
            (self.officer, self.env["res.users"]),
        )

    def test_what_stands_there_after_registering_is_not_overwritten(self):
        complaint = self.complaint()
        complaint.department_id = self.department
        self.rules.create({"department_id": self.service.id})
        complaint.trigger_ids = self.env.ref("quality_complaint.trigger_media")
        self.assertEqual(complaint.department_id, self.department)

    def test_rule_of_a_policy_holds_in_all_its_versions(self):
        policy = self.company._complaint_policy()
        newer = policy.copy({"active": False})
        newer._advance({"code": policy.code})
        self.rules.create(
            {
                "policy_ids": [Command.set(newer.ids)],
                "department_id": self.service.id,
            }
        )
        self.assertEqual(self.complaint().department_id, self.service)

    def test_roles_of_region_department_and_duty(self):
        region = self.env.ref("quality_complaint.role_regional_manager")
        region.user_ids = self.officer
        complaint = self.complaint(department_id=self.service.id)
        self.assertEqual(region._holders(complaint), self.officer)
        complaint.sudo().region_manager_id = self.manager
        self.assertEqual(region._holders(complaint), self.manager)
        self.assertEqual(
            self.env.ref("quality_complaint.role_lead_manager")._holders(complaint),
            self.engineer,
        )
        self.assertEqual(
            self.env.ref("quality_complaint.role_lead_department")._holders(complaint),
            self.handler,
        )
        self.assertFalse(
            self.env.ref("quality_complaint.role_duty")._holders(complaint)
        )

    def test_judgement_is_for_its_role_alone(self):
        """Rows 268 and 399: whether it is ours is for the quality manager to say."""
        complaint = self.complaint()
        self.assertTrue(complaint.can_judge)
        complaint.severity_id.sudo()._advance(
            {"judge_role_id": self.env.ref("quality_complaint.role_quality_manager").id}
        )
        complaint.invalidate_recordset()
        self.assertFalse(complaint.can_judge)
        for name, value in (
            ("validity", "valid"),
            ("cause_id", self.cause.id),
            ("responsible_id", self.department.id),
            ("root_cause", "Worn roller"),
        ):
            with self.assertRaisesRegex(AccessError, "“Quality manager”"):
                complaint[name] = value
        complaint.description = "Scratched, deep"  # everything else goes on
        judge = complaint.with_user(self.engineer)
        self.assertTrue(judge.can_judge)
        judge.validity = "valid"

    def test_rules_are_the_managers(self):
        rule = self.rules.create({"department_id": self.service.id})
        with self.assertRaises(AccessError):
            rule.with_user(self.officer).department_id = self.department
        rule.with_user(self.manager).department_id = self.department
        self.assertEqual(self.complaint().department_id, self.department)

    def test_customer_is_told_who_handles_the_case(self):
        """Row 88."""
        complaint = self.complaint()
        complaint.policy_id.sudo()._advance({"tell_handler": True})
        before = complaint.message_ids
        complaint.user_id = self.handler
        mail = (complaint.message_ids - before).filtered(
            lambda message: "looks after your complaint" in (message.body or "")
        )
        self.assertIn("Hans Handler", mail.body)
        self.assertEqual(mail.partner_ids | mail.notified_partner_ids, self.customer)
        known = complaint.message_ids
        complaint.user_id = self.handler  # nobody else
        self.assertFalse(
            (complaint.message_ids - known).filtered(
                lambda message: "looks after" in (message.body or "")
            )
        )

    def test_regional_manager_approves_so_no_handler_names_one(self):
        self.rules.create({"region_manager_id": self.engineer.id})
        complaint = self.complaint()
        for user in (self.handler, self.officer):
            with self.assertRaisesRegex(AccessError, "follows from the routing rules"):
                complaint.with_user(user).region_manager_id = user
            with self.assertRaisesRegex(AccessError, "follows from the routing rules"):
                self.complaint(user=user, region_manager_id=user.id)
        complaint.with_user(self.officer).region_manager_id = self.engineer
        complaint.with_user(self.manager).region_manager_id = self.manager
        self.assertEqual(complaint.region_manager_id, self.manager)
