"""What the tests of 8D reports share: a report that is filled in step by step by its
team.
"""

from odoo.fields import Command

from ..common import ComplaintCase

GIF = b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class EightDWorld:
    """Filling in reports; for classes with the people of `make_users` and complaints
    about goods with lots.
    """

    def start(self, complaints=None, **vals):
        """A report of the engineer, who leads it; the manager is its champion."""
        complaints = (complaints or self.complaint).sudo()
        report = (
            complaints.eight_d_id.filtered(lambda report: report.state == "open")[:1]
            or complaints._create_8d()
        )
        complaints._join_8d(report)
        report.write(
            {"leader_id": self.engineer.id, "champion_id": self.manager.id, **vals}
        )
        return report.with_user(self.engineer).sudo(False)

    def photo(self, report):
        return Command.create(
            {
                "name": "proof.gif",
                "datas": GIF,
                "res_model": report._name,
                "res_id": report.id,
            }
        )

    def node(self, report, name, kind="occurrence", **vals):
        return report.env["quality.complaint.cause.node"].create(
            {
                "eight_d_id": report.id,
                "name": name,
                "kind": kind,
                "verdict": "verified",
                "is_root": True,
                "share": 100,
                "evidence": "Trial 14",
                **vals,
            }
        )

    def correct(self, report, node, name="Fixture with a stop for the part", **vals):
        return report.env["quality.complaint.action"].create(
            {
                "eight_d_id": report.id,
                "node_id": node.id,
                "name": name,
                "kind": "corrective",
                "user_id": self.officer.id,
                "due_on": "2026-12-01 12:00:00",
                "choice_reason": "Cannot be bypassed",
                "pre_check": "50 parts, none misplaced",
                **vals,
            }
        )

    def carry_out(self, action, **vals):
        """Done by its owner, with evidence and cut-in."""
        action = action.with_user(action.user_id)
        action.write(
            {
                "evidence": "Installed, report 77",
                "attachment_ids": [self.photo(action)],
                "cut_in_on": "2026-03-10",
                **vals,
            }
        )
        action.action_done()

    def fill(self, report, code):
        """What the step asks for, and nothing else."""
        getattr(self, f"fill_{code.lower()}")(report)

    def fill_d0(self, report):
        report.stop_ship = "no"

    def fill_d1(self, report):
        report.member_ids = [
            Command.create({"user_id": self.handler.id, "function": "Process"}),
            Command.create({"name": "Willi Works"}),
        ]

    def fill_d2(self, report):
        report.write(
            {
                "what": "Copper pipe cracked",
                "where_found": "At the bend",
                "when_found": "First use",
                "how_many": "3 of 30",
                "specification": "No crack",
                "actual": "Crack of 4 mm",
            }
        )

    def fill_d3(self, report):
        report.action_propose_containment()
        for row in report.containment_ids:
            checked = {
                "checked_quantity": row.suspect_quantity,
                "bad_quantity": 1,
                "method": "100 % check",
            }
            row.write({**checked, "user_id": self.officer.id, "done_on": "2026-03-03"})
        report.clean_on = "2026-03-04"

    def fill_d4(self, report):
        self.node(report, "Fixture lets the part tilt", category="machine")
        self.node(
            report, "Bend is not checked by the gauge", "escape", category="measurement"
        )
        report.escape_point = "Final inspection"

    def fill_d5(self, report):
        for node in report._roots():
            self.correct(report, node, name=f"Against: {node.name}")

    def fill_d6(self, report):
        for action in report._corrective():
            self.carry_out(action)

    def fill_d7(self, report):
        for row in report.document_ids:
            row.write(
                {"document": f"DOC-{row.kind}", "revision": "B", "date": "2026-03-20"}
            )
        report.readacross_ids = [
            Command.create({"name": "Pipe 22 mm", "affected": "no"})
        ]

    def fill_d8(self, report):
        for action in report.action_ids.filtered(
            lambda action: (
                action.state == "done" and action.kind in ("corrective", "preventive")
            )
        ):
            action.with_user(self.engineer).write(
                {
                    "effect_note": "2,000 parts without a crack",
                    "effect_override_reason": "Cpk 2.1 on 300 parts",
                }
            )
            action.with_user(self.engineer).action_effective()
        report.write({"thanks": "Thank you all", "containment_ended_on": "2026-04-01"})

    def close_up_to(self, report, last):
        """Fill and close the steps up to one."""
        for step in report.step_ids.sorted("code"):
            if step.code <= last and not step.done_on:
                self.fill(report, step.code)
                step.action_done()


class EightDCase(EightDWorld, ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("B-77", quantity=100)
        cls.order = cls.sell({cls.lot: 30})
        cls.complaint = cls.make_complaint(lot_ref="B-77", user=cls.officer)
