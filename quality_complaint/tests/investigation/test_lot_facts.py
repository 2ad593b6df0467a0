from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cases import InvestigationCase


@tagged("post_install", "-at_install")
class TestLotFacts(InvestigationCase):
    """Figures of a lot in the unit of its product, of one company, from what was really
    moved.
    """

    def test_produced_shipped_per_region_returned_and_in_stock(self):
        states = self.env["res.country.state"]
        texas = self.env.ref("base.state_us_44")
        france = self.env.ref("base.fr")
        lot = self.make_lot("F-9")
        supplier = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": self.strip.id,
                "product_uom_qty": 10,
                "product_uom": self.dozen.id,
                "location_id": supplier.id,
                "location_dest_id": self.stock.id,
                "company_id": self.company.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.strip.id,
                            "lot_id": lot.id,
                            "quantity": 10,
                            "product_uom_id": self.dozen.id,
                            "location_id": supplier.id,
                            "location_dest_id": self.stock.id,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        move.picked = True
        move._action_done()
        self.customer.write({"country_id": texas.country_id.id, "state_id": texas.id})
        self.distributor.write(
            {"country_id": france.id, "state_id": states.id, "city": "Lyon"}
        )
        self.sell({lot: 24})
        self.sell({lot: 12}, partner=self.distributor)
        self.sell({lot: 1}, uom=self.dozen, partner=self.distributor)
        complaint = self.make_complaint(
            partner_id=self.customer.id,
            line_ids=[
                Command.create(
                    {"product_id": self.strip.id, "lot_id": lot.id, "quantity": 4}
                )
            ],
        )
        complaint.line_ids._match_documents()
        remedy = self.plan(complaint, "return", 4)
        remedy.action_submit()
        remedy.action_execute()
        self.receive(remedy)
        facts = self.env["quality.complaint.lot.facts"]._collect(lot, self.company)
        self.assertEqual(
            facts,
            [
                {
                    "lot": "F-9",
                    "product": "Copper strip",
                    "unit": "Units",
                    "produced": 120.0,
                    "stock": 76.0,
                    "shipped": 48.0,
                    "returned": 4.0,
                    "regions": [
                        ["France, Lyon", 24.0, 1],
                        ["United States, Texas", 20.0, 1],
                    ],
                    "customers": [
                        [self.distributor.id, "Metal Traders", 24.0, 0.0],
                        [self.customer.id, "Northwind Motors", 24.0, 4.0],
                    ],
                }
            ],
        )
        self.assertEqual(
            self.env["quality.complaint.lot.facts"]._collect(
                lot, self.env["res.company"].create({"name": "Other"})
            )[0]["shipped"],
            0.0,
        )

    def test_finished_investigation_keeps_the_figures_of_its_day(self):
        investigation = self.finish(self.start("production_records"))
        self.assertEqual(investigation.lot_facts[0]["stock"], 90.0)
        self.sell({self.lot: 30})
        with self.assertRaisesRegex(UserError, "belongs to the file"):
            investigation.action_take_lot_facts()
        self.assertEqual(investigation.lot_facts[0]["stock"], 90.0)
        self.assertIn("90", investigation.lot_facts_html)
