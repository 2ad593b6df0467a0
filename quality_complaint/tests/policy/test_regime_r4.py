from odoo.exceptions import UserError
from odoo.tests import tagged

from ..reply.mailing import Mailing
from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR4Retailer(Mailing, RegimeCase):
    """Retailer (source 002): three levels, rising when not solved in time; who decides
    by the loss.
    """

    regime = "r4"
    particulars = {
        "phone": "+86 21 5555 0000",
        "address": "5 Nanjing Road",
    }

    def check_our_own(self, complaint):
        """Rows 130 and 131: what a major case ends with."""
        complaint.internal_check = "The goods were not checked when they came in."
        self.take_measure(complaint, department_id=self.department.id)

    def test_not_solved_in_time_rises_level_by_level(self):
        complaint = self.complain("2026-03-02 09:00")
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)),
            ("level1", {"Solved by the desk": "2026-03-05 17:00"}),
        )
        self.assertEqual(
            self.tell_due("2026-03-05 13:00"), [("Olga Officer", "Solved by the desk")]
        )
        self.assertEqual(complaint.severity_code, "level1")
        management = sorted(self.management.mapped("name"))
        self.assertEqual(
            self.tell_due("2026-03-05 17:00"), [("Lena Leader", "Solved by the desk")]
        )
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)),
            ("level2", {"Solved by the next level": "2026-03-09 17:00"}),
        )
        self.assertEqual(self.states(complaint)["Solved by the desk"], "missed")
        self.tell_due("2026-03-06 17:00")
        self.assertEqual(complaint.severity_code, "level2")
        told = self.tell_due("2026-03-09 17:00")
        self.assertIn(("Lena Leader", "Solved by the next level"), told)
        self.assertLessEqual(
            {name for name in management}, {name for name, _what in told}
        )
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)),
            ("major", {"Solved at the highest level": "2026-03-16 17:00"}),
        )
        self.assertEqual(
            complaint.sudo()
            .activity_ids.filtered(lambda activity: "Major" in activity.summary)
            .user_id,
            self.management,
        )
        self.assertIn(
            "was not done in time", "".join(complaint.message_ids.mapped("body"))
        )
        # from here as a major complaint: plan approved by management
        with self.at("2026-03-10 09:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            self.assertEqual(
                set(complaint.approval_ids.role_id.mapped("code")), {"management"}
            )
            complaint.approval_ids.with_user(self.manager).action_approve()
            complaint.action_execute()
            self.tell(complaint)
            with self.assertRaisesRegex(
                UserError, "Solved by the desk.*Solved by the next level"
            ):
                complaint.action_close()
            self.explain_late(complaint)
            with self.assertRaises(UserError) as caught:
                complaint.action_close()
            self.assertIn("Internal Check", str(caught.exception))
            self.take_measure(complaint)
            complaint.internal_check = "The goods were not checked when they came in."
            self.assertEqual(
                complaint.action_ids.department_id, complaint.responsible_id
            )
            complaint.action_ids.department_id = False
            with self.assertRaisesRegex(
                UserError, "open: Action of a department that puts it right"
            ):
                complaint.action_close()
            complaint.action_ids.department_id = self.department
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_injury_is_major_with_a_plan_within_three_days(self):
        complaint = self.complain("2026-03-06 22:00", **self.triggers("injury"))
        self.assertEqual(complaint.severity_code, "major")
        self.assertEqual(
            self.dues(complaint),
            {
                "Plan for injury or property loss": "2026-03-09 23:59",
                "Solved at the highest level": "2026-03-20 17:00",
            },
        )
        property_loss = self.complain(
            "2026-03-06 22:00", loss_amount=500.0, **self.triggers("property")
        )
        self.assertEqual(property_loss.severity_code, "major")  # row 113: from 500 up
        self.assertEqual(
            self.dues(property_loss)["Plan for injury or property loss"],
            "2026-03-09 23:59",
        )
        self.assertEqual(
            self.complain(
                "2026-03-06 22:00", **self.triggers("counterfeit")
            ).severity_code,
            "major",
        )

    def test_loss_up_to_500_is_decided_by_the_desk_and_above_by_management(self):
        """Rows 93 and 94: the desk concedes up to 500; a loss above is a form of a
        major complaint.
        """
        for loss, role, severity in (
            (500.0, "desk", "level1"),
            (500.01, "management", "major"),
        ):
            complaint = self.complain("2026-03-02 09:00", loss_amount=loss)
            self.assertEqual(complaint.severity_code, severity)
            with self.at("2026-03-02 10:00"):
                self.investigated(complaint)
                self.plan(complaint, "explanation")
                complaint.action_submit_plan()
                self.assertEqual(complaint.approval_ids.role_id.code, role)
                approver = self.leader if role == "desk" else self.manager
                complaint.approval_ids.with_user(approver).action_approve()
                self.assertEqual(complaint.state, "executing")

    def test_notice_of_a_regulator_needs_a_letter_to_the_body_as_well(self):
        complaint = self.complain(
            "2026-03-02 09:00", channel_id=self.channel("regulator").id
        )
        with self.at("2026-03-02 10:00"):
            self.investigated(complaint)
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
            complaint.approval_ids.filtered("can_decide").action_approve()
            for approval in complaint.approval_ids.filtered(
                lambda a: a.state == "pending"
            ):
                approval.with_user(
                    self.leader if approval.role_id.code == "desk" else self.manager
                ).action_approve()
            complaint.action_execute()
            self.tell(complaint)
            self.explain_late(complaint)
            self.check_our_own(complaint)
            with self.assertRaisesRegex(UserError, "Letter to the Authority"):
                complaint.action_close()
            office = self.env["res.partner"].create(
                {"name": "Market Supervision", "email": "office@msa.example"}
            )
            letter = self.env["quality.complaint.reply"].create(
                {
                    "complaint_id": complaint.id,
                    "kind": "authority",
                    "recipient_id": office.id,
                }
            )
            letter.action_send()
            if letter.state == "to_approve":
                complaint.approval_ids.filtered(
                    lambda a: a.state == "pending"
                ).with_user(self.manager).action_approve()
            self.close_sheets(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_authority_media_and_court_are_level_3_and_management_is_told(self):
        """Row 85 (and 128 for the court)."""
        for trigger in ("authority", "media", "lawyer"):
            complaint = self.complain("2026-03-02 09:00", **self.triggers(trigger))
            self.assertEqual(
                (complaint.severity_id.rank, self.told(complaint, "Major")),
                (3, self.management),
                trigger,
            )
        for channel in ("regulator", "media", "court"):
            complaint = self.complain(
                "2026-03-02 09:00", channel_id=self.channel(channel).id
            )
            self.assertEqual(
                (complaint.severity_id.rank, self.told(complaint, "Major")),
                (3, self.management),
                channel,
            )

    def test_property_damage_is_level_3_from_500_up(self):
        """Row 113."""
        for loss, rank in ((0.0, 2), (499.99, 2), (500.0, 3)):
            self.assertEqual(
                self.complain(
                    "2026-03-02 09:00", loss_amount=loss, **self.triggers("property")
                ).severity_id.rank,
                rank,
                loss,
            )

    def test_items_of_an_injury_have_the_factors_of_the_source(self):
        """Rows 104, 107 and 108."""
        items = {
            code: self.env.ref(f"quality_complaint.compensation_item_{code}")
            for code in ("lost_income", "disability", "funeral")
        }
        self.assertEqual(
            {
                code: (item.rate_code, item.factor_min, item.factor_max)
                for code, item in items.items()
            },
            {
                "lost_income": ("living_cost", 0.0, 0.0),
                "disability": ("living_cost", 5.0, 10.0),
                "funeral": ("funeral", 1.0, 1.0),
            },
        )
        self.assertEqual(items["lost_income"]._factor_problems(0.0), [])
        self.assertEqual(
            len(
                items["disability"]._factor_problems(4.99)
                + items["disability"]._factor_problems(10.01)
            ),
            2,
        )

    def test_twice_the_price_only_when_the_fake_is_proven(self):
        """Row 118 and 122."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("counterfeit"))
        self.assertNotIn("twice", complaint.claims_text or "")
        with self.at("2026-03-02 10:00"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.concluded(complaint)
            self.concluded(complaint, validity_reason="Appraisal no. 12 of the maker")
            complaint.invalidate_recordset(["claims_text"])
        self.assertIn("twice the price", complaint.claims_text)

    def test_counterfeit_is_examined_and_claimed_once(self):
        """Rows 118 and 120: papers, serial numbers, source; twice, not twice and three
        times.
        """
        complaint = self.complain("2026-03-02 09:00", **self.triggers("counterfeit"))
        self.assertIn("examiner", complaint.sudo().sheet_ids.type_id.mapped("code"))
        complaint.sudo().validity = "valid"
        complaint.sudo().action_plan_claims()
        self.assertEqual(
            complaint.remedy_ids.line_ids.claim_id,
            self.env["quality.complaint.ceiling"].search(
                [
                    ("policy_id", "=", self.policy.id),
                    ("name", "=", "Counterfeit, proven: twice the price paid"),
                ]
            ),
        )

    def test_reception_purchase_and_comfort(self):
        """Row 87: manners at the counter. Row 90: phone, address, goods, when and where
        bought, receipt. Row 102: a gift where no medical costs arose. Row 112: yearly
        amounts with their source, to be checked.
        """
        complaint = self.complain(
            "2026-03-02 09:00", channel_id=self.channel("visit").id
        )
        self.assertIn(
            "Greet politely, offer a seat beside you and water",
            complaint.sudo().guide_ids.mapped("text"),
        )
        self.assertEqual(
            self.policy.property_ids.mapped("code"),
            ["purchase_date", "purchase_place", "receipt"],
        )
        comfort = self.env.ref("quality_complaint.compensation_item_comfort")
        # where no medical costs arose there is no diagnosis to show
        self.assertEqual((comfort.kind, comfort.needs_proof), ("injury", False))
        rates = self.env["quality.complaint.compensation.rate"].with_context(
            active_test=False
        )
        delivered = rates.search([("source", "ilike", "To be checked")])
        self.assertEqual(
            (delivered.mapped("active"), sorted(delivered.mapped("amount"))),
            ([False] * 3, [32994.0, 34557.0, 54188.0]),
        )

    def test_supplier_is_told_the_same_day(self):
        """Row 114."""
        complaint = self.complain(
            "2026-03-02 09:00", **self.triggers("property"), loss_amount=900
        )
        self.assertEqual(self.dues(complaint)["supplier_told"], "2026-03-02 17:00")
