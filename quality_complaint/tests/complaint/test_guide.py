from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ComplaintCase


@tagged("post_install", "-at_install")
class TestGuide(ComplaintCase):
    """What is asked: the guide at the phone, fields a policy offers, adoption."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        policy = cls.company._complaint_policy()
        cls.policy = policy.copy({"active": False, "code": "GUIDE"})
        cls.policy.guide_ids.unlink()
        cls.company.complaint_policy_id = cls.policy
        cls.phone = cls.env.ref("quality_complaint.channel_phone")
        cls.email = cls.env.ref("quality_complaint.channel_email")
        cls.injury = cls.env.ref("quality_complaint.trigger_injury")
        cls.back, cls.hospital = cls.env["quality.complaint.guide"].create(
            [
                {
                    "policy_id": cls.policy.id,
                    "kind": "say",
                    "text": "I repeat: …",
                    "channel_ids": [Command.set(cls.phone.ids)],
                    "before": "register",
                },
                {
                    "policy_id": cls.policy.id,
                    "kind": "do",
                    "text": "To the hospital first",
                    "trigger_ids": [Command.set(cls.injury.ids)],
                    "before": "plan",
                },
            ]
        )

    def complaint(self, register=False, **vals):
        return self.make_complaint(
            user=self.officer,
            register=register,
            partner_id=self.customer.id,
            **{"channel_id": self.phone.id, **vals},
        )

    def test_guide_follows_channel_and_circumstance(self):
        complaint = self.complaint()
        self.assertEqual(complaint.guide_ids, self.back)
        complaint.trigger_ids = self.injury
        self.assertEqual(complaint.guide_ids, self.back | self.hospital)
        complaint.channel_id = self.email
        self.assertEqual(complaint.guide_ids, self.hospital)

    def test_what_is_needed_is_ticked_first_and_by_whom_is_kept(self):
        """Rows 89 and 237."""
        complaint = self.complaint()
        with self.assertRaisesRegex(UserError, "Say: I repeat: …"):
            complaint.action_register()
        complaint = complaint.with_context(tracking_disable=False, mail_notrack=False)
        self.env.cr.precommit.clear()
        complaint.guide_done_ids = self.back
        complaint.action_register()
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = self.env["mail.tracking.value"].search(
            [
                ("mail_message_id", "in", complaint.message_ids.ids),
                ("field_id.name", "=", "guide_done_ids"),
            ]
        )
        self.assertEqual(
            (tracked.mail_message_id.author_id, tracked.new_value_char),
            (self.officer.partner_id, "Say: I repeat: …"),
        )

    def test_whoever_does_not_see_the_guide_is_not_held_up_by_it(self):
        complaint = self.make_complaint(
            user=self.employee,
            register=False,
            partner_id=self.customer.id,
            channel_id=self.phone.id,
        )
        complaint.action_register()
        self.assertEqual(complaint.state, "registered")

    def test_plan_waits_for_what_has_to_be_done_first(self):
        complaint = self.complaint(
            trigger_ids=[Command.set(self.injury.ids)],
            guide_done_ids=[Command.set(self.back.ids)],
            register=True,
        )
        self.assertEqual(
            [str(name) for name in complaint._missing_guide("plan")],
            [
                (
                    "“Do: To the hospital first”, to be ticked in the guide (tab "
                    "“Investigation and Cause”)"
                )
            ],
        )

    def test_policy_in_another_copy_keeps_its_guide(self):
        other = self.policy.copy()
        self.assertEqual(
            other.guide_ids.mapped("text"), ["I repeat: …", "To the hospital first"]
        )
        self.assertEqual(other.guide_ids.mapped("before"), ["register", "plan"])

    def test_only_managers_write_guides(self):
        with self.assertRaises(AccessError):
            self.back.with_user(self.officer).text = "Hello"

    def test_fields_a_policy_offers_are_named(self):
        self.assertNotIn("fax", self.complaint().asked_fields.split())
        self.env["quality.complaint.requirement"].create(
            {
                "policy_id": self.policy.id,
                "field_name": "fax",
                "before": "nothing",
            }
        )
        complaint = self.complaint(guide_done_ids=[Command.set(self.back.ids)])
        self.assertIn("fax", complaint.asked_fields.split())
        complaint.action_register()  # offered, not needed

    def test_at_most_four_fields_before_registering(self):
        rows = [
            {"policy_id": self.policy.id, "field_name": name, "before": "register"}
            for name in ("phone", "email", "address", "fax", "place")
        ]
        self.env["quality.complaint.requirement"].create(rows[:4])
        with (
            self.assertRaisesRegex(ValidationError, "registered in a minute"),
            self.env.cr.savepoint(),
        ):
            self.env["quality.complaint.requirement"].create(rows[4])
        for policy in (
            self.env["quality.complaint.policy"]
            .with_context(active_test=False)
            .search([])
        ):
            asked = {
                row.field_name
                for row in policy.requirement_ids
                if row.before == "register"
            }
            self.assertLessEqual(len(asked), 4, policy.name)

    def test_defects_of_other_trades_are_not_offered(self):
        """Rows 211 and 216."""
        defects = self.env["quality.complaint.defect"].with_context(active_test=False)
        attitude = self.env.ref("quality_complaint.defect_attitude")
        unfriendly = self.env.ref("quality_complaint.defect_attitude_unfriendly")
        surface = self.env.ref("quality_complaint.defect_surface")
        self.policy.defect_ids = attitude
        offered = defects.search([("offered_by_id", "=", self.policy.id)])
        self.assertIn(unfriendly, offered)
        self.assertNotIn(surface, offered)
        self.policy.defect_ids = False
        self.assertIn(surface, defects.search([("offered_by_id", "=", self.policy.id)]))

    def test_catalogue_is_switched_on_with_the_policy(self):
        unfriendly = self.env.ref("quality_complaint.defect_attitude_unfriendly")
        service = self.env.ref("quality_complaint.responsible_service")
        (unfriendly | unfriendly.parent_id).active = False
        service.active = False
        self.policy.write(
            {
                "defect_ids": [Command.set(unfriendly.parent_id.ids)],
                "department_ids": [Command.set(service.ids)],
            }
        )
        self.policy.with_user(self.manager).action_put_into_force()
        self.assertTrue(unfriendly.active and unfriendly.parent_id.active)
        self.assertTrue(service.active)

    def test_suggestion_ends_as_adopted_or_not(self):
        suggestion = self.complaint(
            type_id=self.env.ref("quality_complaint.type_suggestion").id,
            guide_done_ids=[Command.set(self.back.ids)],
            register=True,
        )
        self.tell(suggestion)
        with self.assertRaisesRegex(UserError, "whether it is adopted"):
            suggestion.action_close()
        with self.assertRaisesRegex(UserError, "give a reason"):
            suggestion.action_adopt("-")
        adopt = suggestion.action_open_adopt()
        self.assertEqual(adopt["context"]["default_purpose"], "adopt")
        dialog = suggestion.action_open_not_adopt()
        self.env["quality.complaint.reason"].with_user(self.officer).with_context(
            **dialog["context"]
        ).create({"reason": "Nobody else wishes it"}).action_confirm()
        self.assertEqual(
            (suggestion.adoption, suggestion.adoption_by_id),
            ("not_adopted", self.officer),
        )
        suggestion.action_close()
        self.assertEqual(suggestion.state, "closed")
        with self.assertRaises(UserError):
            suggestion.adoption = "adopted"
