"""A worked 8D report: cracked pipes, two customers, everything a printed form or a file
can hold.
"""

from datetime import datetime

from odoo.fields import Command
from odoo.tests import freeze_time

from ..forms.test_forms import FilledWorld
from .builders import EightDWorld

START = "2026-03-02 01:00:00"


class EightDExample(EightDWorld, FilledWorld):
    """Northwind Motors and Rhein Armaturen got parts of the same lot."""

    @classmethod
    def build_example(cls):
        cls.build_filled("r8")
        cls.pipe = cls.make_product(
            "Copper pipe 22 mm", tracking="lot", default_code="CP-22"
        )
        cls.lot = cls.make_lot("B-77", cls.pipe, quantity=100)
        cls.clean_lot = cls.make_lot("B-81", cls.pipe, quantity=5)
        cls.sell({cls.lot: 30}, product=cls.pipe)
        cls.sell({cls.lot: 12}, product=cls.pipe, partner=cls.german)
        cls.german.email = "qs@rhein.example"
        cls.mill = cls.env["res.partner"].create({"name": "Tube Mill Siegen"})
        seller = Command.create({"partner_id": cls.mill.id, "product_code": "TM-220"})
        cls.tube = cls.make_product(
            "Drawn tube 22 mm", default_code="DT-22", seller_ids=[seller]
        )
        with freeze_time(START):
            vals = {"received_on": START, "description": "Pipe cracks at the bend"}
            cls.first = cls.complain(lot_ref="B-77", **vals)
            cls.second = cls.complain(
                lot_ref="B-77",
                **{
                    **vals,
                    "partner_id": cls.german.id,
                    "customer_ref": "RA-4711",
                    "complainant": "Frau Schulz",
                },
            )
            (cls.first | cls.second).line_ids.defect_id = cls.scratch

    def example(self):
        """The report as it is before any of its steps is closed."""
        report = self.start(
            self.first | self.second, subject="Copper pipe 22 mm: cracks at the bend"
        )
        report.write(
            {
                "stop_ship": "yes",
                "stop_ship_note": "Lot B-77 since 2 March, 9:00, all warehouses",
                "responsible_id": self.department.id,
                "member_ids": [
                    Command.create(
                        {
                            "user_id": self.handler.id,
                            "department_id": self.department.id,
                            "function": "Process engineering",
                            "phone": "+86 574 1001",
                        }
                    ),
                    Command.create(
                        {
                            "name": "Willi Works",
                            "function": "Laboratory",
                            "may_write": False,
                        }
                    ),
                ],
                "what": (
                    "Copper pipe 22 mm cracks at the inner radius of the bend when it "
                    "is pressed for the first time"
                ),
                "where_found": "Assembly line 4, station 12",
                "when_found": "2 March 2026, first shift, all parts of lot B-77",
                "who_found": "Operator of the press",
                "why_problem": "The joint leaks; pressure test fails",
                "how_found": "Pressure test at 16 bar",
                "how_many": "3 of 30 pipes",
                "specification": "No crack after bending, wall 1.00 ± 0.05 mm",
                "actual": "Crack of 4 mm, wall 0.78 mm",
                "fault_rate": "3 of 30 (10 %)",
                "component_id": self.tube.id,
                "component_lot_name": "H-2231",
                "isnot_ids": [
                    Command.create(
                        {
                            "aspect": "what",
                            "is_text": "Pipes 22 mm of lot B-77",
                            "is_not_text": "Pipes 15 mm",
                            "distinction": "Other bending tool",
                        }
                    ),
                    Command.create(
                        {
                            "aspect": "when",
                            "is_text": "Since week 9",
                            "is_not_text": "Before",
                            "distinction": "Tool changed in week 9",
                        }
                    ),
                ],
            }
        )
        photos = self.photo(
            "crack.jpg", description="Crack at the inner radius"
        ) | self.photo("bend.jpg")
        report.sudo().attachment_ids = [Command.set(photos.ids)]
        return report

    def contain(self, report):
        done = {
            "method": "100 % visual and wall gauge",
            "user_id": self.officer.id,
            "done_on": "2026-03-03",
        }
        unit = {
            "product_id": self.pipe.id,
            "product_uom_id": self.unit.id,
            "lot_id": self.lot.id,
        }
        report.write(
            {
                "containment_ids": [
                    Command.create(
                        {
                            "place": "customer",
                            "partner_id": self.customer.id,
                            "suspect_quantity": 30,
                            "checked_quantity": 30,
                            "bad_quantity": 3,
                            **unit,
                            **done,
                        }
                    ),
                    Command.create(
                        {
                            "place": "customer",
                            "partner_id": self.german.id,
                            "suspect_quantity": 12,
                            "checked_quantity": 12,
                            "bad_quantity": 2,
                            **unit,
                            **done,
                        }
                    ),
                    Command.create(
                        {
                            "place": "transit",
                            "note": "Truck to Rhein Armaturen",
                            "suspect_quantity": 8,
                            "checked_quantity": 8,
                            **unit,
                            **done,
                        }
                    ),
                    Command.create(
                        {
                            "place": "finished",
                            "note": "Hall 2",
                            "suspect_quantity": 58,
                            "checked_quantity": 58,
                            "bad_quantity": 5,
                            **unit,
                            **done,
                        }
                    ),
                ],
                "clean_lot_id": self.clean_lot.id,
                "clean_on": "2026-03-04",
                "clean_mark": "Green dot on the label",
                "containment_note": (
                    "No cracked pipe since 4 March; 250 pipes checked at both "
                    "customers, also at Rhein Armaturen"
                ),
            }
        )
        report.env["quality.complaint.action"].create(
            {
                "eight_d_id": report.id,
                "name": "Block lot B-77 in all warehouses",
                "kind": "containment",
                "user_id": self.officer.id,
                "due_on": "2026-03-03 09:00:00",
                "evidence": "Blocked in the system, list 12",
            }
        ).with_user(self.officer).action_done()

    def find_causes(self, report):
        bend = self.node(
            report,
            "The inner radius is stretched too far",
            category="machine",
            is_root=False,
            share=0,
            evidence="Measured 28 % elongation",
        )
        stop = self.node(
            report,
            "The bending tool has no stop for the mandrel",
            category="machine",
            parent_id=bend.id,
            is_root=False,
            share=0,
        )
        tool = self.node(
            report,
            "Tool release does not check the mandrel's position",
            category="method",
            parent_id=stop.id,
            share=70,
        )
        wall = self.node(
            report,
            "Wall of the tube 0.78 mm instead of 1.00 mm",
            category="material",
            share=30,
            evidence="Micrometer, 20 tubes",
        )
        self.node(
            report,
            "Coolant too warm",
            category="environment",
            verdict="excluded",
            is_root=False,
            share=0,
            evidence="24 °C, as always",
        )
        escape = self.node(
            report,
            "Final inspection does not test the bend under pressure",
            "escape",
            category="measurement",
        )
        self.node(
            report,
            "Change of a tool is no reason for a new first-article test",
            "systemic",
            category="method",
        )
        report.escape_point = "First-article inspection after the tool change"
        return tool, wall, escape

    def choose_actions(self, report):
        for node in report._roots():
            self.correct(
                report,
                node,
                name=f"Remove: {node.name[:40]}",
                cost=321.5,
                department_id=self.department.id,
            )
        report.env["quality.complaint.action"].create(
            {
                "eight_d_id": report.id,
                "name": "Mandrel stop for the 15 mm tool",
                "kind": "preventive",
                "user_id": self.officer.id,
                "due_on": "2026-05-01 09:00:00",
            }
        )

    def fill_d0(self, report):
        """Filled in already."""

    fill_d1 = fill_d2 = fill_d0

    def fill_d3(self, report):
        self.contain(report)

    def fill_d4(self, report):
        self.find_causes(report)

    def fill_d5(self, report):
        self.choose_actions(report)

    def fill_d7(self, report):
        result = super().fill_d7(report)
        drawing = report.document_ids.filtered(lambda row: row.kind == "inspection")
        drawing.write(
            {
                "decision": "none",
                "document": False,
                "revision": False,
                "date": False,
                "reason": "Covered by the control plan",
            }
        )
        preventive = report.action_ids.filtered(
            lambda action: action.kind == "preventive"
        )
        preventive.with_user(self.officer).evidence = "Stop fitted, report 81"
        preventive.with_user(self.officer).action_done()
        report.lessons = "A change of a tool needs a new first article"
        return result

    def fill_d8(self, report):
        result = super().fill_d8(report)
        report.closure_criteria = "Three months and 1,000 pipes without recurrence"
        return result

    def photo(self, about, **vals):
        """A photo of that name, or of a record as it is done in the worlds below."""
        return (
            super(EightDWorld, self).photo(about, **vals)
            if isinstance(about, str)
            else super().photo(about)
        )

    def at(self, moment=START):
        """Steps of this world happen in spring 2026."""
        self.patch(self.env.cr, "now", lambda: datetime.fromisoformat(moment))
        return freeze_time(moment)
