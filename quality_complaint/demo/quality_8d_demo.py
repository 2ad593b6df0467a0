"""The 8D reports of the demo company: one in the middle of the work, one closed with
its effect proven.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

# kind, category, cause, explains (its number here), verdict, root, share, evidence
SCRATCHES = [
    (
        "occurrence",
        "machine",
        "Guide roller marks the strip",
        None,
        "verified",
        False,
        0,
        "Marks repeat every 314 mm, the roller's circumference.",
    ),
    (
        "occurrence",
        "machine",
        "Bearing of the roller runs stiff",
        0,
        "verified",
        False,
        0,
        "Turning moment 4.1 Nm instead of 0.6 Nm.",
    ),
    (
        "occurrence",
        "method",
        "Rollers are changed when they fail, not by running time",
        1,
        "verified",
        True,
        70,
        "Maintenance plan MP-12 has no interval.",
    ),
    (
        "occurrence",
        "material",
        "Chips of the slitting knives lie on the felt",
        None,
        "verified",
        True,
        30,
        "Chips on the felts of 2 of 3 shifts, photo 4.",
    ),
    (
        "occurrence",
        "environment",
        "Dust from the hall",
        None,
        "excluded",
        False,
        0,
        "No dust in the residue analysis.",
    ),
    (
        "occurrence",
        "man",
        "Coils set down too hard",
        None,
        "excluded",
        False,
        0,
        "Marks are on the running side only.",
    ),
    (
        "escape",
        "measurement",
        "Surface is checked on the outer winding only",
        None,
        "verified",
        False,
        0,
        "Inspection standard IS-07.",
    ),
    (
        "escape",
        "method",
        "No inspection under grazing light",
        6,
        "verified",
        True,
        100,
        "Marks invisible under hall light, visible under grazing light.",
    ),
]
# by aspect: is, is not, what is different
IS_AND_IS_NOT = {
    "what": ("Copper strip", "Brass rod", "Soft surface"),
    "where": ("Slitter 2", "Slitter 1", "Guide rollers of another make"),
    "when": ("Since May", "Before", "Rollers run beyond 4,000 h"),
    "extent": ("4 % of the coils", "All coils", "Those at the end of a roller's life"),
}


class QualityComplaintDemo(models.AbstractModel):
    _inherit = "quality.complaint.demo"

    def _report_8ds(self, users, complaints):
        """
        :param dict users: by login
        :param list complaints: of `COMPLAINTS`, in its order
        """
        self._report_scratches(users, complaints[6] | complaints[8] | complaints[15])
        self._report_strapping(users, complaints[9])

    def _start_8d(self, users, complaints, days):
        """A report of the quality engineer, begun some days ago."""
        report = complaints.sudo()._create_8d()
        report.write(
            {"leader_id": users["quality"].id, "champion_id": users["manager"].id}
        )
        report._advance({"started_on": fields.Datetime.now() - timedelta(days=days)})
        report.step_ids._set_due()
        report.member_ids = [
            Command.create({"user_id": users["officer"].id, "function": "Customer"}),
            Command.create(
                {
                    "user_id": users["warehouse"].id,
                    "function": "Stock",
                    "may_write": False,
                }
            ),
            Command.create({"name": "Sun Hao", "function": "Slitting line"}),
        ]
        return report.with_env(self._as(users["quality"]))

    def _close_steps(self, report, *codes):
        for code in codes:
            report._step(code).action_done()

    def _contain(self, report, users):
        report.action_propose_containment()
        today = fields.Date.context_today(report)
        for row in report.containment_ids:
            row.write(
                {
                    "checked_quantity": row.suspect_quantity,
                    "bad_quantity": round(row.suspect_quantity * 0.04),
                    "method": "100 % check under grazing light",
                    "user_id": users["quality"].id,
                    "done_on": today,
                }
            )
        report.write({"clean_on": today, "clean_mark": "Green dot on the coil label"})

    def _report_scratches(self, users, complaints):
        report = self._start_8d(users, complaints, 8)
        report.write(
            {
                "stop_ship": "yes",
                "stop_ship_note": "Lot CU2609-003, since the day of the complaint",
                "what": "Fine scratches along the strip",
                "where_found": (
                    "Inner windings, running side, at the customers' presses"
                ),
                "when_found": "Since June, in three lots",
                "who_found": "Incoming inspection of the customers",
                "how_found": "Under grazing light",
                "why_problem": "Commutator segments are scrapped",
                "how_many": "3 complaints, 3 lots",
                "fault_rate": "4 % of the coils",
                "specification": "Surface without scratches, Rz below 2 µm",
                "actual": "Scratches up to 6 µm deep",
            }
        )
        for row in report.isnot_ids.filtered(lambda row: row.aspect in IS_AND_IS_NOT):
            row.is_text, row.is_not_text, row.distinction = IS_AND_IS_NOT[row.aspect]
        self._contain(report, users)
        nodes = []
        for number, (
            kind,
            category,
            name,
            explains,
            verdict,
            root,
            share,
            evidence,
        ) in enumerate(SCRATCHES):
            nodes.append(
                report.env["quality.complaint.cause.node"].create(
                    {
                        "eight_d_id": report.id,
                        "sequence": number,
                        "kind": kind,
                        "category": category,
                        "name": name,
                        "verdict": verdict,
                        "is_root": root,
                        "share": share,
                        "evidence": evidence,
                        "parent_id": nodes[explains].id
                        if explains is not None
                        else False,
                    }
                )
            )
        report.escape_point = "Surface check after slitting"
        self._close_steps(report, "D0", "D1", "D2", "D3", "D4")
        for node, name, days in (
            (nodes[2], "Change the guide rollers every 3,000 hours", 5),
            (nodes[3], "Suction at the slitting knives", 12),
            (
                nodes[7],
                "Grazing light and inspection of the inner winding at slitter 2",
                3,
            ),
        ):
            self._plan_action(report, node, name, users["officer"], days)

    def _plan_action(self, report, node, name, owner, days):
        return report.env["quality.complaint.action"].create(
            {
                "eight_d_id": report.id,
                "node_id": node.id,
                "name": name,
                "kind": "corrective",
                "user_id": owner.id,
                "due_on": fields.Datetime.now() + timedelta(days=days),
                "choice_reason": "Works without anybody having to think of it",
                "pre_check": "Trial on 20 coils without a mark",
            }
        )

    def _report_strapping(self, users, complaint):
        report = self._start_8d(users, complaint, 60)
        report.stop_ship = "no"
        report.write(
            {
                "what": "Edges crushed by the strapping",
                "where_found": "Unpacking at the customer",
                "when_found": "On receipt",
                "how_many": "1 pallet of 12",
                "specification": "Edges straight",
                "actual": "Edges bent by 2 to 5 mm",
            }
        )
        self._contain(report, users)
        node = report.env["quality.complaint.cause.node"]
        cause = node.create(
            {
                "eight_d_id": report.id,
                "kind": "occurrence",
                "category": "method",
                "name": "Strap pulled at 2.4 kN without edge protection",
                "verdict": "verified",
                "is_root": True,
                "share": 100,
                "evidence": "Repeated on three coils",
            }
        )
        escape = node.create(
            {
                "eight_d_id": report.id,
                "kind": "escape",
                "category": "measurement",
                "name": "Nobody looks at the load after strapping",
                "verdict": "verified",
                "is_root": True,
                "share": 100,
                "evidence": "Packing instruction PI-03",
            }
        )
        report.escape_point = "Release of the load"
        self._close_steps(report, "D0", "D1", "D2", "D3", "D4")
        actions = [
            self._plan_action(
                report,
                cause,
                "Edge protectors and strapping limited to 1.2 kN",
                users["officer"],
                5,
            ),
            self._plan_action(
                report,
                escape,
                "Load checked against a photo before release",
                users["officer"],
                5,
            ),
        ]
        self._close_steps(report, "D5")
        for action in actions:
            own = action.with_env(self._as(users["officer"]))
            own.write(
                {
                    "evidence": "Introduced, packing instruction PI-03 rev. C",
                    "cut_in_on": fields.Date.context_today(own) - timedelta(days=30),
                    "attachment_ids": [
                        Command.create(self._prepare_photo_vals("crushed_edge"))
                    ],
                }
            )
            own.action_done()
        self._close_steps(report, "D6")
        today = fields.Date.context_today(report)
        for row in report.document_ids:
            document = {
                "instruction": "PI-03",
                "control_plan": "CP-11",
                "inspection": "IS-07",
            }.get(row.kind, "FMEA-04")
            row.write({"document": document, "revision": "C", "date": today})
        report.readacross_ids = [
            Command.create(
                {
                    "name": "Strip and rod, same strapping",
                    "affected": "yes",
                    "note": "Changed as well",
                }
            )
        ]
        self._close_steps(report, "D7")
        for action in actions:
            action.write(
                {
                    "effect_note": "No crushed edge since",
                    "effect_override_reason": (
                        "200 loads strapped and opened again, no edge bent"
                    ),
                }
            )
            action.action_effective()
        report.write(
            {
                "thanks": "Packing solved it in three weeks.",
                "containment_ended_on": today,
                "closure_criteria": "3,000 kg without recurrence",
            }
        )
        self._close_steps(report, "D8")
