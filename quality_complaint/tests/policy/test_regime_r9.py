from dataclasses import replace

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .regime import RegimeCase


@tagged("post_install", "-at_install")
class TestR9Cosmetics(RegimeCase):
    """Cosmetics (source 000): numbered in order of arrival, the retained sample is
    re-tested.
    """

    regime = "r9"

    def test_single_unit_with_a_late_re_inspection(self):
        complaint = self.complain("2026-03-02 09:00")
        following = self.complain("2026-03-02 09:05")
        self.assertEqual(int(following.name[-5:]), int(complaint.name[-5:]) + 1)
        self.assertEqual(
            (complaint.severity_code, self.dues(complaint)),
            ("unit", {"Whole case": "2026-03-16 17:00"}),
        )
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            complaint.investigation_ids.method = "retained_sample"
        self.assertEqual(
            self.dues(complaint)["Re-inspection of the retained sample"],
            "2026-03-09 17:00",
        )
        self.assertEqual(
            self.tell_due("2026-03-09 13:00"),
            [("Olga Officer", "Re-inspection of the retained sample")],
        )
        self.assertEqual(
            self.tell_due("2026-03-09 17:00"),
            [("Lena Leader", "Re-inspection of the retained sample")],
        )
        with self.at("2026-03-10 10:00"):
            complaint.investigation_ids.write(
                {"result": "no_fault_found", "finding": "Sample is in order"}
            )
            complaint.investigation_ids.action_done()
            complaint.write(
                {
                    "validity": "valid",
                    "cause_id": self.cause.id,
                    "responsible_id": self.department.id,
                }
            )
            # row 290: records of production and inspection are checked
            with self.assertRaisesRegex(
                UserError, "A finished investigation: Production records"
            ):
                complaint.action_conclude()
            records = complaint.investigation_ids.create(
                {
                    "complaint_id": complaint.id,
                    "method": "production_records",
                    "user_id": self.officer.id,
                }
            )
            records.write({"result": "no_fault_found", "finding": "In order"})
            records.action_done()
            complaint.action_conclude()
            self.settle(complaint)
            self.explain_late(complaint)
            complaint.action_close()
        self.assertEqual(
            (complaint.state, self.states(complaint)),
            (
                "closed",
                {"Whole case": "met", "Re-inspection of the retained sample": "missed"},
            ),
        )

    def test_people_are_sent_when_an_authority_reports(self):
        """Row 291: an investigation on paper does not send anybody."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("authority"))
        self.assertEqual(self.dues(complaint)["People sent"], "2026-03-02 17:00")
        with self.at("2026-03-02 10:00"):
            complaint.action_start_investigation()
            self.assertEqual(self.states(complaint)["People sent"], "running")
            visit = complaint.investigation_ids
            visit.write(
                {
                    "method": "on_site",
                    "result": "confirmed",
                    "finding": "Seen at the shop",
                }
            )
            self.assertIn(
                "A finished investigation: On site",
                [str(row) for row in complaint._missing_fields("conclude")],
            )
            visit.action_done()
        self.assertEqual(self.states(complaint)["People sent"], "met")

    def test_whole_lot_is_told_to_management_and_approved_by_it(self):
        complaint = self.complain("2026-03-02 09:00", **self.triggers("whole_lot"))
        self.assertEqual(
            (complaint.severity_code, complaint.sudo().activity_ids.user_id),
            ("lot", self.management),
        )
        with self.at("2026-03-02 10:00"):
            self.concluded(complaint, "production_records", "retained_sample")
            self.plan(complaint, "explanation")
            complaint.action_submit_plan()
        self.assertEqual(
            (complaint.state, complaint.approval_ids.role_id.code),
            ("planning", "management"),
        )

    def test_whole_lot_of_ours_is_closed_only_when_a_recall_was_decided_on(self):
        """Rows 276 and 295."""
        complaint = self.complain("2026-03-02 09:00", **self.triggers("whole_lot"))
        facts = complaint._facts()
        asked = complaint.policy_id.requirement_ids.filtered(
            lambda row: row.field_name == "recall_id"
        )
        self.assertFalse(asked._holds(facts))
        ours = replace(facts, conclusions={"valid", "ours"})
        self.assertEqual(asked._missing(complaint, ours), ["Recall"])
        recall = self.env["quality.complaint.recall"].create(
            {
                "name_of_goods": "Face cream",
                "class_id": self.env.ref("quality_complaint.recall_class_own").id,
                "root_lot_ids": [Command.set(self.make_lot("R9-1", quantity=4).ids)],
                "complaint_id": complaint.id,
                "hazard": "Skin reddens",
                "instruction": "Take it off the shelf",
                "contact": "Quality, +1 555",
            }
        )
        recall.action_propose()
        self.assertEqual(complaint.recall_id, recall)
        self.assertFalse(asked._missing(complaint, ours))

    def test_sale_goes_on_when_nothing_is_wrong(self):
        """Row 292: the dealer is told, and what was put on hold is free again."""
        complaint = self.complain("2026-03-02 09:00")
        guide = complaint.policy_id.guide_ids.filtered(
            lambda row: "sale may go on" in row.text
        )
        facts = complaint._facts()
        self.assertFalse(guide._holds(facts))
        self.assertTrue(guide._holds(replace(facts, conclusions={"not_ours"})))
        lot = self.make_lot("R9-2", quantity=4)
        complaint.line_ids = [
            Command.create({"product_id": lot.product_id.id, "lot_id": lot.id})
        ]
        hold = self.env["quality.complaint.hold"].create(
            {
                "reason": "Until it is looked at",
                "complaint_id": complaint.id,
                "line_ids": [Command.create({"kind": "lot", "lot_id": lot.id})],
            }
        )
        hold.action_order()
        self.assertEqual(complaint._letter_releases(), [])
        hold._lift(hold.lot_ids, "release", "Nothing found")
        self.assertEqual(
            complaint._letter_facts()["findings"][-1:],
            [f"{lot.product_id.name}, lot R9-2, may be sold and used."],
        )

    def test_people_are_sent_at_once_when_an_authority_reports_a_problem(self):
        """Row 291."""
        for vals in (
            {"channel_id": self.channel("regulator").id},
            self.triggers("authority"),
        ):
            complaint = self.complain("2026-03-02 09:00", **vals)
            self.assertEqual(
                (complaint.severity_code, self.dues(complaint)["People sent"]),
                ("authority", "2026-03-02 17:00"),
            )
            self.assertLessEqual(
                self.management, self.told(complaint, "Reported by an authority")
            )

    def test_quality_looks_after_all_of_them(self):
        """Row 287."""
        self.assertEqual(
            self.complain("2026-03-02 09:00").department_id,
            self.env.ref("quality_complaint.responsible_quality"),
        )
