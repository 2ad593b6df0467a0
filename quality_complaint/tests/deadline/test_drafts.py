from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestDrafts(DeadlineCase):
    """The clocks run from the receipt, also while nobody registers the complaint."""

    def draft(self, **vals):
        with self.at("2026-03-02 09:10"):
            return self.make_complaint(
                user=self.employee,
                register=False,
                partner_id=self.customer.id,
                team_id=self.team.id,
                received_on=self.utc("2026-03-02 09:00"),
                **vals,
            )

    def test_forgotten_draft_is_told_to_the_team_leader(self):
        draft = self.draft()
        self.assertEqual(self.dues(draft)["registered"], "2026-03-02 11:00")
        self.assertIn(
            ("Lena Leader", "Register the complaint"), self.tell_due("2026-03-02 10:45")
        )

    def test_corrected_receipt_moves_the_dates_and_deleting_leaves_nothing(self):
        draft = self.draft()
        with self.at("2026-03-02 09:20"):
            draft.received_on = self.utc("2026-03-02 08:30")
            self.assertEqual(self.dues(draft)["registered"], "2026-03-02 10:30")
            draft.line_ids = [
                Command.create({"product_id": self.strip.id, "lot_id": lot.id})
                for lot in (self.lot, self.make_lot("D-2"))
            ]
            self.assertEqual(
                self.dues(draft)["Whole case"], "2026-04-13 17:00"
            )  # several lots: major
            rows = draft.sudo().deadline_ids
            draft.unlink()
        self.assertFalse(rows.exists())

    def test_employee_reads_what_he_handed_in_in_every_state(self):
        complaint = self.draft()
        states = []
        with self.at("2026-03-02 09:20"):
            complaint.action_register()
        for step in (
            lambda c: c.action_take(),
            lambda c: self.investigated(c),
            lambda c: (self.plan(c, "explanation"), c.action_submit_plan()),
            lambda c: c.action_execute(),
            lambda c: self.tell(c),
            lambda c: c.action_open_revisit(),
        ):
            self.env.invalidate_all()
            own = self.env["quality.complaint"].with_user(self.employee)
            form = etree.fromstring(own.get_view(view_type="form")["arch"])
            visible = {
                node.get("name"): {}
                for node in form.xpath("//field[not(ancestor::field)]")
            }
            states.append(
                complaint.with_user(self.employee).web_read(visible)[0]["state"]
            )
            with self.at("2026-03-02 09:30"):
                step(complaint.with_user(self.officer))
        self.assertEqual(
            states,
            [
                "registered",
                "registered",
                "planning",
                "executing",
                "executing",
                "replied",
            ],
        )

    def test_employee_cannot_choose_the_severity(self):
        draft = self.draft()
        draft.write(self.triggers("serious_defect"))
        draft.write(
            {
                "severity_id": self.severities["general"].id,
                "severity_reason": "I think so",
            }
        )
        with self.at("2026-03-02 09:20"):
            draft.action_register()
        self.assertEqual(draft.sudo().severity_code, "major")
