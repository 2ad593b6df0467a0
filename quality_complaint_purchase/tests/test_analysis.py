from odoo.tests import freeze_time, tagged

from .common import SupplierCase


@tagged("post_install", "-at_install")
class TestSupplierFigures(SupplierCase):
    """Suppliers in the analysis of a month, and what was recovered from them."""

    freeze_time = freeze_time("2026-11-25 09:30:00")

    def analysed(self):
        with freeze_time("2026-12-02 09:00:00"):
            return self.env["quality.complaint.analysis"].create(
                {"company_id": self.company.id, "date_from": "2026-11-01"}
            )

    def test_complaints_are_counted_by_the_suppliers_that_were_told(self):
        self.charged("L-1")
        self.charged("L-2")
        self.buy({"L-3": 10}, vendor=self.other_vendor)
        self.charge(self.complained("L-3")).action_mark_sent()
        # a draft was not told to anybody
        self.charged("L-4", send=False)
        rows = self.analysed().line_ids.filtered(
            lambda row: row.dimension == "supplier"
        )
        self.assertEqual(
            [(row.label, row.count, row.share) for row in rows],
            [("Rolling Mill", 2, 66.7), ("Second Mill", 1, 33.3)],
        )

    def test_what_credit_notes_have_brought_of_what_was_charged(self):
        for lot, answer in (("L-1", "accepted"), ("L-2", "refused")):
            chargeback, _order = self.charged(lot)
            chargeback.action_record_answer(answer)
            if answer == "accepted":
                chargeback.action_create_vendor_credit_note()
                note = chargeback.vendor_credit_note_ids
                note.invoice_date = "2026-11-25"
                note.action_post()
        self.charged("L-3")  # not answered yet
        [row] = self.analysed().kpi_line_ids.filtered(
            lambda row: row.code == "supplier_recovery"
        )
        # 4 of 6.00 each, charged twice and credited once
        self.assertEqual((row.numerator, row.denominator), (24.0, 48.0))
        self.assertEqual(row.value_text, "50.0 %")
