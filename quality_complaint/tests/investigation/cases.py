from ..common import ComplaintCase


class InvestigationCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_users()
        cls.lot = cls.make_lot("I-1", quantity=100)
        cls.sell({cls.lot: 10})

    def start(self, method="written", **vals):
        """An investigation by this method on a registered complaint."""
        complaint = self.make_complaint(lot_ref="I-1", user=self.officer, **vals)
        complaint.action_start_investigation()
        complaint.investigation_ids.method = method
        return complaint.investigation_ids

    def finish(self, investigation, **vals):
        investigation.write({"result": "confirmed", "finding": "Worn roller", **vals})
        investigation.action_done()
        return investigation
