from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import ComplaintCase
from .eight_d.builders import EightDWorld

SCRIPTS = Path(__file__).parents[1] / "migrations" / "19.0.1.6.0"


@tagged("post_install", "-at_install")
class TestMigrationOfRecords(EightDWorld, ComplaintCase):
    """What databases of 1.5 hold says the same, or what is true, after the update."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()

    def migrate(self, subject):
        self.env.flush_all()
        spec = spec_from_file_location(
            f"migration_{subject.replace('-', '_')}", SCRIPTS / f"post-{subject}.py"
        )
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, "19.0.1.5.0")
        self.env.invalidate_all()

    def test_points_are_grouped_by_the_severity_of_all_versions(self):
        complaint = self.make_complaint(partner_id=self.customer.id)
        score = self.env["quality.complaint.score"].create(
            {
                "complaint_id": complaint.id,
                "kind": "complaint",
                "date": "2026-03-02",
                "points": -1,
                "proposed_points": -1,
            }
        )
        score.flush_recordset()
        self.env.cr.execute(
            "UPDATE quality_complaint_score SET severity_id = %s WHERE id = %s",
            (complaint.severity_id.id, score.id),
        )
        self.migrate("severity-groups")
        self.assertEqual(score.severity_id, complaint.severity_group_id)

    def test_documents_nobody_filled_in_are_to_decide_and_goods_get_their_customer(
        self,
    ):
        with freeze_time("2026-03-02 08:00:00"):
            lot = self.produce("MIG-1", "2026-02-01 08:00:00", 100)
            self.sell({lot: 30})
            report = self.start(self.make_complaint(lot_ref="MIG-1"))
        updated, dropped, untouched = report.document_ids[:3]
        updated.document = "FMEA 12"
        report.containment_ids = [
            Command.create(
                {
                    "place": "customer",
                    "note": self.customer.name,
                    "suspect_quantity": 30,
                }
            )
        ]
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE quality_8d_document ADD COLUMN applies boolean DEFAULT true"
        )
        self.env.cr.execute(
            "UPDATE quality_8d_document SET applies = false WHERE id = %s",
            (dropped.id,),
        )
        self.migrate("eight-d-rows")
        self.assertEqual(
            [updated.decision, dropped.decision, untouched.decision],
            ["updated", "none", "open"],
        )
        row = report.containment_ids
        self.assertEqual((row.partner_id, row.note), (self.customer, False))

    def test_different_texts_are_no_longer_called_the_same(self):
        first = self.make_complaint(
            partner_id=self.customer.id, description="Deep scratches on the upper side"
        )
        second = self.make_complaint(
            partner_id=self.customer.id, description="Scratched everywhere"
        )
        row = self.env["quality.complaint.repeat"].search(
            [("complaint_id", "=", second.id), ("other_id", "=", first.id)]
        )
        row = row or row.create({"complaint_id": second.id, "other_id": first.id})
        row.write({"text_similarity": 100, "symptoms": False})
        self.migrate("repeats")
        self.assertLess(row.text_similarity, 60)
        self.assertIn("both name “", row.explanation)
