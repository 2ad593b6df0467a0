from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR11Vehicles(RegimeCase):
    """Vehicle maker (source 000): report within a working day, lead named within a
    working day.
    """

    regime = "r11"
    particulars = {
        "phone": "+86 21 5555 0000",
        "place": "Highway G2, km 1040",
    }

    VEHICLE = {
        "chassis": "LSVAA2183C2000001",
        "model": "T5",
        "mileage": 12500,
        "failures": 2,
        "produced": "2025-05-01",
        "sold": "2025-07-15",
        "attribute": "Manufacture 制造",
    }

    def test_field_problem_reported_in_time_but_its_lead_named_late(self):
        complaint = self.complain(
            "2026-03-05 15:00",
            "2026-03-06 16:59",
            user=self.handler,
            **self.triggers("frequent_repair"),
        )
        self.assertEqual(complaint.severity_code, "field")
        self.assertEqual(self.dues(complaint, "met"), {"Report": "2026-03-06 17:00"})
        self.assertEqual(
            self.dues(complaint),
            {"lead_named": "2026-03-09 17:00", "Whole case": "2026-04-02 17:00"},
        )
        # row 324: Quality names it, and hears it
        self.assertEqual(
            complaint.sudo()
            .deadline_ids.filtered(lambda row: row.milestone_code == "lead_named")
            .limit_id.doer_role_id,
            self.env.ref("quality_complaint.role_quality_manager"),
        )
        self.assertIn(
            ("Quentin Quality", "Name lead department and person"),
            self.tell_due("2026-03-09 13:00"),
        )
        self.tell_due("2026-03-09 17:00")
        with self.at("2026-03-10 08:00"):
            complaint.with_user(self.officer).user_id = self.officer
            # rows 314 and 324: for Quality to name, and nobody else
            with self.assertRaisesRegex(UserError, "choose its lead department"):
                self.tick(complaint.with_user(self.engineer), "lead_named")
            with (
                self.assertRaisesRegex(AccessError, "Quality manager"),
                self.env.cr.savepoint(),
            ):
                complaint.with_user(self.officer).department_id = self.department
            complaint.with_user(self.engineer).department_id = self.department
        self.assertEqual(self.states(complaint)["lead_named"], "missed")
        complaint = complaint.with_user(self.officer)
        missing = complaint._missing_properties()
        self.assertEqual(
            [label.split(" / ")[0] for label in missing],
            [
                "Chassis No.",
                "Model",
                "Mileage (km)",
                "Failures",
                "Production date",
                "Sale date",
                "Attribute class",
            ],
        )
        with (
            self.at("2026-03-10 08:30"),
            self.assertRaisesRegex(UserError, "Chassis No. / 车架号"),
            self.env.cr.savepoint(),
        ):
            self.answer(complaint)
        with self.at("2026-03-10 09:00"):
            complaint.line_ids.properties = self.VEHICLE
            # row 315: analysis, temporary and permanent measures
            with (
                self.assertRaisesRegex(UserError, "Why It Occurred"),
                self.env.cr.savepoint(),
            ):
                self.answer(complaint)
            complaint.with_user(self.engineer).root_cause = "Guide worn"
            self.answer(complaint)
            self.explain_late(complaint)
            with (
                self.assertRaisesRegex(
                    UserError, r"Permanent measure.*Temporary measure"
                ),
                self.env.cr.savepoint(),
            ):
                complaint.action_close()
            self.take_measure(complaint, "containment")
            measure = self.take_measure(complaint, "corrective")
            measure.with_user(self.engineer).action_effective("No failure since")
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_report_after_the_next_working_day_is_late(self):
        complaint = self.complain(
            "2026-03-05 15:00", "2026-03-06 17:01", **self.triggers("safety")
        )
        self.assertEqual(self.states(complaint)["Report"], "missed")

    def test_single_case_solved_on_the_spot_needs_no_investigation(self):
        """Row 323: only after making sure that it occurs nowhere else."""
        complaint = self.complain("2026-03-05 15:00", **self.triggers("on_spot"))
        self.assertEqual(
            (complaint.severity_code, complaint.next_step), ("spot", "reply")
        )
        self.assertEqual(self.dues(complaint), {})
        with self.at("2026-03-05 16:00"):
            self.tell(complaint)
            with self.assertRaisesRegex(UserError, "First Assessment"):
                complaint.action_close()
            complaint.first_assessment = "No other vehicle of the series is affected"
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_major_problem_is_seen_on_site(self):
        """Row 319."""
        complaint = self.complain("2026-03-05 15:00", **self.triggers("safety"))
        self.assertEqual(complaint.severity_code, "field")
        with self.at("2026-03-05 16:00"):
            self.assertIn(
                "A finished investigation: On site",
                [str(row) for row in complaint._missing_fields("conclude")],
            )
        ordinary = self.complain("2026-03-05 15:00", **self.triggers("several_lots"))
        self.assertNotIn(
            "A finished investigation: On site",
            [str(row) for row in ordinary._missing_fields("conclude")],
        )

    def test_accident_is_an_injury(self):
        """Row 322: scene, group, place are asked where somebody is hurt."""
        hurt = self.complain("2026-03-05 15:00", **self.triggers("injury"))
        self.assertIn("accident", hurt.sudo().sheet_ids.type_id.mapped("code"))
        risky = self.complain("2026-03-05 15:00", **self.triggers("safety"))
        self.assertNotIn("accident", risky.sudo().sheet_ids.type_id.mapped("code"))

    def test_problem_is_a_field_problem_unless_somebody_says_otherwise(self):
        """Row 323."""
        self.assertEqual(self.complain("2026-03-05 15:00").severity_code, "field")
        self.assertEqual(
            self.complain(
                "2026-03-05 15:00", **self.triggers("on_spot", "safety")
            ).severity_code,
            "field",
        )

    def test_injury_is_a_major_accident_with_a_group_that_looks_at_it_on_site(self):
        """Rows 319 and 322; row 320: place and contact."""
        self.assertIn("place", self.policy.requirement_ids.mapped("field_name"))
        complaint = self.complain(
            "2026-03-05 15:00", **self.triggers("injury", "on_spot")
        )
        self.assertEqual(
            (
                complaint.severity_code,
                complaint._needs_team(),
                self.told(complaint, "Major accident"),
            ),
            ("accident", True, self.management),
        )
        self.assertIn("scene", complaint.severity_id.description)
        with self.at("2026-03-05 16:00"):
            complaint.line_ids.properties = self.VEHICLE
            complaint.with_user(self.engineer).department_id = self.department
            with (
                self.assertRaisesRegex(UserError, "A finished investigation: On site"),
                self.env.cr.savepoint(),
            ):
                self.concluded(complaint)
            self.concluded(complaint, "on_site")
        self.assertEqual(complaint.state, "planning")
